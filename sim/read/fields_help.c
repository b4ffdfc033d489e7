/* fields_help.c - the rows of a table in words, for `explain` and the generated reference. */
#include <glib.h>

#include "read/fields.h"

/* Groups nest as deep as the tables are written: two or three levels. */
static void visit_table(const Field *fields, const char *prefix, FieldVisit visit, void *user) {
    for (const Field *row = fields; row->name != NULL; row++) {
        char *name = g_strconcat(prefix, row->name, NULL);
        visit(row, name, user);
        if (row->type == FIELD_TYPE_GROUP) {
            char *inner = g_strconcat(name, ".", NULL);
            visit_table(row->group, inner, visit, user);
            g_free(inner);
        }
        g_free(name);
    }
}

void fields_each(const Field *fields, FieldVisit visit, void *user) { visit_table(fields, "", visit, user); }

const char *field_type_name(const Field *row) {
    static const char *const names[] = {
        [FIELD_TYPE_TIME] = "time",        [FIELD_TYPE_LAW] = "law of time", [FIELD_TYPE_RATE] = "rate",
        [FIELD_TYPE_SHARE] = "share",      [FIELD_TYPE_COUNT] = "count",     [FIELD_TYPE_BYTES] = "size",
        [FIELD_TYPE_BITRATE] = "bit rate", [FIELD_TYPE_MONEY] = "money",     [FIELD_TYPE_BOOL] = "yes or no",
        [FIELD_TYPE_WORD] = "word",        [FIELD_TYPE_TEXT] = "text",       [FIELD_TYPE_NAMES] = "names",
        [FIELD_TYPE_NODE] = "anything",    [FIELD_TYPE_GROUP] = "group",     [FIELD_TYPE_END] = "end",
    };
    return names[row->type];
}
