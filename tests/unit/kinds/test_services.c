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

/* A function passes a request on; a call that finds no environment idle makes it wait first, and leaves one behind. */
static void test_function(void) {
    Fake *fake = fake_new(3);
    ComponentId id = fake_component(fake, "it", &kind_function, "{service: 2 ms, cold_start: 1 s, keeps: 10 min}",
                                    fake_place(fake, "region"));
    UnitId unit = fake_unit(fake, id, NO_PLACE);
    fake_start(fake);
    static const struct {
        int64_t at_ms, ready_ms;
    } calls[] = {{0, 1002},           /* cold */
                 {1, 1003},           /* the other is busy */
                 {5000, 5002},        /* warm */
                 {5001, 5003},        /* so is the second */
                 {605002, 605004},    /* 10 min after the first of them had ended: still there */
                 {1300000, 1301002}}; /* both are gone */
    for (size_t i = 0; i < G_N_ELEMENTS(calls); i++) {
        fake_advance(fake, SIMTIME_MS(calls[i].at_ms));
        Outcome outcome = fake_request(fake, unit, fake_request_of(fake, 1));
        g_assert_cmpint(outcome.kind, ==, OUTCOME_PASS);
        assert_ns(outcome.ready, SIMTIME_MS(calls[i].ready_ms));
    }
    fake_free(fake);
}

/* So many at a time; who is turned away starts the ramp, and it starts anew when few run. */
static void test_concurrency(void) {
    Fake *fake = fake_new(3);
    ComponentId id = fake_component(fake, "it", &kind_function,
                                    "{service: 1 h, cold_start: 0 s, concurrency: {limit: 5, burst: 2, ramp: 2}}",
                                    fake_place(fake, "region"));
    UnitId unit = fake_unit(fake, id, NO_PLACE);
    fake_start(fake);
    const MessageRules *rules = kind_function.messages;
    for (int i = 0; i < 2; i++)
        g_assert_cmpint(fake_request(fake, unit, fake_request_of(fake, 1)).kind, ==, OUTCOME_PASS);
    g_assert_cmpint(fake_request(fake, unit, fake_request_of(fake, 1)).kind, ==, OUTCOME_FAIL);
    assert_ns(rules->room(fake_ctx(fake, id), unit, 2, 2), SIMTIME_S(60));
    fake_advance(fake, SIMTIME_S(60));
    for (int i = 0; i < 2; i++)
        g_assert_cmpint(fake_request(fake, unit, fake_request_of(fake, 1)).kind, ==, OUTCOME_PASS);
    g_assert_cmpint(fake_request(fake, unit, fake_request_of(fake, 1)).cause, ==, CAUSE_FULL);
    assert_ns(rules->room(fake_ctx(fake, id), unit, 4, 4), SIMTIME_S(120));
    fake_advance(fake, SIMTIME_S(180));
    g_assert_cmpint(fake_request(fake, unit, fake_request_of(fake, 1)).kind, ==, OUTCOME_PASS);
    g_assert_true(simtime_is_never(rules->room(fake_ctx(fake, id), unit, 5, 5)));
    fake_free(fake);
}

/* What failed is tried twice more, after one minute and after two. */
static void test_retries(void) {
    Fake *fake = fake_new(3);
    void *spec = fake_spec(fake, kind_function.fields, kind_function.spec_size, NULL);
    Draw luck = {{0, 0}, 0, 0};
    assert_ns(kind_function.messages->retry(spec, 1, &luck), SIMTIME_S(60));
    assert_ns(kind_function.messages->retry(spec, 2, &luck), SIMTIME_S(120));
    g_assert_true(simtime_is_never(kind_function.messages->retry(spec, 3, &luck)));
    g_free(spec);
    fake_free(fake);
}

/* Dead letters of a queue that never gives up, and a ramp of nothing, are mistakes. */
static void test_mistakes(void) {
    char *said = fake_check(&kind_queue, "{dead_letters: other}");
    g_assert_nonnull(strstr(said, "never gives a message up"));
    g_free(said);
    said = fake_check(&kind_function, "{concurrency: {limit: 10, burst: 5, ramp: 0}}");
    g_assert_nonnull(strstr(said, "never grows"));
    g_free(said);
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
    g_test_add_func("/services/concurrency", test_concurrency);
    g_test_add_func("/services/retries", test_retries);
    g_test_add_func("/services/mistakes", test_mistakes);
    g_test_add_func("/services/actions", test_actions);
    return g_test_run();
}
