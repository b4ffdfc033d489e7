/* vpn.c - an encrypted connection over the internet to a site, of several tunnels of which one carries at a time.
 *
 * When the tunnel that carries dies, packets are lost in it until its ends notice (dead peer detection, or the hold
 * time of BGP); then they use the next one, or withdraw what they know of each other. With static routes and detection
 * `none` nobody ever notices. Left out on purpose: its 1.25 Gbit/s a tunnel. */
#include "contract/kind.h"

enum { TUNNELS_MOST = 8 };

typedef enum { ROUTING_STATIC, ROUTING_BGP } Routing;
typedef enum { DETECTION_CLEAR, DETECTION_NONE, DETECTION_RESTART } DeadPeerDetection;

typedef struct {
    int routing, dead_peer_detection;
    int64_t tunnels;
    Law detection;
} VpnSpec;

typedef struct {
    Stream luck;
    uint64_t cuts; /* of all tunnels */
    bool down[TUNNELS_MOST];
    uint32_t cut[TUNNELS_MOST]; /* of each, the one that its timer is for */
} VpnState;

static const char *const routing_words[] = {"static", "bgp", NULL};
static const char *const detection_words[] = {"clear", "none", "restart", NULL};

static const Field vpn_fields[] = {
    FIELD_WORD(VpnSpec, routing, routing_words, "static", "how each end knows what lies at the other", NULL),
    FIELD_COUNT(VpnSpec, tunnels, "2", "1", "8", "tunnels, of which the first that works carries",
                "AWS Site-to-Site VPN guide, VPNTunnels"),
    FIELD_WORD(VpnSpec, dead_peer_detection, detection_words, "clear",
               "when a tunnel is found dead: leave it, keep sending into it, or set it up again",
               "AWS Site-to-Site VPN guide, VPNTunnels: DPD timeout action"),
    FIELD_LAW(VpnSpec, detection, "30 s", "from a tunnel's death until both ends know of it",
              "AWS Site-to-Site VPN guide, VPNTunnels: DPD timeout of 30 s or more; BGP hold time of 30 s"),
    FIELD_END,
};

static bool vpn_notices(const VpnSpec *spec) {
    return spec->routing == ROUTING_BGP || spec->dead_peer_detection != DETECTION_NONE;
}

static PassageFacts vpn_passes(const void *spec) {
    const VpnSpec *vpn = spec;
    return (PassageFacts){.rank = vpn->routing == ROUTING_BGP ? RANK_LEARNT : RANK_STATIC,
                          .loss = vpn_notices(vpn) ? LINE_WITHDRAWS : LINE_KEEPS};
}

static uint32_t vpn_count(const void *spec) { return (uint32_t)((const VpnSpec *)spec)->tunnels; }

static void vpn_start(Ctx *cx) {
    VpnState *state = cx->state;
    state->luck = ctx_stream(cx, "detection");
}

static void tunnel_died(Ctx *cx, UnitId first, uint32_t tunnel) {
    const VpnSpec *spec = cx->spec;
    VpnState *state = cx->state;
    ctx_unnoticed(cx, first + tunnel, true);
    if (!vpn_notices(spec))
        return;
    Draw draw = stream_draw(&state->luck, state->cuts++);
    state->cut[tunnel] = (uint32_t)state->cuts;
    ctx_timer(cx, simtime_add(cx->now, law_sample(&spec->detection, &draw)), tunnel, state->cut[tunnel]);
}

static void vpn_on_change(Ctx *cx) {
    VpnState *state = cx->state;
    UnitId first;
    uint32_t count = ctx_units(cx, cx->self, &first);
    for (uint32_t tunnel = 0; tunnel < count; tunnel++) {
        bool down = !ctx_unit(cx, first + tunnel)->condition.up;
        if (down == state->down[tunnel])
            continue;
        state->down[tunnel] = down;
        if (down)
            tunnel_died(cx, first, tunnel);
        else
            ctx_unnoticed(cx, first + tunnel, false);
    }
}

static void vpn_on_timer(Ctx *cx, uint32_t what, uint32_t subject) {
    VpnState *state = cx->state;
    UnitId first;
    ctx_units(cx, cx->self, &first);
    if (!state->down[what] || state->cut[what] != subject)
        return;
    ctx_unnoticed(cx, first + what, false);
    ctx_note(cx, (Fact){.kind = FACT_NOTICED, .unit = first + what, .other = NO_COMPONENT});
}

static void vpn_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_COMPONENT_HOUR, "vpn_connection_hour");
}

static const char *const vpn_shows[] = {"routing", "tunnels", "dead_peer_detection", NULL};

const Kind kind_vpn = {
    .name = "vpn",
    .summary = "an encrypted connection to a site, of several tunnels of which one carries",
    .role = ROLE_LINK,
    .symbol = "tunnel",
    .spread = SPREAD_COUNT,
    .passage = {.mode = PASSAGE_FORWARDS, .attachment = ATTACH_JOIN, .groups = GROUPS_NEVER, .join = JOIN_LINE},
    .fields = vpn_fields,
    .shows = vpn_shows,
    .spec_size = sizeof(VpnSpec),
    .state_size = sizeof(VpnState),
    .passes = vpn_passes,
    .count = vpn_count,
    .start = vpn_start,
    .on_change = vpn_on_change,
    .on_timer = vpn_on_timer,
    .price = vpn_price,
};
