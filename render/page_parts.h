/* page_parts.h - what the parts of the page share (private to page*.c). */
#ifndef FAULTLINE_RENDER_PAGE_PARTS_H
#define FAULTLINE_RENDER_PAGE_PARTS_H

#include "render/document.h"

/* A page being written. The first problem is kept in `error`; later reads then do nothing. */
typedef struct {
    GString *out;
    const Document *document;
    GError *error;
} Page;

/* Markup of our own. Text of a record never goes here. */
void page_raw(Page *page, const char *markup);
/* Any text, escaped. NULL writes nothing. */
void page_text(Page *page, const char *text);

/* A table: the headings, then rows of cells. A heading that begins with '>' makes a column of numbers. */
void page_table(Page *page, const char *const *headings);
void page_row(Page *page, const char *kind); /* a class of our own, or NULL */
void page_cell(Page *page, const char *text);
void page_number(Page *page, char *text); /* takes ownership; NULL shows a dash */
void page_row_end(Page *page);
void page_table_end(Page *page);

/* The rows of a list of the record; NULL when it is absent or empty. */
const JsonIn *page_list(Page *page, const char *key);
/* Members of a row; need_text: must be there. */
const char *page_need_text(Page *page, const JsonIn *row, const char *key);
const char *page_maybe_text(Page *page, const JsonIn *row, const char *key);
gint64 page_need_whole(Page *page, const JsonIn *row, const char *key);

/* The sections, in the order of the page; a section without content writes nothing. */
void page_expectations(Page *page);
void page_phases(Page *page);
void page_events(Page *page);
void page_ledger(Page *page);
void page_measures(Page *page);
void page_attack(Page *page);
void page_reachability(Page *page);
void page_cost(Page *page);
void page_sources(Page *page);

#endif
