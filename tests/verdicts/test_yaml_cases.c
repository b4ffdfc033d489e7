/* test_yaml_cases.c - worked cases of who reaches whom, as pattern files with questions in their comments.
 *
 * Every file of tests/verdicts/cases is read and asked. Its comment lines that begin in the first column
 * say what holds:
 *
 * `# rule: B.2-3 P-02 numbers ascend`: what it is a case of, by the ids of rules.txt; see coverage.pl.
 *
 * `# ask: site.a -> site.b tcp/80 WORDS: VERDICT CODE by "text" at PLACE`, as in reach.h. WORDS: from-port
 * 40000, by-public, family 6, probe (a balancer's health check). All classes that a name means must get one
 * answer; site.a@us-east-1a chooses. The text need only be a part of the element's.
 *
 * `# hops: site.a -> site.b tcp/80: 5 there, 4 back`, `# told: site.a -> site.b tcp/80: text`: how many
 * hops an explanation has, and what one of them says.
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
#include <stdlib.h>
#include <string.h>

#include "catalogue/catalogue.h"
#include "reach/reach.h"

typedef struct {
    const char *path;
    char **lines;
    ModelInputs *inputs;
    Diagnostics *diagnostics;
    Model *model;
    Reach *reach;
    NetState *state, *opened;
    uint32_t changes;  /* `# change:` lines so far */
    GArray *questions; /* of Query, the ordinary ones since the last change of state */
} Sheet;

G_GNUC_PRINTF(2, 3) static void fail(const Sheet *sheet, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_test_message("%s: %s", sheet->path, text);
    g_test_fail();
    g_free(text);
}

/* ---- lines ---------------------------------------------------------------------------------------------------------
 */
/* What follows "# WORD: " on a line, or NULL. */
static const char *after(const char *line, const char *word) {
    size_t length = strlen(word);
    return g_str_has_prefix(line, "# ") && g_str_has_prefix(line + 2, word) && strncmp(line + 2 + length, ": ", 2) == 0
               ? line + length + 4
               : NULL;
}

/* `# change:` lines become entries of a timeline, the n-th one at n seconds; NULL-terminated. */
static char **changes_of(char **lines) {
    GPtrArray *events = g_ptr_array_new();
    for (char **line = lines; *line != NULL; line++)
        if (after(*line, "change") != NULL)
            g_ptr_array_add(events, g_strdup_printf("{at: %u s, change: %s}", events->len + 1, after(*line, "change")));
    g_ptr_array_add(events, NULL);
    return (char **)g_ptr_array_free(events, FALSE);
}

static char *messages_of(const Diagnostics *diagnostics) {
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    diagnostics_print(diagnostics, file, 0);
    fclose(file);
    return text;
}

/* "12: text" against "path:12:8: error: a text with more". */
static bool message_fits(const char *message, const char *severity, const char *wanted) {
    char *position = g_strdup_printf(":%.*s:", (int)strcspn(wanted, ":"), wanted);
    bool fits = strstr(message, position) == strchr(message, ':') && strchr(message, ':') != NULL &&
                strstr(message, severity) != NULL && strstr(message, wanted + strcspn(wanted, ":") + 2) != NULL;
    g_free(position);
    return fits;
}

/* Each message is expected by a line of its own, and the other way round. */
static void check_messages(const Sheet *sheet) {
    char *text = messages_of(sheet->diagnostics);
    char **messages = g_strsplit(text, "\n", -1);
    uint32_t expected = 0;
    bool missed = false;
    for (char **line = sheet->lines; *line != NULL; line++) {
        const char *error = after(*line, "error"), *warning = after(*line, "warning");
        const char *wanted = error != NULL ? error : warning;
        bool met = wanted == NULL;
        for (char **message = messages; *message != NULL && !met; message++)
            met = message_fits(*message, error != NULL ? ": error: " : ": warning: ", wanted);
        if (!met)
            fail(sheet, "nobody said '%s'", wanted);
        missed = missed || !met;
        expected += wanted != NULL;
    }
    if (missed || diagnostics_count(sheet->diagnostics) != expected)
        fail(sheet, "%u messages were expected, not:\n%s", expected, text);
    g_strfreev(messages);
    free(text);
}

/* ---- names ---------------------------------------------------------------------------------------------------------
 */
static PlaceId place_named(const Sheet *sheet, const char *name) {
    PlaceId found = NO_PLACE;
    for (PlaceId i = 0; i < sheet->model->place_count; i++)
        if (strcmp(sheet->model->places[i].path, name) == 0 || strcmp(sheet->model->places[i].name, name) == 0)
            found = i;
    if (found == NO_PLACE)
        g_error("%s: no place %s", sheet->path, name);
    return found;
}

