/* group.c - see group.h. */
#include "tests/unit/kinds/group.h"

Group group_new(const char *keys, uint32_t units, uint32_t zones) {
    static const char *const names[] = {"zone a", "zone b", "zone c"};
    Group group = {.fake = fake_new(3)};
    group.region = fake_place(group.fake, "region");
    for (uint32_t z = 0; z < zones; z++)
        group.zones[z] = fake_place(group.fake, names[z]);
    group.web = fake_component(group.fake, "web", &kind_instances, keys, group.region);
    for (uint32_t u = 0; u < units; u++) {
        UnitId unit = fake_unit(group.fake, group.web, group.zones[u % zones]);
        group.first = u == 0 ? unit : group.first;
    }
    fake_start(group.fake);
    return group;
}

void group_let_pass(Group *group, int64_t seconds) {
    fake_advance(group->fake, simtime_add(fake_now(group->fake), SIMTIME_S(seconds)));
}

Outcome group_request(Group *group, uint32_t machine, uint32_t number) {
    return fake_request(group->fake, group->first + machine, fake_request_of(group->fake, number));
}

uint32_t group_serving(const Group *group) { return fake_count(group->fake, group->web, UNIT_SERVING); }

uint32_t group_in_zone(const Group *group, int zone, UnitState state) {
    return fake_count_in(group->fake, group->web, group->zones[zone], state);
}
