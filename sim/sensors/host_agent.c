/* host_agent.c - an agent in the image: it notices that its own host was taken over, most of the time, after a while.
 *
 * Left out on purpose: an attacker who silences the agent first. That is a lower `detects`. */
#include "base/law.h"
#include "contract/sensor.h"

typedef struct {
    int64_t detects;
    Law after;
} HostAgentSpec;

static const Field host_agent_fields[] = {
    FIELD_SHARE(HostAgentSpec, detects, "80 %", "share of takeovers that it notices", NULL),
    FIELD_LAW(HostAgentSpec, after, "exponential(15 min)", "time from the takeover to the alert",
              "guide's starting target for mean time to detect, 15 min"),
    FIELD_END,
};

static SimTime host_agent_notice(const void *spec, const Fact *fact, Draw *luck) {
    const HostAgentSpec *agent = spec;
    if (!draw_chance(luck, agent->detects))
        return SIMTIME_NEVER;
    return simtime_add(fact->at, law_sample(&agent->after, luck));
}

const SensorKind sensor_host_agent = {
    .name = "host_agent",
    .summary = "an agent in the image that notices a takeover of its host, and records its connections",
    .fields = host_agent_fields,
    .spec_size = sizeof(HostAgentSpec),
    .sees = FACT_BIT(FACT_OWNED),
    .records = true,
    .notice = host_agent_notice,
};
