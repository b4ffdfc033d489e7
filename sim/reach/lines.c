/* lines.c - VPNs and direct lines: which is used, and whether it carries.
 *
 * Of a line's units (tunnels) the first that nobody has found dead carries. A line whose units are all found dead is
 * withdrawn, unless nobody looks (semantics B.6). */
#include "reach/gateways.h"

static const Component *component_of(const NetState *state, const Join *line) {
    return &state->model->components[line->component];
}

bool line_is_withdrawn(const NetState *state, const Join *line) {
    const Component *component = component_of(state, line);
    if (line->facts.loss == LINE_KEEPS)
        return false;
    for (uint32_t u = 0; u < component->unit_count; u++)
        if (!netstate_unit_is_given_up(state, component->first_unit + u))
            return false;
    return true;
}

bool line_is_dead(const NetState *state, const Join *line) {
    const Component *component = component_of(state, line);
    for (uint32_t u = 0; u < component->unit_count; u++) {
        UnitId unit = component->first_unit + u;
        bool left = line->facts.loss == LINE_WITHDRAWS && netstate_unit_is_given_up(state, unit);
        if (!left)
            return netstate_unit_is_down(state, unit);
    }
    return true;
}

/* The longest prefix, then direct before static before learnt, then the order of names. */
uint32_t lines_choose(const Walk *walk, uint32_t network, const Prefix *address, bool withdrawn) {
    const Model *model = walk->reach->model;
    uint32_t best = NO_JOIN;
    uint8_t longest = 0;
    for (uint32_t i = 0; i < model->join_count; i++) {
        const Join *line = &model->joins[i];
        if (line->a != network || line_is_withdrawn(walk->state, line) != withdrawn)
            continue;
        for (uint32_t k = 0; k < line->to_b_count; k++) {
            const Prefix *to = &line->to_b[k];
            if (!prefix_contains(to, address))
                continue;
            if (best == NO_JOIN || to->length > longest ||
                (to->length == longest && line->facts.rank < model->joins[best].facts.rank)) {
                best = i;
                longest = to->length;
            }
        }
    }
    return best;
}
