/* egress_log.c - the log of a proxy, of an agent's rules or of a filter of names: who was turned back, and from where.
 *
 * It tells of the first time that a component is turned back; the ones after that add nothing that anybody would act
 * on. Left out on purpose: honest programs that somebody forgot to put on the list. They look the same. */
#include "base/law.h"
#include "contract/sensor.h"

typedef struct {
    int64_t read;
    Law after;
} EgressLogSpec;

static const Field egress_log_fields[] = {
    FIELD_SHARE(EgressLogSpec, read, "100 %", "share of such lines that somebody looks at", NULL),
    FIELD_LAW(EgressLogSpec, after, "uniform(30 s to 90 s)", "from the attempt to the alert",
              "assumption: logs are shipped and looked at once a minute"),
    FIELD_END,
};

static SimTime egress_log_notice(const void *spec, const Fact *fact, Draw *luck) {
    const EgressLogSpec *log = spec;
    if (!draw_chance(luck, log->read))
        return SIMTIME_NEVER;
    return simtime_add(fact->at, law_sample(&log->after, luck));
}

const SensorKind sensor_egress_log = {
    .name = "egress_log",
    .summary = "notices that a component was turned back by an allowlist or a filter of names",
    .fields = egress_log_fields,
    .spec_size = sizeof(EgressLogSpec),
    .sees = FACT_BIT(FACT_TURNED_BACK),
    .notice = egress_log_notice,
};
