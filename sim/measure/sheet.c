/* sheet.c - columns of exact integers, one per replication, and how two sheets become one. */
#include "measure/sheet.h"

#include <glib.h>
#include <string.h>

#include "base/bug.h"
#include "measure/plugin.h"

/* `view` is what the outside sees; it is brought up to date whenever an array below changes. */
typedef struct {
    MeasureColumn view;
    GArray *samples; /* MeasureSample, by replication */
    GArray *pools;   /* MeasurePool, by replication; NULL unless pooled */
    Histogram *pool;
} Column;

struct Sheet {
    GArray *quantiles;    /* int64_t, ascending */
    GArray *replications; /* uint64_t, ascending, finished or begun */
    GPtrArray *columns;   /* Column, canonical order */
    GArray *series;       /* MeasureSeries, as first put, all of replication `shown` */
    uint64_t shown;
    GStringChunk *texts;
    const MeasureInfo *info; /* whose values are being put */
    uint64_t now;            /* the replication that has begun */
};

static void column_free(gpointer data) {
    Column *column = data;
    g_array_free(column->samples, TRUE);
    if (column->pools)
        g_array_free(column->pools, TRUE);
    histogram_free(column->pool);
    g_free(column);
}

static void series_free_values(Sheet *sheet) {
    for (guint i = 0; i < sheet->series->len; i++)
        g_free((gpointer)(uintptr_t)g_array_index(sheet->series, MeasureSeries, i).values);
    g_array_set_size(sheet->series, 0);
}

Sheet *sheet_new(const int64_t *quantiles, uint32_t count) {
    Sheet *sheet = g_new0(Sheet, 1);
    sheet->quantiles = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_array_append_vals(sheet->quantiles, quantiles, count);
    sheet->replications = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    sheet->columns = g_ptr_array_new_with_free_func(column_free);
    sheet->series = g_array_new(FALSE, FALSE, sizeof(MeasureSeries));
    sheet->texts = g_string_chunk_new(1024);
    return sheet;
}

void sheet_forget(Sheet *sheet) {
    series_free_values(sheet);
    g_array_set_size(sheet->replications, 0);
    g_ptr_array_set_size(sheet->columns, 0);
    g_string_chunk_clear(sheet->texts);
}

void sheet_free(Sheet *sheet) {
    if (sheet == NULL)
        return;
    series_free_values(sheet);
    g_array_free(sheet->series, TRUE);
    g_array_free(sheet->quantiles, TRUE);
    g_array_free(sheet->replications, TRUE);
    g_ptr_array_free(sheet->columns, TRUE);
    g_string_chunk_free(sheet->texts);
    g_free(sheet);
}

/* ---- Finding and making columns ---------------------------------------------------------- */

