/* json_in.h - JSON that is read back: a record by the renderer, a report by `faultline verify`.
 *
 * A small read-only document: values know where they stand, so every complaint names its path (`$.timeline[3].at`).
 * Typed getters share one habit: when *error is already set, or the value is NULL, they return the empty value and
 * add nothing. A reader can therefore fetch many values and look at the error once:
 *
 *     SimTime at = {json_in_int(json_in_need(change, "at", &error), &error)};
 *
 * Values and texts live as long as the document. */
#ifndef FAULTLINE_READ_JSON_IN_H
#define FAULTLINE_READ_JSON_IN_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct JsonDoc JsonDoc;
typedef struct JsonIn JsonIn;

#define JSON_IN_ERROR (json_in_error_quark())
GQuark json_in_error_quark(void);
typedef enum {
    JSON_IN_SYNTAX,  /* not JSON, a duplicate key, too deep, too large */
    JSON_IN_MISSING, /* a required key or element is absent */
    JSON_IN_TYPE     /* a value has another type than asked for */
} JsonInError;

/* Parse `length` bytes (UTF-8, or UTF-16 with a byte order mark). Duplicate keys, integers that do not fit in 64 bits
 * and everything beyond JSON_FILE_MOST and JSON_DEPTH_MOST are errors. The root is an object or an array. O(length log
 * keys). */
JsonDoc *json_in_read(const char *text, size_t length, GError **error);
void json_in_free(JsonDoc *doc);
const JsonIn *json_in_root(const JsonDoc *doc);

bool json_in_is_object(const JsonIn *value);
bool json_in_is_array(const JsonIn *value);
bool json_in_is_string(const JsonIn *value);
bool json_in_is_int(const JsonIn *value);
bool json_in_is_number(const JsonIn *value); /* an integer or a real */
bool json_in_is_bool(const JsonIn *value);
bool json_in_is_null(const JsonIn *value);

/* Members of an object and elements of an array; 0 for everything else. */
size_t json_in_count(const JsonIn *value);
/* Element or member number i in the order of the text; NULL beyond the end. O(1). */
const JsonIn *json_in_at(const JsonIn *value, size_t i);
/* The key under which this value stands in its object; NULL in an array and at the root. */
const char *json_in_key(const JsonIn *value);
/* The value under key; NULL when absent, when it is null, or when this is not an object. O(log members). */
const JsonIn *json_in_get(const JsonIn *object, const char *key);
/* The same, but absence is an error that names the path. */
const JsonIn *json_in_need(const JsonIn *object, const char *key, GError **error);

const char *json_in_string(const JsonIn *value, GError **error); /* "" on error */
int64_t json_in_int(const JsonIn *value, GError **error);
double json_in_double(const JsonIn *value, GError **error); /* integers are accepted */
bool json_in_bool(const JsonIn *value, GError **error);
/* The value itself when it is an array (an object); else NULL and an error. */
const JsonIn *json_in_array(const JsonIn *value, GError **error);
const JsonIn *json_in_object(const JsonIn *value, GError **error);

/* `$.timeline[3].at`, allocated (g_free). Keys that are not plain words are quoted: `$["a b"]`. */
char *json_in_path(const JsonIn *value);

#endif
