/* timeline.c - what happens when: faults, attackers' steps, and changes of rules. */
#include <string.h>

#include "model/build.h"

static const char *const own_keys[] = {"at", "for", "recovery", "change", NULL};

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
} Entry;

/* An unknown key is most likely the verb, mistyped. */
static void complain_verb(Build *build, const Node *node) {
    GPtrArray *verbs = g_ptr_array_new();
    plugin_names(build, PLUGIN_FAULT, verbs);
    plugin_names(build, PLUGIN_THREAT, verbs);
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
        if (fault == NO_INDEX && threat == NO_INDEX)
            continue;
        found++;
        entry->verb = key;
        entry->fault = fault != NO_INDEX ? build->catalogue->faults[fault] : NULL;
        entry->threat = fault == NO_INDEX ? build->catalogue->threats[threat] : NULL;
        if (found > 1)
            complain(build, node->entries[i].mark, "write two entries",
                     "an entry says one thing that happens, not '%s' too", key);
    }
    if (found == 0)
        complain_verb(build, node);
    return found == 1;
}

/* The entry's own keys and those of its fault or threat. */
static const EventKeys *entry_read(Build *build, const Entry *entry, const void **spec) {
    const Field *fields = entry->fault != NULL    ? entry->fault->fields
                          : entry->threat != NULL ? entry->threat->fields
                                                  : NULL;
    size_t size = entry->fault != NULL ? entry->fault->spec_size : entry->threat != NULL ? entry->threat->spec_size : 0;
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
    if (node_get(entry->node, "for") == NULL)
        own->lasts = SIMTIME_NEVER;
    return good ? own : NULL;
}

/* --- faults and threats ------------------------------------------------------------------------------------------- */

/* A fault says itself what it can bend. */
bool fault_hits(Build *build, const FaultKind *fault, const Target *target, Mark mark) {
    static const int needed[] = {[TARGET_PLACE] = FAULT_HITS_UNITS,
                                 [TARGET_COMPONENT] = FAULT_HITS_UNITS,
                                 [TARGET_UNIT] = FAULT_HITS_UNITS,
                                 [TARGET_LINK] = FAULT_HITS_LINKS,
                                 [TARGET_CONTROL] = FAULT_HITS_CONTROL};
    static const char *const words[] = {"a place", "a component", "a unit", "a link", "a control plane"};
    if (fault->hits & needed[target->kind])
        return true;
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
    if (component->kind->managed)
        complain(build, mark, "aim at what you run yourself", "'%s' is run by the provider and cannot be owned",
                 component->name);
    return !component->kind->managed;
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
    const char *text = simtime_is_never(keys->lasts) ? keep(build, "%s at %s", what, at)
                                                     : keep(build, "%s at %s for %s", what, at, lasts);
    g_free(at);
    g_free(lasts);
    return text;
}

/* The target is read even when a key is wrong: both are told. */
static void happening_read(Build *build, const Entry *entry, GArray *events) {
    TimelineEvent event = {.kind = entry->fault != NULL ? EVENT_FAULT : EVENT_THREAT,
                           .fault = entry->fault,
                           .threat = entry->threat,
                           .mark = entry->node->mark};
    const EventKeys *keys = entry_read(build, entry, &event.spec);
    const Node *node = node_get(entry->node, entry->verb);
    if (!target_read(build, node, &event.target) || !populations_spared(build, &event.target, node->mark))
        return;
    bool good = entry->fault != NULL ? fault_hits(build, entry->fault, &event.target, node->mark)
                                     : threat_hits(build, entry->threat, &event.target, node->mark);
    if (!good || keys == NULL || !recovery_read(build, keys, &event))
        return;
    event.at = keys->at;
    event.lasts = keys->lasts;
    event.text = event_text(build, keep(build, "%s %s", entry->verb, event.target.text), keys);
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
    if (entry.verb == NULL)
        change_entry(build, &entry, events);
    else
        happening_read(build, &entry, events);
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
