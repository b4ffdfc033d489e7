/* test_networks.c - several networks in a region, a site beside it, and what carries links between them. */
#include <string.h>

#include "render/draw.h"
#include "tests/unit/render/fixture.h"

enum { AWS, MAIN, REGION, ZONE_A, FRONT_A, BACK_A, ZONE_B, FRONT_B, HQ };
enum { APP, ERP, HUB, JOBS, S3, VPN, WEB, COMPONENTS };

/* ---- A record: front and back in one region, hq behind a hub and a VPN ------------------------ */

static void add_places(Record *r) {
    const RecordPlace places[] = {{"aws", RECORD_PROVIDER, RECORD_NONE, NULL, NULL, NULL},
                                  {"main", RECORD_ACCOUNT, AWS, NULL, NULL, NULL},
                                  {"eu", RECORD_REGION, MAIN, NULL, NULL, NULL},
                                  {"eu-a", RECORD_ZONE, REGION, NULL, NULL, NULL},
                                  {"front[eu].web.a", RECORD_SUBNET, ZONE_A, "front[eu]", "10.0.0.0/20", "nat"},
                                  {"back[eu].app.a", RECORD_SUBNET, ZONE_A, "back[eu]", "10.1.0.0/20", NULL},
                                  {"eu-b", RECORD_ZONE, REGION, NULL, NULL, NULL},
                                  {"front[eu].web.b", RECORD_SUBNET, ZONE_B, "front[eu]", "10.0.16.0/20", "nat"},
                                  {"hq", RECORD_OUTSIDE, RECORD_NONE, "hq", "192.168.0.0/16", NULL}};
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
        record_add_place(r, places[i]);
}

static void add_component(Record *r, const char *name, const char *stack, RecordRole role, uint32_t place,
                          const char *symbol) {
    const char *dot = strchr(name, '.');
    record_add_component(r, (RecordComponent){.name = name,
                                              .label = dot != NULL ? dot + 1 : name,
                                              .kind = "thing",
                                              .role = role,
                                              .stack = stack,
                                              .copy = stack != NULL ? "eu" : NULL,
                                              .place = place,
                                              .symbol = symbol});
}

static void add_components(Record *r) {
    add_component(r, "back[eu].app", "back", RECORD_COMPUTE, REGION, NULL);
    add_component(r, "hq.erp", NULL, RECORD_STORE, HQ, "building");
    add_component(r, "hub", NULL, RECORD_GATEWAY, REGION, "hub");
    add_component(r, "front[eu].jobs", "front", RECORD_SERVICE, REGION, "queue");
    add_component(r, "front[eu].s3", "front", RECORD_GATEWAY, REGION, "endpoint");
    add_component(r, "vpn", NULL, RECORD_GATEWAY, REGION, "tunnel");
    add_component(r, "front[eu].web", "front", RECORD_COMPUTE, REGION, "no such symbol");
    record_add_unit(r, (RecordUnit){APP, 0, BACK_A, ZONE_A});
    for (uint32_t c = ERP; c <= VPN; c++)
        record_add_unit(r, (RecordUnit){c, 0, RECORD_NONE, RECORD_NONE});
    record_add_unit(r, (RecordUnit){WEB, 0, FRONT_A, ZONE_A});
    record_add_unit(r, (RecordUnit){WEB, 1, FRONT_B, ZONE_B});
}

static void add_links(Record *r) {
    record_add_flow(r, (RecordFlow){"look-up"});
    record_add_flow(r, (RecordFlow){"order"});
    record_add_flow(r, (RecordFlow){"send"});
    record_add_link(r, (RecordLink){APP, ERP, 0, RECORD_REQUEST, "tcp/443", true, RECORD_NEVER});
    record_add_link(r, (RecordLink){ERP, APP, 1, RECORD_REQUEST, "tcp/8443", true, RECORD_NEVER});
    record_add_link(r, (RecordLink){WEB, JOBS, 2, RECORD_REQUEST, "tcp/443", true, RECORD_NEVER});
    record_add_link(r, (RecordLink){JOBS, APP, RECORD_NONE, RECORD_IMAGE, NULL, true, RECORD_NEVER});
    const RecordLinkVia vias[] = {{0, HUB}, {0, VPN}, {1, VPN}, {1, HUB}, {2, S3}};
    for (size_t i = 0; i < G_N_ELEMENTS(vias); i++)
        record_add_link_via(r, vias[i]);
}

