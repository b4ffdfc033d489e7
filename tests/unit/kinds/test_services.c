/* test_services.c - what a provider's services answer, and when: buckets, archives, queues, topics, functions; and what
 * policies can speak of. */
#include <string.h>

#include "tests/unit/kinds/fake.h"

extern const Kind kind_archive, kind_bucket, kind_function, kind_queue, kind_topic;

static Outcome ask(const Kind *kind, const char *keys, bool write, uint32_t number) {
    Fake *fake = fake_new(3);
    ComponentId id = fake_component(fake, "it", kind, keys, fake_place(fake, "region"));
    UnitId unit = fake_unit(fake, id, NO_PLACE);
    fake_start(fake);
    Request request = fake_request_of(fake, number);
    request.write = write;
    Outcome outcome = fake_request(fake, unit, request);
    fake_free(fake);
    return outcome;
}

static void check(const Kind *kind, const char *keys, bool write, OutcomeKind wanted, SimTime takes) {
    Outcome outcome = ask(kind, keys, write, 7);
    g_assert_cmpint(outcome.kind, ==, wanted);
    assert_ns(outcome.ready, takes);
}

/* Reads and writes have laws of their own, and the way ends there. */
static void test_stores(void) {
    static const char keys[] = "{read: 3 ms, write: 5 ms}";
    check(&kind_bucket, keys, false, OUTCOME_ANSWER, SIMTIME_MS(3));
    check(&kind_bucket, keys, true, OUTCOME_ANSWER, SIMTIME_MS(5));
    check(&kind_archive, keys, false, OUTCOME_ANSWER, SIMTIME_MS(3));
    check(&kind_archive, keys, true, OUTCOME_ANSWER, SIMTIME_MS(5));
}

/* A message is answered when it is kept: nothing of the receiver's is waited for. */
static void test_messages(void) {
    check(&kind_queue, "{accept: 4 ms}", true, OUTCOME_ANSWER, SIMTIME_MS(4));
    check(&kind_topic, "{accept: 6 ms}", false, OUTCOME_ANSWER, SIMTIME_MS(6));
}

/* A function passes a request on; a cold one makes it wait first. */
static void test_function(void) {
    check(&kind_function, "{service: 2 ms, cold: 0 %, cold_start: 9 s}", false, OUTCOME_PASS, SIMTIME_MS(2));
    check(&kind_function, "{service: 2 ms, cold: 100 %, cold_start: 1 s}", false, OUTCOME_PASS, SIMTIME_MS(1002));
}

static void test_cold_share(void) {
    int cold = 0;
    for (uint32_t i = 0; i < 2000; i++)
        cold += ask(&kind_function, "{service: 0 s, cold: 30 %, cold_start: 1 s}", false, i).ready.ns > 0;
    g_assert_cmpint(ABS(cold - 600), <, 85); /* sd 20 */
}

/* Exactly one action decides what a service does, and something can be read or written in each. */
static void test_actions(void) {
    static const Kind *const kinds[] = {&kind_archive, &kind_bucket, &kind_function, &kind_queue, &kind_topic};
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        int rules = 0, moves = 0;
        g_assert_true(kinds[i]->managed);
        for (const KindAction *action = kinds[i]->actions; action->name != NULL; action++) {
            rules += (action->means & ACTION_RULES) != 0;
            moves += (action->means & (ACTION_READS | ACTION_WRITES)) != 0;
        }
        g_assert_cmpint(rules, ==, kinds[i] == &kind_function);
        g_assert_cmpint(moves, >=, 1);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/services/stores", test_stores);
    g_test_add_func("/services/messages", test_messages);
    g_test_add_func("/services/function", test_function);
    g_test_add_func("/services/cold-share", test_cold_share);
    g_test_add_func("/services/actions", test_actions);
    return g_test_run();
}
