/* group.h - a group of instances over a few zones: what every test of instances.c begins with. */
#ifndef FAULTLINE_TESTS_UNIT_KINDS_GROUP_H
#define FAULTLINE_TESTS_UNIT_KINDS_GROUP_H

#include "tests/unit/kinds/fake.h"

extern const Kind kind_instances;

typedef struct {
    Fake *fake;
    PlaceId region, zones[3];
    ComponentId web;
    UnitId first;
} Group;

/* Keys of a group that nothing but a status check moves. */
#define QUIET "scaling: {enabled: no}"

/* Started, with `units` machines dealt over `zones` zones. The test frees group.fake. */
Group group_new(const char *keys, uint32_t units, uint32_t zones);
void group_let_pass(Group *group, int64_t seconds);
/* To one machine, now. */
Outcome group_request(Group *group, uint32_t machine, uint32_t number);
uint32_t group_serving(const Group *group);
uint32_t group_in_zone(const Group *group, int zone, UnitState state);

#endif
