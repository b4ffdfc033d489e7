/* failures.c - things that fail by themselves and are repaired, each by a clock and a luck of its own.
 *
 * A source is a part of a law, or (common causes) one of its groups. It works for a time, is down for a time, and so
 * on; nothing happens in between, so a year costs as many events as things break. With crews a repair waits for one,
 * first come first served. A failure that is not covered takes the group along. What is down bends Conditions, as
 * faults of a timeline do; clocks run on for a part that something else has taken down. */
#include "base/int128.h"
#include "world/state.h"

typedef enum { DRAW_EVERY, DRAW_LASTS, DRAW_COVERAGE, DRAWS } FailureDraw;

struct FailureSource {
    Stream luck;
    uint64_t times; /* how often it has failed */
    uint32_t law;
    uint32_t part; /* NO_INDEX: a common cause of the whole group */
    uint32_t group;
    FailureMode mode; /* of the present failure */
    SimTime repair;   /* how long it will take */
};

/* Of a law with crews. */
typedef struct {
    uint32_t busy;
    GQueue waiting; /* of sources, by number */
} Crews;

/* One part that is down now, or several times over, and what that does to it. */
typedef struct {
    const Target *target;
    const FailureLaw *law;
    Condition bent;
} Hit;

struct Failures {
    FailureSource *sources;
    uint32_t source_count;
    Crews *crews;   /* by law */
    uint32_t *down; /* sources that are down now, in the order in which they failed */
    uint32_t down_count;
    GArray *units, *places, *links; /* of Hit: what follows from `down`, by what it can bend */
};

#define NO_PART UINT32_MAX

static const FailureLaw *law_of(const World *w, const FailureSource *source) {
    return &w->model->failures[source->law];
}

/* ---- a run ---- */

static void add_sources(const Model *model, GArray *sources, uint32_t l) {
    const FailureLaw *law = &model->failures[l];
    for (uint32_t p = 0; p < law->part_count && law->common_cause < WHOLE; p++) {
        FailureSource source = {.law = l, .part = p, .group = law->parts[p].group};
        g_array_append_val(sources, source);
    }
    for (uint32_t g = 0; g < law->group_count && law->common_cause > 0; g++) {
        FailureSource source = {.law = l, .part = NO_PART, .group = g};
        g_array_append_val(sources, source);
    }
}

Failures *failures_new(const Model *model) {
    Failures *failures = g_new0(Failures, 1);
    GArray *sources = g_array_new(FALSE, FALSE, sizeof(FailureSource));
    for (uint32_t l = 0; l < model->failure_count; l++)
        add_sources(model, sources, l);
    failures->source_count = sources->len;
    failures->sources = (FailureSource *)(void *)g_array_free(sources, FALSE);
    failures->down = g_new(uint32_t, failures->source_count + 1);
    failures->crews = g_new0(Crews, model->failure_count + 1);
    failures->units = g_array_new(FALSE, FALSE, sizeof(Hit));
    failures->places = g_array_new(FALSE, FALSE, sizeof(Hit));
    failures->links = g_array_new(FALSE, FALSE, sizeof(Hit));
    return failures;
}

void failures_free(Failures *failures, const Model *model) {
    for (uint32_t l = 0; l < model->failure_count; l++)
        g_queue_clear(&failures->crews[l].waiting);
    g_array_free(failures->units, TRUE);
    g_array_free(failures->places, TRUE);
    g_array_free(failures->links, TRUE);
    g_free(failures->sources);
    g_free(failures->down);
    g_free(failures->crews);
    g_free(failures);
}

/* Luck goes by what fails and by which law: another part, or another law, moves nobody's. */
static Stream luck_of(const World *w, const FailureSource *source) {
    const FailureLaw *law = law_of(w, source);
    bool common = source->part == NO_PART;
    char *purpose = g_strdup_printf("%s by %s", common ? "common failure" : "failure", law->name);
    Stream luck = luck_stream(w->luck, common ? law->groups[source->group] : law->parts[source->part].name, purpose);
    g_free(purpose);
    return luck;
}

