/* networks.c - networks, and the address ranges of their subnets.
 *
 * Ranges nobody wrote are given out in the order of canonical names: networks 10.0.0.0/16, 10.1.0.0/16, ...; in each,
 * subnets by name, then zone. What somebody wrote is stepped over. */
#include <string.h>

#include "model/build.h"

enum { NETWORKS_AUTO_MOST = 256, SUBNET_BITS = 4 /* a /16 makes sixteen /20s */ };

typedef struct {
    Network network;
    Stack *stack; /* NULL: of a site */
    Copy *copy;
    SiteDraft *site;
} NetworkDraft;

/* `cidr: auto`, nothing, or what was complained about already. */
static bool is_auto(const Node *cidr) {
    return cidr == NULL || cidr->broken ||
           (cidr->type == NODE_SCALAR && (strcmp(cidr->text, "auto") == 0 || cidr->text[0] == '\0'));
}

/* `to: internt` is no mistyped range. */
static const char *suggest_internet(const char *text) {
    static const char *const words[] = {"internet", NULL};
    return suggest_nearest(text, words) != NULL ? "did you mean 'internet'?" : NULL;
}

/* "100.68.0.18/18" is taken for 100.68.0.0/18, as the providers do; whoever wrote it may have meant something else. */
static void warn_host_bits(Build *build, const Node *node, const Prefix *prefix) {
    char *address = g_strndup(node->text, strcspn(node->text, "/")), *why = NULL;
    Prefix whole;
    if (prefix_parse(address, &whole, &why) && whole.base != prefix->base) {
        char *text = prefix_text(prefix);
        warn(build, node->mark, keep(build, "write %s", text), "'%s' has bits behind its length, so it means %s",
             node->text, text);
        g_free(text);
    }
    g_free(why);
    g_free(address);
}

Prefix range_of(Build *build, const Node *node, const char *what) {
    Prefix prefix = {0};
    char *why = NULL;
    const char *text = scalar_of(build, node, what);
    if (text != NULL && !prefix_parse(text, &prefix, &why))
        complain(build, node->mark, suggest_internet(text), "%s: %s", what, why);
    else if (text != NULL)
        warn_host_bits(build, node, &prefix);
    g_free(why);
    return prefix;
}

/* --- networks ----------------------------------------------------------------------------------------------------- */

/* What the user wrote for this copy: a range, or nothing. */
static void network_written(Build *build, NetworkDraft *draft) {
    NetworkKeys keys = {0};
    const char *owner = keep(build, "the network of stack %s", draft->stack->name);
    read_quietly(build, network_keys, draft->stack->keys.network, owner, &keys);
    if (is_auto(keys.cidr))
        return;
    const Node *own = keys.cidr->type == NODE_MAP ? node_get(keys.cidr, draft->copy->region) : keys.cidr;
    if (own == NULL)
        complain(build, keys.cidr->mark, keep(build, "add %s: 10.0.0.0/16, or auto", draft->copy->region),
                 "%s has no range for copy %s", owner, draft->copy->region);
    else if (!is_auto(own))
        draft->network.cidr = range_of(build, own, "cidr");
    draft->network.mark = own != NULL ? own->mark : keys.cidr->mark;
}

/* Two networks of one design that share addresses can never be connected later. */
static void networks_overlap(Build *build, const NetworkDraft *drafts, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < i; k++) {
            const Prefix *a = &drafts[k].network.cidr, *b = &drafts[i].network.cidr;
            if (a->family == 0 || b->family == 0 || !prefix_overlaps(a, b))
                continue;
            char *x = prefix_text(a), *y = prefix_text(b);
            complain(build, drafts[i].network.mark, "give each network a range of its own, or cidr: auto",
                     "networks %s and %s overlap: %s and %s", drafts[k].network.name, drafts[i].network.name, x, y);
            g_free(x);
            g_free(y);
        }
    }
}

static bool is_free(const NetworkDraft *drafts, uint32_t count, const Prefix *prefix) {
    for (uint32_t i = 0; i < count; i++) {
        if (drafts[i].network.cidr.family != 0 && prefix_overlaps(&drafts[i].network.cidr, prefix))
            return false;
    }
    return true;
}

