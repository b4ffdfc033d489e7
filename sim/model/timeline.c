/* timeline.c - what happens when: faults, attackers' steps, orders, and changes of rules. */
#include <string.h>

#include "model/build.h"

static const char *const own_keys[] = {"at", "for", "every", "times", "recovery", "change", NULL};

/* Keys of every entry, which are no verbs. */
static bool is_own(const char *key) {
    for (size_t i = 0; own_keys[i] != NULL; i++) {
        if (strcmp(own_keys[i], key) == 0)
            return true;
    }
    return false;
}

/* --- reading an entry --------------------------------------------------------------------------------------------- */

typedef struct {
    const Node *node;
    const char *verb; /* NULL: a change */
    const FaultKind *fault;
    const ThreatKind *threat;
    const OrderKind *order;
    uint32_t number; /* of the times that it happens, from 0 */
} Entry;

/* An unknown key is most likely the verb, mistyped. */
static void complain_verb(Build *build, const Node *node) {
    GPtrArray *verbs = g_ptr_array_new();
    plugin_names(build, PLUGIN_FAULT, verbs);
    plugin_names(build, PLUGIN_THREAT, verbs);
    plugin_names(build, PLUGIN_ORDER, verbs);
    g_ptr_array_add(verbs, (char *)"change");
    const NodeEntry *odd = NULL;
    for (size_t i = 0; i < node->count && odd == NULL; i++)
        odd = is_own(node->entries[i].key) ? NULL : &node->entries[i];
    if (odd != NULL)
        complain_name(build, odd->mark, odd->key, verbs, "what can happen", "'%s' is nothing that can happen",
                      odd->key);
    else
        complain_name(build, node->mark, "", verbs, "what can happen", "the entry does not say what happens");
}

/* The one key that is a verb. */
static bool entry_verb(Build *build, const Node *node, Entry *entry) {
    *entry = (Entry){.node = node};
    uint32_t found = node_get(node, "change") != NULL;
    for (size_t i = 0; i < node->count; i++) {
        const char *key = node->entries[i].key;
        uint32_t fault = is_own(key) ? NO_INDEX : plugin_index(build, PLUGIN_FAULT, key);
        uint32_t threat = is_own(key) ? NO_INDEX : plugin_index(build, PLUGIN_THREAT, key);
        uint32_t order = is_own(key) ? NO_INDEX : plugin_index(build, PLUGIN_ORDER, key);
        if (fault == NO_INDEX && threat == NO_INDEX && order == NO_INDEX)
            continue;
        found++;
        entry->verb = key;
        entry->fault = fault != NO_INDEX ? build->catalogue->faults[fault] : NULL;
        entry->threat = threat != NO_INDEX ? build->catalogue->threats[threat] : NULL;
        entry->order = order != NO_INDEX ? build->catalogue->orders[order] : NULL;
        if (found > 1)
            complain(build, node->entries[i].mark, "write two entries",
                     "an entry says one thing that happens, not '%s' too", key);
    }
    if (found == 0)
        complain_verb(build, node);
    return found == 1;
}

/* The entry's own keys and those of its fault, threat or order. */
static const EventKeys *entry_read(Build *build, const Entry *entry, const void **spec) {
    const Field *fields = entry->fault != NULL    ? entry->fault->fields
                          : entry->threat != NULL ? entry->threat->fields
                          : entry->order != NULL  ? entry->order->fields
                                                  : NULL;
    size_t size = entry->fault != NULL    ? entry->fault->spec_size
                  : entry->threat != NULL ? entry->threat->spec_size
                  : entry->order != NULL  ? entry->order->spec_size
                                          : 0;
    const char *known[] = {entry->verb, NULL};
    const char *owner = entry->verb != NULL ? keep(build, "timeline: %s", entry->verb) : "timeline: change";
    size_t spec_at;
    Field *rows = language_join(event_keys, sizeof(EventKeys), fields, &spec_at);
    char *keys = tree_alloc(build->tree, spec_at + size);
    bool good =
        fields_read(rows, entry->node, NULL, known, build->tree, owner, keys, build->assumed, build->diagnostics);
    g_free(rows);
    *spec = keys + spec_at;
    EventKeys *own = (EventKeys *)(void *)keys;
    bool once = entry->fault != NULL && entry->fault->once;
    if (node_get(entry->node, "for") == NULL)
        own->lasts = once ? SIMTIME_ZERO : SIMTIME_NEVER;
    if (entry->number > 0)
        own->at = SIMTIME_NS(own->at.ns + entry->number * own->every.ns);
    return good ? own : NULL;
}

