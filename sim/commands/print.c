/* print.c - laying out text for a terminal. */
#include "commands/print.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/outfile.h"
#include "commands/commands.h"

enum { ROOM_LEAST = 8 }; /* columns that the beginning of a broken word is worth */

int print_columns(const char *text) {
    int columns = 0;
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        columns += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
    }
    return columns;
}

char *print_sentence(const char *text) {
    const char *stop = strstr(text, ". ");
    return stop != NULL ? g_strndup(text, (gsize)(stop - text)) : g_strdup(text);
}

static void print_blanks(GString *out, int count) {
    for (; count > 0; count--)
        g_string_append_c(out, ' ');
}

/* Append a word that fits on no line, broken after a hyphen or slash where one can be. Returns the column it ends in.
 */
static int print_long_word(GString *out, const char *word, int column, int indent, int width) {
    for (;;) {
        int room = MAX(width - column, ROOM_LEAST);
        if (print_columns(word) <= room) {
            g_string_append(out, word);
            return column + print_columns(word);
        }
        const char *end = g_utf8_offset_to_pointer(word, room), *cut = end;
        while (cut > word && cut[-1] != '-' && cut[-1] != '/')
            cut--;
        cut = cut > word ? cut : end;
        g_string_append_len(out, word, cut - word);
        g_string_append_c(out, '\n');
        print_blanks(out, indent);
        column = indent;
        word = cut;
    }
}

void print_words(GString *out, const char *text, int at, int indent, int width) {
    char **words = g_strsplit_set(text, " \t\r\n", -1);
    bool first = true;
    if (at < indent)
        print_blanks(out, indent - at);
    int column = at < indent ? indent : at;
    for (char **word = words; *word != NULL; word++) {
        int length = print_columns(*word);
        if (length == 0)
            continue;
        bool breaks = length > width - indent && width - column > ROOM_LEAST; /* it is broken on this line already */
        if (!first && column + 1 + length > width && !breaks) {
            g_string_append_c(out, '\n');
            print_blanks(out, indent);
            column = indent;
        } else if (!first) {
            g_string_append_c(out, ' ');
            column++;
        }
        column = print_long_word(out, *word, column, indent, width);
        first = false;
    }
    g_string_append_c(out, '\n');
    g_strfreev(words);
}

void print_row(GString *out, const char *const *cells, const int *starts, int count, int width) {
    int column = 0, last = count - 1;
    while (last > 0 && (cells[last] == NULL || cells[last][0] == '\0'))
        last--;
    for (int i = 0; i <= last; i++) {
        const char *cell = cells[i] != NULL ? cells[i] : "";
        if (cell[0] == '\0')
            continue;
        int start = starts[i], length = print_columns(cell);
        if (i < last && start + length > width)
            start = MAX(0, width - length);
        if (column > 0 && column + 1 > start) { /* the cell before was too long */
            bool fits = i == last && column + 2 + length <= width;
            g_string_append(out, fits ? "  " : "\n");
            column = fits ? column + 2 : 0;
        }
        if (i == last) {
            print_words(out, cell, column, starts[i], width);
            return;
        }
        print_blanks(out, start - column);
        g_string_append(out, cell);
        column = start + length;
    }
    g_string_append_c(out, '\n');
}

void print_heading(GString *out, const char *text) { g_string_append_printf(out, "\n%s\n", text); }

void json_summary(JsonWriter *json, const MetricSummary *summary) {
    if (summary->n > 0)
        json_double(json, "mean", summary->mean);
    if (summary->interval.exists) {
        json_double(json, "low", summary->interval.low);
        json_double(json, "high", summary->interval.high);
    }
    json_int(json, "never", (int64_t)summary->never);
}

void print_json(GString *out, JsonWriter *json) {
    json_end(json);
    char *text = json_finish(json, NULL);
    g_string_append(out, text);
    g_free(text);
}

int print_out(GString *out) {
    GError *error = NULL;
    int status = EXIT_DONE;
    if (!outfile_stdout(out->str, out->len, &error)) {
        fprintf(stderr, "faultline: %s\n", error->message);
        g_error_free(error);
        status = EXIT_MACHINE;
    }
    g_string_free(out, TRUE);
    return status;
}

char *mean_text(double value, Unit unit) {
    if (unit == UNIT_NONE && fabs(value) < 1e4 && value != floor(value)) {
        char digits[G_ASCII_DTOSTR_BUF_SIZE];
        return g_strdup(g_ascii_formatd(digits, sizeof digits, "%.1f", value));
    }
    double rounded = value < 0 ? ceil(value - 0.5) : floor(value + 0.5);
    return quantity_brief((int64_t)CLAMP(rounded, -9e18, 9e18), unit);
}

bool table_format_read(const char *text, const char *command, TableFormat *format) {
    static const char *const names[] = {"text", "csv", "json"};
    *format = TABLE_TEXT;
    for (size_t i = 0; text != NULL && i < G_N_ELEMENTS(names); i++) {
        *format = (TableFormat)i;
        if (strcmp(names[i], text) == 0)
            return true;
    }
    if (text != NULL)
        fprintf(stderr, "faultline %s: --format is text, csv or json\n", command);
    return text == NULL;
}

void csv_number(GString *out, bool there, double value) {
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    if (there)
        g_string_append(out, g_ascii_formatd(digits, sizeof digits, "%.15g", value));
}
