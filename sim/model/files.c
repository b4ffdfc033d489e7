/* files.c - finds and reads the files a model is made of: scenario, pattern, and the defaults beside the patterns.
 *
 * Patterns are found by name in: --patterns DIR; `patterns` in the file's folder or the nearest parent that has it; the
 * installed folder. Each kind of file is searched on its own, so a folder of one's own need not repeat the defaults. */
#include <string.h>

#include "model/build.h"
#include "read/input.h"
#include "read/limits.h"

enum { PARENTS_MOST = 64 };

/* --- folders ------------------------------------------------------------------------------------------------------ */

static void folder_add(Build *build, const char *folder) {
    g_ptr_array_add(build->folders, (char *)tree_string(build->tree, folder));
}

/* Climb by text ("..", "../.."), so that names stay as short as the user wrote them and no absolute path appears. */
static char *parent_of(const char *folder) {
    char *base = g_path_get_basename(folder);
    char *parent = strcmp(folder, ".") == 0  ? g_strdup("..")
                   : strcmp(base, "..") == 0 ? g_build_filename(folder, "..", NULL)
                                             : g_path_get_dirname(folder);
    g_free(base);
    return parent;
}

/* Compared as a whole path; the climb itself stays relative. */
static bool is_root(const char *folder) {
    char *whole = g_canonicalize_filename(folder, NULL);
    bool root = strcmp(whole, "/") == 0;
    g_free(whole);
    return root;
}

/* Every parent counts, not only the nearest: the first folder that has the file wins. */
static void folders_find(Build *build) {
    const ModelRequest *request = build->request;
    if (request->texts != NULL)
        return; /* no file is looked for */
    if (request->patterns_folder != NULL)
        folder_add(build, request->patterns_folder);
    char *folder = strcmp(request->path, "-") == 0 ? g_strdup(".") : g_path_get_dirname(request->path);
    for (int climbed = 0; climbed < PARENTS_MOST; climbed++) {
        char *patterns = strcmp(folder, ".") == 0 ? g_strdup("patterns") : g_build_filename(folder, "patterns", NULL);
        if (g_file_test(patterns, G_FILE_TEST_IS_DIR))
            folder_add(build, patterns);
        g_free(patterns);
        if (is_root(folder))
            break;
        char *parent = parent_of(folder);
        g_free(folder);
        folder = parent;
    }
    g_free(folder);
    if (request->installed_folder != NULL)
        folder_add(build, request->installed_folder);
}

/* The text of that label; for the first file, whose label is not known before it is read, the first. */
static const ModelText *text_find(const Build *build, const char *label) {
    const ModelRequest *request = build->request;
    if (build->sources->len == 0)
        return request->text_count > 0 ? &request->texts[0] : NULL;
    for (uint32_t i = 0; i < request->text_count; i++)
        if (strcmp(request->texts[i].label, label) == 0)
            return &request->texts[i];
    return NULL;
}

