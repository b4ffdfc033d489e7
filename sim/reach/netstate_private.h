/* netstate_private.h - a NetState as reach/ sees it (private to reach/). */
#ifndef FAULTLINE_REACH_NETSTATE_PRIVATE_H
#define FAULTLINE_REACH_NETSTATE_PRIVATE_H

#include <glib.h>

#include "contract/request.h"
#include "reach/netstate.h"

typedef struct {
    PlaceId from, to;
} Cut;

/* The rules of one direction of a group: the model's own until the first change, then a copy in `own`. */
typedef struct {
    const Rule *rules;
    uint32_t count;
    GArray *own; /* of Rule, or NULL */
} RuleList;

/* The entries of one direction of an ACL, likewise. */
typedef struct {
    const AclRule *rules;
    uint32_t count;
    GArray *own; /* of AclRule, or NULL */
} AclRules;

/* The rules of one direction of a network security group, likewise. */
typedef struct {
    NsgRules now;
    GArray *own; /* of NsgRule, or NULL */
} NsgList;

/* What differs in clusters and meshes. A change holds from when it came; of several of one thing the last. */
typedef struct {
    GArray *changes;  /* of WorkloadsChange, as they came */
    GArray *grants;   /* of WorkloadsGrant */
    GArray *without;  /* of uint32_t: elements of rules that are taken away, tried out likewise */
    bool *applied;    /* by network policy */
    bool *authorizes; /* by authorisation policy */
    uint8_t *meshes;  /* MtlsMode by mesh, namespace, component */
    uint8_t *namespaces, *workloads;
} WorkloadsNow;

/* Something that is allowed beside all policies: what a change would give, tried out. */
typedef struct {
    enum { GRANT_OUT, GRANT_IN, GRANT_CALL } kind; /* past network policies of the one end, or authorisation */
    ComponentId from, to;                          /* NO_COMPONENT: the internet */
    uint8_t protocol;
    uint16_t port;
} WorkloadsGrant;

struct NetState {
    WorkloadsNow workloads;
    const Model *model;
    NsgList *nsgs; /* 2 a group: outbound, inbound */
    uint64_t epoch;
    bool *down;         /* by place: as told */
    PlaceId *dark;      /* by place: the outermost place that is down and encloses it, or NO_PLACE */
    GArray *cuts;       /* of Cut, each once */
    bool *isolated;     /* by component */
    RuleList *lists;    /* 2 a group: outbound, inbound */
    AclRules *acls;     /* 2 an ACL, likewise */
    RouteTable *tables; /* as in the model, but with the routes of now */
    GArray **routes;    /* by table: its routes when they are not the model's, or NULL */
    uint8_t *units;     /* by unit: UNIT_IS_DOWN, UNIT_IS_UNNOTICED */
};

static inline const RuleList *netstate_rules(const NetState *state, uint32_t group, bool inbound) {
    return &state->lists[2 * group + inbound];
}

enum { UNIT_IS_DOWN = 1, UNIT_IS_UNNOTICED = 2 };
static inline bool netstate_unit_is_down(const NetState *state, UnitId unit) {
    return state->units[unit] & UNIT_IS_DOWN;
}
/* Down, and everybody knows. */
static inline bool netstate_unit_is_given_up(const NetState *state, UnitId unit) {
    return state->units[unit] == UNIT_IS_DOWN;
}

static inline const AclRules *netstate_acl(const NetState *state, const Acl *acl, bool inbound) {
    return &state->acls[2 * (acl - state->model->acls) + inbound];
}

static inline const NsgRules *netstate_nsg(const NetState *state, uint32_t group, bool inbound) {
    return &state->nsgs[2 * group + inbound].now;
}
/* netstate_workloads.c */
void netstate_workloads_init(NetState *state);
void netstate_workloads_reset(NetState *state);
void netstate_workloads_copy(NetState *copy, const NetState *state);
void netstate_workloads_clear(NetState *state);
void netstate_workloads_change(NetState *state, const WorkloadsChange *change, bool undo);
void netstate_workloads_grant(NetState *state, const WorkloadsGrant *grant);
bool netstate_workloads_granted(const NetState *state, const WorkloadsGrant *grant);
void netstate_workloads_take(NetState *state, uint32_t element);
bool netstate_workloads_taken(const NetState *state, uint32_t element);
/* netstate_nsg.c */
void netstate_nsgs_reset(NetState *state);
void netstate_nsgs_copy(NetState *copy, const NetState *state);

/* The model's table as it is now. */
static inline const RouteTable *netstate_table(const NetState *state, const RouteTable *table) {
    return &state->tables[table - state->model->route_tables];
}

static inline PlaceId netstate_dark(const NetState *state, PlaceId place) {
    return place == NO_PLACE ? NO_PLACE : state->dark[place];
}

/* Whether nothing passes from the one place to the other: some place around `from` is cut off from one around `to`. */
bool netstate_severed(const NetState *state, PlaceId from, PlaceId to);

#endif
