/* flow_log.c - the provider's flow logs, switched on for some components: who connected to whom is written down at
 * their interfaces.
 *
 * It is the only way to see the provider's network: nothing of one's own can be put between two machines to listen
 * ("VPC Flow Logs" of AWS, "virtual network flow logs" of Azure). It raises no alert: that somebody reads it is another
 * matter, and so is when. */
#include "contract/sensor.h"

static const Field flow_log_fields[] = {FIELD_END};

const SensorKind sensor_flow_log = {
    .name = "flow_log",
    .summary = "flow logs of the provider: records the connections of what it watches, and raises no alert",
    .fields = flow_log_fields,
    .records = true,
};
