/* database.c - a managed relational database: a standby in step in another zone, followers with a lag in other regions.
 *
 * One unit of a copy takes its requests. When it dies the standby is promoted, and nothing is gone. Reads are local to
 * a copy; writes go to the one copy that is the writer, and another copy forwards them to it on the provider's own
 * plane and waits. When the whole writer copy dies, a following copy is promoted if that is allowed: what had been
 * acknowledged and not yet copied is gone, and counted. A writer that comes back before that stays the writer. The
 * first copy (by name) keeps the record of who writes: the service itself, not a machine of that region.
 *
 * Promotion within a region needs no control plane (it is how the service runs); promotion of another region is an
 * order that the heir's control plane must take, and waits for it. With `writers: every region`, or without replicas in
 * regions, each copy takes its own writes and nobody is promoted.
 *
 * Left out on purpose: capacity. An architect sizes it not to bind; what binds is where it is and how long it takes to
 * promote. */
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

/* An acknowledged write. A request whose plan changes is met again: the latest entry of a request counts. */
typedef struct {
    SimTime at;
    uint32_t population, session, number, attempt;
} Ack;

#define ACKS_KEPT \
    65536u /* the latest that are remembered, for counting what a lag costs: more in one lag are not seen */

/* How far the service is with moving the writer to another copy. */
typedef enum { STAGE_QUIET, STAGE_DETECTING, STAGE_DECIDING, STAGE_WAITING, STAGE_PROMOTING } Stage;

/* The part that the first copy keeps for all. */
typedef struct {
    ComponentId writer, heir;
    Stage stage;
    uint32_t generation; /* of the timers of this move, and the number of its draws */
    bool blocked;        /* has said that it waits for a control plane */
    SimTime died;        /* when the writer was last seen to be dead */
    Ack *acks;           /* ring */
    uint64_t acked;
} Service;

typedef struct {
    UnitId active, next;
    bool switching; /* `next` is to take over from `active`, which is dead */
    uint32_t generation;
    Stream zone_luck, region_luck;
    Service service; /* used in the first copy only */
} DatabaseState;

enum { TIMER_ZONE_SEEN, TIMER_ZONE_DONE, TIMER_REGION_SEEN, TIMER_REGION_DECIDED, TIMER_REGION_DONE };

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
    FIELD_WORD(DatabaseSpec, region_promotion, promotion_words, "automatic",
               "who decides that another region takes over", NULL),
    FIELD_LAW(DatabaseSpec, decision, "lognormal(median 15 min p95 60 min)", "manual: how long people take to decide",
              NULL),
    FIELD_BOOL(DatabaseSpec, allow_data_loss, "yes", "another region may take over although it lags behind", NULL),
    FIELD_LAW(DatabaseSpec, service, "exponential(3 ms)", "time of one query", NULL),
    FIELD_LAW(DatabaseSpec, lag, "lognormal(median 500 ms p95 1 s)",
              "how far another region is behind, beside the distance", "Amazon Aurora guide: typically under 1 s"),
    FIELD_LAW(DatabaseSpec, detect, "uniform(10 s to 20 s)", "until the service sees that a unit or copy is dead", RDS),
    FIELD_LAW(DatabaseSpec, promotion, "uniform(50 s to 100 s)", "from that until the new one takes writes",
              RDS " (zone); " AURORA " (region)"),
    FIELD_TIME(DatabaseSpec, forward_timeout, "1 s",
               "how long a copy waits for a dead writer before it answers read-only", NULL),
    FIELD_END,
};

static void database_check(const void *spec, const char *name, Mark mark, Diagnostics *diagnostics) {
    const DatabaseSpec *database = spec;
    if (database->writers == WRITERS_EVERY && database->replicas.regions == REGIONS_NONE)
        diag_warning(diagnostics, mark, "write replicas: {regions: async}",
                     "%s: every region writes, but no region hears of another's writes", name);
}

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

/* Does one copy write for all? */
static bool has_one_writer(const Ctx *cx) {
    const DatabaseSpec *spec = cx->spec;
    return spec->writers == WRITERS_ONE && spec->replicas.regions == REGIONS_ASYNC;
}

