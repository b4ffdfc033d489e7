/* test_job_instances.c - machines that live for one job: launched on demand, gone after it, never more than may run. */
#include "tests/unit/kinds/fake.h"

extern const Kind kind_job_instances;

typedef struct {
    Fake *fake;
    ComponentId id;
    UnitId first;
    PlaceId region, zones[2];
} Site;

static Site site_new(const char *keys) {
    Site site = {.fake = fake_new(1)};
    site.region = fake_place(site.fake, "region");
    site.zones[0] = fake_place(site.fake, "a");
    site.zones[1] = fake_place(site.fake, "b");
    site.id = fake_component(site.fake, "it", &kind_job_instances, keys, site.region);
    for (int i = 0; i < 4; i++) {
        UnitId unit = fake_unit(site.fake, site.id, site.zones[i % 2]);
        site.first = i == 0 ? unit : site.first;
    }
    fake_start(site.fake);
    return site;
}

static void demand(const Site *site, uint32_t messages) {
    kind_job_instances.messages->demand(fake_ctx(site->fake, site->id), messages);
}

static uint32_t count(const Site *site, UnitState state) { return fake_count(site->fake, site->id, state); }

static void test_life(void) {
    Site site = site_new("{boot: 45 s, service: 1 min}");
    g_assert_cmpuint(count(&site, UNIT_ABSENT), ==, 4);
    demand(&site, 2);
    g_assert_cmpuint(count(&site, UNIT_BOOTING), ==, 2);
    fake_advance(site.fake, SIMTIME_S(45));
    g_assert_cmpuint(count(&site, UNIT_SERVING), ==, 2);
    assert_ns(kind_job_instances.messages->room(fake_ctx(site.fake, site.id), site.first, 0, 0), SIMTIME_S(45));
    g_assert_true(simtime_is_never(kind_job_instances.messages->room(fake_ctx(site.fake, site.id), site.first, 1, 1)));
    assert_ns(fake_request(site.fake, site.first, fake_request_of(site.fake, 1)).ready, SIMTIME_S(105));
    kind_job_instances.messages->worked(fake_ctx(site.fake, site.id), site.first);
    g_assert_cmpuint(count(&site, UNIT_SERVING), ==, 1);
    g_assert_cmpuint(count(&site, UNIT_ABSENT), ==, 3);
    fake_free(site.fake);
}

/* More than there is room for waits. */
static void test_most(void) {
    Site site = site_new("{boot: 45 s}");
    demand(&site, 9);
    g_assert_cmpuint(count(&site, UNIT_BOOTING), ==, 4);
    fake_advance(site.fake, SIMTIME_S(45));
    kind_job_instances.messages->worked(fake_ctx(site.fake, site.id), site.first);
    demand(&site, 8);
    g_assert_cmpuint(count(&site, UNIT_BOOTING), ==, 1);
    g_assert_cmpuint(count(&site, UNIT_SERVING), ==, 3);
    fake_free(site.fake);
}

/* Orders need the control plane, and are made up for when it answers. */
static void test_control(void) {
    Site site = site_new("{boot: 45 s}");
    fake_control(site.fake, site.region, false);
    demand(&site, 2);
    g_assert_cmpuint(count(&site, UNIT_BOOTING), ==, 0);
    g_assert_cmpuint(fake_facts(site.fake, FACT_BLOCKED_ACTION), ==, 1);
    fake_control(site.fake, site.region, true);
    g_assert_cmpuint(count(&site, UNIT_BOOTING), ==, 2);
    fake_free(site.fake);
}

/* What dies while it boots is launched again where something works. */
static void test_zone(void) {
    Site site = site_new("{boot: 45 s}");
    demand(&site, 2);
    fake_zone(site.fake, site.zones[0], false);
    g_assert_cmpuint(fake_count_in(site.fake, site.id, site.zones[1], UNIT_BOOTING), ==, 2);
    fake_advance(site.fake, SIMTIME_S(45));
    g_assert_cmpuint(fake_count_in(site.fake, site.id, site.zones[1], UNIT_SERVING), ==, 2);
    fake_free(site.fake);
}

/* Half-way, and nobody hears of it. */
static void test_crash(void) {
    Site site = site_new("{boot: 1 s, service: 1 min, crash: 100 %}");
    demand(&site, 1);
    fake_advance(site.fake, SIMTIME_S(1));
    Outcome outcome = fake_request(site.fake, site.first, fake_request_of(site.fake, 1));
    g_assert_cmpint(outcome.cause, ==, CAUSE_SILENT);
    assert_ns(outcome.ready, SIMTIME_S(31));
    fake_free(site.fake);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/job-instances/life", test_life);
    g_test_add_func("/job-instances/most", test_most);
    g_test_add_func("/job-instances/control-plane", test_control);
    g_test_add_func("/job-instances/zone", test_zone);
    g_test_add_func("/job-instances/crash", test_crash);
    return g_test_run();
}
