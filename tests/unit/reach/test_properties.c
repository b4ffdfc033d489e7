/* test_properties.c - on random small networks, rules that are added, removed, repeated or shuffled do what they must.
 */
#include <glib.h>
#include <string.h>

#include "tests/unit/reach/maker.h"

enum { PROPERTIES = 3000, QUESTIONS = 32 };

/* ---- properties ----------------------------------------------------------------------------------------------------
 */
/* One model asked twice: as it is, and after something was done to it. */
typedef struct {
    Draft *draft;
    Reach *reach;
    NetState *state;
} Side;

static Side side_of(Draft *draft) {
    const Model *model = draft_model(draft);
    return (Side){draft, reach_new(model), netstate_new(model)};
}

static void side_clear(Side *side) {
    netstate_free(side->state);
    reach_free(side->reach);
    draft_free(side->draft);
}

static bool reaches(const Side *side, Query query) {
    return reach_verdict(side->reach, side->state, query).kind == VERDICT_REACH;
}

/* Each question at each pair of networks: `fewer` may reach less than `more`, never more; or, `equal`, exactly as much.
 */
static uint32_t compare(Draft *fewer_draft, Draft *more_draft, bool equal, Draw *luck) {
    Side fewer = side_of(fewer_draft), more = side_of(more_draft);
    uint32_t differ = 0;
    for (int i = 0; i < QUESTIONS; i++) {
        static const uint8_t families[] = {0, 0, 4, 6};
        Query query = maker_query(fewer.reach, luck);
        query.family = families[draw_below(luck, G_N_ELEMENTS(families))];
        bool less = reaches(&fewer, query), much = reaches(&more, query);
        g_assert_true(!less || much);
        g_assert_true(!equal || less == much);
        differ += less != much;
    }
    side_clear(&fewer);
    side_clear(&more);
    return differ;
}

/* Some line that begins so; a different one each time. */
static guint some_line(const GPtrArray *lines, const char *prefix, const char *containing, Draw *luck) {
    guint found = UINT_MAX, seen = 0;
    for (guint i = 0; i < lines->len; i++) {
        const char *line = g_ptr_array_index(lines, i);
        if (g_str_has_prefix(line, prefix) && strstr(line, containing) != NULL && draw_below(luck, ++seen) == 0)
            found = i;
    }
    return found;
}

/* What is left out can only take away, for allowing lines; only give, for denying ones. */
static void check_monotone(const char *purpose, const char *prefix, const char *containing, bool allows) {
    Stream stream = luck_stream((Luck){1, 0}, "test_properties", purpose);
    uint32_t differ = 0;
    for (uint64_t round = 0; round < PROPERTIES; round++) {
        Draw luck = stream_draw(&stream, round);
        GPtrArray *plain = maker_network(&luck), *lines = maker_enrich(plain, &luck);
        guint line = some_line(lines, prefix, containing, &luck);
        if (line != UINT_MAX) {
            Draft *without = maker_build(lines, line), *with = maker_build(lines, UINT_MAX);
            differ += compare(allows ? without : with, allows ? with : without, false, &luck);
        }
        g_ptr_array_free(lines, TRUE);
        g_ptr_array_free(plain, TRUE);
    }
    g_test_message("%u answers differ", differ);
    g_assert_cmpuint(differ, >, 0);
}

static void test_rule_allows(void) { check_monotone("rule allows", "rule ", " ", true); }
static void test_entry_allows(void) { check_monotone("entry allows", "entry ", " allow ", true); }
static void test_entry_denies(void) { check_monotone("entry denies", "entry ", " deny ", false); }

/* Rules repeated and in another order; repeated ACL entries under a later number. */
static void test_order(void) {
    Stream stream = luck_stream((Luck){1, 0}, "test_properties", "order");
    for (uint64_t round = 0; round < PROPERTIES; round++) {
        Draw luck = stream_draw(&stream, round);
        GPtrArray *four = maker_network(&luck), *lines = maker_enrich(four, &luck);
        Draft *plain = maker_build(lines, UINT_MAX), *other = draft_new();
        GPtrArray *late = g_ptr_array_new();
        for (guint i = 0; i < lines->len; i++) {
            const char *line = g_ptr_array_index(lines, i);
            if (!g_str_has_prefix(line, "rule ") && !g_str_has_prefix(line, "entry ") &&
                !g_str_has_prefix(line, "route "))
                draft_line(other, line);
            else
                g_ptr_array_insert(late, (gint)draw_below(&luck, late->len + 1), (gpointer)(uintptr_t)line);
            if (g_str_has_prefix(line, "rule ") && draw_below(&luck, 2) == 0)
                g_ptr_array_add(late, (gpointer)(uintptr_t)line);
        }
        for (guint i = 0; i < late->len; i++)
            draft_line(other, g_ptr_array_index(late, i));
        compare(plain, other, true, &luck);
        g_ptr_array_free(late, TRUE);
        g_ptr_array_free(lines, TRUE);
        g_ptr_array_free(four, TRUE);
    }
}

