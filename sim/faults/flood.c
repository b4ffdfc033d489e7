/* flood.c - more arrives at a component than it can take up, and nobody can tell it from what is honest.
 *
 * The volume goes to all of the target's units alike. A unit with a `capacity` takes up so much of what comes, whoever
 * sent it: of the honest requests the share capacity / (flood + honest). Answers to the rest of it leave by the same
 * link as everybody's. It must get there: what the sender cannot connect to, it cannot flood. What comes from outside
 * meets the provider's perimeter first (`network: {absorber_threshold, ...}`), and one that is aimed at the provider's
 * edge or names never arrives; what comes from inside meets nothing (AWS WAF and Shield guide, ddos-overview). */
#include "contract/fault.h"

typedef struct {
    int64_t with;
    const char *from;
} FloodSpec;

static const Field flood_fields[] = {
    {"with", FIELD_TYPE_RATE, offsetof(FloodSpec, with), FIELD_REQUIRED, "0/s", NULL, "requests that are sent, in all",
     NULL, NULL, NULL},
    FIELD_TEXT(FloodSpec, from, "internet", "who sends them: internet, a population, or a component of one's own"),
    FIELD_END,
};

static void flood_bend(const void *spec, Condition *condition) { condition->flood = ((const FloodSpec *)spec)->with; }

static const char *flood_source(const void *spec) { return ((const FloodSpec *)spec)->from; }

const FaultKind fault_flood = {
    .name = "flood",
    .verb = "flood",
    .summary = "sends it more than it can take up; honest requests share the capacity",
    .fields = flood_fields,
    .spec_size = sizeof(FloodSpec),
    .hits = FAULT_HITS_UNITS,
    .bend = flood_bend,
    .source = flood_source,
};
