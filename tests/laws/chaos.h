/* chaos.h - random timelines for site.yaml: everything that can be done to it, at once and in any order. */
#ifndef FAULTLINE_TESTS_LAWS_CHAOS_H
#define FAULTLINE_TESTS_LAWS_CHAOS_H

#include <stdint.h>

/* `count` entries of a timeline between `from` and `to` (s), beginning every `step` s only; all have ended at `to`, and
 * recoveries are over soon after. Ends with NULL; g_strfreev. */
char **chaos_events(uint64_t lot, uint32_t count, int from, int to, int step);

#endif
