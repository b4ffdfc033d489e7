/* isolate.c - the component that an alert names is cut off the network: the attacker with it, and its users too. */
#include "base/law.h"
#include "contract/response.h"

typedef struct {
    Law after;
    SimTime lasts;
} IsolateSpec;

static const Field isolate_fields[] = {
    FIELD_LAW(IsolateSpec, after, "exponential(10 min)", "time from the alert to the cut (people and tools)",
              "the 1-10-60 rule: 10 min to investigate"),
    FIELD_TIME(IsolateSpec, lasts, "60 min", "how long it stays cut off, until it is rebuilt",
               "guide's starting target for mean time to mitigate, 60 min"),
    FIELD_END,
};

static SimTime isolate_after(const void *spec, Draw *luck) {
    return law_sample(&((const IsolateSpec *)spec)->after, luck);
}

static SimTime isolate_holds(const void *spec) { return ((const IsolateSpec *)spec)->lasts; }

const ResponseKind response_isolate = {
    .name = "isolate",
    .summary = "cuts the component off the network until it is rebuilt",
    .fields = isolate_fields,
    .spec_size = sizeof(IsolateSpec),
    .after = isolate_after,
    .cuts = true,
    .evicts = true,
    .holds = isolate_holds,
};
