/* overlays.c - which machines an overlay joins, and which of them carry. */
#include <string.h>

#include "model/build.h"

PlaceId overlay_place(Build *build, const Node *nodes, const char *label, Mark mark) {
    uint32_t count, found = 0, *networks;
    const Node *const *items = items_of(build, nodes, "nodes", &count);
    if (count == 0) {
        complain(build, mark, "add nodes: [site.relay]: machines of your own that carry", "overlay '%s' has no nodes",
                 label);
        return NO_PLACE;
    }
    const char *text = scalar_of(build, items[0], "nodes");
    char *stack = NULL, *copy = NULL, *name = NULL;
    if (text != NULL && name_split(text, &stack, &copy, &name) && stack != NULL)
        found = networks_named(build, stack, &networks);
    if (found == 0 && text != NULL && !build->places_failed)
        complain(build, items[0]->mark, "write stack.component or site.component",
                 "the node '%s' of overlay '%s' is no machine of a stack or site", text, label);
    g_free(stack);
    g_free(copy);
    g_free(name);
    return found > 0 ? build->model->networks[networks[0]].region : NO_PLACE;
}

/* An agent runs on a machine with an interface and an operating system of one's own. */
static bool runs_agent(Build *build, const Component *component, Mark mark) {
    const Passage *passage = &component->kind->passage;
    bool machine = passage->mode == PASSAGE_TERMINATES && !component->kind->managed &&
                   (passage->attachment == ATTACH_SUBNETS || passage->attachment == ATTACH_SITE);
    if (!machine)
        complain(build, mark, "name instances, or what stands at a site",
                 "'%s' is of kind %s, on which no agent of your own runs", component->name, component->kind->name);
    return machine;
}

static bool is_among(const GArray *ids, ComponentId id) {
    bool among = false;
    for (guint i = 0; i < ids->len; i++)
        among = among || g_array_index(ids, ComponentId, i) == id;
    return among;
}

static void machines_add(Build *build, const Node *node, const char *what, GArray *ids) {
    uint32_t count;
    const Node *const *items = items_of(build, node, what, &count);
    for (uint32_t i = 0; i < count; i++) {
        const char *text = scalar_of(build, items[i], what);
        ComponentId *found;
        uint32_t several = text != NULL ? names_find(build, (Scope){NULL, NULL}, text, 0, items[i]->mark, &found) : 0;
        for (uint32_t k = 0; k < several; k++)
            if (runs_agent(build, &build->model->components[found[k]], items[i]->mark) && !is_among(ids, found[k]))
                g_array_append_val(ids, found[k]);
    }
}

void overlay_build(Build *build, uint32_t join) {
    const JoinDraft *draft = &build->joins[join];
    Join *overlay = &build->model->joins[join];
    GArray *nodes = g_array_new(FALSE, FALSE, sizeof(ComponentId)), *members;
    machines_add(build, draft->keys->nodes, "nodes", nodes);
    members = g_array_copy(nodes);
    machines_add(build, draft->keys->members, "members", members);
    g_array_sort(members, compare_ids);
    overlay->nodes = keep_array(build, nodes, &overlay->node_count);
    overlay->members = keep_array(build, members, &overlay->member_count);
    for (uint32_t i = 0; i < overlay->node_count; i++)
        build->model->components[overlay->nodes[i]].carries = true;
}