/* At moment 0 all links work, at moment 1 the one to hq does not, at moment 2 neither does the one back. */
static void add_moments(Record *r) {
    static const char *const names[] = {"before", "during", "after"};
    for (uint32_t m = 0; m < 3; m++)
        record_add_moment(r, (RecordMoment){names[m], m, m, m, "as it is"});
    for (uint32_t m = 0; m < 3; m++) {
        for (uint32_t c = 0; c < COMPONENTS; c++)
            record_add_component_state(r, (RecordComponentState){.moment = m, .component = c, .serving = 1});
        for (uint32_t l = 0; l < 4; l++)
            record_add_link_state(r,
                                  (RecordLinkState){m, l, l < m ? "DENY" : "REACH", l < m ? "the wall" : NULL, -1, -1});
    }
}

static Fixture hybrid(void) {
    Record *r = record_new();
    record_set_manifest(r, (RecordManifest){"1.0", 1, 1, "aa", "bb", "cc"});
    record_set_title(r, (RecordTitle){"hybrid", NULL, "Two networks and a site.", NULL, "aws"});
    record_set_run(r, (RecordRun){.until_ns = 1000});
    add_places(r);
    add_components(r);
    add_links(r);
    add_moments(r);
    GError *error = NULL;
    Fixture fixture = {.text = record_to_json(r, NULL)};
    record_free(r);
    fixture.json = json_in_read(fixture.text, strlen(fixture.text), &error);
    g_assert_no_error(error);
    fixture.document = document_new(fixture.json, &error);
    g_assert_no_error(error);
    return fixture;
}

/* ---- Frames ----------------------------------------------------------------------------------- */

static void expect_frames(const Diagram *diagram, const char *component, const char *zone, const Level *chain,
                          size_t count) {
    int cluster = diagram->boxes[fixture_box(diagram, component, zone)].cluster;
    for (size_t i = 0; i < count; i++) {
        g_assert_cmpint(cluster, !=, NO_ID);
        g_assert_cmpint(diagram->clusters[cluster].level, ==, chain[i]);
        cluster = diagram->clusters[cluster].parent;
    }
    g_assert_cmpint(cluster, ==, NO_ID);
}

#define EXPECT_FRAMES(diagram, component, zone, ...)                      \
    expect_frames(diagram, component, zone, (const Level[]){__VA_ARGS__}, \
                  sizeof((const Level[]){__VA_ARGS__}) / sizeof(Level))

static void test_networks_are_frames(void) {
    Fixture f = hybrid();
    Diagram *diagram = diagram_new(f.document);
    EXPECT_FRAMES(diagram, "front[eu].web", "eu-b", LEVEL_SUBNET, LEVEL_ZONE, LEVEL_NETWORK, LEVEL_REGION,
                  LEVEL_ACCOUNT);
    EXPECT_FRAMES(diagram, "back[eu].app", "eu-a", LEVEL_SUBNET, LEVEL_ZONE, LEVEL_NETWORK, LEVEL_REGION,
                  LEVEL_ACCOUNT);
    EXPECT_FRAMES(diagram, "front[eu].s3", NULL, LEVEL_NETWORK, LEVEL_REGION, LEVEL_ACCOUNT);
    EXPECT_FRAMES(diagram, "front[eu].jobs", NULL, LEVEL_REGION, LEVEL_ACCOUNT);
    EXPECT_FRAMES(diagram, "hub", NULL, LEVEL_REGION, LEVEL_ACCOUNT);
    EXPECT_FRAMES(diagram, "hq.erp", NULL, LEVEL_OUTSIDE);
    g_assert_cmpint(diagram->boxes[fixture_box(diagram, "vpn", NULL)].cluster, ==, NO_ID);
    /* account, region, 2 networks; zone a in both of them, zone b in one; 3 subnets; hq */
    g_assert_cmpint(diagram->cluster_count, ==, 2 + 2 + 3 + 3 + 1);
    int web = diagram->boxes[fixture_box(diagram, "front[eu].web", "eu-a")].cluster;
    int app = diagram->boxes[fixture_box(diagram, "back[eu].app", "eu-a")].cluster;
    g_assert_cmpint(diagram->clusters[web].parent, !=, diagram->clusters[app].parent);
    diagram_free(diagram);
    fixture_clear(&f);
}

/* ---- Arrows ----------------------------------------------------------------------------------- */

