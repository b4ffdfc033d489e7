/* cgraph_ids.h - graph objects numbered 1, 2, 3 in the order of their making.
 *
 * By default cgraph takes the address of a name for its number, and the order of clusters follows the numbers: then
 * two runs of one program differ. A discipline that maps no names leaves those to cgraph's own table and only counts.
 */
#ifndef FAULTLINE_RENDER_CGRAPH_IDS_H
#define FAULTLINE_RENDER_CGRAPH_IDS_H

#include <graphviz/cgraph.h>

/* A new directed graph under that discipline. Lives until the process ends: see child.h. */
Agraph_t *cgraph_new(void);

/* Set attribute `name` of a graph, node or edge; other objects of its kind keep "" or what they have. The value is
 * text, never HTML, whatever it looks like. */
void cgraph_set(void *object, const char *name, const char *value);

#endif
