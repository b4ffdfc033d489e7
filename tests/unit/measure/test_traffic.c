/* test_traffic.c - bytes by what they crossed, and what a session and a request cost. */
#include "contract/cost.h"
#include "tests/unit/measure/story.h"

static void test_scopes(void) {
    Story *story = story_new();
    story_open(story);
    const uint64_t bytes[SCOPES] = {[SCOPE_SAME_ZONE] = 1,      [SCOPE_ZONES] = 20,           [SCOPE_REGIONS] = 300,
                                    [SCOPE_INTERNET_IN] = 4000, [SCOPE_INTERNET_OUT] = 50000, [SCOPE_CDN] = 600000};
    measure_set_end(story->set, &(MeasureTotals){.bytes = bytes});
    assert_value(story, "traffic", 654321);
    assert_value(story, "traffic.east_west", 321);
    assert_value(story, "traffic.north_south", 654000);
    assert_value(story, "traffic.same_zone", 1);
    assert_value(story, "traffic.cross_zone", 20);
    assert_value(story, "traffic.inter_region", 300);
    assert_value(story, "traffic.internet_in", 4000);
    assert_value(story, "traffic.internet_out", 50000);
    assert_value(story, "traffic.cdn", 600000);
    story_free(story);
}

/* Where nothing moves, and where nobody knows, nothing is told. */
static void test_nothing(void) {
    Story *story = story_new();
    story_open(story);
    const uint64_t bytes[SCOPES] = {0};
    measure_set_end(story->set, &(MeasureTotals){.bytes = bytes});
    g_assert_false(has_value(story->set, "traffic", 0));
    measure_set_begin(story->set, 1);
    measure_set_end(story->set, NULL);
    g_assert_false(has_value(story->set, "traffic", 1));
    story_free(story);
}

/* Ten dollars an hour for 590 s, four sessions and eight answers. */
static void test_cost_of_each(void) {
    Story *story = story_new();
    story->prices[0] = (MeasurePrice){LB_A, COST_COMPONENT_HOUR, "lb_hour", 10000000, 0, 0};
    story->setup.prices = story->prices;
    story->setup.price_count = 1;
    story_open(story);
    arrive(story, 5, AMERICA, 0, 0); /* in the warm-up */
    for (uint32_t i = 0; i < 8; i++) {
        if (i < 4)
            arrive(story, 20 + i, AMERICA, i + 1, 0);
        tell(story, 30 + i, (Fact){.kind = FACT_SERVED, .component = AMERICA, .unit = 10 * WEB_A, .amount = 1});
    }
    measure_set_end(story->set, NULL);
    assert_value(story, "cost_per_hour", 10000000);
    assert_value(story, "cost_per_hour.per_session", (int64_t)(1e7 * 590 / 3600 / 4));
    assert_value(story, "cost_per_hour.per_million_requests", INT64_C(204861111111));
    story_free(story);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/traffic/scopes", test_scopes);
    g_test_add_func("/traffic/nothing", test_nothing);
    g_test_add_func("/traffic/cost-of-each", test_cost_of_each);
    return g_test_run();
}
