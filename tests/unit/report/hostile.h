/* hostile.h - what a test found of files whose every text tries to break out of where it is printed. */
#ifndef FAULTLINE_TESTS_HOSTILE_H
#define FAULTLINE_TESTS_HOSTILE_H

#include "report/test_report.h"

/* Markup, commands, control characters and line feeds in every text. */
#define HOSTILE "]]><b a=\"1\">&amp; | `c` ``` \n````\n::error::x ##[y] %0A \x01\x1b[31m @me # SKIP \\"

/* Three files: one with a case of each kind and outcome; one that could not be read; one with a case that passes. */
TestReport *hostile_report(void);
/* The same shape with tame texts. */
TestReport *tame_report(void);

#endif
