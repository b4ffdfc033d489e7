/* list.c - `faultline list WHAT`: one line each of what there is. */
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "commands/print.h"
#include "commands/reading.h"
#include "commands/topics.h"
#include "measure/measure.h"
#include "read/input.h"

enum { DEPTH_MOST = 8 };

static const int columns[] = {0, 26};

/* --- files -------------------------------------------------------------------------------------------------------- */

typedef struct {
    const char *key;   /* "pattern" or "scenario" */
    const char *about; /* the key that says what it is */
    GString *out;
    int width;
    char *folder; /* of scenarios: the one whose heading was printed last; owned */
} Listing;

/* Scenarios stand under their folder, with what they are about and which pattern it is that they try. */
static void scenario_put(Listing *listing, const char *path, const Node *root, const char *name) {
    char *folder = g_path_get_dirname(g_str_has_prefix(path, "./") ? path + 2 : path),
         *base = g_path_get_basename(path);
    const Node *pattern = node_get(root, "pattern");
    bool named = pattern != NULL && pattern->type == NODE_SCALAR;
    if (g_strcmp0(folder, listing->folder) != 0) {
        char *heading = escape_terminal(folder);
        g_string_append_printf(listing->out, "%s%s/\n", listing->folder != NULL ? "\n" : "", heading);
        g_free(heading);
        g_free(listing->folder);
        listing->folder = g_strdup(folder);
    }
    char *text = g_strdup_printf("%s (%s)", name, named ? pattern->text : "any pattern");
    char *shown = escape_terminal(base), *line = escape_terminal(text);
    const char *cells[] = {shown, line};
    const int starts[] = {2, 34};
    print_row(listing->out, cells, starts, 2, listing->width);
    g_free(line);
    g_free(shown);
    g_free(text);
    g_free(base);
    g_free(folder);
}

static void pattern_put(const Listing *listing, const Node *about, const char *name) {
    char *text = print_sentence(about != NULL && about->type == NODE_SCALAR ? about->text : "");
    char *shown = escape_terminal(name), *line = escape_terminal(text);
    const char *cells[] = {shown, line};
    const int starts[] = {0, 26};
    print_row(listing->out, cells, starts, 2, listing->width);
    g_free(line);
    g_free(shown);
    g_free(text);
}

/* A file that is not of that sort, or cannot be read, is passed over: `check` is who complains. */
static void file_list(Listing *listing, const char *path) {
    Diagnostics *unseen = diagnostics_new();
    GError *error = NULL;
    Source *source = input_read(path, unseen, &error);
    Tree *tree = source != NULL ? tree_read(source, unseen) : NULL;
    const Node *root = tree != NULL ? tree_root(tree) : NULL;
    const Node *name = node_get(root, listing->key), *about = node_get(root, listing->about);
    bool is_scenario = node_get(root, "scenario") != NULL;
    if (name != NULL && name->type == NODE_SCALAR && is_scenario == (strcmp(listing->key, "scenario") == 0)) {
        if (is_scenario)
            scenario_put(listing, path, root, name->text);
        else
            pattern_put(listing, about, name->text);
    }
    g_clear_error(&error);
    tree_free(tree);
    source_free(source);
    diagnostics_free(unseen);
}

static int compare_names(gconstpointer a, gconstpointer b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Files by name, then folders by name. */
static void folder_list(Listing *listing, const char *folder, int depth) {
    GDir *directory = depth < DEPTH_MOST ? g_dir_open(folder, 0, NULL) : NULL;
    if (directory == NULL)
        return;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(directory)) != NULL;)
        g_ptr_array_add(names, g_strdup(name));
    g_dir_close(directory);
    g_ptr_array_sort(names, compare_names);
    for (int folders = 0; folders <= 1; folders++) {
        for (guint i = 0; i < names->len; i++) {
            char *path = g_build_filename(folder, names->pdata[i], NULL);
            if (g_file_test(path, G_FILE_TEST_IS_DIR) && folders == 1 && strcmp(names->pdata[i], "defaults") != 0)
                folder_list(listing, path, depth + 1);
            else if (folders == 0 && g_str_has_suffix(path, ".yaml"))
                file_list(listing, path);
            g_free(path);
        }
    }
    g_ptr_array_free(names, TRUE);
}

