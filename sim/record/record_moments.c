/* record_moments.c - the moments of a run in the document: states of places, components and links at an instant. */
#include "base/bug.h"
#include "record/record_put.h"

static void put_place_states(JsonWriter *json, const Record *record, uint32_t moment, RecordCursor *states) {
    json_begin_array(json, "places");
    for (const RecordPlaceState *s; (s = record_next_of(states, moment)) != NULL;) {
        json_begin_object_inline(json, NULL);
        record_put_id(json, "id", s->place, record->places);
        json_string(json, "trouble", record_trouble_name(s->trouble));
        json_end(json);
    }
    json_end(json);
}

static void put_component_states(JsonWriter *json, const Record *record, uint32_t moment, RecordCursor *states,
                                 RecordCursor *zones) {
    json_begin_array(json, "components");
    for (uint32_t id = 0; id < record->components->len; id++) {
        const RecordComponentState *s = record_next_about(states, moment, id);
        BUG_IF(s == NULL, "a component has no state in a moment of the record");
        json_begin_object_inline(json, NULL);
        json_int(json, "id", id);
        json_int(json, "serving", s->serving);
        json_int(json, "booting", s->booting);
        json_int(json, "down", s->down);
        json_int(json, "absent", s->absent);
        json_string(json, "state", record_state_name(s->state));
        json_string(json, "note", s->note);
        json_begin_array_inline(json, "zones");
        for (const RecordZoneState *z; (z = record_next_about(zones, moment, id)) != NULL;) {
            json_begin_object_inline(json, NULL);
            record_put_id(json, "zone", z->zone, record->places);
            record_put_id(json, "subnet", z->subnet, record->places);
            json_int(json, "serving", z->serving);
            json_int(json, "booting", z->booting);
            json_int(json, "down", z->down);
            json_end(json);
        }
        json_end(json);
        json_end(json);
    }
    json_end(json);
}

static void put_link_states(JsonWriter *json, const Record *record, uint32_t moment, RecordCursor *states,
                            RecordCursor *parts) {
    json_begin_array(json, "links");
    for (uint32_t id = 0; id < record->links->len; id++) {
        const RecordLinkState *s = record_next_about(states, moment, id);
        BUG_IF(s == NULL, "a link has no state in a moment of the record");
        json_begin_object_inline(json, NULL);
        json_int(json, "id", id);
        json_string(json, "verdict", s->verdict);
        json_string(json, "rule", s->rule);
        record_put_amount(json, "requests_per_s", s->requests_per_s);
        record_put_amount(json, "good_share", s->good_share);
        json_begin_array_inline(json, "parts");
        for (const RecordLinkPart *p; (p = record_next_about(parts, moment, id)) != NULL;) {
            json_begin_object_inline(json, NULL);
            record_put_id(json, "from_zone", p->from_zone, record->places);
            record_put_id(json, "to_zone", p->to_zone, record->places);
            record_put_amount(json, "requests_per_s", p->requests_per_s);
            record_put_amount(json, "good_share", p->good_share);
            json_end(json);
        }
        json_end(json);
        json_end(json);
    }
    json_end(json);
}

void record_put_moments(JsonWriter *json, const Record *record) {
    RecordCursor places = {record->place_states, 0}, components = {record->component_states, 0};
    RecordCursor zones = {record->zone_states, 0}, links = {record->link_states, 0}, parts = {record->link_parts, 0};
    json_begin_array(json, "moments");
    uint32_t id = 0;
    EACH(m, RecordMoment, record->moments) {
        json_begin_object(json, NULL);
        json_string(json, "name", m->name);
        json_int(json, "at_ns", m->at_ns);
        json_int(json, "from_ns", m->from_ns);
        json_int(json, "to_ns", m->to_ns);
        json_string(json, "caption", m->caption);
        put_place_states(json, record, id, &places);
        put_component_states(json, record, id, &components, &zones);
        put_link_states(json, record, id, &links, &parts);
        json_end(json);
        id++;
    }
    json_end(json);
    record_cursor_end(&places);
    record_cursor_end(&components);
    record_cursor_end(&zones);
    record_cursor_end(&links);
    record_cursor_end(&parts);
}
