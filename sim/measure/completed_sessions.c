/* completed_sessions.c - sessions that ended because their users were done. */
#include "measure/plugin.h"

static void completed_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    (void)state;
    sheet_put(sheet, NULL, NULL, NULL, (int64_t)end->seen[FACT_COMPLETED]);
}

const MeasureKind measure_completed_sessions = {
    .more_is_better = true,
    .help = "Sessions that ended because their users were done.",
    .counts = FACT_BIT(FACT_COMPLETED),
    .end = completed_end,
};
