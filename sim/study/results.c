/* results.c - from columns of exact integers to rows with means, intervals and quantiles. */
#include "study/results.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/interval.h"

typedef struct {
    const MeasureSet *measures;
    const MeasureSetup *setup;
    const Model *model;
} Results;

/* ---- Measures ---------------------------------------------------------------------------- */

/* Values of a column without the nevers, ascending; NaN stands for what there is not. */
typedef struct {
    double *sorted, *in_order;
    uint64_t finite, never;
} Values;

static int by_value(gconstpointer a, gconstpointer b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* In order of replication for sums (so that every machine rounds alike), and sorted for quantiles. */
static Values values_of(const MeasureColumn *column) {
    Values values = {.in_order = g_new(double, column->count + 1)};
    for (uint32_t i = 0; i < column->count; i++) {
        if (column->samples[i].value == INT64_MAX)
            values.never++;
        else
            values.in_order[values.finite++] = (double)column->samples[i].value;
    }
    values.sorted = g_memdup2(values.in_order, (column->count + 1) * sizeof(double));
    qsort(values.sorted, values.finite, sizeof(double), by_value);
    return values;
}

/* The ceil(q n)-th smallest, nevers last. */
static double values_quantile(const Values *values, uint64_t percent) {
    uint64_t rank = ((values->finite + values->never) * percent + 99) / 100;
    if (rank == 0)
        return (double)NAN;
    return rank <= values->finite ? values->sorted[rank - 1] : (double)RECORD_NEVER;
}

/* Nevers are counted apart and left out of mean and interval, but not out of quantiles. */
static void measure_plain(RecordMeasure *row, const MeasureColumn *column) {
    Values values = values_of(column);
    row->count = column->count;
    row->never = (int64_t)values.never;
    row->p50 = values_quantile(&values, 50);
    row->p90 = values_quantile(&values, 90);
    row->p99 = values_quantile(&values, 99);
    if (values.finite) {
        double sum = 0;
        for (uint64_t i = 0; i < values.finite; i++)
            sum += values.in_order[i];
        row->mean = sum / (double)values.finite;
        row->min = values.sorted[0];
        row->max = values.sorted[values.finite - 1];
    }
    Interval interval = interval_mean(values.in_order, values.finite);
    if (interval.exists) {
        row->low = interval.low;
        row->high = interval.high;
    }
    g_free(values.sorted);
    g_free(values.in_order);
}

/* The interval of a mean over observations is that of a ratio: sums over counts, a replication a pair. */
static void measure_pooled(RecordMeasure *row, const MeasureColumn *column) {
    const Histogram *pool = column->pool;
    double *sums = g_new(double, column->pool_count + 1), *counts = g_new(double, column->pool_count + 1);
    row->count = (int64_t)histogram_count(pool);
    row->never = (int64_t)histogram_never(pool);
    if (row->count > 0) {
        row->p50 = (double)histogram_quantile(pool, 500000000);
        row->p90 = (double)histogram_quantile(pool, 900000000);
        row->p99 = (double)histogram_quantile(pool, 990000000);
    }
    if (row->count > row->never) {
        row->mean = histogram_mean(pool);
        row->min = (double)histogram_min(pool);
        row->max = (double)histogram_max(pool);
    }
    for (uint32_t i = 0; i < column->pool_count; i++) {
        sums[i] = (double)column->pools[i].sum;
        counts[i] = (double)(column->pools[i].count - column->pools[i].never);
    }
    Interval interval = interval_ratio(sums, counts, column->pool_count);
    if (interval.exists) {
        row->low = interval.low;
        row->high = interval.high;
    }
    g_free(sums);
    g_free(counts);
}

/* Nothing that is measured is less than zero, and no share more than all. */
static void measure_clamp(RecordMeasure *row, Unit unit) {
    row->low = row->low < 0 ? 0 : row->low;
    if (unit == UNIT_SHARE)
        row->high = row->high > 1e9 ? 1e9 : row->high;
}

/* Shares leave as parts of one. */
static void measure_scale(RecordMeasure *row, double by) {
    double *values[] = {&row->mean, &row->low, &row->high, &row->min, &row->p50, &row->p90, &row->p99, &row->max};
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
        *values[i] /= by;
}

static const char *record_unit(const MeasureColumn *column) {
    switch (measure_unit(column)) {
    case UNIT_TIME: return "ns";
    case UNIT_SHARE: return "1";
    case UNIT_BYTES: return "bytes";
    case UNIT_MONEY: return "microdollars";
    default: return measure_noun(column);
    }
}

static void record_measure(Record *record, const MeasureColumn *column) {
    char *name =
        column->part ? g_strdup_printf("%s.%s", column->info->name, column->part->name) : g_strdup(column->info->name);
    double none = (double)NAN;
    RecordMeasure row = {.name = name,
                         .of = column->of,
                         .unit = record_unit(column),
                         .denominator = column->info->denominator,
                         .window = column->info->window,
                         .mean = none,
                         .low = none,
                         .high = none,
                         .min = none,
                         .p50 = none,
                         .p90 = none,
                         .p99 = none,
                         .max = none};
    if (column->pool)
        measure_pooled(&row, column);
    else
        measure_plain(&row, column);
    measure_clamp(&row, measure_unit(column));
    if (measure_unit(column) == UNIT_SHARE)
        measure_scale(&row, 1e9);
    record_add_measure(record, row);
    g_free(name);
}

/* The ledger has a table of its own, and what is split `by` something has no name in the language. */
static void record_measures(const Results *results, Record *record) {
    const MeasureColumn *const *columns;
    uint32_t count = measure_set_columns(results->measures, &columns);
    for (uint32_t i = 0; i < count; i++)
        if (columns[i]->by == NULL && strcmp(columns[i]->info->name, "balance") != 0)
            record_measure(record, columns[i]);
}

/* ---- Phases ------------------------------------------------------------------------------ */

static double column_mean(const MeasureColumn *column) {
    double sum = 0;
    for (uint32_t i = 0; column && i < column->count; i++)
        sum += (double)column->samples[i].value;
    return column && column->count ? sum / (double)column->count : 0;
}

static const char recovery_time[] = "failover_time";

static const MeasureInfo *recovery_info(void) {
    const MeasureInfo *info = NULL;
    measure_parse(recovery_time, &info, NULL, NULL);
    return info;
}

/* Means over the replications that recovered; the longest binds. */
static void record_fault_phases(const Results *results, Record *record, uint32_t fault) {
    const MeasurePart *parts = measure_parts(recovery_info());
    char *of = measure_fault_label(results->setup, fault);
    double longest = 0;
    for (int pass = 0; pass < 2; pass++) /* first find the longest, then write */
        for (const MeasurePart *part = parts; part->name; part++) {
            char *name = g_strdup_printf("%s.%s", recovery_time, part->name);
            double mean = column_mean(measure_find_by(results->measures, name, of, NULL));
            g_free(name);
            bool binds = pass == 1 && mean >= longest;
            if (pass == 1 && mean > 0)
                record_add_phase(record, (RecordPhase){results->setup->faults[fault].event, part->label,
                                                       (int64_t)(mean + 0.5), binds});
            longest = binds ? (double)INFINITY : fmax(longest, mean); /* of two equal ones the first binds */
        }
    g_free(of);
}

static void record_phases(const Results *results, Record *record) {
    for (uint32_t i = 0; i < results->setup->fault_count; i++)
        if (results->setup->faults[i].event < record->faults->len && measure_fault_leads(results->setup, i))
            record_fault_phases(results, record, i);
}

/* ---- Ledger ------------------------------------------------------------------------------ */

static int64_t column_sum(const MeasureColumn *column) {
    int64_t sum = 0;
    for (uint32_t i = 0; column && i < column->count; i++)
        sum += column->samples[i].value;
    return sum;
}

static int64_t ledger_sum(const Results *results, const char *population, const char *part) {
    char *name = g_strdup_printf("balance.%s", part);
    int64_t sum = column_sum(measure_find_by(results->measures, name, population, NULL));
    g_free(name);
    return sum;
}

static void record_broken(Record *record, uint32_t ledger, const char *cause, int64_t sessions) {
    if (sessions > 0)
        record_add_broken(record, (RecordBroken){ledger, cause, sessions});
}

/* Denied sessions, one row for each rule that decided; what no rule took responsibility for comes last. */
static void record_denied(const Results *results, Record *record, uint32_t ledger, const char *population) {
    int64_t rest = ledger_sum(results, population, "denied");
    for (uint32_t e = 0; e < results->setup->element_count; e++) {
        const char *element = results->setup->elements[e];
        int64_t sessions = column_sum(measure_find_by(results->measures, "balance.denied", population, element));
        if (e == 0 || sessions == 0)
            continue;
        char *cause = g_strdup_printf("denied by %s", element);
        record_broken(record, ledger, cause, sessions);
        g_free(cause);
        rest -= sessions;
    }
    record_broken(record, ledger, "denied by a rule", rest);
}

/* Parts of the ledger that are no causes. */
static bool is_account(const char *part) {
    static const char *const accounts[] = {"arrived", "completed", "active", "returned", "reestablished"};
    for (size_t i = 0; i < G_N_ELEMENTS(accounts); i++)
        if (strcmp(part, accounts[i]) == 0)
            return true;
    return false;
}

/* Sums over replications, so that the ledger balances to the unit. */
static void record_ledgers(const Results *results, Record *record) {
    const MeasureInfo *info = NULL;
    measure_parse("balance", &info, NULL, NULL);
    for (uint32_t i = 0; i < results->setup->population_count; i++) {
        const char *population = results->setup->populations[i].name;
        if (results->model->load_count == 0 && ledger_sum(results, population, "arrived") == 0)
            continue; /* nobody was meant to come */
        uint32_t ledger =
            record_add_ledger(record, (RecordLedger){population, ledger_sum(results, population, "arrived"),
                                                     ledger_sum(results, population, "completed"),
                                                     ledger_sum(results, population, "active"),
                                                     ledger_sum(results, population, "reestablished")});
        for (const MeasurePart *part = measure_parts(info); part->name; part++) {
            if (strcmp(part->name, "denied") == 0)
                record_denied(results, record, ledger, population);
            else if (!is_account(part->name))
                record_broken(record, ledger, part->label, ledger_sum(results, population, part->name));
        }
    }
}

/* ---- Series and cost --------------------------------------------------------------------- */

static bool is_flat(const MeasureSeries *series) {
    for (uint32_t i = 1; i < series->count; i++)
        if (series->values[i] != series->values[0])
            return false;
    return true;
}

/* A component whose units never changed needs no curve: its number stands at the moments. */
static bool is_worth_a_row(const MeasureSeries *all, uint32_t count, const MeasureSeries *series) {
    if (!g_str_equal(series->name, "serving") && !g_str_equal(series->name, "capacity"))
        return true;
    for (uint32_t i = 0; i < count; i++)
        if (g_strcmp0(all[i].of, series->of) == 0 && !is_flat(&all[i]))
            return true;
    return false;
}

static void record_all_series(const Results *results, Record *record) {
    const MeasureSeries *series;
    uint32_t count = measure_set_series(results->measures, &series);
    for (uint32_t i = 0; i < count; i++)
        if (is_worth_a_row(series, count, &series[i]))
            record_add_series(record, (RecordSeries){series[i].name, series[i].of, series[i].noun, series[i].bucket.ns,
                                                     series[i].values, series[i].count});
}

static void record_costs(const Results *results, Record *record) {
    for (uint32_t i = 0; i < results->model->price_count; i++) {
        const Price *price = &results->model->prices[i];
        const MeasureColumn *amount = measure_find_by(results->measures, "cost_per_hour.amount", NULL, price->name);
        const MeasureColumn *cost = measure_find_by(results->measures, "cost_per_hour", NULL, price->name);
        if (amount && cost)
            record_add_cost(record, (RecordCost){price->name, price->unit, price->source, column_mean(amount) / 1e9,
                                                 price->price, (int64_t)(column_mean(cost) + 0.5)});
    }
}

void results_record(const MeasureSet *measures, const MeasureSetup *setup, const Model *model, Record *record) {
    const Results results = {measures, setup, model};
    record_all_series(&results, record);
    record_measures(&results, record);
    record_phases(&results, record);
    record_ledgers(&results, record);
    record_costs(&results, record);
}

/* Why a miss would not make the whole fail; allocated, NULL: it would. */
static char *excuse_of(const Expect *expect) {
    static const char *const severities[] = {NULL, "a warning", "a note"};
    const Waiver *waiver = &expect->waiver;
    if (!waiver->exists)
        return g_strdup(severities[expect->severity]);
    return g_strdup_printf("waived until %s (%s): %s", waiver->until_text, waiver->owner, waiver->because);
}

void results_record_expectations(const Model *model, const Judgement *judgements, const ResultsBut *buts,
                                 Record *record) {
    for (uint32_t i = 0; i < model->expect_count; i++) {
        const Expect *expect = &model->expects[i];
        const Judgement *judgement = &judgements[i];
        const char *but = buts ? buts[i].text : NULL;
        char *excuse = excuse_of(expect);
        RecordExpectation row = {
            .id = expect->id,
            .text = expect->text,
            .because = expect->because,
            .verdict = finding_name(judgement->verdict),
            .measured = judgement->measured,
            .bound = expect->bound_text,
            .counterexample = judgement->verdict == FINDING_UNDECIDED ? judgement->why : judgement->counterexample,
            .but_text = but,
            .but_verdict = but ? expectation_but_name(buts[i].verdict) : NULL,
            .excused = excuse,
        };
        record_add_expectation(record, row);
        g_free(excuse);
    }
}
