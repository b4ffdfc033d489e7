/* record_json.c - a Record as its canonical document.
 *
 * Tables that belong to others are written inside their owners: a cursor walks each of them once, in step with the
 * owners. That works because rows are added in the order of their owners, and it proves that they were. */
#include "base/json.h"
#include "record/record_put.h"

void record_put_manifest(JsonWriter *json, const Record *record) {
    const RecordManifest *m = &record->manifest;
    json_begin_object(json, "manifest");
    json_string(json, "version", m->version);
    json_int(json, "seed", m->seed);
    json_int(json, "replications", m->replications);
    json_string(json, "inputs_sha256", m->inputs_sha256);
    json_string(json, "model_sha256", m->model_sha256);
    json_string(json, "event_digest", m->event_digest);
    json_end(json);
}

static void put_head(JsonWriter *json, const Record *record) {
    json_string(json, "format", RECORD_FORMAT);
    record_put_manifest(json, record);
    json_begin_object(json, "title");
    json_string(json, "pattern", record->title.pattern);
    json_string(json, "scenario", record->title.scenario);
    json_string(json, "about", record->title.about);
    json_string(json, "claim", record->title.claim);
    json_string(json, "provider", record->title.provider);
    json_end(json);
    json_begin_object(json, "run");
    json_int(json, "until_ns", record->run.until_ns);
    json_int(json, "warm_up_ns", record->run.warm_up_ns);
    json_int(json, "shown_replication", record->run.shown_replication);
    json_end(json);
}

static void put_assumed(JsonWriter *json, const Record *record) {
    json_begin_array(json, "assumed");
    EACH(a, RecordAssumed, record->assumed) {
        json_begin_object_inline(json, NULL);
        json_string(json, "owner", a->owner);
        json_string(json, "key", a->key);
        json_string(json, "value", a->value);
        json_string(json, "source", a->source);
        json_end(json);
    }
    json_end(json);
}

void record_put_inputs(JsonWriter *json, const Record *record) {
    json_begin_array(json, "changes");
    EACH(c, RecordChange, record->changes) {
        json_begin_object_inline(json, NULL);
        json_string(json, "option", c->option);
        json_string(json, "text", c->text);
        json_end(json);
    }
    json_end(json);
    json_begin_array(json, "inputs");
    EACH(i, RecordInput, record->inputs) {
        json_begin_object(json, NULL);
        json_string(json, "name", i->name);
        json_string(json, "text", i->text);
        json_end(json);
    }
    json_end(json);
}

char *record_to_json(const Record *record, size_t *length) {
    JsonWriter *json = json_new();
    json_begin_object(json, NULL);
    put_head(json, record);
    record_put_model(json, record);
    record_put_moments(json, record);
    record_put_found(json, record);
    put_assumed(json, record); /* the long and dull parts come last */
    record_put_inputs(json, record);
    json_end(json);
    return json_finish(json, length);
}
