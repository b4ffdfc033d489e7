/* observe.h - timestamped facts that a run reports while it goes; everything that is measured is made of these.
 *
 * The world and the kinds say what happened and when; they never say what it means. Measures (measure/) subscribe by
 * a mask of kinds. Facts arrive in order of time, those of one instant in event order; only FACT_SERVED may come before
 * its instant, when nothing can happen in between. */
#ifndef FAULTLINE_CONTRACT_OBSERVE_H
#define FAULTLINE_CONTRACT_OBSERVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/simtime.h"
#include "contract/request.h"

typedef enum {
    /* Sessions. component = population, subject = session serial, place = region that serves or served it (or
       NO_PLACE). */
    FACT_ARRIVED,     /* amount = resolver; other = serial of the broken session it replaces, or UINT32_MAX */
    FACT_ESTABLISHED, /* first good answer; span = since arrival; amount = resolver; other as in FACT_ARRIVED */
    FACT_COMPLETED,   /* span = length; amount = good requests */
    FACT_BROKEN,      /* cause, unit = where (or NO_UNIT), rule = deciding element (0 = none); flags below; span = age;
                       * amount = ns since its last attempt was sent (0: none was); other as in FACT_ARRIVED */
    FACT_SERVED,      /* one good answer: span = latency of the request from first attempt, unit = last unit, amount =
                         attempts */
    FACT_FAILED, /* one attempt without a good answer: cause, unit, rule, amount = attempt number; span = since sent */
    /* Truth. */
    FACT_FAULT_BEGAN, /* subject = index in the scenario's timeline */
    FACT_FAULT_ENDED,
    FACT_UNIT,  /* unit changed state: amount = new UnitState, other = old one, component = its component */
    FACT_RULES, /* a rule, route or verdict changed: subject = epoch */
    /* Knowledge and decisions: who = component; unit/other = about whom. */
    FACT_NOTICED,   /* component's health checks now see unit `unit` (or component `other`) as amount (0 down, 1 up) */
    FACT_DECIDED,   /* component decided to act: amount = DecisionKind */
    FACT_PUBLISHED, /* a name's answers changed: component = dns, amount = number of answers now given */
    FACT_REFRESHED, /* resolver `amount` of population `component` took an answer that names `other` (component) */
    FACT_PROMOTING, /* a database begins to promote unit `unit` */
    FACT_PROMOTED,  /* unit `unit` takes writes now */
    FACT_WRITES_GONE,    /* amount = acknowledged writes that the new primary never had; span = replication lag */
    FACT_LAUNCHING,      /* unit `unit` ordered; span = boot time drawn */
    FACT_SERVING,        /* unit `unit` takes requests */
    FACT_BLOCKED_ACTION, /* an action waits for a control plane: component, amount = DecisionKind */
    FACT_REBALANCED,     /* component has as many units as it wants again, spread as it wants */
    /* Security. */
    FACT_OWNED,       /* attacker owns component (unit or all); other = from where; rule = verdict that allowed it */
    FACT_ALERT,       /* sensor `subject` noticed; amount = 1 true, 0 false alarm; span = delay */
    FACT_RESPONDED,   /* response `subject` took effect on component */
    FACT_DRIFTED,     /* unit `unit` is not as its group's image says (amount 1), or is so again (0) */
    FACT_EVICTED,     /* nothing of the attacker is left in component; span = since he came to own it */
    FACT_LINES,       /* component, a store of logs, now has `amount` lines that can be read */
    FACT_LINES_GONE,  /* `amount` lines of component `other` died with it; span = since its last batch */
    FACT_TURNED_BACK, /* component tried for the first time to connect to what its allowlist, or the names that it is
                       * given, do not have: other = that component, rule = the list */
    /* What fails by itself, and what that means for a newcomer. */
    FACT_FAILURE_BEGAN, /* subject = law of the model's failures, other = part, or parts + group; amount = mode */
    FACT_FAILURE_ENDED, /* the same */
    FACT_SERVICE,       /* from now on a newcomer of population `component` would be served (amount 1) or not (0) */
    FACT_EXPOSED, /* an attacker can connect to component, or use it, from what is his; other = the component that this
                   * follows from, or NO_COMPONENT; rule = what allowed it */
    FACT_RESTARTED, /* the process of unit `unit`, which had ended, was started again; amount = 1 if it ended at once */
    FACT_EXPIRED,   /* the certificate that unit `unit` holds of component has run out (amount 1), or it has a good one
                     * again   or needs none (0); other = of how many that is so now, of subject that hold one */
    /* Jobs: what is handed off (messages.h). subject = flow, rule = its number in the flow; component = the keeper. */
    FACT_JOB_BEGAN,     /* other = UINT32_MAX */
    FACT_JOB_FINISHED,  /* span = since it began */
    FACT_JOB_ABANDONED, /* nothing of it is left, and it was not finished: cause; amount = 1: as a dead letter; span =
                         * since it began */
    FACT_KEPT,          /* a message is kept */
    FACT_READY,         /* it can be taken; amount = how often it has been; -1: no more, it is done meanwhile */
    FACT_TAKEN,         /* unit takes it; amount = how often it has been; span = since it could be */
    FACT_WORKED,        /* what unit took is over: cause; amount = 1: it had been done before; span = since taken */
    FACT_STORED,        /* component has so many objects more or less (amount; 0: a new version of one); subject = how
                         * many other copies of component each of them goes to; the rest is zero */
    FACT_GIVEN_UP,      /* cause; amount = 1: it went to the dead letters */
    /* Objects. component = the store. */
    FACT_COPIED, /* what was put into component is now in `other`, too, which has `amount` objects more (1, or 0: a
                  * new version of one); span = since it was put */
    FACT_OBJECTS_GONE, /* component is down, and `amount` of what was put into it is nowhere else (below zero: it is up
                        * again, and so are they); span = since the oldest of them was put */
    FACT_READ,         /* an object was read; amount = 1: there is a newer one that has not got here; span = since that
                        * one was put */
    FACT_LINES_KEPT,   /* component keeps so many lines more (amount), or less */
    FACTS
} FactKind;

