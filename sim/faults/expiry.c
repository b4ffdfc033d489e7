/* expiry.c - what a thing shows to prove who it is has run out: nobody who checks it goes on, and it checks out for no
 * one. Of an authority it is the root that has run out, and with it everything that hangs on it. */
#include "contract/fault.h"

static const Field expiry_fields[] = {FIELD_END};

static void expiry_bend(const void *spec, Condition *condition) {
    (void)spec;
    condition->trusted = false;
}

const FaultKind fault_expiry = {
    .name = "expiry",
    .verb = "expire",
    .summary = "its certificate has run out; of an authority or identity provider, that of all it handed out",
    .fields = expiry_fields,
    .spec_size = sizeof(char),
    .hits = FAULT_HITS_UNITS,
    .bend = expiry_bend,
};
