/* sweep_page.c - the table of a sweep, as text, CSV or JSON. */
#include "commands/sweep_page.h"

#include <inttypes.h>
#include <string.h>

#include "base/escape.h"
#include "base/json.h"

/* --- collecting --------------------------------------------------------------------------------------------------- */

void sweep_init(Sweep *sweep, const char *path, const char *const *metrics, SweepCellValue cell_value) {
    *sweep = (Sweep){.path = path,
                     .metrics = metrics,
                     .metric_count = g_strv_length((char **)(uintptr_t)metrics),
                     .axes = g_array_new(FALSE, FALSE, sizeof(SweepAxis)),
                     .values = g_array_new(FALSE, FALSE, sizeof(MetricSummary)),
                     .cell_value = cell_value};
}

void sweep_clear(Sweep *sweep) {
    g_array_free(sweep->axes, TRUE);
    g_array_free(sweep->values, TRUE);
}

void sweep_cell_add(Sweep *sweep, const MeasureSet *measures) {
    for (uint32_t m = 0; m < sweep->metric_count; m++) {
        MetricSummary value = metric_summary(measures, sweep->metrics[m]);
        g_array_append_val(sweep->values, value);
    }
}

static uint32_t cell_count(const Sweep *sweep) { return sweep->values->len / sweep->metric_count; }

static const MetricSummary *value_at(const Sweep *sweep, uint32_t cell, uint32_t metric) {
    return &g_array_index(sweep->values, MetricSummary, cell * sweep->metric_count + metric);
}

/* --- text --------------------------------------------------------------------------------------------------------- */

static char *cell_text(const MetricSummary *value, Unit unit) {
    if (value->n == 0)
        return g_strdup(value->never > 0 ? "never" : "-");
    char *summary = summary_text(value, unit);
    if (value->never == 0)
        return summary;
    char *text = g_strdup_printf("%s, never %" PRIu64, summary, value->never);
    g_free(summary);
    return text;
}

/* Columns as wide as their widest text; nothing is cut. */
static void table_print(GString *out, const GPtrArray *cells, uint32_t columns) {
    int *widths = g_new0(int, columns);
    for (guint i = 0; i < cells->len; i++)
        widths[i % columns] = MAX(widths[i % columns], print_columns(cells->pdata[i]));
    for (guint i = 0; i < cells->len; i++) {
        bool last = i % columns == columns - 1;
        g_string_append(out, cells->pdata[i]);
        for (int pad = print_columns(cells->pdata[i]); pad < widths[i % columns] + 2 && !last; pad++)
            g_string_append_c(out, ' ');
        if (last) {
            while (out->len > 0 && out->str[out->len - 1] == ' ')
                g_string_truncate(out, out->len - 1);
            g_string_append_c(out, '\n');
        }
    }
    g_free(widths);
}

static void heads_add(const Sweep *sweep, GPtrArray *cells) {
    for (guint a = 0; a < sweep->axes->len; a++)
        g_ptr_array_add(cells, escape_terminal(g_array_index(sweep->axes, SweepAxis, a).name));
    for (uint32_t m = 0; m < sweep->metric_count; m++)
        g_ptr_array_add(cells, g_strdup(sweep->metrics[m]));
    g_ptr_array_add(cells, g_strdup(""));
}

static void rows_print(GString *out, const Sweep *sweep, const bool *front, uint32_t knee) {
    GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
    heads_add(sweep, cells);
    for (uint32_t cell = 0; cell < cell_count(sweep); cell++) {
        for (guint a = 0; a < sweep->axes->len; a++)
            g_ptr_array_add(cells, escape_terminal(sweep->cell_value(sweep->axes, cell, a)));
        for (uint32_t m = 0; m < sweep->metric_count; m++)
            g_ptr_array_add(cells, cell_text(value_at(sweep, cell, m), metric_unit(sweep->metrics[m])));
        g_ptr_array_add(cells, g_strdup(cell == knee ? "* knee" : front[cell] ? "*" : ""));
    }
    table_print(out, cells, sweep->axes->len + sweep->metric_count + 1);
    g_ptr_array_free(cells, TRUE);
}

static void effects_print(GString *out, const Sweep *sweep, int width) {
    for (uint32_t m = 0; m < sweep->metric_count; m++) {
        guint most = 0;
        for (guint a = 1; a < sweep->axes->len; a++)
            most = sweep_effect(sweep, a, m) > sweep_effect(sweep, most, m) ? a : most;
        char *size = mean_text(sweep_effect(sweep, most, m), metric_unit(sweep->metrics[m]));
        char *name = escape_terminal(g_array_index(sweep->axes, SweepAxis, most).name);
        char *text = sweep_effect(sweep, most, m) == 0
                         ? g_strdup_printf("%s is moved by nothing here", sweep->metrics[m])
                         : g_strdup_printf("%s is moved most by %s: by %s", sweep->metrics[m], name, size);
        print_words(out, text, 0, 2, width);
        g_free(text);
        g_free(name);
        g_free(size);
    }
}

