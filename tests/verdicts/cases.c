/* cases.c - asks the questions of worked cases. */
#include "tests/verdicts/cases.h"

#include <glib.h>
#include <string.h>

#include "tests/verdicts/build.h"

/* ---- the machinery -------------------------------------------------------------------------------------------------
 */
static void state_line(const Model *model, NetState *state, const char *line) {
    char **words = g_strsplit(line, " ", 4);
    if (strcmp(words[0], "down") == 0 || strcmp(words[0], "up") == 0) {
        netstate_place_down(state, draft_place(model, words[1]), words[0][0] == 'd');
    } else if (strcmp(words[0], "cut") == 0) {
        netstate_link_cut(state, draft_place(model, words[1]), draft_place(model, words[2]), true);
    } else if (strcmp(words[0], "isolate") == 0 || strcmp(words[0], "release") == 0) {
        netstate_isolate(state, draft_component(model, words[1]), words[0][0] == 'i');
    } else {
        Rule rule = draft_rule(model, words[3]);
        bool inbound = strcmp(words[2], "in") == 0;
        if (strcmp(words[0], "add") == 0)
            netstate_rule_add(state, draft_group(model, words[1]), inbound, &rule);
        else
            g_assert_true(netstate_rule_remove(state, draft_group(model, words[1]), inbound, &rule));
        g_free(rule.peer.groups);
    }
    g_strfreev(words);
}

static Query query_of(const Model *model, const Reach *reach, const char *ask) {
    char **words = g_strsplit(ask, " ", -1), *why = NULL;
    Query query = {.from = draft_class(model, reach, words[0]), .to = draft_class(model, reach, words[2])};
    PortSet ports;
    g_assert_true(ports_parse(words[3], &ports, &why));
    query.protocol = (Protocol)ports.range[0].protocol;
    query.port = ports.range[0].first;
    for (char **w = words + 4; *w != NULL; w++) {
        if (strcmp(*w, "from-port") == 0)
            query.client_port = (uint16_t)g_ascii_strtoull(w[1], NULL, 10);
        query.by_public_address = query.by_public_address || strcmp(*w, "by-public") == 0;
    }
    g_strfreev(words);
    return query;
}

static char *answer_text(const Model *model, Verdict verdict) {
    GString *text = g_string_new(verdict_name(verdict.kind));
    g_string_append_printf(text, "%s%s%s", verdict.reply ? "(reply)" : "", verdict.code[0] != '\0' ? " " : "",
                           verdict.code);
    if (verdict.at != NO_PLACE)
        g_string_append_printf(text, " at %s", model->places[verdict.at].name);
    if (verdict.element != 0)
        g_string_append_printf(text, " by %s", model->elements[verdict.element].text);
    return g_string_free(text, FALSE);
}

/* The explanation tells the same verdict, and its last hop says why. */
static void check_explained(const Model *model, const Reach *reach, const NetState *state, Query query,
                            const char *answer) {
    Explanation *told = reach_explain(reach, state, query);
    char *text = answer_text(model, told->verdict);
    g_assert_cmpstr(text, ==, answer);
    const Verdict *verdict = &told->verdict;
    bool there = verdict->kind != VERDICT_REACH && !verdict->reply;
    uint32_t count = there ? told->forward_count : told->back_count;
    const Hop *last = there ? told->forward : told->back;
    if (verdict->kind != VERDICT_REACH) {
        g_assert_cmpuint(count, >, 0);
        g_assert_true(strstr(last[count - 1].text, verdict->code) != NULL);
    }
    if (query.client_port == 0 && query.protocol == PROTOCOL_TCP && verdict->kind == VERDICT_REACH)
        g_assert_true(ports_contain(&told->client_ports, PROTOCOL_TCP, 32768) &&
                      ports_contain(&told->client_ports, PROTOCOL_TCP, 60999));
    g_free(text);
    explanation_free(told);
}

static void test_case(gconstpointer data) {
    const Case *c = data;
    Draft *draft = draft_new();
    draft_text(draft, c->network);
    const Model *model = draft_model(draft);
    Reach *reach = reach_new(model);
    NetState *state = netstate_new(model);
    char **changes = g_strsplit(c->state != NULL ? c->state : "", "\n", -1);
    for (char **line = changes; *line != NULL; line++)
        state_line(model, state, *line);
    for (const Question *q = c->questions; q->ask != NULL; q++) {
        Query query = query_of(model, reach, q->ask);
        char *answer = answer_text(model, reach_verdict(reach, state, query));
        g_test_message("%s", q->ask);
        g_assert_cmpstr(answer, ==, q->answer);
        check_explained(model, reach, state, query, q->answer);
        g_free(answer);
    }
    g_strfreev(changes);
    netstate_free(state);
    reach_free(reach);
    draft_free(draft);
}

int cases_run(int argc, char **argv, const char *group, const Case *cases, unsigned count) {
    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < count; i++) {
        char *path = g_strdup_printf("/%s/%s", group, cases[i].id);
        g_test_add_data_func(path, &cases[i], test_case);
        g_free(path);
    }
    return g_test_run();
}
