/* direct_connect.c - a leased line from a network's private gateway, or a transit gateway, to a site; routes by BGP.
 *
 * When it is cut, both ends go on sending into it until they notice, which is when the hold time runs out. */
#include "contract/kind.h"

typedef struct {
    Law detection;
} DirectConnectSpec;

typedef struct {
    Stream luck;
    uint64_t cuts; /* each has its own draw, and its own timer */
    bool down;
} DirectConnectState;

static const Field direct_connect_fields[] = {
    FIELD_LAW(DirectConnectSpec, detection, "uniform(60 s to 90 s)", "from a cut until both ends know of it",
              "AWS Direct Connect guide, limits: BGP keepalive 30 s, hold time 90 s; 0.6 s to 0.9 s with BFD"),
    FIELD_END,
};

static PassageFacts direct_connect_passes(const void *spec) {
    (void)spec;
    return (PassageFacts){.rank = RANK_DIRECT, .loss = LINE_WITHDRAWS};
}

static void direct_connect_start(Ctx *cx) {
    DirectConnectState *state = cx->state;
    state->luck = ctx_stream(cx, "detection");
}

static void direct_connect_on_change(Ctx *cx) {
    DirectConnectState *state = cx->state;
    const DirectConnectSpec *spec = cx->spec;
    UnitId unit;
    ctx_units(cx, cx->self, &unit);
    bool down = !ctx_unit(cx, unit)->condition.up;
    if (down == state->down)
        return;
    state->down = down;
    ctx_unnoticed(cx, unit, down);
    if (!down)
        return;
    Draw draw = stream_draw(&state->luck, state->cuts++);
    ctx_timer(cx, simtime_add(cx->now, law_sample(&spec->detection, &draw)), 0, (uint32_t)state->cuts);
}

static void direct_connect_on_timer(Ctx *cx, uint32_t what, uint32_t subject) {
    DirectConnectState *state = cx->state;
    UnitId unit;
    (void)what;
    ctx_units(cx, cx->self, &unit);
    if (!state->down || subject != (uint32_t)state->cuts)
        return;
    ctx_unnoticed(cx, unit, false);
    ctx_note(cx, (Fact){.kind = FACT_NOTICED, .unit = unit, .other = NO_COMPONENT});
}

static void direct_connect_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_COMPONENT_HOUR, "direct_connect_hour");
}

static const char *const direct_connect_shows[] = {"detection", NULL};

const Kind kind_direct_connect = {
    .name = "direct_connect",
    .summary = "a leased line to a site, preferred to any VPN",
    .role = ROLE_LINK,
    .symbol = "line",
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_FORWARDS, .attachment = ATTACH_JOIN, .groups = GROUPS_NEVER, .join = JOIN_LINE},
    .fields = direct_connect_fields,
    .shows = direct_connect_shows,
    .spec_size = sizeof(DirectConnectSpec),
    .state_size = sizeof(DirectConnectState),
    .passes = direct_connect_passes,
    .start = direct_connect_start,
    .on_change = direct_connect_on_change,
    .on_timer = direct_connect_on_timer,
    .price = direct_connect_price,
};
