/* joins.c - connections: what each says, which networks it joins, and the components and joins that this makes.
 *
 * A connection is made once for each copy that it joins: `between: [site, shared]` pairs copies of equal name, and a
 * hub has a copy in each region in which something is attached to it. With one copy it has the name as written, with
 * several `link[us-east-1]`. */
#include <string.h>

#include "model/build.h"

/* What one entry of `connections` says. */
typedef struct {
    const char *label;
    const Kind *kind;
    const void *spec;
    const ConnectionKeys *keys;
    const Node *node;
    Mark mark;
} Read;

/* ---- names ---------------------------------------------------------------------------------------------------------
 */
uint32_t networks_named(Build *build, const char *text, uint32_t **found) {
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t i = 0; i < build->model->network_count; i++) {
        const Network *network = &build->model->networks[i];
        if (strcmp(network->name, text) == 0 || strcmp(network->stack, text) == 0)
            g_array_append_val(ids, i);
    }
    uint32_t count;
    *found = keep_array(build, ids, &count);
    return count;
}

bool is_declared_connection(const Build *build, const char *label) {
    return node_get(build->pattern.connections, label) != NULL;
}

static bool is_site(const Build *build, uint32_t network) { return build->model->networks[network].site != NO_SITE; }

/* An end that names a hub: its only copy, or the one it says. */
static const char *hub_named(const GArray *joins, const char *text) {
    const char *found = NULL;
    for (guint i = 0; i < joins->len; i++) {
        const JoinDraft *draft = &g_array_index(joins, JoinDraft, i);
        if (draft->kind->passage.join != JOIN_HUB)
            continue;
        if (strcmp(draft->name, text) == 0 || (strcmp(draft->label, text) == 0 && found == NULL))
            found = draft->name;
    }
    return found;
}

static void complain_end(Build *build, const Read *read, const Node *node, const char *text) {
    GPtrArray *names = keys_of(build->pattern.stacks);
    for (uint32_t i = 0; i < build->site_count; i++)
        g_ptr_array_add(names, (char *)build->sites[i].name);
    if (has_failed(build, "stack %s", text) || build->places_failed)
        g_ptr_array_free(names, TRUE);
    else
        complain_name(build, node->mark, text, names, "stacks and sites", "connection '%s': there is no network '%s'",
                      read->label, text);
}

/* ---- reading -------------------------------------------------------------------------------------------------------
 */
static bool entry_read(Build *build, const NodeEntry *entry, Read *read) {
    *read = (Read){.label = entry->key, .node = entry->value, .mark = entry->mark};
    const Node *kind = node_get(entry->value, "kind");
    if (entry->value->broken || !name_is_good(build, entry->key, entry->mark, "a connection"))
        return false;
    const char *name = kind != NULL ? scalar_of(build, kind, "kind") : NULL;
    if (kind == NULL)
        complain(build, entry->mark, "add kind: vpn, or another; see `faultline list kinds`",
                 "connection '%s' does not say its kind", entry->key);
    uint32_t index = name != NULL ? plugin_find(build, PLUGIN_KIND, name, kind->mark) : NO_INDEX;
    read->kind = index != NO_INDEX ? build->catalogue->kinds[index] : NULL;
    if (read->kind != NULL && read->kind->passage.attachment != ATTACH_JOIN) {
        complain(build, kind->mark, "connections are of kind peering, vpn, direct_connect, transit_gateway or overlay",
                 "'%s' is of kind %s, which joins no networks", entry->key, name);
        return false;
    }
    if (read->kind == NULL)
        return false;
    size_t spec_at;
    Field *rows = language_join(connection_keys, sizeof(ConnectionKeys), read->kind->fields, &spec_at);
    char *keys = tree_alloc(build->tree, spec_at + read->kind->spec_size);
    const Node *defaults = provider_kind(build, build->pattern.provider, read->kind->name);
    bool good = fields_read(rows, entry->value, defaults, NULL, build->tree, entry->key, keys, build->assumed,
                            build->diagnostics);
    g_free(rows);
    read->keys = (const ConnectionKeys *)(const void *)keys;
    read->spec = keys + spec_at;
    if (good && read->kind->check != NULL)
        read->kind->check(read->spec, read->label, entry->mark, build->diagnostics);
    return good;
}

