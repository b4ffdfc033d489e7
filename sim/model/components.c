/* components.c - the table of components: of the edge, of users, and of each stack's copies.
 *
 * What a component of a stack says is read once and shared by its copies, so a mistake is told once and a default is
 * listed once, under "site.lb". */
#include <string.h>

#include "model/build.h"

typedef enum { STANDS_EDGE, STANDS_USERS, STANDS_STACK, STANDS_SITE } Stands;

/* What one entry of `components`, `edge` or `users` says. */
typedef struct {
    const Kind *kind;
    const ComponentKeys *keys;
    const void *spec;
    PortSet listens;
    uint16_t client_first, client_last;
    const char *owner;
    Mark mark;
} Read;

/* --- kinds -------------------------------------------------------------------------------------------------------- */

/* Where a kind may stand follows from how it is attached to the network, never from its name. */
static bool kind_fits(Build *build, const Kind *kind, Stands stands, const char *name, Mark mark) {
    Attachment at = kind->passage.attachment;
    const char *mend = NULL;
    if (stands == STANDS_USERS && kind->role != ROLE_POPULATION)
        mend = "only kinds that are populations stand under users:";
    else if (stands != STANDS_USERS && kind->role == ROLE_POPULATION)
        mend = "move it under users:";
    else if (stands != STANDS_USERS && stands != STANDS_EDGE && at == ATTACH_OUTSIDE)
        mend = "move it under edge:";
    else if (at == ATTACH_JOIN)
        mend = "move it under connections:";
    else if (stands != STANDS_SITE && at == ATTACH_SITE)
        mend = "move it into a site, under components:";
    else if (stands == STANDS_SITE && at != ATTACH_SITE)
        mend = "a site holds kinds that stand on premises: data_centre";
    else if (stands == STANDS_EDGE && (at == ATTACH_SUBNETS || at == ATTACH_SERVICE || at == ATTACH_NETWORK))
        mend = "move it into a stack, under components:";
    else if (stands == STANDS_STACK && at == ATTACH_NAME)
        mend = "move it under edge:";
    if (mend != NULL)
        complain(build, mark, mend, "'%s' is of kind %s, which cannot stand here", name, kind->name);
    return mend == NULL;
}

/* --- one entry ---------------------------------------------------------------------------------------------------- */

/* The keys of every component and those of the kind are one table, so that an unknown key is compared with both. */
static void read_spec(Build *build, const NodeEntry *entry, Stands stands, const char *provider, Read *read) {
    bool users = stands == STANDS_USERS;
    size_t spec_at;
    Field *rows =
        language_join(users ? population_keys : component_keys, sizeof(ComponentKeys), read->kind->fields, &spec_at);
    char *keys = tree_alloc(build->tree, spec_at + read->kind->spec_size);
    const Node *defaults = provider_kind(build, provider, read->kind->name);
    bool good = fields_read(rows, entry->value, defaults, NULL, build->tree, read->owner, keys, build->assumed,
                            build->diagnostics);
    g_free(rows);
    read->keys = (const ComponentKeys *)(const void *)keys;
    read->spec = keys + spec_at;
    if (good && read->kind->check != NULL)
        read->kind->check(read->spec, read->owner, entry->mark, build->diagnostics);
}

/* One range, whatever the protocol: what an operating system or a service connects from. */
static void client_ports_read(Build *build, Read *read) {
    bool own = read->kind->client_first != 0;
    read->client_first = own ? read->kind->client_first : CLIENT_PORTS_FIRST;
    read->client_last = own ? read->kind->client_last : CLIENT_PORTS_LAST;
    if (read->keys->client_ports == NULL)
        return;
    PortSet ports = {0};
    if (!ports_of(build, read->keys->client_ports, "client_ports", &ports))
        return;
    if (ports.count != 1 || ports.range[0].protocol != PROTOCOL_TCP)
        complain(build, read->keys->client_ports->mark, "write client_ports: 49152-65535",
                 "client_ports is one range of ports without a protocol");
    read->client_first = ports.range[0].first;
    read->client_last = ports.range[0].last;
}

/* False: nothing can be made of it. What is only wrong inside is made all the same, so that names that mean it are
 * good. */
