/* flicker.c - a bad line: drops a little, and delays what it does not drop. */
#include "contract/fault.h"

typedef struct {
    int64_t share;
    SimTime by;
} FlickerSpec;

static const Field flicker_fields[] = {
    FIELD_SHARE(FlickerSpec, share, "1 %", "chance that one crossing is dropped", NULL),
    FIELD_TIME(FlickerSpec, by, "20 ms", "time added to each crossing, one way", NULL),
    FIELD_END,
};

static void flicker_bend(const void *spec, Condition *condition) {
    condition->loss = ((const FlickerSpec *)spec)->share;
    condition->delay = ((const FlickerSpec *)spec)->by;
}

const FaultKind fault_flicker = {
    .name = "flicker",
    .verb = "flicker",
    .summary = "drops a little and delays the rest",
    .fields = flicker_fields,
    .spec_size = sizeof(FlickerSpec),
    .hits = FAULT_HITS_UNITS | FAULT_HITS_LINKS,
    .bend = flicker_bend,
};
