/* schema.c - `faultline schema pattern|scenario`: the language as JSON Schema (draft-07), for editors. Made from the
 * tables that the program reads with; docs/schema/ holds what it prints. */
#include <stdio.h>
#include <string.h>

#include "commands/print.h"
#include "commands/reading.h"

/* --- shapes ------------------------------------------------------------------------------------------------------- */

typedef enum { SHAPE_ONE, SHAPE_LIST, SHAPE_MAP, SHAPE_MAP_OR_NONE } ShapeKind;

/* What a table leaves open (FIELD_TYPE_NODE), by definition. */
static const struct {
    const char *map, *key;
    ShapeKind kind;
    const char *definition;
} shapes[] = {
    {"pattern", "accounts", SHAPE_MAP, "account"},
    {"pattern", "places", SHAPE_MAP, "place"},
    {"pattern", "network", SHAPE_ONE, "network_defaults"},
    {"pattern", "edge", SHAPE_MAP, "any_component"},
    {"pattern", "users", SHAPE_MAP, "any_population"},
    {"pattern", "stacks", SHAPE_MAP, "stack"},
    {"pattern", "flows", SHAPE_LIST, "any_flow"},
    {"pattern", "load", SHAPE_MAP, "any_load"},
    {"pattern", "sensors", SHAPE_MAP, "any_sensor"},
    {"pattern", "responses", SHAPE_MAP, "any_response"},
    {"pattern", "failures", SHAPE_MAP_OR_NONE, "any_failure"},
    {"pattern", "run", SHAPE_ONE, "run"},
    {"stack", "network", SHAPE_ONE, "network"},
    {"stack", "subnets", SHAPE_MAP, "subnet"},
    {"stack", "components", SHAPE_MAP, "any_component"},
    {"stack", "security_groups", SHAPE_MAP, "security_group"},
    {"pattern", "sites", SHAPE_MAP, "site"},
    {"pattern", "connections", SHAPE_MAP, "any_connection"},
    {"site", "firewall", SHAPE_ONE, "firewall"},
    {"site", "routes", SHAPE_LIST, "route"},
    {"site", "components", SHAPE_MAP, "any_component"},
    {"firewall", "inbound", SHAPE_LIST, "rule"},
    {"firewall", "outbound", SHAPE_LIST, "rule"},
    {"connection", "tables", SHAPE_MAP, "hub_table"},
    {"connection", "attachments", SHAPE_MAP, "attachment"},
    {"hub_table", "routes", SHAPE_LIST, "route"},
    {"network", "ingress", SHAPE_LIST, "route"},
    {"subnet", "routes", SHAPE_LIST, "route"},
    {"stack", "acls", SHAPE_MAP, "acl"},
    {"stack", "namespaces", SHAPE_MAP, "namespace"},
    {"stack", "mesh", SHAPE_ONE, "mesh"},
    {"stack", "network_policies", SHAPE_MAP, "network_policy"},
    {"stack", "authorization_policies", SHAPE_MAP, "authorization_policy"},
    {"network_policy", "ingress", SHAPE_LIST, "network_policy_rule"},
    {"network_policy", "egress", SHAPE_LIST, "network_policy_rule"},
    {"authorization_policy", "rules", SHAPE_LIST, "authorization_rule"},
    {"authorization_policy", "refuses", SHAPE_LIST, "authorization_rule"},
    {"acl", "inbound", SHAPE_LIST, "acl_rule"},
    {"acl", "outbound", SHAPE_LIST, "acl_rule"},
    {"security_group", "inbound", SHAPE_LIST, "rule"},
    {"security_group", "outbound", SHAPE_LIST, "rule"},
    {"network_defaults", "round_trips", SHAPE_LIST, "round_trip"},
    {"scenario", "load", SHAPE_MAP_OR_NONE, "any_load"},
    {"scenario", "timeline", SHAPE_LIST, "any_event"},
    {"scenario", "failures", SHAPE_MAP_OR_NONE, "any_failure"},
    {"scenario", "run", SHAPE_ONE, "run"},
    {"scenario", "expect", SHAPE_LIST, "expectation"},
    {"event", "change", SHAPE_ONE, "change"},
    {"expectation", "but", SHAPE_ONE, "but"},
    {"expectation", "waiver", SHAPE_ONE, "waiver"},
};

