/* test_access_cases.c - worked cases of policies and of what a compromise opens: patterns with questions in comments.
 *
 * Every file of tests/verdicts/access is read and asked. Its comment lines that begin in the first column
 * say what holds:
 *
 * `# rule: B.7-1 explicit deny; B-45`: what it is a case of, by the ids of rules.txt.
 *
 * `# may: site.web put site.data WORDS: ALLOW by "text" through site.s3`. WORDS: as ROLE, as nobody, at
 * 203.0.113.10 (the caller's public address), plain (not encrypted). All classes that a name means must get
 * one answer: ALLOW, or DENY and its code, or the network's verdict and code where the request never gets
 * there.
 *
 * `# assume: ROLE -> ROLE: ALLOW`, or `nobody -> ROLE`.
 *
 * `# owned: site.web`: from here on these are compromised. `# hold: site.db exposed by "text"`: what
 * closure.h calls it, and its step in words; `# hold: role analyst reached by "text"` or `not reached`; `#
 * blast: 1 compromised, 2 exposed, 0 at risk`.
 *
 * `# controls: site.db = TEXT; TEXT` or `none`: what, taken away by itself, would leave it better off. `#
 * opening: site.db = TEXT` or `none`: the one change that would expose it.
 *
 * `# down: us-east-1a` changes the state before the questions that follow.
 *
 * `# error: 12: text`, `# warning: 12: text`: what reading must say, with its line; nothing else may be
 * said. */
#include <glib.h>
#include <string.h>

#include "catalogue/catalogue.h"
#include "reach/closure.h"
#include "tests/verdicts/comments.h"

typedef struct {
    const char *path;
    char **lines;
    ModelInputs *inputs;
    Diagnostics *diagnostics;
    Model *model;
    Reach *reach;
    NetState *state;
    bool *owned;
    Closure *closure; /* NULL: not asked yet */
} Sheet;

static void wrong(const Sheet *sheet, const char *line, const char *answer) {
    g_test_message("%s: %s\n  but %s", sheet->path, line, answer);
    g_test_fail();
}

/* ---- names ---------------------------------------------------------------------------------------------------------
 */
static ComponentId component_named(const Sheet *sheet, const char *name) {
    ComponentId *found = NULL, first;
    if (model_find(sheet->model, name, &found) == 0)
        g_error("%s: nothing is called %s", sheet->path, name);
    first = found[0];
    g_free(found);
    return first;
}

static uint32_t role_named(const Sheet *sheet, const char *name) {
    if (strcmp(name, "nobody") == 0)
        return NO_ROLE;
    for (uint32_t i = 0; i < sheet->model->policies.role_count; i++)
        if (strcmp(sheet->model->policies.roles[i].name, name) == 0)
            return i;
    g_error("%s: there is no role %s", sheet->path, name);
}

static GArray *classes_named(const Sheet *sheet, const char *name) {
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(ClassId));
    const EndpointClass *classes;
    uint32_t count = reach_classes(sheet->reach, &classes);
    ComponentId id = strcmp(name, "internet") != 0 ? component_named(sheet, name) : NO_COMPONENT;
    if (id == NO_COMPONENT)
        g_array_append_vals(ids, &(ClassId){CLASS_INTERNET}, 1);
    for (ClassId i = 0; i < count; i++)
        if (classes[i].component == id)
            g_array_append_val(ids, i);
    return ids;
}

/* ---- who may -------------------------------------------------------------------------------------------------------
 */
static char *access_answer(const Sheet *sheet, Access access) {
    const Model *model = sheet->model;
    bool arrived = access.network.kind == VERDICT_REACH;
    return g_strdup_printf("%s %s by \"%s\"%s%s",
                           access.allowed ? "ALLOW"
                           : arrived      ? "DENY"
                                          : verdict_name(access.network.kind),
                           access.code, model->elements[access.element].text,
                           access.door != NO_COMPONENT ? " through " : "",
                           access.door != NO_COMPONENT ? model->components[access.door].name : "");
}

/* "DENY CODE by "text" through NAME", where everything after the verdict may be left out. */
static bool answer_fits(const char *answer, const char *wanted) {
    char **words = g_strsplit(wanted, " ", 3), **given = g_strsplit(answer, " ", 3);
    bool fits = strcmp(words[0], given[0]) == 0;
    if (words[1] != NULL && g_ascii_isupper(words[1][0]))
        fits = fits && strcmp(words[1], given[1]) == 0;
    const char *by = strstr(wanted, "by \""), *through = strstr(wanted, " through ");
    if (by != NULL) {
        char *text = g_strndup(by + 4, strcspn(by + 4, "\""));
        fits = fits && strstr(strstr(answer, "by \""), text) != NULL;
        g_free(text);
    }
    fits = fits && (through != NULL ? g_str_has_suffix(answer, through) : strstr(answer, " through ") == NULL);
    g_strfreev(words);
    g_strfreev(given);
    return fits;
}

