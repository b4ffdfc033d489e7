/* pipeline.c - THE STORY: a sealed model is put in motion, measured, judged, and written down.
 *
 *   model ──> study: world + reach, N replications ──> measures ──> judgements
 *                └── replication 0 once more, watched ──> moments, timeline ──> record ──> report, pictures
 *
 * Reading is before this (model_read), printing after it (report/, faultline-render). */
#include "pipeline.h"

#include "base/outfile.h"
#include "base/version.h"
#include "document/document.h"

#define MOMENTS 3
#define WINDOW SIMTIME_S(60) /* rates of a moment are means over the minute before it */

struct Pipeline {
    const Model *model;
    Study *study;
    uint64_t replications;
    Judgement *judgements;
    ResultsBut *buts;
    Record *record;
};

Pipeline *pipeline_new(const Model *model) {
    Pipeline *pipeline = g_new0(Pipeline, 1);
    pipeline->model = model;
    pipeline->study = study_new(model);
    pipeline->buts = g_new0(ResultsBut, model->expect_count + 1);
    return pipeline;
}

static void forget(Pipeline *pipeline) {
    for (uint32_t e = 0; pipeline->judgements && e < pipeline->model->expect_count; e++)
        judgement_clear(&pipeline->judgements[e]);
    g_clear_pointer(&pipeline->judgements, g_free);
    g_clear_pointer(&pipeline->record, record_free);
}

void pipeline_free(Pipeline *pipeline) {
    if (!pipeline)
        return;
    forget(pipeline);
    for (uint32_t e = 0; e < pipeline->model->expect_count; e++)
        g_free((char *)(uintptr_t)pipeline->buts[e].text);
    g_free(pipeline->buts);
    study_free(pipeline->study);
    g_free(pipeline);
}

uint64_t pipeline_run(Pipeline *pipeline, uint64_t replications, StudyProgress progress, void *user) {
    forget(pipeline);
    uint64_t done = study_run(pipeline->study, pipeline->replications, replications, progress, user);
    pipeline->replications += done;
    return done;
}

uint64_t pipeline_run_plan(Pipeline *pipeline, StudyPlan plan, StudyProgress progress, void *user, GError **error) {
    forget(pipeline);
    plan.first = pipeline->replications;
    uint64_t done = study_run_plan(pipeline->study, &plan, progress, user, error);
    pipeline->replications += done;
    return done;
}

/* Progress of one stretch, told as that of the whole. */
typedef struct {
    StudyProgress progress;
    void *user;
    uint64_t before, of;
} Stretch;

static bool stretch_tell(void *user, uint64_t done, uint64_t of) {
    const Stretch *stretch = user;
    (void)of;
    return !stretch->progress || stretch->progress(stretch->user, stretch->before + done, stretch->of);
}

uint64_t pipeline_run_until(Pipeline *pipeline, StudyPlan plan, const Until *until, StudyProgress progress, void *user,
                            bool *met, char **measured, GError **error) {
    uint64_t done = 0, most = plan.count;
    *met = false;
    *measured = NULL;
    while (done < most && !*met) {
        Stretch stretch = {progress, user, done, most};
        plan.count = MIN(most, until_next(done)) - done;
        uint64_t more = pipeline_run_plan(pipeline, plan, stretch_tell, &stretch, error);
        done += more;
        g_free(*measured);
        bool asked = until_met(until, study_measures(pipeline->study), measured);
        if (more < plan.count)
            break; /* stopped, or *error: not where the rule is asked */
        *met = asked;
    }
    return done;
}

bool pipeline_take(Pipeline *pipeline, const uint8_t *part, size_t length) {
    forget(pipeline);
    pipeline->replications++;
    return study_take(pipeline->study, part, length);
}

const Study *pipeline_study(const Pipeline *pipeline) { return pipeline->study; }

const Judgement *pipeline_judge(Pipeline *pipeline, uint32_t expect) {
    if (!pipeline->judgements) {
        pipeline->judgements = g_new0(Judgement, pipeline->model->expect_count + 1);
        for (uint32_t e = 0; e < pipeline->model->expect_count; e++)
            pipeline->judgements[e] = study_judge(pipeline->study, e);
    }
    return &pipeline->judgements[expect];
}

void pipeline_but(Pipeline *pipeline, uint32_t expect, const char *text, Finding finding) {
    g_free((char *)(uintptr_t)pipeline->buts[expect].text);
    pipeline->buts[expect] = (ResultsBut){g_strdup(text), finding};
    g_clear_pointer(&pipeline->record, record_free);
}

void pipeline_watch(const Pipeline *pipeline, uint64_t replication, const Observer *observer) {
    study_watch(pipeline->study, replication, observer, 1, NULL, 0);
}

static void see_owned(void *user, const Fact *fact) {
    SimTime *first = user;
    *first = simtime_min(*first, fact->at);
}

