/* explain.c - a verdict with the hops that led to it, in words. */
#include <string.h>

#include "reach/access.h"
#include "reach/walk.h"
#include "reach/workloads.h"

/* ---- one hop -------------------------------------------------------------------------------------------------------
 */
static const char *element_text(const Model *model, uint32_t element) {
    return element != 0 ? model->elements[element].text : NULL;
}

/* "site.app, us-east-1a": the subnets of a stack are named alike in every zone. */
static void place_append(GString *text, const Model *model, PlaceId place) {
    g_string_append(text, place == NO_PLACE ? "the internet" : model->places[place].name);
    if (place != NO_PLACE && model->places[place].level == PLACE_SUBNET)
        g_string_append_printf(text, ", %s", model->places[model->places[place].parent].name);
}

static char *leaves_text(const Model *model, const Party *party) {
    GString *text = g_string_new(NULL);
    g_string_printf(text, "leaves %s at ", party->name);
    place_append(text, model, party->place);
    return g_string_free(text, FALSE);
}

/* "<element>: allows", or `otherwise` where there is no element. */
static char *filter_text(const Model *model, const HopRecord *hop, const char *otherwise) {
    const char *text = element_text(model, hop->element);
    return text != NULL ? g_strdup_printf("%s: allows", text) : g_strdup(otherwise);
}

static char *gateway_text(const Model *model, const HopRecord *hop, const char *does) {
    const char *text = element_text(model, hop->element), *name = model->networks[hop->subject].name;
    return text != NULL ? g_strdup_printf("%s: %s", text, does)
                        : g_strdup_printf("internet gateway of %s: %s", name, does);
}

static char *listener_text(const Party *party, const Query *query) {
    PortSet port = {0};
    ports_add(&port, (PortRange){(uint8_t)query->protocol, query->port, query->port});
    char *ports = ports_text(&port), *text = g_strdup_printf("%s takes it at %s", party->name, ports);
    g_free(ports);
    return text;
}

/* Through what joins networks, and what passes packets on: their element names them. */
static char *through_text(const Model *model, const HopRecord *hop) {
    const char *element = element_text(model, hop->element);
    switch (hop->kind) {
    case HOP_PRIVATE_OUT: return g_strdup_printf("%s: knows a line for this address", element);
    case HOP_PRIVATE_IN: return g_strdup_printf("%s: lets in what is bound for its own network", element);
    case HOP_OVERLAY: return g_strdup_printf("%s: from agent to agent, whatever the networks beneath route", element);
    case HOP_ENDPOINT: return g_strdup_printf("%s: on to the service inside the provider's network", element);
    case HOP_ENDPOINT_BACK: return g_strdup_printf("%s: the service's answer comes back", element);
    case HOP_APPLIANCE: return g_strdup_printf("%s: inspected, and passed on", element);
    case HOP_BYPASS: return g_strdup_printf("%s: down, passes everything uninspected", element);
    case HOP_BORDER:
        return element != NULL ? g_strdup_printf("%s: allows", element)
                               : g_strdup_printf("firewall of site %s: lets pass", model->networks[hop->subject].name);
    default: return g_strdup(element != NULL ? element : "");
    }
}

/* A filter that remembers nothing of a connection would let its answer pass all the same. */
static char *state_text(const Party *party, TrackingKind tracking) {
    return tracking == TRACKING_UNTRACKED
               ? g_strdup_printf("%s: everyone may, both ways, so its filters need not remember", party->name)
               : g_strdup_printf("%s: known connection, its filters are not asked again", party->name);
}

/* Not only gateways hide who sends: a site does, at its border. */
static const char *translator(const Party *party) {
    return party->kind == PARTY_APPLIANCE ? "appliance" : party->component != NULL ? "NAT gateway" : "site";
}

