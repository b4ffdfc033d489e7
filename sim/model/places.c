/* places.c - the table of places: provider > account > region > zone > subnet, and where users are.
 *
 * Only places that something stands in are made, so adding a region to places.yaml changes no model. */
#include <string.h>

#include "model/build.h"

const char *level_name(PlaceLevel level) {
    static const char *const names[] = {"outside place", "provider", "account", "region", "zone", "subnet"};
    return names[level];
}

/* `outside` stands beside the providers in places.yaml and is none. */
const Node *region_node(const Build *build, const char *provider, const char *region) {
    return strcmp(provider, "outside") == 0 ? NULL : node_get(node_get(build->places, provider), region);
}

/* --- making ------------------------------------------------------------------------------------------------------- */

/* Linear: models have dozens of places, thousands at most. */
static Place *place_made(const Build *build, const char *path) {
    for (guint i = 0; i < build->places_made->len; i++) {
        Place *place = &g_array_index(build->places_made, Place, i);
        if (strcmp(place->path, path) == 0)
            return place;
    }
    return NULL;
}

/* Stacks share zones, regions and accounts: each is made once. The result holds until the next one is made. */
static Place *place_add(Build *build, PlaceLevel level, const char *parent_path, const char *name, Mark mark) {
    const char *path = parent_path != NULL ? keep(build, "%s/%s", parent_path, name) : name;
    Place *there = place_made(build, path);
    if (there != NULL)
        return there;
    Place place = {.name = name,
                   .path = path,
                   .level = level,
                   .parent = NO_PLACE,
                   .network = NO_INDEX,
                   .route_table = NO_INDEX,
                   .mark = mark};
    g_array_append_val(build->places_made, place);
    return &g_array_index(build->places_made, Place, build->places_made->len - 1);
}

/* "-33.87" as a double, by exact millionths: no locale, no strtod. */
static bool degrees_parse(const char *text, int64_t most, double *degrees) {
    bool negative = text[0] == '-';
    const char *at = text + negative;
    size_t whole = strspn(at, "0123456789");
    size_t decimals = at[whole] == '.' ? strspn(at + whole + 1, "0123456789") : 0;
    const char *end = at + whole + (at[whole] == '.' ? 1 + decimals : 0);
    if (whole == 0 || whole > 3 || decimals > 6 || *end != '\0')
        return false;
    int64_t millionths = 0;
    for (size_t i = 0; i < whole; i++)
        millionths = millionths * 10 + (at[i] - '0');
    for (size_t i = 0; i < 6; i++)
        millionths = millionths * 10 + (i < decimals ? at[whole + 1 + i] - '0' : 0);
    if (millionths > most * 1000000)
        return false;
    *degrees = (double)(negative ? -millionths : millionths) / 1e6;
    return true;
}

/* Coordinates come from a file and are assumptions, so they are listed as such. */
static void place_locate(Build *build, Place *place, const Node *node, bool is_default) {
    PlaceKeys keys = {0};
    const char *owner = keep(build, "place %s", place->name);
    if (!read_quietly(build, place_keys, node, owner, &keys))
        return;
    if (!degrees_parse(keys.latitude, 90, &place->latitude))
        complain(build, node_get(node, "latitude")->mark, "degrees like 38.95 or -33.87, from -90 to 90",
                 "'%s' is no latitude", keys.latitude);
    else if (!degrees_parse(keys.longitude, 180, &place->longitude))
        complain(build, node_get(node, "longitude")->mark, "degrees like 151.2 or -77.45, from -180 to 180",
                 "'%s' is no longitude", keys.longitude);
    if (keys.cidr != NULL && place->level == PLACE_OUTSIDE)
        place->cidr = range_of(build, node_get(node, "cidr"), "cidr");
    if (is_default) {
        const Node *source = node_get(build->places, "source");
        const char *from = source != NULL && source->type == NODE_SCALAR ? source->text : "assumption";
        assumed_add(build->assumed, owner, "coordinates", keep(build, "%s %s", keys.latitude, keys.longitude),
                    keys.about != NULL ? keep(build, "%s, %s", from, keys.about) : from);
    }
}

