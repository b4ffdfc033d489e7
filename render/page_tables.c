/* page_tables.c - the sections of the page that are tables. */
#include <string.h>

#include "base/quantity.h"
#include "render/chart.h"
#include "render/page_parts.h"
#include "render/words.h"

#define EACH(row, list, i)                                                 \
    for (gsize i = 0; i < json_in_count(list) && page->error == NULL; i++) \
        for (const JsonIn *row = json_in_at(list, i); row != NULL; row = NULL)

/* ---- Expectations ---------------------------------------------------------------------------- */

static const char *verdict_class(const char *verdict) {
    return strcmp(verdict, "holds") == 0 ? "good" : strcmp(verdict, "missed") == 0 ? "bad" : "open";
}

/* The change under which the expectation should fail, and whether it does. */
static void but_cell(Page *page, const JsonIn *row) {
    const JsonIn *but = json_in_object(json_in_get(row, "but"), &page->error);
    page_raw(page, "<td>");
    if (but != NULL) {
        page_text(page, page_need_text(page, but, "text"));
        page_raw(page, ": ");
        page_text(page, page_maybe_text(page, but, "verdict"));
    }
    page_raw(page, "</td>");
}

void page_expectations(Page *page) {
    static const char *const headings[] = {"verdict", "expectation", "measured",       "bound",
                                           "because", "but",         "counterexample", NULL};
    const JsonIn *rows = page_list(page, "expectations");
    if (rows == NULL)
        return;
    page_raw(page, "<h2>Expectations</h2>\n");
    page_table(page, headings);
    EACH(row, rows, i) {
        const char *verdict = page_need_text(page, row, "verdict");
        page_row(page, verdict_class(verdict));
        page_raw(page, "<td><b>");
        page_text(page, verdict);
        page_raw(page, "</b>");
        const char *excused = page_maybe_text(page, row, "excused");
        if (excused != NULL && strcmp(verdict, "holds") != 0) {
            page_raw(page, "<br>");
            page_text(page, excused);
        }
        page_raw(page, "</td>");
        page_raw(page, "<td><b>");
        page_text(page, page_need_text(page, row, "id"));
        page_raw(page, "</b><br>");
        page_text(page, page_need_text(page, row, "text"));
        page_raw(page, "</td>");
        page_cell(page, page_maybe_text(page, row, "measured"));
        page_cell(page, page_maybe_text(page, row, "bound"));
        page_cell(page, page_maybe_text(page, row, "because"));
        but_cell(page, row);
        page_cell(page, page_maybe_text(page, row, "counterexample"));
        page_row_end(page);
    }
    page_table_end(page);
}

/* ---- Events ---------------------------------------------------------------------------------- */

void page_events(Page *page) {
    static const char *const headings[] = {">time", "kind", "what", NULL};
    const JsonIn *rows = page_list(page, "timeline");
    if (rows == NULL)
        return;
    gsize all = json_in_count(rows);
    g_string_append_printf(page->out, "<details%s><summary>%" G_GSIZE_FORMAT " events</summary>\n",
                           all <= 40 ? " open" : "", all);
    page_table(page, headings);
    EACH(row, rows, i) {
        if (i == CHART_EVENTS)
            break;
        page_row(page, NULL);
        page_number(page, words_time(page_need_whole(page, row, "at_ns")));
        page_cell(page, page_need_text(page, row, "kind"));
        page_cell(page, page_need_text(page, row, "what"));
        page_row_end(page);
    }
    page_table_end(page);
    if (all > CHART_EVENTS)
        g_string_append_printf(page->out, "<p>Only the first %d are shown.</p>\n", CHART_EVENTS);
    page_raw(page, "</details>\n");
}

/* ---- Sessions -------------------------------------------------------------------------------- */

static char *share_of(gint64 part, gint64 all) { return all > 0 ? words_share((double)part / (double)all) : NULL; }

static void ledger_row(Page *page, const char *kind, const char *what, gint64 sessions, gint64 all) {
    page_row(page, kind);
    page_cell(page, what);
    page_number(page, words_whole(sessions));
    page_number(page, share_of(sessions, all));
    page_row_end(page);
}

