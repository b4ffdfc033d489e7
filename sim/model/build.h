/* build.h - a model in the making: what the steps of model_read hand to each other (private to model/).
 *
 * Each step reads some keys, complains about what is wrong and goes on, so that one run names several mistakes; the
 * model is sealed only when nobody complained. All memory but Build itself belongs to `tree`. */
#ifndef FAULTLINE_MODEL_BUILD_H
#define FAULTLINE_MODEL_BUILD_H

#include <glib.h>

#include "model/language.h"
#include "model/model.h"

#define NO_INDEX UINT32_MAX

struct ModelInputs {
    GPtrArray *sources, *trees; /* owned */
};

typedef struct {
    const char *region; /* and name of the copy */
    Mark mark;
    const char **zone_names;    /* "us-east-1a", ... */
    const char **zone_suffixes; /* "a", ... */
    uint32_t zone_count;
    PlaceId place, *zones;
    PlaceId *subnets; /* [subnet * zone_count + zone]; the same one in every zone when it is one per region */
    uint32_t network; /* NO_INDEX: none */
} Copy;

typedef struct {
    const char *name;
    Mark mark;
    SubnetKeys keys;
} Subnet;

typedef struct {
    const char *name;
    Mark mark;
    StackKeys keys;
    const char *account, *provider, *account_path;
    Copy *copies; /* sorted by name */
    uint32_t copy_count;
    Subnet *subnets; /* sorted by name */
    uint32_t subnet_count;
} Stack;

typedef struct {
    const char *name;
    Mark mark;
    SiteKeys keys;
    PlaceId place;
    uint32_t network; /* NO_INDEX: none */
} SiteDraft;

/* A connection, once for each copy that it joins; ends are networks or, of the same list, hubs. */
typedef struct {
    const char *name, *label; /* "hub[us-east-1]", "hub" */
    const char *copy;         /* NULL: there is one only */
    const Kind *kind;
    const void *spec;
    const ConnectionKeys *keys;
    const Node *node;
    Mark mark;
    PlaceId place;
    uint32_t a, b;             /* networks; or NO_INDEX */
    const char *hub_a, *hub_b; /* names of other joins; or NULL */
} JoinDraft;

/* Where a name stands: a bare one means the same copy. Both NULL outside stacks. */
typedef struct {
    const char *stack, *copy;
} Scope;

typedef struct {
    Component component;
    const ComponentKeys *keys;
    const Stack *stack; /* NULL outside stacks */
    const Copy *copy;
} ComponentDraft;

typedef struct {
    SecurityGroup group;
    const char *label;
    const Stack *stack;
    const Copy *copy;
    const GroupKeys *keys; /* NULL: not declared, as the provider makes them */
} GroupDraft;

typedef struct Build {
    const ModelRequest *request;
    const Catalogue *catalogue;
    Diagnostics *diagnostics;
    GError *error; /* the machine's failure, if any */
    Model *model;
    Tree *tree;
    AssumedList *assumed;
    GHashTable *said;   /* complaints made, for lookup: copies of a stack must not repeat them */
    GHashTable *seen;   /* maps read, for lookup */
    GHashTable *failed; /* names of what was declared and could not be made, for lookup: not told again */
    bool places_failed; /* some region could not be made */
    GPtrArray *folders; /* of patterns, in order of search */
    GPtrArray *sources, *source_labels;

    Tree *pattern_tree, *scenario_tree; /* the latter NULL when a pattern runs bare */
    PatternKeys pattern;
    ScenarioKeys scenario;
    const Node *places, *network, *prices; /* roots of the defaults files; NULL: not there */
    GPtrArray *provider_names, *provider_roots;

    Stack *stacks;
    uint32_t stack_count;
    SiteDraft *sites; /* sorted by name, as model->sites */
    uint32_t site_count;
    JoinDraft *joins; /* sorted by name, as model->joins */
    uint32_t join_count;
    GArray *places_made;    /* of Place, before they are sorted */
    ComponentDraft *drafts; /* beside model->components */
    GroupDraft *groups;     /* beside model->groups */
    GArray *elements;
} Build;

