/* hubs.c - transit gateways: what is attached to each, and its route tables.
 *
 * An attachment is associated with one table, which is asked about packets that come from it, and propagates its ranges
 * to any number of tables. Where no tables are declared there is one, `default`, with which everything is associated
 * and to which everything propagates (AWS transit gateway guide, "default route table"). */
#include <string.h>

#include "model/build.h"

typedef struct {
    const char *label; /* as written: a stack, a stack's copy or a connection */
    const Node *node;  /* NULL: not listed */
    AttachmentKeys keys;
} AttachmentText;

typedef struct {
    uint32_t hub;
    const JoinDraft *draft;
    GArray *attachments, *texts; /* of HubAttachment, AttachmentText: side by side */
    NodeEntry *tables;           /* declared ones, sorted; none: there is `default` */
    uint32_t table_count;
} HubDraft;

/* ---- attachments ---------------------------------------------------------------------------------------------------
 */
static uint32_t table_named(const HubDraft *hub, const char *name) {
    if (hub->table_count == 0)
        return strcmp(name, "default") == 0 ? 0 : NO_JOIN;
    for (uint32_t i = 0; i < hub->table_count; i++)
        if (strcmp(hub->tables[i].key, name) == 0)
            return i;
    return NO_JOIN;
}

static uint32_t table_find(Build *build, const HubDraft *hub, const char *name, Mark mark) {
    uint32_t found = table_named(hub, name);
    GPtrArray *names = g_ptr_array_new();
    for (uint32_t i = 0; i < hub->table_count; i++)
        g_ptr_array_add(names, (char *)hub->tables[i].key);
    if (hub->table_count == 0)
        g_ptr_array_add(names, (char *)"default");
    if (found == NO_JOIN)
        complain_name(build, mark, name, names, "tables", "'%s' has no table '%s'", hub->draft->label, name);
    else
        g_ptr_array_free(names, TRUE);
    return found;
}

static const Copy *copy_of(const Build *build, uint32_t network, const Stack **stack) {
    for (uint32_t s = 0; s < build->stack_count; s++)
        for (uint32_t c = 0; c < build->stacks[s].copy_count; c++)
            if (build->stacks[s].copies[c].network == network) {
                *stack = &build->stacks[s];
                return &build->stacks[s].copies[c];
            }
    return NULL;
}

static bool zone_listed(const Node *zones, const Copy *copy, uint32_t z) {
    bool listed = zones == NULL || zones->type == NODE_SCALAR;
    if (zones != NULL && zones->type == NODE_SCALAR)
        return strcmp(zones->text, copy->zone_suffixes[z]) == 0 || strcmp(zones->text, copy->zone_names[z]) == 0;
    for (size_t i = 0; !listed && i < zones->count; i++)
        listed = zones->items[i]->type == NODE_SCALAR && (strcmp(zones->items[i]->text, copy->zone_suffixes[z]) == 0 ||
                                                          strcmp(zones->items[i]->text, copy->zone_names[z]) == 0);
    return listed;
}

/* Where the attachment has its interfaces: a zone without one cannot use the hub (pitfall P-25). */
static void zones_find(Build *build, const AttachmentText *text, HubAttachment *attachment) {
    const Stack *stack = NULL;
    const Copy *copy = copy_of(build, attachment->network, &stack);
    if (copy == NULL)
        return;
    uint32_t subnet = NO_INDEX;
    for (uint32_t s = 0; text->keys.subnet != NULL && s < stack->subnet_count; s++)
        if (strcmp(stack->subnets[s].name, text->keys.subnet) == 0)
            subnet = s;
    if (text->keys.subnet != NULL && subnet == NO_INDEX) {
        GPtrArray *names = g_ptr_array_new();
        for (uint32_t s = 0; s < stack->subnet_count; s++)
            g_ptr_array_add(names, (char *)stack->subnets[s].name);
        complain_name(build, node_get(text->node, "subnet")->mark, text->keys.subnet, names, "subnets of this stack",
                      "stack '%s' has no subnet '%s'", stack->name, text->keys.subnet);
    }
    attachment->zones = tree_alloc(build->tree, (copy->zone_count + 1) * sizeof *attachment->zones);
    attachment->subnets = tree_alloc(build->tree, (copy->zone_count + 1) * sizeof *attachment->subnets);
    for (uint32_t z = 0; z < copy->zone_count; z++) {
        if (!zone_listed(text->keys.zones, copy, z))
            continue;
        attachment->zones[attachment->zone_count] = copy->zones[z];
        attachment->subnets[attachment->zone_count++] =
            subnet != NO_INDEX ? copy->subnets[subnet * copy->zone_count + z] : NO_PLACE;
    }
    if (attachment->zone_count == 0 && copy->zone_count > 0)
        complain(build, text->keys.zones->mark, keep(build, "zones: [%s]", copy->zone_suffixes[0]),
                 "the attachment of '%s' is in none of its zones", text->label);
}

