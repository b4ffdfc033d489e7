/* test_fuzz.c - 20,000 mutations of valid files: nothing crashes, and every message points into the file.
 *
 * Mutations are drawn from a fixed seed, so a failure can be run again. Reading goes all the way: tree, parameters,
 * fields. Where the tree could be read it is also copied and printed, and a path is set in it. */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "read/fields.h"
#include "read/parameters.h"
#include "tests/unit/read/reading.h"

enum { MUTATIONS = 20000, MOST_EDITS = 4 };

typedef struct {
    SimTime ttl;
    Law boot;
    int64_t serves, count;
    bool sticky;
    NameList targets;
} Spec;

static const Field spec_fields[] = {
    FIELD_TIME(Spec, ttl, "60 s", "how long an answer is kept", NULL),
    FIELD_LAW(Spec, boot, "uniform(60 s to 120 s)", "from launch to ready", NULL),
    FIELD_RATE(Spec, serves, "50/s", "requests one instance answers", NULL),
    FIELD_COUNT(Spec, count, "2", "1", "100", "instances", NULL),
    FIELD_BOOL(Spec, sticky, "no", "a session stays with its instance", NULL),
    FIELD_NAMES(Spec, targets, NULL, "what it points to"),
    FIELD_END,
};

static const char *const seeds[] = {
    "pattern: multi-region-web\nabout: One stack copied to several regions.\nprovider: aws\n"
    "parameters:\n  regions: {default: [us-east-1, eu-west-1], least: 1, most: 8}\n"
    "  dns_ttl: {default: 60 s, least: 1 s, most: 1 h}\n"
    "spec: {ttl: \"${dns_ttl}\", boot: lognormal(median 45 s p95 90 s), serves: 50/s, count: 4, targets: "
    "\"${regions}\"}\n"
    "stacks:\n  site:\n    copies: \"${regions}\"\n    subnets:\n"
    "      public: {per: zone, routes: [{to: internet, via: internet_gateway}]}\n"
    "flows:\n  - visit: users -> dns -> waf -> site.lb -> site.web -> site.db\n",
    "# a comment\nscenario: a region dies at peak\nclaim: |\n  Losing a region costs\n  the sessions in it.\n"
    "timeline:\n  - {at: 20 min, fail: region us-east-1, for: 30 min}\n"
    "spec:\n  ttl: 1.5 min\n  sticky: yes\n  targets:\n    - caf\xC3\xA9\n    - 'it''s'\n    - \"tab\\there\"\n"
    "expect:\n  - {id: few-lost, metric: lost / sessions, mean: \"< 2 %\", but: {set: {dns_ttl: 600 s}}}\n",
};

/* Pieces that matter to the reader, whole, so that mutations reach further than single bytes do. */
static const char *const pieces[] = {
    "[",   "]",   "{",   "}",    ",",   ": ",   "- ",   "? ",           "\n", "\n\n", "  ",           "\t",      "'",
    "\"",  "#",   "&a ", "*a ",  "!t ", "|\n",  ">\n",  "---\n",        "%",  "<<: ", "${regions}",   "${x}",    "${",
    "$",   "(",   ")",   "\r\n", "\r",  "\x00", "\xFF", "\xC3",         "0",  "-1 s", "\xE2\x80\xAE", "\\u202E", "\\0",
    "1e9", "nan", "5 m", "yes",  "{}",  "[]",   "''",   "\xEF\xBB\xBF",
};