/* How often it happens. One that came again while it still holds would undo itself too early. */
static uint32_t repeats_of(Build *build, const Node *node) {
    enum { TIMES_MOST = 1000 };
    static const Field times_row = {.name = "times", .type = FIELD_TYPE_COUNT, .least = "1", .most = "1000"};
    static const Field time_row = {.name = "every", .type = FIELD_TYPE_TIME, .least = "0 s"};
    const Node *every = node_get(node, "every"), *lasts = node_get(node, "for"), *times = node_get(node, "times");
    SimTime period = SIMTIME_ZERO, at = SIMTIME_ZERO, length = SIMTIME_NEVER;
    int64_t count = 1;
    if (every == NULL && times != NULL)
        complain(build, times->mark, "add every: 10 min", "'times' without 'every' does not say when it happens again");
    Diagnostics *unseen = diagnostics_new(); /* told when the entry is read */
    bool good = every != NULL && node_get(node, "at") != NULL &&
                field_value(&time_row, every, build->tree, &period, unseen) && period.ns > 0 &&
                field_value(&time_row, node_get(node, "at"), build->tree, &at, unseen) &&
                (lasts == NULL || field_value(&time_row, lasts, build->tree, &length, unseen));
    if (good && lasts != NULL && !simtime_before(length, period))
        complain(build, lasts->mark, "let it end before it happens again", "it would still hold when it comes again");
    if (good && times == NULL)
        count = (build->model->run.until.ns - at.ns + period.ns - 1) / period.ns;
    else if (good && !field_value(&times_row, times, build->tree, &count, unseen))
        count = 1;
    diagnostics_free(unseen);
    return (uint32_t)CLAMP(count, 1, TIMES_MOST);
}

/* --- faults and threats ------------------------------------------------------------------------------------------- */

/* Would it mean anything to that component? */
static bool fault_suits(Build *build, const FaultKind *fault, const Target *target, Mark mark) {
    for (uint32_t i = 0; fault->fits != NULL && i < target->component_count; i++) {
        const Component *component = &build->model->components[target->components[i]];
        if (fault->fits(component->kind) || component_is_certified(build, target->components[i]))
            continue;
        complain(build, mark, keep(build, "it hits %s", fault->suits), "'%s' means nothing to '%s', of kind %s",
                 fault->verb, component->name, component->kind->name);
        return false;
    }
    return true;
}

/* A fault says itself what it can bend. */
bool fault_hits(Build *build, const FaultKind *fault, const Target *target, Mark mark) {
    static const int needed[] = {[TARGET_PLACE] = FAULT_HITS_UNITS,
                                 [TARGET_COMPONENT] = FAULT_HITS_UNITS,
                                 [TARGET_UNIT] = FAULT_HITS_UNITS,
                                 [TARGET_LINK] = FAULT_HITS_LINKS,
                                 [TARGET_CONTROL] = FAULT_HITS_CONTROL};
    static const char *const words[] = {"a place", "a component", "a unit", "a link", "a control plane"};
    if (fault->hits & needed[target->kind])
        return fault_suits(build, fault, target, mark);
    GString *mend = g_string_new("it hits");
    if (fault->hits & FAULT_HITS_UNITS)
        g_string_append(mend, " region R, zone Z, a component or site[R].web/3;");
    if (fault->hits & FAULT_HITS_LINKS)
        g_string_append(mend, " link A -> B;");
    if (fault->hits & FAULT_HITS_CONTROL)
        g_string_append(mend, " control_plane R;");
    g_string_truncate(mend, mend->len - 1);
    complain(build, mark, mend->str, "'%s' cannot hit %s", fault->verb, words[target->kind]);
    g_string_free(mend, TRUE);
    return false;
}

