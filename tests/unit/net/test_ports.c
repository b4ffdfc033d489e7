/* test_ports.c - port sets: what is read, what is refused, canonical form, and the algebra against plain bits. */
#include "net/ports.h"

#include <glib.h>
#include <string.h>

#include "base/luck.h"

static PortSet of(const char *text) {
    char *why = NULL;
    PortSet set;
    g_assert_true(ports_parse(text, &set, &why));
    g_assert_null(why);
    return set;
}

static void test_text(void) {
    static const char *const both[][2] = {
        {"443", "tcp/443"},
        {"tcp/443", "tcp/443"},
        {"443 80", "tcp/80 tcp/443"},
        {"80 81 82", "tcp/80-82"},
        {"80-90 85-100 79", "tcp/79-100"},
        {"udp/53 tcp/53", "tcp/53 udp/53"},
        {"tcp/1024-65535", "tcp/1024-65535"},
        {"0-65535", "tcp"},
        {"udp", "udp"},
        {"icmp", "icmp"},
        {"icmp 22", "icmp tcp/22"},
        {"any", "any"},
        {"22 any udp/53", "any"},
        {"  22   80 ", "tcp/22 tcp/80"},
        {"65535 1-65534", "tcp/1-65535"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(both); i++) {
        PortSet set = of(both[i][0]);
        char *text = ports_text(&set);
        g_assert_cmpstr(text, ==, both[i][1]);
        PortSet again = of(text);
        g_assert_true(ports_equal(&set, &again));
        g_free(text);
    }
    char *empty = ports_text(&(PortSet){0});
    g_assert_cmpstr(empty, ==, "");
    g_free(empty);
}

static void test_refused(void) {
    static const char *const bad[] = {"",           " ",
                                      "0",          "65536",
                                      "99999",      "080",
                                      "80,443",     "80-",
                                      "-80",        "90-80",
                                      "tcp/",       "tcp/x",
                                      "sctp/80",    "any/80",
                                      "icmp/8",     "TCP/80",
                                      "tcp/80-",    "http",
                                      "+80",        "0x50",
                                      "80\t443",    "1 3 5 7 9 11 13 15 17",
                                      "tcp/udp/80", "80-81-82"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        char *why = NULL;
        PortSet set;
        g_assert_false(ports_parse(bad[i], &set, &why));
        g_assert_nonnull(why);
        g_free(why);
    }
}

static void test_contain(void) {
    PortSet set = of("80 1000-2000 udp/53 icmp"), any = of("any"), empty = {0};
    g_assert_true(ports_contain(&set, PROTOCOL_TCP, 80) && ports_contain(&set, PROTOCOL_TCP, 2000));
    g_assert_false(ports_contain(&set, PROTOCOL_TCP, 81) || ports_contain(&set, PROTOCOL_TCP, 53));
    g_assert_true(ports_contain(&set, PROTOCOL_UDP, 53) && ports_contain(&set, PROTOCOL_ICMP, 8));
    g_assert_false(ports_contain(&set, PROTOCOL_ANY, 80));
    g_assert_true(ports_contain(&any, PROTOCOL_ANY, 0) && ports_contain(&any, PROTOCOL_UDP, 9));
    g_assert_false(ports_contain(&empty, PROTOCOL_TCP, 80) || ports_contain(&empty, PROTOCOL_ANY, 0));
}

static void test_full(void) {
    PortSet set = {0}, before;
    for (uint16_t i = 0; i < PORT_SET_MOST; i++)
        g_assert_true(ports_add(&set, (PortRange){PROTOCOL_TCP, (uint16_t)(10 * i), (uint16_t)(10 * i + 5)}));
    before = set;
    g_assert_false(ports_add(&set, (PortRange){PROTOCOL_UDP, 1, 1}));
    g_assert_true(ports_equal(&set, &before));
    g_assert_true(ports_add(&set, (PortRange){PROTOCOL_TCP, 6, 9})); /* joins two, so it fits */
    g_assert_cmpuint(set.count, ==, PORT_SET_MOST - 1);
}

/* Sets over tcp and udp ports 0..31 and icmp as 65 bits: the obvious representation. */
enum { PORTS = 32 };
typedef struct {
    bool tcp[PORTS], udp[PORTS], icmp;
} Bits;

static PortSet random_set(Draw *luck, Bits *bits) {
    PortSet set = {0};
    memset(bits, 0, sizeof *bits);
    for (uint64_t left = draw_below(luck, 5); left > 0; left--) {
        uint16_t first = (uint16_t)draw_below(luck, PORTS), last = (uint16_t)(first + draw_below(luck, PORTS - first));
        uint64_t which = draw_below(luck, 20);
        uint8_t protocol = which == 0   ? PROTOCOL_ANY
                           : which < 3  ? PROTOCOL_ICMP
                           : which < 12 ? PROTOCOL_TCP
                                        : PROTOCOL_UDP;
        g_assert_true(ports_add(&set, (PortRange){protocol, first, last}));
        for (uint16_t port = 0; port < PORTS; port++) {
            bool in = (first <= port && port <= last) || protocol == PROTOCOL_ANY;
            bits->tcp[port] = bits->tcp[port] || (in && (protocol == PROTOCOL_TCP || protocol == PROTOCOL_ANY));
            bits->udp[port] = bits->udp[port] || (in && (protocol == PROTOCOL_UDP || protocol == PROTOCOL_ANY));
        }
        bits->icmp = bits->icmp || protocol == PROTOCOL_ICMP || protocol == PROTOCOL_ANY;
    }
    return set;
}

static void assert_same(const PortSet *set, const Bits *bits) {
    for (uint16_t port = 0; port < PORTS; port++) {
        g_assert_cmpint(ports_contain(set, PROTOCOL_TCP, port), ==, bits->tcp[port]);
        g_assert_cmpint(ports_contain(set, PROTOCOL_UDP, port), ==, bits->udp[port]);
    }
    g_assert_cmpint(ports_contain(set, PROTOCOL_ICMP, 0), ==, bits->icmp);
    for (uint32_t i = 1; i < set->count; i++) {
        const PortRange *a = &set->range[i - 1], *b = &set->range[i];
        g_assert_true(a->protocol < b->protocol || (a->protocol == b->protocol && a->last + 1 < b->first));
    }
}

static void test_algebra(void) {
    Stream stream = luck_stream((Luck){1, 0}, "test_ports", "algebra");
    for (uint64_t round = 0; round < 5000; round++) {
        Draw luck = stream_draw(&stream, round);
        Bits x, y, both;
        PortSet a = random_set(&luck, &x), b = random_set(&luck, &y);
        assert_same(&a, &x);
        for (int port = 0; port < PORTS; port++) {
            both.tcp[port] = x.tcp[port] && y.tcp[port];
            both.udp[port] = x.udp[port] && y.udp[port];
        }
        both.icmp = x.icmp && y.icmp;
        PortSet ab = ports_intersection(&a, &b), ba = ports_intersection(&b, &a);
        assert_same(&ab, &both);
        g_assert_true(ports_equal(&ab, &ba));
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ports/text", test_text);
    g_test_add_func("/ports/refused", test_refused);
    g_test_add_func("/ports/contain", test_contain);
    g_test_add_func("/ports/full", test_full);
    g_test_add_func("/ports/algebra", test_algebra);
    return g_test_run();
}