static void reference(JsonWriter *json, const char *key, const char *definition) {
    char *path = g_strdup_printf("#/definitions/%s", definition);
    json_begin_object_inline(json, key);
    json_string(json, "$ref", path);
    json_end(json);
    g_free(path);
}

/* `app:` with nothing behind it is a subnet with all its defaults. */
static void reference_or_nothing(JsonWriter *json, const char *key, const char *definition) {
    json_begin_object(json, key);
    json_begin_array(json, "anyOf");
    reference(json, NULL, definition);
    json_begin_object_inline(json, NULL);
    json_string(json, "type", "null");
    json_end(json);
    json_end(json);
    json_end(json);
}

/* A key may also be empty, or be a parameter as a whole. */
static void shape_put(JsonWriter *json, const Field *row, ShapeKind kind, const char *definition) {
    json_begin_object(json, row->name);
    json_string(json, "description", row->help);
    json_begin_array(json, "anyOf");
    if (kind == SHAPE_ONE) {
        reference(json, NULL, definition);
    } else {
        json_begin_object(json, NULL);
        json_string(json, "type", kind == SHAPE_LIST ? "array" : "object");
        if (kind == SHAPE_LIST)
            reference(json, "items", definition);
        else
            reference_or_nothing(json, "additionalProperties", definition);
        json_end(json);
    }
    json_begin_object_inline(json, NULL);
    json_string(json, "type", "null");
    json_end(json);
    json_begin_object_inline(json, NULL);
    json_string(json, "type", "string");
    json_string(json, "pattern", kind == SHAPE_MAP_OR_NONE ? "\\$\\{|^none$" : "\\$\\{");
    json_end(json);
    json_end(json);
    json_end(json);
}

static void property_put(JsonWriter *json, const char *map, const Field *row) {
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        if (strcmp(shapes[i].map, map) == 0 && strcmp(shapes[i].key, row->name) == 0) {
            shape_put(json, row, shapes[i].kind, shapes[i].definition);
            return;
        }
    }
    fields_schema_row(row, json);
}

/* What a map of the language may hold, into an object that is already begun. */
static void members_put(JsonWriter *json, const char *map, const Field *fields) {
    json_string(json, "type", "object");
    json_bool(json, "additionalProperties", false);
    json_begin_object(json, "properties");
    for (const Field *row = fields; row->name != NULL; row++)
        property_put(json, map, row);
    json_end(json);
    json_begin_array_inline(json, "required");
    for (const Field *row = fields; row->name != NULL; row++) {
        if (row->otherwise == FIELD_REQUIRED)
            json_string(json, NULL, row->name);
    }
    json_end(json);
}

static void definition_put(JsonWriter *json, const char *name, const char *map, const Field *own) {
    Field *rows = language_rows(map, own);
    json_begin_object(json, name);
    members_put(json, map, rows);
    json_end(json);
    g_free(rows);
}

/* --- things that have a kind -------------------------------------------------------------------------------------- */

/* "if kind is dns then #/definitions/component_dns"; the kind that is meant when none is written has no `required`. */
static void kind_case(JsonWriter *json, const char *key, const char *kind, bool is_default, const char *definition) {
    json_begin_object(json, NULL);
    json_begin_object_inline(json, "if");
    json_begin_object_inline(json, "properties");
    json_begin_object_inline(json, key);
    json_string(json, "const", kind);
    json_end(json);
    json_end(json);
    if (!is_default) {
        json_begin_array_inline(json, "required");
        json_string(json, NULL, key);
        json_end(json);
    }
    json_end(json);
    reference(json, "then", definition);
    json_end(json);
}

/* Several plug-ins with one map of the language in common. */
typedef struct {
    const char *map;       /* "component" */
    const char *key;       /* that says which: "kind" */
    const char *otherwise; /* the kind when none is written; NULL: it must be */
    GPtrArray *names;
    GPtrArray *fields;
} Family;