/* What the provider runs has no login, so nobody can own it. */
static bool threat_hits(Build *build, const ThreatKind *threat, const Target *target, Mark mark) {
    if (target->kind != TARGET_COMPONENT && target->kind != TARGET_UNIT) {
        complain(build, mark, "name a component: site[us-east-1].web", "'%s' is a step against a component",
                 threat->verb);
        return false;
    }
    const Component *component = &build->model->components[target->components[0]];
    if (component_is_managed(component))
        complain(build, mark, "aim at what you run yourself", "'%s' is run by the provider and cannot be owned",
                 component->name);
    return !component_is_managed(component);
}

bool populations_spared(Build *build, const Target *target, Mark mark) {
    for (uint32_t i = 0; i < target->component_count; i++) {
        const Component *component = &build->model->components[target->components[i]];
        if (component->kind->role == ROLE_POPULATION) {
            complain(build, mark, "aim at what serves them", "nothing can happen to a population ('%s')",
                     component->name);
            return false;
        }
    }
    return true;
}

/* Units recover after the end, so there must be one. */
static bool recovery_read(Build *build, const EventKeys *keys, TimelineEvent *event) {
    static const Field row = {.name = "recovery", .type = FIELD_TYPE_LAW};
    event->has_recovery = keys->recovery != NULL;
    if (event->has_recovery && simtime_is_never(keys->lasts)) {
        complain(build, keys->recovery->mark, "add for: 30 min",
                 "recovery begins when the fault ends, and this one never does");
        return false;
    }
    return !event->has_recovery || field_value(&row, keys->recovery, build->tree, &event->recovery, build->diagnostics);
}

/* One line that says the same however the entry's keys were ordered: it also names the luck of recoveries. */
const char *event_text(Build *build, const char *what, const EventKeys *keys) {
    char *at = quantity_text(keys->at.ns, UNIT_TIME), *lasts = quantity_text(keys->lasts.ns, UNIT_TIME);
    bool instant = keys->lasts.ns == 0; /* it happens once */
    const char *text = simtime_is_never(keys->lasts) || instant ? keep(build, "%s at %s", what, at)
                                                                : keep(build, "%s at %s for %s", what, at, lasts);
    g_free(at);
    g_free(lasts);
    return text;
}

/* Forged answers lead to what others run. */
static bool forgery_read(Build *build, const Entry *entry, const void *spec, ComponentId *forged) {
    *forged = NO_COMPONENT;
    if (entry->fault == NULL || entry->fault->forges == NULL)
        return true;
    const Node *node = node_get(entry->node, "to");
    ComponentId *found;
    uint32_t count = names_find(build, (Scope){NULL, NULL}, entry->fault->forges(spec).to, 0, node->mark, &found);
    const Component *machine = count == 1 ? &build->model->components[found[0]] : NULL;
    if (machine != NULL &&
        (machine->kind->passage.attachment != ATTACH_OUTSIDE || machine->kind->role == ROLE_POPULATION)) {
        complain(build, node->mark, "name an outside_service", "'%s' is not what somebody else runs", machine->name);
        return false;
    }
    *forged = count > 0 ? found[0] : NO_COMPONENT;
    return count == 1;
}

/* Who sends a flood. That it has something to overflow is not certain, so it is only mentioned. */
static bool source_read(Build *build, const Entry *entry, TimelineEvent *event) {
    if (entry->fault == NULL || entry->fault->source == NULL)
        return true;
    const char *name = entry->fault->source(event->spec);
    const Node *from = node_get(entry->node, "from");
    Mark mark = from != NULL ? from->mark : entry->node->mark;
    if (strcmp(name, "internet") != 0)
        event->source_count = names_find(build, (Scope){NULL, NULL}, name, NAME_USERS, mark, &event->sources);
    bool any = event->target.kind == TARGET_PLACE;
    for (uint32_t i = 0; i < event->target.component_count; i++)
        any = any || build->model->components[event->target.components[i]].capacity > 0;
    if (!any)
        warn(build, entry->node->mark, "say how much it can take up: capacity: 20000/s",
             "'%s' takes up whatever comes, so a flood of it can only fill its links", event->target.text);
    return strcmp(name, "internet") == 0 || event->source_count > 0;
}

