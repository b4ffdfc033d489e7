/* diff.c - `faultline diff A B`: what two records or reports say differently. */
#include <stdio.h>
#include <string.h>

#include "commands/differences.h"
#include "commands/documents.h"
#include "commands/print.h"
#include "commands/reading.h"

static int print_differences(const Document *a, const Document *b, bool json, const CommandEnv *env) {
    GPtrArray *differences = differences_of(json_in_root(a->json), json_in_root(b->json));
    GString *out = g_string_new(NULL);
    if (json) {
        size_t length;
        char *text = differences_json(differences, &length);
        g_string_append_len(out, text, (gssize)length);
        g_free(text);
    } else if (differences->len == 0) {
        g_string_append(out, "they say the same\n");
    } else {
        differences_print(out, differences, env->width);
    }
    int status = differences->len == 0 ? EXIT_DONE : EXIT_MISSED;
    g_ptr_array_free(differences, TRUE);
    return print_out(out) == EXIT_DONE ? status : EXIT_MACHINE;
}

static int diff_files(char **paths, bool json, const CommandEnv *env) {
    Document a = {0}, b = {0};
    int status;
    if (document_read(&a, paths[0], "diff", &status) && document_read(&b, paths[1], "diff", &status)) {
        if (a.kind != b.kind) {
            fputs("faultline diff: one is a record and the other a report: compare two of a kind\n", stderr);
            status = EXIT_INPUT;
        } else {
            status = print_differences(&a, &b, json, env);
        }
    }
    document_clear(&a);
    document_clear(&b);
    return status;
}

static int diff_run(int argc, char **argv, const CommandEnv *env) {
    char *format = NULL;
    const GOptionEntry entries[] = {
        {"format", 'f', 0, G_OPTION_ARG_STRING, &format, "text or json (default: text)", "FORMAT"},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
    int status;
    bool good = arguments_parse(&argc, &argv, entries, "A B", "what two records or reports say differently", &status);
    bool json = format && strcmp(format, "json") == 0;
    if (good && (argc != 3 || (format && !json && strcmp(format, "text") != 0))) {
        fputs(argc != 3 ? "faultline diff: name two records, or two JSON reports\n"
                        : "faultline diff: --format is text or json\n",
              stderr);
        status = EXIT_INPUT;
    } else if (good) {
        status = diff_files(argv + 1, json, env);
    }
    g_free(format);
    return status;
}

const Command command_diff = {
    .name = "diff",
    .arguments = "A B",
    .summary = "what two records or reports say differently",
    .run = diff_run,
};
