/* moments.c - snapshots of one run as moments of the record: what every component and link was doing. */
#include "document/links.h"

typedef struct {
    uint32_t serving, booting, down, absent;
} Counts;

static void count_unit(Counts *counts, const UnitView *unit) {
    bool down = unit->state == UNIT_DEAD || (unit->state == UNIT_SERVING && !unit->condition.up);
    counts->down += down;
    counts->serving += !down && unit->state == UNIT_SERVING;
    counts->booting += unit->state == UNIT_BOOTING;
    counts->absent += unit->state == UNIT_ABSENT;
}

static bool any_bent(const Model *model, const Snapshot *snapshot, const Component *component) {
    (void)model;
    for (uint32_t u = 0; u < component->unit_count; u++) {
        const UnitView *unit = &snapshot->units[component->first_unit + u];
        if (unit->state == UNIT_SERVING &&
            (unit->condition.speed != WHOLE || unit->condition.loss > 0 || unit->condition.delay.ns > 0))
            return true;
    }
    return false;
}

/* Some load enters a flow that leads through it, so that something should arrive. */
static bool is_asked(const Model *model, ComponentId c) {
    for (uint32_t l = 0; l < model->load_count; l++) {
        const Flow *flow = &model->flows[model->loads[l].flow];
        for (uint32_t s = 0; s < flow->step_count; s++)
            for (uint32_t i = 0; i < flow->steps[s].copies; i++)
                if (flow->steps[s].by_copy[i] == c)
                    return true;
    }
    return false;
}

/* Nothing of it was ever launched, or all of it was switched off, and nothing stands in the way of launching it. */
static bool is_switched_off(const Snapshot *snapshot, const Component *component, const Counts *counts) {
    bool fit = counts->absent == component->unit_count;
    for (uint32_t u = 0; fit && u < component->unit_count; u++)
        fit = snapshot->units[component->first_unit + u].condition.up;
    return fit;
}

/* `closure` is NULL where nobody owns anything. */
static RecordState state_of(const Model *model, const Closure *closure, const Snapshot *snapshot, ComponentId c,
                            const Counts *counts) {
    const Component *component = &model->components[c];
    const Meetings *met = &snapshot->meetings[c];
    bool passes = component->kind->role != ROLE_POPULATION && component->kind->role != ROLE_NAME &&
                  component->kind->role != ROLE_LINK;
    if (closure != NULL && closure->holds[c] == HOLD_COMPROMISED)
        return RECORD_OWNED;
    if (closure != NULL && closure->holds[c] == HOLD_EXPOSED)
        return RECORD_EXPOSED;
    if (closure != NULL && closure->holds[c] == HOLD_AT_RISK)
        return RECORD_AT_RISK;
    if (counts->serving == 0 && component->unit_count > 0)
        return is_switched_off(snapshot, component, counts) ? RECORD_IDLE : RECORD_FAILED;
    if (component->kind->role == ROLE_COMPUTE && met->turned_away * 100 > met->met)
        return RECORD_OVERLOADED;
    if (counts->down > 0 || any_bent(model, snapshot, component))
        return RECORD_DEGRADED;
    if (passes && met->met == 0 && is_asked(model, c))
        return RECORD_IDLE;
    return RECORD_HEALTHY;
}

static Counts component_counts(const Snapshot *snapshot, const Component *component) {
    Counts counts = {0};
    for (uint32_t u = 0; u < component->unit_count; u++)
        count_unit(&counts, &snapshot->units[component->first_unit + u]);
    return counts;
}

static void add_component(Record *record, const Model *model, const Closure *closure, const Snapshot *snapshot,
                          uint32_t moment, ComponentId c) {
    const Component *component = &model->components[c];
    Counts counts = component_counts(snapshot, component);
    RecordState state = state_of(model, closure, snapshot, c, &counts);
    const Meetings *met = &snapshot->meetings[c];
    char *note = NULL;
    if (state == RECORD_OVERLOADED)
        note = g_strdup_printf("turned away %" G_GUINT64_FORMAT " %%", met->turned_away * 100 / met->met);
    record_add_component_state(record, (RecordComponentState){moment, c, counts.serving, counts.booting, counts.down,
                                                              counts.absent, state, note});
    g_free(note);
}

