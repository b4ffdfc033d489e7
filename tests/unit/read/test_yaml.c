/* test_yaml.c - YAML text becomes the tree it says, with marks in characters, within the limits. */
#include <glib.h>
#include <string.h>

#include "read/limits.h"
#include "tests/unit/read/reading.h"

static void assert_mark(Mark mark, uint32_t line, uint32_t column, uint32_t length) {
    g_assert_cmpuint(mark.line, ==, line);
    g_assert_cmpuint(mark.column, ==, column);
    g_assert_cmpuint(mark.length, ==, length);
}

static void test_shapes(void) {
    Reading reading;
    reading_init(&reading, "pattern: web\n"
                           "ports: [80, 443]\n"
                           "empty: {}\nnone: []\nnothing:\n"
                           "edge:\n  dns: {ttl: '60 s'}\n"
                           "flows:\n  - a -> b\n  - visit: c\n");
    assert_messages(&reading, "");
    char *text = node_text(reading.root);
    g_assert_cmpstr(text, ==,
                    "{pattern: web, ports: [80, 443], empty: {}, none: [], nothing: , edge: {dns: {ttl: 60 s}}, "
                    "flows: [a -> b, {visit: c}]}");
    g_free(text);
    g_assert_true(node_get(node_get(node_get(reading.root, "edge"), "dns"), "ttl")->quoted);
    g_assert_false(node_get(reading.root, "pattern")->quoted);
    g_assert_cmpstr(node_get(reading.root, "nothing")->text, ==, "");
    reading_clear(&reading);
}

/* "NO" stays a country and 1e3 stays text: nothing is converted before a field asks for it. */
static void test_scalars_stay_text(void) {
    Reading reading;
    reading_init(&reading, "[NO, 0x1F, 1e3, ~, 'null', true, 2026-01-01, \"tab\\there\", 'it''s', a#b, 'x: y']\n");
    assert_messages(&reading, "");
    static const char *const wanted[] = {"NO",         "0x1F",      "1e3",  "~",   "null", "true",
                                         "2026-01-01", "tab\there", "it's", "a#b", "x: y"};
    g_assert_cmpuint(reading.root->count, ==, G_N_ELEMENTS(wanted));
    for (size_t i = 0; i < reading.root->count; i++)
        g_assert_cmpstr(reading.root->items[i]->text, ==, wanted[i]);
    reading_clear(&reading);
}

static void test_block_text(void) {
    Reading reading;
    reading_init(&reading, "about: |\n  two [ lines\n  with: signs\nfolded: >-\n  one\n  line\nplain: goes\n  on\n");
    assert_messages(&reading, "");
    g_assert_cmpstr(node_get(reading.root, "about")->text, ==, "two [ lines\nwith: signs\n");
    g_assert_cmpstr(node_get(reading.root, "folded")->text, ==, "one line");
    g_assert_cmpstr(node_get(reading.root, "plain")->text, ==, "goes on");
    reading_clear(&reading);
}

/* Columns count characters, not bytes; a quoted token includes its quotes; a block map is marked by its first key. */
static void test_marks(void) {
    Reading reading;
    reading_init(&reading, "caf\xC3\xA9: {\xC3\xBC: 'b\xC3\xA9t'}\nlist:\n  - deep:\n      er: 1\nlong: goes\n  on\n");
    assert_messages(&reading, "");
    assert_mark(reading.root->mark, 1, 1, 4);
    assert_mark(node_key_mark(reading.root, "caf\xC3\xA9"), 1, 1, 4);
    const Node *flow = node_get(reading.root, "caf\xC3\xA9");
    assert_mark(flow->mark, 1, 7, 1);
    assert_mark(node_key_mark(flow, "\xC3\xBC"), 1, 8, 1);
    assert_mark(node_get(flow, "\xC3\xBC")->mark, 1, 11, 5);
    const Node *entry = node_get(reading.root, "list")->items[0];
    assert_mark(entry->mark, 3, 5, 4);
    assert_mark(node_get(entry, "deep")->mark, 4, 7, 2);
    assert_mark(node_get(node_get(entry, "deep"), "er")->mark, 4, 11, 1);
    assert_mark(node_get(reading.root, "long")->mark, 5, 7, 1);
    assert_mark(node_key_mark(reading.root, "absent"), 0, 0, 0);
    reading_clear(&reading);
}

