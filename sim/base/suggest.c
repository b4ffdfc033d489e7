/* suggest.c - "did you mean": the known word that is nearest to what was written. */
#include <glib.h>
#include <string.h>

#include "base/diag.h"

/* Longer words are not slips of the finger, and the table below is quadratic. */
enum { LONGEST_WORD = 64 };

static uint32_t least_of(uint32_t a, uint32_t b) { return a < b ? a : b; }

/* Edits (insert, delete, replace, swap neighbours) that turn a into b, upper and lower case being the same: optimal
 * string alignment distance, by the usual table of prefixes. */
static uint32_t edit_distance(const char *a, size_t a_length, const char *b, size_t b_length) {
    uint32_t cost[LONGEST_WORD + 1][LONGEST_WORD + 1];
    for (size_t i = 0; i <= a_length; i++)
        cost[i][0] = (uint32_t)i;
    for (size_t j = 0; j <= b_length; j++)
        cost[0][j] = (uint32_t)j;
    for (size_t i = 1; i <= a_length; i++) {
        for (size_t j = 1; j <= b_length; j++) {
            char x = g_ascii_tolower(a[i - 1]), y = g_ascii_tolower(b[j - 1]);
            uint32_t best = cost[i - 1][j - 1] + (x != y);
            best = least_of(best, least_of(cost[i - 1][j], cost[i][j - 1]) + 1);
            if (i > 1 && j > 1 && x == g_ascii_tolower(b[j - 2]) && y == g_ascii_tolower(a[i - 2]))
                best = least_of(best, cost[i - 2][j - 2] + 1);
            cost[i][j] = best;
        }
    }
    return cost[a_length][b_length];
}

const char *suggest_nearest(const char *word, const char *const *names) {
    size_t length = strlen(word);
    if (length == 0 || length > LONGEST_WORD)
        return NULL;
    const char *nearest = NULL;
    uint32_t least = (uint32_t)(length / 3) + 1;
    for (; *names != NULL; names++) {
        size_t name_length = strlen(*names);
        if (name_length > LONGEST_WORD)
            continue;
        uint32_t distance = edit_distance(word, length, *names, name_length);
        if (distance < least) {
            least = distance;
            nearest = *names;
        }
    }
    return nearest;
}
