/* test_failures.c - failures by themselves, second by second: laws that are constants, so that all can be told before.
 */
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "tests/theory/play.h"

/* Two machines in two zones of one region, and what is behind them; nobody comes. */
static const char text[] =
    "pattern: play\nprovider: aws\nplaces: {near: {latitude: 38.95, longitude: -77.45}}\n"
    "parameters: {enough: {default: 1}}\nusers: {clients: {from: near}}\n"
    "stacks:\n"
    "  site:\n"
    "    copies: [us-east-1]\n"
    "    zones: 2\n"
    "    subnets: {public: {routes: [{to: internet, via: internet_gateway}]}}\n"
    "    components:\n"
    "      web: {kind: instances, subnet: public, public: true, listens: 443, enough: \"${enough}\", count: {min: 2, "
    "start: 2, max: 2}, replace: \"no\"}\n"
    "    security_groups: {web: {inbound: [{from: internet, port: 443}]}}\n"
    "flows: [{visit: clients -> site.web}]\n"
    "failures: none\n"
    "run: {until: 99 h}\n";

/* ---- what happened, as text: "10 h web/0 dies; 12 h web/0 is back; 12 h served" ---- */

typedef struct {
    const Model *model;
    GString *out;
    bool units, service, laws;
} Story;

static void say(Story *story, SimTime at, const char *what) {
    g_string_append_printf(story->out, "%s%" PRId64 " %s", story->out->len > 0 ? "; " : "", at.ns / 3600000000000,
                           what);
}

static void see(void *user, const Fact *fact) {
    Story *story = user;
    if (fact->at.ns == 0)
        return;
    if (fact->kind == FACT_UNIT && story->units) {
        char *name = model_unit_name(story->model, fact->unit);
        char *what = g_strdup_printf("%s %s", strrchr(name, '.') + 1, fact->amount == UNIT_DEAD ? "dies" : "is back");
        say(story, fact->at, what);
        g_free(what);
        g_free(name);
    } else if (fact->kind == FACT_SERVICE && story->service) {
        say(story, fact->at, fact->amount ? "served" : "not served");
    } else if (fact->kind == FACT_FAILURE_BEGAN && story->laws) {
        static const char *const modes[] = {"own", "uncovered", "common"};
        say(story, fact->at, modes[fact->amount]);
    }
}

static char *told(const char *failures, const char *const *events, Story story, Luck luck) {
    char *all = g_strdup_printf("failures=%s", failures);
    const char *const sets[] = {all, NULL};
    Play *play = play_new_text(text, sets, events);
    story.model = play->model;
    story.out = g_string_new(NULL);
    play_run(play, luck, FACT_BIT(FACT_UNIT) | FACT_BIT(FACT_SERVICE) | FACT_BIT(FACT_FAILURE_BEGAN), see, &story);
    play_free(play);
    g_free(all);
    return g_string_free(story.out, FALSE);
}

static void check(const char *failures, const char *const *events, Story story, const char *expected) {
    char *found = told(failures, events, story, (Luck){1, 0});
    g_assert_cmpstr(found, ==, expected);
    g_free(found);
}

static const Story units = {.units = true}, service = {.service = true}, both = {.units = true, .service = true};

#define WEB0 "'site[us-east-1].web/0'"
#define WEB1 "'site[us-east-1].web/1'"

/* Up for `every`, down for `lasts`, again and again. */
static void test_cycle(void) {
    check("{" WEB0 ": {every: 30 h, lasts: 10 h}}", NULL, units,
          "30 web/0 dies; 40 web/0 is back; 70 web/0 dies; 80 "
          "web/0 is back");
}

/* One is enough; with both down nobody is served. */
static void test_service(void) {
    check("{" WEB0 ": {every: 30 h, lasts: 15 h}, " WEB1 ": {every: 40 h, lasts: 10 h}}", NULL, service,
          "40 not served; 45 served; 90 not served; 90 served");
    check("{site.web: {every: 30 h, lasts: 15 h}}", NULL, both,
          "30 web/0 dies; 30 web/1 dies; 30 not served; 45 web/0 is back; 45 served; 45 web/1 is back; 75 web/0 dies; "
          "75 web/1 dies; 75 not served; 90 web/0 is back; 90 served; 90 web/1 is back");
}

