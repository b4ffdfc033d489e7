/* text_outcome.c - what became of the service and its users: recovery, sessions, quality. */
#include <math.h>
#include <string.h>

#include "report/find.h"
#include "report/text_sections.h"

/* ---- New sessions over time
 * ------------------------------------------------------------------------------------------------ */

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

/* ---- Recovery
 * ------------------------------------------------------------------------------------------------------------- */

static const char recovery_name[] = "failover_time";

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
    paper_fit(paper, INK_DIM, share, 8, true);
    if (binds)
        paper_put(paper, INK_BAD, "  binds");
    paper_line(paper);
    g_free(label);
    g_free(mean);
    g_free(share);
}

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

/* Each fault of its own where there are several; the longest of them says nothing new then. */
void text_recovery(Paper *paper, const Record *record) {
    bool several = false;
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

/* ---- Capacity
 * ------------------------------------------------------------------------------------------------------------- */

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

/* ---- Sessions
 * ------------------------------------------------------------------------------------------------------------- */

typedef struct {
    const char *cause;
    int64_t sessions;
} CauseRow;

static int by_sessions(gconstpointer a, gconstpointer b) {
    const CauseRow *x = a, *y = b;
    return x->sessions != y->sessions ? (x->sessions < y->sessions) - (x->sessions > y->sessions)
                                      : strcmp(x->cause, y->cause);
}

/* Broken sessions of all populations by cause, the most frequent first. */
static GArray *causes_of(const Record *record) {
    GArray *causes = g_array_new(FALSE, FALSE, sizeof(CauseRow));
    for (guint i = 0; i < record->broken->len; i++) {
        const RecordBroken *broken = &g_array_index(record->broken, RecordBroken, i);
        guint at = 0;
        while (at < causes->len && strcmp(g_array_index(causes, CauseRow, at).cause, broken->cause) != 0)
            at++;
        CauseRow row = {broken->cause, 0};
        if (at == causes->len)
            g_array_append_val(causes, row);
        g_array_index(causes, CauseRow, at).sessions += broken->sessions;
    }
    g_array_sort(causes, by_sessions);
    return causes;
}

static void sessions_row(Paper *paper, Ink ink, const char *label, double sessions, double arrived, double bar) {
    char *count = word_count(sessions), *share = word_share(arrived > 0 ? sessions / arrived : 0);
    int label_room = MIN(44, paper->width - 24), rest = paper->width - label_room - 22;
    paper_to(paper, 2);
    if (text_columns(label) > label_room - 2) { /* a rule's name in full, on lines of its own */
        paper_put(paper, ink, "  ");
        paper_wrap(paper, ink, 6, label + 2);
        label = "";
        paper_to(paper, 2);
    }
    paper_fit(paper, ink, label, label_room - 2, false);
    paper_fit(paper, ink, count, 10, true);
    paper_fit(paper, INK_DIM, share, 11, true);
    paper_to(paper, label_room + 22);
    if (bar > 0 && rest >= 4)
        paper_bar(paper, INK_BAR, 0, bar, MIN(rest, 14));
    paper_line(paper);
    g_free(count);
    g_free(share);
}

static void sessions_returned(Paper *paper, const Record *record, double lost, double reestablished) {
    const RecordMeasure *time = find_measure(record, "reestablish_time", NULL);
    if (lost <= 0)
        return;
    char *count = word_count(reestablished), *share = word_share(reestablished / lost);
    GString *line = g_string_new(NULL);
    g_string_append_printf(line, "%s of them (%s) re-established", count, share);
    if (time && time->count > 0) {
        char *p50 = word_value(time->p50, time->unit), *p99 = word_value(time->p99, time->unit);
        g_string_append_printf(line, ", half within %s, 99 %% within %s", p50, p99);
        g_free(p50);
        g_free(p99);
    }
    paper_to(paper, 2);
    paper_wrap(paper, INK_PLAIN, 2, line->str);
    g_string_free(line, TRUE);
    g_free(count);
    g_free(share);
}

static void sessions_populations(Paper *paper, const Record *record, double runs) {
    if (record->ledger->len < 2)
        return;
    int room = MIN(34, paper->width - 44);
    paper_to(paper, 2);
    paper_fit(paper, INK_DIM, "by population", room, false);
    paper_fit(paper, INK_DIM, "arrived", 10, true);
    paper_fit(paper, INK_DIM, "completed", 11, true);
    paper_fit(paper, INK_DIM, "lost", 10, true);
    paper_fit(paper, INK_DIM, "active", 10, true);
    paper_line(paper);
    for (guint i = 0; i < record->ledger->len; i++) {
        const RecordLedger *l = &g_array_index(record->ledger, RecordLedger, i);
        int64_t values[] = {l->arrived, l->completed, l->arrived - l->completed - l->active, l->active};
        paper_to(paper, 2);
        paper_fit(paper, INK_PLAIN, l->population, room, false);
        for (size_t v = 0; v < G_N_ELEMENTS(values); v++) {
            char *count = word_count((double)values[v] / runs);
            paper_fit(paper, INK_PLAIN, count, v == 1 ? 11 : 10, true);
            g_free(count);
        }
        paper_line(paper);
    }
}

void text_sessions(Paper *paper, const Record *record) {
    double runs = (double)MAX(record->manifest.replications, 1), arrived = 0, lost = 0, reestablished = 0;
    for (guint i = 0; i < record->ledger->len; i++) {
        const RecordLedger *l = &g_array_index(record->ledger, RecordLedger, i);
        arrived += (double)l->arrived / runs;
        lost += (double)(l->arrived - l->completed - l->active) / runs;
        reestablished += (double)l->reestablished / runs;
    }
    if (record->ledger->len == 0)
        return;
    paper_head(paper, record->manifest.replications > 1 ? "SESSIONS, MEAN OF A RUN" : "SESSIONS");
    sessions_row(paper, INK_PLAIN, "arrived", arrived, arrived, 0);
    sessions_row(paper, lost > 0 ? INK_BAD : INK_GOOD, "lost", lost, arrived, 0);
    GArray *causes = causes_of(record);
    for (guint i = 0; i < causes->len; i++) {
        const CauseRow *row = &g_array_index(causes, CauseRow, i);
        char *label = g_strconcat("  ", row->cause, NULL);
        sessions_row(paper, INK_PLAIN, label, (double)row->sessions / runs, arrived,
                     (double)row->sessions / runs / lost);
        g_free(label);
    }
    g_array_free(causes, TRUE);
    sessions_returned(paper, record, lost, reestablished);
    sessions_populations(paper, record, runs);
}

/* ---- Quality
 * ---------------------------------------------------------------------------------------------------------------- */

static char *mean_with_interval(const RecordMeasure *m) {
    char *mean = word_value(m->mean, m->unit);
    if (isnan(m->low) || m->high <= m->low)
        return mean;
    char *low = word_value(m->low, m->unit), *high = word_value(m->high, m->unit);
    char *text = strcmp(low, high) == 0 ? g_strdup(mean) : g_strdup_printf("%s (%s to %s)", mean, low, high);
    g_free(mean);
    g_free(low);
    g_free(high);
    return text;
}

static void service_row(Paper *paper, const char *label, const char *text) {
    paper_to(paper, 2);
    paper_fit(paper, INK_PLAIN, label, 26, false);
    paper_wrap(paper, INK_PLAIN, 28, text);
}

static void service_mean(Paper *paper, const Record *record, const char *name, const char *label, bool even_zero) {
    const RecordMeasure *m = find_measure(record, name, NULL);
    if (m == NULL || isnan(m->mean) || (m->max <= 0 && !even_zero))
        return;
    char *text = mean_with_interval(m);
    service_row(paper, label, text);
    g_free(text);
}

static void service_quantiles(Paper *paper, const Record *record, const char *name, const char *label) {
    const RecordMeasure *m = find_measure(record, name, NULL);
    if (m == NULL || m->count == 0)
        return;
    char *p50 = word_value(m->p50, m->unit), *p90 = word_value(m->p90, m->unit), *p99 = word_value(m->p99, m->unit);
    char *never = m->never
                      ? g_strdup_printf("; never for %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT, m->never, m->count)
                      : g_strdup("");
    char *text = g_strdup_printf("50 %% within %s, 90 %% %s, 99 %% %s%s", p50, p90, p99, never);
    service_row(paper, label, text);
    g_free(p50);
    g_free(p90);
    g_free(p99);
    g_free(never);
    g_free(text);
}

static void service_data(Paper *paper, const Record *record) {
    const RecordMeasure *writes = find_measure(record, "data_loss", NULL),
                        *lag = find_measure(record, "data_loss.lag", NULL);
    if (writes == NULL || isnan(writes->mean) || writes->max <= 0)
        return;
    char *mean = mean_with_interval(writes), *longest = lag ? word_value(lag->max, lag->unit) : g_strdup("unknown");
    char *text = g_strdup_printf("%s acknowledged writes; replication lag up to %s", mean, longest);
    service_row(paper, "data lost", text);
    g_free(mean);
    g_free(longest);
    g_free(text);
}

void text_service(Paper *paper, const Record *record) {
    if (find_measure(record, "success_rate", NULL) == NULL)
        return;
    paper_head(paper, "WHAT USERS SAW");
    service_mean(paper, record, "success_rate", "requests answered", true);
    service_mean(paper, record, "success_rate.new", "new sessions served", true);
    service_mean(paper, record, "availability", "minutes available", true);
    service_quantiles(paper, record, "request_latency", "time to a good answer");
    service_quantiles(paper, record, "client_failover_time", "resolvers back after");
    service_mean(paper, record, "detection_time", "first noticed after", true);
    service_mean(paper, record, "overload_time", "overloaded for", false);
    service_data(paper, record);
}
