/* paper.h - a terminal page that is being written: columns, colours, wrapping (private to report/).
 *
 * Every text passes escape_terminal, so a name from the input cannot move the cursor. Widths are counted in columns:
 * wide characters are two, combining ones none. */
#ifndef FAULTLINE_REPORT_PAPER_H
#define FAULTLINE_REPORT_PAPER_H

#include <glib.h>
#include <stdbool.h>

typedef enum { INK_PLAIN, INK_BOLD, INK_DIM, INK_GOOD, INK_BAD, INK_WARN, INK_BAR, INKS } Ink;

typedef struct {
    GString *text;
    bool colour;
    int width;  /* columns of the page */
    int column; /* where the next character goes, from 0 */
} Paper;

void paper_init(Paper *paper, bool colour, int width);
char *paper_finish(Paper *paper); /* the text (g_free); the paper is done */

int text_columns(const char *text);

void paper_put(Paper *paper, Ink ink, const char *text);
void paper_putf(Paper *paper, Ink ink, const char *format, ...) G_GNUC_PRINTF(3, 4);
void paper_line(Paper *paper); /* ends the line; blanks at its end go */
/* On to that column; at least one blank when it is past already. */
void paper_to(Paper *paper, int column);
/* In exactly `columns` columns: cut with an ellipsis or padded, to the left or to the right. */
void paper_fit(Paper *paper, Ink ink, const char *text, int columns, bool right);
/* Ending at the right edge of the page; on a line of its own if there is no room. */
void paper_right(Paper *paper, Ink ink, const char *text);
/* Words from the present column on, continued at `indent` on further lines; ends the line. */
void paper_wrap(Paper *paper, Ink ink, int indent, const char *text);
/* A bar from `from` to `to` (0 to 1) of `columns` columns, in eighths; at least a sliver when to > from. */
void paper_bar(Paper *paper, Ink ink, double from, double to, int columns);
/* One character whose height is level (0 to 1). */
void paper_level(Paper *paper, Ink ink, double level);
/* A blank line and a section's heading. */
void paper_head(Paper *paper, const char *heading);

#endif