/* The second waits for the crew, its repair takes as long as ever, and so on. */
static void test_crews(void) {
    check("{site.web: {every: 30 h, lasts: 10 h, crews: 1}}", NULL, units,
          "30 web/0 dies; 30 web/1 dies; 40 web/0 is back; 50 web/1 is back; 70 web/0 dies; 80 web/1 dies; 80 web/0 is "
          "back; 90 web/1 is back");
    check("{site.web: {every: 30 h, lasts: 10 h, crews: 2}}", NULL, service,
          "30 not served; 40 served; 70 not served; "
          "80 served");
}

/* All as one, half as often as the whole; or one that takes the other along. */
static void test_together(void) {
    check("{site.web: {every: 30 h, lasts: 5 h, common_cause: 100 %}}", NULL, units,
          "30 web/0 dies; 30 web/1 dies; 35 web/0 is back; 35 web/1 is back; 65 web/0 dies; 65 web/1 dies; 70 web/0 is "
          "back; 70 web/1 is back");
    check("{site.web: {every: 30 h, lasts: 5 h, common_cause: 75 %}}", NULL, (Story){.laws = true},
          "40 common; 85 common");
    check("{site.web: {every: 30 h, lasts: 5 h, common_cause: 50 %}}", NULL, (Story){.laws = true},
          "60 own; 60 own; 60 common");
    check("{" WEB0 ": {every: 30 h, lasts: 5 h, coverage: 0 %}}", NULL, units,
          "30 web/0 dies; 35 web/0 is back; 65 web/0 dies; 70 web/0 is back");
    check("{site.web: {every: 30 h, lasts: 5 h, coverage: 0 %, within: zone}}", NULL, (Story){.laws = true},
          "30 uncovered; 30 uncovered; 65 uncovered; 65 uncovered");
}

/* A place takes what stands in it along; a region its control plane; and a slow zone still serves. */
static void test_places(void) {
    check("{zone us-east-1a: {every: 60 h, lasts: 10 h}}", NULL, units, "60 web/0 dies; 70 web/0 is back");
    check("{region: {every: 60 h, lasts: 10 h}}", NULL, service, "60 not served; 70 served");
    check("{region: {every: 60 h, lasts: 10 h, does: slow, to: 10 %}}", NULL, service, "");
    check("{link near -> us-east-1: {every: 60 h, lasts: 10 h, does: partition}}", NULL, service,
          "60 not served; 70 served");
}

/* Faults of a timeline and failures overlap and leave no scar. */
static void test_overlap(void) {
    const char *const events[] = {"{at: 25 h, fail: \"site[us-east-1].web/0\", for: 10 h}",
                                  "{at: 68 h, fail: \"zone us-east-1a\", for: 20 h}", NULL};
    check("{" WEB0 ": {every: 30 h, lasts: 10 h}}", events, units,
          "25 web/0 dies; 40 web/0 is back; 68 web/0 dies; 88 web/0 is back");
}

static void test_enough(void) {
    char *failures = g_strdup("failures={" WEB0 ": {every: 60 h, lasts: 10 h}}");
    const char *const sets[] = {failures, "enough=2", NULL};
    Play *play = play_new_text(text, sets, NULL);
    Story story = {.model = play->model, .out = g_string_new(NULL), .service = true};
    play_run(play, (Luck){1, 0}, FACT_BIT(FACT_SERVICE), see, &story);
    g_assert_cmpstr(story.out->str, ==, "60 not served; 70 served");
    g_string_free(story.out, TRUE);
    play_free(play);
    g_free(failures);
}

/* ---- luck ---- */

#define RANDOM "{every: exponential(10 h), lasts: lognormal(median 1 h p95 5 h), coverage: 50 %}"

/* Only lines about web/0. */
static char *lines_of_first(const char *story) {
    char **lines = g_strsplit(story, "; ", -1);
    GString *kept = g_string_new(NULL);
    for (char **line = lines; *line; line++)
        if (strstr(*line, "web/0"))
            g_string_append_printf(kept, "%s; ", *line);
    g_strfreev(lines);
    return g_string_free(kept, FALSE);
}

static void keep_instant(void *user, const Fact *fact) {
    if (fact->at.ns > 0)
        g_array_append_val((GArray *)user, fact->at.ns);
}

/* Equal laws do not mean equal times: each draw has a number of its own. */
static void test_draws(void) {
    const char *const sets[] = {"failures={" WEB0 ": {every: exponential(1 h), lasts: exponential(1 h)}}", NULL};
    Play *play = play_new_text(text, sets, NULL);
    GArray *at = g_array_new(FALSE, FALSE, sizeof(int64_t));
    play_run(play, (Luck){1, 0}, FACT_BIT(FACT_UNIT), keep_instant, at);
    g_assert_cmpuint(at->len, >, 60);
    const int64_t *ns = (const int64_t *)(gpointer)at->data;
    for (guint i = 0; i + 2 < at->len; i++)
        for (guint k = i + 1; k + 1 < at->len; k++)
            g_assert_cmpint(ns[i + 1] - ns[i], !=, ns[k + 1] - ns[k]);
    g_array_unref(at);
    play_free(play);
}

