/* failures.c - what fails by itself, again and again: laws of failure, and the parts that each of them is about.
 *
 * A key of `failures` is a class of parts (region, zone, instance, control_plane, link: every one there is), a
 * component (each of its units), or any other target of a timeline. A part that is named is not in its class as well,
 * so that `zone` speaks of the zones about which nothing else is said. */
#include <string.h>

#include "model/build.h"

typedef enum { CLASS_REGION, CLASS_ZONE, CLASS_INSTANCE, CLASS_CONTROL, CLASS_LINK, CLASSES } PartClass;
static const char *const class_words[] = {"region", "zone", "instance", "control_plane", "link", NULL};

/* A law in the making. */
typedef struct {
    FailureLaw law;
    const NodeEntry *entry;
    GArray *parts;  /* FailurePart */
    PartClass sort; /* of its parts */
    bool is_class;  /* the key is the name of a class */
    int within;     /* a Within */
} Draft;

/* --- parts -------------------------------------------------------------------------------------------------------- */

static void part_add(Draft *draft, Target target, const char *name) {
    FailurePart part = {.target = target, .name = name};
    g_array_append_val(draft->parts, part);
}

static void unit_add(Build *build, Draft *draft, UnitId unit) {
    char *name = model_unit_name(build->model, unit);
    const char *kept = tree_string(build->tree, name);
    g_free(name);
    part_add(draft, (Target){.kind = TARGET_UNIT, .unit = unit, .from = NO_PLACE, .to = NO_PLACE, .text = kept}, kept);
}

static void component_add(Build *build, Draft *draft, ComponentId id) {
    const Component *component = &build->model->components[id];
    for (uint32_t u = 0; u < component->unit_count && build->model->units != NULL; u++)
        unit_add(build, draft, component->first_unit + u);
}

/* The same name however it was written, for lucks and look-ups. */
static const char *part_name(Build *build, const Target *target) {
    const Place *places = build->model->places;
    if (target->kind == TARGET_CONTROL)
        return keep(build, "control_plane %s", places[target->places[0]].name);
    if (target->kind == TARGET_PLACE)
        return places[target->places[0]].name;
    const char *from = places[target->from].name, *to = places[target->to].name;
    bool turned = target->both_ways && strcmp(from, to) > 0;
    return keep(build, "%s %s %s", turned ? to : from, target->both_ways ? "<->" : "->", turned ? from : to);
}

/* Read as a timeline would read it: one way to say a thing. */
static void text_add(Build *build, Draft *draft, const char *text) {
    Target target;
    if (target_read(build, tree_scalar(build->tree, text, draft->entry->mark), &target))
        part_add(draft, target, part_name(build, &target));
}

/* Names of the places of a level, each once: the same zone in two accounts is one zone. */
static GPtrArray *place_names(const Model *model, PlaceLevel level) {
    GPtrArray *names = g_ptr_array_new();
    for (PlaceId p = 0; p < model->place_count; p++)
        if (model->places[p].level == level &&
            !g_ptr_array_find_with_equal_func(names, model->places[p].name, g_str_equal, NULL))
            g_ptr_array_add(names, (char *)model->places[p].name);
    return names;
}

static void places_add(Build *build, Draft *draft, PlaceLevel level, const char *word) {
    GPtrArray *names = place_names(build->model, level);
    for (guint i = 0; i < names->len; i++)
        text_add(build, draft, keep(build, "%s %s", word, (const char *)names->pdata[i]));
    g_ptr_array_free(names, TRUE);
}

/* Between each two regions, both ways. */
static void links_add(Build *build, Draft *draft) {
    GPtrArray *names = place_names(build->model, PLACE_REGION);
    g_ptr_array_sort(names, compare_texts);
    for (guint a = 0; a < names->len; a++)
        for (guint b = a + 1; b < names->len; b++)
            text_add(build, draft, keep(build, "link %s <-> %s", (char *)names->pdata[a], (char *)names->pdata[b]));
    g_ptr_array_free(names, TRUE);
}

static void class_add(Build *build, Draft *draft) {
    switch (draft->sort) {
    case CLASS_REGION: places_add(build, draft, PLACE_REGION, "region"); break;
    case CLASS_ZONE: places_add(build, draft, PLACE_ZONE, "zone"); break;
    case CLASS_CONTROL: places_add(build, draft, PLACE_REGION, "control_plane"); break;
    case CLASS_LINK: links_add(build, draft); break;
    case CLASS_INSTANCE:
        for (ComponentId c = 0; c < build->model->component_count; c++)
            if (build->model->components[c].kind->role == ROLE_COMPUTE)
                component_add(build, draft, c);
        break;
    case CLASSES: break;
    }
}

