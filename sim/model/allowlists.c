/* allowlists.c - reads `allowlist:` and `host_firewall:` of components: names, ranges or internet, each with ports or
 * without. */
#include "model/allowlists.h"

#include <string.h>

#include "model/build.h"

/* What begins no connection of its own needs no list; a filter of names has one of names. */
static bool may_have_list(Build *build, const Component *component, const Node *node) {
    PassageMode mode = component->kind->passage.mode;
    Attachment at = component->kind->passage.attachment;
    bool filter = mode == PASSAGE_FILTERS && at == ATTACH_NETWORK;
    if (filter || (mode == PASSAGE_TERMINATES && (at == ATTACH_SUBNETS || at == ATTACH_SITE)))
        return true;
    complain(build, node->mark, "leave it out; whoever connects through it has a list of his own",
             "'%s' is of kind %s, which opens no connections in a network", component->name, component->kind->name);
    return false;
}

/* "payments tcp/443" into the word and, if any follow, the ports. */
static char *split_ports(Build *build, const Node *item, PortSet *ports, bool *good) {
    char *text = g_strstrip(g_strdup(item->text));
    size_t word = strcspn(text, " ");
    char *why = NULL;
    if (text[word] != '\0' && !ports_parse(g_strchug(text + word), ports, &why)) {
        complain(build, item->mark, "write a port after the name: payments tcp/443", "'%s': %s", item->text, why);
        *good = false;
    }
    g_free(why);
    text[word] = '\0';
    return text;
}

static void names_add(Build *build, const Component *component, const char *word, const Node *item, AllowEntry entry,
                      GArray *entries) {
    ComponentId *found;
    uint32_t count =
        names_find(build, (Scope){component->stack, component->copy}, word, NAME_INTERNET, item->mark, &found);
    for (uint32_t i = 0; i < count; i++) {
        entry.what = found[i] == NO_COMPONENT ? ALLOW_INTERNET : ALLOW_COMPONENT;
        entry.component = found[i];
        g_array_append_val(entries, entry);
    }
}

static void entry_add(Build *build, const Component *component, const char *what, const Node *item, GArray *entries) {
    bool good = true;
    AllowEntry entry = {.component = NO_COMPONENT};
    if (scalar_of(build, item, keep(build, "an entry of %s", what)) == NULL)
        return;
    char *word = split_ports(build, item, &entry.ports, &good);
    entry.element = good ? element_add(build, item->mark, "%s of %s: %s", what, component->name, item->text) : 0;
    if (good && strpbrk(word, "/:") != NULL) {
        Node bare = *item;
        bare.text = word;
        entry.what = ALLOW_RANGE;
        entry.range = range_of(build, &bare, what);
        if (entry.range.family != 0)
            g_array_append_val(entries, entry);
    } else if (good) {
        names_add(build, component, word, item, entry, entries);
    }
    g_free(word);
}

static void entries_read(Build *build, ComponentId id, const char *what, const Node *node, GArray *lists) {
    const Component *component = &build->model->components[id];
    Allowlist list = {.component = id};
    list.element = element_add(build, node->mark, "%s of %s", what, component->name);
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(AllowEntry));
    uint32_t count;
    const Node *const *items = items_of(build, node, what, &count);
    for (uint32_t i = 0; i < count; i++)
        entry_add(build, component, what, items[i], entries);
    list.entries = keep_array(build, entries, &list.count);
    g_array_append_val(lists, list);
}

static void list_read(Build *build, ComponentId id, GArray *lists) {
    const Node *node = build->drafts[id].keys->allowlist;
    if (node != NULL && may_have_list(build, &build->model->components[id], node))
        entries_read(build, id, "allowlist", node, lists);
}

