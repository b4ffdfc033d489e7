/* documents.h - a record or JSON report from a file (private to commands/). */
#ifndef FAULTLINE_COMMANDS_DOCUMENTS_H
#define FAULTLINE_COMMANDS_DOCUMENTS_H

#include "base/diag.h"
#include "commands/commands.h"
#include "read/json_in.h"

typedef enum { DOCUMENT_RECORD, DOCUMENT_REPORT } DocumentKind;

typedef struct {
    const char *path; /* borrowed */
    Source *source;   /* its text */
    JsonDoc *json;
    DocumentKind kind;
} Document;

/* False: *status says how to end, and why was told. Clear in any case. */
bool document_read(Document *document, const char *path, const char *command, int *status);
void document_clear(Document *document);

#endif
