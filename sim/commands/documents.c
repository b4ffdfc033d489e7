/* documents.c - reads a record or a JSON report, and says what it is not when it is neither. */
#include "commands/documents.h"

#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "read/input.h"
#include "read/limits.h"

static bool complain(const char *command, const char *path, const char *why) {
    char *safe = escape_terminal(path), *reason = escape_terminal(why);
    fprintf(stderr, "faultline %s: %s: %s\n", command, safe, reason);
    g_free(safe);
    g_free(reason);
    return false;
}

static bool text_read(Document *document, const char *command, int *status) {
    Diagnostics *diagnostics = diagnostics_new();
    GError *error = NULL;
    document->source = input_read_most(document->path, JSON_FILE_MOST, diagnostics, &error);
    diagnostics_print(diagnostics, stderr, 0);
    diagnostics_free(diagnostics);
    if (error) {
        complain(command, document->path, error->message);
        g_error_free(error);
        *status = EXIT_MACHINE;
    }
    return document->source != NULL;
}

static bool kind_read(Document *document, const char *command) {
    const JsonIn *format = json_in_get(json_in_root(document->json), "format");
    const char *name = json_in_is_string(format) ? json_in_string(format, NULL) : "";
    document->kind = strcmp(name, "faultline-report/1") == 0 ? DOCUMENT_REPORT : DOCUMENT_RECORD;
    if (document->kind == DOCUMENT_REPORT || strcmp(name, "faultline-record/1") == 0)
        return true;
    return complain(command, document->path,
                    "is neither a record (`run -o DIR` writes DIR/record.json) nor a report of `run --format json`");
}

bool document_read(Document *document, const char *path, const char *command, int *status) {
    *document = (Document){.path = path};
    *status = EXIT_INPUT;
    if (!text_read(document, command, status))
        return false;
    uint64_t length;
    const char *text = source_text(document->source, &length);
    GError *error = NULL;
    document->json = json_in_read(text, length, &error);
    if (error) {
        complain(command, path, error->message);
        g_error_free(error);
        return false;
    }
    return kind_read(document, command);
}

void document_clear(Document *document) {
    json_in_free(document->json);
    if (document->source)
        source_free(document->source);
}
