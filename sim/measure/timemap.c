/* timemap.c - open addressing with linear probing; a removal closes its gap, so there are no tombstones. */
#include "measure/timemap.h"

#include <glib.h>
#include <string.h>

enum { FIRST_CAPACITY = 64 };

void timemap_clear(TimeMap *map) {
    g_free(map->keys);
    g_free(map->values);
    *map = (TimeMap){0};
}

void timemap_empty(TimeMap *map) {
    if (map->used)
        memset(map->keys, 0, map->capacity * sizeof *map->keys);
    map->used = 0;
}

/* Fibonacci hashing (Knuth, TAOCP 3, 6.4): the upper bits of key times 2^64 / golden ratio. Eight keys in a row stay
 * together, in one cache line: those who are thrown out together have numbers that lie close. */
static uint32_t home_of(const TimeMap *map, uint64_t stored) {
    uint32_t line = (uint32_t)((stored >> 3) * UINT64_C(0x9E3779B97F4A7C15) >> 32);
    return (line << 3 | (uint32_t)(stored & 7)) & (map->capacity - 1);
}

static uint32_t slot_of(const TimeMap *map, uint64_t stored) {
    uint32_t slot = home_of(map, stored);
    while (map->keys[slot] != 0 && map->keys[slot] != stored)
        slot = (slot + 1) & (map->capacity - 1);
    return slot;
}

static void grow(TimeMap *map) {
    TimeMap old = *map;
    map->capacity = old.capacity ? 2 * old.capacity : FIRST_CAPACITY;
    map->keys = g_new0(uint64_t, map->capacity);
    map->values = g_new(SimTime, map->capacity);
    for (uint32_t i = 0; i < old.capacity; i++) {
        if (old.keys[i] == 0)
            continue;
        uint32_t slot = slot_of(map, old.keys[i]);
        map->keys[slot] = old.keys[i];
        map->values[slot] = old.values[i];
    }
    timemap_clear(&old);
}

void timemap_put(TimeMap *map, uint64_t key, SimTime value) {
    if (map->used * 2 >= map->capacity)
        grow(map);
    uint32_t slot = slot_of(map, key + 1);
    map->used += map->keys[slot] == 0;
    map->keys[slot] = key + 1;
    map->values[slot] = value;
}

/* Move later entries of the run back into the gap when that brings them nearer to their home. */
static void close_gap(TimeMap *map, uint32_t gap) {
    uint32_t mask = map->capacity - 1;
    for (uint32_t i = (gap + 1) & mask; map->keys[i] != 0; i = (i + 1) & mask) {
        uint32_t home = home_of(map, map->keys[i]);
        if (((i - home) & mask) < ((i - gap) & mask))
            continue;
        map->keys[gap] = map->keys[i];
        map->values[gap] = map->values[i];
        gap = i;
    }
    map->keys[gap] = 0;
}

bool timemap_take(TimeMap *map, uint64_t key, SimTime *value) {
    if (map->used == 0)
        return false;
    uint32_t slot = slot_of(map, key + 1);
    if (map->keys[slot] == 0)
        return false;
    *value = map->values[slot];
    close_gap(map, slot);
    map->used--;
    return true;
}
