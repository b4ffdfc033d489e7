/* state.h - the inside of a World, shared by the files of this folder only. */
#ifndef FAULTLINE_WORLD_STATE_H
#define FAULTLINE_WORLD_STATE_H

#include <glib.h>

#include "base/arena.h"
#include "engine/engine.h"
#include "world/horizon.h"
#include "world/world.h"

/* Handlers of events. */
enum {
    HANDLE_ARRIVAL,     /* subject: load */
    HANDLE_SESSION,     /* subject: slot */
    HANDLE_TIMER,       /* subject: component; detail: what << 32 | subject */
    HANDLE_FAULT_BEGIN, /* subject: timeline event */
    HANDLE_FAULT_END,   /* subject: timeline event */
    HANDLE_HEAL,        /* subject: timeline event; detail: unit */
    HANDLE_OWNED,       /* subject: timeline event; detail: component */
    HANDLE_ALERT,       /* subject: sensor; detail: component */
    HANDLE_RESPONSE,    /* subject: response; detail: component */
    HANDLE_RELEASE,     /* subject: response; detail: component */
    HANDLE_LOOK,        /* subject: look */
    HANDLE_FAILURE,     /* subject: source of failures */
    HANDLE_MITIGATED,   /* subject: timeline event */
    HANDLE_REPAIRED,    /* subject: source of failures */
    HANDLE_SHELF,       /* subject: shelf: something may be given out */
    HANDLE_DELIVERY     /* subject: slot of a delivery */
};

#define PATH_MOST 8u

/* What a session's pending event means. */
typedef enum {
    SLOT_FREE,
    SLOT_RETURNING,  /* a user who gave up, before he comes back: no session yet */
    SLOT_SENDING,    /* sends at `sent`, which lies ahead */
    SLOT_TRAVELLING, /* a request is under way to `unit` */
    SLOT_ANSWERED,   /* an answer (or a failure) is on its way to the client */
    SLOT_WAITING,    /* waits before it tries again */
    SLOT_LEAVING,
    SLOT_TAKEN /* a message that has just been taken, on its way to who works on it */
} SlotPhase;

typedef struct Entrance Entrance;

/* A live session and its one request, or a delivery of a message (messages.c); one pending event each. Three cache
 * lines: a run touches slots in random order, so what one costs is mostly how many lines it spans. */
typedef struct {
    _Alignas(64) Session session;
    EventId pending;
    SimTime sent; /* this attempt */
    SimTime way;  /* time from the client to the last of `path`, sum of the hops */
    const Entrance *entrance;
    uint8_t phase, step, path_length;
    bool write, hostile, ahead; /* ahead: computed before it was sent */
    uint8_t cause;
    uint8_t server_at;             /* index in path of the machine that holds the session's state; NOT_MET before */
    UnitId path[PATH_MOST];        /* units met, and last the one bound for */
    SimTime arrived, start, ready; /* at path[station_at], the last in-order unit met by this attempt */
    UnitId blamed;                 /* the unit that failed it */
    uint32_t rule;
    uint32_t free_next;
    uint8_t station_at; /* index in path; NOT_MET before */
} Slot;
_Static_assert(sizeof(Slot) == 192, "a slot fills three cache lines");
#define NOT_MET UINT8_MAX

/* Capacity of a link as a fluid queue in buckets of a second: what a bucket could not carry waits for the next. */
typedef struct {
    int64_t capacity; /* bits in a bucket of a second */
    int64_t ends;     /* when the present bucket ends, ns */
    int64_t offered;  /* bits in it */
    int64_t backlog;  /* bits left over from earlier ones */
} Pipe;

/* One way between two located places. */
typedef struct {
    _Alignas(64) SimTime delay; /* propagation, faults included */
    SimTime idle[2];            /* delay and transmission of a request and of an answer, when nothing waits */
    uint64_t crossed[2];        /* requests and answers since the start of the run */
    int64_t loss;
    Pipe *pipe; /* that it shares with others */
    bool cut;
    bool drops;    /* cut or with a loss */
    uint8_t scope; /* LinkScope */
} Link;

#define STEPS_MOST 16u
/* What happens to a request at a stop beside being worked on. */
typedef enum {
    KEEP_NOT,
    KEEP_HEARS,  /* what is read or written there the store must hear of */
    KEEP_LESS,   /* something is taken out there for good */
    KEEP_WRITES, /* what is written there sets something off */
    KEEP_ALL     /* the flow is handed off there */
} Keep;
/* A flow as one copy's requests travel it: after each step the next component that they pass through (not a name), and
 * its own step; NO_COMPONENT where an answer starts back. Behind the steps stands how each is come to at all. */
