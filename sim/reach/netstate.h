/* netstate.h - what differs from the Model now: the only thing about a run that reachability depends on.
 *
 * reach/ is pure in (Model, NetState, Query). The world owns a NetState, changes it through these calls and folds
 * faults into it; each change moves the epoch on, so that a cached verdict is valid while its epoch is. Telling it what
 * already holds is no change. A change costs O(places) at most; the Model must outlive the NetState. */
#ifndef FAULTLINE_REACH_NETSTATE_H
#define FAULTLINE_REACH_NETSTATE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"

typedef struct NetState NetState;

NetState *netstate_new(const Model *model); /* as the model declares it; epoch 1 */
NetState *netstate_copy(const NetState *state);
void netstate_reset(NetState *state); /* back to the model, epoch 1: whoever caches by epoch forgets everything */
void netstate_free(NetState *state);
uint64_t netstate_epoch(const NetState *state);

/* Elements on the path that are down: a whole place (its gateways, balancer nodes) or one way between two places. */
void netstate_place_down(NetState *state, PlaceId place, bool down);
void netstate_link_cut(NetState *state, PlaceId from, PlaceId to, bool cut); /* one way */
/* Rules. Adding an equal rule twice needs removing it twice. The rule is copied (its texts and marks are the model's).
 */
void netstate_rule_add(NetState *state, uint32_t group, bool inbound, const Rule *rule);
bool netstate_rule_remove(NetState *state, uint32_t group, bool inbound, const Rule *rule); /* false: there is none */
/* Entries of network ACLs; they keep their order. */
void netstate_acl_add(NetState *state, uint32_t acl, bool inbound, const AclRule *rule);
bool netstate_acl_remove(NetState *state, uint32_t acl, bool inbound, const AclRule *rule); /* false: there is none */
void netstate_route_add(NetState *state, uint32_t table, const Route *route);
bool netstate_route_remove(NetState *state, uint32_t table, const Route *route); /* false: there is none */
/* What an EVENT_CHANGE of the timeline does; `undo`: the opposite. */
void netstate_change(NetState *state, const TimelineEvent *event, bool undo);
/* Network security groups have each priority once a direction. The rule's tables are the model's. */
void netstate_nsg_add(NetState *state, uint32_t group, bool inbound, const NsgRule *rule);
void netstate_nsg_remove(NetState *state, uint32_t group, bool inbound, uint32_t priority); /* if there is one */
/* A component whose interfaces take and send nothing (cut by a response). */
void netstate_isolate(NetState *state, ComponentId component, bool isolated);
/* A unit of a gateway or of a connection (a tunnel) that is down. Whoever uses a line knows it, and goes another way if
 * there is one; in a run that takes a while, during which the unit is `unnoticed` and packets are still sent into it.
 * Units of other components need no word here: reachability ends at their interface. */
void netstate_unit_down(NetState *state, UnitId unit, bool down);
void netstate_unit_unnoticed(NetState *state, UnitId unit, bool unnoticed);

#endif