static void edit(GRand *rand, GString *text) {
    gsize at = (gsize)g_rand_int_range(rand, 0, (gint32)text->len + 1);
    gsize span = (gsize)g_rand_int_range(rand, 1, 20);
    const char *piece = pieces[g_rand_int_range(rand, 0, G_N_ELEMENTS(pieces))];
    switch (g_rand_int_range(rand, 0, 5)) {
    case 0: g_string_insert_len(text, (gssize)at, piece, piece[0] == '\0' ? 1 : (gssize)strlen(piece)); break;
    case 1: g_string_erase(text, (gssize)at, (gssize)MIN(span, text->len - at)); break;
    case 2:
        if (at < text->len)
            text->str[at] = (char)g_rand_int_range(rand, 0, 256);
        break;
    case 3: { /* copy a stretch to another place */
        gsize from = (gsize)g_rand_int_range(rand, 0, (gint32)text->len + 1);
        char *copy = g_strndup(text->str + from, MIN(span * 3, text->len - from));
        g_string_insert(text, (gssize)at, copy);
        g_free(copy);
        break;
    }
    default: g_string_truncate(text, at); break;
    }
    if (text->len == 0)
        g_string_append_c(text, 'a');
}

/* Line and column of each message lie in the text; a column may be one past the end of its line. */
static void check_places(const char *messages, const GString *text) {
    char **lines = g_strsplit(text->str, "\n", -1), **found = g_strsplit(messages, "\n", -1);
    bool has_nul = strlen(text->str) != text->len; /* then g_strsplit sees only the beginning */
    guint count = g_strv_length(lines);
    for (char **message = found; *message != NULL && **message != '\0' && !has_nul; message++) {
        char *after = NULL;
        guint64 line = g_ascii_strtoull(*message, &after, 10);
        g_assert_cmpuint(line, >=, 1);
        g_assert_cmpuint(line, <=, MAX(count, 1));
        g_assert_cmpint(*after, ==, ':');
        guint64 column = g_ascii_strtoull(after + 1, &after, 10);
        g_assert_cmpuint(column, >=, 1);
        g_assert_cmpuint(column, <=, strlen(lines[line - 1]) + 1);
        g_assert_true(g_str_has_prefix(after, ": error: ") || g_str_has_prefix(after, ": warning: "));
    }
    g_strfreev(found);
    g_strfreev(lines);
}

static void read_all_the_way(const GString *text) {
    Reading reading;
    reading_init_bytes(&reading, text->str, text->len);
    AssumedList *assumed = assumed_new();
    Tree *other = tree_new();
    g_assert_true(reading.root != NULL || diagnostics_errors(reading.diagnostics) > 0);
    if (reading.root != NULL) {
        Spec spec = {0};
        g_free(node_text(tree_copy(other, reading.root)));
        parameters_apply(reading.tree, tree_edit(reading.tree), node_get(reading.root, "with"), assumed,
                         reading.diagnostics);
        const Node *map = node_get(reading.root, "spec");
        if (map != NULL)
            fields_read(spec_fields, map, NULL, NULL, reading.tree, "spec", &spec, assumed, reading.diagnostics);
        tree_set(reading.tree, "timeline[0].at", "1 s");
    }
    char *messages = reading_messages(reading.diagnostics);
    check_places(messages, text);
    g_free(messages);
    tree_free(other);
    assumed_free(assumed);
    reading_clear(&reading);
}

static void test_seeds_are_valid(void) {
    for (size_t i = 0; i < G_N_ELEMENTS(seeds); i++) {
        char *messages = messages_of(seeds[i]);
        g_assert_cmpstr(messages, ==, "");
        g_free(messages);
    }
}

static void test_mutations(void) {
    GRand *rand = g_rand_new_with_seed(20260101);
    for (int i = 0; i < MUTATIONS; i++) {
        GString *text = g_string_new(seeds[i % (int)G_N_ELEMENTS(seeds)]);
        for (int edits = g_rand_int_range(rand, 1, MOST_EDITS + 1); edits > 0; edits--)
            edit(rand, text);
        read_all_the_way(text);
        g_string_free(text, TRUE);
    }
    g_rand_free(rand);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/read/fuzz/seeds-are-valid", test_seeds_are_valid);
    g_test_add_func("/read/fuzz/mutations", test_mutations);
    return g_test_run();
}
