/* csv.c - one row a measure, for spreadsheets (RFC 4180, lines end in LF). */
#include <glib.h>
#include <math.h>

#include "base/escape.h"
#include "report/report.h"

/* Shortest decimal that reads back; nothing for what there is not. */
static void put_number(GString *text, double value) {
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_c(text, ',');
    if (isnan(value))
        return;
    if (value >= (double)RECORD_NEVER) {
        g_string_append(text, "never");
        return;
    }
    static const char *const formats[] = {"%.15g", "%.16g", "%.17g"};
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_ascii_formatd(digits, sizeof digits, formats[i], value);
        if (g_ascii_strtod(digits, NULL) == value)
            break;
    }
    g_string_append(text, digits);
}

static void put_text(GString *text, const char *value, bool first) {
    char *safe = escape_csv(value ? value : "");
    g_string_append_printf(text, "%s%s", first ? "" : ",", safe);
    g_free(safe);
}

static char *write_csv(const ReportInput *input) {
    GString *text = g_string_new("name,of,unit,denominator,window,count,never,mean,low,high,min,p50,p90,p99,max\n");
    const GArray *measures = input->record->measures;
    for (guint i = 0; i < measures->len; i++) {
        const RecordMeasure *m = &g_array_index(measures, RecordMeasure, i);
        const char *texts[] = {m->name, m->of, m->unit, m->denominator, m->window};
        const double numbers[] = {m->mean, m->low, m->high, m->min, m->p50, m->p90, m->p99, m->max};
        for (size_t t = 0; t < G_N_ELEMENTS(texts); t++)
            put_text(text, texts[t], t == 0);
        g_string_append_printf(text, ",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT, m->count, m->never);
        for (size_t n = 0; n < G_N_ELEMENTS(numbers); n++)
            put_number(text, numbers[n]);
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}

const ReportFormat format_csv = {
    .name = "csv",
    .summary = "one row a measure, for spreadsheets",
    .suffix = "csv",
    .write = write_csv,
};
