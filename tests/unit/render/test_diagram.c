/* test_diagram.c - the boxes, frames and arrows are those of the record, no more and no fewer. */
#include <string.h>

#include "tests/unit/render/fixture.h"

static int find_edge(const Diagram *diagram, int from, int to) {
    for (int i = 0; i < diagram->edge_count; i++)
        if (diagram->edges[i].from == from && diagram->edges[i].to == to)
            return i;
    return NO_ID;
}

/* A box for each subnet in which a component has units; one for a component without units. */
static int subnets_of(const Component *component) {
    int count = 0;
    for (int i = 0; i < component->unit_count; i++) {
        bool seen = false;
        for (int j = 0; j < i; j++)
            seen |= component->units[j].subnet == component->units[i].subnet;
        count += !seen;
    }
    return MAX(count, 1);
}

static void test_boxes_are_the_records(void) {
    const SampleShape shapes[] = {SAMPLE_MULTI, SAMPLE_SINGLE, SAMPLE_HOSTILE, SAMPLE_STRESS};
    for (size_t s = 0; s < G_N_ELEMENTS(shapes); s++) {
        Fixture f = fixture_new(shapes[s]);
        Diagram *diagram = diagram_new_at(f.document, DETAIL_ZONES);
        int expected = 0;
        for (int i = 0; i < f.document->component_count; i++)
            expected += subnets_of(&f.document->components[i]);
        g_assert_cmpint(diagram->box_count, ==, expected);
        g_assert_cmpint(diagram->box_count, ==, diagram_box_count(f.document, DETAIL_ZONES));
        diagram_free(diagram);
        diagram = diagram_new_at(f.document, DETAIL_REGIONS);
        g_assert_cmpint(diagram->box_count, ==, f.document->component_count);
        diagram_free(diagram);
        fixture_clear(&f);
    }
}

/* 2 regions x 2 zones: users-dns, users-waf, waf-lb in each zone, lb-web and web-db within each zone, a copy between
 * the zones of each region, one between the regions. */
static void test_edges_are_the_records(void) {
    Fixture f = fixture_new(SAMPLE_MULTI);
    Diagram *diagram = diagram_new_at(f.document, DETAIL_ZONES);
    g_assert_cmpint(diagram->edge_count, ==, 2 + 4 + 4 + 4 + 2 + 1);
    diagram_free(diagram);
    diagram = diagram_new_at(f.document, DETAIL_REGIONS);
    g_assert_cmpint(diagram->edge_count, ==, 2 + 2 + 2 + 2 + 1);
    diagram_free(diagram);
    fixture_clear(&f);
}

/* Each link is shown, each arrow shows a link, and both lists say the same. */
static void test_every_link_is_shown(void) {
    const Detail details[] = {DETAIL_ZONES, DETAIL_REGIONS, DETAIL_OUTLINE};
    Fixture f = fixture_new(SAMPLE_STRESS);
    for (size_t k = 0; k < G_N_ELEMENTS(details); k++) {
        Diagram *diagram = diagram_new_at(f.document, details[k]);
        int shown = 0, members = 0;
        for (int l = 0; l < f.document->link_count; l++) {
            const Link *link = &f.document->links[l];
            bool inside =
                details[k] == DETAIL_OUTLINE && f.document->components[link->from].copy != NULL &&
                g_strcmp0(f.document->components[link->from].copy, f.document->components[link->to].copy) == 0;
            bool to_itself = details[k] == DETAIL_REGIONS && link->from == link->to;
            g_assert_true((diagram->shown[l].count == 0) == (inside || to_itself));
            shown += diagram->shown[l].count;
        }
        for (int e = 0; e < diagram->edge_count; e++) {
            g_assert_cmpint(diagram->edges[e].link_count, >, 0);
            g_assert_cmpint(diagram->edges[e].from, !=, diagram->edges[e].to);
            members += diagram->edges[e].link_count;
        }
        g_assert_cmpint(shown, ==, members);
        diagram_free(diagram);
    }
    fixture_clear(&f);
}