static void patterns_list(GString *out, const char *asked, const CommandEnv *env) {
    Listing listing = {"pattern", "about", out, env->width, NULL};
    if (asked != NULL)
        folder_list(&listing, asked, 0);
    else if (g_file_test("patterns", G_FILE_TEST_IS_DIR))
        folder_list(&listing, "patterns", 0);
    else if (env->patterns_folder != NULL)
        folder_list(&listing, env->patterns_folder, 0);
}

static void scenarios_list(GString *out, const CommandEnv *env) {
    Listing listing = {"scenario", "claim", out, env->width, NULL};
    folder_list(&listing, "scenarios", 0);
    g_free(listing.folder);
}

/* --- what is built in --------------------------------------------------------------------------------------------- */

static bool topics_list(GString *out, const char *what, const CommandEnv *env) {
    GArray *topics = topics_collect(env->catalogue);
    bool found = false;
    for (guint i = 0; i < topics->len; i++) {
        const Topic *topic = &g_array_index(topics, Topic, i);
        if (strcmp(topic->list, what) != 0)
            continue;
        char *name = topic->verb != NULL && strcmp(topic->verb, topic->name) != 0
                         ? g_strdup_printf("%s (%s:)", topic->name, topic->verb)
                         : g_strdup(topic->name);
        const char *cells[] = {name, topic->summary};
        print_row(out, cells, columns, 2, env->width);
        g_free(name);
        found = true;
    }
    topics_free(topics);
    return found;
}

static void measures_list(GString *out, const CommandEnv *env) {
    for (uint32_t i = 0; i < measure_count(); i++) {
        char *help = print_sentence(measure_help(measure_info(i)));
        const char *cells[] = {measure_info(i)->name, help};
        print_row(out, cells, columns, 2, env->width);
        g_free(help);
    }
}

static bool list_put(GString *out, const char *what, const char *patterns, const CommandEnv *env) {
    if (strcmp(what, "patterns") == 0)
        patterns_list(out, patterns, env);
    else if (strcmp(what, "scenarios") == 0)
        scenarios_list(out, env);
    else if (strcmp(what, "measures") == 0)
        measures_list(out, env);
    else
        return topics_list(out, what, env);
    return true;
}

static int list_run(int argc, char **argv, const CommandEnv *env) {
    static const char *const words[] = {"patterns", "scenarios", "kinds", "faults",   "orders", "threats",
                                        "sensors",  "responses", "loads", "measures", "maps",   NULL};
    char *patterns = NULL;
    const GOptionEntry entries[] = {
        {"patterns", 0, 0, G_OPTION_ARG_FILENAME, &patterns, "list the patterns in DIR", "DIR"},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
    int status;
    if (!arguments_parse(&argc, &argv, entries, "WHAT", "one line each of what there is", &status)) {
        g_free(patterns);
        return status;
    }
    GString *out = g_string_new(NULL);
    char *all = g_strjoinv(", ", (char **)(void *)words);
    if (argc != 2 || !list_put(out, argv[1], patterns, env)) {
        const char *near = argc == 2 ? suggest_nearest(argv[1], words) : NULL;
        fprintf(stderr, "faultline list: say one of %s%s%s%s\n", all, near != NULL ? " (did you mean '" : "",
                near != NULL ? near : "", near != NULL ? "'?)" : "");
        g_string_free(out, TRUE);
        status = EXIT_INPUT;
    } else {
        status = print_out(out);
    }
    g_free(all);
    g_free(patterns);
    return status;
}

const Command command_list = {
    .name = "list",
    .arguments = "WHAT",
    .summary = "patterns, scenarios, kinds, faults, measures, ...",
    .run = list_run,
};
