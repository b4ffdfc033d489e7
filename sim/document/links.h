/* links.h - the connections that a picture shows: neighbours in flows, names that are asked, data that is copied. */
#ifndef FAULTLINE_DOCUMENT_LINKS_H
#define FAULTLINE_DOCUMENT_LINKS_H

#include "document/document.h"

typedef struct {
    ComponentId from, to;
    uint32_t flow; /* RECORD_NONE for those of no flow */
    RecordLinkKind kind;
    SimTime latency;
} DocumentLink;

/* Array of DocumentLink, sorted by from, to; the caller frees it. */
GArray *document_links(const Model *model);

#endif
