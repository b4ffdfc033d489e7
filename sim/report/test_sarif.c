/* test_sarif.c - SARIF 2.1.0 (OASIS), for code scanning: an expectation is a rule, a miss a result at its line.
 *
 * What passes has no result: scanners show every result as an alert. A waiver in the file is an accepted suppression.
 * The fingerprint is made of the id alone, so an alert stays the same one while lines move. */
#include <string.h>

#include "base/digest.h"
#include "base/json.h"
#include "report/test_report.h"
#include "report/test_words.h"

static const char INPUT_RULE[] = "faultline/input";

/* A relative reference keeps to the repository, from whose root the program was started; RFC 3986. */
static char *uri_of(const char *path) {
    while (g_str_has_prefix(path, "./"))
        path += 2;
    char *escaped = g_uri_escape_string(path, "/", FALSE);
    char *uri = *path == '/' ? g_strconcat("file://", escaped, NULL) : g_strdup(escaped);
    g_free(escaped);
    return uri;
}

static void put_message(JsonWriter *json, const char *key, const char *text) {
    json_begin_object_inline(json, key);
    json_string(json, "text", text);
    json_end(json);
}

/* ---- Rules ------------------------------------------------------------------------------- */

static void put_rule(JsonWriter *json, const char *id, const char *text, const char *help, TestSeverity severity) {
    json_begin_object(json, NULL);
    json_string(json, "id", id);
    put_message(json, "shortDescription", text);
    put_message(json, "fullDescription", text);
    put_message(json, "help", help);
    json_begin_object_inline(json, "defaultConfiguration");
    json_string(json, "level", test_severity_name(severity));
    json_end(json);
    json_end(json);
}

static void put_case_rule(JsonWriter *json, const TestFile *file, const TestCase *row) {
    char *claim = test_claim(row);
    char *help = g_strdup_printf("%s%sSee it with: faultline test %s", row->because ? row->because : "",
                                 row->because ? "\n" : "", file->path);
    put_rule(json, row->id, claim, help, row->severity);
    g_free(claim);
    g_free(help);
}

static void put_rules(JsonWriter *json, const TestReport *report) {
    bool inputs = false;
    json_begin_array(json, "rules");
    for (uint32_t f = 0; f < report->files->len; f++) {
        const TestFile *file = test_file_at(report, f);
        for (uint32_t i = 0; i < file->count; i++) {
            const TestCase *row = test_case_at(report, file->first + i);
            inputs = inputs || row->kind == TEST_INPUT;
            if (row->kind != TEST_INPUT)
                put_case_rule(json, file, row);
        }
    }
    if (inputs)
        put_rule(json, INPUT_RULE, "The file can be read, and all that it expects can be tried.",
                 "See it with: faultline check FILE", TEST_ERROR);
    json_end(json);
}

/* Rules stand in the order of their cases, without those of input, which share one at the end. */
static int64_t rule_index(const TestReport *report, uint32_t of) {
    int64_t index = 0;
    bool input = test_case_at(report, of)->kind == TEST_INPUT;
    for (uint32_t i = 0; i < (input ? report->cases->len : of); i++)
        index += test_case_at(report, i)->kind != TEST_INPUT;
    return index;
}

/* ---- Results ----------------------------------------------------------------------------- */

static void put_physical(JsonWriter *json, const char *path, const TestPlace *place) {
    char *uri = uri_of(path);
    json_begin_object(json, "physicalLocation");
    json_begin_object_inline(json, "artifactLocation");
    json_string(json, "uri", uri);
    json_end(json);
    if (place->file && place->line) {
        json_begin_object_inline(json, "region");
        json_int(json, "startLine", place->line);
        json_int(json, "startColumn", MAX(place->column, 1));
        json_end(json);
    }
    json_end(json);
    g_free(uri);
}

static void put_location(JsonWriter *json, const TestFile *file, const TestPlace *place) {
    json_begin_array(json, "locations");
    json_begin_object(json, NULL);
    put_physical(json, place->file ? place->file : file->path, place);
    json_end(json);
    json_end(json);
}

