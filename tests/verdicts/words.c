/* words.c - words of a line of text, and what they mean. */
#include "tests/verdicts/words.h"

#include <string.h>

/* The test itself is wrong. */
_Noreturn void words_stop(const char *why, const char *what) {
    g_printerr("%s: %s\n", why, what);
    g_abort();
}

const char *words_at(char **words, guint i) {
    if (i >= g_strv_length(words))
        words_stop("a line has too few words", words[0]);
    return words[i];
}

bool words_have(char **words, const char *text) { return g_strv_contains((const char *const *)words, text); }

const char *words_option(char **words, const char *name) {
    for (char **w = words; *w != NULL; w++)
        if (g_str_has_prefix(*w, name))
            return *w + strlen(name);
    return NULL;
}

Prefix words_prefix(const char *text) {
    Prefix prefix;
    char *why = NULL;
    if (!prefix_parse(text, &prefix, &why))
        words_stop("cannot be read", why);
    return prefix;
}

PortSet words_ports(const char *text) {
    PortSet ports = {0};
    char *why = NULL, *blanks = g_strdelimit(g_strdup(text), ",", ' ');
    if (strcmp(text, "-") != 0 && !ports_parse(blanks, &ports, &why))
        words_stop("cannot be read", why);
    g_free(blanks);
    return ports;
}

/* All tables begin their rows with the name. */
uint32_t rows_find(const void *rows, uint32_t count, size_t size, const char *name) {
    for (uint32_t i = 0; i < count; i++) {
        const char *const *row = (const void *)((const char *)rows + i * size);
        if (*row != NULL && strcmp(*row, name) == 0)
            return i;
    }
    return UINT32_MAX;
}
