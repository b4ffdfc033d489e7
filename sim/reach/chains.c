/* chains.c - connections after connections: the ways of somebody who takes one component after the other. */
#include "base/bug.h"
#include "graph/graph.h"
#include "reach/walk.h"

/* The internet is the vertex after all components. */
static uint32_t vertex_of(const Reach *reach, ComponentId id) {
    BUG_IF(id != NO_COMPONENT && id >= reach->model->component_count, "no such component");
    return id == NO_COMPONENT ? reach->model->component_count : id;
}

static ComponentId component_at(const Reach *reach, uint32_t vertex) {
    return vertex == reach->model->component_count ? NO_COMPONENT : vertex;
}

/* What others run is not taken over, a name server only answers, and what a provider runs behind an API opens no
 * connections for those who call it. */
static bool connects_on(const Reach *reach, ComponentId id) {
    if (id == NO_COMPONENT)
        return true;
    const Passage *passage = &reach->model->components[id].kind->passage;
    return passage->mode != PASSAGE_ATTACHES && passage->attachment != ATTACH_OUTSIDE &&
           passage->attachment != ATTACH_SERVICE;
}

/* Where the one finds what the other listens on. */
static PortSet ports_between(const Reach *reach, ClassId from, ClassId to) {
    PortSet listens = service_ports(reach->model, reach->classes[to].component);
    return ports_found_at(reach, from, to, &listens);
}

static bool connects(const Reach *reach, const NetState *state, ClassId from, ClassId to) {
    PortSet ports = ports_between(reach, from, to);
    for (uint32_t i = 0; i < ports.count; i++) {
        Query query = {
            .from = from, .to = to, .protocol = (Protocol)ports.range[i].protocol, .port = ports.range[i].first};
        if (reach_verdict(reach, state, query).kind == VERDICT_REACH)
            return true;
    }
    return false;
}

/* `begin` may be something that connects to nothing for others. */
static Graph *chains_draw(const Reach *reach, const NetState *state, ComponentId begin) {
    Graph *graph = graph_new(reach->model->component_count + 1);
    for (uint32_t a = 0; a <= reach->class_count; a++) {
        ClassId from = a < reach->class_count ? a : CLASS_INTERNET;
        ComponentId client = from == CLASS_INTERNET ? NO_COMPONENT : reach->classes[from].component;
        for (ClassId to = 0; to < reach->class_count; to++) {
            ComponentId server = reach->classes[to].component;
            if ((connects_on(reach, client) || client == begin) && connects(reach, state, from, to))
                graph_add(graph, vertex_of(reach, client), vertex_of(reach, server));
        }
    }
    return graph;
}

uint32_t reach_chains(const Reach *reach, const NetState *state, ComponentId from, ComponentId to, uint32_t most,
                      ReachChain **chains) {
    Graph *graph = chains_draw(reach, state, from);
    GraphPath *paths = NULL;
    uint32_t count = graph_shortest_paths(graph, vertex_of(reach, from), vertex_of(reach, to), most, &paths);
    *chains = g_new0(ReachChain, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        ReachChain *chain = &(*chains)[i];
        *chain = (ReachChain){g_new(ComponentId, paths[i].count), paths[i].count};
        for (uint32_t k = 0; k < paths[i].count; k++)
            chain->steps[k] = component_at(reach, paths[i].vertices[k]);
    }
    graph_paths_free(paths, count);
    graph_free(graph);
    return count;
}

void reach_chains_free(ReachChain *chains, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        g_free(chains[i].steps);
    g_free(chains);
}

uint32_t reach_choke_points(const Reach *reach, const NetState *state, ComponentId from, ComponentId to,
                            ComponentId **points) {
    Graph *graph = chains_draw(reach, state, from);
    uint32_t source = vertex_of(reach, from);
    uint32_t count = graph_single_points(graph, &source, 1, vertex_of(reach, to), points), kept = 0;
    for (uint32_t i = 0; i < count; i++)
        if ((*points)[i] != source)
            (*points)[kept++] = (*points)[i];
    graph_free(graph);
    return kept;
}

