/* text_design.c - what follows from the design itself: who reaches whom, and what it costs. */
#include <math.h>
#include <string.h>

#include "report/find.h"
#include "report/text_sections.h"

/* ---- Reachability ------------------------------------------------------------------------ */

enum { MOST_ROWS = 10, MOST_RULES = 4, VERDICTS = 30 };

/* One row of the table for all pairs that look the same in it (units of one component in two zones). */
static bool reach_is_same(const RecordReach *a, const RecordReach *b) {
    return strcmp(a->from, b->from) == 0 && strcmp(a->to, b->to) == 0 && g_strcmp0(a->port, b->port) == 0 &&
           g_strcmp0(a->before, b->before) == 0 && g_strcmp0(a->during, b->during) == 0 &&
           g_strcmp0(a->after, b->after) == 0 && a->intended == b->intended && g_strcmp0(a->rule, b->rule) == 0;
}

/* The rows of the record that differ, in its order; borrowed. */
static GPtrArray *reach_distinct(const Record *record) {
    GPtrArray *rows = g_ptr_array_new();
    for (guint i = 0; i < record->reach->len; i++) {
        RecordReach *row = &g_array_index(record->reach, RecordReach, i);
        bool known = false;
        for (guint k = 0; k < rows->len && !known; k++)
            known = reach_is_same(g_ptr_array_index(rows, k), row);
        if (!known)
            g_ptr_array_add(rows, row);
    }
    return rows;
}

static void reach_verdict(Paper *paper, const char *verdict) {
    bool reached = verdict && strcmp(verdict, "REACH") == 0;
    paper_fit(paper, reached ? INK_GOOD : INK_BAD, verdict ? verdict : "-", 10, false);
}

static void reach_row(Paper *paper, const RecordReach *r) {
    char *pair = g_strdup_printf("%s -> %s %s", r->from, r->to, r->port ? r->port : "");
    int room = paper->width - 2 - VERDICTS;
    paper_to(paper, 2);
    if (text_columns(pair) >= room) { /* a line of its own: a name that is cut helps nobody */
        paper_wrap(paper, INK_PLAIN, 4, pair);
        paper_to(paper, paper->width - VERDICTS);
    } else {
        paper_fit(paper, INK_PLAIN, pair, room, false);
    }
    reach_verdict(paper, r->before);
    reach_verdict(paper, r->during);
    reach_verdict(paper, r->after);
    paper_line(paper);
    if (r->rule) {
        char *by = g_strconcat("by ", r->rule, NULL);
        paper_to(paper, 4);
        paper_wrap(paper, INK_DIM, 4, by);
        g_free(by);
    }
    g_free(pair);
}

/* What was meant and did not work at some moment. */
static void reach_broken(Paper *paper, const GPtrArray *rows) {
    guint shown = 0, all = 0;
    for (guint i = 0; i < rows->len; i++) {
        const RecordReach *r = g_ptr_array_index(rows, i);
        if (!r->broken || all++ >= MOST_ROWS)
            continue;
        if (shown++ == 0) {
            paper_to(paper, paper->width - VERDICTS);
            paper_put(paper, INK_DIM, "before    during    after");
            paper_line(paper);
        }
        reach_row(paper, r);
    }
    if (all > shown) {
        paper_putf(paper, INK_DIM, "  and %u more: see the record", all - shown);
        paper_line(paper);
    }
}

static guint reach_count_rule(const GPtrArray *rows, const char *rule) {
    guint count = 0;
    for (guint i = 0; i < rows->len; i++) {
        const RecordReach *r = g_ptr_array_index(rows, i);
        count += r->excess && g_strcmp0(r->rule, rule) == 0;
    }
    return count;
}

static bool reach_is_first_of_rule(const GPtrArray *rows, guint at) {
    const RecordReach *row = g_ptr_array_index(rows, at);
    for (guint i = 0; i < at; i++) {
        const RecordReach *r = g_ptr_array_index(rows, i);
        if (r->excess && g_strcmp0(r->rule, row->rule) == 0)
            return false;
    }
    return row->excess;
}

