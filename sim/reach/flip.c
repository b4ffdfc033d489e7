/* flip.c - the smallest change that would turn a verdict round, found by trying it.
 *
 * A closed way is opened step by step: whoever decides is given what it lacks, and the question is asked again, so each
 * change on the list is needed. An open way is closed by the one rule that lets it in, or, when several would, by all
 * of them. */
#include <string.h>

#include "reach/azure_flip.h"
#include "reach/workloads.h"

enum { CHANGES_MOST = 8 }; /* a way that needs more is no small change */

typedef struct {
    const Reach *reach;
    NetState *state; /* a copy, in which the changes hold */
    Query query;
    GPtrArray *changes;
    GArray *elements;
} Flipper;

static Verdict ask(const Flipper *flipper) { return reach_verdict(flipper->reach, flipper->state, flipper->query); }

static void note(Flipper *flipper, uint32_t element, char *text) {
    g_ptr_array_add(flipper->changes, text);
    g_array_append_val(flipper->elements, element);
}

static const char *element_text(const Flipper *flipper, uint32_t element) {
    return flipper->reach->model->elements[element].text;
}

/* ---- closing -------------------------------------------------------------------------------------------------------
 */
/* Every rule of that element, in whichever group: all peers of one line of the user's. */
static bool rules_remove(Flipper *flipper, uint32_t element) {
    bool any = false;
    for (uint32_t group = 0; group < flipper->reach->model->group_count; group++) {
        for (int inbound = 0; inbound < 2; inbound++) {
            const RuleList *list = netstate_rules(flipper->state, group, inbound);
            for (uint32_t i = 0; i < list->count;) {
                Rule rule = list->rules[i];
                bool gone = rule.element == element && netstate_rule_remove(flipper->state, group, inbound, &rule);
                any = any || gone;
                list = netstate_rules(flipper->state, group, inbound);
                i += gone ? 0 : 1;
            }
        }
    }
    return any;
}

/* The rules that let the packet out of its host or into the other, the latter last. */
static GArray *deciders(const Flipper *flipper) {
    GArray *hops = g_array_new(FALSE, FALSE, sizeof(HopRecord)), *found = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    walk_query(flipper->reach, flipper->state, &flipper->query, hops, NULL);
    for (guint i = 0; i < hops->len; i++) {
        const HopRecord *hop = &g_array_index(hops, HopRecord, i);
        bool filters = hop->kind == HOP_RULE_OUT || hop->kind == HOP_RULE_IN || hop->kind == HOP_POLICY_OUT ||
                       hop->kind == HOP_POLICY_IN || hop->kind == HOP_AUTHORIZED;
        if (filters && hop->element != 0)
            g_array_append_val(found, hop->element);
    }
    g_array_free(hops, TRUE);
    return found;
}

/* A group of numbered rules: one more, right before the one that decides. */
static bool nsg_turn(Flipper *flipper, uint32_t element, bool allow) {
    char *text = azure_flip(flipper->reach, flipper->state, &flipper->query, &element, allow);
    if (text != NULL)
        note(flipper, element, text);
    return text != NULL;
}

/* Rules in the way of one another: the one at the server goes first; where it is one of several, the next. */
static void close_way(Flipper *flipper) {
    while (flipper->changes->len < CHANGES_MOST && ask(flipper).kind == VERDICT_REACH) {
        GArray *rules = deciders(flipper);
        uint32_t last = rules->len > 0 ? g_array_index(rules, uint32_t, rules->len - 1) : 0;
        g_array_free(rules, TRUE);
        if (last != 0 && nsg_turn(flipper, last, false))
            continue;
        if (last == 0 || (!rules_remove(flipper, last) && !workloads_close(flipper->reach, flipper->state, last)))
            return;
        note(flipper, last, g_strdup_printf("remove %s", element_text(flipper, last)));
    }
}

/* ---- opening -------------------------------------------------------------------------------------------------------
 */
