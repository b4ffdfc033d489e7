/* sweep.c - `faultline sweep S --set NAME=V1,V2`: a grid of values, every cell under the same luck.
 *
 * One row a cell, with the mean and its 95 % interval for each metric; which cells nobody beats (the Pareto front), the
 * knee of a front in two metrics, and which value moves a metric most. */
#include <stdio.h>
#include <string.h>

#include "commands/sweep_page.h"

enum { CELLS_MOST = 10000 };

typedef struct {
    ReadingOptions reading;
    EffortOptions effort;
    char *format;
    char **metrics;
} SweepOptions;

/* --- the grid ----------------------------------------------------------------------------------------------------- */

/* At commas outside of brackets: "[a, b],[c]" is two values. */
static void values_split(const char *text, GPtrArray *values) {
    int depth = 0;
    const char *begin = text;
    for (const char *at = text;; at++) {
        depth += (*at == '[' || *at == '{') - (*at == ']' || *at == '}');
        if (*at != '\0' && (*at != ',' || depth > 0))
            continue;
        g_ptr_array_add(values, g_strstrip(g_strndup(begin, (gsize)(at - begin))));
        begin = at + 1;
        if (*at == '\0')
            return;
    }
}

static void axis_clear(gpointer pointer) {
    SweepAxis *axis = pointer;
    g_free(axis->name);
    g_ptr_array_free(axis->values, TRUE);
}

/* An option with several values is an axis; what is no NAME=VALUE is left to whoever reads the others. */
static bool axis_read(const char *text, SweepAxis *axis) {
    const char *equals = strchr(text, '=');
    GPtrArray *values = g_ptr_array_new_with_free_func(g_free);
    if (equals != NULL && equals != text)
        values_split(equals + 1, values);
    if (values->len < 2) {
        g_ptr_array_free(values, TRUE);
        return false;
    }
    *axis = (SweepAxis){g_strndup(text, (gsize)(equals - text)), values};
    return true;
}

/* Takes those of `sets` that are axes out of it; the rest holds in every cell. */
static bool axes_read(char **sets, GArray *axes) {
    uint64_t cells = 1;
    char **kept = sets;
    for (char **text = sets; text != NULL && *text != NULL; text++) {
        SweepAxis axis;
        if (cells <= CELLS_MOST && axis_read(*text, &axis)) {
            g_array_append_val(axes, axis);
            cells *= axis.values->len;
            g_free(*text);
        } else {
            *kept++ = *text;
        }
    }
    if (kept != NULL)
        *kept = NULL;
    if (cells > CELLS_MOST)
        fprintf(stderr, "faultline sweep: the grid has more than %d cells\n", CELLS_MOST);
    else if (axes->len == 0)
        fputs("faultline sweep: say what varies, and its values: --set dns_ttl=30s,60s\n", stderr);
    return axes->len > 0 && cells <= CELLS_MOST;
}

/* The value of an axis in a cell: the last axis turns fastest. */
static const char *cell_value(const GArray *axes, uint32_t cell, guint axis) {
    for (guint i = axes->len; i-- > axis + 1;)
        cell /= g_array_index(axes, SweepAxis, i).values->len;
    const GPtrArray *values = g_array_index(axes, SweepAxis, axis).values;
    return values->pdata[cell % values->len];
}

/* --- running ------------------------------------------------------------------------------------------------------ */

static int cell_run(Sweep *sweep, uint32_t cell, Design *design, const Design *first, const char *path,
                    const SweepOptions *options, const CommandEnv *env) {
    GPtrArray *sets = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < sweep->axes->len; i++)
        g_ptr_array_add(sets, g_strdup_printf("%s=%s", g_array_index(sweep->axes, SweepAxis, i).name,
                                              cell_value(sweep->axes, cell, i)));
    g_ptr_array_add(sets, NULL);
    DesignSource source = {path, NULL, (const char *const *)sets->pdata, NULL, &options->reading};
    int status = design_init(design, &source, env);
    if (status == EXIT_DONE)
        status = design_run(design, first, &options->effort, "sweep", env);
    if (status == EXIT_DONE)
        sweep_cell_add(sweep, design_measures(design));
    g_ptr_array_free(sets, TRUE);
    return status;
}

/* The first design is kept: its seed and number of replications hold for all. */
static int cells_run(Sweep *sweep, const char *path, const SweepOptions *options, const CommandEnv *env) {
    uint32_t cells = 1;
    Design first = {0};
    for (guint i = 0; i < sweep->axes->len; i++)
        cells *= g_array_index(sweep->axes, SweepAxis, i).values->len;
    int status = cell_run(sweep, 0, &first, &first, path, options, env);
    for (uint32_t cell = 1; cell < cells && status == EXIT_DONE; cell++) {
        Design design = {0};
        status = cell_run(sweep, cell, &design, &first, path, options, env);
        design_clear(&design);
    }
    sweep->replications = status == EXIT_DONE ? measure_set_replications(design_measures(&first)) : 0;
    design_clear(&first);
    return status;
}

static int sweep_file(const char *path, const SweepOptions *options, const CommandEnv *env) {
    static char *const usual[] = {(char *)"lost_sessions", (char *)"cost_per_hour", NULL};
    char *const *metrics = options->metrics != NULL ? options->metrics : usual;
    TableFormat format;
    Sweep sweep;
    sweep_init(&sweep, path, (const char *const *)metrics, cell_value);
    g_array_set_clear_func(sweep.axes, axis_clear);
    int status = EXIT_INPUT;
    if (table_format_read(options->format, "sweep", &format) && metrics_known(metrics, "sweep") &&
        axes_read(options->reading.sets, sweep.axes))
        status = cells_run(&sweep, path, options, env);
    if (status == EXIT_DONE) {
        GString *out = g_string_new(NULL);
        sweep_print(out, &sweep, format, env->width);
        status = print_out(out);
    }
    sweep_clear(&sweep);
    return status;
}

static int sweep_run(int argc, char **argv, const CommandEnv *env) {
    SweepOptions options = {0};
    const GOptionEntry entries[] = {
        {"metric", 'm', 0, G_OPTION_ARG_STRING_ARRAY, &options.metrics,
         "what is measured (default: lost_sessions and cost_per_hour)", "METRIC"},
        {"format", 'f', 0, G_OPTION_ARG_STRING, &options.format, "what to print: text, csv or json", "FORMAT"},
        EFFORT_LUCK_OPTIONS(options.effort),
        READING_OPTIONS(options.reading),
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    int status;
    bool good = arguments_parse(&argc, &argv, entries, "FILE",
                                "a grid of values (--set NAME=V1,V2) under the same luck", &status);
    if (good && argc != 2) {
        fputs("faultline sweep: name one file, and what varies: FILE --set dns_ttl=30s,60s\n", stderr);
        status = EXIT_INPUT;
    } else if (good) {
        status = sweep_file(argv[1], &options, env);
    }
    reading_options_clear(&options.reading);
    effort_options_clear(&options.effort);
    g_free(options.format);
    g_strfreev(options.metrics);
    return status;
}

const Command command_sweep = {
    .name = "sweep",
    .arguments = "FILE --set NAME=V,W",
    .summary = "a grid of values: what each costs and brings",
    .run = sweep_run,
};
