/* snapshot.c - copies the world at an instant, and what crossed it in the window before. */
#include "document/snapshot.h"

#include <string.h>

Snapshot *snapshot_new(const Model *model, const char *name, SimTime at, SimTime window) {
    Snapshot *snapshot = g_new0(Snapshot, 1);
    size_t components = model->component_count;
    snapshot->component_count = model->component_count;
    snapshot->failures = g_array_new(FALSE, FALSE, sizeof(WorldFailure));
    snapshot->name = name;
    snapshot->at = at;
    snapshot->from = simtime_before(window, at) ? simtime_sub(at, window) : SIMTIME_ZERO;
    snapshot->units = g_new0(UnitView, model->unit_count + 1);
    snapshot->owned = g_new0(bool, components + 1);
    snapshot->traffic = g_new0(Traffic, components * components + 1);
    snapshot->meetings = g_new0(Meetings, components + 1);
    snapshot->faults = g_new0(bool, model->event_count + 1);
    return snapshot;
}

void snapshot_free(Snapshot *snapshot) {
    if (!snapshot)
        return;
    g_free(snapshot->units);
    g_free(snapshot->owned);
    g_free(snapshot->traffic);
    g_free(snapshot->meetings);
    g_free(snapshot->faults);
    g_array_free(snapshot->failures, TRUE);
    netstate_free(snapshot->net);
    g_free(snapshot);
}

/* What had been counted when the window opened is taken off at its end. */
static void window_opens(void *user, const World *world) {
    Snapshot *snapshot = user;
    const Model *model = world_model(world);
    for (ComponentId a = 0; a < model->component_count; a++) {
        snapshot->meetings[a] = world_meetings(world, a);
        for (ComponentId b = 0; b < model->component_count; b++)
            snapshot->traffic[(size_t)a * model->component_count + b] = world_traffic(world, a, b);
    }
}

static void window_closes(void *user, const World *world) {
    Snapshot *snapshot = user;
    const Model *model = world_model(world);
    for (ComponentId a = 0; a < model->component_count; a++) {
        Meetings met = world_meetings(world, a);
        snapshot->meetings[a].met = met.met - snapshot->meetings[a].met;
        snapshot->meetings[a].turned_away = met.turned_away - snapshot->meetings[a].turned_away;
        snapshot->owned[a] = world_component_owned(world, a);
        for (ComponentId b = 0; b < model->component_count; b++) {
            Traffic *traffic = &snapshot->traffic[(size_t)a * model->component_count + b];
            Traffic now = world_traffic(world, a, b);
            traffic->tried = now.tried - traffic->tried;
            traffic->failed = now.failed - traffic->failed;
        }
    }
    for (UnitId u = 0; u < model->unit_count; u++)
        snapshot->units[u] = *world_unit(world, u);
    for (uint32_t e = 0; e < model->event_count; e++)
        snapshot->faults[e] = world_fault_holds(world, e);
    for (uint32_t i = 0; i < world_failures(world); i++) {
        WorldFailure failure = world_failure(world, i);
        g_array_append_val(snapshot->failures, failure);
    }
    netstate_free(snapshot->net);
    snapshot->net = netstate_copy(world_netstate(world));
    snapshot->taken = true;
}

Closure *snapshot_closure(const Snapshot *snapshot, const Reach *reach) {
    bool any = false;
    for (ComponentId c = 0; snapshot->taken && c < snapshot->component_count; c++)
        any = any || snapshot->owned[c];
    return any ? closure_new(reach, snapshot->net, snapshot->owned, 0) : NULL;
}

void snapshot_looks(Snapshot *snapshot, Look looks[2]) {
    looks[0] = (Look){snapshot->from, window_opens, snapshot};
    looks[1] = (Look){snapshot->at, window_closes, snapshot};
}
