/* azure.c - network security groups and where they hold; which stacks have them, and which have not.
 *
 * Whether a provider has security groups or network security groups is told by its defaults file, which declares the
 * rules that stand in either. Writing the one where the other belongs is a mistake of the user's. */
#include <string.h>

#include "model/azure_build.h"

static const Node *nsg_defaults(Build *build, const Stack *stack) {
    return node_get(provider_root(build, stack->provider), "network_security_group");
}

bool has_network_security_groups(Build *build, const Stack *stack) { return nsg_defaults(build, stack) != NULL; }

/* Years have four digits, so their texts compare as they do. */
const char *azure_era_value(Build *build, const Stack *stack, const char *key) {
    const Node *root = provider_root(build, stack->provider), *rows = node_get(node_get(root, "network"), key);
    const char *era = build->pattern.era > 0 ? keep(build, "%d", (int)build->pattern.era) : NULL;
    for (size_t i = 0; rows != NULL && rows->type == NODE_LIST && i < rows->count; i++) {
        const Node *until = node_get(rows->items[i], "until"), *value = node_get(rows->items[i], "value");
        if (value == NULL || (until != NULL && (era == NULL || strcmp(era, until->text) > 0)))
            continue;
        const Node *source = node_get(rows->items[i], "source");
        char *said = g_strdup_printf("%s %s", stack->name, key);
        if (g_hash_table_add(build->said, said)) /* once for all that leave it to the era */
            assumed_add(build->assumed, keep(build, "stack %s", stack->name), key, value->text,
                        source != NULL ? source->text : "assumption");
        return value->text;
    }
    return NULL;
}

/* --- what belongs to the other style ------------------------------------------------------------------------------ */

static void refuse(Build *build, const Node *value, const Stack *stack, const char *what, const char *mend) {
    if (value != NULL)
        complain(build, value->mark, mend, "a network of %s has no %s", stack->provider, what);
}

static const char INSTEAD_OF_GROUPS[] =
    "write network_security_groups: {app: {inbound: [{priority: 100, allow: tcp/443, from: Internet}]}}";
static const char INSTEAD_OF_NSGS[] = "write security_groups: {app: {inbound: [{from: internet, port: 443}]}}";

/* Network ACLs are refused where they are read. */
static void refuse_groups(Build *build, const Stack *stack) {
    refuse(build, stack->keys.security_groups, stack, "security groups", INSTEAD_OF_GROUPS);
}

static void refuse_nsgs(Build *build, const Stack *stack) {
    static const char what[] = "network security groups";
    refuse(build, stack->keys.azure.groups, stack, what, INSTEAD_OF_NSGS);
    refuse(build, stack->keys.azure.admin_rules, stack, "admin rules", INSTEAD_OF_NSGS);
    for (uint32_t s = 0; s < stack->subnet_count; s++) {
        const AzureSubnetKeys *keys = &stack->subnets[s].keys.azure;
        refuse(build, keys->group, stack, what, "write acl: NAME, or groups at its components");
        refuse(build, keys->service_endpoints, stack, "service endpoints", "add a gateway_endpoint, and a route to it");
        refuse(build, keys->default_outbound_access, stack, "default outbound access", "leave it out");
    }
}

static void refuse_component(Build *build, const ComponentDraft *draft) {
    const AzureComponentKeys *keys = &draft->keys->azure;
    refuse(build, keys->group, draft->stack, "network security groups", "write security_group: NAME");
    refuse(build, keys->input_endpoints, draft->stack, "input endpoints", "write public: yes, and a security group");
    refuse(build, keys->public_ip, draft->stack, "kinds of public addresses", "leave it out");
    refuse(build, keys->firewall, draft->stack, "firewalls at its services", "write policy:");
}

/* --- groups ------------------------------------------------------------------------------------------------------- */

typedef struct {
    NetworkSecurityGroup group;
    const char *label;
    const Stack *stack;
    const Copy *copy;
    const Node *written;
} NsgDraft;

static void groups_collect(Build *build, const Stack *stack, GArray *drafts) {
    uint32_t count;
    NodeEntry *entries = sorted_entries(build, stack->keys.azure.groups, "network_security_groups", &count);
    for (uint32_t i = 0; i < count; i++) {
        NsgKeys keys = {0};
        name_is_good(build, entries[i].key, entries[i].mark, "a network security group");
        read_quietly(build, nsg_keys, entries[i].value,
                     keep(build, "network security group %s.%s", stack->name, entries[i].key), &keys);
        for (uint32_t c = 0; c < stack->copy_count && stack->copies[c].network != NO_INDEX; c++) {
            const Copy *copy = &stack->copies[c];
            NsgDraft draft = {.group = {.name = keep(build, "%s[%s].%s", stack->name, copy->region, entries[i].key),
                                        .network = copy->network,
                                        .mark = entries[i].mark},
                              .label = entries[i].key,
                              .stack = stack,
                              .copy = copy,
                              .written = entries[i].value};
            g_array_append_val(drafts, draft);
        }
    }
}

/* The group that holds somewhere, plus one; 0: none, or a complaint. */
static uint32_t group_find(Build *build, const GArray *drafts, const Stack *stack, const Copy *copy,
                           const Node *named) {
    const char *text = named != NULL ? scalar_of(build, named, "network_security_group") : NULL;
    if (text == NULL)
        return 0;
    GPtrArray *names = g_ptr_array_new();
    for (guint i = 0; i < drafts->len; i++) {
        const NsgDraft *draft = &g_array_index(drafts, NsgDraft, i);
        if (draft->stack != stack || draft->copy != copy)
            continue;
        if (strcmp(draft->label, text) == 0) {
            g_ptr_array_free(names, TRUE);
            return i + 1;
        }
        g_ptr_array_add(names, (char *)draft->label);
    }
    complain_name(build, named->mark, text, names, "groups of this stack",
                  "stack '%s' has no network security group "
                  "'%s'",
                  stack->name, text);
    return 0;
}

