/* targets_by_rule.c - targets that name no place and no component, for scenarios that suit any pattern: `busiest zone`,
 * `link busiest zone -> next zone`, `every certificate_authority`.
 *
 * They are put into names before anything else is read, so whatever prints the target prints names. A pattern that has
 * no such thing is one that the scenario has nothing to say about: a mistake, and to `test --every-pattern` a reason to
 * skip it. */
#include <string.h>

#include "model/build.h"

static const struct {
    const char *words;
    PlaceLevel level;
    bool next;
} phrases[] = {{"busiest zone", PLACE_ZONE, false},
               {"next zone", PLACE_ZONE, true},
               {"busiest region", PLACE_REGION, false},
               {"next region", PLACE_REGION, true}};

static void inapplicable(Build *build, Mark mark, const char *mend, const char *reason) {
    char **told = build->request->inapplicable;
    if (told != NULL && *told == NULL)
        *told = g_strdup(reason);
    complain(build, mark, mend, "%s", reason);
}

/* --- places ------------------------------------------------------------------------------------------------------- */

/* Units that can stand there: the same place in several accounts counts as one. */
static uint32_t units_at(const Model *model, PlaceLevel level, const char *name) {
    uint32_t count = 0;
    for (UnitId u = 0; u < model->unit_count; u++) {
        PlaceId place = level == PLACE_ZONE ? model->units[u].zone : model->units[u].region;
        count += place != NO_PLACE && strcmp(model->places[place].name, name) == 0;
    }
    return count;
}

static const char *region_of(const Model *model, PlaceId place) {
    PlaceId region = model_enclosing(model, place, PLACE_REGION);
    return region != NO_PLACE ? model->places[region].name : "";
}

/* The one with most units, the first by name of equals; not `but`, and in `region` (NULL: anywhere). NO_PLACE: none. */
static PlaceId busiest(const Model *model, PlaceLevel level, PlaceId but, const char *region) {
    PlaceId best = NO_PLACE;
    uint32_t most = 0;
    for (PlaceId p = 0; p < model->place_count; p++) {
        const Place *place = &model->places[p];
        if (place->level != level || (but != NO_PLACE && strcmp(place->name, model->places[but].name) == 0) ||
            (region != NULL && strcmp(region_of(model, p), region) != 0))
            continue;
        uint32_t units = units_at(model, level, place->name);
        bool first = best != NO_PLACE && units == most && strcmp(place->name, model->places[best].name) < 0;
        if (units > most || (units > 0 && first)) {
            best = p;
            most = units;
        }
    }
    return best;
}

/* The next zone is one of the busiest zone's region. */
static const char *place_by_rule(Build *build, size_t phrase, Mark mark) {
    const Model *model = build->model;
    PlaceLevel level = phrases[phrase].level;
    PlaceId first = busiest(model, level, NO_PLACE, NULL);
    if (first != NO_PLACE && !phrases[phrase].next)
        return model->places[first].name;
    const char *region = first != NO_PLACE && level == PLACE_ZONE ? region_of(model, first) : NULL;
    PlaceId next = first != NO_PLACE ? busiest(model, level, first, region) : NO_PLACE;
    if (next != NO_PLACE)
        return model->places[next].name;
    const char *reason = first == NO_PLACE     ? "nothing of this pattern stands in a region of its own"
                         : level == PLACE_ZONE ? "this pattern has no second zone in a region"
                                               : "this pattern has no second region";
    inapplicable(build, mark, NULL, reason);
    return NULL;
}

/* A phrase that is the whole target gets its level said. */
static GString *put_names(Build *build, const char *text, Mark mark) {
    GString *plain = g_string_new(text);
    for (size_t i = 0; i < G_N_ELEMENTS(phrases); i++) {
        if (strstr(plain->str, phrases[i].words) == NULL)
            continue;
        const char *name = place_by_rule(build, i, mark);
        if (name == NULL) {
            g_string_free(plain, TRUE);
            return NULL;
        }
        bool whole = strcmp(plain->str, phrases[i].words) == 0;
        g_string_replace(plain, phrases[i].words, name, 1);
        if (whole)
            g_string_prepend(plain, phrases[i].level == PLACE_ZONE ? "zone " : "region ");
    }
    return plain;
}

static bool by_rule(const char *text) {
    for (size_t i = 0; i < G_N_ELEMENTS(phrases); i++) {
        if (strstr(text, phrases[i].words) != NULL)
            return true;
    }
    return false;
}

const char *target_named(Build *build, const char *text, Mark mark) {
    bool counted = build->model->units != NULL; /* not after mistakes, which are told */
    GString *plain = counted ? put_names(build, text, mark) : by_rule(text) ? NULL : g_string_new(text);
    const char *kept = plain != NULL ? tree_string(build->tree, plain->str) : NULL;
    if (plain != NULL)
        g_string_free(plain, TRUE);
    return kept;
}

/* --- components --------------------------------------------------------------------------------------------------- */

bool target_every(Build *build, const char *kind, Mark mark, Target *target) {
    uint32_t known = plugin_index(build, PLUGIN_KIND, kind);
    if (known == NO_INDEX) {
        GPtrArray *kinds = g_ptr_array_new();
        plugin_names(build, PLUGIN_KIND, kinds);
        complain_name(build, mark, kind, kinds, "kinds of components", "there is no kind '%s'", kind);
        return false;
    }
    const Model *model = build->model;
    GArray *found = g_array_new(FALSE, FALSE, sizeof(ComponentId));
    for (ComponentId c = 0; c < model->component_count; c++) {
        if (strcmp(model->components[c].kind->name, kind) == 0)
            g_array_append_val(found, c);
    }
    target->kind = TARGET_COMPONENT;
    target->components = keep_array(build, found, &target->component_count);
    if (target->component_count == 0)
        inapplicable(build, mark, NULL, keep(build, "this pattern has no %s", kind));
    return target->component_count > 0;
}
