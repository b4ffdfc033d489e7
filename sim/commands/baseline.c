/* baseline.c - reads and writes recorded values, and compares. */
#include "commands/baseline.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/outfile.h"
#include "base/quantity.h"
#include "read/json_in.h"

static const char FORMAT[] = "faultline-baseline/1";

Baseline *baseline_new(void) {
    Baseline *baseline = g_new0(Baseline, 1);
    baseline->entries = g_array_new(FALSE, FALSE, sizeof(BaselineEntry));
    baseline->texts = g_string_chunk_new(256);
    return baseline;
}

void baseline_free(Baseline *baseline) {
    if (!baseline)
        return;
    g_array_free(baseline->entries, TRUE);
    g_string_chunk_free(baseline->texts);
    json_in_free(baseline->document);
    g_free(baseline);
}

const BaselineEntry *baseline_find(const Baseline *baseline, const char *id) {
    for (guint i = 0; i < baseline->entries->len; i++)
        if (g_str_equal(g_array_index(baseline->entries, BaselineEntry, i).id, id))
            return &g_array_index(baseline->entries, BaselineEntry, i);
    return NULL;
}

char *baseline_path(const char *scenario_path) {
    size_t length = strlen(scenario_path);
    length -= g_str_has_suffix(scenario_path, ".yaml") ? strlen(".yaml") : 0;
    return g_strdup_printf("%.*s.baseline.json", (int)length, scenario_path);
}

/* ---- Tolerances -------------------------------------------------------------------------- */

typedef struct {
    bool relative;
    double most; /* a share, or in the unit's base */
} Tolerance;

static Unit unit_of(const char *unit) {
    if (g_str_equal(unit, "ns"))
        return UNIT_TIME;
    return g_str_equal(unit, "microdollars") ? UNIT_MONEY : UNIT_NONE;
}

static bool tolerance_read(const char *text, const char *unit, Tolerance *tolerance, char **why) {
    int64_t value;
    *why = NULL;
    if (g_str_has_suffix(text, "%")) {
        bool good = quantity_parse(text, UNIT_SHARE, &value, why);
        *tolerance = (Tolerance){true, good ? (double)value / 1e9 : 0};
        return good;
    }
    if (g_str_equal(unit, "1")) {
        *why = g_strdup_printf("\"%s\" is no share, such as 5 %%", text);
        return false;
    }
    bool good = quantity_parse(text, unit_of(unit), &value, why);
    *tolerance = (Tolerance){false, good ? (double)value : 0};
    return good;
}

bool tolerance_check(const char *tolerance, const char *unit, char **why) {
    Tolerance read;
    return tolerance_read(tolerance, unit, &read, why);
}

bool tolerance_holds(const char *tolerance, const TestValue *then, const TestValue *now) {
    Tolerance read;
    char *why;
    if (!tolerance_read(tolerance, then->unit, &read, &why)) {
        g_free(why);
        return false;
    }
    if (!isfinite(then->value) || !isfinite(now->value))
        return !isfinite(then->value) && !isfinite(now->value);
    return fabs(now->value - then->value) <= (read.relative ? read.most * fabs(then->value) : read.most);
}

char *tolerance_distance(const TestValue *then, const TestValue *now) {
    bool was = isfinite(then->value), is = isfinite(now->value);
    if (!was || !is)
        return g_strdup(was == is ? "the same" : was ? "it happened then" : "it never happened then");
    double by = now->value - then->value;
    if (fabs(by) <= 0)
        return g_strdup("the same");
    const char *word = by > 0 ? "more" : "less";
    if (fabs(then->value) <= 0)
        return g_strdup_printf("%s than 0", word);
    double share = fabs(by / then->value);
    if (share > 1e6)
        return g_strdup_printf("much %s", word);
    char *text = quantity_brief((int64_t)(share * 1e9 + 0.5), UNIT_SHARE);
    char *distance = g_strdup_printf("%s %s", text, word);
    g_free(text);
    return distance;
}

/* ---- Reading ----------------------------------------------------------------------------- */

static double number_in(const JsonIn *value, GError **error) {
    return value && json_in_is_string(value) ? (double)INFINITY : json_in_double(value, error);
}

static TestValue value_in(const JsonIn *value, GError **error) {
    TestValue read = {.exists = value != NULL, .unit = ""};
    if (!value)
        return read;
    read.value = number_in(json_in_need(value, "value", error), error);
    read.unit = json_in_string(json_in_need(value, "unit", error), error);
    return read;
}

