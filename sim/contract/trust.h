/* trust.h - what callers show, and what stands beside them: sidecars, certificates and tokens, as kinds see them. */
#ifndef FAULTLINE_CONTRACT_TRUST_H
#define FAULTLINE_CONTRACT_TRUST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/luck.h"
#include "base/simtime.h"

/* What a proxy beside a unit adds to each call that goes out of, or comes in to, that unit. */
typedef struct {
    SimTime latency;   /* there and back together */
    SimTime handshake; /* of mutual TLS, where each call makes a connection of its own */
    SimTime keeps;     /* how long a connection to another such proxy is used; certificates are looked at when it is
                        * made. Zero: each call makes one */
} Escort;

/* A client who has to show a token. */
typedef struct {
    Draw luck;     /* his own, the same at each call */
    SimTime since; /* when his session began */
    SimTime at;    /* when he shows it: now, or later */
} Bearer;

typedef struct {
    bool good;
    SimTime took; /* what he spent to get it, before this session's first request; zero when he had it */
} Token;

#endif
