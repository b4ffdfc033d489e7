/* daily.c - independent arrivals whose rate follows the time of day: a wave, or a table.
 *
 * A wave has its mean `rate`, a `swing` up and down of it and a `peak`; arrivals are thinned from a constant rate
 * (Lewis and Shedler 1979), which is exact. A table divides the day into equal parts with a rate each; arrivals are
 * found by inversion, exact too. A run begins at midnight. */
#include <glib.h>

#include "base/hazard.h"
#include "base/xmath.h"
#include "contract/load.h"

enum { PARTS_MOST = 96 }; /* quarters of an hour */

typedef struct {
    int64_t rate, swing;
    SimTime peak, day;
    const Node *table;
    uint32_t part_count;
    int64_t parts[PARTS_MOST]; /* read from `table` */
} DailySpec;

static const Field daily_fields[] = {
    FIELD_RATE(DailySpec, rate, "0/s", "mean arrivals of sessions over a day", NULL),
    FIELD_SHARE(DailySpec, swing, "60 %", "how far the rate goes up and down, of its mean", NULL),
    FIELD_TIME(DailySpec, peak, "15 h", "time of day when most come", NULL),
    FIELD_ROW(DailySpec, day, FIELD_TYPE_TIME, "24 h", "1 s", NULL, "how long a day is", NULL),
    FIELD_NODE(DailySpec, table, "instead: a list of rates, one for each of equal parts of the day: [2/s, 10/s, 4/s]"),
    FIELD_END,
};

static bool daily_ready(void *spec, Tree *tree, Diagnostics *diagnostics) {
    static const Field row = {.name = "table", .type = FIELD_TYPE_RATE, .least = "0/s"};
    DailySpec *daily = spec;
    const Node *table = daily->table;
    if (table == NULL)
        return true;
    if (table->type != NODE_LIST || table->count == 0 || table->count > PARTS_MOST) {
        diag_error(diagnostics, table->mark, "write a list of rates: [2/s, 10/s, 4/s]",
                   "the table of a day has 1 to %d parts", PARTS_MOST);
        return false;
    }
    bool good = true;
    for (size_t i = 0; i < table->count; i++)
        good = field_value(&row, table->items[i], tree, &daily->parts[i], diagnostics) && good;
    daily->part_count = (uint32_t)table->count;
    return good;
}

static int64_t daily_rate(const void *spec) {
    const DailySpec *daily = spec;
    double sum = 0;
    for (uint32_t i = 0; i < daily->part_count; i++)
        sum += (double)daily->parts[i] / (double)daily->part_count;
    return daily->part_count ? (int64_t)sum : daily->rate;
}

static void daily_check(const void *spec, Mark mark, Diagnostics *diagnostics) {
    const DailySpec *daily = spec;
    if (daily->table != NULL && daily->rate != 0)
        diag_error(diagnostics, mark, "keep rate, or table", "the table says the rates already");
    else if (daily_rate(daily) <= 0)
        diag_error(diagnostics, mark, "write rate: 20/s, or a table", "a load needs a rate above zero");
}

/* The part of the day that an instant is in, and when that part ends. */
static uint32_t part_at(const DailySpec *daily, SimTime at, SimTime *ends) {
    int64_t count = daily->part_count, day = at.ns / daily->day.ns, into = at.ns % daily->day.ns;
    int64_t part = (int64_t)((double)into * (double)count / (double)daily->day.ns);
    part = CLAMP(part, 0, count - 1);
    int64_t end = (int64_t)((double)(part + 1) * (double)daily->day.ns / (double)count);
    if (into >= end && part < count - 1) { /* rounding of the division, not of the boundary */
        part++;
        end = (int64_t)((double)(part + 1) * (double)daily->day.ns / (double)count);
    }
    *ends = simtime_add(SIMTIME_NS(day * daily->day.ns), SIMTIME_NS(part == count - 1 ? daily->day.ns : end));
    return (uint32_t)part;
}

static SimTime next_of_table(const DailySpec *daily, SimTime last, Draw *luck) {
    double left = draw_exponential(luck);
    SimTime at, ends;
    for (; !simtime_is_never(last); last = ends) {
        uint32_t part = part_at(daily, last, &ends);
        if (hazard_spend(&left, daily->parts[part], last, ends, &at))
            return at;
    }
    return SIMTIME_NEVER;
}

/* cos is sin a quarter of a turn earlier; 1 at the peak. */
static double wave_at(const DailySpec *daily, SimTime at) {
    double turns = (double)(at.ns % daily->day.ns - daily->peak.ns % daily->day.ns) / (double)daily->day.ns + 1.25;
    turns -= (double)(int)turns;
    return 1 + (double)daily->swing / 1e9 * xmath_sine_of_turn(turns);
}

static SimTime next_of_wave(const DailySpec *daily, SimTime last, Draw *luck) {
    double most = 1 + (double)daily->swing / 1e9, mean_gap = 1e18 / (double)daily->rate / most;
    for (;;) {
        double gap = draw_exponential(luck) * mean_gap;
        if (!(gap < 0x1p62))
            return SIMTIME_NEVER;
        last = simtime_add(last, SIMTIME_NS((int64_t)(gap + 0.5)));
        if (simtime_is_never(last) || draw_unit(luck) * most < wave_at(daily, last))
            return last;
    }
}

static SimTime daily_next(const void *spec, SimTime last, uint64_t number, Draw *luck) {
    const DailySpec *daily = spec;
    (void)number;
    return daily->part_count ? next_of_table(daily, last, luck) : next_of_wave(daily, last, luck);
}

const LoadKind load_daily = {
    .name = "daily",
    .summary = "independent arrivals whose rate follows the time of day",
    .fields = daily_fields,
    .spec_size = sizeof(DailySpec),
    .ready = daily_ready,
    .check = daily_check,
    .next = daily_next,
    .mean_rate = daily_rate,
};
