/* json_in.c - parsed JSON as a small document whose values know their path; the only file that knows jansson. */
#include "read/json_in.h"

#include <jansson.h>
#include <string.h>

#include "read/limits.h"

typedef enum { IN_NULL, IN_BOOL, IN_INT, IN_REAL, IN_STRING, IN_ARRAY, IN_OBJECT } InType;

struct JsonIn {
    InType type;
    const JsonIn *parent;
    const char *key; /* in an object */
    size_t index;    /* in the parent, counted from 0 */
    union {
        bool truth;
        int64_t whole;
        double real;
        const char *text;
        struct {
            JsonIn *parts;
            const JsonIn **by_key; /* objects: the parts sorted by key */
            size_t count;
        };
    };
};

struct JsonDoc {
    JsonIn root;
    GStringChunk *texts;
    GPtrArray *arrays; /* owned: every parts and by_key */
};

G_DEFINE_QUARK(faultline - json - in - error - quark, json_in_error)

static const char *const type_names[] = {"null", "true or false", "a whole number", "a number",
                                         "text", "an array",      "an object"};

/* --- building ----------------------------------------------------------------------------------------------------- */

static int compare_keys(const void *a, const void *b) {
    return strcmp((*(const JsonIn *const *)a)->key, (*(const JsonIn *const *)b)->key);
}

/* Arrays are owned by the document; never NULL, even for none. */
static void *doc_array(JsonDoc *doc, size_t count, size_t size) {
    void *array = g_malloc0_n(count > 0 ? count : 1, size);
    g_ptr_array_add(doc->arrays, array);
    return array;
}

static void convert(JsonDoc *doc, const json_t *from, JsonIn *to);

/* Parents are set before descending: a path is read from the inside out. */
static void convert_array(JsonDoc *doc, const json_t *from, JsonIn *to) {
    to->type = IN_ARRAY;
    to->count = json_array_size(from);
    to->parts = doc_array(doc, to->count, sizeof *to->parts);
    for (size_t i = 0; i < to->count; i++) {
        to->parts[i].parent = to;
        to->parts[i].index = i;
        convert(doc, json_array_get(from, i), &to->parts[i]);
    }
}

/* The order of the text for looking, a sorted index for finding. */
static void convert_object(JsonDoc *doc, json_t *from, JsonIn *to) {
    to->type = IN_OBJECT;
    to->count = json_object_size(from);
    to->parts = doc_array(doc, to->count, sizeof *to->parts);
    to->by_key = doc_array(doc, to->count, sizeof *to->by_key);
    size_t i = 0;
    for (void *member = json_object_iter(from); member != NULL; member = json_object_iter_next(from, member), i++) {
        JsonIn *part = &to->parts[i];
        part->parent = to;
        part->index = i;
        part->key = g_string_chunk_insert_const(doc->texts, json_object_iter_key(member));
        convert(doc, json_object_iter_value(member), part);
        to->by_key[i] = part;
    }
    qsort(to->by_key, to->count, sizeof *to->by_key, compare_keys);
}

/* Recursion is as deep as the text, which JSON_DEPTH_MOST bounds. */
static void convert(JsonDoc *doc, const json_t *from, JsonIn *to) {
    switch (json_typeof(from)) {
    case JSON_OBJECT: convert_object(doc, (json_t *)from, to); break;
    case JSON_ARRAY: convert_array(doc, from, to); break;
    case JSON_STRING:
        to->type = IN_STRING;
        to->text = g_string_chunk_insert(doc->texts, json_string_value(from));
        break;
    case JSON_INTEGER:
        to->type = IN_INT;
        to->whole = json_integer_value(from);
        break;
    case JSON_REAL:
        to->type = IN_REAL;
        to->real = json_real_value(from);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        to->type = IN_BOOL;
        to->truth = json_is_true(from);
        break;
    case JSON_NULL: break;
    }
}

/* Depth before parsing, so that neither jansson nor we recurse further: brackets outside strings. */
static bool depth_fits(const char *text, size_t length) {
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < length && depth <= JSON_DEPTH_MOST; i++) {
        char c = text[i];
        if (quoted) {
            i += c == '\\';
            quoted = c != '"';
        } else {
            quoted = c == '"';
            depth += (c == '[' || c == '{') - (c == ']' || c == '}');
        }
    }
    return depth <= JSON_DEPTH_MOST;
}

/* UTF-8 without its byte order mark; *converted is set when it had to be made anew. */
static const char *as_utf8(const char *text, size_t *length, char **converted, GError **error) {
    if (*length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        *length -= 3;
        return text + 3;
    }
    bool little = *length >= 2 && memcmp(text, "\xFF\xFE", 2) == 0;
    if (!little && !(*length >= 2 && memcmp(text, "\xFE\xFF", 2) == 0))
        return text;
    gsize bytes = 0;
    *converted =
        g_convert(text + 2, (gssize)*length - 2, "UTF-8", little ? "UTF-16LE" : "UTF-16BE", NULL, &bytes, NULL);
    if (*converted == NULL)
        g_set_error(error, JSON_IN_ERROR, JSON_IN_SYNTAX, "not valid UTF-16");
    *length = bytes;
    return *converted;
}

/* jansson checks the grammar, the encoding and the range of integers. */
static json_t *parse(const char *text, size_t length, GError **error) {
    if (length > JSON_FILE_MOST) {
        g_set_error(error, JSON_IN_ERROR, JSON_IN_SYNTAX, "larger than %d bytes, the most that is read",
                    JSON_FILE_MOST);
        return NULL;
    }
    if (!depth_fits(text, length)) {
        g_set_error(error, JSON_IN_ERROR, JSON_IN_SYNTAX, "more than %d objects and arrays stand inside each other",
                    JSON_DEPTH_MOST);
        return NULL;
    }
    json_error_t problem;
    json_t *parsed = json_loadb(text, length, JSON_REJECT_DUPLICATES, &problem);
    if (parsed == NULL)
        g_set_error(error, JSON_IN_ERROR, JSON_IN_SYNTAX, "line %d, column %d: %s", problem.line, problem.column,
                    problem.text);
    return parsed;
}

