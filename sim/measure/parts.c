/* parts.c - the columns of one replication as bytes, and the same columns put again from them. */
#include "measure/parts.h"

#include <string.h>

#include "measure/plugin.h"

/* What follows in the bytes. A name is written once for the values that share it. */
typedef enum { PART_END, PART_MEASURE, PART_VALUE, PART_POOL, PART_SERIES } PartMark;

/* ---- To bytes ---------------------------------------------------------------------------- */

/* Columns whose `by` begins with '#' follow from the observations. */
static bool is_derived(const MeasureColumn *column) { return column->by != NULL && column->by[0] == '#'; }

static void pack_key(const MeasureColumn *column, PartMark mark, GByteArray *out) {
    pack_uint(out, mark);
    pack_text(out, column->part ? column->part->name : NULL);
    pack_text(out, column->of);
    pack_text(out, column->by);
}

static void pack_column(const MeasureColumn *column, GByteArray *out) {
    if (column->pool) {
        pack_key(column, PART_POOL, out);
        histogram_pack(column->pool, out);
    } else if (column->count > 0) {
        pack_key(column, PART_VALUE, out);
        pack_int(out, column->samples[0].value);
    }
}

static void pack_series(const MeasureSeries *series, GByteArray *out) {
    pack_uint(out, PART_SERIES);
    pack_text(out, series->name);
    pack_text(out, series->of);
    pack_text(out, series->noun);
    pack_int(out, series->bucket.ns);
    pack_uint(out, series->count);
    for (uint32_t i = 0; i < series->count; i++)
        pack_int(out, series->values[i]);
}

void parts_pack(const Sheet *sheet, bool series, GByteArray *out) {
    const MeasureColumn *const *columns;
    const MeasureSeries *lines;
    const MeasureInfo *info = NULL;
    uint32_t count = sheet_columns(sheet, &columns), line_count = series ? sheet_all_series(sheet, &lines) : 0;
    pack_uint(out, sheet_only(sheet));
    for (uint32_t i = 0; i < count; i++) {
        if (is_derived(columns[i]))
            continue;
        if (columns[i]->info != info) {
            info = columns[i]->info;
            pack_uint(out, PART_MEASURE);
            pack_text(out, info->name);
        }
        pack_column(columns[i], out);
    }
    for (uint32_t i = 0; i < line_count; i++)
        pack_series(&lines[i], out);
    pack_uint(out, PART_END);
}

/* ---- From bytes -------------------------------------------------------------------------- */

/* Whose values follow. Bytes that passed their digest are ours; these checks are for those that somebody else made. */
typedef struct {
    Sheet *sheet;
    Unpack *from;
    const MeasureInfo *info;
    uint64_t replication;
} Taking;

static bool take_measure(Taking *taking) {
    char *name = unpack_text(taking->from);
    const MeasurePart *part = NULL;
    bool known = name != NULL && strpbrk(name, ".[") == NULL && measure_parse(name, &taking->info, &part, NULL);
    if (known)
        sheet_measure(taking->sheet, taking->info);
    g_free(name);
    return known;
}

/* May a value (observations) be put under this key? */
static bool key_is_free(const Taking *taking, const char *part, const char *of, const char *by, bool pooled) {
    const MeasurePart *found = NULL;
    if (taking->info == NULL || (by != NULL && (pooled || by[0] == '#')))
        return false;
    for (found = measure_parts(taking->info); part != NULL && found->name != NULL; found++)
        if (strcmp(found->name, part) == 0)
            break;
    if (part != NULL && found->name == NULL)
        return false;
    const MeasureColumn *column = sheet_find(taking->sheet, taking->info, part ? found : NULL, of, by);
    if (column == NULL)
        return true;
    bool holds = false; /* of this replication: only bytes that name a column twice */
    for (uint32_t i = column->pool_count; i > 0 && column->pools[i - 1].replication >= taking->replication; i--)
        holds = holds || column->pools[i - 1].replication == taking->replication;
    for (uint32_t i = column->count; i > 0 && column->samples[i - 1].replication >= taking->replication; i--)
        holds = holds || column->samples[i - 1].replication == taking->replication;
    return (column->pool != NULL) == pooled && !holds;
}

static bool take_pool(Taking *taking, const char *part, const char *of) {
    Histogram *observations = histogram_new();
    bool good = histogram_unpack(observations, taking->from);
    if (good)
        sheet_pool(taking->sheet, part, of, observations);
    histogram_free(observations);
    return good;
}

static bool take_column(Taking *taking, bool pooled) {
    char *part = unpack_text(taking->from), *of = unpack_text(taking->from), *by = unpack_text(taking->from);
    bool good = !taking->from->failed && key_is_free(taking, part, of, by, pooled);
    if (good && pooled)
        good = take_pool(taking, part, of);
    else if (good)
        sheet_put(taking->sheet, part, of, by, unpack_int(taking->from));
    g_free(part);
    g_free(of);
    g_free(by);
    return good;
}

static bool take_series(Taking *taking) {
    char *name = unpack_text(taking->from), *of = unpack_text(taking->from), *noun = unpack_text(taking->from);
    SimTime bucket = SIMTIME_NS(unpack_int(taking->from));
    uint64_t count = unpack_uint(taking->from);
    bool good = !taking->from->failed && name && noun && bucket.ns > 0 &&
                count <= (uint64_t)(taking->from->end - taking->from->at); /* a value takes a byte at least */
    int64_t *values = good ? g_new(int64_t, count + 1) : NULL;
    for (uint64_t i = 0; good && i < count; i++)
        values[i] = unpack_int(taking->from);
    if (good)
        sheet_series(taking->sheet, name, of, noun, bucket, values, (uint32_t)count);
    g_free(values);
    g_free(name);
    g_free(of);
    g_free(noun);
    return good;
}

bool parts_unpack(Sheet *sheet, Unpack *from) {
    Taking taking = {sheet, from, NULL, unpack_uint(from)};
    if (from->failed || sheet_holds(sheet, taking.replication))
        return false;
    sheet_begin(sheet, taking.replication);
    uint64_t mark = unpack_uint(from);
    for (bool good = true; mark != PART_END; mark = unpack_uint(from)) {
        switch (mark) {
        case PART_MEASURE: good = take_measure(&taking); break;
        case PART_VALUE: good = take_column(&taking, false); break;
        case PART_POOL: good = take_column(&taking, true); break;
        case PART_SERIES: good = take_series(&taking); break;
        default: good = false;
        }
        if (!good)
            return false;
    }
    sheet_end(sheet);
    return !from->failed;
}