static const Party *party_at(const Flipper *flipper, bool server) {
    return &flipper->reach->parties[party_of_class(flipper->reach, server ? flipper->query.to : flipper->query.from)];
}

/* The other side as a rule would name it: its group where groups match, its range otherwise. */
static Peer peer_of(Flipper *flipper, const Party *own, const Party *other, uint32_t *group, char **text) {
    const Network *networks = flipper->reach->model->networks;
    bool inside = other->network != NO_NETWORK && !flipper->query.by_public_address;
    bool near = inside &&
                (other->network == own->network || (networks[other->network].region == networks[own->network].region &&
                                                    networks_joined(flipper->reach, own->network, other->network)));
    if (near && other->component != NULL && other->component->group_count > 0) {
        *group = other->component->groups[0];
        *text = g_strdup(flipper->reach->model->groups[*group].name);
        return (Peer){.kind = PEER_GROUP, .groups = group, .group_count = 1};
    }
    if (other->network == NO_NETWORK) {
        *text = g_strdup("internet");
        return (Peer){.kind = PEER_INTERNET};
    }
    *text = prefix_text(&other->address);
    return (Peer){.kind = PEER_CIDR, .cidr = other->address};
}

/* A rule for exactly this question, in the first group of that side. */
static bool rule_give(Flipper *flipper, bool inbound) {
    const Party *own = party_at(flipper, inbound), *other = party_at(flipper, !inbound);
    if (own->component == NULL || own->component->group_count == 0)
        return false;
    uint32_t peer_group, group = own->component->groups[0];
    char *peer = NULL;
    const SecurityGroup *to = &flipper->reach->model->groups[group];
    Rule rule = {.peer = peer_of(flipper, own, other, &peer_group, &peer), .element = to->element};
    ports_add(&rule.ports, (PortRange){(uint8_t)flipper->query.protocol, flipper->query.port, flipper->query.port});
    Verdict before = ask(flipper);
    netstate_rule_add(flipper->state, group, inbound, &rule);
    Verdict after = ask(flipper);
    bool helps = after.kind == VERDICT_REACH || after.at != before.at || after.element != before.element;
    char *ports = ports_text(&rule.ports);
    if (helps)
        note(flipper, to->element,
             g_strdup_printf("add to security group %s, %s: {%s: %s, port: %s}", to->name,
                             inbound ? "inbound" : "outbound", inbound ? "from" : "to", peer, ports));
    else
        netstate_rule_remove(flipper->state, group, inbound, &rule);
    g_free(ports);
    g_free(peer);
    return helps;
}

static bool groups_give(Flipper *flipper) { return rule_give(flipper, false) || rule_give(flipper, true); }

static bool isolation_lift(Flipper *flipper) {
    for (int server = 0; server < 2; server++) {
        const Party *party = party_at(flipper, server);
        if (party->component == NULL || !flipper->state->isolated[party->id])
            continue;
        netstate_isolate(flipper->state, party->id, false);
        note(flipper, party->element, g_strdup_printf("end the isolation of %s", party->name));
        return true;
    }
    return false;
}

static bool place_mend(Flipper *flipper, PlaceId place) {
    if (place == NO_PLACE)
        return false;
    const Place *where = &flipper->reach->model->places[place];
    netstate_place_down(flipper->state, place, false);
    note(flipper, where->element, g_strdup_printf("bring %s back", where->name));
    return true;
}