static JoinDraft draft_of(const Read *read) {
    return (JoinDraft){.label = read->label,
                       .kind = read->kind,
                       .spec = read->spec,
                       .keys = read->keys,
                       .node = read->node,
                       .mark = read->mark,
                       .place = NO_PLACE,
                       .a = NO_INDEX,
                       .b = NO_INDEX};
}

/* One of several copies is named by its region. */
static void draft_add(Build *build, GArray *joins, JoinDraft draft, uint32_t network, bool several) {
    const Network *at = &build->model->networks[network];
    draft.place = at->region;
    draft.copy = several ? at->copy : NULL;
    draft.name = several ? keep(build, "%s[%s]", draft.label, at->copy) : draft.label;
    g_array_append_val(joins, draft);
}

/* Keys that this shape of connection has no use for. */
static void refuse_keys(Build *build, const Read *read) {
    static const struct {
        const char *key;
        JoinShape shape;
    } uses[] = {{"between", JOIN_PEERING}, {"from", JOIN_LINE},      {"to", JOIN_LINE},
                {"advertises", JOIN_LINE}, {"tables", JOIN_HUB},     {"attachments", JOIN_HUB},
                {"nodes", JOIN_OVERLAY},   {"members", JOIN_OVERLAY}};
    for (size_t i = 0; i < G_N_ELEMENTS(uses); i++)
        if (uses[i].shape != read->kind->passage.join && node_get(read->node, uses[i].key) != NULL)
            complain(build, node_key_mark(read->node, uses[i].key), "leave it out", "a %s has no '%s'",
                     read->kind->name, uses[i].key);
}

/* ---- hubs ----------------------------------------------------------------------------------------------------------
 */
/* In each region in which a network is attached. */
static void hub_collect(Build *build, const Read *read, GArray *joins) {
    uint32_t count;
    NodeEntry *entries = sorted_entries(build, read->keys->attachments, "attachments", &count);
    GArray *firsts = g_array_new(FALSE, FALSE, sizeof(uint32_t)); /* a network of each region */
    for (uint32_t i = 0; i < count; i++) {
        uint32_t *networks, found = networks_named(build, entries[i].key, &networks);
        for (uint32_t n = 0; n < found; n++) {
            bool is_new = !is_site(build, networks[n]);
            for (guint k = 0; k < firsts->len; k++)
                is_new = is_new && build->model->networks[g_array_index(firsts, uint32_t, k)].region !=
                                       build->model->networks[networks[n]].region;
            if (is_new)
                g_array_append_val(firsts, networks[n]);
        }
    }
    for (guint i = 0; i < firsts->len; i++)
        draft_add(build, joins, draft_of(read), g_array_index(firsts, uint32_t, i), firsts->len > 1);
    if (firsts->len == 0 && !build->places_failed)
        complain(build, read->mark, "add attachments: {site: {}}", "no stack is attached to '%s'", read->label);
    if (firsts->len == 0)
        fail_name(build, "connection %s", read->label);
    g_array_free(firsts, TRUE);
}

/* ---- lines ---------------------------------------------------------------------------------------------------------
 */
static bool line_end(Build *build, const Read *read, const char *key, const char *text, uint32_t **networks,
                     uint32_t *count) {
    if (text == NULL) {
        complain(build, read->mark, keep(build, "add %s:", key), "connection '%s' does not say '%s'", read->label, key);
        return false;
    }
    *count = networks_named(build, text, networks);
    return true;
}

static void line_collect(Build *build, const Read *read, GArray *joins) {
    uint32_t *from, *to, from_count = 0, to_count = 0;
    if (!line_end(build, read, "from", read->keys->from, &from, &from_count) ||
        !line_end(build, read, "to", read->keys->to, &to, &to_count))
        return;
    const Node *from_node = node_get(read->node, "from"), *to_node = node_get(read->node, "to");
    if (to_count != 1 || !is_site(build, to[0])) {
        if (to_count == 0)
            complain_end(build, read, to_node, read->keys->to);
        else
            complain(build, to_node->mark, "write from: the stack, to: the site; stacks are joined by kind: peering",
                     "'%s' leads to a site, and '%s' is none", read->label, read->keys->to);
        return;
    }
    JoinDraft draft = draft_of(read);
    draft.b = to[0];
    draft.hub_a = from_count == 0 ? hub_named(joins, read->keys->from) : NULL;
    if (draft.hub_a != NULL) {
        for (guint i = 0; i < joins->len; i++)
            if (strcmp(g_array_index(joins, JoinDraft, i).name, draft.hub_a) == 0)
                draft.place = g_array_index(joins, JoinDraft, i).place;
        draft.name = draft.label;
        g_array_append_val(joins, draft);
    } else if (from_count == 0) {
        if (!has_failed(build, "connection %s", read->keys->from))
            complain_end(build, read, from_node, read->keys->from);
    }
    for (uint32_t i = 0; i < from_count; i++) {
        if (is_site(build, from[i])) {
            complain(build, from_node->mark, "write from: the stack, to: the site", "'%s' begins at a site",
                     read->label);
            return;
        }
        draft.a = from[i];
        draft_add(build, joins, draft, from[i], from_count > 1);
    }
}

