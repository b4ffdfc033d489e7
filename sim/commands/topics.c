/* topics.c - everything that can be explained. */
#include "commands/topics.h"

#include <string.h>

#include "measure/measure.h"
#include "model/model.h"

static const Field *language_fields(const char *name) {
    for (const LanguageMap *map = language_maps; map->name != NULL; map++) {
        if (strcmp(map->name, name) == 0)
            return map->fields;
    }
    return NULL;
}

/* What policies may speak of. NULL: nothing. */
static char *actions_usage(const Kind *kind) {
    GString *text = g_string_new(NULL);
    for (const KindAction *action = kind->actions; action != NULL && action->name != NULL; action++)
        g_string_append_printf(text, "%s%s:%s", action == kind->actions ? "{allow: [" : ", ", kind->name, action->name);
    if (text->len > 0)
        g_string_append(text, "]}");
    bool any = text->len > 0;
    return g_string_free(text, !any);
}

static void kinds_collect(const Catalogue *catalogue, GArray *topics) {
    for (const Kind *const *kind = catalogue->kinds; *kind != NULL; kind++) {
        bool users = (*kind)->role == ROLE_POPULATION, joins = (*kind)->passage.attachment == ATTACH_JOIN;
        Topic topic = {.name = (*kind)->name,
                       .what = "component kind",
                       .plural = "COMPONENT KINDS",
                       .list = "kinds",
                       .summary = (*kind)->summary,
                       .usage = actions_usage(*kind),
                       .fields = (*kind)->fields,
                       .common = language_fields(users   ? "population"
                                                 : joins ? "connection"
                                                         : "component"),
                       .common_head = users   ? "KEYS OF EVERY POPULATION"
                                      : joins ? "KEYS OF EVERY CONNECTION"
                                              : "KEYS OF EVERY COMPONENT"};
        g_array_append_val(topics, topic);
    }
}

static char *fault_usage(const FaultKind *fault) {
    GString *text = g_string_new(NULL);
    const char *target = fault->hits & FAULT_HITS_UNITS   ? "region us-east-1"
                         : fault->hits & FAULT_HITS_LINKS ? "link us-east-1 -> eu-west-1"
                                                          : "control_plane us-east-1";
    g_string_append_printf(text, "{at: 20 min, %s: %s, for: 30 min}. Hits", fault->verb, target);
    if (fault->hits & FAULT_HITS_UNITS)
        g_string_append(text, " regions, zones, components, single units;");
    if (fault->hits & FAULT_HITS_LINKS)
        g_string_append(text, " links;");
    if (fault->hits & FAULT_HITS_CONTROL)
        g_string_append(text, " control planes;");
    text->str[text->len - 1] = '.';
    return g_string_free(text, FALSE);
}

static void faults_collect(const Catalogue *catalogue, GArray *topics) {
    for (const FaultKind *const *fault = catalogue->faults; *fault != NULL; fault++) {
        Topic topic = {.name = (*fault)->name,
                       .verb = (*fault)->verb,
                       .what = "fault",
                       .plural = "FAULTS",
                       .list = "faults",
                       .summary = (*fault)->summary,
                       .usage = fault_usage(*fault),
                       .fields = (*fault)->fields,
                       .common = language_fields("event"),
                       .common_head = "KEYS OF EVERY TIMELINE ENTRY"};
        g_array_append_val(topics, topic);
    }
    for (const ThreatKind *const *threat = catalogue->threats; *threat != NULL; threat++) {
        Topic topic = {.name = (*threat)->name,
                       .verb = (*threat)->verb,
                       .what = "attacker's step",
                       .plural = "ATTACKER'S STEPS",
                       .list = "threats",
                       .summary = (*threat)->summary,
                       .usage = g_strdup_printf("{at: 10 min, %s: \"site[us-east-1].web\"}", (*threat)->verb),
                       .fields = (*threat)->fields,
                       .common = language_fields("event"),
                       .common_head = "KEYS OF EVERY TIMELINE ENTRY"};
        g_array_append_val(topics, topic);
    }
}

static void orders_collect(const Catalogue *catalogue, GArray *topics) {
    for (const OrderKind *const *order = catalogue->orders; order != NULL && *order != NULL; order++) {
        Topic topic = {.name = (*order)->name,
                       .verb = (*order)->verb,
                       .what = "order",
                       .plural = "ORDERS",
                       .list = "orders",
                       .summary = (*order)->summary,
                       .usage = g_strdup((*order)->usage),
                       .fields = (*order)->fields,
                       .common = language_fields("event"),
                       .common_head = "KEYS OF EVERY TIMELINE ENTRY"};
        g_array_append_val(topics, topic);
    }
}