static bool stand_together(const ModelUnit *a, const ModelUnit *b) {
    return a->zone == b->zone && a->subnet == b->subnet;
}

/* By zone and subnet, in the order in which the component's units first stand there. */
static void add_zones(Record *record, const Model *model, const Snapshot *snapshot, uint32_t moment, ComponentId c) {
    const Component *component = &model->components[c];
    for (uint32_t u = 0; u < component->unit_count; u++) {
        const ModelUnit *at = &model->units[component->first_unit + u];
        bool first = at->zone != NO_PLACE;
        for (uint32_t o = 0; o < u && first; o++)
            first = !stand_together(&model->units[component->first_unit + o], at);
        if (!first)
            continue;
        Counts counts = {0};
        for (uint32_t o = u; o < component->unit_count; o++)
            if (stand_together(&model->units[component->first_unit + o], at))
                count_unit(&counts, &snapshot->units[component->first_unit + o]);
        record_add_zone_state(record,
                              (RecordZoneState){moment, c, at->zone, at->subnet == NO_PLACE ? RECORD_NONE : at->subnet,
                                                counts.serving, counts.booting, counts.down});
    }
}

static Verdict worst_verdict(const Model *model, const Reach *reach, const NetState *net, ComponentId from,
                             ComponentId to) {
    const Component *a = &model->components[from], *b = &model->components[to];
    Verdict worst = {.kind = VERDICT_REACH};
    ClassId seen_a = CLASS_INTERNET;
    for (uint32_t i = 0; i < a->unit_count; i++) {
        ClassId class_a = reach_class_of_unit(reach, a->first_unit + i), seen_b = CLASS_INTERNET;
        if (class_a == seen_a)
            continue;
        seen_a = class_a;
        for (uint32_t j = 0; j < b->unit_count; j++) {
            ClassId class_b = reach_class_of_unit(reach, b->first_unit + j);
            if (class_b == seen_b)
                continue;
            seen_b = class_b;
            Verdict verdict = reach_verdict(reach, net, reach_usual(reach, class_a, class_b));
            if (worst.kind == VERDICT_REACH && verdict.kind != VERDICT_REACH)
                worst = verdict;
        }
    }
    return worst;
}

static void add_link(Record *record, const Model *model, const Reach *reach, const Snapshot *snapshot, uint32_t moment,
                     uint32_t id, const DocumentLink *link) {
    bool requests = link->kind == RECORD_REQUEST;
    Verdict verdict = {.kind = VERDICT_REACH};
    if (requests)
        verdict = worst_verdict(model, reach, snapshot->net, link->from, link->to);
    const Traffic *traffic = &snapshot->traffic[(size_t)link->from * model->component_count + link->to];
    double seconds = (double)simtime_sub(snapshot->at, snapshot->from).ns / 1e9;
    double rate = requests && seconds > 0 ? (double)traffic->tried / seconds : -1;
    double good = traffic->tried ? (double)(traffic->tried - traffic->failed) / (double)traffic->tried : -1;
    record_add_link_state(record, (RecordLinkState){.moment = moment,
                                                    .link = id,
                                                    .verdict = verdict_name(verdict.kind),

                                                    .rule = verdict.kind == VERDICT_REACH || !verdict.element
                                                                ? NULL
                                                                : model->elements[verdict.element].text,
                                                    .requests_per_s = rate,
                                                    .good_share = good});
}

/* Does what is done to the target trouble this place as such, and how? */
static bool troubles(const Target *target, Condition bent, PlaceId place, RecordPlaceTrouble *trouble) {
    if (target->kind == TARGET_LINK && (target->from == place || target->to == place)) {
        *trouble = RECORD_PLACE_CUT;
        return true;
    }
    for (uint32_t p = 0; p < target->place_count; p++) {
        if (target->places[p] != place)
            continue;
        bool control = target->kind == TARGET_CONTROL || (bent.up && !bent.control);
        *trouble = control ? RECORD_PLACE_NO_CONTROL : bent.up ? RECORD_PLACE_SLOW : RECORD_PLACE_DOWN;
        return true;
    }
    return false;
}

