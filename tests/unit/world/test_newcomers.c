/* test_newcomers.c - what is told about newcomers is what happens to those who come, and what the steps on the way know
 * counts. */
#include <glib.h>
#include <inttypes.h>

#include "tests/theory/play.h"

/* ---- those who come ---- */

typedef struct {
    bool served; /* as last told */
    uint32_t came, turned_away;
} Check;

/* Nothing takes any time here, so each client meets the system as it is at the instant at which he comes. */
static void see_client(void *user, const Fact *fact) {
    Check *check = user;
    if (fact->kind == FACT_SERVICE) {
        check->served = fact->amount != 0;
        return;
    }
    bool got_in = fact->kind == FACT_ESTABLISHED;
    check->came++;
    check->turned_away += !got_in;
    g_assert_true(got_in == check->served);
}

static void test_clients(void) {
    const char *const sets[] = {
        "zones=2", "rate=20/s", "run.until=1 h",
        "failures={instance: {every: exponential(2 min), lasts: exponential(2 min), as: refuse}, "
        "zone: {every: exponential(10 min), lasts: exponential(1 min), as: refuse, common_cause: "
        "10 %}}",
        NULL};
    Play *play = play_new("tests/theory/availability.yaml", sets, NULL);
    for (uint64_t r = 0; r < 5; r++) {
        Check check = {0};
        play_run(play, (Luck){1, r}, FACT_BIT(FACT_SERVICE) | FACT_BIT(FACT_ESTABLISHED) | FACT_BIT(FACT_BROKEN),
                 see_client, &check);
        g_test_message("%u came, %u were turned away", check.came, check.turned_away);
        g_assert_cmpuint(check.came, >, 71000);
        g_assert_cmpuint(check.turned_away, >, 5000);
        g_assert_cmpuint(check.turned_away, <, 60000);
    }
    play_free(play);
}

/* ---- what the steps know ---- */

static const char text[] =
    "pattern: play\nprovider: aws\nplaces: {near: {latitude: 38.95, longitude: -77.45}}\n"
    "parameters: {policy: {default: failover}, copies: {default: [us-east-1, us-west-2]}}\n"
    "users: {clients: {from: near}}\n"
    "edge: {dns: {kind: dns, policy: \"${policy}\", targets: site.lb, health_check: {every: 1 ms, timeout: 60 s, "
    "fail_after: 1, checkers: 1}}, waf: {kind: waf}}\n"
    "stacks:\n"
    "  site:\n"
    "    copies: \"${copies}\"\n"
    "    zones: 2\n"
    "    subnets: {public: {routes: [{to: internet, via: internet_gateway}]}}\n"
    "    components:\n"
    "      lb: {kind: load_balancer, subnet: public, public: true, listens: 443, targets: web, health_check: {every: 1 "
    "ms, timeout: 10 s, fail_after: 1, pass_after: 1}}\n"
    "      web: {kind: instances, subnet: public, listens: 8080, count: {min: 2, start: 2, max: 2}, replace: \"no\"}\n"
    "      db: {kind: database, subnet: public, listens: 5432, detect: 20 s, promotion: 100 s}\n"
    "    security_groups:\n"
    "      lb: {inbound: [{from: internet, port: 443}]}\n"
    "      web: {inbound: [{from: lb, port: 8080}]}\n"
    "      db: {inbound: [{from: web, port: 5432}]}\n"
    "flows: [{visit: clients -> dns -> waf -> site.lb -> site.web -> site.db}]\n"
    "run: {until: 1 h}\n";

/* "600 down; 660 up": whole seconds, rounded to nearest. */
static void tell(void *user, const Fact *fact) {
    GString *out = user;
    if (fact->at.ns > 0)
        g_string_append_printf(out, "%s%" PRId64 " %s", out->len > 0 ? "; " : "",
                               (fact->at.ns + 500000000) / 1000000000, fact->amount ? "up" : "down");
}

static void check_told(const char *event, const char *set, const char *expected) {
    const char *const events[] = {event, NULL}, *const sets[] = {set, NULL};
    Play *play = play_new_text(text, sets, events);
    GString *out = g_string_new(NULL);
    play_run(play, (Luck){1, 0}, FACT_BIT(FACT_SERVICE), tell, out);
    g_assert_cmpstr(out->str, ==, expected);
    g_string_free(out, TRUE);
    play_free(play);
}

/* The name means the dead region until its checker has waited for an answer; or it could mean another all the time. */
static void test_name(void) {
    check_told("{at: 600 s, fail: region us-east-1, for: 300 s}", NULL, "600 down; 660 up");
    check_told("{at: 600 s, fail: region us-east-1, for: 30 s}", NULL, "600 down; 630 up");
    check_told("{at: 600 s, fail: region us-east-1, for: 300 s}", "policy=weighted", "");
    check_told("{at: 600 s, fail: region us-east-1, for: 300 s}", "copies=[us-east-1]", "600 down; 900 up");
    check_told("{at: 600 s, fail: dns, for: 300 s}", NULL, "600 down; 900 up");
}

/* The standby takes over; not when the active one is back before. A machine more or less is nothing. */
static void test_database(void) {
    check_told("{at: 600 s, fail: \"site[us-east-1].db/0\", for: 300 s}", NULL, "600 down; 720 up");
    check_told("{at: 600 s, fail: \"site[us-east-1].db/0\", for: 60 s}", NULL, "600 down; 660 up");
    check_told("{at: 600 s, fail: \"site[us-east-1].db/1\", for: 300 s}", NULL, "");
    check_told("{at: 600 s, fail: \"site[us-east-1].web/0\", for: 300 s}", NULL, "");
}

/* Rules and links count. */
static void test_controls(void) {
    check_told(
        "{at: 600 s, change: {security_group: \"site[us-east-1].web\", remove: {inbound: {from: lb, port: 8080}}}, "
        "for: 300 s}",
        "copies=[us-east-1]", "600 down; 900 up");
    check_told("{at: 600 s, fail: link us-east-1 -> near, for: 300 s}", "copies=[us-east-1]", "600 down; 900 up");
    check_told("{at: 600 s, partition: link us-east-1 -> near, for: 300 s}", "copies=[us-east-1]", "600 down; 900 up");
    check_told("{at: 600 s, partition: link near -> us-east-1, for: 300 s}", "copies=[us-east-1]", "600 down; 900 up");
    check_told("{at: 600 s, drop: link us-east-1 -> near, for: 300 s, share: 100 %}", "copies=[us-east-1]",
               "600 down; 900 up");
    check_told("{at: 600 s, drop: link near -> us-east-1, for: 300 s, share: 50 %}", "copies=[us-east-1]", "");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/newcomers/clients", test_clients);
    g_test_add_func("/newcomers/name", test_name);
    g_test_add_func("/newcomers/database", test_database);
    g_test_add_func("/newcomers/controls", test_controls);
    return g_test_run();
}
