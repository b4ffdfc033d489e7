/* test_prefix.c - IP prefixes: what is read, what is refused, and the algebra against plain addresses. */
#include "net/prefix.h"

#include <glib.h>

#include "base/luck.h"

static Prefix of(const char *text) {
    char *why = NULL;
    Prefix prefix;
    g_assert_true(prefix_parse(text, &prefix, &why));
    g_assert_null(why);
    return prefix;
}

static void test_text(void) {
    static const char *const both[][2] = {
        {"10.0.0.0/16", "10.0.0.0/16"},
        {"10.0.0.5", "10.0.0.5/32"},
        {"100.68.0.18/18", "100.68.0.0/18"}, /* canonicalised as AWS does, semantics B.2 */
        {"0.0.0.0/0", "0.0.0.0/0"},
        {"255.255.255.255/1", "128.0.0.0/1"},
        {"2001:db8::/32", "2001:db8::/32"},
        {"2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1/128"},
        {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1/128"},
        {"::/0", "::/0"},
        {"::1", "::1/128"},
        {"1::", "1::/128"},
        {"::ffff:10.1.2.3/120", "::ffff:a01:200/120"},
        {"fe80::ffff:ffff:ffff:ffff/10", "fe80::/10"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(both); i++) {
        Prefix prefix = of(both[i][0]);
        char *text = prefix_text(&prefix);
        g_assert_cmpstr(text, ==, both[i][1]);
        Prefix again = of(text);
        g_assert_true(prefix_equal(&prefix, &again));
        g_free(text);
    }
    char *none = prefix_text(&(Prefix){0});
    g_assert_cmpstr(none, ==, "none");
    g_free(none);
}

static void test_refused(void) {
    static const char *const bad[] = {
        "",
        "/",
        "10.0.0.0/",
        "10.0.0/16",
        "10.0.0.256",
        "10.0.0.0/33",
        "10.0.0.0/016",
        "10.0.0.01",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/8 ",
        " 10.0.0.0/8",
        "0x0a.0.0.1",
        "10.1",
        "::/129",
        ":::",
        "1::2::3",
        "2001:db8::/3 2",
        "internet",
        "10.0.0.0/8/8",
        "10.0.0.0/9999",
        "1:2:3:4:5:6:7:8:9:1:2:3:4:5:6:7:8:9:1:2:3:4:5:6:7:8:9:1:2:3:4:5:6:7:8:9/8",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        char *why = NULL;
        Prefix prefix;
        g_assert_false(prefix_parse(bad[i], &prefix, &why));
        g_assert_nonnull(why);
        g_assert_cmpint(prefix.family, ==, 0);
        g_free(why);
    }
}

static void test_edges(void) {
    Prefix all4 = of("0.0.0.0/0"), all6 = of("::/0"), host = of("10.0.0.5"), none = {0};
    g_assert_true(prefix_first(&all4) == 0 && prefix_last(&all4) == 0xffffffffu);
    g_assert_true(prefix_first(&all6) == 0 && prefix_last(&all6) == ~(Address)0);
    g_assert_true(prefix_first(&host) == prefix_last(&host));
    g_assert_false(prefix_contains(&all6, &all4));
    g_assert_false(prefix_contains(&all4, &all6));
    g_assert_false(prefix_contains(&none, &none));
    g_assert_false(prefix_overlaps(&none, &all4));
}

/* RFC 1918, RFC 6598, RFC 4193: all of the range, or it is not private. */
static void test_private(void) {
    static const char *const inside[] = {"10.0.0.0/8",     "10.255.255.255", "172.16.0.0/12", "172.31.255.255",
                                         "192.168.0.0/16", "100.64.0.0/10",  "fc00::/7",      "fd12::/16"};
    static const char *const outside[] = {
        "0.0.0.0/0",      "9.255.255.255", "11.0.0.0",       "172.15.255.255", "172.32.0.0",
        "192.167.0.0/15", "100.63.0.0",    "100.128.0.0/16", "fe00::/7",       "::/0"};
    for (size_t i = 0; i < G_N_ELEMENTS(inside); i++) {
        Prefix prefix = of(inside[i]);
        g_assert_true(prefix_is_private(&prefix));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(outside); i++) {
        Prefix prefix = of(outside[i]);
        g_assert_false(prefix_is_private(&prefix));
    }
}

static void test_parts(void) {
    static const struct {
        const char *whole;
        uint8_t length;
        uint32_t index;
        const char *part;
    } parts[] = {
        {"10.0.0.0/16", 20, 0, "10.0.0.0/20"},
        {"10.0.0.0/16", 20, 15, "10.0.240.0/20"},
        {"10.0.0.0/16", 16, 0, "10.0.0.0/16"},
        {"0.0.0.0/0", 32, UINT32_MAX, "255.255.255.255/32"},
        {"2001:db8::/32", 64, 7, "2001:db8:0:7::/64"},
        {"::/0", 128, 9, "::9/128"},
        {"::/0", 0, 0, "::/0"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        Prefix whole = of(parts[i].whole), expected = of(parts[i].part);
        Prefix part = prefix_part(&whole, parts[i].length, parts[i].index);
        g_assert_true(prefix_equal(&part, &expected));
    }
}

static void test_part_missing(void) {
    if (g_test_subprocess()) {
        Prefix whole = of("10.0.0.0/16");
        prefix_part(&whole, 17, 2);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*not so many parts*");
}

/* A random prefix in a space of 2^6 addresses, so that all relations are frequent and every address can be tried. */
static Prefix random_prefix(Draw *luck, uint8_t family) {
    uint8_t most = family == 4 ? 32 : 128;
    Prefix prefix = {.family = family, .length = (uint8_t)(most - draw_below(luck, 7))};
    prefix.base = draw_below(luck, 64) & ~(((Address)1 << (most - prefix.length)) - 1);
    return prefix;
}

/* Contains and overlaps mean what they mean for the addresses in them; parts split the whole exactly. */
static void test_algebra(void) {
    Stream stream = luck_stream((Luck){1, 0}, "test_prefix", "algebra");
    for (uint64_t round = 0; round < 5000; round++) {
        Draw luck = stream_draw(&stream, round);
        uint8_t family = round % 2 == 0 ? 4 : 6;
        Prefix a = random_prefix(&luck, family), b = random_prefix(&luck, family);
        bool inside = true, shared = false;
        for (Address x = 0; x < 64; x++) {
            bool in_a = prefix_first(&a) <= x && x <= prefix_last(&a);
            bool in_b = prefix_first(&b) <= x && x <= prefix_last(&b);
            inside = inside && (!in_b || in_a);
            shared = shared || (in_a && in_b);
        }
        g_assert_cmpint(prefix_contains(&a, &b), ==, inside);
        g_assert_cmpint(prefix_overlaps(&a, &b), ==, shared);
        g_assert_cmpint(prefix_equal(&a, &b), ==, prefix_contains(&a, &b) && prefix_contains(&b, &a));
        if (a.length < (family == 4 ? 32 : 128)) {
            Prefix left = prefix_part(&a, (uint8_t)(a.length + 1), 0),
                   right = prefix_part(&a, (uint8_t)(a.length + 1), 1);
            g_assert_true(prefix_first(&left) == prefix_first(&a) && prefix_last(&right) == prefix_last(&a));
            g_assert_true(prefix_last(&left) + 1 == prefix_first(&right));
        }
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/prefix/text", test_text);
    g_test_add_func("/prefix/refused", test_refused);
    g_test_add_func("/prefix/edges", test_edges);
    g_test_add_func("/prefix/private", test_private);
    g_test_add_func("/prefix/parts", test_parts);
    g_test_add_func("/prefix/part-missing", test_part_missing);
    g_test_add_func("/prefix/algebra", test_algebra);
    return g_test_run();
}