/* ---- peerings ------------------------------------------------------------------------------------------------------
 */
static bool overlap_told(Build *build, const Read *read, uint32_t a, uint32_t b) {
    const Network *x = &build->model->networks[a], *y = &build->model->networks[b];
    bool overlap = a == b || (x->cidr.family != 0 && y->cidr.family != 0 && prefix_overlaps(&x->cidr, &y->cidr));
    if (a == b)
        complain(build, read->mark, "name two different networks", "'%s' joins %s to itself", read->label, x->name);
    return overlap; /* of networks: told when they were made */
}

/* Copies of equal name, or the only one there is. */
static uint32_t partner_of(const Build *build, uint32_t network, const uint32_t *others, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (strcmp(build->model->networks[others[i]].copy, build->model->networks[network].copy) == 0)
            return others[i];
    return count == 1 ? others[0] : NO_INDEX;
}

static void networks_pair(Build *build, const Read *read, const uint32_t *a, uint32_t a_count, const uint32_t *b,
                          uint32_t b_count, GArray *joins) {
    bool turned = a_count < b_count; /* the end with more copies names them */
    const uint32_t *most = turned ? b : a, *least = turned ? a : b;
    uint32_t most_count = MAX(a_count, b_count), least_count = MIN(a_count, b_count);
    for (uint32_t i = 0; i < most_count; i++) {
        uint32_t other = partner_of(build, most[i], least, least_count);
        if (other == NO_INDEX) {
            complain(build, read->mark, "say which copies: between: [site[us-east-1], site[eu-west-1]]",
                     "'%s': %s has no partner of its name", read->label, build->model->networks[most[i]].name);
            return;
        }
        if (overlap_told(build, read, most[i], other))
            return;
        JoinDraft draft = draft_of(read);
        draft.a = most[i];
        draft.b = other;
        draft_add(build, joins, draft, most[i], most_count > 1);
    }
}

static void peering_collect(Build *build, const Read *read, GArray *joins) {
    uint32_t count, *networks[2], counts[2];
    const Node *const *items = items_of(build, read->keys->between, "between", &count);
    const char *texts[2] = {NULL, NULL}, *hubs[2] = {NULL, NULL};
    if (count != 2) {
        complain(build, read->mark, "add between: [a, b]", "'%s' joins two networks, not %u", read->label, count);
        return;
    }
    for (int i = 0; i < 2; i++) {
        texts[i] = scalar_of(build, items[i], "between");
        if (texts[i] == NULL)
            return;
        counts[i] = networks_named(build, texts[i], &networks[i]);
        hubs[i] = counts[i] == 0 ? hub_named(joins, texts[i]) : NULL;
        if (counts[i] == 0 && hubs[i] == NULL) {
            complain_end(build, read, items[i], texts[i]);
            return;
        }
        if (counts[i] > 0 && is_site(build, networks[i][0])) {
            complain(build, items[i]->mark, "use kind: vpn or direct_connect", "'%s' is a site, which cannot be peered",
                     texts[i]);
            return;
        }
    }
    if ((hubs[0] != NULL) != (hubs[1] != NULL) || (hubs[0] != NULL && strcmp(hubs[0], hubs[1]) == 0)) {
        complain(build, read->mark, "join two stacks, or two transit gateways", "'%s' joins unlike things",
                 read->label);
    } else if (hubs[0] != NULL) {
        JoinDraft draft = draft_of(read);
        draft.name = draft.label;
        draft.hub_a = hubs[0];
        draft.hub_b = hubs[1];
        g_array_append_val(joins, draft);
    } else {
        networks_pair(build, read, networks[0], counts[0], networks[1], counts[1], joins);
    }
}

/* ---- overlays ------------------------------------------------------------------------------------------------------
 */
