/* test_record.c - the document that a Record becomes: its exact bytes, and what it refuses to write. */
#include <math.h>
#include <string.h>

#include "record/record.h"

/* Texts and values that the caller takes away again. */
typedef struct {
    GPtrArray *texts;
    int64_t values[3];
} Lender;

static const char *lend(Lender *lender, const char *text) {
    char *copy = g_strdup(text);
    g_ptr_array_add(lender->texts, copy);
    return copy;
}

static int64_t *lend_values(Lender *lender) {
    lender->values[0] = 3;
    lender->values[2] = 5;
    return lender->values;
}

/* Spoil everything lent before it goes: whoever kept a pointer shows it. */
static void take_back(Lender *lender) {
    for (guint i = 0; i < lender->texts->len; i++) {
        char *text = g_ptr_array_index(lender->texts, i);
        memset(text, 'x', strlen(text));
    }
    g_ptr_array_free(lender->texts, TRUE);
    memset(lender->values, 0x55, sizeof lender->values);
}

#define T(text) lend(lender, text)

/* One row in every table, two where an array of arrays needs them. */
static Record *small_record(Lender *lender) {
    int64_t *values = lend_values(lender);
    Record *r = record_new();
    record_set_manifest(r, (RecordManifest){T("1.0"), 42, 10, T("aa"), T("bb"), T("cc")});
    record_set_title(r, (RecordTitle){T("tiny"), NULL, T("One thing."), NULL, T("aws")});
    record_set_run(r, (RecordRun){.until_ns = 1000, .warm_up_ns = 10});
    record_add_place(r, (RecordPlace){T("aws"), RECORD_PROVIDER, RECORD_NONE, NULL, NULL, NULL});
    record_add_place(r, (RecordPlace){T("data"), RECORD_SUBNET, 0, T("net"), T("10.0.0.0/24"), T("nat")});
    record_add_component(
        r, (RecordComponent){.name = T("users"), .label = T("users"), .kind = T("users"), .place = RECORD_NONE});
    record_add_component(r, (RecordComponent){.name = T("db"),
                                              .label = T("d\"b"),
                                              .kind = T("database"),
                                              .role = RECORD_STORE,
                                              .summary = T("keeps"),
                                              .stack = T("s"),
                                              .copy = T("eu"),
                                              .place = 1,
                                              .listens = T("tcp/5432"),
                                              .managed = true,
                                              .single_point = true,
                                              .symbol = T("disk")});
    record_add_fact(r, (RecordFact){1, T("count"), T("2")});
    record_add_unit(r, (RecordUnit){1, 0, 1, RECORD_NONE});
    record_add_flow(r, (RecordFlow){T("visit")});
    record_add_step(r, (RecordStep){0, 0, 0});
    record_add_step(r, (RecordStep){0, 1, 1});
    record_add_step(r, (RecordStep){0, 1, 0});
    record_add_link(r, (RecordLink){0, 1, 0, RECORD_REQUEST, T("tcp/5432"), true, RECORD_NEVER});
    record_add_link_via(r, (RecordLinkVia){0, 1});
    record_add_fault(r, (RecordFault){T("db: outage"), 100, RECORD_NEVER});
    record_add_fault_target(r, (RecordFaultTarget){0, RECORD_NONE, 1});
    record_add_assumed(r, (RecordAssumed){T("db"), T("ttl"), T("60 s"), T("the book")});
    record_add_moment(r, (RecordMoment){T("before"), 99, 0, 99, T("early")});
    record_add_place_state(r, (RecordPlaceState){0, 1, RECORD_PLACE_NO_CONTROL});
    record_add_component_state(r, (RecordComponentState){.moment = 0, .component = 0, .state = RECORD_IDLE});
    record_add_component_state(r, (RecordComponentState){0, 1, 1, 2, 3, 4, RECORD_DEGRADED, T("slow")});
    record_add_zone_state(r, (RecordZoneState){0, 1, RECORD_NONE, 1, 1, 2, 3});
    record_add_link_state(r, (RecordLinkState){0, 0, T("REACH"), NULL, 0.5, -1});
    record_add_link_part(r, (RecordLinkPart){0, 0, RECORD_NONE, 1, 0.25, 1});
    record_add_reach(r, (RecordReach){T("users"), T("db"), T("tcp/5432"), true, false, true, T("REACH"), T("DENY"),
                                      T("REACH"), T("rule 1")});
    record_add_hold(
        r, (RecordHold){
               .component = 1, .hold = T("exposed"), .crown_jewel = true, .actions = T("get"), .closes = T("rule 1")});
    record_add_hold_step(r, (RecordHoldStep){0, T("users is compromised")});
    record_add_hold_step(r, (RecordHoldStep){0, T("users connects")});
    record_add_event(r, (RecordEvent){100, T("fault"), T("db: outage"), 1});
    record_add_series(r, (RecordSeries){T("good"), NULL, T("sessions"), 500, values, 3});
    record_add_measure(r, (RecordMeasure){T("failover_time"), NULL, T("ns"), T("fault"), T("run"), 10, 1, 1.5, NAN, 2e9,
                                          0, 1, 2, 3, INFINITY});
    record_add_phase(r, (RecordPhase){0, T("detect"), 90, true});
    record_add_ledger(r, (RecordLedger){T("users"), 10, 6, 1, 2});
    record_add_broken(r, (RecordBroken){0, T("stale dns"), 3});
    record_add_cost(r, (RecordCost){T("db"), T("h"), T("the book"), 1.5, 2000000, 3000000});
    record_add_expectation(r, (RecordExpectation){T("e1"), T("good"), T("why"), T("holds"), T("1"), T("< 2"), NULL,
                                                  T("ttl: 1 h"), T("still holds"), T("a note")});
    record_add_expectation(r, (RecordExpectation){.id = T("e2"), .text = T("t"), .verdict = T("missed")});
    record_add_change(r, (RecordChange){T("set"), T("ttl=60 s")});
    record_add_input(r, (RecordInput){T("a.yaml"), T("line 1\nline 2")});
    return r;
}