static void groups_seal(Build *build, GArray *drafts) {
    AzureControls *azure = &build->model->azure;
    azure->groups = tree_alloc(build->tree, (drafts->len + 1) * sizeof *azure->groups);
    azure->group_count = drafts->len;
    for (guint i = 0; i < drafts->len; i++) {
        const NsgDraft *draft = &g_array_index(drafts, NsgDraft, i);
        NetworkSecurityGroup *group = &azure->groups[i];
        *group = draft->group;
        RuleSource from = {nsg_rule_keys,  keep(build, "network security group %s", group->name),
                           draft->stack,   draft->copy,
                           draft->written, nsg_defaults(build, draft->stack)};
        group->element = element_add(build, group->mark, "%s", from.owner);
        group->inbound = azure_rules_read(build, &from, true);
        group->outbound = azure_rules_read(build, &from, false);
    }
}

/* --- where they hold ---------------------------------------------------------------------------------------------- */

static bool is_yes(Build *build, const Node *node, const char *otherwise) {
    static const Field row = {.name = "default_outbound_access", .type = FIELD_TYPE_BOOL};
    bool value = otherwise != NULL && strcmp(otherwise, "yes") == 0;
    if (node != NULL)
        field_value(&row, node, build->tree, &value, build->diagnostics);
    return value;
}

static void subnet_read(Build *build, const GArray *drafts, const Stack *stack, const Copy *copy, uint32_t s) {
    const AzureSubnetKeys *keys = &stack->subnets[s].keys.azure;
    AzureSubnet subnet = {.group = group_find(build, drafts, stack, copy, keys->group),
                          .services = azure_services_read(build, keys->service_endpoints),
                          .private_endpoint_policies = keys->private_endpoint_policies};
    const Node *outbound = keys->default_outbound_access;
    const char *era = outbound == NULL ? azure_era_value(build, stack, "default_outbound_access") : NULL;
    subnet.default_outbound = is_yes(build, outbound, era);
    subnet.element =
        element_add(build, outbound != NULL ? outbound->mark : stack->subnets[s].mark,
                    "subnet %s[%s].%s: no default outbound access", stack->name, copy->region, stack->subnets[s].name);
    for (uint32_t z = 0; z < copy->zone_count; z++)
        build->model->azure.subnets[copy->subnets[s * copy->zone_count + z]] = subnet;
}

static void stack_read_controls(Build *build, const GArray *drafts, const Stack *stack) {
    const Node *admin = stack->keys.azure.admin_rules;
    for (uint32_t c = 0; c < stack->copy_count && stack->copies[c].network != NO_INDEX; c++) {
        const Copy *copy = &stack->copies[c];
        AzureNetwork *network = &build->model->azure.networks[copy->network];
        RuleSource from = {
            admin_rule_keys, keep(build, "admin rules of %s[%s]", stack->name, copy->region), stack, copy, admin, NULL};
        NsgKeys keys = {0};
        read_quietly(build, nsg_keys, admin, from.owner, &keys);
        network->style = STYLE_NETWORK_SECURITY_GROUPS;
        network->inbound = azure_rules_read(build, &from, true);
        network->outbound = azure_rules_read(build, &from, false);
        build->model->networks[copy->network].internet_gateway = true; /* there always is a way: S-41 */
        for (uint32_t s = 0; s < stack->subnet_count; s++)
            subnet_read(build, drafts, stack, copy, s);
    }
}

static void components_read(Build *build, const GArray *drafts) {
    Model *model = build->model;
    for (ComponentId id = 0; id < model->component_count; id++) {
        const ComponentDraft *draft = &build->drafts[id];
        if (draft->stack == NULL)
            continue;
        if (!has_network_security_groups(build, draft->stack)) {
            refuse_component(build, draft);
            continue;
        }
        AzureComponent *component = &model->azure.components[id];
        component->group = group_find(build, drafts, draft->stack, draft->copy, draft->keys->azure.group);
        azure_component_read(build, id, component);
    }
}

static int compare_drafts(gconstpointer a, gconstpointer b) {
    return strcmp(((const NsgDraft *)a)->group.name, ((const NsgDraft *)b)->group.name);
}

void azure_build(Build *build) {
    Model *model = build->model;
    bool any = false;
    for (uint32_t i = 0; i < build->stack_count; i++) {
        bool has = has_network_security_groups(build, &build->stacks[i]);
        (has ? refuse_groups : refuse_nsgs)(build, &build->stacks[i]);
        any = any || has;
    }
    GArray *drafts = g_array_new(FALSE, FALSE, sizeof(NsgDraft));
    if (any) {
        AzureControls *azure = &model->azure;
        azure->networks = tree_alloc(build->tree, (model->network_count + 1) * sizeof *azure->networks);
        azure->subnets = tree_alloc(build->tree, (model->place_count + 1) * sizeof *azure->subnets);
        azure->components = tree_alloc(build->tree, (model->component_count + 1) * sizeof *azure->components);
        for (uint32_t i = 0; i < build->stack_count; i++)
            if (has_network_security_groups(build, &build->stacks[i]))
                groups_collect(build, &build->stacks[i], drafts);
        g_array_sort(drafts, compare_drafts);
        for (uint32_t i = 0; i < build->stack_count; i++)
            if (has_network_security_groups(build, &build->stacks[i]))
                stack_read_controls(build, drafts, &build->stacks[i]);
        groups_seal(build, drafts);
    }
    components_read(build, drafts);
    azure_routes_build(build);
    g_array_free(drafts, TRUE);
}
