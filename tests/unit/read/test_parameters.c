/* test_parameters.c - `${name}` is replaced by what a scenario gives or the pattern declares. */
#include "read/parameters.h"

#include <glib.h>
#include <string.h>

#include "read/limits.h"
#include "tests/unit/read/reading.h"

typedef struct {
    Reading pattern, scenario;
    AssumedList *assumed;
    bool good;
} Case;

/* `with` is the text of a scenario that may have a `with:` map; messages of both are collected in the pattern's. */
static void case_init(Case *c, const char *pattern, const char *scenario) {
    *c = (Case){.assumed = assumed_new()};
    reading_init(&c->pattern, pattern);
    reading_init(&c->scenario, scenario);
    c->good = parameters_apply(c->pattern.tree, tree_edit(c->pattern.tree), node_get(c->scenario.root, "with"),
                               c->assumed, c->pattern.diagnostics);
}

static void case_clear(Case *c) {
    assumed_free(c->assumed);
    reading_clear(&c->pattern);
    reading_clear(&c->scenario);
}

static void assert_value(const Case *c, const char *path, const char *wanted) {
    const Node *node = node_find(c->pattern.root, path, NULL);
    char *text = node != NULL ? node_text(node) : NULL;
    g_assert_cmpstr(text, ==, wanted);
    g_free(text);
}

static const char declared[] = "parameters:\n"
                               "  regions: {default: [us-east-1, eu-west-1], least: 1, most: 4}\n"
                               "  dns_ttl: {default: 60 s, least: 1 s, most: 1 h, about: how long answers live}\n"
                               "  health: {default: {every: 30 s}}\n"
                               "use:\n"
                               "  copies: \"${regions}\"\n"
                               "  ttl: ${dns_ttl}\n"
                               "  text: kept ${dns_ttl} or $${dns_ttl}, for $5\n"
                               "  nested: [a, {b: \"${health}\"}]\n";

static void test_defaults(void) {
    Case c;
    case_init(&c, declared, "a: 1\n");
    assert_messages(&c.pattern, "");
    g_assert_true(c.good);
    assert_value(&c, "use.copies", "[us-east-1, eu-west-1]");
    assert_value(&c, "use.ttl", "60 s");
    assert_value(&c, "use.text", "kept 60 s or ${dns_ttl}, for $5");
    assert_value(&c, "use.nested", "[a, {b: {every: 30 s}}]");
    g_assert_cmpuint(assumed_count(c.assumed), ==, 3);
    g_assert_cmpstr(assumed_at(c.assumed, 0)->owner, ==, "parameters");
    g_assert_cmpstr(assumed_at(c.assumed, 0)->key, ==, "regions");
    g_assert_cmpstr(assumed_at(c.assumed, 0)->value, ==, "[us-east-1, eu-west-1]");
    g_assert_cmpstr(assumed_at(c.assumed, 0)->source, ==, "default of the pattern");
    case_clear(&c);
}

static void test_given(void) {
    Case c;
    case_init(&c, declared, "with: {dns_ttl: 30 s, regions: ap-south-1}\n");
    assert_messages(&c.pattern, "");
    assert_value(&c, "use.copies", "[ap-south-1]"); /* one name stands for a list of one */
    assert_value(&c, "use.ttl", "30 s");
    g_assert_cmpuint(assumed_count(c.assumed), ==, 1); /* only health was left to its default */
    case_clear(&c);
}

/* A wrong value is reported where it was written, not where it was used. */
static void test_marks_of_values(void) {
    Case c;
    case_init(&c, declared, "with:\n  dns_ttl: 2 s\n");
    const Node *whole = node_find(c.pattern.root, "use.ttl", NULL), *part = node_find(c.pattern.root, "use.text", NULL);
    g_assert_true(whole->mark.source == c.scenario.source);
    g_assert_cmpuint(whole->mark.line, ==, 2);
    g_assert_cmpuint(whole->mark.column, ==, 12);
    g_assert_true(part->mark.source == c.pattern.source);
    g_assert_cmpuint(part->mark.line, ==, 8);
    case_clear(&c);
}

