/* ctx.h - what a plug-in may ask of, and do to, the world. The whole of it.
 *
 * A Ctx is handed to every hook and is valid only during it. Behind it stands either the world or a test's fake: all
 * calls go through CtxOps. Kinds see truth only where they legitimately can (their own units), and everything
 * else by probing it (ctx_probe), as in life. */
#ifndef FAULTLINE_CONTRACT_CTX_H
#define FAULTLINE_CONTRACT_CTX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/luck.h"
#include "base/simtime.h"
#include "contract/condition.h"
#include "contract/observe.h"
#include "contract/request.h"
#include "contract/session.h"

typedef enum {
    UNIT_ABSENT,  /* not launched: costs nothing, takes nothing */
    UNIT_BOOTING, /* launched, not ready */
    UNIT_SERVING,
    UNIT_DEAD /* was running and was lost with its place or by itself */
} UnitState;

/* Read-only view of a unit. */
typedef struct {
    ComponentId component;
    uint32_t ordinal; /* within the component, from 0 */
    PlaceId zone;     /* NO_PLACE for units of a global or regional service that have no zone */
    PlaceId region;   /* NO_PLACE for a global service */
    UnitState state;
    Condition condition; /* folded: own, component, zone, region, provider */
} UnitView;

/* What a probe sent now would see. */
typedef enum { PROBE_GOOD, PROBE_SILENT, PROBE_REFUSED } ProbeResult;

typedef struct Ctx Ctx;

typedef struct {
    /* The units of a component are numbered without gaps from *first; returns how many (its maximum). */
    uint32_t (*units)(const Ctx *cx, ComponentId component, UnitId *first);
    const UnitView *(*unit)(const Ctx *cx, UnitId unit);
    void (*set_state)(Ctx *cx, UnitId unit, UnitState state); /* own units, in every copy, only */
    /* The components that come next after self in any flow (targets), or that a field named; sorted by name. */
    uint32_t (*targets)(const Ctx *cx, const ComponentId **targets);
    bool (*control)(const Ctx *cx,
                    PlaceId place); /* does the control plane of that place (NO_PLACE: self's own) answer */
    ProbeResult (*probe)(Ctx *cx, UnitId from, UnitId to);        /* from NO_UNIT = from the provider's own checkers */
    SimTime (*latency)(const Ctx *cx, UnitId from, UnitId to);    /* one way, now, without queueing */
    SimTime (*distance)(const Ctx *cx, PlaceId from, PlaceId to); /* the same between places, healthy */
    void (*timer)(Ctx *cx, SimTime at, uint32_t what, uint32_t subject); /* calls on_timer of self */
    Stream (*stream)(const Ctx *cx, const char *purpose);                /* of self */
    void (*note)(Ctx *cx, const Fact *fact);                             /* at and component are filled in */
    /* A change of plan for requests that already are at a unit of self: the world calls on_replan of self with them. */
    void (*replan)(Ctx *cx, UnitId unit);
    /* What another component is (a kind's role), and the place where it stands (NO_COMPONENT: self). */
    int (*role)(const Ctx *cx, ComponentId component);
    PlaceId (*place)(const Ctx *cx, ComponentId component);
    bool (*place_is)(const Ctx *cx, PlaceId place, const char *name); /* is that the place's own name */
    /* The same component in every copy of its stack, self among them, sorted; and the state of one of them, so that
     * copies can act as one replicated service. */
    uint32_t (*copies)(const Ctx *cx, const ComponentId **copies);
    void *(*copy_state)(Ctx *cx, ComponentId copy);
    /* What a name means now to an asker at `from` (a name component's resolve hook, in its own Ctx). */
    NameAnswer (*resolve)(Ctx *cx, ComponentId name, PlaceId from, Draw *luck);
    /* A unit of a line that is down: whether its ends still send into it, because they have not noticed. */
    void (*unnoticed)(Ctx *cx, UnitId unit, bool unnoticed);
    /* No session is simulated in this run, so nothing that load moves can ever move. NULL: some may be. */
    bool (*idle)(const Ctx *cx);
    /* What that resolver (of population self) is told by somebody who forges the name now; false: the truth is asked
     * for. NULL: nobody ever forges any. */
    bool (*forged)(const Ctx *cx, ComponentId name, uint32_t resolver, NameAnswer *answer);
    /* A region is given up: whoever is in charge has said so, and what stands by elsewhere takes over. Told to every
     * kind as a change. */
    void (*declare)(Ctx *cx, PlaceId region);
    bool (*declared)(const Ctx *cx, PlaceId region);
    /* Requests that came to a component so far, as its provider's meter says. */
    uint64_t (*met)(const Ctx *cx, ComponentId component);
    /* The unit that an own unit stands beside (SPREAD_BESIDE; any other stands by itself); and the units that show
     * certificates of self, sorted. */
    UnitId (*beside)(const Ctx *cx, UnitId own);
    uint32_t (*holders)(const Ctx *cx, const UnitId **units);
    /* What one request wrote is copied to that many other regions, on the provider's plane: billed, not waited for.
     * `bytes` of it; 0: as many as a request has. */
    void (*copied)(Ctx *cx, uint32_t regions, int64_t bytes);
    /* Does the provider's own line between two places carry anything, in this direction? NULL: always. */
    bool (*carries)(const Ctx *cx, UnitId from, UnitId to);
    /* Does the account let one more machine run in the region where this unit would? NULL: any number. */
    bool (*granted)(const Ctx *cx, UnitId unit);
} CtxOps;

