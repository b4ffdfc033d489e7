/* newcomers.c - would somebody who came now be served? Asked whenever anything has changed, and told as a fact.
 *
 * A newcomer has nothing cached. For each flow that starts at his population there must be a way: an answer of the
 * name, then at each step a unit that works, that the one before could send him to, over links that carry and controls
 * that let him pass (reach/), there and back. What the steps know counts, not the truth: a name that still means a dead
 * region serves nobody. Luck does not: it is enough that some of its answers, or of a balancer's targets, would do.
 *
 * Only where that is worth something: in runs where things fail by themselves, or where nobody comes who could tell.
 * Left out on purpose: capacity (beyond `enough` units), writes, and what cached answers would add to the trouble. */
#include "world/state.h"

struct Newcomers {
    bool watched;
    uint8_t *served; /* by component: what was told last of a population; NOT_TOLD */
    uint32_t *tried; /* by unit: the walk that found no way on from it */
    uint32_t walk;   /* number of the present walk */
};

enum { SERVES_NOT, SERVES, NOT_TOLD };

Newcomers *newcomers_new(const World *w) {
    Newcomers *newcomers = g_new0(Newcomers, 1);
    newcomers->served = g_new0(uint8_t, w->model->component_count + 1);
    newcomers->tried = g_new0(uint32_t, w->model->unit_count + 1);
    return newcomers;
}

void newcomers_free(Newcomers *newcomers) {
    g_free(newcomers->served);
    g_free(newcomers->tried);
    g_free(newcomers);
}

/* One walk: from a population, by one flow, in one copy. */
typedef struct {
    World *w;
    const Way *way;
} Walk;

static bool carries(World *w, uint16_t from, uint16_t to) {
    if (from == SPOT_NOWHERE || to == SPOT_NOWHERE)
        return true;
    const Link *there = geography_link(w, from, to), *back = geography_link(w, to, from);
    return !there->cut && !back->cut && there->loss < WHOLE && back->loss < WHOLE;
}

/* Can the newcomer, who is at `from` (on the map: at `spot`), go on to `to`? */
static bool can_step(World *w, UnitId from, uint16_t spot, UnitId to) {
    const Member *here = &w->members[w->briefs[from].component], *next = &w->members[w->briefs[to].component];
    if (!unit_works(&w->units[to]) || w->units[to].condition.loss == WHOLE || !carries(w, spot, w->briefs[to].spot))
        return false;
    if (here->kind->sends && !here->kind->sends(world_ctx(w, w->briefs[from].component), from, to))
        return false;
    if (next->kind->takes && !next->kind->takes(world_ctx(w, w->briefs[to].component), to))
        return false;
    return world_verdict(w, from, to, w->briefs[to].component)->kind == VERDICT_REACH &&
           trust_lets_newcomer(w, from, to);
}

static bool goes_on(const Walk *walk, UnitId from, uint16_t spot, uint8_t step);

/* Depth first. Where an edge service stands on the map is where the newcomer is, and that is the same for a whole walk
 * up to the first unit that has a place of its own: so a unit that led nowhere once need not be tried again. */
static bool leads_on(const Walk *walk, UnitId from, uint16_t spot, UnitId to, uint8_t step) {
    World *w = walk->w;
    uint32_t *tried = &w->newcomers->tried[to];
    uint16_t next = w->briefs[to].spot != SPOT_NOWHERE ? w->briefs[to].spot : spot;
    if (*tried == w->newcomers->walk || !can_step(w, from, spot, to))
        return false;
    bool leads = goes_on(walk, to, next, step);
    if (!leads)
        *tried = w->newcomers->walk;
    return leads;
}

/* As many ways as there must be units that work. */
static bool goes_on(const Walk *walk, UnitId from, uint16_t spot, uint8_t step) {
    const World *w = walk->w;
    const Stop *next = &walk->way->after[step];
    if (next->component == NO_COMPONENT)
        return true;
    const Member *member = &w->members[next->component];
    uint32_t wanted = w->model->components[next->component].enough;
    for (UnitId to = member->first_unit; to < member->first_unit + member->unit_count && wanted > 0; to++)
        wanted -= leads_on(walk, from, spot, to, next->step);
    return wanted == 0;
}

static bool serves_in(World *w, const Population *population, uint32_t flow, ComponentId entry) {
    Walk walk = {w, &w->ways[flow * w->copies_most + w->copy_index[entry]]};
    w->newcomers->walk++;
    return goes_on(&walk, population->unit, population->spot, 0);
}

/* Without a name clients go to the nearest copy. */
static bool serves_by(World *w, const Population *population, uint32_t flow) {
    const Flow *meant = &w->model->flows[flow];
    if (meant->step_count < 2)
        return true;
    ComponentId name = meant->steps[1].by_copy[0];
    const Kind *kind = w->members[name].kind;
    PlaceId from = w->model->components[population->component].place;
    if (!kind->names) {
        Draw none = {{0, 0}, 0, 0};
        NameAnswer answer = world_ops.resolve(world_ctx(w, name), name, from, &none);
        return answer.any && serves_in(w, population, flow, answer.target);
    }
    const Component *component = &w->model->components[name];
    for (uint32_t t = 0; t < component->target_count; t++)
        if (kind->names(world_ctx(w, name), from, component->targets[t]) &&
            serves_in(w, population, flow, component->targets[t]))
            return true;
    return false;
}

static bool starts_at(const Flow *flow, ComponentId population) {
    for (uint32_t c = 0; c < flow->steps[0].copies; c++)
        if (flow->steps[0].by_copy[c] == population)
            return true;
    return false;
}

/* All flows of the population; one that has none is nobody's concern. */
static uint8_t serves(World *w, ComponentId population) {
    uint8_t all = NOT_TOLD;
    for (uint32_t f = 0; f < w->model->flow_count && all != SERVES_NOT; f++)
        if (starts_at(&w->model->flows[f], population))
            all = serves_by(w, &w->populations[population], f) ? SERVES : SERVES_NOT;
    return all;
}

void newcomers_follow(World *w) {
    Newcomers *newcomers = w->newcomers;
    for (ComponentId c = 0; newcomers->watched && c < w->component_count; c++) {
        if (w->members[c].kind->role != ROLE_POPULATION)
            continue;
        uint8_t now = serves(w, c);
        if (now == newcomers->served[c])
            continue;
        newcomers->served[c] = now;
        world_note(w, (Fact){.kind = FACT_SERVICE, .component = c, .unit = NO_UNIT, .place = NO_PLACE, .amount = now});
    }
}

void newcomers_start(World *w) {
    Newcomers *newcomers = w->newcomers;
    newcomers->watched = world_is_heard(w, FACT_SERVICE) && (w->model->failure_count > 0 || w->model->load_count == 0);
    newcomers->walk = 0;
    memset(newcomers->tried, 0, sizeof *newcomers->tried * w->model->unit_count);
    memset(newcomers->served, NOT_TOLD, w->model->component_count);
    newcomers_follow(w);
}
