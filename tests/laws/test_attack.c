/* test_attack.c - what a compromise sets going in a run: what is told to be exposed, what falls at once, what a threat
 * that spreads takes in its own time, and what stops it. */
#include <string.h>

#include "tests/theory/play.h"

static const char chain[] = "pattern: chain\n"
                            "provider: aws\n"
                            "roles: {builder: {policy: [{allow: put, on: site.images}]}}\n"
                            "stacks:\n"
                            "  site:\n"
                            "    copies: [us-east-1]\n"
                            "    subnets: {app: {routes: [{to: internet, via: internet_gateway}]}}\n"
                            "    components:\n"
                            "      a: {kind: instances, subnet: app, listens: 22}\n"
                            "      b: {kind: instances, subnet: app, listens: 22}\n"
                            "      c: {kind: instances, subnet: app, listens: 22}\n"
                            "      d: {kind: database, subnet: app, listens: 5432}\n"
                            "      forge: {kind: instances, subnet: app, public: yes, role: builder}\n"
                            "      images: {kind: bucket}\n"
                            "      fresh: {kind: instances, subnet: app, image_from: images}\n"
                            "    security_groups:\n"
                            "      b: {inbound: [{from: a, port: 22}]}\n"
                            "      c: {inbound: [{from: b, port: 22}]}\n"
                            "      d: {inbound: [{from: c, port: 5432}]}\n"
                            "run: {until: 60 min}\n";

/* "60 owned site[us-east-1].a" for each fact of security, in order; g_free. */
static char *told(const char *event, const char *const *sets) {
    const char *events[] = {event, NULL};
    Play *play = play_new_text(chain, sets, events);
    GArray *facts = play_record(play, (Luck){1, 0}, FACT_BIT(FACT_OWNED) | FACT_BIT(FACT_EXPOSED));
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < facts->len; i++) {
        const Fact *fact = &g_array_index(facts, Fact, i);
        g_string_append_printf(text, "%s%" G_GINT64_FORMAT " %s %s", i > 0 ? "; " : "", fact->at.ns / 1000000000,
                               fact->kind == FACT_OWNED ? "owned" : "exposed",
                               play->model->components[fact->component].label);
    }
    g_array_unref(facts);
    play_free(play);
    return g_string_free(text, FALSE);
}

static void check(const char *event, const char *const *sets, const char *wanted) {
    char *text = told(event, sets);
    g_assert_cmpstr(text, ==, wanted);
    g_free(text);
}

static void test_exposed_once(void) {
    check("{at: 1 min, compromise: site.a}", NULL, "60 owned a; 60 exposed b");
    check("{at: 1 min, compromise: site.c}", NULL, "60 owned c; 60 exposed d");
    check("{at: 1 min, compromise: site.a, chance: 0 %}", NULL, "");
}

/* Each further machine takes the time of the threat; what the provider runs is exposed and never falls. */
static void test_spreads(void) {
    check("{at: 1 min, compromise: site.a, spreads: yes}", NULL,
          "60 owned a; 60 exposed b; 60 owned b; 60 exposed c; 60 owned c; 60 exposed d");
    check("{at: 1 min, compromise: site.a, spreads: yes, takes: 5 min}", NULL,
          "360 owned a; 360 exposed b; 660 owned b; 660 exposed c; 960 owned c; 960 exposed d");
}

/* A way that is closed when the time has come is no way. */
static void test_closed_in_time(void) {
    static const char *const sets[] = {
        "sensors={agent: {kind: host_agent, watches: site.b, detects: 100 %, after: 1 min}}",
        "responses={cut: {kind: isolate, sensor: agent, after: 0 s, lasts: 1 d}}", NULL};
    check("{at: 1 min, compromise: site.a, spreads: yes, takes: 5 min}", sets,
          "360 owned a; 360 exposed b; 660 owned b; 660 exposed c");
}

/* Who writes the image owns what is launched from it, without any connection. */
static void test_image(void) {
    check("{at: 2 min, compromise: site.forge}", NULL,
          "120 owned forge; 120 exposed fresh; 120 owned fresh; 120 exposed images");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/attack/exposed-once", test_exposed_once);
    g_test_add_func("/attack/spreads", test_spreads);
    g_test_add_func("/attack/closed-in-time", test_closed_in_time);
    g_test_add_func("/attack/image", test_image);
    return g_test_run();
}
