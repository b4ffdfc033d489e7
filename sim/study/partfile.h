/* partfile.h - parts of a study in a file: what --save writes, --resume goes on with, and `faultline merge` joins.
 *
 *   faultline-parts/1 LENGTH REPLICATIONS\n    of the header, ten digits; how many are wanted in all, ten digits
 *   header                                     JSON: version, seed and digests as in a record, and every text read
 *   part part part ...                         part.h, in the order in which they were finished
 *
 * The header alone is enough to read the model again. Each part is appended by one write. A process that is killed in
 * the middle leaves a torn tail: it is recognised by length and digest and cut off when the file is opened to go on.
 * While a process writes, the file is locked (fcntl), so two cannot go on with the same one. */
#ifndef FAULTLINE_STUDY_PARTFILE_H
#define FAULTLINE_STUDY_PARTFILE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"

typedef struct PartFile PartFile;

/* Whose fault an error is: PART_FILE_REFUSED is the user's (another study's file, not a part file); anything else is of
 * domain G_FILE_ERROR and the machine's. */
#define PART_FILE_ERROR (g_quark_from_static_string("part-file"))
typedef enum { PART_FILE_REFUSED } PartFileError;

/* PART_FILE_NEW: there must be none yet. PART_FILE_GO_ON: one that was begun with an equal model and seed, or a new
 * one; the number of replications wanted becomes the model's. The model is the study's; NULL on error. */
typedef enum { PART_FILE_NEW, PART_FILE_GO_ON } PartFileMode;
PartFile *part_file_open(const char *path, PartFileMode mode, const Model *model, GError **error);
/* To read only; whatever model it is of. */
PartFile *part_file_read(const char *path, GError **error);

/* Appends a whole part (with its head). */
bool part_file_add(PartFile *file, uint64_t replication, const uint8_t *whole, size_t length, GError **error);
/* Down to the disk, and closed; false: *error, and what was written before is still good. NULL is fine. */
bool part_file_close(PartFile *file, GError **error);

const char *part_file_path(const PartFile *file);
/* The header's JSON; borrowed. */
const char *part_file_header(const PartFile *file, size_t *length);
/* How many replications are wanted in all. */
uint64_t part_file_replications(const PartFile *file);
/* Parts found when it was opened, and added since. */
uint64_t part_file_count(const PartFile *file);
/* Bytes of a torn tail that were found (and cut off, unless to read only). */
uint64_t part_file_torn(const PartFile *file);
bool part_file_has(const PartFile *file, uint64_t replication);
/* What study_pack wrote about it, allocated; NULL: *error. */
GByteArray *part_file_get(const PartFile *file, uint64_t replication, GError **error);

/* In what the study of `file` is another than that of `other`, for people ("seed 1, not 2"), allocated; NULL: it is the
 * same. */
char *part_file_difference(const PartFile *file, const PartFile *other);

#endif
