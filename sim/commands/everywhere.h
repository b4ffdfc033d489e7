/* everywhere.h - scenarios that name no pattern, tried on every pattern: `test --every-pattern` (private to commands/).
 *
 * What a pattern lacks it is not asked about, which is a case of its own that says why. So that nothing holds for want
 * of being asked, each expectation must be decided on at least one pattern, and under its `but` it must fail on at
 * least one.
 */
#ifndef FAULTLINE_COMMANDS_EVERYWHERE_H
#define FAULTLINE_COMMANDS_EVERYWHERE_H

#include <glib.h>

#include "commands/commands.h"
#include "report/report.h"
#include "study/study.h"

/* What the patterns so far have shown of one scenario. */
typedef struct Everywhere Everywhere;
Everywhere *everywhere_new(void);
void everywhere_free(Everywhere *everywhere);

/* Why that pattern cannot be asked; NULL: it can, which is noted. Static. */
const char *everywhere_skips(Everywhere *everywhere, const Study *study, const Expect *expect,
                             const Judgement *judgement);
/* Is it still to be seen that the expectation fails under its `but`? */
bool everywhere_wants(const Everywhere *everywhere, const Expect *expect);
/* It was tried; `text` is what was changed. */
void everywhere_tried(Everywhere *everywhere, const Expect *expect, const char *text, bool failed);
/* After the last pattern: a case for whatever no pattern has shown. */
void everywhere_end(const Everywhere *everywhere, TestReport *report);

/* The files of all patterns, by name: of `folder`, or (NULL) of ./patterns or those that came with the program. NULL
 * when there is none, which was told. g_ptr_array_free. */
GPtrArray *everywhere_patterns(const char *folder, const CommandEnv *env);
/* "aws-public/zone-loss": the head of the ids of a scenario on a pattern; g_free. */
char *everywhere_name(const char *pattern, const char *scenario);

#endif