static PartClass class_of(const Build *build, const Target *target) {
    if (target->kind == TARGET_CONTROL)
        return CLASS_CONTROL;
    if (target->kind == TARGET_LINK)
        return CLASS_LINK;
    if (target->kind != TARGET_PLACE)
        return CLASS_INSTANCE;
    return build->model->places[target->places[0]].level == PLACE_ZONE ? CLASS_ZONE : CLASS_REGION;
}

/* A class that is spelled wrong would else be looked for among the components. */
static bool is_misspelled(Build *build, const NodeEntry *entry) {
    for (ComponentId c = 0; c < build->model->component_count; c++)
        if (strcmp(build->model->components[c].name, entry->key) == 0)
            return false;
    const char *near = strpbrk(entry->key, " ./[") == NULL ? suggest_nearest(entry->key, class_words) : NULL;
    if (near != NULL)
        complain(build, entry->mark, keep(build, "did you mean '%s'?", near), "there is nothing '%s' that could fail",
                 entry->key);
    return near != NULL;
}

/* False after a complaint. */
static bool named_add(Build *build, Draft *draft) {
    Target target;
    if (is_misspelled(build, draft->entry) ||
        !target_read(build, tree_scalar(build->tree, draft->entry->key, draft->entry->mark), &target) ||
        !populations_spared(build, &target, draft->entry->mark))
        return false;
    draft->sort = class_of(build, &target);
    if (target.kind == TARGET_UNIT)
        unit_add(build, draft, target.unit);
    else if (target.kind != TARGET_COMPONENT)
        part_add(draft, target, part_name(build, &target));
    for (uint32_t c = 0; target.kind == TARGET_COMPONENT && c < target.component_count; c++)
        component_add(build, draft, target.components[c]);
    return true;
}

/* --- groups ------------------------------------------------------------------------------------------------------- */

static const char *enclosing_name(const Model *model, PlaceId place, PlaceLevel level) {
    PlaceId found = place != NO_PLACE ? model_enclosing(model, place, level) : NO_PLACE;
    return found != NO_PLACE ? model->places[found].name : "all";
}

/* What a part belongs to; a part that stands in no such thing is in the group of all. */
static const char *group_name(const Model *model, const Target *target, int within) {
    if (target->kind == TARGET_UNIT) {
        const ModelUnit *unit = &model->units[target->unit];
        if (within == WITHIN_COMPONENT)
            return model->components[unit->component].name;
        return within == WITHIN_ALL ? "all"
                                    : enclosing_name(model, within == WITHIN_ZONE ? unit->zone : unit->region,
                                                     within == WITHIN_ZONE ? PLACE_ZONE : PLACE_REGION);
    }
    if (target->kind != TARGET_PLACE || within == WITHIN_ALL || within == WITHIN_COMPONENT)
        return "all";
    return enclosing_name(model, target->places[0], within == WITHIN_ZONE ? PLACE_ZONE : PLACE_REGION);
}

static uint32_t group_index(GPtrArray *names, const char *name) {
    guint index;
    if (g_ptr_array_find_with_equal_func(names, name, g_str_equal, &index))
        return index;
    g_ptr_array_add(names, (char *)name);
    return names->len - 1;
}

static int compare_parts(gconstpointer a, gconstpointer b) {
    return strcmp(((const FailurePart *)a)->name, ((const FailurePart *)b)->name);
}

/* Sorted parts, numbered groups. */
static void law_seal(Build *build, Draft *draft) {
    FailureLaw *law = &draft->law;
    GPtrArray *names = g_ptr_array_new();
    g_array_sort(draft->parts, compare_parts);
    for (guint i = 0; i < draft->parts->len; i++) {
        FailurePart *part = &g_array_index(draft->parts, FailurePart, i);
        part->group = group_index(names, group_name(build->model, &part->target, draft->within));
    }
    law->parts = keep_array(build, draft->parts, &law->part_count);
    draft->parts = NULL;
    law->group_count = names->len;
    law->groups = tree_alloc(build->tree, (names->len + 1) * sizeof *law->groups);
    for (guint i = 0; i < names->len; i++)
        law->groups[i] = names->pdata[i];
    g_ptr_array_free(names, TRUE);
}

