/* control_loss.c - a place's control plane takes no orders; what runs, runs on. */
#include "contract/fault.h"

static const Field control_loss_fields[] = {FIELD_END};

static void control_loss_bend(const void *spec, Condition *condition) {
    (void)spec;
    condition->control = false;
}

const FaultKind fault_control_loss = {
    .name = "control_loss",
    .verb = "freeze",
    .summary = "nothing can be launched, scaled, promoted or edited there; what runs, runs on",
    .fields = control_loss_fields,
    .spec_size = sizeof(char),
    .hits = FAULT_HITS_UNITS | FAULT_HITS_CONTROL,
    .bend = control_loss_bend,
};
