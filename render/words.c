/* words.c - numbers and counts as people read them. */
#include "render/words.h"

#include <math.h>
#include <string.h>

#include "base/quantity.h"

static void append_count(GString *out, gint64 count, const char *what) {
    if (count > 0)
        g_string_append_printf(out, "%s%" G_GINT64_FORMAT " %s", out->len > 0 ? ", " : "", count, what);
}

char *words_counts(const BoxLook *look) {
    gint64 all = look->serving + look->booting + look->down;
    if (all == 0)
        return NULL;
    if (look->serving == all)
        return all == 1 ? g_strdup("serving")
                        : g_strdup_printf("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " serving", all, all);
    GString *out = g_string_new(NULL);
    append_count(out, look->serving, "serving");
    append_count(out, look->booting, "booting");
    append_count(out, look->down, "down");
    return g_string_free(out, FALSE);
}

char *words_whole(gint64 n) {
    GString *out = g_string_new(NULL);
    g_string_printf(out, "%" G_GINT64_FORMAT, n);
    gssize first = n < 0 ? 1 : 0;
    for (gssize at = (gssize)out->len - 3; at > first; at -= 3)
        g_string_insert_c(out, at, ',');
    return g_string_free(out, FALSE);
}

/* Three digits, or whole numbers with a comma every three of them. */
static char *number(double x) {
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    if (fabs(x) >= 100 && fabs(x) < 1e15)
        return words_whole((gint64)floor(x + 0.5));
    return g_strdup(g_ascii_formatd(digits, sizeof digits, "%.3g", x));
}

char *words_rate(double per_s) {
    char *plain = number(per_s), *text = g_strconcat(plain, "/s", NULL);
    g_free(plain);
    return text;
}

/* The nearest whole number, kept inside its type. */
static gint64 whole(double x) {
    return fabs(x) < 9.2e18 ? (gint64)floor(x + 0.5) : x < 0 ? G_MININT64 + 1 : G_MAXINT64;
}

char *words_share(double share) { return quantity_brief(whole(share * 1e9), UNIT_SHARE); }

char *words_time(gint64 ns) { return quantity_brief(ns, UNIT_TIME); }

char *words_value(double value, const char *unit) {
    if (strcmp(unit, "ns") == 0)
        return quantity_brief(whole(value), UNIT_TIME);
    if (strcmp(unit, "1") == 0)
        return words_share(value);
    if (strcmp(unit, "bytes") == 0)
        return quantity_brief(whole(value), UNIT_BYTES);
    if (strcmp(unit, "microdollars") == 0)
        return quantity_brief(whole(value), UNIT_MONEY);
    char *plain = number(value), *text = g_strconcat(plain, " ", unit, NULL);
    g_free(plain);
    return text;
}

const char *words_title(const Document *document) {
    return document->scenario != NULL ? document->scenario : document->pattern;
}
