/* outage.c - a place or component does no work at all: silent, or refusing. */
#include "contract/fault.h"

enum { AS_BLACKHOLE, AS_REFUSE };
static const char *const as_words[] = {"blackhole", "refuse", NULL};

typedef struct {
    int as;
} OutageSpec;

static const Field outage_fields[] = {
    FIELD_WORD(OutageSpec, as, as_words, "blackhole",
               "how the dead thing fails: silent until the client's timeout, or at once",
               "assumption: a host without power answers nothing"),
    FIELD_END,
};

static void outage_bend(const void *spec, Condition *condition) {
    condition->up = false;
    condition->refuses = ((const OutageSpec *)spec)->as == AS_REFUSE;
}

static bool outage_severs(const void *spec) {
    (void)spec;
    return true;
}

const FaultKind fault_outage = {
    .name = "outage",
    .verb = "fail",
    .summary = "does no work at all while it lasts",
    .fields = outage_fields,
    .spec_size = sizeof(OutageSpec),
    .hits = FAULT_HITS_UNITS | FAULT_HITS_LINKS | FAULT_HITS_CONTROL,
    .is_link_severed = outage_severs,
    .bend = outage_bend,
};
