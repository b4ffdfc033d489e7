/* draw_words.c - numbers and counts as people read them in a picture. */
#include <math.h>

#include "base/quantity.h"
#include "render/draw_parts.h"

static void append_count(GString *out, gint64 count, const char *what) {
    if (count > 0)
        g_string_append_printf(out, "%s%" G_GINT64_FORMAT " %s", out->len > 0 ? ", " : "", count, what);
}

char *draw_counts(const BoxLook *look) {
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

/* Whole numbers with a comma every three digits. */
static char *grouped(gint64 n) {
    GString *out = g_string_new(NULL);
    g_string_printf(out, "%" G_GINT64_FORMAT, n);
    for (gssize at = (gssize)out->len - 3; at > 0; at -= 3)
        g_string_insert_c(out, at, ',');
    return g_string_free(out, FALSE);
}

char *draw_rate(double per_s) {
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    if (per_s >= 100 && per_s < 1e15) {
        char *whole = grouped((gint64)floor(per_s + 0.5)), *text = g_strconcat(whole, "/s", NULL);
        g_free(whole);
        return text;
    }
    g_ascii_formatd(digits, sizeof digits, per_s >= 10 ? "%.0f" : per_s >= 1 ? "%.1f" : "%.2g", per_s);
    return g_strconcat(digits, "/s", NULL);
}

char *draw_share(double share) { return quantity_brief((gint64)floor(share * 1e9 + 0.5), UNIT_SHARE); }
