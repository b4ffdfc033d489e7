/* test_pass_through.c - a kind exists only if it matters: for each there is a scenario in which something plain in its
 * place, which does none of what the kind does, changes a number or a verdict.
 *
 * The plain kind stands where the kind stood, at its price, and has no hook: requests pass it at once, it notices
 * nothing, decides nothing, and tells reachability nothing of its own. What only carries packets loses
 * its way with them as well: they pass unchanged, it joins nothing and stands for nothing. Users are exempt, since
 * nothing passes them. Scenarios are found, never listed; each is run once (replication 0), by the kind as it is and by
 * the plain one. The table that is printed says what changed first. */
#include <glib.h>
#include <string.h>

#include "catalogue/catalogue.h"
#include "commands/reading.h"
#include "pipeline.h"

/* ---- The plain kind ---- */

/* An API whose words mean nothing: whoever may use it neither reads, nor writes, nor decides. */
#define EIGHT_WORDS \
    {"use", 0}, {"use", 0}, {"use", 0}, {"use", 0}, {"use", 0}, {"use", 0}, {"use", 0}, { "use", 0 }
static const KindAction nothing_meant[] = {EIGHT_WORDS, EIGHT_WORDS, EIGHT_WORDS, EIGHT_WORDS, {NULL, 0}};

/* Messages are handed on at once: by what a kind can do with them, and nothing else. */
static const MessageRules handed_on[] = {
    {.can = 0}, {.can = 1}, {.can = 2},  {.can = 3},  {.can = 4},  {.can = 5},  {.can = 6},  {.can = 7},
    {.can = 8}, {.can = 9}, {.can = 10}, {.can = 11}, {.can = 12}, {.can = 13}, {.can = 14}, {.can = 15},
};

/* Trust that nobody can lose. */
static SimTime certified_for_ever(Ctx *cx, UnitId holder, SimTime at) {
    (void)cx;
    (void)holder;
    (void)at;
    return SIMTIME_NEVER;
}
static Token signed_in_at_once(Ctx *cx, const Bearer *bearer) {
    (void)cx;
    (void)bearer;
    return (Token){true, SIMTIME_ZERO};
}
static Escort no_escort(const void *spec) {
    (void)spec;
    return (Escort){SIMTIME_ZERO, SIMTIME_ZERO, SIMTIME_ZERO};
}

static Kind plain_of(const Kind *kind) {
    Kind plain = {.name = kind->name,
                  .summary = kind->summary,
                  .role = kind->role,
                  .spread = kind->spread,
                  .passage = kind->passage,
                  .fields = kind->fields,
                  .spec_size = kind->spec_size,
                  .state_size = kind->state_size,
                  .shows = kind->shows,
                  .symbol = kind->symbol,
                  .managed = kind->managed,
                  .price = kind->price};
    if (kind->actions)
        plain.actions = nothing_meant;
    if (kind->role == ROLE_LINK)
        plain.passage.mode = PASSAGE_FORWARDS;
    plain.passage.relays = plain.passage.manages = plain.passage.keeps_client_address = false;
    if (kind->messages)
        plain.messages = &handed_on[kind->messages->can];
    plain.certifies = kind->certifies ? certified_for_ever : NULL;
    plain.signs_in = kind->signs_in ? signed_in_at_once : NULL;
    plain.escorts = kind->escorts ? no_escort : NULL;
    return plain;
}