static void check_with(const char *scenario, const char *wanted) {
    Case c;
    case_init(&c, declared, scenario);
    assert_messages(&c.pattern, wanted);
    g_assert_true(c.good == (wanted[0] == '\0'));
    case_clear(&c);
}

static void test_given_wrong(void) {
    check_with("with: {dns_ttl: 1 s, regions: [a, b, c, d]}\n", ""); /* bounds are inclusive */
    check_with("with: {dns_ttl: 1 h}\n", "");
    check_with("with: {dns_ttl: 1.1 h}\n",
               "1:17: error: parameter 'dns_ttl': 1.1 h is more than 1 h, the most allowed");
    check_with("with: {dns_ttl: 999 ms}\n",
               "1:17: error: parameter 'dns_ttl': 999 ms is less than 1 s, the least allowed");
    check_with("with: {dns_ttl: exponential(2 h)}\n",
               "1:17: error: parameter 'dns_ttl': exponential(2 h) is more than 1 h, the most allowed");
    check_with("with: {dns_ttl: exponential(2 s)}\n", "");
    check_with("with: {dns_ttl: 60}\n",
               "1:17: error: parameter 'dns_ttl': \"60\" has no unit: use ns, us, ms, s, min, h, d or y");
    check_with("with: {regions: []}\n",
               "1:17: error: parameter 'regions': a list of 0 is less than 1, the least allowed");
    check_with("with: {regions: {a: b}}\n",
               "1:17: error: parameter 'regions' takes a list like its default, found a map");
    check_with("with: {dns_ttl: [1 s]}\n",
               "1:17: error: parameter 'dns_ttl' takes text like its default, found a list");
    check_with("with: {dns_tll: 1 s}\n", "1:8: error: there is no parameter 'dns_tll'");
    check_with("with: [a]\n", "1:7: error: 'with' must be a map of parameters, not a list");
    check_with("with: {dns_ttl: \"${regions}\"}\n",
               "1:17: error: the value of parameter 'dns_ttl' cannot refer to a parameter");
    check_with("with:\n", "");
}

static void check_pattern(const char *pattern, const char *wanted) {
    Case c;
    case_init(&c, pattern, "a: 1\n");
    assert_messages(&c.pattern, wanted);
    case_clear(&c);
}

static void test_uses_wrong(void) {
    check_pattern("a: ${x}\n", "1:4: error: there is no parameter 'x'");
    check_pattern("a: it is '${x}' here\n", "1:11: error: there is no parameter 'x'");
    check_pattern("a: \"it is ${x}\"\n", "1:11: error: there is no parameter 'x'");
    check_pattern("a: ${}\n", "1:4: error: there is no parameter ''");
    check_pattern("a: x ${b\n", "1:6: error: this '${' is not closed");
    check_pattern("\"${a}\": 1\n", "1:1: error: a key cannot hold a parameter");
    check_pattern("parameters: {r: {default: [a]}}\na: x${r}\n",
                  "2:5: error: parameter 'r' is a list, which cannot stand inside text");
    check_pattern("parameters: {r: {default: 1}}\na: x\n", "1:14: warning: parameter 'r' is never used");
    check_pattern("parameters: {r: {about: x}}\na: ${r}\n",
                  "1:14: error: parameter 'r' has neither a value nor a default");
    check_pattern("parameters: [a]\n", "1:13: error: 'parameters' must be a map, not a list");
    check_pattern("parameters:\nb: 1\n", "");
    check_pattern("parameters: {r: {default: 2, about: 'use it as ${r}, not ${q}'}}\na: ${r}\n", "");
    check_pattern("parameters: {r: {default: 2, least: two}}\na: ${r}\n",
                  "1:30: error: the bound \"two\" of 'r' is no quantity");
    check_pattern("parameters: {r: {default: 2, least: 3}}\na: ${r}\n",
                  "1:27: error: parameter 'r': 2 is less than 3, the least allowed");
    check_pattern("a: $${x} and $ {x} and $x\n", "");
}

