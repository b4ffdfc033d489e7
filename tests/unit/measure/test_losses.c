/* test_losses.c - every broken session counts once, under the right cause, in its window, for its population and rule.
 */
#include "measure/loss.h"
#include "tests/unit/measure/story.h"

static const char *const causes[] = {
    "in_flight", "undetected", "stale_dns", "overload", "no_target", "denied",       "no_route",        "blocked",
    "data",      "cut",        "untrusted", "hijacked", "limited",   "unauthorised", "gateway_timeout", "other"};

typedef struct {
    Cause cause;
    int flags;
    const char *counts;
} Row;

enum { OLD = BROKEN_ESTABLISHED, STALE = BROKEN_STALE_NAME, FAULT = BROKEN_UNDER_FAULT };

static const Row rows[] = {
    {CAUSE_SILENT, FAULT, "undetected"},
    {CAUSE_SILENT, FAULT | STALE, "stale_dns"},
    {CAUSE_SILENT, FAULT | OLD, "in_flight"},
    {CAUSE_SILENT, FAULT | OLD | STALE, "in_flight"},
    {CAUSE_REFUSED, FAULT, "undetected"},
    {CAUSE_REFUSED, STALE, "stale_dns"},
    {CAUSE_STATE_GONE, OLD, "in_flight"},
    {CAUSE_STATE_GONE, OLD | STALE, "in_flight"},
    {CAUSE_FULL, 0, "overload"},
    {CAUSE_FULL, FAULT | OLD, "overload"},
    {CAUSE_SLOW, 0, "overload"},
    {CAUSE_SLOW, OLD, "overload"},
    {CAUSE_SLOW, FAULT, "undetected"},
    {CAUSE_SLOW, FAULT | STALE, "stale_dns"},
    {CAUSE_SLOW, FAULT | OLD, "in_flight"},
    {CAUSE_NO_TARGET, 0, "no_target"},
    {CAUSE_NO_TARGET, OLD, "no_target"},
    {CAUSE_NO_TARGET, FAULT | OLD, "in_flight"},
    {CAUSE_DENIED, FAULT | OLD | STALE, "denied"},
    {CAUSE_NO_ROUTE, 0, "no_route"},
    {CAUSE_NO_ROUTE, FAULT, "undetected"},
    {CAUSE_BLOCKED, 0, "blocked"},
    {CAUSE_READ_ONLY, OLD, "data"},
    {CAUSE_CUT, OLD, "cut"},
    {CAUSE_UNTRUSTED, OLD, "untrusted"},
    {CAUSE_UNTRUSTED, FAULT, "untrusted"},
    {CAUSE_HIJACKED, 0, "hijacked"},
    {CAUSE_LIMITED, OLD, "limited"},
    {CAUSE_UNAUTHORISED, 0, "unauthorised"},
    {CAUSE_GATEWAY, OLD, "gateway_timeout"},
    {CAUSE_DROPPED, 0, "other"},
    {CAUSE_DROPPED, FAULT, "undetected"},
};

static void test_every_cause(void) {
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        Story *story = story_new();
        story_open(story);
        arrive(story, 20, EUROPE, 0, 0);
        break_off(story, 30, EUROPE, 0, rows[i].cause, rows[i].flags, 0);
        measure_set_end(story->set, NULL);
        for (size_t c = 0; c < G_N_ELEMENTS(causes); c++) {
            char *name = g_strdup_printf("lost_sessions.%s", causes[c]);
            assert_value(story, name, g_str_equal(causes[c], rows[i].counts));
            g_free(name);
        }
        assert_value(story, "lost_sessions", 1);
        assert_value(story, "lost_sessions.new", !(rows[i].flags & OLD));
        assert_value(story, "lost_sessions.established", !!(rows[i].flags & OLD));
        story_free(story);
    }
}

/* Total: whatever the world reports, exactly one cause takes it. */
static void test_total(void) {
    for (Cause cause = CAUSE_NONE; cause < CAUSES; cause++)
        for (int flags = 0; flags < 8; flags++) {
            Fact fact = {.kind = FACT_BROKEN, .cause = cause, .flags = (uint8_t)flags};
            g_assert_cmpint(loss_of(&fact), <, LOSSES);
            g_assert_cmpstr(loss_name(loss_of(&fact)), ==, causes[loss_of(&fact)]);
        }
}

