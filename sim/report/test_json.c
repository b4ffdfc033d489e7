/* test_json.c - what a test found, for programs: every row with every field (docs/schema/test.schema.json). */
#include <math.h>

#include "base/json.h"
#include "report/test_report.h"
#include "report/test_words.h"

/* "never" for what never happened: it is not a number, and not nothing. */
static void put_number(JsonWriter *json, const char *key, double value) {
    if (isnan(value))
        json_null(json, key);
    else if (!isfinite(value))
        json_string(json, key, "never");
    else
        json_double(json, key, value);
}

static void put_value(JsonWriter *json, const char *key, const TestValue *value) {
    if (!value->exists) {
        json_null(json, key);
        return;
    }
    json_begin_object_inline(json, key);
    put_number(json, "value", value->value);
    if (value->interval) {
        put_number(json, "low", value->low);
        put_number(json, "high", value->high);
    } else {
        json_null(json, "low");
        json_null(json, "high");
    }
    json_string(json, "unit", value->unit);
    json_end(json);
}

static void put_count(JsonWriter *json, const char *key, int64_t count) {
    if (count == TEST_NEVER)
        json_null(json, key);
    else
        json_int(json, key, count);
}

static void put_place(JsonWriter *json, const TestPlace *place) {
    if (!place->file) {
        json_null(json, "place");
        return;
    }
    json_begin_object_inline(json, "place");
    json_string(json, "file", place->file);
    json_int(json, "line", place->line);
    json_int(json, "column", place->column);
    json_end(json);
}

static void put_example(JsonWriter *json, const TestExample *example) {
    if (!example->text) {
        json_null(json, "counterexample");
        return;
    }
    json_begin_object(json, "counterexample");
    json_string(json, "text", example->text);
    put_count(json, "replication", example->replication);
    put_count(json, "at_ns", example->at_ns);
    json_begin_array(json, "chain");
    for (uint32_t i = 0; i < example->step_count; i++) {
        json_begin_object_inline(json, NULL);
        json_int(json, "at_ns", example->steps[i].at_ns);
        json_string(json, "kind", example->steps[i].kind);
        json_string(json, "what", example->steps[i].what);
        put_place(json, &example->steps[i].place);
        json_end(json);
    }
    json_end(json);
    json_end(json);
}

static void put_waiver(JsonWriter *json, const TestWaiver *waiver) {
    if (!waiver->until) {
        json_null(json, "waiver");
        return;
    }
    json_begin_object_inline(json, "waiver");
    json_string(json, "until", waiver->until);
    json_string(json, "owner", waiver->owner);
    json_string(json, "because", waiver->because);
    json_bool(json, "over", waiver->over);
    json_end(json);
}

static void put_drift(JsonWriter *json, const TestDrift *drift) {
    if (!drift->exists) {
        json_null(json, "drift");
        return;
    }
    json_begin_object(json, "drift");
    json_string(json, "then", drift->then);
    json_string(json, "now", drift->now);
    json_string(json, "tolerance", drift->tolerance);
    put_value(json, "then_value", &drift->then_value);
    json_end(json);
}

static void put_case(JsonWriter *json, const TestCase *row) {
    json_begin_object(json, NULL);
    json_string(json, "id", row->id);
    json_string(json, "kind", test_kind_name(row->kind));
    json_string(json, "outcome", test_outcome_name(row->outcome));
    json_string(json, "severity", test_severity_name(row->severity));
    json_string(json, "text", row->text);
    json_string(json, "verdict", row->verdict);
    json_string(json, "bound", row->bound);
    json_string(json, "measured", row->measured);
    put_value(json, "value", &row->value);
    json_string(json, "why", row->why);
    json_string(json, "because", row->because);
    put_example(json, &row->example);
    put_waiver(json, &row->waiver);
    put_drift(json, &row->drift);
    put_place(json, &row->place);
    json_end(json);
}

static void put_file(JsonWriter *json, const TestReport *report, const TestFile *file) {
    json_begin_object(json, NULL);
    json_string(json, "name", file->name);
    json_string(json, "path", file->path);
    json_string(json, "pattern", file->pattern);
    json_string(json, "scenario", file->scenario);
    json_string(json, "claim", file->claim);
    put_count(json, "seed", file->seed);
    put_count(json, "replications", file->replications);
    json_string(json, "model_sha256", file->model_sha256);
    json_begin_array(json, "cases");
    for (uint32_t i = 0; i < file->count; i++)
        put_case(json, test_case_at(report, file->first + i));
    json_end(json);
    json_end(json);
}

static char *json_whole(const TestReport *report, const TestLook *look) {
    (void)look;
    JsonWriter *json = json_document("faultline-test/1");
    json_string(json, "version", report->version);
    json_string(json, "today", report->today);
    json_bool(json, "good", test_report_good(report) && !report->interrupted);
    json_bool(json, "interrupted", report->interrupted);
    json_begin_object_inline(json, "outcomes");
    for (int o = 0; o < TEST_OUTCOMES; o++)
        json_int(json, test_outcome_name((TestOutcome)o), report->outcomes[o]);
    json_end(json);
    json_begin_array(json, "files");
    for (uint32_t f = 0; f < report->files->len; f++)
        put_file(json, report, test_file_at(report, f));
    json_end(json);
    json_end(json);
    return json_finish(json, NULL);
}

const TestFormat test_format_json = {
    .name = "json",
    .summary = "every row with every field, for programs",
    .suffix = "json",
    .end = json_whole,
};