/* Every session that arrived stands in exactly one of these rows. */
static void ledger_of(Page *page, const JsonIn *row) {
    static const char *const headings[] = {"sessions", ">number", ">share", NULL};
    gint64 all = page_need_whole(page, row, "arrived");
    page_raw(page, "<h3>");
    page_text(page, page_need_text(page, row, "population"));
    page_raw(page, "</h3>\n");
    page_table(page, headings);
    ledger_row(page, "sum", "arrived", all, all);
    ledger_row(page, NULL, "completed", page_need_whole(page, row, "completed"), all);
    ledger_row(page, NULL, "still active at the end", page_need_whole(page, row, "active"), all);
    const JsonIn *broken = json_in_array(json_in_get(row, "broken"), &page->error);
    EACH(cause, broken, i) {
        char *words = g_strconcat("broken: ", page_need_text(page, cause, "cause"), NULL);
        ledger_row(page, "bad", words, page_need_whole(page, cause, "sessions"), all);
        g_free(words);
    }
    ledger_row(page, NULL, "of the broken ones, begun anew", page_need_whole(page, row, "reestablished"), all);
    page_table_end(page);
}

void page_ledger(Page *page) {
    const JsonIn *rows = page_list(page, "ledger");
    if (rows == NULL)
        return;
    page_raw(page, "<h2>What became of every session</h2>\n");
    EACH(row, rows, i) ledger_of(page, row);
}

/* ---- Measures -------------------------------------------------------------------------------- */

/* NULL where the record says null: no such value, or never. */
static char *value_of(Page *page, const JsonIn *row, const char *key, const char *unit) {
    const JsonIn *value = json_in_get(row, key);
    double x = json_in_double(value, &page->error);
    return value == NULL || page->error != NULL ? NULL : words_value(x, unit);
}

void page_measures(Page *page) {
    static const char *const headings[] = {"measure",        "of",   "per",  ">count", ">never", ">mean",
                                           ">95 % interval", ">p50", ">p90", ">p99",   ">max",   NULL};
    const JsonIn *rows = page_list(page, "measures");
    if (rows == NULL)
        return;
    page_raw(page, "<h2>Measures</h2>\n");
    page_table(page, headings);
    EACH(row, rows, i) {
        const char *unit = page_need_text(page, row, "unit");
        page_row(page, NULL);
        page_cell(page, page_need_text(page, row, "name"));
        page_cell(page, page_maybe_text(page, row, "of"));
        page_cell(page, page_maybe_text(page, row, "denominator"));
        page_number(page, words_whole(page_need_whole(page, row, "count")));
        page_number(page, words_whole(page_need_whole(page, row, "never")));
        page_number(page, value_of(page, row, "mean", unit));
        char *low = value_of(page, row, "low", unit), *high = value_of(page, row, "high", unit);
        page_number(page, low != NULL && high != NULL ? g_strdup_printf("%s to %s", low, high) : NULL);
        g_free(low);
        g_free(high);
        page_number(page, value_of(page, row, "p50", unit));
        page_number(page, value_of(page, row, "p90", unit));
        page_number(page, value_of(page, row, "p99", unit));
        page_number(page, value_of(page, row, "max", unit));
        page_row_end(page);
    }
    page_table_end(page);
    page_raw(page, "<p class=\"soft\">Quantiles are upper edges of buckets 0.1 % wide.</p>\n");
}

/* ---- Who can reach whom ---------------------------------------------------------------------- */

/* Good news is blue, whichever way it was meant; bad news is red. */
static void verdict_cell(Page *page, const char *verdict, bool intended) {
    bool reaches = verdict != NULL && (g_str_has_prefix(verdict, "REACH") || g_str_has_prefix(verdict, "ALLOW"));
    page_raw(page, reaches == intended ? "<td class=\"yes\">" : "<td class=\"no\">");
    page_text(page, verdict);
    page_raw(page, "</td>");
}

