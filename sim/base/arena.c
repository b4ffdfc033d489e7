/* arena.c - a bump allocator, and an ordered set of the names in it. */
#include "base/arena.h"

#include <glib.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "base/bug.h"

enum { BLOCK_SIZE = 64 * 1024, ALIGNMENT = 16 };
_Static_assert(_Alignof(max_align_t) <= ALIGNMENT, "an arena must align for anything");

/* Blocks are chained; what is too large for the rest of a block gets a new one. */
typedef struct Block {
    struct Block *older;
    _Alignas(ALIGNMENT) char bytes[];
} Block;

struct Arena {
    Block *newest;
    size_t left; /* bytes at the end of the newest block */
    char *next;  /* the first of them */
    size_t used;
    GTree *strings; /* text to itself, in strcmp order */
};

static gint compare_strings(gconstpointer a, gconstpointer b, gpointer ignored) {
    (void)ignored;
    return strcmp(a, b);
}

Arena *arena_new(void) {
    Arena *arena = g_new0(Arena, 1);
    arena->strings = g_tree_new_full(compare_strings, NULL, NULL, NULL);
    return arena;
}

void arena_free(Arena *arena) {
    if (arena == NULL)
        return;
    g_tree_destroy(arena->strings);
    while (arena->newest != NULL) {
        Block *older = arena->newest->older;
        g_free(arena->newest);
        arena->newest = older;
    }
    g_free(arena);
}

static void add_block(Arena *arena, size_t size) {
    Block *block = g_malloc0(sizeof(Block) + size);
    block->older = arena->newest;
    arena->newest = block;
    arena->next = block->bytes;
    arena->left = size;
}

void *arena_alloc(Arena *arena, size_t size) {
    BUG_IF(size > SIZE_MAX / 2, "an allocation of more than half of all memory");
    size_t rounded = (MAX(size, 1) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT; /* never NULL, never twice the same */
    if (rounded > arena->left)
        add_block(arena, MAX(rounded, BLOCK_SIZE));
    void *bytes = arena->next;
    arena->next += rounded;
    arena->left -= rounded;
    arena->used += rounded;
    return bytes;
}

void *arena_alloc_array(Arena *arena, size_t size, size_t count) {
    size_t bytes;
    BUG_IF(__builtin_mul_overflow(size, count, &bytes), "an array larger than memory");
    return arena_alloc(arena, bytes);
}

const char *arena_string(Arena *arena, const char *text) {
    const char *known = g_tree_lookup(arena->strings, text);
    if (known != NULL)
        return known;
    size_t size = strlen(text) + 1;
    char *copy = arena_alloc(arena, size);
    memcpy(copy, text, size);
    g_tree_insert(arena->strings, copy, copy);
    return copy;
}

const char *arena_string_n(Arena *arena, const char *text, size_t length) {
    char *copy = g_strndup(text, length);
    const char *interned = arena_string(arena, copy);
    g_free(copy);
    return interned;
}

const char *arena_printf(Arena *arena, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    const char *interned = arena_string(arena, text);
    g_free(text);
    return interned;
}

size_t arena_used(const Arena *arena) { return arena->used; }
