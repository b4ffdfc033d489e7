/* diagram_look.c - states of boxes and arrows at one moment, taken or summed up from those of components and links. */
#include "render/diagram_look.h"

/* ---- Boxes ----------------------------------------------------------------------------------- */

static bool place_is_down(const Diagram *diagram, const Moment *moment, int place) {
    for (; place != NO_ID; place = diagram->document->places[place].parent)
        if (moment->places[place] == TROUBLE_DOWN)
            return true;
    return false;
}

/* A component is degraded because of some zone; which one, its counts tell. When all zones are complete, the reason is
 * another one (it is slow) and holds everywhere. */
static bool all_zones_complete(const ComponentState *whole) {
    for (int i = 0; i < whole->zone_count; i++)
        if (whole->zones[i].down + whole->zones[i].booting > 0)
            return false;
    return true;
}

static State zone_state(const Diagram *diagram, const Moment *moment, const ComponentState *whole,
                        const ZoneState *zone, const Box *box) {
    if (whole->state == STATE_OWNED || whole->state == STATE_EXPOSED || whole->state == STATE_AT_RISK ||
        whole->state == STATE_FAILED)
        return whole->state;
    if (zone->serving == 0 && (zone->down > 0 || place_is_down(diagram, moment, box->zone)))
        return STATE_FAILED;
    if (zone->down + zone->booting > 0 && whole->state != STATE_OVERLOADED)
        return STATE_DEGRADED;
    if (whole->state == STATE_DEGRADED && !all_zones_complete(whole))
        return STATE_HEALTHY;
    return whole->state;
}

static BoxLook look_of_zone(const Diagram *diagram, const Moment *moment, const Box *box) {
    const ComponentState *whole = &moment->components[box->component];
    ZoneState here = {.zone = box->zone, .subnet = box->subnet};
    for (int i = 0; i < whole->zone_count; i++) {
        const ZoneState *zone = &whole->zones[i];
        if (zone->zone != box->zone || zone->subnet != box->subnet)
            continue;
        here.serving += zone->serving;
        here.booting += zone->booting;
        here.down += zone->down;
    }
    return (BoxLook){
        zone_state(diagram, moment, whole, &here, box), here.serving, here.booting, here.down, 0, whole->note};
}

static BoxLook look_of_component(const ComponentState *whole) {
    return (BoxLook){whole->state, whole->serving, whole->booting, whole->down, whole->absent, whole->note};
}

/* How much a state matters when several things share a box: an intruder before a failure, a failure before trouble. */
static int gravity(State state) {
    static const int order[STATE_COUNT] = {
        [STATE_IDLE] = 0,    [STATE_HEALTHY] = 1, [STATE_DEGRADED] = 2, [STATE_OVERLOADED] = 3,
        [STATE_AT_RISK] = 4, [STATE_FAILED] = 5,  [STATE_EXPOSED] = 6,  [STATE_OWNED] = 7};
    return order[state];
}

static BoxLook look_of_region(const Diagram *diagram, const Moment *moment, int region) {
    const Document *document = diagram->document;
    BoxLook look = {.state = STATE_IDLE};
    int failed = 0, members = 0;
    for (int i = 0; i < document->component_count; i++) {
        if (document_place_at(document, document->components[i].place, LEVEL_REGION) != region)
            continue;
        const ComponentState *state = &moment->components[i];
        look.serving += state->serving;
        look.booting += state->booting;
        look.down += state->down;
        look.absent += state->absent;
        if (gravity(state->state) > gravity(look.state))
            look.state = state->state;
        failed += state->state == STATE_FAILED;
        members++;
    }
    if (look.state == STATE_FAILED && failed < members)
        look.state = STATE_DEGRADED;
    return look;
}

/* ---- Arrows ---------------------------------------------------------------------------------- */

/* Does `part` of a link belong to the edge between these boxes? Requests that cross zones count at the arrow that is
 * drawn into the zone where they arrive. */
static bool part_fits(const Box *from, const Box *to, const LinkPart *part) {
    if (to->zone != NO_ID)
        return part->to_zone == to->zone;
    return from->zone == NO_ID || part->from_zone == from->zone;
}

/* The edge that counts `part`: the one between its zones, else the first that leads where it arrives; or NO_ID. */
static int part_taker(const Diagram *diagram, int link, const LinkPart *part) {
    const LinkEdges *shown = &diagram->shown[link];
    int first = NO_ID;
    for (int i = 0; i < shown->count; i++) {
        const Edge *edge = &diagram->edges[shown->edges[i]];
        const Box *from = &diagram->boxes[edge->from], *to = &diagram->boxes[edge->to];
        if (!part_fits(from, to, part))
            continue;
        if (from->zone == part->from_zone && to->zone == part->to_zone)
            return shown->edges[i];
        if (first == NO_ID)
            first = shown->edges[i];
    }
    return first;
}

/* Means of requests: a total and how many of them were good. */
typedef struct {
    double requests, good;
    bool known, good_known;
} Tally;

static void tally_add(Tally *tally, double requests_per_s, double good_share) {
    if (requests_per_s < 0)
        return;
    tally->known = true;
    tally->requests += requests_per_s;
    if (good_share >= 0) {
        tally->good_known = true;
        tally->good += requests_per_s * good_share;
    } else {
        tally->good += requests_per_s;
    }
}

static void tally_parts(const Diagram *diagram, int edge, int link, const LinkState *state, Tally *tally) {
    for (int p = 0; p < state->part_count; p++)
        if (part_taker(diagram, link, &state->parts[p]) == edge)
            tally_add(tally, state->parts[p].requests_per_s, state->parts[p].good_share);
    tally->known = true;
}

static EdgeLook look_of_edge(const Diagram *diagram, const Moment *moment, int id) {
    const Edge *edge = &diagram->edges[id];
    EdgeLook look = {.reaches = true, .verdict = "REACH", .first = true};
    bool trunk = diagram->boxes[edge->from].role == ROLE_GATEWAY || diagram->boxes[edge->to].role == ROLE_GATEWAY;
    Tally tally = {0};
    for (int i = 0; i < edge->link_count; i++) {
        const LinkState *state = &moment->links[edge->links[i]];
        if (i == 0 || (look.reaches != state->reaches && look.reaches != trunk)) {
            look.reaches = state->reaches;
            look.verdict = state->verdict;
            look.rule = state->rule;
        }
        if (state->part_count > 0) {
            tally_parts(diagram, id, edge->links[i], state, &tally);
            continue;
        }
        tally_add(&tally, state->requests_per_s, state->good_share);
        const LinkEdges *shown = &diagram->shown[edge->links[i]];
        look.shared |= shown->count > 1;
        look.first &= shown->edges[0] == id;
    }
    look.requests_per_s = tally.known ? tally.requests : -1;
    look.good_share = tally.good_known && tally.requests > 0 ? tally.good / tally.requests : -1;
    return look;
}

void diagram_look(const Diagram *diagram, const Moment *moment, MomentLook *look) {
    for (int i = 0; i < diagram->box_count; i++) {
        const Box *box = &diagram->boxes[i];
        if (box->component == NO_ID)
            look->boxes[i] = look_of_region(diagram, moment, box->place);
        else if (box->zone != NO_ID || box->subnet != NO_ID)
            look->boxes[i] = look_of_zone(diagram, moment, box);
        else
            look->boxes[i] = look_of_component(&moment->components[box->component]);
    }
    for (int i = 0; i < diagram->edge_count; i++)
        look->edges[i] = look_of_edge(diagram, moment, i);
}