/* Stands where its first node does. */
static void overlay_collect(Build *build, const Read *read, GArray *joins) {
    JoinDraft draft = draft_of(read);
    draft.name = draft.label;
    draft.place = overlay_place(build, read->keys->nodes, read->label, read->mark);
    if (draft.place != NO_PLACE)
        g_array_append_val(joins, draft);
}

/* ---- components ----------------------------------------------------------------------------------------------------
 */
static void entry_collect(Build *build, const Read *read, GArray *joins) {
    refuse_keys(build, read);
    guint before = joins->len;
    switch (read->kind->passage.join) {
    case JOIN_HUB: hub_collect(build, read, joins); break;
    case JOIN_LINE: line_collect(build, read, joins); break;
    case JOIN_PEERING: peering_collect(build, read, joins); break;
    case JOIN_OVERLAY: overlay_collect(build, read, joins); break;
    case JOIN_NONE: break;
    }
    if (joins->len == before)
        fail_name(build, "%s", read->label);
}

static bool name_is_taken(const Build *build, const GArray *drafts, const char *label) {
    bool taken = node_get(build->pattern.stacks, label) != NULL || node_get(build->pattern.sites, label) != NULL;
    for (guint i = 0; i < drafts->len; i++) {
        const ComponentDraft *draft = &g_array_index(drafts, ComponentDraft, i);
        taken = taken || (draft->component.stack == NULL && strcmp(draft->component.label, label) == 0);
    }
    return taken;
}

/* Hubs first, because other connections end at them. */
void joins_collect(Build *build, GArray *drafts) {
    static const ComponentKeys no_keys;
    uint32_t count;
    NodeEntry *entries = sorted_entries(build, build->pattern.connections, "connections", &count);
    GArray *joins = g_array_new(FALSE, FALSE, sizeof(JoinDraft));
    Read *reads = g_new0(Read, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        if (name_is_taken(build, drafts, entries[i].key))
            complain(build, entries[i].mark, "choose another name", "there is another '%s' already", entries[i].key);
        if (!entry_read(build, &entries[i], &reads[i])) {
            reads[i].kind = NULL;
            fail_name(build, "%s", entries[i].key);
        }
    }
    for (int hubs = 1; hubs >= 0; hubs--)
        for (uint32_t i = 0; i < count; i++)
            if (reads[i].kind != NULL && (reads[i].kind->passage.join == JOIN_HUB) == hubs)
                entry_collect(build, &reads[i], joins);
    g_free(reads);
    g_array_sort(joins, compare_texts); /* the name stands first */
    build->joins = keep_array(build, joins, &build->join_count);
    for (uint32_t i = 0; i < build->join_count; i++) {
        const JoinDraft *join = &build->joins[i];
        ComponentDraft draft = {.component = {.name = join->name,
                                              .label = join->label,
                                              .copy = join->copy,
                                              .kind = join->kind,
                                              .spec = join->spec,
                                              .place = join->place,
                                              .mark = join->mark,
                                              .about = join->keys->about},
                                .keys = &no_keys};
        g_array_append_val(drafts, draft);
    }
}

/* ---- joins ---------------------------------------------------------------------------------------------------------
 */
static uint32_t join_named(const Build *build, const char *name) {
    for (uint32_t i = 0; name != NULL && i < build->join_count; i++)
        if (strcmp(build->joins[i].name, name) == 0)
            return i;
    return NO_JOIN;
}

static bool joins_network(const Join *join, uint32_t network) {
    bool touches = join->shape != JOIN_HUB && (join->a == network || join->b == network);
    for (uint32_t i = 0; i < join->attachment_count; i++)
        touches = touches || join->attachments[i].network == network;
    return touches;
}

uint32_t join_at(const Build *build, uint32_t network, const char *label) {
    for (uint32_t i = 0; i < build->model->join_count; i++)
        if (strcmp(build->joins[i].label, label) == 0 && joins_network(&build->model->joins[i], network))
            return i;
    return NO_INDEX;
}

/* "192.168.0.0/16", "internet", or a list; otherwise the site's own range. */
static void advertised(Build *build, const JoinDraft *draft, GArray *prefixes) {
    uint32_t count;
    const Node *const *items = items_of(build, draft->keys->advertises, "advertises", &count);
    if (draft->keys->advertises == NULL)
        g_array_append_val(prefixes, build->model->networks[draft->b].cidr);
    for (uint32_t i = 0; i < count; i++) {
        Prefix prefix = {.family = 4};
        if (items[i]->type != NODE_SCALAR || strcmp(items[i]->text, "internet") != 0)
            prefix = range_of(build, items[i], "advertises");
        if (prefix.family != 0)
            g_array_append_val(prefixes, prefix);
    }
}