static bool entry_read(Build *build, const NodeEntry *entry, Stands stands, const char *provider, Read *read) {
    const Node *kind = node_get(entry->value, "kind");
    const char *name = stands == STANDS_USERS && kind == NULL ? "users" : NULL;
    if (entry->value->broken || !name_is_good(build, entry->key, entry->mark, "a component"))
        return false;
    if (kind == NULL && name == NULL)
        complain(build, entry->mark, "add kind: instances, or another; see `faultline list kinds`",
                 "%s does not say its kind", read->owner);
    else if (kind != NULL)
        name = scalar_of(build, kind, "kind");
    uint32_t index =
        name != NULL ? plugin_find(build, PLUGIN_KIND, name, kind != NULL ? kind->mark : entry->mark) : NO_INDEX;
    read->kind = index != NO_INDEX ? build->catalogue->kinds[index] : NULL;
    read->mark = entry->mark;
    if (read->kind == NULL ||
        !kind_fits(build, read->kind, stands, entry->key, kind != NULL ? kind->mark : entry->mark))
        return false;
    read_spec(build, entry, stands, provider, read);
    if (read->keys->listens != NULL)
        ports_of(build, read->keys->listens, "listens", &read->listens);
    else if (read->kind->passage.attachment == ATTACH_SERVICE ||
             (read->kind->passage.attachment == ATTACH_OUTSIDE && read->kind->role != ROLE_POPULATION)) /* its API */
        ports_parse("tcp/443", &read->listens, NULL);
    if (read->keys->public_address && read->kind->passage.no_public_address)
        complain(build, node_get(entry->value, "public")->mark, "leave it out, and lead its subnet to a NAT gateway",
                 "the interfaces of a %s never have a public address", read->kind->name);
    client_ports_read(build, read);
    return true;
}

/* What all copies share; place, stack and copy are the caller's. */
static ComponentDraft draft_of(const Read *read, const char *name, const char *label, PlaceId place) {
    return (ComponentDraft){
        .component = {.name = name,
                      .label = label,
                      .kind = read->kind,
                      .spec = read->spec,
                      .place = place,
                      .listens = read->listens,
                      .public_address = read->keys->public_address,
                      .enough = (uint32_t)MAX(read->keys->enough, 1),
                      .capacity = read->keys->capacity,
                      .client_first = read->client_first,
                      .client_last = read->client_last,
                      .mark = read->mark,
                      .about = read->keys->about},
        .keys = read->keys,
    };
}

/* --- edge and users ----------------------------------------------------------------------------------------------- */

/* An edge component may belong to an account of another provider. */
static const char *edge_provider(Build *build, const NodeEntry *entry) {
    const Node *account = node_get(entry->value, "account");
    const Node *provider = account != NULL && account->type == NODE_SCALAR
                               ? node_get(node_get(build->pattern.accounts, account->text), "provider")
                               : NULL;
    return provider != NULL && provider->type == NODE_SCALAR ? provider->text : build->pattern.provider;
}

/* What others run on the internet is somewhere; the provider's edge is everywhere. */
static void edge_place_check(Build *build, const NodeEntry *entry, const Read *read) {
    bool outside = read->kind->passage.attachment == ATTACH_OUTSIDE;
    if (outside && read->keys->at == NULL)
        complain(build, entry->mark, "add at: europe", "'%s' does not say where it is", entry->key);
    if (!outside && read->keys->at != NULL)
        complain(build, node_get(entry->value, "at")->mark, "leave it out", "'%s' stands at the provider's edge",
                 entry->key);
}

static void edge_collect(Build *build, GArray *drafts) {
    uint32_t count;
    NodeEntry *entries = sorted_entries(build, build->pattern.edge, "edge", &count);
    for (uint32_t i = 0; i < count; i++) {
        const char *provider = edge_provider(build, &entries[i]);
        Read read = {.owner = entries[i].key};
        if (!entry_read(build, &entries[i], STANDS_EDGE, provider, &read)) {
            fail_name(build, "%s", entries[i].key);
            continue;
        }
        PlaceId place = place_by_path(build, read.keys->at != NULL ? read.keys->at : provider);
        ComponentDraft draft = draft_of(&read, entries[i].key, entries[i].key, place);
        edge_place_check(build, &entries[i], &read);
        if (read.keys->subnet != NULL)
            complain(build, node_get(entries[i].value, "subnet")->mark, "leave it out",
                     "'%s' stands outside all networks", entries[i].key);
        g_array_append_val(drafts, draft);
    }
}

