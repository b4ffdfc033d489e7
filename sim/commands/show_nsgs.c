/* show_nsgs.c - the network security groups of `faultline show`: where they stand and what they say. */
#include <string.h>

#include "commands/print.h"
#include "commands/show.h"

static void holder_add(GString *text, const char *name, const char *copy) {
    char *plain = show_without_copy(name, copy);
    g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", plain);
    g_free(plain);
}

/* "subnet site.front, site.web": the subnets of one zone speak for all. */
static char *holders_text(const Model *model, uint32_t group) {
    const AzureControls *azure = &model->azure;
    const char *copy = model->networks[azure->groups[group].network].copy;
    GString *text = g_string_new(NULL);
    uint32_t table = UINT32_MAX;
    for (PlaceId p = 0; p < model->place_count; p++) {
        const Place *place = &model->places[p];
        if (place->level != PLACE_SUBNET || azure->subnets[p].group != group + 1 || place->route_table == table)
            continue;
        table = place->route_table;
        char *name = g_strdup_printf("subnet %s", model->route_tables[table].name);
        holder_add(text, name, copy);
        g_free(name);
    }
    for (ComponentId c = 0; c < model->component_count; c++)
        if (azure->components[c].group == group + 1)
            holder_add(text, model->components[c].name, copy);
    return g_string_free(text, text->len == 0);
}

static void rules(GString *out, const Model *model, const NetworkSecurityGroup *group, bool inbound, int width) {
    static const int starts[] = {2, 21, 26};
    const NsgRules *list = inbound ? &group->inbound : &group->outbound;
    for (uint32_t i = 0; i < list->count; i++) {
        bool own = list->rules[i].priority < 65000; /* behind these stand the provider's */
        char *text = own ? nsg_rule_text(model, &list->rules[i]) : g_strdup("65000 and on: the provider's own");
        char *plain = show_without_copy(text, model->networks[group->network].copy);
        const char *cells[] = {NULL, i == 0 ? (inbound ? "in" : "out") : NULL, plain};
        print_row(out, cells, starts, 3, width);
        g_free(plain);
        g_free(text);
        if (!own)
            return;
    }
}

void show_network_security_groups(GString *out, const Model *model, int width) {
    static const int starts[] = {2, 21};
    if (model->azure.group_count > 0)
        print_heading(out, "NETWORK SECURITY GROUPS");
    for (uint32_t i = 0; i < model->azure.group_count; i++) {
        const NetworkSecurityGroup *group = &model->azure.groups[i];
        if (!show_network_speaks(model, group->network))
            continue;
        char *name = show_without_copy(group->name, model->networks[group->network].copy);
        char *holders = holders_text(model, i);
        char *where = holders != NULL ? g_strdup_printf("at %s", holders) : g_strdup("stands nowhere");
        const char *cells[] = {name, where};
        print_row(out, cells, starts, 2, width);
        rules(out, model, group, true, width);
        rules(out, model, group, false, width);
        g_free(where);
        g_free(holders);
        g_free(name);
    }
}