static void attachment_add(Build *build, HubDraft *hub, const AttachmentText *text, uint32_t network, uint32_t line) {
    HubAttachment attachment = {
        .network = network, .line = line, .table = NO_JOIN, .appliance_mode = text->keys.appliance_mode};
    Mark mark = text->node != NULL ? text->node->mark : hub->draft->mark;
    const Node *table = text->node != NULL ? node_get(text->node, "table") : NULL;
    if (text->keys.table != NULL)
        attachment.table = table_find(build, hub, text->keys.table, table != NULL ? table->mark : mark);
    else
        attachment.table = table_named(hub, "default");
    if (attachment.table == NO_JOIN && text->keys.table == NULL)
        warn(build, mark, "add table: NAME", "'%s' is associated with no table of '%s', so nothing from it goes on",
             text->label, hub->draft->label);
    if (network != NO_JOIN)
        zones_find(build, text, &attachment);
    attachment.element =
        element_add(build, mark, "attachment of %s to %s",
                    network != NO_JOIN ? build->model->networks[network].name : text->label, hub->draft->name);
    g_array_append_val(hub->attachments, attachment);
    g_array_append_vals(hub->texts, text, 1);
}

/* A line or a peering that ends at this hub. */
static uint32_t line_named(const Build *build, uint32_t hub, const char *label) {
    for (uint32_t i = 0; i < build->join_count; i++) {
        const Join *join = &build->model->joins[i];
        if ((join->hub_a == hub || join->hub_b == hub) && (label == NULL || strcmp(build->joins[i].label, label) == 0))
            return i;
    }
    return NO_JOIN;
}

static void attachment_read(Build *build, HubDraft *hub, const NodeEntry *entry) {
    AttachmentText text = {.label = entry->key, .node = entry->value};
    const char *owner = keep(build, "attachment %s of %s", entry->key, hub->draft->label);
    bool empty = entry->value->type == NODE_SCALAR && entry->value->text[0] == '\0';
    if (!empty && !read_quietly(build, attachment_keys, entry->value, owner, &text.keys))
        return;
    uint32_t *networks, count = networks_named(build, entry->key, &networks), line;
    PlaceId region = hub->draft->place;
    for (uint32_t i = 0; i < count; i++)
        if (build->model->networks[networks[i]].region == region)
            attachment_add(build, hub, &text, networks[i], NO_JOIN);
    if (count == 0 && (line = line_named(build, hub->hub, entry->key)) != NO_JOIN)
        attachment_add(build, hub, &text, NO_JOIN, line);
    else if (count == 0 && is_declared_connection(build, entry->key)) {
        if (hub->draft->copy == NULL && !has_failed(build, "%s", entry->key))
            complain(build, entry->mark, keep(build, "write from: %s in '%s'", hub->draft->label, entry->key),
                     "connection '%s' does not end at '%s'", entry->key, hub->draft->label);
    } else if (count == 0) {
        complain_name(build, entry->mark, entry->key, keys_of(build->pattern.stacks), "stacks",
                      "nothing is called '%s' that could be attached to '%s'", entry->key, hub->draft->label);
    }
}

/* Connections that end here without being listed are attached like any other. */
static void unlisted_add(Build *build, HubDraft *hub) {
    for (uint32_t i = 0; i < build->join_count; i++) {
        const Join *join = &build->model->joins[i];
        bool listed = join->hub_a != hub->hub && join->hub_b != hub->hub;
        for (guint k = 0; k < hub->attachments->len; k++)
            listed = listed || g_array_index(hub->attachments, HubAttachment, k).line == i;
        AttachmentText text = {.label = build->joins[i].label};
        if (!listed)
            attachment_add(build, hub, &text, NO_JOIN, i);
    }
}

/* ---- tables --------------------------------------------------------------------------------------------------------
 */
