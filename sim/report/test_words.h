/* test_words.h - how the rows of a test are put into words, the same in every format (private to report/). All texts
 * are allocated and unescaped: each format escapes what it prints. */
#ifndef FAULTLINE_REPORT_TEST_WORDS_H
#define FAULTLINE_REPORT_TEST_WORDS_H

#include "report/test_report.h"

/* What should be so: "p90 of failover_time <= 3 min", "but with dns_ttl: 600 s", "stays within 5 % of 1.85 min". */
char *test_claim(const TestCase *row);
/* What was found: "missed: 10.3 min (10.2 min to 10.4 min)". */
char *test_found(const TestCase *row);
/* Where: "scenarios/zone-loss.yaml:13:5"; NULL when nowhere. */
char *test_where(const TestPlace *place);
/* Who puts up with it: "until 2026-12-31 (Ann): reason", "over since ..."; NULL without a waiver. */
char *test_waived(const TestCase *row);
/* Why it is not as it should be, a line each, without what test_claim and test_found say: reason, wish, waiver, example
 * and its steps, place. "" when there is nothing to tell. */
char *test_details(const TestCase *row);
/* What a step was, and where that stands: "fail zone a (one.yaml:9:5)". */
char *test_step(const TestStep *step);
/* When a step was: the first one's instant ("20 min"), then how long after it ("+ 15.4 s"). */
char *test_instant(const TestExample *example, uint32_t step);
/* "8 passed, 0 failed, 1 warning". */
char *test_summary(const TestReport *report);
/* Text of one line: line feeds and the like become blanks. */
char *test_one_line(const char *text);

#endif
