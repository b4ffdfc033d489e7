/* reading.h - text in, tree and messages out: what every test of the reader begins with. */
#ifndef FAULTLINE_TESTS_UNIT_READ_READING_H
#define FAULTLINE_TESTS_UNIT_READ_READING_H

#include <stddef.h>

#include "base/diag.h"
#include "read/tree.h"

typedef struct {
    Source *source;
    Tree *tree;
    const Node *root;
    Diagnostics *diagnostics;
} Reading;

/* Read text, which messages call "t.yaml". */
void reading_init(Reading *reading, const char *text);
void reading_init_bytes(Reading *reading, const char *text, size_t length);
void reading_clear(Reading *reading);

/* All messages without excerpts and proposals, one a line: "1:3 error: reason"; allocated (g_free). */
char *reading_messages(const Diagnostics *diagnostics);
/* The same of fresh text; asserts nothing. */
char *messages_of(const char *text);
/* Everything as it is printed; allocated (g_free). */
char *reading_printed(const Diagnostics *diagnostics);

/* Assert that reading gave exactly these messages ("" for none). */
#define assert_messages(reading, wanted)                            \
    do {                                                            \
        char *messages_ = reading_messages((reading)->diagnostics); \
        g_assert_cmpstr(messages_, ==, wanted);                     \
        g_free(messages_);                                          \
    } while (0)

#endif
