/* unit_hours.c - how much was running, for how long. */
#include "measure/plugin.h"
#include "measure/usage.h"

static void hours_start(void *state, const MeasureSetup *setup) { usage_start(state, setup); }
static void hours_begin(void *state) { usage_begin(state); }
static void hours_see(void *state, const Fact *fact) { usage_see(state, fact); }
static void hours_clear(void *state) { usage_clear(state); }

/* A column holds 292 unit-years; more than that is told as that. The cost is computed without this limit. */
static int64_t held(Int128 total) { return total < INT64_MAX ? (int64_t)total : INT64_MAX - 1; }

static void hours_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    Int128 all = 0;
    for (ComponentId c = 0; c < end->setup->component_count; c++) {
        if (setup_population(end->setup, c) < end->setup->population_count)
            continue;
        Int128 total = usage_total(state, c, end->setup->until);
        all += total;
        if (total > 0)
            sheet_put(sheet, NULL, end->setup->components[c], NULL, held(total));
    }
    sheet_put(sheet, NULL, NULL, NULL, held(all));
}

const MeasureKind measure_unit_hours = {
    .help = "Time that units were booting or serving, summed over units (users are none); [component] names one "
            "component's.",
    .wants = FACT_BIT(FACT_UNIT),
    .whole_run = true,
    .state_size = sizeof(Usage),
    .start = hours_start,
    .begin = hours_begin,
    .see = hours_see,
    .end = hours_end,
    .clear = hours_clear,
};