/* The target is read even when a key is wrong: both are told. */
static void happening_read(Build *build, const Entry *entry, GArray *events) {
    TimelineEvent event = {.kind = entry->fault != NULL ? EVENT_FAULT : EVENT_THREAT,
                           .fault = entry->fault,
                           .threat = entry->threat,
                           .mark = entry->node->mark};
    const EventKeys *keys = entry_read(build, entry, &event.spec);
    const Node *node = node_get(entry->node, entry->verb);
    if (entry->fault != NULL && entry->fault->routes != NULL) {
        WrongRoute wrong = keys != NULL ? entry->fault->routes(event.spec) : (WrongRoute){NULL, NULL};
        if (keys != NULL && keys->recovery != NULL)
            complain(build, keys->recovery->mark, "leave it out", "a route that is mended is mended at once");
        if (keys != NULL)
            misroute_read(build, entry->node, node, keys, &wrong, events);
        return;
    }
    bool spares = entry->fault == NULL || !entry->fault->hits_populations;
    if (!target_read(build, node, &event.target) || (spares && !populations_spared(build, &event.target, node->mark)))
        return;
    bool good = entry->fault != NULL ? fault_hits(build, entry->fault, &event.target, node->mark)
                                     : threat_hits(build, entry->threat, &event.target, node->mark);
    if (!good || keys == NULL || !recovery_read(build, keys, &event) ||
        !forgery_read(build, entry, event.spec, &event.forged) || !source_read(build, entry, &event))
        return;
    event.at = keys->at;
    event.lasts = keys->lasts;
    event.text = event_text(build, keep(build, "%s %s", entry->verb, event.target.text), keys);
    g_array_append_val(events, event);
}

/* --- orders ------------------------------------------------------------------------------------------------------- */

static bool obeys(const Component *component, OrderAct act) {
    return component->kind->obeys != NULL && component->kind->obeys(component->spec, act);
}

static bool sends_to(const Component *component, ComponentId target) {
    for (uint32_t t = 0; t < component->target_count; t++)
        if (component->targets[t] == target)
            return true;
    return false;
}

/* `a -> b`: two components, each in every copy that its name means. */
static bool pair_read(Build *build, const Node *node, const OrderKind *order, Target *target) {
    const char *text = scalar_of(build, node, "what is switched"), *arrow = text != NULL ? strstr(text, "->") : NULL;
    if (text != NULL && arrow == NULL)
        complain(build, node->mark, order->usage, "'%s' is about two components, the one and the other", order->verb);
    if (arrow == NULL)
        return false;
    char *from = g_strstrip(g_strndup(text, (gsize)(arrow - text))), *to = g_strstrip(g_strdup(arrow + 2));
    Scope everywhere = {NULL, NULL};
    *target = (Target){.kind = TARGET_COMPONENT, .unit = NO_UNIT, .from = NO_PLACE, .to = NO_PLACE};
    target->component_count = names_find(build, everywhere, from, 0, node->mark, &target->components);
    target->to_component_count = names_find(build, everywhere, to, 0, node->mark, &target->to_components);
    target->text = keep(build, "%s -> %s", from, to);
    g_free(from);
    g_free(to);
    return target->component_count > 0 && target->to_component_count > 0;
}

/* Somebody must be there who has both among his targets, and can weigh them. */
static bool pair_is_obeyed(const Model *model, const OrderKind *order, const Target *target) {
    for (ComponentId c = 0; c < model->component_count; c++)
        for (uint32_t f = 0; f < target->component_count; f++)
            for (uint32_t t = 0; t < target->to_component_count; t++)
                if (target->components[f] != target->to_components[t] && obeys(&model->components[c], order->act) &&
                    sends_to(&model->components[c], target->components[f]) &&
                    sends_to(&model->components[c], target->to_components[t]))
                    return true;
    return false;
}

static bool order_is_obeyed(Build *build, const OrderKind *order, const Target *target, Mark mark) {
    const Model *model = build->model;
    if (order->pair && !pair_is_obeyed(model, order, target)) {
        complain(build, mark, "give a load_balancer, or a dns with policy: weighted, both as targets",
                 "nothing sends to both of '%s'", target->text);
        return false;
    }
    for (uint32_t c = 0; c < target->component_count && !order->pair; c++) {
        const Component *component = &model->components[target->components[c]];
        if (target->kind != TARGET_COMPONENT || !obeys(component, order->act)) {
            complain(build, mark, order->usage, "'%s' is nothing that can be told to %s", target->text, order->verb);
            return false;
        }
    }
    return order->pair || target->component_count > 0;
}

