/* model.h - what the user wrote, typed, expanded and checked; then sealed: nothing changes it during a run.
 *
 * Read from a pattern file, or from a scenario file that names a pattern. Ids are indices into the tables below; every
 * table is sorted by canonical name (byte order), so permuting YAML keys changes no id. Strings belong to the model.
 * The reading of each key is documented in docs/language.md. A Model is freed as a whole. */
#ifndef FAULTLINE_MODEL_MODEL_H
#define FAULTLINE_MODEL_MODEL_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/diag.h"
#include "base/quantity.h"
#include "contract/catalogue.h"
#include "model/allowlists.h"
#include "model/azure.h"
#include "model/controls.h"
#include "model/joins.h"
#include "model/policies.h"
#include "model/trust.h"
#include "model/workloads.h"
#include "net/ports.h"
#include "net/prefix.h"
#include "read/fields.h"
#include "read/tree.h"

/* ---- places --------------------------------------------------------------------------------------------------------
 */
typedef enum { PLACE_OUTSIDE, PLACE_PROVIDER, PLACE_ACCOUNT, PLACE_REGION, PLACE_ZONE, PLACE_SUBNET } PlaceLevel;

/* Nested provider > account > region > zone > subnet; networks span the zones of a region and stand in their own table.
 * PLACE_OUTSIDE: where users are (europe) or a site; it has no parent. path is the names from the provider down, joined
 * by '/'. */
typedef struct {
    const char *name, *path;
    PlaceLevel level;
    PlaceId parent;             /* NO_PLACE at the top */
    double latitude, longitude; /* regions and outside places, degrees; from patterns/defaults/places.yaml */
    uint32_t network;           /* PLACE_SUBNET: index in networks */
    uint32_t route_table;       /* PLACE_SUBNET: index in route_tables */
    Prefix cidr;                /* PLACE_SUBNET */
    const char *stack, *copy;   /* PLACE_SUBNET: of which stack's copy; else NULL */
    Mark mark;
    uint32_t acl;     /* PLACE_SUBNET: 1 + index in acls; 0: the default ACL, which lets everything pass */
    uint32_t element; /* the place itself: decides when it is down; 0: it has none */
    Prefix cidr6;     /* PLACE_SUBNET: its IPv6 range; family 0: it has none */
} Place;

typedef struct {
    const char *name; /* "site[us-east-1]" */
    PlaceId region;
    Prefix cidr;
    const char *stack, *copy;
    bool internet_gateway;
    Mark mark;
    uint32_t element;         /* its internet gateway: decides about public addresses; 0: it has none */
    Prefix cidr6;             /* family 0: IPv4 only */
    bool egress_only;         /* has an egress-only gateway: IPv6 out, and answers */
    const char *provider;     /* "aws"; PROVIDER_SITE */
    bool private_gateway;     /* some line ends at it */
    uint32_t private_element; /* its private gateway; a site's: its border */
    uint32_t ingress_table;   /* index in route_tables: what its gateways ask about packets that come in; or NO_TABLE */
    uint32_t site;            /* index in sites; or NO_SITE */
} Network;

/* ---- components
 * ------------------------------------------------------------------------------------------------------ */
typedef struct {
    const char *name;         /* canonical: "users", "site[us-east-1].web" */
    const char *label;        /* last part: "web" */
    const char *stack, *copy; /* NULL outside stacks */
    const Kind *kind;
    const void *spec;
    PlaceId place; /* region; provider for SCOPE edge and name; PLACE_OUTSIDE for populations */
    UnitId first_unit;
    uint32_t unit_count; /* the most there can be */
    uint32_t *groups;    /* security groups of its interfaces */
    uint32_t group_count;
    PortSet listens;      /* empty: nothing listens */
    uint16_t target_port; /* port it connects to on its targets; 0: what they listen on */
    uint32_t *targets;    /* ComponentIds next in any flow or named by `targets:`, sorted */
    uint32_t target_count;
    bool public_address; /* its interfaces have public addresses */
    Mark mark;
    int64_t capacity;   /* requests per 1e9 s that one of its units can take up; 0: as many as come */
    uint32_t enough;    /* units that must work for a newcomer to be served; at least 1 */
    uint32_t element;   /* the component itself: decides when it is cut off or listens on nothing; 0: it has none */
    const char *about;  /* or NULL */
    ComponentId *peers; /* the same component in every copy, itself too; sorted; one entry outside stacks */
    uint32_t peer_count;
    PlaceId *zones; /* of its stack's zones those it uses, sorted by name */
    uint32_t zone_count;
    uint16_t client_first, client_last; /* the ports that it connects from */
    bool agent_late;                    /* the agent on its machines is not in the image with which a run begins */
    bool carries;                       /* a node of an overlay: ways of others depend on whether its units work */
    uint32_t dead_letters;              /* 1 + where its messages go that are given up; 0: nowhere */
} Component;

