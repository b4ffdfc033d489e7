/* fields_schema.c - a field table as JSON Schema (draft-07), for editors that complete and check while one types.
 *
 * Looser than the reader on purpose: every value may also be a parameter, `${name}`, and the exact grammar of
 * quantities and laws stays with the one parser. */
#include <glib.h>
#include <string.h>

#include "read/field_value.h"
#include "read/fields.h"

#define NUMBER "^[0-9]+(\\.[0-9]+)? ?"
#define PARAMETER "|\\$\\{"

/* Regular expressions in the dialect that JSON Schema shares with GLib; NULL for types that are no number. */
static const char *pattern_of(const Field *row) {
    switch (row->type) {
    case FIELD_TYPE_TIME: return NUMBER "(ns|us|ms|s|min|h|d|y)$" PARAMETER;
    case FIELD_TYPE_LAW: return NUMBER "(ns|us|ms|s|min|h|d|y)$|^[a-z]+\\(.+\\)$" PARAMETER;
    case FIELD_TYPE_RATE: return "^[0-9]+(\\.[0-9]+)? ?/(s|min|h|d|y)$" PARAMETER;
    case FIELD_TYPE_SHARE: return "^[0-9]+(\\.[0-9]+)?( ?%)?$" PARAMETER;
    case FIELD_TYPE_COUNT: return "^[0-9]+$" PARAMETER;
    case FIELD_TYPE_BYTES: return NUMBER "([kMGT]?B|[KMGT]iB)$" PARAMETER;
    case FIELD_TYPE_BITRATE: return NUMBER "[kMG]?bit/s$" PARAMETER;
    case FIELD_TYPE_MONEY: return "^(\\$[0-9.]+|[0-9.]+ ?\\$)$" PARAMETER;
    default: return NULL;
    }
}

/* Two types, since YAML takes a bare 5 for a number and we take it as text. */
static void write_types(JsonWriter *json, const char *first, const char *second) {
    json_begin_array_inline(json, "type");
    json_string(json, NULL, first);
    json_string(json, NULL, second);
    json_end(json);
}

/* Words, or anything with a parameter in it. */
static void write_choice(JsonWriter *json, const char *const *words, bool truths) {
    json_begin_array(json, "anyOf");
    json_begin_object_inline(json, NULL);
    json_begin_array_inline(json, "enum");
    if (truths) {
        json_bool(json, NULL, true);
        json_bool(json, NULL, false);
    }
    for (; *words != NULL; words++)
        json_string(json, NULL, *words);
    json_end(json);
    json_end(json);
    json_begin_object_inline(json, NULL);
    json_string(json, "type", "string");
    json_string(json, "pattern", "\\$\\{");
    json_end(json);
    json_end(json);
}

/* One name, or a list of names. */
static void write_names(JsonWriter *json) {
    write_types(json, "string", "array");
    json_begin_object_inline(json, "items");
    json_string(json, "type", "string");
    json_end(json);
}

/* Bounds of quantities cannot be said in JSON Schema, so they are told to the reader of the tooltip. */
static void write_description(JsonWriter *json, const Field *row) {
    GString *text = g_string_new(row->help);
    if (row->least != NULL)
        g_string_append_printf(text, "; at least %s", row->least);
    if (row->most != NULL)
        g_string_append_printf(text, "; at most %s", row->most);
    if (text->len > 0)
        json_string(json, "description", text->str);
    g_string_free(text, TRUE);
    if (row->otherwise != NULL && row->otherwise != FIELD_REQUIRED)
        json_string(json, "default", row->otherwise);
}

static void write_table(JsonWriter *json, const Field *fields, const char *key, const Field *group);

/* Nodes are left open: their owner checks them. */
void fields_schema_row(const Field *row, JsonWriter *json) {
    static const char *const truths[] = {"yes", "no", "on", "off", NULL};
    if (row->type == FIELD_TYPE_GROUP) {
        write_table(json, row->group, row->name, row);
        return;
    }
    json_begin_object(json, row->name);
    write_description(json, row);
    const char *pattern = pattern_of(row);
    if (row->type == FIELD_TYPE_COUNT)
        write_types(json, "string", "integer");
    else if (row->type == FIELD_TYPE_SHARE || row->type == FIELD_TYPE_TEXT)
        write_types(json, "string", "number"); /* 0.02 is a share, and 15 may be the text of a version */
    else if (pattern != NULL)
        json_string(json, "type", "string");
    else if (row->type == FIELD_TYPE_WORD)
        write_choice(json, row->words, false);
    else if (row->type == FIELD_TYPE_BOOL)
        write_choice(json, truths, true);
    else if (row->type == FIELD_TYPE_NAMES)
        write_names(json);
    if (pattern != NULL)
        json_string(json, "pattern", pattern);
    json_end(json);
}

/* `group` is the row of a nested table, NULL at the top. */
static void write_table(JsonWriter *json, const Field *fields, const char *key, const Field *group) {
    json_begin_object(json, key);
    json_string(json, "type", "object");
    if (group != NULL)
        write_description(json, group);
    json_bool(json, "additionalProperties", false);
    json_begin_object(json, "properties");
    for (const Field *row = fields; row->name != NULL; row++)
        fields_schema_row(row, json);
    json_end(json);
    json_begin_array_inline(json, "required");
    for (const Field *row = fields; row->name != NULL; row++) {
        if (row->otherwise == FIELD_REQUIRED)
            json_string(json, NULL, row->name);
    }
    json_end(json);
    json_end(json);
}

void fields_schema(const Field *fields, const char *key, JsonWriter *json) { write_table(json, fields, key, NULL); }
