/* test_twin6.c - reach/ by IPv6 against a naive evaluator on random small networks. */
#include <glib.h>
#include <string.h>

#include "base/luck.h"
#include "tests/unit/reach/maker.h"
#include "tests/unit/reach/naive6.h"

enum { NETWORKS = 4000, QUESTIONS = 12, NETWORKS_SLOW = 25 * NETWORKS, OFTEN = 25 };

static Naive6End end_of(const Reach *reach, ClassId id) {
    const EndpointClass *classes;
    reach_classes(reach, &classes);
    if (id == CLASS_INTERNET)
        return (Naive6End){NO_COMPONENT, NO_PLACE};
    return (Naive6End){classes[id].component, classes[id].subnet};
}

/* A NAT gateway has no part in this. */
static bool is_host(const Reach *reach, const Model *model, ClassId id) {
    ComponentId component = end_of(reach, id).component;
    return component == NO_COMPONENT || model->components[component].kind->passage.mode != PASSAGE_TRANSLATES;
}

static void ask_one(const Reach *reach, const NetState *state, const Model *model, Draw *luck, GHashTable *seen) {
    Query query = maker_query(reach, luck);
    query.family = 6;
    query.client_port = 0;
    query.by_public_address = false;
    if (!is_host(reach, model, query.from) || !is_host(reach, model, query.to))
        return;
    Verdict verdict = reach_verdict(reach, state, query);
    char *answer = g_strconcat(verdict.reply ? "(reply)" : "", verdict.code, NULL);
    const char *told = verdict.kind == VERDICT_REACH ? "REACH" : answer;
    const char *wanted = naive6_answer(model, end_of(reach, query.from), end_of(reach, query.to), query.protocol,
                                       query.port, maker_client_ports, G_N_ELEMENTS(maker_client_ports));
    if (strcmp(told, wanted) != 0) {
        char *a = reach_class_name(reach, query.from), *b = reach_class_name(reach, query.to);
        g_test_message("%s -> %s protocol %d port %u", a, b, query.protocol, query.port);
        g_free(a);
        g_free(b);
    }
    g_assert_cmpstr(told, ==, wanted);
    gpointer count = g_hash_table_lookup(seen, g_intern_string(told));
    g_hash_table_insert(seen, (gpointer)g_intern_string(told), GUINT_TO_POINTER(GPOINTER_TO_UINT(count) + 1));
    g_free(answer);
}

/* Each reason comes often enough to mean something. */
static void test_twin(void) {
    static const char *const reasons[] = {
        "REACH",           "ENI_SG_RULES_MISMATCH", "SUBNET_ACL_RESTRICTION", "NO_ROUTE_TO_DESTINATION",
        "EIGW_NO_SESSION", "BAD_STATE_ROUTE",       "IPV6_ADDRESS_MISSING",   "(reply)SUBNET_ACL_RESTRICTION",
        "LISTENER_MISSING"};
    Stream stream = luck_stream((Luck){1, 0}, "test_twin6", "networks");
    GHashTable *seen = g_hash_table_new(NULL, NULL);
    uint64_t rounds = g_test_slow() ? NETWORKS_SLOW : NETWORKS;
    for (uint64_t round = 0; round < rounds; round++) {
        Draw luck = stream_draw(&stream, round);
        GPtrArray *plain = maker_network(&luck), *lines = maker_enrich(plain, &luck);
        Draft *draft = maker_build(lines, UINT_MAX);
        const Model *model = draft_model(draft);
        Reach *reach = reach_new(model);
        NetState *state = netstate_new(model);
        for (int i = 0; i < QUESTIONS; i++)
            ask_one(reach, state, model, &luck, seen);
        netstate_free(state);
        reach_free(reach);
        draft_free(draft);
        g_ptr_array_free(lines, TRUE);
        g_ptr_array_free(plain, TRUE);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++) {
        guint count = GPOINTER_TO_UINT(g_hash_table_lookup(seen, g_intern_string(reasons[i])));
        g_test_message("%-32s %u", reasons[i], count);
        g_assert_cmpuint(count, >=, OFTEN);
    }
    g_hash_table_destroy(seen);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reach/twin6", test_twin);
    return g_test_run();
}