static int compare_routes(gconstpointer a, gconstpointer b) {
    const HubRoute *x = a, *y = b;
    if (x->to.length != y->to.length)
        return x->to.length > y->to.length ? -1 : 1;
    if (x->to.base != y->to.base)
        return x->to.base < y->to.base ? -1 : 1;
    return (x->origin > y->origin) - (x->origin < y->origin);
}

static uint32_t attachment_named(const HubDraft *hub, const char *label) {
    for (guint i = 0; i < hub->texts->len; i++)
        if (strcmp(g_array_index(hub->texts, AttachmentText, i).label, label) == 0)
            return i;
    return NO_JOIN;
}

static void route_add(Build *build, const char *table, HubRoute route, const char *via, GArray *routes) {
    char *to = prefix_text(&route.to);
    const char *how = route.origin == HUB_STATIC ? "" : ", propagated";
    route.element = element_add(build, route.mark, "transit gateway table %s: %s via %s%s", table, to, via, how);
    g_free(to);
    g_array_append_val(routes, route);
}

/* The copies of a hub share what is written: `to: site[us-east-1], via: across` says nothing to the hub that has it. */
static bool is_attached_here(const HubDraft *hub, uint32_t network, uint32_t but) {
    for (guint i = 0; i < hub->attachments->len; i++)
        if (g_array_index(hub->attachments, HubAttachment, i).network == network)
            return hub->draft->copy != NULL && i != but;
    return false;
}

static void static_read(Build *build, const HubDraft *hub, const char *table, const Node *node, GArray *routes) {
    RouteKeys keys = {0};
    if (!read_quietly(build, route_keys, node, keep(build, "a route of %s", table), &keys))
        return;
    HubRoute route = {.origin = HUB_STATIC, .attachment = attachment_named(hub, keys.via), .mark = node->mark};
    if (route.attachment == NO_JOIN && strcmp(keys.via, "blackhole") != 0) {
        GPtrArray *names = g_ptr_array_new();
        for (guint i = 0; i < hub->texts->len; i++)
            g_ptr_array_add(names, (char *)g_array_index(hub->texts, AttachmentText, i).label);
        g_ptr_array_add(names, (char *)"blackhole");
        complain_name(build, node_get(node, "via")->mark, keys.via, names, "attached", "nothing is attached as '%s'",
                      keys.via);
        return;
    }
    uint32_t *networks, count = networks_named(build, keys.to, &networks);
    for (uint32_t i = 0; i < count; i++) {
        route.to = build->model->networks[networks[i]].cidr;
        if (!is_attached_here(hub, networks[i], route.attachment))
            route_add(build, table, route, keys.via, routes);
    }
    if (count > 0)
        return;
    route.to = (Prefix){.family = 4};
    if (strcmp(keys.to, "internet") != 0)
        route.to = range_of(build, node_get(node, "to"), "to");
    if (route.to.family != 0)
        route_add(build, table, route, keys.via, routes);
}

static bool propagates(Build *build, const HubDraft *hub, const AttachmentText *text, uint32_t table) {
    const Node *to = text->keys.propagates_to;
    if (to == NULL)
        return hub->table_count == 0 || table_named(hub, "default") == table;
    uint32_t count;
    const Node *const *items = items_of(build, to, "propagates_to", &count);
    for (uint32_t i = 0; i < count; i++)
        if (items[i]->type == NODE_SCALAR && table_find(build, hub, items[i]->text, items[i]->mark) == table)
            return true;
    return false;
}

/* Peerings of transit gateways learn nothing from each other (B.3): only written routes lead into them. */
static void propagated_add(Build *build, const HubDraft *hub, uint32_t a, uint32_t table, const char *name,
                           GArray *routes) {
    const HubAttachment *attachment = &g_array_index(hub->attachments, HubAttachment, a);
    const AttachmentText *text = &g_array_index(hub->texts, AttachmentText, a);
    if (!propagates(build, hub, text, table))
        return;
    HubRoute route = {.attachment = a, .mark = text->node != NULL ? text->node->mark : hub->draft->mark};
    if (attachment->network != NO_JOIN) {
        route.origin = HUB_NETWORK;
        route.to = build->model->networks[attachment->network].cidr;
        if (route.to.family != 0)
            route_add(build, name, route, text->label, routes);
        return;
    }
    const Join *line = &build->model->joins[attachment->line];
    if (line->shape == JOIN_PEERING) {
        if (text->keys.propagates_to != NULL && text->keys.propagates_to->count > 0)
            complain(build, text->keys.propagates_to->mark, "write routes in the table",
                     "'%s' joins transit gateways, and nothing propagates through it", text->label);
        return;
    }
    route.origin = line->facts.rank == RANK_DIRECT ? HUB_DIRECT : HUB_LEARNT;
    for (uint32_t i = 0; i < line->to_b_count; i++) {
        route.to = line->to_b[i];
        route_add(build, name, route, text->label, routes);
    }
}

