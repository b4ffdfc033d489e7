/* objects.c - what happens at a stop of a flow beside being worked on: something is put there, taken out, or read.
 *
 * Where something is handed off, sets something off, or is an object of a store that knows its objects, the request
 * meets the stop by an event of its own, in order of time. */
#include "world/state.h"

/* Does another flow begin with what is put into the component? */
static bool sets_off(const World *w, ComponentId component) {
    bool found = false;
    for (uint32_t f = 0; f < w->model->flow_count && !found; f++) {
        const Flow *other = &w->model->flows[f];
        for (uint32_t c = 0; flow_hands_off(other->steps[1].connector) && c < other->steps[0].copies; c++)
            found = found || other->steps[0].by_copy[c] == component;
    }
    return found;
}

Keep objects_keep(const World *w, const Flow *flow, uint32_t step) {
    const FlowStep *at = &flow->steps[step];
    if (at->removes)
        return KEEP_LESS;
    if (at->writes || (step + 1 < flow->step_count && flow_hands_off(flow->steps[step + 1].connector)))
        return KEEP_ALL;
    const Kind *kind = w->model->components[at->by_copy[0]].kind;
    if (step > 0 && sets_off(w, at->by_copy[0]))
        return kind->messages->can & MESSAGES_READ ? KEEP_WRITES : KEEP_ALL;
    return step > 0 && kind->objects ? KEEP_HEARS : KEEP_NOT;
}

void objects_count(World *w, ComponentId component, int64_t more) {
    world_note(w, (Fact){.kind = FACT_STORED,
                         .component = component,
                         .unit = NO_UNIT,
                         .place = NO_PLACE,
                         .other = UINT32_MAX,
                         .amount = more});
}

void objects_touch(World *w, const Slot *slot, Request *rq, Keep keep) {
    ComponentId component = w->briefs[rq->unit].component;
    const ObjectRules *rules = w->members[component].kind->objects;
    Touch touch = keep == KEEP_LESS ? TOUCH_REMOVED : rq->write ? TOUCH_PUT : TOUCH_READ;
    if (rules)
        rules->touched(world_ctx(w, component), rq, touch);
    else if (touch != TOUCH_READ)
        objects_count(w, component, touch == TOUCH_PUT ? 1 : -1);
    if (touch == TOUCH_PUT && keep != KEEP_HEARS)
        messages_put(w, slot, component, rq->now);
}
