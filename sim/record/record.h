/* record.h - what a run leaves behind: the document that pictures, pages and other programs read (faultline-record/1).
 *
 * A Record is a set of plain tables. Ids are row numbers: the first row added to a table is 0. A table that belongs to
 * another one ("facts of components") names its owner by id, and its rows are added in the order of their owners: all
 * facts of component 0, then those of component 1. Whoever fills a Record adds rows in canonical order (by name, by
 * time), because the order of rows is the order in the document.
 *
 * record_add_* copy the row and every text in it, so a caller may free or reuse its own at once. Texts are UTF-8 and
 * raw: each reader escapes for its own output. NULL texts, RECORD_NONE ids, RECORD_NEVER times and negative shares and
 * rates are written as null. Everything is plain data: two equal Records give the same bytes.
 *
 * In the document, times are whole nanoseconds under keys that end in `_ns`, money is whole micro-dollars under
 * keys that end in `_microdollars`, shares are 0 to 1, rates are per second. docs/schema/record.schema.json is the
 * same format for machines. Readers ignore keys that they do not know; the number in `format` changes when a key
 * changes its meaning or goes. */
#ifndef FAULTLINE_RECORD_RECORD_H
#define FAULTLINE_RECORD_RECORD_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"

#define RECORD_FORMAT "faultline-record/1"

#define RECORD_NONE UINT32_MAX /* no such id */
#define RECORD_NEVER INT64_MAX /* no such time */

/* ---- What was run ---------------------------------------------------------------------------- */

/* Equal manifests promise equal bytes. Digests are lower-case hexadecimal. */
typedef struct {
    const char *version;
    int64_t seed, replications;
    const char *inputs_sha256; /* over names and texts of `inputs` */
    const char *model_sha256;  /* over what they mean: blind to key order and comments */
    const char *event_digest;  /* over the order of events of all replications */
} RecordManifest;

/* The texts that were read, so that the record alone can be run again. */
typedef struct {
    const char *name, *text;
} RecordInput;

/* How the command line bent them: "set" "dns_ttl=60 s", "event" "{at: 10 min, fail: zone a}"; in the order given. */
typedef struct {
    const char *option, *text;
} RecordChange;

typedef struct {
    const char *pattern;
    const char *scenario; /* NULL: the pattern was run bare */
    const char *about;    /* of the pattern */
    const char *claim;    /* of the scenario; may be NULL */
    const char *provider; /* "aws" */
} RecordTitle;

/* Moments, timeline and series show one replication, measures and ledger all of them. */
typedef struct {
    int64_t until_ns, warm_up_ns;
    int64_t shown_replication;
} RecordRun;

/* ---- What was modelled ----------------------------------------------------------------------- */

typedef enum { RECORD_OUTSIDE, RECORD_PROVIDER, RECORD_ACCOUNT, RECORD_REGION, RECORD_ZONE, RECORD_SUBNET } RecordLevel;

/* A place always comes after its parent. RECORD_OUTSIDE (a continent, an office) has none. */
typedef struct {
    const char *name; /* as written: "us-east-1a", not a path */
    RecordLevel level;
    uint32_t parent;
    const char *network;  /* name of the network of a subnet or a site; else NULL */
    const char *cidr;     /* of a subnet or a site; else NULL */
    const char *internet; /* where its route to the internet leads: "internet gateway", "nat"; NULL: it has none */
} RecordPlace;

typedef enum {
    RECORD_POPULATION, /* where sessions come from */
    RECORD_NAME,       /* answers names; no request passes through it */
    RECORD_EDGE,       /* in front of a provider's regions */
    RECORD_BALANCER,
    RECORD_COMPUTE,
    RECORD_STORE,
    RECORD_GATEWAY, /* carries packets between others; no request stops there */
    RECORD_SERVICE  /* of the provider, behind an API: a bucket, a queue */
} RecordRole;

typedef struct {
    const char *name;  /* canonical and unique: "site[us-east-1].web" */
    const char *label; /* what people call it: "web" */
    const char *kind;  /* as in YAML: "load_balancer" */
    RecordRole role;
    const char *summary;      /* one line: what this kind does */
    const char *stack, *copy; /* "site", "us-east-1"; NULL outside a stack */
    uint32_t place;           /* the smallest place that holds all of it */
    const char *listens;      /* "tcp/443"; NULL when nothing connects to it */
    bool managed;             /* run by the provider: cannot be logged in to */
    bool single_point;        /* every path of some population leads through it */
    const char *symbol;       /* what stands for it in a picture: "queue"; NULL: that of its role */
} RecordComponent;

