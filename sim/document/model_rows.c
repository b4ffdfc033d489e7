/* model_rows.c - the model as rows of the record. */
#include "document/links.h"

static RecordRole role_of(const Component *component) {
    const Passage *passage = &component->kind->passage;
    if (passage->attachment == ATTACH_SERVICE || passage->subnet_optional)
        return RECORD_SERVICE;
    if (component->kind->spread == SPREAD_BESIDE)
        return RECORD_COMPUTE; /* runs where what it stands beside runs */
    switch (component->kind->role) {
    case ROLE_POPULATION: return RECORD_POPULATION;
    case ROLE_NAME: return RECORD_NAME;
    case ROLE_EDGE: return RECORD_EDGE;
    case ROLE_BALANCER: return RECORD_BALANCER;
    case ROLE_COMPUTE: return RECORD_COMPUTE;
    case ROLE_LINK: return RECORD_GATEWAY;
    default: return RECORD_STORE;
    }
}

static RecordLevel level_of(PlaceLevel level) {
    static const RecordLevel levels[] = {
        [PLACE_OUTSIDE] = RECORD_OUTSIDE, [PLACE_PROVIDER] = RECORD_PROVIDER, [PLACE_ACCOUNT] = RECORD_ACCOUNT,
        [PLACE_REGION] = RECORD_REGION,   [PLACE_ZONE] = RECORD_ZONE,         [PLACE_SUBNET] = RECORD_SUBNET};
    return levels[level];
}

/* Where a subnet's route to the internet leads; NULL: it has none that leads anywhere. Borrowed. */
static const char *way_out(const Model *model, const Place *place) {
    const RouteTable *table = place->level == PLACE_SUBNET ? &model->route_tables[place->route_table] : NULL;
    for (uint32_t r = 0; table != NULL && r < table->route_count; r++) {
        const Route *route = &table->routes[r];
        if (route->to.length != 0 || route->to.family != 4)
            continue;
        switch (route->target) {
        case ROUTE_INTERNET_GATEWAY: return "internet gateway";
        case ROUTE_PRIVATE_GATEWAY: return "private gateway";
        case ROUTE_INTERFACE: return model->components[route->via].label;
        case ROUTE_JOIN: return model->components[model->joins[route->via].component].label;
        default: return NULL;
        }
    }
    return NULL;
}

/* The model sorts places by path, so a parent always stands before its children. */
static const Site *site_at(const Model *model, PlaceId place) {
    for (uint32_t s = 0; s < model->site_count; s++)
        if (model->sites[s].place == place)
            return &model->sites[s];
    return NULL;
}

static void add_places(Record *record, const Model *model) {
    for (PlaceId p = 0; p < model->place_count; p++) {
        const Place *place = &model->places[p];
        bool subnet = place->level == PLACE_SUBNET;
        const Site *site = site_at(model, p);
        const Network *network = subnet         ? &model->networks[place->network]
                                 : site != NULL ? &model->networks[site->network]
                                                : NULL;
        char *cidr = subnet ? prefix_text(&place->cidr) : network != NULL ? prefix_text(&network->cidr) : NULL;
        record_add_place(record, (RecordPlace){.name = place->name,
                                               .level = level_of(place->level),
                                               .parent = place->parent == NO_PLACE ? RECORD_NONE : place->parent,
                                               .network = network != NULL ? network->name : NULL,
                                               .cidr = cidr,
                                               .internet = way_out(model, place)});
        g_free(cidr);
    }
}

/* A flow may end in any copy, so only what every copy's way leads through is a single point of the flow. */
static void mark_single_points(const Model *model, const Reach *reach, const NetState *net, const Flow *flow,
                               bool *single) {
    const FlowStep *last = &flow->steps[flow->step_count - 1];
    uint32_t *ways = g_new0(uint32_t, model->unit_count + 1); /* by unit: copies that are reached through it only */
    for (uint32_t c = 0; c < last->copies; c++) {
        uint32_t *units = NULL;
        uint32_t count = reach_single_points(reach, net, last->by_copy[c], &units);
        for (uint32_t u = 0; u < count; u++)
            ways[units[u]]++;
        g_free(units);
    }
    for (UnitId u = 0; u < model->unit_count; u++)
        if (ways[u] == last->copies)
            single[model->units[u].component] = true;
    g_free(ways);
}

static bool *single_points(const Model *model, const Reach *reach, const NetState *net) {
    bool *single = g_new0(bool, model->component_count + 1);
    for (uint32_t f = 0; f < model->flow_count; f++)
        mark_single_points(model, reach, net, &model->flows[f], single);
    return single;
}

static void add_facts(Record *record, const Component *component, uint32_t id) {
    for (const char *const *key = component->kind->shows; key && *key; key++) {
        char *value = fields_text(component->kind->fields, component->spec, *key);
        if (value)
            record_add_fact(record, (RecordFact){id, *key, value});
        g_free(value);
    }
}