/* When replication 0 first saw something taken over; never where nobody attacks. */
static SimTime first_owned(const Pipeline *pipeline) {
    SimTime first = SIMTIME_NEVER;
    bool threats = false;
    for (uint32_t e = 0; e < pipeline->model->event_count; e++)
        threats = threats || pipeline->model->timeline[e].kind == EVENT_THREAT;
    Observer observer = {FACT_BIT(FACT_OWNED), see_owned, &first};
    if (threats)
        study_watch(pipeline->study, 0, &observer, 1, NULL, 0);
    return first;
}

static void see_outage(void *user, const Fact *fact) {
    SimTime *first = user;
    if (fact->amount == 0)
        *first = simtime_min(*first, fact->at);
}

/* When replication 0 first had nobody to serve a newcomer; never where sessions tell what was worst. */
static SimTime first_outage(const Pipeline *pipeline) {
    SimTime first = SIMTIME_NEVER;
    Observer observer = {FACT_BIT(FACT_SERVICE), see_outage, &first};
    if (pipeline->model->load_count == 0)
        study_watch(pipeline->study, 0, &observer, 1, NULL, 0);
    return first;
}

/* Before: just before the first thing happens. During: when something was taken over, else when it was worst for new
 * sessions, or where there are none when the first outage began. After: the end. */
static void choose_moments(const Pipeline *pipeline, Snapshot *moments[MOMENTS]) {
    const Model *model = pipeline->model;
    SimTime end = model->run.until, first = end, worst = measure_worst_moment(study_measures(pipeline->study));
    if (model->event_count)
        first = simtime_min(end, SIMTIME_NS(model->timeline[0].at.ns - 1));
    first = simtime_max(first, SIMTIME_ZERO);
    SimTime owned = first_owned(pipeline);
    if (!simtime_is_never(owned))
        worst = owned;
    if (simtime_is_never(worst))
        worst = first_outage(pipeline);
    if (!simtime_is_never(worst) && model->event_count == 0)
        first = simtime_max(simtime_min(end, SIMTIME_NS(worst.ns - 1)), SIMTIME_ZERO);
    if (simtime_is_never(worst) || simtime_before(end, worst))
        worst = model->event_count ? simtime_min(end, model->timeline[0].at) : end;
    moments[0] = snapshot_new(model, "before", first, WINDOW);
    moments[1] = snapshot_new(model, "during", worst, WINDOW);
    moments[2] = snapshot_new(model, "after", end, WINDOW);
}

/* Replication 0 again: the same events, now with somebody who looks. */
static void watch(const Pipeline *pipeline, Snapshot *moments[MOMENTS], DocumentLog *log) {
    Look looks[2 * MOMENTS];
    for (int m = 0; m < MOMENTS; m++)
        snapshot_looks(moments[m], looks + 2 * m);
    Observer observer = {document_log_wants(), document_log_see, log};
    study_watch(pipeline->study, 0, &observer, 1, looks, 2 * MOMENTS);
}

static void set_manifest(const Pipeline *pipeline, Record *record) {
    const Model *model = pipeline->model;
    char *digest = g_strdup_printf("%016" G_GINT64_MODIFIER "x", study_digest(pipeline->study));
    record_set_manifest(record,
                        (RecordManifest){FAULTLINE_VERSION, (int64_t)model->run.seed, (int64_t)pipeline->replications,
                                         model->byte_digest, model->model_digest, digest});
    record_set_title(record,
                     (RecordTitle){model->pattern, model->scenario, model->about, model->claim, model->provider});
    record_set_run(record, (RecordRun){model->run.until.ns, study_setup(pipeline->study)->warm_up.ns, 0});
    g_free(digest);
}

static Record *make_record(Pipeline *pipeline) {
    const Model *model = pipeline->model;
    const Reach *reach = study_reach(pipeline->study);
    Record *record = record_new();
    Snapshot *moments[MOMENTS];
    DocumentLog *log = document_log_new(model);
    choose_moments(pipeline, moments);
    watch(pipeline, moments, log);
    set_manifest(pipeline, record);
    document_model(record, model, reach);
    document_moments(record, model, reach, moments, MOMENTS);
    document_reach(record, model, reach, moments, MOMENTS);
    document_attack(record, model, reach, moments, MOMENTS);
    document_timeline(record, log);
    results_record(study_measures(pipeline->study), study_setup(pipeline->study), model, record);
    if (model->expect_count)
        results_record_expectations(model, pipeline_judge(pipeline, 0), pipeline->buts, record);
    for (int m = 0; m < MOMENTS; m++)
        snapshot_free(moments[m]);
    document_log_free(log);
    return record;
}

const Record *pipeline_record(Pipeline *pipeline) {
    if (!pipeline->record)
        pipeline->record = make_record(pipeline);
    return pipeline->record;
}

bool pipeline_write_record(Pipeline *pipeline, const char *folder, char **path, GError **error) {
    size_t length;
    char *text = record_to_json(pipeline_record(pipeline), &length);
    *path = g_build_filename(folder, "record.json", NULL);
    bool written = outfile_write(*path, text, length, error);
    g_free(text);
    return written;
}
