/* json.c - a JSON writer that can only write well-formed JSON, and always the same bytes. */
#include "base/json.h"

#include <glib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/bug.h"
#include "base/escape.h"

typedef struct {
    bool is_array, is_inline, is_empty;
} Level;

struct JsonWriter {
    GString *text;
    GArray *levels;   /* of Level: the open objects and arrays */
    bool is_complete; /* the one value at the top has been written */
};

JsonWriter *json_new(void) {
    JsonWriter *json = g_new0(JsonWriter, 1);
    json->text = g_string_new(NULL);
    json->levels = g_array_new(FALSE, FALSE, sizeof(Level));
    return json;
}

JsonWriter *json_document(const char *format) {
    JsonWriter *json = json_new();
    json_begin_object(json, NULL);
    json_string(json, "format", format);
    return json;
}

char *json_finish(JsonWriter *json, size_t *length) {
    BUG_IF(json->levels->len > 0, "a JSON object or array was not ended");
    BUG_IF(!json->is_complete, "a JSON document without a value");
    g_string_append_c(json->text, '\n');
    if (length != NULL)
        *length = json->text->len;
    char *text = g_string_free(json->text, FALSE);
    g_array_free(json->levels, TRUE);
    g_free(json);
    return text;
}

static Level *innermost(JsonWriter *json) {
    return json->levels->len > 0 ? &g_array_index(json->levels, Level, json->levels->len - 1) : NULL;
}

static void break_line(JsonWriter *json) {
    g_string_append_c(json->text, '\n');
    for (guint i = 0; i < json->levels->len; i++)
        g_string_append(json->text, "  ");
}

/* As RFC 8259 section 7 demands and no more; what is not UTF-8 becomes U+FFFD. */
static void append_quoted(GString *text, const char *value) {
    g_string_append_c(text, '"');
    size_t left = strlen(value), size;
    for (; left > 0; value += size, left -= size) {
        gunichar c = escape_next(value, left, &size);
        if (c == '"' || c == '\\')
            g_string_append_printf(text, "\\%c", (char)c);
        else if (c == '\n')
            g_string_append(text, "\\n");
        else if (c == '\t')
            g_string_append(text, "\\t");
        else if (c < 0x20 || c == 0x7f)
            g_string_append_printf(text, "\\u%04x", (unsigned)c);
        else
            g_string_append_unichar(text, c == (gunichar)-1 ? 0xfffd : c);
    }
    g_string_append_c(text, '"');
}

/* What stands before every value: a comma, the new line, the key. */
static void begin_value(JsonWriter *json, const char *key) {
    Level *level = innermost(json);
    if (level == NULL) {
        BUG_IF(key != NULL || json->is_complete, "a JSON document has one value, without a key");
        json->is_complete = true;
        return;
    }
    BUG_IF((key == NULL) != level->is_array, "JSON keys belong in objects, and only there");
    if (!level->is_empty)
        g_string_append(json->text, level->is_inline ? ", " : ",");
    if (!level->is_inline)
        break_line(json);
    level->is_empty = false;
    if (key != NULL) {
        append_quoted(json->text, key);
        g_string_append(json->text, ": ");
    }
}

static void begin_level(JsonWriter *json, const char *key, bool is_array, bool is_inline) {
    begin_value(json, key);
    const Level *outer = innermost(json);
    Level level = {is_array, is_inline || (outer != NULL && outer->is_inline), true};
    g_array_append_val(json->levels, level);
    g_string_append_c(json->text, is_array ? '[' : '{');
}

void json_begin_object(JsonWriter *json, const char *key) { begin_level(json, key, false, false); }

void json_begin_array(JsonWriter *json, const char *key) { begin_level(json, key, true, false); }

void json_begin_object_inline(JsonWriter *json, const char *key) { begin_level(json, key, false, true); }

void json_begin_array_inline(JsonWriter *json, const char *key) { begin_level(json, key, true, true); }

void json_end(JsonWriter *json) {
    BUG_IF(json->levels->len == 0, "a JSON end without a beginning");
    Level level = *innermost(json);
    g_array_set_size(json->levels, json->levels->len - 1);
    if (!level.is_empty && !level.is_inline)
        break_line(json);
    g_string_append_c(json->text, level.is_array ? ']' : '}');
}

void json_string(JsonWriter *json, const char *key, const char *value) {
    begin_value(json, key);
    if (value == NULL)
        g_string_append(json->text, "null");
    else
        append_quoted(json->text, value);
}

void json_int(JsonWriter *json, const char *key, int64_t value) {
    begin_value(json, key);
    g_string_append_printf(json->text, "%" PRId64, value);
}

void json_double(JsonWriter *json, const char *key, double value) {
    BUG_IF(!isfinite(value), "JSON has no NaN and no infinity");
    begin_value(json, key);
    if (fpclassify(value) == FP_ZERO)
        value = 0; /* a zero has no sign that anybody wants to see */
    /* GLib's own formatting and reading, which do not know locales; 17 digits always read back. */
    static const char *const formats[] = {"%.15g", "%.16g", "%.17g"};
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_ascii_formatd(buffer, sizeof buffer, formats[i], value);
        double back = g_ascii_strtod(buffer, NULL);
        if (memcmp(&back, &value, sizeof back) == 0)
            break;
    }
    g_string_append(json->text, buffer);
}

void json_bool(JsonWriter *json, const char *key, bool value) {
    begin_value(json, key);
    g_string_append(json->text, value ? "true" : "false");
}

void json_null(JsonWriter *json, const char *key) { json_string(json, key, NULL); }
