/* kind.h - what a component kind is: one row of facts and hooks. A NULL hook means the plain default said beside it.
 *
 * A kind owns its spec (what the user wrote, sealed) and its state (of one run, zeroed before `start`). It meets the
 * world only through Ctx. See kinds/load_balancer.c for a whole one. */
#ifndef FAULTLINE_CONTRACT_KIND_H
#define FAULTLINE_CONTRACT_KIND_H

#include <stddef.h>

#include "base/diag.h"
#include "contract/cost.h"
#include "contract/ctx.h"
#include "contract/messages.h"
#include "contract/objects.h"
#include "contract/order.h"
#include "contract/passage.h"
#include "contract/session.h"
#include "contract/trust.h"
#include "read/fields.h"

typedef enum {
    ROLE_POPULATION, /* where sessions come from */
    ROLE_NAME,       /* answers names; a step of a flow that no request passes through */
    ROLE_EDGE,       /* in front of a provider's regions */
    ROLE_BALANCER,
    ROLE_COMPUTE, /* may hold session state */
    ROLE_STORE,
    ROLE_LINK /* carries packets between others; no step of a flow */
} KindRole;

typedef enum {
    SPREAD_ONE,   /* one unit, in no zone */
    SPREAD_ZONES, /* one unit in each zone of its subnets */
    SPREAD_COUNT, /* room for `count` units in each zone of its subnets, dealt in turn; the kind keeps to `count` in all
                   */
    SPREAD_BESIDE /* one unit beside each unit of the components that it stands `beside`; no step of a flow */
} KindSpread;

/* What can be asked of a managed service through its API, beside the network; what policies speak of. */
enum {
    ACTION_READS = 1,   /* gives out what it holds */
    ACTION_WRITES = 2,  /* puts in what others take out */
    ACTION_REMOVES = 8, /* takes out for good */
    ACTION_RULES = 4    /* whoever may do this decides what it does from then on: it acts under its role for him */
};
typedef struct {
    const char *name; /* "get"; NULL ends the list, of at most 64 */
    int means;        /* of the ACTION_ above; 0: none of them */
} KindAction;

/* A request that is at a unit when the unit's plan changes; the kind writes the new times. */
typedef struct {
    SimTime arrived, start, ready; /* ready: leaves the unit */
} Job;

/* What passes it is looked at: so much of it, each time so long, and no more than so many bit/s. */
typedef struct {
    SimTime delay;
    int64_t throughput; /* bit/s; 0: any */
    int64_t share;      /* ppb */
} Inspector;

