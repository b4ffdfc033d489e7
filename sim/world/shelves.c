/* shelves.c - which shelves a model has, and in which order what lies on them may be taken.
 *
 * There is one for each keeper and each leg behind a hand-off, and one for each component that a load has begin a flow.
 * What may be taken later lies in a heap by instant; what may be taken now in the order in which it could be. */
#include <string.h>

#include "world/messages.h"

/* ---- Which there are --------------------------------------------------------------------- */

/* Those of a step that work for this keeper: of its own copy, else all of them. */
static void find_workers(const World *w, Shelf *shelf, const FlowStep *step) {
    const Component *components = w->model->components, *keeper = &components[shelf->keeper];
    shelf->workers = g_new(ComponentId, step->copies);
    for (int near = 1; near >= 0 && shelf->worker_count == 0; near--)
        for (uint32_t i = 0; i < step->copies; i++) {
            const char *copy = components[step->by_copy[i]].copy;
            if (!near || (keeper->copy && copy && g_str_equal(keeper->copy, copy)))
                shelf->workers[shelf->worker_count++] = step->by_copy[i];
        }
}

static void find_calls(Shelf *shelf, const Flow *flow, uint32_t end) {
    for (uint32_t s = shelf->head + 1u; s < end; s++)
        if (s == shelf->head + 1u || flow->steps[s].connector == CONNECTOR_THEN)
            shelf->calls[shelf->call_count++] = (uint8_t)s;
}

/* What its keeper says once for all. */
static void ask_rules(const World *w, Shelf *shelf) {
    const Component *keeper = &w->model->components[shelf->keeper];
    shelf->rules = shelf->source ? NULL : keeper->kind->messages;
    shelf->hidden = SIMTIME_NEVER;
    shelf->in_flight_most = UINT32_MAX;
    if (!shelf->rules)
        return;
    if (shelf->takes && shelf->rules->hidden)
        shelf->hidden = shelf->rules->hidden(keeper->spec);
    if (shelf->takes && shelf->rules->deliveries)
        shelf->deliveries_most = shelf->rules->deliveries(keeper->spec);
    if (shelf->takes && shelf->rules->in_flight)
        shelf->in_flight_most = shelf->rules->in_flight(keeper->spec);
}

/* Deliveries are sessions whose client is whoever works on them. */
static void build_entrance(World *w, Shelf *shelf, uint32_t index, uint32_t end) {
    UnitId unit = w->members[shelf->keeper].first_unit;
    shelf->population = (Population){.component = shelf->keeper,
                                     .unit = unit,
                                     .spot = w->briefs[unit].spot,
                                     .kind = w->members[shelf->keeper].kind,
                                     .delivers = true,
                                     .timeout = SIMTIME_NEVER};
    shelf->entrance = (Entrance){.ways = &w->ways[shelf->flow * w->copies_most],
                                 .flow = &w->model->flows[shelf->flow],
                                 .name = NO_COMPONENT,
                                 .shelf = index,
                                 .first = shelf->head,
                                 .end = (uint8_t)end};
}

static void add_shelf(World *w, GArray *shelves, uint32_t f, uint32_t head, ComponentId keeper) {
    const Flow *flow = &w->model->flows[f];
    uint32_t end = flow_leg_end(flow, head);
    Shelf shelf = {.flow = f,
                   .head = (uint8_t)head,
                   .takes = flow->steps[head].connector == CONNECTOR_TAKES,
                   .source = head == 0,
                   .last = end == flow->step_count,
                   .keeper = keeper};
    if (shelf.source) {
        shelf.workers = g_memdup2(&keeper, sizeof keeper);
        shelf.worker_count = 1;
    } else {
        find_workers(w, &shelf, &flow->steps[head]);
    }
    find_calls(&shelf, flow, end);
    ask_rules(w, &shelf);
    build_entrance(w, &shelf, shelves->len, end);
    polls_build(w, &shelf);
    shelf.owner = g_strdup_printf("%s/%u of %s", flow->name, head, w->model->components[keeper].name);
    shelf.later = g_array_new(FALSE, FALSE, sizeof(Due));
    g_queue_init(&shelf.ready);
    g_array_append_val(shelves, shelf);
}

static void add_flow(World *w, GArray *shelves, uint32_t f) {
    const Flow *flow = &w->model->flows[f];
    for (uint32_t s = 1; s < flow->step_count; s++)
        for (uint32_t c = 0; flow_hands_off(flow->steps[s].connector) && c < flow->steps[s - 1].copies; c++)
            add_shelf(w, shelves, f, s, flow->steps[s - 1].by_copy[c]);
}