static Draw draw_of(const FailureSource *source, FailureDraw what) {
    return stream_draw(&source->luck, source->times * DRAWS + what);
}

/* A share of the failures happens that much less often: exact for exponential laws, and for others of the mean. */
static SimTime stretched(SimTime time, int64_t share) {
    Int128 longer = ((Int128)time.ns * WHOLE + share / 2) / share;
    return simtime_is_never(time) || longer >= INT64_MAX ? SIMTIME_NEVER : SIMTIME_NS((int64_t)longer);
}

static void schedule_failure(World *w, uint32_t number) {
    const FailureSource *source = &w->failures->sources[number];
    const FailureLaw *law = law_of(w, source);
    Draw luck = draw_of(source, DRAW_EVERY);
    SimTime works = law_sample(&law->every, &luck);
    if (law->common_cause > 0)
        works = stretched(works, source->part == NO_PART ? law->common_cause : WHOLE - law->common_cause);
    world_schedule(w, later(clock_of(w), works), PHASE_FAULT, HANDLE_FAILURE, number, 0);
}

static void forget_hits(Failures *failures) {
    g_array_set_size(failures->units, 0);
    g_array_set_size(failures->places, 0);
    g_array_set_size(failures->links, 0);
}

void failures_reset(World *w) {
    Failures *failures = w->failures;
    failures->down_count = 0;
    forget_hits(failures);
    for (uint32_t l = 0; l < w->model->failure_count; l++) {
        failures->crews[l].busy = 0;
        g_queue_clear(&failures->crews[l].waiting);
    }
}

void failures_start(World *w) {
    Failures *failures = w->failures;
    for (uint32_t s = 0; s < failures->source_count; s++) {
        FailureSource *source = &failures->sources[s];
        source->luck = luck_of(w, source);
        source->times = 0;
        schedule_failure(w, s);
    }
}

/* ---- what is down ---- */

/* Parts first, then groups. */
static uint32_t clock_number(const World *w, const FailureSource *source) {
    return source->part != NO_PART ? source->part : law_of(w, source)->part_count + source->group;
}

uint32_t world_failures(const World *w) { return w->failures->down_count; }

WorldFailure world_failure(const World *w, uint32_t i) {
    const FailureSource *source = &w->failures->sources[w->failures->down[i]];
    return (WorldFailure){source->law, clock_number(w, source), source->mode};
}

bool world_failure_takes(const FailureLaw *law, WorldFailure failure, uint32_t part) {
    if (failure.mode == FAILURE_OWN)
        return part == failure.clock;
    uint32_t group =
        failure.clock < law->part_count ? law->parts[failure.clock].group : failure.clock - law->part_count;
    return law->parts[part].group == group;
}

static void hit_add(Failures *failures, const FailureLaw *law, const Target *target) {
    Hit hit = {target, law, CONDITION_HEALTHY};
    law->fault->bend(law->spec, &hit.bent);
    if (target->kind == TARGET_LINK)
        g_array_append_val(failures->links, hit);
    else if (target->kind != TARGET_CONTROL)
        g_array_append_val(failures->units, hit);
    if (target->kind == TARGET_PLACE || target->kind == TARGET_CONTROL)
        g_array_append_val(failures->places, hit);
}

/* All over again from what is down, as everything that is folded. */
static void follow(World *w) {
    Failures *failures = w->failures;
    guint links = failures->links->len;
    forget_hits(failures);
    for (uint32_t d = 0; d < failures->down_count; d++) {
        WorldFailure failure = world_failure(w, d);
        const FailureLaw *law = &w->model->failures[failure.law];
        for (uint32_t p = 0; p < law->part_count; p++)
            if (world_failure_takes(law, failure, p))
                hit_add(failures, law, &law->parts[p].target);
    }
    if (links > 0 || failures->links->len > 0)
        conditions_follow(w);
    else
        conditions_follow_places(w);
}

