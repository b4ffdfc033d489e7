/* metrics.h - how wide text will be, without asking for a font.
 *
 * A picture must be the same bytes on every machine, so no installed font is consulted. The widths are those of DejaVu
 * Sans, the widest of the sans-serif fonts that browsers fall back to: text that fits by this table is not clipped
 * elsewhere. Texts are UTF-8; anything else counts as one wide character a byte. */
#ifndef FAULTLINE_RENDER_METRICS_H
#define FAULTLINE_RENDER_METRICS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* Width in pixels at `size` pixels an em. O(length). */
double metrics_width(const char *text, double size, bool bold);

/* `text`, or as much of its beginning as fits `room` pixels with an ellipsis; allocated (g_free). Never splits a
 * character or parts a combining mark from its base. Control characters and line ends become blanks. */
char *metrics_fit(const char *text, double size, bool bold, double room);

/* Characters that turn the direction of text, by which one name can pass for another; shown as U+FFFD. */
bool metrics_is_turning(gunichar c);

/* `text` in lines of at most `room` pixels, broken at blanks, at most `most` lines; the last ends in an ellipsis when
 * text is left. Allocated, NULL-terminated (g_strfreev). */
char **metrics_wrap(const char *text, double size, bool bold, double room, size_t most);

#endif
