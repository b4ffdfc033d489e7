/* assumed.c - the list of defaults that were used, in the order in which they were. */
#include <glib.h>

#include "read/fields.h"

struct AssumedList {
    GArray *rows;        /* of Assumed */
    GStringChunk *texts; /* each text once */
};

AssumedList *assumed_new(void) {
    AssumedList *list = g_new(AssumedList, 1);
    list->rows = g_array_new(FALSE, FALSE, sizeof(Assumed));
    list->texts = g_string_chunk_new(4096);
    return list;
}

void assumed_free(AssumedList *list) {
    if (list == NULL)
        return;
    g_array_free(list->rows, TRUE);
    g_string_chunk_free(list->texts);
    g_free(list);
}

size_t assumed_count(const AssumedList *list) { return list->rows->len; }

const Assumed *assumed_at(const AssumedList *list, size_t i) {
    return i < list->rows->len ? &g_array_index(list->rows, Assumed, i) : NULL;
}

void assumed_add(AssumedList *list, const char *owner, const char *key, const char *value, const char *source) {
    Assumed row = {g_string_chunk_insert_const(list->texts, owner), g_string_chunk_insert_const(list->texts, key),
                   g_string_chunk_insert_const(list->texts, value), g_string_chunk_insert_const(list->texts, source)};
    g_array_append_val(list->rows, row);
}