typedef struct {
    ComponentId component;
    uint8_t step;
    uint8_t keep; /* Keep, at that component */
} Stop;
typedef struct {
    Stop after[2 * STEPS_MOST];
} Way;
#define WAY_TO(step) ((uint8_t)(STEPS_MOST + (step)))

typedef struct {
    uint64_t epoch;
    Verdict verdict;
} CachedVerdict;

/* Between two classes: what went through, and whether they are known to reach each other at World.epoch. */
typedef struct {
    Traffic traffic;
    bool open;
} Gate;

/* A population, with what its kind says of all its sessions alike (pure in the spec, so asked once). */
typedef struct {
    ComponentId component;
    UnitId unit; /* where its requests come from */
    uint16_t spot;
    const Kind *kind;
    Stream sessions, requests;
    bool delivers; /* it is a shelf's: its sessions are deliveries */
    SimTime timeout, returns_after;
    int64_t write_share, hostile_share;
    uint64_t next_serial;
    PopulationLedger ledger;
} Population;

/* By load: who comes, that load's flow in every copy, and the component that the flow's first step means. */
struct Entrance {
    Population *population;
    const Way *ways;
    const Flow *flow;
    ComponentId name;
    uint32_t shelf;     /* to which its requests, or jobs, belong; NO_SHELF: they are users' */
    uint8_t first, end; /* the leg's steps */
};
#define NO_SHELF UINT32_MAX

/* A component as its requests meet it; what each hop asks of its kind stands beside it. */
typedef struct {
    _Alignas(64) Ctx cx;
    Outcome (*on_request)(Ctx *cx, Request *rq);
    bool in_order, computes;
    bool spreads; /* whoever calls it takes any of its units: pods behind a service, and what sidecars call */
    UnitId (*door)(Ctx *cx, const Request *rq);
    Meetings meetings;
    const Kind *kind;
    UnitId first_unit;
    uint32_t unit_count;
    int state_scope; /* of kind.h; SCOPE_SHARED when it holds no session state */
} Member;
enum { SCOPE_UNIT, SCOPE_ZONE, SCOPE_REGION, SCOPE_SHARED };

/* What each hop asks of a unit, close together; unit_follow keeps it true. */
typedef struct {
    ComponentId component;
    ClassId class;
    PlaceId region;
    uint16_t spot; /* where it stands on the map; SPOT_NOWHERE for global services */
    bool delivers; /* by the provider's delivery network: answers that pass it leave by that */
    bool plain;    /* works, drops nothing, delays nothing and asks for no certificate: as nearly always */
} Brief;

/* A timeline event while it holds. */
typedef struct {
    bool holds;
    SimTime *until; /* with a recovery law: when each unit is back, by unit; else NULL */
} Holding;

typedef struct {
    bool owned, isolated;
    SimTime since;     /* when it was owned */
    uint32_t implants; /* units of it that carry the attacker's code */
    uint32_t isolations;
    bool exposed, told; /* spread.c: now; at some time before */
    bool tried;         /* somebody is at it, or has been: see `event` */
    bool turned_back;   /* an allowlist has stopped it */
    uint32_t event;     /* the entry of the timeline by which it is owned, or will be */
} Security;

/* What a unit with a capacity has met of honest requests (flood.c). */
typedef struct {
    int64_t ends, count, seconds; /* of the present second; seconds that are over */
    int64_t rate;                 /* per 1e9 s */
} Front;

typedef struct Inspection Inspection;       /* inspection.c */
typedef struct FailureSource FailureSource; /* failures.c */
typedef struct Failures Failures;
typedef struct Newcomers Newcomers; /* newcomers.c */
typedef struct Messages Messages;   /* messages.c */

struct World {
    const Model *model;
    const Reach *reach;
    NetState *net;
    Engine *engine;
    Horizon horizon; /* of events that are neither a session's nor an arrival */
    Luck luck;

    UnitView *units;
    Brief *briefs;   /* by unit */
    Member *members; /* by component */
    uint32_t component_count;
    void **states;
    bool *control;      /* by place: its control plane answers */
    bool *declared;     /* by place: whoever is in charge has given it up */
    bool dirty;         /* a unit state changed: tell the kinds */
    bool truth_changed; /* conditions, links or verdicts changed: look at what is under way */

