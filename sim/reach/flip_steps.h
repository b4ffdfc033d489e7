/* flip_steps.h - what may let a packet past what stopped it: tried out, or only said (private to reach/). */
#ifndef FAULTLINE_REACH_FLIP_STEPS_H
#define FAULTLINE_REACH_FLIP_STEPS_H

#include "reach/reach_private.h"

/* One more entry, for exactly the packet that was stopped. */
typedef struct {
    bool routed;    /* a route, otherwise an entry of a network ACL */
    uint32_t table; /* index in route_tables, acls */
    bool inbound;   /* of the ACL */
    Route route;
    AclRule entry;
    uint32_t element; /* the table */
    char *text; /* as the user would write it: "add to route table site[us-east-1].app: {to: 10.1.0.0/20, via: pcx}" */
} FlipAddition;

void flip_add(NetState *state, const FlipAddition *addition);
void flip_remove(NetState *state, const FlipAddition *addition);
/* For the network ACL, right before what refuses the packet. False: all numbers before that are taken. */
bool flip_entry(const Reach *reach, const NetState *state, const Query *query, FlipAddition *addition);
/* Routes by which it would get farther than the subnet whose table knows none: by gateways of its network and by what
 * joins it to others. Each text, and then the array: g_free. The state is as it was. */
FlipAddition *flip_routes(const Reach *reach, NetState *state, const Query *query, uint32_t *count);
/* flip_advice.c: what would help against a reason that nothing on a state can undo; NULL: an unknown one. */
const char *flip_advice(const char *code);
/* What would help where no route does. */
const char *flip_route_advice(const Reach *reach, const NetState *state, const Query *query);
/* How far it gets: hops; UINT32_MAX: there and back. */
uint32_t flip_progress(const Reach *reach, const NetState *state, const Query *query);

#endif