/* The model was read as it is; from here on the kind does nothing. */
static void make_plain(Model *model, const char *name, const Kind *plain) {
    for (ComponentId c = 0; c < model->component_count; c++)
        if (g_str_equal(model->components[c].kind->name, name))
            model->components[c].kind = plain;
    for (uint32_t j = 0; j < model->join_count; j++)
        if (model->components[model->joins[j].component].kind == plain) {
            if (model->joins[j].shape != JOIN_LINE) /* a plain line still has two ends */
                model->joins[j].shape = JOIN_NONE;
            model->joins[j].facts = (PassageFacts){0};
        }
    for (uint32_t e = 0; e < model->endpoint_count; e++)
        if (model->components[model->endpoints[e].component].kind == plain) {
            model->endpoints[e].facts = (PassageFacts){0};
            model->endpoints[e].service_count = 0;
        }
    for (uint32_t n = 0; n < model->network_count; n++) { /* a name service gives out every name */
        uint32_t names = model->allow.filter_of[n];
        if (names != UINT32_MAX && model->components[model->allow.lists[names].component].kind == plain)
            model->allow.filter_of[n] = UINT32_MAX;
    }
}

/* ---- What a scenario says ---- */

static void add_measures(GPtrArray *lines, const Record *record) {
    for (guint i = 0; i < record->measures->len; i++) {
        const RecordMeasure *m = &g_array_index(record->measures, RecordMeasure, i);
        if (g_str_has_prefix(m->name, "cost_") || g_str_has_prefix(m->name, "unit_hours"))
            continue; /* having units is not mattering */
        g_ptr_array_add(lines,
                        g_strdup_printf("%s%s%s %.9g (%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " never)", m->name,
                                        m->of ? " of " : "", m->of ? m->of : "", m->mean, m->never, m->count));
    }
    for (guint i = 0; i < record->broken->len; i++) {
        const RecordBroken *b = &g_array_index(record->broken, RecordBroken, i);
        g_ptr_array_add(lines, g_strdup_printf("broken: %s %" G_GINT64_FORMAT, b->cause, b->sessions));
    }
}

static void add_verdicts(GPtrArray *lines, const Record *record) {
    for (guint i = 0; i < record->expectations->len; i++) {
        const RecordExpectation *e = &g_array_index(record->expectations, RecordExpectation, i);
        g_ptr_array_add(lines, g_strdup_printf("%s: %s %s", e->id, e->verdict, e->measured ? e->measured : ""));
    }
    for (guint i = 0; i < record->reach->len; i++) {
        const RecordReach *r = &g_array_index(record->reach, RecordReach, i);
        g_ptr_array_add(
            lines, g_strdup_printf("%s -> %s %s: %s, %s, %s", r->from, r->to, r->port, r->before, r->during, r->after));
    }
}

typedef struct {
    ModelInputs *inputs;
    Diagnostics *diagnostics;
    Model *model; /* NULL: it cannot be read */
} Text;

static Text text_read(const char *path) {
    Text text = {model_inputs_new(), diagnostics_new(), NULL};
    MetricRow *metrics = metric_rows();
    GError *error = NULL;
    const ModelRequest request = {.path = path, .inputs = text.inputs, .metrics = metrics};
    text.model = model_read(&request, &builtin_catalogue, text.diagnostics, &error);
    g_assert_no_error(error);
    g_free(metrics);
    return text;
}

static void text_clear(Text *text) {
    model_free(text->model);
    diagnostics_free(text->diagnostics);
    model_inputs_free(text->inputs);
}

/* With something plain instead of `kind`, or (NULL) as it is. */
static GPtrArray *lines_of(const char *path, const Kind *kind) {
    Text text = text_read(path);
    Kind plain = kind ? plain_of(kind) : (Kind){0};
    if (kind)
        make_plain(text.model, kind->name, &plain);
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    Pipeline *pipeline = pipeline_new(text.model);
    pipeline_run(pipeline, 1, NULL, NULL);
    const Record *record = pipeline_record(pipeline);
    add_verdicts(lines, record);
    add_measures(lines, record);
    pipeline_free(pipeline);
    text_clear(&text);
    return lines;
}

/* "as it is -> plain" of the first line that differs; NULL: none does. */
static char *difference(const GPtrArray *as_it_is, const GPtrArray *plain) {
    for (guint i = 0; i < MAX(as_it_is->len, plain->len); i++) {
        const char *a = i < as_it_is->len ? as_it_is->pdata[i] : "nothing";
        const char *b = i < plain->len ? plain->pdata[i] : "nothing";
        if (strcmp(a, b) != 0)
            return g_strdup_printf("%s -> %s", a, b);
    }
    return NULL;
}

