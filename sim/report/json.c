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

static void put_manifest(JsonWriter *json, const Record *record) {
    const RecordManifest *m = &record->manifest;
    json_begin_object(json, "manifest");
    json_string(json, "version", m->version);
    json_int(json, "seed", m->seed);
    json_int(json, "replications", m->replications);
    json_string(json, "inputs_sha256", m->inputs_sha256);
    json_string(json, "model_sha256", m->model_sha256);
    json_string(json, "event_digest", m->event_digest);
    json_end(json);
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

static void put_measures(JsonWriter *json, const Record *record) {
    json_begin_array(json, "measures");
    for (guint i = 0; i < record->measures->len; i++) {
        const RecordMeasure *m = &g_array_index(record->measures, RecordMeasure, i);
        json_begin_object_inline(json, NULL);
        json_string(json, "name", m->name);
        json_string(json, "of", m->of);
        json_string(json, "unit", m->unit);
        json_string(json, "denominator", m->denominator);
        json_string(json, "window", m->window);
        json_int(json, "count", m->count);
        json_int(json, "never", m->never);
        put_number(json, "mean", m->mean);
        put_number(json, "low", m->low);
        put_number(json, "high", m->high);
        put_number(json, "min", m->min);
        put_number(json, "p50", m->p50);
        put_number(json, "p90", m->p90);
        put_number(json, "p99", m->p99);
        put_number(json, "max", m->max);
        json_end(json);
    }
    json_end(json);
}

static void put_phases(JsonWriter *json, const Record *record) {
    json_begin_array(json, "phases");
    for (guint i = 0; i < record->phases->len; i++) {
        const RecordPhase *phase = &g_array_index(record->phases, RecordPhase, i);
        json_begin_object_inline(json, NULL);
        json_int(json, "fault", phase->fault);
        json_string(json, "phase", phase->phase);
        json_int(json, "mean_ns", phase->mean_ns);
        json_bool(json, "binds", phase->binds);
        json_end(json);
    }
    json_end(json);
}

static void put_broken(JsonWriter *json, const Record *record, guint ledger) {
    json_begin_array(json, "broken");
    for (guint i = 0; i < record->broken->len; i++) {
        const RecordBroken *broken = &g_array_index(record->broken, RecordBroken, i);
        if (broken->ledger != ledger)
            continue;
        json_begin_object_inline(json, NULL);
        json_string(json, "cause", broken->cause);
        json_int(json, "sessions", broken->sessions);
        json_end(json);
    }
    json_end(json);
}

static void put_ledger(JsonWriter *json, const Record *record) {
    json_begin_array(json, "ledger");
    for (guint i = 0; i < record->ledger->len; i++) {
        const RecordLedger *l = &g_array_index(record->ledger, RecordLedger, i);
        json_begin_object(json, NULL);
        json_string(json, "population", l->population);
        json_int(json, "arrived", l->arrived);
        json_int(json, "completed", l->completed);
        put_broken(json, record, i);
        json_int(json, "active", l->active);
        json_int(json, "reestablished", l->reestablished);
        json_end(json);
    }
    json_end(json);
}

static void put_reach(JsonWriter *json, const Record *record) {
    json_begin_array(json, "reachability");
    for (guint i = 0; i < record->reach->len; i++) {
        const RecordReach *r = &g_array_index(record->reach, RecordReach, i);
        json_begin_object_inline(json, NULL);
        json_string(json, "from", r->from);
        json_string(json, "to", r->to);
        json_string(json, "port", r->port);
        json_bool(json, "intended", r->intended);
        json_bool(json, "excess", r->excess);
        json_bool(json, "broken", r->broken);
        json_string(json, "before", r->before);
        json_string(json, "during", r->during);
        json_string(json, "after", r->after);
        json_string(json, "rule", r->rule);
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

/* What `faultline verify` runs it again from; the long part comes last. */
static void put_inputs(JsonWriter *json, const Record *record) {
    json_begin_array(json, "changes");
    for (guint i = 0; i < record->changes->len; i++) {
        const RecordChange *change = &g_array_index(record->changes, RecordChange, i);
        json_begin_object_inline(json, NULL);
        json_string(json, "option", change->option);
        json_string(json, "text", change->text);
        json_end(json);
    }
    json_end(json);
    json_begin_array(json, "inputs");
    for (guint i = 0; i < record->inputs->len; i++) {
        const RecordInput *row = &g_array_index(record->inputs, RecordInput, i);
        json_begin_object(json, NULL);
        json_string(json, "name", row->name);
        json_string(json, "text", row->text);
        json_end(json);
    }
    json_end(json);
}

static char *write_json(const ReportInput *input) {
    const Record *record = input->record;
    JsonWriter *json = json_document("faultline-report/1");
    put_manifest(json, record);
    put_expectations(json, record);
    put_faults(json, record);
    put_measures(json, record);
    put_phases(json, record);
    put_ledger(json, record);
    put_reach(json, record);
    put_cost(json, record);
    put_inputs(json, record);
    json_end(json);
    return json_finish(json, NULL);
}

const ReportFormat format_json = {
    .name = "json",
    .summary = "everything that was found, for programs",
    .suffix = "json",
    .write = write_json,
};