/* Numbers are never reused: a written range is stepped over wherever it stands in the order. */
static void networks_number(Build *build, NetworkDraft *drafts, uint32_t count) {
    uint32_t next = 0;
    Prefix ten = {.base = (Address)10 << 24, .length = 8, .family = 4};
    for (uint32_t i = 0; i < count; i++) {
        if (drafts[i].network.cidr.family != 0)
            continue;
        Prefix prefix = {0};
        for (; next < NETWORKS_AUTO_MOST; next++) {
            prefix = prefix_part(&ten, 16, next);
            if (is_free(drafts, count, &prefix))
                break;
        }
        if (next == NETWORKS_AUTO_MOST) {
            complain(build, drafts[i].network.mark, "write ranges yourself",
                     "10.0.0.0/8 has no room for another network");
            return;
        }
        drafts[i].network.cidr = prefix;
    }
}

/* --- subnets ------------------------------------------------------------------------------------------------------ */

/* How many subnets a declared one is in this copy. */
static uint32_t places_of(const Stack *stack, const Copy *copy, uint32_t subnet) {
    return stack->subnets[subnet].keys.per == SUBNET_PER_ZONE ? copy->zone_count : copy->zone_count > 0;
}

/* Written ranges make sense for one copy only: copies must not share addresses. */
static void subnet_written(Build *build, const NetworkDraft *draft, uint32_t s) {
    const Subnet *subnet = &draft->stack->subnets[s];
    if (is_auto(subnet->keys.cidr))
        return;
    uint32_t count, needed = places_of(draft->stack, draft->copy, s);
    const Node *const *items = items_of(build, subnet->keys.cidr, "cidr", &count);
    if (count != needed) {
        complain(build, subnet->keys.cidr->mark, "write one range for each zone, or auto",
                 "subnet %s.%s needs %u ranges, one for each zone, and has %u", draft->stack->name, subnet->name,
                 needed, count);
        return;
    }
    if (draft->stack->copy_count > 1)
        complain(build, subnet->keys.cidr->mark, "use auto in a stack with several copies",
                 "subnet %s.%s would have the same range in every copy", draft->stack->name, subnet->name);
    for (uint32_t z = 0; z < count; z++) {
        Place *place = &build->model->places[draft->copy->subnets[s * draft->copy->zone_count + z]];
        place->cidr = range_of(build, items[z], "cidr");
        if (place->cidr.family != 0 && !prefix_contains(&draft->network.cidr, &place->cidr)) {
            char *inside = prefix_text(&draft->network.cidr);
            complain(build, items[z]->mark, NULL, "'%s' is not inside the network's range %s", items[z]->text, inside);
            g_free(inside);
        }
    }
}

/* All subnets of a network in the order in which ranges are given out. */
static uint32_t subnets_of(Build *build, const NetworkDraft *draft, Place **subnets) {
    uint32_t count = 0;
    for (uint32_t s = 0; s < draft->stack->subnet_count; s++) {
        for (uint32_t z = 0; z < places_of(draft->stack, draft->copy, s); z++)
            subnets[count++] = &build->model->places[draft->copy->subnets[s * draft->copy->zone_count + z]];
    }
    return count;
}

static bool subnet_is_free(Place *const *subnets, uint32_t count, const Prefix *prefix, const Place *but) {
    for (uint32_t i = 0; i < count; i++) {
        if (subnets[i] != but && subnets[i]->cidr.family != 0 && prefix_overlaps(&subnets[i]->cidr, prefix))
            return false;
    }
    return true;
}

/* Sixteenths of the network, or as many parts as there are subnets. */
static void subnets_number(Build *build, const NetworkDraft *draft, Place **subnets, uint32_t count) {
    uint8_t bits = SUBNET_BITS;
    while (count > (UINT32_C(1) << bits) && bits < 16)
        bits++;
    uint32_t next = 0, parts = UINT32_C(1) << bits;
    const Prefix *whole = &draft->network.cidr;
    if (whole->length + bits > (whole->family == 4 ? 28 : 128)) {
        complain(build, draft->network.mark, "write a larger range",
                 "the range of network %s is too small for its %u subnets", draft->network.name, count);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        for (; subnets[i]->cidr.family == 0 && next < parts; next++) {
            Prefix part = prefix_part(whole, (uint8_t)(whole->length + bits), next);
            if (subnet_is_free(subnets, count, &part, NULL))
                subnets[i]->cidr = part;
        }
        if (subnets[i]->cidr.family == 0)
            complain(build, draft->network.mark, "write a larger range, or every subnet's",
                     "the range of network %s has no room for subnet %s", draft->network.name, subnets[i]->name);
    }
}

