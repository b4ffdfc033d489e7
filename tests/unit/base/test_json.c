/* test_json.c - the bytes that are written, to the letter. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "base/json.h"

static void check(JsonWriter *json, const char *expected) {
    size_t length;
    char *text = json_finish(json, &length);
    g_assert_cmpstr(text, ==, expected);
    g_assert_cmpuint(length, ==, strlen(expected));
    g_free(text);
}

static void test_layout(void) {
    JsonWriter *json = json_new();
    json_begin_object(json, NULL);
    json_string(json, "name", "x");
    json_begin_array(json, "list");
    json_int(json, NULL, -1);
    json_begin_object_inline(json, NULL);
    json_bool(json, "a", true);
    json_begin_array(json, "b"); /* inside something inline everything is */
    json_null(json, NULL);
    json_bool(json, NULL, false);
    json_end(json);
    json_end(json);
    json_end(json);
    json_begin_array(json, "empty");
    json_end(json);
    json_begin_object_inline(json, "also");
    json_end(json);
    json_begin_array_inline(json, "row");
    json_int(json, NULL, 1);
    json_int(json, NULL, 2);
    json_end(json);
    json_end(json);
    check(json, "{\n  \"name\": \"x\",\n  \"list\": [\n    -1,\n    {\"a\": true, \"b\": [null, false]}\n  ],\n"
                "  \"empty\": [],\n  \"also\": {},\n  \"row\": [1, 2]\n}\n");
}

static void test_strings(void) {
    JsonWriter *json = json_new();
    json_begin_array_inline(json, NULL);
    json_string(json, NULL, "a\"b\\c/d");
    json_string(json, NULL, "\n\t\x01\x1f\x7f");
    json_string(json, NULL, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    json_string(json, NULL, "bad \xff\xc3 end");
    json_string(json, NULL, NULL);
    json_string(json, NULL, "");
    json_end(json);
    check(json, "[\"a\\\"b\\\\c/d\", \"\\n\\t\\u0001\\u001f\\u007f\", \"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\", "
                "\"bad \xef\xbf\xbd\xef\xbf\xbd end\", null, \"\"]\n");
}

static void test_numbers(void) {
    JsonWriter *json = json_new();
    json_begin_array_inline(json, NULL);
    json_int(json, NULL, INT64_MIN);
    json_int(json, NULL, INT64_MAX);
    json_double(json, NULL, 0.1);
    json_double(json, NULL, 1.0 / 3);
    json_double(json, NULL, 2.0 / 3);
    json_double(json, NULL, 1e300);
    json_double(json, NULL, 5e-324);
    json_double(json, NULL, -0.0);
    json_double(json, NULL, 100);
    json_double(json, NULL, 9007199254740993.0);
    json_end(json);
    check(json, "[-9223372036854775808, 9223372036854775807, 0.1, 0.3333333333333333, 0.6666666666666666, 1e+300, "
                "4.94065645841247e-324, 0, 100, 9007199254740992]\n");
}

/* Every double comes back as it was: bit patterns from everywhere. */
static void test_doubles_read_back(void) {
    uint64_t bits = 1;
    for (int i = 0; i < 20000; i++) {
        bits = bits * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        JsonWriter *json = json_new();
        json_double(json, NULL, value);
        char *text = json_finish(json, NULL);
        double back = g_ascii_strtod(text, NULL);
        g_assert_cmpint(memcmp(&back, &value, sizeof back), ==, 0);
        g_free(text);
    }
}

static void misuse_nan(void) { json_double(json_new(), NULL, (double)NAN); }

static void misuse_key(void) {
    JsonWriter *json = json_new();
    json_begin_object(json, NULL);
    json_int(json, NULL, 1);
}

static void misuse_open(void) {
    JsonWriter *json = json_new();
    json_begin_object(json, NULL);
    json_finish(json, NULL);
}

static void misuse_two_values(void) {
    JsonWriter *json = json_new();
    json_int(json, NULL, 1);
    json_int(json, NULL, 2);
}

static void check_is_bug(const char *path, const char *why) {
    g_test_trap_subprocess(path, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr(why);
}

static void test_misuse(void) {
    check_is_bug("/base/json/misuse/subprocess/nan", "*NaN*");
    check_is_bug("/base/json/misuse/subprocess/key", "*keys*");
    check_is_bug("/base/json/misuse/subprocess/open", "*not ended*");
    check_is_bug("/base/json/misuse/subprocess/two", "*one value*");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/json/layout", test_layout);
    g_test_add_func("/base/json/strings", test_strings);
    g_test_add_func("/base/json/numbers", test_numbers);
    g_test_add_func("/base/json/doubles-read-back", test_doubles_read_back);
    g_test_add_func("/base/json/misuse", test_misuse);
    g_test_add_func("/base/json/misuse/subprocess/nan", misuse_nan);
    g_test_add_func("/base/json/misuse/subprocess/key", misuse_key);
    g_test_add_func("/base/json/misuse/subprocess/open", misuse_open);
    g_test_add_func("/base/json/misuse/subprocess/two", misuse_two_values);
    return g_test_run();
}
