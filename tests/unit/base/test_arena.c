/* test_arena.c - memory is aligned, zeroed and apart; equal texts are one. */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

static void test_alloc(void) {
    Arena *arena = arena_new();
    unsigned char *blocks[500];
    for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++) {
        size_t size = i * i;
        blocks[i] = arena_alloc(arena, size);
        g_assert_cmpuint((uintptr_t)blocks[i] % 16, ==, 0);
        for (size_t j = 0; j < size; j++)
            g_assert_cmpuint(blocks[i][j], ==, 0);
        memset(blocks[i], (int)(i % 251), size);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++)
        for (size_t j = 0; j < i * i; j++)
            g_assert_cmpuint(blocks[i][j], ==, i % 251);
    g_assert_cmpuint(arena_used(arena), >=, 499 * 499);
    arena_free(arena);
}

static void test_arrays(void) {
    Arena *arena = arena_new();
    int64_t *numbers = arena_new_array(arena, int64_t, 100000); /* larger than a block */
    numbers[99999] = 7;
    g_assert_cmpint(numbers[0], ==, 0);
    g_assert_nonnull(arena_new_array(arena, int64_t, 0));
    arena_free(arena);
}

static void test_strings(void) {
    Arena *arena = arena_new();
    const char *web = arena_string(arena, "web");
    char *copy = g_strdup("web");
    g_assert_true(arena_string(arena, copy) == web);
    g_assert_true(arena_string_n(arena, "webserver", 3) == web);
    g_assert_true(arena_printf(arena, "%s%c", "we", 'b') == web);
    g_assert_true(arena_string(arena, "Web") != web);
    g_assert_cmpstr(arena_string(arena, ""), ==, "");
    g_free(copy);
    for (int round = 0; round < 2; round++) {
        size_t before = arena_used(arena);
        for (int i = 0; i < 5000; i++)
            arena_printf(arena, "site[%d]", i);
        g_assert_true((arena_used(arena) == before) == (round == 1));
    }
    g_assert_cmpstr(web, ==, "web");
    arena_free(arena);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/arena/alloc", test_alloc);
    g_test_add_func("/base/arena/arrays", test_arrays);
    g_test_add_func("/base/arena/strings", test_strings);
    return g_test_run();
}