/* Every draw has a number of its own, so that one law never moves another's luck: (generation, timer it leads to). */
static SimTime database_draw(const Stream *stream, const Law *law, uint32_t generation, uint32_t timer) {
    Draw luck = stream_draw(stream, ((uint64_t)generation << 8) | timer);
    return law_sample(law, &luck);
}

static void service_start(Ctx *cx, Service *service) {
    const DatabaseSpec *spec = cx->spec;
    const ComponentId *copies;
    uint32_t count = ctx_copies(cx, &copies);
    *service = (Service){.writer = copies[0], .acks = g_new0(Ack, ACKS_KEPT), .died = SIMTIME_NEVER};
    for (uint32_t i = 0; i < count && spec->primary; i++)
        if (ctx_place_is(cx, ctx_place(cx, copies[i]), spec->primary))
            service->writer = copies[i];
}

/* Without a standby there is one unit only, in the first zone. */
static void database_start(Ctx *cx) {
    const DatabaseSpec *spec = cx->spec;
    DatabaseState *state = cx->state;
    uint32_t count = ctx_units(cx, cx->self, &state->active);
    state->zone_luck = ctx_stream(cx, "zone promotion");
    state->region_luck = ctx_stream(cx, "region promotion");
    for (uint32_t i = 0; i < count; i++)
        ctx_set_state(cx, state->active + i, i == 0 || spec->replicas.zones == ZONES_SYNC ? UNIT_SERVING : UNIT_ABSENT);
    if (is_first_copy(cx))
        service_start(cx, &state->service);
}

static bool database_takes(Ctx *cx, UnitId own) { return ((const DatabaseState *)cx->state)->active == own; }

static void database_end(Ctx *cx) { g_free(((DatabaseState *)cx->state)->service.acks); }

/* The address of a copy is its active unit's, dead or alive, until another is promoted. */
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

static bool copy_lives(const Ctx *cx, ComponentId copy) { return copy_survivor(cx, copy, NO_UNIT) != NO_UNIT; }

/* ---- Inside a copy: the active unit is dead and a standby in step is there ------------------------------------------
 */

/* The detection is void when the active unit comes back before the promotion is done; a standby that dies meanwhile is
 * no longer an heir. */
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
    state->switching = state->next != NO_UNIT;
    if (!state->switching)
        return;
    state->generation++;
    SimTime detect = database_draw(&state->zone_luck, &spec->detect, state->generation, TIMER_ZONE_SEEN);
    ctx_timer(cx, simtime_add(cx->now, detect), TIMER_ZONE_SEEN, state->generation);
}

static void zone_timer(Ctx *cx, uint32_t what, uint32_t generation) {
    const DatabaseSpec *spec = cx->spec;
    DatabaseState *state = cx->state;
    if (!state->switching || generation != state->generation)
        return;
    if (what == TIMER_ZONE_SEEN) {
        SimTime takes = database_draw(&state->zone_luck, &spec->promotion, generation, TIMER_ZONE_DONE);
        ctx_note(cx, (Fact){.kind = FACT_NOTICED, .unit = state->active, .other = NO_COMPONENT, .amount = 0});
        ctx_note(cx, (Fact){.kind = FACT_PROMOTING, .unit = state->next});
        ctx_timer(cx, simtime_add(cx->now, takes), TIMER_ZONE_DONE, generation);
        return;
    }
    state->active = state->next;
    state->switching = false;
    ctx_note(cx, (Fact){.kind = FACT_PROMOTED, .unit = state->active});
}

/* ---- Between copies: the whole writer copy is dead and others follow it. Run by the first copy, for all.
 * ------------- */

static guint ack_hash(gconstpointer key) {
    const Ack *ack = key;
    return ((ack->population * 31 + ack->session) * 31 + ack->number) * 31 + ack->attempt;
}

static gboolean ack_equal(gconstpointer a, gconstpointer b) {
    const Ack *x = a, *y = b;
    return x->population == y->population && x->session == y->session && x->number == y->number &&
           x->attempt == y->attempt;
}

/* Acknowledged by the dead writer within the lag before its death, (died - lag, died]: never seen by the follower. From
 * the newest entry back, so that the first one met of a request is the one that counts. O(acks kept). */
