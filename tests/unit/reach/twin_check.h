/* twin_check.h - random estates, each read as a pattern file and asked by reach/ and by a slow twin. */
#ifndef FAULTLINE_TESTS_REACH_TWIN_CHECK_H
#define FAULTLINE_TESTS_REACH_TWIN_CHECK_H

#include <glib.h>

#include "base/luck.h"
#include "tests/unit/reach/twin.h"

/* A pattern that is being written. */
typedef struct {
    GString *text;
    Draw *luck;
} TwinText;
bool twin_chance(TwinText *t, uint32_t percent);
uint32_t twin_below(TwinText *t, uint32_t bound);
void twin_say(TwinText *t, const char *format, ...) G_GNUC_PRINTF(2, 3);
const char *twin_pick(TwinText *t, const char *const *from, size_t count);

typedef struct {
    const char *provider, *name; /* "aws"; of the stream of luck */
    void (*write)(TwinText *text);
    Verdict (*ask)(const Twin *twin, TwinEnd from, TwinEnd to, Query query);
    uint64_t networks, long_networks;
    const char *const *codes; /* that must each be seen 500 times in the long run; NULL-terminated */
} TwinTrial;

/* Client ports at which the lists of generated rules change. */
extern const uint16_t twin_client_ports[];
enum { TWIN_CLIENT_PORTS = 6 };

/* Fails the running test at the first difference, and tells it with the pattern. LONG=1: long_networks.
 * TWIN_NETWORKS=n: n of them, and how often each code is seen does not matter. */
void twin_run(const TwinTrial *trial);

#endif