/* A load's shelf is fed by its arrivals, every other by what is put into its keeper. */
static void feed(World *w) {
    Messages *m = w->messages;
    for (uint32_t s = 0; s < m->shelf_count; s++) {
        const Shelf *shelf = &m->shelves[s];
        if (shelf->source)
            continue;
        uint32_t *count = &m->fed_count[shelf->keeper];
        m->fed[shelf->keeper] = g_renew(uint32_t, m->fed[shelf->keeper], *count + 1);
        m->fed[shelf->keeper][(*count)++] = s;
    }
}

void shelves_build(World *w) {
    const Model *model = w->model;
    Messages *m = w->messages;
    GArray *shelves = g_array_new(FALSE, FALSE, sizeof(Shelf));
    for (uint32_t f = 0; f < model->flow_count; f++)
        add_flow(w, shelves, f);
    for (uint32_t l = 0; l < model->load_count; l++) {
        if (w->members[model->loads[l].population].kind->role == ROLE_POPULATION)
            continue;
        w->entrances[l].shelf = shelves->len;
        add_shelf(w, shelves, model->loads[l].flow, 0, model->loads[l].population);
    }
    m->shelf_count = shelves->len;
    m->shelves = (Shelf *)(void *)g_array_free(shelves, FALSE);
    for (uint32_t s = 0; s < m->shelf_count; s++)
        m->shelves[s].entrance.population = &m->shelves[s].population;
    feed(w);
}

void shelf_clear(Shelf *shelf) {
    g_array_free(shelf->later, TRUE);
    g_queue_clear(&shelf->ready);
    g_free(shelf->workers);
    g_free(shelf->polling);
    g_free(shelf->owner);
}

void shelf_start(World *w, Shelf *shelf) {
    g_array_set_size(shelf->later, 0);
    g_queue_clear(&shelf->ready);
    shelf->wake = SIMTIME_NEVER;
    shelf->worker = shelf->unit = shelf->out = 0;
    shelf->kept = shelf->done = shelf->gone = shelf->dead = 0;
    polls_start(w, shelf);
    shelf->population.sessions = luck_stream(w->luck, shelf->owner, "message");
    shelf->population.requests = luck_stream(w->luck, shelf->owner, "delivery");
}

/* ---- What lies there --------------------------------------------------------------------- */

static bool due_before(const Due *a, const Due *b) {
    return simtime_equal(a->at, b->at) ? a->order < b->order : simtime_before(a->at, b->at);
}

static void heap_put(GArray *heap, Due due) {
    g_array_append_val(heap, due);
    Due *all = (Due *)(void *)heap->data;
    guint i = heap->len - 1;
    for (; i > 0 && due_before(&due, &all[(i - 1) / 2]); i = (i - 1) / 2)
        all[i] = all[(i - 1) / 2];
    all[i] = due;
}

static Due heap_take(GArray *heap) {
    Due *all = (Due *)(void *)heap->data;
    Due first = all[0], last = all[heap->len - 1];
    guint count = heap->len - 1, i = 0;
    for (guint child = 1; child < count; child = 2 * i + 1) {
        child += child + 1 < count && due_before(&all[child + 1], &all[child]);
        if (!due_before(&all[child], &last))
            break;
        all[i] = all[child];
        i = child;
    }
    all[i] = last;
    g_array_set_size(heap, count);
    return first;
}

/* Giving out is an event of its own, so that nothing is launched in the middle of somebody's request. */
void shelf_wake(World *w, Shelf *shelf, SimTime at) {
    if (!simtime_before(at, shelf->wake))
        return;
    shelf->wake = at;
    world_schedule(w, at, PHASE_TIMER, HANDLE_SHELF, (uint32_t)(shelf - w->messages->shelves), 0);
}

void shelf_later(World *w, Shelf *shelf, uint32_t message, SimTime at) {
    if (simtime_is_never(at))
        return;
    heap_put(shelf->later, (Due){at, w->messages->order++, message});
    w->messages->messages[message].entries++;
    shelf_wake(w, shelf, at);
}

bool shelf_due(const World *w, Shelf *shelf, uint32_t *message) {
    const Due *first = (const Due *)(const void *)shelf->later->data;
    if (shelf->later->len == 0 || simtime_before(clock_of(w), first->at))
        return false;
    *message = heap_take(shelf->later).message;
    return true;
}
