/* source.h - finding a line again in a text that was read (private to base; the Source itself is in diag.h). */
#ifndef FAULTLINE_BASE_SOURCE_H
#define FAULTLINE_BASE_SOURCE_H

#include <stddef.h>

#include "base/diag.h"

/* Line number `line` (from 1) without its line end, or NULL past the end; borrowed, not terminated. O(text). */
const char *source_line(const Source *source, uint32_t line, size_t *length);

#endif
