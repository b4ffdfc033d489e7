/* azure_services.c - public addresses, classic input endpoints, service endpoints and the firewalls of services. */
#include <string.h>

#include "model/azure_build.h"

typedef struct EndpointRule EndpointRule;

/* --- classic input endpoints -------------------------------------------------------------------------------------- */

static int compare_orders(gconstpointer a, gconstpointer b) {
    uint32_t x = ((const EndpointRule *)a)->order, y = ((const EndpointRule *)b)->order;
    return (x > y) - (x < y);
}

/* Up to fifty rules, the lowest number first (virtual-networks-acl, 2016). */
static void endpoint_acl_read(Build *build, const Node *list, const char *owner, InputEndpoint *endpoint) {
    enum { RULES_MOST = 50 };
    uint32_t count;
    const Node *const *items = list_of(build, list, "acl", "write [{order: 100, permit: 203.0.113.0/24}]", &count);
    GArray *rules = g_array_new(FALSE, FALSE, sizeof(EndpointRule));
    for (uint32_t i = 0; i < count; i++) {
        EndpointRuleKeys keys = {0};
        if (!read_quietly(build, endpoint_rule_keys, items[i], keep(build, "a rule of %s", owner), &keys))
            continue;
        const Node *range = keys.permit != NULL ? keys.permit : keys.deny;
        if ((keys.permit == NULL) == (keys.deny == NULL)) {
            complain(build, items[i]->mark, "write {order: 100, permit: 203.0.113.0/24}",
                     "a rule of an input endpoint says either permit or deny");
            continue;
        }
        EndpointRule rule = {.order = (uint32_t)keys.order, .permit = keys.permit != NULL};
        rule.range = range_of(build, range, keys.permit != NULL ? "permit" : "deny");
        rule.element = element_add(build, items[i]->mark, "%s rule %u", owner, rule.order);
        for (guint k = 0; k < rules->len; k++)
            if (g_array_index(rules, EndpointRule, k).order == rule.order)
                complain(build, items[i]->mark, "give each rule an order of its own", "%s has two rules of order %u",
                         owner, rule.order);
        g_array_append_val(rules, rule);
    }
    if (rules->len > RULES_MOST)
        complain(build, list->mark, NULL, "%s has %u rules; there can be %d", owner, rules->len, RULES_MOST);
    g_array_sort(rules, compare_orders);
    endpoint->acl = keep_array(build, rules, &endpoint->acl_count);
}

static bool protocol_read(Build *build, const Node *node, const char *text, uint8_t *protocol) {
    *protocol = strcmp(text, "udp") == 0 ? PROTOCOL_UDP : PROTOCOL_TCP;
    bool good = *protocol == PROTOCOL_UDP || strcmp(text, "tcp") == 0;
    if (!good)
        complain(build, node_get(node, "protocol")->mark, "write tcp or udp", "an endpoint cannot pass on '%s'", text);
    return good;
}

typedef struct {
    InputEndpoint endpoint;
    const char *set;
} EndpointDraft;

/* The list of one endpoint of a set is that of all: it stands at the balancer, before its machines. */
static void sets_share(Build *build, GArray *drafts, const char *owner) {
    for (guint i = 0; i < drafts->len; i++) {
        EndpointDraft *one = &g_array_index(drafts, EndpointDraft, i);
        for (guint k = 0; one->set != NULL && k < drafts->len; k++) {
            EndpointDraft *other = &g_array_index(drafts, EndpointDraft, k);
            if (i == k || other->set == NULL || strcmp(one->set, other->set) != 0 || one->endpoint.acl_count == 0)
                continue;
            if (k > i && other->endpoint.acl_count > 0 && other->endpoint.acl != one->endpoint.acl)
                complain(build, other->endpoint.mark, "write the acl at one of them",
                         "two endpoints of the load-balanced set '%s' of %s have lists of their own", one->set, owner);
            other->endpoint.acl = one->endpoint.acl;
            other->endpoint.acl_count = one->endpoint.acl_count;
        }
    }
}

