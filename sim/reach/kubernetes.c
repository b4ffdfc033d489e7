/* kubernetes.c - network policies of pods: who is isolated, and what is let through all the same. */
#include "reach/workloads.h"

enum { OUT, IN };

const Workload *workload_of(const Walk *walk, const Party *party) {
    const WorkloadBook *book = &walk->reach->model->book;
    return book->workloads != NULL && party->id != NO_COMPONENT ? &book->workloads[party->id] : NULL;
}

/* ---- one rule ------------------------------------------------------------------------------------------------------
 */
typedef struct {
    const Walk *walk;
    const Party *pod, *other;
    const Prefix *address; /* of the other side, as the pod sees it */
    bool inside;           /* the other side is seen by its own address, so that it is known which pod it is */
    bool dns;
} Side;

static bool in_block(const PolicyPeer *peer, const Prefix *address) {
    if (!prefix_contains(&peer->range, address))
        return false;
    for (uint32_t i = 0; i < peer->except_count; i++)
        if (prefix_contains(&peer->except[i], address))
            return false;
    return true;
}

/* Members are pods of the same cluster. */
static bool peer_is(const Side *side, const PolicyPeer *peer) {
    if (!peer->pods)
        return in_block(peer, side->address);
    if (side->dns)
        return peer->cluster_dns;
    return side->inside && members_have(&peer->members, side->other->id);
}

static bool rule_allows(const Side *side, const PolicyRule *rule, uint8_t protocol, uint16_t port) {
    if (!ports_contain(&rule->ports, (Protocol)protocol, port))
        return false;
    if (rule->anyone)
        return true;
    for (uint32_t i = 0; i < rule->peer_count; i++)
        if (peer_is(side, &rule->peers[i]))
            return true;
    return false;
}

/* ---- all policies of a pod -----------------------------------------------------------------------------------------
 */
/* The rule that allows; else the first policy that isolates, with *denied; 0: none does. */
static uint32_t policies_decide(const Side *side, int way, uint8_t protocol, uint16_t port, bool *denied) {
    const WorkloadBook *book = &side->walk->reach->model->book;
    const Workload *workload = workload_of(side->walk, side->pod);
    uint32_t isolates = 0;
    *denied = false;
    for (uint32_t i = 0; i < workload->policy_count; i++) {
        const NetworkPolicy *policy = &book->policies[workload->policies[i]];
        if (!policy->isolates[way] || !side->walk->state->workloads.applied[workload->policies[i]])
            continue;
        for (uint32_t r = 0; r < policy->rule_count[way]; r++)
            if (rule_allows(side, &policy->rules[way][r], protocol, port) &&
                !netstate_workloads_taken(side->walk->state, policy->rules[way][r].element))
                return policy->rules[way][r].element;
        isolates = isolates != 0 ? isolates : policy->element;
    }
    *denied = isolates != 0;
    return isolates;
}

/* Between a pod and the node that it is on nothing is denied; any node of its zone's subnet may be the one. */
static bool is_own_node(const Side *side) {
    const Workload *workload = workload_of(side->walk, side->pod);
    const Model *model = side->walk->reach->model;
    return side->inside && members_have(&workload->nodes, side->other->id) &&
           model_enclosing(model, side->other->place, PLACE_ZONE) ==
               model_enclosing(model, side->pod->place, PLACE_ZONE);
}

static bool is_granted(const Side *side, int way, uint8_t protocol, uint16_t port) {
    WorkloadsGrant grant = {.kind = way == OUT ? GRANT_OUT : GRANT_IN,
                            .from = way == OUT ? side->pod->id : side->other->id,
                            .to = way == OUT ? side->other->id : side->pod->id,
                            .protocol = protocol,
                            .port = port};
    return netstate_workloads_granted(side->walk->state, &grant);
}

static bool lets(Walk *walk, const Side *side, int way, uint8_t protocol, uint16_t port) {
    bool denied;
    uint32_t element = policies_decide(side, way, protocol, port, &denied);
    if (denied && (is_own_node(side) || is_granted(side, way, protocol, port))) {
        denied = false;
        element = 0;
    }
    if (denied) {
        walk_stop(walk, VERDICT_DENY, way == OUT ? "NETWORK_POLICY_EGRESS" : "NETWORK_POLICY_INGRESS", element,
                  side->pod->place);
        return false;
    }
    walk->allowed_by = way == IN && element != 0 ? element : walk->allowed_by;
    walk_hop(walk, way == OUT ? HOP_POLICY_OUT : HOP_POLICY_IN, element, (uint32_t)(side->pod - walk->reach->parties));
    return true;
}

/* ---- both ends -----------------------------------------------------------------------------------------------------
 */
static bool is_pod(const Walk *walk, const Party *party) {
    return workload_of(walk, party)->pod; /* asked in clusters only */
}

/* The address of a name service is some address of the cluster, which only a block of all addresses is sure to hold. */
bool kubernetes_lets_out(Walk *walk, uint32_t party, bool dns) {
    static const Prefix somewhere = {.family = 4}, somewhere6 = {.family = 6};
    const Party *pod = walk_party(walk, party);
    if (walk->unfiltered || !network_is_meshed(walk->reach, pod->network) || !is_pod(walk, pod))
        return true;
    Host to = walk->packet.to;
    Side side = {.walk = walk,
                 .pod = pod,
                 .other = walk_party(walk, to.party),
                 .address = !dns                       ? walk_address(walk, to)
                            : walk->packet.family == 6 ? &somewhere6
                                                       : &somewhere,
                 .inside = !to.public_side,
                 .dns = dns};
    return lets(walk, &side, OUT, walk->packet.protocol, walk->port);
}

bool kubernetes_lets_in(Walk *walk, uint32_t party) {
    const Party *pod = walk_party(walk, party);
    if (!is_pod(walk, pod))
        return true;
    Host from = walk->packet.from;
    Side side = {.walk = walk,
                 .pod = pod,
                 .other = walk_party(walk, from.party),
                 .address = walk_address(walk, from),
                 .inside = !from.public_side};
    return lets(walk, &side, IN, walk->packet.protocol, walk->port);
}
