/* quotas.c - how much of a thing a provider grants before somebody asks for more: warnings, because it can be asked
 * for.
 *
 * The numbers stand under `limits` in the provider's file, each with its source; none there, none here. */
#include <inttypes.h>

#include "model/build.h"

int64_t provider_limit(Build *build, const char *provider, const char *name) {
    static const Field row = {.name = "limit", .type = FIELD_TYPE_COUNT, .least = "1", .most = "1000000"};
    const Node *value = node_get(node_get(node_get(provider_root(build, provider), "limits"), name), "value");
    int64_t limit = 0;
    return value != NULL && field_value(&row, value, build->tree, &limit, build->diagnostics) ? limit : 0;
}

/* A provider's rule has one protocol, one range of ports and one peer, and those of IPv6 are counted by themselves. */
static uint32_t rules_counted(const Rule *rules, uint32_t count) {
    uint32_t four = 0, six = 0;
    for (uint32_t i = 0; i < count; i++) {
        bool is_six = rules[i].peer.kind == PEER_CIDR && rules[i].peer.cidr.family == 6;
        *(is_six ? &six : &four) += rules[i].ports.count;
    }
    return MAX(four, six);
}

static void group_quota(Build *build, const GroupDraft *draft, const Rule *rules, uint32_t count, const char *way) {
    int64_t most = provider_limit(build, draft->stack->provider, "rules_per_group");
    uint32_t counted = rules_counted(rules, count);
    if (most > 0 && counted > most)
        warn(build, draft->group.mark, "use several groups, or ask for a higher quota",
             "security group %s has %" PRIu32 " %s rules; %s allows %" PRId64
             " (each range of ports and each range of addresses counts)",
             draft->group.name, counted, way, draft->stack->provider, most);
}

/* More groups than can be had at all is a mistake, more than is granted is not. */
static void interface_quota(Build *build, const Component *component, const Stack *stack) {
    int64_t granted = provider_limit(build, stack->provider, "groups_per_interface");
    int64_t most = provider_limit(build, stack->provider, "groups_per_interface_most");
    int64_t rules_most = provider_limit(build, stack->provider, "rules_per_interface");
    uint32_t rules[2] = {0, 0};
    for (uint32_t i = 0; i < component->group_count; i++) {
        const SecurityGroup *group = &build->model->groups[component->groups[i]];
        rules[0] += rules_counted(group->inbound, group->inbound_count);
        rules[1] += rules_counted(group->outbound, group->outbound_count);
    }
    if (most > 0 && component->group_count > most)
        complain(build, component->mark, "join some of them",
                 "'%s' has %" PRIu32 " security groups; an interface of %s can have %" PRId64, component->label,
                 component->group_count, stack->provider, most);
    else if (granted > 0 && component->group_count > granted)
        warn(build, component->mark, "join some, or ask for a higher quota",
             "'%s' has %" PRIu32 " security groups; %s allows %" PRId64 " an interface", component->label,
             component->group_count, stack->provider, granted);
    if (rules_most > 0 && MAX(rules[0], rules[1]) > rules_most)
        warn(build, component->mark, "join rules by larger ranges",
             "the groups of '%s' have %" PRIu32 " rules in one direction; %s allows %" PRId64 " an interface",
             component->label, MAX(rules[0], rules[1]), stack->provider, rules_most);
}

void quotas_check(Build *build) {
    const Model *model = build->model;
    for (uint32_t i = 0; i < model->group_count; i++) {
        const SecurityGroup *group = &model->groups[i];
        group_quota(build, &build->groups[i], group->inbound, group->inbound_count, "inbound");
        group_quota(build, &build->groups[i], group->outbound, group->outbound_count, "outbound");
    }
    for (uint32_t i = 0; i < model->component_count; i++)
        if (build->drafts[i].stack != NULL)
            interface_quota(build, &model->components[i], build->drafts[i].stack);
}