static void endpoints_read(Build *build, const Component *owner, const Node *list, ClassicService *service) {
    uint32_t count;
    const Node *const *items = list_of(build, list, "input_endpoints", "write [{public: 3389, port: 3389}]", &count);
    GArray *drafts = g_array_new(FALSE, FALSE, sizeof(EndpointDraft));
    for (uint32_t i = 0; i < count; i++) {
        InputEndpointKeys keys = {0};
        EndpointDraft draft = {.endpoint = {.mark = items[i]->mark}};
        const char *name = keep(build, "an input endpoint of %s", owner->name);
        if (!read_quietly(build, input_endpoint_keys, items[i], name, &keys) ||
            !protocol_read(build, items[i], keys.protocol, &draft.endpoint.protocol))
            continue;
        draft.set = keys.set;
        draft.endpoint.outside = (uint16_t)keys.public_port;
        draft.endpoint.inside = (uint16_t)keys.port;
        name = keep(build, "input endpoint %s %s/%u", owner->name, keys.protocol, draft.endpoint.outside);
        draft.endpoint.element = element_add(build, items[i]->mark, "%s", name);
        endpoint_acl_read(build, keys.acl, name, &draft.endpoint);
        g_array_append_val(drafts, draft);
    }
    sets_share(build, drafts, owner->name);
    service->endpoints = tree_alloc(build->tree, (drafts->len + 1) * sizeof *service->endpoints);
    service->count = drafts->len;
    for (guint i = 0; i < drafts->len; i++)
        service->endpoints[i] = g_array_index(drafts, EndpointDraft, i).endpoint;
    g_array_free(drafts, TRUE);
}

/* Two components behind one public port would need a balancer, which an endpoint is not. */
static void ports_differ(Build *build, const ClassicService *service) {
    for (uint32_t i = 0; i < service->count; i++) {
        for (uint32_t k = 0; k < i; k++) {
            const InputEndpoint *a = &service->endpoints[k], *b = &service->endpoints[i];
            if (a->outside == b->outside && a->protocol == b->protocol)
                complain(build, b->mark, "give each endpoint a public port of its own",
                         "two endpoints have the public port %u", a->outside);
        }
    }
}

/* A cloud service has the public address of all its machines, so the component has one. */
static void classic_read(Build *build, ComponentId id, const Node *list, AzureComponent *component) {
    Component *owner = &build->model->components[id];
    if (list == NULL)
        return;
    if (owner->kind->passage.attachment != ATTACH_SUBNETS) {
        complain(build, list->mark, "leave it out", "'%s' has no machines behind endpoints", owner->label);
        return;
    }
    component->classic.classic = true;
    component->classic.element =
        element_add(build, list->mark, "input endpoints of %s: none for this port", owner->name);
    endpoints_read(build, owner, list, &component->classic);
    ports_differ(build, &component->classic);
    owner->public_address = true;
}

/* --- services ----------------------------------------------------------------------------------------------------- */

const Kind *const *azure_services_read(Build *build, const Node *node) {
    if (node == NULL)
        return NULL;
    uint32_t count;
    const Node *const *items = items_of(build, node, "service_endpoints", &count);
    const Kind **kinds = tree_alloc(build->tree, (count + 1) * sizeof *kinds);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        const char *text = scalar_of(build, items[i], "a service");
        uint32_t kind = text != NULL ? plugin_find(build, PLUGIN_KIND, text, items[i]->mark) : NO_INDEX;
        if (kind == NO_INDEX)
            continue;
        if (build->catalogue->kinds[kind]->passage.attachment != ATTACH_SERVICE)
            complain(build, items[i]->mark, "name a managed service: bucket", "'%s' is no managed service", text);
        kinds[kept++] = build->catalogue->kinds[kind];
    }
    return kinds;
}