/* --- laws --------------------------------------------------------------------------------------------------------- */

/* The law's key, or the law where the key was left out. */
static Mark key_mark(const Draft *draft, const char *key) {
    Mark mark = node_key_mark(draft->entry->value, key);
    return mark.source != NULL ? mark : draft->entry->mark;
}

/* Both times must be known, and something must pass between two failures, or time would stand still. */
static bool keys_make_sense(Build *build, const Draft *draft, const Node *defaults, const FailureKeys *keys) {
    static const char *const needed[] = {"every", "lasts"};
    for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
        if (node_get(draft->entry->value, needed[i]) == NULL && node_get(defaults, needed[i]) == NULL) {
            complain(build, draft->entry->mark, "write {every: exponential(1 y), lasts: exponential(2 h)}",
                     "'%s' does not say its '%s', and the provider's defaults do not know", draft->entry->key,
                     needed[i]);
            return false;
        }
    if (law_mean(&keys->every).ns > 0)
        return true;
    complain(build, key_mark(draft, "every"), "write every: exponential(1 y)",
             "what works for no time at all cannot fail again and again");
    return false;
}

static const FaultKind *fault_of(Build *build, const Node *map) {
    const Node *does = node_get(map, "does");
    const char *verb = does != NULL ? scalar_of(build, does, "does") : "fail";
    uint32_t index =
        verb != NULL ? plugin_find(build, PLUGIN_FAULT, verb, does != NULL ? does->mark : map->mark) : NO_INDEX;
    const FaultKind *fault = index != NO_INDEX ? build->catalogue->faults[index] : NULL;
    if (fault != NULL && (fault->forges != NULL || fault->routes != NULL)) {
        complain(build, node_get(map, "does")->mark, "put it into a timeline", "'%s' is nothing that happens by itself",
                 fault->verb);
        return NULL;
    }
    return fault;
}

/* The provider's values are by the sort of part; for a unit they are about machines, not about services. */
static const Node *defaults_of(Build *build, const Draft *draft) {
    const FailurePart *first =
        draft->parts->len > 0 ? &g_array_index(draft->parts, FailurePart, 0) : NULL; /* none: after mistakes */
    if (first != NULL && first->target.kind == TARGET_UNIT) {
        const ModelUnit *unit = &build->model->units[first->target.unit];
        if (build->model->components[unit->component].kind->role != ROLE_COMPUTE)
            return NULL;
    }
    return node_get(node_get(provider_root(build, build->pattern.provider), "failures"), class_words[draft->sort]);
}

/* The law's own keys and those of its fault; defaults are the provider's, by the sort of part. */
static bool law_read(Build *build, Draft *draft) {
    const Node *map = draft->entry->value;
    const FaultKind *fault = fault_of(build, map);
    if (fault == NULL)
        return false;
    size_t spec_at;
    Field *rows = language_join(failure_keys, sizeof(FailureKeys), fault->fields, &spec_at);
    char *memory = tree_alloc(build->tree, spec_at + fault->spec_size);
    const Node *defaults = defaults_of(build, draft);
    bool good = fields_read(rows, map, defaults, NULL, build->tree, keep(build, "failures of %s", draft->entry->key),
                            memory, build->assumed, build->diagnostics);
    g_free(rows);
    const FailureKeys *keys = (const FailureKeys *)(const void *)memory;
    if (!good || !keys_make_sense(build, draft, defaults, keys))
        return false;
    bool alone = draft->sort != CLASS_ZONE && draft->sort != CLASS_INSTANCE; /* nothing of a region has many of them */
    draft->within = node_get(map, "within") != NULL ? keys->within : alone ? WITHIN_ALL : WITHIN_REGION;
    draft->law.every = keys->every;
    draft->law.lasts = keys->lasts;
    draft->law.common_cause = keys->common_cause;
    draft->law.coverage = keys->coverage;
    draft->law.crews = (uint32_t)keys->crews;
    draft->law.fault = fault;
    draft->law.spec = memory + spec_at;
    return true;
}

