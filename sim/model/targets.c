/* targets.c - what a fault or an attacker's step is aimed at: places, components, one unit, a link, a control plane. */
#include <string.h>

#include "model/build.h"

/* --- links -------------------------------------------------------------------------------------------------------- */

/* Every place of that name, whatever its level: regions, zones, places outside, providers, accounts. */
static uint32_t places_any(Build *build, const char *name, Mark mark, PlaceId **found) {
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(PlaceId));
    GPtrArray *names = g_ptr_array_new();
    for (PlaceId i = 0; i < build->model->place_count; i++) {
        const Place *place = &build->model->places[i];
        if (place->level == PLACE_SUBNET)
            continue;
        g_ptr_array_add(names, (char *)place->name);
        if (strcmp(place->name, name) == 0)
            g_array_append_val(ids, i);
    }
    if (ids->len == 0 && !build->places_failed)
        complain_name(build, mark, name, names, "places of this pattern", "there is no place '%s' in this pattern",
                      name);
    else
        g_ptr_array_free(names, TRUE);
    uint32_t count;
    *found = keep_array(build, ids, &count);
    return count;
}

/* The ends may be of different levels: `link europe -> us-east-1a`. */
static bool link_read(Build *build, const char *text, Mark mark, Target *target) {
    const char *arrow = strstr(text, "->");
    target->kind = TARGET_LINK;
    target->both_ways = arrow != NULL && arrow > text && arrow[-1] == '<';
    if (arrow == NULL) {
        complain(build, mark, "write link A -> B, or link A <-> B for both directions", "a link needs two ends: '%s'",
                 text);
        return false;
    }
    char *from = g_strstrip(g_strndup(text, (gsize)(arrow - text - target->both_ways))),
         *to = g_strstrip(g_strdup(arrow + 2));
    target->place_count = places_any(build, from, mark, &target->places);
    target->to_place_count = places_any(build, to, mark, &target->to_places);
    bool good = target->place_count > 0 && target->to_place_count > 0;
    if (good && strcmp(from, to) == 0) {
        complain(build, mark, NULL, "a link from '%s' to itself cannot be cut", from);
        good = false;
    }
    if (good) {
        target->from = target->places[0];
        target->to = target->to_places[0];
    }
    g_free(from);
    g_free(to);
    return good;
}

/* --- components and units ----------------------------------------------------------------------------------------- */

/* A component means all its units, in every copy that the name means. */
static bool components_read(Build *build, const char *text, Mark mark, Target *target) {
    target->kind = TARGET_COMPONENT;
    target->component_count = names_find(build, (Scope){NULL, NULL}, text, 0, mark, &target->components);
    return target->component_count > 0;
}

/* Ordinals are those of model_unit_name. */
static bool unit_read(Build *build, const char *text, Mark mark, Target *target) {
    const char *slash = strrchr(text, '/');
    char *name = g_strndup(text, (gsize)(slash - text));
    bool good = components_read(build, name, mark, target);
    target->kind = TARGET_UNIT;
    g_free(name);
    if (!good)
        return false;
    const Component *component = &build->model->components[target->components[0]];
    if (target->component_count > 1) {
        complain(build, mark, keep(build, "write %s%s", component->name, slash),
                 "'%s' is one unit in each of %u copies: name one", text, target->component_count);
        return false;
    }
    uint32_t ordinal = 0;
    size_t digits = strspn(slash + 1, "0123456789");
    for (size_t i = 0; i < digits && ordinal < 100000000; i++)
        ordinal = ordinal * 10 + (uint32_t)(slash[1 + i] - '0');
    bool counted = build->model->units != NULL; /* not after mistakes */
    if (digits == 0 || slash[1 + digits] != '\0' || (counted && ordinal >= component->unit_count)) {
        complain(build, mark, NULL, "%s has %u unit%s, numbered from 0; there is no '%s'", component->name,
                 component->unit_count, component->unit_count == 1 ? "" : "s", slash + 1);
        return false;
    }
    target->unit = component->first_unit + ordinal;
    return true;
}

/* --- all ---------------------------------------------------------------------------------------------------------- */

/* Everything inside the place is meant, in every account. */
static bool places_read(Build *build, PlaceLevel level, const char *name, Mark mark, Target *target) {
    target->kind = TARGET_PLACE;
    target->place_count = places_named(build, level, name, mark, &target->places);
    return target->place_count > 0;
}

/* A control plane is a region's; a global service's is its provider's. */
static bool control_read(Build *build, const char *name, Mark mark, Target *target) {
    bool global = false;
    for (PlaceId i = 0; i < build->model->place_count; i++)
        global = global ||
                 (build->model->places[i].level == PLACE_PROVIDER && strcmp(build->model->places[i].name, name) == 0);
    bool good = places_read(build, global ? PLACE_PROVIDER : PLACE_REGION, name, mark, target);
    target->kind = TARGET_CONTROL;
    return good;
}

/* The first word says what it is; a single word is a component. */
bool target_read(Build *build, const Node *node, Target *target) {
    static const struct {
        const char *word;
        PlaceLevel level;
    } levels[] = {
        {"provider", PLACE_PROVIDER}, {"account", PLACE_ACCOUNT}, {"region", PLACE_REGION}, {"zone", PLACE_ZONE}};
    const char *text = scalar_of(build, node, "a target");
    *target = (Target){.unit = NO_UNIT, .from = NO_PLACE, .to = NO_PLACE};
    text = text != NULL ? target_named(build, text, node->mark) : NULL;
    if (text == NULL)
        return false;
    target->text = tree_string(build->tree, text);
    size_t word = strcspn(text, " ");
    const char *rest = text + word + strspn(text + word, " ");
    for (size_t i = 0; i < G_N_ELEMENTS(levels); i++) {
        if (strlen(levels[i].word) == word && strncmp(text, levels[i].word, word) == 0)
            return places_read(build, levels[i].level, rest, node->mark, target);
    }
    if (strncmp(text, "link ", 5) == 0)
        return link_read(build, rest, node->mark, target);
    if (strncmp(text, "control_plane ", 14) == 0)
        return control_read(build, rest, node->mark, target);
    if (strncmp(text, "every ", 6) == 0)
        return target_every(build, rest, node->mark, target);
    if (*rest != '\0') {
        complain(build, node->mark, "region R, zone Z, a component, site[R].web/3, link A -> B, or control_plane R",
                 "'%s' is no target", text);
        return false;
    }
    for (PlaceId i = 0; i < build->model->place_count; i++) { /* `fail: us-east-1` */
        const Place *place = &build->model->places[i];
        if (strcmp(place->name, text) == 0 && (place->level == PLACE_REGION || place->level == PLACE_ZONE)) {
            complain(build, node->mark, keep(build, "write %s %s", level_name(place->level), text), "say what '%s' is",
                     text);
            return false;
        }
    }
    if (strchr(text, '/') != NULL)
        return unit_read(build, text, node->mark, target);
    return components_read(build, text, node->mark, target);
}
