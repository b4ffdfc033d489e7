/* recovery.h - when does a service serve new sessions again? Pure arithmetic on decided sessions (private to measure/).
 *
 * Service failover time is defined as the time from the fault to the start of the first 60 s window in which
 * new-session success is at least 99 % of its mean before the fault, and stays so. Made exact here:
 *
 * - A new session is decided once: served (its first good answer) or failed (it gave up before one). It counts at the
 * instant of its deciding attempt: when the good answer came, or when the last attempt was sent. So neither patience
 * nor client timeouts blur the edge, and users who get in by retrying are served, not failed.
 * - Windows begin at the fault itself (then the time is zero: new sessions were never in trouble) or at a served
 * session, the recovering success. A window counts only when it ends by the horizon.
 * - It stays so when the mean from its start to the horizon is at least 99 % as well, and no later window is a relapse:
 * has more failures than 99 % allows by more than chance explains (a allowed: more than a + 4 sqrt(a) + 1; without
 * that, one random failure at 1 session/s would undo any recovery).
 * - The horizon is the next instant at which a fault begins or ends, because what happens then is not this fault's
 * doing; a service that has not recovered by then is judged at the one after, and so on to the end of the run. */
#ifndef FAULTLINE_MEASURE_RECOVERY_H
#define FAULTLINE_MEASURE_RECOVERY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/simtime.h"
#include "measure/loss.h"

#define RECOVERY_WINDOW SIMTIME_S(60)

/* What a failed new session was waiting for; names what has to happen before others can be served. */
typedef enum {
    TRIAL_SERVED,
    TRIAL_WANTS_NAME,  /* its resolver had to learn the new answer */
    TRIAL_WANTS_DATA,  /* a primary had to take writes */
    TRIAL_WANTS_ROOM,  /* there was not enough capacity */
    TRIAL_WANTS_PLACE, /* somebody had to notice the dead place */
    TRIAL_WANTS_RULE,  /* a rule or route was in the way */
    TRIAL_KINDS
} TrialKind;

typedef struct {
    SimTime at;
    TrialKind kind;
} Trial;

TrialKind trial_kind(Loss loss);

typedef struct {
    uint64_t served, decided;
} Share;

typedef struct {
    bool recovered;
    SimTime at;     /* the recovering success, or the fault itself */
    uint32_t index; /* of that trial; UINT32_MAX: nothing had to recover */
} Recovery;

/* `trials` sorted by time, all at or after `from`; `before`: of the time before the fault, decided == 0 counts as 100
 * %. `horizons` ascending, the last one the end of the run. O(trials x horizons used). */
Recovery recovery_find(const Trial *trials, uint32_t count, SimTime from, const SimTime *horizons,
                       uint32_t horizon_count, Share before);

#endif
