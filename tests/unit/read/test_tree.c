/* test_tree.c - copies, paths and single values: what `but:` and --set stand on. */
#include <glib.h>
#include <string.h>

#include "tests/unit/read/reading.h"

static const char text[] = "dns: {ttl: 60 s}\n"
                           "timeline:\n  - {at: 20 min, fail: region us-east-1}\n  - {at: 30 min, fail: db}\n"
                           "expect:\n  - {id: few-lost, mean: < 2 %}\n  - {id: a.b, mean: 1}\n"
                           "odd.key: {x: 1}\nempty:\n";

static void test_copy(void) {
    Reading reading;
    reading_init(&reading, text);
    Tree *other = tree_new();
    Node *copy = tree_copy(other, reading.root);
    char *before = node_text(reading.root), *after = node_text(copy);
    g_assert_cmpstr(before, ==, after);
    g_assert_true(copy->entries[0].value != reading.root->entries[0].value);
    g_assert_true(copy->entries[0].key != reading.root->entries[0].key);
    g_assert_true(node_find(copy, "dns.ttl", NULL)->text != node_find(reading.root, "dns.ttl", NULL)->text);
    g_assert_cmpuint(copy->entries[0].mark.column, ==, 1);
    g_free(after);
    reading_clear(&reading); /* the copy lives on without its model */
    after = node_text(copy);
    g_assert_cmpstr(before, ==, after);
    g_free(before);
    g_free(after);
    tree_free(other);
}

static void test_find(void) {
    static const struct {
        const char *path, *value, *why;
    } cases[] = {
        {"dns.ttl", "60 s", NULL},
        {"timeline[1].fail", "db", NULL},
        {"timeline.1.fail", "db", NULL},
        {"expect[id=few-lost].mean", "< 2 %", NULL},
        {"expect.id=few-lost.mean", "< 2 %", NULL},
        {"expect[id=a.b].mean", "1", NULL},
        {"[odd.key].x", "1", NULL},
        {"timeline[0]", "{at: 20 min, fail: region us-east-1}", NULL},
        {"dns.tll", NULL, "there is no 'tll'"},
        {"timeline[2].at", NULL, "there is no entry 2: the list has 2, counted from 0"},
        {"timeline[99999999999999999999999]", NULL,
         "there is no entry 99999999999999999999999: the list has 2, counted from 0"},
        {"timeline.at", NULL, "'at' cannot choose from a list: write a number or key=value"},
        {"expect[id=none].mean", NULL, "no entry of the list has id=none"},
        {"dns.ttl.x", NULL, "'x' has nothing to stand in: before it the path reaches text"},
        {"dns[ttl", NULL, "the path has a '[' that is not closed"},
        {"dns..ttl", NULL, "the path has an empty step"},
        {"", NULL, "the path has an empty step"},
        {"dns.", NULL, "the path ends with a dot"},
    };
    Reading reading;
    reading_init(&reading, text);
    assert_messages(&reading, "");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *why = NULL;
        const Node *found = node_find(reading.root, cases[i].path, &why);
        char *value = found != NULL ? node_text(found) : NULL;
        g_assert_cmpstr(value, ==, cases[i].value);
        g_assert_cmpstr(why, ==, cases[i].why);
        g_free(value);
        g_free(why);
    }
    reading_clear(&reading);
}

static void check_value(const Tree *tree, const char *path, const char *wanted) {
    const Node *node = node_find(tree_root(tree), path, NULL);
    char *value = node != NULL ? node_text(node) : NULL;
    g_assert_cmpstr(value, ==, wanted);
    g_free(value);
}

static void test_set(void) {
    Reading reading;
    reading_init(&reading, text);
    Tree *tree = reading.tree;
    g_assert_true(tree_set(tree, "dns.ttl", "600 s"));                  /* replace */
    g_assert_true(tree_set(tree, "dns.policy", "latency"));             /* add */
    g_assert_true(tree_set(tree, "with.deep.er", "1"));                 /* make the maps on the way */
    g_assert_true(tree_set(tree, "empty.now", "2"));                    /* a key without a value is a map */
    g_assert_true(tree_set(tree, "expect[id=few-lost].mean", "< 1 %")); /* within a list */
    check_value(tree, "dns", "{ttl: 600 s, policy: latency}");
    check_value(tree, "with", "{deep: {er: 1}}");
    check_value(tree, "empty", "{now: 2}");
    check_value(tree, "expect[0]", "{id: few-lost, mean: < 1 %}");
    g_assert_cmpstr(tree_root(tree)->entries[0].key, ==, "dns"); /* order is kept */
    reading_clear(&reading);
}

