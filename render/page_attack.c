/* page_attack.c - the section of the page about a compromise: what is compromised, exposed, at risk and safe. */
#include <string.h>

#include "render/page_parts.h"

/* The steps one under another, as a list. */
static void steps_cell(Page *page, const JsonIn *row) {
    const JsonIn *steps = json_in_array(json_in_get(row, "steps"), &page->error);
    page_raw(page, "<td>");
    for (gsize i = 0; i < json_in_count(steps) && page->error == NULL; i++) {
        page_raw(page, i > 0 ? "<br>" : "");
        page_text(page, json_in_string(json_in_at(steps, i), &page->error));
    }
    page_raw(page, "</td>");
}

static void attack_row(Page *page, const JsonIn *row) {
    const char *hold = page_need_text(page, row, "hold");
    gint64 moment = page_need_whole(page, row, "moment"), component = page_need_whole(page, row, "component");
    const Document *document = page->document;
    if (page->error != NULL || moment < 0 || moment >= document->moment_count || component < 0 ||
        component >= document->component_count)
        return;
    bool jewel = json_in_bool(json_in_get(row, "crown_jewel"), &page->error), safe = strcmp(hold, "safe") == 0;
    page_row(page, safe ? NULL : strcmp(hold, "at risk") == 0 ? "open" : "bad");
    page_cell(page, document->moments[moment].name);
    page_cell(page, document->components[component].name);
    page_cell(page, jewel ? "crown jewel" : "");
    page_cell(page, hold);
    page_cell(page, page_maybe_text(page, row, "actions"));
    steps_cell(page, row);
    page_cell(page, safe ? page_maybe_text(page, row, "opens") : page_maybe_text(page, row, "closes"));
    page_row_end(page);
}

void page_attack(Page *page) {
    static const char *const headings[] = {
        "moment", "component", "", "is", "may be used for", "because", "closed without; opened by", NULL};
    const JsonIn *rows = page_list(page, "attack");
    if (rows == NULL)
        return;
    page_raw(page, "<h2>What the attacker has</h2>\n");
    page_table(page, headings);
    for (gsize i = 0; i < json_in_count(rows) && page->error == NULL; i++)
        attack_row(page, json_in_at(rows, i));
    page_table_end(page);
}