static void entry_in(Baseline *baseline, const JsonIn *item, GError **error) {
    BaselineEntry entry = {.id = json_in_string(json_in_need(item, "id", error), error),
                           .asks = json_in_string(json_in_need(item, "asks", error), error),
                           .verdict = json_in_string(json_in_need(item, "verdict", error), error),
                           .value = value_in(json_in_get(item, "value"), error)};
    const JsonIn *tolerance = entry.value.exists ? json_in_need(item, "tolerance", error) : NULL;
    entry.tolerance = tolerance ? json_in_string(tolerance, error) : NULL;
    char *why = NULL;
    if (!*error && tolerance && !tolerance_check(entry.tolerance, entry.value.unit, &why)) {
        char *place = json_in_path(tolerance);
        g_set_error(error, JSON_IN_ERROR, JSON_IN_TYPE, "%s: %s", place, why);
        g_free(place);
    }
    g_free(why);
    g_array_append_val(baseline->entries, entry);
}

static void document_in(Baseline *baseline, const JsonIn *root, GError **error) {
    const char *format = json_in_string(json_in_need(root, "format", error), error);
    if (!*error && !g_str_equal(format, FORMAT))
        g_set_error(error, JSON_IN_ERROR, JSON_IN_TYPE, "$.format: \"%s\" is not \"%s\"", format, FORMAT);
    baseline->version = json_in_string(json_in_need(root, "version", error), error);
    baseline->model_sha256 = json_in_string(json_in_need(root, "model_sha256", error), error);
    baseline->seed = json_in_int(json_in_need(root, "seed", error), error);
    baseline->replications = json_in_int(json_in_need(root, "replications", error), error);
    const JsonIn *entries = json_in_array(json_in_need(root, "expectations", error), error);
    for (size_t i = 0; i < json_in_count(entries) && !*error; i++)
        entry_in(baseline, json_in_at(entries, i), error);
}

Baseline *baseline_read(const char *path, GError **error) {
    char *text;
    gsize length;
    GError *reason = NULL;
    if (!g_file_get_contents(path, &text, &length, &reason)) {
        if (g_error_matches(reason, G_FILE_ERROR, G_FILE_ERROR_NOENT))
            g_error_free(reason);
        else
            g_propagate_error(error, reason);
        return NULL;
    }
    Baseline *baseline = baseline_new();
    baseline->document = json_in_read(text, length, &reason);
    if (baseline->document)
        document_in(baseline, json_in_root(baseline->document), &reason);
    g_free(text);
    if (!reason)
        return baseline;
    baseline_free(baseline);
    g_propagate_prefixed_error(error, reason, "%s: ", path);
    return NULL;
}

/* ---- Writing ----------------------------------------------------------------------------- */

static void put_number(JsonWriter *json, const char *key, double value) {
    if (isfinite(value))
        json_double(json, key, value);
    else
        json_string(json, key, "never");
}

static void put_entry(JsonWriter *json, const BaselineEntry *entry) {
    json_begin_object(json, NULL);
    json_string(json, "id", entry->id);
    json_string(json, "asks", entry->asks);
    json_string(json, "verdict", entry->verdict);
    if (entry->value.exists) {
        json_begin_object_inline(json, "value");
        put_number(json, "value", entry->value.value);
        json_string(json, "unit", entry->value.unit);
        json_end(json);
        json_string(json, "tolerance", entry->tolerance);
    }
    json_end(json);
}

gboolean baseline_write(const Baseline *baseline, const char *path, GError **error) {
    JsonWriter *json = json_new();
    size_t length;
    json_begin_object(json, NULL);
    json_string(json, "format", FORMAT);
    json_string(json, "version", baseline->version);
    json_int(json, "seed", baseline->seed);
    json_int(json, "replications", baseline->replications);
    json_string(json, "model_sha256", baseline->model_sha256);
    json_begin_array(json, "expectations");
    for (guint i = 0; i < baseline->entries->len; i++)
        put_entry(json, &g_array_index(baseline->entries, BaselineEntry, i));
    json_end(json);
    json_end(json);
    char *text = json_finish(json, &length);
    gboolean written = outfile_write(path, text, length, error);
    g_free(text);
    return written;
}
