/* test_record.c - the document that a Record becomes: its exact bytes, and what it refuses to write. */
#include <math.h>
#include <string.h>

#include "record/record.h"

/* One row in every table, two where an array of arrays needs them. */
static Record *small_record(void) {
    const int64_t values[] = {3, 0, 5};
    Record *r = record_new();
    record_set_manifest(r, (RecordManifest){"1.0", 42, 10, "aa", "bb", "cc"});
    record_set_title(r, (RecordTitle){"tiny", NULL, "One thing.", NULL, "aws"});
    record_set_run(r, (RecordRun){.until_ns = 1000, .warm_up_ns = 10});
    record_add_place(r, (RecordPlace){"aws", RECORD_PROVIDER, RECORD_NONE, NULL, NULL});
    record_add_place(r, (RecordPlace){"data", RECORD_SUBNET, 0, "net", "10.0.0.0/24"});
    record_add_component(r,
                         (RecordComponent){.name = "users", .label = "users", .kind = "users", .place = RECORD_NONE});
    record_add_component(r, (RecordComponent){.name = "db",
                                              .label = "d\"b",
                                              .kind = "database",
                                              .role = RECORD_STORE,
                                              .summary = "keeps",
                                              .stack = "s",
                                              .copy = "eu",
                                              .place = 1,
                                              .listens = "tcp/5432",
                                              .managed = true,
                                              .single_point = true});
    record_add_fact(r, (RecordFact){1, "count", "2"});
    record_add_unit(r, (RecordUnit){1, 0, 1, RECORD_NONE});
    record_add_flow(r, (RecordFlow){"visit"});
    record_add_step(r, (RecordStep){0, 0, 0});
    record_add_step(r, (RecordStep){0, 1, 1});
    record_add_step(r, (RecordStep){0, 1, 0});
    record_add_link(r, (RecordLink){0, 1, 0, RECORD_REQUEST, "tcp/5432", true, RECORD_NEVER});
    record_add_fault(r, (RecordFault){"db: outage", 100, RECORD_NEVER});
    record_add_fault_target(r, (RecordFaultTarget){0, RECORD_NONE, 1});
    record_add_assumed(r, (RecordAssumed){"db", "ttl", "60 s", "the book"});
    record_add_moment(r, (RecordMoment){"before", 99, 0, 99, "early"});
    record_add_place_state(r, (RecordPlaceState){0, 1, RECORD_PLACE_NO_CONTROL});
    record_add_component_state(r, (RecordComponentState){.moment = 0, .component = 0, .state = RECORD_IDLE});
    record_add_component_state(r, (RecordComponentState){0, 1, 1, 2, 3, 4, RECORD_DEGRADED, "slow"});
    record_add_zone_state(r, (RecordZoneState){0, 1, RECORD_NONE, 1, 1, 2, 3});
    record_add_link_state(r, (RecordLinkState){0, 0, "REACH", NULL, 0.5, -1});
    record_add_link_part(r, (RecordLinkPart){0, 0, RECORD_NONE, 1, 0.25, 1});
    record_add_reach(r,
                     (RecordReach){"users", "db", "tcp/5432", true, false, true, "REACH", "DENY", "REACH", "rule 1"});
    record_add_event(r, (RecordEvent){100, "fault", "db: outage", 1});
    record_add_series(r, (RecordSeries){"good", NULL, "sessions", 500, values, 3});
    record_add_measure(
        r, (RecordMeasure){"failover_time", NULL, "ns", "fault", "run", 10, 1, 1.5, NAN, 2e9, 0, 1, 2, 3, INFINITY});
    record_add_phase(r, (RecordPhase){0, "detect", 90, true});
    record_add_ledger(r, (RecordLedger){"users", 10, 6, 1, 2});
    record_add_broken(r, (RecordBroken){0, "stale dns", 3});
    record_add_cost(r, (RecordCost){"db", "h", "the book", 1.5, 2000000, 3000000});
    record_add_expectation(
        r, (RecordExpectation){"e1", "good", "why", "holds", "1", "< 2", NULL, "ttl: 1 h", "still holds"});
    record_add_expectation(r, (RecordExpectation){.id = "e2", .text = "t", .verdict = "missed"});
    record_add_input(r, (RecordInput){"a.yaml", "line 1\nline 2"});
    return r;
}

