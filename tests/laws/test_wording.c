/* test_wording.c - how something is written must not matter; names and units matter in a known way only.
 *
 * Another order of keys, other quoting, block for flow style, `1000 ms` for `1 s`, and comments change nothing: neither
 * the model's digest nor any event or fact. Other names change no verdict, and no number where laws are constant (luck
 * is drawn by name). Times k times as long make every instant k times as late: exactly where laws are constant, within
 * k ns a draw otherwise. */
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "tests/laws/rewrite.h"
#include "tests/theory/play.h"

#define SITE "tests/laws/site.yaml"

typedef struct {
    GArray *facts;
    GPtrArray *lines;
    uint64_t digest;
} Run;

static Run run_of(Play *play) {
    Run run = {.facts = play_record(play, (Luck){7, 0}, ALL_FACTS)};
    run.lines = fact_lines(play->model, run.facts, NULL);
    run.digest = world_digest(play->world);
    return run;
}

static void run_clear(Run *run) {
    g_array_unref(run->facts);
    g_ptr_array_unref(run->lines);
}

/* ---- another wording ---- */

static const char *const scenarios[] = {
    "scenarios/outage/region-loss-at-peak.yaml",
    "scenarios/outage/region-recovery.yaml",
    "scenarios/outage/zone-loss.yaml",
    "scenarios/outage/zone-loss-without-control-plane.yaml",
    "scenarios/degradation/half-region-slow.yaml",
    "scenarios/compromise/web-owned.yaml",
    "scenarios/reachability/wrong-security-group.yaml",
};

/* The scenario, its pattern and all defaults, said otherwise. */
static void test_wording(gconstpointer data) {
    const char *path = data;
    const char *const sets[] = {"run.until=31 min", NULL};
    Play *plain = play_new(path, sets, NULL);
    Run before = run_of(plain);
    for (uint64_t lot = 1; lot <= (g_test_slow() ? 3 : 1); lot++) {
        char *scratch = scratch_new(), *base = g_path_get_basename(path);
        char *patterns = g_build_filename(scratch, "patterns", NULL);
        char *scenario_folder = g_path_get_dirname(path), *anew = g_build_filename(scratch, "scenarios", base, NULL);
        char *target = g_build_filename(scratch, "scenarios", NULL);
        Rewrite how = {.shuffle = lot};
        rewrite_folder("patterns", patterns, &how);
        rewrite_folder(scenario_folder, target, &how);
        Play *play = play_new_in(patterns, anew, sets, NULL);
        g_assert_cmpstr(play->model->model_digest, ==, plain->model->model_digest);
        g_assert_cmpstr(play->model->byte_digest, !=, plain->model->byte_digest);
        Run after = run_of(play);
        assert_same_lines(before.lines, after.lines);
        g_assert_cmphex(after.digest, ==, before.digest);
        run_clear(&after);
        play_free(play);
        g_free(base);
        g_free(patterns);
        g_free(scenario_folder);
        g_free(anew);
        g_free(target);
        scratch_free(scratch);
    }
    run_clear(&before);
    play_free(plain);
}

/* ---- other names ---- */

/* They sort the other way round, so that every number inside the model changes. */
static const char *const renames[] = {"visitors", "audience",  "names",  "zone-file", "shield",  "aegis",    "shop",
                                      "bazaar",   "door",      "portal", "crew",      "zealots", "ledger",   "abacus",
                                      "outer",    "rim",       "middle", "core",      "inner",   "basement", "visit",
                                      "errand",   "next-door", "abroad", NULL};

static int compare_lines(gconstpointer a, gconstpointer b) {
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    int64_t at_x = g_ascii_strtoll(x, NULL, 10), at_y = g_ascii_strtoll(y, NULL, 10);
    return at_x != at_y ? (at_x < at_y ? -1 : 1) : strcmp(x, y);
}

/* Facts of one instant come in the order of names, so lines are compared as sets. */
static GPtrArray *lines_renamed(const GPtrArray *lines) {
    GPtrArray *renamed = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < lines->len; i++) {
        GString *line = g_string_new(lines->pdata[i]);
        for (const char *const *name = renames; *name; name += 2)
            g_string_replace(line, name[0], name[1], 0);
        g_ptr_array_add(renamed, g_string_free(line, FALSE));
    }
    g_ptr_array_sort(renamed, compare_lines);
    return renamed;
}

static char *site_renamed(void) {
    char *text, *anew;
    Rewrite how = {.renames = renames};
    g_assert_true(g_file_get_contents(SITE, &text, NULL, NULL));
    anew = rewrite_text(text, &how);
    g_free(text);
    return anew;
}

/* What is left to luck besides laws is turned off: phases of checks (nothing fails), nodes to choose from, backoffs,
 * writes, resolvers. */
#define NO_LUCK                                                             \
    "resolvers=1", "writes=0 %", "run.until=10 min", "stacks.shop.zones=1", \
        "stacks.shop.components.crew.count={min: 2, start: 2, max: 2}"
#define NO_LUCK_RENAMED                                                       \
    "resolvers=1", "writes=0 %", "run.until=10 min", "stacks.bazaar.zones=1", \
        "stacks.bazaar.components.zealots.count={min: 2, start: 2, max: 2}"

