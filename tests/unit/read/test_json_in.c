/* test_json_in.c - JSON read back: values, and complaints that name the path. */
#include "read/json_in.h"

#include <glib.h>
#include <string.h>

#include "read/limits.h"

static const char text[] =
    "{\"version\": 1, \"name\": \"r\\u00e9gion\", \"ratio\": 0.25, \"on\": true, \"none\": null,\n"
    " \"timeline\": [{\"at\": 5}, {\"at\": \"x\"}], \"a b\": {\"c.d\": [[7]]}, \"empty\": {},\n"
    " \"big\": 9223372036854775807, \"small\": -9223372036854775808}";

static JsonDoc *read_text(const char *json) {
    GError *error = NULL;
    JsonDoc *doc = json_in_read(json, strlen(json), &error);
    g_assert_no_error(error);
    return doc;
}

static void test_values(void) {
    JsonDoc *doc = read_text(text);
    const JsonIn *root = json_in_root(doc);
    GError *error = NULL;
    g_assert_cmpint(json_in_int(json_in_get(root, "version"), &error), ==, 1);
    g_assert_cmpstr(json_in_string(json_in_get(root, "name"), &error), ==, "r\xC3\xA9gion");
    g_assert_true(json_in_double(json_in_get(root, "ratio"), &error) == 0.25);
    g_assert_true(json_in_double(json_in_get(root, "version"), &error) == 1.0);
    g_assert_true(json_in_bool(json_in_get(root, "on"), &error));
    g_assert_cmpint(json_in_int(json_in_get(root, "big"), &error), ==, INT64_MAX);
    g_assert_cmpint(json_in_int(json_in_get(root, "small"), &error), ==, INT64_MIN);
    const JsonIn *timeline = json_in_array(json_in_get(root, "timeline"), &error);
    g_assert_cmpuint(json_in_count(timeline), ==, 2);
    g_assert_cmpint(json_in_int(json_in_need(json_in_at(timeline, 0), "at", &error), &error), ==, 5);
    g_assert_nonnull(json_in_object(json_in_get(root, "empty"), &error));
    g_assert_cmpuint(json_in_count(json_in_get(root, "empty")), ==, 0);
    g_assert_no_error(error);
    json_in_free(doc);
    json_in_free(NULL);
}

static void test_types(void) {
    JsonDoc *doc = read_text(text);
    const JsonIn *root = json_in_root(doc);
    g_assert_true(json_in_is_object(root));
    g_assert_true(json_in_is_array(json_in_get(root, "timeline")));
    g_assert_true(json_in_is_int(json_in_get(root, "version")));
    g_assert_true(json_in_is_number(json_in_get(root, "ratio")));
    g_assert_false(json_in_is_int(json_in_get(root, "ratio")));
    g_assert_true(json_in_is_bool(json_in_get(root, "on")));
    g_assert_true(json_in_is_string(json_in_get(root, "name")));
    g_assert_null(json_in_get(root, "none")); /* null is absent */
    g_assert_true(json_in_is_null(json_in_at(root, 4)));
    g_assert_null(json_in_get(root, "nothing"));
    g_assert_null(json_in_get(NULL, "x"));
    g_assert_null(json_in_at(root, 99));
    g_assert_false(json_in_is_object(NULL));
    g_assert_cmpuint(json_in_count(json_in_get(root, "name")), ==, 0);
    json_in_free(doc);
}

/* Members keep the order of the text, although lookup is by sorted keys. */
static void test_order(void) {
    JsonDoc *doc = read_text("{\"z\": 1, \"a\": 2, \"m\": 3, \"B\": 4}");
    GString *keys = g_string_new(NULL);
    for (size_t i = 0; i < json_in_count(json_in_root(doc)); i++)
        g_string_append(keys, json_in_key(json_in_at(json_in_root(doc), i)));
    g_assert_cmpstr(keys->str, ==, "zamB");
    g_assert_cmpint(json_in_int(json_in_get(json_in_root(doc), "m"), NULL), ==, 3);
    g_assert_null(json_in_key(json_in_root(doc)));
    g_string_free(keys, TRUE);
    json_in_free(doc);
}

