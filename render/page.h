/* page.h - one HTML page that needs nothing but itself: pictures, curves and tables of a record. */
#ifndef FAULTLINE_RENDER_PAGE_H
#define FAULTLINE_RENDER_PAGE_H

#include "render/document.h"

/* The page, allocated (g_free). `pictures`: one a moment, as draw_moment makes them for a page. NULL and an error that
 * names the path of a member that is missing or of a wrong type. Every text of the record is escaped; scripts other
 * than our own are forbidden by a Content-Security-Policy, and nothing is loaded from elsewhere. */
char *page_write(const Document *document, char *const *pictures, GError **error);

#endif
