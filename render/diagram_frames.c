/* diagram_frames.c - which places are drawn as frames, and where a network comes between a region and its zones.
 *
 * A network spans the zones of its region, so places cannot nest both ways. Where a region holds a single network and
 * nothing beside it, the region stands for it; else each network is a frame with zones of its own inside. */
#include "render/diagram_frames.h"

#include <string.h>

/* A network whose subnets are drawn. */
typedef struct {
    const char *name;
    int region;
    int frame;  /* cluster; NO_ID until it is made, or when its region stands for it */
    int *zones; /* by place: the frame of that zone in this network; NO_ID where it has none */
} Net;

typedef struct {
    Diagram *diagram;
    const Document *document;
    bool *used;      /* by place: some box is in it */
    int *cluster_of; /* by place: its frame, or the one it lies in */
    Net *nets;
    int net_count, providers;
} Framer;

/* ---- Where boxes are ------------------------------------------------------------------------- */

/* A line that leads from a region to a place outside belongs between the two. */
static bool leads_outside(const Document *document, int component) {
    for (int l = 0; l < document->link_count; l++) {
        const Link *link = &document->links[l];
        if (link->via_count == 0)
            continue;
        int ends[2][2] = {{link->via[0], link->from}, {link->via[link->via_count - 1], link->to}};
        for (int e = 0; e < 2; e++) {
            int place = document->components[ends[e][1]].place;
            if (ends[e][0] == component && place != NO_ID && document->places[place].level == LEVEL_OUTSIDE)
                return true;
        }
    }
    return false;
}

/* The smallest place that a box lies in. */
static int home(const Diagram *diagram, const Box *box) {
    const Document *document = diagram->document;
    if (box->component == NO_ID)
        return document->places[box->place].parent;
    if (box->subnet != NO_ID)
        return box->subnet;
    if (box->zone != NO_ID)
        return box->zone;
    const Component *component = &document->components[box->component];
    if (box->role == ROLE_GATEWAY && component->stack == NULL && leads_outside(document, box->component))
        return NO_ID;
    int region = document_place_at(document, component->place, LEVEL_REGION);
    return diagram->detail == DETAIL_REGIONS && region != NO_ID ? region : component->place;
}

/* One provider alone is in the title. An outside place that holds but a population is named by that. */
static bool is_framed(const Framer *framer, int place) {
    Level level = framer->document->places[place].level;
    if (level == LEVEL_PROVIDER)
        return framer->providers > 1;
    for (int i = 0; level == LEVEL_OUTSIDE && i < framer->diagram->box_count; i++) {
        const Box *box = &framer->diagram->boxes[i];
        if (box->role != ROLE_POPULATION && home(framer->diagram, box) == place)
            return true;
    }
    return level != LEVEL_OUTSIDE;
}

/* ---- Networks -------------------------------------------------------------------------------- */

static Net *net_of(Framer *framer, int region, const char *name) {
    for (int n = 0; n < framer->net_count; n++)
        if (framer->nets[n].region == region && strcmp(framer->nets[n].name, name) == 0)
            return &framer->nets[n];
    return NULL;
}

/* Of a box that is in no subnet but belongs to a network: a gateway of its stack, or what stands beside machines of it
 * in a zone. NULL: of none. */
static Net *net_of_box(Framer *framer, const Box *box) {
    if (box->component == NO_ID || (box->role != ROLE_GATEWAY && box->zone == NO_ID) || box->subnet != NO_ID)
        return NULL;
    const Component *component = &framer->document->components[box->component];
    if (component->stack == NULL || component->copy == NULL)
        return NULL;
    int region = document_place_at(framer->document, component->place, LEVEL_REGION);
    char *name = g_strdup_printf("%s[%s]", component->stack, component->copy);
    Net *net = net_of(framer, region, name);
    g_free(name);
    return net;
}

static void find_nets(Framer *framer) {
    const Document *document = framer->document;
    framer->nets = diagram_take(framer->diagram, (size_t)document->place_count, sizeof(Net));
    for (int p = 0; p < document->place_count; p++) {
        const Place *place = &document->places[p];
        int region = document_place_at(document, p, LEVEL_REGION);
        if (!framer->used[p] || place->level != LEVEL_SUBNET || place->network == NULL || region == NO_ID ||
            net_of(framer, region, place->network) != NULL)
            continue;
        Net *net = &framer->nets[framer->net_count++];
        *net = (Net){place->network, region, NO_ID,
                     diagram_take(framer->diagram, (size_t)document->place_count, sizeof(int))};
        for (int z = 0; z < document->place_count; z++)
            net->zones[z] = NO_ID;
    }
}

