/* database.c - a managed relational database: one unit takes the requests of a copy, a standby in another zone is kept in step, and
 * copies in other regions follow with a lag.
 *
 * Reads are local to a copy. Writes go to the one copy that is the writer; another copy forwards them to it on the provider's own
 * plane and waits. When the active unit of a copy dies, the standby is promoted and nothing is lost. When the whole writer copy
 * dies, a following copy is promoted if that is allowed: what had been acknowledged and not yet copied is gone, and counted. The
 * first copy (by name) keeps the record of who writes: the service itself, not a machine of that region.
 *
 * Left out on purpose: capacity. An architect sizes it not to bind; what binds here is where it is and how long promotion takes. */
#include <glib.h>

#include "base/law.h"
#include "contract/kind.h"

enum { ZONES_SYNC, ZONES_NONE };
static const char *const zones_words[] = {"sync", "none", NULL};
enum { REGIONS_ASYNC, REGIONS_NONE };
static const char *const regions_words[] = {"async", "none", NULL};
enum { PROMOTION_AUTOMATIC, PROMOTION_MANUAL };
static const char *const promotion_words[] = {"automatic", "manual", NULL};
enum { WRITERS_ONE, WRITERS_EVERY };
static const char *const writers_words[] = {"one", "every region", NULL};

typedef struct {
    int zones, regions;
} Replicas;

typedef struct {
    Replicas replicas;
    int writers, region_promotion;
    const char *primary;
    bool allow_data_loss;
    Law service, lag, detect, promotion, decision;
    SimTime forward_timeout;
} DatabaseSpec;

#define ACKS_KEPT 65536u /* acknowledged writes whose instants are remembered, for counting what a lag loses */

/* The part that the first copy keeps for all. */
typedef struct {
    ComponentId writer;
    bool moving;         /* a promotion of another copy is under way */
    uint32_t generation;
    SimTime died;        /* when the writer was last seen to be dead */
    SimTime *acks;       /* ring */
    uint64_t acked;
} Service;

typedef struct {
    UnitId first, active, next;
    uint32_t count;
    bool switching;
    uint32_t generation;
    uint64_t drawn;
    Stream luck;
    Service service; /* used in the first copy only */
} DatabaseState;

enum { TIMER_ZONE_SEEN, TIMER_ZONE_DONE, TIMER_REGION_SEEN, TIMER_REGION_DONE };

#define RDS "Amazon RDS guide, Concepts.MultiAZSingleStandby: typically 60-120 s in all"
#define AURORA "Amazon Aurora guide, aurora-global-database-disaster-recovery: order of minutes"

static const Field replicas_fields[] = {
    FIELD_WORD(Replicas, zones, zones_words, "sync", "a standby in another zone, kept in step with every write", RDS),
    FIELD_WORD(Replicas, regions, regions_words, "none", "copies in other regions follow the writer, with a lag", NULL),
    FIELD_END,
};

static const Field database_fields[] = {
    FIELD_GROUP(DatabaseSpec, replicas, replicas_fields, "who has the data"),
    FIELD_WORD(DatabaseSpec, writers, writers_words, "one", "how many copies take writes themselves", NULL),
    FIELD_TEXT(DatabaseSpec, primary, NULL, "region whose copy writes at the start (default: the first by name)"),
    FIELD_WORD(DatabaseSpec, region_promotion, promotion_words, "automatic", "who decides that another region takes over", NULL),
    FIELD_LAW(DatabaseSpec, decision, "lognormal(median 15 min p95 60 min)", "manual: how long people take to decide", NULL),
    FIELD_BOOL(DatabaseSpec, allow_data_loss, "yes", "another region may take over although it lags behind", NULL),
    FIELD_LAW(DatabaseSpec, service, "exponential(3 ms)", "time of one query", NULL),
    FIELD_LAW(DatabaseSpec, lag, "lognormal(median 500 ms p95 1 s)", "how far another region is behind, beside the distance", "Amazon Aurora guide: typically under 1 s"),
    FIELD_LAW(DatabaseSpec, detect, "uniform(10 s to 20 s)", "until the service sees that a unit or copy is dead", RDS),
    FIELD_LAW(DatabaseSpec, promotion, "uniform(50 s to 100 s)", "from that until the new one takes writes", RDS " (zone); " AURORA " (region)"),
    FIELD_TIME(DatabaseSpec, forward_timeout, "1 s", "how long a copy waits for a dead writer before it answers read-only", NULL),
    FIELD_END,
};

