/* arena.h - memory that lives and dies together, and names that are stored once.
 *
 * For things that are built up and then kept until all of it goes: nothing is freed singly. Pointers stay valid
 * until arena_free. */
#ifndef FAULTLINE_BASE_ARENA_H
#define FAULTLINE_BASE_ARENA_H

#include <stddef.h>

typedef struct Arena Arena;

Arena *arena_new(void);
void arena_free(Arena *arena);

/* `size` zeroed bytes, aligned for anything. O(1) but for the zeroing. */
void *arena_alloc(Arena *arena, size_t size);
#define arena_new_array(arena, Type, count) ((Type *)arena_alloc_array((arena), sizeof(Type), (count)))
/* `count` zeroed elements; a product that overflows is a BUG. */
void *arena_alloc_array(Arena *arena, size_t size, size_t count);

/* The one copy of this text: equal texts give the same pointer. O(log texts), whatever the texts are (no hash that
 * hostile input could make collide). */
const char *arena_string(Arena *arena, const char *text);
/* The same for the first `length` bytes, which hold no NUL. */
const char *arena_string_n(Arena *arena, const char *text, size_t length);
/* Formatted, then interned. */
const char *arena_printf(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Bytes handed out so far, without what is unused at the ends of blocks. */
size_t arena_used(const Arena *arena);

#endif
