/* test_yaml_cases.c - worked cases of who reaches whom, as pattern files with questions in their comments.
 *
 * Every file of tests/verdicts/cases is read and asked. Its comment lines that begin in the first column
 * say what holds:
 *
 * `# rule: B.2-3 P-02 numbers ascend`: what it is a case of, by the ids of rules.txt; see coverage.pl.
 *
 * `# ask: site.a -> site.b tcp/80 WORDS: VERDICT CODE by "text" at PLACE`, as in reach.h. WORDS: from-port
 * 40000, by-public, family 6, probe (a balancer's health check), GET, /admin (what a sidecar sees). All classes that a
 * name means must get one answer; site.a@us-east-1a chooses. The text need only be a part of the element's.
 *
 * `# hops: site.a -> site.b tcp/80: 5 there, 4 back`, `# told: site.a -> site.b tcp/80: text`: how many
 * hops an explanation has, and what one of them says. `# way: site.a -> site.b tcp/80: told`: all of them,
 * which are the lines that follow, `#   > text` there and `#   < text` back.
 *
 * `# inspects: site.a -> site.b tcp/80: site.fw/0`: the units that look at its packets on the way there. `# flip:
 * site.a -> site.b tcp/80: CHANGE; CHANGE`: what would turn the verdict round; `in vain: ` where it would not.
 * `# usual: site.a -> site.b tcp/1: tcp/80`: the port that is asked for when nobody says one. `# row: site.a -> site.b
 * tcp/80: REACH`: what the table of all pairs says of it, once; `none` where it has no such row.
 *
 * `# down: us-east-1a`, `# up:`, `# cut: us-east-1a -> us-east-1b`, `# isolate: site.a`, `# release:`,
 * `# unit-down: vpn/0`, `# unit-up:`, `# change: {security_group: site.b, ...}` as in a timeline: change the
 * state before the questions that follow.
 *
 * `# survives: site.a -> site.b tcp/80: VERDICT`: what has become of a connection opened as declared, or in
 * the state of `# opened: now`. `# tracking: site.a -> site.b tcp/80: tracked untracked`: what the filters
 * of both remember.
 *
 * `# error: 12: text`, `# warning: 12: text`: what reading must say, with its line, and nothing else.
 *
 * What is asked must also be answered alike by the explanation and, for ordinary questions, by the bits. */
#include <glib.h>
#include <string.h>

#include "catalogue/catalogue.h"
#include "tests/verdicts/comments.h"
#include "tests/verdicts/sheet.h"

/* ---- lines ---------------------------------------------------------------------------------------------------------
 */
/* `# change:` lines become entries of a timeline, the n-th one at n seconds; NULL-terminated. */
static char **changes_of(char **lines) {
    GPtrArray *events = g_ptr_array_new();
    for (char **line = lines; *line != NULL; line++)
        if (comment_after(*line, "change") != NULL)
            g_ptr_array_add(events,
                            g_strdup_printf("{at: %u s, change: %s}", events->len + 1, comment_after(*line, "change")));
    g_ptr_array_add(events, NULL);
    return (char **)g_ptr_array_free(events, FALSE);
}

/* ---- questions -----------------------------------------------------------------------------------------------------
 */
static char *answer_text(const Sheet *sheet, Verdict verdict) {
    GString *text = g_string_new(verdict_name(verdict.kind));
    g_string_append_printf(text, "%s %s", verdict.reply ? "(reply)" : "", verdict.code);
    if (verdict.element != 0)
        g_string_append_printf(text, " by \"%s\"", sheet->model->elements[verdict.element].text);
    if (verdict.at != NO_PLACE)
        g_string_append_printf(text, " at %s", sheet->model->places[verdict.at].name);
    return g_string_free(text, FALSE);
}

static bool place_fits(const Sheet *sheet, PlaceId place, const char *wanted) {
    return place != NO_PLACE && (strcmp(sheet->model->places[place].name, wanted) == 0 ||
                                 strcmp(sheet->model->places[place].path, wanted) == 0);
}