/* Several places make several populations, each with its own luck and its own cache of names. */
static void population_collect(Build *build, const NodeEntry *entry, GArray *drafts) {
    Read read = {.owner = entry->key};
    if (!entry_read(build, entry, STANDS_USERS, build->pattern.provider, &read)) {
        fail_name(build, "%s", entry->key);
        fail_name(build, "users");
        return;
    }
    uint32_t count;
    const Node *const *items = items_of(build, read.keys->from, "from", &count);
    if (count == 0)
        complain(build, entry->mark, "add from: [europe]", "population '%s' does not say where it is", entry->key);
    if (count == 0) {
        fail_name(build, "%s", entry->key);
        fail_name(build, "users");
    }
    for (uint32_t i = 0; i < count; i++) {
        PlaceId place = items[i]->type == NODE_SCALAR ? place_by_path(build, items[i]->text) : NO_PLACE;
        if (place == NO_PLACE) { /* complained about when places were made */
            fail_name(build, "%s", entry->key);
            fail_name(build, "users");
            continue;
        }
        const char *name = count == 1 ? entry->key : keep(build, "%s[%s]", entry->key, items[i]->text);
        ComponentDraft draft = draft_of(&read, name, entry->key, place);
        draft.component.copy = count == 1 ? NULL : items[i]->text;
        for (guint k = 0; k < drafts->len; k++) {
            if (strcmp(g_array_index(drafts, ComponentDraft, k).component.name, name) == 0)
                complain(build, items[i]->mark, "choose another name", "there is another '%s' already", name);
        }
        g_array_append_val(drafts, draft);
    }
}

static void users_collect(Build *build, GArray *drafts) {
    uint32_t count;
    NodeEntry *entries = sorted_entries(build, build->pattern.users, "users", &count);
    for (uint32_t i = 0; i < count; i++)
        population_collect(build, &entries[i], drafts);
}

/* --- stacks ------------------------------------------------------------------------------------------------------- */

/* The stack's zones, or those that the component's own `zones` names (a number, or a list of short or whole names). */
static void zones_of(Build *build, const ComponentDraft *draft, Component *component) {
    const Copy *copy = draft->copy;
    const Node *node = draft->keys->zones;
    GArray *zones = g_array_new(FALSE, FALSE, sizeof(PlaceId));
    static const Field row = {.name = "zones", .type = FIELD_TYPE_COUNT, .least = "1", .most = "26"};
    int64_t most = copy->zone_count;
    if (node != NULL && node->type == NODE_SCALAR) {
        Diagnostics *unseen = diagnostics_new();
        if (!field_value(&row, node, build->tree, &most, unseen) || most > copy->zone_count)
            complain(build, node->mark, "write zones: 1, or zones: [a]", "'%s' cannot use '%s' zones: the stack has %u",
                     component->label, node->text, copy->zone_count);
        diagnostics_free(unseen);
    }
    for (uint32_t z = 0; z < copy->zone_count; z++) {
        bool listed = node == NULL || node->type != NODE_LIST;
        for (size_t i = 0; !listed && i < node->count; i++)
            listed = strcmp(node->items[i]->text, copy->zone_suffixes[z]) == 0 ||
                     strcmp(node->items[i]->text, copy->zone_names[z]) == 0;
        if (listed && (int64_t)zones->len < most)
            g_array_append_val(zones, copy->zones[z]);
    }
    if (zones->len == 0 && copy->zone_count > 0 && node != NULL)
        complain(build, node->mark, NULL, "'%s' uses none of the stack's zones", component->label);
    component->zones = keep_array(build, zones, &component->zone_count);
}

/* Told once for the stack; which subnet of which zone a unit is in is worked out with the units. */
static void subnet_check(Build *build, const Stack *stack, const Read *read, const Node *node) {
    bool needs = read->kind->passage.attachment == ATTACH_SUBNETS && !read->kind->passage.subnet_optional;
    if (needs && read->keys->subnet == NULL) {
        complain(build, read->mark, "add subnet: NAME", "%s is of kind %s and needs a subnet", read->owner,
                 read->kind->name);
        return;
    }
    GPtrArray *names = g_ptr_array_new();
    bool found = read->keys->subnet == NULL;
    for (uint32_t i = 0; i < stack->subnet_count; i++) {
        g_ptr_array_add(names, (char *)stack->subnets[i].name);
        found = found || strcmp(stack->subnets[i].name, read->keys->subnet) == 0;
    }
    if (!found)
        complain_name(build, node_get(node, "subnet")->mark, read->keys->subnet, names, "subnets of this stack",
                      "stack '%s' has no subnet '%s'", stack->name, read->keys->subnet);
    else
        g_ptr_array_free(names, TRUE);
}

