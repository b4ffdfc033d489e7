/* find.c - finds rows of a record and puts their numbers into words. */
#include "report/find.h"

#include <math.h>
#include <string.h>

#include "base/quantity.h"

const RecordMeasure *find_measure(const Record *record, const char *name, const char *of) {
    for (guint i = 0; i < record->measures->len; i++) {
        const RecordMeasure *measure = &g_array_index(record->measures, RecordMeasure, i);
        if (strcmp(measure->name, name) == 0 && g_strcmp0(measure->of, of) == 0)
            return measure;
    }
    return NULL;
}

const RecordSeries *find_series(const Record *record, const char *name, const char *of) {
    for (guint i = 0; i < record->series->len; i++) {
        const RecordSeries *series = &g_array_index(record->series, RecordSeries, i);
        if (strcmp(series->name, name) == 0 && g_strcmp0(series->of, of) == 0)
            return series;
    }
    return NULL;
}

/* Half away from zero; a cast alone would cut. */
static int64_t rounded(double value) { return (int64_t)(value < 0 ? value - 0.5 : value + 0.5); }

/* RECORD_NEVER as a double is the largest there is. */
static bool is_never(double value) { return value >= (double)RECORD_NEVER; }

char *word_time(int64_t ns) { return ns == RECORD_NEVER ? g_strdup("never") : quantity_brief(ns, UNIT_TIME); }

char *word_share(double share) { return quantity_brief(rounded(share * 1e9), UNIT_SHARE); }

/* Means of counts are seldom whole; a decimal matters for small ones only. */
char *word_count(double count) {
    if (count < 10 && fabs(count - (double)rounded(count)) >= 0.05) {
        char digits[G_ASCII_DTOSTR_BUF_SIZE];
        return g_strdup(g_ascii_formatd(digits, sizeof digits, "%.1f", count));
    }
    char *plain = g_strdup_printf("%" G_GINT64_FORMAT, rounded(count));
    GString *text = g_string_new(NULL);
    size_t length = strlen(plain);
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0 && plain[i - 1] != '-')
            g_string_append_c(text, ',');
        g_string_append_c(text, plain[i]);
    }
    g_free(plain);
    return g_string_free(text, FALSE);
}

char *word_value(double value, const char *unit) {
    if (isnan(value))
        return g_strdup("none");
    if (is_never(value))
        return g_strdup("never");
    if (strcmp(unit, "ns") == 0)
        return word_time(rounded(value));
    if (strcmp(unit, "1") == 0)
        return word_share(value);
    if (strcmp(unit, "microdollars") == 0)
        return quantity_brief(rounded(value), UNIT_MONEY);
    if (strcmp(unit, "bytes") == 0)
        return quantity_brief(rounded(value), UNIT_BYTES);
    return word_count(value);
}

char *word_plural(int64_t count, const char *one, const char *many) {
    char *number = word_count((double)count), *text = g_strdup_printf("%s %s", number, count == 1 ? one : many);
    g_free(number);
    return text;
}
