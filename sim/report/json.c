/* json.c - the numbers of a report for programs: what the record says without the model and its pictures. */
#include <glib.h>
#include <math.h>

#include "base/json.h"
#include "report/report.h"

static void put_number(JsonWriter *json, const char *key, double value) {
    if (isnan(value) || value >= (double)RECORD_NEVER)
        json_null(json, key);
    else
        json_double(json, key, value);
}

static void put_title(JsonWriter *json, const Record *record) {
    json_begin_object(json, "title");
    json_string(json, "pattern", record->title.pattern);
    json_string(json, "scenario", record->title.scenario);
    json_string(json, "claim", record->title.claim);
    json_string(json, "provider", record->title.provider);
    json_end(json);
}

static void put_expectations(JsonWriter *json, const Record *record) {
    json_begin_array(json, "expectations");
    for (guint i = 0; i < record->expectations->len; i++) {
        const RecordExpectation *e = &g_array_index(record->expectations, RecordExpectation, i);
        json_begin_object(json, NULL);
        json_string(json, "id", e->id);
        json_string(json, "text", e->text);
        json_string(json, "because", e->because);
        json_string(json, "verdict", e->verdict);
        json_string(json, "measured", e->measured);
        json_string(json, "bound", e->bound);
        json_string(json, "counterexample", e->counterexample);
        json_string(json, "but", e->but_text);
        json_string(json, "but_verdict", e->but_verdict);
        json_string(json, "excused", e->excused);
        json_end(json);
    }
    json_end(json);
}

static void put_faults(JsonWriter *json, const Record *record) {
    json_begin_array(json, "faults");
    for (guint i = 0; i < record->faults->len; i++) {
        const RecordFault *fault = &g_array_index(record->faults, RecordFault, i);
        json_begin_object_inline(json, NULL);
        json_string(json, "text", fault->text);
        json_int(json, "from_ns", fault->from_ns);
        if (fault->to_ns == RECORD_NEVER)
            json_null(json, "to_ns");
        else
            json_int(json, "to_ns", fault->to_ns);
        json_end(json);
    }
    json_end(json);
}

static void put_cost(JsonWriter *json, const Record *record) {
    json_begin_array(json, "cost_per_hour");
    for (guint i = 0; i < record->cost->len; i++) {
        const RecordCost *row = &g_array_index(record->cost, RecordCost, i);
        json_begin_object_inline(json, NULL);
        json_string(json, "item", row->item);
        put_number(json, "amount", row->amount);
        json_string(json, "unit", row->unit);
        json_int(json, "price_microdollars", row->price_microdollars);
        json_int(json, "per_h_microdollars", row->per_h_microdollars);
        json_string(json, "source", row->source);
        json_end(json);
    }
    json_end(json);
}

static char *write_json(const ReportInput *input) {
    const Record *record = input->record;
    JsonWriter *json = json_document("faultline-report/1");
    record_put_manifest(json, record);
    put_title(json, record);
    put_expectations(json, record);
    put_faults(json, record);
    record_put_measures(json, record);
    record_put_phases(json, record);
    record_put_ledger(json, record);
    record_put_reach(json, record);
    put_cost(json, record);
    record_put_inputs(json, record);
    json_end(json);
    return json_finish(json, NULL);
}

const ReportFormat format_json = {
    .name = "json",
    .summary = "everything that was found, for programs",
    .suffix = "json",
    .write = write_json,
};
