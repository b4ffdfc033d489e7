/* plugins.c - finds a plug-in of the catalogue by its name. */
#include <string.h>

#include "model/build.h"

/* Faults, threats and orders are known by their verbs, which is what a timeline says. */
static const char *name_at(const Catalogue *catalogue, PluginList list, size_t i) {
    switch (list) {
    case PLUGIN_KIND: return catalogue->kinds != NULL && catalogue->kinds[i] != NULL ? catalogue->kinds[i]->name : NULL;
    case PLUGIN_LOAD: return catalogue->loads != NULL && catalogue->loads[i] != NULL ? catalogue->loads[i]->name : NULL;
    case PLUGIN_SENSOR:
        return catalogue->sensors != NULL && catalogue->sensors[i] != NULL ? catalogue->sensors[i]->name : NULL;
    case PLUGIN_RESPONSE:
        return catalogue->responses != NULL && catalogue->responses[i] != NULL ? catalogue->responses[i]->name : NULL;
    case PLUGIN_FAULT:
        return catalogue->faults != NULL && catalogue->faults[i] != NULL ? catalogue->faults[i]->verb : NULL;
    case PLUGIN_THREAT:
        return catalogue->threats != NULL && catalogue->threats[i] != NULL ? catalogue->threats[i]->verb : NULL;
    case PLUGIN_ORDER:
        return catalogue->orders != NULL && catalogue->orders[i] != NULL ? catalogue->orders[i]->verb : NULL;
    }
    return NULL;
}

void plugin_names(const Build *build, PluginList list, GPtrArray *names) {
    const char *name;
    for (size_t i = 0; (name = name_at(build->catalogue, list, i)) != NULL; i++)
        g_ptr_array_add(names, (char *)name);
}

uint32_t plugin_index(const Build *build, PluginList list, const char *name) {
    const char *there;
    for (uint32_t i = 0; (there = name_at(build->catalogue, list, i)) != NULL; i++) {
        if (strcmp(there, name) == 0)
            return i;
    }
    return NO_INDEX;
}

/* Lists are short and read once a thing. */
uint32_t plugin_find(Build *build, PluginList list, const char *name, Mark mark) {
    static const char *const words[] = {"kind",  "kind of load", "kind of sensor", "kind of response",
                                        "fault", "threat",       "order"};
    uint32_t found = plugin_index(build, list, name);
    if (found != NO_INDEX)
        return found;
    GPtrArray *names = g_ptr_array_new();
    plugin_names(build, list, names);
    complain_name(build, mark, name, names, "known", "there is no %s '%s'", words[list], name);
    return NO_INDEX;
}