JsonDoc *json_in_read(const char *text, size_t length, GError **error) {
    char *converted = NULL;
    const char *utf8 = as_utf8(text, &length, &converted, error);
    json_t *parsed = utf8 != NULL ? parse(utf8, length, error) : NULL;
    g_free(converted);
    if (parsed == NULL)
        return NULL;
    JsonDoc *doc = g_new0(JsonDoc, 1);
    doc->texts = g_string_chunk_new(64 * 1024);
    doc->arrays = g_ptr_array_new_with_free_func(g_free);
    convert(doc, parsed, &doc->root);
    json_decref(parsed);
    return doc;
}

void json_in_free(JsonDoc *doc) {
    if (doc == NULL)
        return;
    g_string_chunk_free(doc->texts);
    g_ptr_array_free(doc->arrays, TRUE);
    g_free(doc);
}

/* --- looking ------------------------------------------------------------------------------------------------------ */

const JsonIn *json_in_root(const JsonDoc *doc) { return &doc->root; }

static bool is_type(const JsonIn *value, InType type) { return value != NULL && value->type == type; }

bool json_in_is_object(const JsonIn *value) { return is_type(value, IN_OBJECT); }
bool json_in_is_array(const JsonIn *value) { return is_type(value, IN_ARRAY); }
bool json_in_is_string(const JsonIn *value) { return is_type(value, IN_STRING); }
bool json_in_is_int(const JsonIn *value) { return is_type(value, IN_INT); }
bool json_in_is_number(const JsonIn *value) { return is_type(value, IN_INT) || is_type(value, IN_REAL); }
bool json_in_is_bool(const JsonIn *value) { return is_type(value, IN_BOOL); }
bool json_in_is_null(const JsonIn *value) { return is_type(value, IN_NULL); }

size_t json_in_count(const JsonIn *value) {
    return json_in_is_array(value) || json_in_is_object(value) ? value->count : 0;
}

const JsonIn *json_in_at(const JsonIn *value, size_t i) { return i < json_in_count(value) ? &value->parts[i] : NULL; }

const char *json_in_key(const JsonIn *value) { return value != NULL ? value->key : NULL; }

static int compare_key_to(const void *key, const void *member) {
    return strcmp(key, (*(const JsonIn *const *)member)->key);
}

const JsonIn *json_in_get(const JsonIn *object, const char *key) {
    if (!json_in_is_object(object))
        return NULL;
    const JsonIn *const *found = bsearch(key, object->by_key, object->count, sizeof *object->by_key, compare_key_to);
    return found != NULL && (*found)->type != IN_NULL ? *found : NULL;
}

/* Words that need no quotes in a path. */
static bool is_plain_word(const char *key) {
    return g_ascii_isalpha(*key) &&
           key[strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
}

/* From the root inwards. */
static void append_path(GString *out, const JsonIn *value) {
    if (value->parent == NULL) {
        g_string_append_c(out, '$');
        return;
    }
    append_path(out, value->parent);
    if (value->key == NULL)
        g_string_append_printf(out, "[%zu]", value->index);
    else
        g_string_append_printf(out, is_plain_word(value->key) ? ".%s" : "[\"%s\"]", value->key);
}

char *json_in_path(const JsonIn *value) {
    GString *out = g_string_new(NULL);
    append_path(out, value);
    return g_string_free(out, FALSE);
}

/* --- typed values ------------------------------------------------------------------------------------------------- */

/* True when the caller may read the value; else complain once. */
static bool wants(const JsonIn *value, bool fits, InType type, GError **error) {
    if (value == NULL || (error != NULL && *error != NULL))
        return false;
    if (fits)
        return true;
    char *path = json_in_path(value);
    g_set_error(error, JSON_IN_ERROR, JSON_IN_TYPE, "%s: expected %s, found %s", path, type_names[type],
                type_names[value->type]);
    g_free(path);
    return false;
}

const JsonIn *json_in_need(const JsonIn *object, const char *key, GError **error) {
    const JsonIn *value = json_in_get(object, key);
    if (value != NULL || !wants(object, json_in_is_object(object), IN_OBJECT, error))
        return value;
    char *path = json_in_path(object);
    g_set_error(error, JSON_IN_ERROR, JSON_IN_MISSING, "%s: '%s' is missing", path, key);
    g_free(path);
    return NULL;
}

const char *json_in_string(const JsonIn *value, GError **error) {
    return wants(value, json_in_is_string(value), IN_STRING, error) ? value->text : "";
}

int64_t json_in_int(const JsonIn *value, GError **error) {
    return wants(value, json_in_is_int(value), IN_INT, error) ? value->whole : 0;
}

double json_in_double(const JsonIn *value, GError **error) {
    if (!wants(value, json_in_is_number(value), IN_REAL, error))
        return 0;
    return value->type == IN_INT ? (double)value->whole : value->real;
}

bool json_in_bool(const JsonIn *value, GError **error) {
    return wants(value, json_in_is_bool(value), IN_BOOL, error) && value->truth;
}

const JsonIn *json_in_array(const JsonIn *value, GError **error) {
    return wants(value, json_in_is_array(value), IN_ARRAY, error) ? value : NULL;
}

const JsonIn *json_in_object(const JsonIn *value, GError **error) {
    return wants(value, json_in_is_object(value), IN_OBJECT, error) ? value : NULL;
}
