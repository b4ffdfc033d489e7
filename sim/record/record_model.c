/* record_model.c - what was modelled, as the document says it: places, components, flows, links, faults. */
#include <string.h>

#include "base/bug.h"
#include "record/record_put.h"

static void put_places(JsonWriter *json, const Record *record) {
    json_begin_array(json, "places");
    uint32_t id = 0;
    EACH(p, RecordPlace, record->places) {
        BUG_IF(p->parent != RECORD_NONE && p->parent >= id, "a place of the record stands before its parent");
        json_begin_object_inline(json, NULL);
        json_string(json, "name", p->name);
        json_string(json, "level", record_level_name(p->level));
        record_put_id(json, "parent", p->parent, record->places);
        json_string(json, "network", p->network);
        json_string(json, "cidr", p->cidr);
        json_string(json, "internet", p->internet);
        json_end(json);
        id++;
    }
    json_end(json);
}

static void put_facts_and_units(JsonWriter *json, const Record *record, uint32_t id, RecordCursor *facts,
                                RecordCursor *units) {
    json_begin_array_inline(json, "facts");
    for (const RecordFact *fact; (fact = record_next_of(facts, id)) != NULL;) {
        json_begin_array_inline(json, NULL);
        json_string(json, NULL, fact->label);
        json_string(json, NULL, fact->value);
        json_end(json);
    }
    json_end(json);
    json_begin_array_inline(json, "units");
    for (const RecordUnit *unit; (unit = record_next_of(units, id)) != NULL;) {
        json_begin_object_inline(json, NULL);
        json_int(json, "ordinal", unit->ordinal);
        record_put_id(json, "subnet", unit->subnet, record->places);
        record_put_id(json, "zone", unit->zone, record->places);
        json_end(json);
    }
    json_end(json);
}

static void put_components(JsonWriter *json, const Record *record) {
    RecordCursor facts = {record->facts, 0}, units = {record->units, 0};
    json_begin_array(json, "components");
    uint32_t id = 0;
    EACH(c, RecordComponent, record->components) {
        json_begin_object(json, NULL);
        json_string(json, "name", c->name);
        json_string(json, "label", c->label);
        json_string(json, "kind", c->kind);
        json_string(json, "role", record_role_name(c->role));
        json_string(json, "summary", c->summary);
        json_string(json, "stack", c->stack);
        json_string(json, "copy", c->copy);
        record_put_id(json, "place", c->place, record->places);
        json_string(json, "listens", c->listens);
        json_bool(json, "managed", c->managed);
        json_bool(json, "single_point", c->single_point);
        json_string(json, "symbol", c->symbol);
        put_facts_and_units(json, record, id++, &facts, &units);
        json_end(json);
    }
    json_end(json);
    record_cursor_end(&facts);
    record_cursor_end(&units);
}

static void put_flows(JsonWriter *json, const Record *record) {
    RecordCursor steps = {record->steps, 0};
    json_begin_array(json, "flows");
    uint32_t id = 0;
    EACH(f, RecordFlow, record->flows) {
        json_begin_object_inline(json, NULL);
        json_string(json, "name", f->name);
        json_begin_array_inline(json, "steps");
        uint32_t open = RECORD_NONE; /* the step whose array is open */
        for (const RecordStep *step; (step = record_next_of(&steps, id)) != NULL; open = step->step) {
            BUG_IF(open != RECORD_NONE && step->step < open, "steps of a flow are not in order");
            if (step->step != open) {
                if (open != RECORD_NONE)
                    json_end(json);
                json_begin_array_inline(json, NULL);
            }
            record_put_id(json, NULL, step->component, record->components);
        }
        if (open != RECORD_NONE)
            json_end(json);
        json_end(json);
        json_end(json);
        id++;
    }
    json_end(json);
    record_cursor_end(&steps);
}

static void put_links(JsonWriter *json, const Record *record) {
    RecordCursor vias = {record->link_vias, 0};
    uint32_t id = 0;
    json_begin_array(json, "links");
    EACH(l, RecordLink, record->links) {
        BUG_IF(l->from == RECORD_NONE || l->to == RECORD_NONE, "a link of the record lacks an end");
        json_begin_object_inline(json, NULL);
        record_put_id(json, "from", l->from, record->components);
        record_put_id(json, "to", l->to, record->components);
        record_put_id(json, "flow", l->flow, record->flows);
        json_string(json, "kind", record_link_kind_name(l->kind));
        json_string(json, "ports", l->ports);
        json_bool(json, "intended", l->intended);
        record_put_time(json, "latency_ns", l->latency_ns);
        json_begin_array_inline(json, "via");
        for (const RecordLinkVia *via; (via = record_next_of(&vias, id)) != NULL;)
            record_put_id(json, NULL, via->component, record->components);
        json_end(json);
        json_end(json);
        id++;
    }
    json_end(json);
    record_cursor_end(&vias);
}

static void put_targets(JsonWriter *json, const Record *record, const char *key, uint32_t fault, RecordCursor targets) {
    bool places = strcmp(key, "places") == 0;
    json_begin_array_inline(json, key);
    for (const RecordFaultTarget *t; (t = record_next_of(&targets, fault)) != NULL;) {
        if (places && t->place != RECORD_NONE)
            record_put_id(json, NULL, t->place, record->places);
        if (!places && t->component != RECORD_NONE)
            record_put_id(json, NULL, t->component, record->components);
    }
    json_end(json);
}

static void put_faults(JsonWriter *json, const Record *record) {
    RecordCursor targets = {record->fault_targets, 0};
    json_begin_array(json, "faults");
    uint32_t id = 0;
    EACH(f, RecordFault, record->faults) {
        json_begin_object_inline(json, NULL);
        json_string(json, "text", f->text);
        record_put_time(json, "from_ns", f->from_ns);
        record_put_time(json, "to_ns", f->to_ns);
        put_targets(json, record, "places", id, targets);
        put_targets(json, record, "components", id, targets);
        json_end(json);
        while (record_next_of(&targets, id) != NULL)
            ;
        id++;
    }
    json_end(json);
    record_cursor_end(&targets);
}

void record_put_model(JsonWriter *json, const Record *record) {
    put_places(json, record);
    put_components(json, record);
    put_flows(json, record);
    put_links(json, record);
    put_faults(json, record);
}
