/* workloads.h - clusters and meshes on the way of a connection (private to reach/).
 *
 * Network policies stand at the pod itself, outside of every group of the network: a pod that some policy isolates for
 * a direction connects only as some rule of some such policy allows; both ends must allow; answers pass (semantics
 * B.8). Behind them, at a workload with a sidecar, mutual TLS and authorisation are asked, in the order CUSTOM, DENY,
 * ALLOW (B.9). Changed policies meet connections that are open, too: sidecars ask at every request, and what
 * Kubernetes does with open connections depends on the controller. */
#ifndef FAULTLINE_REACH_WORKLOADS_H
#define FAULTLINE_REACH_WORKLOADS_H

#include "reach/walk.h"

/* Does anything of that sort stand in the network? */
static inline bool network_is_meshed(const Reach *reach, uint32_t network) {
    return reach->model->book.meshed != NULL && network != NO_NETWORK && reach->model->book.meshed[network];
}

/* The workload of a party, or NULL. */
const Workload *workload_of(const Walk *walk, const Party *party);

/* kubernetes.c: false: the walk has stopped. `dns`: the other end is the cluster's name service, whatever the packet
 * says. */
bool kubernetes_lets_out(Walk *walk, uint32_t party, bool dns);
bool kubernetes_lets_in(Walk *walk, uint32_t party);

/* mesh.c: false: the walk has stopped. */
bool mesh_lets_in(Walk *walk, uint32_t party);

/* Both, at a host that a request enters to stay; ways are not followed through clusters without asking (bits). */
static inline bool workloads_let_in(Walk *walk, uint32_t party) {
    return !network_is_meshed(walk->reach, walk_party(walk, party)->network) ||
           (kubernetes_lets_in(walk, party) && mesh_lets_in(walk, party));
}

/* workloads.c: a hop of these in words; allocated. */
char *workloads_hop_text(const Reach *reach, const HopRecord *hop);
/* For reach_flip: what would let the query pass where such a verdict stopped it, done in `state`; in words, allocated.
 * NULL: the verdict is another, or nothing can be done in a state. */
char *workloads_open(const Reach *reach, NetState *state, const Query *query, const Verdict *verdict);
/* Takes the rule of a policy away in `state`; false: it is none of theirs, or was taken already. */
bool workloads_close(const Reach *reach, NetState *state, uint32_t element);

#endif
