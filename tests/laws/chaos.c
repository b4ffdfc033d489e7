/* chaos.c - random timelines for site.yaml. */
#include "tests/laws/chaos.h"

#include <glib.h>

#include "base/luck.h"

static const char *const places[] = {"region us-east-1", "region us-west-2", "zone us-east-1a",
                                     "zone us-east-1b",  "zone us-west-2a",  "zone us-west-2b"};
static const char *const parts[] = {"shop.door",
                                    "shop.crew",
                                    "shop.ledger",
                                    "shield",
                                    "names",
                                    "\"shop[us-east-1].door\"",
                                    "\"shop[us-east-1].crew\"",
                                    "\"shop[us-west-2].ledger\"",
                                    "\"shop[us-east-1].crew/0\"",
                                    "\"shop[us-east-1].crew/3\"",
                                    "\"shop[us-west-2].door/1\""};
static const char *const links[] = {"link us-east-1 <-> us-west-2", "link us-west-2 -> us-east-1",
                                    "link next-door -> us-east-1", "link us-east-1 -> next-door",
                                    "link us-east-1a <-> us-east-1b"};
static const char *const planes[] = {"control_plane us-east-1", "control_plane us-west-2"};
static const char *const rules[] = {
    "{security_group: shop.ledger, remove: {inbound: {from: crew, port: 5432}}}",
    "{security_group: \"shop[us-east-1].crew\", remove: {inbound: {from: door, port: 8080}}}",
    "{security_group: \"shop[us-west-2].door\", remove: {inbound: {from: internet, port: 443}}}",
    "{security_group: shop.crew, add: {inbound: {from: anyone, port: any}}}"};

static const char *one_of(Draw *luck, const char *const *list, size_t count) { return list[draw_below(luck, count)]; }
#define ONE_OF(luck, list) one_of(luck, list, G_N_ELEMENTS(list))

/* What happens, without its times. */
static char *what(Draw *luck) {
    const char *victim = draw_chance(luck, 500000000) ? ONE_OF(luck, places) : ONE_OF(luck, parts);
    switch (draw_below(luck, 7)) {
    case 0: return g_strdup_printf("fail: %s, as: %s", victim, draw_chance(luck, 500000000) ? "refuse" : "blackhole");
    case 1: return g_strdup_printf("fail: %s, recovery: exponential(60 s)", victim);
    case 2: return g_strdup_printf("slow: %s, to: 30 %%, by: 5 ms", victim);
    case 3: return g_strdup_printf("drop: %s, share: 20 %%", victim);
    case 4: return g_strdup_printf("partition: %s", ONE_OF(luck, links));
    case 5: return g_strdup_printf("freeze: %s", ONE_OF(luck, planes));
    default: return g_strdup_printf("change: %s", ONE_OF(luck, rules));
    }
}

char **chaos_events(uint64_t lot, uint32_t count, int from, int to, int step) {
    Stream stream = luck_stream((Luck){lot, 0}, "chaos", "timeline");
    char **events = g_new0(char *, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        Draw luck = stream_draw(&stream, i);
        uint64_t span = (uint64_t)(to - from) * 1000, grid = (uint64_t)step * 1000;
        uint64_t at = draw_below(&luck, span - 1000) / grid * grid, lasts = 1 + draw_below(&luck, span - at - 1);
        char *happens = what(&luck);
        events[i] = g_strdup_printf("{at: %d ms, %s, for: %d ms}", (int)at + from * 1000, happens, (int)lasts);
        g_free(happens);
    }
    return events;
}