    /* Geography (geography.c). */
    uint32_t spot_count;
    SimTime *distance; /* healthy one-way times between places, place_count squared */
    PlaceId *spots;
    uint16_t *place_spot;
    Link *links; /* spot_count squared */
    Pipe *pipes;
    uint32_t pipe_count;
    int64_t carried[2];               /* bits of a request, of an answer */
    uint64_t delivered, delivered_on; /* answers that left by a delivery network; those that it had from behind */
    uint64_t copied;                  /* bytes that services copied to other regions */

    /* Reachability. */
    uint32_t class_count;
    CachedVerdict *verdicts; /* class_count squared, times `variants` */
    uint32_t variants;       /* 4 where an image brings the agent (with or without it at each end), else 1 */
    Gate *gates;             /* likewise */
    uint32_t *first_class;   /* by component, and one more: classes are sorted by component */
    uint64_t epoch;          /* of net, when follow_truth last looked */

    /* Sessions. */
    Slot *slots;
    uint32_t slot_count, slot_room, slot_free, live, live_peak;
    Population *populations; /* by component (only those of role population are used) */
    Entrance *entrances;     /* by load */
    Stream *load_streams;
    uint64_t *load_numbers;
    uint64_t requests;

    Way *ways; /* by flow, then copy: copies_most of them a flow */
    uint32_t copies_most;

    Holding *holdings;     /* by timeline event */
    Security *security;    /* by component */
    bool *implanted;       /* by unit: carries an attacker's code */
    uint64_t spread_epoch; /* of the network, when spread_follow last looked; 0: it must look */
    bool attacked;         /* something was owned in this run */
    uint32_t *copy_index;  /* by component: position among its copies */
    ComponentId **copies;  /* by component: its copies, sorted; shared by them */
    uint32_t *copy_count;

    Observer *audience;              /* those who want a kind of fact, kind after kind */
    uint32_t audience_of[FACTS + 1]; /* where each kind's begin */
    const Look *looks;
    bool running;   /* the kinds have started */
    bool impatient; /* something gives up on what is behind it */

    Failures *failures;
    Newcomers *newcomers;
    Inspection *inspection; /* NULL: nothing inspects */
    Front *fronts;          /* by unit; NULL: no unit has a capacity */
    uint64_t flood_epoch;   /* of net, when flood_follow last looked */
    Messages *messages;
};

#define SPOT_NOWHERE UINT16_MAX

/* world.c */
void world_report_at(World *w, SimTime at, Fact *fact);
/* Does anybody want such facts? */
static inline bool world_is_heard(const World *w, FactKind kind) {
    return w->audience_of[kind] < w->audience_of[kind + 1];
}
static inline void world_report(World *w, Fact *fact) { world_report_at(w, engine_now(w->engine), fact); }
#define world_note(w, ...) world_report((w), &__VA_ARGS__)
/* An event that may change what sessions find. */
void world_schedule(World *w, SimTime at, EventPhase phase, uint32_t handler, uint32_t subject, uint64_t detail);
void world_settle(World *w); /* after an event: tell the kinds what changed until nothing changes */

/* The clock; world_now without a call. */
static inline SimTime clock_of(const World *w) { return engine_now(w->engine); }

/* After anything that a unit's Brief is made from has changed. */
static inline void unit_follow(World *w, UnitId unit) {
    const UnitView *view = &w->units[unit];
    w->briefs[unit].plain = unit_works(view) && view->condition.loss == 0 && view->condition.delay.ns == 0 &&
                            view->condition.trusted && !w->model->trust.any &&
                            w->model->components[view->component].capacity == 0 && !w->inspection;
}

/* geography.c */
void geography_init(World *w);
void geography_clear(World *w);
void geography_reset(World *w);
void geography_follow(World *w);                                      /* fold link faults again; sets truth_changed */
SimTime geography_distance(const World *w, PlaceId from, PlaceId to); /* healthy */
SimTime geography_delay(const World *w, uint16_t from, uint16_t to);
void pipe_turn(Pipe *pipe, SimTime at); /* to the bucket of `at` */
SimTime pipe_wait(const Pipe *pipe);    /* for what earlier buckets left over */

typedef enum { CARRY_REQUEST, CARRY_ANSWER } Carry;

static inline Link *geography_link(World *w, uint16_t from, uint16_t to) {
    return &w->links[(size_t)from * w->spot_count + to];
}

/* Is what crosses lost on the way? */
static inline bool link_loses(const Link *link, Draw *luck) {
    return __builtin_expect(link->drops, 0) && (link->cut || draw_chance(luck, link->loss));
}