/* NULL sorts first: the whole before its parts. */
static int text_order(const char *a, const char *b) {
    if (a == NULL || b == NULL)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

/* Parts of one measure lie in one array, so their addresses are in the order in which they are listed. */
static int part_order(const MeasurePart *a, const MeasurePart *b) {
    if (a == NULL || b == NULL)
        return (a != NULL) - (b != NULL);
    return (a > b) - (a < b);
}

/* The order of reports, CSV and JSON: nothing that depends on when a column came into being. */
static int column_order(const MeasureColumn *a, const MeasureColumn *b) {
    int order = strcmp(a->info->name, b->info->name);
    if (order == 0)
        order = part_order(a->part, b->part);
    if (order == 0)
        order = text_order(a->of, b->of);
    return order ? order : text_order(a->by, b->by);
}

/* The place of a key: its column, or where it would have to stand. O(log columns). */
static bool sheet_search(const Sheet *sheet, const MeasureColumn *key, guint *place) {
    guint low = 0, high = sheet->columns->len;
    while (low < high) {
        guint middle = (low + high) / 2;
        int order = column_order(g_ptr_array_index(sheet->columns, middle), key);
        if (order == 0) {
            *place = middle;
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *place = low;
    return false;
}

/* Derived columns (`by` starts with '#') hold a value only where there were observations. */
static bool column_is_count(const Column *column) {
    const char *by = column->view.by;
    return measure_unit(&column->view) == UNIT_NONE && column->pools == NULL && (by == NULL || by[0] != '#');
}

static void column_update(Column *column) {
    column->view.samples = (const MeasureSample *)(gpointer)column->samples->data;
    column->view.count = column->samples->len;
    column->view.pool = column->pool;
    if (column->pools) {
        column->view.pools = (const MeasurePool *)(gpointer)column->pools->data;
        column->view.pool_count = column->pools->len;
    }
}

/* Replication numbers mostly come in order, so the search starts at the end. False: there is one already. */
static bool column_add(Column *column, MeasureSample sample) {
    guint place = column->samples->len;
    while (place > 0 && g_array_index(column->samples, MeasureSample, place - 1).replication > sample.replication)
        place--;
    if (place > 0 && g_array_index(column->samples, MeasureSample, place - 1).replication == sample.replication)
        return false;
    g_array_insert_val(column->samples, place, sample);
    column_update(column);
    return true;
}

/* A column of counts says 0 for each replication in which nothing was put. Mostly that is the last one. */
static void column_fill(Column *column, const GArray *replications) {
    if (!column_is_count(column) || column->samples->len == replications->len)
        return;
    guint known = column->samples->len, place = replications->len;
    g_array_set_size(column->samples, place);
    MeasureSample *samples = (MeasureSample *)(gpointer)column->samples->data;
    while (place > known) { /* from the end, moving what there is; done when the rest has no gaps */
        place--;
        uint64_t replication = g_array_index(replications, uint64_t, place);
        bool there = known > 0 && samples[known - 1].replication == replication;
        samples[place] = there ? samples[--known] : (MeasureSample){replication, 0};
    }
    column_update(column);
}

static Column *sheet_column(Sheet *sheet, const MeasureColumn *key, bool pooled) {
    guint place;
    if (sheet_search(sheet, key, &place)) {
        Column *found = g_ptr_array_index(sheet->columns, place);
        BUG_IF((found->pools != NULL) != pooled, "a column is pooled or it is not");
        return found;
    }
    Column *column = g_new0(Column, 1);
    column->view = (MeasureColumn){.info = key->info, .part = key->part};
    column->view.of = key->of ? g_string_chunk_insert_const(sheet->texts, key->of) : NULL;
    column->view.by = key->by ? g_string_chunk_insert_const(sheet->texts, key->by) : NULL;
    column->samples = g_array_new(FALSE, FALSE, sizeof(MeasureSample));
    if (pooled) {
        column->pools = g_array_new(FALSE, FALSE, sizeof(MeasurePool));
        column->pool = histogram_new();
    }
    column_update(column);
    g_ptr_array_insert(sheet->columns, (gint)place, column);
    return column;
}

/* ---- Filling ----------------------------------------------------------------------------- */

static void sheet_number(Sheet *sheet, uint64_t replication) {
    guint place = sheet->replications->len;
    while (place > 0 && g_array_index(sheet->replications, uint64_t, place - 1) > replication)
        place--;
    BUG_IF(place > 0 && g_array_index(sheet->replications, uint64_t, place - 1) == replication,
           "the same replication twice");
    g_array_insert_val(sheet->replications, place, replication);
}

void sheet_begin(Sheet *sheet, uint64_t replication) {
    sheet_number(sheet, replication);
    sheet->now = replication;
    if (sheet->replications->len == 1 || replication < sheet->shown) {
        series_free_values(sheet);
        sheet->shown = replication;
    }
}

void sheet_measure(Sheet *sheet, const MeasureInfo *info) { sheet->info = info; }

void sheet_end(Sheet *sheet) {
    for (guint i = 0; i < sheet->columns->len; i++)
        column_fill(g_ptr_array_index(sheet->columns, i), sheet->replications);
}

/* The key that a plug-in means; it may only put parts that it lists, or explain and schema would not know them. */
static MeasureColumn sheet_key(const Sheet *sheet, const char *part, const char *of, const char *by) {
    MeasureColumn key = {.info = sheet->info, .of = of, .by = by};
    if (part == NULL)
        return key;
    for (key.part = measure_parts(sheet->info); key.part->name; key.part++)
        if (strcmp(key.part->name, part) == 0)
            return key;
    BUG_IF(true, "a measure put a part that it does not list");
    return key;
}

void sheet_put(Sheet *sheet, const char *part, const char *of, const char *by, int64_t value) {
    MeasureColumn key = sheet_key(sheet, part, of, by);
    bool added = column_add(sheet_column(sheet, &key, false), (MeasureSample){sheet->now, value});
    BUG_IF(!added, "a measure put the same value twice");
}

static char *quantile_name(int64_t q_ppb) { return g_strdup_printf("#p%09" G_GINT64_FORMAT, q_ppb); }

/* What is kept of a replication's observations besides the merged histogram: enough for means and their intervals. */
static MeasurePool pool_summary(uint64_t replication, const Histogram *observations) {
    return (MeasurePool){.replication = replication,
                         .count = (int64_t)histogram_count(observations),
                         .never = (int64_t)histogram_never(observations),
                         .sum = histogram_sum(observations),
                         .min = histogram_min(observations),
                         .max = histogram_max(observations)};
}

static void column_add_pool(Column *column, MeasurePool pool) {
    guint place = column->pools->len;
    while (place > 0 && g_array_index(column->pools, MeasurePool, place - 1).replication > pool.replication)
        place--;
    g_array_insert_val(column->pools, place, pool);
    column_update(column);
}

void sheet_pool(Sheet *sheet, const char *part, const char *of, const Histogram *observations) {
    MeasureColumn key = sheet_key(sheet, part, of, NULL);
    Column *column = sheet_column(sheet, &key, true);
    histogram_merge(column->pool, observations);
    column_add_pool(column, pool_summary(sheet->now, observations));
    if (histogram_count(observations) == 0)
        return;
    for (guint i = 0; i < sheet->quantiles->len; i++) {
        int64_t q = g_array_index(sheet->quantiles, int64_t, i);
        char *by = quantile_name(q);
        sheet_put(sheet, part, of, by, histogram_quantile(observations, q));
        g_free(by);
    }
}

static void series_add(Sheet *sheet, const MeasureSeries *series) {
    MeasureSeries copy = *series;
    copy.name = g_string_chunk_insert_const(sheet->texts, series->name);
    copy.of = series->of ? g_string_chunk_insert_const(sheet->texts, series->of) : NULL;
    copy.noun = g_string_chunk_insert_const(sheet->texts, series->noun);
    copy.values = g_memdup2(series->values, series->count * sizeof(int64_t));
    g_array_append_val(sheet->series, copy);
}

void sheet_series(Sheet *sheet, const char *name, const char *of, const char *noun, SimTime bucket,
                  const int64_t *values, uint32_t count) {
    if (sheet->now == sheet->shown)
        series_add(sheet, &(MeasureSeries){name, of, noun, bucket, values, count});
}

/* ---- Merging and reading ----------------------------------------------------------------- */

/* Numbers of replications differ, so nothing is ever added up: samples are only put in order. */
static void column_merge(Column *into, const Column *from) {
    for (guint i = 0; i < from->samples->len; i++)
        column_add(into, g_array_index(from->samples, MeasureSample, i));
    if (from->pools == NULL)
        return;
    histogram_merge(into->pool, from->pool);
    for (guint i = 0; i < from->pools->len; i++)
        column_add_pool(into, g_array_index(from->pools, MeasurePool, i));
}

/* Zeros are filled in at the end, because a column may be new to either side. */
void sheet_merge(Sheet *into, const Sheet *from) {
    if (from->replications->len == 0)
        return;
    if (into->replications->len == 0 || from->shown < into->shown) {
        series_free_values(into);
        into->shown = from->shown;
        for (guint i = 0; i < from->series->len; i++)
            series_add(into, &g_array_index(from->series, MeasureSeries, i));
    }
    for (guint i = 0; i < from->replications->len; i++)
        sheet_number(into, g_array_index(from->replications, uint64_t, i));
    for (guint i = 0; i < from->columns->len; i++) {
        const Column *column = g_ptr_array_index(from->columns, i);
        column_merge(sheet_column(into, &column->view, column->pools != NULL), column);
    }
    sheet_end(into);
}

uint64_t sheet_replications(const Sheet *sheet) { return sheet->replications->len; }

bool sheet_holds(const Sheet *sheet, uint64_t replication) {
    guint place = sheet->replications->len;
    while (place > 0 && g_array_index(sheet->replications, uint64_t, place - 1) > replication)
        place--;
    return place > 0 && g_array_index(sheet->replications, uint64_t, place - 1) == replication;
}

uint64_t sheet_only(const Sheet *sheet) {
    BUG_IF(sheet->replications->len != 1, "the sheet is not of one replication");
    return g_array_index(sheet->replications, uint64_t, 0);
}

uint32_t sheet_columns(const Sheet *sheet, const MeasureColumn *const **columns) {
    *columns = (const MeasureColumn *const *)(gconstpointer)sheet->columns->pdata;
    return sheet->columns->len;
}

const MeasureColumn *sheet_find(const Sheet *sheet, const MeasureInfo *info, const MeasurePart *part, const char *of,
                                const char *by) {
    guint place;
    MeasureColumn key = {.info = info, .part = part, .of = of, .by = by};
    return sheet_search(sheet, &key, &place) ? g_ptr_array_index(sheet->columns, place) : NULL;
}

const MeasureColumn *sheet_quantile(const Sheet *sheet, const MeasureColumn *pooled, int64_t q_ppb) {
    char *by = quantile_name(q_ppb);
    const MeasureColumn *found = sheet_find(sheet, pooled->info, pooled->part, pooled->of, by);
    g_free(by);
    return found;
}

uint32_t sheet_all_series(const Sheet *sheet, const MeasureSeries **series) {
    *series = (const MeasureSeries *)(gpointer)sheet->series->data;
    return sheet->series->len;
}
