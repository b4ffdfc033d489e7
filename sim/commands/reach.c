/* reach.c - `faultline reach FILE`: who can reach whom and why; one question, all of them, or what differs. */
#include <stdio.h>
#include <string.h>

#include "base/quantity.h"
#include "commands/print.h"
#include "commands/reach_view.h"

typedef struct {
    ReadingOptions reading;
    char *from, *to, *port, *client_port, *family, *at, *format, *method, *path;
    char *against, *against_at;
    char **against_sets;
    gboolean by_public_address, all, structure;
} ReachOptions;

static bool refuse(const char *text) {
    fprintf(stderr, "faultline reach: %s\n", text);
    return false;
}

static bool client_port_read(const char *text, uint16_t *port) {
    int64_t value = 0;
    char *why = NULL;
    bool good = text == NULL || (quantity_parse(text, UNIT_NONE, &value, &why) && value >= 1 && value <= UINT16_MAX);
    g_free(why);
    *port = (uint16_t)value;
    return good || refuse("--from-port is a number from 1 to 65535");
}

static bool family_read(const char *text, uint8_t *family) {
    *family = text == NULL ? 0 : strcmp(text, "4") == 0 ? 4 : strcmp(text, "6") == 0 ? 6 : 1;
    return *family != 1 || refuse("--family is 4 or 6");
}

static bool options_fit(const ReachOptions *options, TableFormat format) {
    bool asks = options->from != NULL || options->to != NULL;
    bool differs = options->against != NULL || options->against_at != NULL || options->against_sets != NULL;
    if ((options->from != NULL) != (options->to != NULL))
        return refuse("--from and --to go together");
    if (!asks && (options->port != NULL || options->client_port != NULL || options->by_public_address))
        return refuse("--port, --from-port and --public belong to --from and --to");
    if (!asks && (options->method != NULL || options->path != NULL))
        return refuse("--method and --path belong to --from and --to");
    if (asks && differs)
        return refuse("ask one question with --from and --to, or compare with --against, not both");
    if (options->structure && (asks || differs))
        return refuse("--structure is a page of its own");
    if (options->structure && format == TABLE_CSV)
        return refuse("--structure is printed as text or json");
    if (asks && format == TABLE_CSV)
        return refuse("one question is answered as text or json");
    return true;
}

/* The second side: another file, other values, another instant, or several of these. */
static int against_init(ReachView *other, const char *path, const ReachOptions *options, const CommandEnv *env) {
    GPtrArray *sets = g_ptr_array_new();
    for (char **set = options->reading.sets; set != NULL && *set != NULL; set++)
        g_ptr_array_add(sets, *set);
    for (char **set = options->against_sets; set != NULL && *set != NULL; set++)
        g_ptr_array_add(sets, *set);
    g_ptr_array_add(sets, NULL);
    ReadingOptions reading = options->reading;
    reading.sets = (char **)sets->pdata;
    const char *at = options->against_at != NULL ? options->against_at : options->at;
    int status = reach_view_init(other, options->against != NULL ? options->against : path, &reading, at, env);
    g_ptr_array_free(sets, TRUE);
    return status;
}

static int differ(GString *out, const char *path, const ReachView *view, const ReachOptions *options,
                  TableFormat format, const CommandEnv *env) {
    ReachView other;
    int status = against_init(&other, path, options, env);
    if (other.reach != NULL) {
        for (char **set = options->against_sets; set != NULL && *set != NULL; set++) {
            char *title = g_strdup_printf("%s with %s", other.title, *set);
            g_free(other.title);
            other.title = title;
        }
        status = reach_page_diff(out, view, &other, format, env->width);
    }
    reach_view_clear(&other);
    return status;
}