/* What cannot be tried on a state is only said. */
static const char *advice_for(const char *code) {
    static const struct {
        const char *code, *advice;
    } known[] = {
        {"LISTENER_MISSING", "let it listen there: listens:"},
        {"NO_ROUTE_TO_DESTINATION", "add a route to the other side"},
        {"BAD_STATE_ROUTE", "lead the route to something that works"},
        {"UNASSOCIATED_COMPONENT", "put it into a subnet"},
        {"IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", "give the client a public address, or a route via a NAT gateway"},
        {"IGW_PUBLIC_IP_ASSOCIATION_FOR_INGRESS", "give the server a public address"},
        {"SUBNET_ACL_RESTRICTION", "allow it in that network ACL, replies to the client's ports included"},
        {"ADMIN_RULE", "change that rule of the network manager: groups have no say before it"},
        {"STANDARD_IP_CLOSED", "write a network security group that allows it, at the component or its subnet"},
        {"HOST_FIREWALL", "let the client in at the host_firewall of the server"},
        {"NO_INPUT_ENDPOINT", "add an input endpoint for that port"},
        {"INPUT_ENDPOINT_ACL", "permit the client in the list of that endpoint"},
        {"SERVICE_FIREWALL", "name the client's subnet (with a service endpoint) or public range in that firewall"},
        {"NO_OUTBOUND_ACCESS", "give the client a public address, or its subnet a route via a NAT gateway"},
        {"MTLS_REQUIRED", "give the caller a sidecar: sidecar: yes"},
        {"AUTHORIZATION_POLICY_DENY", "change that rule: nothing overrides a denial"},
        {"AUTHORIZATION_POLICY_CUSTOM", "change what is asked or refused there: nothing overrides it"},
        {"NAT_NO_SESSION", "give the server a public address, or a balancer in front"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (strcmp(known[i].code, code) == 0)
            return known[i].advice;
    return NULL;
}

static bool step_open(Flipper *flipper, const Verdict *verdict) {
    if (strcmp(verdict->code, "ENI_SG_RULES_MISMATCH") == 0)
        return groups_give(flipper);
    if (strcmp(verdict->code, "NIC_NSG_RULE") == 0 || strcmp(verdict->code, "SUBNET_NSG_RULE") == 0)
        return nsg_turn(flipper, verdict->element, true);
    if (strcmp(verdict->code, "ISOLATED") == 0)
        return isolation_lift(flipper);
    if (strcmp(verdict->code, "BAD_STATE") == 0)
        return place_mend(flipper, verdict->at);
    char *opened = workloads_open(flipper->reach, flipper->state, &flipper->query, verdict);
    if (opened != NULL) {
        note(flipper, verdict->element, opened);
        return true;
    }
    const char *advice = advice_for(verdict->code);
    if (advice != NULL)
        note(flipper, verdict->element, g_strdup(advice));
    return false;
}

static void open_way(Flipper *flipper) {
    for (Verdict verdict = ask(flipper); verdict.kind != VERDICT_REACH; verdict = ask(flipper))
        if (flipper->changes->len == CHANGES_MOST || !step_open(flipper, &verdict))
            return;
}

/* ---- the door ------------------------------------------------------------------------------------------------------
 */
Flip *reach_flip(const Reach *reach, const NetState *state, Query query) {
    Flipper flipper = {reach, netstate_copy(state), query, g_ptr_array_new(),
                       g_array_new(FALSE, FALSE, sizeof(uint32_t))};
    bool open = ask(&flipper).kind == VERDICT_REACH;
    if (open)
        close_way(&flipper);
    else
        open_way(&flipper);
    Flip *flip = g_new0(Flip, 1);
    flip->seen = flipper.changes->len > 0 && (ask(&flipper).kind == VERDICT_REACH) != open;
    flip->count = flipper.changes->len;
    g_ptr_array_add(flipper.changes, NULL);
    flip->changes = (char **)g_ptr_array_free(flipper.changes, FALSE);
    flip->elements = (uint32_t *)(void *)g_array_free(flipper.elements, FALSE);
    azure_flip_release(flipper.state);
    netstate_free(flipper.state);
    return flip;
}

void flip_free(Flip *flip) {
    if (flip == NULL)
        return;
    for (uint32_t i = 0; i < flip->count; i++)
        g_free(flip->changes[i]);
    g_free(flip->changes);
    g_free(flip->elements);
    g_free(flip);
}
