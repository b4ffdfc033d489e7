/* print.h - laying out text for a terminal (private to commands/). */
#ifndef FAULTLINE_COMMANDS_PRINT_H
#define FAULTLINE_COMMANDS_PRINT_H

#include <glib.h>
#include <stdbool.h>

#include "base/json.h"
#include "base/quantity.h"
#include "study/study.h"

/* Words of `text` from column `indent` on, no line longer than `width`; the first line is taken to be filled up to
 * `at` already. Ends with a line feed. Words that do not fit anywhere stand on a line of their own. */
void print_words(GString *out, const char *text, int at, int indent, int width);

/* One row: cell i begins at column starts[i]; a cell that is too long pushes the next one to its own line, or the last
 * one to the right where there is room. The last cell is wrapped. NULL cells are empty. */
void print_row(GString *out, const char *const *cells, const int *starts, int count, int width);

/* "PLACES", with an empty line before it. */
void print_heading(GString *out, const char *text);

/* The text up to its first full stop; allocated. */
char *print_sentence(const char *text);

/* Terminal columns of a text. */
int print_columns(const char *text);

/* What tables can be printed as. */
typedef enum { TABLE_TEXT, TABLE_CSV, TABLE_JSON } TableFormat;
/* "text", "csv" or "json"; NULL is text. False: told, as that command's mistake. */
bool table_format_read(const char *text, const char *command, TableFormat *format);
/* The shortest way to write a number of a CSV cell, with 15 digits at most; nothing when there is none. */
void csv_number(GString *out, bool there, double value);

/* A mean in its base unit, for people: of counts with one decimal, of other units with a fitting one. Allocated. */
char *mean_text(double value, Unit unit);

/* The members mean, low, high, as far as they exist, and never, of the object that is open. */
void json_summary(JsonWriter *json, const MetricSummary *summary);
/* A document is complete, but for the end of its object: end it, append it and free the writer. */
void print_json(GString *out, JsonWriter *json);

/* Write it all to standard output and free it; EXIT_DONE or EXIT_MACHINE. */
int print_out(GString *out);

#endif
