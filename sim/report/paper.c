/* paper.c - writes lines of a given width, with or without colours. */
#include "report/paper.h"

#include <stdarg.h>
#include <string.h>

#include "base/escape.h"

void paper_init(Paper *paper, bool colour, int width) { *paper = (Paper){g_string_new(NULL), colour, width, 0}; }

char *paper_finish(Paper *paper) { return g_string_free(paper->text, FALSE); }

/* As terminals do (East Asian Width of Unicode); ambiguous ones take one column. */
static int char_columns(gunichar c) { return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1; }

int text_columns(const char *text) {
    int columns = 0;
    for (const char *at = text; *at; at = g_utf8_next_char(at))
        columns += char_columns(g_utf8_get_char(at));
    return columns;
}

/* Text that is safe already. */
static void put_safe(Paper *paper, Ink ink, const char *text) {
    static const char *const codes[INKS] = {"", "1", "2", "32", "1;31", "33", "36"};
    if (*text == '\0')
        return;
    bool dyed = paper->colour && ink != INK_PLAIN && strspn(text, " ") < strlen(text);
    if (dyed)
        g_string_append_printf(paper->text, "\033[%sm", codes[ink]);
    g_string_append(paper->text, text);
    if (dyed)
        g_string_append(paper->text, "\033[0m");
    paper->column += text_columns(text);
}

void paper_put(Paper *paper, Ink ink, const char *text) {
    char *safe = escape_terminal(text);
    put_safe(paper, ink, safe);
    g_free(safe);
}

void paper_putf(Paper *paper, Ink ink, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    paper_put(paper, ink, text);
    g_free(text);
}

void paper_line(Paper *paper) {
    while (paper->text->len > 0 && paper->text->str[paper->text->len - 1] == ' ')
        g_string_truncate(paper->text, paper->text->len - 1);
    g_string_append_c(paper->text, '\n');
    paper->column = 0;
}

void paper_to(Paper *paper, int column) {
    int blanks = paper->column < column ? column - paper->column : paper->column > 0;
    for (int i = 0; i < blanks; i++)
        g_string_append_c(paper->text, ' ');
    paper->column += blanks;
}

/* The longest head of safe text that fits, at character boundaries; allocated. */
static char *text_head(const char *text, int columns) {
    const char *at = text;
    for (int used = 0; *at; at = g_utf8_next_char(at)) {
        used += char_columns(g_utf8_get_char(at));
        if (used > columns)
            break;
    }
    return g_strndup(text, (gsize)(at - text));
}

void paper_fit(Paper *paper, Ink ink, const char *text, int columns, bool right) {
    char *safe = escape_terminal(text);
    if (text_columns(safe) > columns) {
        char *head = text_head(safe, columns - 1);
        g_free(safe);
        safe = g_strconcat(head, "…", NULL);
        g_free(head);
    }
    int edge = paper->column + columns, blanks = columns - text_columns(safe);
    if (right && blanks > 0)
        paper_to(paper, paper->column + blanks);
    put_safe(paper, ink, safe);
    if (paper->column < edge)
        paper_to(paper, edge);
    g_free(safe);
}

void paper_right(Paper *paper, Ink ink, const char *text) {
    char *safe = escape_terminal(text);
    int start = paper->width - text_columns(safe);
    if (start <= paper->column && paper->column > 0)
        paper_line(paper);
    if (start > paper->column)
        paper_to(paper, start);
    put_safe(paper, ink, safe);
    paper_line(paper);
    g_free(safe);
}

/* A word longer than the line stays whole: names are for copying. */
void paper_wrap(Paper *paper, Ink ink, int indent, const char *text) {
    char *safe = escape_terminal(text);
    char **words = g_strsplit_set(safe, " \n\t", -1);
    bool first = true; /* of its line */
    for (char **word = words; *word; word++) {
        if (**word == '\0')
            continue;
        if (!first && paper->column + 1 + text_columns(*word) > paper->width) {
            paper_line(paper);
            first = true;
        }
        if (first && paper->column == 0 && indent > 0)
            paper_to(paper, indent);
        if (!first)
            put_safe(paper, ink, " ");
        put_safe(paper, ink, *word);
        first = false;
    }
    paper_line(paper);
    g_strfreev(words);
    g_free(safe);
}

static void repeat(GString *text, const char *what, int times) {
    for (int i = 0; i < times; i++)
        g_string_append(text, what);
}

/* Whole cells on the left, so that bars of a waterfall meet; eighths on the right. */
void paper_bar(Paper *paper, Ink ink, double from, double to, int columns) {
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    int start = (int)(from * columns), end = (int)(to * columns * 8 + 0.5) - start * 8;
    if (start >= columns)
        start = columns - 1;
    end = MAX(end, to > from ? 1 : 0);
    end = MIN(end, (columns - start) * 8);
    GString *bar = g_string_new(NULL);
    repeat(bar, "█", end / 8);
    g_string_append(bar, eighths[end % 8]);
    paper_fit(paper, INK_PLAIN, "", start, false);
    put_safe(paper, ink, bar->str);
    if (start + (end + 7) / 8 < columns)
        paper_fit(paper, INK_PLAIN, "", columns - start - (end + 7) / 8, false);
    g_string_free(bar, TRUE);
}

void paper_level(Paper *paper, Ink ink, double level) {
    static const char *const levels[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    int step = (int)(level * 7 + 0.5);
    put_safe(paper, ink, levels[CLAMP(step, 0, 7)]);
}

void paper_head(Paper *paper, const char *heading) {
    paper_line(paper);
    paper_put(paper, INK_BOLD, heading);
    paper_line(paper);
}