static AccessQuery may_read(const Sheet *sheet, char **words) {
    AccessQuery query = {.role = ROLE_OWN, .service = component_named(sheet, words[2])};
    query.action = kind_action(sheet->model->components[query.service].kind, words[1]);
    if (query.action < 0)
        g_error("%s: there is no action %s", sheet->path, words[1]);
    for (char **w = words + 3; *w != NULL; w++) {
        char *why = NULL;
        if (strcmp(*w, "plain") == 0)
            query.plain = true;
        else if (strcmp(*w, "as") == 0)
            query.role = role_named(sheet, *++w);
        else if (strcmp(*w, "at") == 0)
            g_assert_true(prefix_parse(*++w, &query.address, &why));
        else
            g_error("%s: '%s' in a question", sheet->path, *w);
    }
    return query;
}

static void ask_may(const Sheet *sheet, const char *line) {
    const char *text = comment_after(line, "may"), *colon = strstr(text, ": ");
    char *question = g_strndup(text, (gsize)(colon - text)), **words = g_strsplit(question, " ", -1);
    AccessQuery query = may_read(sheet, words);
    GArray *from = classes_named(sheet, words[0]);
    for (guint i = 0; i < from->len; i++) {
        query.from = g_array_index(from, ClassId, i);
        char *answer = access_answer(sheet, reach_access(sheet->reach, sheet->state, query));
        if (!answer_fits(answer, colon + 2))
            wrong(sheet, line, answer);
        g_free(answer);
    }
    g_array_free(from, TRUE);
    g_strfreev(words);
    g_free(question);
}

static void ask_assume(const Sheet *sheet, const char *line) {
    char **words = g_strsplit(comment_after(line, "assume"), " ", 3);
    g_strdelimit(words[2], ":", '\0');
    Access access = reach_assume(sheet->reach, role_named(sheet, words[0]), role_named(sheet, words[2]), 0);
    char *answer = access_answer(sheet, access);
    if (!answer_fits(answer, strrchr(line, ':') + 2))
        wrong(sheet, line, answer);
    g_free(answer);
    g_strfreev(words);
}

/* ---- what a compromise opens ---------------------------------------------------------------------------------------
 */
static void set_owned(Sheet *sheet, const char *list) {
    char **names = g_strsplit(list, ", ", -1);
    memset(sheet->owned, 0, sheet->model->component_count * sizeof(bool));
    for (char **name = names; *name != NULL; name++) {
        ComponentId *found = NULL;
        uint32_t count = model_find(sheet->model, *name, &found);
        g_assert_cmpuint(count, >, 0);
        for (uint32_t i = 0; i < count; i++)
            sheet->owned[found[i]] = true;
        g_free(found);
    }
    g_strfreev(names);
    g_clear_pointer(&sheet->closure, closure_free);
}

static const Closure *closure_of(Sheet *sheet) {
    if (sheet->closure == NULL)
        sheet->closure = closure_new(sheet->reach, sheet->state, sheet->owned, 0);
    return sheet->closure;
}

static void ask_hold(Sheet *sheet, const char *line) {
    const char *text = comment_after(line, "hold"), *by = strstr(text, " by \"");
    const Closure *closure = closure_of(sheet);
    bool role = g_str_has_prefix(text, "role ");
    char **words = g_strsplit(role ? text + 5 : text, " ", 2);
    uint32_t thing = role ? closure->component_count + role_named(sheet, words[0]) : component_named(sheet, words[0]);
    const char *hold = !role                                     ? hold_name(closure->holds[thing])
                       : closure->steps[thing].kind != STEP_NONE ? "reached"
                                                                 : "not reached";
    char *step = closure_step_text(closure, thing);
    char *part = by != NULL ? g_strndup(by + 5, (gsize)(strrchr(by, '"') - by - 5)) : g_strdup("");
    if (!g_str_has_prefix(words[1], hold) || strstr(step, part) == NULL) {
        char *answer = g_strdup_printf("%s by \"%s\"", hold, step);
        wrong(sheet, line, answer);
        g_free(answer);
    }
    g_free(part);
    g_free(step);
    g_strfreev(words);
}

