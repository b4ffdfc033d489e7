/* inspection.c - what passes an appliance takes time there; what passes it or a gateway is counted for the bill.
 *
 * Which appliances a connection passes is what reach/ found on its way; asked once for each pair of classes, and again
 * when the network has changed. What an appliance can look through in a second is a fluid queue, as of a link: what one
 * second could not waits for the next. Of what a kind samples, the rest passes at once. */
#include <string.h>

#include "world/state.h"

enum { INSPECTORS_MOST = 6 };

/* Of a pair of classes. */
typedef struct {
    uint64_t epoch;
    uint32_t count;
    UnitId units[INSPECTORS_MOST];
} Inspected;

struct Inspection {
    Inspected *pairs; /* class_count squared */
    Inspector *facts; /* by unit; of those that inspect */
    Pipe *pipes;      /* by unit */
    uint64_t *bits;   /* by unit */
};

Inspection *inspection_new(const World *w) {
    const Model *model = w->model;
    bool any = false;
    for (ComponentId c = 0; c < model->component_count; c++)
        any = any || model->components[c].kind->inspects;
    if (!any)
        return NULL;
    Inspection *inspection = g_new0(Inspection, 1);
    inspection->pairs = g_new0(Inspected, (size_t)w->class_count * w->class_count);
    inspection->facts = g_new0(Inspector, model->unit_count);
    inspection->pipes = g_new0(Pipe, model->unit_count);
    inspection->bits = g_new0(uint64_t, model->unit_count);
    for (UnitId u = 0; u < model->unit_count; u++) {
        const Component *component = &model->components[model->units[u].component];
        if (component->kind->inspects)
            inspection->facts[u] = component->kind->inspects(component->spec);
    }
    return inspection;
}

void inspection_free(Inspection *inspection) {
    if (!inspection)
        return;
    g_free(inspection->pairs);
    g_free(inspection->facts);
    g_free(inspection->pipes);
    g_free(inspection->bits);
    g_free(inspection);
}

void inspection_reset(World *w) {
    Inspection *inspection = w->inspection;
    if (!inspection)
        return;
    memset(inspection->pairs, 0, sizeof(Inspected) * w->class_count * w->class_count);
    for (UnitId u = 0; u < w->model->unit_count; u++) {
        inspection->pipes[u] = (Pipe){.capacity = MAX(inspection->facts[u].throughput, 1)};
        inspection->bits[u] = 0;
    }
}

static const Inspected *inspectors_between(World *w, UnitId from, UnitId to) {
    ClassId a = w->briefs[from].class, b = w->briefs[to].class;
    Inspected *pair = &w->inspection->pairs[(size_t)a * w->class_count + b];
    uint64_t epoch = netstate_epoch(w->net);
    if (pair->epoch != epoch) {
        pair->epoch = epoch;
        pair->count = reach_inspectors(w->reach, w->net, reach_usual(w->reach, a, b), pair->units, INSPECTORS_MOST);
    }
    return pair;
}

SimTime inspection_pass(World *w, UnitId from, UnitId to, SimTime at, Carry what, Draw *luck) {
    const Inspected *pair = inspectors_between(w, from, to);
    for (uint32_t i = 0; i < pair->count; i++) {
        UnitId unit = pair->units[i];
        const Inspector *facts = &w->inspection->facts[unit];
        Pipe *pipe = &w->inspection->pipes[unit];
        if (facts->share < WHOLE && !draw_chance(luck, facts->share))
            continue;
        w->inspection->bits[unit] += (uint64_t)w->carried[what];
        if (facts->throughput == 0)
            continue;
        if (at.ns >= pipe->ends)
            pipe_turn(pipe, at);
        pipe->offered += w->carried[what];
        at = later(later(at, facts->delay), pipe_wait(pipe));
    }
    return at;
}

uint64_t world_inspected(const World *w, ComponentId component) {
    const Component *of = &w->model->components[component];
    uint64_t bits = 0;
    for (uint32_t u = 0; w->inspection && u < of->unit_count; u++)
        bits += w->inspection->bits[of->first_unit + u];
    return bits / 8;
}
