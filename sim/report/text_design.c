/* text_design.c - what follows from the design itself: who reaches whom, and what it costs. */
#include <math.h>
#include <string.h>

#include "report/find.h"
#include "report/text_sections.h"

/* ---- Reachability ----------------------------------------------------------------------------------------------------------- */

enum { MOST_ROWS = 12 };

static bool reach_is_worth_a_row(const RecordReach *r) {
    bool changes = g_strcmp0(r->before, r->during) != 0 || g_strcmp0(r->before, r->after) != 0;
    return r->excess || r->broken || changes;
}

static Ink reach_ink(const RecordReach *r, const char *verdict) {
    bool reached = verdict && strcmp(verdict, "REACH") == 0;
    return reached == r->intended ? INK_GOOD : r->intended ? INK_BAD : INK_WARN;
}

static void reach_verdict(Paper *paper, const RecordReach *r, const char *verdict) {
    paper_fit(paper, reach_ink(r, verdict), verdict ? verdict : "-", 9, false);
    paper_to(paper, paper->column);
}

static void reach_row(Paper *paper, const RecordReach *r) {
    char *pair = g_strdup_printf("%s -> %s %s", r->from, r->to, r->port ? r->port : "");
    int room = paper->width - 2 - 30;
    paper_to(paper, 2);
    if (text_columns(pair) > room) { /* a line of its own: a name that is cut helps nobody */
        paper_wrap(paper, INK_PLAIN, 4, pair);
        paper_to(paper, paper->width - 30);
    } else {
        paper_fit(paper, INK_PLAIN, pair, room, false);
    }
    reach_verdict(paper, r, r->before);
    reach_verdict(paper, r, r->during);
    reach_verdict(paper, r, r->after);
    paper_line(paper);
    if (r->rule && (r->excess || r->broken)) {
        char *by = g_strconcat(r->excess ? "not meant; by " : "by ", r->rule, NULL);
        paper_to(paper, 4);
        paper_wrap(paper, INK_DIM, 4, by);
        g_free(by);
    }
    g_free(pair);
}

static void reach_rows(Paper *paper, const Record *record, guint worth) {
    if (worth == 0)
        return;
    paper_to(paper, paper->width - 30);
    paper_put(paper, INK_DIM, "before    during    after");
    paper_line(paper);
    guint shown = 0;
    for (guint i = 0; i < record->reach->len && shown < MOST_ROWS; i++) {
        const RecordReach *r = &g_array_index(record->reach, RecordReach, i);
        if (!reach_is_worth_a_row(r))
            continue;
        reach_row(paper, r);
        shown++;
    }
    if (worth > shown) {
        paper_putf(paper, INK_DIM, "  and %u more: see the record", worth - shown);
        paper_line(paper);
    }
}

void text_reach(Paper *paper, const Record *record) {
    guint meant = 0, broken = 0, excess = 0, worth = 0;
    for (guint i = 0; i < record->reach->len; i++) {
        const RecordReach *r = &g_array_index(record->reach, RecordReach, i);
        meant += r->intended;
        broken += r->broken;
        excess += r->excess;
        worth += reach_is_worth_a_row(r);
    }
    if (record->reach->len == 0)
        return;
    paper_head(paper, "REACHABILITY");
    char *connections = word_plural(meant, "connection", "connections");
    char *line = g_strdup_printf("%s meant, %u broken at some moment; %u possible that nobody meant", connections, broken,
                                 excess);
    paper_to(paper, 2);
    paper_wrap(paper, broken ? INK_BAD : excess ? INK_WARN : INK_GOOD, 2, line);
    g_free(line);
    reach_rows(paper, record, worth);
    g_free(connections);
}

/* ---- Cost -------------------------------------------------------------------------------------------------------------------- */

static char *money(double microdollars) { return word_value(microdollars, "microdollars"); }

static void cost_row(Paper *paper, const RecordCost *row) {
    char *amount = isnan(row->amount) ? g_strdup("") : word_count(row->amount);
    char *price = money((double)row->price_microdollars), *per_h = money((double)row->per_h_microdollars);
    char *item = g_strdelimit(g_strdup(row->item), "_", ' ');
    paper_to(paper, 2);
    paper_fit(paper, INK_PLAIN, item, MIN(32, paper->width - 46), false);
    paper_fit(paper, INK_PLAIN, amount, 9, true);
    paper_putf(paper, INK_DIM, " x %s", price);
    if (row->unit)
        paper_putf(paper, INK_DIM, " per %s", row->unit);
    paper_right(paper, INK_PLAIN, per_h);
    g_free(item);
    g_free(amount);
    g_free(price);
    g_free(per_h);
}

void text_cost(Paper *paper, const Record *record) {
    if (record->cost->len == 0)
        return;
    int64_t total = 0;
    for (guint i = 0; i < record->cost->len; i++)
        total += g_array_index(record->cost, RecordCost, i).per_h_microdollars;
    char *sum = money((double)total);
    paper_line(paper);
    paper_put(paper, INK_BOLD, "COST AN HOUR");
    paper_right(paper, INK_DIM, "assumed prices: show --assumed names sources");
    for (guint i = 0; i < record->cost->len; i++)
        cost_row(paper, &g_array_index(record->cost, RecordCost, i));
    paper_to(paper, 2);
    paper_put(paper, INK_BOLD, "in all");
    paper_right(paper, INK_BOLD, sum);
    g_free(sum);
}