typedef struct {
    ComponentId component;
    uint32_t ordinal;
    PlaceId subnet, zone, region; /* NO_PLACE where it has none */
} ModelUnit;

/* How a step stands to the one before it. */
typedef enum {
    CONNECTOR_CALLS,    /* a -> b: a calls b, and waits for the answer */
    CONNECTOR_TAKES,    /* q <- w: w comes and takes what was put into q */
    CONNECTOR_TRIGGERS, /* b => f: what is put into b sets f off, which is the provider's doing */
    CONNECTOR_THEN      /* w -> a then b: when a has answered, w calls b */
} Connector;

/* One step of a flow: the same step in every copy. `by_copy` has one entry per copy of the stack (copies sorted by
 * name), or one entry when the component stands outside stacks. */
typedef struct {
    ComponentId *by_copy;
    uint32_t copies;
    const char *text;    /* as written: "site.lb" */
    Connector connector; /* of the first: CONNECTOR_CALLS */
    bool writes;         /* an action was written that puts something in */
    bool removes;        /* or that takes it out for good */
} FlowStep;
/* A flow runs from hand-off to hand-off in legs: in each somebody (its first step) works, and calls what follows. Only
 * flows with <- or => have more than one. */
typedef struct {
    const char *name;
    FlowStep *steps;
    uint32_t step_count;
    Mark mark;
} Flow;
/* Who connects to whom for step `s` >= 1: *from and *to are steps. False: nobody does. Name servers count as steps. */
bool flow_connection(const Flow *flow, uint32_t s, uint32_t *from, uint32_t *to);
/* The first step of the leg that step `s` belongs to, and the one past its end. */
uint32_t flow_leg_begin(const Flow *flow, uint32_t s);
uint32_t flow_leg_end(const Flow *flow, uint32_t s);
static inline bool flow_hands_off(Connector connector) {
    return connector == CONNECTOR_TAKES || connector == CONNECTOR_TRIGGERS;
}
/* "->", "<-", "=>", "then" */
const char *connector_text(Connector connector);

/* ---- what a scenario adds -------------------------------------------------------------------------------------------
 */
typedef struct {
    ComponentId population;
    uint32_t flow;
    const LoadKind *kind;
    const void *spec;
    const Source *file; /* that it was read from, beside the YAML; NULL: none */
    Mark mark;
} LoadSpec;

typedef enum { TARGET_PLACE, TARGET_COMPONENT, TARGET_UNIT, TARGET_LINK, TARGET_CONTROL } TargetKind;
typedef struct {
    TargetKind kind;
    PlaceId *places; /* TARGET_PLACE, TARGET_CONTROL: all places meant (a region in every account) */
    uint32_t place_count;
    ComponentId *components; /* TARGET_COMPONENT */
    uint32_t component_count;
    UnitId unit;      /* TARGET_UNIT */
    PlaceId from, to; /* TARGET_LINK */
    bool both_ways;
    const char *text;           /* as written */
    PlaceId *to_places;         /* TARGET_LINK: every place meant by `to`; those meant by `from` are in places. The */
    uint32_t to_place_count;    /* same region in two accounts is two places. */
    ComponentId *to_components; /* of an order about two */
    uint32_t to_component_count;
} Target;

typedef enum { EVENT_FAULT, EVENT_THREAT, EVENT_CHANGE, EVENT_ORDER } EventKind;
typedef enum { CHANGE_GROUP, CHANGE_ACL, CHANGE_ROUTE, CHANGE_NSG, CHANGE_WORKLOADS } ChangeKind;
typedef struct {
    EventKind kind;
    SimTime at, lasts; /* lasts: SIMTIME_NEVER = to the end */
    bool has_recovery;
    Law recovery; /* per unit, after the end */
    const FaultKind *fault;
    const ThreatKind *threat;
    const OrderKind *order; /* EVENT_ORDER; of a pair the second stands in target.to_components */
    const void *spec;
    Target target;
    ComponentId forged;   /* EVENT_FAULT: where forged answers to the name lead, or NO_COMPONENT */
    ComponentId *sources; /* of a flood: who sends it; none: the internet at large */
    uint32_t source_count;
    /* EVENT_CHANGE: add or remove one rule of a group, one entry of an ACL, or one route of a table */
    ChangeKind change;
    uint32_t group; /* or the index of the ACL or route table */
    bool inbound, removes;
    Rule rule;        /* adds: this one; removes: the one equal to it */
    AclRule acl_rule; /* likewise */
    Route route;      /* likewise */
    NsgRule nsg_rule; /* likewise, by its priority */
    WorkloadsChange workloads;
    const char *text; /* the entry as one line, for reports */
    Mark mark;
} TimelineEvent;