/* "DENY(reply) CODE by "text" at PLACE", where everything after the verdict may be left out. */
static bool answer_fits(const Sheet *sheet, Verdict verdict, const char *wanted) {
    char *kind = g_strdup_printf("%s%s", verdict_name(verdict.kind), verdict.reply ? "(reply)" : "");
    const char *by = strstr(wanted, " by \""), *at = g_strrstr(wanted, " at ");
    at = at != NULL && (by == NULL || at > by) ? at : NULL;
    char **words = g_strsplit(wanted, " ", 3);
    bool fits = strcmp(words[0], kind) == 0;
    if (words[1] != NULL && words[1][0] >= 'A' && words[1][0] <= 'Z')
        fits = fits && strcmp(words[1], verdict.code) == 0;
    if (by != NULL) {
        const char *end = strrchr(by, '"');
        char *element = g_strndup(by + 5, (gsize)(end - by - 5));
        fits = fits && strstr(sheet->model->elements[verdict.element].text, element) != NULL;
        g_free(element);
    }
    fits = fits && (at == NULL || place_fits(sheet, verdict.at, at + 4));
    g_strfreev(words);
    g_free(kind);
    return fits;
}

static void compare_verdict(const Sheet *sheet, const char *line, Query query, Verdict verdict, const char *wanted) {
    if (!answer_fits(sheet, verdict, wanted)) {
        char *answer = answer_text(sheet, verdict), *a = reach_class_name(sheet->reach, query.from),
             *b = reach_class_name(sheet->reach, query.to);
        sheet_fail(sheet, "%s\n  but %s -> %s: %s", line, a, b, answer);
        g_free(answer);
        g_free(a);
        g_free(b);
    }
}

static void survives_one(const Sheet *sheet, const char *line, Query query, const char *wanted) {
    compare_verdict(sheet, line, query, reach_survives(sheet->reach, sheet->opened, sheet->state, query), wanted);
}

static void tracking_one(const Sheet *sheet, const char *line, Query query, const char *wanted) {
    Tracking tracking = reach_tracking(sheet->reach, sheet->state, query);
    char *text = g_strdup_printf("%s %s", tracking_name(tracking.client), tracking_name(tracking.server));
    if (strcmp(text, wanted) != 0)
        sheet_fail(sheet, "%s\n  but %s (%s; %s)", line, text, tracking.why_client, tracking.why_server);
    g_free(text);
}

static void ask_one(const Sheet *sheet, const char *line, Query query, const char *wanted) {
    Verdict verdict = reach_verdict(sheet->reach, sheet->state, query);
    compare_verdict(sheet, line, query, verdict, wanted);
    Explanation *told = reach_explain(sheet->reach, sheet->state, query);
    g_assert_cmpint(told->verdict.kind, ==, verdict.kind);
    g_assert_cmpuint(told->verdict.element, ==, verdict.element);
    if (verdict.kind != VERDICT_REACH) {
        uint32_t count = verdict.reply ? told->back_count : told->forward_count;
        const Hop *hops = verdict.reply ? told->back : told->forward;
        g_assert_cmpuint(count, >, 0);
        g_assert_nonnull(strstr(hops[count - 1].text, verdict.code));
        Flip *flip = reach_flip(sheet->reach, sheet->state, query);
        if (flip->count == 0 && strcmp(verdict.code, "ISOLATED") != 0) /* somebody knows a next step */
            sheet_fail(sheet, "%s\n  but nothing is said of what would open it", line);
        flip_free(flip);
    }
    explanation_free(told);
}

/* `# hops: site.a -> site.b tcp/80: 5 there, 4 back`. */
static void hops_one(const Sheet *sheet, const char *line, Query query, const char *wanted) {
    Explanation *told = reach_explain(sheet->reach, sheet->state, query);
    char *text = g_strdup_printf("%u there, %u back", told->forward_count, told->back_count);
    if (strcmp(text, wanted) != 0)
        sheet_fail(sheet, "%s\n  but %s", line, text);
    g_free(text);
    explanation_free(told);
}

/* `# told: site.a -> site.b tcp/80: text`: some hop, there or back, says it. */
static void told_one(const Sheet *sheet, const char *line, Query query, const char *wanted) {
    Explanation *told = reach_explain(sheet->reach, sheet->state, query);
    GString *all = g_string_new(NULL);
    for (uint32_t i = 0; i < told->forward_count + told->back_count; i++)
        g_string_append_printf(all, "\n    %s",
                               i < told->forward_count ? told->forward[i].text
                                                       : told->back[i - told->forward_count].text);
    if (strstr(all->str, wanted) == NULL)
        sheet_fail(sheet, "%s\n  but%s", line, all->str);
    g_string_free(all, TRUE);
    explanation_free(told);
}

