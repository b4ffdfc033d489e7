/* verify.c - `faultline verify RECORD`: runs it again from the inputs that it embeds, and says whether it is the same.
 *
 * Same means the same bytes. Nothing but the file is read: no pattern, no scenario, no defaults of this machine. */
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "commands/differences.h"
#include "commands/documents.h"
#include "commands/effort.h"
#include "commands/embedded.h"
#include "commands/print.h"
#include "commands/progress.h"
#include "report/report.h"

/* What the run says in the format of the document; NULL: it was interrupted or failed, and *status says so. */
static char *run_again(const Document *document, const Model *model, uint32_t jobs, const CommandEnv *env,
                       size_t *length, int *status) {
    Pipeline *pipeline = pipeline_new(model);
    GError *error = NULL;
    char *text = NULL;
    Progress progress = progress_begin(env, model->scenario ? model->scenario : model->pattern);
    StudyPlan plan = {.count = model->run.replications, .jobs = jobs};
    uint64_t done = pipeline_run_plan(pipeline, plan, progress_tell, &progress, &error);
    progress_end(&progress);
    *status = error ? EXIT_MACHINE : done < plan.count ? EXIT_INTERRUPTED : EXIT_DONE;
    if (error) {
        fprintf(stderr, "faultline verify: %s\n", error->message);
        g_error_free(error);
    } else if (*status == EXIT_DONE && document->kind == DOCUMENT_RECORD) {
        text = record_to_json(pipeline_record(pipeline), length);
    } else if (*status == EXIT_DONE) {
        ReportInput input = {pipeline_record(pipeline), false, 80};
        text = report_format("json")->write(&input);
        *length = strlen(text);
    }
    pipeline_free(pipeline);
    return text;
}

static int tell_differences(const Document *document, const char *again, size_t length, const CommandEnv *env) {
    JsonDoc *now = json_in_read(again, length, NULL);
    GPtrArray *differences = differences_of(json_in_root(document->json), json_in_root(now));
    char *path = escape_terminal(document->path);
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, "%s: DIFFERS: left what it says, right what the run gives\n", path);
    differences_print(out, differences, env->width);
    if (differences->len == 0)
        g_string_append(out, "the values are the same; spaces or the order of keys are not\n");
    g_free(path);
    g_ptr_array_free(differences, TRUE);
    json_in_free(now);
    return print_out(out) == EXIT_DONE ? EXIT_MISSED : EXIT_MACHINE;
}

static int tell_same(const Document *document, const Model *model) {
    char *path = escape_terminal(document->path);
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, "%s: same, byte for byte: %u replication%s of seed %" G_GUINT64_FORMAT "\n", path,
                           model->run.replications, model->run.replications == 1 ? "" : "s", model->run.seed);
    g_free(path);
    return print_out(out);
}

static int verify_document(const Document *document, uint32_t jobs, const CommandEnv *env) {
    Reading reading;
    int status;
    if (embedded_read(&reading, json_in_root(document->json), document->path, "verify", env, &status)) {
        size_t length;
        uint64_t was_length;
        const char *was = source_text(document->source, &was_length);
        char *again = run_again(document, reading.model, jobs, env, &length, &status);
        if (again)
            status = length == was_length && memcmp(was, again, length) == 0
                         ? tell_same(document, reading.model)
                         : tell_differences(document, again, length, env);
        g_free(again);
    }
    reading_clear(&reading);
    return status;
}

static int verify_run(int argc, char **argv, const CommandEnv *env) {
    char *jobs_text = NULL;
    const GOptionEntry entries[] = {
        {"jobs", 'j', 0, G_OPTION_ARG_STRING, &jobs_text, "worker processes, or auto (default: 1)", "J"},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
    int status;
    uint32_t jobs = 1;
    bool good =
        arguments_parse(&argc, &argv, entries, "FILE", "run a record or report again from what it embeds", &status);
    if (good && argc != 2) {
        fputs("faultline verify: name one record, or one JSON report\n", stderr);
        status = EXIT_INPUT;
    } else if (good) {
        Document document = {0};
        status = EXIT_INPUT;
        if (effort_jobs(jobs_text, "verify", &jobs) && document_read(&document, argv[1], "verify", &status))
            status = verify_document(&document, jobs, env);
        document_clear(&document);
    }
    g_free(jobs_text);
    return status;
}

const Command command_verify = {
    .name = "verify",
    .arguments = "FILE",
    .summary = "run a record or report again, and say whether it is the same",
    .run = verify_run,
};