/* Written ranges first, because the others step over them. */
static void subnets_lay_out(Build *build, const NetworkDraft *draft, uint32_t network) {
    uint32_t most = draft->stack->subnet_count * (draft->copy->zone_count + 1) + 1;
    Place **subnets = g_new0(Place *, most);
    for (uint32_t s = 0; s < draft->stack->subnet_count; s++)
        subnet_written(build, draft, s);
    uint32_t count = subnets_of(build, draft, subnets);
    for (uint32_t i = 0; i < count; i++) {
        subnets[i]->network = network;
        if (subnets[i]->cidr.family != 0 && !subnet_is_free(subnets, i, &subnets[i]->cidr, subnets[i]))
            complain(build, subnets[i]->mark, NULL, "the range of subnet %s overlaps another one's", subnets[i]->name);
    }
    if (draft->network.cidr.family != 0)
        subnets_number(build, draft, subnets, count);
    g_free(subnets);
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

/* The network of a site is its one range. */
static Network site_network(Build *build, uint32_t i) {
    const SiteDraft *site = &build->sites[i];
    Network network = {.name = site->name,
                       .region = place_by_path(build, site->name),
                       .stack = site->name,
                       .copy = site->name,
                       .mark = site->mark,
                       .provider = PROVIDER_SITE,
                       .ingress_table = NO_TABLE,
                       .site = i};
    if (!is_auto(site->keys.cidr)) {
        network.cidr = range_of(build, site->keys.cidr, "cidr");
        network.mark = site->keys.cidr->mark;
    }
    return network;
}

static void site_lay_out(Build *build, const NetworkDraft *draft, uint32_t network) {
    Place *place = &build->model->places[draft->network.region];
    place->network = network;
    place->cidr = draft->network.cidr;
    draft->site->network = network;
    draft->site->place = draft->network.region;
}

/* A stack without subnets and without `network:` needs no network: its parts are the provider's. */
static GArray *drafts_collect(Build *build) {
    GArray *drafts = g_array_new(FALSE, FALSE, sizeof(NetworkDraft));
    for (uint32_t i = 0; i < build->stack_count; i++) {
        Stack *stack = &build->stacks[i];
        if (stack->subnet_count == 0 && stack->keys.network == NULL)
            continue;
        for (uint32_t c = 0; c < stack->copy_count; c++) {
            Copy *copy = &stack->copies[c];
            NetworkDraft draft = {.network = {.name = keep(build, "%s[%s]", stack->name, copy->region),
                                              .region = copy->place,
                                              .stack = stack->name,
                                              .copy = copy->region,
                                              .mark = stack->mark,
                                              .provider = stack->provider,
                                              .ingress_table = NO_TABLE,
                                              .site = NO_SITE},
                                  .stack = stack,
                                  .copy = copy};
            g_array_append_val(drafts, draft);
        }
    }
    for (uint32_t i = 0; i < build->site_count; i++) {
        NetworkDraft draft = {.network = site_network(build, i), .site = &build->sites[i]};
        if (draft.network.region != NO_PLACE)
            g_array_append_val(drafts, draft);
    }
    g_array_sort(drafts, compare_texts); /* the name stands first */
    return drafts;
}

void networks_build(Build *build) {
    GArray *collected = drafts_collect(build);
    NetworkDraft *drafts = (NetworkDraft *)(void *)collected->data;
    uint32_t count = collected->len;
    for (uint32_t i = 0; i < count; i++)
        if (drafts[i].stack != NULL)
            network_written(build, &drafts[i]);
    networks_overlap(build, drafts, count);
    networks_number(build, drafts, count);
    Model *model = build->model;
    model->network_count = count;
    model->networks = tree_alloc(build->tree, (count + 1) * sizeof *model->networks);
    for (uint32_t i = 0; i < count; i++) {
        model->networks[i] = drafts[i].network;
        if (drafts[i].stack == NULL) {
            site_lay_out(build, &drafts[i], i);
            continue;
        }
        drafts[i].copy->network = i;
        subnets_lay_out(build, &drafts[i], i);
    }
    g_array_free(collected, TRUE);
}