/* The record owns what it was given: the golden text is made after everything lent is gone. */
static Record *new_record(void) {
    Lender lender = {.texts = g_ptr_array_new_with_free_func(g_free)};
    Record *record = small_record(&lender);
    take_back(&lender);
    return record;
}

static void test_golden(void) {
    char *path = g_build_filename(g_getenv("FAULTLINE_TESTS") ? g_getenv("FAULTLINE_TESTS") : "tests",
                                  "unit/record/golden.json", NULL);
    char *golden = NULL;
    g_assert_true(g_file_get_contents(path, &golden, NULL, NULL));
    Record *record = new_record();
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
    Record *a = new_record(), *b = new_record();
    char *first = record_to_json(a, NULL), *again = record_to_json(a, NULL), *other = record_to_json(b, NULL);
    g_assert_cmpstr(first, ==, again);
    g_assert_cmpstr(first, ==, other);
    g_free(first);
    g_free(again);
    g_free(other);
    record_free(a);
    record_free(b);
}

static void test_ids_count_up(void) {
    Record *record = record_new();
    for (uint32_t i = 0; i < 3; i++)
        g_assert_cmpuint(record_add_place(record, (RecordPlace){"p", RECORD_PROVIDER, RECORD_NONE, NULL, NULL, NULL}),
                         ==, i);
    record_free(record);
    record_free(NULL);
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
        Record *record = new_record();
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
    g_test_add_func("/record/ids_count_up", test_ids_count_up);
    for (size_t i = 0; i < G_N_ELEMENTS(bugs); i++) {
        char *path = g_strconcat("/record/bug/", bugs[i].name, NULL);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_bug);
        g_free(path);
    }
    return g_test_run();
}
