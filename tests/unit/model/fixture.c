/* fixture.c - the sample pattern, the fake catalogue, and reading them. */
#include "fixture.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

/* --- the catalogue ------------------------------------------------------------------------------------------------ */

static const Field instances_fields[] = {
    FIELD_COUNT(FakeInstances, count, "3", "0", "100", "how many", NULL),
    FIELD_LAW(FakeInstances, boot, "45 s", "until it serves", "a guess"),
    FIELD_TEXT(FakeInstances, note, NULL, "anything"),
    FIELD_END,
};

static uint32_t instances_count(const void *spec) { return (uint32_t)((const FakeInstances *)spec)->count; }

static void instances_check(const void *spec, const char *name, Mark mark, Diagnostics *diagnostics) {
    if (((const FakeInstances *)spec)->count == 13)
        diag_error(diagnostics, mark, "choose another number", "%s has an unlucky count", name);
}

typedef struct {
    SimTime ttl;
} FakeName;
static const Field name_fields[] = {FIELD_TIME(FakeName, ttl, "60 s", "how long it is kept", NULL), FIELD_END};
static const Field no_fields[] = {FIELD_END};

static const Kind users = {.name = "users",
                           .summary = "people",
                           .role = ROLE_POPULATION,
                           .passage = {.mode = PASSAGE_ORIGINATES, .attachment = ATTACH_OUTSIDE},
                           .fields = no_fields,
                           .spec_size = 1};
static const Kind dns = {.name = "dns",
                         .summary = "a name",
                         .role = ROLE_NAME,
                         .passage = {.mode = PASSAGE_ATTACHES, .attachment = ATTACH_NAME},
                         .fields = name_fields,
                         .spec_size = sizeof(FakeName),
                         .managed = true};
static const Kind waf = {.name = "waf",
                         .summary = "a filter",
                         .role = ROLE_EDGE,
                         .passage = {.mode = PASSAGE_FILTERS, .attachment = ATTACH_EDGE},
                         .fields = no_fields,
                         .spec_size = 1,
                         .managed = true};
static const Kind load_balancer = {.name = "load_balancer",
                                   .summary = "spreads",
                                   .role = ROLE_BALANCER,
                                   .spread = SPREAD_ZONES,
                                   .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_SUBNETS},
                                   .fields = no_fields,
                                   .spec_size = 1,
                                   .managed = true};
static const Kind instances = {.name = "instances",
                               .summary = "serve",
                               .role = ROLE_COMPUTE,
                               .spread = SPREAD_COUNT,
                               .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_SUBNETS},
                               .fields = instances_fields,
                               .spec_size = sizeof(FakeInstances),
                               .check = instances_check,
                               .count = instances_count};
static const Kind database = {.name = "database",
                              .summary = "keeps",
                              .role = ROLE_STORE,
                              .spread = SPREAD_ZONES,
                              .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_SUBNETS},
                              .fields = no_fields,
                              .spec_size = 1,
                              .managed = true};
static const Kind *const kinds[] = {&database, &dns, &instances, &load_balancer, &users, &waf, NULL};

static const char *const as_words[] = {"blackhole", "refuse", NULL};
typedef struct {
    int as;
} FakeOutage;
static const Field outage_fields[] = {FIELD_WORD(FakeOutage, as, as_words, "blackhole", "how it fails", NULL),
                                      FIELD_END};
static const FaultKind outage = {.name = "outage",
                                 .verb = "fail",
                                 .summary = "does nothing",
                                 .fields = outage_fields,
                                 .spec_size = sizeof(FakeOutage),
                                 .hits = FAULT_HITS_UNITS};
static const FaultKind partition = {.name = "partition",
                                    .verb = "partition",
                                    .summary = "nothing crosses",
                                    .fields = no_fields,
                                    .spec_size = 1,
                                    .hits = FAULT_HITS_LINKS};
static const FaultKind freeze = {.name = "control_loss",
                                 .verb = "freeze",
                                 .summary = "takes no orders",
                                 .fields = no_fields,
                                 .spec_size = 1,
                                 .hits = FAULT_HITS_CONTROL};
static const FaultKind *const faults[] = {&freeze, &outage, &partition, NULL};
static const ThreatKind takeover = {
    .name = "takeover", .verb = "compromise", .summary = "owns it", .fields = no_fields, .spec_size = 1};
