/* groups.c - groups the faults of a setup by the instant at which they begin. */
#include "measure/groups.h"

#include <glib.h>

/* The same fault at another instant is another thing that happened: "zone a", "zone a (2)". */
static void make_unique(FaultGroups *groups, uint32_t group) {
    uint32_t same = 1;
    for (uint32_t i = 0; i < group; i++)
        same += g_strcmp0(groups->texts[i], groups->texts[group]) == 0;
    for (uint32_t i = group; same > 1 && i-- > 0;)
        if (g_strcmp0(groups->texts[i], groups->texts[group]) == 0) {
            char *numbered = g_strdup_printf("%s (%u)", groups->texts[group], same);
            g_free(groups->texts[group]);
            groups->texts[group] = numbered;
            return;
        }
}

FaultGroups groups_new(const MeasureSetup *setup) {
    FaultGroups groups = {.texts = g_new0(char *, setup->fault_count + 1),
                          .members = g_new0(uint32_t, setup->fault_count + 1)};
    for (uint32_t i = 0; i < setup->fault_count; i++) {
        const MeasureFault *fault = &setup->faults[i];
        if (i > 0 && simtime_equal(fault->at, setup->faults[i - 1].at)) {
            char **text = &groups.texts[groups.count - 1];
            char *joined = g_strdup_printf("%s + %s", *text, fault->text);
            g_free(*text);
            *text = joined;
        } else {
            groups.texts[groups.count++] = g_strdup(fault->text);
        }
        groups.members[i] = groups.count - 1;
    }
    for (uint32_t i = groups.count; i-- > 0;)
        make_unique(&groups, i);
    return groups;
}

void groups_clear(FaultGroups *groups) {
    g_strfreev(groups->texts);
    g_free(groups->members);
    *groups = (FaultGroups){0};
}

uint32_t groups_of_event(const FaultGroups *groups, const MeasureSetup *setup, uint32_t event) {
    for (uint32_t i = 0; i < setup->fault_count; i++)
        if (setup->faults[i].event == event)
            return groups->members[i];
    return UINT32_MAX;
}

const char *groups_label(const FaultGroups *groups, uint32_t group) {
    return groups->count > 1 ? groups->texts[group] : NULL;
}

char *measure_fault_label(const MeasureSetup *setup, uint32_t fault) {
    FaultGroups groups = groups_new(setup);
    char *label = g_strdup(groups_label(&groups, groups.members[fault]));
    groups_clear(&groups);
    return label;
}

bool measure_fault_leads(const MeasureSetup *setup, uint32_t fault) {
    return fault == 0 || !simtime_equal(setup->faults[fault].at, setup->faults[fault - 1].at);
}