static void stack_collect(Build *build, const Stack *stack, GArray *drafts) {
    uint32_t count;
    NodeEntry *entries = sorted_entries(build, stack->keys.components, "components", &count);
    for (uint32_t i = 0; i < count; i++) {
        Read read = {.owner = keep(build, "%s.%s", stack->name, entries[i].key)};
        if (!entry_read(build, &entries[i], STANDS_STACK, stack->provider, &read)) {
            fail_name(build, "%s.%s", stack->name, entries[i].key);
            continue;
        }
        subnet_check(build, stack, &read, entries[i].value);
        for (uint32_t c = 0; c < stack->copy_count; c++) {
            const Copy *copy = &stack->copies[c];
            const char *name = keep(build, "%s[%s].%s", stack->name, copy->region, entries[i].key);
            ComponentDraft draft = draft_of(&read, name, entries[i].key, copy->place);
            draft.component.stack = stack->name;
            draft.component.copy = copy->region;
            draft.stack = stack;
            draft.copy = copy;
            zones_of(build, &draft, &draft.component);
            if (read.kind->passage.subnet_optional && read.keys->subnet == NULL)
                draft.component.zone_count = 0; /* the provider runs it somewhere in the region */
            g_array_append_val(drafts, draft);
        }
    }
}

/* --- sites -------------------------------------------------------------------------------------------------------- */

/* The name of a site is written like that of a stack: "hq.erp". */
static void site_collect(Build *build, const SiteDraft *site, GArray *drafts) {
    uint32_t count;
    NodeEntry *entries = sorted_entries(build, site->keys.components, "components", &count);
    for (uint32_t i = 0; i < count; i++) {
        Read read = {.owner = keep(build, "%s.%s", site->name, entries[i].key)};
        if (!entry_read(build, &entries[i], STANDS_SITE, PROVIDER_SITE, &read)) {
            fail_name(build, "%s", read.owner);
            continue;
        }
        ComponentDraft draft = draft_of(&read, read.owner, entries[i].key, site->place);
        draft.component.stack = site->name;
        draft.component.copy = site->name;
        if (read.keys->subnet != NULL)
            complain(build, node_get(entries[i].value, "subnet")->mark, "leave it out", "a site has no subnets");
        g_array_append_val(drafts, draft);
    }
}

/* --- the table ---------------------------------------------------------------------------------------------------- */

static int compare_drafts(gconstpointer a, gconstpointer b) {
    return strcmp(((const ComponentDraft *)a)->component.name, ((const ComponentDraft *)b)->component.name);
}

/* The same component in another copy: replicas find each other by this. */
static bool is_peer(const Component *a, const Component *b) {
    if (a == b)
        return true;
    return a->stack != NULL && b->stack != NULL && strcmp(a->stack, b->stack) == 0 && strcmp(a->label, b->label) == 0;
}

static void peers_find(Build *build) {
    Model *model = build->model;
    for (uint32_t i = 0; i < model->component_count; i++) {
        GArray *peers = g_array_new(FALSE, FALSE, sizeof(ComponentId));
        for (ComponentId k = 0; k < model->component_count; k++) {
            if (is_peer(&model->components[i], &model->components[k]))
                g_array_append_val(peers, k);
        }
        model->components[i].peers = keep_array(build, peers, &model->components[i].peer_count);
    }
}

/* Ids are places in the sorted table, so no order of keys can change them. */
void components_build(Build *build) {
    GArray *drafts = g_array_new(FALSE, FALSE, sizeof(ComponentDraft));
    edge_collect(build, drafts);
    users_collect(build, drafts);
    for (uint32_t i = 0; i < build->stack_count; i++)
        stack_collect(build, &build->stacks[i], drafts);
    for (uint32_t i = 0; i < build->site_count; i++)
        site_collect(build, &build->sites[i], drafts);
    joins_collect(build, drafts);
    g_array_sort(drafts, compare_drafts);
    Model *model = build->model;
    build->drafts = keep_array(build, drafts, &model->component_count);
    model->components = tree_alloc(build->tree, (model->component_count + 1) * sizeof *model->components);
    for (uint32_t i = 0; i < model->component_count; i++)
        model->components[i] = build->drafts[i].component;
    peers_find(build);
}