static void text_print(GString *out, const Sweep *sweep, const bool *front, uint32_t knee, int width) {
    char *path = escape_terminal(sweep->path);
    g_string_append_printf(out, "%s: %u cells, %" PRIu64 " replications each, the same luck for all\n\n", path,
                           cell_count(sweep), sweep->replications);
    rows_print(out, sweep, front, knee);
    g_string_append(out, "\n* no other cell is at least as good in everything and better in something\n");
    effects_print(out, sweep, width);
    g_free(path);
}

/* --- CSV ---------------------------------------------------------------------------------------------------------- */

static void text_put(GString *out, const char *text) {
    char *safe = escape_csv(text);
    g_string_append_printf(out, "%s,", safe);
    g_free(safe);
}

static void number_put(GString *out, bool there, double value) {
    csv_number(out, there, value);
    g_string_append_c(out, ',');
}

static void csv_print(GString *out, const Sweep *sweep, const bool *front, uint32_t knee) {
    for (guint a = 0; a < sweep->axes->len; a++)
        text_put(out, g_array_index(sweep->axes, SweepAxis, a).name);
    for (uint32_t m = 0; m < sweep->metric_count; m++)
        g_string_append_printf(out, "%s,%s low,%s high,%s never,", sweep->metrics[m], sweep->metrics[m],
                               sweep->metrics[m], sweep->metrics[m]);
    g_string_append(out, "front\n");
    for (uint32_t cell = 0; cell < cell_count(sweep); cell++) {
        for (guint a = 0; a < sweep->axes->len; a++)
            text_put(out, sweep->cell_value(sweep->axes, cell, a));
        for (uint32_t m = 0; m < sweep->metric_count; m++) {
            const MetricSummary *value = value_at(sweep, cell, m);
            number_put(out, value->n > 0, value->mean);
            number_put(out, value->interval.exists, value->interval.low);
            number_put(out, value->interval.exists, value->interval.high);
            g_string_append_printf(out, "%" PRIu64 ",", value->never);
        }
        g_string_append(out, cell == knee ? "knee\n" : front[cell] ? "yes\n" : "no\n");
    }
}

/* --- JSON --------------------------------------------------------------------------------------------------------- */

static void cell_json(JsonWriter *json, const Sweep *sweep, uint32_t cell, bool in_front, bool is_knee) {
    json_begin_object(json, NULL);
    json_begin_object_inline(json, "set");
    for (guint a = 0; a < sweep->axes->len; a++)
        json_string(json, g_array_index(sweep->axes, SweepAxis, a).name, sweep->cell_value(sweep->axes, cell, a));
    json_end(json);
    json_begin_object(json, "metrics");
    for (uint32_t m = 0; m < sweep->metric_count; m++) {
        json_begin_object_inline(json, sweep->metrics[m]);
        json_summary(json, value_at(sweep, cell, m));
        json_end(json);
    }
    json_end(json);
    json_bool(json, "front", in_front);
    json_bool(json, "knee", is_knee);
    json_end(json);
}

static void json_print(GString *out, const Sweep *sweep, const bool *front, uint32_t knee) {
    JsonWriter *json = json_document("faultline-sweep/1");
    json_int(json, "replications", (int64_t)sweep->replications);
    json_begin_array(json, "cells");
    for (uint32_t cell = 0; cell < cell_count(sweep); cell++)
        cell_json(json, sweep, cell, front[cell], cell == knee);
    json_end(json);
    json_begin_array(json, "effects");
    for (uint32_t m = 0; m < sweep->metric_count; m++) {
        json_begin_object_inline(json, NULL);
        json_string(json, "metric", sweep->metrics[m]);
        for (guint a = 0; a < sweep->axes->len; a++)
            json_double(json, g_array_index(sweep->axes, SweepAxis, a).name, sweep_effect(sweep, a, m));
        json_end(json);
    }
    json_end(json);
    print_json(out, json);
}

void sweep_print(GString *out, const Sweep *sweep, TableFormat format, int width) {
    bool *front = g_new0(bool, cell_count(sweep) + 1);
    uint32_t knee = sweep_front(sweep, front);
    if (format == TABLE_CSV)
        csv_print(out, sweep, front, knee);
    else if (format == TABLE_JSON)
        json_print(out, sweep, front, knee);
    else
        text_print(out, sweep, front, knee, width);
    g_free(front);
}