static void test_names(void) {
    const char *const sets[] = {NO_LUCK, "load={kind: steady, rate: 5/s, enter: visit}", NULL};
    const char *const renamed_sets[] = {NO_LUCK_RENAMED, "load={kind: steady, rate: 5/s, enter: errand}", NULL};
    const char *const events[] = {"{at: 4 min, slow: link next-door -> us-east-1, by: 20 ms, for: 2 min}",
                                  "{at: 7 min, freeze: control_plane us-east-1, for: 1 min}", NULL};
    const char *const renamed_events[] = {"{at: 4 min, slow: link abroad -> us-east-1, by: 20 ms, for: 2 min}",
                                          "{at: 7 min, freeze: control_plane us-east-1, for: 1 min}", NULL};
    char *text = site_renamed();
    Play *plain = play_new(SITE, sets, events), *renamed = play_new_text(text, renamed_sets, renamed_events);
    Run before = run_of(plain), after = run_of(renamed);
    GPtrArray *expected = lines_renamed(before.lines);
    g_ptr_array_sort(after.lines, compare_lines);
    assert_same_lines(expected, after.lines);
    g_assert_cmpuint(expected->len, >, 5000);
    g_ptr_array_unref(expected);
    run_clear(&before);
    run_clear(&after);
    play_free(plain);
    play_free(renamed);
    g_free(text);
}

/* "from -> to port: verdict", renamed when `rename`, sorted. */
static GPtrArray *verdicts_of(const Play *play, bool rename) {
    uint32_t count;
    MatrixRow *rows = reach_matrix(play->reach, world_netstate(play->world), &count);
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    for (uint32_t i = 0; i < count; i++) {
        char *from = reach_class_name(play->reach, rows[i].from), *to = reach_class_name(play->reach, rows[i].to);
        g_ptr_array_add(
            lines, g_strdup_printf("%s -> %s %u: %s%s%s", from, to, rows[i].port, verdict_name(rows[i].verdict.kind),
                                   rows[i].verdict.reply ? " reply" : "", rows[i].intended ? " intended" : ""));
        g_free(from);
        g_free(to);
    }
    g_free(rows);
    if (rename) {
        GPtrArray *renamed = lines_renamed(lines);
        g_ptr_array_unref(lines);
        return renamed;
    }
    g_ptr_array_sort(lines, compare_lines);
    return lines;
}

static void test_names_verdicts(void) {
    char *text = site_renamed();
    Play *plain = play_new(SITE, NULL, NULL), *renamed = play_new_text(text, NULL, NULL);
    GPtrArray *before = verdicts_of(plain, true), *after = verdicts_of(renamed, false);
    assert_same_lines(before, after);
    g_assert_cmpuint(before->len, >, 20);
    g_ptr_array_unref(before);
    g_ptr_array_unref(after);
    play_free(plain);
    play_free(renamed);
    g_free(text);
}

/* ---- k times as slow ---- */

/* So that rates stay whole: 2/s is 0.4/s then. */
enum { SLOWER = 5 };

/* Both regions at one place, so that no distance is rounded: those known by name are times and slow down, too. */
static void put_at_one_place(const char *patterns) {
    char *path = g_build_filename(patterns, "defaults", "places.yaml", NULL), *text;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    GString *anew = g_string_new(text);
    g_assert_cmpuint(g_string_replace(anew, "45.84", "38.95", 0), ==, 1);
    g_assert_cmpuint(g_string_replace(anew, "-119.70", "-77.45", 0), ==, 1);
    g_assert_true(g_file_set_contents(path, anew->str, -1, NULL));
    g_string_free(anew, TRUE);
    g_free(text);
    g_free(path);
}

static Play *site_slower(int64_t slower, const char *const *sets, const char *const *events, char **scratch) {
    *scratch = scratch_new();
    char *patterns = g_build_filename(*scratch, "patterns", NULL), *text, *anew, **own = g_strdupv((char **)sets);
    Rewrite how = {.slower = slower};
    rewrite_folder("patterns", patterns, &how);
    put_at_one_place(patterns);
    g_assert_true(g_file_get_contents(SITE, &text, NULL, NULL));
    anew = rewrite_text(text, &how);
    char *path = g_build_filename(*scratch, "site.yaml", NULL);
    g_assert_true(g_file_set_contents(path, anew, -1, NULL));
    Play *play = play_new_in(patterns, path, (const char *const *)own, events);
    g_strfreev(own);
    g_free(path);
    g_free(patterns);
    g_free(text);
    g_free(anew);
    return play;
}

/* A default that nobody wrote and that did not slow down would spoil the law: each time that was assumed must have. */
static void assert_assumed_slower(const Play *plain, const Play *slow) {
    size_t count = assumed_count(plain->model->assumed);
    g_assert_cmpuint(assumed_count(slow->model->assumed), ==, count);
    for (size_t i = 0; i < count; i++) {
        const Assumed *a = assumed_at(plain->model->assumed, i), *b = assumed_at(slow->model->assumed, i);
        int64_t x, y;
        char *why = NULL;
        if (!quantity_parse(a->value, UNIT_TIME, &x, &why) || !quantity_parse(b->value, UNIT_TIME, &y, &why)) {
            g_free(why);
            continue;
        }
        if (y != SLOWER * x)
            g_test_message("%s %s is %s and %s", a->owner, a->key, a->value, b->value);
        g_assert_cmpint(y, ==, SLOWER * x);
    }
}

