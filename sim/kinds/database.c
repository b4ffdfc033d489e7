/* database.c - a managed relational database: a standby in step in another zone, followers with a lag in other regions.
 *
 * One unit of a copy takes its requests. When it dies the standby is promoted, and nothing is gone. Reads are local to
 * a copy; writes go to the one copy that is the writer, and another copy forwards them to it on the provider's own
 * plane and waits. When the whole writer copy dies, a following copy is promoted if that is allowed: what had been
 * acknowledged and not yet copied is gone, and counted. A writer that comes back before that stays the writer. The
 * first copy (by name) keeps the record of who writes: the service itself, not a machine of that region.
 *
 * With `regions: backup` nothing runs elsewhere: now and then a backup is copied there, and when the writer copy is
 * gone a database is restored from the latest one: that takes long, and all that was written since is gone.
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
#include "kinds/acks.h"

enum { ZONES_SYNC, ZONES_NONE };
static const char *const zones_words[] = {"sync", "none", NULL};
enum { REGIONS_ASYNC, REGIONS_NONE, REGIONS_BACKUP };
static const char *const regions_words[] = {"async", "none", "backup", NULL};
enum { PROMOTION_AUTOMATIC, PROMOTION_MANUAL, PROMOTION_DECLARED };
static const char *const promotion_words[] = {"automatic", "manual", "declared", NULL};
enum { WRITERS_ONE, WRITERS_EVERY };
static const char *const writers_words[] = {"one", "every region", NULL};

typedef struct {
    int zones, regions;
} Replicas;

typedef struct {
    SimTime every;
    Law restore;
} Backup;

typedef struct {
    Replicas replicas;
    Backup backup;
    int writers, region_promotion;
    const char *primary;
    bool allow_data_loss;
    Law service, lag, detect, promotion, decision;
    SimTime forward_timeout;
} DatabaseSpec;

/* How far the service is with moving the writer to another copy. */
typedef enum { STAGE_QUIET, STAGE_DETECTING, STAGE_DECIDING, STAGE_WAITING, STAGE_PROMOTING } Stage;

/* The part that the first copy keeps for all. */
typedef struct {
    ComponentId writer, heir;
    Stage stage;
    uint32_t generation;  /* of the timers of this move, and the number of its draws */
    bool blocked;         /* has said that it waits for a control plane */
    SimTime died;         /* when the writer was last seen to be dead */
    Acks acks;            /* of the writer */
    SimTime backup_phase; /* of the first backup, in [0, every) */
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
    FIELD_WORD(Replicas, regions, regions_words, "none",
               "other regions: follow the writer, with a lag; have backups only; or have nothing", NULL),
    FIELD_END,
};

static const Field backup_fields[] = {
    FIELD_ROW(Backup, every, FIELD_TYPE_TIME, "1 d", "1 s", NULL,
              "time between two backups that reach the other regions",
              "Amazon RDS guide, working with backups: one automated snapshot a day"),
    FIELD_LAW(Backup, restore, "lognormal(median 30 min p95 90 min)", "how long restoring a database from one takes",
              "assumption: grows with its size; tens of minutes for tens of GB"),
    FIELD_END,
};

static const Field database_fields[] = {
    FIELD_GROUP(DatabaseSpec, replicas, replicas_fields, "who has the data"),
    FIELD_GROUP(DatabaseSpec, backup, backup_fields, "replicas.regions: backup"),
    FIELD_WORD(DatabaseSpec, writers, writers_words, "one", "how many copies take writes themselves", NULL),
    FIELD_TEXT(DatabaseSpec, primary, NULL, "region whose copy writes at the start (default: the first by name)"),
    FIELD_WORD(DatabaseSpec, region_promotion, promotion_words, "automatic",
               "who decides that another region takes over: software, people, or the runbook that gives a region up",
               NULL),
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
    return spec->writers == WRITERS_ONE && spec->replicas.regions != REGIONS_NONE;
}

