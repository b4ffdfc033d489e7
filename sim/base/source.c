/* source.c - a named input text and its lines, so that a message can show what it speaks of. */
#include "base/source.h"

#include <glib.h>
#include <string.h>

#include "base/bug.h"

struct Source {
    char *name, *text;
    uint64_t length;
};

Source *source_new(const char *name, const char *text, uint64_t length) {
    Source *source = g_new(Source, 1);
    source->name = g_strdup(name);
    source->text = g_malloc(length + 1);
    if (length > 0)
        memcpy(source->text, text, length);
    source->text[length] = '\0';
    source->length = length;
    return source;
}

void source_free(Source *source) {
    if (source == NULL)
        return;
    g_free(source->name);
    g_free(source->text);
    g_free(source);
}

const char *source_name(const Source *source) { return source->name; }

const char *source_text(const Source *source, uint64_t *length) {
    if (length != NULL)
        *length = source->length;
    return source->text;
}

const char *source_line(const Source *source, uint32_t line, size_t *length) {
    BUG_IF(line == 0, "lines count from 1");
    const char *at = source->text, *end = source->text + source->length;
    for (; line > 1; line--) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (newline == NULL)
            return NULL;
        at = newline + 1;
    }
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    *length = (size_t)((newline != NULL ? newline : end) - at);
    if (*length > 0 && at[*length - 1] == '\r')
        (*length)--;
    return at;
}
