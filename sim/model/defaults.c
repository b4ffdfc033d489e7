/* defaults.c - what no component owns: how to run, latencies and capacities, prices. */
#include <string.h>

#include "model/build.h"

/* --- run ---------------------------------------------------------------------------------------------------------- */

/* The scenario's keys, and the pattern's where the scenario says nothing. */
static const Node *run_merged(Build *build) {
    const Node *first = build->scenario.run, *second = build->pattern.run;
    if (first == NULL || second == NULL || first->type != NODE_MAP || second->type != NODE_MAP)
        return first != NULL ? first : second;
    Node *merged = tree_copy(build->tree, first);
    NodeEntry *entries = tree_alloc(build->tree, (first->count + second->count) * sizeof *entries);
    memcpy(entries, first->entries, first->count * sizeof *entries);
    for (size_t i = 0; i < second->count; i++) {
        if (node_get(first, second->entries[i].key) == NULL)
            entries[merged->count++] = second->entries[i];
    }
    merged->entries = entries;
    return merged;
}

/* Warm-up has a default that only those can work out who know how long sessions last: has_warm_up tells them. */
static void run_build(Build *build) {
    RunKeys keys = {0};
    const Node *node = run_merged(build);
    read_keys(build, run_keys, node, "run", &keys);
    RunSpec *run = &build->model->run;
    run->until = keys.until;
    run->warm_up = keys.warm_up;
    run->has_warm_up = node_get(node, "warm_up") != NULL;
    run->replications = (uint32_t)keys.replications;
    run->seed = (uint64_t)keys.seed;
    if (run->until.ns == 0)
        complain(build, node_get(node, "until") != NULL ? node_get(node, "until")->mark : MARK_NONE, "write until: 1 h",
                 "a run must take some time");
    if (run->has_warm_up && run->warm_up.ns >= run->until.ns)
        complain(build, node_get(node, "warm_up")->mark, "choose a shorter one",
                 "the run is over before its warm-up is");
}

/* --- network ------------------------------------------------------------------------------------------------------ */

/* By name: the same region in two accounts is one place on the map. */
static bool region_is_used(const Model *model, const char *name) {
    for (PlaceId i = 0; i < model->place_count; i++) {
        if (model->places[i].level == PLACE_REGION && strcmp(model->places[i].name, name) == 0)
            return true;
    }
    return false;
}

/* From and to are sorted within a trip, so there is one spelling of each. */
static int compare_trips(gconstpointer a, gconstpointer b) {
    const KnownTrip *x = a, *y = b;
    int order = strcmp(x->from, y->from);
    return order != 0 ? order : strcmp(x->to, y->to);
}

static bool trip_is_there(const GArray *trips, const KnownTrip *trip) {
    for (guint i = 0; i < trips->len; i++) {
        if (compare_trips(&g_array_index(trips, KnownTrip, i), trip) == 0)
            return true;
    }
    return false;
}

/* Trips between regions of this model only: what is known of others is no part of it. The first list that knows one
 * wins. */
static void trips_read(Build *build, const Node *list, bool is_default, GArray *trips) {
    for (size_t i = 0; list != NULL && list->type == NODE_LIST && i < list->count; i++) {
        TripKeys keys = {0};
        if (!read_quietly(build, trip_keys, list->items[i], "a round trip", &keys))
            continue;
        bool ordered = strcmp(keys.from, keys.to) < 0;
        KnownTrip trip = {ordered ? keys.from : keys.to, ordered ? keys.to : keys.from, keys.round_trip};
        if (!region_is_used(build->model, trip.from) || !region_is_used(build->model, trip.to)) {
            if (!is_default)
                warn(build, list->items[i]->mark, NULL, "one end of this round trip is no region of this pattern");
            continue;
        }
        if (trip_is_there(trips, &trip))
            continue;
        g_array_append_val(trips, trip);
        if (is_default) {
            char *value = quantity_text(trip.round_trip.ns, UNIT_TIME);
            assumed_add(build->assumed, "network", keep(build, "%s - %s", trip.from, trip.to), value,
                        keys.source != NULL ? keys.source : "assumption");
            g_free(value);
        }
    }
}

/* C.10: the pattern's own values, else those of network.yaml, else the rows'. */
static void network_build(Build *build) {
    NetworkDefaultKeys keys = {0};
    fields_read(network_default_keys, build->pattern.network, node_get(build->network, "network"), NULL, build->tree,
                "network", &keys, build->assumed, build->diagnostics);
    GArray *trips = g_array_new(FALSE, FALSE, sizeof(KnownTrip));
    trips_read(build, keys.round_trips, false, trips);
    trips_read(build, node_get(build->network, "round_trips"), true, trips);
    g_array_sort(trips, compare_trips);
    NetworkDefaults *network = &build->model->network;
    *network = (NetworkDefaults){
        .same_zone = keys.same_zone,
        .zone_to_zone = keys.zone_to_zone,
        .last_mile = keys.last_mile,
        .fibre_speed_share = keys.fibre_speed_share,
        .route_factor = keys.route_factor,
        .fixed = keys.fixed,
        .zone_link = keys.zone_link,
        .region_link = keys.region_link,
        .internet_link = keys.internet_link,
        .connect_timeout = keys.connect_timeout,
        .request_bytes = keys.request_bytes,
        .answer_bytes = keys.answer_bytes,
        .absorber_threshold = keys.absorber_threshold,
        .absorber_delay = keys.absorber_delay,
        .absorber_share = keys.absorber_share,
    };
    network->trips = keep_array(build, trips, &network->trip_count);
}

/* --- prices ------------------------------------------------------------------------------------------------------- */

/* All prices are kept; who bills what is a matter of kinds and measures. */
static void prices_build(Build *build) {
    uint32_t count;
    NodeEntry *entries = sorted_entries(build, node_get(build->prices, "prices"), "prices", &count);
    GArray *prices = g_array_new(FALSE, FALSE, sizeof(Price));
    for (uint32_t i = 0; i < count; i++) {
        PriceKeys keys = {0};
        if (!read_quietly(build, price_keys, entries[i].value, keep(build, "price %s", entries[i].key), &keys))
            continue;
        Price price = {entries[i].key, keys.price, keys.unit, keys.source};
        g_array_append_val(prices, price);
    }
    build->model->prices = keep_array(build, prices, &build->model->price_count);
}

void defaults_build(Build *build) {
    run_build(build);
    network_build(build);
    prices_build(build);
}