/* One thing that fails by itself: a place, a unit, a link or a control plane. */
typedef struct {
    Target target;
    const char *name; /* "us-east-1a", "site[us-east-1].web/3", "link a <-> b"; names its luck */
    uint32_t group;   /* parts of a law with the same number may fall together */
} FailurePart;

/* How each of the parts fails and comes back, again and again, all by itself: works for `every`, is down for `lasts`.
 * Beta-factor model (Fleming 1975; IEC 61508-6): of a part's failures the share common_cause is its group's, whose
 * parts then fail and come back as one. Coverage (Bouricius, Carter, Schneider 1969): the failure of one part takes its
 * group along, for as long as that part is down, with chance 1 - coverage. */
typedef struct {
    const char *name; /* as written: "zone", "site.web" */
    Law every, lasts;
    int64_t common_cause, coverage; /* ppb */
    uint32_t crews;                 /* repairs at a time; 0: as many as there are parts */
    const FaultKind *fault;
    const void *spec;
    FailurePart *parts; /* sorted by name */
    uint32_t part_count;
    const char **groups; /* their names */
    uint32_t group_count;
    Mark mark;
} FailureLaw;

typedef enum { COMPARE_LESS, COMPARE_LESS_EQUAL, COMPARE_EQUAL, COMPARE_GREATER_EQUAL, COMPARE_GREATER } Comparison;
typedef enum { STATISTIC_MEAN, STATISTIC_QUANTILE, STATISTIC_MIN, STATISTIC_MAX, STATISTIC_EVERY } Statistic;
/* What a review of the network stops at: reach/ finds them, expectations count them. */
typedef enum {
    AUDIT_EXCESS,     /* reachable, and no flow means it; what all the internet reaches is said once, of the internet */
    AUDIT_BROKEN,     /* some flow means it, and it is not reachable */
    AUDIT_PUBLIC,     /* open to the internet, meant or not */
    AUDIT_HOST,       /* of those: one that the customer runs, not the provider */
    AUDIT_MANAGEMENT, /* tcp 22, 3389, 5985 or 5986 gets through to such a host, whether or not something listens */
    AUDIT_KINDS
} AuditKind;
const char *audit_name(AuditKind kind);  /* "excess", "broken", "public", "host", "management" */
const char *audit_about(AuditKind kind); /* in a sentence */

typedef enum {
    EXPECT_MEASURE,
    EXPECT_REACHABLE,
    EXPECT_RECORDED,
    EXPECT_EVERY_PATH,
    EXPECT_AUDIT,
    EXPECT_ALLOWED,
    EXPECT_BLAST_RADIUS,
    EXPECT_EXPOSED
} ExpectKind;
typedef enum { EXPECT_ERROR, EXPECT_WARNING, EXPECT_NOTE } ExpectSeverity; /* what a miss is */

/* A miss that is put up with up to and including a day. */
typedef struct {
    bool exists;
    Date until;
    const char *until_text, *owner, *because;
    Mark mark;
} Waiver;

typedef struct {
    const char *id, *because;
    ExpectKind kind;
    /* EXPECT_MEASURE: `metric` (maybe "a / b"), statistic, bound. */
    const char *metric, *denominator;
    Statistic statistic;
    int64_t quantile; /* ppb */
    Comparison comparison;
    int64_t bound; /* in the metric's own base unit */
    /* EXPECT_REACHABLE */
    bool negated, some;
    ComponentId *from, *to; /* component lists; NO_COMPONENT = internet */
    uint32_t from_count, to_count;
    PortSet ports;                     /* empty: the listens port of `to` */
    const char *method, *request_path; /* in a mesh: of the request; NULL: of any */
    ComponentId *via;                  /* EXPECT_EVERY_PATH: what every way from `from` to `to` must pass, one of these;
                                        * EXPECT_REACHABLE: what connects for `from`, one of these; none: itself
                                        * EXPECT_RECORDED: what keeps the record, one of these */
    uint32_t via_count;
    uint32_t sensor;    /* EXPECT_RECORDED: 1 + the one that keeps the record; 0, and no via: any */
    const char *action; /* EXPECT_ALLOWED. Of the two below it `from` is owned, and no more than `to` may follow */
    AuditKind audit;    /* EXPECT_AUDIT: how many there may be, by `comparison` and `bound` */
    bool has_at;
    SimTime at;
    const char *text; /* the expectation as written */
    const Node *but;  /* {set: {...}}, or NULL */
    Mark mark;
    Unit bound_unit;            /* the unit in which the bound was written; UNIT_NONE: a plain number in bound */
    const char *bound_text;     /* "<= 3 min" */
    const char *statistic_text; /* "p99" */
    const char *of;             /* the population, fault or component it is about, or NULL: all */
    ExpectSeverity severity;
    Waiver waiver;
} Expect;

