/* text_jobs.c - what became of jobs: begun, finished, lost, and how long they took; and of objects that are copied to
 * other regions. */
#include <math.h>

#include "report/find.h"
#include "report/text_sections.h"

static void jobs_row(Paper *paper, const char *label, const char *text) {
    paper_to(paper, 2);
    paper_fit(paper, INK_PLAIN, label, 26, false);
    paper_wrap(paper, INK_PLAIN, 28, text);
}

/* Counts of a run, its mean; zeros only where they are news. */
static void jobs_count(Paper *paper, const Record *record, const char *name, const char *label, bool even_zero) {
    const RecordMeasure *m = find_measure(record, name, NULL);
    if (m == NULL || isnan(m->mean) || (m->max <= 0 && !even_zero))
        return;
    char *count = word_count(m->mean);
    jobs_row(paper, label, count);
    g_free(count);
}

static void times_row(Paper *paper, const RecordMeasure *m, const char *label) {
    if (m == NULL || m->count == 0)
        return;
    char *p50 = word_value(m->p50, m->unit), *p99 = word_value(m->p99, m->unit), *most = word_value(m->max, m->unit);
    char *text = g_strdup_printf("50 %% within %s, 99 %% %s, all %s", p50, p99, most);
    jobs_row(paper, label, text);
    g_free(p50);
    g_free(p99);
    g_free(most);
    g_free(text);
}

/* Where several flows make jobs, those of each by themselves: their mixture is the time of nothing. */
static void flows_times(Paper *paper, const Record *record, const char *name, const char *label) {
    const RecordMeasure *all = find_measure(record, name, NULL);
    uint32_t flows = 0;
    if (all == NULL || all->count == 0)
        return;
    for (guint i = 0; i < record->measures->len; i++) {
        const RecordMeasure *m = &g_array_index(record->measures, RecordMeasure, i);
        flows += m->of != NULL && m->count > 0 && g_str_equal(m->name, name);
    }
    if (flows < 2) {
        times_row(paper, all, label);
        return;
    }
    paper_to(paper, 2);
    paper_put(paper, INK_PLAIN, label);
    paper_line(paper);
    for (guint i = 0; i < record->measures->len; i++) {
        const RecordMeasure *m = &g_array_index(record->measures, RecordMeasure, i);
        if (m->of == NULL || m->count == 0 || !g_str_equal(m->name, name))
            continue;
        char *indented = g_strdup_printf("  %s", m->of);
        times_row(paper, m, indented);
        g_free(indented);
    }
}

void text_jobs(Paper *paper, const Record *record) {
    const RecordMeasure *begun = find_measure(record, "jobs", NULL);
    if (begun == NULL || isnan(begun->mean) || begun->max <= 0)
        return;
    paper_head(paper, record->manifest.replications > 1 ? "JOBS, MEAN OF A RUN" : "JOBS");
    jobs_count(paper, record, "jobs", "begun", true);
    jobs_count(paper, record, "jobs.finished", "finished", true);
    jobs_count(paper, record, "jobs.lost", "lost", true);
    jobs_count(paper, record, "jobs.dead_letters", "dead letters", false);
    jobs_count(paper, record, "jobs.active", "going on at the end", false);
    jobs_count(paper, record, "jobs.redelivered", "taken again", false);
    jobs_count(paper, record, "jobs.duplicates", "done again", false);
    jobs_count(paper, record, "jobs.at_once", "most at a time", true);
    jobs_count(paper, record, "messages.waiting_most", "most that waited", true);
    flows_times(paper, record, "job_time", "time to finish");
    times_row(paper, find_measure(record, "message_wait", NULL), "wait to be taken");
}

static void objects_gone(Paper *paper, const Record *record) {
    const RecordMeasure *gone = find_measure(record, "objects.gone", NULL),
                        *lag = find_measure(record, "objects.lag", NULL);
    if (gone == NULL || lag == NULL || gone->max <= 0)
        return;
    char *count = word_count(gone->mean), *age = word_value(lag->max, lag->unit);
    char *text = g_strdup_printf("%s, put up to %s before", count, age);
    jobs_row(paper, "lost with their region", text);
    g_free(count);
    g_free(age);
    g_free(text);
}

static void objects_stale(Paper *paper, const Record *record) {
    const RecordMeasure *stale = find_measure(record, "stale_reads", NULL),
                        *reads = find_measure(record, "stale_reads.reads", NULL),
                        *age = find_measure(record, "stale_reads.age", NULL);
    if (stale == NULL || reads == NULL || age == NULL || reads->mean <= 0)
        return;
    char *share = word_share(stale->mean / reads->mean), *all = word_count(reads->mean);
    char *oldest = word_value(age->max, age->unit);
    char *text =
        g_strdup_printf("%s of %s reads; what they did not see yet was put up to %s before", share, all, oldest);
    jobs_row(paper, "stale", stale->max > 0 ? text : "none");
    g_free(share);
    g_free(all);
    g_free(oldest);
    g_free(text);
}

void text_objects(Paper *paper, const Record *record) {
    const RecordMeasure *copied = find_measure(record, "objects.copied", NULL);
    if (copied == NULL || isnan(copied->mean))
        return;
    paper_head(paper, record->manifest.replications > 1 ? "OBJECTS, MEAN OF A RUN" : "OBJECTS");
    jobs_count(paper, record, "objects.copied", "copied to other regions", true);
    jobs_count(paper, record, "objects.behind", "not copied at the end", false);
    objects_gone(paper, record);
    objects_stale(paper, record);
    times_row(paper, find_measure(record, "replication_time", NULL), "time to be copied");
}
