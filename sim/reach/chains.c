/* chains.c - connections after connections: the ways of somebody who takes one component after the other. */
#include "base/bug.h"
#include "graph/graph.h"
#include "reach/reach_private.h"

/* The internet is the vertex after all components. */
static uint32_t vertex_of(const Reach *reach, ComponentId id) {
    BUG_IF(id != NO_COMPONENT && id >= reach->model->component_count, "no such component");
    return id == NO_COMPONENT ? reach->model->component_count : id;
}

static ComponentId component_at(const Reach *reach, uint32_t vertex) {
    return vertex == reach->model->component_count ? NO_COMPONENT : vertex;
}

static bool is_stone(const Reach *reach, ComponentId id) {
    const Kind *kind = id == NO_COMPONENT ? NULL : reach->model->components[id].kind;
    return kind == NULL || (kind->role != ROLE_POPULATION && kind->passage.mode != PASSAGE_ATTACHES);
}

static bool connects(const Reach *reach, const NetState *state, ClassId from, ClassId to) {
    PortSet ports = service_ports(reach->model, reach->classes[to].component);
    for (uint32_t i = 0; i < ports.count; i++) {
        Query query = {
            .from = from, .to = to, .protocol = (Protocol)ports.range[i].protocol, .port = ports.range[i].first};
        if (reach_verdict(reach, state, query).kind == VERDICT_REACH)
            return true;
    }
    return false;
}

/* `ends` may be something that is otherwise no stepping stone. */
static Graph *chains_draw(const Reach *reach, const NetState *state, const ComponentId ends[2]) {
    Graph *graph = graph_new(reach->model->component_count + 1);
    for (uint32_t a = 0; a <= reach->class_count; a++) {
        ClassId from = a < reach->class_count ? a : CLASS_INTERNET;
        ComponentId client = from == CLASS_INTERNET ? NO_COMPONENT : reach->classes[from].component;
        for (ClassId to = 0; to < reach->class_count; to++) {
            ComponentId server = reach->classes[to].component;
            bool counts =
                (is_stone(reach, client) || client == ends[0]) && (is_stone(reach, server) || server == ends[1]);
            if (counts && client != server && connects(reach, state, from, to))
                graph_add(graph, vertex_of(reach, client), vertex_of(reach, server));
        }
    }
    return graph;
}

uint32_t reach_chains(const Reach *reach, const NetState *state, ComponentId from, ComponentId to, uint32_t most,
                      ReachChain **chains) {
    Graph *graph = chains_draw(reach, state, (ComponentId[2]){from, to});
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
    Graph *graph = chains_draw(reach, state, (ComponentId[2]){from, to});
    uint32_t source = vertex_of(reach, from);
    uint32_t count = graph_single_points(graph, &source, 1, vertex_of(reach, to), points), kept = 0;
    for (uint32_t i = 0; i < count; i++)
        if ((*points)[i] != source)
            (*points)[kept++] = (*points)[i];
    graph_free(graph);
    return kept;
}

uint32_t reach_disjoint_chains(const Reach *reach, const NetState *state, ComponentId from, ComponentId to) {
    Graph *graph = chains_draw(reach, state, (ComponentId[2]){from, to});
    uint32_t count = graph_disjoint_paths(graph, vertex_of(reach, from), vertex_of(reach, to));
    graph_free(graph);
    return count;
}
