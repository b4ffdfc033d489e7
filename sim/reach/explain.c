/* explain.c - a verdict with the hops that led to it, in words. */
#include <string.h>

#include "reach/walk.h"

/* ---- one hop -------------------------------------------------------------------------------------------------------
 */
static const char *element_text(const Model *model, uint32_t element) {
    return element != 0 && element < model->element_count ? model->elements[element].text : NULL;
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

static char *hop_text(const Reach *reach, const Query *query, const HopRecord *hop) {
    const Model *model = reach->model;
    const Party *party = hop->subject < reach->party_count ? &reach->parties[hop->subject] : NULL;
    const char *element = element_text(model, hop->element);
    switch (hop->kind) {
    case HOP_LEAVES: return leaves_text(model, party);
    case HOP_RULE_OUT: return filter_text(model, hop, "no security group here");
    case HOP_RULE_IN: return filter_text(model, hop, "no security group here");
    case HOP_STATE: return g_strdup_printf("%s: known connection, its filters are not asked again", party->name);
    case HOP_SAME_SUBNET: return g_strdup("same subnet: delivered directly, no ACL and no route table is asked");
    case HOP_ACL_OUT: return filter_text(model, hop, "default network ACL: allows leaving the subnet");
    case HOP_ACL_IN: return filter_text(model, hop, "default network ACL: allows entering the subnet");
    case HOP_ROUTE: return g_strdup(element != NULL ? element : party->routes->name);
    case HOP_GATEWAY_OUT: return gateway_text(model, hop, "private source address becomes the public one");
    case HOP_GATEWAY_IN: return gateway_text(model, hop, "public target address becomes the private one");
    case HOP_INTERNET: return g_strdup("the internet");
    case HOP_TRANSLATE:
        return g_strdup_printf("NAT gateway %s: its own source address and port from here", party->name);
    case HOP_RESTORE: return g_strdup_printf("NAT gateway %s: knows the connection, restores the client", party->name);
    case HOP_PEERING: return g_strdup_printf("peering %s", model->peerings[hop->subject].name);
    case HOP_LISTENS: return listener_text(party, query);
    case HOP_NAME: return g_strdup_printf("%s answers beside the network; filters cannot block names", party->name);
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

static Hop *hops_text(const Reach *reach, const Query *query, const GArray *records, uint32_t first, uint32_t count,
                      const Verdict *end, uint32_t *filled) {
    Hop *hops = g_new0(Hop, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        const HopRecord *record = &g_array_index(records, HopRecord, first + i);
        hops[i] = (Hop){hop_text(reach, query, record), record->element};
    }
    *filled = count;
    if (end != NULL && end->kind != VERDICT_REACH)
        hops[(*filled)++] = (Hop){end_text(reach, end), end->element};
    return hops;
}

/* ---- partial answers -----------------------------------------------------------------------------------------------
 */
static void edges_of(const AclRule *rules, uint32_t count, uint8_t *edge) {
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < rules[i].ports.count; k++) {
            const PortRange *range = &rules[i].ports.range[k];
            edge[range->first] = 1;
            if (range->last < UINT16_MAX)
                edge[range->last + 1] = 1;
        }
    }
}

/* Between two ports at which some ACL's rule begins or ends all client ports fare alike, so one of them speaks for all.
 */
static PortSet ports_that_pass(const Reach *reach, const NetState *state, Query query) {
    PortSet passing = {0};
    uint8_t *edge = g_new0(uint8_t, UINT16_MAX + 1);
    edge[1] = 1;
    for (uint32_t i = 0; i < reach->model->acl_count; i++) {
        edges_of(reach->model->acls[i].inbound, reach->model->acls[i].inbound_count, edge);
        edges_of(reach->model->acls[i].outbound, reach->model->acls[i].outbound_count, edge);
    }
    bool passes = false, fits = true;
    for (uint32_t port = 1, first = 1; port <= UINT16_MAX + 1u && fits; port++) {
        if (port <= UINT16_MAX && !edge[port])
            continue;
        if (passes && port > first)
            fits = ports_add(&passing, (PortRange){(uint8_t)query.protocol, (uint16_t)first, (uint16_t)(port - 1)});
        first = port;
        query.client_port = (uint16_t)port;
        passes = port <= UINT16_MAX && reach_verdict(reach, state, query).kind == VERDICT_REACH;
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
    told->verdict = walk_query(reach, state, &query, records, &there);
    bool stopped_there = !told->verdict.reply && told->verdict.kind != VERDICT_REACH;
    if (stopped_there)
        there = records->len;
    told->forward =
        hops_text(reach, &query, records, 0, there, stopped_there ? &told->verdict : NULL, &told->forward_count);
    if (!stopped_there) {
        told->back = hops_text(reach, &query, records, there, records->len - there, &told->verdict, &told->back_count);
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
