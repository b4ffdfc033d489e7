/* topics.h - everything that can be explained, from the plug-ins' and the language's own tables (private to commands/).
 */
#ifndef FAULTLINE_COMMANDS_TOPICS_H
#define FAULTLINE_COMMANDS_TOPICS_H

#include <glib.h>

#include "contract/catalogue.h"

typedef struct {
    const char *name, *verb;   /* verb: of faults and threats, else NULL */
    const char *what, *plural; /* "component kind", "COMPONENT KINDS" */
    const char *list;          /* "kinds": for `faultline list` */
    const char *summary;
    char *usage; /* one line, or NULL; owned */
    const Field *fields;
    const Field *common; /* keys that all of this sort have, or NULL */
    const char *common_head;
} Topic;

/* All of them, by sort, then in the order of their lists. */
GArray *topics_collect(const Catalogue *catalogue);
void topics_free(GArray *topics);
/* The reference as Markdown: docs/kinds.md. */
void topics_markdown(GString *out, const GArray *topics);

#endif
