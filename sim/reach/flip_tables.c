/* flip_tables.c - what lets a packet past the table that stopped it: one more entry of a network ACL, one more route.
 */
#include "reach/flip_steps.h"

#include <inttypes.h>

#include "reach/walk.h"

enum { NUMBER_STEP = 10, NUMBER_MOST = 32766 }; /* AWS VPC user guide, custom-network-acl */

/* The subnet whose table stopped it, or NULL. */
static const Place *subnet_of(const Walk *walk) {
    PlaceId at = walk->verdict.at;
    const Place *place = at == NO_PLACE ? NULL : &walk->reach->model->places[at];
    return place != NULL && place->level == PLACE_SUBNET ? place : NULL;
}

void flip_add(NetState *state, const FlipAddition *addition) {
    if (addition->routed)
        netstate_route_add(state, addition->table, &addition->route);
    else
        netstate_acl_add(state, addition->table, addition->inbound, &addition->entry);
}

void flip_remove(NetState *state, const FlipAddition *addition) {
    if (addition->routed)
        netstate_route_remove(state, addition->table, &addition->route);
    else
        netstate_acl_remove(state, addition->table, addition->inbound, &addition->entry);
}

/* ---- entries of network ACLs ---------------------------------------------------------------------------------------
 */
static bool meets(const AclRule *rule, const AclRule *entry) {
    PortSet common = ports_intersection(&rule->ports, &entry->ports);
    return common.count > 0 && (rule->cidr.family == 0 || prefix_contains(&rule->cidr, &entry->cidr));
}

/* Before the first that refuses any of it; where only "*" does, behind the last. 0: no number is left. */
static uint32_t number_for(const AclRules *rules, const AclRule *entry) {
    uint32_t last = rules->count > 0 ? rules->rules[rules->count - 1].number : 0;
    uint32_t number = MIN(last + NUMBER_STEP, NUMBER_MOST);
    for (uint32_t i = rules->count; i-- > 0;)
        if (!rules->rules[i].allow && meets(&rules->rules[i], entry))
            number = rules->rules[i].number - 1;
    for (uint32_t i = rules->count; i-- > 0;)
        number -= rules->rules[i].number == number && number > 0 ? 1 : 0;
    return number;
}

bool flip_entry(const Reach *reach, const NetState *state, const Query *query, FlipAddition *addition) {
    Walk walk;
    walk_ended(reach, state, query, &walk);
    bool inbound = walk.spot.id == SPOT_ENTER_SUBNET;
    uint32_t list = subnet_of(&walk)->acl - 1;
    const Acl *acl = &reach->model->acls[list];
    AclRule entry = {.allow = true,
                     .cidr = *walk_address(&walk, inbound ? walk.packet.from : walk.packet.to),
                     .element = acl->element};
    ports_add(&entry.ports, (PortRange){walk.packet.protocol, walk.packet.first, walk.packet.last});
    entry.number = number_for(netstate_acl(state, acl, inbound), &entry);
    if (entry.number == 0)
        return false;
    char *range = prefix_text(&entry.cidr), *ports = ports_text(&entry.ports);
    *addition = (FlipAddition){.table = list, .inbound = inbound, .entry = entry, .element = acl->element};
    addition->text =
        g_strdup_printf("add to network ACL %s, %s: {rule: %" PRIu32 ", allow: %s, %s: %s}", acl->name,
                        inbound ? "inbound" : "outbound", entry.number, ports, inbound ? "from" : "to", range);
    g_free(range);
    g_free(ports);
    return true;
}

/* ---- routes --------------------------------------------------------------------------------------------------------
 */
/* Nothing joins the networks of the two ends, and the address is a private one. */
static bool is_apart(const Walk *walk) {
    Host from = walk->packet.from, to = walk->packet.to;
    return !from.public_side && !to.public_side &&
           !networks_joined(walk->reach, walk_party(walk, from.party)->network, walk_party(walk, to.party)->network);
}

typedef struct {
    RouteTarget target;
    uint32_t via;
    const char *name; /* as a route names it */
} Way;

static void way_add(GArray *ways, RouteTarget target, uint32_t via, const char *name) {
    g_array_append_vals(ways, &(Way){target, via, name}, 1);
}