static void test_path(void) {
    JsonDoc *doc = read_text(text);
    const JsonIn *deep = json_in_at(json_in_at(json_in_at(json_in_get(json_in_root(doc), "a b"), 0), 0), 0);
    g_assert_cmpint(json_in_int(deep, NULL), ==, 7);
    char *path = json_in_path(deep), *top = json_in_path(json_in_root(doc));
    g_assert_cmpstr(path, ==, "$[\"a b\"][\"c.d\"][0][0]");
    g_assert_cmpstr(top, ==, "$");
    g_free(top);
    g_free(path);
    json_in_free(doc);
}

static void assert_error(GError *error, JsonInError code, const char *message) {
    g_assert_error(error, JSON_IN_ERROR, (gint)code);
    g_assert_cmpstr(error->message, ==, message);
    g_error_free(error);
}

static void test_wrong_types(void) {
    JsonDoc *doc = read_text(text);
    const JsonIn *root = json_in_root(doc), *second = json_in_at(json_in_get(root, "timeline"), 1);
    GError *error = NULL;
    g_assert_cmpint(json_in_int(json_in_need(second, "at", &error), &error), ==, 0);
    assert_error(error, JSON_IN_TYPE, "$.timeline[1].at: expected a whole number, found text");
    error = NULL;
    g_assert_cmpint(json_in_int(json_in_get(root, "ratio"), &error), ==, 0);
    assert_error(error, JSON_IN_TYPE, "$.ratio: expected a whole number, found a number");
    error = NULL;
    g_assert_cmpstr(json_in_string(json_in_get(root, "on"), &error), ==, "");
    assert_error(error, JSON_IN_TYPE, "$.on: expected text, found true or false");
    error = NULL;
    g_assert_null(json_in_array(json_in_get(root, "empty"), &error));
    assert_error(error, JSON_IN_TYPE, "$.empty: expected an array, found an object");
    error = NULL;
    g_assert_null(json_in_need(json_in_get(root, "timeline"), "at", &error));
    assert_error(error, JSON_IN_TYPE, "$.timeline: expected an object, found an array");
    error = NULL;
    g_assert_null(json_in_need(second, "what", &error));
    assert_error(error, JSON_IN_MISSING, "$.timeline[1]: 'what' is missing");
    json_in_free(doc);
}

/* The first error is the one that is kept, and what follows it is quiet. */
static void test_first_error_stays(void) {
    JsonDoc *doc = read_text(text);
    const JsonIn *root = json_in_root(doc);
    GError *error = NULL;
    g_assert_cmpint(json_in_int(json_in_need(root, "gone", &error), &error), ==, 0);
    g_assert_cmpint(json_in_int(json_in_get(root, "version"), &error), ==, 0);
    g_assert_cmpstr(json_in_string(json_in_get(root, "on"), &error), ==, "");
    g_assert_null(json_in_need(root, "other", &error));
    assert_error(error, JSON_IN_MISSING, "$: 'gone' is missing");
    json_in_free(doc);
}

static void check_refused(const char *json, size_t length, const char *message) {
    GError *error = NULL;
    g_assert_null(json_in_read(json, length, &error));
    g_assert_error(error, JSON_IN_ERROR, JSON_IN_SYNTAX);
    if (!g_str_has_prefix(error->message, message)) /* how jansson goes on differs between its versions */
        g_assert_cmpstr(error->message, ==, message);
    g_error_free(error);
}

#define CHECK_REFUSED(json, message) check_refused(json, sizeof json - 1, message)

