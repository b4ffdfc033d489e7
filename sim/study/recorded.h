/* recorded.h - who keeps a record of a connection: nobody can listen in the provider's network, so it is sensors at its
 * ends (an agent on the host, flow logs of the interface) and appliances that its packets pass. An appliance that looks
 * at a sample only keeps no record that could be relied on. */
#ifndef FAULTLINE_STUDY_RECORDED_H
#define FAULTLINE_STUDY_RECORDED_H

#include "reach/reach.h"

/* Is a working connection recorded by whom the expectation names, or (none) by anybody? */
bool recorded(const Model *model, const Reach *reach, const NetState *net, const Query *query, const Expect *expect);
/* "agents, site[eu-west-1].fw"; "nobody". Allocated. */
char *recorders_text(const Model *model, const Reach *reach, const NetState *net, const Query *query);

#endif
