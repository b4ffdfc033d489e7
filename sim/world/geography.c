/* geography.c - distances, links and their capacity: every hop takes time, and a link carries only so much.
 *
 * Located places ("spots") are zones, regions and outside places. Delays come from the model (C.10 defaults); faults on
 * links add to them. Capacity is a fluid queue per link in steps of a second: exact for averages over seconds, which is
 * what saturation is about, and free of an event per packet. */
#include "world/state.h"

static bool is_spot(const Place *place) {
    return place->level == PLACE_ZONE || place->level == PLACE_REGION || place->level == PLACE_OUTSIDE;
}

static PlaceId region_of(const World *w, uint16_t spot) {
    return model_enclosing(w->model, w->spots[spot], PLACE_REGION);
}

static LinkScope scope_between(const World *w, uint16_t from, uint16_t to) {
    const Model *model = w->model;
    if (model->places[w->spots[from]].level == PLACE_OUTSIDE)
        return SCOPE_INTERNET_IN;
    if (model->places[w->spots[to]].level == PLACE_OUTSIDE)
        return SCOPE_INTERNET_OUT;
    if (region_of(w, from) != region_of(w, to))
        return SCOPE_REGIONS;
    return from == to ? SCOPE_SAME_ZONE : SCOPE_ZONES;
}

static int64_t capacity_of(const World *w, LinkScope scope) {
    const NetworkDefaults *network = &w->model->network;
    switch (scope) {
    case SCOPE_INTERNET_IN:
    case SCOPE_INTERNET_OUT: return network->internet_link;
    case SCOPE_REGIONS: return network->region_link;
    default: return network->zone_link;
    }
}

/* Links that share a cable share a pipe: everything between the same two regions, or between a region and an outside
 * place. */
static Pipe *pipe_between(World *w, uint16_t from, uint16_t to, GHashTable *known) {
    LinkScope scope = scope_between(w, from, to);
    bool wide = scope != SCOPE_SAME_ZONE && scope != SCOPE_ZONES;
    PlaceId a = w->spots[from], b = w->spots[to];
    if (wide && w->model->places[a].level != PLACE_OUTSIDE)
        a = region_of(w, from);
    if (wide && w->model->places[b].level != PLACE_OUTSIDE)
        b = region_of(w, to);
    uint64_t key = (uint64_t)a << 32 | b;
    gpointer found = g_hash_table_lookup(known, &key);
    if (found)
        return found;
    Pipe *pipe = &w->pipes[w->pipe_count++];
    *pipe = (Pipe){.capacity = capacity_of(w, scope)};
    g_hash_table_insert(known, g_memdup2(&key, sizeof key), pipe);
    return pipe;
}

static void build_links(World *w) {
    GHashTable *known = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    size_t pairs = (size_t)w->spot_count * w->spot_count;
    w->links = g_new0(Link, pairs);
    w->pipes = g_new0(Pipe, pairs);
    for (uint16_t a = 0; a < w->spot_count; a++)
        for (uint16_t b = 0; b < w->spot_count; b++) {
            Link *link = &w->links[(size_t)a * w->spot_count + b];
            link->scope = (uint8_t)scope_between(w, a, b);
            link->pipe = pipe_between(w, a, b, known);
        }
    g_hash_table_destroy(known);
}

/* Where a unit stands: its zone, else its region, else its component's place when that is on the map. */
static uint16_t spot_of_unit(const World *w, UnitId unit) {
    const ModelUnit *at = &w->model->units[unit];
    PlaceId place = at->zone != NO_PLACE ? at->zone : at->region;
    if (place == NO_PLACE)
        place = w->model->components[at->component].place;
    return place == NO_PLACE ? SPOT_NOWHERE : w->place_spot[place];
}

static void measure_distances(World *w) {
    uint32_t count = w->model->place_count;
    w->distance = g_new(SimTime, (size_t)count * count);
    for (PlaceId a = 0; a < count; a++)
        for (PlaceId b = 0; b < count; b++)
            w->distance[(size_t)a * count + b] = model_one_way(w->model, a, b);
}

void geography_init(World *w) {
    const Model *model = w->model;
    measure_distances(w);
    w->carried[CARRY_REQUEST] = model->network.request_bytes * 8;
    w->carried[CARRY_ANSWER] = model->network.answer_bytes * 8;
    w->spots = g_new(PlaceId, model->place_count);
    w->place_spot = g_new(uint16_t, model->place_count);
    for (PlaceId p = 0; p < model->place_count; p++) {
        w->place_spot[p] = SPOT_NOWHERE;
        if (is_spot(&model->places[p])) {
            w->place_spot[p] = (uint16_t)w->spot_count;
            w->spots[w->spot_count++] = p;
        }
    }
    for (UnitId u = 0; u < model->unit_count; u++)
        w->briefs[u].spot = spot_of_unit(w, u);
    build_links(w);
}

void geography_clear(World *w) {
    g_free(w->spots);
    g_free(w->place_spot);
    g_free(w->links);
    g_free(w->distance);
    g_free(w->pipes);
}