/* `span` later; it is never negative, so that only the sum may not fit. */
static inline SimTime later(SimTime at, SimTime span) {
    SimTime sum;
    return __builtin_add_overflow(at.ns, span.ns, &sum.ns) ? SIMTIME_NEVER : sum;
}

/* Depart at `at`: when it arrives if it is not lost, queueing and transmission included. */
static inline SimTime link_cross(const World *w, Link *link, SimTime at, Carry what) {
    Pipe *pipe = link->pipe;
    link->crossed[what]++;
    if (__builtin_expect(at.ns >= pipe->ends, 0))
        pipe_turn(pipe, at);
    pipe->offered += w->carried[what];
    if (__builtin_expect(pipe->backlog > 0, 0))
        at = later(at, pipe_wait(pipe));
    return later(at, link->idle[what]);
}

bool geography_on_the_way(const Model *model, const Target *target, PlaceId a, PlaceId b); /* lies a -> b on the link */

/* conditions.c */
void conditions_bend_place(const Model *model, const Target *target, const Condition *bent, PlaceId place, bool *up,
                           bool *control); /* what something that bends `target` so does to a place */
bool conditions_hit(const Model *model, const Target *target, UnitId unit); /* is the unit (part of) the target */
void conditions_follow(World *w);        /* fold all that holds over every unit, place and control plane */
void conditions_follow_places(World *w); /* the same but for links, when nothing that bends them has changed */

/* timeline.c */
void timeline_schedule(World *w);
void timeline_begin(World *w, uint32_t event);
void timeline_end(World *w, uint32_t event);
void timeline_heal(World *w, uint32_t event, UnitId unit);

/* failures.c: what fails by itself */
Failures *failures_new(const Model *model);
void failures_free(Failures *failures, const Model *model);
void failures_reset(World *w); /* nothing is down */
void failures_start(World *w); /* every clock at its beginning */
void failures_fail(World *w, uint32_t source);
void failures_repaired(World *w, uint32_t source);
void failures_bend_unit(const World *w, UnitId unit, Condition *condition); /* by all that is down, likewise below */
void failures_bend_place(const World *w, PlaceId place, bool *up, bool *control);
bool failures_bend_link(const World *w, PlaceId from, PlaceId to, Condition *condition); /* true: severed */

/* newcomers.c: would somebody who came now be served */
Newcomers *newcomers_new(const World *w);
void newcomers_free(Newcomers *newcomers);
void newcomers_start(World *w);
void newcomers_follow(World *w); /* after anything but a session's doing */

/* ctx_ops.c */
extern const CtxOps world_ops;
/* With its clock set. */
static inline Ctx *world_ctx(World *w, ComponentId component) {
    Ctx *cx = &w->members[component].cx;
    cx->now = clock_of(w);
    return cx;
}
const Verdict *world_verdict(World *w, UnitId from, UnitId to, ComponentId to_component);

/* sessions.c */
static inline Population *population_of(const Slot *slot) { return slot->entrance->population; }
/* Numbers the draws of a session: the same person has the same luck whatever becomes of the others. Serials cannot,
 * they count those who came back in between. */
static inline uint64_t session_key(const Session *session) {
    return (uint64_t)session->person << 12 | (session->returns & 0xfffu);
}
void sessions_start(World *w);
void sessions_arrival(World *w, uint32_t load);
void sessions_event(World *w, uint32_t slot, const Event *event);
void sessions_check_ledger(const World *w);
/* A good answer comes at `at`, which may lie ahead: see session_foresees. */
void session_served(World *w, Slot *slot, SimTime at);
/* Is it certain that this good answer reaches the client at `at`, and is it no news to anybody but him? Then it needs
 * no event. */
bool session_foresees(const World *w, const Slot *slot, SimTime at);
void session_schedule(World *w, Slot *slot, SimTime at, EventPhase phase, SlotPhase what);
Slot *slot_take(World *w); /* moves the slots: pointers to others are void */
void slot_give(World *w, Slot *slot);

static inline bool slot_delivers(const Slot *slot) { return slot->entrance->population->delivers; }

