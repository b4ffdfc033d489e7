/* rotation_loss.c - nothing new is handed out: no certificate is renewed, nobody signs in. What is held stays good
 * until it runs out. Of one who shows certificates it is his own renewal that stops: a job that was never set up, a
 * certificate that was stolen. A store copies nothing more to its other regions. */
#include "contract/fault.h"

static const Field rotation_loss_fields[] = {FIELD_END};

static void rotation_loss_bend(const void *spec, Condition *condition) {
    (void)spec;
    condition->issues = false;
}

static bool rotation_loss_fits(const Kind *kind) { return kind->certifies || kind->signs_in || kind->objects; }

const FaultKind fault_rotation_loss = {
    .name = "rotation_loss",
    .verb = "stop",
    .summary = "no certificate or token is handed out or renewed, and nothing copied to other regions; what is held is "
               "good until it runs out",
    .fields = rotation_loss_fields,
    .spec_size = sizeof(char),
    .hits = FAULT_HITS_UNITS,
    .fits = rotation_loss_fits,
    .suits = "a certificate_authority, an identity_provider, what has an authority, or a bucket",
    .hits_populations = true,
    .bend = rotation_loss_bend,
};