static Service *service_of(Ctx *cx) {
    const ComponentId *copies;
    ctx_copies(cx, &copies);
    return &((DatabaseState *)ctx_copy_state(cx, copies[0]))->service;
}

static bool is_first_copy(const Ctx *cx) {
    const ComponentId *copies;
    ctx_copies(cx, &copies);
    return copies[0] == cx->self;
}

static SimTime database_draw(const Ctx *cx, const Law *law) {
    DatabaseState *state = cx->state;
    Draw luck = stream_draw(&state->luck, state->drawn++);
    return law_sample(law, &luck);
}

static void service_start(Ctx *cx, Service *service) {
    const DatabaseSpec *spec = cx->spec;
    const ComponentId *copies;
    uint32_t count = ctx_copies(cx, &copies);
    *service = (Service){.writer = copies[0], .acks = g_new0(SimTime, ACKS_KEPT), .died = SIMTIME_NEVER};
    for (uint32_t i = 0; i < count && spec->primary; i++)
        if (ctx_place_is(cx, ctx_place(cx, copies[i]), spec->primary))
            service->writer = copies[i];
}

static void database_start(Ctx *cx) {
    DatabaseState *state = cx->state;
    state->count = ctx_units(cx, cx->self, &state->first);
    state->active = state->first;
    state->luck = ctx_stream(cx, "promotion");
    for (uint32_t i = 0; i < state->count; i++)
        ctx_set_state(cx, state->first + i, UNIT_SERVING);
    if (is_first_copy(cx))
        service_start(cx, &state->service);
}

static void database_end(Ctx *cx) { g_free(((DatabaseState *)cx->state)->service.acks); }

static UnitId database_door(Ctx *cx, const Request *rq) {
    (void)rq;
    return ((const DatabaseState *)cx->state)->active;
}

/* A unit of this copy, other than `but`, that works; NO_UNIT when none does. */
static UnitId copy_survivor(const Ctx *cx, ComponentId copy, UnitId but) {
    UnitId first;
    uint32_t count = ctx_units(cx, copy, &first);
    for (uint32_t i = 0; i < count; i++)
        if (first + i != but && unit_works(ctx_unit(cx, first + i)))
            return first + i;
    return NO_UNIT;
}

/* Inside a copy: the active unit is dead and a standby in step is there. */
static void copy_follow(Ctx *cx) {
    const DatabaseSpec *spec = cx->spec;
    DatabaseState *state = cx->state;
    if (unit_works(ctx_unit(cx, state->active))) {
        state->switching = false;
        return;
    }
    if (state->switching && unit_works(ctx_unit(cx, state->next)))
        return;
    state->next = copy_survivor(cx, cx->self, state->active);
    state->switching = state->next != NO_UNIT && spec->replicas.zones == ZONES_SYNC;
    if (state->switching)
        ctx_timer(cx, simtime_add(cx->now, database_draw(cx, &spec->detect)), TIMER_ZONE_SEEN, ++state->generation);
}

