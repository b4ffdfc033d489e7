/* record_found.c - what was found, as the document says it: verdicts, timeline, series, measures, ledger, expectations.
 */
#include "base/bug.h"
#include "record/record_put.h"

void record_put_reach(JsonWriter *json, const Record *record) {
    json_begin_array(json, "reachability");
    EACH(r, RecordReach, record->reach) {
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

static void put_holds(JsonWriter *json, const Record *record) {
    RecordCursor steps = {record->hold_steps, 0};
    json_begin_array(json, "attack");
    uint32_t id = 0;
    EACH(h, RecordHold, record->holds) {
        json_begin_object_inline(json, NULL);
        record_put_id(json, "moment", h->moment, record->moments);
        record_put_id(json, "component", h->component, record->components);
        json_string(json, "hold", h->hold);
        json_bool(json, "crown_jewel", h->crown_jewel);
        json_string(json, "actions", h->actions);
        json_string(json, "closes", h->closes);
        json_string(json, "opens", h->opens);
        json_begin_array_inline(json, "steps");
        for (const RecordHoldStep *s; (s = record_next_of(&steps, id)) != NULL;)
            json_string(json, NULL, s->text);
        json_end(json);
        json_end(json);
        id++;
    }
    json_end(json);
    record_cursor_end(&steps);
}

static void put_timeline(JsonWriter *json, const Record *record) {
    int64_t last = INT64_MIN;
    json_begin_array(json, "timeline");
    EACH(e, RecordEvent, record->timeline) {
        BUG_IF(e->at_ns < last, "the record's timeline runs backwards");
        last = e->at_ns;
        json_begin_object_inline(json, NULL);
        json_int(json, "at_ns", e->at_ns);
        json_string(json, "kind", e->kind);
        json_string(json, "what", e->what);
        record_put_id(json, "component", e->component, record->components);
        json_end(json);
    }
    json_end(json);
}

static void put_series(JsonWriter *json, const Record *record) {
    json_begin_array(json, "series");
    EACH(s, RecordSeries, record->series) {
        json_begin_object(json, NULL);
        json_string(json, "name", s->name);
        json_string(json, "of", s->of);
        json_string(json, "unit", s->unit);
        json_int(json, "bucket_ns", s->bucket_ns);
        json_begin_array_inline(json, "values");
        for (uint32_t i = 0; i < s->count; i++)
            json_int(json, NULL, s->values[i]);
        json_end(json);
        json_end(json);
    }
    json_end(json);
}

void record_put_measures(JsonWriter *json, const Record *record) {
    json_begin_array(json, "measures");
    EACH(m, RecordMeasure, record->measures) {
        json_begin_object_inline(json, NULL);
        json_string(json, "name", m->name);
        json_string(json, "of", m->of);
        json_string(json, "unit", m->unit);
        json_string(json, "denominator", m->denominator);
        json_string(json, "window", m->window);
        json_int(json, "count", m->count);
        json_int(json, "never", m->never);
        record_put_statistic(json, "mean", m->mean);
        record_put_statistic(json, "low", m->low);
        record_put_statistic(json, "high", m->high);
        record_put_statistic(json, "min", m->min);
        record_put_statistic(json, "p50", m->p50);
        record_put_statistic(json, "p90", m->p90);
        record_put_statistic(json, "p99", m->p99);
        record_put_statistic(json, "max", m->max);
        json_end(json);
    }
    json_end(json);
}

void record_put_phases(JsonWriter *json, const Record *record) {
    json_begin_array(json, "phases");
    EACH(p, RecordPhase, record->phases) {
        json_begin_object_inline(json, NULL);
        record_put_id(json, "fault", p->fault, record->faults);
        json_string(json, "phase", p->phase);
        record_put_time(json, "mean_ns", p->mean_ns);
        json_bool(json, "binds", p->binds);
        json_end(json);
    }
    json_end(json);
}

void record_put_ledger(JsonWriter *json, const Record *record) {
    RecordCursor broken = {record->broken, 0};
    json_begin_array(json, "ledger");
    uint32_t id = 0;
    EACH(l, RecordLedger, record->ledger) {
        int64_t sum = l->completed + l->active;
        json_begin_object_inline(json, NULL);
        json_string(json, "population", l->population);
        json_int(json, "arrived", l->arrived);
        json_int(json, "completed", l->completed);
        json_int(json, "active", l->active);
        json_int(json, "reestablished", l->reestablished);
        json_begin_array_inline(json, "broken");
        for (const RecordBroken *b; (b = record_next_of(&broken, id)) != NULL; sum += b->sessions) {
            json_begin_object_inline(json, NULL);
            json_string(json, "cause", b->cause);
            json_int(json, "sessions", b->sessions);
            json_end(json);
        }
        json_end(json);
        json_end(json);
        BUG_IF(sum != l->arrived, "the session ledger of the record does not balance");
        id++;
    }
    json_end(json);
    record_cursor_end(&broken);
}

static void put_cost(JsonWriter *json, const Record *record) {
    json_begin_array(json, "cost");
    EACH(c, RecordCost, record->cost) {
        json_begin_object_inline(json, NULL);
        json_string(json, "item", c->item);
        record_put_amount(json, "amount", c->amount);
        json_string(json, "unit", c->unit);
        json_int(json, "price_microdollars", c->price_microdollars);
        json_int(json, "per_h_microdollars", c->per_h_microdollars);
        json_string(json, "source", c->source);
        json_end(json);
    }
    json_end(json);
}

static void put_expectations(JsonWriter *json, const Record *record) {
    json_begin_array(json, "expectations");
    EACH(e, RecordExpectation, record->expectations) {
        json_begin_object(json, NULL);
        json_string(json, "id", e->id);
        json_string(json, "text", e->text);
        json_string(json, "because", e->because);
        json_string(json, "verdict", e->verdict);
        json_string(json, "measured", e->measured);
        json_string(json, "bound", e->bound);
        json_string(json, "counterexample", e->counterexample);
        json_string(json, "excused", e->excused);
        if (e->but_text == NULL) {
            json_null(json, "but");
        } else {
            json_begin_object_inline(json, "but");
            json_string(json, "text", e->but_text);
            json_string(json, "verdict", e->but_verdict);
            json_end(json);
        }
        json_end(json);
    }
    json_end(json);
}

void record_put_found(JsonWriter *json, const Record *record) {
    record_put_reach(json, record);
    put_holds(json, record);
    put_timeline(json, record);
    put_series(json, record);
    record_put_measures(json, record);
    record_put_phases(json, record);
    record_put_ledger(json, record);
    put_cost(json, record);
    put_expectations(json, record);
}
