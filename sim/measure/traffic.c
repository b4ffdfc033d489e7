/* traffic.c - bytes that crossed, by what they crossed: between one's own machines, and to and from outside. */
#include "contract/cost.h"
#include "measure/plugin.h"

static const struct {
    const char *part;
    LinkScope scope;
    bool inside;
} scopes[] = {
    {"same_zone", SCOPE_SAME_ZONE, true},        {"cross_zone", SCOPE_ZONES, true},
    {"inter_region", SCOPE_REGIONS, true},       {"internet_in", SCOPE_INTERNET_IN, false},
    {"internet_out", SCOPE_INTERNET_OUT, false}, {"cdn", SCOPE_CDN, false},
};

/* Where nobody ever comes there is nothing to tell. */
static void traffic_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    (void)state;
    int64_t inside = 0, outside = 0;
    if (!end->totals->bytes)
        return;
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++)
        *(scopes[i].inside ? &inside : &outside) += (int64_t)end->totals->bytes[scopes[i].scope];
    if (inside + outside == 0)
        return;
    sheet_put(sheet, NULL, NULL, NULL, inside + outside);
    sheet_put(sheet, "east_west", NULL, NULL, inside);
    sheet_put(sheet, "north_south", NULL, NULL, outside);
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++)
        sheet_put(sheet, scopes[i].part, NULL, NULL, (int64_t)end->totals->bytes[scopes[i].scope]);
}

static const MeasurePart parts[] = {
    {"east_west", UNIT_BYTES, NULL, "between one's own machines and services"},
    {"north_south", UNIT_BYTES, NULL, "to and from outside"},
    {"same_zone", UNIT_BYTES, NULL, "within a zone"},
    {"cross_zone", UNIT_BYTES, NULL, "between zones of a region"},
    {"inter_region", UNIT_BYTES, NULL, "between regions"},
    {"internet_in", UNIT_BYTES, NULL, "in from outside"},
    {"internet_out", UNIT_BYTES, NULL, "out of a region"},
    {"cdn", UNIT_BYTES, NULL, "out by a delivery network"},
    {NULL, UNIT_NONE, NULL, NULL},
};

const MeasureKind measure_traffic = {
    .help = "Bytes of requests and answers that crossed, each hop by itself, and what services copied between regions. "
            "east_west: what stayed between one's own machines and services (same_zone, cross_zone, inter_region); "
            "north_south: what came in and went out (internet_in, internet_out, cdn). Sizes are those of "
            "network.request_bytes and network.answer_bytes.",
    .parts = parts,
    .end = traffic_end,
};
