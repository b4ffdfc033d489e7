/* attack_rows.c - what a compromise means at each moment in which something is compromised: who is exposed, how, and
 * which single control it hangs on. */
#include "document/document.h"
#include "reach/closure.h"

/* "send, receive": what can be done with a service, as its kind lists it. NULL: nothing. */
static char *actions_text(const Model *model, const Closure *closure, ComponentId component) {
    const KindAction *actions = model->components[component].kind->actions;
    GString *text = g_string_new(NULL);
    for (int i = 0; actions != NULL && actions[i].name != NULL; i++)
        if (closure->actions[component] >> i & 1)
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", actions[i].name);
    bool any = text->len > 0;
    return g_string_free(text, !any);
}

static char *closing_text(const Model *model, const Snapshot *snapshot, const Closure *closure, ComponentId component) {
    uint32_t *elements = NULL;
    char *text = NULL;
    if (closure->holds[component] != HOLD_SAFE && closure->steps[component].kind != STEP_DECLARED &&
        closure_controls(closure, snapshot->net, snapshot->owned, component, &elements) > 0)
        text = g_strdup(model->elements[elements[0]].text);
    g_free(elements);
    return text;
}

static void add_steps(Record *record, const Closure *closure, uint32_t row, ComponentId component) {
    uint32_t *things, count = closure_path(closure, component, &things);
    for (uint32_t i = 0; i < count; i++) {
        char *text = closure_step_text(closure, things[i]);
        record_add_hold_step(record, (RecordHoldStep){row, text});
        g_free(text);
    }
    g_free(things);
}

static void add_hold(Record *record, const Model *model, const Snapshot *snapshot, const Closure *closure,
                     uint32_t moment, ComponentId component) {
    bool jewel = model->policies.crown_jewel[component], safe = closure->holds[component] == HOLD_SAFE;
    char *actions = actions_text(model, closure, component);
    char *closes = closing_text(model, snapshot, closure, component);
    char *opens = jewel && safe ? closure_opening(closure, snapshot->net, component) : NULL;
    uint32_t row = record_add_hold(
        record, (RecordHold){moment, component, hold_name(closure->holds[component]), jewel, actions, closes, opens});
    add_steps(record, closure, row, component);
    g_free(actions);
    g_free(closes);
    g_free(opens);
}

void document_attack(Record *record, const Model *model, const Reach *reach, Snapshot *const *snapshots,
                     uint32_t count) {
    for (uint32_t s = 0; s < count; s++) {
        Closure *closure = snapshot_closure(snapshots[s], reach);
        for (ComponentId c = 0; closure != NULL && c < model->component_count; c++)
            if (closure_is_asset(model, c))
                add_hold(record, model, snapshots[s], closure, s, c);
        closure_free(closure);
    }
}
