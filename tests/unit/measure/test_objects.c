/* test_objects.c - the ledger of objects, reads of old ones, and what keeping them costs. */
#include "contract/cost.h"
#include "tests/unit/measure/story.h"

static void put(Story *story, double at, ComponentId store, int64_t more, uint32_t copies) {
    tell(story, at, (Fact){.kind = FACT_STORED, .component = store, .subject = copies, .amount = more});
}

static void copy(Story *story, double at, ComponentId from, ComponentId to, int64_t more, double after) {
    tell(story, at, (Fact){.kind = FACT_COPIED, .component = from, .other = to, .amount = more, .span = at_s(after)});
}

/* Three put at A, one of them a new version; two get to B, the third is gone with A, for a while or for good. */
static void test_ledger(void) {
    for (int back = 0; back < 2; back++) {
        Story *story = story_new();
        story_open(story);
        put(story, 1, DB_A, 1, 1); /* in the warm-up: the ledger is of the whole run */
        put(story, 20, DB_A, 0, 1);
        put(story, 30, DB_A, 1, 1);
        copy(story, 31, DB_A, DB_B, 1, 30);
        copy(story, 50, DB_A, DB_B, 0, 30);
        tell(story, 55, (Fact){.kind = FACT_OBJECTS_GONE, .component = DB_A, .amount = 1, .span = at_s(25)});
        if (back)
            tell(story, 60, (Fact){.kind = FACT_OBJECTS_GONE, .component = DB_A, .amount = -1});
        measure_set_end(story->set, NULL);
        assert_value(story, "objects[site[a].db]", 2);
        assert_value(story, "objects[site[b].db]", 1);
        assert_value(story, "objects.copied", 2);
        assert_value(story, "objects.copied[site[b].db]", 2);
        assert_value(story, "objects.behind", 1);
        assert_value(story, "objects.gone", !back);
        assert_seconds(story, "objects.lag", 25);
        g_assert_false(has_value(story->set, "objects.copied[site[a].db]", 0));
        story_free(story);
    }
}

/* Where nothing is copied nothing is told of copies. */
static void test_alone(void) {
    Story *story = story_new();
    story_open(story);
    put(story, 20, DB_A, 1, 0);
    put(story, 30, DB_A, -1, 0);
    measure_set_end(story->set, NULL);
    assert_value(story, "objects[site[a].db]", 0);
    g_assert_false(has_value(story->set, "objects.behind", 0));
    g_assert_false(has_value(story->set, "stale_reads", 0));
    story_free(story);
}

static void test_reads(void) {
    Story *story = story_new();
    story_open(story);
    for (int i = 0; i < 10; i++)
        tell(story, 5 + 10 * i, (Fact){.kind = FACT_READ, .component = i % 2 ? DB_A : DB_B}); /* one in the warm-up */
    tell(story, 200, (Fact){.kind = FACT_READ, .component = DB_B, .amount = 1, .span = at_s(7)});
    tell(story, 201, (Fact){.kind = FACT_READ, .component = DB_B, .amount = 1, .span = at_s(3)});
    measure_set_end(story->set, NULL);
    assert_value(story, "stale_reads", 2);
    assert_value(story, "stale_reads[site[a].db]", 0);
    assert_value(story, "stale_reads.reads", 11);
    assert_value(story, "stale_reads.reads[site[b].db]", 6);
    assert_seconds(story, "stale_reads.age", 7);
    story_free(story);
}

/* 730 GB from the start cost the price of a month in each hour; ten more of 73 GB for half of the run as much again.
 * What is overdrawn is never paid back. Lines are billed when they come, and while they stay. */
static void test_cost(void) {
    Story *story = story_new();
    const int64_t GB = 1000000000;
    story->prices[0] = (MeasurePrice){DB_A, COST_PER_GB_MONTH, "stored", 20000, 730 * GB, 73 * GB};
    story->prices[1] = (MeasurePrice){DB_B, COST_PER_GB_MONTH, "stored", 20000, 0, GB};
    story->prices[2] = (MeasurePrice){LB_A, COST_PER_GB_TAKEN, "taken", 500000, 0, GB};
    story->prices[3] = (MeasurePrice){LB_A, COST_PER_GB_MONTH, "lines", 30000, 0, GB};
    story->setup.prices = story->prices;
    story->setup.price_count = 4;
    story_open(story);
    put(story, 100, DB_A, -3, 0);
    put(story, 300, DB_A, 6, 1);
    put(story, 300, DB_A, 4, 1);
    copy(story, 0, DB_A, DB_B, 73, 1);
    tell(story, 0, (Fact){.kind = FACT_LINES_KEPT, .component = LB_A, .amount = 146});
    tell(story, 300, (Fact){.kind = FACT_LINES_KEPT, .component = LB_A, .amount = -146});
    measure_set_end(story->set, NULL);
    const MeasureColumn *stored = measure_find_by(story->set, "cost_per_hour", NULL, "stored");
    g_assert_cmpint(stored->samples[0].value, ==, 20000 + 10000 + 2000);
    g_assert_cmpint(measure_find_by(story->set, "cost_per_hour", NULL, "taken")->samples[0].value, ==,
                    146 * INT64_C(500000) * 6);
    g_assert_cmpint(measure_find_by(story->set, "cost_per_hour", NULL, "lines")->samples[0].value, ==, 3000);
    story_free(story);
}

static void test_time(void) {
    Story *story = story_new();
    story_open(story);
    put(story, 20, DB_A, 1, 1);
    copy(story, 20, DB_A, DB_B, 1, 4);
    measure_set_end(story->set, NULL);
    const MeasureColumn *time = measure_find(story->set, "replication_time[site[b].db]");
    g_assert_nonnull(time);
    g_assert_cmpint(time->pools[0].max, ==, at_s(4).ns);
    story_free(story);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/objects/ledger", test_ledger);
    g_test_add_func("/objects/alone", test_alone);
    g_test_add_func("/objects/stale-reads", test_reads);
    g_test_add_func("/objects/cost", test_cost);
    g_test_add_func("/objects/replication-time", test_time);
    return g_test_run();
}
