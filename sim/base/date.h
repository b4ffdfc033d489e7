/* date.h - days of the calendar as people write them to each other: 2026-12-31 (ISO 8601, proleptic Gregorian).
 *
 * Nothing here knows what day it is; who needs that is told. */
#ifndef FAULTLINE_BASE_DATE_H
#define FAULTLINE_BASE_DATE_H

#include <stdbool.h>

/* Zeroed: no date. */
typedef struct {
    int year, month, day;
} Date;

/* Exactly YYYY-MM-DD, a day that exists. Otherwise false, *why an allocated reason and *mend an allocated proposal (the
 * date that was probably meant, where one can be read out of it). */
bool date_parse(const char *text, Date *date, char **why, char **mend);
/* Less than, equal to or greater than zero, as a is before, the same as or after b. */
int date_compare(Date a, Date b);

#endif
