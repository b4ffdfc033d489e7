/* jobs.c - the ledger of jobs: what has begun is finished, lost, a dead letter, or still going on. */
#include <glib.h>
#include <string.h>

#include "base/bug.h"
#include "measure/plugin.h"

typedef struct {
    int64_t begun, finished, dead, duplicates, redelivered, working, at_once;
    int64_t lost[CAUSES];
} Jobs;

typedef struct {
    const MeasureSetup *setup;
    Jobs *of; /* by flow; one more for all of them */
} JobsState;

static void jobs_start(void *state, const MeasureSetup *setup) {
    JobsState *s = state;
    s->setup = setup;
    s->of = g_new0(Jobs, setup->flow_count + 1);
}

static void jobs_begin(void *state) {
    JobsState *s = state;
    memset(s->of, 0, sizeof *s->of * (s->setup->flow_count + 1));
}

static void jobs_clear(void *state) { g_free(((JobsState *)state)->of); }

static void jobs_count(Jobs *jobs, const Fact *fact) {
    switch (fact->kind) {
    case FACT_JOB_BEGAN: jobs->begun++; break;
    case FACT_JOB_FINISHED: jobs->finished++; break;
    case FACT_JOB_ABANDONED:
        jobs->dead += fact->amount;
        jobs->lost[fact->cause] += !fact->amount;
        break;
    case FACT_TAKEN:
        jobs->redelivered += fact->amount > 1;
        jobs->working++;
        jobs->at_once = MAX(jobs->at_once, jobs->working);
        break;
    case FACT_WORKED:
        jobs->duplicates += fact->cause == CAUSE_NONE && fact->amount > 0;
        jobs->working--;
        break;
    default: BUG_IF(true, "a fact that is not about jobs");
    }
}

static void jobs_see(void *state, const Fact *fact) {
    JobsState *s = state;
    BUG_IF(fact->subject >= s->setup->flow_count, "a job of no flow");
    jobs_count(&s->of[fact->subject], fact);
    jobs_count(&s->of[s->setup->flow_count], fact);
}

static void jobs_put(Sheet *sheet, const char *of, const Jobs *jobs) {
    int64_t lost = 0;
    for (int cause = 0; cause < CAUSES; cause++) {
        lost += jobs->lost[cause];
        if (jobs->lost[cause] > 0)
            sheet_put(sheet, "lost", of, cause_name((Cause)cause), jobs->lost[cause]);
    }
    int64_t active = jobs->begun - jobs->finished - jobs->dead - lost;
    BUG_IF(active < 0 || jobs->working < 0, "the ledger of jobs does not balance");
    sheet_put(sheet, NULL, of, NULL, jobs->begun);
    sheet_put(sheet, "finished", of, NULL, jobs->finished);
    sheet_put(sheet, "lost", of, NULL, lost);
    sheet_put(sheet, "dead_letters", of, NULL, jobs->dead);
    sheet_put(sheet, "active", of, NULL, active);
    sheet_put(sheet, "redelivered", of, NULL, jobs->redelivered);
    sheet_put(sheet, "duplicates", of, NULL, jobs->duplicates);
    sheet_put(sheet, "at_once", of, NULL, jobs->at_once);
}

static void jobs_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    const JobsState *s = state;
    if (end->setup->flow_count == 0)
        return;
    for (uint32_t f = 0; f < end->setup->flow_count; f++)
        if (end->setup->flows[f])
            jobs_put(sheet, end->setup->flows[f], &s->of[f]);
    jobs_put(sheet, NULL, &s->of[end->setup->flow_count]);
}

static const MeasurePart parts[] = {
    {"finished", UNIT_NONE, "jobs", "finished"},
    {"lost", UNIT_NONE, "jobs", "lost"},
    {"dead_letters", UNIT_NONE, "jobs", "given up, and kept among the dead letters"},
    {"active", UNIT_NONE, "jobs", "going on at the end"},
    {"redelivered", UNIT_NONE, "messages", "taken another time"},
    {"duplicates", UNIT_NONE, "messages", "worked on another time, with success"},
    {"at_once", UNIT_NONE, "messages", "most that were worked on at a time"},
    {NULL, UNIT_NONE, NULL, NULL},
};

const MeasureKind measure_jobs = {
    .help = "Passes through flows that are handed off on their way (<-, =>): begun = finished + lost + dead_letters + "
            "active. A job is finished when its last leg has been worked on for the first time, and lost when nothing "
            "of it is left before. redelivered: messages taken a second time or more; duplicates: legs that were done "
            "again; at_once: the most messages that were worked on at a time. [flow] names one flow's.",
    .parts = parts,
    .wants = FACT_BIT(FACT_JOB_BEGAN) | FACT_BIT(FACT_JOB_FINISHED) | FACT_BIT(FACT_JOB_ABANDONED) |
             FACT_BIT(FACT_TAKEN) | FACT_BIT(FACT_WORKED),
    .whole_run = true,
    .state_size = sizeof(JobsState),
    .start = jobs_start,
    .begin = jobs_begin,
    .see = jobs_see,
    .end = jobs_end,
    .clear = jobs_clear,
};