static int reach_file(const char *path, const ReachOptions *options, TableFormat format, const CommandEnv *env) {
    ReachAsk ask = {options->from,   options->to,  options->port, 0, options->by_public_address, 0,
                    options->method, options->path};
    if (!client_port_read(options->client_port, &ask.client_port) || !family_read(options->family, &ask.family))
        return EXIT_INPUT;
    ReachView view;
    GString *out = g_string_new(NULL);
    int status = reach_view_init(&view, path, &options->reading, options->at, env);
    bool differs = options->against != NULL || options->against_at != NULL || options->against_sets != NULL;
    if (view.reach == NULL)
        status = MAX(status, EXIT_INPUT);
    else if (options->from != NULL)
        status = reach_page_explain(out, &view, &ask, format, env->width);
    else if (options->structure)
        status = reach_page_structure(out, &view, format, env->width);
    else if (differs)
        status = differ(out, path, &view, options, format, env);
    else
        status = reach_page_matrix(out, &view, options->all, format, env->width);
    reach_view_clear(&view);
    if (status == EXIT_DONE || status == EXIT_MISSED)
        return print_out(out) == EXIT_DONE ? status : EXIT_MACHINE;
    g_string_free(out, TRUE);
    return status;
}

static void options_clear(ReachOptions *options) {
    reading_options_clear(&options->reading);
    g_free(options->from);
    g_free(options->to);
    g_free(options->port);
    g_free(options->client_port);
    g_free(options->family);
    g_free(options->at);
    g_free(options->method);
    g_free(options->path);
    g_free(options->format);
    g_free(options->against);
    g_free(options->against_at);
    g_strfreev(options->against_sets);
}

static int reach_run(int argc, char **argv, const CommandEnv *env) {
    ReachOptions options = {0};
    const GOptionEntry entries[] = {
        {"from", 0, 0, G_OPTION_ARG_STRING, &options.from, "who connects: a component, or internet", "A"},
        {"to", 0, 0, G_OPTION_ARG_STRING, &options.to, "to whom", "B"},
        {"port", 0, 0, G_OPTION_ARG_STRING, &options.port, "at which port; otherwise the one that is meant", "tcp/443"},
        {"from-port", 0, 0, G_OPTION_ARG_STRING, &options.client_port, "from this port; otherwise any ordinary one",
         "N"},
        {"family", 0, 0, G_OPTION_ARG_STRING, &options.family, "by IPv4 or by IPv6; otherwise whichever works", "4|6"},
        {"public", 0, 0, G_OPTION_ARG_NONE, &options.by_public_address, "by B's public address", NULL},
        {"method", 0, 0, G_OPTION_ARG_STRING, &options.method, "with this method, in a mesh; otherwise any", "GET"},
        {"path", 0, 0, G_OPTION_ARG_STRING, &options.path, "for this path, in a mesh; otherwise any", "/PATH"},
        {"at", 0, 0, G_OPTION_ARG_STRING, &options.at, "at this instant of the scenario", "TIME"},
        {"against", 0, 0, G_OPTION_ARG_FILENAME, &options.against, "what differs from FILE in this file", "FILE"},
        {"against-set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.against_sets, "... with this value", "NAME=VALUE"},
        {"against-at", 0, 0, G_OPTION_ARG_STRING, &options.against_at, "... at this instant", "TIME"},
        {"structure", 0, 0, G_OPTION_ARG_NONE, &options.structure,
         "single points of failure, least cuts, choke points and chains towards the ends of flows", NULL},
        {"all", 0, 0, G_OPTION_ARG_NONE, &options.all, "also what is not meant and does not connect", NULL},
        {"format", 'f', 0, G_OPTION_ARG_STRING, &options.format, "what to print: text, csv or json", "FORMAT"},
        READING_OPTIONS(options.reading),
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    int status;
    TableFormat format;
    if (arguments_parse(&argc, &argv, entries, "FILE", "who can reach whom, and why", &status)) {
        status = EXIT_INPUT;
        if (argc != 2)
            refuse("name one pattern or scenario file");
        else if (table_format_read(options.format, "reach", &format) && options_fit(&options, format))
            status = reach_file(argv[1], &options, format, env);
    }
    options_clear(&options);
    return status;
}

const Command command_reach = {
    .name = "reach",
    .arguments = "FILE",
    .summary = "who can reach whom, and why; what differs",
    .run = reach_run,
};
