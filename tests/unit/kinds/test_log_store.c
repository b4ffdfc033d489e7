/* test_log_store.c - what of a writer's lines can be read: those of whole batches, kept long enough, in a store that is
 * up. */
#include <glib.h>

#include "tests/unit/kinds/fake.h"

extern const Kind kind_log_store;

static SimTime seconds(int64_t s) { return (SimTime){s * 1000000000}; }

typedef struct {
    Fake *fake;
    ComponentId writer;
    UnitId unit, store;
} Shelf;

static Shelf shelf_new(const char *keys) {
    Shelf shelf = {.fake = fake_new(1)};
    PlaceId here = fake_place(shelf.fake, "here"), there = fake_place(shelf.fake, "there");
    shelf.writer = fake_component(shelf.fake, "web", &fake_plain, NULL, here);
    shelf.unit = fake_unit(shelf.fake, shelf.writer, here);
    ComponentId logs = fake_component(shelf.fake, "logs", &kind_log_store, keys, there);
    shelf.store = fake_unit(shelf.fake, logs, there);
    fake_target(shelf.fake, logs, shelf.writer);
    fake_start(shelf.fake);
    fake_state(shelf.fake, shelf.unit, UNIT_SERVING);
    return shelf;
}

static void assert_readable(const Shelf *shelf, int64_t lines) {
    g_assert_cmpint(fake_last(shelf->fake, FACT_LINES)->amount, ==, lines);
}

/* A hundred lines in the first batch, twenty that die with their writer two minutes later; nothing comes after. */
static void test_writer_dies(void) {
    Shelf shelf = shelf_new("{every: 5 min}");
    fake_met(shelf.fake, shelf.writer, 100);
    fake_advance(shelf.fake, seconds(299));
    g_assert_cmpuint(fake_facts(shelf.fake, FACT_LINES), ==, 0);
    fake_advance(shelf.fake, seconds(301));
    assert_readable(&shelf, 100);
    fake_met(shelf.fake, shelf.writer, 120);
    fake_advance(shelf.fake, seconds(420));
    fake_down(shelf.fake, shelf.unit);
    const Fact *gone = fake_last(shelf.fake, FACT_LINES_GONE);
    g_assert_cmpint(gone->amount, ==, 20);
    g_assert_cmpuint(gone->other, ==, shelf.writer);
    assert_ns(gone->span, seconds(120));
    fake_advance(shelf.fake, seconds(1000));
    assert_readable(&shelf, 100);
    fake_free(shelf.fake);
}

/* While the store is down nothing is read and nothing is shipped; what waited comes with the next batch. */
static void test_store_dies(void) {
    Shelf shelf = shelf_new("{every: 5 min}");
    fake_met(shelf.fake, shelf.writer, 100);
    fake_advance(shelf.fake, seconds(301));
    fake_down(shelf.fake, shelf.store);
    assert_readable(&shelf, 0);
    fake_met(shelf.fake, shelf.writer, 150);
    fake_advance(shelf.fake, seconds(700));
    assert_readable(&shelf, 0);
    fake_up(shelf.fake, shelf.store);
    assert_readable(&shelf, 100);
    fake_advance(shelf.fake, seconds(901));
    assert_readable(&shelf, 150);
    g_assert_cmpuint(fake_facts(shelf.fake, FACT_LINES_GONE), ==, 0);
    fake_free(shelf.fake);
}

/* What is kept is what was shipped less what has grown too old, whether or not it can be read. */
static void test_kept(void) {
    Shelf shelf = shelf_new("{every: 5 min, retention: 12 min}");
    fake_met(shelf.fake, shelf.writer, 100);
    fake_advance(shelf.fake, seconds(301));
    g_assert_cmpint(fake_last(shelf.fake, FACT_LINES_KEPT)->amount, ==, 100);
    fake_down(shelf.fake, shelf.store);
    fake_up(shelf.fake, shelf.store);
    fake_met(shelf.fake, shelf.writer, 130);
    fake_advance(shelf.fake, seconds(601));
    g_assert_cmpint(fake_last(shelf.fake, FACT_LINES_KEPT)->amount, ==, 30);
    fake_advance(shelf.fake, seconds(1201)); /* the first batch is 15 min old */
    g_assert_cmpint(fake_last(shelf.fake, FACT_LINES_KEPT)->amount, ==, -100);
    fake_advance(shelf.fake, seconds(5000));
    g_assert_cmpint(fake_last(shelf.fake, FACT_LINES_KEPT)->amount, ==, -30);
    g_assert_cmpuint(fake_facts(shelf.fake, FACT_LINES_KEPT), ==, 4);
    fake_free(shelf.fake);
}

static void test_retention(void) {
    Shelf shelf = shelf_new("{every: 5 min, retention: 12 min}");
    fake_met(shelf.fake, shelf.writer, 100);
    fake_advance(shelf.fake, seconds(601));
    fake_met(shelf.fake, shelf.writer, 130);
    fake_advance(shelf.fake, seconds(901));
    assert_readable(&shelf, 130);
    fake_advance(shelf.fake, seconds(1201)); /* the first batch is 15 min old */
    assert_readable(&shelf, 30);
    fake_free(shelf.fake);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/log-store/writer-dies", test_writer_dies);
    g_test_add_func("/log-store/store-dies", test_store_dies);
    g_test_add_func("/log-store/kept", test_kept);
    g_test_add_func("/log-store/retention", test_retention);
    return g_test_run();
}