/* The entries and rules on the way to the miss. */
static void put_related(JsonWriter *json, const TestExample *example) {
    bool any = false;
    for (uint32_t i = 0; i < example->step_count; i++)
        any = any || example->steps[i].place.file;
    if (!any)
        return;
    json_begin_array(json, "relatedLocations");
    for (uint32_t i = 0; i < example->step_count; i++) {
        const TestStep *step = &example->steps[i];
        if (!step->place.file)
            continue;
        json_begin_object(json, NULL);
        json_int(json, "id", i);
        put_physical(json, step->place.file, &step->place);
        put_message(json, "message", step->what);
        json_end(json);
    }
    json_end(json);
}

static void put_suppression(JsonWriter *json, const TestCase *row) {
    if (row->outcome != TEST_WAIVED)
        return;
    char *waived = test_waived(row);
    json_begin_array(json, "suppressions");
    json_begin_object_inline(json, NULL);
    json_string(json, "kind", "inSource");
    json_string(json, "status", "accepted");
    json_string(json, "justification", waived);
    json_end(json);
    json_end(json);
    g_free(waived);
}

/* Of two mistakes in one file each is its own. */
static void put_fingerprint(JsonWriter *json, const TestCase *row) {
    char *of = g_strconcat(row->id, "\n", row->kind == TEST_INPUT ? row->text : "", NULL);
    char *digest = digest_sha256(of, strlen(of));
    json_begin_object_inline(json, "partialFingerprints");
    json_string(json, "faultlineCase/v1", digest);
    json_end(json);
    g_free(digest);
    g_free(of);
}

static void put_result(JsonWriter *json, const TestReport *report, const TestFile *file, uint32_t c) {
    const TestCase *row = test_case_at(report, c);
    if (row->outcome == TEST_PASSED || row->outcome == TEST_SKIPPED)
        return;
    char *claim = test_claim(row), *found = test_found(row), *details = test_details(row);
    char *text = g_strdup_printf("%s: %s%s%s", claim, found, *details ? "\n" : "", details);
    json_begin_object(json, NULL);
    json_string(json, "ruleId", row->kind == TEST_INPUT ? INPUT_RULE : row->id);
    json_int(json, "ruleIndex", rule_index(report, c));
    json_string(json, "level", test_severity_name(row->severity));
    put_message(json, "message", text);
    put_location(json, file, &row->place);
    put_related(json, &row->example);
    put_fingerprint(json, row);
    put_suppression(json, row);
    json_end(json);
    g_free(text);
    g_free(details);
    g_free(found);
    g_free(claim);
}

static char *sarif_whole(const TestReport *report, const TestLook *look) {
    (void)look;
    JsonWriter *json = json_new();
    json_begin_object(json, NULL);
    json_string(json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json_string(json, "version", "2.1.0");
    json_begin_array(json, "runs");
    json_begin_object(json, NULL);
    json_begin_object(json, "tool");
    json_begin_object(json, "driver");
    json_string(json, "name", "faultline");
    json_string(json, "version", report->version);
    put_rules(json, report);
    json_end(json);
    json_end(json);
    json_begin_array(json, "invocations");
    json_begin_object_inline(json, NULL);
    json_bool(json, "executionSuccessful", !report->interrupted && report->outcomes[TEST_BROKEN] == 0);
    json_end(json);
    json_end(json);
    json_string(json, "columnKind", "unicodeCodePoints");
    json_begin_array(json, "results");
    for (uint32_t f = 0; f < report->files->len; f++) {
        const TestFile *file = test_file_at(report, f);
        for (uint32_t i = 0; i < file->count; i++)
            put_result(json, report, file, file->first + i);
    }
    json_end(json);
    json_end(json);
    json_end(json);
    json_end(json);
    return json_finish(json, NULL);
}

const TestFormat test_format_sarif = {
    .name = "sarif",
    .summary = "SARIF 2.1.0, for code scanning",
    .suffix = "sarif",
    .end = sarif_whole,
};