void geography_reset(World *w) {
    for (uint32_t p = 0; p < w->pipe_count; p++)
        w->pipes[p] = (Pipe){.capacity = w->pipes[p].capacity};
    for (size_t l = 0; l < (size_t)w->spot_count * w->spot_count; l++)
        w->links[l].crossed[CARRY_REQUEST] = w->links[l].crossed[CARRY_ANSWER] = 0;
    geography_follow(w);
}

static bool inside(const Model *model, PlaceId place, PlaceId outer) {
    for (; place != NO_PLACE; place = model->places[place].parent)
        if (place == outer)
            return true;
    return false;
}

bool geography_on_the_way(const Model *model, const Target *target, PlaceId a, PlaceId b) {
    bool there = inside(model, a, target->from) && inside(model, b, target->to);
    bool back = target->both_ways && inside(model, a, target->to) && inside(model, b, target->from);
    return there || back;
}

static SimTime transmission(int64_t bits, int64_t capacity) {
    return SIMTIME_NS((int64_t)((double)bits / (double)capacity * 1e9 + 0.5));
}

SimTime pipe_wait(const Pipe *pipe) { return transmission(pipe->backlog, pipe->capacity); }

static void fold_link(World *w, uint16_t a, uint16_t b) {
    const Model *model = w->model;
    Link *link = &w->links[(size_t)a * w->spot_count + b];
    Link before = *link;
    Condition condition = CONDITION_HEALTHY;
    link->cut = false;
    for (uint32_t e = 0; e < model->event_count; e++) {
        const TimelineEvent *event = &model->timeline[e];
        if (!w->holdings[e].holds || event->kind != EVENT_FAULT || event->target.kind != TARGET_LINK ||
            !geography_on_the_way(model, &event->target, w->spots[a], w->spots[b]))
            continue;
        Condition bent = CONDITION_HEALTHY;
        event->fault->bend(event->spec, &bent);
        condition = condition_join(condition, bent);
        link->cut = link->cut || (event->fault->is_link_severed && event->fault->is_link_severed(event->spec));
    }
    link->cut = failures_bend_link(w, w->spots[a], w->spots[b], &condition) || link->cut;
    int64_t flooded = 0;
    if (link->scope == SCOPE_INTERNET_OUT)
        flooded = flood_loss(w, region_of(w, a), CARRY_ANSWER, link->pipe->capacity);
    else if (link->scope == SCOPE_INTERNET_IN)
        flooded = flood_loss(w, region_of(w, b), CARRY_REQUEST, link->pipe->capacity);
    link->loss = condition.loss + flooded - share_of_share(condition.loss, flooded);
    link->drops = link->cut || link->loss > 0;
    SimTime healthy = geography_distance(w, w->spots[a], w->spots[b]);
    if (condition.speed != WHOLE)
        healthy.ns = (int64_t)((double)healthy.ns * ((double)WHOLE / (double)condition.speed));
    link->delay = simtime_add(healthy, condition.delay);
    for (int what = 0; what < 2; what++)
        link->idle[what] = simtime_add(link->delay, transmission(w->carried[what], link->pipe->capacity));
    if (link->cut != before.cut)
        netstate_link_cut(w->net, w->spots[a], w->spots[b], link->cut);
    if (link->cut != before.cut || link->loss != before.loss || !simtime_equal(link->delay, before.delay))
        w->truth_changed = true;
}

void geography_follow(World *w) {
    for (uint16_t a = 0; a < w->spot_count; a++)
        for (uint16_t b = 0; b < w->spot_count; b++)
            fold_link(w, a, b);
}

uint64_t world_bytes(const World *w, LinkScope scope) {
    uint64_t bytes = 0;
    for (size_t l = 0; l < (size_t)w->spot_count * w->spot_count; l++)
        for (int what = 0; what < 2 && w->links[l].scope == scope; what++)
            bytes += w->links[l].crossed[what] * (uint64_t)w->carried[what] / 8;
    uint64_t answer = (uint64_t)w->carried[CARRY_ANSWER] / 8;
    if (scope == SCOPE_CDN)
        return w->delivered * answer;
    if (scope == SCOPE_REGIONS)
        return bytes + w->copied;
    if (scope == SCOPE_INTERNET_OUT)
        bytes -= w->delivered_on * answer;
    return bytes;
}

SimTime geography_distance(const World *w, PlaceId from, PlaceId to) {
    return w->distance[(size_t)from * w->model->place_count + to];
}

SimTime geography_delay(const World *w, uint16_t from, uint16_t to) {
    if (from == SPOT_NOWHERE || to == SPOT_NOWHERE)
        return SIMTIME_ZERO;
    return w->links[(size_t)from * w->spot_count + to].delay;
}

/* What the buckets up to `at` could not carry waits for the one that begins. */
void pipe_turn(Pipe *pipe, SimTime at) {
    int64_t second = INT64_C(1000000000), passed = (at.ns - pipe->ends) / second + 1;
    int64_t left = pipe->backlog + pipe->offered;
    left = left / pipe->capacity >= passed ? left - passed * pipe->capacity : 0;
    pipe->backlog = left;
    pipe->offered = 0;
    pipe->ends += passed * second;
}
