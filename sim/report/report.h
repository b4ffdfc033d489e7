/* report.h - what was found, for people and for other programs. The door of report/.
 *
 * A report is a pure function of a Record: the same record gives the same bytes, so a report can be written again from
 * a record that was kept. A format is one file and one line in formats.def. What `faultline test` found is a TestReport
 * (test_report.h), with formats of its own in test_formats.def. */
#ifndef FAULTLINE_REPORT_REPORT_H
#define FAULTLINE_REPORT_REPORT_H

#include <stdbool.h>

#include "record/record.h"
#include "report/test_report.h"

typedef struct {
    const Record *record; /* borrowed */
    bool colour;          /* text: ANSI colours (a terminal, and NO_COLOR is not set) */
    int width;            /* text: columns, at least 60; 0 = 80 */
} ReportInput;

typedef struct {
    const char *name, *summary;               /* "text", "for people, at most as wide as the terminal" */
    const char *suffix;                       /* of a file that holds it: "txt" */
    char *(*write)(const ReportInput *input); /* allocated text, ends with a newline */
} ReportFormat;

/* In the order of formats.def; NULL-terminated. */
extern const ReportFormat *const report_formats[];
const ReportFormat *report_format(const char *name); /* NULL: there is no such format */

/* Shorthand for the format `text`. */
char *report_text(const ReportInput *input);

#endif
