/* compare.c - `faultline compare A B [C...]`: designs side by side, under the same luck.
 *
 * A design is a pattern or scenario file, with values behind a colon: patterns/x.yaml:dns_ttl=30s,zones=3. With --on,
 * every pattern goes through the same scenarios. Each further design is compared with the first. */
#include <stdio.h>
#include <string.h>

#include "commands/compare_page.h"

typedef struct {
    ReadingOptions reading;
    EffortOptions effort;
    char *format;
    char **scenarios, **metrics;
    gboolean all;
} CompareOptions;

/* --- designs ------------------------------------------------------------------------------------------------------ */

/* "file:name=value,name=value": the values begin behind the last colon before the first equals sign. */
static void design_split(const char *text, char **path, GPtrArray *sets) {
    const char *equals = strchr(text, '='), *colon = NULL;
    for (const char *at = text; equals != NULL && at < equals; at++)
        colon = *at == ':' ? at : colon;
    *path = colon != NULL ? g_strndup(text, (gsize)(colon - text)) : g_strdup(text);
    if (colon == NULL)
        return;
    char **values = g_strsplit(colon + 1, ",", -1);
    for (char **value = values; *value != NULL; value++)
        g_ptr_array_add(sets, g_strdup(*value));
    g_strfreev(values);
}

/* The design as it stands, or going through a scenario. */
static int design_read(Design *design, const char *text, const char *scenario, const CompareOptions *options,
                       const CommandEnv *env) {
    GPtrArray *sets = g_ptr_array_new_with_free_func(g_free);
    char *path;
    design_split(text, &path, sets);
    g_ptr_array_add(sets, NULL);
    DesignSource source = {path, scenario, (const char *const *)sets->pdata, NULL, &options->reading};
    int status = design_init(design, &source, env);
    char *file = g_path_get_basename(path);
    const char *values = strlen(text) > strlen(path) ? text + strlen(path) + 1 : NULL;
    design->title = values != NULL ? g_strdup_printf("%s with %s", file, values) : g_strdup(file);
    g_free(file);
    g_free(path);
    g_ptr_array_free(sets, TRUE);
    return status;
}

/* --- one scenario, or none ---------------------------------------------------------------------------------------- */

static int compare_on(GString *out, char **texts, int count, const char *scenario, const CompareOptions *options,
                      TableFormat format, const CommandEnv *env) {
    Design *designs = g_new0(Design, (gsize)count);
    int status = EXIT_DONE, read = 0;
    for (; read < count && status == EXIT_DONE; read++)
        status = design_read(&designs[read], texts[read], scenario, options, env);
    for (int i = 0; i < count && status == EXIT_DONE; i++)
        status = design_run(&designs[i], &designs[0], &options->effort, "compare", env);
    ComparePage page = {.out = out,
                        .scenario = scenario != NULL && status == EXIT_DONE ? designs[0].reading.model->scenario : NULL,
                        .designs = designs,
                        .count = (uint32_t)count,
                        .metrics = (const char *const *)options->metrics,
                        .all = options->all,
                        .width = env->width};
    if (status == EXIT_DONE)
        compare_page(&page, format);
    for (int i = 0; i < read; i++)
        design_clear(&designs[i]);
    g_free(designs);
    return status;
}

static int compare_all(char **texts, int count, const CompareOptions *options, const CommandEnv *env) {
    TableFormat format;
    if (!table_format_read(options->format, "compare", &format) || !metrics_known(options->metrics, "compare"))
        return EXIT_INPUT;
    GString *out = g_string_new(NULL);
    int status = EXIT_DONE;
    compare_begin(out, format);
    if (options->scenarios == NULL)
        status = compare_on(out, texts, count, NULL, options, format, env);
    for (char **scenario = options->scenarios; scenario != NULL && *scenario != NULL && status == EXIT_DONE; scenario++)
        status = compare_on(out, texts, count, *scenario, options, format, env);
    compare_end(out, format);
    if (status == EXIT_DONE)
        return print_out(out);
    g_string_free(out, TRUE);
    return status;
}

static int compare_run(int argc, char **argv, const CommandEnv *env) {
    CompareOptions options = {0};
    const GOptionEntry entries[] = {
        {"on", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.scenarios, "take every pattern through this scenario",
         "SCENARIO"},
        {"metric", 'm', 0, G_OPTION_ARG_STRING_ARRAY, &options.metrics, "only these metrics", "METRIC"},
        {"all", 0, 0, G_OPTION_ARG_NONE, &options.all, "every metric with its parts, also those that are the same",
         NULL},
        {"format", 'f', 0, G_OPTION_ARG_STRING, &options.format, "what to print: text, csv or json", "FORMAT"},
        EFFORT_LUCK_OPTIONS(options.effort),
        READING_OPTIONS(options.reading),
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    int status;
    bool good =
        arguments_parse(&argc, &argv, entries, "A B [C...]", "designs side by side under the same luck", &status);
    if (good && argc < 3) {
        fputs("faultline compare: name two designs: FILE, or FILE:NAME=VALUE\n", stderr);
        status = EXIT_INPUT;
    } else if (good) {
        status = compare_all(argv + 1, argc - 1, &options, env);
    }
    reading_options_clear(&options.reading);
    effort_options_clear(&options.effort);
    g_free(options.format);
    g_strfreev(options.scenarios);
    g_strfreev(options.metrics);
    return status;
}

const Command command_compare = {
    .name = "compare",
    .arguments = "A B [C...]",
    .summary = "designs side by side, under the same luck",
    .run = compare_run,
};
