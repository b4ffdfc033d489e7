/* rights.h - random estates with accounts, roles, policies and services, read as pattern files. */
#ifndef FAULTLINE_TESTS_REACH_RIGHTS_H
#define FAULTLINE_TESTS_REACH_RIGHTS_H

#include "base/luck.h"
#include "reach/reach.h"

/* One network with a subnet behind a NAT gateway, which has a gateway endpoint for buckets, and a public one; an
 * interface endpoint for queues; a network of another account; a site; users; and everybody's rights. */
typedef struct {
    char *text;
    ModelInputs *inputs;
    Diagnostics *diagnostics;
    Model *model;
    Reach *reach;
    NetState *state;
} Rights;

void rights_open(Rights *rights, Draw *luck);
/* Any other text of a pattern in AWS, which becomes its own. */
void rights_read(Rights *rights, char *text);
void rights_close(Rights *rights);
/* The component of that name, which must be there. */
ComponentId rights_component(const Rights *rights, const char *name);

#endif
