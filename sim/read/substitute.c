/* substitute.c - `${name}` becomes the parameter's value, wherever it stands in a pattern. */
#include "read/substitute.h"

#include <string.h>

#include "read/limits.h"
#include "read/text_check.h"

/* --- lookup ------------------------------------------------------------------------------------------------------- */

static int compare_parameters(const void *a, const void *b) {
    return strcmp(((const Parameter *)a)->name, ((const Parameter *)b)->name);
}

void expansion_sort(Expansion *expansion) { g_array_sort(expansion->parameters, compare_parameters); }

Parameter *expansion_find(const Expansion *expansion, const char *name) {
    Parameter wanted = {.name = name};
    if (expansion->parameters->len == 0)
        return NULL;
    return bsearch(&wanted, expansion->parameters->data, expansion->parameters->len, sizeof wanted, compare_parameters);
}

enum { NAMES_SHOWN = 12 };

/* The names for a suggestion, and the first of them as text. */
static char *names_shown(const Expansion *expansion, GPtrArray *names) {
    GString *shown = g_string_new(NULL);
    for (guint i = 0; i < expansion->parameters->len; i++) {
        const char *name = g_array_index(expansion->parameters, Parameter, i).name;
        if (i < NAMES_SHOWN)
            g_string_append_printf(shown, i > 0 ? ", %s" : "%s", name);
        g_ptr_array_add(names, (char *)name);
    }
    if (names->len > NAMES_SHOWN)
        g_string_append(shown, ", ...");
    g_ptr_array_add(names, NULL);
    return g_string_free(shown, FALSE);
}

void expansion_report_unknown(const Expansion *expansion, Mark mark, const char *name) {
    GPtrArray *names = g_ptr_array_new();
    char *shown = names_shown(expansion, names), *brief = text_brief(name);
    const char *near = suggest_nearest(name, (const char *const *)names->pdata);
    char *mend = near != NULL       ? g_strdup_printf("did you mean '%s'?", near)
                 : shown[0] != '\0' ? g_strdup_printf("parameters of this pattern: %s", shown)
                                    : g_strdup("declare it under 'parameters:' of the pattern");
    diag_error(expansion->diagnostics, mark, mend, "there is no parameter '%s'", brief);
    g_free(mend);
    g_free(brief);
    g_free(shown);
    g_ptr_array_free(names, TRUE);
}

/* --- values ------------------------------------------------------------------------------------------------------- */

/* The part of a one-line scalar between two byte offsets; the whole scalar where escapes or folds hide the columns. */
static Mark part_mark(const Node *node, size_t from, size_t to) {
    Mark mark = node->mark;
    uint32_t quotes = node->quoted ? 2 : 0;
    if (mark.line == 0 || g_utf8_strlen(node->text, -1) + (glong)quotes != (glong)mark.length)
        return mark;
    mark.column += quotes / 2 + (uint32_t)g_utf8_strlen(node->text, (gssize)from);
    mark.length = (uint32_t)g_utf8_strlen(node->text + from, (gssize)(to - from));
    return mark;
}

/* What a copy will cost, roughly: nodes and texts. */
static size_t bytes_of(const Node *node) {
    size_t bytes = sizeof *node + (node->type == NODE_SCALAR ? strlen(node->text) : 0);
    for (size_t i = 0; i < node->count; i++)
        bytes += bytes_of(node->type == NODE_MAP ? node->entries[i].value : node->items[i]);
    return bytes;
}

/* Levels of maps and lists: 0 for a scalar. */
static size_t depth_of(const Node *node) {
    size_t deepest = 0;
    for (size_t i = 0; i < node->count; i++) {
        size_t depth = depth_of(node->type == NODE_MAP ? node->entries[i].value : node->items[i]);
        deepest = depth > deepest ? depth : deepest;
    }
    return node->type == NODE_SCALAR ? 0 : deepest + 1;
}

bool expansion_going_on(const Expansion *expansion) {
    return expansion->expanded <= READ_EXPANDED_MOST &&
           diagnostics_errors(expansion->diagnostics) - expansion->errors_before < READ_ERRORS_MOST;
}

/* Count what is put in; the first step over the limit is said, and nothing more is put in. */
static bool charge(Expansion *expansion, Mark mark, size_t bytes) {
    bool was_within = expansion->expanded <= READ_EXPANDED_MOST;
    expansion->expanded += bytes;
    if (expansion->expanded <= READ_EXPANDED_MOST)
        return true;
    if (was_within)
        diag_error(expansion->diagnostics, mark, NULL, "the parameters make more than %d bytes, the most that is read",
                   READ_EXPANDED_MOST);
    return false;
}