/* What else fails, and how, moves nobody's clock; nor does a second run. */
static void test_luck(void) {
    char *alone = told("{" WEB0 ": " RANDOM "}", NULL, units, (Luck){1, 0});
    char *other = told("{" WEB0 ": " RANDOM ", " WEB1 ": " RANDOM ", region: {every: 290 y, lasts: 1 h}}", NULL, units,
                       (Luck){1, 0});
    char *next = told("{" WEB0 ": " RANDOM "}", NULL, units, (Luck){1, 1});
    char *first = lines_of_first(other);
    char *expected = lines_of_first(alone);
    g_assert_cmpuint(strlen(alone), >, 100);
    g_assert_cmpstr(first, ==, expected);
    g_assert_cmpstr(alone, !=, next);
    char *owned[] = {alone, other, next, first, expected};
    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
}

static void test_again(void) {
    const char *const sets[] = {"failures={zone: " RANDOM ", instance: " RANDOM "}", NULL};
    Play *play = play_new_text(text, sets, NULL);
    GArray *one = play_record(play, (Luck){7, 3}, ALL_FACTS), *between = play_record(play, (Luck){7, 4}, ALL_FACTS);
    GArray *two = play_record(play, (Luck){7, 3}, ALL_FACTS);
    GPtrArray *a = fact_lines(play->model, one, NULL), *b = fact_lines(play->model, two, NULL);
    assert_same_lines(a, b);
    g_assert_cmpuint(a->len, >, 20);
    g_ptr_array_unref(a);
    g_ptr_array_unref(b);
    g_array_unref(one);
    g_array_unref(between);
    g_array_unref(two);
    play_free(play);
}

/* ---- what is not there ---- */

/* Room for eight machines, two of them launched: the others cannot break. Dead ones are replaced. */
static void test_absent(void) {
    const char *const sets[] = {
        "failures={instance: {every: 30 h, lasts: 50 h}}",
        "stacks.site.components.web={kind: instances, subnet: public, public: yes, listens: 443, "
        "count: {min: 2, start: 2, max: 4}, boot: 1 min}",
        NULL};
    Play *play = play_new_text(text, sets, NULL);
    GArray *facts = play_record(play, (Luck){1, 0}, FACT_BIT(FACT_FAILURE_BEGAN) | FACT_BIT(FACT_SERVING));
    uint32_t broken = 0, launched = 0;
    for (guint i = 0; i < facts->len && g_array_index(facts, Fact, i).at.ns < SIMTIME_S(40 * 3600).ns; i++) {
        broken += g_array_index(facts, Fact, i).kind == FACT_FAILURE_BEGAN;
        launched += g_array_index(facts, Fact, i).kind == FACT_SERVING;
    }
    g_assert_cmpuint(broken, ==, 2);
    g_assert_cmpuint(launched, ==, 2);
    g_array_unref(facts);
    play_free(play);
}

/* A year of a quiet group costs as many events as things break: no ticks where nobody comes. */
static void test_quiet(void) {
    const char *const sets[] = {"failures={instance: {every: 1000 h, lasts: 1 h}}", "run.until=1 y", NULL};
    Play *play = play_new_text(text, sets, NULL);
    GArray *facts = play_record(play, (Luck){1, 0}, FACT_BIT(FACT_FAILURE_BEGAN));
    g_assert_cmpuint(facts->len, ==, 16);
    g_assert_cmpuint(world_effort(play->world).events, <, 100);
    g_array_unref(facts);
    play_free(play);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/failures/cycle", test_cycle);
    g_test_add_func("/failures/service", test_service);
    g_test_add_func("/failures/crews", test_crews);
    g_test_add_func("/failures/together", test_together);
    g_test_add_func("/failures/places", test_places);
    g_test_add_func("/failures/overlap", test_overlap);
    g_test_add_func("/failures/enough", test_enough);
    g_test_add_func("/failures/draws", test_draws);
    g_test_add_func("/failures/luck", test_luck);
    g_test_add_func("/failures/again", test_again);
    g_test_add_func("/failures/absent", test_absent);
    g_test_add_func("/failures/quiet", test_quiet);
    return g_test_run();
}