static int64_t service_count_gone(const Service *service, SimTime lag) {
    SimTime since = SIMTIME_NS(service->died.ns - lag.ns);
    GHashTable *met = g_hash_table_new(ack_hash, ack_equal);
    uint64_t kept = MIN(service->acked, (uint64_t)ACKS_KEPT);
    int64_t gone = 0;
    for (uint64_t i = 0; i < kept; i++) {
        Ack *ack = &service->acks[(service->acked - 1 - i) % ACKS_KEPT];
        if (g_hash_table_add(met, ack))
            gone += simtime_before(since, ack->at) && !simtime_before(service->died, ack->at);
    }
    g_hash_table_destroy(met);
    return gone;
}

/* The first following copy that lives and whose control plane takes the order. Says once when only the plane is
 * missing. */
static ComponentId service_heir(Ctx *cx, Service *service) {
    const ComponentId *copies;
    uint32_t count = ctx_copies(cx, &copies);
    bool lives = false;
    for (uint32_t i = 0; i < count; i++) {
        if (!copy_lives(cx, copies[i])) /* the writer among them */
            continue;
        lives = true;
        if (ctx_control(cx, ctx_place(cx, copies[i])))
            return copies[i];
    }
    if (lives && !service->blocked)
        ctx_note(cx, (Fact){.kind = FACT_BLOCKED_ACTION, .unit = NO_UNIT, .amount = DECISION_PROMOTE});
    service->blocked = service->blocked || lives;
    return NO_COMPONENT;
}

/* It is decided: order the promotion, or wait until somebody can take the order. An order once taken needs the plane no
 * more. */
static void service_promote(Ctx *cx, Service *service) {
    const DatabaseSpec *spec = cx->spec;
    DatabaseState *state = cx->state;
    service->heir = service_heir(cx, service);
    service->stage = service->heir == NO_COMPONENT ? STAGE_WAITING : STAGE_PROMOTING;
    if (service->stage == STAGE_WAITING)
        return;
    service->blocked = false;
    service->generation++;
    ctx_note(cx, (Fact){.kind = FACT_PROMOTING, .unit = copy_survivor(cx, service->heir, NO_UNIT)});
    SimTime takes = database_draw(&state->region_luck, &spec->promotion, service->generation, TIMER_REGION_DONE);
    ctx_timer(cx, simtime_add(cx->now, takes), TIMER_REGION_DONE, service->generation);
}

/* Nobody looks where nobody may take over. */
static void service_detect(Ctx *cx, Service *service) {
    const DatabaseSpec *spec = cx->spec;
    DatabaseState *state = cx->state;
    const ComponentId *copies;
    if (ctx_copies(cx, &copies) < 2 || !has_one_writer(cx) || !spec->allow_data_loss)
        return;
    service->stage = STAGE_DETECTING;
    service->generation++;
    SimTime detect = database_draw(&state->region_luck, &spec->detect, service->generation, TIMER_REGION_SEEN);
    ctx_timer(cx, simtime_add(cx->now, detect), TIMER_REGION_SEEN, service->generation);
}

/* The truth changed: the writer is back, or dead since now, or an heir has come within reach or died. */
static void service_follow(Ctx *cx) {
    Service *service = &((DatabaseState *)cx->state)->service;
    if (copy_lives(cx, service->writer)) {
        service->stage = STAGE_QUIET;
        service->blocked = false;
        service->died = SIMTIME_NEVER;
        return;
    }
    service->died = simtime_min(service->died, cx->now);
    bool heir_died = service->stage == STAGE_PROMOTING && !copy_lives(cx, service->heir);
    if (service->stage == STAGE_QUIET)
        service_detect(cx, service);
    else if (service->stage == STAGE_WAITING || heir_died)
        service_promote(cx, service);
}

/* Software decides at once, people take their time. Deciding needs no control plane; the order that follows does. */
static void service_seen(Ctx *cx, Service *service) {
    const DatabaseSpec *spec = cx->spec;
    DatabaseState *state = cx->state;
    service->stage = STAGE_DECIDING;
    ctx_note(cx, (Fact){.kind = FACT_NOTICED, .unit = NO_UNIT, .other = service->writer, .amount = 0});
    SimTime takes = SIMTIME_ZERO;
    if (spec->region_promotion == PROMOTION_MANUAL)
        takes = database_draw(&state->region_luck, &spec->decision, service->generation, TIMER_REGION_DECIDED);
    ctx_timer(cx, simtime_add(cx->now, takes), TIMER_REGION_DECIDED, service->generation);
}

