/* rewrite.h - the same YAML said in another way: what must not matter, or must matter in a known way.
 *
 * Reads the text with the program's own reader and writes it anew. The result is always valid in the language. */
#ifndef FAULTLINE_TESTS_LAWS_REWRITE_H
#define FAULTLINE_TESTS_LAWS_REWRITE_H

#include <stdint.h>

typedef struct {
    /* Not 0: keys in another order, other quoting, block or flow style, `1000 ms` for `1 s`, comments; by this luck. */
    uint64_t shuffle;
    /* Not 0: every time is so many times as long, also inside laws, and every rate so many times as small. */
    int64_t slower;
    /* Not NULL: words and what to write for them, in keys and values; ends with NULL. */
    const char *const *renames;
} Rewrite;

/* Allocated text. */
char *rewrite_text(const char *yaml, const Rewrite *how);
/* Every YAML file below one folder to the same place below another, which is made; both without a final slash. */
void rewrite_folder(const char *from, const char *to, const Rewrite *how);
/* A folder of one's own for such copies, and its end. */
char *scratch_new(void);
void scratch_free(char *folder);

#endif
