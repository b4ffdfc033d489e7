/* slowdown.c - a place, component or link works on, but slower. */
#include "contract/fault.h"

typedef struct {
    int64_t to;
    SimTime by;
} SlowdownSpec;

static const Field slowdown_fields[] = {
    FIELD_ROW(SlowdownSpec, to, FIELD_TYPE_SHARE, "25 %", "0.1 %", "100 %",
              "speed while it lasts, of the healthy speed", NULL),
    FIELD_TIME(SlowdownSpec, by, "0 s", "time added to each crossing, one way", NULL),
    FIELD_END,
};

static void slowdown_bend(const void *spec, Condition *condition) {
    condition->speed = ((const SlowdownSpec *)spec)->to;
    condition->delay = ((const SlowdownSpec *)spec)->by;
}

const FaultKind fault_slowdown = {
    .name = "slowdown",
    .verb = "slow",
    .summary = "works on, but slower",
    .fields = slowdown_fields,
    .spec_size = sizeof(SlowdownSpec),
    .hits = FAULT_HITS_UNITS | FAULT_HITS_LINKS,
    .bend = slowdown_bend,
};