static void others_collect(const Catalogue *catalogue, GArray *topics) {
    for (const SensorKind *const *sensor = catalogue->sensors; *sensor != NULL; sensor++) {
        Topic topic = {.name = (*sensor)->name,
                       .what = "sensor",
                       .plural = "SENSORS",
                       .list = "sensors",
                       .summary = (*sensor)->summary,
                       .fields = (*sensor)->fields,
                       .common = language_fields("sensor"),
                       .common_head = "KEYS OF EVERY SENSOR"};
        g_array_append_val(topics, topic);
    }
    for (const ResponseKind *const *response = catalogue->responses; *response != NULL; response++) {
        Topic topic = {.name = (*response)->name,
                       .what = "response",
                       .plural = "RESPONSES",
                       .list = "responses",
                       .summary = (*response)->summary,
                       .fields = (*response)->fields,
                       .common = language_fields("response"),
                       .common_head = "KEYS OF EVERY RESPONSE"};
        g_array_append_val(topics, topic);
    }
    for (const LoadKind *const *load = catalogue->loads; *load != NULL; load++) {
        Topic topic = {.name = (*load)->name,
                       .what = "load",
                       .plural = "LOADS",
                       .list = "loads",
                       .summary = (*load)->summary,
                       .fields = (*load)->fields,
                       .common = language_fields("load"),
                       .common_head = "KEYS OF EVERY LOAD"};
        g_array_append_val(topics, topic);
    }
}

GArray *topics_collect(const Catalogue *catalogue) {
    GArray *topics = g_array_new(FALSE, FALSE, sizeof(Topic));
    kinds_collect(catalogue, topics);
    faults_collect(catalogue, topics);
    orders_collect(catalogue, topics);
    others_collect(catalogue, topics);
    for (const LanguageMap *map = language_maps; map->name != NULL; map++) {
        Topic topic = {.name = map->name,
                       .what = "map of the language",
                       .plural = "MAPS OF THE LANGUAGE",
                       .list = "maps",
                       .summary = map->about,
                       .fields = map->fields};
        g_array_append_val(topics, topic);
    }
    return topics;
}

void topics_free(GArray *topics) {
    for (guint i = 0; i < topics->len; i++)
        g_free(g_array_index(topics, Topic, i).usage);
    g_array_free(topics, TRUE);
}

/* --- Markdown ----------------------------------------------------------------------------------------------------- */

/* A cell may not hold what ends it. */
static void cell(GString *out, const char *text) {
    g_string_append(out, "| ");
    for (; text != NULL && *text != '\0'; text++) {
        if (*text == '|')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *text);
    }
    g_string_append_c(out, ' ');
}

static void row_markdown(const Field *row, const char *name, void *user) {
    GString *out = user, *help = g_string_new(row->help), *otherwise = g_string_new(NULL);
    if (row->type == FIELD_TYPE_WORD) {
        char *words = g_strjoinv("`, `", (char **)(void *)row->words);
        g_string_append_printf(help, "; one of `%s`", words);
        g_free(words);
    }
    if (row->otherwise == FIELD_REQUIRED)
        g_string_append(otherwise, "*required*");
    else if (row->otherwise != NULL)
        g_string_append_printf(otherwise, "%s", row->otherwise);
    char *key = g_strdup_printf("`%s`", name), *bounds = NULL;
    if (row->least != NULL && row->most != NULL)
        bounds = g_strdup_printf("%s to %s", row->least, row->most);
    cell(out, key);
    cell(out, row->type == FIELD_TYPE_NODE ? "" : field_type_name(row));
    cell(out, otherwise->str);
    cell(out, bounds);
    cell(out, help->str);
    cell(out, row->otherwise == NULL || row->otherwise == FIELD_REQUIRED ? NULL
              : row->source != NULL                                      ? row->source
                                                                         : "assumption");
    g_string_append(out, "|\n");
    g_free(bounds);
    g_free(key);
    g_string_free(help, TRUE);
    g_string_free(otherwise, TRUE);
}

static void table_markdown(GString *out, const Field *fields) {
    if (fields == NULL || fields[0].name == NULL) {
        g_string_append(out, "No keys of its own.\n\n");
        return;
    }
    g_string_append(
        out, "| key | type | otherwise | bounds | meaning | source of the default |\n|---|---|---|---|---|---|\n");
    fields_each(fields, row_markdown, out);
    g_string_append_c(out, '\n');
}

static void measures_markdown(GString *out) {
    g_string_append(out, "## Measures\n\n");
    for (uint32_t i = 0; i < measure_count(); i++) {
        const MeasureInfo *info = measure_info(i);
        g_string_append_printf(out, "### %s\n\n%s\n\nOf: %s. Window: %s.\n\n", info->name, measure_help(info),
                               info->denominator, info->window);
        for (const MeasurePart *part = measure_parts(info); part->name != NULL; part++)
            g_string_append_printf(out, "* `%s.%s`: %s\n", info->name, part->name,
                                   part->label != NULL ? part->label : part->name);
        if (measure_parts(info)->name != NULL)
            g_string_append_c(out, '\n');
    }
}

void topics_markdown(GString *out, const GArray *topics) {
    const char *what = "";
    g_string_append(
        out,
        "# Reference\n\nMade by `faultline explain --markdown` from the tables that the program itself reads with; do "
        "not edit.\nDefaults may be replaced by the provider's, see `patterns/defaults/`.\n\n");
    for (guint i = 0; i < topics->len; i++) {
        const Topic *topic = &g_array_index(topics, Topic, i);
        if (strcmp(what, topic->what) != 0)
            g_string_append_printf(out, "## %c%s%s\n\n", topic->plural[0], topic->what + 1, "s");
        what = topic->what;
        g_string_append_printf(out, "### %s\n\n%s\n\n", topic->name, topic->summary);
        if (topic->usage != NULL)
            g_string_append_printf(out, "`%s`\n\n", topic->usage);
        table_markdown(out, topic->fields);
    }
    measures_markdown(out);
}