/* ---- open connections ----------------------------------------------------------------------------------------------
 */
/* Some declared rule or entry goes. */
static void take_away(const Side *side, NetState *state, Draw *luck) {
    const Model *model = draft_model(side->draft);
    bool inbound = draw_below(luck, 2) == 0;
    if (model->acl_count > 0 && draw_below(luck, 2) == 0) {
        uint32_t a = (uint32_t)draw_below(luck, model->acl_count);
        const Acl *acl = &model->acls[a];
        uint32_t count = inbound ? acl->inbound_count : acl->outbound_count;
        if (count > 0)
            netstate_acl_remove(state, a, inbound, &(inbound ? acl->inbound : acl->outbound)[draw_below(luck, count)]);
        return;
    }
    uint32_t g = (uint32_t)draw_below(luck, model->group_count);
    const SecurityGroup *group = &model->groups[g];
    uint32_t count = inbound ? group->inbound_count : group->outbound_count;
    if (count > 0)
        netstate_rule_remove(state, g, inbound, &(inbound ? group->inbound : group->outbound)[draw_below(luck, count)]);
}

/* What could be opened now lives on; what was open and is not tracked by filters fares like what is new, and what is
 * tracked by both is cut by no group. */
static void test_survives(void) {
    Stream stream = luck_stream((Luck){1, 0}, "test_properties", "survives");
    uint32_t saved = 0, cut = 0;
    for (uint64_t round = 0; round < PROPERTIES; round++) {
        Draw luck = stream_draw(&stream, round);
        GPtrArray *plain = maker_network(&luck), *lines = maker_enrich(plain, &luck);
        Side side = side_of(maker_build(lines, UINT_MAX));
        NetState *now = netstate_copy(side.state);
        for (int i = 0; i < 4; i++)
            take_away(&side, now, &luck);
        for (int i = 0; i < QUESTIONS; i++) {
            Query query = maker_query(side.reach, &luck);
            query.family = 4;
            Verdict was = reach_verdict(side.reach, side.state, query), is = reach_verdict(side.reach, now, query);
            Verdict lives = reach_survives(side.reach, side.state, now, query);
            Tracking tracking = reach_tracking(side.reach, side.state, query);
            bool group = strcmp(lives.code, "ENI_SG_RULES_MISMATCH") == 0;
            if (is.kind == VERDICT_REACH || was.kind != VERDICT_REACH)
                g_assert_cmpint(lives.kind, ==, is.kind);
            if (was.kind != VERDICT_REACH)
                continue;
            g_assert_cmpint(reach_survives(side.reach, side.state, side.state, query).kind, ==, VERDICT_REACH);
            if (tracking.client != TRACKING_UNTRACKED && tracking.server != TRACKING_UNTRACKED)
                g_assert_false(group);
            if (tracking.client != TRACKING_TRACKED && tracking.server != TRACKING_TRACKED)
                g_assert_cmpstr(lives.code, ==, is.code);
            saved += lives.kind == VERDICT_REACH && is.kind != VERDICT_REACH;
            cut += group;
        }
        netstate_free(now);
        side_clear(&side);
        g_ptr_array_free(lines, TRUE);
        g_ptr_array_free(plain, TRUE);
    }
    g_test_message("%u live on, %u are cut", saved, cut);
    g_assert_cmpuint(saved, >, 100);
    g_assert_cmpuint(cut, >, 10);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reach/properties/rule-allows", test_rule_allows);
    g_test_add_func("/reach/properties/entry-allows", test_entry_allows);
    g_test_add_func("/reach/properties/entry-denies", test_entry_denies);
    g_test_add_func("/reach/properties/order", test_order);
    g_test_add_func("/reach/properties/survives", test_survives);
    return g_test_run();
}
