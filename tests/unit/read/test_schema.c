/* test_schema.c - a field table as JSON Schema says the same as the table. */
#include <glib.h>
#include <string.h>

#include "read/fields.h"
#include "read/json_in.h"
#include "read/limits.h"

typedef struct {
    SimTime every;
} Probe;

typedef struct {
    SimTime ttl;
    Law boot;
    int64_t writes, count;
    bool sticky;
    int policy;
    const char *about;
    NameList targets;
    const Node *rules;
    Probe probe;
} Spec;

static const char *const policies[] = {"latency", "failover", NULL};
static const Field probe_fields[] = {FIELD_TIME(Probe, every, FIELD_REQUIRED, "time between two probes", NULL),
                                     FIELD_END};
static const Field spec_fields[] = {
    FIELD_TIME(Spec, ttl, "60 s", "how long an answer is kept", NULL),
    FIELD_LAW(Spec, boot, NULL, "from launch to ready", NULL),
    FIELD_SHARE(Spec, writes, "10 %", "share of requests that write", NULL),
    FIELD_COUNT(Spec, count, "2", "1", "100", "instances", NULL),
    FIELD_BOOL(Spec, sticky, "no", "a session stays", NULL),
    FIELD_WORD(Spec, policy, policies, "latency", "how an answer is chosen", NULL),
    FIELD_TEXT(Spec, about, NULL, "a line for people"),
    FIELD_NAMES(Spec, targets, FIELD_REQUIRED, "what it points to"),
    FIELD_NODE(Spec, rules, "left to the owner"),
    FIELD_GROUP(Spec, probe, probe_fields, "how targets are probed"),
    FIELD_END,
};

static JsonDoc *schema_of(const Field *fields) {
    JsonWriter *json = json_new();
    fields_schema(fields, NULL, json);
    size_t length;
    char *text = json_finish(json, &length);
    GError *error = NULL;
    JsonDoc *doc = json_in_read(text, length, &error);
    g_assert_no_error(error);
    g_free(text);
    return doc;
}

static const char *text_at(const JsonIn *object, const char *key) {
    return json_in_string(json_in_get(object, key), NULL);
}

static void test_table(void) {
    JsonDoc *doc = schema_of(spec_fields);
    const JsonIn *root = json_in_root(doc), *properties = json_in_get(root, "properties");
    g_assert_cmpstr(text_at(root, "type"), ==, "object");
    g_assert_true(json_in_is_bool(json_in_get(root, "additionalProperties")));
    g_assert_false(json_in_bool(json_in_get(root, "additionalProperties"), NULL));
    g_assert_cmpuint(json_in_count(properties), ==, G_N_ELEMENTS(spec_fields) - 1);
    g_assert_cmpuint(json_in_count(json_in_get(root, "required")), ==, 1);
    g_assert_cmpstr(json_in_string(json_in_at(json_in_get(root, "required"), 0), NULL), ==, "targets");
    g_assert_cmpstr(text_at(json_in_get(properties, "ttl"), "default"), ==, "60 s");
    g_assert_cmpstr(text_at(json_in_get(properties, "count"), "description"), ==, "instances; at least 1; at most 100");
    g_assert_null(json_in_get(json_in_get(properties, "targets"), "default"));
    json_in_free(doc);
}

static void test_group(void) {
    JsonDoc *doc = schema_of(spec_fields);
    const JsonIn *probe = json_in_get(json_in_get(json_in_root(doc), "properties"), "probe");
    g_assert_cmpstr(text_at(probe, "description"), ==, "how targets are probed");
    g_assert_cmpstr(text_at(probe, "type"), ==, "object");
    g_assert_nonnull(json_in_get(json_in_get(probe, "properties"), "every"));
    g_assert_cmpuint(json_in_count(json_in_get(probe, "required")), ==, 1);
    json_in_free(doc);
}

/* Patterns are held against what the reader takes and refuses; `${name}` is always allowed. */
static void test_patterns(void) {
    static const struct {
        const char *key, *right[6], *wrong[6];
    } cases[] = {
        {"ttl", {"30 s", "1.5h", "50 ms", "${dns_ttl}", NULL}, {"30", "5 m", "-1 s", "s", NULL}},
        {"boot", {"45 s", "lognormal(median 45 s p95 90 s)", "${boot}", NULL}, {"45", "lognormal", NULL}},
        {"writes", {"10 %", "99.95%", "0.02", NULL}, {"10 percent", "ten", NULL}},
        {"count", {"7", "${n}", NULL}, {"5.0", "0x5", "-1", "", NULL}},
    };
    JsonDoc *doc = schema_of(spec_fields);
    const JsonIn *properties = json_in_get(json_in_root(doc), "properties");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *pattern = text_at(json_in_get(properties, cases[i].key), "pattern");
        for (size_t k = 0; cases[i].right[k] != NULL; k++)
            g_assert_true(g_regex_match_simple(pattern, cases[i].right[k], 0, 0));
        for (size_t k = 0; cases[i].wrong[k] != NULL; k++)
            g_assert_false(g_regex_match_simple(pattern, cases[i].wrong[k], 0, 0));
    }
    json_in_free(doc);
}

static void test_choices(void) {
    JsonDoc *doc = schema_of(spec_fields);
    const JsonIn *properties = json_in_get(json_in_root(doc), "properties");
    const JsonIn *words = json_in_get(json_in_at(json_in_get(json_in_get(properties, "policy"), "anyOf"), 0), "enum");
    const JsonIn *truths = json_in_get(json_in_at(json_in_get(json_in_get(properties, "sticky"), "anyOf"), 0), "enum");
    g_assert_cmpuint(json_in_count(words), ==, 2);
    g_assert_cmpstr(json_in_string(json_in_at(words, 1), NULL), ==, "failover");
    g_assert_cmpuint(json_in_count(truths), ==, 6);
    g_assert_true(json_in_bool(json_in_at(truths, 0), NULL));
    json_in_free(doc);
}

/* The table of limits is complete and ends; --limits prints it as it stands. */
static void test_limits_table(void) {
    size_t rows = 0;
    for (; read_limits[rows].name != NULL; rows++) {
        g_assert_cmpint(read_limits[rows].most, >, 0);
        g_assert_nonnull(read_limits[rows].unit);
        g_assert_nonnull(read_limits[rows].about);
    }
    g_assert_cmpuint(rows, ==, 10);
    g_assert_cmpint(read_limits[0].most, ==, 4194304);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/read/schema/table", test_table);
    g_test_add_func("/read/schema/group", test_group);
    g_test_add_func("/read/schema/patterns", test_patterns);
    g_test_add_func("/read/schema/choices", test_choices);
    g_test_add_func("/read/schema/limits-table", test_limits_table);
    return g_test_run();
}