static void test_zones_are_paired(void) {
    Fixture f = fixture_new(SAMPLE_MULTI);
    Diagram *diagram = diagram_new(f.document);
    int lb_a = fixture_box(diagram, "site[eu-west-1].lb", "eu-west-1a");
    int web_a = fixture_box(diagram, "site[eu-west-1].web", "eu-west-1a");
    int web_b = fixture_box(diagram, "site[eu-west-1].web", "eu-west-1b");
    g_assert_cmpint(find_edge(diagram, lb_a, web_a), !=, NO_ID);
    g_assert_cmpint(find_edge(diagram, lb_a, web_b), ==, NO_ID);
    int waf = fixture_box(diagram, "waf", NULL), lb_b = fixture_box(diagram, "site[eu-west-1].lb", "eu-west-1b");
    g_assert_cmpint(find_edge(diagram, waf, lb_a), !=, NO_ID);
    g_assert_cmpint(find_edge(diagram, waf, lb_b), !=, NO_ID);
    diagram_free(diagram);
    fixture_clear(&f);
}

/* account > region > zone > subnet; populations stand outside all frames. */
static void test_frames_nest(void) {
    Fixture f = fixture_new(SAMPLE_MULTI);
    Diagram *diagram = diagram_new(f.document);
    const Level chain[] = {LEVEL_SUBNET, LEVEL_ZONE, LEVEL_REGION, LEVEL_ACCOUNT};
    int cluster = diagram->boxes[fixture_box(diagram, "site[eu-west-1].db", "eu-west-1b")].cluster;
    for (size_t i = 0; i < G_N_ELEMENTS(chain); i++) {
        g_assert_cmpint(cluster, !=, NO_ID);
        g_assert_cmpint(diagram->clusters[cluster].level, ==, chain[i]);
        cluster = diagram->clusters[cluster].parent;
    }
    g_assert_cmpint(cluster, ==, NO_ID);
    g_assert_cmpint(diagram->boxes[fixture_box(diagram, "users", NULL)].cluster, ==, NO_ID);
    g_assert_cmpint(diagram->cluster_count, ==, 1 + 2 * (1 + 2 * (1 + 3)));
    for (int i = 0; i < diagram->cluster_count; i++)
        g_assert_cmpint(diagram->clusters[i].parent, <, i);
    diagram_free(diagram);
    fixture_clear(&f);
}

static void test_detail_by_count(void) {
    const struct {
        SampleShape shape;
        Detail detail;
    } cases[] = {{SAMPLE_MULTI, DETAIL_ZONES}, {SAMPLE_STRESS, DETAIL_REGIONS}, {SAMPLE_HUGE, DETAIL_OUTLINE}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Fixture f = fixture_new(cases[i].shape);
        Diagram *diagram = diagram_new(f.document);
        g_assert_cmpint(diagram->detail, ==, cases[i].detail);
        diagram_free(diagram);
        fixture_clear(&f);
    }
}

static void test_looks(void) {
    Fixture f = fixture_new(SAMPLE_MULTI);
    Diagram *diagram = diagram_new(f.document);
    int dead = fixture_box(diagram, "site[us-east-1].web", "us-east-1a");
    int full = fixture_box(diagram, "site[eu-west-1].web", "eu-west-1a");
    const BoxLook *look = &diagram->looks[1].boxes[dead];
    g_assert_cmpint(look->state, ==, STATE_FAILED);
    g_assert_cmpint(look->down, ==, 3);
    g_assert_cmpint(diagram->looks[0].boxes[dead].state, ==, STATE_HEALTHY);
    look = &diagram->looks[1].boxes[full];
    g_assert_cmpint(look->state, ==, STATE_OVERLOADED);
    g_assert_cmpint(look->serving, ==, 3);
    g_assert_cmpstr(look->note, ==, "queue full");
    /* Of a degraded component only the zone that lacks a unit looks so. */
    int other = fixture_box(diagram, "site[us-east-1].web", "us-east-1b");
    g_assert_cmpint(diagram->looks[2].boxes[dead].state, ==, STATE_HEALTHY);
    g_assert_cmpint(diagram->looks[2].boxes[other].state, ==, STATE_DEGRADED);
    diagram_free(diagram);
    fixture_clear(&f);
}

