/* test_fuzz.c - files with words and lines lost, doubled or swapped: there is a model, or there is an error; never a
 * crash.
 *
 * The same mistakes each time: one seed. What the words say matters little; that every step copes with what the steps
 * before it could not make, matters. */
#include <string.h>

#include "fixture.h"

static const char *const odd[] = {"",       "[]", "{}", "x",   "-1",    "site.web", "[a, b]",
                                  "{a: b}", "~",  "0",  "any", "site[", "\"\"",     "\xc3\xbc"};

/* A run of letters, digits and what joins them, or one other character. */
static size_t word_at(const char *text) {
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-./$");
    return length > 0 ? length : 1;
}

static size_t pick_word(GRand *luck, const char *text, size_t *length) {
    size_t at = (size_t)g_rand_int_range(luck, 0, (gint32)strlen(text));
    while (at > 0 && text[at - 1] != ' ' && text[at - 1] != '\n' && text[at - 1] != '{' && text[at - 1] != '[')
        at--;
    *length = word_at(text + at);
    return at;
}

static char *splice(const char *text, size_t at, size_t length, const char *other, size_t other_length) {
    return g_strdup_printf("%.*s%.*s%s", (int)at, text, (int)other_length, other, text + at + length);
}

static char *mutate(GRand *luck, const char *text) {
    size_t length, other_length, at = pick_word(luck, text, &length), other = pick_word(luck, text, &other_length);
    const char *strange = odd[g_rand_int_range(luck, 0, G_N_ELEMENTS(odd))];
    switch (g_rand_int_range(luck, 0, 4)) {
    case 0: return splice(text, at, length, "", 0);
    case 1: return splice(text, at, length, text + other, other_length);
    case 2: return splice(text, at, length, strange, strlen(strange));
    default: break;
    }
    const char *end = strchr(text + at, '\n'); /* a line or the rest of one */
    return splice(text, at, end != NULL ? (size_t)(end - text) - at : 0, "", 0);
}

static void run(guint32 seed, int rounds) {
    GRand *luck = g_rand_new_with_seed(seed);
    uint32_t models = 0;
    for (int i = 0; i < rounds; i++) {
        char *pattern = g_strdup(sample_pattern), *scenario = g_strdup(sample_scenario);
        for (int k = g_rand_int_range(luck, 1, 4); k > 0; k--) {
            char **text = g_rand_boolean(luck) ? &pattern : &scenario;
            char *mutated = mutate(luck, *text);
            g_free(*text);
            *text = mutated;
        }
        Reading reading;
        reading_init(&reading, pattern, scenario, NULL);
        g_assert_no_error(reading.error);
        g_assert_cmpint(reading.model != NULL, ==, diagnostics_errors(reading.diagnostics) == 0);
        char *messages = messages_of(reading.diagnostics); /* and what is said can be shown */
        models += reading.model != NULL;
        g_free(messages);
        reading_clear(&reading);
        g_free(pattern);
        g_free(scenario);
    }
    g_test_message("%u of %d files were good", models, rounds);
    g_assert_cmpuint(models, >, 0);
    g_rand_free(luck);
}

static void test_some(void) { run(1, 400); }

static void test_many(void) {
    if (!g_test_slow()) {
        g_test_skip("slow");
        return;
    }
    for (guint32 seed = 2; seed < 6; seed++)
        run(seed, 2000);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/fuzz/some", test_some);
    g_test_add_func("/model/fuzz/many", test_many);
    return g_test_run();
}
