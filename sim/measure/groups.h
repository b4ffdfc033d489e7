/* groups.h - faults that begin at one instant are one thing that happened (private to measure/). */
#ifndef FAULTLINE_MEASURE_GROUPS_H
#define FAULTLINE_MEASURE_GROUPS_H

#include "measure/measure.h"

/* In order of time, as the setup lists the faults. */
typedef struct {
    uint32_t count;
    char **texts;      /* of each group: its faults' texts joined by " + " */
    uint32_t *members; /* group of each fault of the setup */
} FaultGroups;

FaultGroups groups_new(const MeasureSetup *setup);
void groups_clear(FaultGroups *groups);
/* The group that a fault event belongs to, or UINT32_MAX when the setup does not list it. O(faults). */
uint32_t groups_of_event(const FaultGroups *groups, const MeasureSetup *setup, uint32_t event);
/* What to call a group in a column: its text where there are several, else NULL (the measure itself says it). */
const char *groups_label(const FaultGroups *groups, uint32_t group);

#endif
