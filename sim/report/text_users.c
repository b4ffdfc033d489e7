/* text_users.c - what became of the users: their sessions, and what they saw. */
#include <math.h>
#include <string.h>

#include "report/find.h"
#include "report/text_sections.h"

/* ---- Sessions ---------------------------------------------------------------------------- */

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

/* label, count, share of the arrived, bar; on narrow pages no bar. */
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

/* Whoever was thrown out and got in again, and how long that took. */
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

/* One population is the whole; then there is nothing to split. */
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
    if (record->ledger->len == 0 || (arrived <= 0 && find_measure(record, "service_availability", NULL)))
        return; /* nobody was meant to come */
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

/* ---- Quality ----------------------------------------------------------------------------- */

/* An interval that rounds to its mean says nothing more. */
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

/* What is always zero here is left out, unless zero is news. */
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
