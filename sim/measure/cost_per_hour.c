/* cost_per_hour.c - what running it costs, by the price list. */
#include <glib.h>

#include "base/int128.h"
#include "measure/plugin.h"
#include "measure/stock.h"
#include "measure/usage.h"

#define HOUR INT64_C(3600000000000)
#define MONTH_HOURS 730

/* Of each component, whole run: its units, and the objects and lines that it keeps. */
typedef struct {
    Usage usage;
    Stock stock;
} CostState;

static void cost_start(void *state, const MeasureSetup *setup) {
    usage_start(&((CostState *)state)->usage, setup);
    stock_start(&((CostState *)state)->stock, setup);
}
static void cost_begin(void *state) {
    usage_begin(&((CostState *)state)->usage);
    stock_begin(&((CostState *)state)->stock);
}
static void cost_see(void *state, const Fact *fact) {
    if (fact->kind == FACT_UNIT)
        usage_see(&((CostState *)state)->usage, fact);
    else
        stock_see(&((CostState *)state)->stock, fact);
}
static void cost_clear(void *state) {
    usage_clear(&((CostState *)state)->usage);
    stock_clear(&((CostState *)state)->stock);
}

/* What was given to it or is kept counts over the whole run; a month of 730 hours is 730 of what an hour takes. */
static int64_t stock_per_hour(const Stock *stock, const MeasureSetup *setup, const MeasurePrice *price) {
    if (price->basis == COST_PER_GB_TAKEN)
        return (int64_t)((Int128)stock->taken[price->component] * price->each * HOUR / setup->until.ns);
    Int128 kept = stock_total(stock, price->component, setup->until) * price->each;
    return (int64_t)((kept / setup->until.ns + price->held) / MONTH_HOURS);
}

/* How much of an item one hour takes, in billionths of its unit: unit-hours, hours, or millions of requests. Requests
 * are counted over the whole run, so they are spread over the whole run. */
static int64_t amount_per_hour(const CostState *state, const MeasureEnd *end, const MeasurePrice *price) {
    const Usage *usage = &state->usage;
    const MeasureSetup *setup = end->setup;
    int64_t window = setup->until.ns - setup->warm_up.ns;
    if (window <= 0)
        return 0;
    switch (price->basis) {
    case COST_UNIT_HOUR: return (int64_t)(usage_total(usage, price->component, setup->until) * 1000000000 / window);
    case COST_COMPONENT_HOUR: return 1000000000;
    case COST_ATTACHMENT_HOUR: return price->each * 1000000000;
    case COST_PER_GB:
        return end->totals->inspected
                   ? (int64_t)((Int128)end->totals->inspected[price->component] * HOUR / setup->until.ns)
                   : 0;
    case COST_PER_GB_TAKEN:
    case COST_PER_GB_MONTH: return stock_per_hour(&state->stock, setup, price);
    case COST_PER_MILLION: break;
    }
    uint64_t requests = end->totals->requests ? end->totals->requests[price->component] : 0;
    return (int64_t)((Int128)requests * 1000 * HOUR / setup->until.ns);
}

/* The items of equal name and basis are one row, whoever bills them; the first in the list speaks for all. */
static bool is_first_of_item(const MeasureSetup *setup, uint32_t i) {
    for (uint32_t j = 0; j < i; j++)
        if (g_strcmp0(setup->prices[j].item, setup->prices[i].item) == 0)
            return false;
    return true;
}

/* Puts one item: its amount and what that costs an hour. Returns the cost. */
static int64_t item_put(Sheet *sheet, const char *item, int64_t amount, int64_t price) {
    int64_t cost = (int64_t)(((Int128)amount * price + 500000000) / 1000000000);
    sheet_put(sheet, "amount", NULL, item, amount);
    sheet_put(sheet, NULL, NULL, item, cost);
    return cost;
}

/* What so many of something cost, of which there were `count` in the window. */
static void put_each(Sheet *sheet, const MeasureEnd *end, const char *part, int64_t total, uint64_t count,
                     int64_t many) {
    int64_t window = end->setup->until.ns - end->setup->warm_up.ns;
    if (count == 0 || window <= 0)
        return;
    Int128 each = (Int128)total * window * many / HOUR / (Int128)count;
    sheet_put(sheet, part, NULL, NULL, each < INT64_MAX ? (int64_t)each : INT64_MAX - 1);
}

static void cost_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    const MeasureSetup *setup = end->setup;
    int64_t total = 0;
    for (uint32_t i = 0; i < setup->price_count; i++) {
        if (!is_first_of_item(setup, i))
            continue;
        int64_t amount = 0;
        for (uint32_t j = i; j < setup->price_count; j++)
            if (g_strcmp0(setup->prices[j].item, setup->prices[i].item) == 0)
                amount += amount_per_hour(state, end, &setup->prices[j]);
        total += item_put(sheet, setup->prices[i].item, amount, setup->prices[i].price);
    }
    for (uint32_t i = 0; i < setup->transfer_count && end->totals->bytes; i++) {
        const MeasureTransfer *transfer = &setup->transfers[i];
        int64_t amount = (int64_t)((Int128)end->totals->bytes[transfer->scope] * HOUR / setup->until.ns);
        total += item_put(sheet, transfer->item, amount, transfer->price);
    }
    sheet_put(sheet, NULL, NULL, NULL, total);
    put_each(sheet, end, "per_job", total, end->seen[FACT_JOB_FINISHED], 1);
    put_each(sheet, end, "per_session", total, end->seen[FACT_ARRIVED], 1);
    put_each(sheet, end, "per_million_requests", total, end->seen[FACT_SERVED], 1000000);
}

static const MeasurePart parts[] = {
    {"amount", UNIT_SHARE, NULL, "amount of an item in one hour"},
    {"per_job", UNIT_MONEY, NULL, "cost of a finished job"},
    {"per_session", UNIT_MONEY, NULL, "cost of a session"},
    {"per_million_requests", UNIT_MONEY, NULL, "cost of a million requests that were answered"},
    {NULL, UNIT_NONE, NULL, NULL},
};

const MeasureKind measure_cost_per_hour = {
    .help =
        "Price list times what ran: units by the hour, components by the hour, requests by the million, bytes by "
        "the GB, what is kept by the GB and month of 730 hours. Prices are "
        "assumptions, printed with their source. amount: of each item, in its own unit. "
        "per_session, per_million_requests, per_job: all of it, by the sessions that arrived, the requests that were "
        "answered, and the jobs that were finished.",
    .parts = parts,
    .wants = FACT_BIT(FACT_UNIT) | FACT_BIT(FACT_STORED) | FACT_BIT(FACT_COPIED) | FACT_BIT(FACT_LINES_KEPT),
    .counts = FACT_BIT(FACT_ARRIVED) | FACT_BIT(FACT_SERVED) | FACT_BIT(FACT_JOB_FINISHED),
    .whole_run = true,
    .state_size = sizeof(CostState),
    .start = cost_start,
    .begin = cost_begin,
    .see = cost_see,
    .end = cost_end,
    .clear = cost_clear,
};
