/* yardstick_one.c - one yardstick by itself.
 *
 * yardstick_one mmc [CUSTOMERS] | hold [PENDING HOLDS] | session [SESSIONS PER_SECOND FAILS_AT] */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/yard.h"

static double number(int argc, char **argv, int i, double otherwise) { return i < argc ? atof(argv[i]) : otherwise; }

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "session";
    if (strcmp(what, "mmc") == 0) {
        YardResult r = yard_mmc((uint64_t)number(argc, argv, 2, 5e6), 8, 0.8, 1);
        printf("mmc %.2f ns/event, mean wait %.6f\n", r.ns_each, r.mean_wait);
    } else if (strcmp(what, "hold") == 0) {
        YardResult r = yard_hold((uint64_t)number(argc, argv, 2, 1e5), (uint64_t)number(argc, argv, 3, 5e6), 1);
        printf("hold %.2f ns/hold, digest %016" PRIx64 "\n", r.ns_each, r.digest);
    } else {
        YardSession r = yard_session((uint64_t)number(argc, argv, 2, 1e6), number(argc, argv, 3, 1000),
                                     number(argc, argv, 4, 500), 1);
        printf("session %.2f ns/request, %.2f ns/event, %" PRIu64 " requests, %" PRIu64 " events, %" PRIu64
               " lost, %" PRIu64 " re-established, most live %" PRIu64 ", mean life %.4f s, %.3f s, peak %.1f MB\n",
               r.ns_per_request, r.ns_per_event, r.requests, r.events, r.lost, r.reestablished, r.most_live,
               r.mean_life_s, r.cpu_seconds, (double)yard_peak_bytes() / 1e6);
    }
    return 0;
}
