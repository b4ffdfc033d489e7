/* attackable.h - the expectations of a scenario about policies and compromises, asked of one instant (private to
 * study/). */
#ifndef FAULTLINE_STUDY_ATTACKABLE_H
#define FAULTLINE_STUDY_ATTACKABLE_H

#include "reach/closure.h"

/* allowed(a -> b put); blast_radius(a) within {b}; exposed(a) within {b}. What contradicts it, allocated; NULL: it
 * holds. */
char *attackable_miss(const Model *model, const Reach *reach, const NetState *net, const Expect *expect);

#endif