/* Has this region several networks, or something beside its only one? */
static bool shows_networks(const Framer *framer, int region) {
    int nets = 0, beside = 0;
    for (int n = 0; n < framer->net_count; n++)
        nets += framer->nets[n].region == region;
    for (int i = 0; i < framer->diagram->box_count; i++)
        beside += framer->diagram->boxes[i].role == ROLE_SERVICE &&
                  home(framer->diagram, &framer->diagram->boxes[i]) == region;
    return nets > 1 || (nets > 0 && beside > 0);
}

/* ---- Frames ---------------------------------------------------------------------------------- */

static int add_frame(Framer *framer, int place, int parent, Level level, const char *network) {
    Diagram *diagram = framer->diagram;
    diagram->clusters[diagram->cluster_count] = (Cluster){place, parent, level, network};
    return diagram->cluster_count++;
}

static void frame_networks(Framer *framer, int region) {
    for (int n = 0; n < framer->net_count && shows_networks(framer, region); n++)
        if (framer->nets[n].region == region)
            framer->nets[n].frame =
                add_frame(framer, region, framer->cluster_of[region], LEVEL_NETWORK, framer->nets[n].name);
}

/* A subnet in a network that is framed: within the zone's frame there, which is made for its first subnet. */
static bool frame_subnet(Framer *framer, int place) {
    const Place *its = &framer->document->places[place];
    int region = document_place_at(framer->document, place, LEVEL_REGION);
    Net *net = its->level == LEVEL_SUBNET && its->network != NULL ? net_of(framer, region, its->network) : NULL;
    if (net == NULL || net->frame == NO_ID)
        return false;
    int parent = net->frame;
    if (framer->document->places[its->parent].level == LEVEL_ZONE) {
        if (net->zones[its->parent] == NO_ID)
            net->zones[its->parent] = add_frame(framer, its->parent, net->frame, LEVEL_ZONE, NULL);
        parent = net->zones[its->parent];
    }
    framer->cluster_of[place] = add_frame(framer, place, parent, LEVEL_SUBNET, NULL);
    return true;
}

/* A zone is framed inside each network, unless the region stands for its only one. */
static bool is_split(const Framer *framer, int place) {
    if (framer->document->places[place].level != LEVEL_ZONE)
        return false;
    int region = document_place_at(framer->document, place, LEVEL_REGION);
    for (int n = 0; n < framer->net_count; n++)
        if (framer->nets[n].region == region && framer->nets[n].frame != NO_ID)
            return true;
    return false;
}

static void add_frames(Framer *framer) {
    const Document *document = framer->document;
    for (int p = 0; p < document->place_count; p++) {
        const Place *place = &document->places[p];
        framer->cluster_of[p] = place->parent == NO_ID ? NO_ID : framer->cluster_of[place->parent];
        if (!framer->used[p] || !is_framed(framer, p) || is_split(framer, p) || frame_subnet(framer, p))
            continue;
        framer->cluster_of[p] = add_frame(framer, p, framer->cluster_of[p], place->level, NULL);
        if (place->level == LEVEL_REGION)
            frame_networks(framer, p);
    }
}

void diagram_frame(Diagram *diagram) {
    const Document *document = diagram->document;
    size_t places = (size_t)document->place_count;
    Framer framer = {.diagram = diagram, .document = document};
    framer.used = diagram_take(diagram, places, sizeof(bool));
    framer.cluster_of = diagram_take(diagram, places, sizeof(int));
    for (int i = 0; i < diagram->box_count; i++)
        for (int p = home(diagram, &diagram->boxes[i]); p != NO_ID && !framer.used[p]; p = document->places[p].parent)
            framer.used[p] = true;
    for (int p = 0; p < document->place_count; p++)
        framer.providers += framer.used[p] && document->places[p].level == LEVEL_PROVIDER;
    find_nets(&framer);
    /* a place has at most one frame, a zone one for each subnet in it, a region one for each network besides */
    diagram->clusters = diagram_take(diagram, places * 3, sizeof(Cluster));
    add_frames(&framer);
    for (int i = 0; i < diagram->box_count; i++) {
        int place = home(diagram, &diagram->boxes[i]);
        const Net *net = net_of_box(&framer, &diagram->boxes[i]);
        bool beside = net != NULL && net->frame != NO_ID;
        int zone = diagram->boxes[i].zone;
        int frame = beside && zone != NO_ID && net->zones[zone] != NO_ID ? net->zones[zone]
                    : beside                                             ? net->frame
                                                                         : NO_ID;
        diagram->boxes[i].cluster = beside ? frame : place == NO_ID ? NO_ID : framer.cluster_of[place];
    }
}