static void ask_blast(Sheet *sheet, const char *line) {
    const Closure *closure = closure_of(sheet);
    char *answer = g_strdup_printf("%u compromised, %u exposed, %u at risk", closure->compromised, closure->exposed,
                                   closure->at_risk);
    if (strcmp(answer, comment_after(line, "blast")) != 0)
        wrong(sheet, line, answer);
    g_free(answer);
}

/* The texts of the controls without which the component would be better off, in their order. */
static char *controls_of(Sheet *sheet, ComponentId component) {
    uint32_t *elements;
    uint32_t count = closure_controls(closure_of(sheet), sheet->state, sheet->owned, component, &elements);
    GString *text = g_string_new(count > 0 ? NULL : "none");
    for (uint32_t i = 0; i < count; i++) {
        g_string_append(text, i > 0 ? "; " : "");
        g_string_append(text, sheet->model->elements[elements[i]].text);
    }
    g_free(elements);
    return g_string_free(text, FALSE);
}

static void ask_controls(Sheet *sheet, const char *line, const char *question, bool opening) {
    char **sides = g_strsplit(question, " = ", 2);
    ComponentId component = component_named(sheet, sides[0]);
    char *answer =
        opening ? closure_opening(closure_of(sheet), sheet->state, component) : controls_of(sheet, component);
    if (strcmp(answer != NULL ? answer : "none", sides[1]) != 0)
        wrong(sheet, line, answer != NULL ? answer : "none");
    g_free(answer);
    g_strfreev(sides);
}

static void take_down(Sheet *sheet, const char *name) {
    for (PlaceId i = 0; i < sheet->model->place_count; i++)
        if (strcmp(sheet->model->places[i].name, name) == 0)
            netstate_place_down(sheet->state, i, true);
    g_clear_pointer(&sheet->closure, closure_free);
}

/* ---- a file --------------------------------------------------------------------------------------------------------
 */
static void sheet_ask(Sheet *sheet) {
    static const char *const others[] = {"rule", "error", "warning"};
    for (char **line = sheet->lines; *line != NULL; line++) {
        bool known = !g_str_has_prefix(*line, "# ");
        for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
            known = known || comment_after(*line, others[i]) != NULL;
        if (comment_after(*line, "may") != NULL)
            ask_may(sheet, *line);
        else if (comment_after(*line, "assume") != NULL)
            ask_assume(sheet, *line);
        else if (comment_after(*line, "owned") != NULL)
            set_owned(sheet, comment_after(*line, "owned"));
        else if (comment_after(*line, "hold") != NULL)
            ask_hold(sheet, *line);
        else if (comment_after(*line, "blast") != NULL)
            ask_blast(sheet, *line);
        else if (comment_after(*line, "controls") != NULL)
            ask_controls(sheet, *line, comment_after(*line, "controls"), false);
        else if (comment_after(*line, "opening") != NULL)
            ask_controls(sheet, *line, comment_after(*line, "opening"), true);
        else if (comment_after(*line, "down") != NULL)
            take_down(sheet, comment_after(*line, "down"));
        else if (!known && strcspn(*line + 2, " :") == strcspn(*line + 2, ":") && strchr(*line, ':') != NULL)
            g_error("%s: '%s' is no line of a case", sheet->path, *line);
    }
}

static void test_sheet(gconstpointer data) {
    Sheet sheet = {.path = data, .inputs = model_inputs_new(), .diagnostics = diagnostics_new()};
    char *text = NULL;
    g_assert_true(g_file_get_contents(sheet.path, &text, NULL, NULL));
    sheet.lines = g_strsplit(text, "\n", -1);
    ModelRequest request = {.path = sheet.path, .inputs = sheet.inputs, .installed_folder = "patterns"};
    sheet.model = model_read(&request, &builtin_catalogue, sheet.diagnostics, NULL);
    comments_check_messages(sheet.path, sheet.lines, sheet.diagnostics);
    if (sheet.model != NULL) {
        sheet.reach = reach_new(sheet.model);
        sheet.state = netstate_new(sheet.model);
        sheet.owned = g_new0(bool, sheet.model->component_count + 1);
        sheet_ask(&sheet);
        closure_free(sheet.closure);
        g_free(sheet.owned);
        netstate_free(sheet.state);
        reach_free(sheet.reach);
        model_free(sheet.model);
    }
    g_strfreev(sheet.lines);
    diagnostics_free(sheet.diagnostics);
    model_inputs_free(sheet.inputs);
    g_free(text);
}

int main(int argc, char **argv) { return comments_run(argc, argv, "access", "tests/verdicts/access", test_sheet); }