/* At most four a component: what an architect would pencil beside it, as ("ttl", "60 s"). */
typedef struct {
    uint32_t component;
    const char *label, *value;
} RecordFact;

/* One instance, node or replica; zone and subnet are places. Components without zones may have one unit with neither.
 */
typedef struct {
    uint32_t component, ordinal, subnet, zone;
} RecordUnit;

typedef struct {
    const char *name;
} RecordFlow;

/* Component `component` is met at step `step` (from 0, ascending) of a flow; copies share a step. */
typedef struct {
    uint32_t flow, step, component;
} RecordStep;

typedef enum {
    RECORD_REQUEST, /* requests travel along it */
    RECORD_LOOKUP,  /* `from` asks `to` for a name */
    RECORD_REPLICA, /* `from` copies data to `to`; from == to: between its own zones */
    RECORD_IMAGE,   /* the machines of `to` are made from what lies in `from` */
    RECORD_TRIGGER  /* what is put into `from` sets `to` off */
} RecordLinkKind;

/* A connection between neighbours; unique in (from, to, ports). */
typedef struct {
    uint32_t from, to; /* components */
    uint32_t flow;     /* the first that uses it; RECORD_NONE for lookups and replicas of no flow */
    RecordLinkKind kind;
    const char *ports;  /* "tcp/8080"; may be NULL */
    bool intended;      /* false: possible though no flow asks for it */
    int64_t latency_ns; /* one way without queueing; RECORD_NEVER when it varies or nobody asked */
} RecordLink;

/* What carries a link while nothing is wrong, in the order from its first end to its second: gateways, connections,
 * appliances. */
typedef struct {
    uint32_t link, component;
} RecordLinkVia;

typedef struct {
    const char *text; /* "region us-east-1: outage" */
    int64_t from_ns, to_ns;
} RecordFault;

/* What a fault hits: one of place and component, the other is RECORD_NONE. */
typedef struct {
    uint32_t fault, place, component;
} RecordFaultTarget;

/* A default that was used, and where it comes from. */
typedef struct {
    const char *owner, *key, *value, *source;
} RecordAssumed;

/* ---- Moments: the same picture at several instants ------------------------------------------------------------------
 */

typedef struct {
    const char *name; /* "before", "during", "after" */
    int64_t at_ns;
    int64_t from_ns, to_ns; /* rates and shares of this moment are means over [from, to) */
    const char *caption;
} RecordMoment;

typedef enum { RECORD_PLACE_DOWN, RECORD_PLACE_SLOW, RECORD_PLACE_CUT, RECORD_PLACE_NO_CONTROL } RecordPlaceTrouble;

/* Only places in trouble have a row: down; slow; cut off from others; its control plane is down. */
typedef struct {
    uint32_t moment, place;
    RecordPlaceTrouble trouble;
} RecordPlaceState;

typedef enum {
    RECORD_HEALTHY,
    RECORD_DEGRADED,   /* some units down, booting or slow */
    RECORD_FAILED,     /* none serves */
    RECORD_OVERLOADED, /* all it has is busy and it turns work away or lets it wait */
    RECORD_IDLE,       /* able to serve, but nothing arrives */
    RECORD_OWNED,      /* in an attacker's hands */
    RECORD_EXPOSED,    /* an attacker can reach it from what he owns */
    RECORD_AT_RISK     /* he could, if what is exposed fell to him */
} RecordState;

/* One row for every component in every moment. Counts are units; absent = allowed by the pattern but not launched. */
typedef struct {
    uint32_t moment, component;
    uint32_t serving, booting, down, absent;
    RecordState state;
    const char *note; /* "queue full", "promoting"; may be NULL */
} RecordComponentState;

/* The same counts by zone and subnet, for components that have units there. */
typedef struct {
    uint32_t moment, component, zone, subnet;
    uint32_t serving, booting, down;
} RecordZoneState;

/* One row for every link in every moment. */
typedef struct {
    uint32_t moment, link;
    const char *verdict; /* REACH, DENY, NO-ROUTE, BLACKHOLE or NO-PATH, of the worst pair of units that exist */
    const char *rule;    /* the deciding element; may be NULL with REACH */
    double requests_per_s, good_share;
} RecordLinkState;

/* How a link's requests divide over pairs of zones; optional, all pairs of a link or none. */
typedef struct {
    uint32_t moment, link, from_zone, to_zone; /* RECORD_NONE: the end has no zones */
    double requests_per_s, good_share;
} RecordLinkPart;

/* ---- What was found -------------------------------------------------------------------------------------------------
 */

