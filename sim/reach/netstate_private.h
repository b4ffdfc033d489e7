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

struct NetState {
    const Model *model;
    uint64_t epoch;
    bool *down;      /* by place: as told */
    PlaceId *dark;   /* by place: the outermost place that is down and encloses it, or NO_PLACE */
    GArray *cuts;    /* of Cut, each once */
    bool *isolated;  /* by component */
    RuleList *lists; /* 2 a group: outbound, inbound */
};

static inline const RuleList *netstate_rules(const NetState *state, uint32_t group, bool inbound) {
    return &state->lists[2 * group + inbound];
}

static inline PlaceId netstate_dark(const NetState *state, PlaceId place) {
    return place == NO_PLACE ? NO_PLACE : state->dark[place];
}

/* Whether nothing passes from the one place to the other: some place around `from` is cut off from one around `to`. */
bool netstate_severed(const NetState *state, PlaceId from, PlaceId to);

#endif
