/* machines.c - launches, retires and replaces the machines of an auto-scaling group. */
#include "kinds/machines.h"

#include <glib.h>

#define NO_MACHINE UINT32_MAX

/* ---- Where the group stands ------------------------------------------------------------------------------------- */

const UnitView *machines_unit(const Ctx *cx, const InstancesState *state, uint32_t m) {
    return ctx_unit(cx, state->first + m);
}

/* An order to launch in a zone that is down fails at once, so the group only has to try: hence the truth. */
static bool machine_is_vacant(const Ctx *cx, const InstancesState *state, uint32_t m) {
    const UnitView *unit = machines_unit(cx, state, m);
    return unit->state == UNIT_ABSENT && unit->condition.up;
}

/* The first machine of the zone from `m` on that could be launched. */
static uint32_t zone_vacant_from(const Ctx *cx, const InstancesState *state, uint32_t zone, uint32_t m) {
    while (m < state->count && !(state->machines[m].zone == zone && machine_is_vacant(cx, state, m)))
        m++;
    return m < state->count ? m : NO_MACHINE;
}

static void group_count_machine(const Ctx *cx, InstancesState *state, uint32_t m) {
    Zone *zone = &state->zones[state->machines[m].zone];
    UnitState is = machines_unit(cx, state, m)->state;
    bool there = is == UNIT_BOOTING || is == UNIT_SERVING;
    zone->size += there;
    state->size += there;
    state->serving += is == UNIT_SERVING;
    state->dead += is == UNIT_DEAD;
    if (is == UNIT_SERVING)
        zone->retires = m;
    if (zone->vacant == NO_MACHINE && machine_is_vacant(cx, state, m))
        zone->vacant = m;
}

void machines_count(const Ctx *cx, InstancesState *state) {
    state->size = state->serving = state->dead = 0;
    for (uint32_t z = 0; z < state->zone_count; z++)
        state->zones[z] = (Zone){state->zones[z].place, 0, NO_MACHINE, NO_MACHINE};
    for (uint32_t m = 0; m < state->count; m++)
        group_count_machine(cx, state, m);
}

/* Where to launch next: of the zones with room the one where the group has fewest; ties: the first. */
static Zone *group_low(const InstancesState *state) {
    Zone *low = NULL;
    for (uint32_t z = 0; z < state->zone_count; z++)
        if (state->zones[z].vacant != NO_MACHINE && (!low || state->zones[z].size < low->size))
            low = &state->zones[z];
    return low;
}

/* Where to retire next: of the zones that serve the one where the group has most; ties: the last. */
static Zone *group_high(const InstancesState *state) {
    Zone *high = NULL;
    for (uint32_t z = 0; z < state->zone_count; z++)
        if (state->zones[z].retires != NO_MACHINE && (!high || state->zones[z].size >= high->size))
            high = &state->zones[z];
    return high;
}

/* How many there should be now. */
static uint32_t machines_goal(const InstancesState *state) { return state->wanted + state->extra; }

/* Zones that differ by one are as even as they can be. */
static bool group_is_uneven(const InstancesState *state) {
    const Zone *low = group_low(state), *high = group_high(state);
    return state->size == machines_goal(state) && low && high && high->size > low->size + 1;
}

/* ---- What the group does ------------------------------------------------------------------------------------------
 */

static void machine_launch(Ctx *cx, InstancesState *state, uint32_t m) {
    const InstancesSpec *spec = cx->spec;
    Draw luck = stream_draw(&state->boots, state->launched++);
    SimTime boot = law_sample(&spec->boot, &luck);
    ctx_set_state(cx, state->first + m, UNIT_BOOTING);
    ctx_note(cx, (Fact){.kind = FACT_LAUNCHING, .unit = state->first + m, .span = boot});
    state->machines[m].image = state->image;
    ctx_timer(cx, simtime_add(cx->now, boot), TIMER_BOOTED + m, ++state->machines[m].launches);
}

/* Orders need the control plane. Says once that they wait; on_change starts over when the plane answers. */
static bool machines_may_act(Ctx *cx, InstancesState *state, DecisionKind what) {
    if (ctx_control(cx, NO_PLACE)) {
        state->blocked = false;
        return true;
    }
    if (!state->blocked)
        ctx_note(cx, (Fact){.kind = FACT_BLOCKED_ACTION, .unit = NO_UNIT, .amount = what});
    state->blocked = true;
    return false;
}

/* Dead machines are terminated; their places are free again (where the zone works). */
static void group_bury(Ctx *cx, InstancesState *state) {
    for (uint32_t m = 0; m < state->count; m++)
        if (machines_unit(cx, state, m)->state == UNIT_DEAD)
            ctx_set_state(cx, state->first + m, UNIT_ABSENT);
    machines_count(cx, state);
}

/* Launch until there are `size`, as far as there is room and the account may have more. */
static bool group_grow(Ctx *cx, InstancesState *state, uint32_t size) {
    bool grown = false;
    for (Zone *low; state->size < size && (low = group_low(state)); state->size++) {
        if (!ctx_granted(cx, state->first + low->vacant))
            break;
        machine_launch(cx, state, low->vacant);
        low->vacant = zone_vacant_from(cx, state, (uint32_t)(low - state->zones), low->vacant + 1);
        low->size++;
        grown = true;
    }
    return grown;
}

