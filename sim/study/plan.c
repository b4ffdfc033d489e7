/* plan.c - carries out a StudyPlan: gives replications to workers, keeps what comes back, merges it in order.
 *
 * Parts are merged in the order of their numbers, never in that of their arrival; what comes too early waits. So the
 * study cannot know how many workers there were, nor which of them died. */
#include "base/bug.h"
#include "study/crew.h"
#include "study/part.h"
#include "study/study.h"

enum { AHEAD_MOST = 256, WAIT_MS = 500 }; /* replications finished before their turn; between two looks for ^C */

typedef struct {
    Study *study;
    const StudyPlan *plan;
    StudyProgress progress;
    void *user;
    GByteArray **waiting; /* by replication - first: finished, not merged */
    uint64_t merged;      /* of count, from the first */
    uint64_t given;       /* of count: done, or somebody's business */
    uint64_t done;        /* finished in whatever order */
} Run;

static bool is_known(const Run *run, uint64_t i) {
    return run->plan->parts && part_file_has(run->plan->parts, run->plan->first + i);
}

static bool go_on(const Run *run) { return !run->progress || run->progress(run->user, run->done, run->plan->count); }

static bool damaged(const Run *run, uint64_t replication, GError **error) {
    BUG_IF(!run->plan->parts, "a part cannot be taken in by the study that it is of");
    g_set_error(error, PART_FILE_ERROR, PART_FILE_REFUSED,
                "%s: the part of replication %" G_GUINT64_FORMAT " was not written by this version",
                part_file_path(run->plan->parts), replication);
    return false;
}

/* Everything whose turn has come. */
static bool merge(Run *run, GError **error) {
    for (; run->merged < run->plan->count; run->merged++) {
        uint64_t replication = run->plan->first + run->merged;
        GByteArray *part = g_steal_pointer(&run->waiting[run->merged]);
        if (!part && !is_known(run, run->merged))
            return true;
        if (!part)
            part = part_file_get(run->plan->parts, replication, error);
        if (!part)
            return false;
        bool taken = study_take(run->study, part->data, part->len);
        g_byte_array_free(part, TRUE);
        if (!taken)
            return damaged(run, replication, error);
    }
    return true;
}

/* To the file, and to the others that wait. A part from the file is read again when its turn comes. */
static bool finish(void *user, const Part *part, const uint8_t *whole, GError **error) {
    Run *run = user;
    uint64_t i = part->replication - run->plan->first;
    BUG_IF(i >= run->plan->count || run->waiting[i], "a part that nobody asked for");
    if (run->plan->parts && !part_file_add(run->plan->parts, part->replication, whole, part->whole, error))
        return false;
    run->waiting[i] = g_byte_array_sized_new((guint)part->length);
    g_byte_array_append(run->waiting[i], part->bytes, (guint)part->length);
    run->done++;
    return true;
}

/* ---- With workers ------------------------------------------------------------------------ */

static bool give(Run *run, Crew *crew, GError **error) {
    GError *failed = NULL;
    for (; run->given < run->plan->count && run->given < run->merged + AHEAD_MOST; run->given++)
        if (!is_known(run, run->given) && !crew_give(crew, run->plan->first + run->given, &failed))
            break;
    if (failed)
        g_propagate_error(error, failed);
    return failed == NULL;
}

static void run_crew(Run *run, GError **error) {
    Crew *crew = crew_new(run->study, run->plan->jobs, run->plan->first);
    bool good = merge(run, error);
    while (good && run->merged < run->plan->count && go_on(run))
        good = give(run, crew, error) && crew_wait(crew, WAIT_MS, finish, run, error) && merge(run, error);
    crew_free(crew);
}

/* ---- Alone ------------------------------------------------------------------------------- */

static void fill(void *user, GByteArray *out) {
    const Run *run = user;
    study_run_apart(run->study, run->plan->first + run->given);
    study_pack(run->study, run->given == 0, out);
}

static void run_alone(Run *run, GError **error) {
    GByteArray *whole = g_byte_array_new();
    bool good = merge(run, error);
    for (; good && run->merged < run->plan->count && go_on(run); run->given++) {
        if (is_known(run, run->given))
            continue;
        Part part;
        g_byte_array_set_size(whole, 0);
        part_write(whole, run->plan->first + run->given, fill, run);
        PartState state = part_read(whole->data, whole->len, &part);
        BUG_IF(state != PART_GOOD, "a part that was just written is not whole");
        good = finish(run, &part, whole->data, error) && merge(run, error);
    }
    g_byte_array_free(whole, TRUE);
}

uint64_t study_run_plan(Study *study, const StudyPlan *plan, StudyProgress progress, void *user, GError **error) {
    if (plan->jobs < 2 && !plan->parts)
        return study_run(study, plan->first, plan->count, progress, user);
    Run run = {study, plan, progress, user, g_new0(GByteArray *, plan->count + 1), 0, 0, 0};
    for (uint64_t i = 0; i < plan->count; i++)
        run.done += is_known(&run, i);
    StudyPlan fewer = *plan; /* no more workers than there is work */
    fewer.jobs = (uint32_t)MIN(plan->jobs, plan->count - run.done);
    run.plan = &fewer;
    if (fewer.jobs > 1)
        run_crew(&run, error);
    else
        run_alone(&run, error);
    if (progress)
        progress(user, run.done, plan->count);
    for (uint64_t i = 0; i < plan->count; i++)
        if (run.waiting[i])
            g_byte_array_free(run.waiting[i], TRUE);
    g_free(run.waiting);
    return run.merged;
}