/* `# way: site.a -> site.b tcp/80: told`, and the hops in the lines below. */
static void way_one(const Sheet *sheet, const char *line, Query query, const char *wanted) {
    Explanation *told = reach_explain(sheet->reach, sheet->state, query);
    GString *got = g_string_new(NULL), *expected = g_string_new(NULL);
    for (uint32_t i = 0; i < told->forward_count; i++)
        g_string_append_printf(got, "#   > %s\n", told->forward[i].text);
    for (uint32_t i = 0; i < told->back_count; i++)
        g_string_append_printf(got, "#   < %s\n", told->back[i].text);
    for (char **below = sheet->line + 1; *below != NULL && g_str_has_prefix(*below, "#   "); below++)
        g_string_append_printf(expected, "%s\n", *below);
    g_assert_cmpstr(wanted, ==, "told");
    if (strcmp(got->str, expected->str) != 0)
        sheet_fail(sheet, "%s\n  but\n%s", line, got->str);
    g_string_free(got, TRUE);
    g_string_free(expected, TRUE);
    explanation_free(told);
}

/* `# inspects: site.a -> site.b tcp/80: site.fw/0 site.fw/1`: what looks at the packets on their way there, or `none`.
 */
static void inspects_one(const Sheet *sheet, const char *line, Query query, const char *wanted) {
    UnitId units[8];
    uint32_t count = reach_inspectors(sheet->reach, sheet->state, query, units, G_N_ELEMENTS(units));
    GString *text = g_string_new(count == 0 ? "none" : NULL);
    for (uint32_t i = 0; i < count; i++) {
        char *name = model_unit_name(sheet->model, units[i]);
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "", name);
        g_free(name);
    }
    if (strcmp(text->str, wanted) != 0)
        sheet_fail(sheet, "%s\n  but %s", line, text->str);
    UnitId one;
    g_assert_cmpuint(reach_inspectors(sheet->reach, sheet->state, query, &one, 1), ==, MIN(count, 1));
    g_assert_true(count == 0 || one == units[0]);
    g_string_free(text, TRUE);
}

/* `# usual: site.a -> site.b tcp/1: tcp/80`: where the one connects to the other when nobody says where. */
static void usual_one(const Sheet *sheet, const char *line, Query query, const char *wanted) {
    Query usual = reach_usual(sheet->reach, query.from, query.to);
    PortSet ports = {.range = {{(uint8_t)usual.protocol, usual.port, usual.port}}, .count = 1};
    char *text = ports_text(&ports);
    if (strcmp(text, wanted) != 0)
        sheet_fail(sheet, "%s\n  but %s", line, text);
    g_free(text);
}

/* `# row: site.a -> site.b tcp/80: REACH`, or `none`; `twice` is a mistake of the table. */
static void row_one(const Sheet *sheet, const char *line, Query query, const char *wanted) {
    uint32_t count;
    const char *text = "none";
    MatrixRow *rows = reach_matrix(sheet->reach, sheet->state, &count);
    for (uint32_t i = 0; i < count; i++)
        if (rows[i].from == query.from && rows[i].to == query.to && rows[i].protocol == query.protocol &&
            rows[i].port == query.port)
            text = strcmp(text, "none") == 0 ? verdict_name(rows[i].verdict.kind) : "twice";
    if (strcmp(text, wanted) != 0)
        sheet_fail(sheet, "%s\n  but %s", line, text);
    g_free(rows);
}

/* `# flip: site.a -> site.b tcp/80: CHANGE; CHANGE`, what would turn the verdict round; `in vain: ` where it would not.
 */
static void flip_one(const Sheet *sheet, const char *line, Query query, const char *wanted) {
    Flip *flip = reach_flip(sheet->reach, sheet->state, query);
    char *changes = g_strjoinv("; ", flip->changes), *text = g_strconcat(flip->count == 0 ? "nothing"
                                                                         : flip->seen     ? ""
                                                                                          : "in vain: ",
                                                                         changes, NULL);
    if (strcmp(text, wanted) != 0)
        sheet_fail(sheet, "%s\n  but %s", line, text);
    g_free(changes);
    g_free(text);
    flip_free(flip);
}

static Query question_read(const Sheet *sheet, char **words) {
    Query query = {0};
    PortSet ports;
    char *why = NULL;
    if (words[3] == NULL || !ports_parse(words[3], &ports, &why))
        g_error("%s: %s", sheet->path, why != NULL ? why : "a question needs a port");
    query.protocol = (Protocol)ports.range[0].protocol;
    query.port = ports.range[0].first;
    for (char **w = words + 4; *w != NULL; w++) {
        bool numbered = strcmp(*w, "from-port") == 0 || strcmp(*w, "family") == 0;
        if (strcmp(*w, "from-port") == 0)
            query.client_port = (uint16_t)g_ascii_strtoull(w[1], NULL, 10);
        else if (strcmp(*w, "family") == 0)
            query.family = (uint8_t)g_ascii_strtoull(w[1], NULL, 10);
        else if (strcmp(*w, "by-public") == 0)
            query.by_public_address = true;
        else if (strcmp(*w, "probe") == 0)
            query.probe = true;
        else if (**w == '/')
            query.path = *w;
        else if (g_ascii_isupper(**w))
            query.method = *w;
        else
            g_error("%s: '%s' in a question", sheet->path, *w);
        w += numbered;
    }
    return query;
}