static void order_read(Build *build, const Entry *entry, GArray *events) {
    TimelineEvent event = {.kind = EVENT_ORDER, .order = entry->order, .mark = entry->node->mark};
    const EventKeys *keys = entry_read(build, entry, &event.spec);
    const Node *node = node_get(entry->node, entry->verb);
    bool good = entry->order->pair ? pair_read(build, node, entry->order, &event.target)
                                   : target_read(build, node, &event.target);
    if (!good || keys == NULL || !order_is_obeyed(build, entry->order, &event.target, node->mark))
        return;
    if (!simtime_is_never(keys->lasts) || keys->recovery != NULL)
        complain(build, entry->node->mark, "leave out for: and recovery:", "an order ends by itself");
    event.at = keys->at;
    event.lasts = SIMTIME_NEVER;
    const char *first = entry->order->fields[0].name; /* of its keys the one that matters most */
    char *value = fields_text(entry->order->fields, event.spec, first);
    event.text = event_text(build, keep(build, "%s %s, %s %s", entry->verb, event.target.text, first, value), keys);
    g_free(value);
    g_array_append_val(events, event);
}

/* --- changes ------------------------------------------------------------------------------------------------------ */

static void change_entry(Build *build, const Entry *entry, GArray *events) {
    const void *unused;
    const EventKeys *keys = entry_read(build, entry, &unused);
    if (keys != NULL)
        change_read(build, entry->node, keys, events);
}

/* --- all ---------------------------------------------------------------------------------------------------------- */

static int compare_events(gconstpointer a, gconstpointer b) {
    int64_t x = ((const TimelineEvent *)a)->at.ns, y = ((const TimelineEvent *)b)->at.ns;
    return (x > y) - (x < y);
}

/* Entries of a scenario and those of the caller alike. */
static void entry_build(Build *build, const Node *node, GArray *events) {
    Entry entry;
    if (node == NULL || node->broken)
        return;
    if (node->type != NODE_MAP) {
        complain(build, node->mark, "write {at: 20 min, fail: region us-east-1, for: 30 min}",
                 "an entry of the timeline must be a map, not %s", node_type_name(node));
        return;
    }
    if (!entry_verb(build, node, &entry))
        return;
    uint32_t times = repeats_of(build, node);
    uint32_t errors = diagnostics_errors(build->diagnostics); /* one mistake, one message */
    for (; entry.number < times && diagnostics_errors(build->diagnostics) == errors; entry.number++) {
        if (entry.verb == NULL)
            change_entry(build, &entry, events);
        else if (entry.order != NULL)
            order_read(build, &entry, events);
        else
            happening_read(build, &entry, events);
    }
}

/* By time; entries of one instant stay in the order in which they were written. */
void timeline_build(Build *build) {
    Model *model = build->model;
    GArray *events = g_array_new(FALSE, FALSE, sizeof(TimelineEvent));
    uint32_t count;
    const Node *const *items =
        list_of(build, build->scenario.timeline, "timeline", "write - {at: 20 min, fail: region us-east-1}", &count);
    for (uint32_t i = 0; i < count; i++)
        entry_build(build, items[i], events);
    for (const char *const *text = build->request->events; text != NULL && *text != NULL; text++)
        entry_build(build, tree_value(build->tree, "--event", *text, build->diagnostics), events);
    g_array_sort(events, compare_events);
    model->timeline = keep_array(build, events, &model->event_count);
    for (uint32_t e = 0; e < model->event_count; e++) {
        const TimelineEvent *event = &model->timeline[e];
        model->forgeries = model->forgeries || (event->kind == EVENT_FAULT && event->forged != NO_COMPONENT);
        if (event->kind == EVENT_CHANGE)
            change_check(build, e);
        if (event->at.ns >= model->run.until.ns) {
            char *until = quantity_text(model->run.until.ns, UNIT_TIME);
            warn(build, event->mark, "raise run.until, or let it happen earlier",
                 "this never happens: the run ends at %s", until);
            g_free(until);
        }
    }
}