/* Is there a database in one region only, and backups in the others? */
static bool has_backups(const Ctx *cx) {
    return has_one_writer(cx) && ((const DatabaseSpec *)cx->spec)->replicas.regions == REGIONS_BACKUP;
}

/* Every unit that a copy has: without a standby there is one only, in the first zone. */
static void copy_set(Ctx *cx, ComponentId copy, UnitState state) {
    const DatabaseSpec *spec = cx->spec;
    UnitId first;
    uint32_t count = ctx_units(cx, copy, &first);
    for (uint32_t i = 0; i < count; i++)
        ctx_set_state(cx, first + i, i == 0 || spec->replicas.zones == ZONES_SYNC ? state : UNIT_ABSENT);
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
    Stream phase = ctx_stream(cx, "backup phase");
    Draw luck = stream_draw(&phase, 0);
    *service = (Service){.writer = copies[0],
                         .died = SIMTIME_NEVER,
                         .backup_phase = SIMTIME_NS((int64_t)(draw_unit(&luck) * (double)spec->backup.every.ns))};
    acks_init(&service->acks, has_backups(cx)); /* since the last backup there may be any number */
    for (uint32_t i = 0; i < count && spec->primary; i++)
        if (ctx_place_is(cx, ctx_place(cx, copies[i]), spec->primary))
            service->writer = copies[i];
}

static void database_start(Ctx *cx) {
    DatabaseState *state = cx->state;
    ctx_units(cx, cx->self, &state->active);
    state->zone_luck = ctx_stream(cx, "zone promotion");
    state->region_luck = ctx_stream(cx, "region promotion");
    if (is_first_copy(cx))
        service_start(cx, &state->service);
    copy_set(cx, cx->self, has_backups(cx) && service_of(cx)->writer != cx->self ? UNIT_ABSENT : UNIT_SERVING);
}

static bool database_takes(Ctx *cx, UnitId own) { return ((const DatabaseState *)cx->state)->active == own; }

static void database_end(Ctx *cx) { acks_clear(&((DatabaseState *)cx->state)->service.acks); }

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

/* Could a database be restored there: does any place for one of its machines work? */
static bool copy_has_room(const Ctx *cx, ComponentId copy) {
    UnitId first;
    uint32_t count = ctx_units(cx, copy, &first);
    bool room = false;
    for (uint32_t i = 0; i < count; i++)
        room = room || ctx_unit(cx, first + i)->condition.up;
    return room;
}

/* Could this copy become the writer? */
static bool copy_can_take_over(const Ctx *cx, ComponentId copy, const Service *service) {
    return copy != service->writer && (has_backups(cx) ? copy_has_room(cx, copy) : copy_lives(cx, copy));
}

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

/* The first following copy that lives and whose control plane takes the order. Says once when only the plane is
 * missing. */