static const ThreatKind *const threats[] = {&takeover, NULL};
static const SensorKind agent = {.name = "host_agent", .summary = "notices", .fields = no_fields, .spec_size = 1};
static const SensorKind *const sensors[] = {&agent, NULL};
static const ResponseKind isolate = {.name = "isolate", .summary = "cuts it off", .fields = no_fields, .spec_size = 1};
static const ResponseKind *const responses[] = {&isolate, NULL};
typedef struct {
    int64_t rate;
} FakeLoad;
static const Field load_fields[] = {
    FIELD_ROW(FakeLoad, rate, FIELD_TYPE_RATE, FIELD_REQUIRED, NULL, NULL, "arrivals", NULL),
    FIELD_END,
};
static const LoadKind poisson = {
    .name = "poisson", .summary = "at random", .fields = load_fields, .spec_size = sizeof(FakeLoad)};
static const LoadKind *const loads[] = {&poisson, NULL};

const Catalogue fake_catalogue = {kinds, faults, threats, sensors, responses, loads, NULL};

/* --- the sample --------------------------------------------------------------------------------------------------- */

const char sample_pattern[] =
    "pattern: sample\n"
    "provider: aws\n"
    "parameters:\n"
    "  regions: {default: [us-east-1, eu-west-1]}\n"
    "  ttl: {default: 60 s, least: 1 s, most: 1 h}\n"
    "users:\n"
    "  visitors: {from: europe}\n"
    "edge:\n"
    "  dns: {kind: dns, ttl: \"${ttl}\", targets: site.lb}\n"
    "  waf: {kind: waf}\n"
    "stacks:\n"
    "  site:\n"
    "    copies: \"${regions}\"\n"
    "    zones: 2\n"
    "    network: {cidr: auto}\n"
    "    subnets:\n"
    "      public: {per: zone, routes: [{to: internet, via: internet_gateway}]}\n"
    "      app: {per: zone}\n"
    "      data: {per: zone}\n"
    "    components:\n"
    "      lb: {kind: load_balancer, subnet: public, public: true, listens: 443, targets: web}\n"
    "      web: {kind: instances, subnet: app, listens: 8080, count: 5}\n"
    "      db: {kind: database, subnet: data, listens: 5432}\n"
    "    security_groups:\n"
    "      lb: {inbound: [{from: internet, port: 443}]}\n"
    "      web: {inbound: [{from: lb, port: 8080}]}\n"
    "      db: {inbound: [{from: web, port: 5432}]}\n"
    "flows:\n"
    "  - visit: users -> dns -> waf -> site.lb -> site.web -> site.db\n"
    "load:\n"
    "  visitors: {kind: poisson, rate: 4/s, enter: visit}\n";

const char sample_scenario[] = "scenario: a region dies\n"
                               "claim: It costs little.\n"
                               "pattern: sample\n"
                               "timeline:\n"
                               "  - {at: 20 min, fail: region us-east-1, for: 30 min}\n"
                               "run: {until: 1 h, replications: 40, seed: 42}\n"
                               "expect:\n"
                               "  - {id: back-soon, metric: failover_time, p90: \"<= 3 min\"}\n"
                               "  - {id: private, that: not reachable(internet -> site.db)}\n";

/* --- reading ------------------------------------------------------------------------------------------------------ */

