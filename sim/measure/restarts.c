/* restarts.c - how often something that had ended was started again. */
#include "measure/plugin.h"

typedef struct {
    const MeasureSetup *setup;
} RestartState;

static void restarts_start(void *state, const MeasureSetup *setup) { ((RestartState *)state)->setup = setup; }
static void restarts_begin(void *state) { (void)state; }

static void restarts_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    if (((const RestartState *)state)->setup->trust)
        sheet_put(sheet, NULL, NULL, NULL, (int64_t)end->seen[FACT_RESTARTED]);
}

const MeasureKind measure_restarts = {
    .help =
        "How often a sidecar whose process had ended was started again, starts after which it ended at once included.",
    .counts = FACT_BIT(FACT_RESTARTED),
    .state_size = sizeof(RestartState),
    .start = restarts_start,
    .begin = restarts_begin,
    .end = restarts_end,
};
