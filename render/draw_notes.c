/* draw_notes.c - why arrows cannot connect: numbered under the picture, because a rule's name fits beside no arrow. */
#include <string.h>

#include "render/draw_parts.h"
#include "render/words.h"

enum { NOTES_MOST = 6, NOTE_HEIGHT = 17 };

/* Arrows that fail for the same reason share a note. */
typedef struct {
    const char *verdict, *rule; /* rule may be NULL */
    int first, count;           /* arrows */
} Note;

static bool same_reason(const Note *note, const EdgeLook *look) {
    return strcmp(note->verdict, look->verdict) == 0 && g_strcmp0(note->rule, look->rule) == 0;
}

GArray *draw_notes_of(const Diagram *diagram, const MomentLook *look) {
    GArray *notes = g_array_new(FALSE, FALSE, sizeof(Note));
    for (int i = 0; i < diagram->edge_count; i++) {
        const EdgeLook *edge = &look->edges[i];
        if (edge->reaches)
            continue;
        int number = draw_note_number(notes, edge);
        if (number == 0) {
            Note note = {edge->verdict, edge->rule, i, 1};
            g_array_append_val(notes, note);
        } else {
            g_array_index(notes, Note, number - 1).count++;
        }
    }
    return notes;
}

int draw_note_number(const GArray *notes, const EdgeLook *look) {
    for (guint i = 0; i < notes->len; i++)
        if (same_reason(&g_array_index(notes, Note, i), look))
            return (int)i + 1;
    return 0;
}

double draw_notes_height(const GArray *notes) {
    guint rows = MIN(notes->len, NOTES_MOST) + (notes->len > NOTES_MOST);
    return rows > 0 ? rows * NOTE_HEIGHT + 10 : 0;
}

static char *note_text(const Diagram *diagram, const Note *note, int number) {
    const Document *document = diagram->document;
    const Link *link = &document->links[diagram->edges[note->first].links[0]];
    GString *text = g_string_new(NULL);
    g_string_printf(text, "(%d)  %s to %s", number, document->components[link->from].name,
                    document->components[link->to].name);
    if (note->count > 1)
        g_string_append_printf(text, " and %d more arrow%s", note->count - 1, note->count > 2 ? "s" : "");
    g_string_append_printf(text, ": %s", note->verdict);
    if (note->rule != NULL)
        g_string_append_printf(text, ", decided by %s", note->rule);
    return g_string_free(text, FALSE);
}

void draw_notes(Svg *svg, const Diagram *diagram, const GArray *notes, Point at, double room) {
    for (guint i = 0; i < notes->len; i++) {
        at.y += NOTE_HEIGHT;
        if (i == NOTES_MOST) {
            svg_text(svg, at, "More reasons stand in the tooltips of the dashed arrows.",
                     (TextStyle){.size = 10.5, .fill = INK_SOFT, .room = room});
            return;
        }
        char *text = note_text(diagram, &g_array_index(notes, Note, i), (int)i + 1);
        svg_text(svg, at, text, (TextStyle){.size = 10.5, .fill = "#9b1313", .room = room});
        g_free(text);
    }
}