/* "site.app": every zone of that subnet, in every copy; a bare name: of the same copy. */
static void firewall_subnets(Build *build, ComponentId id, const Node *list, ServiceFirewall *firewall) {
    const Model *model = build->model;
    const Component *owner = &model->components[id];
    uint32_t count;
    const Node *const *items = items_of(build, list, "subnets", &count);
    GArray *places = g_array_new(FALSE, FALSE, sizeof(PlaceId));
    for (uint32_t i = 0; i < count; i++) {
        const char *text = scalar_of(build, items[i], "a subnet");
        char *stack = NULL, *copy = NULL, *label = NULL;
        guint before = places->len;
        if (text == NULL || !name_split(text, &stack, &copy, &label))
            continue;
        for (PlaceId p = 0; p < model->place_count; p++) {
            const Place *place = &model->places[p];
            if (place->level != PLACE_SUBNET || strcmp(place->stack, stack != NULL ? stack : owner->stack) != 0 ||
                (stack == NULL && strcmp(place->copy, owner->copy) != 0) ||
                (copy != NULL && strcmp(place->copy, copy) != 0))
                continue;
            const char *name = strchr(place->name, '.') + 1; /* "site[westeurope].app.1" */
            size_t length = strlen(label);
            if (strncmp(name, label, length) == 0 && (name[length] == '\0' || name[length] == '.'))
                g_array_append_val(places, p);
        }
        if (places->len == before)
            complain(build, items[i]->mark, "write SUBNET, or STACK.SUBNET", "there is no subnet '%s'", text);
        g_free(stack);
        g_free(copy);
        g_free(label);
    }
    g_array_sort(places, compare_ids);
    firewall->subnets = keep_array(build, places, &firewall->subnet_count);
}

static void firewall_read(Build *build, ComponentId id, const Node *node, ServiceFirewall *firewall) {
    const Component *owner = &build->model->components[id];
    ServiceFirewallKeys keys = {0};
    if (node == NULL)
        return;
    if (owner->kind->passage.attachment != ATTACH_SERVICE) {
        complain(build, node->mark, "write network_security_group: NAME",
                 "'%s' is no managed service, so it has no firewall", owner->label);
        return;
    }
    firewall->present = true;
    firewall->element = element_add(build, node->mark, "firewall of %s", owner->name);
    if (!read_quietly(build, service_firewall_keys, node, keep(build, "the firewall of %s", owner->name), &keys))
        return;
    firewall_subnets(build, id, keys.subnets, firewall);
    uint32_t count;
    const Node *const *items = items_of(build, keys.ranges, "ranges", &count);
    GArray *ranges = g_array_new(FALSE, FALSE, sizeof(Prefix));
    for (uint32_t i = 0; i < count; i++) {
        Prefix range = range_of(build, items[i], "a range");
        g_array_append_val(ranges, range);
    }
    firewall->ranges = keep_array(build, ranges, &firewall->range_count);
}

/* --- a component -------------------------------------------------------------------------------------------------- */

static bool is_basic(Build *build, const ComponentDraft *draft) {
    static const char *const words[] = {"standard", "basic", NULL};
    static const Field row = {.name = "public_ip", .type = FIELD_TYPE_WORD, .words = words};
    int word = 0;
    if (draft->keys->azure.public_ip != NULL)
        field_value(&row, draft->keys->azure.public_ip, build->tree, &word, build->diagnostics);
    else if (draft->component.public_address)
        word = g_strcmp0(azure_era_value(build, draft->stack, "public_ip"), "basic") == 0;
    return word == 1;
}

void azure_component_read(Build *build, ComponentId id, AzureComponent *component) {
    const ComponentDraft *draft = &build->drafts[id];
    const AzureComponentKeys *keys = &draft->keys->azure;
    component->basic_ip = is_basic(build, draft);
    classic_read(build, id, keys->input_endpoints, component);
    firewall_read(build, id, keys->firewall, &component->firewall);
    if (draft->keys->security_group != NULL)
        complain(build, draft->keys->security_group->mark, "write network_security_group: NAME",
                 "a network of %s has no security groups", draft->stack->provider);
}
