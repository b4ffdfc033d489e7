/* crash.c - the process of a thing ends, at once. What restarts it is the thing's own affair: a sidecar is started
 * again once its liveness probe has failed; what nobody starts again refuses until the end. */
#include "contract/fault.h"

static const Field crash_fields[] = {FIELD_END};

static void crash_bend(const void *spec, Condition *condition) {
    (void)spec;
    condition->crashed = true;
}

const FaultKind fault_crash = {
    .name = "crash",
    .verb = "crash",
    .summary = "its process ends; with `for` it ends again whenever it is started during that time",
    .fields = crash_fields,
    .spec_size = sizeof(char),
    .hits = FAULT_HITS_UNITS,
    .once = true,
    .bend = crash_bend,
};