static void test_window_and_populations(void) {
    Story *story = story_new();
    story_open(story);
    for (uint32_t i = 0; i < 6; i++)
        arrive(story, 1, i % 2 ? AMERICA : EUROPE, i / 2, 0);
    break_off(story, 9.999999999, EUROPE, 0, CAUSE_FULL, 0, 0); /* a nanosecond before the end of the warm-up */
    break_off(story, 10, AMERICA, 0, CAUSE_FULL, 0, 0);         /* at the end of it */
    break_off(story, 599, EUROPE, 1, CAUSE_SILENT, BROKEN_ESTABLISHED, 0);
    measure_set_end(story->set, NULL);
    assert_value(story, "lost_sessions", 2);
    assert_value(story, "lost_sessions[america]", 1);
    assert_value(story, "lost_sessions[europe]", 1);
    assert_value(story, "lost_sessions.overload[america]", 1);
    assert_value(story, "lost_sessions.in_flight[europe]", 1);
    assert_value(story, "sessions", 0);
    /* The ledger knows no window. */
    assert_value(story, "balance.arrived[america]", 3);
    assert_value(story, "balance.arrived[europe]", 3);
    assert_value(story, "balance.overload[europe]", 1);
    assert_value(story, "balance.active[europe]", 1);
    assert_value(story, "balance.active[america]", 2);
    story_free(story);
}

static void test_rules(void) {
    Story *story = story_new();
    story_open(story);
    static const uint32_t rules[] = {RULE_WEB, RULE_DB, RULE_DB, RULE_NONE};
    for (uint32_t i = 0; i < 4; i++) {
        arrive(story, 20, EUROPE, i, 0);
        tell(story, 30 + i,
             (Fact){.kind = FACT_BROKEN, .component = EUROPE, .subject = i, .cause = CAUSE_DENIED, .rule = rules[i]});
    }
    measure_set_end(story->set, NULL);
    assert_value(story, "lost_sessions.denied", 4);
    const MeasureColumn *db = measure_find_by(story->set, "lost_sessions.denied", NULL, "security group db");
    const MeasureColumn *web =
        measure_find_by(story->set, "balance.denied", "europe", "security group web inbound rule 1");
    g_assert_nonnull(db);
    g_assert_nonnull(web);
    g_assert_cmpint(db->samples[0].value, ==, 2);
    g_assert_cmpint(web->samples[0].value, ==, 1);
    story_free(story);
}

/* A rule that denied nobody in a replication denied zero there, before its first victim and after. */
static void test_rules_count_zero(void) {
    Story *story = story_new();
    story_open(story);
    for (uint64_t r = 0; r < 3; r++) {
        if (r > 0)
            measure_set_begin(story->set, r);
        arrive(story, 20, EUROPE, 0, 0);
        if (r == 1)
            tell(story, 30, (Fact){.kind = FACT_BROKEN, .component = EUROPE, .cause = CAUSE_DENIED, .rule = RULE_DB});
        measure_set_end(story->set, NULL);
    }
    const MeasureColumn *db = measure_find_by(story->set, "lost_sessions.denied", NULL, "security group db");
    g_assert_cmpuint(db->count, ==, 3);
    for (uint32_t r = 0; r < 3; r++)
        g_assert_cmpint(db->samples[r].value, ==, r == 1);
    story_free(story);
}

static void test_ledger_is_checked(void) {
    if (g_test_subprocess()) {
        Story *story = story_new();
        story_open(story);
        arrive(story, 20, EUROPE, 7, 0);
        complete(story, 21, EUROPE, 7);
        complete(story, 22, EUROPE, 7);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*ended twice*");
}

static void test_ledger_against_the_world(void) {
    if (g_test_subprocess()) {
        Story *story = story_new();
        story_open(story);
        arrive(story, 20, EUROPE, 0, 0);
        static const uint64_t active[] = {0, 2};
        measure_set_end(story->set, &(MeasureTotals){.active = active});
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*disagree*");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/losses/every cause", test_every_cause);
    g_test_add_func("/losses/total", test_total);
    g_test_add_func("/losses/window and populations", test_window_and_populations);
    g_test_add_func("/losses/rules", test_rules);
    g_test_add_func("/losses/rules count zero", test_rules_count_zero);
    g_test_add_func("/losses/ledger is checked", test_ledger_is_checked);
    g_test_add_func("/losses/ledger against the world", test_ledger_against_the_world);
    return g_test_run();
}