static char *hop_text(const Reach *reach, const Query *query, const HopRecord *hop, const Tracking *tracking) {
    const Model *model = reach->model;
    const Party *party = hop->subject < reach->party_count ? &reach->parties[hop->subject] : NULL;
    const char *element = element_text(model, hop->element);
    switch (hop->kind) {
    case HOP_LEAVES: return leaves_text(model, party);
    case HOP_RULE_OUT: return filter_text(model, hop, "no security group here");
    case HOP_RULE_IN: return filter_text(model, hop, "no security group here");
    case HOP_FAMILY6: return g_strdup("by IPv6");
    case HOP_EGRESS_ONLY:
        return g_strdup_printf("egress-only gateway of %s: lets IPv6 out, and answers in",
                               model->networks[hop->subject].name);
    case HOP_STATE:
        return state_text(party,
                          hop->subject == party_of_class(reach, query->to) ? tracking->server : tracking->client);
    case HOP_GATEWAY6:
        return g_strdup_printf("internet gateway of %s: passes IPv6 as it is", model->networks[hop->subject].name);
    case HOP_SAME_SUBNET: return g_strdup("same subnet: delivered directly, no ACL and no route table is asked");
    case HOP_ACL_OUT: return filter_text(model, hop, "default network ACL: allows leaving the subnet");
    case HOP_ACL_IN: return filter_text(model, hop, "default network ACL: allows entering the subnet");
    case HOP_ROUTE: return g_strdup(element != NULL ? element : party->routes->name);
    case HOP_GATEWAY_OUT: return gateway_text(model, hop, "private source address becomes the public one");
    case HOP_GATEWAY_IN: return gateway_text(model, hop, "public target address becomes the private one");
    case HOP_INTERNET: return g_strdup("the internet");
    case HOP_TRANSLATE:
        return g_strdup_printf("%s %s: its own source address and port from here", translator(party), party->name);
    case HOP_RESTORE:
        return g_strdup_printf("%s %s: knows the connection, restores the client", translator(party), party->name);
    case HOP_PEERING:
    case HOP_PRIVATE_OUT:
    case HOP_PRIVATE_IN:
    case HOP_LINE:
    case HOP_OVERLAY:
    case HOP_HUB:
    case HOP_ENDPOINT:
    case HOP_ENDPOINT_BACK:
    case HOP_APPLIANCE:
    case HOP_BYPASS:
    case HOP_BORDER: return through_text(model, hop);
    case HOP_LISTENS: return listener_text(party, query);
    case HOP_NAME: return g_strdup_printf("%s answers beside the network; filters cannot block names", party->name);
    case HOP_NO_NSG:
        return g_strdup_printf("no network security group stands before %s: everything passes", party->name);
    case HOP_RELAYS: return g_strdup_printf("%s passes it on; filters behind it see who sent it", party->name);
    case HOP_RELAYS_BACK: return g_strdup_printf("back through %s", party->name);
    case HOP_INPUT_ENDPOINT: return g_strdup_printf("%s: passed on to a port of %s", element, party->name);
    case HOP_DEFAULT_OUTBOUND: return g_strdup_printf("%s leaves by an address of the provider's", party->name);
    case HOP_ALLOWLIST:
    case HOP_HOST_FIREWALL: return g_strdup_printf("%s: allows", element);
    case HOP_GIVES_NAME: return g_strdup_printf("%s: gives out the name", element);
    case HOP_POLICY_OUT:
    case HOP_POLICY_IN:
    case HOP_IDENTITY:
    case HOP_PLAIN:
    case HOP_AUTHORIZED: return workloads_hop_text(reach, hop);
    case HOP_SERVICE_ENDPOINT: return g_strdup_printf("service endpoint of the subnet: straight to %s", party->name);
    case HOP_OVERLAY_NODE: return g_strdup_printf("%s carries it on in its tunnel", party->name);
    case HOP_BACK: return g_strdup_printf("the answer is back at %s", party->name);
    }
    return g_strdup("");
}

/* ---- the end -------------------------------------------------------------------------------------------------------
 */
static char *end_text(const Reach *reach, const Verdict *verdict) {
    const Model *model = reach->model;
    const char *element = element_text(model, verdict->element);
    GString *text = g_string_new(verdict_name(verdict->kind));
    if (verdict->at != NO_PLACE) {
        g_string_append(text, " at ");
        place_append(text, model, verdict->at);
    }
    if (verdict->reply)
        g_string_append(text, " (reply)");
    if (verdict->code[0] != '\0')
        g_string_append_printf(text, ": %s", verdict->code);
    if (element != NULL)
        g_string_append_printf(text, " (%s)", element);
    return g_string_free(text, FALSE);
}