/* The heir takes over with what it has. How far it was behind is drawn now, by the law of the lag. */
static void service_move(Ctx *cx, Service *service) {
    const DatabaseSpec *spec = cx->spec;
    DatabaseState *state = cx->state;
    ComponentId heir = service->heir;
    SimTime distance = ctx_distance(cx, ctx_place(cx, service->writer), ctx_place(cx, heir));
    SimTime lag = database_draw(&state->region_luck, &spec->lag, service->generation, TIMER_REGION_DONE + 1);
    lag = simtime_add(lag, distance);
    ctx_note(cx, (Fact){.kind = FACT_WRITES_GONE,
                        .unit = NO_UNIT,
                        .other = heir,
                        .amount = service_count_gone(service, lag),
                        .span = lag});
    service->writer = heir;
    service->stage = STAGE_QUIET;
    service->died = SIMTIME_NEVER;
    ctx_note(cx, (Fact){.kind = FACT_PROMOTED, .unit = ((DatabaseState *)ctx_copy_state(cx, heir))->active});
}

static void region_timer(Ctx *cx, uint32_t what, uint32_t generation) {
    Service *service = &((DatabaseState *)cx->state)->service;
    if (generation != service->generation)
        return;
    if (what == TIMER_REGION_SEEN && service->stage == STAGE_DETECTING) {
        service_seen(cx, service);
    } else if (what == TIMER_REGION_DECIDED && service->stage == STAGE_DECIDING) {
        ctx_note(cx, (Fact){.kind = FACT_DECIDED, .unit = NO_UNIT, .amount = DECISION_PROMOTE});
        service_promote(cx, service);
    } else if (what == TIMER_REGION_DONE && service->stage == STAGE_PROMOTING) {
        service_move(cx, service);
    }
}

static void database_on_change(Ctx *cx) {
    copy_follow(cx);
    if (is_first_copy(cx))
        service_follow(cx);
}

static void database_on_timer(Ctx *cx, uint32_t what, uint32_t generation) {
    if (what == TIMER_ZONE_SEEN || what == TIMER_ZONE_DONE)
        zone_timer(cx, what, generation);
    else
        region_timer(cx, what, generation);
}

/* ---- Requests -------------------------------------------------------------------------------------------------------
 */

/* A write waits for the standby in another zone when there is one. */
static SimTime commit_time(const Ctx *cx, ComponentId copy, UnitId active) {
    UnitId standby = copy_survivor(cx, copy, active);
    if (standby == NO_UNIT)
        return SIMTIME_ZERO;
    SimTime way = ctx_latency(cx, active, standby);
    return simtime_add(way, way);
}

/* At the writer, or through it. What a request finds at the writer is what holds now: it was the caller who travelled.
 */
static Outcome database_write(Ctx *cx, const Request *rq, SimTime work) {
    const DatabaseSpec *spec = cx->spec;
    Service *service = service_of(cx);
    ComponentId writer = has_one_writer(cx) ? service->writer : cx->self;
    UnitId active = ((DatabaseState *)ctx_copy_state(cx, writer))->active;
    SimTime ready = simtime_add(simtime_add(rq->now, work), commit_time(cx, writer, active));
    if (writer != cx->self) {
        if (!unit_works(ctx_unit(cx, active)))
            return outcome_fail(CAUSE_READ_ONLY, simtime_add(rq->now, spec->forward_timeout));
        SimTime way = ctx_latency(cx, rq->unit, active);
        ready = simtime_add(ready, simtime_add(way, way));
    }
    if (has_one_writer(cx))
        service->acks[service->acked++ % ACKS_KEPT] =
            (Ack){ready, rq->population, rq->session, rq->number, rq->attempt};
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
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_SUBNETS},
    .fields = database_fields,
    .shows = database_shows,
    .spec_size = sizeof(DatabaseSpec),
    .state_size = sizeof(DatabaseState),
    .managed = true,
    .check = database_check,
    .start = database_start,
    .end = database_end,
    .door = database_door,
    .takes = database_takes,
    .on_request = database_on_request,
    .on_change = database_on_change,
    .on_timer = database_on_timer,
    .price = database_price,
};