struct Ctx {
    const CtxOps *ops;
    void *world; /* the ops' own */
    ComponentId self;
    const void *spec; /* of self, sealed */
    void *state;      /* of self */
    SimTime now;
};

static inline uint32_t ctx_units(const Ctx *cx, ComponentId component, UnitId *first) {
    return cx->ops->units(cx, component, first);
}
static inline const UnitView *ctx_unit(const Ctx *cx, UnitId unit) { return cx->ops->unit(cx, unit); }
static inline void ctx_set_state(Ctx *cx, UnitId unit, UnitState state) { cx->ops->set_state(cx, unit, state); }
static inline uint32_t ctx_targets(const Ctx *cx, const ComponentId **targets) { return cx->ops->targets(cx, targets); }
static inline bool ctx_control(const Ctx *cx, PlaceId place) { return cx->ops->control(cx, place); }
static inline ProbeResult ctx_probe(Ctx *cx, UnitId from, UnitId to) { return cx->ops->probe(cx, from, to); }
static inline SimTime ctx_latency(const Ctx *cx, UnitId from, UnitId to) { return cx->ops->latency(cx, from, to); }
static inline SimTime ctx_distance(const Ctx *cx, PlaceId from, PlaceId to) { return cx->ops->distance(cx, from, to); }
static inline void ctx_timer(Ctx *cx, SimTime at, uint32_t what, uint32_t subject) {
    cx->ops->timer(cx, at, what, subject);
}
static inline Stream ctx_stream(const Ctx *cx, const char *purpose) { return cx->ops->stream(cx, purpose); }
static inline void ctx_note(Ctx *cx, Fact fact) { cx->ops->note(cx, &fact); }
static inline int ctx_role(const Ctx *cx, ComponentId component) { return cx->ops->role(cx, component); }
static inline PlaceId ctx_place(const Ctx *cx, ComponentId component) { return cx->ops->place(cx, component); }
static inline bool ctx_place_is(const Ctx *cx, PlaceId place, const char *name) {
    return cx->ops->place_is(cx, place, name);
}
static inline uint32_t ctx_copies(const Ctx *cx, const ComponentId **copies) { return cx->ops->copies(cx, copies); }
static inline void *ctx_copy_state(Ctx *cx, ComponentId copy) { return cx->ops->copy_state(cx, copy); }
static inline bool ctx_forged(const Ctx *cx, ComponentId name, uint32_t resolver, NameAnswer *answer) {
    return cx->ops->forged && cx->ops->forged(cx, name, resolver, answer);
}
static inline bool ctx_idle(const Ctx *cx) { return cx->ops->idle && cx->ops->idle(cx); }
static inline void ctx_declare(Ctx *cx, PlaceId region) { cx->ops->declare(cx, region); }
static inline bool ctx_declared(const Ctx *cx, PlaceId region) { return cx->ops->declared(cx, region); }
static inline UnitId ctx_beside(const Ctx *cx, UnitId unit) { return cx->ops->beside(cx, unit); }
static inline uint32_t ctx_holders(const Ctx *cx, const UnitId **units) { return cx->ops->holders(cx, units); }
static inline void ctx_copied(Ctx *cx, uint32_t regions, int64_t bytes) {
    if (cx->ops->copied)
        cx->ops->copied(cx, regions, bytes);
}
static inline bool ctx_carries(const Ctx *cx, UnitId from, UnitId to) {
    return !cx->ops->carries || cx->ops->carries(cx, from, to);
}
static inline bool ctx_granted(const Ctx *cx, UnitId unit) { return !cx->ops->granted || cx->ops->granted(cx, unit); }
static inline uint64_t ctx_met(const Ctx *cx, ComponentId component) { return cx->ops->met(cx, component); }
static inline void ctx_replan(Ctx *cx, UnitId unit) { cx->ops->replan(cx, unit); }
static inline void ctx_unnoticed(Ctx *cx, UnitId unit, bool unnoticed) { cx->ops->unnoticed(cx, unit, unnoticed); }
static inline NameAnswer ctx_resolve(Ctx *cx, ComponentId name, PlaceId from, Draw *luck) {
    return cx->ops->resolve(cx, name, from, luck);
}

#endif
