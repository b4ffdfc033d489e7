/* takeover.c - somebody owns a component: at once, or after a time to compromise that is drawn. */
#include "base/law.h"
#include "contract/threat.h"

typedef struct {
    Law takes;
    int64_t chance;
    bool spreads;
} TakeoverSpec;

static const Field takeover_fields[] = {
    FIELD_LAW(TakeoverSpec, takes, "0 s", "time from the first try to owning it", NULL),
    FIELD_SHARE(TakeoverSpec, chance, "100 %", "chance that this attacker manages it at all", NULL),
    FIELD_BOOL(
        TakeoverSpec, spreads, NULL,
        "goes on to every machine of the customer's that it can connect to, each with time and chance of its own",
        NULL),
    FIELD_END,
};

static SimTime takeover_time(const void *spec, Draw *luck) {
    const TakeoverSpec *takeover = spec;
    if (!draw_chance(luck, takeover->chance))
        return SIMTIME_NEVER;
    return law_sample(&takeover->takes, luck);
}

static bool takeover_spreads(const void *spec) { return ((const TakeoverSpec *)spec)->spreads; }

const ThreatKind threat_takeover = {
    .name = "takeover",
    .verb = "compromise",
    .summary = "somebody owns a component, at once or after a drawn time",
    .fields = takeover_fields,
    .spec_size = sizeof(TakeoverSpec),
    .needs = 0,
    .time_to = takeover_time,
    .spreads = takeover_spreads,
};
