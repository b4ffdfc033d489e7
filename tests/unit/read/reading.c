/* reading.c - the common beginning of the reader's tests. */
#include "tests/unit/read/reading.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void reading_init_bytes(Reading *reading, const char *text, size_t length) {
    reading->source = source_new("t.yaml", text, length);
    reading->diagnostics = diagnostics_new();
    reading->tree = tree_read(reading->source, reading->diagnostics);
    reading->root = tree_root(reading->tree);
}

void reading_init(Reading *reading, const char *text) { reading_init_bytes(reading, text, strlen(text)); }

void reading_clear(Reading *reading) {
    diagnostics_free(reading->diagnostics);
    tree_free(reading->tree);
    source_free(reading->source);
}

char *reading_printed(const Diagnostics *diagnostics) {
    char *printed = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&printed, &length);
    diagnostics_print(diagnostics, out, 0);
    fclose(out);
    char *copy = g_strdup(printed);
    free(printed);
    return copy;
}

/* Excerpts and proposals are indented; first lines of messages are not. */
char *reading_messages(const Diagnostics *diagnostics) {
    char *printed = reading_printed(diagnostics);
    char **lines = g_strsplit(printed, "\n", -1);
    GString *kept = g_string_new(NULL);
    for (char **line = lines; *line != NULL; line++) {
        if (**line == '\0' || **line == ' ')
            continue;
        const char *text = g_str_has_prefix(*line, "t.yaml:") ? *line + strlen("t.yaml:") : *line;
        g_string_append_printf(kept, "%s%s", kept->len > 0 ? "\n" : "", text);
    }
    g_strfreev(lines);
    g_free(printed);
    return g_string_free(kept, FALSE);
}

char *messages_of(const char *text) {
    Reading reading;
    reading_init(&reading, text);
    char *messages = reading_messages(reading.diagnostics);
    reading_clear(&reading);
    return messages;
}
