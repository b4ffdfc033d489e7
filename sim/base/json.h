/* json.h - writes JSON: canonical bytes, no NaN, no locale.
 *
 * A JsonWriter appends to a GString that it owns. Keys are written in the order given by the caller (callers keep
 * one fixed order); two-space indentation, or compact inside json_inline. Doubles are the shortest text that reads
 * back; NaN and infinities are a BUG. */
#ifndef FAULTLINE_BASE_JSON_H
#define FAULTLINE_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct JsonWriter JsonWriter;

JsonWriter *json_new(void);
/* The same with the object of a whole document begun, which says first what it is: "faultline-report/1". */
JsonWriter *json_document(const char *format);
/* The text (with a final newline); frees the writer. The caller frees the text with g_free. */
char *json_finish(JsonWriter *json, size_t *length);

/* key is NULL inside an array and at the top. */
void json_begin_object(JsonWriter *json, const char *key);
void json_begin_array(JsonWriter *json, const char *key);
/* The same, but everything up to the matching end stands on one line. */
void json_begin_object_inline(JsonWriter *json, const char *key);
void json_begin_array_inline(JsonWriter *json, const char *key);
void json_end(JsonWriter *json);

void json_string(JsonWriter *json, const char *key, const char *value); /* NULL writes null */
void json_int(JsonWriter *json, const char *key, int64_t value);
void json_double(JsonWriter *json, const char *key, double value);
void json_bool(JsonWriter *json, const char *key, bool value);
void json_null(JsonWriter *json, const char *key);

#endif