/* Between copies: the whole writer copy is dead and others follow it. Run by the first copy, for all. */
static void service_follow(Ctx *cx) {
    const DatabaseSpec *spec = cx->spec;
    Service *service = &((DatabaseState *)cx->state)->service;
    const ComponentId *copies;
    if (copy_survivor(cx, service->writer, NO_UNIT) != NO_UNIT) {
        service->moving = false;
        service->died = SIMTIME_NEVER;
        return;
    }
    service->died = simtime_min(service->died, cx->now);
    if (service->moving || ctx_copies(cx, &copies) < 2 || spec->replicas.regions != REGIONS_ASYNC ||
        spec->writers == WRITERS_EVERY || !spec->allow_data_loss)
        return;
    service->moving = true;
    ctx_timer(cx, simtime_add(cx->now, database_draw(cx, &spec->detect)), TIMER_REGION_SEEN, ++service->generation);
}

static void database_on_change(Ctx *cx) {
    copy_follow(cx);
    if (is_first_copy(cx))
        service_follow(cx);
}

static void zone_timer(Ctx *cx, uint32_t what, uint32_t generation) {
    const DatabaseSpec *spec = cx->spec;
    DatabaseState *state = cx->state;
    if (!state->switching || generation != state->generation)
        return;
    if (what == TIMER_ZONE_SEEN) {
        ctx_note(cx, (Fact){.kind = FACT_NOTICED, .unit = state->active, .other = NO_COMPONENT, .amount = 0});
        ctx_note(cx, (Fact){.kind = FACT_PROMOTING, .unit = state->next});
        ctx_timer(cx, simtime_add(cx->now, database_draw(cx, &spec->promotion)), TIMER_ZONE_DONE, generation);
        return;
    }
    state->active = state->next;
    state->switching = false;
    ctx_note(cx, (Fact){.kind = FACT_PROMOTED, .unit = state->active});
}

/* Acknowledged by the dead writer within the lag before its death: never seen by the follower. */
static void service_count_gone(Ctx *cx, const Service *service, ComponentId to) {
    const DatabaseSpec *spec = cx->spec;
    SimTime lag = simtime_add(database_draw(cx, &spec->lag),
                              ctx_distance(cx, ctx_place(cx, service->writer), ctx_place(cx, to)));
    int64_t gone = 0;
    uint64_t kept = MIN(service->acked, (uint64_t)ACKS_KEPT);
    for (uint64_t i = service->acked - kept; i < service->acked; i++) {
        SimTime ack = service->acks[i % ACKS_KEPT];
        gone += !simtime_before(service->died, ack) && simtime_before(SIMTIME_NS(service->died.ns - lag.ns), ack);
    }
    ctx_note(cx, (Fact){.kind = FACT_WRITES_GONE, .unit = NO_UNIT, .other = to, .amount = gone, .span = lag});
}

/* The first following copy that works and whose control plane takes the order. */
static ComponentId service_heir(Ctx *cx, const Service *service) {
    const ComponentId *copies;
    uint32_t count = ctx_copies(cx, &copies);
    for (uint32_t i = 0; i < count; i++)
        if (copies[i] != service->writer && copy_survivor(cx, copies[i], NO_UNIT) != NO_UNIT &&
            ctx_control(cx, ctx_place(cx, copies[i])))
            return copies[i];
    return NO_COMPONENT;
}