/* One question "may `from` connect to `to` on `port`". Verdicts as in RecordLinkState. */
typedef struct {
    const char *from, *to, *port;
    bool intended;
    bool excess; /* reachable at some moment, though nobody meant it */
    bool broken; /* meant, and not reachable at some moment */
    const char *before, *during, *after;
    const char *rule; /* the deciding element of the first verdict that is not as meant; else of `before` */
} RecordReach;

/* What a compromise meant for a component at a moment: a row for each component that could be attacked, in moments in
 * which something was compromised. */
typedef struct {
    uint32_t moment, component;
    const char *hold; /* "compromised", "exposed", "at risk", "safe"; see reach/closure.h */
    bool crown_jewel;
    const char *actions; /* what can be done with a service: "send, list"; NULL: it is none, or nothing */
    const char *closes;  /* the single control without which it would be better off; NULL: there is none */
    const char *opens;   /* of a crown jewel that is safe: the single change that would expose it; NULL: none does */
} RecordHold;

/* How it came to that, first step first; none when it is safe. */
typedef struct {
    uint32_t hold;
    const char *text;
} RecordHoldStep;

/* Kinds in use: fault, mend, notice, decide, publish, refresh, promote, launch, serve, data, owned, alert, respond,
 * rule, exposed. */
typedef struct {
    int64_t at_ns;
    const char *kind, *what; /* one short line */
    uint32_t component;      /* whom it is about; or RECORD_NONE */
} RecordEvent;

/* Value number i covers [i * bucket_ns, (i + 1) * bucket_ns). Names in use: arrived, good, broken (sessions begun in
 * the bucket, and how they ended); serving, capacity, busy (of a component's units, mean rounded). */
typedef struct {
    const char *name;
    const char *of; /* a population or a component; NULL: all populations together */
    const char *unit;
    int64_t bucket_ns;
    const int64_t *values;
    uint32_t count;
} RecordSeries;

/* A number about all replications. Values are in `unit`: "ns", "1" (a share or ratio), "sessions", "requests",
 * "bytes", "microdollars". NaN is written as null and means that there is no such value; times that never end are
 * counted in `never` and left out of mean and low..high, the two-sided 95 % interval of the mean. Quantiles are upper
 * edges of buckets 2^-10 wide, RECORD_NEVER as a double is null. */
typedef struct {
    const char *name;
    const char *of; /* a population, a component or a fault's text; may be NULL */
    const char *unit, *denominator, *window;
    int64_t count, never;
    double mean, low, high, min, p50, p90, p99, max;
} RecordMeasure;

/* One stretch of a failover's critical path, in the order in which they follow each other. */
typedef struct {
    uint32_t fault;
    const char
        *phase; /* "detect", "decide", "publish", "client cache", "promote data", "provision", "warm up", "rebalance" */
    int64_t mean_ns;
    bool binds; /* the longest: the one to work on */
} RecordPhase;

/* arrived = completed + active + the broken ones; checked by record_to_json. */
typedef struct {
    const char *population;
    int64_t arrived, completed, active, reestablished;
} RecordLedger;

typedef struct {
    uint32_t ledger;
    const char *cause; /* "in flight in a dead zone", "denied by site[us-east-1].web inbound" */
    int64_t sessions;
} RecordBroken;

typedef struct {
    const char *item, *unit, *source;
    double amount; /* in `unit` an hour */
    int64_t price_microdollars, per_h_microdollars;
} RecordCost;

typedef struct {
    const char *id, *text, *because;
    const char *verdict;          /* "holds", "missed", "undecided" */
    const char *measured, *bound; /* "2.35 min (2.31 to 2.40)", "<= 3 min" */
    const char *counterexample;   /* may be NULL */
    const char *but_text;         /* the smallest change under which it should fail; NULL: none stated */
    const char *but_verdict;      /* "fails as it should", "still holds", "undecided" */
    const char *excused; /* why a miss would not make the whole fail: "a warning", "waived until ..."; NULL: it would */
} RecordExpectation;

/* ---- The whole ------------------------------------------------------------------------------------------------------
 */

