/* polls.c - receivers that have nothing to do ask a queue in vain, again and again: no event, but the provider's meter
 * runs.
 *
 * A unit that works and has taken nothing asks, waits as long as the queue lets it, and asks again. What it asked in
 * vain is counted when that ends. */
#include "world/messages.h"

static uint32_t worker_units(const World *w, const Shelf *shelf) {
    uint32_t units = 0;
    for (uint32_t i = 0; i < shelf->worker_count; i++)
        units += w->members[shelf->workers[i]].unit_count;
    return units;
}

void polls_build(const World *w, Shelf *shelf) {
    bool polls = shelf->takes && shelf->rules->polls;
    shelf->poll = polls ? shelf->rules->polls(w->model->components[shelf->keeper].spec) : SIMTIME_NEVER;
    shelf->polling = polls ? g_new(SimTime, worker_units(w, shelf)) : NULL;
}

void polls_start(const World *w, Shelf *shelf) {
    for (uint32_t i = 0; shelf->polling && i < worker_units(w, shelf); i++)
        shelf->polling[i] = SIMTIME_NEVER;
}

static void polls_count(World *w, const Shelf *shelf, SimTime since) {
    w->members[shelf->keeper].meetings.met += (uint64_t)(simtime_sub(clock_of(w), since).ns / shelf->poll.ns);
}

static void follow(World *w, Shelf *shelf, uint32_t i, UnitId unit) {
    bool asks = unit_works(&w->units[unit]) && w->messages->taken[unit] == 0;
    bool asked = !simtime_is_never(shelf->polling[i]);
    if (asks == asked)
        return;
    if (asked)
        polls_count(w, shelf, shelf->polling[i]);
    shelf->polling[i] = asks ? clock_of(w) : SIMTIME_NEVER;
}

/* NO_UNIT: every unit. */
static void follow_workers(World *w, Shelf *shelf, UnitId only) {
    uint32_t first = 0;
    for (uint32_t k = 0; shelf->polling && k < shelf->worker_count; k++) {
        const Member *member = &w->members[shelf->workers[k]];
        for (uint32_t u = 0; only == NO_UNIT && u < member->unit_count; u++)
            follow(w, shelf, first + u, member->first_unit + u);
        if (only >= member->first_unit && only < member->first_unit + member->unit_count)
            follow(w, shelf, first + only - member->first_unit, only);
        first += member->unit_count;
    }
}

void polls_follow(World *w) { polls_unit(w, NO_UNIT); }

void polls_unit(World *w, UnitId unit) {
    for (uint32_t s = 0; s < w->messages->shelf_count; s++)
        follow_workers(w, &w->messages->shelves[s], unit);
}

void polls_end(World *w) {
    for (uint32_t s = 0; s < w->messages->shelf_count; s++) {
        const Shelf *shelf = &w->messages->shelves[s];
        for (uint32_t i = 0; shelf->polling && i < worker_units(w, shelf); i++)
            if (!simtime_is_never(shelf->polling[i]))
                polls_count(w, shelf, shelf->polling[i]);
    }
}