/* The parameter named between `from` ("${") and the byte after its "}", or NULL with an error added. */
static Parameter *parameter_at(Expansion *expansion, const Node *node, size_t from, size_t *after) {
    const char *name = node->text + from + 2, *end = strchr(name, '}');
    if (end == NULL) {
        *after = strlen(node->text);
        diag_error(expansion->diagnostics, part_mark(node, from, *after),
                   "write ${name}, or $${ for the two characters", "this '${' is not closed");
        return NULL;
    }
    *after = (size_t)(end - node->text) + 1;
    char *wanted = g_strndup(name, (gsize)(end - name));
    Parameter *found = expansion_find(expansion, wanted);
    if (found == NULL)
        expansion_report_unknown(expansion, part_mark(node, from, *after), wanted);
    else
        found->used = true;
    g_free(wanted);
    return found;
}

/* The scalar becomes the value, of whatever type, with the value's own mark: it is there that a wrong one is mended. */
static void put_whole(Expansion *expansion, Node *node, const Parameter *parameter, size_t depth) {
    if (depth + depth_of(parameter->value) > READ_DEPTH_MOST) {
        diag_error(expansion->diagnostics, node->mark, NULL,
                   "with '%s' more than %d maps and lists stand inside each other", parameter->name, READ_DEPTH_MOST);
        node->broken = true;
    } else if (charge(expansion, node->mark, bytes_of(parameter->value))) {
        *node = *tree_copy(expansion->tree, parameter->value);
    }
}

/* Append the parameter's text; only a scalar can stand inside other text. */
static bool put_inside(Expansion *expansion, const Node *node, const Parameter *parameter, size_t from, size_t after,
                       GString *text) {
    if (parameter == NULL || parameter->value->broken)
        return false;
    if (parameter->value->type == NODE_SCALAR) {
        g_string_append(text, parameter->value->text);
        return charge(expansion, node->mark, strlen(parameter->value->text));
    }
    diag_error(expansion->diagnostics, part_mark(node, from, after), "let it stand alone, as the whole value",
               "parameter '%s' is %s, which cannot stand inside text", parameter->name,
               node_type_name(parameter->value));
    return false;
}

/* Text with references in it. Every one is tried, so that each unknown name is said; a wrong one breaks the scalar. */
static void put_text(Expansion *expansion, Node *node) {
    GString *text = g_string_new(NULL);
    bool good = true;
    for (size_t at = 0; node->text[at] != '\0' && expansion_going_on(expansion);) {
        if (strncmp(node->text + at, "$${", 3) == 0) {
            g_string_append(text, "${");
            at += 3;
        } else if (strncmp(node->text + at, "${", 2) == 0) {
            size_t after;
            const Parameter *parameter = parameter_at(expansion, node, at, &after);
            good = put_inside(expansion, node, parameter, at, after, text) && good;
            at = after;
        } else {
            g_string_append_c(text, node->text[at++]);
        }
    }
    if (good && text->len > READ_SCALAR_MOST) {
        diag_error(expansion->diagnostics, node->mark, NULL, "with its parameters this value is longer than %d bytes",
                   READ_SCALAR_MOST);
        good = false;
    }
    if (good)
        node->text = tree_string(expansion->tree, text->str);
    node->broken = !good;
    g_string_free(text, TRUE);
}

/* Nearly all scalars hold no reference and are left alone. */
static void substitute_scalar(Expansion *expansion, Node *node, size_t depth) {
    const char *closing = strchr(node->text, '}');
    if (strstr(node->text, "${") == NULL || node->broken)
        return;
    if (strncmp(node->text, "${", 2) != 0 || closing == NULL || closing[1] != '\0') {
        put_text(expansion, node);
        return;
    }
    size_t after;
    const Parameter *parameter = parameter_at(expansion, node, 0, &after);
    if (parameter != NULL)
        put_whole(expansion, node, parameter, depth);
    else
        node->broken = true;
}

/* `depth` counts the maps and lists around the node. */
static void walk(Expansion *expansion, Node *node, size_t depth, const char *skip) {
    if (node->type == NODE_SCALAR) {
        substitute_scalar(expansion, node, depth);
        return;
    }
    for (size_t i = 0; i < node->count && expansion_going_on(expansion); i++) {
        if (node->type == NODE_LIST) {
            walk(expansion, node->items[i], depth + 1, NULL);
            continue;
        }
        const NodeEntry *entry = &node->entries[i];
        if (skip != NULL && strcmp(entry->key, skip) == 0)
            continue;
        if (strstr(entry->key, "${") != NULL)
            diag_error(expansion->diagnostics, entry->mark, "write the key out", "a key cannot hold a parameter");
        walk(expansion, entry->value, depth + 1, NULL);
    }
}

void substitute(Expansion *expansion, Node *root, const char *skip) { walk(expansion, root, 0, skip); }
