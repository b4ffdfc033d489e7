/* failed_attempts.c - how often somebody tried and got no good answer. */
#include "measure/plugin.h"

static void failed_attempts_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    (void)state;
    sheet_put(sheet, NULL, NULL, NULL, (int64_t)end->seen[FACT_FAILED]);
}

const MeasureKind measure_failed_attempts = {
    .help = "Attempts without a good answer, those that a retry made good included.",
    .counts = FACT_BIT(FACT_FAILED),
    .end = failed_attempts_end,
};
