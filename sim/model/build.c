/* build.c - small tools that every step of building a model uses. */
#include "model/build.h"

#include <stdarg.h>
#include <string.h>

/* Copies of a stack are read from the same lines, so the same complaint would come once a copy: it is made once. */
static bool is_said(Build *build, Mark mark, const char *text) {
    char *key = g_strdup_printf("%p %u %u %s", (const void *)mark.source, mark.line, mark.column, text);
    return !g_hash_table_add(build->said, key); /* the table frees the key in either case */
}

/* Every step complains through here, and goes on. */
void complain(Build *build, Mark mark, const char *mend, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    if (!is_said(build, mark, text))
        diag_error(build->diagnostics, mark, mend, "%s", text);
    g_free(text);
}

/* A warning does not keep the model from being sealed. */
void warn(Build *build, Mark mark, const char *mend, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    if (!is_said(build, mark, text))
        diag_warning(build->diagnostics, mark, mend, "%s", text);
    g_free(text);
}

/* Texts that are put together live as long as the model: in the tree. */
const char *keep(Build *build, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    const char *kept = tree_string(build->tree, text);
    g_free(text);
    return kept;
}

/* A thing that could not be made leaves its name, so that those who mean it are not told that it is missing: one
 * mistake, one message. */
void fail_name(Build *build, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    g_hash_table_add(build->failed, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

bool has_failed(const Build *build, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *name = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    bool has = g_hash_table_contains(build->failed, name);
    g_free(name);
    return has;
}

/* Tables grow as GArray and stay as plain arrays. */
void *keep_array(Build *build, GArray *array, uint32_t *count) {
    size_t bytes = (size_t)array->len * g_array_get_element_size(array);
    void *kept = NULL;
    if (bytes > 0)
        kept = memcpy(tree_alloc(build->tree, bytes), array->data, bytes);
    *count = array->len;
    g_array_free(array, TRUE);
    return kept;
}

int compare_texts(gconstpointer a, gconstpointer b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

int compare_ids(gconstpointer a, gconstpointer b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* An empty value (`edge:`) is an empty map. */
static bool is_nothing(const Node *node) {
    return node == NULL || node->broken || (node->type == NODE_SCALAR && node->text[0] == '\0' && !node->quoted);
}

bool is_none(const Node *node) { return node != NULL && node->type == NODE_SCALAR && strcmp(node->text, "none") == 0; }

NodeEntry *sorted_entries(Build *build, const Node *map, const char *what, uint32_t *count) {
    *count = 0;
    if (is_nothing(map))
        return NULL;
    if (map->type != NODE_MAP) {
        complain(build, map->mark, "write name: {...}", "%s must be a map of names, not %s", what, node_type_name(map));
        return NULL;
    }
    NodeEntry *entries = tree_alloc(build->tree, (map->count + 1) * sizeof *entries);
    for (size_t i = 0; i < map->count; i++)
        entries[i] = map->entries[i];
    qsort(entries, map->count, sizeof *entries, compare_texts);
    *count = (uint32_t)map->count;
    return entries;
}

/* A single value is handed out as a list of one, so that readers know one form only. */
const Node *const *items_of(Build *build, const Node *node, const char *what, uint32_t *count) {
    *count = 0;
    if (is_nothing(node))
        return NULL;
    if (node->type == NODE_MAP) {
        complain(build, node->mark, "write one value or a list: [a, b]", "%s must be a value or a list, not a map",
                 what);
        return NULL;
    }
    if (node->type == NODE_LIST) {
        *count = (uint32_t)node->count;
        return (const Node *const *)node->items;
    }
    const Node **one = tree_alloc(build->tree, sizeof *one);
    *one = node;
    *count = 1;
    return one;
}

const Node *const *list_of(Build *build, const Node *node, const char *what, const char *mend, uint32_t *count) {
    *count = 0;
    if (is_nothing(node))
        return NULL;
    if (node->type != NODE_LIST) {
        complain(build, node->mark, mend, "%s must be a list, not %s", what, node_type_name(node));
        return NULL;
    }
    *count = (uint32_t)node->count;
    return (const Node *const *)node->items;
}

/* Text of a scalar; values of other shapes are refused, and those complained about before are passed over. */
const char *scalar_of(Build *build, const Node *node, const char *what) {
    if (node == NULL || node->broken)
        return NULL;
    if (node->type == NODE_SCALAR && node->text[0] != '\0')
        return node->text;
    complain(build, node->mark, NULL, "%s must be text, not %s", what,
             node->type == NODE_SCALAR ? "nothing" : node_type_name(node));
    return NULL;
}

/* Names become parts of other names (`site[us-east-1].web/3`), so what separates these may not be in them. */
bool name_is_good(Build *build, const char *name, Mark mark, const char *what) {
    static const char *const taken[] = {"internet", "anyone", "any", "network", "self", "region", "zone", "link"};
    size_t good = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    if (name[0] == '\0' || name[good] != '\0' || name[0] == '-') {
        complain(build, mark, "use letters, digits, - and _", "'%s' cannot be the name of %s", name, what);
        return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(taken); i++) {
        if (strcmp(name, taken[i]) == 0) {
            complain(build, mark, "choose another name", "'%s' has a meaning of its own and cannot be the name of %s",
                     name, what);
            return false;
        }
    }
    return true;
}

/* A map that every copy of a stack reads again is complained about, and its defaults listed, the first time only. */
static bool read_map(Build *build, const Field *fields, const Node *map, const char *const *known, const char *owner,
                     void *keys, AssumedList *assumed) {
    if (map == NULL || g_hash_table_add(build->seen, (Node *)map))
        return fields_read(fields, map, NULL, known, build->tree, owner, keys, assumed, build->diagnostics);
    Diagnostics *unseen = diagnostics_new();
    bool good = fields_read(fields, map, NULL, known, build->tree, owner, keys, NULL, unseen);
    diagnostics_free(unseen);
    return good;
}

bool read_keys(Build *build, const Field *fields, const Node *map, const char *owner, void *keys) {
    return read_map(build, fields, map, NULL, owner, keys, build->assumed);
}

bool read_quietly(Build *build, const Field *fields, const Node *map, const char *owner, void *keys) {
    return read_map(build, fields, map, NULL, owner, keys, NULL);
}

bool read_but(Build *build, const Field *fields, const Node *map, const char *const *known, const char *owner,
              void *keys) {
    return read_map(build, fields, map, known, owner, keys, NULL);
}

/* Elements are numbered in the order in which tables are built, which is that of canonical names. */
uint32_t element_add(Build *build, Mark mark, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    Element element = {tree_string(build->tree, text), mark};
    g_free(text);
    g_array_append_val(build->elements, element);
    return build->elements->len - 1;
}

/* A near name first; else all that could have been meant, while they fit on a line; else how many there are. */
char *mend_name(const char *word, GPtrArray *names, const char *known) {
    g_ptr_array_add(names, NULL);
    const char *near = suggest_nearest(word, (const char *const *)names->pdata);
    char *mend;
    if (near != NULL) {
        mend = g_strdup_printf("did you mean '%s'?", near);
    } else if (names->len > 1 && names->len <= 13) {
        char *all = g_strjoinv(", ", (char **)names->pdata);
        mend = g_strdup_printf("%s: %s", known, all);
        g_free(all);
    } else {
        mend = names->len > 1
                   ? g_strdup_printf("%s: %s, ... (%u in all)", known, (const char *)names->pdata[0], names->len - 1)
                   : g_strdup_printf("%s: none", known);
    }
    g_ptr_array_set_size(names, (gint)names->len - 1);
    return mend;
}

/* The one form of "there is no x": what was looked for, and the nearest name that is there. */
void complain_name(Build *build, Mark mark, const char *word, GPtrArray *names, const char *known, const char *format,
                   ...) {
    va_list arguments;
    va_start(arguments, format);
    char *reason = g_strdup_vprintf(format, arguments), *mend = mend_name(word, names, known);
    va_end(arguments);
    complain(build, mark, mend, "%s", reason);
    g_free(mend);
    g_free(reason);
    g_ptr_array_free(names, TRUE);
}

GPtrArray *keys_of(const Node *map) {
    GPtrArray *names = g_ptr_array_new();
    for (size_t i = 0; map != NULL && map->type == NODE_MAP && i < map->count; i++)
        g_ptr_array_add(names, (char *)map->entries[i].key);
    g_ptr_array_sort(names, compare_texts);
    return names;
}