/* What cannot be set leaves nothing half-made behind. */
static void test_set_fails_whole(void) {
    Reading reading;
    reading_init(&reading, text);
    char *before = node_text(reading.root), *why = NULL;
    g_assert_false(tree_set(reading.tree, "dns.ttl.deeper", "1"));
    g_assert_false(tree_set(reading.tree, "timeline[2]", "1"));
    g_assert_false(tree_set(reading.tree, "fresh.maps[", "1"));
    g_assert_false(tree_set(reading.tree, "", "1"));
    g_assert_false(tree_put(reading.tree, "dns.ttl.deeper", tree_scalar(reading.tree, "1", MARK_NONE), &why));
    g_assert_cmpstr(why, ==, "'deeper' has nothing to stand in: before it the path reaches text");
    char *after = node_text(reading.root);
    g_assert_cmpstr(before, ==, after);
    g_free(after);
    g_free(before);
    g_free(why);
    reading_clear(&reading);
}

/* A path as long as a scalar may be must not become a tree too deep to walk. */
static void test_set_is_bounded(void) {
    Tree *tree = tree_new();
    GString *path = g_string_new("a");
    for (int i = 0; i < 31; i++)
        g_string_append(path, ".a");
    g_assert_true(tree_set(tree, path->str, "1"));
    g_string_append(path, ".a");
    char *why = NULL;
    g_assert_false(tree_put(tree, path->str, tree_scalar(tree, "1", MARK_NONE), &why));
    g_assert_cmpstr(why, ==, "the path has more than 32 steps");
    g_free(why);
    g_string_free(path, TRUE);
    tree_free(tree);
}

static void test_value(void) {
    Tree *tree = tree_new();
    Diagnostics *diagnostics = diagnostics_new();
    const Node *list = tree_value(tree, "--set regions", "[us-east-1, eu-west-1]", diagnostics);
    g_assert_cmpint(list->type, ==, NODE_LIST);
    g_assert_cmpuint(list->count, ==, 2);
    g_assert_cmpstr(tree_value(tree, "--set ttl", "30 s", diagnostics)->text, ==, "30 s");
    g_assert_cmpuint(diagnostics_count(diagnostics), ==, 0);
    g_assert_null(tree_value(tree, "--set x", "[a", diagnostics));
    char *messages = reading_messages(diagnostics);
    g_assert_cmpstr(messages, ==, "--set x:1:1: error: this '[' is never closed");
    g_free(messages);
    diagnostics_free(diagnostics);
    tree_free(tree);
}

static void test_text_is_cut(void) {
    Tree *tree = tree_new();
    char *long_text = g_strnfill(151, 'x'), *accents = g_strdup_printf("%s%s", long_text, "");
    for (int i = 0; i < 100; i++) {
        char *longer = g_strconcat(accents, "\xC3\xA9", NULL);
        g_free(accents);
        accents = longer;
    }
    char *shown = node_text(tree_scalar(tree, accents, MARK_NONE));
    g_assert_cmpuint(strlen(shown), <=, 203);
    g_assert_true(g_utf8_validate(shown, -1, NULL));
    g_assert_true(g_str_has_suffix(shown, "..."));
    g_free(shown);
    g_free(accents);
    g_free(long_text);
    tree_free(tree);
}

static void test_lookup_of_nothing(void) {
    Tree *tree = tree_new();
    g_assert_null(node_get(NULL, "a"));
    g_assert_null(node_get(tree_root(tree), "a"));
    g_assert_null(node_get(tree_scalar(tree, "a", MARK_NONE), "a"));
    g_assert_null(node_find(NULL, "a", NULL));
    g_assert_cmpstr(node_type_name(NULL), ==, "nothing");
    g_assert_cmpstr(node_type_name(tree_root(tree)), ==, "a map");
    tree_free(tree);
    tree_free(NULL);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/read/tree/copy", test_copy);
    g_test_add_func("/read/tree/find", test_find);
    g_test_add_func("/read/tree/set", test_set);
    g_test_add_func("/read/tree/set-fails-whole", test_set_fails_whole);
    g_test_add_func("/read/tree/set-is-bounded", test_set_is_bounded);
    g_test_add_func("/read/tree/value", test_value);
    g_test_add_func("/read/tree/text-is-cut", test_text_is_cut);
    g_test_add_func("/read/tree/lookup-of-nothing", test_lookup_of_nothing);
    return g_test_run();
}
