/* egress.c - what stops a connection before a packet leaves: the client's own rule, and the names it is not given.
 *
 * An allowlist is enforced where the connection begins (semantics B.0 step 2): in a proxy, or by an agent on the host.
 * Whoever owns a host of the customer's has done away with its agent; what the provider runs cannot be owned. A filter
 * of names stops those who ask for the name of what others run; who calls a bare address asks nobody, and what hides
 * in the questions themselves is stopped by nothing else (semantics P-19). */
#include <stdlib.h>
#include <string.h>

#include "reach/walk.h"

static int compare_lists(const void *a, const void *b) {
    ComponentId x = ((const Allowlist *)a)->component, y = ((const Allowlist *)b)->component;
    return (x > y) - (x < y);
}

static const Allowlist *list_of(const Model *model, ComponentId component) {
    Allowlist key = {.component = component};
    return bsearch(&key, model->allow.lists, model->allow.count, sizeof key, compare_lists);
}

void egress_init(Reach *reach) {
    const Model *model = reach->model;
    for (uint32_t i = 0; i < reach->class_count && model->allow.count > 0; i++) {
        Party *party = &reach->parties[i];
        party->allows = list_of(model, party->id);
        if (party->network != NO_NETWORK && model->allow.filter_of[party->network] != UINT32_MAX)
            party->names = &model->allow.lists[model->allow.filter_of[party->network]];
    }
}

/* A host is known by its address; what others run, and the provider's services, by their names too. */
static bool entry_matches(const AllowEntry *entry, const Walk *walk, const Party *server, bool by_name) {
    if (!by_name && entry->ports.count > 0 &&
        !ports_contain(&entry->ports, (Protocol)walk->packet.protocol, walk->port))
        return false;
    switch (entry->what) {
    case ALLOW_COMPONENT: return server->id == entry->component;
    case ALLOW_INTERNET: return server->network == NO_NETWORK;
    case ALLOW_RANGE: break;
    }
    return !by_name && prefix_contains(&entry->range, walk_address(walk, walk->packet.to));
}

static bool list_stops(Walk *walk, const Allowlist *list, const Party *client, const Party *server, bool by_name) {
    for (uint32_t i = 0; i < list->count; i++) {
        if (!entry_matches(&list->entries[i], walk, server, by_name))
            continue;
        walk_hop(walk, by_name ? HOP_GIVES_NAME : HOP_ALLOWLIST, list->entries[i].element,
                 (uint32_t)(client - walk->reach->parties));
        return false;
    }
    walk->spot =
        walk_stop(walk, VERDICT_DENY, by_name ? "NAME_REFUSED" : "NOT_ON_ALLOWLIST", list->element, client->place);
    return true;
}

/* Is the server found by asking the name service of the client's network? */
static bool is_asked_for(const Party *server) {
    const Kind *kind = server->component != NULL ? server->component->kind : NULL;
    return kind != NULL && kind->passage.attachment == ATTACH_OUTSIDE && kind->role != ROLE_POPULATION &&
           server->facts.called != CALLED_BY_ADDRESS;
}

bool reach_turned_back(const Verdict *verdict) {
    return strcmp(verdict->code, "NOT_ON_ALLOWLIST") == 0 || strcmp(verdict->code, "NAME_REFUSED") == 0;
}

bool egress_stops(Walk *walk, const Party *client, const Party *server) {
    bool enforced = !walk->seized || (client->component != NULL && client->component->kind->managed);
    if (client->names != NULL && is_asked_for(server) && list_stops(walk, client->names, client, server, true))
        return true;
    return client->allows != NULL && enforced && server->kind != PARTY_NAME &&
           list_stops(walk, client->allows, client, server, false);
}
