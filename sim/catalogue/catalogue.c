/* catalogue.c - turns each .def list into an array; the only place that names plug-ins. */
#include "catalogue/catalogue.h"

#include <stddef.h>

#define KIND(name) extern const Kind kind_##name;
#include "kinds/kinds.def"
#undef KIND
#define FAULT(name) extern const FaultKind fault_##name;
#include "faults/faults.def"
#undef FAULT
#define THREAT(name) extern const ThreatKind threat_##name;
#include "threats/threats.def"
#undef THREAT
#define SENSOR(name) extern const SensorKind sensor_##name;
#include "sensors/sensors.def"
#undef SENSOR
#define RESPONSE(name) extern const ResponseKind response_##name;
#include "responses/responses.def"
#undef RESPONSE
#define LOAD(name) extern const LoadKind load_##name;
#include "loads/loads.def"
#undef LOAD
#define ORDER(name) extern const OrderKind order_##name;
#include "orders/orders.def"
#undef ORDER

static const Kind *const kinds[] = {
#define KIND(name) &kind_##name,
#include "kinds/kinds.def"
#undef KIND
    NULL};
static const FaultKind *const faults[] = {
#define FAULT(name) &fault_##name,
#include "faults/faults.def"
#undef FAULT
    NULL};
static const ThreatKind *const threats[] = {
#define THREAT(name) &threat_##name,
#include "threats/threats.def"
#undef THREAT
    NULL};
static const SensorKind *const sensors[] = {
#define SENSOR(name) &sensor_##name,
#include "sensors/sensors.def"
#undef SENSOR
    NULL};
static const ResponseKind *const responses[] = {
#define RESPONSE(name) &response_##name,
#include "responses/responses.def"
#undef RESPONSE
    NULL};
static const LoadKind *const loads[] = {
#define LOAD(name) &load_##name,
#include "loads/loads.def"
#undef LOAD
    NULL};
static const OrderKind *const orders[] = {
#define ORDER(name) &order_##name,
#include "orders/orders.def"
#undef ORDER
    NULL};

const Catalogue builtin_catalogue = {kinds, faults, threats, sensors, responses, loads, orders};
