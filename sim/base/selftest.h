/* selftest.h - a few known answers, asked at every start: a wrongly built program must not give numbers. */
#ifndef FAULTLINE_BASE_SELFTEST_H
#define FAULTLINE_BASE_SELFTEST_H

/* NULL when all is well, else the name of what failed (static text); the program then ends with status 70. Takes
 * about a millisecond and allocates next to nothing. */
const char *selftest_run(void);

#endif
