/* bucket.c - a round bucket width for a run of any length. */
#include "measure/bucket.h"

#include <stddef.h>

enum { MOST_BUCKETS = 360, DAY = 86400 };

SimTime bucket_width(SimTime until) {
    static const int32_t seconds[] = {1,   2,   5,    10,   15,   20,   30,    60,    120,   300,
                                      600, 900, 1200, 1800, 3600, 7200, 14400, 21600, 43200, DAY};
    size_t last = sizeof seconds / sizeof seconds[0] - 1;
    for (size_t i = 0; i < last; i++)
        if (bucket_count(until, SIMTIME_S(seconds[i])) <= MOST_BUCKETS)
            return SIMTIME_S(seconds[i]);
    int64_t days = until.ns / (SIMTIME_S(DAY).ns * MOST_BUCKETS) + 1;
    return SIMTIME_S(days * DAY);
}

uint32_t bucket_count(SimTime until, SimTime width) {
    int64_t count = until.ns / width.ns + (until.ns % width.ns != 0);
    return count < 1 ? 1 : count > UINT32_MAX ? UINT32_MAX : (uint32_t)count;
}
