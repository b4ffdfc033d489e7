/* objects.h - what a store of objects hears of what is done with them.
 *
 * Which objects there are is the kind's own affair. NULL rules: the world counts one more for what is put in, and one
 * less for what is taken out. */
#ifndef FAULTLINE_CONTRACT_OBJECTS_H
#define FAULTLINE_CONTRACT_OBJECTS_H

#include "contract/ctx.h"

typedef enum { TOUCH_READ, TOUCH_PUT, TOUCH_REMOVED } Touch;

typedef struct ObjectRules {
    /* Told once the request has been worked on with success, in order of time: at cx->now it came to the store. `rq` as
     * on_request left it: its further draws are the hook's own. */
    void (*touched)(Ctx *cx, Request *rq, Touch touch);
} ObjectRules;

#endif