static void test_line_ends_and_bom(void) {
    Reading reading;
    reading_init(&reading, "\xEF\xBB\xBF"
                           "a: 1\r\nb: 2\r\n");
    assert_messages(&reading, "");
    g_assert_cmpstr(node_get(reading.root, "a")->text, ==, "1");
    assert_mark(node_key_mark(reading.root, "b"), 2, 1, 1);
    reading_clear(&reading);
}

/* One run names several mistakes, and what is whole is still there to be checked further. */
static void test_goes_on(void) {
    Reading reading;
    reading_init(&reading, "a: &x 1\nb: *x\nc: !t 2\na: 3\n<<: {d: 4}\ne: 5\n");
    assert_messages(&reading, "1:4: error: anchors (&x) are not allowed\n"
                              "2:4: error: aliases (*x) are not allowed\n"
                              "3:4: error: tags (!t) are not allowed\n"
                              "4:1: error: the key 'a' stands twice, first on line 1\n"
                              "5:1: error: merge keys (<<) are not allowed");
    char *text = node_text(reading.root);
    g_assert_cmpstr(text, ==, "{a: 1, b: , c: 2, e: 5}");
    g_assert_true(node_get(reading.root, "b")->broken);
    g_free(text);
    reading_clear(&reading);
}

/* A law that a comma has cut in two is one mistake; its pieces are no keys and no entries. */
static void test_cut_law(void) {
    Reading reading;
    reading_init(&reading,
                 "a: {boot: lognormal(45 s, 90 s), ttl: 5 s}\nb: [uniform(1 s, 2 s), 3 s]\nc: [x (y) z, ':)']\n"
                 "d: {\"text (\": 1, e: 'open ('}\n");
    assert_messages(&reading, "1:11: error: the '(' is not closed before this value ends\n"
                              "2:5: error: the '(' is not closed before this value ends");
    g_assert_cmpuint(node_get(reading.root, "a")->count, ==, 2);
    g_assert_true(node_get(node_get(reading.root, "a"), "boot")->broken);
    g_assert_cmpstr(node_get(node_get(reading.root, "a"), "ttl")->text, ==, "5 s");
    g_assert_cmpuint(node_get(reading.root, "b")->count, ==, 2);
    g_assert_cmpstr(node_get(reading.root, "b")->items[1]->text, ==, "3 s");
    reading_clear(&reading);
}

/* A comma forgotten at the end of a line would make one value of two; quoted and block text may fold. */
static void test_folded_values(void) {
    Reading reading;
    reading_init(&reading, "a: [x,\n    y\n    z]\nb: ['one\n     two']\nc: one\n  two\n");
    assert_messages(&reading, "2:5: error: this value goes on over the next line inside { } or [ ]");
    g_assert_cmpstr(node_get(reading.root, "b")->items[0]->text, ==, "one two");
    g_assert_cmpstr(node_get(reading.root, "c")->text, ==, "one two");
    reading_clear(&reading);
    char *messages = messages_of("a: {b: 1\n    c: 2}\n"); /* one message, not two */
    g_assert_cmpstr(messages, ==, "2:5: error: a ',' is missing before this line");
    g_free(messages);
}

static char *repeated(const char *head, const char *part, size_t times, const char *tail) {
    GString *text = g_string_new(head);
    for (size_t i = 0; i < times; i++)
        g_string_append(text, part);
    g_string_append(text, tail);
    return g_string_free(text, FALSE);
}

static void check_limit(char *text, const char *wanted) {
    char *messages = messages_of(text);
    g_assert_cmpstr(messages, ==, wanted);
    g_free(messages);
    g_free(text);
}