static bool draft_make(Build *build, const NodeEntry *entry, Draft *draft) {
    *draft = (Draft){.law = {.name = entry->key, .mark = entry->mark}, .entry = entry, .sort = CLASSES};
    if (entry->value->broken)
        return false;
    draft->parts = g_array_new(FALSE, FALSE, sizeof(FailurePart));
    for (PartClass c = CLASS_REGION; c < CLASSES; c++)
        if (strcmp(entry->key, class_words[c]) == 0)
            draft->sort = c;
    draft->is_class = draft->sort != CLASSES;
    if (draft->is_class)
        class_add(build, draft);
    else if (!named_add(build, draft))
        return false;
    if (draft->parts->len == 0 && build->model->units != NULL) {
        complain(build, entry->mark, "leave it out", "there is nothing here that '%s' could be about", entry->key);
        return false;
    }
    bool good = law_read(build, draft);
    return good &&
           (draft->parts->len == 0 ||
            fault_hits(build, draft->law.fault, &g_array_index(draft->parts, FailurePart, 0).target, entry->mark));
}

/* --- all ---------------------------------------------------------------------------------------------------------- */

static bool is_named(const GArray *drafts, const Draft *law, const char *part) {
    for (guint d = 0; d < drafts->len; d++) {
        const Draft *other = &g_array_index(drafts, Draft, d);
        if (other->is_class || other->sort != law->sort || other->law.fault != law->law.fault)
            continue;
        for (guint p = 0; p < other->parts->len; p++)
            if (strcmp(g_array_index(other->parts, FailurePart, p).name, part) == 0)
                return true;
    }
    return false;
}

/* What a class has left when others have named theirs. */
static void class_shrink(const GArray *drafts, Draft *draft) {
    for (guint p = draft->parts->len; draft->is_class && p-- > 0;)
        if (is_named(drafts, draft, g_array_index(draft->parts, FailurePart, p).name))
            g_array_remove_index(draft->parts, p);
}

static void entry_make(Build *build, const NodeEntry *entry, GArray *drafts) {
    Draft draft;
    if (draft_make(build, entry, &draft))
        g_array_append_val(drafts, draft);
    else if (draft.parts != NULL)
        g_array_free(draft.parts, TRUE);
}

static int compare_laws(gconstpointer a, gconstpointer b) {
    return strcmp(((const FailureLaw *)a)->name, ((const FailureLaw *)b)->name);
}

/* Nobody has more than all. Copies are alike, so it is told once. */
static void enough_check(Build *build) {
    for (ComponentId c = 0; c < build->model->component_count && build->model->units != NULL; c++) {
        const Component *component = &build->model->components[c];
        const char *stack = component->stack;
        if (component->enough > component->unit_count)
            complain(build, component->mark, keep(build, "write enough: %u, or less", component->unit_count),
                     "'%s%s%s' has %u units, so %u of them cannot be had", stack != NULL ? stack : "",
                     stack != NULL ? "." : "", component->label, component->unit_count, component->enough);
    }
}

/* The scenario's law replaces the pattern's of the same name as a whole. */
void failures_build(Build *build) {
    enough_check(build);
    GArray *drafts = g_array_new(FALSE, FALSE, sizeof(Draft)), *laws = g_array_new(FALSE, FALSE, sizeof(FailureLaw));
    const Node *own = build->scenario.failures, *usual = build->pattern.failures;
    if (is_none(own) || is_none(usual)) {
        usual = NULL;
        own = is_none(own) ? NULL : own;
    }
    uint32_t count;
    NodeEntry *entries = sorted_entries(build, own, "failures", &count);
    for (uint32_t i = 0; i < count; i++)
        entry_make(build, &entries[i], drafts);
    entries = sorted_entries(build, usual, "failures", &count);
    for (uint32_t i = 0; i < count; i++)
        if (own == NULL || node_get(own, entries[i].key) == NULL)
            entry_make(build, &entries[i], drafts);
    for (guint d = 0; d < drafts->len; d++)
        class_shrink(drafts, &g_array_index(drafts, Draft, d));
    for (guint d = 0; d < drafts->len; d++) {
        Draft *draft = &g_array_index(drafts, Draft, d);
        law_seal(build, draft);
        if (draft->law.part_count > 0)
            g_array_append_val(laws, draft->law);
    }
    g_array_sort(laws, compare_laws);
    build->model->failures = keep_array(build, laws, &build->model->failure_count);
    g_array_free(drafts, TRUE);
}

const char *failure_name(const FailureLaw *law, uint32_t clock) {
    return clock < law->part_count ? law->parts[clock].name : law->groups[clock - law->part_count];
}