/* Flags of FACT_BROKEN and FACT_FAILED. */
enum {
    BROKEN_ESTABLISHED = 1, /* it had had a good answer before */
    BROKEN_STALE_NAME = 2,  /* its resolver's cached answer no longer was what the authority gave out */
    BROKEN_UNDER_FAULT = 4, /* the place or unit was down or bent when it failed */
    BROKEN_HANDED_OVER = 8, /* its user took an attacker's machine for the real one */
    BROKEN_WRITING = 16     /* and told it what he meant to write */
};

/* One part alone; one part that took its group along; all of a group by a common cause. */
typedef enum { FAILURE_OWN, FAILURE_UNCOVERED, FAILURE_COMMON, FAILURE_MODES } FailureMode;

typedef enum {
    DECISION_LAUNCH,
    DECISION_RETIRE,
    DECISION_PROMOTE,
    DECISION_REGISTER,
    DECISION_EDIT_NAME,
    DECISION_DECLARE, /* to give a region up, and go over to another */
    DECISION_REFRESH  /* to replace all machines */
} DecisionKind;

typedef struct {
    FactKind kind;
    SimTime at;
    ComponentId component;
    UnitId unit;
    PlaceId place;
    uint32_t subject, other;
    uint32_t rule; /* deciding element, an index of the model's element table; 0 = none */
    Cause cause;
    uint8_t flags;
    SimTime span;
    int64_t amount;
} Fact;

#define FACT_BIT(kind) (UINT64_C(1) << (kind))

static inline const char *cause_name(Cause cause) {
    static const char *const names[CAUSES] = {
        "none",    "silent",    "dropped",   "denied",    "no route",     "slow",
        "refused", "full",      "no target", "read only", "blocked",      "state gone",
        "cut",     "untrusted", "hijacked",  "limited",   "unauthorised", "gateway timeout"};
    return names[cause];
}

#endif
