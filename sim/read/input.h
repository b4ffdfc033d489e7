/* input.h - a file or standard input as a Source, by counted reads.
 *
 * The size is never asked for beforehand: devices, pipes and files that grow are read up to the limit and refused
 * beyond it. A byte order mark of UTF-8 is taken off, so that line 1 column 1 is the first character of the text. */
#ifndef FAULTLINE_READ_INPUT_H
#define FAULTLINE_READ_INPUT_H

#include <glib.h>

#include "base/diag.h"

/* Read `path` whole ("-" is standard input, named "<stdin>"), at most READ_FILE_MOST bytes. The caller frees the
 * result with source_free. NULL in two cases: the user's mistake (no such file, a folder, no permission, too large),
 * then one error was added to `diagnostics`; the machine's failure, then *error is set (domain G_FILE_ERROR). */
Source *input_read(const char *path, Diagnostics *diagnostics, GError **error);

/* The same with another limit, for records and traces that are larger than what people write by hand. */
Source *input_read_most(const char *path, uint64_t most, Diagnostics *diagnostics, GError **error);

#endif