/* What is possible though nobody meant it, by the rule that allows it: that is where it can be mended. */
static void reach_excess(Paper *paper, const GPtrArray *rows) {
    guint rules = 0;
    for (guint i = 0; i < rows->len; i++) {
        if (!reach_is_first_of_rule(rows, i) || rules++ >= MOST_RULES)
            continue;
        const RecordReach *r = g_ptr_array_index(rows, i);
        char *by = r->rule ? g_strconcat("through ", r->rule, NULL) : g_strdup("without any rule");
        char *line = g_strdup_printf("%u %s, such as %s -> %s %s", reach_count_rule(rows, r->rule), by, r->from, r->to,
                                     r->port ? r->port : "");
        paper_to(paper, 2);
        paper_wrap(paper, INK_DIM, 4, line);
        g_free(by);
        g_free(line);
    }
    if (rules > MOST_RULES) {
        paper_putf(paper, INK_DIM, "  and %u more rules: see the record", rules - MOST_RULES);
        paper_line(paper);
    }
}

void text_reach(Paper *paper, const Record *record) {
    if (record->reach->len == 0)
        return;
    GPtrArray *rows = reach_distinct(record);
    guint meant = 0, broken = 0, excess = 0;
    for (guint i = 0; i < rows->len; i++) {
        const RecordReach *r = g_ptr_array_index(rows, i);
        meant += r->intended;
        broken += r->broken;
        excess += r->excess;
    }
    paper_head(paper, "REACHABILITY");
    char *connections = word_plural(meant, "connection", "connections");
    char *line = g_strdup_printf("%s meant, %u broken at some moment; %u possible that nobody meant", connections,
                                 broken, excess);
    paper_to(paper, 2);
    paper_wrap(paper, broken ? INK_BAD : excess ? INK_WARN : INK_GOOD, 2, line);
    reach_broken(paper, rows);
    reach_excess(paper, rows);
    g_free(line);
    g_free(connections);
    g_ptr_array_free(rows, TRUE);
}

/* ---- Traffic ------------------------------------------------------------------------ */

static void traffic_row(Paper *paper, const Record *record, const char *name, const char *label, bool sum) {
    const RecordMeasure *measure = find_measure(record, name, NULL);
    if (!measure || (!sum && measure->mean == 0))
        return;
    char *value = word_value(measure->mean, measure->unit);
    paper_to(paper, sum ? 2 : 4);
    paper_fit(paper, sum ? INK_PLAIN : INK_DIM, label, 40, false);
    paper_right(paper, sum ? INK_PLAIN : INK_DIM, value);
    g_free(value);
}

/* Inside, between machines, against in and out: what flow logs and inspection have to keep up with. */
void text_traffic(Paper *paper, const Record *record) {
    if (!find_measure(record, "traffic", NULL))
        return;
    paper_head(paper, "TRAFFIC, MEAN OF A RUN");
    traffic_row(paper, record, "traffic.east_west", "between one's own machines and services", true);
    traffic_row(paper, record, "traffic.same_zone", "within a zone", false);
    traffic_row(paper, record, "traffic.cross_zone", "between zones", false);
    traffic_row(paper, record, "traffic.inter_region", "between regions", false);
    traffic_row(paper, record, "traffic.north_south", "to and from outside", true);
    traffic_row(paper, record, "traffic.internet_in", "in", false);
    traffic_row(paper, record, "traffic.internet_out", "out", false);
    traffic_row(paper, record, "traffic.cdn", "out by the delivery network", false);
}

/* ---- Cost --------------------------------------------------------------------------- */

static char *money(double microdollars) { return word_value(microdollars, "microdollars"); }

/* amount x price = cost, as a bill would show it. */
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
