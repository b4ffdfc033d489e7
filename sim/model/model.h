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

#include "base/diag.h"
#include "base/quantity.h"
#include "contract/catalogue.h"
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
} Place;

typedef struct {
    const char *name; /* "site[us-east-1]" */
    PlaceId region;
    Prefix cidr;
    const char *stack, *copy;
    bool internet_gateway;
    Mark mark;
    uint32_t element; /* its internet gateway: decides about public addresses; 0: it has none */
} Network;

/* ---- controls -------------------------------------------------------------------------------------------------------
 */
typedef enum { PEER_CIDR, PEER_GROUP, PEER_INTERNET, PEER_ANY } PeerKind;

typedef struct {
    PeerKind kind;
    Prefix cidr;      /* PEER_CIDR */
    uint32_t *groups; /* PEER_GROUP: security groups named (several when the name means several copies); count below */
    uint32_t group_count;
} Peer;

typedef struct {
    Peer peer;
    PortSet ports;    /* protocol and ports */
    uint32_t element; /* its number in `elements`, for verdicts */
    Mark mark;
} Rule;

typedef struct {
    const char *name; /* "site[us-east-1].web" */
    uint32_t network;
    Rule *inbound, *outbound;
    uint32_t inbound_count, outbound_count;
    uint32_t element; /* the group itself: decides when no rule matches */
    Mark mark;
} SecurityGroup;

typedef enum {
    ROUTE_LOCAL,
    ROUTE_INTERNET_GATEWAY,
    ROUTE_BLACKHOLE,
    ROUTE_NAT_GATEWAY, /* via: index in nat_gateways */
    ROUTE_PEERING      /* via: index in peerings */
} RouteTarget;
typedef struct {
    Prefix to;
    RouteTarget target;
    uint32_t element;
    Mark mark;
    uint32_t via;    /* in the table that target names */
    bool propagated; /* learnt, not written: loses to a written one of the same length, and always to local */
} Route;
typedef struct {
    const char *name;
    uint32_t network;
    Route *routes; /* longest prefix first */
    uint32_t route_count;
    uint32_t element; /* the table itself: decides when no entry matches */
    Mark mark;
} RouteTable;

/* A subnet's list, asked only when traffic enters or leaves the subnet; stateless; the lowest number that matches
 * decides, and when none does the answer is no. */
typedef struct {
    uint32_t number; /* 1..32766 */
    bool allow;
    Prefix cidr;   /* of the other side; family 0: any address */
    PortSet ports; /* of the packet's destination: replies go to the client's port */
    uint32_t element;
    Mark mark;
} AclRule;
typedef struct {
    const char *name;
    uint32_t network;
    AclRule *inbound, *outbound; /* ascending numbers */
    uint32_t inbound_count, outbound_count;
    uint32_t element; /* the list itself (rule "*"): decides when no rule matches */
    Mark mark;
} Acl;

/* Stands in one subnet, so it lives and dies with one zone; has a public address of its own and no security group. */
typedef struct {
    const char *name;
    PlaceId subnet;
    uint32_t element;
    Mark mark;
} NatGateway;

/* Joins two networks with private addresses; not transitive. */
typedef struct {
    const char *name;
    uint32_t a, b; /* networks */
    uint32_t element;
    Mark mark;
} Peering;

/* Everything that can decide a verdict, for printing: "security group site[us-east-1].db inbound rule 1". Element 0 is
 * "nothing". */
typedef struct {
    const char *text;
    Mark mark;
} Element;

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
    uint32_t element;   /* the component itself: decides when it is cut off or listens on nothing; 0: it has none */
    const char *about;  /* or NULL */
    ComponentId *peers; /* the same component in every copy, itself too; sorted; one entry outside stacks */
    uint32_t peer_count;
    PlaceId *zones; /* of its stack's zones those it uses, sorted by name */
    uint32_t zone_count;
} Component;

typedef struct {
    ComponentId component;
    uint32_t ordinal;
    PlaceId subnet, zone, region; /* NO_PLACE where it has none */
} ModelUnit;

/* One step of a flow: the same step in every copy. `by_copy` has one entry per copy of the stack (copies sorted by
 * name), or one entry when the component stands outside stacks. */