static void add_components(Record *record, const Model *model, const Reach *reach) {
    NetState *net = netstate_new(model);
    bool *single = single_points(model, reach, net);
    for (ComponentId c = 0; c < model->component_count; c++) {
        const Component *component = &model->components[c];
        char *listens = component->listens.count ? ports_text(&component->listens) : NULL;
        record_add_component(record,
                             (RecordComponent){.name = component->name,
                                               .label = component->label,
                                               .kind = component->kind->name,
                                               .role = role_of(component),
                                               .summary = component->kind->summary,
                                               .stack = component->stack,
                                               .copy = component->copy,
                                               .place = component->place == NO_PLACE ? RECORD_NONE : component->place,
                                               .listens = listens,
                                               .managed = component_is_managed(component),
                                               .single_point = single[c] && component->kind->role != ROLE_POPULATION,
                                               .symbol = component->kind->symbol});
        g_free(listens);
    }
    for (ComponentId c = 0; c < model->component_count; c++)
        add_facts(record, &model->components[c], c);
    for (ComponentId c = 0; c < model->component_count; c++)
        for (uint32_t u = 0; u < model->components[c].unit_count; u++) {
            const ModelUnit *unit = &model->units[model->components[c].first_unit + u];
            record_add_unit(record,
                            (RecordUnit){c, unit->ordinal, unit->subnet == NO_PLACE ? RECORD_NONE : unit->subnet,
                                         unit->zone == NO_PLACE ? RECORD_NONE : unit->zone});
        }
    g_free(single);
    netstate_free(net);
}

static void add_flows(Record *record, const Model *model) {
    for (uint32_t f = 0; f < model->flow_count; f++)
        record_add_flow(record, (RecordFlow){model->flows[f].name});
    for (uint32_t f = 0; f < model->flow_count; f++)
        for (uint32_t s = 0; s < model->flows[f].step_count; s++)
            for (uint32_t c = 0; c < model->flows[f].steps[s].copies; c++)
                record_add_step(record, (RecordStep){f, s, model->flows[f].steps[s].by_copy[c]});
}

static void add_faults(Record *record, const Model *model) {
    for (uint32_t e = 0; e < model->event_count; e++) {
        const TimelineEvent *event = &model->timeline[e];
        SimTime end = simtime_add(event->at, event->lasts);
        record_add_fault(record,
                         (RecordFault){event->text, event->at.ns, simtime_is_never(end) ? RECORD_NEVER : end.ns});
    }
    for (uint32_t e = 0; e < model->event_count; e++) {
        const Target *target = &model->timeline[e].target;
        for (uint32_t p = 0; p < target->place_count; p++)
            record_add_fault_target(record, (RecordFaultTarget){e, target->places[p], RECORD_NONE});
        for (uint32_t c = 0; c < target->component_count; c++)
            record_add_fault_target(record, (RecordFaultTarget){e, RECORD_NONE, target->components[c]});
        if (target->kind == TARGET_UNIT)
            record_add_fault_target(record, (RecordFaultTarget){e, RECORD_NONE, model->units[target->unit].component});
    }
}

/* The components that carry packets from the one to the other: of their classes the first two that connect. */
static void add_vias(Record *record, const Model *model, const Reach *reach, const NetState *net, uint32_t id,
                     const DocumentLink *link) {
    Query query;
    if (link->kind != RECORD_REQUEST || !document_connecting(model, reach, net, link, &query))
        return;
    Explanation *told = reach_explain(reach, net, query);
    ComponentId last = NO_COMPONENT;
    for (uint32_t h = 0; h < told->forward_count; h++) {
        ComponentId carrier = document_carrier(model, told->forward[h].element);
        if (carrier != NO_COMPONENT && carrier != last)
            record_add_link_via(record, (RecordLinkVia){id, carrier});
        last = carrier != NO_COMPONENT ? carrier : last;
    }
    explanation_free(told);
}

static void add_links(Record *record, const Model *model, const Reach *reach) {
    GArray *links = document_links(model);
    NetState *net = netstate_new(model);
    for (guint l = 0; l < links->len; l++) {
        const DocumentLink *link = &g_array_index(links, DocumentLink, l);
        const PortSet *listens = &model->components[link->to].listens;
        char *ports = listens->count ? ports_text(listens) : NULL;
        record_add_link(record, (RecordLink){.from = link->from,
                                             .to = link->to,
                                             .flow = link->flow,
                                             .kind = link->kind,
                                             .ports = ports,
                                             .intended = true,
                                             .latency_ns = link->latency.ns});
        add_vias(record, model, reach, net, l, link);
        g_free(ports);
    }
    netstate_free(net);
    g_array_free(links, TRUE);
}

void document_model(Record *record, const Model *model, const Reach *reach) {
    uint64_t length;
    for (uint32_t s = 0; s < model->source_count; s++)
        record_add_input(record, (RecordInput){model->source_labels[s], source_text(model->sources[s], &length)});
    for (uint32_t c = 0; c < model->change_count; c++)
        record_add_change(record, (RecordChange){model->changes[c].option, model->changes[c].text});
    add_places(record, model);
    add_components(record, model, reach);
    add_flows(record, model);
    add_links(record, model, reach);
    add_faults(record, model);
    for (size_t a = 0; a < assumed_count(model->assumed); a++) {
        const Assumed *assumed = assumed_at(model->assumed, a);
        record_add_assumed(record, (RecordAssumed){assumed->owner, assumed->key, assumed->value, assumed->source});
    }
}
