/* text_outcome.c - what became of the service: new sessions over time, recovery, capacity. */
#include <math.h>
#include <string.h>

#include "report/find.h"
#include "report/text_sections.h"

/* ---- New sessions over time -------------------------------------------------------------- */

enum { CURVE_LABEL = 13, CURVE_COLUMNS = 60 };

static int64_t series_sum(const RecordSeries *series, uint32_t from, uint32_t to) {
    int64_t sum = 0;
    for (uint32_t i = from; series && i < to && i < series->count; i++)
        sum += series->values[i];
    return sum;
}

static int curve_columns(const Paper *paper, uint32_t buckets) {
    int room = MIN(paper->width - CURVE_LABEL - 1, CURVE_COLUMNS);
    return MIN(room, (int)buckets);
}

/* Bucket at which column c of the curve begins. */
static uint32_t curve_edge(uint32_t buckets, int columns, int c) {
    return (uint32_t)((uint64_t)buckets * (uint64_t)c / (uint64_t)columns);
}

/* A mark where a fault begins, a line while it holds. */
static void curve_faults(Paper *paper, const Record *record, const RecordSeries *series, int columns) {
    paper_put(paper, INK_DIM, "  fault");
    paper_to(paper, CURVE_LABEL);
    for (int c = 0; c < columns; c++) {
        int64_t from = curve_edge(series->count, columns, c) * series->bucket_ns;
        int64_t to = curve_edge(series->count, columns, c + 1) * series->bucket_ns;
        bool begins = false, holds = false;
        for (guint i = 0; i < record->faults->len; i++) {
            const RecordFault *fault = &g_array_index(record->faults, RecordFault, i);
            begins = begins || (fault->from_ns >= from && fault->from_ns < to);
            holds = holds || (fault->from_ns < to && fault->to_ns > from);
        }
        paper_put(paper, begins ? INK_BAD : INK_WARN, begins ? "▼" : holds ? "─" : " ");
    }
    paper_line(paper);
}

/* Height is the share served; colour says whether that is as it should be, with the bar of failover_time. */
static void curve_share(Paper *paper, const RecordSeries *good, const RecordSeries *broken, int columns) {
    paper_put(paper, INK_DIM, "  served");
    paper_to(paper, CURVE_LABEL);
    for (int c = 0; c < columns; c++) {
        uint32_t from = curve_edge(good->count, columns, c), to = curve_edge(good->count, columns, c + 1);
        int64_t served = series_sum(good, from, to), decided = served + series_sum(broken, from, to);
        if (decided == 0)
            paper_put(paper, INK_DIM, "·");
        else
            paper_level(paper, served * 100 >= decided * 99 ? INK_GOOD : INK_BAD, (double)served / (double)decided);
    }
    paper_line(paper);
}

void text_curve(Paper *paper, const Record *record) {
    const RecordSeries *good = find_series(record, "good", NULL), *broken = find_series(record, "broken", NULL);
    if (good == NULL || broken == NULL || record->faults->len == 0 || good->count < 2)
        return;
    int columns = curve_columns(paper, good->count);
    char *until = word_time(record->run.until_ns);
    paper_line(paper);
    curve_faults(paper, record, good, columns);
    curve_share(paper, good, broken, columns);
    paper_to(paper, CURVE_LABEL);
    paper_put(paper, INK_DIM, "0");
    paper_to(paper, CURVE_LABEL + columns - text_columns(until));
    paper_put(paper, INK_DIM, until);
    paper_line(paper);
    paper_to(paper, CURVE_LABEL);
    paper_wrap(paper, INK_DIM, CURVE_LABEL, "share of new sessions served, by time of arrival; one run");
    g_free(until);
}

/* ---- Recovery ---------------------------------------------------------------------------- */

static const char recovery_name[] = "failover_time";

/* Measure i if it is a phase of that failover and took any time. */
static const RecordMeasure *phase_of(const Record *record, guint i, const char *of) {
    const RecordMeasure *measure = &g_array_index(record->measures, RecordMeasure, i);
    size_t length = strlen(recovery_name);
    bool is_part = strncmp(measure->name, recovery_name, length) == 0 && measure->name[length] == '.';
    return is_part && g_strcmp0(measure->of, of) == 0 && measure->mean > 0 ? measure : NULL;
}

static void recovery_phase(Paper *paper, const RecordMeasure *phase, double from, double total, bool binds) {
    char *label = g_strdelimit(g_strdup(strchr(phase->name, '.') + 1), "_", ' ');
    char *mean = word_value(phase->mean, phase->unit);
    char *share = phase->mean / total < 0.001 ? g_strdup("< 0.1 %") : word_share(phase->mean / total);
    int room = paper->width - 45;
    paper_to(paper, 2);
    paper_fit(paper, binds ? INK_BOLD : INK_PLAIN, label, 14, false);
    paper_bar(paper, binds ? INK_BAD : INK_BAR, from / total, (from + phase->mean) / total, MIN(room, 36));
    paper_fit(paper, binds ? INK_BOLD : INK_PLAIN, mean, 10, true);
    if (strlen(share) >= 8)
        paper_put(paper, INK_DIM, " ");
    paper_fit(paper, INK_DIM, share, 8, true);
    if (binds)
        paper_put(paper, INK_BAD, "  binds");
    paper_line(paper);
    g_free(label);
    g_free(mean);
    g_free(share);
}

