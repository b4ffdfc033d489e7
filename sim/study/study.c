/* study.c - runs replications one after another and keeps what they found. */
#include "study/study.h"

#include <glib.h>

#include "study/setup.h"

struct Study {
    const Model *model;
    Reach *reach;
    World *world;
    MeasureSetup setup;
    MeasureSet *measures;
    Reachable *reachable;
    WorldEffort effort;
    uint64_t digest;
    uint64_t *requests, *active; /* of one replication, for the measures */
    uint64_t bytes[SCOPES];
};

Study *study_new(const Model *model) {
    Study *study = g_new0(Study, 1);
    study->model = model;
    study->reach = reach_new(model);
    study->world = world_new(model, study->reach);
    study->setup = setup_of(model);
    study->measures = measure_set_new(&study->setup);
    study->reachable = reachable_new(model, study->reach);
    study->requests = g_new0(uint64_t, model->component_count + 1);
    study->active = g_new0(uint64_t, study->setup.population_count + 1);
    return study;
}

void study_free(Study *study) {
    if (!study)
        return;
    reachable_free(study->reachable);
    measure_set_free(study->measures);
    setup_clear(&study->setup);
    world_free(study->world);
    reach_free(study->reach);
    g_free(study->requests);
    g_free(study->active);
    g_free(study);
}

static MeasureTotals totals_of(Study *study) {
    for (ComponentId c = 0; c < study->model->component_count; c++)
        study->requests[c] = world_meetings(study->world, c).met;
    for (uint32_t p = 0; p < study->setup.population_count; p++)
        study->active[p] = world_ledger(study->world, study->setup.populations[p].component).active;
    for (uint32_t s = 0; s < SCOPES; s++)
        study->bytes[s] = world_bytes(study->world, (LinkScope)s);
    return (MeasureTotals){.requests = study->requests, .active = study->active, .bytes = study->bytes};
}

static void add_effort(Study *study) {
    WorldEffort effort = world_effort(study->world);
    study->effort.events += effort.events;
    study->effort.requests += effort.requests;
    study->effort.sessions_peak = MAX(study->effort.sessions_peak, effort.sessions_peak);
    study->effort.bytes_per_session = effort.bytes_per_session;
    study->digest =
        (study->digest << 7 | study->digest >> 57) ^ world_digest(study->world) * UINT64_C(0x9e3779b97f4a7c15);
}

static void replicate(Study *study, uint64_t replication) {
    uint32_t looks;
    const Look *list = reachable_looks(study->reachable, &looks);
    Observer observers[] = {{measure_set_wants(study->measures), measure_set_see, study->measures},
                            reachable_observer(study->reachable)};
    measure_set_begin(study->measures, replication);
    reachable_begin(study->reachable, study->world, replication);
    world_run(study->world, (Luck){study->model->run.seed, replication}, observers, G_N_ELEMENTS(observers), list,
              looks);
    MeasureTotals totals = totals_of(study);
    measure_set_end(study->measures, &totals);
    add_effort(study);
}

uint64_t study_run(Study *study, uint64_t first, uint64_t count, StudyProgress progress, void *user) {
    uint64_t done = 0;
    for (; done < count; done++) {
        if (progress && !progress(user, done, count))
            return done;
        replicate(study, first + done);
    }
    if (progress)
        progress(user, done, count);
    return done;
}

void study_watch(Study *study, uint64_t replication, const Observer *observers, uint32_t observer_count,
                 const Look *looks, uint32_t look_count) {
    world_run(study->world, (Luck){study->model->run.seed, replication}, observers, observer_count, looks, look_count);
}

const Model *study_model(const Study *study) { return study->model; }
const Reach *study_reach(const Study *study) { return study->reach; }
const MeasureSet *study_measures(const Study *study) { return study->measures; }
const MeasureSetup *study_setup(const Study *study) { return &study->setup; }
uint64_t study_digest(const Study *study) { return study->digest; }
PopulationLedger study_ledger(const Study *study, ComponentId population) {
    return world_ledger(study->world, population);
}
WorldEffort study_effort(const Study *study) { return study->effort; }

static void judge_reachable(void *user, const Expect *expect, Judgement *judgement) {
    const Study *study = user;
    const char *counterexample;
    bool holds = reachable_holds(study->reachable, (uint32_t)(expect - study->model->expects), &counterexample);
    judgement->verdict = holds ? FINDING_HOLDS : FINDING_MISSED;
    judgement->measured = g_strdup(holds            ? "at every instant asked"
                                   : counterexample ? "not so"
                                                    : "never asked: nothing matches");
    judgement->counterexample = g_strdup(counterexample);
    judgement->replication = UINT64_MAX;
}

Judgement study_judge(const Study *study, uint32_t expect) {
    Study *mutable_study = (Study *)(uintptr_t)study;
    return expectation_judge(&study->model->expects[expect], study->measures, judge_reachable, mutable_study);
}