/* What it had to do it finishes; its station is emptied when the next machine takes its place. */
static void group_retire_one(Ctx *cx, InstancesState *state) {
    ctx_set_state(cx, state->first + group_high(state)->retires, UNIT_ABSENT);
    machines_count(cx, state);
}

/* One round of orders; true when it may have left more to do. Only what serves is retired, so a group that evens out
 * has one more than it wants until the new one has booted. */
static bool group_act(Ctx *cx, InstancesState *state) {
    machines_count(cx, state);
    uint32_t goal = machines_goal(state);
    bool uneven = state->extra == 0 && group_is_uneven(state);
    if (state->dead == 0 && !uneven && state->size >= goal && state->serving <= goal) {
        bool waits = state->size != goal || state->serving != goal; /* for a boot */
        if (state->unsettled && !waits)
            ctx_note(cx, (Fact){.kind = FACT_REBALANCED, .unit = NO_UNIT, .amount = state->size});
        state->unsettled = state->unsettled && waits;
        state->blocked = false; /* whatever was to be done, it is no more */
        return false;
    }
    state->unsettled = true;
    if (!machines_may_act(cx, state, uneven || state->size < goal ? DECISION_LAUNCH : DECISION_RETIRE))
        return false;
    bool acts = state->dead > 0 || state->serving > goal;
    if (state->dead > 0)
        group_bury(cx, state);
    acts = group_grow(cx, state, goal + uneven) || acts;
    while (state->serving > goal)
        group_retire_one(cx, state);
    return acts;
}

void machines_reconcile(Ctx *cx, InstancesState *state) {
    while (group_act(cx, state)) {}
}

/* ---- Refreshing ---------------------------------------------------------------------------------------------------
 */

static bool machine_is_old(const Ctx *cx, const InstancesState *state, uint32_t m) {
    UnitState is = machines_unit(cx, state, m)->state;
    return (is == UNIT_SERVING || is == UNIT_BOOTING) && state->machines[m].image != state->image;
}

static uint32_t group_old(const Ctx *cx, const InstancesState *state) {
    uint32_t old = 0;
    for (uint32_t m = 0; m < state->count; m++)
        old += machine_is_old(cx, state, m);
    return old;
}

/* The next share: at least one machine, and no more than there are old ones. */
static uint32_t group_batch(const InstancesState *state, uint32_t old) {
    int64_t share = ((int64_t)state->wanted * state->refresh.share + WHOLE - 1) / WHOLE;
    return (uint32_t)CLAMP(share, 1, (int64_t)old);
}

/* The first old ones go, so zones take turns. */
static void group_retire_old(Ctx *cx, InstancesState *state, uint32_t batch) {
    for (uint32_t m = 0; m < state->count && batch > 0; m++) {
        if (!machine_is_old(cx, state, m))
            continue;
        ctx_set_state(cx, state->first + m, UNIT_ABSENT);
        batch--;
    }
}

static void refresh_share(Ctx *cx, InstancesState *state, uint32_t old) {
    uint32_t batch = group_batch(state, old);
    bool first = state->refresh.surge && state->extra == 0 && state->wanted + batch <= state->count;
    if (first) {
        state->extra = batch; /* and they go when these serve */
    } else {
        group_retire_old(cx, state, state->extra > 0 ? state->extra : batch);
        state->extra = 0;
    }
    state->unsettled = true;
    machines_reconcile(cx, state);
}

/* Looked at whenever something of the group has changed: is the share that was replaced last there, and has it been
 * there for long enough? */
void machines_refresh_follow(Ctx *cx, InstancesState *state) {
    if (state->refresh.share == 0 || state->settling)
        return;
    machines_count(cx, state);
    if (state->serving < machines_goal(state) || state->size != state->serving)
        return;
    uint32_t old = group_old(cx, state);
    if (old == 0) {
        state->refresh.share = 0;
        return;
    }
    state->settling = true;
    ctx_timer(cx, simtime_add(cx->now, state->refresh.settle), TIMER_SETTLED, ++state->round);
}

void machines_refresh_settled(Ctx *cx, InstancesState *state, uint32_t round) {
    if (round != state->round || !state->settling)
        return;
    uint32_t old = group_old(cx, state);
    machines_count(cx, state);
    bool holds = state->serving >= machines_goal(state) && state->size == state->serving;
    state->settling = false;
    if (holds && old > 0 && machines_may_act(cx, state, DECISION_LAUNCH))
        refresh_share(cx, state, old);
}

/* A new image: from now on every machine that runs is not as it should be. */
void machines_refresh(Ctx *cx, InstancesState *state, Order order) {
    state->refresh = order;
    state->settling = false;
    state->round++;
    state->image++;
    for (uint32_t m = 0; m < state->count; m++)
        if (machine_is_old(cx, state, m))
            ctx_note(cx, (Fact){.kind = FACT_DRIFTED, .unit = state->first + m, .amount = 1});
    uint32_t old = group_old(cx, state);
    ctx_note(cx, (Fact){.kind = FACT_DECIDED, .unit = NO_UNIT, .amount = DECISION_REFRESH});
    if (old > 0 && machines_may_act(cx, state, DECISION_LAUNCH))
        refresh_share(cx, state, old);
}