typedef struct {
    const SensorKind *kind;
    const char *name;
    const void *spec;
    ComponentId *watches;
    uint32_t watch_count;
    Mark mark;
} SensorSpec;
typedef struct {
    const ResponseKind *kind;
    const char *name;
    const void *spec;
    uint32_t sensor; /* index in sensors */
    Mark mark;
} ResponseSpec;

/* A round trip that is known and not computed from coordinates (C.10); between two regions, either way round. */
typedef struct {
    const char *from, *to; /* names of regions */
    SimTime round_trip;
} KnownTrip;

/* A defaults row that the world needs and no kind owns: link latency and capacity by scope (C.10). */
typedef struct {
    SimTime same_zone, zone_to_zone, last_mile;    /* round trips */
    int64_t fibre_speed_share, route_factor;       /* ppb of c; ppb */
    SimTime fixed;                                 /* added to each long round trip */
    int64_t zone_link, region_link, internet_link; /* bit/s */
    SimTime connect_timeout;                       /* of servers towards silent peers */
    int64_t request_bytes, answer_bytes;
    int64_t absorber_threshold, absorber_share; /* of floods from outside: per 1e9 s; ppb */
    SimTime absorber_delay;
    KnownTrip *trips; /* sorted by from, then to */
    uint32_t trip_count;
} NetworkDefaults;

typedef struct {
    SimTime until, warm_up; /* warm_up is zero when nobody wrote one: see has_warm_up */
    uint64_t seed;
    uint32_t replications;
    bool has_warm_up; /* false: the default, five mean sessions, is the caller's to work out */
} RunSpec;

typedef struct {
    const char *name; /* "nat_gateway_hour" */
    int64_t price;    /* micro-dollars per its unit */
    const char *unit, *source;
} Price;

/* How the files were bent on the command line: "set" "dns_ttl=60 s", "event" "{at: 10 min, ...}". */
typedef struct {
    const char *option, *text;
} ModelChange;

typedef struct Model {
    const char *pattern, *scenario; /* names; scenario NULL when a pattern runs bare */
    const char *about, *claim;
    const char *provider;
    Place *places;
    uint32_t place_count;
    Network *networks;
    uint32_t network_count;
    SecurityGroup *groups;
    uint32_t group_count;
    RouteTable *route_tables;
    uint32_t route_table_count;
    Element *elements;
    uint32_t element_count;
    Component *components;
    uint32_t component_count;
    ModelUnit *units;
    uint32_t unit_count;
    Flow *flows;
    uint32_t flow_count;
    LoadSpec *loads;
    uint32_t load_count;
    SensorSpec *sensors;
    uint32_t sensor_count;
    ResponseSpec *responses;
    uint32_t response_count;
    TimelineEvent *timeline;
    uint32_t event_count; /* by time, then as written */
    Expect *expects;
    uint32_t expect_count;
    Price *prices;
    uint32_t price_count;
    NetworkDefaults network;
    RunSpec run;
    AssumedList *assumed;
    const Catalogue *catalogue;
    char *byte_digest;  /* SHA-256 of the input files' bytes */
    char *model_digest; /* SHA-256 of the canonical model (no positions, order-free) */
    const Source **sources;
    uint32_t source_count;      /* every file read, for the record */
    void *memory;               /* everything above */
    const char **source_labels; /* beside sources, free of folders: "patterns/multi-region-web.yaml" */
    Acl *acls;
    uint32_t acl_count;
    AzureControls azure;
    Join *joins;
    uint32_t join_count;
    Endpoint *endpoints;
    uint32_t endpoint_count;
    Site *sites;
    uint32_t site_count;
    PolicyBook policies;
    WorkloadBook book; /* clusters and meshes */
    AllowBook allow;
    bool forgeries; /* some entry of the timeline forges a name */
    TrustBook trust;
    FailureLaw *failures;
    uint32_t failure_count; /* by name */
    ModelChange *changes;   /* sets, then events, as they were given */
    uint32_t change_count;
} Model;