typedef struct {
    ComponentId *by_copy;
    uint32_t copies;
    const char *text; /* as written: "site.lb" */
} FlowStep;
typedef struct {
    const char *name;
    FlowStep *steps;
    uint32_t step_count;
    Mark mark;
} Flow;

/* ---- what a scenario adds -------------------------------------------------------------------------------------------
 */
typedef struct {
    ComponentId population;
    uint32_t flow;
    const LoadKind *kind;
    const void *spec;
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
    const char *text;        /* as written */
    PlaceId *to_places;      /* TARGET_LINK: every place meant by `to`; those meant by `from` are in places. The */
    uint32_t to_place_count; /* same region in two accounts is two places. */
} Target;

typedef enum { EVENT_FAULT, EVENT_THREAT, EVENT_CHANGE } EventKind;
typedef struct {
    EventKind kind;
    SimTime at, lasts; /* lasts: SIMTIME_NEVER = to the end */
    bool has_recovery;
    Law recovery; /* per unit, after the end */
    const FaultKind *fault;
    const ThreatKind *threat;
    const void *spec;
    Target target;
    /* EVENT_CHANGE: add or remove one rule of a group */
    uint32_t group;
    bool inbound, removes;
    Rule rule;        /* adds: this one; removes: the one equal to it */
    const char *text; /* the entry as one line, for reports */
    Mark mark;
} TimelineEvent;

typedef enum { COMPARE_LESS, COMPARE_LESS_EQUAL, COMPARE_EQUAL, COMPARE_GREATER_EQUAL, COMPARE_GREATER } Comparison;
typedef enum { STATISTIC_MEAN, STATISTIC_QUANTILE, STATISTIC_MIN, STATISTIC_MAX, STATISTIC_EVERY } Statistic;
typedef enum { EXPECT_MEASURE, EXPECT_REACHABLE } ExpectKind;
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
    PortSet ports; /* empty: the listens port of `to` */
    bool has_at;
    SimTime at;
    const char *text; /* the expectation as written */
    const Node *but;  /* {set: {...}}, or NULL */
    Mark mark;
    Unit bound_unit;            /* the unit in which the bound was written; UNIT_NONE: a plain number in bound */
    const char *bound_text;     /* "<= 3 min" */
    const char *statistic_text; /* "p99" */
    const char *of;             /* the population, fault or component it is about, or NULL: all */
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
    NatGateway *nat_gateways;
    uint32_t nat_gateway_count;
    Peering *peerings;
    uint32_t peering_count;
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

/* What to read and how to bend it before it is sealed. */
typedef struct {
    const char *path;             /* a pattern or scenario file */
    const char *patterns_folder;  /* --patterns, or NULL: the nearest parent's patterns/, then the installed one */
    const char *const *sets;      /* NULL-terminated "name=value" of --set, or NULL */
    const Node *but;              /* the `set:` map of a `but:`, or NULL; belongs to `inputs` or outlives them */
    ModelInputs *inputs;          /* required: who keeps what is read */
    const char *installed_folder; /* patterns that came with the program, or NULL */
    const MetricRow *metrics;     /* what can be measured, or NULL: names of metrics are not checked */
    const char *const
        *events; /* NULL-terminated further timeline entries, "{at: 10 min, fail: zone a, for: 5 min}", or NULL */
} ModelRequest;

/* Read, expand, check and seal. NULL when there is at least one error. GError: a file could not be read. */
Model *model_read(const ModelRequest *request, const Catalogue *catalogue, Diagnostics *diagnostics, GError **error);
void model_free(Model *model);

/* One way between two places (zones, regions, outside places, a provider's edge), healthy and without queueing; see
 * distance.h. */
SimTime model_one_way(const Model *model, PlaceId a, PlaceId b);
/* The same peer and ports; where they were written does not matter. */
bool rule_equal(const Rule *a, const Rule *b);
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
/* "site[eu-west-1].web/3"; allocated. */
char *model_unit_name(const Model *model, UnitId unit);
/* The enclosing place of that level (a place encloses itself), or NO_PLACE. */
PlaceId model_enclosing(const Model *model, PlaceId place, PlaceLevel level);

#endif