/* The first folder's file of that name; NULL: none has it. g_free. */
static char *search(const Build *build, const char *name) {
    if (build->request->texts != NULL) {
        char *label = g_strconcat("patterns/", name, NULL);
        return text_find(build, label) != NULL ? label : (g_free(label), NULL);
    }
    for (guint i = 0; i < build->folders->len; i++) {
        char *path = g_build_filename(build->folders->pdata[i], name, NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            return path;
        g_free(path);
    }
    return NULL;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static Source *source_read(Build *build, const char *path, const char *label) {
    if (build->request->texts == NULL)
        return input_read(path, build->diagnostics, &build->error);
    const ModelText *text = text_find(build, label);
    if (text == NULL || strlen(text->text) > READ_FILE_MOST) {
        complain(build, MARK_NONE, NULL, text ? "the text of %s is too long" : "the text of %s is missing", label);
        return NULL;
    }
    return source_new(text->label, text->text, strlen(text->text));
}

/* The tree of a file, kept by the inputs; NULL after a complaint or with build->error set. The label is its name in
 * records: the same wherever the folders lie. */
static Tree *file_read(Build *build, const char *path, const char *label) {
    Source *source = source_read(build, path, label);
    if (source == NULL)
        return NULL;
    g_ptr_array_add(build->request->inputs->sources, source);
    g_ptr_array_add(build->sources, source);
    g_ptr_array_add(build->source_labels, (char *)tree_string(build->tree, label));
    Tree *tree = tree_read(source, build->diagnostics);
    g_ptr_array_add(build->request->inputs->trees, tree);
    return tree_root(tree) != NULL ? tree : NULL;
}

/* A name, never a path. Its label says that it is no pattern. */
const Source *file_beside(Build *build, const char *name, Mark mark) {
    if (strpbrk(name, "/\\") != NULL || name[0] == '\0' || name[0] == '.' || name[0] == '-') {
        complain(build, mark, "put the file beside this one and write its name", "'%s' is no name of a file", name);
        return NULL;
    }
    char *folder = mark.source != NULL ? g_path_get_dirname(source_name(mark.source)) : g_strdup(".");
    char *path = strcmp(folder, ".") == 0 ? g_strdup(name) : g_build_filename(folder, name, NULL);
    char *label = g_strconcat("beside/", name, NULL);
    guint told = diagnostics_errors(build->diagnostics);
    Source *source = source_read(build, path, label);
    if (source != NULL) {
        g_ptr_array_add(build->request->inputs->sources, source);
        g_ptr_array_add(build->sources, source);
        g_ptr_array_add(build->source_labels, (char *)tree_string(build->tree, label));
    } else if (build->error == NULL && diagnostics_errors(build->diagnostics) > told) {
        complain(build, mark, "it must stand beside this file", "the file '%s' cannot be read", name);
    }
    g_free(label);
    g_free(path);
    g_free(folder);
    return source;
}

/* Names of the patterns that can be found, for a mend. */
static void patterns_list(const Build *build, GPtrArray *names) {
    for (guint i = 0; i < build->folders->len; i++) {
        GDir *folder = g_dir_open(build->folders->pdata[i], 0, NULL);
        for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;) {
            if (g_str_has_suffix(name, ".yaml"))
                g_ptr_array_add(names, g_strndup(name, strlen(name) - strlen(".yaml")));
        }
        if (folder != NULL)
            g_dir_close(folder);
    }
    g_ptr_array_sort(names, compare_texts);
}

/* The names are only for the mend, so folders that cannot be read are passed over. */
static void complain_pattern(Build *build, Mark mark, const char *name) {
    GPtrArray *names = g_ptr_array_new();
    patterns_list(build, names);
    char *mend = names->len > 0 ? mend_name(name, names, "patterns found") : NULL;
    complain(build, mark, mend != NULL ? mend : "say where patterns are: --patterns DIR", "no pattern is named '%s'",
             name);
    g_free(mend);
    g_ptr_array_foreach(names, (GFunc)(void (*)(void))g_free, NULL);
    g_ptr_array_free(names, TRUE);
}

/* The file that was asked for, whatever the scenario says. */
static void pattern_given(Build *build) {
    char *file = g_path_get_basename(build->request->pattern), *label = g_strconcat("patterns/", file, NULL);
    build->pattern_tree = file_read(build, build->request->pattern, label);
    const Node *root = build->pattern_tree != NULL ? tree_root(build->pattern_tree) : NULL;
    if (root != NULL && (node_get(root, "pattern") == NULL || node_get(root, "scenario") != NULL)) {
        complain(build, root->mark, "give a file that begins with `pattern: NAME`", "the file is no pattern");
        build->pattern_tree = NULL;
    }
    g_free(label);
    g_free(file);
}

/* A name, never a path: `pattern: ../../etc/x` is no name. */
static void pattern_find(Build *build) {
    const Node *root = tree_root(build->scenario_tree), *name = node_get(root, "pattern");
    if (build->request->pattern != NULL) {
        pattern_given(build);
        return;
    }
    if (name == NULL)
        complain(build, root->mark, "add pattern: NAME, or say which: --pattern FILE", "the scenario names no pattern");
    if (name == NULL || name->type != NODE_SCALAR || !name_is_good(build, name->text, name->mark, "a pattern"))
        return;
    char *file = g_strconcat(name->text, ".yaml", NULL), *path = search(build, file);
    char *label = g_strconcat("patterns/", file, NULL);
    if (path != NULL)
        build->pattern_tree = file_read(build, path, label);
    else
        complain_pattern(build, name->mark, name->text);
    g_free(label);
    g_free(path);
    g_free(file);
}

/* Which of the two a file is, its keys tell, in any order. */
bool read_inputs(Build *build) {
    folders_find(build);
    char *label = g_path_get_basename(build->request->path);
    Tree *tree = file_read(build, build->request->path, label);
    g_free(label);
    if (tree == NULL)
        return false;
    const Node *root = tree_root(tree);
    if (node_get(root, "scenario") != NULL) {
        build->scenario_tree = tree;
        build->source_labels->pdata[0] = (char *)keep(build, "scenario %s", (char *)build->source_labels->pdata[0]);
        if (!read_quietly(build, scenario_keys, root, "the scenario", &build->scenario) &&
            build->scenario.pattern == NULL && build->request->pattern == NULL)
            return false;
        pattern_find(build);
    } else if (node_get(root, "pattern") != NULL) {
        build->pattern_tree = tree;
        build->source_labels->pdata[0] = (char *)keep(build, "patterns/%s", (char *)build->source_labels->pdata[0]);
    } else {
        complain(build, root->mark, "begin with `pattern: NAME` or `scenario: NAME`",
                 "the file is neither a pattern nor a scenario");
    }
    return build->pattern_tree != NULL;
}

/* --- defaults ----------------------------------------------------------------------------------------------------- */

/* Absence is no mistake here: the caller knows whether it can do without. */
static const Node *defaults_file(Build *build, const char *name) {
    char *relative = g_strdup_printf("defaults/%s.yaml", name), *path = search(build, relative);
    char *label = g_strconcat("patterns/", relative, NULL);
    Tree *tree = path != NULL ? file_read(build, path, label) : NULL;
    g_free(label);
    g_free(path);
    g_free(relative);
    return tree != NULL ? tree_root(tree) : NULL;
}

void read_defaults(Build *build) {
    build->places = defaults_file(build, "places");
    build->network = defaults_file(build, "network");
    build->prices = defaults_file(build, "prices");
    if (build->places == NULL && build->error == NULL)
        complain(build, MARK_NONE, "say where they are: --patterns DIR",
                 "there is no defaults/places.yaml beside the patterns");
}

/* Each file is read once, when the first thing needs it. */
const Node *provider_root(Build *build, const char *provider) {
    for (guint i = 0; i < build->provider_names->len; i++) {
        if (strcmp(build->provider_names->pdata[i], provider) == 0)
            return build->provider_roots->pdata[i];
    }
    bool plain = strspn(provider, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(provider) && provider[0] != '\0';
    const Node *root = plain ? defaults_file(build, provider) : NULL;
    g_ptr_array_add(build->provider_names, (char *)tree_string(build->tree, provider));
    g_ptr_array_add(build->provider_roots, (Node *)root);
    return root;
}

/* What the provider says about a kind: handed to fields_read as the second source of values. */
const Node *provider_kind(Build *build, const char *provider, const char *kind) {
    return node_get(node_get(provider_root(build, provider), "kinds"), kind);
}
