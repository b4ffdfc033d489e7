/* test_bills.c - what is billed beside hours: receivers that ask a queue in vain, bytes that pass gateways, machines
 * that an account may not have; and a gateway that gives up on a slow server. */
#include <glib.h>

#include "tests/theory/play.h"

#define HEAD                                                                                             \
    "pattern: p\nabout: bills\nprovider: aws\nnetwork: {fixed: 0 s, zone_to_zone: 0 s, same_zone: 0 s, " \
    "request_bytes: 1 kB, answer_bytes: 9 kB, last_mile: 0 s}\nplaces: {near: {latitude: 53.35, longitude: -6.26}}\n"

static uint64_t met(const Play *play, const char *name) {
    return world_meetings(play->world, play_component(play, name)).met;
}

static void nobody(void *user, const Fact *fact) {
    (void)user;
    (void)fact;
}

/* ---- asking in vain ---- */

#define QUEUED                                                                                                      \
    HEAD "stacks:\n  s:\n    copies: [eu-west-1]\n    zones: 2\n    subnets:\n      app: {routes: [{to: internet, " \
         "via: "                                                                                                    \
         "internet_gateway}]}\n    components:\n      source: {kind: function, service: 0 s, cold_start: 0 s}\n"    \
         "      jobs: {kind: queue, accept: 0 s, poll: 20 s}\n"                                                     \
         "      app: {kind: instances, subnet: app, public: yes, listens: 8080, service: 10 s, scaling: {enabled: " \
         "no}, count: {min: 2, start: 2, max: 2}}\nflows:\n  - work: s.source -> s.jobs <- s.app\n"

/* Two machines ask for 70 s: three times each in vain. One that gets something to do after 50 s has asked twice by
 * then, and a message is three requests; when it has ended, 10 s later, it begins anew. One that is down asks nobody.
 */
