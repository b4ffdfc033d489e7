/* document.h - the part of a record (faultline-record/1) that pictures are made of, typed and checked.
 *
 * The format itself is documented in docs/schema/record.schema.json. Every id in a Document is in range, so whoever
 * uses one need not check again. Texts are raw: only svg.c and page_text.c write them out, escaped. */
#ifndef FAULTLINE_RENDER_DOCUMENT_H
#define FAULTLINE_RENDER_DOCUMENT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "read/json_in.h"

#define NO_ID (-1)
#define NO_TIME INT64_MAX

#define DOCUMENT_ERROR (document_error_quark())
GQuark document_error_quark(void);

/* In the order of the words in document.c. LEVEL_NETWORK is of frames only: a network spans places. */
typedef enum {
    LEVEL_OUTSIDE,
    LEVEL_PROVIDER,
    LEVEL_ACCOUNT,
    LEVEL_REGION,
    LEVEL_ZONE,
    LEVEL_SUBNET,
    LEVEL_NETWORK
} Level;
typedef enum {
    ROLE_POPULATION,
    ROLE_NAME,
    ROLE_EDGE,
    ROLE_BALANCER,
    ROLE_COMPUTE,
    ROLE_STORE,
    ROLE_GATEWAY,
    ROLE_SERVICE,
    ROLE_COUNT
} Role;
typedef enum { LINK_REQUEST, LINK_LOOKUP, LINK_REPLICA, LINK_IMAGE, LINK_TRIGGER } LinkKind;
typedef enum { TROUBLE_DOWN, TROUBLE_SLOW, TROUBLE_CUT, TROUBLE_NO_CONTROL, TROUBLE_NONE } Trouble;
typedef enum {
    STATE_HEALTHY,
    STATE_DEGRADED,
    STATE_FAILED,
    STATE_OVERLOADED,
    STATE_IDLE,
    STATE_OWNED,
    STATE_EXPOSED,
    STATE_AT_RISK,
    STATE_COUNT
} State;

typedef struct {
    const char *name, *network, *cidr, *internet; /* all but the name: NULL when there is none */
    Level level;
    int parent; /* always smaller than the place's own id, or NO_ID */
} Place;

typedef struct {
    const char *label, *value;
} Fact;

typedef struct {
    int subnet, zone; /* places, or NO_ID */
} UnitPlace;

typedef struct {
    const char *name, *label, *kind, *summary, *stack, *copy, *listens, *symbol; /* the last four may be NULL */
    Role role;
    int place;
    bool managed, single_point;
    Fact facts[4];
    int fact_count;
    UnitPlace *units;
    int unit_count;
} Component;

typedef struct {
    int from, to;
    LinkKind kind;
    const char *ports; /* may be NULL */
    bool intended;
    int64_t latency_ns; /* or NO_TIME */
    const char *flow;   /* the name of the first flow that uses it; may be NULL */
    int *via;           /* components that carry it, in order */
    int via_count;
} Link;

typedef struct {
    int zone, subnet;
    int64_t serving, booting, down;
} ZoneState;

typedef struct {
    int64_t serving, booting, down, absent;
    State state;
    const char *note; /* may be NULL */
    ZoneState *zones;
    int zone_count;
} ComponentState;

typedef struct {
    int from_zone, to_zone;
    double requests_per_s, good_share; /* negative: unknown */
} LinkPart;

typedef struct {
    const char *verdict, *rule; /* rule may be NULL */
    bool reaches;
    double requests_per_s, good_share; /* negative: unknown */
    LinkPart *parts;
    int part_count;
} LinkState;

typedef struct {
    const char *name, *caption;
    int64_t at_ns, from_ns, to_ns;
    Trouble *places;            /* one a place */
    ComponentState *components; /* one a component */
    LinkState *links;           /* one a link */
} Moment;

typedef struct {
    const char *text;
    int64_t from_ns, to_ns; /* to: or NO_TIME */
} FaultSpan;

typedef struct {
    const char *pattern, *scenario, *about, *claim, *provider; /* scenario and claim may be NULL */
    const char *version;
    int64_t seed, replications, shown_replication;
    int64_t until_ns, warm_up_ns;
    Place *places;
    Component *components;
    Link *links;
    FaultSpan *faults;
    Moment *moments;
    int place_count, component_count, link_count, fault_count, moment_count;
    const JsonIn *root; /* the rest, for the page */
    GPtrArray *blocks;  /* private: all arrays */
} Document;

/* Check and convert a parsed record. The Document borrows texts from `json`, which must outlive it. NULL and an error
 * that names the path of the first member that is missing, of a wrong type or out of range. O(size). */
Document *document_new(const JsonDoc *json, GError **error);
void document_free(Document *document);

/* The nearest place at `level` that is or holds `place`; NO_ID when there is none. O(depth). */
int document_place_at(const Document *document, int place, Level level);

const char *state_word(State state);
const char *role_word(Role role);
const char *level_word(Level level);
const char *trouble_word(Trouble trouble);

#endif