/* A region that two stacks share is located once. */
static void copy_places(Build *build, const Stack *stack, const Copy *copy) {
    bool is_new = place_made(build, keep(build, "%s/%s", stack->account_path, copy->region)) == NULL;
    Place *region = place_add(build, PLACE_REGION, stack->account_path, copy->region, copy->mark);
    const char *region_path = region->path;
    if (is_new)
        place_locate(build, region, region_node(build, stack->provider, copy->region), true);
    for (uint32_t z = 0; z < copy->zone_count; z++)
        place_add(build, PLACE_ZONE, region_path, copy->zone_names[z], copy->mark);
    for (uint32_t s = 0; s < stack->subnet_count; s++) {
        const Subnet *subnet = &stack->subnets[s];
        bool per_zone = subnet->keys.per == SUBNET_PER_ZONE;
        for (uint32_t z = 0; z < (per_zone ? copy->zone_count : 1); z++) {
            const char *name = keep(build, "%s[%s].%s%s%s", stack->name, copy->region, subnet->name,
                                    per_zone ? "." : "", per_zone ? copy->zone_suffixes[z] : "");
            const char *in = per_zone ? keep(build, "%s/%s", region_path, copy->zone_names[z]) : region_path;
            Place *place = place_add(build, PLACE_SUBNET, in, name, subnet->mark);
            place->stack = stack->name;
            place->copy = copy->region;
        }
    }
}

/* The pattern's own places count as known ones. */
static void complain_outside(Build *build, const Node *item) {
    GPtrArray *names = keys_of(build->pattern.places), *known = keys_of(node_get(build->places, "outside"));
    g_ptr_array_extend_and_steal(names, known);
    g_ptr_array_sort(names, compare_texts);
    complain_name(build, item->mark, item->text, names, "places known", "there is no place '%s' outside the provider",
                  item->text);
}

/* A place outside the provider, made once. */
static void outside_place(Build *build, const Node *item) {
    const char *name = scalar_of(build, item, "a place");
    if (name == NULL || place_made(build, name) != NULL)
        return;
    const Node *own = node_get(build->pattern.places, name);
    const Node *node = own != NULL ? own : node_get(node_get(build->places, "outside"), name);
    if (node == NULL && build->places != NULL)
        complain_outside(build, item);
    else if (node != NULL)
        place_locate(build, place_add(build, PLACE_OUTSIDE, NULL, name, item->mark), node, own == NULL);
}

/* Where the populations are, and what others run; what `from` means beyond that is read with the components. */
static void outside_places(Build *build) {
    uint32_t count, places;
    NodeEntry *entries = sorted_entries(build, build->pattern.users, "users", &count);
    for (uint32_t i = 0; i < count; i++) {
        const Node *const *items = items_of(build, node_get(entries[i].value, "from"), "from", &places);
        for (uint32_t k = 0; k < places; k++)
            outside_place(build, items[k]);
    }
    entries = sorted_entries(build, build->pattern.edge, "edge", &count);
    for (uint32_t i = 0; i < count; i++)
        if (node_get(entries[i].value, "at") != NULL)
            outside_place(build, node_get(entries[i].value, "at"));
}

/* A site is a place of its own, where `at` says. */
static void site_places(Build *build) {
    for (uint32_t i = 0; i < build->site_count; i++) {
        const SiteDraft *site = &build->sites[i];
        const Node *own = node_get(build->pattern.places, site->keys.at);
        const Node *node = own != NULL ? own : node_get(node_get(build->places, "outside"), site->keys.at);
        if (place_made(build, site->name) != NULL)
            complain(build, site->mark, "choose another name", "there is a place '%s' already", site->name);
        else if (node == NULL && build->places != NULL)
            complain_outside(build, node_get(node_get(build->pattern.sites, site->name), "at"));
        else if (node != NULL)
            place_locate(build, place_add(build, PLACE_OUTSIDE, NULL, site->name, site->mark), node, false);
    }
}

/* Places that nobody is at are checked like the others. */
static void unused_places(Build *build) {
    uint32_t count;
    NodeEntry *entries = sorted_entries(build, build->pattern.places, "places", &count);
    for (uint32_t i = 0; i < count; i++) {
        Place scratch = {.name = entries[i].key};
        if (place_made(build, entries[i].key) == NULL)
            place_locate(build, &scratch, entries[i].value, false);
    }
}

/* The provider itself is a place: what stands at its edge is there. */
static void edge_places(Build *build) {
    const char *provider = build->pattern.provider;
    const Node *node = node_get(tree_root(build->pattern_tree), "provider");
    if (build->places != NULL && node_get(build->places, provider) == NULL) {
        GPtrArray *names = g_ptr_array_new();
        for (size_t i = 0; i < build->places->count; i++) {
            const NodeEntry *entry = &build->places->entries[i];
            if (entry->value->type == NODE_MAP && strcmp(entry->key, "outside") != 0)
                g_ptr_array_add(names, (char *)entry->key);
        }
        complain_name(build, node->mark, provider, names, "providers known", "there is no provider '%s'", provider);
    }
    place_add(build, PLACE_PROVIDER, NULL, provider, node->mark);
}