static void test_polls(void) {
    static const struct {
        const char *load, *event;
        uint64_t requests;
    } cases[] = {
        {"", NULL, 6},
        {"load:\n  s.source: {kind: jobs, count: 1, at: 50 s}", NULL, 3 + 2 + 3},
        {"", "{at: 30 s, fail: \"s[eu-west-1].app/0\"}", 3 + 1},
        {"", "{at: 5 s, fail: \"s[eu-west-1].app\"}", 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *text = g_strdup_printf(QUEUED "%s\nrun: {until: 70 s}\n", cases[i].load);
        const char *const events[] = {cases[i].event, NULL};
        Play *play = play_new_text(text, NULL, cases[i].event ? events : NULL);
        for (uint64_t r = 0; r < 2; r++) {
            play_run(play, (Luck){1, r}, 0, nobody, NULL);
            g_assert_cmpuint(met(play, "s[eu-west-1].jobs"), ==, cases[i].requests);
        }
        play_free(play);
        g_free(text);
    }
}

/* ---- bytes that pass ---- */

#define PASSING                                                                                                   \
    HEAD "users:\n  clients: {from: near, lasting: 1 s, think: 10 s, write_share: 0 %, timeout: 20 s}\nedge:\n  " \
         "partner: {kind: outside_service, at: near}\nstacks:\n  s:\n    copies: [eu-west-1]\n    zones: 1\n    " \
         "subnets:\n"                                                                                             \
         "      public: {routes: [{to: internet, via: internet_gateway}]}\n"                                      \
         "      app: {routes: [{to: internet, via: nat}]}\n    components:\n"                                     \
         "      nat: {kind: nat_gateway, subnet: public}\n      sqs: {kind: interface_endpoint, service: queue, " \
         "subnet: app}\n"                                                                                         \
         "      lb: {kind: load_balancer, subnet: public, public: true, listens: 443, targets: web}\n"            \
         "      web: {kind: instances, subnet: app, listens: 8080}\n      jobs: {kind: queue}\n"                  \
         "    security_groups:\n      lb: {inbound: [{from: internet, port: 443}]}\n"                             \
         "      web: {inbound: [{from: lb, port: 8080}]}\n      sqs: {inbound: [{from: web, port: 443}]}\n"       \
         "flows:\n  - out: clients -> s.lb -> s.web -> PEER\nload:\n  clients: {kind: steady, rate: 1/s}\n"       \
         "run: {until: 100 s}\n"

static Play *passing(const char *peer) {
    char **parts = g_strsplit(PASSING, "PEER", 2), *text = g_strjoinv(peer, parts);
    Play *play = play_new_text(text, NULL, NULL);
    play_run(play, (Luck){1, 0}, 0, nobody, NULL);
    g_strfreev(parts);
    g_free(text);
    return play;
}

/* 1 kB there and 9 kB back for each request; what does not pass is not billed. */
static void test_passing(void) {
    Play *out = passing("partner"), *in = passing("s.jobs");
    uint64_t requests = met(out, "partner");
    g_assert_cmpuint(requests, >=, 90);
    g_assert_cmpuint(world_inspected(out->world, play_component(out, "s[eu-west-1].nat")), ==, requests * 10000);
    g_assert_cmpuint(world_inspected(out->world, play_component(out, "s[eu-west-1].sqs")), ==, 0);
    g_assert_cmpuint(world_inspected(in->world, play_component(in, "s[eu-west-1].nat")), ==, 0);
    g_assert_cmpuint(world_inspected(in->world, play_component(in, "s[eu-west-1].sqs")), ==,
                     met(in, "s[eu-west-1].jobs") * 10000);
    play_free(out);
    play_free(in);
}

/* ---- a quota ---- */

#define QUOTA                                                                                                       \
    HEAD "accounts: {main: {limits: {instances: 5}}, other: {about: no limit}}\nstacks:\n"                          \
         "  s:\n    copies: [eu-west-1]\n    zones: 2\n    subnets: {app: }\n    components:\n"                     \
         "      source: {kind: function, service: 0 s, cold_start: 0 s}\n"                                          \
         "      keeps: {kind: instances, subnet: app, count: {min: 2, start: 2, max: 9}, scaling: {enabled: no}}\n" \
         "      job: {kind: job_instances, subnet: app, most: 20, boot: 10 s, service: 60 s}\n"                     \
         "  t:\n    account: other\n    copies: [eu-west-1]\n    zones: 2\n    subnets: {app: }\n    components:\n" \
         "      source: {kind: function, service: 0 s, cold_start: 0 s}\n"                                          \
         "      job: {kind: job_instances, subnet: app, most: 20, boot: 10 s, service: 60 s}\n"                     \
         "flows:\n  - a: s.source => s.job\n  - b: t.source => t.job\n"                                             \
         "load:\n  s.source: {kind: jobs, count: 9, at: 1 min}\n  t.source: {kind: jobs, count: 9, at: 1 min}\n"    \
         "run: {until: 20 min}\n"

typedef struct {
    ComponentId of;
    int64_t run, most;
    SimTime last;
} Machines;

static void see_machines(void *user, const Fact *fact) {
    Machines *seen = user;
    if (fact->component != seen->of)
        return;
    bool before = fact->other == UNIT_BOOTING || fact->other == UNIT_SERVING;
    seen->run += (fact->amount == UNIT_BOOTING || fact->amount == UNIT_SERVING) - before;
    seen->most = MAX(seen->most, seen->run);
    seen->last = fact->at;
}

/* Two of five run already, so that three are launched at a time; the other account's nine all at once. */
static void test_quota(void) {
    static const struct {
        const char *name;
        int64_t most, rounds;
    } cases[] = {{"s[eu-west-1].job", 3, 3}, {"t[eu-west-1].job", 9, 1}};
    Play *play = play_new_text(QUOTA, NULL, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Machines seen = {.of = play_component(play, cases[i].name)};
        play_run(play, (Luck){1, 0}, FACT_BIT(FACT_UNIT), see_machines, &seen);
        g_assert_cmpint(seen.most, ==, cases[i].most);
        g_assert_cmpint(seen.run, ==, 0);
        g_assert_cmpint(seen.last.ns, ==, SIMTIME_S(60 + 70 * cases[i].rounds).ns);
    }
    play_free(play);
}

/* ---- a gateway's patience ---- */

#define SLOW                                                                                                           \
    HEAD                                                                                                               \
        "users:\n  clients: {from: near, lasting: 1 s, think: 10 s, retries: 0, comes_back: 0 %, timeout: TIMEOUT, "   \
        "patience: 300 s}\nstacks:\n  s:\n    copies: [eu-west-1]\n    zones: 1\n    subnets:\n"                       \
        "      public: {routes: [{to: internet, via: internet_gateway}]}\n      app: \n    components:\n"              \
        "      api: {kind: api_gateway, subnet: public, public: true, listens: 443, verify: 0 s, delay: 0 s}\n"        \
        "      web: {kind: instances, subnet: app, listens: 8080, workers: 100, service: SERVICE, scaling: {enabled: " \
        "no}, count: {min: 1, start: 1, max: 1}}\n"                                                                    \
        "    security_groups:\n      api: {inbound: [{from: internet, port: 443}]}\n"                                  \
        "      web: {inbound: [{from: api, port: 8080}]}\n"                                                            \
        "flows:\n  - call: clients -> s.api -> s.web\nload:\n  clients: {kind: steady, rate: 1/min}\n"                 \
        "run: {until: 10 min}\n"

typedef struct {
    uint32_t good, failed;
    Cause cause;
    UnitId unit;
    SimTime span;
} Heard;

static void see_answers(void *user, const Fact *fact) {
    Heard *heard = user;
    heard->good += fact->kind == FACT_SERVED;
    if (fact->kind != FACT_FAILED)
        return;
    heard->failed++;
    heard->cause = fact->cause;
    heard->unit = fact->unit;
    heard->span = fact->span;
}

static char *filled(const char *text, const char *word, const char *value) {
    char **parts = g_strsplit(text, word, -1), *whole = g_strjoinv(value, parts);
    g_strfreev(parts);
    return whole;
}

/* A server that takes 28 s is waited for; one of 40 s, or one that is dead, is given up after 29 s; whoever waits no
 * longer than 10 s knows before. */
static void test_patience(void) {
    static const struct {
        const char *service, *timeout, *event;
        bool good;
        Cause cause;
        const char *blamed;
        int64_t seconds;
    } cases[] = {
        {"28 s", "60 s", NULL, true, CAUSE_NONE, NULL, 0},
        {"40 s", "60 s", NULL, false, CAUSE_GATEWAY, "s[eu-west-1].api/0", 29},
        {"1 s", "60 s", "{at: 1 s, fail: \"s[eu-west-1].web\"}", false, CAUSE_GATEWAY, "s[eu-west-1].api/0", 29},
        {"40 s", "10 s", NULL, false, CAUSE_SLOW, NULL, 10},
        {"1 s", "60 s", "{at: 1 s, fail: \"s[eu-west-1].api\"}", false, CAUSE_SILENT, "s[eu-west-1].api/0", 60},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *slow = filled(SLOW, "SERVICE", cases[i].service), *text = filled(slow, "TIMEOUT", cases[i].timeout);
        const char *const events[] = {cases[i].event, NULL};
        Play *play = play_new_text(text, NULL, cases[i].event ? events : NULL);
        Heard heard = {0};
        play_run(play, (Luck){1, 0}, FACT_BIT(FACT_SERVED) | FACT_BIT(FACT_FAILED), see_answers, &heard);
        g_assert_cmpuint(heard.good > 0, ==, cases[i].good);
        g_assert_cmpuint(heard.failed > 0, ==, !cases[i].good);
        g_assert_cmpint(heard.cause, ==, cases[i].cause);
        if (cases[i].blamed)
            g_assert_cmpuint(heard.unit, ==, play_unit(play, cases[i].blamed));
        g_assert_cmpint(ABS(heard.span.ns - SIMTIME_S(cases[i].seconds).ns), <, SIMTIME_MS(20).ns);
        play_free(play);
        g_free(text);
        g_free(slow);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bills/asking-in-vain", test_polls);
    g_test_add_func("/bills/passing", test_passing);
    g_test_add_func("/bills/quota", test_quota);
    g_test_add_func("/bills/patience", test_patience);
    return g_test_run();
}