uint32_t reach_disjoint_chains(const Reach *reach, const NetState *state, ComponentId from, ComponentId to) {
    Graph *graph = chains_draw(reach, state, from);
    uint32_t count = graph_disjoint_paths(graph, vertex_of(reach, from), vertex_of(reach, to));
    graph_free(graph);
    return count;
}

/* ---- ways around ---------------------------------------------------------------------------------------------------
 */
typedef struct {
    const Reach *reach;
    const NetState *state;
    const ComponentId *via;
    uint32_t via_count;
} Detour;

static bool is_via(const Detour *detour, ComponentId id) {
    for (uint32_t i = 0; i < detour->via_count; i++)
        if (detour->via[i] == id)
            return true;
    return false;
}

static bool carried_by(const Detour *detour, const HopRecord *hop, ComponentId via) {
    if (hop->kind == HOP_OVERLAY_NODE)
        return detour->reach->parties[hop->subject].id == via;
    return hop->element != 0 && hop->element == detour->reach->model->components[via].element;
}

/* Connected, and carried by none of `via` on the way there (gateways and appliances are hops, not ends). */
static bool connects_beside(const Detour *detour, Query query) {
    GArray *hops = g_array_new(FALSE, FALSE, sizeof(HopRecord));
    uint32_t there = 0;
    bool beside = walk_query(detour->reach, detour->state, &query, hops, &there).kind == VERDICT_REACH;
    for (uint32_t h = 0; h < there; h++)
        for (uint32_t i = 0; i < detour->via_count && beside; i++)
            beside = !carried_by(detour, &g_array_index(hops, HopRecord, h), detour->via[i]);
    g_array_free(hops, TRUE);
    return beside;
}

/* At some port that the server listens on; at the one that is asked when it is the last. */
static bool step_beside(const Detour *detour, ClassId from, ClassId to, const Query *last) {
    PortSet ports = {0};
    if (last != NULL)
        ports_add(&ports, (PortRange){(uint8_t)last->protocol, last->port, last->port});
    else
        ports = ports_between(detour->reach, from, to);
    for (uint32_t i = 0; i < ports.count; i++)
        if (connects_beside(detour, (Query){.from = from,
                                            .to = to,
                                            .protocol = (Protocol)ports.range[i].protocol,
                                            .port = ports.range[i].first}))
            return true;
    return false;
}

static void steps_beside(const Detour *detour, ComponentId from, ComponentId to, const Query *last, Graph *graph) {
    const Reach *reach = detour->reach;
    for (uint32_t a = 0; a <= reach->class_count; a++) {
        for (uint32_t b = 0; b <= reach->class_count; b++) {
            ClassId x = a < reach->class_count ? a : CLASS_INTERNET, y = b < reach->class_count ? b : CLASS_INTERNET;
            ComponentId client = reach_class_component(reach, x), server = reach_class_component(reach, y);
            bool begins = client == from || (connects_on(reach, client) && client != NO_COMPONENT);
            bool ends = server == to || server != NO_COMPONENT; /* not out to the internet and in again */
            if (begins && ends && !is_via(detour, client) && !is_via(detour, server) &&
                step_beside(detour, x, y, server == to ? last : NULL))
                graph_add(graph, vertex_of(reach, client), vertex_of(reach, server));
        }
    }
}

bool reach_chain_beside(const Reach *reach, const NetState *state, ComponentId from, ComponentId to, Query last,
                        const ComponentId *via, uint32_t via_count, ReachChain *chain) {
    Detour detour = {reach, state, via, via_count};
    Graph *graph = graph_new(reach->model->component_count + 1);
    GraphPath *paths = NULL;
    steps_beside(&detour, from, to, &last, graph);
    uint32_t count = graph_shortest_paths(graph, vertex_of(reach, from), vertex_of(reach, to), 1, &paths);
    *chain = (ReachChain){NULL, 0};
    if (count > 0) {
        chain->steps = g_new(ComponentId, paths[0].count);
        chain->count = paths[0].count;
        for (uint32_t k = 0; k < paths[0].count; k++)
            chain->steps[k] = component_at(reach, paths[0].vertices[k]);
    }
    graph_paths_free(paths, count);
    graph_free(graph);
    return count > 0;
}
