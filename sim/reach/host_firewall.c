/* host_firewall.c - the firewall of the machine itself, behind every filter of the network.
 *
 * It stands inside the operating system, so it holds for whoever comes from elsewhere, and falls with its own host: who
 * owns that has no need to get past it (semantics B.0 step 2). It remembers connections, so answers pass. Ways into its
 * network are never followed without asking it (bits). */
#include <stdlib.h>

#include "reach/walk.h"

static int compare_lists(const void *a, const void *b) {
    ComponentId x = ((const Allowlist *)a)->component, y = ((const Allowlist *)b)->component;
    return (x > y) - (x < y);
}

void host_firewalls_init(Reach *reach) {
    const AllowBook *book = &reach->model->allow;
    if (book->firewall_count == 0)
        return;
    for (uint32_t i = 0; i < reach->class_count; i++) {
        Allowlist key = {.component = reach->parties[i].id};
        reach->parties[i].admits = bsearch(&key, book->firewalls, book->firewall_count, sizeof key, compare_lists);
    }
}

/* A peer is known by the address that its packets have when they arrive. */
static bool entry_admits(const AllowEntry *entry, const Walk *walk) {
    const Party *client = walk_party(walk, walk->packet.from.party);
    if (entry->ports.count > 0 && !ports_contain(&entry->ports, (Protocol)walk->packet.protocol, walk->port))
        return false;
    switch (entry->what) {
    case ALLOW_COMPONENT: return client->id == entry->component;
    case ALLOW_INTERNET: return client->network == NO_NETWORK;
    case ALLOW_RANGE: break;
    }
    return prefix_contains(&entry->range, walk_address(walk, walk->packet.from));
}

bool host_lets_in(Walk *walk, uint32_t id) {
    const Party *server = walk_party(walk, id);
    if (server->admits == NULL || walk->unguarded)
        return true;
    for (uint32_t i = 0; i < server->admits->count; i++) {
        if (!entry_admits(&server->admits->entries[i], walk))
            continue;
        walk_hop(walk, HOP_HOST_FIREWALL, server->admits->entries[i].element, id);
        return true;
    }
    walk->spot = walk_stop(walk, VERDICT_DENY, "HOST_FIREWALL", server->admits->element, server->place);
    return false;
}