static bool joins_network(const Join *join, uint32_t network) {
    bool joins = join->shape == JOIN_PEERING && (join->a == network || join->b == network);
    for (uint32_t i = 0; join->shape == JOIN_HUB && i < join->attachment_count; i++)
        joins = joins || join->attachments[i].network == network;
    return joins;
}

/* Everything that a route of that network can lead to, but appliances: they are on the way by choice. */
static GArray *ways_out(const Reach *reach, uint32_t of) {
    const Model *model = reach->model;
    const Network *network = &model->networks[of];
    GArray *ways = g_array_new(FALSE, FALSE, sizeof(Way));
    if (network->internet_gateway)
        way_add(ways, ROUTE_INTERNET_GATEWAY, NO_JOIN, "internet_gateway");
    if (network->egress_only)
        way_add(ways, ROUTE_EGRESS_ONLY, NO_JOIN, "egress_only_gateway");
    if (network->private_gateway)
        way_add(ways, ROUTE_PRIVATE_GATEWAY, NO_JOIN, "private_gateway");
    for (ComponentId id = 0; id < model->component_count; id++) { /* one way, in however many zones it stands */
        ClassId first = reach->first_class[id];
        if (first != reach->class_count && reach->parties[first].kind == PARTY_NAT &&
            reach->parties[first].network == of)
            way_add(ways, ROUTE_INTERFACE, id, model->components[id].label);
    }
    for (uint32_t i = 0; i < model->join_count; i++)
        if (joins_network(&model->joins[i], of))
            way_add(ways, ROUTE_JOIN, i, model->components[model->joins[i].component].label);
    return ways;
}

uint32_t flip_progress(const Reach *reach, const NetState *state, const Query *query) {
    GArray *hops = g_array_new(FALSE, FALSE, sizeof(HopRecord));
    bool reached = walk_query(reach, state, query, hops, NULL).kind == VERDICT_REACH;
    uint32_t count = reached ? UINT32_MAX : hops->len;
    g_array_free(hops, TRUE);
    return count;
}

static FlipAddition route_by(const Way *way, uint32_t table, const RouteTable *own, const Prefix *to) {
    char *range = prefix_text(to);
    FlipAddition addition = {.routed = true, .table = table, .element = own->element};
    addition.route =
        (Route){.to = *to, .target = way->target, .via = way->via, .element = own->element, .mark = own->mark};
    addition.text = g_strdup_printf("add to route table %s: {to: %s, via: %s}", own->name, range, way->name);
    g_free(range);
    return addition;
}

FlipAddition *flip_routes(const Reach *reach, NetState *state, const Query *query, uint32_t *count) {
    Walk walk;
    walk_ended(reach, state, query, &walk);
    const Place *subnet = subnet_of(&walk);
    *count = 0;
    if (subnet == NULL || is_apart(&walk))
        return NULL;
    const RouteTable *own = &reach->model->route_tables[subnet->route_table];
    GArray *ways = ways_out(reach, subnet->network), *found = g_array_new(FALSE, FALSE, sizeof(FlipAddition));
    uint32_t before = flip_progress(reach, state, query);
    for (guint i = 0; i < ways->len; i++) {
        FlipAddition addition =
            route_by(&g_array_index(ways, Way, i), subnet->route_table, own, walk_address(&walk, walk.packet.to));
        flip_add(state, &addition);
        bool farther = flip_progress(reach, state, query) > before + 1; /* a route is a hop, which alone is nothing */
        flip_remove(state, &addition);
        if (farther)
            g_array_append_val(found, addition);
        else
            g_free(addition.text);
    }
    g_array_free(ways, TRUE);
    *count = found->len;
    return (FlipAddition *)(void *)g_array_free(found, FALSE);
}

const char *flip_route_advice(const Reach *reach, const NetState *state, const Query *query) {
    Walk walk;
    walk_ended(reach, state, query, &walk);
    if (walk.packet.from.public_side || walk.packet.to.public_side)
        return "give that network a way to the internet: {to: internet, via: internet_gateway}";
    return is_apart(&walk) ? "connect the two networks (peering, vpn or transit_gateway), with routes there and back"
                           : "add a route to the other side";
}
