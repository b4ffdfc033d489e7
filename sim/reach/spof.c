/* spof.c - what every way from the users to a component leads through, and the fewest units that part them.
 *
 * The graph: each class is a door in, its units, and a door out; between doors, the steps of flows that are reachable
 * now. So a unit is on every way exactly when its class is and it is the only unit there, and 1,000 units of two
 * classes need 2,000 edges and not a million. */
#include <string.h>

#include "base/bug.h"
#include "graph/graph.h"
#include "reach/reach_private.h"

typedef struct {
    const Reach *reach;
    const NetState *state;
    Graph *graph;
} Map;

static uint32_t unit_vertex(UnitId unit) { return unit; }
static uint32_t door_in(const Map *map, ClassId id) { return map->reach->model->unit_count + 2 * id; }
static uint32_t door_out(const Map *map, ClassId id) { return door_in(map, id) + 1; }

/* Whether one class can open a connection to the other on any port that the flow means. */
static bool connects(const Map *map, ClassId from, ClassId to) {
    const Reach *reach = map->reach;
    PortSet ports = intent_ports_between(reach->model, reach->classes[from].component, reach->classes[to].component);
    if (ports.count == 0) /* the provider answers without saying where */
        ports_add(&ports, (PortRange){PROTOCOL_TCP, 443, 443});
    for (uint32_t i = 0; i < ports.count; i++) {
        Query query = {
            .from = from, .to = to, .protocol = (Protocol)ports.range[i].protocol, .port = ports.range[i].first};
        if (reach_verdict(reach, map->state, query).kind == VERDICT_REACH)
            return true;
    }
    return false;
}

/* A connection from client to server, made after passing `via` (the client itself, or a name server it asked). */
static void components_join(Map *map, ComponentId client, ComponentId via, ComponentId server) {
    const Reach *reach = map->reach;
    for (ClassId a = reach->first_class[client]; class_is_of(reach, a, client); a++) {
        for (ClassId b = reach->first_class[server]; class_is_of(reach, b, server); b++) {
            if (!connects(map, a, b))
                continue;
            if (via == client)
                graph_add(map->graph, door_out(map, a), door_in(map, b));
            else
                for (ClassId v = reach->first_class[via]; class_is_of(reach, v, via); v++)
                    graph_add(map->graph, door_out(map, v), door_in(map, b));
        }
    }
}

static bool is_name(const Model *model, const FlowStep *step) {
    return model->components[step->by_copy[0]].kind->role == ROLE_NAME;
}

/* A request goes on behind a name server only after the client has its answer, so the server is a step of the way. */
static void step_join(Map *map, const Flow *flow, uint32_t step) {
    const Model *model = map->reach->model;
    const FlowStep *via = &flow->steps[step], *server = &flow->steps[step + 1], *client = via;
    while (is_name(model, client)) /* a flow begins with users */
        client--;
    for (uint32_t a = 0; a < client->copies; a++) {
        for (uint32_t b = 0; b < server->copies; b++) {
            if (!intent_pairs(model, client->by_copy[a], server->by_copy[b]))
                continue;
            if (client == via)
                components_join(map, client->by_copy[a], client->by_copy[a], server->by_copy[b]);
            else
                for (uint32_t v = 0; v < via->copies; v++)
                    components_join(map, client->by_copy[a], via->by_copy[v], server->by_copy[b]);
        }
    }
}

/* From what keeps messages to who takes them, over the connection of him who takes; or by the provider's own doing. */
static void handed_join(Map *map, const FlowStep *keeper, const FlowStep *worker) {
    const Reach *reach = map->reach;
    bool takes = worker->connector == CONNECTOR_TAKES;
    for (uint32_t a = 0; a < keeper->copies; a++)
        for (uint32_t b = 0; b < worker->copies; b++) {
            ComponentId from = keeper->by_copy[a], to = worker->by_copy[b];
            for (ClassId x = reach->first_class[from]; class_is_of(reach, x, from); x++)
                for (ClassId y = reach->first_class[to]; class_is_of(reach, y, to); y++)
                    if (intent_pairs(reach->model, from, to) && (!takes || connects(map, y, x)))
                        graph_add(map->graph, door_out(map, x), door_in(map, y));
        }
}