/* Read the tables freely; add rows only by the functions below. Each GArray holds the type named beside it. */
typedef struct {
    RecordManifest manifest;
    RecordTitle title;
    RecordRun run;
    GArray *inputs;           /* RecordInput */
    GArray *changes;          /* RecordChange */
    GArray *places;           /* RecordPlace */
    GArray *components;       /* RecordComponent */
    GArray *facts;            /* RecordFact, by component */
    GArray *units;            /* RecordUnit, by component */
    GArray *flows;            /* RecordFlow */
    GArray *steps;            /* RecordStep, by flow, then step */
    GArray *links;            /* RecordLink */
    GArray *link_vias;        /* RecordLinkVia, by link */
    GArray *faults;           /* RecordFault */
    GArray *fault_targets;    /* RecordFaultTarget, by fault */
    GArray *assumed;          /* RecordAssumed */
    GArray *moments;          /* RecordMoment */
    GArray *place_states;     /* RecordPlaceState, by moment */
    GArray *component_states; /* RecordComponentState, by moment, then component */
    GArray *zone_states;      /* RecordZoneState, by moment, then component */
    GArray *link_states;      /* RecordLinkState, by moment, then link */
    GArray *link_parts;       /* RecordLinkPart, by moment, then link */
    GArray *reach;            /* RecordReach */
    GArray *holds;            /* RecordHold, by moment, then component */
    GArray *hold_steps;       /* RecordHoldStep, by hold */
    GArray *timeline;         /* RecordEvent, by time */
    GArray *series;           /* RecordSeries */
    GArray *measures;         /* RecordMeasure */
    GArray *phases;           /* RecordPhase, by fault */
    GArray *ledger;           /* RecordLedger */
    GArray *broken;           /* RecordBroken, by ledger row */
    GArray *cost;             /* RecordCost */
    GArray *expectations;     /* RecordExpectation */
    GStringChunk *texts;      /* private: copies of all texts, equal ones once */
} Record;

Record *record_new(void);
void record_free(Record *record);

void record_set_manifest(Record *record, RecordManifest manifest);
void record_set_title(Record *record, RecordTitle title);
void record_set_run(Record *record, RecordRun run);

/* Each adds one row and returns its id. O(length of the texts). */
uint32_t record_add_input(Record *record, RecordInput row);
uint32_t record_add_change(Record *record, RecordChange row);
uint32_t record_add_place(Record *record, RecordPlace row);
uint32_t record_add_component(Record *record, RecordComponent row);
uint32_t record_add_fact(Record *record, RecordFact row);
uint32_t record_add_unit(Record *record, RecordUnit row);
uint32_t record_add_flow(Record *record, RecordFlow row);
uint32_t record_add_step(Record *record, RecordStep row);
uint32_t record_add_link(Record *record, RecordLink row);
uint32_t record_add_link_via(Record *record, RecordLinkVia row);
uint32_t record_add_fault(Record *record, RecordFault row);
uint32_t record_add_fault_target(Record *record, RecordFaultTarget row);
uint32_t record_add_assumed(Record *record, RecordAssumed row);
uint32_t record_add_moment(Record *record, RecordMoment row);
uint32_t record_add_place_state(Record *record, RecordPlaceState row);
uint32_t record_add_component_state(Record *record, RecordComponentState row);
uint32_t record_add_zone_state(Record *record, RecordZoneState row);
uint32_t record_add_link_state(Record *record, RecordLinkState row);
uint32_t record_add_link_part(Record *record, RecordLinkPart row);
uint32_t record_add_reach(Record *record, RecordReach row);
uint32_t record_add_hold(Record *record, RecordHold row);
uint32_t record_add_hold_step(Record *record, RecordHoldStep row);
uint32_t record_add_event(Record *record, RecordEvent row);
uint32_t record_add_series(Record *record, RecordSeries row); /* values are copied, too */
uint32_t record_add_measure(Record *record, RecordMeasure row);
uint32_t record_add_phase(Record *record, RecordPhase row);
uint32_t record_add_ledger(Record *record, RecordLedger row);
uint32_t record_add_broken(Record *record, RecordBroken row);
uint32_t record_add_cost(Record *record, RecordCost row);
uint32_t record_add_expectation(Record *record, RecordExpectation row);

/* The words of the document for the closed lists above. */
const char *record_level_name(RecordLevel level);
const char *record_role_name(RecordRole role);
const char *record_link_kind_name(RecordLinkKind kind);
const char *record_trouble_name(RecordPlaceTrouble trouble);
const char *record_state_name(RecordState state);

/* The document: canonical JSON, allocated (g_free). Rows out of order, ids beyond their table, a ledger that does not
 * balance and a moment without a row for each component and link are bugs of whoever filled it. O(size). */
char *record_to_json(const Record *record, size_t *length);

/* Parts of that document that a report writes alike; each adds its members, named as here, to the open object. */
void record_put_manifest(JsonWriter *json, const Record *record);
void record_put_measures(JsonWriter *json, const Record *record);
void record_put_phases(JsonWriter *json, const Record *record);
void record_put_ledger(JsonWriter *json, const Record *record);
void record_put_reach(JsonWriter *json, const Record *record);  /* reachability */
void record_put_inputs(JsonWriter *json, const Record *record); /* changes, inputs */

#endif
