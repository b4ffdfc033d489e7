/* spec.c - what a spec holds, as text: for the model's digest and for showing. Works from the field table alone. */
#include <string.h>

#include "model/build.h"

static char *names_text(const NameList *list) {
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < list->count; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", list->names[i]);
    return g_string_free(text, FALSE);
}

/* NULL: nothing there. */
static char *value_text(const Field *row, const void *member) {
    const int64_t *number = member;
    switch (row->type) {
    case FIELD_TYPE_TIME: return quantity_text(((const SimTime *)member)->ns, UNIT_TIME);
    case FIELD_TYPE_LAW: return law_text(member);
    case FIELD_TYPE_RATE: return quantity_text(*number, UNIT_RATE);
    case FIELD_TYPE_SHARE: return quantity_text(*number, UNIT_SHARE);
    case FIELD_TYPE_COUNT: return quantity_text(*number, UNIT_NONE);
    case FIELD_TYPE_BYTES: return quantity_text(*number, UNIT_BYTES);
    case FIELD_TYPE_BITRATE: return quantity_text(*number, UNIT_BITRATE);
    case FIELD_TYPE_MONEY: return quantity_text(*number, UNIT_MONEY);
    case FIELD_TYPE_BOOL: return g_strdup(*(const bool *)member ? "yes" : "no");
    case FIELD_TYPE_WORD: return g_strdup(row->words[*(const int *)member]);
    case FIELD_TYPE_TEXT: return g_strdup(*(const char *const *)member);
    case FIELD_TYPE_NAMES: return names_text(member);
    case FIELD_TYPE_NODE:
        return *(const Node *const *)member != NULL ? node_canonical(*(const Node *const *)member) : NULL;
    case FIELD_TYPE_GROUP:
    case FIELD_TYPE_END: break;
    }
    return NULL;
}

/* Groups as their rows, with dots: the same names that `explain` and --assumed use. */
static void each(const Field *fields, const void *spec, const char *prefix, SpecVisit visit, void *user) {
    for (const Field *row = fields; row != NULL && row->name != NULL; row++) {
        const void *member = (const char *)spec + row->offset;
        char *name = g_strconcat(prefix, prefix[0] != '\0' ? "." : "", row->name, NULL);
        char *value = row->type == FIELD_TYPE_GROUP ? NULL : value_text(row, member);
        if (row->type == FIELD_TYPE_GROUP)
            each(row->group, member, name, visit, user);
        else if (value != NULL && value[0] != '\0')
            visit(name, value, user);
        g_free(value);
        g_free(name);
    }
}

void spec_each(const Field *fields, const void *spec, SpecVisit visit, void *user) {
    each(fields, spec, "", visit, user);
}

/* --- nodes -------------------------------------------------------------------------------------------------------- */

static void node_append(GString *out, const Node *node);

static void map_append(GString *out, const Node *map) {
    NodeEntry *entries = g_new(NodeEntry, map->count + 1);
    if (map->count > 0)
        memcpy(entries, map->entries, map->count * sizeof *entries);
    qsort(entries, map->count, sizeof *entries, compare_texts);
    g_string_append_c(out, '{');
    for (size_t i = 0; i < map->count; i++) {
        g_string_append_printf(out, "%s%s: ", i > 0 ? ", " : "", entries[i].key);
        node_append(out, entries[i].value);
    }
    g_string_append_c(out, '}');
    g_free(entries);
}

/* As deep as the tree, which READ_DEPTH_MOST bounds. */
static void node_append(GString *out, const Node *node) {
    if (node->type == NODE_SCALAR) {
        g_string_append(out, node->text);
    } else if (node->type == NODE_MAP) {
        map_append(out, node);
    } else {
        g_string_append_c(out, '[');
        for (size_t i = 0; i < node->count; i++) {
            g_string_append(out, i > 0 ? ", " : "");
            node_append(out, node->items[i]);
        }
        g_string_append_c(out, ']');
    }
}

/* Two nodes that say the same have the same text. */
char *node_canonical(const Node *node) {
    GString *out = g_string_new(NULL);
    node_append(out, node);
    return g_string_free(out, FALSE);
}