static void region_timer(Ctx *cx, uint32_t what, uint32_t generation) {
    const DatabaseSpec *spec = cx->spec;
    Service *service = &((DatabaseState *)cx->state)->service;
    if (!service->moving || generation != service->generation)
        return;
    ComponentId heir = service_heir(cx, service);
    if (heir == NO_COMPONENT) {
        ctx_note(cx, (Fact){.kind = FACT_BLOCKED_ACTION, .unit = NO_UNIT, .amount = DECISION_PROMOTE});
        service->moving = false; /* tried again at the next change */
        return;
    }
    if (what == TIMER_REGION_SEEN) {
        SimTime decided = spec->region_promotion == PROMOTION_MANUAL ? database_draw(cx, &spec->decision) : SIMTIME_ZERO;
        ctx_note(cx, (Fact){.kind = FACT_NOTICED, .unit = NO_UNIT, .other = service->writer, .amount = 0});
        SimTime done = simtime_add(simtime_add(cx->now, decided), database_draw(cx, &spec->promotion));
        ctx_note(cx, (Fact){.kind = FACT_DECIDED, .unit = NO_UNIT, .amount = DECISION_PROMOTE, .span = decided});
        ctx_note(cx, (Fact){.kind = FACT_PROMOTING, .unit = copy_survivor(cx, heir, NO_UNIT)});
        ctx_timer(cx, done, TIMER_REGION_DONE, generation);
        return;
    }
    service_count_gone(cx, service, heir);
    service->writer = heir;
    service->moving = false;
    service->died = SIMTIME_NEVER;
    ctx_note(cx, (Fact){.kind = FACT_PROMOTED, .unit = ((DatabaseState *)ctx_copy_state(cx, heir))->active});
}

static void database_on_timer(Ctx *cx, uint32_t what, uint32_t generation) {
    if (what == TIMER_ZONE_SEEN || what == TIMER_ZONE_DONE)
        zone_timer(cx, what, generation);
    else
        region_timer(cx, what, generation);
}

/* A write waits for the standby in another zone when there is one. */
static SimTime commit_time(const Ctx *cx, ComponentId copy, UnitId active) {
    UnitId standby = copy_survivor(cx, copy, active);
    if (((const DatabaseSpec *)cx->spec)->replicas.zones != ZONES_SYNC || standby == NO_UNIT)
        return SIMTIME_ZERO;
    SimTime way = ctx_latency(cx, active, standby);
    return simtime_add(way, way);
}

static Outcome database_write(Ctx *cx, const Request *rq, SimTime work) {
    const DatabaseSpec *spec = cx->spec;
    Service *service = service_of(cx);
    ComponentId writer = spec->writers == WRITERS_EVERY ? cx->self : service->writer;
    UnitId active = ((DatabaseState *)ctx_copy_state(cx, writer))->active;
    SimTime ready = simtime_add(simtime_add(rq->now, work), commit_time(cx, writer, active));
    if (writer != cx->self) {
        if (!unit_works(ctx_unit(cx, active)))
            return outcome_fail(CAUSE_READ_ONLY, simtime_add(rq->now, spec->forward_timeout));
        SimTime way = ctx_latency(cx, rq->unit, active);
        ready = simtime_add(ready, simtime_add(way, way));
    }
    service->acks[service->acked++ % ACKS_KEPT] = ready;
    return outcome_pass(ready);
}

static Outcome database_on_request(Ctx *cx, Request *rq) {
    const DatabaseSpec *spec = cx->spec;
    int64_t speed = ctx_unit(cx, rq->unit)->condition.speed;
    SimTime work = law_sample(&spec->service, &rq->luck);
    if (speed != WHOLE)
        work.ns = (int64_t)((double)work.ns * ((double)WHOLE / (double)speed) + 0.5);
    return rq->write ? database_write(cx, rq, work) : outcome_pass(simtime_add(rq->now, work));
}

static void database_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_UNIT_HOUR, "database_hour");
}

static const char *const database_shows[] = {"replicas.zones", "replicas.regions", "region_promotion", NULL};

const Kind kind_database = {
    .name = "database",
    .summary = "a managed relational database: standby in step across zones, followers across regions",
    .role = ROLE_STORE,
    .spread = SPREAD_ZONES,
    .passage = {PASSAGE_TERMINATES, ATTACH_SUBNETS, false},
    .fields = database_fields,
    .shows = database_shows,
    .spec_size = sizeof(DatabaseSpec),
    .state_size = sizeof(DatabaseState),
    .managed = true,
    .start = database_start,
    .end = database_end,
    .door = database_door,
    .on_request = database_on_request,
    .on_change = database_on_change,
    .on_timer = database_on_timer,
    .price = database_price,
};
