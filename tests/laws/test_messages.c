/* test_messages.c - what must hold of messages in every run, whatever breaks: the ledgers balance (the world and the
 * measures check that themselves, and stop), nothing that a queue keeps is ever gone, and luck is a job's own. */
#include <glib.h>

#include "tests/theory/play.h"

static const char text[] =
    "pattern: p\nabout: messages\nprovider: aws\nusers:\n  visitors: {from: europe}\nstacks:\n  s:\n"
    "    copies: [eu-west-1]\n    zones: 2\n    subnets:\n      app: {routes: [{to: internet, via: "
    "internet_gateway}]}\n"
    "    components:\n"
    "      door: {kind: instances, subnet: app, public: yes, listens: 443}\n"
    "      jobs: {kind: queue, visibility: 20 s, twice: 1 %}\n"
    "      app: {kind: instances, subnet: app, public: yes, crash: 10 %, service: exponential(500 ms)}\n"
    "      results: {kind: bucket, twice: 1 %}\n"
    "      tell: {kind: function, crash: 5 %}\n"
    "      one: {kind: job_instances, subnet: app, service: exponential(20 s), crash: 5 %}\n"
    "    security_groups:\n      door: {inbound: [{from: internet, port: 443}]}\n      app: {inbound: []}\n"
    "flows:\n"
    "  - order: visitors -> s.door -> s.jobs <- s.app -> s.results => s.tell\n"
    "  - more: s.results => s.one\n"
    "load:\n  visitors: {rate: 0.2/s}\nrun: {until: 30 min}\n";

typedef struct {
    uint64_t begun[2], over[2], lost_of_queue;
    int64_t under_way;
    uint32_t queue;
} Seen;

static void see(void *user, const Fact *fact) {
    Seen *seen = user;
    if (fact->kind == FACT_JOB_BEGAN)
        seen->begun[fact->subject]++;
    if (fact->kind == FACT_JOB_FINISHED || fact->kind == FACT_JOB_ABANDONED)
        seen->over[fact->subject]++;
    seen->under_way += (fact->kind == FACT_TAKEN) - (fact->kind == FACT_WORKED);
    seen->lost_of_queue += fact->kind == FACT_GIVEN_UP && fact->component == seen->queue;
}

static const char *const trouble[] = {
    "{at: 5 min, fail: zone eu-west-1a, for: 3 min}", "{at: 12 min, fail: s.jobs, for: 1 min}",
    "{at: 15 min, fail: zone eu-west-1b, for: 2 min, as: refuse}", "{at: 20 min, fail: s.app, for: 4 min}", NULL};

static void test_chaos(void) {
    Play *play = play_new_text(text, NULL, trouble);
    for (uint64_t r = 0; r < 5; r++) {
        Seen seen = {.queue = play_component(play, "s[eu-west-1].jobs")};
        play_run(play, (Luck){1, r}, ALL_FACTS, see, &seen);
        for (int f = 0; f < 2; f++) {
            g_assert_cmpuint(seen.begun[f], >, 50);
            g_assert_cmpuint(seen.over[f], <=, seen.begun[f]);
        }
        g_assert_cmpuint(seen.lost_of_queue, ==, 0);
        g_assert_cmpint(seen.under_way, >=, 0);
    }
    play_free(play);
}

/* The same run again is the same, and so is one that somebody else has had before it. */
static void test_again(void) {
    Play *play = play_new_text(text, NULL, trouble);
    GArray *first = play_record(play, (Luck){1, 0}, ALL_FACTS);
    g_array_unref(play_record(play, (Luck){1, 1}, ALL_FACTS));
    GArray *again = play_record(play, (Luck){1, 0}, ALL_FACTS);
    GPtrArray *a = fact_lines(play->model, first, NULL), *b = fact_lines(play->model, again, NULL);
    assert_same_lines(a, b);
    g_ptr_array_unref(a);
    g_ptr_array_unref(b);
    g_array_unref(first);
    g_array_unref(again);
    play_free(play);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/messages/chaos", test_chaos);
    g_test_add_func("/messages/again", test_again);
    return g_test_run();
}