static UnitId unit_named(const Sheet *sheet, const char *name) {
    for (UnitId i = 0; i < sheet->model->unit_count; i++) {
        char *own = model_unit_name(sheet->model, i);
        bool found = strcmp(own, name) == 0;
        g_free(own);
        if (found)
            return i;
    }
    g_error("%s: no unit %s", sheet->path, name);
}

static GArray *components_named(const Sheet *sheet, const char *name) {
    ComponentId *found = NULL;
    uint32_t count = model_find(sheet->model, name, &found);
    if (count == 0)
        g_error("%s: nothing is called %s", sheet->path, name);
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(ComponentId));
    g_array_append_vals(ids, found, count);
    g_free(found);
    return ids;
}

static bool stands_in(const Sheet *sheet, PlaceId place, PlaceId outer) {
    return outer == NO_PLACE || model_enclosing(sheet->model, place, sheet->model->places[outer].level) == outer;
}

/* All classes that "site.a", "site.a@us-east-1a" or "internet" means. */
static GArray *classes_named(const Sheet *sheet, const char *text) {
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(ClassId));
    char **parts = g_strsplit(text, "@", 2);
    if (strcmp(parts[0], "internet") == 0) {
        g_array_append_vals(ids, &(ClassId){CLASS_INTERNET}, 1);
    } else {
        const EndpointClass *classes;
        uint32_t count = reach_classes(sheet->reach, &classes);
        PlaceId place = parts[1] != NULL ? place_named(sheet, parts[1]) : NO_PLACE;
        GArray *components = components_named(sheet, parts[0]);
        for (ClassId i = 0; i < count; i++)
            for (guint c = 0; c < components->len; c++)
                if (g_array_index(components, ComponentId, c) == classes[i].component &&
                    stands_in(sheet, classes[i].subnet, place))
                    g_array_append_val(ids, i);
        g_array_free(components, TRUE);
    }
    if (ids->len == 0)
        g_error("%s: %s has no units there", sheet->path, text);
    g_strfreev(parts);
    return ids;
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
        fail(sheet, "%s\n  but %s -> %s: %s", line, a, b, answer);
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
        fail(sheet, "%s\n  but %s (%s; %s)", line, text, tracking.why_client, tracking.why_server);
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
    }
    explanation_free(told);
}

/* `# hops: site.a -> site.b tcp/80: 5 there, 4 back`. */
static void hops_one(const Sheet *sheet, const char *line, Query query, const char *wanted) {
    Explanation *told = reach_explain(sheet->reach, sheet->state, query);
    char *text = g_strdup_printf("%u there, %u back", told->forward_count, told->back_count);
    if (strcmp(text, wanted) != 0)
        fail(sheet, "%s\n  but %s", line, text);
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
        fail(sheet, "%s\n  but%s", line, all->str);
    g_string_free(all, TRUE);
    explanation_free(told);
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
    GArray *from = classes_named(sheet, words[0]), *to = classes_named(sheet, words[2]);
    for (guint a = 0; a < from->len; a++) {
        for (guint b = 0; b < to->len; b++) {
            query.from = g_array_index(from, ClassId, a);
            query.to = g_array_index(to, ClassId, b);
            one(sheet, line, query, colon + 2);
        }
    }
    if (one == ask_one && !query.by_public_address && !query.probe && query.client_port == 0 && query.family == 0)
        g_array_append_val(sheet->questions, query);
    g_array_free(from, TRUE);
    g_array_free(to, TRUE);
    g_strfreev(words);
    g_free(question);
}

/* ---- the state -----------------------------------------------------------------------------------------------------
 */
/* Whatever services were asked about since the state last changed: all pairs by bits, and one by one. */
static void check_bits(Sheet *sheet) {
    const EndpointClass *classes;
    uint32_t count = reach_classes(sheet->reach, &classes);
    for (guint i = 0; i < sheet->questions->len; i++) {
        Query query = g_array_index(sheet->questions, Query, i);
        Service service = {query.protocol, query.port};
        ReachBits *bits = reach_bits_new(sheet->reach, sheet->state, &service, 1);
        for (uint32_t a = 0; a <= count; a++) {
            for (uint32_t b = 0; b <= count; b++) {
                query.from = a < count ? a : CLASS_INTERNET;
                query.to = b < count ? b : CLASS_INTERNET;
                bool reaches = reach_verdict(sheet->reach, sheet->state, query).kind == VERDICT_REACH;
                if (reach_bits_connect(bits, 0, query.from, query.to) != reaches) {
                    char *x = reach_class_name(sheet->reach, query.from), *y = reach_class_name(sheet->reach, query.to);
                    fail(sheet, "bits differ: %s -> %s port %u", x, y, query.port);
                    g_free(x);
                    g_free(y);
                }
            }
        }
        reach_bits_free(bits);
    }
    g_array_set_size(sheet->questions, 0);
}

