/* messages.h - what a kind does with messages: keeps them for others, sets others off, works on them.
 *
 * A flow is handed off where its caller has his answer and the rest goes on without him (docs/language.md, "Flows").
 * What is handed off is a message: it waits at the kind that keeps it until somebody takes it (`q <- w`), or until the
 * provider brings it to somebody (`b => f`). NULL hooks mean what is said beside them. */
#ifndef FAULTLINE_CONTRACT_MESSAGES_H
#define FAULTLINE_CONTRACT_MESSAGES_H

#include "contract/ctx.h"

enum {
    MESSAGES_HOLDS = 1,    /* keeps them until somebody takes them: may stand before <- */
    MESSAGES_TRIGGERS = 2, /* what is put into it sets others off: may stand before => */
    MESSAGES_WORKS = 4,    /* may stand behind <- or => */
    MESSAGES_READ = 8      /* is read as well as written: only a write puts something into it */
};

typedef struct MessageRules {
    int can; /* of the MESSAGES_ above */

    /* The one that keeps them. */
    SimTime (*ready)(const void *spec, Draw *luck); /* how long until what was put in can be given out; NULL: none */
    int64_t (*twice)(const void *spec);             /* chance that it is given out once more; NULL: 0. Parts per 1e9 */
    SimTime (*hidden)(const void *spec);            /* how long what was taken stays out of sight; NULL: for good */
    uint32_t (*deliveries)(const void *spec);       /* after so many it is given up; NULL or 0: never */
    uint32_t (*in_flight)(const void *spec);        /* so many may be out of sight at a time; NULL: any number */
    const char *(*dead_letters)(const void *spec);  /* where those go that are given up; NULL: nowhere */
    SimTime (*polls)(const void *spec); /* a receiver with nothing to do asks again so long after it asked in vain;
                                         * NULL: it is told */

    /* The one that works on them. */
    /* The wait before what it failed to do for the `tried`-th time (from 1) is brought to it again; NEVER: it is given
     * up. For => and loads only: what waits to be taken is the keeper's. NULL: given up at once. */
    SimTime (*retry)(const void *spec, uint32_t tried, Draw *luck);
    /* May this unit, which has `here` messages (the component `all`), take another? The instant: cx->now, later, or
     * NEVER: when it has finished one. NULL: always. */
    SimTime (*room)(Ctx *cx, UnitId unit, uint32_t here, uint32_t all);
    void (*demand)(Ctx *cx, uint32_t messages); /* so many wait for it or are with it; NULL: no matter */
    void (*worked)(Ctx *cx, UnitId unit);       /* one that the unit had is over, however it ended */
} MessageRules;

#endif
