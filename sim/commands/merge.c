/* merge.c - `faultline merge PARTS...`: the parts of a study, wherever they were computed, become the whole.
 *
 * The files tell which study they belong to, so neither patterns nor scenario need be there. The report and the record
 * are those of one run of everything, to the byte. */
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "commands/embedded.h"
#include "commands/output.h"

typedef struct {
    GPtrArray *files; /* PartFile */
    const CommandEnv *env;
} Merge;

static void file_close(gpointer file) { part_file_close(file, NULL); }

static int tell(const char *path, const char *why) {
    char *safe = path ? escape_terminal(path) : NULL, *reason = escape_terminal(why);
    fprintf(stderr, "faultline merge: %s%s%s\n", safe ? safe : "", safe ? ": " : "", reason);
    g_free(safe);
    g_free(reason);
    return EXIT_INPUT;
}

static int tell_error(GError *error) {
    int status = tell(NULL, error->message);
    if (error->domain != PART_FILE_ERROR)
        status = EXIT_MACHINE;
    g_error_free(error);
    return status;
}

/* ---- Do they fit together? --------------------------------------------------------------- */

static int files_open(Merge *merge, char **paths) {
    for (; *paths; paths++) {
        GError *error = NULL;
        PartFile *file = part_file_read(*paths, &error);
        if (!file)
            return tell_error(error);
        g_ptr_array_add(merge->files, file);
        char *other = part_file_difference(file, merge->files->pdata[0]);
        if (other) {
            char *why =
                g_strdup_printf("is of another study than %s: %s", part_file_path(merge->files->pdata[0]), other);
            tell(*paths, why);
            g_free(why);
            g_free(other);
            return EXIT_INPUT;
        }
    }
    return EXIT_DONE;
}

/* Who has a replication; NULL: nobody. *twice: somebody else has it, too. */
static const PartFile *file_with(const Merge *merge, uint64_t replication, const PartFile **twice) {
    const PartFile *found = NULL;
    *twice = NULL;
    for (guint i = 0; i < merge->files->len; i++)
        if (part_file_has(merge->files->pdata[i], replication)) {
            *twice = found;
            found = merge->files->pdata[i];
        }
    return found;
}

/* "3, 7 to 9": the missing ones as stretches, no more than people read. */
static char *missing_text(const Merge *merge, uint64_t count) {
    enum { STRETCHES = 8 };
    GString *text = g_string_new(NULL);
    const PartFile *twice;
    int stretches = 0;
    for (uint64_t r = 0; r < count; r++) {
        uint64_t first = r;
        while (r < count && !file_with(merge, r, &twice))
            r++;
        if (r == first)
            continue;
        if (++stretches > STRETCHES)
            continue;
        g_string_append_printf(text, "%s%" G_GUINT64_FORMAT, stretches > 1 ? ", " : "", first);
        if (r - first > 1)
            g_string_append_printf(text, " to %" G_GUINT64_FORMAT, r - 1);
    }
    if (stretches > STRETCHES)
        g_string_append_printf(text, " and %d more stretches", stretches - STRETCHES);
    return g_string_free(text, FALSE);
}

static int files_check(const Merge *merge, uint64_t count) {
    uint64_t held = 0;
    for (uint64_t r = 0; r < count; r++) {
        const PartFile *twice, *file = file_with(merge, r, &twice);
        held += file != NULL;
        if (!twice)
            continue;
        char *why = g_strdup_printf("replication %" G_GUINT64_FORMAT " is in %s, too; leave one of the two out", r,
                                    part_file_path(twice));
        tell(part_file_path(file), why);
        g_free(why);
        return EXIT_INPUT;
    }
    for (guint i = 0; i < merge->files->len; i++)
        if (part_file_torn(merge->files->pdata[i]))
            tell(part_file_path(merge->files->pdata[i]), "its last part is torn and does not count");
    if (held == count)
        return EXIT_DONE;
    char *missing = missing_text(merge, count);
    char *why = g_strdup_printf("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                                " replications are missing: %s (they count from 0; run their shards again)",
                                count - held, count, missing);
    tell(NULL, why);
    g_free(why);
    g_free(missing);
    return EXIT_INPUT;
}

/* ---- Merging ----------------------------------------------------------------------------- */

static int files_take(const Merge *merge, Pipeline *pipeline, uint64_t count) {
    for (uint64_t r = 0; r < count; r++) {
        const PartFile *twice, *file = file_with(merge, r, &twice);
        GError *error = NULL;
        GByteArray *part = part_file_get(file, r, &error);
        if (!part)
            return tell_error(error);
        bool taken = pipeline_take(pipeline, part->data, part->len);
        g_byte_array_free(part, TRUE);
        if (!taken)
            return tell(part_file_path(file), "was not written by this version");
    }
    return EXIT_DONE;
}

static int merge_model(const Merge *merge, const Model *model, const OutputOptions *output) {
    int status = files_check(merge, model->run.replications);
    if (status != EXIT_DONE)
        return status;
    Pipeline *pipeline = pipeline_new(model);
    status = files_take(merge, pipeline, model->run.replications);
    if (status == EXIT_DONE)
        status = output_pipeline(pipeline, output, "merge", merge->env);
    pipeline_free(pipeline);
    return status;
}

static int merge_files(char **paths, const OutputOptions *output, const CommandEnv *env) {
    Merge merge = {g_ptr_array_new_with_free_func(file_close), env};
    int status = files_open(&merge, paths);
    size_t length;
    const char *text = status == EXIT_DONE ? part_file_header(merge.files->pdata[0], &length) : NULL;
    GError *error = NULL;
    JsonDoc *header = text ? json_in_read(text, length, &error) : NULL;
    if (error)
        status = tell_error(error);
    if (header) {
        Reading reading;
        if (embedded_read(&reading, json_in_root(header), paths[0], "merge", env, &status)) {
            uint64_t wanted = part_file_replications(merge.files->pdata[0]);
            reading.model->run.replications = (uint32_t)MIN(wanted, UINT32_MAX);
            status = merge_model(&merge, reading.model, output);
        }
        reading_clear(&reading);
    }
    json_in_free(header);
    g_ptr_array_free(merge.files, TRUE);
    return status;
}

static int merge_run(int argc, char **argv, const CommandEnv *env) {
    OutputOptions output = {0};
    const GOptionEntry entries[] = {OUTPUT_OPTIONS(output), {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
    int status;
    bool good = arguments_parse(&argc, &argv, entries, "PARTS...", "make one report of the parts of a study", &status);
    if (good && argc < 2) {
        fputs("faultline merge: name the files that --save, --resume or --shard wrote\n", stderr);
        status = EXIT_INPUT;
    } else if (good) {
        status = output_options_check(&output, "merge") ? merge_files(argv + 1, &output, env) : EXIT_INPUT;
    }
    output_options_clear(&output);
    return status;
}

const Command command_merge = {
    .name = "merge",
    .arguments = "PARTS...",
    .summary = "make one report of the parts of a study",
    .run = merge_run,
};
