/* fields.c - a map and a table of rows to a filled spec, with every default accounted for. */
#include "read/fields.h"

#include <glib.h>
#include <string.h>

#include "base/bug.h"
#include "read/field_value.h"
#include "read/limits.h"

const char FIELD_REQUIRED[] = "(required)";

/* What stays the same while a table and its groups are read. */
typedef struct {
    Tree *tree;
    const char *owner;
    AssumedList *assumed; /* NULL while a provider's file is checked */
    Diagnostics *diagnostics;
} Reading;

/* "health_check" and "every" to "health_check.every": how messages and `assumed` name a nested key. */
static const char *dotted(const Reading *reading, const char *prefix, const char *name) {
    if (prefix[0] == '\0')
        return name;
    char *joined = g_strconcat(prefix, ".", name, NULL);
    const char *kept = tree_string(reading->tree, joined);
    g_free(joined);
    return kept;
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

/* Linear: tables have some ten rows. */
static bool is_known(const Field *fields, const char *const *known, const char *key) {
    for (const Field *row = fields; row->name != NULL; row++) {
        if (strcmp(row->name, key) == 0)
            return true;
    }
    for (; known != NULL && *known != NULL; known++) {
        if (strcmp(*known, key) == 0)
            return true;
    }
    return false;
}

/* "did you mean", or everything that may stand here. */
static char *propose_key(const Field *fields, const char *const *known, const char *key) {
    GPtrArray *names = g_ptr_array_new();
    for (const Field *row = fields; row->name != NULL; row++)
        g_ptr_array_add(names, (char *)row->name);
    for (; known != NULL && *known != NULL; known++)
        g_ptr_array_add(names, (char *)*known);
    g_ptr_array_add(names, NULL);
    const char *near = suggest_nearest(key, (const char *const *)names->pdata);
    char *all = g_strjoinv(", ", (char **)names->pdata);
    char *mend = near != NULL ? g_strdup_printf("did you mean '%s'?", near)
                              : g_strdup_printf("keys known here: %s", all[0] != '\0' ? all : "none");
    g_free(all);
    g_ptr_array_free(names, TRUE);
    return mend;
}

/* Each complaint weighs every known name, so a map full of strangers is cut short. */
static bool check_keys(const Reading *reading, const char *prefix, const Field *fields, const Node *map,
                       const char *const *known) {
    int strangers = 0;
    for (size_t i = 0; i < map->count && strangers < READ_ERRORS_MOST; i++) {
        const NodeEntry *entry = &map->entries[i];
        if (is_known(fields, known, entry->key))
            continue;
        char *mend = propose_key(fields, known, entry->key);
        diag_error(reading->diagnostics, entry->mark, mend, "unknown key '%s' in %s", entry->key,
                   prefix[0] != '\0' ? prefix : reading->owner);
        g_free(mend);
        strangers++;
    }
    return strangers == 0;
}

/* --- one row ------------------------------------------------------------------------------------------------------ */

/* The mend is the row itself: what to add, of which type, and what it is for. */
static bool read_missing(const Reading *reading, const Field *row, const char *label, Mark at) {
    char *mend = g_strdup_printf("add %s: %s%s%s", row->name, field_type_name(row), row->help != NULL ? ", " : "",
                                 row->help != NULL ? row->help : "");
    diag_error(reading->diagnostics, at, mend, "'%s' is missing in %s", label, reading->owner);
    g_free(mend);
    return false;
}

/* The row's own default. It cannot be wrong: a table whose default does not parse is our bug. */
static bool read_own_default(const Reading *reading, const Field *row, const char *label, void *member) {
    Node text = {.type = NODE_SCALAR, .text = row->otherwise};
    Diagnostics *unseen = diagnostics_new();
    bool good = field_from_node(row, label, &text, reading->tree, member, unseen);
    diagnostics_free(unseen);
    BUG_IF(!good, row->name);
    if (reading->assumed != NULL)
        assumed_add(reading->assumed, reading->owner, label, row->otherwise,
                    row->source != NULL ? row->source : "assumption");
    return true;
}

/* A provider writes a value, or {value: V, source: S}. */
static const Node *provider_value(const Node *node, const char **source) {
    const Node *value = node_get(node, "value"), *from = node_get(node, "source");
    *source = from != NULL && from->type == NODE_SCALAR && from->text[0] != '\0' ? from->text : "provider default";
    return value != NULL ? value : node;
}

static bool read_provider(const Reading *reading, const Field *row, const char *label, const Node *node, void *member) {
    const char *source;
    const Node *value = provider_value(node, &source);
    if (!field_from_node(row, label, value, reading->tree, member, reading->diagnostics))
        return false;
    if (reading->assumed != NULL) {
        char *text = node_text(value);
        assumed_add(reading->assumed, reading->owner, label, text, source);
        g_free(text);
    }
    return true;
}

/* The order that the header promises: the user, the provider, the row. A row without any of them stays zero. */
static bool read_row(const Reading *reading, const Field *row, const char *label, const Node *written,
                     const Node *provided, void *member, Mark at) {
    if (written != NULL)
        return field_from_node(row, label, written, reading->tree, member, reading->diagnostics);
    if (provided != NULL)
        return read_provider(reading, row, label, provided, member);
    if (row->otherwise == FIELD_REQUIRED)
        return read_missing(reading, row, label, at);
    return row->otherwise == NULL || read_own_default(reading, row, label, member);
}

/* --- tables ------------------------------------------------------------------------------------------------------- */

/* Groups recurse with a longer prefix. `at` marks a table that was not written at all: the nearest map around it.
 * Every row is tried although one has failed, so that one run names all mistakes. */
static bool read_table(const Reading *reading, const char *prefix, const Field *fields, const Node *map,
                       const Node *provider, const char *const *known, void *spec, Mark at) {
    if (map != NULL && map->type == NODE_SCALAR && map->text[0] == '\0' && !map->broken)
        map = NULL; /* a key with nothing under it: all defaults */
    if (map != NULL && map->broken)
        return false;
    if (map != NULL && map->type != NODE_MAP) {
        diag_error(reading->diagnostics, map->mark, "write {key: value}", "%s takes a map of keys, found %s",
                   prefix[0] != '\0' ? prefix : reading->owner, node_type_name(map));
        return false;
    }
    bool good = map == NULL || check_keys(reading, prefix, fields, map, known);
    for (const Field *row = fields; row->name != NULL; row++) {
        const char *label = dotted(reading, prefix, row->name);
        const Node *written = node_get(map, row->name), *provided = node_get(provider, row->name);
        void *member = (char *)spec + row->offset;
        Mark here = map != NULL ? map->mark : at;
        bool read = row->type == FIELD_TYPE_GROUP
                        ? read_table(reading, label, row->group, written, provided, NULL, member, here)
                        : read_row(reading, row, label, written, provided, member, here);
        good = good && read;
    }
    return good;
}

bool fields_read(const Field *fields, const Node *map, const Node *provider, const char *const *known, Tree *tree,
                 const char *owner, void *spec, AssumedList *assumed, Diagnostics *diagnostics) {
    Reading reading = {tree, owner != NULL ? owner : "the map", assumed, diagnostics};
    return read_table(&reading, "", fields, map, provider, known, spec, MARK_NONE);
}

/* Like read_table, but nothing is required and nothing is kept: values are only tried. */
static bool check_provider(const Reading *reading, const char *prefix, const Field *fields, const Node *provider) {
    if (provider == NULL)
        return true;
    if (provider->type != NODE_MAP) {
        diag_error(reading->diagnostics, provider->mark, "write {key: value}", "defaults must be a map of keys, not %s",
                   node_type_name(provider));
        return false;
    }
    bool good = check_keys(reading, prefix, fields, provider, NULL);
    for (const Field *row = fields; row->name != NULL; row++) {
        const Node *node = node_get(provider, row->name);
        const char *label = dotted(reading, prefix, row->name), *source;
        union {
            Law law;
            NameList names;
            int64_t number;
            const void *pointer;
        } scratch = {.names = {0}}; /* read, and forgotten */
        bool read = node == NULL ||
                    (row->type == FIELD_TYPE_GROUP ? check_provider(reading, label, row->group, node)
                                                   : field_from_node(row, label, provider_value(node, &source),
                                                                     reading->tree, &scratch, reading->diagnostics));
        good = good && read;
    }
    return good;
}

bool fields_check_provider(const Field *fields, const Node *provider, Tree *tree, Diagnostics *diagnostics) {
    Reading reading = {tree, "a provider's defaults", NULL, diagnostics};
    return check_provider(&reading, "", fields, provider);
}