/* --- sealing ------------------------------------------------------------------------------------------------------ */

static int compare_paths(gconstpointer a, gconstpointer b) {
    return strcmp(((const Place *)a)->path, ((const Place *)b)->path);
}

/* Binary search: the table is sorted by path. */
PlaceId place_by_path(const Build *build, const char *path) {
    Place key = {.path = path};
    const Model *model = build->model;
    const Place *found =
        model->place_count > 0 ? bsearch(&key, model->places, model->place_count, sizeof key, compare_paths) : NULL;
    return found != NULL ? (PlaceId)(found - model->places) : NO_PLACE;
}

/* A path without its last part is the parent's. */
static void parents_find(Build *build) {
    Model *model = build->model;
    for (PlaceId i = 0; i < model->place_count; i++) {
        const char *path = model->places[i].path, *slash = strrchr(path, '/');
        if (slash == NULL)
            continue;
        char *parent = g_strndup(path, (gsize)(slash - path));
        model->places[i].parent = place_by_path(build, parent);
        g_free(parent);
    }
}

/* From here on ids are final, and copies hold theirs. */
static void copy_link(Build *build, const Stack *stack, Copy *copy) {
    copy->place = place_by_path(build, keep(build, "%s/%s", stack->account_path, copy->region));
    copy->zones = tree_alloc(build->tree, (copy->zone_count + 1) * sizeof *copy->zones);
    copy->subnets = tree_alloc(build->tree, (stack->subnet_count * copy->zone_count + 1) * sizeof *copy->subnets);
    const Model *model = build->model;
    for (uint32_t z = 0; z < copy->zone_count; z++)
        copy->zones[z] =
            place_by_path(build, keep(build, "%s/%s", model->places[copy->place].path, copy->zone_names[z]));
    for (uint32_t s = 0; s < stack->subnet_count; s++) {
        const char *name = keep(build, "%s[%s].%s", stack->name, copy->region, stack->subnets[s].name);
        for (uint32_t z = 0; z < copy->zone_count; z++) {
            bool per_zone = stack->subnets[s].keys.per == SUBNET_PER_ZONE;
            const char *in = model->places[per_zone ? copy->zones[z] : copy->place].path;
            const char *path =
                per_zone ? keep(build, "%s/%s.%s", in, name, copy->zone_suffixes[z]) : keep(build, "%s/%s", in, name);
            copy->subnets[s * copy->zone_count + z] = place_by_path(build, path);
        }
    }
}

void places_build(Build *build) {
    build->places_made = g_array_new(FALSE, FALSE, sizeof(Place));
    outside_places(build);
    site_places(build);
    unused_places(build);
    edge_places(build);
    for (uint32_t i = 0; i < build->stack_count; i++) {
        Stack *stack = &build->stacks[i];
        place_add(build, PLACE_PROVIDER, NULL, stack->provider, stack->mark);
        place_add(build, PLACE_ACCOUNT, stack->provider, stack->account, stack->mark);
        for (uint32_t c = 0; c < stack->copy_count; c++)
            copy_places(build, stack, &stack->copies[c]);
    }
    g_array_sort(build->places_made, compare_paths);
    build->model->places = keep_array(build, build->places_made, &build->model->place_count);
    parents_find(build);
    for (uint32_t i = 0; i < build->stack_count; i++) {
        for (uint32_t c = 0; c < build->stacks[i].copy_count; c++)
            copy_link(build, &build->stacks[i], &build->stacks[i].copies[c]);
    }
}

/* A name may be there several times: a region in every account that uses it. */
uint32_t places_named(Build *build, PlaceLevel level, const char *name, Mark mark, PlaceId **found) {
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(PlaceId));
    GPtrArray *names = g_ptr_array_new();
    for (PlaceId i = 0; i < build->model->place_count; i++) {
        const Place *place = &build->model->places[i];
        if (place->level != level)
            continue;
        g_ptr_array_add(names, (char *)place->name);
        if (strcmp(place->name, name) == 0)
            g_array_append_val(ids, i);
    }
    if (ids->len == 0 && !build->places_failed) {
        const char *known = keep(build, "%ss of this pattern", level_name(level));
        complain_name(build, mark, name, names, known, "there is no %s '%s' in this pattern", level_name(level), name);
    } else {
        g_ptr_array_free(names, TRUE);
    }
    uint32_t count;
    *found = keep_array(build, ids, &count);
    return count;
}
