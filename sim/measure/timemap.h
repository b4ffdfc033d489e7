/* timemap.h - a map from 64-bit keys to instants (private to measure/): sessions that wait for something.
 *
 * Open addressing; put, take and get are O(1) on average. Its order is never shown to anybody. */
#ifndef FAULTLINE_MEASURE_TIMEMAP_H
#define FAULTLINE_MEASURE_TIMEMAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/simtime.h"

typedef struct {
    uint64_t *keys; /* key + 1; 0 = free */
    SimTime *values;
    uint32_t capacity, used; /* capacity: 0 or a power of two */
} TimeMap;

/* A zeroed TimeMap is empty and ready. */
void timemap_clear(TimeMap *map);                              /* frees */
void timemap_empty(TimeMap *map);                              /* keeps the memory */
void timemap_put(TimeMap *map, uint64_t key, SimTime value);   /* replaces */
bool timemap_take(TimeMap *map, uint64_t key, SimTime *value); /* removes; false: not there */

/* The key of a session of one population. */
static inline uint64_t timemap_session(uint32_t population, uint32_t serial) {
    return ((uint64_t)population << 32) | serial;
}

#endif
