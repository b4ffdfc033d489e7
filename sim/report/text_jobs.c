/* text_jobs.c - what became of jobs: begun, finished, lost, and how long they took. */
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

static void jobs_times(Paper *paper, const Record *record, const char *name, const char *label) {
    const RecordMeasure *m = find_measure(record, name, NULL);
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
    jobs_times(paper, record, "job_time", "time to finish");
    jobs_times(paper, record, "message_wait", "wait to be taken");
}