static Hop *hops_text(const Reach *reach, const Query *query, const Tracking *tracking, const GArray *records,
                      uint32_t first, uint32_t count, const Verdict *end, uint32_t *filled) {
    Hop *hops = g_new0(Hop, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        const HopRecord *record = &g_array_index(records, HopRecord, first + i);
        hops[i] = (Hop){hop_text(reach, query, record, tracking), record->element};
    }
    *filled = count;
    if (end != NULL && end->kind != VERDICT_REACH)
        hops[(*filled)++] = (Hop){end_text(reach, end), end->element};
    return hops;
}

/* ---- partial answers -----------------------------------------------------------------------------------------------
 */
static void edges_of(const AclRules *list, uint8_t *edge) {
    for (uint32_t i = 0; i < list->count; i++) {
        for (uint32_t k = 0; k < list->rules[i].ports.count; k++) {
            const PortRange *range = &list->rules[i].ports.range[k];
            edge[range->first] = edge[range->last + 1] = 1;
        }
    }
}

/* Between two ports at which some ACL's rule begins or ends all client ports fare alike, so one of them speaks for all.
 * What has no ports of its own, all traffic too, passes as a whole or not. */
static PortSet ports_that_pass(const Reach *reach, const NetState *state, Query query) {
    PortSet passing = {0};
    if (query.protocol != PROTOCOL_TCP && query.protocol != PROTOCOL_UDP) {
        if (reach_verdict(reach, state, query).kind == VERDICT_REACH)
            ports_add(&passing, (PortRange){.protocol = (uint8_t)query.protocol});
        return passing;
    }
    uint8_t *edge = g_new0(uint8_t, UINT16_MAX + 2);
    edge[1] = edge[UINT16_MAX + 1] = 1;
    for (uint32_t i = 0; i < 2 * reach->model->acl_count; i++)
        edges_of(&state->acls[i], edge);
    bool passes = false;
    for (uint32_t port = 1, first = 1; port <= UINT16_MAX + 1u; port++) {
        if (!edge[port])
            continue;
        if (passes)
            ports_add(&passing, (PortRange){(uint8_t)query.protocol, (uint16_t)first, (uint16_t)(port - 1)});
        first = port;
        query.client_port = (uint16_t)port;
        passes = reach_verdict(reach, state, query).kind == VERDICT_REACH;
    }
    g_free(edge);
    return passing;
}

/* ---- the door ------------------------------------------------------------------------------------------------------
 */
Explanation *reach_explain(const Reach *reach, const NetState *state, Query query) {
    Explanation *told = g_new0(Explanation, 1);
    GArray *records = g_array_new(FALSE, FALSE, sizeof(HopRecord));
    uint32_t there = 0;
    told->family = walk_family(reach, state, &query);
    told->verdict = walk_query(reach, state, &query, records, &there);
    Verdict gated = access_gate(reach, state, &query, told->verdict);
    if (gated.kind != told->verdict.kind) /* there is no answer to what policies refuse */
        g_array_set_size(records, there);
    told->verdict = gated;
    bool stopped_there = !told->verdict.reply && told->verdict.kind != VERDICT_REACH;
    if (stopped_there)
        there = records->len;
    told->tracking = reach_tracking(reach, state, query);
    told->forward = hops_text(reach, &query, &told->tracking, records, 0, there, stopped_there ? &told->verdict : NULL,
                              &told->forward_count);
    if (!stopped_there) {
        told->back = hops_text(reach, &query, &told->tracking, records, there, records->len - there, &told->verdict,
                               &told->back_count);
        query.family = told->family;
        told->client_ports = ports_that_pass(reach, state, query);
    }
    g_array_free(records, TRUE);
    return told;
}

void explanation_free(Explanation *explanation) {
    if (explanation == NULL)
        return;
    for (uint32_t i = 0; i < explanation->forward_count; i++)
        g_free((char *)(uintptr_t)explanation->forward[i].text);
    for (uint32_t i = 0; i < explanation->back_count; i++)
        g_free((char *)(uintptr_t)explanation->back[i].text);
    g_free(explanation->forward);
    g_free(explanation->back);
    g_free(explanation);
}