/* A waterfall: each phase begins where the one before ended. */
static void recovery_phases(Paper *paper, const Record *record, const char *of) {
    double total = 0, longest = 0, from = 0;
    for (guint i = 0; i < record->measures->len; i++) {
        const RecordMeasure *phase = phase_of(record, i, of);
        total += phase ? phase->mean : 0;
        longest = phase ? fmax(longest, phase->mean) : longest;
    }
    for (guint i = 0; i < record->measures->len; i++) {
        const RecordMeasure *phase = phase_of(record, i, of);
        if (phase == NULL)
            continue;
        recovery_phase(paper, phase, from, total, phase->mean >= longest);
        from += phase->mean;
    }
}

/* A quantile of so few runs would be just the longest of them. */
enum { ENOUGH_FOR_P99 = 100 };

static void recovery_headline(Paper *paper, const RecordMeasure *m) {
    char *p50 = word_value(m->p50, m->unit), *p99 = word_value(m->p99, m->unit), *mean = word_value(m->mean, m->unit);
    char *runs = word_plural(m->count, "run", "runs"), *max = word_value(m->max, m->unit), *line;
    if (m->never == m->count)
        line = m->count == 1 ? g_strdup("never, in the one run") : g_strdup_printf("never, in any of %s", runs);
    else if (m->count == 1)
        line = g_strdup(mean);
    else if (m->count < ENOUGH_FOR_P99)
        line = g_strdup_printf("%s on average of %s; half of them within %s, the longest %s", mean, runs, p50,
                               m->never ? "never" : max);
    else
        line = g_strdup_printf("%s on average of %s; half of them within %s, 99 %% within %s, the longest %s", mean,
                               runs, p50, p99, m->never ? "never" : max);
    paper_to(paper, 2);
    paper_wrap(paper, m->never == m->count ? INK_BAD : INK_BOLD, 2, line);
    if (m->never > 0 && m->never < m->count) {
        paper_putf(paper, INK_BAD, "  never in %" G_GINT64_FORMAT " of %s, which the average leaves out", m->never,
                   runs);
        paper_line(paper);
    }
    char *owned[] = {p50, p99, mean, runs, max, line};
    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
}

static void recovery_of(Paper *paper, const Record *record, const RecordMeasure *m) {
    paper_head(paper, "FAILOVER: UNTIL NEW SESSIONS ARE SERVED AGAIN");
    if (m->of) {
        paper_to(paper, 2);
        paper_wrap(paper, INK_WARN, 2, m->of);
    }
    if (m->never == 0 && m->max <= 0) {
        paper_put(paper, INK_GOOD, "  none: new sessions were never in trouble");
        paper_line(paper);
        return;
    }
    recovery_headline(paper, m);
    recovery_phases(paper, record, m->of);
}

/* Each fault of its own where there are several; the longest of them says nothing new then. Without any session there
 * is nobody to be served again. */
void text_recovery(Paper *paper, const Record *record) {
    bool several = false;
    if (record->ledger->len == 0)
        return;
    for (int pass = 0; pass < 2; pass++)
        for (guint i = 0; i < record->measures->len; i++) {
            const RecordMeasure *m = &g_array_index(record->measures, RecordMeasure, i);
            if (strcmp(m->name, recovery_name) != 0)
                continue;
            if (pass == 0)
                several = several || m->of != NULL;
            else if ((m->of != NULL) == several)
                recovery_of(paper, record, m);
        }
}

/* ---- Capacity ---------------------------------------------------------------------------- */

enum { MOST_CAPACITY_ROWS = 8, CAPACITY_COLUMNS = 32 };

/* Least and most of a series; the last bucket may be cut short by the end of the run, so it does not count. */
static void series_range(const RecordSeries *series, int64_t *least, int64_t *most) {
    *least = *most = series->values[0];
    for (uint32_t i = 1; i + 1 < series->count; i++) {
        *least = MIN(*least, series->values[i]);
        *most = MAX(*most, series->values[i]);
    }
}

static void capacity_row(Paper *paper, const RecordSeries *series, int64_t least, int64_t most) {
    int columns = MIN((int)series->count, MIN(CAPACITY_COLUMNS, paper->width - 44)), room = paper->width - 14 - columns;
    paper_to(paper, 2);
    paper_fit(paper, INK_PLAIN, series->of, MIN(room, 34) - 1, false);
    for (int c = 0; c < columns; c++) {
        uint32_t from = curve_edge(series->count, columns, c), to = curve_edge(series->count, columns, c + 1);
        double mean = (double)series_sum(series, from, to) / (double)MAX(to - from, 1);
        paper_level(paper, INK_BAR, mean / (double)MAX(most, 1));
    }
    paper_putf(paper, INK_PLAIN, "  %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, least, most);
    paper_line(paper);
}

/* Only what changed: a steady number of units is in the inventory. */
void text_capacity(Paper *paper, const Record *record) {
    guint shown = 0;
    for (guint i = 0; i < record->series->len && shown < MOST_CAPACITY_ROWS; i++) {
        const RecordSeries *series = &g_array_index(record->series, RecordSeries, i);
        int64_t least, most;
        if (strcmp(series->name, "serving") != 0 || series->of == NULL || series->count < 2)
            continue;
        series_range(series, &least, &most);
        if (least == most)
            continue;
        if (shown++ == 0)
            paper_head(paper, "CAPACITY: UNITS THAT TOOK REQUESTS, ONE RUN");
        capacity_row(paper, series, least, most);
    }
}