void failures_bend_unit(const World *w, UnitId unit, Condition *condition) {
    const GArray *hits = w->failures->units;
    for (guint i = 0; i < hits->len; i++) {
        const Hit *hit = &g_array_index(hits, Hit, i);
        if (conditions_hit(w->model, hit->target, unit))
            *condition = condition_join(*condition, hit->bent);
    }
}

void failures_bend_place(const World *w, PlaceId place, bool *up, bool *control) {
    const GArray *hits = w->failures->places;
    for (guint i = 0; i < hits->len; i++) {
        const Hit *hit = &g_array_index(hits, Hit, i);
        conditions_bend_place(w->model, hit->target, &hit->bent, place, up, control);
    }
}

bool failures_bend_link(const World *w, PlaceId from, PlaceId to, Condition *condition) {
    const GArray *hits = w->failures->links;
    bool severed = false;
    for (guint i = 0; i < hits->len; i++) {
        const Hit *hit = &g_array_index(hits, Hit, i);
        if (!geography_on_the_way(w->model, hit->target, from, to))
            continue;
        *condition = condition_join(*condition, hit->bent);
        severed = severed || (hit->law->fault->is_link_severed && hit->law->fault->is_link_severed(hit->law->spec));
    }
    return severed;
}

/* ---- failing and being repaired ---- */

static void note(World *w, FactKind kind, const FailureSource *source) {
    world_note(w,
               (Fact){.kind = kind,
                      .component = NO_COMPONENT,
                      .unit = NO_UNIT,
                      .place = NO_PLACE,
                      .subject = source->law,
                      .other = source->part != NO_PART ? source->part : law_of(w, source)->part_count + source->group,
                      .amount = source->mode});
}

static void begin_repair(World *w, uint32_t number) {
    SimTime until = later(clock_of(w), w->failures->sources[number].repair);
    world_schedule(w, until, PHASE_FAULT, HANDLE_REPAIRED, number, 0);
}

/* What is not launched cannot break: its clock goes on to the next time. */
static bool is_absent(const World *w, const FailureSource *source) {
    if (source->part == NO_PART)
        return false;
    const Target *target = &law_of(w, source)->parts[source->part].target;
    return target->kind == TARGET_UNIT && w->units[target->unit].state == UNIT_ABSENT;
}

void failures_fail(World *w, uint32_t number) {
    Failures *failures = w->failures;
    FailureSource *source = &failures->sources[number];
    const FailureLaw *law = law_of(w, source);
    if (is_absent(w, source)) {
        source->times++;
        schedule_failure(w, number);
        return;
    }
    Draw lasts = draw_of(source, DRAW_LASTS), coverage = draw_of(source, DRAW_COVERAGE);
    source->repair = law_sample(&law->lasts, &lasts);
    source->mode = source->part == NO_PART                 ? FAILURE_COMMON
                   : draw_chance(&coverage, law->coverage) ? FAILURE_OWN
                                                           : FAILURE_UNCOVERED;
    failures->down[failures->down_count++] = number;
    note(w, FACT_FAILURE_BEGAN, source);
    follow(w);
    Crews *crews = &failures->crews[source->law];
    if (law->crews > 0 && crews->busy == law->crews) {
        g_queue_push_tail(&crews->waiting, GUINT_TO_POINTER(number));
        return;
    }
    crews->busy++;
    begin_repair(w, number);
}

static void remove_down(Failures *failures, uint32_t number) {
    uint32_t at = 0;
    while (failures->down[at] != number)
        at++;
    failures->down_count--;
    memmove(&failures->down[at], &failures->down[at + 1], (failures->down_count - at) * sizeof *failures->down);
}

/* The crew goes to whoever has waited longest. */
void failures_repaired(World *w, uint32_t number) {
    Failures *failures = w->failures;
    FailureSource *source = &failures->sources[number];
    Crews *crews = &failures->crews[source->law];
    remove_down(failures, number);
    note(w, FACT_FAILURE_ENDED, source);
    follow(w);
    source->times++;
    schedule_failure(w, number);
    if (g_queue_is_empty(&crews->waiting))
        crews->busy--;
    else
        begin_repair(w, GPOINTER_TO_UINT(g_queue_pop_head(&crews->waiting)));
}