static void test_refused(void) {
    CHECK_REFUSED("{\"a\": 1, \"a\": 2}", "line 1, column 12: duplicate object key");
    CHECK_REFUSED("{\"a\": 1,}", "line 1, column 9: string or '}' expected near '}'");
    CHECK_REFUSED("{\"a\": NaN}", "line 1, column 9: invalid token near 'NaN'");
    CHECK_REFUSED("{\"a\": 9223372036854775808}", "line 1, column 25: too big integer near '9223372036854775808'");
    CHECK_REFUSED("{\"a\": \"\\u0000\"}", "line 1, column 14: \\u0000 is not allowed");
    CHECK_REFUSED("{\"a\": \"\xFF\"}", "line 1, column 7: unable to decode byte 0xff near '\"'");
    CHECK_REFUSED("17", "line 1, column 2: '[' or '{' expected near '17'");
    CHECK_REFUSED("{} {}", "line 1, column 4: end of file expected near '{'");
    CHECK_REFUSED("", "line 1, column 0: '[' or '{' expected near end of file");
    CHECK_REFUSED("\xFF\xFE{", "not valid UTF-16");
}

static void test_depth(void) {
    GString *json = g_string_new(NULL);
    for (int i = 0; i < JSON_DEPTH_MOST; i++)
        g_string_append_c(json, '[');
    g_string_append(json, "\"[[[ \\\" [[[\""); /* brackets within text do not count */
    for (int i = 0; i < JSON_DEPTH_MOST; i++)
        g_string_append_c(json, ']');
    json_in_free(read_text(json->str));
    g_string_prepend(json, "[");
    check_refused(json->str, json->len, "more than 64 objects and arrays stand inside each other");
    g_string_free(json, TRUE);
    char *hostile = g_strnfill(4 << 20, '[');
    check_refused(hostile, 4 << 20, "more than 64 objects and arrays stand inside each other");
    g_free(hostile);
}

static void test_encodings(void) {
    json_in_free(read_text("\xEF\xBB\xBF{\"a\": 1}"));
    static const char *const encodings[] = {"UTF-16LE", "UTF-16BE"};
    static const char *const marks[] = {"\xFF\xFE", "\xFE\xFF"};
    for (int i = 0; i < 2; i++) {
        gsize length = 0;
        char *wide = g_convert("{\"a\": \"\xC3\xA9\"}", -1, encodings[i], "UTF-8", NULL, &length, NULL);
        GString *bytes = g_string_new(marks[i]);
        g_string_append_len(bytes, wide, (gssize)length);
        GError *error = NULL;
        JsonDoc *doc = json_in_read(bytes->str, bytes->len, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(json_in_string(json_in_get(json_in_root(doc), "a"), NULL), ==, "\xC3\xA9");
        json_in_free(doc);
        g_string_free(bytes, TRUE);
        g_free(wide);
    }
}

/* Lookup is by bisection, so a record with many names stays quick. */
static void test_many_members(void) {
    GString *json = g_string_new("{");
    for (int i = 0; i < 50000; i++)
        g_string_append_printf(json, "%s\"key-%d\": %d", i > 0 ? ", " : "", i, i);
    g_string_append(json, "}");
    JsonDoc *doc = read_text(json->str);
    for (int i = 0; i < 50000; i += 7) {
        char *key = g_strdup_printf("key-%d", i);
        g_assert_cmpint(json_in_int(json_in_get(json_in_root(doc), key), NULL), ==, i);
        g_free(key);
    }
    json_in_free(doc);
    g_string_free(json, TRUE);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/read/json-in/values", test_values);
    g_test_add_func("/read/json-in/types", test_types);
    g_test_add_func("/read/json-in/order", test_order);
    g_test_add_func("/read/json-in/path", test_path);
    g_test_add_func("/read/json-in/wrong-types", test_wrong_types);
    g_test_add_func("/read/json-in/first-error-stays", test_first_error_stays);
    g_test_add_func("/read/json-in/refused", test_refused);
    g_test_add_func("/read/json-in/depth", test_depth);
    g_test_add_func("/read/json-in/encodings", test_encodings);
    g_test_add_func("/read/json-in/many-members", test_many_members);
    return g_test_run();
}
