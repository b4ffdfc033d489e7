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
    FACT_OWNED,     /* attacker owns component (unit or all); other = from where; rule = verdict that allowed it */
    FACT_ALERT,     /* sensor `subject` noticed; amount = 1 true, 0 false alarm; span = delay */
    FACT_RESPONDED, /* response `subject` took effect on component */
    /* What fails by itself, and what that means for a newcomer. */
    FACT_FAILURE_BEGAN, /* subject = law of the model's failures, other = part, or parts + group; amount = mode */
    FACT_FAILURE_ENDED, /* the same */
    FACT_SERVICE,       /* from now on a newcomer of population `component` would be served (amount 1) or not (0) */
    FACT_EXPOSED, /* an attacker can connect to component, or use it, from what is his; other = the component that this
                   * follows from, or NO_COMPONENT; rule = what allowed it */
    FACTS
} FactKind;

/* Flags of FACT_BROKEN and FACT_FAILED. */
enum {
    BROKEN_ESTABLISHED = 1, /* it had had a good answer before */
    BROKEN_STALE_NAME = 2,  /* its resolver's cached answer no longer was what the authority gave out */
    BROKEN_UNDER_FAULT = 4  /* the place or unit was down or bent when it failed */
};

/* One part alone; one part that took its group along; all of a group by a common cause. */
typedef enum { FAILURE_OWN, FAILURE_UNCOVERED, FAILURE_COMMON, FAILURE_MODES } FailureMode;

typedef enum { DECISION_LAUNCH, DECISION_RETIRE, DECISION_PROMOTE, DECISION_REGISTER, DECISION_EDIT_NAME } DecisionKind;

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
    static const char *const names[CAUSES] = {"none",    "silent",     "dropped", "denied",    "no route",
                                              "slow",    "refused",    "full",    "no target", "read only",
                                              "blocked", "state gone", "cut"};
    return names[cause];
}

#endif