/* ---- build.c: small tools of all steps ---- */
void complain(Build *build, Mark mark, const char *mend, const char *format, ...) __attribute__((format(printf, 4, 5)));
void warn(Build *build, Mark mark, const char *mend, const char *format, ...) __attribute__((format(printf, 4, 5)));
const char *keep(Build *build, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "waf", "site.web", "stack site", "flow visit", "users": declared, but not made. */
void fail_name(Build *build, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool has_failed(const Build *build, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The elements of an array as an array of the model; the GArray is freed. NULL when empty. */
void *keep_array(Build *build, GArray *array, uint32_t *count);
/* Entries of a map sorted by key; none (and a complaint) when it is no map, none when it is NULL or empty. */
NodeEntry *sorted_entries(Build *build, const Node *map, const char *what, uint32_t *count);
/* A list, or one value as a list of one; for things written `a` or `[a, b]`. NULL: no items. Maps are complained about.
 */
const Node *const *items_of(Build *build, const Node *node, const char *what, uint32_t *count);
/* What must be written as a list; its entries. Something else, but not nothing, is complained about with the mend. */
const Node *const *list_of(Build *build, const Node *node, const char *what, const char *mend, uint32_t *count);
const char *scalar_of(Build *build, const Node *node, const char *what); /* NULL after a complaint */
bool name_is_good(Build *build, const char *name, Mark mark, const char *what);
bool read_keys(Build *build, const Field *fields, const Node *map, const char *owner, void *keys);
/* The same without entering defaults into the list of assumptions. */
bool read_quietly(Build *build, const Field *fields, const Node *map, const char *owner, void *keys);
/* Quietly, and with further keys that are somebody else's. */
bool read_but(Build *build, const Field *fields, const Node *map, const char *const *known, const char *owner,
              void *keys);
uint32_t element_add(Build *build, Mark mark, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* "did you mean 'x'?" or "known: a, b, c"; allocated. */
char *mend_name(const char *word, GPtrArray *names, const char *known);
/* Complain about a name that is none of `names`, which are freed, with such a mend. */
void complain_name(Build *build, Mark mark, const char *word, GPtrArray *names, const char *known, const char *format,
                   ...) __attribute__((format(printf, 6, 7)));
GPtrArray *keys_of(const Node *map);                 /* sorted; g_ptr_array_free */
int compare_ids(gconstpointer a, gconstpointer b);   /* of uint32_t */
int compare_texts(gconstpointer a, gconstpointer b); /* of const char * members that stand first */

/* ---- files.c ---- */
bool read_inputs(Build *build); /* scenario and pattern, as written */
/* A file of that name in the folder of the file in which `mark` stands, for what is not YAML; NULL after a complaint.
 */
const Source *file_beside(Build *build, const char *name, Mark mark);
void read_defaults(Build *build);                              /* places, network, prices */
const Node *provider_root(Build *build, const char *provider); /* patterns/defaults/<provider>.yaml; NULL: none */
const Node *provider_kind(Build *build, const char *provider, const char *kind); /* its defaults for a kind, or NULL */

/* ---- one step a file, in this order ---- */
bool sets_apply(Build *build);       /* sets.c: with, set, --set, but, parameters */
void stacks_read(Build *build);      /* stacks.c */
void sites_read(Build *build);       /* sites.c */
void places_build(Build *build);     /* places.c */
void networks_build(Build *build);   /* networks.c */
void ranges6_build(Build *build);    /* ranges6.c */
void acls_build(Build *build);       /* acls.c */
void components_build(Build *build); /* components.c */
void endpoints_build(Build *build);  /* endpoints.c */
void joins_build(Build *build);      /* joins.c, hubs.c */
void routes_build(Build *build);     /* routes.c */
void sites_build(Build *build);      /* sites.c: borders and tables */
void groups_build(Build *build);     /* controls.c */
void azure_build(Build *build);      /* azure.c: what only some providers have, after all of the above */
void workloads_build(Build *build);  /* workloads.c: clusters and meshes */
void flows_build(Build *build);      /* flows.c, with targets */
void policies_build(Build *build);   /* policies.c: accounts, roles, who may do what */
void allowlists_build(Build *build); /* allowlists.c: what components may connect to by their own rule */
void trust_build(Build *build);      /* trust.c: who stands beside whom, and who certifies whom */
void units_build(Build *build);      /* units.c */
void loads_build(Build *build);      /* loads.c, with sensors and responses */
void timeline_build(Build *build);   /* timeline.c */
void failures_build(Build *build);   /* failures.c */
void expects_build(Build *build);    /* expect.c */
void defaults_build(Build *build);   /* defaults.c: network, prices, run */
void digests_build(Build *build);    /* digest.c */

/* ---- places.c ---- */
const Node *region_node(const Build *build, const char *provider, const char *region); /* in places.yaml, or NULL */
PlaceId place_by_path(const Build *build, const char *path);
/* Places of that level and name (a region in every account); none: a complaint. */
uint32_t places_named(Build *build, PlaceLevel level, const char *name, Mark mark, PlaceId **found);
const char *level_name(PlaceLevel level);

/* ---- joins.c, hubs.c, sites.c ---- */
/* Appends drafts of components: what stands under `connections`, and the attachments of hubs. */
void joins_collect(Build *build, GArray *drafts);
/* Networks meant by "site" (all copies) or "site[us-east-1]", or by the name of a site; 0: none, without a complaint.
 */
uint32_t networks_named(Build *build, const char *text, uint32_t **found);
/* The join with that label of which the network, or one of its attachments, is an end; NO_INDEX: none. */
uint32_t join_at(const Build *build, uint32_t network, const char *label);
void hub_build(Build *build, uint32_t hub);
/* What a line that ends at a hub is told to lie behind it: the table of its attachment. */
void hub_teaches(Build *build, uint32_t hub, uint32_t line, GArray *prefixes);
bool is_declared_connection(const Build *build, const char *label);

/* ---- networks.c ---- */
Prefix range_of(Build *build, const Node *node, const char *what); /* family 0 after a complaint */

/* ---- quotas.c ---- */
int64_t provider_limit(Build *build, const char *provider, const char *name); /* 0: none */
void quotas_check(Build *build);

/* ---- prefix_lists.c ---- */
/* The ranges of a list of the stack, in order; 0: it has no list of that name. Whether the lists are good is checked by
 * prefix_lists_check, once. */
uint32_t prefix_list_find(Build *build, const Stack *stack, const char *name, Prefix **ranges);
void prefix_lists_check(Build *build);

/* ---- routes.c, also for changes ---- */
int compare_table_routes(gconstpointer a, gconstpointer b); /* the order of tables: longest first, address, element */
/* The ranges that `to:` means; 0 after a complaint. */
uint32_t route_ranges(Build *build, const RouteTable *table, const Node *to, Prefix **ranges);
/* A written route {to, via}, appended once for each range; of the table, name and network must stand. */
void route_read_into(Build *build, const RouteTable *table, const Node *node, GArray *routes);
/* Target and via of a route whose `via:` is that word; `node` is the route as written. False after a complaint. */
bool route_via(Build *build, const RouteTable *table, const Node *node, const char *via, Route *route);

/* ---- overlays.c ---- */
/* The region or site of the first node; NO_PLACE after a complaint. */
PlaceId overlay_place(Build *build, const Node *nodes, const char *label, Mark mark);
void overlay_build(Build *build, uint32_t join); /* fills in nodes and members */

/* ---- names.c ---- */
enum { NAME_USERS = 1, NAME_INTERNET = 2 }; /* also allowed: `users` for all populations, `internet` as NO_COMPONENT */
uint32_t names_find(Build *build, Scope scope, const char *text, int also, Mark mark, ComponentId **found);
bool name_split(const char *text, char **stack, char **copy, char **label);
/* Whether "site.app" or "site[us-east-1].app" means what is named "site[us-east-1].app": without a copy it means all.
 */
bool name_means(const char *text, const char *name);
uint32_t groups_find(Build *build, Scope scope, const char *text, Mark mark,
                     uint32_t **found); /* 0 after a complaint */

/* ---- plugins.c ---- */
typedef enum {
    PLUGIN_KIND,
    PLUGIN_LOAD,
    PLUGIN_SENSOR,
    PLUGIN_RESPONSE,
    PLUGIN_FAULT,
    PLUGIN_THREAT,
    PLUGIN_ORDER
} PluginList;
uint32_t plugin_index(const Build *build, PluginList list,
                      const char *name); /* NO_INDEX: none; verbs of faults, threats, orders */
uint32_t plugin_find(Build *build, PluginList list, const char *name, Mark mark); /* the same, with a complaint */
void plugin_names(const Build *build, PluginList list, GPtrArray *names);

/* ---- trust.c, for units.c ---- */
uint32_t trust_units(const Build *build,
                     ComponentId sidecar); /* how many it has: as many as those beside which it is */
bool component_is_certified(const Build *build, ComponentId id); /* has an authority of its own */
void trust_pair(Build *build);                                   /* once there are units: which is beside which */

/* ---- azure.c ---- */
bool has_network_security_groups(Build *build, const Stack *stack); /* and no security groups */
/* A rule of a network security group as written; false after a complaint. */
bool azure_rule_read(Build *build, uint32_t group, const Node *node, bool inbound, NsgRule *rule);
void azure_text(GString *out, const Model *model); /* canonical, for the digest */

/* ---- workloads*.c ---- */
void workloads_text(GString *out, const Model *model); /* canonical, for the digest */
/* A `change:` of a policy or of mutual TLS, whose events are appended; false: it is of something else. */
bool workloads_change_read(Build *build, const Node *node, const ChangeKeys *keys, const EventKeys *when, Mark mark,
                           GArray *events);
void allowlists_text(GString *out, const Model *model); /* likewise */
void trust_text(GString *out, const Model *model);      /* likewise */
/* flow_steps.c: the steps of a flow as written; false after a complaint. */
bool flow_steps_read(Build *build, Flow *flow, const Node *path);

/* ---- controls.c, targets.c, expect.c ---- */
bool ports_of(Build *build, const Node *node, const char *what, PortSet *ports);
/* A rule as written; one for each peer of a list, appended to `rules` (of Rule). `where` says what it is in verdicts.
 * False after a complaint. */
bool rule_read(Build *build, uint32_t group, const Node *node, bool inbound, const char *where, GArray *rules);
/* An entry of an ACL; two where it means ranges of both families. False after a complaint. */
bool acl_rule_read(Build *build, const Acl *acl, const Node *node, bool inbound, const char *where, GArray *rules);
void filters_digest(GString *out, const Model *model); /* filters_text.c */
/* A `change:` of a timeline: its events are appended. change_check: is what event `e` removes there at all? */
void change_read(Build *build, const Node *entry, const EventKeys *keys, GArray *events);
void change_check(Build *build, uint32_t e);
/* misroutes.c: the changes that a wrong route in the stack or site `where` comes to. */
void misroute_read(Build *build, const Node *entry, const Node *where, const EventKeys *keys, const WrongRoute *wrong,
                   GArray *events);
const char *event_text(Build *build, const char *what, const EventKeys *keys);
/* "region R", "site[c].web/3", "link A <-> B", ...; false after a complaint. */
bool target_read(Build *build, const Node *node, Target *target);
/* "zone us-east-1a" for "busiest zone", and so on; text without such words as it is. NULL: this pattern has no such
 * place, which was told. */
const char *target_named(Build *build, const char *text, Mark mark);
/* Every component of that kind. */
bool target_every(Build *build, const char *kind, Mark mark, Target *target);
/* Can the fault bend that; and is nobody's population hit? False after a complaint. */
bool fault_hits(Build *build, const FaultKind *fault, const Target *target, Mark mark);
bool populations_spared(Build *build, const Target *target, Mark mark);
/* Is it the word `none`? */
bool is_none(const Node *node);
/* claims_access.c: what `that` says of policies and compromises. False: it is no such sentence; else *good. */
bool access_claim_read(Build *build, const char *text, Mark mark, Expect *expect, bool *good);
char *node_canonical(const Node *node); /* keys sorted, no positions; allocated */

/* ---- expect.c, claims.c ---- */
const char *comparison_read(const char *text, Comparison *comparison); /* what follows the sign; NULL: there is none */
bool claim_read(Build *build, const char *text, Mark mark, Expect *expect); /* `that:`; false after a complaint */

#endif