static void family_put(JsonWriter *json, const char *any, const Family *family) {
    for (guint i = 0; i < family->names->len; i++) {
        char *name = g_strdup_printf("%s_%s", family->map, (const char *)family->names->pdata[i]);
        definition_put(json, name, family->map, family->fields->pdata[i]);
        g_free(name);
    }
    json_begin_object(json, any);
    json_string(json, "type", "object");
    json_begin_object(json, "properties");
    json_begin_object_inline(json, family->key);
    json_begin_array_inline(json, "enum");
    for (guint i = 0; i < family->names->len; i++)
        json_string(json, NULL, family->names->pdata[i]);
    json_end(json);
    json_end(json);
    json_end(json);
    json_begin_array_inline(json, "required");
    if (family->otherwise == NULL)
        json_string(json, NULL, family->key);
    json_end(json);
    json_begin_array(json, "allOf");
    for (guint i = 0; i < family->names->len; i++) {
        const char *kind = family->names->pdata[i];
        char *name = g_strdup_printf("%s_%s", family->map, kind);
        kind_case(json, family->key, kind, family->otherwise != NULL && strcmp(kind, family->otherwise) == 0, name);
        g_free(name);
    }
    json_end(json);
    json_end(json);
    g_ptr_array_free(family->names, TRUE);
    g_ptr_array_free(family->fields, TRUE);
}

static Family family_new(const char *map, const char *otherwise) {
    return (Family){map, "kind", otherwise, g_ptr_array_new(), g_ptr_array_new()};
}

static void family_add(Family *family, const char *name, const Field *fields) {
    g_ptr_array_add(family->names, (char *)name);
    g_ptr_array_add(family->fields, (Field *)fields);
}

static void families_put(JsonWriter *json, const Catalogue *catalogue) {
    Family components = family_new("component", NULL), populations = family_new("population", "users"),
           connections = family_new("connection", NULL);
    for (const Kind *const *kind = catalogue->kinds; *kind != NULL; kind++) {
        bool joins = (*kind)->passage.attachment == ATTACH_JOIN;
        family_add((*kind)->role == ROLE_POPULATION ? &populations
                   : joins                          ? &connections
                                                    : &components,
                   (*kind)->name, (*kind)->fields);
    }
    family_put(json, "any_component", &components);
    family_put(json, "any_population", &populations);
    family_put(json, "any_connection", &connections);
    Family loads = family_new("load", "poisson");
    for (const LoadKind *const *load = catalogue->loads; *load != NULL; load++)
        family_add(&loads, (*load)->name, (*load)->fields);
    family_put(json, "any_load", &loads);
    Family failures = family_new("failure", "fail");
    failures.key = "does";
    for (const FaultKind *const *fault = catalogue->faults; *fault != NULL; fault++)
        family_add(&failures, (*fault)->verb, (*fault)->fields);
    family_put(json, "any_failure", &failures);
    Family sensors = family_new("sensor", NULL), responses = family_new("response", NULL);
    for (const SensorKind *const *sensor = catalogue->sensors; *sensor != NULL; sensor++)
        family_add(&sensors, (*sensor)->name, (*sensor)->fields);
    family_put(json, "any_sensor", &sensors);
    for (const ResponseKind *const *response = catalogue->responses; *response != NULL; response++)
        family_add(&responses, (*response)->name, (*response)->fields);
    family_put(json, "any_response", &responses);
}

/* --- timelines ---------------------------------------------------------------------------------------------------- */

/* The keys of an entry with this verb: those of every entry, the verb itself, and the fault's own. */
static void event_put(JsonWriter *json, const char *verb, const char *help, const Field *own) {
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(Field));
    const Field verb_row = {.name = verb, .type = FIELD_TYPE_TEXT, .otherwise = FIELD_REQUIRED, .help = help};
    const Field end = FIELD_END;
    g_array_append_val(rows, verb_row);
    for (; own != NULL && own->name != NULL; own++)
        g_array_append_vals(rows, own, 1);
    g_array_append_val(rows, end);
    char *name = g_strdup_printf("event_%s", verb);
    definition_put(json, name, "event", (const Field *)(void *)rows->data);
    g_free(name);
    g_array_free(rows, TRUE);
}

static void verb_case(JsonWriter *json, const char *verb) {
    char *name = g_strdup_printf("event_%s", verb);
    json_begin_object(json, NULL);
    json_begin_object_inline(json, "if");
    json_begin_array_inline(json, "required");
    json_string(json, NULL, verb);
    json_end(json);
    json_end(json);
    reference(json, "then", name);
    json_end(json);
    g_free(name);
}

