/* page_text.c - how text and tables get into the page. */
#include "base/escape.h"
#include "render/page_parts.h"

void page_raw(Page *page, const char *markup) { g_string_append(page->out, markup); }

void page_text(Page *page, const char *text) {
    if (text == NULL)
        return;
    char *safe = escape_xml(text);
    g_string_append(page->out, safe);
    g_free(safe);
}

void page_table(Page *page, const char *const *headings) {
    page_raw(page, "<div class=\"wide\"><table><thead><tr>");
    for (; *headings != NULL; headings++) {
        bool number = **headings == '>';
        page_raw(page, number ? "<th class=\"n\">" : "<th>");
        page_text(page, *headings + number);
        page_raw(page, "</th>");
    }
    page_raw(page, "</tr></thead><tbody>\n");
}

void page_row(Page *page, const char *kind) {
    if (kind == NULL)
        page_raw(page, "<tr>");
    else
        g_string_append_printf(page->out, "<tr class=\"%s\">", kind);
}

void page_cell(Page *page, const char *text) {
    page_raw(page, "<td>");
    page_text(page, text);
    page_raw(page, "</td>");
}

void page_number(Page *page, char *text) {
    page_raw(page, "<td class=\"n\">");
    page_text(page, text != NULL ? text : "\xE2\x80\x93");
    page_raw(page, "</td>");
    g_free(text);
}

void page_row_end(Page *page) { page_raw(page, "</tr>\n"); }
void page_table_end(Page *page) { page_raw(page, "</tbody></table></div>\n"); }

const JsonIn *page_list(Page *page, const char *key) {
    const JsonIn *list = json_in_array(json_in_get(page->document->root, key), &page->error);
    return json_in_count(list) > 0 ? list : NULL;
}

const char *page_need_text(Page *page, const JsonIn *row, const char *key) {
    return json_in_string(json_in_need(row, key, &page->error), &page->error);
}

const char *page_maybe_text(Page *page, const JsonIn *row, const char *key) {
    const JsonIn *value = json_in_get(row, key);
    return value == NULL ? NULL : json_in_string(value, &page->error);
}

gint64 page_need_whole(Page *page, const JsonIn *row, const char *key) {
    return json_in_int(json_in_need(row, key, &page->error), &page->error);
}
