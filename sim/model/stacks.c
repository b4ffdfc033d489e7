/* stacks.c - reads each stack once: its copies, the zones each copy uses, its subnets. Nothing is laid out yet. */
#include <inttypes.h>
#include <string.h>

#include "model/build.h"

enum { ZONES_MOST = 26, COPIES_MOST = 1000 };

/* --- zones -------------------------------------------------------------------------------------------------------- */

/* What follows the region's name in its zones' names, as places.yaml has it. */
static GPtrArray *suffixes_of(const Node *region) {
    GPtrArray *suffixes = g_ptr_array_new();
    const Node *zones = node_get(region, "zones");
    for (size_t i = 0; zones != NULL && zones->type == NODE_LIST && i < zones->count; i++)
        g_ptr_array_add(suffixes, (char *)zones->items[i]->text);
    return suffixes;
}

/* "-1" (westeurope-1) is zone 1. */
static const char *short_of(const char *suffix) { return suffix[0] == '-' ? suffix + 1 : suffix; }

/* Kept in the order of their names, however they were listed. */
static void zone_add(Build *build, Copy *copy, const char *suffix) {
    uint32_t at = copy->zone_count++;
    for (; at > 0 && strcmp(copy->zone_suffixes[at - 1], short_of(suffix)) > 0; at--) {
        copy->zone_suffixes[at] = copy->zone_suffixes[at - 1];
        copy->zone_names[at] = copy->zone_names[at - 1];
    }
    copy->zone_suffixes[at] = short_of(suffix);
    copy->zone_names[at] = keep(build, "%s%s", copy->region, suffix);
}

/* The first ones, in the order of places.yaml. */
static void zones_by_count(Build *build, Copy *copy, const Node *node, int64_t count, const GPtrArray *has) {
    if (count > has->len)
        complain(build, node->mark, NULL, "%s has %u zones, not %" PRId64, copy->region, has->len, count);
    for (guint i = 0; i < has->len && (int64_t)i < count; i++)
        zone_add(build, copy, has->pdata[i]);
}

/* A zone is named by what follows the region's name ("a"), or whole ("us-east-1a"). */
static void zone_by_name(Build *build, Copy *copy, const Node *item, GPtrArray *has) {
    const char *name = scalar_of(build, item, "a zone");
    size_t length = strlen(copy->region);
    for (guint i = 0; name != NULL && i < has->len; i++) {
        const char *suffix = has->pdata[i];
        bool whole = strncmp(name, copy->region, length) == 0 && strcmp(name + length, suffix) == 0;
        if (!whole && strcmp(name, short_of(suffix)) != 0)
            continue;
        for (uint32_t k = 0; k < copy->zone_count; k++) {
            if (strcmp(copy->zone_suffixes[k], short_of(suffix)) == 0) {
                complain(build, item->mark, NULL, "zone '%s' is listed twice", name);
                return;
            }
        }
        zone_add(build, copy, suffix);
        return;
    }
    if (name == NULL)
        return;
    GPtrArray *names = g_ptr_array_new();
    for (guint i = 0; i < has->len; i++)
        g_ptr_array_add(names, has->pdata[i]);
    complain_name(build, item->mark, name, names, "zones known there", "%s has no zone '%s'", copy->region, name);
}

/* Two zones unless it is said: one is no design, and three not everywhere to be had. */
static void zones_read(Build *build, const Stack *stack, Copy *copy, const Node *region) {
    static const Field row = {.name = "zones", .type = FIELD_TYPE_COUNT, .least = "1", .most = "26"};
    const Node *node = stack->keys.zones;
    GPtrArray *has = suffixes_of(region);
    copy->zone_suffixes = tree_alloc(build->tree, ZONES_MOST * sizeof *copy->zone_suffixes);
    copy->zone_names = tree_alloc(build->tree, ZONES_MOST * sizeof *copy->zone_names);
    if (node == NULL) {
        Node two = {.type = NODE_SCALAR, .mark = stack->mark, .text = "2"};
        zones_by_count(build, copy, &two, 2, has);
    } else if (node->type == NODE_LIST) {
        for (size_t i = 0; i < node->count && i < ZONES_MOST; i++)
            zone_by_name(build, copy, node->items[i], has);
    } else {
        int64_t count = 0;
        Diagnostics *unseen = diagnostics_new(); /* every copy reads it: complain() says it once */
        if (field_value(&row, node, build->tree, &count, unseen))
            zones_by_count(build, copy, node, count, has);
        else
            complain(build, node->mark, "write zones: 2, or zones: [a, c]",
                     "zones must be a number from 1 to 26 or a list");
        diagnostics_free(unseen);
    }
    g_ptr_array_free(has, TRUE);
}

/* --- copies ------------------------------------------------------------------------------------------------------- */

