/* document.c - reads a record into a Document; every complaint names the path of the offending member. */
#include "render/document.h"

#include <string.h>

static const char *const level_words[] = {"outside", "provider", "account", "region", "zone", "subnet"};
static const char *const role_words[] = {"population", "name",  "edge",    "balancer",
                                         "compute",    "store", "gateway", "service"};
static const char *const link_words[] = {"request", "lookup", "replica", "image", "trigger"};
static const char *const trouble_words[] = {"down", "slow", "cut", "no control"};
static const char *const state_words[] = {"healthy", "degraded", "failed",  "overloaded",
                                          "idle",    "owned",    "exposed", "at risk"};

GQuark document_error_quark(void) { return g_quark_from_static_string("faultline-document-error"); }

const char *state_word(State state) { return state_words[state]; }
const char *role_word(Role role) { return role_words[role]; }
const char *level_word(Level level) { return level == LEVEL_NETWORK ? "network" : level_words[level]; }
const char *trouble_word(Trouble trouble) { return trouble == TROUBLE_NONE ? "" : trouble_words[trouble]; }

/* ---- Small readers; like those of json_in.h they do nothing once *error is set ------------------------------------
 */

static void complain(const JsonIn *value, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void complain(const JsonIn *value, GError **error, const char *format, ...) {
    if (*error != NULL)
        return;
    va_list arguments;
    va_start(arguments, format);
    char *reason = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    char *path = json_in_path(value);
    g_set_error(error, DOCUMENT_ERROR, 0, "%s: %s", path, reason);
    g_free(path);
    g_free(reason);
}

/* Zeroed memory that lives as long as the document; its size is at most a small multiple of the file's. */
static void *take(Document *document, size_t count, size_t size) {
    void *block = g_malloc0_n(count > 0 ? count : 1, size);
    g_ptr_array_add(document->blocks, block);
    return block;
}

/* A text that must be there; the value null counts as absent. */
static const char *text(const JsonIn *object, const char *key, GError **error) {
    return json_in_string(json_in_need(object, key, error), error);
}

static const char *text_or_null(const JsonIn *object, const char *key, GError **error) {
    const JsonIn *value = json_in_get(object, key);
    return value == NULL ? NULL : json_in_string(value, error);
}

/* An array that may be absent, like every member that a record need not have. */
static const JsonIn *list(const JsonIn *object, const char *key, int *count, GError **error) {
    const JsonIn *array = json_in_array(json_in_get(object, key), error);
    *count = (int)json_in_count(array);
    return array;
}

static int64_t amount(const JsonIn *object, const char *key, GError **error) {
    const JsonIn *value = json_in_need(object, key, error);
    int64_t n = json_in_int(value, error);
    if (n < 0)
        complain(value, error, "must not be negative");
    return n;
}

/* A time or count that may be absent. */
static int64_t time_or(const JsonIn *object, const char *key, int64_t otherwise, GError **error) {
    return json_in_get(object, key) == NULL ? otherwise : amount(object, key, error);
}

/* Unknown is negative in the Document. */
static double rate(const JsonIn *object, const char *key, GError **error) {
    const JsonIn *value = json_in_get(object, key);
    double x = value == NULL ? -1 : json_in_double(value, error);
    if (value != NULL && x < 0)
        complain(value, error, "must not be negative");
    return x;
}

static double share(const JsonIn *object, const char *key, GError **error) {
    double x = rate(object, key, error);
    if (x > 1)
        complain(json_in_get(object, key), error, "a share must not be above 1");
    return x;
}

/* A number below `count`. */
static int id_of(const JsonIn *value, int count, GError **error) {
    int64_t id = json_in_int(value, error);
    if (*error == NULL && (id < 0 || id >= count))
        complain(value, error, "there is no number %" G_GINT64_FORMAT " among %d", id, count);
    return *error == NULL ? (int)id : NO_ID;
}

/* An id below `count`; an absent one is NO_ID. */
static int id_or_none(const JsonIn *object, const char *key, int count, GError **error) {
    const JsonIn *value = json_in_get(object, key);
    return value == NULL ? NO_ID : id_of(value, count, error);
}

static int id(const JsonIn *object, const char *key, int count, GError **error) {
    json_in_need(object, key, error);
    return id_or_none(object, key, count, error);
}

/* The number of a word of a closed list. */
static int word(const JsonIn *object, const char *key, const char *const *words, size_t count, GError **error) {
    const char *its = text(object, key, error);
    for (size_t i = 0; i < count; i++)
        if (strcmp(its, words[i]) == 0)
            return (int)i;
    if (*error == NULL) {
        GString *known = g_string_new(words[0]);
        for (size_t i = 1; i < count; i++)
            g_string_append_printf(known, ", %s", words[i]);
        complain(json_in_get(object, key), error, "must be one of: %s", known->str);
        g_string_free(known, TRUE);
    }
    return 0;
}

#define WORD(object, key, words, error) word(object, key, words, G_N_ELEMENTS(words), error)

/* ---- What was modelled --------------------------------------------------------------------------------------------
 */

static void read_places(Document *document, GError **error) {
    const JsonIn *rows = list(document->root, "places", &document->place_count, error);
    document->places = take(document, (size_t)document->place_count, sizeof(Place));
    for (int i = 0; i < document->place_count && *error == NULL; i++) {
        const JsonIn *row = json_in_at(rows, (size_t)i);
        document->places[i] = (Place){
            .name = text(row, "name", error),
            .network = text_or_null(row, "network", error),
            .cidr = text_or_null(row, "cidr", error),
            .internet = text_or_null(row, "internet", error),
            .level = (Level)WORD(row, "level", level_words, error),
            .parent = id_or_none(row, "parent", document->place_count, error),
        };
        if (document->places[i].parent >= i)
            complain(json_in_get(row, "parent"), error, "a place must stand after the one that holds it");
    }
}

static void read_facts(Component *component, const JsonIn *row, GError **error) {
    int count;
    const JsonIn *facts = list(row, "facts", &count, error);
    component->fact_count = MIN(count, (int)G_N_ELEMENTS(component->facts));
    for (int i = 0; i < component->fact_count; i++) {
        const JsonIn *pair = json_in_at(facts, (size_t)i);
        if (!json_in_is_array(pair) || json_in_count(pair) != 2)
            complain(pair, error, "expected [label, value]");
        component->facts[i] =
            (Fact){json_in_string(json_in_at(pair, 0), error), json_in_string(json_in_at(pair, 1), error)};
    }
}

static void read_units(Document *document, Component *component, const JsonIn *row, GError **error) {
    const JsonIn *units = list(row, "units", &component->unit_count, error);
    component->units = take(document, (size_t)component->unit_count, sizeof(UnitPlace));
    for (int i = 0; i < component->unit_count && *error == NULL; i++) {
        const JsonIn *unit = json_in_at(units, (size_t)i);
        component->units[i].subnet = id_or_none(unit, "subnet", document->place_count, error);
        component->units[i].zone = id_or_none(unit, "zone", document->place_count, error);
    }
}

static void read_components(Document *document, GError **error) {
    const JsonIn *rows = list(document->root, "components", &document->component_count, error);
    document->components = take(document, (size_t)document->component_count, sizeof(Component));
    for (int i = 0; i < document->component_count && *error == NULL; i++) {
        const JsonIn *row = json_in_at(rows, (size_t)i);
        Component *component = &document->components[i];
        *component = (Component){
            .name = text(row, "name", error),
            .label = text(row, "label", error),
            .kind = text(row, "kind", error),
            .summary = text_or_null(row, "summary", error),
            .stack = text_or_null(row, "stack", error),
            .copy = text_or_null(row, "copy", error),
            .symbol = text_or_null(row, "symbol", error),
            .listens = text_or_null(row, "listens", error),
            .role = (Role)WORD(row, "role", role_words, error),
            .place = id_or_none(row, "place", document->place_count, error),
            .managed = json_in_bool(json_in_get(row, "managed"), error),
            .single_point = json_in_bool(json_in_get(row, "single_point"), error),
        };
        read_facts(component, row, error);
        read_units(document, component, row, error);
    }
}

static void read_via(Document *document, Link *link, const JsonIn *row, GError **error) {
    const JsonIn *via = list(row, "via", &link->via_count, error);
    link->via = take(document, (size_t)link->via_count, sizeof(int));
    for (int i = 0; i < link->via_count && *error == NULL; i++)
        link->via[i] = id_of(json_in_at(via, (size_t)i), document->component_count, error);
}

static const char *flow_name(const Document *document, const JsonIn *link, GError **error) {
    int count;
    const JsonIn *flows = list(document->root, "flows", &count, error);
    int flow = id_or_none(link, "flow", count, error);
    return flow == NO_ID ? NULL : text(json_in_at(flows, (size_t)flow), "name", error);
}

static void read_links(Document *document, GError **error) {
    const JsonIn *rows = list(document->root, "links", &document->link_count, error);
    document->links = take(document, (size_t)document->link_count, sizeof(Link));
    for (int i = 0; i < document->link_count && *error == NULL; i++) {
        const JsonIn *row = json_in_at(rows, (size_t)i);
        document->links[i] = (Link){
            .from = id(row, "from", document->component_count, error),
            .to = id(row, "to", document->component_count, error),
            .kind = json_in_get(row, "kind") ? (LinkKind)WORD(row, "kind", link_words, error) : LINK_REQUEST,
            .ports = text_or_null(row, "ports", error),
            .intended = json_in_get(row, "intended") == NULL || json_in_bool(json_in_get(row, "intended"), error),
            .latency_ns = time_or(row, "latency_ns", NO_TIME, error),
        };
        document->links[i].flow = flow_name(document, row, error);
        read_via(document, &document->links[i], row, error);
    }
}

static void read_faults(Document *document, GError **error) {
    const JsonIn *rows = list(document->root, "faults", &document->fault_count, error);
    document->faults = take(document, (size_t)document->fault_count, sizeof(FaultSpan));
    for (int i = 0; i < document->fault_count && *error == NULL; i++) {
        const JsonIn *row = json_in_at(rows, (size_t)i);
        document->faults[i] = (FaultSpan){
            .text = text(row, "text", error),
            .from_ns = amount(row, "from_ns", error),
            .to_ns = time_or(row, "to_ns", NO_TIME, error),
        };
    }
}

/* ---- Moments ------------------------------------------------------------------------------------------------------
 */

static void read_troubles(Document *document, Moment *moment, const JsonIn *row, GError **error) {
    moment->places = take(document, (size_t)document->place_count, sizeof(Trouble));
    for (int i = 0; i < document->place_count; i++)
        moment->places[i] = TROUBLE_NONE;
    int count;
    const JsonIn *rows = list(row, "places", &count, error);
    for (int i = 0; i < count && *error == NULL; i++) {
        const JsonIn *place = json_in_at(rows, (size_t)i);
        int which = id(place, "id", document->place_count, error);
        Trouble trouble = (Trouble)WORD(place, "trouble", trouble_words, error);
        if (*error == NULL)
            moment->places[which] = MIN(moment->places[which], trouble); /* of several, the worst */
    }
}

static void read_zone_states(Document *document, ComponentState *state, const JsonIn *row, GError **error) {
    const JsonIn *rows = list(row, "zones", &state->zone_count, error);
    state->zones = take(document, (size_t)state->zone_count, sizeof(ZoneState));
    for (int i = 0; i < state->zone_count && *error == NULL; i++) {
        const JsonIn *zone = json_in_at(rows, (size_t)i);
        state->zones[i] = (ZoneState){
            .zone = id_or_none(zone, "zone", document->place_count, error),
            .subnet = id_or_none(zone, "subnet", document->place_count, error),
            .serving = amount(zone, "serving", error),
            .booting = amount(zone, "booting", error),
            .down = amount(zone, "down", error),
        };
    }
}

/* Where row number i of a moment's table belongs; each id must come once. */
static int place_row(const JsonIn *row, int count, bool *seen, GError **error) {
    int which = id(row, "id", count, error);
    if (*error == NULL && seen[which])
        complain(row, error, "number %d has a second row in this moment", which);
    if (*error != NULL)
        return 0;
    seen[which] = true;
    return which;
}

/* A moment speaks of everything, or a picture would have to guess. */
static void need_all(const JsonIn *rows, const JsonIn *row, const bool *seen, int count, const char *what,
                     GError **error) {
    for (int i = 0; i < count && *error == NULL; i++)
        if (!seen[i])
            complain(rows != NULL ? rows : row, error, "%s number %d has no row in this moment", what, i);
}

static void read_component_states(Document *document, Moment *moment, const JsonIn *row, GError **error) {
    int count;
    const JsonIn *rows = list(row, "components", &count, error);
    bool *seen = take(document, (size_t)document->component_count, sizeof *seen);
    moment->components = take(document, (size_t)document->component_count, sizeof(ComponentState));
    for (int i = 0; i < count && *error == NULL; i++) {
        const JsonIn *its = json_in_at(rows, (size_t)i);
        int which = place_row(its, document->component_count, seen, error);
        if (*error != NULL)
            return;
        moment->components[which] = (ComponentState){
            .serving = amount(its, "serving", error),
            .booting = amount(its, "booting", error),
            .down = amount(its, "down", error),
            .absent = time_or(its, "absent", 0, error),
            .state = (State)WORD(its, "state", state_words, error),
            .note = text_or_null(its, "note", error),
        };
        read_zone_states(document, &moment->components[which], its, error);
    }
    need_all(rows, row, seen, document->component_count, "component", error);
}

static void read_parts(Document *document, LinkState *state, const JsonIn *row, GError **error) {
    const JsonIn *rows = list(row, "parts", &state->part_count, error);
    state->parts = take(document, (size_t)state->part_count, sizeof(LinkPart));
    for (int i = 0; i < state->part_count && *error == NULL; i++) {
        const JsonIn *part = json_in_at(rows, (size_t)i);
        state->parts[i] = (LinkPart){
            .from_zone = id_or_none(part, "from_zone", document->place_count, error),
            .to_zone = id_or_none(part, "to_zone", document->place_count, error),
            .requests_per_s = rate(part, "requests_per_s", error),
            .good_share = share(part, "good_share", error),
        };
    }
}

static void read_link_states(Document *document, Moment *moment, const JsonIn *row, GError **error) {
    int count;
    const JsonIn *rows = list(row, "links", &count, error);
    bool *seen = take(document, (size_t)document->link_count, sizeof *seen);
    moment->links = take(document, (size_t)document->link_count, sizeof(LinkState));
    for (int i = 0; i < count && *error == NULL; i++) {
        const JsonIn *its = json_in_at(rows, (size_t)i);
        int which = place_row(its, document->link_count, seen, error);
        if (*error != NULL)
            return;
        LinkState *state = &moment->links[which];
        *state = (LinkState){
            .verdict = text(its, "verdict", error),
            .rule = text_or_null(its, "rule", error),
            .requests_per_s = rate(its, "requests_per_s", error),
            .good_share = share(its, "good_share", error),
        };
        state->reaches = g_str_has_prefix(state->verdict, "REACH") || g_str_has_prefix(state->verdict, "ALLOW");
        read_parts(document, state, its, error);
    }
    need_all(rows, row, seen, document->link_count, "link", error);
}

/* A moment's name becomes the name of a file. */
static void check_name(const Document *document, int i, const JsonIn *row, GError **error) {
    const char *name = document->moments[i].name;
    size_t length = strlen(name);
    if (*error == NULL &&
        (length == 0 || length > 32 || length != strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")))
        complain(json_in_get(row, "name"), error, "1 to 32 of a-z, 0-9 and - make a moment's name");
    for (int j = 0; j < i && *error == NULL; j++)
        if (strcmp(name, document->moments[j].name) == 0)
            complain(json_in_get(row, "name"), error, "an earlier moment has the same name");
}

static void read_moments(Document *document, GError **error) {
    const JsonIn *rows = list(document->root, "moments", &document->moment_count, error);
    document->moments = take(document, (size_t)document->moment_count, sizeof(Moment));
    for (int i = 0; i < document->moment_count && *error == NULL; i++) {
        const JsonIn *row = json_in_at(rows, (size_t)i);
        Moment *moment = &document->moments[i];
        moment->name = text(row, "name", error);
        check_name(document, i, row, error);
        moment->caption = text(row, "caption", error);
        moment->at_ns = amount(row, "at_ns", error);
        moment->from_ns = time_or(row, "from_ns", moment->at_ns, error);
        moment->to_ns = time_or(row, "to_ns", moment->at_ns, error);
        read_troubles(document, moment, row, error);
        read_component_states(document, moment, row, error);
        read_link_states(document, moment, row, error);
    }
}

/* ---- The whole ------------------------------------------------------------------------------------------------------
 */

static void read_head(Document *document, GError **error) {
    const char *format = text(document->root, "format", error);
    if (*error == NULL && strcmp(format, "faultline-record/1") != 0)
        complain(json_in_get(document->root, "format"), error,
                 "this program reads faultline-record/1; the file says something else");
    const JsonIn *manifest = json_in_need(document->root, "manifest", error);
    document->version = text(manifest, "version", error);
    document->seed = amount(manifest, "seed", error);
    document->replications = amount(manifest, "replications", error);
    const JsonIn *title = json_in_need(document->root, "title", error);
    document->pattern = text(title, "pattern", error);
    document->scenario = text_or_null(title, "scenario", error);
    document->about = text_or_null(title, "about", error);
    document->claim = text_or_null(title, "claim", error);
    document->provider = text_or_null(title, "provider", error);
    const JsonIn *run = json_in_need(document->root, "run", error);
    document->until_ns = amount(run, "until_ns", error);
    document->warm_up_ns = time_or(run, "warm_up_ns", 0, error);
    document->shown_replication = time_or(run, "shown_replication", 0, error);
}

Document *document_new(const JsonDoc *json, GError **error) {
    GError *problem = NULL; /* so that the readers can look at it even when the caller does not care */
    Document *document = g_new0(Document, 1);
    document->root = json_in_root(json);
    document->blocks = g_ptr_array_new_with_free_func(g_free);
    read_head(document, &problem);
    read_places(document, &problem);
    read_components(document, &problem);
    read_links(document, &problem);
    read_faults(document, &problem);
    read_moments(document, &problem);
    if (problem == NULL)
        return document;
    g_propagate_error(error, problem);
    document_free(document);
    return NULL;
}

void document_free(Document *document) {
    if (document == NULL)
        return;
    g_ptr_array_free(document->blocks, TRUE);
    g_free(document);
}

int document_place_at(const Document *document, int place, Level level) {
    while (place != NO_ID && document->places[place].level != level)
        place = document->places[place].parent;
    return place;
}