typedef void (*AskOne)(const Sheet *sheet, const char *line, Query query, const char *wanted);

/* Every pair that is meant gets the answer. */
static void ask(Sheet *sheet, const char *line, const char *text, AskOne one) {
    const char *colon = strstr(text, ": ");
    if (colon == NULL)
        g_error("%s: no answer in %s", sheet->path, line);
    char *question = g_strndup(text, (gsize)(colon - text)), **words = g_strsplit(question, " ", -1);
    Query query = question_read(sheet, words);
    GArray *from = sheet_classes(sheet, words[0]), *to = sheet_classes(sheet, words[2]);
    for (guint a = 0; a < from->len; a++) {
        for (guint b = 0; b < to->len; b++) {
            query.from = g_array_index(from, ClassId, a);
            query.to = g_array_index(to, ClassId, b);
            one(sheet, line, query, colon + 2);
        }
    }
    if (one == ask_one && !query.by_public_address && !query.probe && query.client_port == 0 && query.family == 0 &&
        query.path == NULL && query.method == NULL)
        g_array_append_val(sheet->questions, query);
    g_array_free(from, TRUE);
    g_array_free(to, TRUE);
    g_strfreev(words);
    g_free(question);
}

/* ---- a file --------------------------------------------------------------------------------------------------------
 */
static void sheet_ask(Sheet *sheet) {
    static const char *const others[] = {"rule", "error", "warning"};
    static const struct {
        const char *word;
        AskOne one;
    } questions[] = {{"ask", ask_one},           {"survives", survives_one},
                     {"tracking", tracking_one}, {"hops", hops_one},
                     {"way", way_one},           {"told", told_one},
                     {"inspects", inspects_one}, {"flip", flip_one},
                     {"usual", usual_one},       {"row", row_one}};
    for (char **line = sheet->lines; *line != NULL; line++) {
        sheet->line = line;
        bool known = !g_str_has_prefix(*line, "# ") || sheet_state_line(sheet, *line);
        for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
            known = known || comment_after(*line, others[i]) != NULL;
        bool asked = false;
        for (size_t i = 0; i < G_N_ELEMENTS(questions); i++) {
            const char *text = comment_after(*line, questions[i].word);
            if (text != NULL)
                ask(sheet, *line, text, questions[i].one);
            asked = asked || text != NULL;
        }
        if (!asked && !known && strchr(*line, ':') != NULL && strcspn(*line + 2, " :") == strcspn(*line + 2, ":"))
            g_error("%s: '%s' is no line of a case", sheet->path, *line);
    }
    sheet_check_bits(sheet);
}

static void test_sheet(gconstpointer data) {
    Sheet sheet = {.path = data, .inputs = model_inputs_new(), .diagnostics = diagnostics_new()};
    char *text = NULL;
    g_assert_true(g_file_get_contents(sheet.path, &text, NULL, NULL));
    sheet.lines = g_strsplit(text, "\n", -1);
    sheet.questions = g_array_new(FALSE, FALSE, sizeof(Query));
    char **events = changes_of(sheet.lines);
    ModelRequest request = {.path = sheet.path,
                            .inputs = sheet.inputs,
                            .installed_folder = "patterns",
                            .events = (const char *const *)events};
    sheet.model = model_read(&request, &builtin_catalogue, sheet.diagnostics, NULL);
    comments_check_messages(sheet.path, sheet.lines, sheet.diagnostics);
    g_assert_true((sheet.model != NULL) == (diagnostics_errors(sheet.diagnostics) == 0));
    if (sheet.model != NULL) {
        sheet.reach = reach_new(sheet.model);
        sheet.state = netstate_new(sheet.model);
        sheet.opened = netstate_new(sheet.model);
        sheet_ask(&sheet);
        netstate_free(sheet.state);
        netstate_free(sheet.opened);
        reach_free(sheet.reach);
        model_free(sheet.model);
    }
    g_array_free(sheet.questions, TRUE);
    g_strfreev(events);
    g_strfreev(sheet.lines);
    diagnostics_free(sheet.diagnostics);
    model_inputs_free(sheet.inputs);
    g_free(text);
}

int main(int argc, char **argv) { return comments_run(argc, argv, "verdicts", "tests/verdicts/cases", test_sheet); }