static void table_build(Build *build, const HubDraft *hub, uint32_t t, HubTable *table) {
    const char *label = hub->table_count > 0 ? hub->tables[t].key : "default";
    Mark mark = hub->table_count > 0 ? hub->tables[t].mark : hub->draft->mark;
    GArray *routes = g_array_new(FALSE, FALSE, sizeof(HubRoute));
    table->name = keep(build, "%s.%s", hub->draft->name, label);
    table->element = element_add(build, mark, "transit gateway table %s: no route matches", table->name);
    HubTableKeys keys = {0};
    const Node *node = hub->table_count > 0 ? hub->tables[t].value : NULL;
    bool empty = node == NULL || (node->type == NODE_SCALAR && node->text[0] == '\0');
    if (!empty && read_quietly(build, hub_table_keys, node, keep(build, "table %s", table->name), &keys)) {
        uint32_t count;
        const Node *const *items = list_of(build, keys.routes, "routes", "write [{to: internet, via: site}]", &count);
        for (uint32_t i = 0; i < count; i++)
            static_read(build, hub, table->name, items[i], routes);
    }
    for (guint a = 0; a < hub->attachments->len; a++)
        propagated_add(build, hub, a, t, table->name, routes);
    g_array_sort(routes, compare_routes);
    table->routes = keep_array(build, routes, &table->route_count);
}

/* ---- all -----------------------------------------------------------------------------------------------------------
 */
void hub_build(Build *build, uint32_t index) {
    Join *join = &build->model->joins[index];
    HubDraft hub = {.hub = index,
                    .draft = &build->joins[index],
                    .attachments = g_array_new(FALSE, FALSE, sizeof(HubAttachment)),
                    .texts = g_array_new(FALSE, FALSE, sizeof(AttachmentText))};
    hub.tables = sorted_entries(build, hub.draft->keys->tables, "tables", &hub.table_count);
    uint32_t count;
    NodeEntry *entries = sorted_entries(build, hub.draft->keys->attachments, "attachments", &count);
    for (uint32_t i = 0; i < count; i++)
        attachment_read(build, &hub, &entries[i]);
    unlisted_add(build, &hub);
    join->table_count = MAX(hub.table_count, 1);
    join->tables = tree_alloc(build->tree, join->table_count * sizeof *join->tables);
    for (uint32_t t = 0; t < join->table_count; t++)
        table_build(build, &hub, t, &join->tables[t]);
    join->attachments = keep_array(build, hub.attachments, &join->attachment_count);
    g_array_free(hub.texts, TRUE);
}

/* Nobody is told of himself, nor twice, nor of what leads nowhere. */
static bool is_news(const Build *build, const Join *hub, const HubRoute *route, uint32_t site, const GArray *prefixes) {
    if (route->attachment == NO_JOIN)
        return false;
    uint32_t line = hub->attachments[route->attachment].line;
    bool news = line == NO_JOIN || build->model->joins[line].b != site;
    for (guint i = 0; i < prefixes->len && news; i++)
        news = !prefix_equal(&g_array_index(prefixes, Prefix, i), &route->to);
    return news;
}

void hub_teaches(Build *build, uint32_t hub, uint32_t line, GArray *prefixes) {
    const Join *join = &build->model->joins[hub];
    for (uint32_t a = 0; a < join->attachment_count; a++) {
        const HubAttachment *attachment = &join->attachments[a];
        if (attachment->line != line || attachment->table == NO_JOIN)
            continue;
        const HubTable *table = &join->tables[attachment->table];
        for (uint32_t r = 0; r < table->route_count; r++)
            if (is_news(build, join, &table->routes[r], build->model->joins[line].b, prefixes))
                g_array_append_val(prefixes, table->routes[r].to);
    }
}