static void test_golden(void) {
    char *path = g_build_filename(g_getenv("FAULTLINE_TESTS") ? g_getenv("FAULTLINE_TESTS") : "tests",
                                  "unit/record/golden.json", NULL);
    char *golden = NULL;
    g_assert_true(g_file_get_contents(path, &golden, NULL, NULL));
    Record *record = small_record();
    size_t length;
    char *json = record_to_json(record, &length);
    g_assert_cmpuint(length, ==, strlen(json));
    g_assert_cmpstr(json, ==, golden);
    record_free(record);
    g_free(json);
    g_free(golden);
    g_free(path);
}

static void test_twice(void) {
    Record *a = small_record(), *b = small_record();
    char *first = record_to_json(a, NULL), *again = record_to_json(a, NULL), *other = record_to_json(b, NULL);
    g_assert_cmpstr(first, ==, again);
    g_assert_cmpstr(first, ==, other);
    g_free(first);
    g_free(again);
    g_free(other);
    record_free(a);
    record_free(b);
}

/* Texts and values belong to the record: the caller's may go. */
static void test_owns_texts(void) {
    Record *record = record_new();
    char name[] = "before";
    int64_t values[] = {1, 2};
    record_add_flow(record, (RecordFlow){name});
    record_add_series(record, (RecordSeries){name, name, name, 1, values, 2});
    memset(name, 'x', sizeof name - 1);
    memset(values, 0, sizeof values);
    g_assert_cmpstr(g_array_index(record->flows, RecordFlow, 0).name, ==, "before");
    g_assert_cmpstr(g_array_index(record->series, RecordSeries, 0).of, ==, "before");
    g_assert_cmpint(g_array_index(record->series, RecordSeries, 0).values[1], ==, 2);
    record_free(record);
    record_free(NULL);
}

static void test_ids_count_up(void) {
    Record *record = record_new();
    for (uint32_t i = 0; i < 3; i++)
        g_assert_cmpuint(record_add_place(record, (RecordPlace){"p", RECORD_PROVIDER, RECORD_NONE, NULL, NULL}), ==, i);
    record_free(record);
}

/* ---- What must never be written --------------------------------------------------------------- */

static void break_ledger(Record *r) { g_array_index(r->broken, RecordBroken, 0).sessions++; }
static void break_order(Record *r) { record_add_fact(r, (RecordFact){0, "late", "row"}); }
static void break_id(Record *r) { g_array_index(r->links, RecordLink, 0).to = 7; }
static void break_state(Record *r) { record_add_component(r, (RecordComponent){.name = "new", .place = RECORD_NONE}); }
static void break_time(Record *r) { record_add_event(r, (RecordEvent){50, "mend", "too late", RECORD_NONE}); }
static void break_owner(Record *r) { record_add_broken(r, (RecordBroken){9, "nobody's", 1}); }
static void break_place(Record *r) { g_array_index(r->places, RecordPlace, 1).parent = 1; }

static const struct {
    const char *name, *complaint;
    void (*spoil)(Record *);
} bugs[] = {
    {"ledger", "*does not balance*", break_ledger}, {"order", "*not in*order*", break_order},
    {"id", "*beyond its table*", break_id},         {"state", "*no state in a moment*", break_state},
    {"time", "*runs backwards*", break_time},       {"owner", "*belongs to nobody*", break_owner},
    {"place", "*before its parent*", break_place},
};

static void test_bug(gconstpointer which) {
    size_t i = GPOINTER_TO_SIZE(which);
    if (g_test_subprocess()) {
        Record *record = small_record();
        bugs[i].spoil(record);
        g_free(record_to_json(record, NULL));
        record_free(record);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr(bugs[i].complaint);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/record/golden", test_golden);
    g_test_add_func("/record/twice", test_twice);
    g_test_add_func("/record/owns_texts", test_owns_texts);
    g_test_add_func("/record/ids_count_up", test_ids_count_up);
    for (size_t i = 0; i < G_N_ELEMENTS(bugs); i++) {
        char *path = g_strconcat("/record/bug/", bugs[i].name, NULL);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_bug);
        g_free(path);
    }
    return g_test_run();
}
