/* outfile.h - output files that are whole or not there.
 *
 * Written to a temporary name in the same folder, flushed, fsynced, closed and renamed; on any failure the temporary
 * is removed, the old file stays, and a GError says what could not be written and why. */
#ifndef FAULTLINE_BASE_OUTFILE_H
#define FAULTLINE_BASE_OUTFILE_H

#include <glib.h>

gboolean outfile_write(const char *path, const char *text, gsize length, GError **error);
/* Make a folder and its parents. */
gboolean outfile_folder(const char *path, GError **error);
/* Write to standard output and flush; a closed or full stdout is an error, not silence. */
gboolean outfile_stdout(const char *text, gsize length, GError **error);

#endif
