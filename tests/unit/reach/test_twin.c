/* test_twin.c - on random small networks reach/ agrees with its slow twin in every verdict. LONG=1 tries more of them.
 */
#include <glib.h>
#include <string.h>

#include "tests/unit/reach/maker.h"
#include "tests/unit/reach/naive.h"

enum { NETWORKS = 20000, LONG_NETWORKS = 100000, QUESTIONS = 8 };

static uint64_t rounds(uint64_t usual, uint64_t slow) { return g_test_slow() ? slow : usual; }

/* ---- the two of them -----------------------------------------------------------------------------------------------
 */
typedef struct {
    GPtrArray *lines;
    Draft *draft, *changed; /* changed: the same with the rule changes written into the model */
    const Model *model, *naive_model;
    Reach *reach;
    NetState *state;
    bool *down, *isolated;
    NaiveCut cuts[2];
    uint32_t cut_count;
} Pair;

/* A line "rule GROUP in|out PORTS PEER" whose rule is then taken away or put in again through the state. */
static guint some_rule(const GPtrArray *lines, Draw *luck) {
    guint found = UINT_MAX, seen = 0;
    for (guint i = 0; i < lines->len; i++)
        if (g_str_has_prefix(g_ptr_array_index(lines, i), "rule ") && draw_below(luck, ++seen) == 0)
            found = i;
    return found;
}

static void change_rule(Pair *pair, guint line, bool add) {
    char **words = g_strsplit(g_ptr_array_index(pair->lines, line), " ", 4);
    Rule rule = draft_rule(pair->model, words[3]);
    uint32_t group = draft_group(pair->model, words[1]);
    if (add)
        netstate_rule_add(pair->state, group, strcmp(words[2], "in") == 0, &rule);
    else
        g_assert_true(netstate_rule_remove(pair->state, group, strcmp(words[2], "in") == 0, &rule));
    g_free(rule.peer.groups);
    g_strfreev(words);
}

static void disturb(Pair *pair, Draw *luck) {
    const Model *model = pair->model;
    for (PlaceId p = 0; p < model->place_count; p++) {
        pair->down[p] = model->places[p].level != PLACE_SUBNET && draw_below(luck, 1000) < 8;
        netstate_place_down(pair->state, p, pair->down[p]);
    }
    for (ComponentId c = 0; c < model->component_count; c++) {
        pair->isolated[c] = draw_below(luck, 1000) < 8;
        netstate_isolate(pair->state, c, pair->isolated[c]);
    }
    pair->cut_count = draw_below(luck, 100) < 30 ? 2 : 0;
    for (uint32_t i = 0; i < pair->cut_count; i++) {
        pair->cuts[i] =
            (NaiveCut){(PlaceId)draw_below(luck, model->place_count), (PlaceId)draw_below(luck, model->place_count)};
        netstate_link_cut(pair->state, pair->cuts[i].from, pair->cuts[i].to, true);
    }
}

static Pair *pair_new(Draw *luck) {
    Pair *pair = g_new0(Pair, 1);
    pair->lines = maker_network(luck);
    guint line = some_rule(pair->lines, luck);
    bool add = draw_below(luck, 2) == 0;
    pair->draft = maker_build(pair->lines, add ? line : UINT_MAX);
    pair->changed = maker_build(pair->lines, add ? UINT_MAX : line);
    pair->model = draft_model(pair->draft);
    pair->naive_model = draft_model(pair->changed);
    pair->reach = reach_new(pair->model);
    pair->state = netstate_new(pair->model);
    pair->down = g_new0(bool, pair->model->place_count);
    pair->isolated = g_new0(bool, pair->model->component_count);
    if (line != UINT_MAX)
        change_rule(pair, line, add);
    disturb(pair, luck);
    return pair;
}

static void pair_free(Pair *pair) {
    netstate_free(pair->state);
    reach_free(pair->reach);
    draft_free(pair->draft);
    draft_free(pair->changed);
    g_ptr_array_free(pair->lines, TRUE);
    g_free(pair->down);
    g_free(pair->isolated);
    g_free(pair);
}

static NaiveEnd end_of(const Reach *reach, ClassId id) {
    const EndpointClass *classes;
    reach_classes(reach, &classes);
    if (id == CLASS_INTERNET)
        return (NaiveEnd){NO_COMPONENT, NO_PLACE};
    return (NaiveEnd){classes[id].component, classes[id].subnet};
}