static void events_put(JsonWriter *json, const Catalogue *catalogue) {
    for (const FaultKind *const *fault = catalogue->faults; *fault != NULL; fault++)
        event_put(json, (*fault)->verb, (*fault)->summary, (*fault)->fields);
    for (const ThreatKind *const *threat = catalogue->threats; *threat != NULL; threat++)
        event_put(json, (*threat)->verb, (*threat)->summary, (*threat)->fields);
    for (const OrderKind *const *order = catalogue->orders; *order != NULL; order++)
        event_put(json, (*order)->verb, (*order)->summary, (*order)->fields);
    definition_put(json, "event_change", "event", NULL);
    json_begin_object(json, "any_event");
    json_string(json, "type", "object");
    json_begin_array(json, "allOf");
    for (const FaultKind *const *fault = catalogue->faults; *fault != NULL; fault++)
        verb_case(json, (*fault)->verb);
    for (const ThreatKind *const *threat = catalogue->threats; *threat != NULL; threat++)
        verb_case(json, (*threat)->verb);
    for (const OrderKind *const *order = catalogue->orders; *order != NULL; order++)
        verb_case(json, (*order)->verb);
    verb_case(json, "change");
    json_end(json);
    json_end(json);
}

/* `- visit: a -> b`, or the long form. */
static void flow_put(JsonWriter *json) {
    json_begin_object(json, "any_flow");
    json_begin_array(json, "anyOf");
    reference(json, NULL, "flow");
    json_begin_object_inline(json, NULL);
    json_string(json, "type", "object");
    json_int(json, "maxProperties", 1);
    json_begin_object_inline(json, "additionalProperties");
    json_string(json, "type", "string");
    json_string(json, "pattern", "->");
    json_end(json);
    json_end(json);
    json_end(json);
    json_end(json);
}

/* --- the document ------------------------------------------------------------------------------------------------- */

static char *schema_text(const char *what, const Catalogue *catalogue, size_t *length) {
    Field *rows = language_rows(what, NULL);
    char *title = g_strdup_printf("faultline %s", what);
    JsonWriter *json = json_new();
    json_begin_object(json, NULL);
    json_string(json, "$schema", "http://json-schema.org/draft-07/schema#");
    json_string(json, "title", title);
    members_put(json, what, rows);
    json_begin_object(json, "definitions");
    for (const LanguageMap *map = language_maps; map->name != NULL; map++) {
        bool has_kind = strcmp(map->name, "component") == 0 || strcmp(map->name, "population") == 0 ||
                        strcmp(map->name, "connection") == 0 || strcmp(map->name, "load") == 0 ||
                        strcmp(map->name, "failure") == 0 || strcmp(map->name, "sensor") == 0 ||
                        strcmp(map->name, "response") == 0;
        bool is_root = strcmp(map->name, "pattern") == 0 || strcmp(map->name, "scenario") == 0;
        if (!has_kind && !is_root && strcmp(map->name, "price") != 0)
            definition_put(json, map->name, map->name, NULL);
    }
    families_put(json, catalogue);
    events_put(json, catalogue);
    flow_put(json);
    json_end(json);
    json_end(json);
    g_free(title);
    g_free(rows);
    return json_finish(json, length);
}

static int schema_run(int argc, char **argv, const CommandEnv *env) {
    const GOptionEntry entries[] = {{NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
    int status;
    if (!arguments_parse(&argc, &argv, entries, "pattern|scenario", "the language as JSON Schema, for editors",
                         &status))
        return status;
    if (argc != 2 || (strcmp(argv[1], "pattern") != 0 && strcmp(argv[1], "scenario") != 0)) {
        fputs("faultline schema: say pattern or scenario\n", stderr);
        return EXIT_INPUT;
    }
    size_t length;
    char *text = schema_text(argv[1], env->catalogue, &length);
    GString *out = g_string_new_len(text, (gssize)length);
    g_free(text);
    return print_out(out);
}

const Command command_schema = {
    .name = "schema",
    .arguments = "pattern|scenario",
    .summary = "the language as JSON Schema, for editors",
    .run = schema_run,
};