/* Networks that are lent the gateway of `network`. */
static void borrowers_add(const Build *build, uint32_t network, GArray *prefixes) {
    for (uint32_t i = 0; i < build->model->join_count; i++) {
        const Join *peering = &build->model->joins[i];
        if (peering->facts.lends_gateway && (peering->a == network || peering->b == network))
            g_array_append_val(prefixes, build->model->networks[peering->a == network ? peering->b : peering->a].cidr);
    }
}

/* What each end of a line knows to lie at the other. A hub's part of it is known when the hub is made. */
static void line_teach(Build *build, uint32_t i) {
    Join *join = &build->model->joins[i];
    GArray *to_a = g_array_new(FALSE, FALSE, sizeof(Prefix)), *to_b = g_array_new(FALSE, FALSE, sizeof(Prefix));
    if (join->a != NO_JOIN) {
        g_array_append_val(to_a, build->model->networks[join->a].cidr);
        borrowers_add(build, join->a, to_a);
    }
    advertised(build, &build->joins[i], to_b);
    join->to_a = keep_array(build, to_a, &join->to_a_count);
    join->to_b = keep_array(build, to_b, &join->to_b_count);
}

static void hub_line_teach(Build *build, uint32_t i) {
    Join *join = &build->model->joins[i];
    GArray *to_a = g_array_new(FALSE, FALSE, sizeof(Prefix));
    hub_teaches(build, join->hub_a, i, to_a);
    join->to_a = keep_array(build, to_a, &join->to_a_count);
}

static void gateway_make(Build *build, Network *network) {
    if (!network->private_gateway)
        network->private_element = element_add(build, network->mark, "private gateway of %s", network->name);
    network->private_gateway = true;
}

static ComponentId component_named(const Build *build, const char *name) {
    ComponentId i = 0;
    while (strcmp(build->model->components[i].name, name) != 0)
        i++;
    return i;
}

/* Gateways of stacks decide, too: a NAT gateway that is down. */
static void elements_make(Build *build) {
    for (ComponentId i = 0; i < build->model->component_count; i++) {
        Component *component = &build->model->components[i];
        if (component->kind->role != ROLE_LINK)
            continue;
        char *kind = g_strdelimit(g_strdup(component->kind->name), "_", ' ');
        bool says_it = strcmp(kind, component->name) == 0; /* `vpn: {kind: vpn}` */
        component->element =
            element_add(build, component->mark, "%s%s%s", says_it ? "" : kind, says_it ? "" : " ", component->name);
        g_free(kind);
    }
}

void joins_build(Build *build) {
    Model *model = build->model;
    elements_make(build);
    model->join_count = build->join_count;
    model->joins = tree_alloc(build->tree, (model->join_count + 1) * sizeof *model->joins);
    for (uint32_t i = 0; i < model->join_count; i++) {
        const JoinDraft *draft = &build->joins[i];
        ComponentId id = component_named(build, draft->name);
        model->joins[i] = (Join){.component = id,
                                 .shape = draft->kind->passage.join,
                                 .element = model->components[id].element,
                                 .a = draft->a,
                                 .b = draft->b,
                                 .hub_a = join_named(build, draft->hub_a),
                                 .hub_b = join_named(build, draft->hub_b)};
        if (draft->kind->passes != NULL)
            model->joins[i].facts = draft->kind->passes(draft->spec);
        if (model->joins[i].shape == JOIN_LINE && draft->a != NO_INDEX)
            gateway_make(build, &model->networks[draft->a]);
    }
    for (uint32_t i = 0; i < model->join_count; i++)
        if (model->joins[i].shape == JOIN_OVERLAY)
            overlay_build(build, i);
    for (uint32_t i = 0; i < model->join_count; i++)
        if (model->joins[i].shape == JOIN_LINE)
            line_teach(build, i);
    for (uint32_t i = 0; i < model->join_count; i++)
        if (model->joins[i].shape == JOIN_HUB)
            hub_build(build, i);
    for (uint32_t i = 0; i < model->join_count; i++)
        if (model->joins[i].hub_a != NO_JOIN && model->joins[i].shape == JOIN_LINE)
            hub_line_teach(build, i);
}