static void complain(const Pair *pair, const Query *query, const Verdict *got, const Verdict *expected) {
    const Verdict *both[] = {got, expected};
    for (guint i = 0; i < pair->lines->len; i++)
        g_printerr("%s\n", (const char *)g_ptr_array_index(pair->lines, i));
    char *from = reach_class_name(pair->reach, query->from), *to = reach_class_name(pair->reach, query->to);
    g_printerr("%s -> %s %u/%u from %u%s\n", from, to, query->protocol, query->port, query->client_port,
               query->by_public_address ? " by-public" : "");
    for (int i = 0; i < 2; i++)
        g_printerr("%s: %s%s %s at %s by %s\n", i == 0 ? "reach" : "naive", verdict_name(both[i]->kind),
                   both[i]->reply ? "(reply)" : "", both[i]->code,
                   both[i]->at == NO_PLACE ? "-" : pair->model->places[both[i]->at].name,
                   (i == 0 ? pair->model : pair->naive_model)->elements[both[i]->element].text);
    g_free(from);
    g_free(to);
}

/* Elements are numbered in each model by itself, so they are compared by their text. */
static bool same(const Pair *pair, const Verdict *got, const Verdict *expected) {
    if (got->kind != expected->kind || got->reply != expected->reply || got->at != expected->at ||
        strcmp(got->code, expected->code) != 0)
        return false;
    return got->kind == VERDICT_REACH ||
           strcmp(pair->model->elements[got->element].text, pair->naive_model->elements[expected->element].text) == 0;
}

static const char *const codes[] = {"",
                                    "ENI_SG_RULES_MISMATCH",
                                    "SUBNET_ACL_RESTRICTION",
                                    "LISTENER_MISSING",
                                    "ISOLATED",
                                    "NAT_NO_SESSION",
                                    "NO_ROUTE_TO_DESTINATION",
                                    "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR",
                                    "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS",
                                    "IGW_PUBLIC_IP_ASSOCIATION_FOR_INGRESS",
                                    "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS",
                                    "BAD_STATE_ROUTE",
                                    "BAD_STATE",
                                    "LINK_CUT"};

static void count_code(uint32_t *seen, const char *code) {
    size_t i = 0;
    while (i < G_N_ELEMENTS(codes) && strcmp(codes[i], code) != 0)
        i++;
    g_assert_cmpuint(i, <, G_N_ELEMENTS(codes));
    seen[i]++;
}

static void test_twin(void) {
    Stream stream = luck_stream((Luck){1, 0}, "test_twin", "twin");
    uint64_t networks = rounds(NETWORKS, LONG_NETWORKS);
    uint32_t seen[G_N_ELEMENTS(codes)] = {0}, replies = 0;
    for (uint64_t round = 0; round < networks; round++) {
        Draw luck = stream_draw(&stream, round);
        Pair *pair = pair_new(&luck);
        Naive naive = {.model = pair->naive_model,
                       .down = pair->down,
                       .isolated = pair->isolated,
                       .cuts = pair->cuts,
                       .cut_count = pair->cut_count,
                       .ports = maker_client_ports,
                       .port_count = G_N_ELEMENTS(maker_client_ports)};
        for (int i = 0; i < QUESTIONS; i++) {
            Query query = maker_query(pair->reach, &luck);
            Verdict got = reach_verdict(pair->reach, pair->state, query);
            Verdict expected = naive_verdict(&naive, end_of(pair->reach, query.from), end_of(pair->reach, query.to),
                                             query.protocol, query.port, query.client_port, query.by_public_address);
            if (!same(pair, &got, &expected)) {
                complain(pair, &query, &got, &expected);
                g_test_fail();
                return;
            }
            count_code(seen, got.code);
            replies += got.reply;
        }
        pair_free(pair);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
        g_test_message("%-46s %u", codes[i][0] != '\0' ? codes[i] : "REACH", seen[i]);
        g_assert_cmpuint(seen[i], >=, networks / 100); /* 1,000 of each in the long run */
    }
    g_test_message("decided on the way back: %u", replies);
    g_assert_cmpuint(seen[0], >, networks * QUESTIONS * 3 / 10);
    g_assert_cmpuint(seen[0], <, networks * QUESTIONS * 7 / 10);
    g_assert_cmpuint(replies, >=, 500);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reach/twin", test_twin);
    return g_test_run();
}
