/* data_loss.c - writes that users were told are safe, and which the new primary never had. */
#include "measure/plugin.h"

typedef struct {
    int64_t writes, lag;
} DataState;

static void data_see(void *state, const Fact *fact) {
    DataState *s = state;
    s->writes += fact->amount;
    s->lag = fact->span.ns > s->lag ? fact->span.ns : s->lag;
}

static void data_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    (void)end;
    const DataState *s = state;
    sheet_put(sheet, NULL, NULL, NULL, s->writes);
    sheet_put(sheet, "lag", NULL, NULL, s->lag);
}

static const MeasurePart parts[] = {
    {"lag", UNIT_TIME, NULL, "replication lag behind it"},
    {NULL, UNIT_NONE, NULL, NULL},
};

const MeasureKind measure_data_loss = {
    .help = "Acknowledged writes that a promoted primary never had. lag: the longest replication lag with which one "
            "was promoted.",
    .parts = parts,
    .wants = FACT_BIT(FACT_WRITES_GONE),
    .state_size = sizeof(DataState),
    .see = data_see,
    .end = data_end,
};
