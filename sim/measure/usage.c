/* usage.c - integrates the number of running units of each component. */
#include "measure/usage.h"

#include <glib.h>

#include "base/bug.h"
#include "contract/ctx.h"

void usage_start(Usage *usage, const MeasureSetup *setup) {
    usage->setup = setup;
    usage->running = g_new(int64_t, setup->component_count + 1);
    usage->since = g_new(SimTime, setup->component_count + 1);
    usage->total = g_new(Int128, setup->component_count + 1);
}

void usage_begin(Usage *usage) {
    for (uint32_t i = 0; i < usage->setup->component_count; i++) {
        usage->running[i] = 0;
        usage->total[i] = 0;
        usage->since[i] = usage->setup->warm_up;
    }
}

void usage_clear(Usage *usage) {
    g_free(usage->running);
    g_free(usage->since);
    g_free(usage->total);
}

/* A machine bills from its order on; one that died with its place does not (AWS: stopped instances are not billed). */
static bool is_paid(int64_t state) { return state == UNIT_BOOTING || state == UNIT_SERVING; }

void usage_see(Usage *usage, const Fact *unit) {
    ComponentId c = unit->component;
    BUG_IF(c >= usage->setup->component_count, "a unit of no component");
    if (simtime_before(usage->since[c], unit->at)) {
        usage->total[c] += (Int128)usage->running[c] * (unit->at.ns - usage->since[c].ns);
        usage->since[c] = unit->at;
    }
    usage->running[c] += is_paid(unit->amount) - is_paid(unit->other);
    BUG_IF(usage->running[c] < 0, "more units stopped than ran");
}

Int128 usage_total(const Usage *usage, ComponentId component, SimTime until) {
    int64_t rest = until.ns - usage->since[component].ns;
    return usage->total[component] + (rest > 0 ? (Int128)usage->running[component] * rest : 0);
}