static const Edge *edge_between(const Diagram *diagram, const char *from, const char *zone, const char *to, int *id) {
    int a = fixture_box(diagram, from, zone), b = fixture_box(diagram, to, NULL);
    const Edge *found = NULL;
    for (int i = 0; i < diagram->edge_count; i++) {
        const Edge *edge = &diagram->edges[i];
        if (!(edge->from == a && edge->to == b) && !(edge->from == b && edge->to == a))
            continue;
        g_assert_null(found); /* both ways share one */
        found = edge;
        *id = i;
    }
    return found;
}

static void test_links_go_through_gateways(void) {
    Fixture f = hybrid();
    Diagram *diagram = diagram_new(f.document);
    int id;
    const Edge *to_hub = edge_between(diagram, "back[eu].app", "eu-a", "hub", &id);
    const Edge *to_vpn = edge_between(diagram, "hub", NULL, "vpn", &id);
    const Edge *to_hq = edge_between(diagram, "vpn", NULL, "hq.erp", &id);
    g_assert_true(to_hub->both && to_hub->pipe && to_vpn->both && to_vpn->pipe && to_hq->both && to_hq->pipe);
    g_assert_cmpint(to_hq->to, ==, fixture_box(diagram, "hq.erp", NULL)); /* away from the region */
    g_assert_cmpint(to_hq->link_count, ==, 2);
    const Edge *to_s3 = edge_between(diagram, "front[eu].web", "eu-b", "front[eu].s3", &id);
    g_assert_true(to_s3 != NULL && !to_s3->both && !to_s3->pipe);
    g_assert_nonnull(edge_between(diagram, "front[eu].s3", NULL, "front[eu].jobs", &id));
    g_assert_null(edge_between(diagram, "back[eu].app", NULL, "hq.erp", &id));
    g_assert_cmpint(diagram->edge_count, ==, 3 + 2 + 1 + 1);
    diagram_free(diagram);
    fixture_clear(&f);
}

/* A line that still carries something is not drawn as cut. */
static void test_trunk_carries_what_it_can(void) {
    Fixture f = hybrid();
    Diagram *diagram = diagram_new(f.document);
    int id = 0;
    edge_between(diagram, "hub", NULL, "vpn", &id);
    g_assert_true(diagram->looks[0].edges[id].reaches);
    g_assert_true(diagram->looks[1].edges[id].reaches);
    g_assert_false(diagram->looks[2].edges[id].reaches);
    g_assert_cmpstr(diagram->looks[2].edges[id].rule, ==, "the wall");
    diagram_free(diagram);
    fixture_clear(&f);
}

/* ---- The picture ------------------------------------------------------------------------------ */

static void test_picture_says_what_is_there(void) {
    static const char *const said[] = {">front<",   ">back<", ">on premises 192.168.0.0/16<", "the internet by nat",
                                       ">network<", ">hub<",  "connection between networks",  ">look-up<",
                                       ">order<",   ">send<", "machines are made from it",    "provider&#39;s service"};
    Fixture f = hybrid();
    Diagram *diagram = diagram_new(f.document);
    GError *error = NULL;
    Layout *layout = layout_new(diagram, LAYOUT_TIMEOUT_S, &error);
    g_assert_no_error(error);
    char *svg = draw_moment(diagram, layout, 0, true);
    for (size_t i = 0; i < G_N_ELEMENTS(said); i++) {
        if (strstr(svg, said[i]) == NULL)
            g_test_message("not in the picture: %s", said[i]);
        g_assert_nonnull(strstr(svg, said[i]));
    }
    g_assert_null(strstr(svg, "99 % good")); /* nothing is carried, so no colour of it is explained */
    g_free(svg);
    layout_free(layout);
    diagram_free(diagram);
    fixture_clear(&f);
}

static void test_bad_via(void) {
    Fixture f = hybrid();
    char *found = strstr(f.text, "\"via\": [2, 5]");
    g_assert_nonnull(found);
    found[strlen("\"via\": [2, ")] = '9';
    GError *error = NULL;
    JsonDoc *json = json_in_read(f.text, strlen(f.text), &error);
    g_assert_null(document_new(json, &error));
    g_assert_nonnull(strstr(error->message, "$.links[0].via[1]"));
    g_error_free(error);
    json_in_free(json);
    fixture_clear(&f);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/networks/frames", test_networks_are_frames);
    g_test_add_func("/networks/through-gateways", test_links_go_through_gateways);
    g_test_add_func("/networks/trunk", test_trunk_carries_what_it_can);
    g_test_add_func("/networks/picture", test_picture_says_what_is_there);
    g_test_add_func("/networks/bad-via", test_bad_via);
    return g_test_run();
}