static void flow_join(Map *map, const Flow *flow) {
    for (uint32_t s = 1; s < flow->step_count; s++) {
        const FlowStep *head = &flow->steps[flow_leg_begin(flow, s)], *step = &flow->steps[s];
        if (flow_hands_off(step->connector)) {
            handed_join(map, step - 1, step);
            continue;
        }
        if (step->connector == CONNECTOR_CALLS) {
            step_join(map, flow, s - 1);
            continue;
        }
        for (uint32_t a = 0; a < head->copies; a++)
            for (uint32_t b = 0; b < step->copies; b++)
                if (intent_pairs(map->reach->model, head->by_copy[a], step->by_copy[b]))
                    components_join(map, head->by_copy[a], head->by_copy[a], step->by_copy[b]);
    }
}

/* The last vertex stands for having reached a target, whichever; the one before it for all users. */
static Graph *map_draw(const Reach *reach, const NetState *state, const ComponentId *targets, uint32_t count) {
    const Model *model = reach->model;
    Map map = {reach, state, graph_new(model->unit_count + 2 * reach->class_count + 2)};
    for (UnitId unit = 0; unit < model->unit_count; unit++) {
        graph_add(map.graph, door_in(&map, reach->class_of_unit[unit]), unit_vertex(unit));
        graph_add(map.graph, unit_vertex(unit), door_out(&map, reach->class_of_unit[unit]));
    }
    for (uint32_t f = 0; f < model->flow_count; f++)
        flow_join(&map, &model->flows[f]);
    for (ClassId id = 0; id < reach->class_count; id++)
        for (uint32_t i = 0; i < count; i++)
            if (reach->classes[id].component == targets[i])
                graph_add(map.graph, door_out(&map, id), graph_vertices(map.graph) - 1);
    return map.graph;
}

static GArray *population_doors(const Reach *reach) {
    GArray *doors = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    Map map = {.reach = reach};
    for (ClassId id = 0; id < reach->class_count; id++) {
        uint32_t door = door_out(&map, id);
        if (reach->model->components[reach->classes[id].component].kind->role == ROLE_POPULATION)
            g_array_append_vals(doors, &door, 1);
    }
    return doors;
}

uint32_t reach_single_points_of(const Reach *reach, const NetState *state, const ComponentId *targets,
                                uint32_t target_count, uint32_t **units) {
    for (uint32_t i = 0; i < target_count; i++)
        BUG_IF(targets[i] >= reach->model->component_count, "no such component");
    Graph *graph = map_draw(reach, state, targets, target_count);
    GArray *doors = population_doors(reach);
    uint32_t count =
        graph_single_points(graph, (const uint32_t *)(void *)doors->data, doors->len, graph_vertices(graph) - 1, units);
    uint32_t kept = 0; /* doors follow the units, so the units come first */
    while (kept < count && (*units)[kept] < reach->model->unit_count)
        kept++;
    if (kept == 0)
        g_clear_pointer(units, g_free);
    graph_free(graph);
    g_array_free(doors, TRUE);
    return kept;
}

uint32_t reach_single_points(const Reach *reach, const NetState *state, ComponentId target, uint32_t **units) {
    return reach_single_points_of(reach, state, &target, 1, units);
}

/* Doors are no units: no cut may go through them. */
static int64_t *unit_costs(const Graph *graph, uint32_t units) {
    enum { COST_DOOR = 1 << 30 };
    int64_t *cost = g_new(int64_t, graph_vertices(graph));
    for (uint32_t v = 0; v < graph_vertices(graph); v++)
        cost[v] = v < units ? 1 : COST_DOOR;
    return cost;
}

uint32_t reach_minimum_cut(const Reach *reach, const NetState *state, const ComponentId *targets, uint32_t count,
                           uint32_t **units) {
    Graph *graph = map_draw(reach, state, targets, count);
    GArray *doors = population_doors(reach);
    uint32_t target = graph_vertices(graph) - 1, users = target - 1;
    for (guint i = 0; i < doors->len; i++)
        graph_add(graph, users, g_array_index(doors, uint32_t, i));
    int64_t *cost = unit_costs(graph, reach->model->unit_count);
    GraphCut cut;
    bool parted = graph_vertex_cut(graph, users, target, cost, &cut);
    BUG_IF(!parted || cut.cost != cut.count, "a cut through doors");
    *units = cut.vertices;
    g_free(cost);
    g_array_free(doors, TRUE);
    graph_free(graph);
    return cut.count;
}
