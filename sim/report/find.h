/* find.h - looking up and wording numbers of a record (private to report/). */
#ifndef FAULTLINE_REPORT_FIND_H
#define FAULTLINE_REPORT_FIND_H

#include <glib.h>

#include "record/record.h"

/* The measure of that name; `of` NULL: of all. NULL when there is none. */
const RecordMeasure *find_measure(const Record *record, const char *name, const char *of);
const RecordSeries *find_series(const Record *record, const char *name, const char *of);

/* A value in words, by the unit of a measure: "2.21 min", "3.2 %", "1,204", "$4.31", "never", "none" for NaN;
 * allocated. */
char *word_value(double value, const char *unit);
char *word_time(int64_t ns);
char *word_share(double share);
/* 12345 is "12,345"; a value below ten keeps one decimal unless it is whole. */
char *word_count(double count);
/* "1 run", "2 runs": allocated. */
char *word_plural(int64_t count, const char *one, const char *many);

#endif
