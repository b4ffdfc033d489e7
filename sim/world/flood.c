/* flood.c - what a unit can take up, and what becomes of honest requests when more comes than that.
 *
 * A flood is never simulated request by request: it is a volume, and of everything that arrives a unit takes up its
 * capacity at random. So an honest request gets through with chance capacity / (flood + honest), where the honest rate
 * is what the unit met over the last seconds. The same holds without a flood, where more honest ones come than that. */
#include "world/state.h"

#define SECOND INT64_C(1000000000)

/* --- what arrives at a unit --------------------------------------------------------------------------------------- */

static bool stands_inside(const World *w, ComponentId component) {
    return w->model->components[component].kind->role != ROLE_POPULATION;
}

/* The sender's connections get to the unit: as any others, by the network's verdict. */
static bool gets_through(const World *w, ClassId from, UnitId unit) {
    Query query = reach_usual(w->reach, from, w->briefs[unit].class);
    return reach_verdict(w->reach, w->net, query).kind == VERDICT_REACH;
}

/* Of the senders, which get through; a component's first class speaks for it. */
static double share_through(const World *w, const TimelineEvent *event, UnitId unit) {
    if (event->source_count == 0)
        return gets_through(w, CLASS_INTERNET, unit);
    uint32_t through = 0;
    for (uint32_t s = 0; s < event->source_count; s++)
        through += gets_through(w, w->first_class[event->sources[s]], unit);
    return (double)through / event->source_count;
}

static bool comes_from_outside(const World *w, const TimelineEvent *event) {
    return event->source_count == 0 || !stands_inside(w, event->sources[0]);
}

/* The provider's perimeter takes in floods that are small enough without a word, and most of others once it has seen
 * what they are. */
static double share_past_perimeter(const World *w, const TimelineEvent *event, int64_t volume) {
    const NetworkDefaults *network = &w->model->network;
    if (!comes_from_outside(w, event))
        return 1;
    if (volume <= network->absorber_threshold)
        return 0;
    bool mitigated = !simtime_before(clock_of(w), later(event->at, network->absorber_delay));
    return mitigated ? 1 - (double)network->absorber_share / 1e9 : 1;
}

static uint32_t units_hit(const World *w, const Target *target) {
    uint32_t count = 0;
    for (UnitId u = 0; u < w->model->unit_count; u++)
        count += conditions_hit(w->model, target, u) && w->units[u].region != NO_PLACE;
    return count;
}

int64_t flood_part(const World *w, uint32_t e, UnitId unit, int64_t volume) {
    const TimelineEvent *event = &w->model->timeline[e];
    if (w->units[unit].region == NO_PLACE) /* the provider's edge takes it in where it comes from */
        return 0;
    double past = share_past_perimeter(w, event, volume) * share_through(w, event, unit);
    return (int64_t)((double)volume * past / units_hit(w, &event->target));
}

Front *flood_fronts(const Model *model) {
    bool any = false;
    for (ComponentId c = 0; c < model->component_count; c++)
        any = any || model->components[c].capacity > 0;
    return any ? g_new0(Front, model->unit_count) : NULL;
}

/* --- what the unit takes up --------------------------------------------------------------------------------------- */

/* The honest rate: an average over about eight seconds, as of the last full one. */
static void front_turn(Front *front, SimTime at) {
    int64_t passed = (at.ns - front->ends) / SECOND + 1;
    for (int64_t i = 0; i < MIN(passed, 64); i++) {
        front->rate =
            front->seconds == 0 ? front->count * SECOND : front->rate + (front->count * SECOND - front->rate) / 8;
        front->count = 0;
        front->seconds++;
    }
    front->ends += passed * SECOND;
}

bool flood_turns_away(World *w, Request *rq) {
    int64_t capacity = w->fronts ? w->model->components[w->briefs[rq->unit].component].capacity : 0;
    if (capacity == 0)
        return false;
    Front *front = &w->fronts[rq->unit];
    if (rq->now.ns >= front->ends)
        front_turn(front, rq->now);
    front->count++;
    double offered = (double)front->rate + (double)w->units[rq->unit].condition.flood;
    return offered > (double)capacity && !draw_chance(&rq->luck, (int64_t)((double)capacity / offered * 1e9));
}

/* --- links -------------------------------------------------------------------------------------------------------- */

/* Bits a second that a flood, and the honest requests of the units it hits, send over the region's way to or from the
 * internet. */
static double bits_of(const World *w, uint32_t e, PlaceId region, Carry what) {
    const TimelineEvent *event = &w->model->timeline[e];
    Condition bent = CONDITION_HEALTHY;
    event->fault->bend(event->spec, &bent);
    double bits = 0;
    for (UnitId u = 0; u < w->model->unit_count; u++) {
        if (w->units[u].region != region || !conditions_hit(w->model, &event->target, u))
            continue;
        double part = (double)flood_part(w, e, u, bent.flood), honest = w->fronts ? (double)w->fronts[u].rate : 0;
        double capacity = (double)w->model->components[w->units[u].component].capacity, taken = 1;
        if (capacity > 0 && part + honest > capacity)
            taken = capacity / (part + honest);
        if (part > 0)
            bits += (part + honest) * (what == CARRY_ANSWER ? taken : 1) * (double)w->carried[what] / 1e9;
    }
    return bits;
}

int64_t flood_loss(const World *w, PlaceId region, Carry what, int64_t capacity) {
    double bits = 0;
    for (uint32_t e = 0; region != NO_PLACE && e < w->model->event_count; e++) {
        const TimelineEvent *event = &w->model->timeline[e];
        if (w->holdings[e].holds && event->kind == EVENT_FAULT && event->fault->source && comes_from_outside(w, event))
            bits += bits_of(w, e, region, what);
    }
    return bits > (double)capacity ? (int64_t)((1 - (double)capacity / bits) * 1e9) : 0;
}

/* --- when ----------------------------------------------------------------------------------------------------------
 */

/* A rule that changed may stop it, or let it in. */
void flood_follow(World *w) {
    bool any = false;
    for (uint32_t e = 0; e < w->model->event_count && !any; e++) {
        const TimelineEvent *event = &w->model->timeline[e];
        any = w->holdings[e].holds && event->kind == EVENT_FAULT && event->fault->source;
    }
    if (any && netstate_epoch(w->net) != w->flood_epoch)
        conditions_follow(w);
    w->flood_epoch = netstate_epoch(w->net);
}