static void isolate(const Sheet *sheet, const char *name, bool on) {
    GArray *ids = components_named(sheet, name);
    for (guint i = 0; i < ids->len; i++)
        netstate_isolate(sheet->state, g_array_index(ids, ComponentId, i), on);
    g_array_free(ids, TRUE);
}

static void cut(Sheet *sheet, const char *text) {
    char **ends = g_strsplit(text, " -> ", 2);
    netstate_link_cut(sheet->state, place_named(sheet, ends[0]), place_named(sheet, ends[1]), true);
    g_strfreev(ends);
}

static void change(Sheet *sheet, const char *unused) {
    (void)unused;
    int64_t at = (int64_t)++sheet->changes * 1000000000;
    for (uint32_t e = 0; e < sheet->model->event_count; e++)
        if (sheet->model->timeline[e].at.ns == at)
            netstate_change(sheet->state, &sheet->model->timeline[e], false);
}

static void opened_now(Sheet *sheet, const char *unused) {
    (void)unused;
    netstate_free(sheet->opened);
    sheet->opened = netstate_copy(sheet->state);
}

static void down(Sheet *sheet, const char *name) { netstate_place_down(sheet->state, place_named(sheet, name), true); }
static void up(Sheet *sheet, const char *name) { netstate_place_down(sheet->state, place_named(sheet, name), false); }
static void isolated(Sheet *sheet, const char *name) { isolate(sheet, name, true); }
static void released(Sheet *sheet, const char *name) { isolate(sheet, name, false); }
static void unit_down(Sheet *sheet, const char *name) {
    netstate_unit_down(sheet->state, unit_named(sheet, name), true);
}
static void unit_up(Sheet *sheet, const char *name) {
    netstate_unit_down(sheet->state, unit_named(sheet, name), false);
}

/* False: the line says nothing about the state. */
static bool state_line(Sheet *sheet, const char *line) {
    static const struct {
        const char *word;
        void (*apply)(Sheet *sheet, const char *text);
    } words[] = {{"down", down},        {"up", up},         {"cut", cut},           {"isolate", isolated},
                 {"release", released}, {"change", change}, {"opened", opened_now}, {"unit-down", unit_down},
                 {"unit-up", unit_up}};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        const char *text = after(line, words[i].word);
        if (text == NULL)
            continue;
        check_bits(sheet);
        words[i].apply(sheet, text);
        return true;
    }
    return false;
}

/* ---- a file --------------------------------------------------------------------------------------------------------
 */
static void sheet_ask(Sheet *sheet) {
    static const char *const others[] = {"rule", "error", "warning"};
    static const struct {
        const char *word;
        AskOne one;
    } questions[] = {{"ask", ask_one},
                     {"survives", survives_one},
                     {"tracking", tracking_one},
                     {"hops", hops_one},
                     {"told", told_one}};
    for (char **line = sheet->lines; *line != NULL; line++) {
        bool known = !g_str_has_prefix(*line, "# ") || state_line(sheet, *line);
        for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
            known = known || after(*line, others[i]) != NULL;
        bool asked = false;
        for (size_t i = 0; i < G_N_ELEMENTS(questions); i++) {
            const char *text = after(*line, questions[i].word);
            if (text != NULL)
                ask(sheet, *line, text, questions[i].one);
            asked = asked || text != NULL;
        }
        if (!asked && !known && strchr(*line, ':') != NULL && strcspn(*line + 2, " :") == strcspn(*line + 2, ":"))
            g_error("%s: '%s' is no line of a case", sheet->path, *line);
    }
    check_bits(sheet);
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
    check_messages(&sheet);
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

static int compare_names(gconstpointer a, gconstpointer b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int main(int argc, char **argv) {
    static const char folder[] = "tests/verdicts/cases";
    g_test_init(&argc, &argv, NULL);
    GDir *dir = g_dir_open(folder, 0, NULL);
    if (dir == NULL)
        g_error("run at the root of the tree: there is no %s here", folder);
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;)
        if (g_str_has_suffix(name, ".yaml"))
            g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    g_dir_close(dir);
    g_ptr_array_sort(paths, compare_names);
    for (guint i = 0; i < paths->len; i++) {
        char *name = g_path_get_basename(paths->pdata[i]);
        char *test = g_strdup_printf("/verdicts/%.*s", (int)(strlen(name) - strlen(".yaml")), name);
        g_test_add_data_func(test, paths->pdata[i], test_sheet);
        g_free(test);
        g_free(name);
    }
    int status = g_test_run();
    g_ptr_array_free(paths, TRUE);
    return status;
}