void page_reachability(Page *page) {
    static const char *const headings[] = {"from",   "to",    "port",       "meant", "before",
                                           "during", "after", "decided by", "",      NULL};
    const JsonIn *rows = page_list(page, "reachability");
    if (rows == NULL)
        return;
    page_raw(page, "<h2>Who can reach whom</h2>\n");
    page_table(page, headings);
    EACH(row, rows, i) {
        bool excess = json_in_bool(json_in_get(row, "excess"), &page->error);
        bool broken = json_in_bool(json_in_get(row, "broken"), &page->error);
        page_row(page, excess ? "open" : broken ? "bad" : NULL);
        page_cell(page, page_need_text(page, row, "from"));
        page_cell(page, page_need_text(page, row, "to"));
        page_cell(page, page_maybe_text(page, row, "port"));
        bool intended = json_in_bool(json_in_get(row, "intended"), &page->error);
        page_cell(page, intended ? "yes" : "no");
        verdict_cell(page, page_maybe_text(page, row, "before"), intended);
        verdict_cell(page, page_maybe_text(page, row, "during"), intended);
        verdict_cell(page, page_maybe_text(page, row, "after"), intended);
        page_cell(page, page_maybe_text(page, row, "rule"));
        page_cell(page, excess ? "excess" : broken ? "broken" : "");
        page_row_end(page);
    }
    page_table_end(page);
}

/* ---- Cost ------------------------------------------------------------------------------------ */

void page_cost(Page *page) {
    static const char *const headings[] = {"item",          ">amount an hour", "unit", ">price",
                                           ">cost an hour", "source",          NULL};
    const JsonIn *rows = page_list(page, "cost");
    gint64 sum = 0;
    if (rows == NULL)
        return;
    page_raw(page, "<h2>Cost by the price file (an assumption, like every price here)</h2>\n");
    page_table(page, headings);
    EACH(row, rows, i) {
        gint64 cost = page_need_whole(page, row, "per_h_microdollars");
        if (__builtin_add_overflow(sum, cost, &sum))
            sum = G_MAXINT64;
        page_row(page, NULL);
        page_cell(page, page_need_text(page, row, "item"));
        page_number(page, value_of(page, row, "amount", ""));
        page_cell(page, page_maybe_text(page, row, "unit"));
        page_number(page, quantity_brief(page_need_whole(page, row, "price_microdollars"), UNIT_MONEY));
        page_number(page, quantity_brief(cost, UNIT_MONEY));
        page_cell(page, page_maybe_text(page, row, "source"));
        page_row_end(page);
    }
    page_row(page, "sum");
    page_raw(page, "<td>all</td><td></td><td></td><td></td>");
    page_number(page, quantity_brief(sum, UNIT_MONEY));
    page_raw(page, "<td></td>");
    page_row_end(page);
    page_table_end(page);
}

/* ---- Where it comes from --------------------------------------------------------------------- */

static void assumed_table(Page *page) {
    static const char *const headings[] = {"of", "key", "value", "source", NULL};
    const JsonIn *rows = page_list(page, "assumed");
    if (rows == NULL)
        return;
    g_string_append_printf(page->out, "<details><summary>%" G_GSIZE_FORMAT " defaults used</summary>\n",
                           json_in_count(rows));
    page_table(page, headings);
    EACH(row, rows, i) {
        page_row(page, NULL);
        page_cell(page, page_need_text(page, row, "owner"));
        page_cell(page, page_need_text(page, row, "key"));
        page_cell(page, page_need_text(page, row, "value"));
        page_cell(page, page_maybe_text(page, row, "source"));
        page_row_end(page);
    }
    page_table_end(page);
    page_raw(page, "</details>\n");
}

void page_sources(Page *page) {
    page_raw(page, "<h2>Made from</h2>\n");
    assumed_table(page);
    const JsonIn *inputs = page_list(page, "inputs");
    EACH(row, inputs, i) {
        page_raw(page, "<details><summary>");
        page_text(page, page_need_text(page, row, "name"));
        page_raw(page, "</summary><pre>");
        /* line by line: escape_xml turns a line end into a reference, which is right but unreadable in the source */
        char **lines = g_strsplit(page_need_text(page, row, "text"), "\n", -1);
        for (gsize k = 0; lines[k] != NULL; k++) {
            page_text(page, lines[k]);
            page_raw(page, "\n");
        }
        g_strfreev(lines);
        page_raw(page, "</pre></details>\n");
    }
}
