/* everywhere.c - what several patterns have shown of a scenario that names none. */
#include "commands/everywhere.h"

#include <stdio.h>
#include <string.h>

#include "base/escape.h"

typedef struct {
    char *id, *text, *but;
    bool decided, failed; /* on some pattern; failed: under its `but` */
} Asked;

struct Everywhere {
    GArray *asked; /* Asked, in the order of the expectations */
};

Everywhere *everywhere_new(void) {
    Everywhere *everywhere = g_new0(Everywhere, 1);
    everywhere->asked = g_array_new(FALSE, TRUE, sizeof(Asked));
    return everywhere;
}

void everywhere_free(Everywhere *everywhere) {
    if (!everywhere)
        return;
    for (guint i = 0; i < everywhere->asked->len; i++) {
        Asked *asked = &g_array_index(everywhere->asked, Asked, i);
        g_free(asked->id);
        g_free(asked->text);
        g_free(asked->but);
    }
    g_array_free(everywhere->asked, TRUE);
    g_free(everywhere);
}

static Asked *asked_find(const Everywhere *everywhere, const Expect *expect) {
    for (guint i = 0; i < everywhere->asked->len; i++) {
        Asked *asked = &g_array_index(everywhere->asked, Asked, i);
        if (g_str_equal(asked->id, expect->id))
            return asked;
    }
    return NULL;
}

static Asked *asked_of(Everywhere *everywhere, const Expect *expect) {
    Asked *asked = asked_find(everywhere, expect);
    if (asked)
        return asked;
    Asked fresh = {.id = g_strdup(expect->id), .text = g_strdup(expect->text)};
    g_array_append_val(everywhere->asked, fresh);
    return &g_array_index(everywhere->asked, Asked, everywhere->asked->len - 1);
}

/* In the run that came last. */
static bool sessions_arrived(const Study *study) {
    const Model *model = study_model(study);
    for (ComponentId c = 0; c < model->component_count; c++)
        if (model->load_count > 0 && study_ledger(study, c).arrived > 0)
            return true;
    return false;
}

const char *everywhere_skips(Everywhere *everywhere, const Study *study, const Expect *expect,
                             const Judgement *judgement) {
    Asked *asked = asked_of(everywhere, expect);
    if (expect->kind == EXPECT_MEASURE && !sessions_arrived(study))
        return "no session arrives in this pattern";
    if (expect->kind == EXPECT_MEASURE && !judgement->measured)
        return "nothing of the sort happens in this pattern";
    asked->decided = true;
    return NULL;
}

bool everywhere_wants(const Everywhere *everywhere, const Expect *expect) {
    const Asked *asked = asked_find(everywhere, expect);
    return expect->but && !(asked && asked->failed);
}

void everywhere_tried(Everywhere *everywhere, const Expect *expect, const char *text, bool failed) {
    Asked *asked = asked_of(everywhere, expect);
    asked->failed = asked->failed || failed;
    if (!asked->but)
        asked->but = g_strdup(text);
}

void everywhere_end(const Everywhere *everywhere, TestReport *report) {
    for (guint i = 0; i < everywhere->asked->len; i++) {
        const Asked *asked = &g_array_index(everywhere->asked, Asked, i);
        TestCase row = {.name = asked->id, .severity = TEST_ERROR, .outcome = TEST_FAILED};
        if (!asked->decided) {
            row.kind = TEST_EXPECT;
            row.text = asked->text;
            row.verdict = "can be asked of no pattern";
            test_report_case(report, row);
        } else if (asked->but && !asked->failed) {
            row.kind = TEST_BUT;
            row.text = asked->but;
            row.verdict = "still holds";
            row.measured = "on every pattern";
            test_report_case(report, row);
        }
    }
}

/* ---- Patterns ---------------------------------------------------------------------------- */

static int by_name(gconstpointer a, gconstpointer b) { return strcmp(*(char *const *)a, *(char *const *)b); }

GPtrArray *everywhere_patterns(const char *folder, const CommandEnv *env) {
    const char *from = folder                                        ? folder
                       : g_file_test("patterns", G_FILE_TEST_IS_DIR) ? "patterns"
                                                                     : env->patterns_folder;
    GDir *directory = from ? g_dir_open(from, 0, NULL) : NULL;
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; directory && (name = g_dir_read_name(directory)) != NULL;)
        if (g_str_has_suffix(name, ".yaml"))
            g_ptr_array_add(files, g_build_filename(from, name, NULL));
    if (directory)
        g_dir_close(directory);
    g_ptr_array_sort(files, by_name);
    if (files->len)
        return files;
    char *safe = escape_terminal(from ? from : "patterns");
    fprintf(stderr, "faultline test: there is no pattern in %s; say where they are: --patterns DIR\n", safe);
    g_free(safe);
    g_ptr_array_free(files, TRUE);
    return NULL;
}

static char *stem_of(const char *path) {
    char *base = g_path_get_basename(path);
    if (g_str_has_suffix(base, ".yaml"))
        base[strlen(base) - strlen(".yaml")] = '\0';
    return base;
}

char *everywhere_name(const char *pattern, const char *scenario) {
    char *of = stem_of(pattern), *what = stem_of(scenario), *name = g_strconcat(of, "/", what, NULL);
    g_free(of);
    g_free(what);
    return name;
}
