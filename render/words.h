/* words.h - numbers and counts as people read them, in pictures and on the page. Results are allocated (g_free)
 * unless it says otherwise. */
#ifndef FAULTLINE_RENDER_WORDS_H
#define FAULTLINE_RENDER_WORDS_H

#include "render/diagram.h"

/* "3 of 3 serving", "1 serving, 2 down": what a look says, or NULL when it has no units. */
char *words_counts(const BoxLook *look);
char *words_rate(double per_s);  /* "1,200/s", "0.4/s" */
char *words_share(double share); /* "93 %", "99.98 %" */
char *words_whole(gint64 n);     /* "72,000" */
char *words_time(gint64 ns);     /* "2.35 min"; NO_TIME: "never" */
/* A value of a measure in its unit, see record.h: "ns", "1", "bytes", "microdollars", or a counted thing. */
char *words_value(double value, const char *unit);
/* The scenario, or the pattern that was run bare; borrowed. */
const char *words_title(const Document *document);

#endif