/* Only a machine of the customer's own has an operating system that he can tell what to let in. */
static void firewall_read(Build *build, ComponentId id, GArray *firewalls) {
    const Component *component = &build->model->components[id];
    const Node *node = build->drafts[id].keys->host_firewall;
    if (node == NULL)
        return;
    if (component->kind->managed || component->kind->passage.mode != PASSAGE_TERMINATES) {
        complain(build, node->mark, "leave it out, or write security_groups", "'%s' is of kind %s, which is no host",
                 component->name, component->kind->name);
        return;
    }
    entries_read(build, id, "host firewall", node, firewalls);
    if (build->drafts[id].copy != NULL && build->drafts[id].copy->network != NO_INDEX)
        build->model->allow.guarded[build->drafts[id].copy->network] = true;
}

/* What is never launched anew has no next image. */
static void agent_read(Build *build, ComponentId id) {
    Component *component = &build->model->components[id];
    const ComponentKeys *keys = build->drafts[id].keys;
    if (keys->agent_in == 0)
        return;
    component->agent_late = true;
    if (component->kind->image == NULL || (keys->allowlist == NULL && keys->host_firewall == NULL))
        complain(build, component->mark, "write it at instances with an allowlist or a host_firewall",
                 "'%s' has no agent that a next image could bring", component->name);
}

/* One name service a network: two filters would contradict each other. */
static void filter_find(Build *build, uint32_t l) {
    AllowBook *book = &build->model->allow;
    ComponentId id = book->lists[l].component;
    const Component *component = &build->model->components[id];
    if (component->kind->passage.attachment != ATTACH_NETWORK || build->drafts[id].copy == NULL)
        return;
    uint32_t network = build->drafts[id].copy->network;
    if (network == NO_INDEX)
        complain(build, component->mark, "add subnets:", "'%s' filters names, and its stack has no network",
                 component->name);
    else if (book->filter_of[network] != NO_INDEX)
        complain(build, component->mark, "put both lists into one", "the network of '%s' has a filter of names already",
                 component->name);
    else
        book->filter_of[network] = l;
}

void allowlists_build(Build *build) {
    Model *model = build->model;
    GArray *lists = g_array_new(FALSE, FALSE, sizeof(Allowlist)),
           *firewalls = g_array_new(FALSE, FALSE, sizeof(Allowlist));
    model->allow.guarded = tree_alloc(build->tree, (model->network_count + 1) * sizeof *model->allow.guarded);
    for (ComponentId id = 0; id < model->component_count; id++) {
        list_read(build, id, lists);
        firewall_read(build, id, firewalls);
        agent_read(build, id);
    }
    model->allow.firewalls = keep_array(build, firewalls, &model->allow.firewall_count);
    model->allow.lists = keep_array(build, lists, &model->allow.count);
    model->allow.filter_of = tree_alloc(build->tree, (model->network_count + 1) * sizeof *model->allow.filter_of);
    for (uint32_t n = 0; n < model->network_count; n++)
        model->allow.filter_of[n] = NO_INDEX;
    for (uint32_t l = 0; l < model->allow.count; l++)
        filter_find(build, l);
}

static void lists_text(GString *out, const char *what, const Allowlist *lists, uint32_t count) {
    for (uint32_t l = 0; l < count; l++) {
        const Allowlist *list = &lists[l];
        g_string_append_printf(out, "%s %u\n", what, list->component);
        for (uint32_t i = 0; i < list->count; i++) {
            const AllowEntry *entry = &list->entries[i];
            char *ports = ports_text(&entry->ports);
            char *range = entry->what == ALLOW_RANGE ? prefix_text(&entry->range) : g_strdup("-");
            g_string_append_printf(out, " %d %u %s %s\n", entry->what, entry->component, range, ports);
            g_free(range);
            g_free(ports);
        }
    }
}

void allowlists_text(GString *out, const Model *model) {
    lists_text(out, "allowlist", model->allow.lists, model->allow.count);
    lists_text(out, "host firewall", model->allow.firewalls, model->allow.firewall_count);
    for (ComponentId id = 0; id < model->component_count; id++)
        if (model->components[id].agent_late)
            g_string_append_printf(out, "agent of %s in the next image\n", model->components[id].name);
}