/* The texts and trees that were read. Marks point into them, so they must outlive both the diagnostics and every model
 * that was read with them, failed readings too. */
typedef struct ModelInputs ModelInputs;
ModelInputs *model_inputs_new(void);
void model_inputs_free(ModelInputs *inputs);

/* A name that an expectation may measure. */
typedef struct {
    const char *name; /* NULL ends the list */
    Unit unit;
} MetricRow;

/* A file's text, under the label that Model.source_labels has for it. */
typedef struct {
    const char *label, *text;
} ModelText;

/* What to read and how to bend it before it is sealed. */
typedef struct {
    const char *path;    /* a pattern or scenario file */
    const char *pattern; /* the file of the pattern that a scenario is about, instead of the one it names; or NULL */
    const char *patterns_folder;  /* --patterns, or NULL: the nearest parent's patterns/, then the installed one */
    const char *const *sets;      /* NULL-terminated "name=value" of --set, or NULL */
    const Node *but;              /* the `set:` map of a `but:`, or NULL; belongs to `inputs` or outlives them */
    ModelInputs *inputs;          /* required: who keeps what is read */
    const char *installed_folder; /* patterns that came with the program, or NULL */
    const MetricRow *metrics;     /* what can be measured, or NULL: names of metrics are not checked */
    const char *const
        *events; /* NULL-terminated further timeline entries, "{at: 10 min, fail: zone a, for: 5 min}", or NULL */
    const ModelText *texts; /* read these and no file: the sources of another model, in their order; or NULL */
    uint32_t text_count;
    char **inapplicable; /* NULL, or set (g_free) to why the pattern has not what a target means by a rule */
} ModelRequest;

/* Read, expand, check and seal. NULL when there is at least one error. GError: a file could not be read. */
Model *model_read(const ModelRequest *request, const Catalogue *catalogue, Diagnostics *diagnostics, GError **error);
void model_free(Model *model);

/* One way between two places (zones, regions, outside places, a provider's edge), healthy and without queueing; see
 * distance.h. */
SimTime model_one_way(const Model *model, PlaceId a, PlaceId b);
/* The same peer and ports; where they were written does not matter. */
bool rule_equal(const Rule *a, const Rule *b);
bool acl_rule_equal(const AclRule *a, const AclRule *b);
bool route_equal(const Route *a, const Route *b);
/* "100 deny tcp/80 from 10.0.0.0/8": an entry of an ACL; allocated. */
char *acl_rule_text(const AclRule *rule, bool inbound);
/* "tcp/443 from internet": a rule without its place in a list; allocated. */
char *rule_text(const Model *model, const Rule *rule, bool inbound);

/* A spec's values as text, nested rows with dots, in the order of the rows; absent texts and nodes are left out. `name`
 * and `value` hold only during the call. */
typedef void (*SpecVisit)(const char *name, const char *value, void *user);
void spec_each(const Field *fields, const void *spec, SpecVisit visit, void *user);

/* The maps of the language and the keys each may hold: one table for reading, the JSON Schema and the reference. */
typedef struct {
    const char *name, *about; /* NULL name ends the list */
    const Field *fields;
} LanguageMap;
extern const LanguageMap language_maps[];
/* The rows of a map of the language followed by a plug-in's own (NULL: none), as one table for a schema; offsets mean
 * nothing. g_free; the texts are static. NULL: there is no such map. */
Field *language_rows(const char *map, const Field *own);

/* Components meant by a name as users write it ("site.web": all copies; "site[eu-west-1].web": one; "users"). Returns
 * the count; *found is allocated (g_free), sorted. 0: unknown. */
uint32_t model_find(const Model *model, const char *name, ComponentId **found);
/* What a clock of the law is about: a part, or past those a group. */
const char *failure_name(const FailureLaw *law, uint32_t clock);
/* "site[eu-west-1].web/3"; allocated. */
/* Run by the provider: by its kind, or because it stands in no subnet of the user's. */
static inline bool component_is_managed(const Component *component) {
    return component->kind->managed || (component->kind->passage.subnet_optional && component->zone_count == 0);
}
char *model_unit_name(const Model *model, UnitId unit);
/* The enclosing place of that level (a place encloses itself), or NO_PLACE. */
PlaceId model_enclosing(const Model *model, PlaceId place, PlaceLevel level);

#endif
