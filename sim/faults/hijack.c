/* hijack.c - somebody forges the answers to a name: resolvers that believe him send clients to a machine of his.
 *
 * A resolver keeps the forged answer for as long as that says, also when nobody forges any more, unless its cache is
 * emptied at the end; and one that still has a good answer keeps that until it runs out. Sessions under way stay where
 * they are. What a client then does depends on whether it believes the machine to be the real one. */
#include "contract/fault.h"

typedef struct {
    const char *to;
    int64_t resolvers, believed;
    SimTime ttl;
    bool flush;
} HijackSpec;

static const Field hijack_fields[] = {
    FIELD_TEXT(HijackSpec, to, FIELD_REQUIRED, "where the forged answers lead: an outside_service"),
    FIELD_SHARE(HijackSpec, resolvers, "100 %", "share of each population's resolvers that believe the answers", NULL),
    FIELD_SHARE(HijackSpec, believed, "100 %",
                "share of the clients who take the machine for the real one and tell it their secrets",
                "assumption: who answers for a name is also given a certificate for it"),
    FIELD_TIME(HijackSpec, ttl, "1 d", "how long a resolver keeps a forged answer",
               "assumption: as long as common resolvers keep anything (RFC 8767 names 1 to 3 days)"),
    FIELD_BOOL(HijackSpec, flush, "no", "resolvers forget what was forged when it ends", NULL),
    FIELD_END,
};

static bool hijack_fits(const Kind *kind) { return kind->role == ROLE_NAME; }

/* The name service itself works on. */
static void hijack_bend(const void *spec, Condition *condition) {
    (void)spec;
    (void)condition;
}

static Forgery hijack_forges(const void *spec) {
    const HijackSpec *hijack = spec;
    return (Forgery){hijack->to, hijack->resolvers, hijack->believed, hijack->ttl, hijack->flush};
}

const FaultKind fault_hijack = {
    .name = "hijack",
    .verb = "hijack",
    .summary = "somebody forges the answers to a name",
    .fields = hijack_fields,
    .spec_size = sizeof(HijackSpec),
    .hits = FAULT_HITS_UNITS,
    .fits = hijack_fits,
    .suits = "names, as dns is one",
    .bend = hijack_bend,
    .forges = hijack_forges,
};
