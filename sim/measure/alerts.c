/* alerts.c - how often sensors raised an alert. */
#include "measure/plugin.h"

typedef struct {
    int64_t count;
} AlertState;

static void alerts_see(void *state, const Fact *fact) {
    (void)fact;
    ((AlertState *)state)->count++;
}

/* Nothing is told where nobody watches. */
static void alerts_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    if (end->setup->watched)
        sheet_put(sheet, NULL, NULL, NULL, ((const AlertState *)state)->count);
}

const MeasureKind measure_alerts = {
    .help = "Alerts that sensors raised.",
    .wants = FACT_BIT(FACT_ALERT),
    .state_size = sizeof(AlertState),
    .see = alerts_see,
    .end = alerts_end,
};
