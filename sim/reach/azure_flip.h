/* azure_flip.h - how a network security group's word is turned round (private to reach/). */
#ifndef FAULTLINE_REACH_AZURE_FLIP_H
#define FAULTLINE_REACH_AZURE_FLIP_H

#include "reach/reach_private.h"

/* Adds to the state a rule for exactly this question right before the one whose element is given, which then is the
 * group's; the rule as the user would write it. NULL: no group has that rule, or there is no priority before it. */
char *azure_flip(const Reach *reach, NetState *state, const Query *query, uint32_t *element, bool allow,
                 GPtrArray *peers);
/* What those rules name; it must outlive the state and its copies. */
GPtrArray *azure_flip_peers(void);

#endif
