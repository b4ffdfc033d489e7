/* links.h - the connections that a picture shows: neighbours in flows, names that are asked, data that is copied,
 * images that machines are made from. */
#ifndef FAULTLINE_DOCUMENT_LINKS_H
#define FAULTLINE_DOCUMENT_LINKS_H

#include "document/document.h"

typedef struct {
    ComponentId from, to;
    uint32_t flow; /* RECORD_NONE for those of no flow */
    RecordLinkKind kind;
    SimTime latency;
} DocumentLink;

/* Of the pairs of classes at its two ends the first that connects as things stand. */
bool document_connecting(const Model *model, const Reach *reach, const NetState *net, const DocumentLink *link,
                         Query *query);
/* The gateway, connection or appliance that a hop's element belongs to; else NO_COMPONENT. O(components + routes). */
ComponentId document_carrier(const Model *model, uint32_t element);
/* Array of DocumentLink, sorted by from, to; the caller frees it. */
GArray *document_links(const Model *model);

#endif