/* No billion laughs: values do not nest, and what they make together is bounded. */
static void test_expansion_is_bounded(void) {
    GString *pattern = g_string_new("parameters:\n  big: {default: ");
    for (int i = 0; i < 60000; i++)
        g_string_append_c(pattern, 'x');
    g_string_append(pattern, "}\nuses:\n");
    for (int i = 0; i < 100000; i++)
        g_string_append(pattern, "  - ${big}\n");
    Case c;
    case_init(&c, pattern->str, "a: 1\n");
    char *messages = reading_messages(c.pattern.diagnostics);
    g_assert_true(
        g_str_has_suffix(messages, "error: the parameters make more than 16777216 bytes, the most that is read"));
    g_assert_null(strchr(messages, '\n'));
    g_free(messages);
    case_clear(&c);
    g_string_free(pattern, TRUE);
}

static void test_value_is_bounded(void) {
    char *big = g_strnfill(40000, 'x'),
         *pattern = g_strdup_printf("parameters: {p: {default: %s}}\na: ${p}${p}\n", big);
    check_pattern(pattern, "2:4: error: with its parameters this value is longer than 65536 bytes");
    g_free(pattern);
    g_free(big);
}

static void test_depth_is_bounded(void) {
    GString *pattern = g_string_new("parameters: {p: {default: ");
    for (int i = 0; i < 20; i++)
        g_string_append_c(pattern, '[');
    for (int i = 0; i < 20; i++)
        g_string_append_c(pattern, ']');
    g_string_append(pattern, "}}\na: ");
    for (int i = 0; i < 12; i++)
        g_string_append_c(pattern, '[');
    g_string_append(pattern, "'${p}'");
    for (int i = 0; i < 12; i++)
        g_string_append_c(pattern, ']');
    check_pattern(pattern->str, "2:16: error: with 'p' more than 32 maps and lists stand inside each other");
    g_string_free(pattern, TRUE);
}

static void test_error_flood(void) {
    GString *pattern = g_string_new("uses:\n");
    for (int i = 0; i < 20000; i++)
        g_string_append(pattern, "  - ${none} ${none}\n");
    Case c;
    case_init(&c, pattern->str, "a: 1\n");
    g_assert_cmpuint(diagnostics_errors(c.pattern.diagnostics), <=, READ_ERRORS_MOST + 1);
    case_clear(&c);
    g_string_free(pattern, TRUE);
}

/* --set on a bare pattern: an empty tree stands in for the scenario. */
static void test_with_tree_set(void) {
    Reading pattern;
    reading_init(&pattern, declared);
    Tree *overrides = tree_new();
    g_assert_true(tree_set(overrides, "dns_ttl", "5 min"));
    g_assert_true(
        parameters_apply(pattern.tree, tree_edit(pattern.tree), tree_root(overrides), NULL, pattern.diagnostics));
    g_assert_cmpstr(node_find(pattern.root, "use.ttl", NULL)->text, ==, "5 min");
    tree_free(overrides);
    reading_clear(&pattern);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/read/parameters/defaults", test_defaults);
    g_test_add_func("/read/parameters/given", test_given);
    g_test_add_func("/read/parameters/marks-of-values", test_marks_of_values);
    g_test_add_func("/read/parameters/given-wrong", test_given_wrong);
    g_test_add_func("/read/parameters/uses-wrong", test_uses_wrong);
    g_test_add_func("/read/parameters/expansion-is-bounded", test_expansion_is_bounded);
    g_test_add_func("/read/parameters/value-is-bounded", test_value_is_bounded);
    g_test_add_func("/read/parameters/depth-is-bounded", test_depth_is_bounded);
    g_test_add_func("/read/parameters/error-flood", test_error_flood);
    g_test_add_func("/read/parameters/with-tree-set", test_with_tree_set);
    return g_test_run();
}