/* messages.c: what is handed off, who takes it, and what becomes of it. */
Messages *messages_new(World *w); /* once ways and entrances are built */
void messages_free(World *w);
void messages_start(World *w);
void messages_job(World *w, uint32_t load, uint32_t number); /* one begins */
void messages_give(World *w, uint32_t shelf);                /* to those who have room */
void messages_follow(World *w);                              /* units or verdicts changed: somebody may have room now */
void messages_end(World *w);                                 /* of the run: checks the ledger */
/* The slot's request has put something into `component`, which has it from `at` on. */
void messages_put(World *w, const Slot *slot, ComponentId component, SimTime at);
void messages_delivery(World *w, uint32_t slot, const Event *event);

/* objects.c: what is done at a stop with what it keeps. */
Keep objects_keep(const World *w, const Flow *flow, uint32_t step); /* at that step */
/* The unit at hand has worked on the slot's request, which leaves it at rq->now: what that did there. */
void objects_touch(World *w, const Slot *slot, Request *rq, Keep keep);
void objects_count(World *w, ComponentId component, int64_t more); /* tells of so many more, or less, there */

/* travel.c */
void travel_work(World *w, Slot *slot);               /* a delivery has come to who works on it */
void travel_call(World *w, Slot *slot, uint8_t step); /* who works on it makes a further call, now */
void travel_send(World *w, Slot *slot, SimTime at);   /* a new attempt leaves the client at `at` */
void travel_deliver(World *w, Slot *slot);            /* it stands at the last of its path now */
void travel_fail(World *w, Slot *slot, Cause cause, UnitId unit, uint32_t rule, SimTime known);
void travel_look_again(World *w);          /* the truth changed: what is under way may not arrive */
void travel_replan(World *w, UnitId unit); /* the unit works at another speed */

/* patience.c: has something that the request passed given up on what is behind it before the client would know at
 * *known? Then he hears of that, earlier. */
bool patience_ends(World *w, Slot *slot, SimTime *known);

/* trust.c: sidecars, certificates and tokens */
typedef struct {
    Cause cause; /* CAUSE_NONE: nothing stands in the way */
    UnitId unit; /* to blame */
} Refusal;
Refusal trust_refuses(World *w, const Slot *slot, const Request *rq); /* the hop from rq->from to rq->unit at rq->now */
SimTime trust_delay(World *w, const Slot *slot, UnitId from, UnitId to); /* what they add to it */
UnitId trust_down(const World *w, UnitId unit); /* the sidecar beside it, if that is down; else NO_UNIT */
bool trust_lets_newcomer(World *w, UnitId from, UnitId to);

/* forgery.c: what a resolver is told by somebody who forges that name now; false: nobody does, or it knows better. */
bool forgery_answers(const World *w, ComponentId name, uint32_t resolver, NameAnswer *answer);
/* Was the session sent to somebody's machine? Then it has failed. */
bool forgery_catches(World *w, Slot *slot);
uint8_t forgery_flags(const World *w, const Slot *slot); /* what its user told that machine */
/* inspection.c */
Inspection *inspection_new(const World *w); /* NULL: nothing inspects */
void inspection_free(Inspection *inspection);
void inspection_reset(World *w);
/* When what crosses between the two, from `at` on, has passed the appliances on its way. Only where there are any. */
SimTime inspection_pass(World *w, UnitId from, UnitId to, SimTime at, Carry what, Draw *luck);

/* flood.c */
Front *flood_fronts(const Model *model); /* NULL: no unit has a capacity */
/* Of the volume that timeline event `e` sends, what arrives at the unit now; per 1e9 s, as the volume. */
int64_t flood_part(const World *w, uint32_t e, UnitId unit, int64_t volume);
/* More arrives at rq->unit than it can take up, and this is one of those that it cannot. */
bool flood_turns_away(World *w, Request *rq);
/* Share, ppb, that a region's link of so many bit/s from (CARRY_REQUEST) or to the internet loses to floods. */
int64_t flood_loss(const World *w, PlaceId region, Carry what, int64_t capacity);
void flood_follow(World *w); /* after the network's rules have changed */

/* attack.c */
void attack_begin(World *w, uint32_t event);
void attack_owned(World *w, uint32_t event, ComponentId component);
void attack_unit_gone(World *w, UnitId unit); /* replaced, or retired: what was planted in it is gone too */
/* spread.c: what follows from what is owned, looked at again when that or the network has changed. */
void spread_follow(World *w);
void attack_alert(World *w, uint32_t sensor, ComponentId component);
void attack_turned_back(World *w, ComponentId from, ComponentId to, uint32_t list, SimTime at); /* by an allowlist */
void attack_respond(World *w, uint32_t response, ComponentId component);
void attack_release(World *w, uint32_t response, ComponentId component);

#endif