static void test_traffic(void) {
    Fixture f = fixture_new(SAMPLE_MULTI);
    Diagram *diagram = diagram_new(f.document);
    int waf = fixture_box(diagram, "waf", NULL), lb = fixture_box(diagram, "site[eu-west-1].lb", "eu-west-1a");
    int web = fixture_box(diagram, "site[eu-west-1].web", "eu-west-1a");
    int db = fixture_box(diagram, "site[eu-west-1].db", "eu-west-1a");
    const EdgeLook *in = &diagram->looks[1].edges[find_edge(diagram, waf, lb)];
    g_assert_true(in->shared && in->reaches);
    g_assert_cmpfloat(in->requests_per_s, ==, 1200);
    /* This link's requests are divided over zones in the record. */
    const EdgeLook *part = &diagram->looks[1].edges[find_edge(diagram, web, db)];
    g_assert_false(part->shared);
    g_assert_cmpfloat(part->requests_per_s, ==, 300);
    int dead = fixture_box(diagram, "site[us-east-1].lb", "us-east-1b");
    const EdgeLook *cut = &diagram->looks[1].edges[find_edge(diagram, waf, dead)];
    g_assert_false(cut->reaches);
    g_assert_cmpstr(cut->rule, ==, "region us-east-1: outage");
    diagram_free(diagram);
    fixture_clear(&f);
}

/* What crosses zones is counted once, where it arrives: nothing is lost or doubled. */
static void test_parts_add_up(void) {
    GError *error = NULL;
    Fixture whole = fixture_new(SAMPLE_MULTI);
    char *part = strstr(whole.text, "\"parts\": [{\"from_zone\""), *zone = strstr(part, "\"to_zone\": ");
    char *from = g_strndup(part, (gsize)(strchr(zone, ',') - part));
    char *to = g_strdup(from);
    strstr(to, "\"to_zone\": ")[11] = '8'; /* zone b of the first region instead of zone a */
    Fixture f = fixture_spoiled(SAMPLE_MULTI, from, to, &error);
    g_assert_no_error(error);
    Diagram *diagram = diagram_new(f.document);
    double sum = 0;
    for (int i = 0; i < diagram->edge_count; i++) {
        const Link *link = &f.document->links[diagram->edges[i].links[0]];
        if (strcmp(f.document->components[link->to].name, "site[us-east-1].db") == 0 && link->kind == LINK_REQUEST)
            sum += diagram->looks[0].edges[i].requests_per_s;
    }
    g_assert_cmpfloat(sum, ==, 300);
    int web = fixture_box(diagram, "site[us-east-1].web", "us-east-1b");
    int db = fixture_box(diagram, "site[us-east-1].db", "us-east-1b");
    g_assert_cmpfloat(diagram->looks[0].edges[find_edge(diagram, web, db)].requests_per_s, ==, 300);
    diagram_free(diagram);
    fixture_clear(&f);
    fixture_clear(&whole);
    g_free(from);
    g_free(to);
}

static void test_outline_sums_up(void) {
    Fixture f = fixture_new(SAMPLE_HUGE);
    Diagram *diagram = diagram_new(f.document);
    g_assert_cmpint(diagram->box_count, ==, 40 + 3);
    for (int i = 0; i < diagram->box_count; i++) {
        if (diagram->boxes[i].component != NO_ID)
            continue;
        bool first = strcmp(f.document->places[diagram->boxes[i].place].name, "us-east-1") == 0;
        g_assert_cmpint(diagram->looks[1].boxes[i].state == STATE_FAILED, ==, first);
        g_assert_cmpint(diagram->looks[0].boxes[i].serving, ==, 3 * (1 + 2 + 1));
    }
    diagram_free(diagram);
    fixture_clear(&f);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/render/diagram/boxes_are_the_records", test_boxes_are_the_records);
    g_test_add_func("/render/diagram/edges_are_the_records", test_edges_are_the_records);
    g_test_add_func("/render/diagram/every_link_is_shown", test_every_link_is_shown);
    g_test_add_func("/render/diagram/zones_are_paired", test_zones_are_paired);
    g_test_add_func("/render/diagram/frames_nest", test_frames_nest);
    g_test_add_func("/render/diagram/detail_by_count", test_detail_by_count);
    g_test_add_func("/render/diagram/looks", test_looks);
    g_test_add_func("/render/diagram/traffic", test_traffic);
    g_test_add_func("/render/diagram/parts_add_up", test_parts_add_up);
    g_test_add_func("/render/diagram/outline_sums_up", test_outline_sums_up);
    return g_test_run();
}
