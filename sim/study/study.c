/* study.c - runs replications one after another and keeps what they found. */
#include "study/study.h"

#include <glib.h>

#include "study/setup.h"

/* What some replications found. */
typedef struct {
    MeasureSet *measures;
    Reachable *reachable;
    WorldEffort effort;
    uint64_t digest;
} Tally;

struct Study {
    const Model *model;
    Reach *reach;
    World *world;
    MeasureSetup setup;
    Tally all;
    Tally one;                   /* of a replication that is packed; made when first needed */
    uint64_t *inspected;         /* bytes, of one replication */
    uint64_t *requests, *active; /* of one replication, for the measures */
    uint64_t bytes[SCOPES];
};

static Tally tally_of(const Study *study) {
    return (Tally){.measures = measure_set_new(&study->setup), .reachable = reachable_new(study->model, study->reach)};
}

static void tally_clear(Tally *tally) {
    reachable_free(tally->reachable);
    measure_set_free(tally->measures);
}

Study *study_new(const Model *model) {
    Study *study = g_new0(Study, 1);
    study->model = model;
    study->reach = reach_new(model);
    study->world = world_new(model, study->reach);
    study->setup = setup_of(model);
    study->all = tally_of(study);
    study->inspected = g_new0(uint64_t, model->component_count + 1);
    study->requests = g_new0(uint64_t, model->component_count + 1);
    study->active = g_new0(uint64_t, study->setup.population_count + 1);
    return study;
}

void study_free(Study *study) {
    if (!study)
        return;
    tally_clear(&study->one);
    tally_clear(&study->all);
    setup_clear(&study->setup);
    world_free(study->world);
    reach_free(study->reach);
    g_free(study->requests);
    g_free(study->inspected);
    g_free(study->active);
    g_free(study);
}

static MeasureTotals totals_of(Study *study) {
    for (ComponentId c = 0; c < study->model->component_count; c++) {
        study->requests[c] = world_meetings(study->world, c).met;
        study->inspected[c] = world_inspected(study->world, c);
    }
    for (uint32_t p = 0; p < study->setup.population_count; p++)
        study->active[p] = world_ledger(study->world, study->setup.populations[p].component).active;
    for (uint32_t s = 0; s < SCOPES; s++)
        study->bytes[s] = world_bytes(study->world, (LinkScope)s);
    return (MeasureTotals){
        .requests = study->requests, .active = study->active, .bytes = study->bytes, .inspected = study->inspected};
}

/* The order of replications counts, and it is always that of their numbers. */
static void tally_effort(Tally *tally, WorldEffort effort, uint64_t digest) {
    tally->effort.events += effort.events;
    tally->effort.requests += effort.requests;
    tally->effort.sessions_peak = MAX(tally->effort.sessions_peak, effort.sessions_peak);
    tally->effort.bytes_per_session = effort.bytes_per_session;
    tally->digest = (tally->digest << 7 | tally->digest >> 57) ^ digest * UINT64_C(0x9e3779b97f4a7c15);
}

static void replicate(Study *study, Tally *tally, uint64_t replication) {
    uint32_t looks;
    const Look *list = reachable_looks(tally->reachable, &looks);
    Observer observers[] = {{measure_set_wants(tally->measures), measure_set_see, tally->measures},
                            reachable_observer(tally->reachable)};
    measure_set_begin(tally->measures, replication);
    reachable_begin(tally->reachable, study->world, replication);
    world_run(study->world, (Luck){study->model->run.seed, replication}, observers, G_N_ELEMENTS(observers), list,
              looks);
    MeasureTotals totals = totals_of(study);
    measure_set_end(tally->measures, &totals);
}

static void replicate_here(Study *study, uint64_t replication) {
    replicate(study, &study->all, replication);
    tally_effort(&study->all, world_effort(study->world), world_digest(study->world));
}

uint64_t study_run(Study *study, uint64_t first, uint64_t count, StudyProgress progress, void *user) {
    uint64_t done = 0;
    for (; done < count; done++) {
        if (progress && !progress(user, done, count))
            return done;
        replicate_here(study, first + done);
    }
    if (progress)
        progress(user, done, count);
    return done;
}

/* ---- One replication as bytes ------------------------------------------------------------ */

void study_run_apart(Study *study, uint64_t replication) {
    if (!study->one.measures)
        study->one = tally_of(study);
    replicate(study, &study->one, replication);
}

void study_pack(Study *study, bool series, GByteArray *out) {
    WorldEffort effort = world_effort(study->world);
    pack_uint(out, world_digest(study->world));
    pack_uint(out, effort.events);
    pack_uint(out, effort.requests);
    pack_uint(out, effort.sessions_peak);
    pack_uint(out, effort.bytes_per_session);
    measure_set_pack(study->one.measures, series, out);
    reachable_pack(study->one.reachable, out);
    measure_set_forget(study->one.measures);
    reachable_forget(study->one.reachable);
}

bool study_take(Study *study, const uint8_t *bytes, size_t length) {
    Unpack from = {bytes, bytes + length, false};
    uint64_t digest = unpack_uint(&from);
    WorldEffort effort = {.events = unpack_uint(&from)};
    effort.requests = unpack_uint(&from);
    effort.sessions_peak = unpack_uint(&from);
    effort.bytes_per_session = unpack_uint(&from);
    bool good = measure_set_unpack(study->all.measures, &from) && reachable_unpack(study->all.reachable, &from) &&
                unpack_done(&from);
    if (good)
        tally_effort(&study->all, effort, digest);
    return good;
}

void study_watch(Study *study, uint64_t replication, const Observer *observers, uint32_t observer_count,
                 const Look *looks, uint32_t look_count) {
    world_run(study->world, (Luck){study->model->run.seed, replication}, observers, observer_count, looks, look_count);
}

const Model *study_model(const Study *study) { return study->model; }
const Reach *study_reach(const Study *study) { return study->reach; }
const MeasureSet *study_measures(const Study *study) { return study->all.measures; }
const MeasureSetup *study_setup(const Study *study) { return &study->setup; }
uint64_t study_digest(const Study *study) { return study->all.digest; }
PopulationLedger study_ledger(const Study *study, ComponentId population) {
    return world_ledger(study->world, population);
}
WorldEffort study_effort(const Study *study) { return study->all.effort; }

static void judge_reachable(void *user, const Expect *expect, Judgement *judgement) {
    const Study *study = user;
    const char *counterexample;
    bool holds = reachable_holds(study->all.reachable, (uint32_t)(expect - study->model->expects), &counterexample);
    judgement->verdict = holds ? FINDING_HOLDS : FINDING_MISSED;
    judgement->measured = g_strdup(holds            ? "at every instant asked"
                                   : counterexample ? "not so"
                                                    : "never asked: nothing matches");
    judgement->counterexample = g_strdup(counterexample);
    judgement->replication = UINT64_MAX;
    uint64_t replication;
    SimTime at;
    uint32_t element;
    if (reachable_missed(study->all.reachable, (uint32_t)(expect - study->model->expects), &replication, &at,
                         &element)) {
        judgement->replication = replication;
        judgement->at = at;
        judgement->element = element;
    }
}

Judgement study_judge(const Study *study, uint32_t expect) {
    Study *mutable_study = (Study *)(uintptr_t)study;
    return expectation_judge(&study->model->expects[expect], study->all.measures, judge_reachable, mutable_study);
}