static ComponentId service_heir(Ctx *cx, Service *service) {
    const ComponentId *copies;
    uint32_t count = ctx_copies(cx, &copies);
    bool lives = false;
    for (uint32_t i = 0; i < count; i++) {
        if (!copy_can_take_over(cx, copies[i], service))
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
    if (has_backups(cx))
        copy_set(cx, service->heir, UNIT_BOOTING);
    const Law *law = has_backups(cx) ? &spec->backup.restore : &spec->promotion;
    UnitId first = has_backups(cx) ? ((DatabaseState *)ctx_copy_state(cx, service->heir))->active
                                   : copy_survivor(cx, service->heir, NO_UNIT);
    ctx_note(cx, (Fact){.kind = FACT_PROMOTING, .unit = first});
    SimTime takes = database_draw(&state->region_luck, law, service->generation, TIMER_REGION_DONE);
    ctx_timer(cx, simtime_add(cx->now, takes), TIMER_REGION_DONE, service->generation);
}

/* Those who write the runbook have it in hand: nothing happens until they give the writer's region up. */
static void service_await(Ctx *cx, Service *service) {
    service->stage = STAGE_DECIDING;
    if (!ctx_declared(cx, ctx_place(cx, service->writer)))
        return;
    ctx_note(cx, (Fact){.kind = FACT_DECIDED, .unit = NO_UNIT, .amount = DECISION_PROMOTE});
    service_promote(cx, service);
}

/* Nobody looks where nobody may take over. */
static void service_detect(Ctx *cx, Service *service) {
    const DatabaseSpec *spec = cx->spec;
    DatabaseState *state = cx->state;
    const ComponentId *copies;
    if (ctx_copies(cx, &copies) < 2 || !has_one_writer(cx) || !spec->allow_data_loss)
        return;
    if (spec->region_promotion == PROMOTION_DECLARED) {
        service_await(cx, service);
        return;
    }
    service->stage = STAGE_DETECTING;
    service->generation++;
    SimTime detect = database_draw(&state->region_luck, &spec->detect, service->generation, TIMER_REGION_SEEN);
    ctx_timer(cx, simtime_add(cx->now, detect), TIMER_REGION_SEEN, service->generation);
}

/* The truth changed: the writer is back, or dead since now, or an heir has come within reach or died. */
static void service_follow(Ctx *cx) {
    Service *service = &((DatabaseState *)cx->state)->service;
    if (copy_lives(cx, service->writer)) {
        if (service->stage == STAGE_PROMOTING && has_backups(cx))
            copy_set(cx, service->heir, UNIT_ABSENT);
        service->stage = STAGE_QUIET;
        service->blocked = false;
        service->died = SIMTIME_NEVER;
        return;
    }
    service->died = simtime_min(service->died, cx->now);
    bool heir_died = service->stage == STAGE_PROMOTING && !copy_can_take_over(cx, service->heir, service);
    bool awaited = ((const DatabaseSpec *)cx->spec)->region_promotion == PROMOTION_DECLARED;
    if (service->stage == STAGE_QUIET)
        service_detect(cx, service);
    else if (service->stage == STAGE_DECIDING && awaited)
        service_await(cx, service);
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

/* How old the latest backup was when the writer died: they have been made for ever, one every so often. */
static SimTime service_backup_age(const DatabaseSpec *spec, const Service *service) {
    int64_t since = (service->died.ns - service->backup_phase.ns) % spec->backup.every.ns;
    return SIMTIME_NS(since < 0 ? since + spec->backup.every.ns : since);
}

/* How far the heir is behind the dead writer: drawn now, by the law of the lag; or as old as its backup. */
static SimTime service_lag(Ctx *cx, const Service *service) {
    const DatabaseSpec *spec = cx->spec;
    const DatabaseState *state = cx->state;
    if (has_backups(cx))
        return service_backup_age(spec, service);
    SimTime distance = ctx_distance(cx, ctx_place(cx, service->writer), ctx_place(cx, service->heir));
    SimTime lag = database_draw(&state->region_luck, &spec->lag, service->generation, TIMER_REGION_DONE + 1);
    return simtime_add(lag, distance);
}

/* The heir takes over with what it has. */
static void service_move(Ctx *cx, Service *service) {
    ComponentId heir = service->heir;
    SimTime lag = service_lag(cx, service);
    ctx_note(cx, (Fact){.kind = FACT_WRITES_GONE,
                        .unit = NO_UNIT,
                        .other = heir,
                        .amount = acks_between(&service->acks, SIMTIME_NS(service->died.ns - lag.ns), service->died),
                        .span = lag});
    if (has_backups(cx)) {
        copy_set(cx, service->writer, UNIT_ABSENT);
        copy_set(cx, heir, UNIT_SERVING);
    }
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
        acks_add(&service->acks, (Ack){ready, rq->population, rq->session, rq->number, rq->attempt});
    const ComponentId *copies;
    if (spec->replicas.regions == REGIONS_ASYNC)
        ctx_copied(cx, ctx_copies(cx, &copies) - 1, 0);
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