static void write_file(const char *folder, const char *name, const char *text) {
    char *path = g_build_filename(folder, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_free(path);
}

static void remove_file(const char *folder, const char *name) {
    char *path = g_build_filename(folder, name, NULL);
    g_remove(path);
    g_free(path);
}

void reading_init(Reading *reading, const char *pattern, const char *scenario, const ModelRequest *request) {
    *reading = (Reading){.inputs = model_inputs_new(), .diagnostics = diagnostics_new()};
    reading->folder = g_dir_make_tmp("faultline-XXXXXX", NULL);
    g_assert_nonnull(reading->folder);
    char *patterns = g_build_filename(reading->folder, "patterns", NULL);
    g_assert_cmpint(g_mkdir(patterns, 0700), ==, 0);
    write_file(reading->folder, "patterns/sample.yaml", pattern);
    if (scenario != NULL)
        write_file(reading->folder, "scenario.yaml", scenario);
    ModelRequest whole = request != NULL ? *request : (ModelRequest){0};
    char *path = g_build_filename(reading->folder, scenario != NULL ? "scenario.yaml" : "patterns/sample.yaml", NULL);
    whole.path = path;
    whole.inputs = reading->inputs;
    whole.installed_folder = "patterns"; /* the repository's: tests run at its root */
    reading->model = model_read(&whole, &fake_catalogue, reading->diagnostics, &reading->error);
    g_free(path);
    g_free(patterns);
}

void reading_clear(Reading *reading) {
    model_free(reading->model);
    diagnostics_free(reading->diagnostics);
    model_inputs_free(reading->inputs);
    g_clear_error(&reading->error);
    remove_file(reading->folder, "patterns/sample.yaml");
    remove_file(reading->folder, "patterns");
    remove_file(reading->folder, "scenario.yaml");
    g_rmdir(reading->folder);
    g_free(reading->folder);
}

void reading_init_good(Reading *reading, const char *pattern, const char *scenario, const ModelRequest *request) {
    reading_init(reading, pattern, scenario, request);
    char *messages = messages_of(reading->diagnostics);
    g_assert_cmpstr(messages, ==, "");
    g_free(messages);
    g_assert_nonnull(reading->model);
}

char *text_with(const char *text, const char *find, const char *replacement) {
    const char *at = strstr(text, find);
    g_assert_nonnull(at);
    g_assert_null(strstr(at + 1, find));
    return g_strdup_printf("%.*s%s%s", (int)(at - text), text, replacement, at + strlen(find));
}

/* "/tmp/x/patterns/sample.yaml:3:4: error: reason" to "p:3:4 reason"; a mend is joined to its reason. */
static void line_append(GString *out, const char *line) {
    const char *mend = strstr(line, "mend: "), *error = strstr(line, ": error: "),
               *warning = strstr(line, ": warning: ");
    const char *at = error != NULL ? error : warning;
    if (g_str_has_prefix(line, "error: "))
        at = error = line - 2; /* no place in particular */
    if (mend == line + 2) {
        g_string_append_printf(out, " | %s", mend + 6);
    } else if (at != NULL && line[0] != ' ') {
        const char *pattern = strstr(line, "sample.yaml:"), *scenario = strstr(line, "scenario.yaml:");
        const char *place = pattern != NULL ? pattern + 12 : scenario != NULL ? scenario + 14 : NULL;
        g_string_append(out, out->len > 0 ? "\n" : "");
        if (place != NULL)
            g_string_append_printf(out, "%c:%.*s ", pattern != NULL ? 'p' : 's', (int)(at - place), place);
        g_string_append_printf(out, "%s%s", warning != NULL ? "warning: " : "",
                               at + (error != NULL ? strlen(": error: ") : strlen(": warning: ")));
    }
}

char *messages_of(const Diagnostics *diagnostics) {
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    diagnostics_print(diagnostics, file, 0);
    fclose(file);
    char **lines = g_strsplit(text, "\n", -1);
    GString *out = g_string_new(NULL);
    for (char **line = lines; *line != NULL; line++)
        line_append(out, *line);
    g_strfreev(lines);
    free(text);
    return g_string_free(out, FALSE);
}

static const MetricRow metrics[] = {{"failover_time", UNIT_TIME},
                                    {"lost_sessions", UNIT_NONE},
                                    {"sessions", UNIT_NONE},
                                    {"request_latency", UNIT_TIME},
                                    {NULL, UNIT_NONE}};

void mistakes_check(const Mistake *mistakes) {
    for (const Mistake *row = mistakes; row->find != NULL; row++) {
        char *pattern =
            row->where == 'p' ? text_with(sample_pattern, row->find, row->replacement) : g_strdup(sample_pattern);
        char *scenario =
            row->where == 's' ? text_with(sample_scenario, row->find, row->replacement) : g_strdup(sample_scenario);
        const char *sets[] = {row->where == '-' ? row->find : NULL, NULL};
        ModelRequest request = {.metrics = metrics, .sets = sets};
        Reading reading;
        reading_init(&reading, pattern, scenario, &request);
        char *messages = messages_of(reading.diagnostics);
        g_assert_cmpstr(messages, ==, row->messages);
        /* There is a model exactly when nothing but warnings was said. */
        g_assert_cmpint(reading.model != NULL, ==, diagnostics_errors(reading.diagnostics) == 0);
        g_free(messages);
        reading_clear(&reading);
        g_free(pattern);
        g_free(scenario);
    }
}

/* --- looking up --------------------------------------------------------------------------------------------------- */

PlaceId place_id(const Model *model, const char *path) {
    for (PlaceId i = 0; i < model->place_count; i++) {
        if (strcmp(model->places[i].path, path) == 0)
            return i;
    }
    g_error("no place %s", path);
}

ComponentId component_id(const Model *model, const char *name) {
    for (ComponentId i = 0; i < model->component_count; i++) {
        if (strcmp(model->components[i].name, name) == 0)
            return i;
    }
    g_error("no component %s", name);
}

const Component *component_named(const Model *model, const char *name) {
    return &model->components[component_id(model, name)];
}

const SecurityGroup *group_named(const Model *model, const char *name) {
    for (uint32_t i = 0; i < model->group_count; i++) {
        if (strcmp(model->groups[i].name, name) == 0)
            return &model->groups[i];
    }
    g_error("no group %s", name);
}
