/* loss.c - a share of what crosses or enters is dropped without a word. */
#include "contract/fault.h"

typedef struct {
    int64_t share;
} LossSpec;

static const Field loss_fields[] = {
    FIELD_SHARE(LossSpec, share, "10 %", "chance that one crossing is dropped", NULL),
    FIELD_END,
};

static void loss_bend(const void *spec, Condition *condition) { condition->loss = ((const LossSpec *)spec)->share; }

const FaultKind fault_loss = {
    .name = "loss",
    .verb = "drop",
    .summary = "drops a share of what crosses or enters",
    .fields = loss_fields,
    .spec_size = sizeof(LossSpec),
    .hits = FAULT_HITS_UNITS | FAULT_HITS_LINKS,
    .bend = loss_bend,
};