/* The last legal size passes, the next one does not. */
static void test_limits(void) {
    check_limit(repeated("", "[", 32, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"), "");
    check_limit(repeated("", "[", 33, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"),
                "1:33: error: more than 32 maps and lists stand inside each other");
    check_limit(repeated("", "k", 256, ": 1"), "");
    check_limit(repeated("", "k", 257, ": 1"),
                "1:1: error: a key of 257 bytes is longer than 256, the most that is read");
    check_limit(repeated("a: ", "x", 65536, ""), "");
    check_limit(repeated("a: ", "x", 65537, ""),
                "1:4: error: a value of 65537 bytes is longer than 65536, the most that is read");
    check_limit(repeated("a: 1\n#", "x", READ_FILE_MOST - 6, ""), "");
    check_limit(repeated("a: 1\n#", "x", READ_FILE_MOST - 5, ""),
                "1:1: error: the text is larger than 4194304 bytes, the most that is read");
    /* 6 events stand around the entries: stream, document and list, each with a start and an end */
    check_limit(repeated("[", "1,", 400000 - 6, "]"), "");
    check_limit(repeated("[", "1,", 400000 - 2, "]"),
                "1:799996: error: the file holds more than 400000 keys, values and lists, the most that is read");
}

static void test_error_flood(void) {
    char *text = repeated("", "a: 1\n", 5000, ""), *messages = messages_of(text);
    char **lines = g_strsplit(messages, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, READ_ERRORS_MOST + 1);
    g_strfreev(lines);
    g_free(messages);
    g_free(text);
    text = repeated("[", "&a 1,", 5000, "]");
    messages = messages_of(text);
    g_assert_true(g_str_has_suffix(messages, "too many errors: reading stops here"));
    g_free(messages);
    g_free(text);
}

/* Shapes that cost libyaml seconds when it is let run: they must end at once, by refusal. */
static void test_hostile(void) {
    static const struct {
        const char *part, *wanted;
        size_t times;
    } hostile[] = {
        {"[", "1:33: error: more than 32 maps and lists stand inside each other", 1 << 20},
        {"{", "1:33: error: more than 32 maps and lists stand inside each other", 1 << 20},
        {"[{", "1:33: error: more than 32 maps and lists stand inside each other", 1 << 19},
        {"? ", "1:65: error: more than 32 maps and lists stand inside each other", 1 << 19},
        {"- ", "1:65: error: more than 32 maps and lists stand inside each other", 1 << 19},
        {"[a,", "1:97: error: more than 32 maps and lists stand inside each other", 1 << 18},
        {"%TAG ! a\n", "1:1: error: a line that starts with '%' is a directive, which is not allowed", 1 << 17},
        {"---\n", "2:1: error: the file holds a second document", 1 << 18},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(hostile); i++)
        check_limit(repeated("", hostile[i].part, hostile[i].times, ""), hostile[i].wanted);
}

static void test_many_keys(void) {
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 60000; i++)
        g_string_append_printf(text, "key-%d: %d\n", (i * 7919) % 60000, i);
    g_string_append(text, "key-59999: again\n");
    char *messages = messages_of(text->str);
    g_assert_true(g_str_has_prefix(messages, "60001:1: error: the key 'key-59999' stands twice, first on line "));
    g_assert_null(strchr(messages, '\n'));
    g_free(messages);
    g_string_free(text, TRUE);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/read/yaml/shapes", test_shapes);
    g_test_add_func("/read/yaml/scalars-stay-text", test_scalars_stay_text);
    g_test_add_func("/read/yaml/block-text", test_block_text);
    g_test_add_func("/read/yaml/marks", test_marks);
    g_test_add_func("/read/yaml/line-ends-and-bom", test_line_ends_and_bom);
    g_test_add_func("/read/yaml/goes-on", test_goes_on);
    g_test_add_func("/read/yaml/cut-law", test_cut_law);
    g_test_add_func("/read/yaml/folded-values", test_folded_values);
    g_test_add_func("/read/yaml/limits", test_limits);
    g_test_add_func("/read/yaml/error-flood", test_error_flood);
    g_test_add_func("/read/yaml/hostile", test_hostile);
    g_test_add_func("/read/yaml/many-keys", test_many_keys);
    return g_test_run();
}
