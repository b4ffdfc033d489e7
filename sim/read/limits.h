/* limits.h - how much input the reader takes; fixed, and printed by `faultline --limits`.
 *
 * Chosen so that a page-long pattern is far below every limit and a hostile file is refused in milliseconds: libyaml
 * is quadratic in nesting depth, and memory follows the number of events. Sizes are bytes of UTF-8. */
#ifndef FAULTLINE_READ_LIMITS_H
#define FAULTLINE_READ_LIMITS_H

#include <stdint.h>

enum {
    READ_FILE_MOST = 4 * 1024 * 1024,      /* bytes of one input file */
    READ_DEPTH_MOST = 32,                  /* maps and lists inside each other */
    READ_EVENTS_MOST = 400000,             /* starts, ends, keys and values in one file */
    READ_SCALAR_MOST = 64 * 1024,          /* bytes of one value */
    READ_KEY_MOST = 256,                   /* bytes of one key */
    READ_NAME_MOST = 128,                  /* bytes of one name of a thing */
    READ_ERRORS_MOST = 100,                /* errors in one file before reading stops */
    READ_EXPANDED_MOST = 16 * 1024 * 1024, /* bytes of text made by parameters in one pattern */
    JSON_FILE_MOST = 256 * 1024 * 1024,    /* bytes of one record or report read back */
    JSON_DEPTH_MOST = 64                   /* objects and arrays inside each other */
};

typedef struct {
    const char *name;  /* "file" */
    int64_t most;      /* inclusive */
    const char *unit;  /* "bytes", "levels", ... */
    const char *about; /* one line */
} ReadLimit;

/* Ends with a row whose name is NULL. */
extern const ReadLimit read_limits[];

#endif
