/* comments.h - pattern files whose comments say what holds: the comments' words, expected messages, a folder of them.
 *
 * A comment that says something begins in the first column: `# WORD: what`. */
#ifndef FAULTLINE_TESTS_VERDICTS_COMMENTS_H
#define FAULTLINE_TESTS_VERDICTS_COMMENTS_H

#include <glib.h>

#include "base/diag.h"

/* What follows "# WORD: " on a line, or NULL. */
const char *comment_after(const char *line, const char *word);
/* Each message is expected by a line of its own, and the other way round: `# error: 12: text`, `# warning: 12: text`.
 * Fails the test otherwise, and goes on. */
void comments_check_messages(const char *path, char **lines, const Diagnostics *diagnostics);
/* Every .yaml file of the folder as a test, in the order of their names, handed its path. Returns what main should. */
int comments_run(int argc, char **argv, const char *group, const char *folder, GTestDataFunc ask);

#endif