/* ---- Scenarios ---- */

typedef struct {
    char *path;
    GPtrArray *kinds; /* names of the kinds that its pattern uses, borrowed */
    GPtrArray *lines; /* once somebody asked */
} Scenario;

static void kinds_find(Scenario *scenario) {
    Text text = text_read(scenario->path);
    for (ComponentId c = 0; text.model && c < text.model->component_count; c++) {
        char *name = (char *)text.model->components[c].kind->name;
        if (!g_ptr_array_find_with_equal_func(scenario->kinds, name, g_str_equal, NULL))
            g_ptr_array_add(scenario->kinds, name);
    }
    text_clear(&text);
}

static void folder_add(GArray *scenarios, const char *folder) {
    GDir *directory = g_dir_open(folder, 0, NULL);
    for (const char *name; directory && (name = g_dir_read_name(directory)) != NULL;) {
        char *path = g_build_filename(folder, name, NULL);
        if (g_str_has_suffix(name, ".yaml")) {
            Scenario scenario = {path, g_ptr_array_new(), NULL};
            kinds_find(&scenario);
            g_array_append_val(scenarios, scenario);
            continue;
        }
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            folder_add(scenarios, path);
        g_free(path);
    }
    if (directory)
        g_dir_close(directory);
}

static gint by_path(gconstpointer a, gconstpointer b) {
    return strcmp(((const Scenario *)a)->path, ((const Scenario *)b)->path);
}

static GArray *scenarios_find(void) {
    GArray *scenarios = g_array_new(FALSE, FALSE, sizeof(Scenario));
    folder_add(scenarios, "scenarios");
    g_array_sort(scenarios, by_path);
    return scenarios;
}

static void scenarios_free(GArray *scenarios) {
    for (guint i = 0; i < scenarios->len; i++) {
        Scenario *scenario = &g_array_index(scenarios, Scenario, i);
        g_free(scenario->path);
        g_ptr_array_free(scenario->kinds, TRUE);
        if (scenario->lines)
            g_ptr_array_free(scenario->lines, TRUE);
    }
    g_array_free(scenarios, TRUE);
}

/* ---- The law ---- */

static char *changed_by(Scenario *scenario, const Kind *kind) {
    if (!scenario->lines)
        scenario->lines = lines_of(scenario->path, NULL);
    GPtrArray *lines = lines_of(scenario->path, kind);
    char *found = difference(scenario->lines, lines);
    g_ptr_array_free(lines, TRUE);
    return found;
}

static bool matters(GArray *scenarios, const Kind *kind) {
    for (guint s = 0; s < scenarios->len; s++) {
        Scenario *scenario = &g_array_index(scenarios, Scenario, s);
        bool uses = g_ptr_array_find_with_equal_func(scenario->kinds, kind->name, g_str_equal, NULL);
        char *what = uses ? changed_by(scenario, kind) : NULL;
        if (!what)
            continue;
        g_test_message("%-22s %s: %s", kind->name, scenario->path, what);
        g_free(what);
        return true;
    }
    g_test_message("%-22s never matters", kind->name);
    return false;
}

static void test_every_kind_matters(void) {
    GArray *scenarios = scenarios_find();
    GString *idle = g_string_new(NULL);
    for (const Kind *const *kind = builtin_catalogue.kinds; *kind; kind++)
        if ((*kind)->role != ROLE_POPULATION && !matters(scenarios, *kind))
            g_string_append_printf(idle, " %s", (*kind)->name);
    g_assert_cmpstr(idle->str, ==, "");
    g_string_free(idle, TRUE);
    scenarios_free(scenarios);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/laws/pass-through", test_every_kind_matters);
    return g_test_run();
}