static Condition bent_by(const FaultKind *fault, const void *spec) {
    Condition bent = CONDITION_HEALTHY;
    fault->bend(spec, &bent);
    return bent;
}

/* What broke by itself. */
static bool broken_of(const Model *model, const Snapshot *snapshot, PlaceId place, RecordPlaceTrouble *trouble) {
    for (guint i = 0; i < snapshot->failures->len; i++) {
        WorldFailure failure = g_array_index(snapshot->failures, WorldFailure, i);
        const FailureLaw *law = &model->failures[failure.law];
        for (uint32_t p = 0; p < law->part_count; p++)
            if (world_failure_takes(law, failure, p) &&
                troubles(&law->parts[p].target, bent_by(law->fault, law->spec), place, trouble))
                return true;
    }
    return false;
}

/* What troubles a place as such; what only troubles the things in it shows there. */
static bool trouble_of(const Model *model, const Snapshot *snapshot, PlaceId place, RecordPlaceTrouble *trouble) {
    for (uint32_t e = 0; e < model->event_count; e++) {
        const TimelineEvent *event = &model->timeline[e];
        if (snapshot->faults[e] && event->kind == EVENT_FAULT &&
            troubles(&event->target, bent_by(event->fault, event->spec), place, trouble))
            return true;
    }
    return broken_of(model, snapshot, place, trouble);
}

enum { BROKEN_NAMED = 4 }; /* of what broke by itself; of the rest only how many */

static char *caption_of(const Model *model, const Snapshot *snapshot) {
    GString *text = g_string_new(NULL);
    for (uint32_t e = 0; e < model->event_count; e++)
        if (snapshot->faults[e])
            g_string_append_printf(text, "%s%s", text->len ? "; " : "", model->timeline[e].text);
    for (guint i = 0; i < MIN(snapshot->failures->len, BROKEN_NAMED); i++) {
        WorldFailure failure = g_array_index(snapshot->failures, WorldFailure, i);
        const FailureLaw *law = &model->failures[failure.law];
        g_string_append_printf(text, "%s%s broke by itself (%s)", text->len ? "; " : "",
                               failure_name(law, failure.clock), law->name);
    }
    if (snapshot->failures->len > BROKEN_NAMED)
        g_string_append_printf(text, "; and %u more", snapshot->failures->len - BROKEN_NAMED);
    if (text->len == 0)
        g_string_append(text, "nothing is wrong");
    return g_string_free(text, FALSE);
}

void document_moments(Record *record, const Model *model, const Reach *reach, Snapshot *const *snapshots,
                      uint32_t count) {
    GArray *links = document_links(model);
    for (uint32_t s = 0; s < count; s++) {
        char *caption = caption_of(model, snapshots[s]);
        record_add_moment(record, (RecordMoment){snapshots[s]->name, snapshots[s]->at.ns, snapshots[s]->from.ns,
                                                 snapshots[s]->at.ns, caption});
        g_free(caption);
    }
    for (uint32_t s = 0; s < count; s++) {
        for (PlaceId p = 0; p < model->place_count; p++) {
            RecordPlaceTrouble trouble;
            if (trouble_of(model, snapshots[s], p, &trouble))
                record_add_place_state(record, (RecordPlaceState){s, p, trouble});
        }
        Closure *closure = snapshot_closure(snapshots[s], reach);
        for (ComponentId c = 0; c < model->component_count; c++)
            add_component(record, model, closure, snapshots[s], s, c);
        closure_free(closure);
        for (ComponentId c = 0; c < model->component_count; c++)
            add_zones(record, model, snapshots[s], s, c);
        for (guint l = 0; l < links->len; l++)
            add_link(record, model, reach, snapshots[s], s, l, &g_array_index(links, DocumentLink, l));
    }
    g_array_free(links, TRUE);
}