typedef struct Kind {
    const char *name, *summary;
    KindRole role;
    KindSpread spread;
    Passage passage;
    const Field *fields; /* beside the ones that every component has (model.h) */
    size_t spec_size, state_size;
    const char *const *shows; /* dotted field names worth showing beside it in a picture; NULL-terminated, at most 4 */
    const char *symbol;       /* what stands for it in a picture, a word that render/ knows; NULL: that of its role */
    bool in_order; /* requests must meet it in the order of their arrival (it queues or counts): gets its own event */
    bool managed;  /* run by the provider: cannot be logged in to or owned */
    bool restarts; /* a unit of it whose process has crashed is started again by the kind; else it refuses till the end
                    */
    bool delivers; /* ROLE_EDGE: what passes it leaves by the provider's delivery network, and is billed as that */
    bool meters;   /* turns away callers that no policy lets in, and those that come too often */
    uint16_t client_first, client_last; /* the ports that it connects from; 0: those of Linux (passage.h) */
    const KindAction *actions;          /* of a service that has an API and policies; NULL: none */
    const MessageRules *messages;       /* NULL: has to do with none */
    const ObjectRules *objects;         /* of a store that knows its objects; NULL: none */

    /* Specs. `check` adds errors about values that do not fit each other; mark = the component's. */
    void (*check)(const void *spec, const char *name, Mark mark, Diagnostics *diagnostics);
    /* What the spec adds to `passage`. NULL: nothing. */
    PassageFacts (*passes)(const void *spec);
    /* SPREAD_COUNT: the most units there can be. */
    uint32_t (*count)(const void *spec);
    /* Session state held by a ROLE_COMPUTE kind: how far it survives; see DESIGN "Session state". */
    int (*state_scope)(const void *spec); /* 0 unit, 1 zone, 2 region, 3 shared */

    /* From which image it was launched, counted from the one with which a run begins. NULL: it has none. */
    uint32_t (*image)(const Ctx *cx, UnitId unit);

    /* Does it do that when it is told (order.h)? NULL: nothing. */
    bool (*obeys)(const void *spec, OrderAct act);

    /* How long it waits for what is behind it before it answers for itself that this took too long. NULL: for ever. */
    SimTime (*patience)(const void *spec);

    /* A run. */
    void (*start)(Ctx *cx);                      /* set the units' first states, first timers */
    UnitId (*door)(Ctx *cx, const Request *rq);  /* the unit a newcomer meets; NULL: the first serving one */
    Outcome (*on_request)(Ctx *cx, Request *rq); /* NULL: passes at once */
    void (*on_change)(Ctx *cx);                  /* a condition, unit state or verdict somewhere changed */
    void (*on_timer)(Ctx *cx, uint32_t what, uint32_t subject);
    void (*on_order)(Ctx *cx, const Order *order);                      /* of an act that it obeys */
    void (*on_replan)(Ctx *cx, UnitId unit, Job *jobs, uint32_t count); /* in order of arrival */
    void (*end)(Ctx *cx);                                               /* the run is over; free what start allocated */

    /* What a newcomer could meet now, by what the kind knows and without a draw. NULL: anything. */
    bool (*takes)(Ctx *cx, UnitId own);                       /* would he be let in at this unit of self */
    bool (*sends)(Ctx *cx, UnitId own, UnitId to);            /* could he be sent on from there to that one */
    bool (*names)(Ctx *cx, PlaceId from, ComponentId target); /* ROLE_NAME: could the name mean that */

    /* ROLE_NAME: what the name means for an asker at `from`. */
    NameAnswer (*resolve)(Ctx *cx, PlaceId from, Draw *luck);

    /* ROLE_POPULATION. `first` draws what the session is and says when it sends; `next` how it goes on after an
     * answer or a failed attempt; `resume` after a VISIT_WAIT. A good answer that is certain may be told ahead of its
     * time; cx->now is its instant, as always. */
    Visit (*first)(Ctx *cx, Session *session, Draw *luck);
    Visit (*next)(Ctx *cx, Session *session, const Answer *answer, Draw *luck);
    Visit (*resume)(Ctx *cx, Session *session, Draw *luck);
    SimTime (*timeout)(const void *spec);       /* how long a client waits for an answer */
    int64_t (*write_share)(const void *spec);   /* parts per billion of requests that write */
    int64_t (*hostile_share)(const void *spec); /* parts per billion of sessions that are attacks */
    SimTime (*mean_session)(const void *spec);  /* mean length of a session, for the default warm-up */
    SimTime (*returns_after)(const void *spec); /* when a user who gave up comes back */

    /* Trust (trust.h). SPREAD_BESIDE: what it adds to calls, pure in the spec. */
    Escort (*escorts)(const void *spec);
    /* An authority: when the certificate that `holder` shows at `at` (now, or to come) runs out. */
    SimTime (*certifies)(Ctx *cx, UnitId holder, SimTime at);
    /* Hands out tokens: has the bearer a good one? */
    Token (*signs_in)(Ctx *cx, const Bearer *bearer);

    /* ROLE_LINK: what inspecting what it passes on takes; pure in the spec. NULL: nothing, and what passes is not
     * counted for the bill. */
    Inspector (*inspects)(const void *spec);

    /* Cost: appends priced items; see cost.h. NULL: free. */
    void (*price)(const void *spec, const CostSheet *sheet);
} Kind;

static inline bool unit_works(const UnitView *unit) { return unit->state == UNIT_SERVING && unit->condition.up; }

#endif
