/* test_lines.c - what the ends of a VPN and of a direct line know of a cut, and when. */
#include <glib.h>

#include "tests/unit/kinds/fake.h"

extern const Kind kind_vpn, kind_direct_connect;

enum { TUNNELS = 2 };

static SimTime seconds(int64_t s) { return (SimTime){s * 1000000000}; }

static UnitId line_new(Fake *fake, const Kind *kind, const char *keys, uint32_t units) {
    PlaceId region = fake_place(fake, "us-east-1");
    ComponentId line = fake_component(fake, "line", kind, keys, region);
    UnitId first = fake_unit(fake, line, NO_PLACE);
    for (uint32_t i = 1; i < units; i++)
        fake_unit(fake, line, NO_PLACE);
    fake_start(fake);
    return first;
}

/* Dead peer detection takes its time, and only the tunnel that died is found. */
static void test_vpn_clear(void) {
    Fake *fake = fake_new(1);
    UnitId first = line_new(fake, &kind_vpn, "{detection: 30 s}", TUNNELS);
    fake_advance(fake, seconds(100));
    fake_down(fake, first);
    g_assert_true(fake_unnoticed(fake, first));
    g_assert_false(fake_unnoticed(fake, first + 1));
    fake_advance(fake, seconds(129));
    g_assert_true(fake_unnoticed(fake, first));
    g_assert_cmpuint(fake_facts(fake, FACT_NOTICED), ==, 0);
    fake_advance(fake, seconds(131));
    g_assert_false(fake_unnoticed(fake, first));
    g_assert_cmpuint(fake_facts(fake, FACT_NOTICED), ==, 1);
    g_assert_cmpuint(fake_last(fake, FACT_NOTICED)->unit, ==, first);
    fake_free(fake);
}

/* A tunnel that is back before anybody noticed was never found dead; the timer of the first cut says nothing of a
 * second one. */
static void test_vpn_back(void) {
    Fake *fake = fake_new(1);
    UnitId first = line_new(fake, &kind_vpn, "{detection: 30 s}", TUNNELS);
    fake_down(fake, first);
    fake_advance(fake, seconds(10));
    fake_up(fake, first);
    g_assert_false(fake_unnoticed(fake, first));
    fake_advance(fake, seconds(20));
    fake_down(fake, first);
    fake_advance(fake, seconds(40));
    g_assert_true(fake_unnoticed(fake, first));
    fake_advance(fake, seconds(51));
    g_assert_false(fake_unnoticed(fake, first));
    fake_free(fake);
}

/* Without detection nobody notices, unless BGP's hold time does. */
static void test_vpn_none(void) {
    Fake *blind = fake_new(1), *told = fake_new(1);
    UnitId a = line_new(blind, &kind_vpn, "{dead_peer_detection: none}", TUNNELS);
    UnitId b = line_new(told, &kind_vpn, "{dead_peer_detection: none, routing: bgp}", TUNNELS);
    fake_down(blind, a);
    fake_down(told, b);
    fake_advance(blind, seconds(86400));
    fake_advance(told, seconds(31));
    g_assert_true(fake_unnoticed(blind, a));
    g_assert_false(fake_unnoticed(told, b));
    fake_free(blind);
    fake_free(told);
}

/* The hold time runs from the last sign of life: 60 s to 90 s, each cut anew. */
static void test_direct_connect(void) {
    Fake *fake = fake_new(7);
    UnitId unit = line_new(fake, &kind_direct_connect, "{}", 1);
    int64_t shortest = INT64_MAX, longest = 0;
    for (int64_t cut = 0; cut < 40; cut++) {
        SimTime began = seconds(1000 * (cut + 1));
        fake_advance(fake, began);
        fake_down(fake, unit);
        fake_advance(fake, seconds(1000 * (cut + 1) + 60));
        g_assert_true(fake_unnoticed(fake, unit));
        fake_advance(fake, seconds(1000 * (cut + 1) + 90));
        g_assert_false(fake_unnoticed(fake, unit));
        int64_t took = fake_last(fake, FACT_NOTICED)->at.ns - began.ns;
        shortest = MIN(shortest, took);
        longest = MAX(longest, took);
        fake_up(fake, unit);
    }
    g_assert_cmpint(shortest, <, seconds(65).ns);
    g_assert_cmpint(longest, >, seconds(85).ns);
    fake_free(fake);
}

static void test_facts(void) {
    Fake *fake = fake_new(1);
    static const struct {
        const char *keys;
        LineRank rank;
        LineLoss loss;
    } rows[] = {{"{}", RANK_STATIC, LINE_WITHDRAWS},
                {"{dead_peer_detection: none}", RANK_STATIC, LINE_KEEPS},
                {"{dead_peer_detection: restart}", RANK_STATIC, LINE_WITHDRAWS},
                {"{routing: bgp, dead_peer_detection: none}", RANK_LEARNT, LINE_WITHDRAWS}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        void *spec = fake_spec(fake, kind_vpn.fields, kind_vpn.spec_size, rows[i].keys);
        PassageFacts facts = kind_vpn.passes(spec);
        g_assert_cmpint(facts.rank, ==, rows[i].rank);
        g_assert_cmpint(facts.loss, ==, rows[i].loss);
        g_assert_cmpuint(kind_vpn.count(spec), ==, TUNNELS);
        g_free(spec);
    }
    fake_free(fake);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lines/vpn/clear", test_vpn_clear);
    g_test_add_func("/lines/vpn/back", test_vpn_back);
    g_test_add_func("/lines/vpn/none", test_vpn_none);
    g_test_add_func("/lines/direct_connect", test_direct_connect);
    g_test_add_func("/lines/facts", test_facts);
    return g_test_run();
}