/* All facts in order, each `SLOWER` times as late within `slack` ns. */
static void assert_slower(const Play *plain, const Play *slow, int64_t slack) {
    GArray *a = play_record((Play *)plain, (Luck){7, 0}, ALL_FACTS),
           *b = play_record((Play *)slow, (Luck){7, 0}, ALL_FACTS);
    int64_t most = 0;
    for (guint i = 0; i < MIN(a->len, b->len); i++) {
        const Fact *x = &g_array_index(a, Fact, i), *y = &g_array_index(b, Fact, i);
        int64_t off = y->at.ns - SLOWER * x->at.ns;
        most = MAX(most, ABS(off));
        if (x->kind != y->kind || x->component != y->component || x->unit != y->unit || x->subject != y->subject ||
            ABS(off) > slack) {
            char *was = fact_text(plain->model, x), *is = fact_text(slow->model, y);
            g_test_message("fact %u: %s", i, was);
            g_test_message("slower: %s", is);
            g_free(was);
            g_free(is);
            g_test_fail();
            break;
        }
    }
    g_test_message("%u facts, at most %" PRId64 " ns beside", a->len, most);
    g_assert_cmpuint(a->len, ==, b->len);
    g_assert_cmpuint(a->len, >, 5000);
    g_array_unref(a);
    g_array_unref(b);
}

static void compare_slower(const char *const *sets, int64_t slack) {
    const char *const events[] = {"{at: 10 min, fail: region us-east-1, for: 10 min}",
                                  "{at: 30 min, fail: zone us-west-2a, for: 3 min, as: refuse}",
                                  "{at: 32 min, slow: zone us-east-1b, to: 50 %, by: 1 ms, for: 3 min}", NULL};
    const char *const later[] = {"{at: 50 min, fail: region us-east-1, for: 50 min}",
                                 "{at: 150 min, fail: zone us-west-2a, for: 15 min, as: refuse}",
                                 "{at: 160 min, slow: zone us-east-1b, to: 50 %, by: 5 ms, for: 15 min}", NULL};
    char *scratch[2], **slow_sets = g_strdupv((char **)sets);
    Rewrite how = {.slower = SLOWER};
    for (char **set = slow_sets; *set; set++) {
        char *equals = strchr(*set, '='), *value = g_strdup_printf("v: %s\n", equals + 1);
        char *anew = rewrite_text(value, &how);
        g_strchomp(anew);
        char *slow = g_strdup_printf("%.*s=%s", (int)(equals - *set), *set, anew + 3);
        g_free(*set);
        g_free(value);
        g_free(anew);
        *set = slow;
    }
    Play *plain = site_slower(1, sets, events, &scratch[0]);
    Play *slow = site_slower(SLOWER, (const char *const *)slow_sets, later, &scratch[1]);
    assert_assumed_slower(plain, slow);
    assert_slower(plain, slow, slack);
    play_free(plain);
    play_free(slow);
    g_strfreev(slow_sets);
    scratch_free(scratch[0]);
    scratch_free(scratch[1]);
}

/* What crosses a link takes no time to send: its capacity does not slow down. */
#define WEIGHTLESS "network={request_bytes: 1 B, answer_bytes: 1 B}"

static void test_slower_constant(void) {
    const char *const sets[] = {"run.until=40 min", WEIGHTLESS, "load={kind: steady, rate: 2/s, enter: visit}", NULL};
    compare_slower(sets, 100 * SLOWER); /* link times are whole ns: each of a session's crossings adds its rounding */
}

static void test_slower_drawn(void) {
    const char *const sets[] = {"run.until=40 min",
                                WEIGHTLESS,
                                "service=exponential(30 ms)",
                                "think=exponential(7 s)",
                                "lasting=lognormal(median 60 s p95 200 s)",
                                "boot=uniform(30 s to 60 s)",
                                "promotion=lognormal(median 60 s p95 90 s)",
                                "lag=erlang(2 of 500 ms)",
                                "load={kind: poisson, rate: 2/s, enter: visit}",
                                NULL};
    compare_slower(sets, 2000);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(scenarios); i++) {
        char *path = g_strdup_printf("/laws/wording/%s", scenarios[i] + strlen("scenarios/"));
        g_strdelimit(path + strlen("/laws/wording/"), "/", '-');
        g_test_add_data_func(path, scenarios[i], test_wording);
        g_free(path);
    }
    g_test_add_func("/laws/names/numbers", test_names);
    g_test_add_func("/laws/names/verdicts", test_names_verdicts);
    g_test_add_func("/laws/slower/constant", test_slower_constant);
    g_test_add_func("/laws/slower/drawn", test_slower_drawn);
    return g_test_run();
}