/* The region's name is the copy's. */
static void copy_add(Build *build, Stack *stack, const Node *item) {
    const char *region = scalar_of(build, item, "a copy");
    if (region == NULL)
        return;
    for (uint32_t i = 0; i < stack->copy_count; i++) {
        if (strcmp(stack->copies[i].region, region) == 0) {
            complain(build, item->mark, "name each region once", "stack '%s' is copied to %s twice", stack->name,
                     region);
            return;
        }
    }
    const Node *node = region_node(build, stack->provider, region);
    if (node == NULL) {
        build->places_failed = true;
        if (node_get(build->places, stack->provider) != NULL) /* else the provider itself is unknown */
            complain_name(build, item->mark, region, keys_of(node_get(build->places, stack->provider)), "regions known",
                          "%s has no region '%s'", stack->provider, region);
        return;
    }
    Copy *copy = &stack->copies[stack->copy_count++];
    *copy = (Copy){.region = region, .mark = item->mark, .network = NO_INDEX, .place = NO_PLACE};
    zones_read(build, stack, copy, node);
}

/* Sorted by name, as every table. */
static void copies_read(Build *build, Stack *stack) {
    uint32_t count;
    const Node *const *items = items_of(build, stack->keys.copies, "copies", &count);
    if (count == 0 && stack->keys.copies == NULL)
        complain(build, stack->mark, "add copies: [us-east-1]", "stack '%s' says no regions to be copied to",
                 stack->name);
    else if (count == 0)
        complain(build, stack->keys.copies->mark, "name a region", "stack '%s' is copied to no region", stack->name);
    if (count > COPIES_MOST) {
        complain(build, stack->keys.copies->mark, NULL, "stack '%s' has more than %d copies", stack->name, COPIES_MOST);
        return;
    }
    stack->copies = tree_alloc(build->tree, (count + 1) * sizeof *stack->copies);
    for (uint32_t i = 0; i < count; i++)
        copy_add(build, stack, items[i]);
    qsort(stack->copies, stack->copy_count, sizeof *stack->copies, compare_texts);
    if (stack->copy_count == 0) {
        fail_name(build, "stack %s", stack->name);
        build->places_failed = true;
    }
}

/* --- stacks ------------------------------------------------------------------------------------------------------- */

static void subnets_read(Build *build, Stack *stack) {
    NodeEntry *entries = sorted_entries(build, stack->keys.subnets, "subnets", &stack->subnet_count);
    stack->subnets = tree_alloc(build->tree, (stack->subnet_count + 1) * sizeof *stack->subnets);
    for (uint32_t i = 0; i < stack->subnet_count; i++) {
        Subnet *subnet = &stack->subnets[i];
        subnet->name = entries[i].key;
        subnet->mark = entries[i].mark;
        name_is_good(build, subnet->name, subnet->mark, "a subnet");
        read_quietly(build, subnet_keys, entries[i].value, keep(build, "subnet %s.%s", stack->name, subnet->name),
                     &subnet->keys);
    }
}

/* An account needs no declaration; once some are declared, a further name is a mistake. */
static void account_read(Build *build, Stack *stack) {
    stack->account = stack->keys.account;
    stack->provider = build->pattern.provider;
    const Node *account = node_get(build->pattern.accounts, stack->account);
    if (build->pattern.accounts != NULL && account == NULL && strcmp(stack->account, "main") != 0)
        complain_name(build, stack->mark, stack->account, keys_of(build->pattern.accounts), "accounts declared",
                      "stack '%s' belongs to account '%s', which is not declared", stack->name, stack->account);
    const Node *provider = node_get(account, "provider");
    if (provider != NULL && provider->type == NODE_SCALAR)
        stack->provider = provider->text;
    stack->account_path = keep(build, "%s/%s", stack->provider, stack->account);
}

/* Nothing of another stack is needed for this, and nothing of a place. */
static void stack_read(Build *build, Stack *stack, const NodeEntry *entry) {
    stack->name = entry->key;
    stack->mark = entry->mark;
    name_is_good(build, stack->name, stack->mark, "a stack");
    const char *owner = keep(build, "stack %s", stack->name);
    if (!read_keys(build, stack_keys, entry->value, owner, &stack->keys) && stack->keys.account == NULL)
        stack->keys.account = "main";
    if (stack->keys.zones == NULL)
        assumed_add(build->assumed, owner, "zones", "2", "assumption");
    account_read(build, stack);
    copies_read(build, stack);
    subnets_read(build, stack);
}

void stacks_read(Build *build) {
    NodeEntry *entries = sorted_entries(build, build->pattern.stacks, "stacks", &build->stack_count);
    build->stacks = tree_alloc(build->tree, (build->stack_count + 1) * sizeof *build->stacks);
    for (uint32_t i = 0; i < build->stack_count; i++)
        stack_read(build, &build->stacks[i], &entries[i]);
}
