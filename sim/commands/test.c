/* test.c - `faultline test PATH...`: every expectation of every scenario, and every `but:` under which it must fail.
 *
 * An architecture decision is only tested when the smallest change that breaks it is seen to break it. */
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "commands/progress.h"
#include "commands/reading.h"
#include "pipeline.h"

typedef struct {
    ReadingOptions reading;
    gboolean no_but;
} TestOptions;

typedef struct {
    uint32_t passed, failed;
    int status;
} Tally;

/* A changed model that was run: expectations with an equal `but` share it. */
typedef struct {
    Reading reading;
    Pipeline *pipeline;
} Changed;

static void changed_free(gpointer pointer) {
    Changed *changed = pointer;
    pipeline_free(changed->pipeline);
    reading_clear(&changed->reading);
    g_free(changed);
}

static Changed *changed_find(GPtrArray *known, const char *model_digest) {
    for (guint i = 0; i < known->len; i++) {
        Changed *changed = known->pdata[i];
        if (g_str_equal(changed->reading.model->model_digest, model_digest))
            return changed;
    }
    return NULL;
}

static Changed *changed_run(GPtrArray *known, const char *path, const Node *set, const TestOptions *options,
                            const CommandEnv *env, Tally *tally) {
    Changed *fresh = g_new0(Changed, 1);
    reading_init(&fresh->reading, path, &options->reading, set, env);
    tally->status = MAX(tally->status, reading_tell(&fresh->reading));
    Changed *same = fresh->reading.model ? changed_find(known, fresh->reading.model->model_digest) : NULL;
    if (!fresh->reading.model || same) {
        changed_free(fresh);
        return same;
    }
    fresh->pipeline = pipeline_new(fresh->reading.model);
    Progress progress = progress_begin(env, "with its `but`");
    pipeline_run(fresh->pipeline, fresh->reading.model->run.replications, progress_tell, &progress);
    progress_end(&progress);
    g_ptr_array_add(known, fresh);
    return fresh;
}

static char *set_text(const Node *set) {
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < set->count; i++) {
        const Node *value = set->entries[i].value;
        g_string_append_printf(text, "%s%s%s%s", i ? ", " : "", set->entries[i].key,
                               value->type == NODE_SCALAR ? ": " : "", value->type == NODE_SCALAR ? value->text : "");
    }
    return g_string_free(text, FALSE);
}

static void tell(Tally *tally, bool good, const char *word, const char *id, const char *text, const char *measured,
                 const char *more) {
    char *safe = escape_terminal(text), *name = escape_terminal(id);
    tally->passed += good;
    tally->failed += !good;
    printf("  %-4s %-26s %s\n", good ? "ok" : "FAIL", name, safe);
    printf("       %-26s %s%s%s\n", word, measured ? measured : "nothing was measured", more ? "; " : "",
           more ? more : "");
    g_free(safe);
    g_free(name);
}

static void test_but(Pipeline *pipeline, const Model *model, uint32_t e, GPtrArray *known, const char *path,
                     const TestOptions *options, const CommandEnv *env, Tally *tally) {
    const Node *set = node_get(model->expects[e].but, "set");
    Changed *changed = changed_run(known, path, set, options, env, tally);
    if (!changed) {
        tally->failed++;
        return;
    }
    const Judgement *judgement = pipeline_judge(changed->pipeline, e);
    char *text = set_text(set), *but = g_strdup_printf("but with %s", text);
    pipeline_but(pipeline, e, text, judgement->verdict);
    tell(tally, judgement->verdict == FINDING_MISSED, expectation_but_name(judgement->verdict), "", but,
         judgement->measured, judgement->why);
    g_free(text);
    g_free(but);
}

static void test_model(const Model *model, const char *path, const TestOptions *options, const CommandEnv *env,
                       Tally *tally) {
    Pipeline *pipeline = pipeline_new(model);
    GPtrArray *known = g_ptr_array_new_with_free_func(changed_free);
    Progress progress = progress_begin(env, model->scenario ? model->scenario : model->pattern);
    pipeline_run(pipeline, model->run.replications, progress_tell, &progress);
    progress_end(&progress);
    for (uint32_t e = 0; e < model->expect_count; e++) {
        const Judgement *judgement = pipeline_judge(pipeline, e);
        const char *more = judgement->counterexample ? judgement->counterexample : judgement->why;
        tell(tally, judgement->verdict == FINDING_HOLDS, finding_name(judgement->verdict), model->expects[e].id,
             model->expects[e].text, judgement->measured, more);
        if (model->expects[e].but && !options->no_but)
            test_but(pipeline, model, e, known, path, options, env, tally);
    }
    g_ptr_array_free(known, TRUE);
    pipeline_free(pipeline);
}

static void test_file(const char *path, const TestOptions *options, const CommandEnv *env, Tally *tally) {
    Reading reading;
    reading_init(&reading, path, &options->reading, NULL, env);
    int status = reading_tell(&reading);
    tally->status = MAX(tally->status, status);
    if (reading.model) {
        char *name = escape_terminal(path),
             *claim = escape_terminal(reading.model->scenario ? reading.model->scenario : reading.model->pattern);
        printf("%s: %s\n", name, claim);
        test_model(reading.model, path, options, env, tally);
        g_free(claim);
        g_free(name);
    } else {
        tally->failed++;
    }
    reading_clear(&reading);
}

static int by_name(gconstpointer a, gconstpointer b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* Files in order of name; folders are searched for *.yaml. */
static void test_path(const char *path, const TestOptions *options, const CommandEnv *env, Tally *tally) {
    GDir *folder = g_dir_open(path, 0, NULL);
    if (!folder) {
        test_file(path, options, env, tally);
        return;
    }
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name = g_dir_read_name(folder); name; name = g_dir_read_name(folder))
        g_ptr_array_add(names, g_build_filename(path, name, NULL));
    g_dir_close(folder);
    g_ptr_array_sort(names, by_name);
    for (guint i = 0; i < names->len; i++)
        if (g_file_test(names->pdata[i], G_FILE_TEST_IS_DIR) || g_str_has_suffix(names->pdata[i], ".yaml"))
            test_path(names->pdata[i], options, env, tally);
    g_ptr_array_free(names, TRUE);
}

static int test_run(int argc, char **argv, const CommandEnv *env) {
    TestOptions options = {0};
    const GOptionEntry entries[] = {READING_OPTIONS(options.reading),
                                    {"no-but", 0, 0, G_OPTION_ARG_NONE, &options.no_but,
                                     "leave out the changes under which expectations must fail", NULL},
                                    {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
    Tally tally = {0};
    int status;
    bool good = arguments_parse(&argc, &argv, entries, "PATH...",
                                "see whether what scenarios expect holds, and fails when it should", &status);
    if (good && argc < 2) {
        fputs("faultline test: name scenario files, or folders of them\n", stderr);
        status = EXIT_INPUT;
    } else if (good) {
        for (int i = 1; i < argc; i++)
            test_path(argv[i], &options, env, &tally);
        printf("%u passed, %u failed\n", tally.passed, tally.failed);
        status = tally.status != EXIT_DONE ? tally.status : tally.failed ? EXIT_MISSED : EXIT_DONE;
    }
    reading_options_clear(&options.reading);
    return status;
}

const Command command_test = {
    .name = "test",
    .arguments = "PATH...",
    .summary = "see whether what scenarios expect still holds",
    .run = test_run,
};
