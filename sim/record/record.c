/* record.c - fills the tables of a Record and owns their texts. */
#include "record/record.h"

#include <string.h>

#include "base/bug.h"

/* Every table once: its member and the type of its rows. */
#define RECORD_TABLES(TABLE)                      \
    TABLE(inputs, RecordInput)                    \
    TABLE(changes, RecordChange)                  \
    TABLE(places, RecordPlace)                    \
    TABLE(components, RecordComponent)            \
    TABLE(facts, RecordFact)                      \
    TABLE(units, RecordUnit)                      \
    TABLE(flows, RecordFlow)                      \
    TABLE(steps, RecordStep)                      \
    TABLE(links, RecordLink)                      \
    TABLE(link_vias, RecordLinkVia)               \
    TABLE(faults, RecordFault)                    \
    TABLE(fault_targets, RecordFaultTarget)       \
    TABLE(assumed, RecordAssumed)                 \
    TABLE(moments, RecordMoment)                  \
    TABLE(place_states, RecordPlaceState)         \
    TABLE(component_states, RecordComponentState) \
    TABLE(zone_states, RecordZoneState)           \
    TABLE(link_states, RecordLinkState)           \
    TABLE(link_parts, RecordLinkPart)             \
    TABLE(reach, RecordReach)                     \
    TABLE(holds, RecordHold)                      \
    TABLE(hold_steps, RecordHoldStep)             \
    TABLE(timeline, RecordEvent)                  \
    TABLE(series, RecordSeries)                   \
    TABLE(measures, RecordMeasure)                \
    TABLE(phases, RecordPhase)                    \
    TABLE(ledger, RecordLedger)                   \
    TABLE(broken, RecordBroken)                   \
    TABLE(cost, RecordCost)                       \
    TABLE(expectations, RecordExpectation)

Record *record_new(void) {
    Record *record = g_new0(Record, 1);
#define TABLE(member, Type) record->member = g_array_new(FALSE, FALSE, sizeof(Type));
    RECORD_TABLES(TABLE)
#undef TABLE
    record->texts = g_string_chunk_new(4096);
    return record;
}

void record_free(Record *record) {
    if (record == NULL)
        return;
    for (guint i = 0; i < record->series->len; i++)
        g_free((void *)(uintptr_t)g_array_index(record->series, RecordSeries, i).values);
#define TABLE(member, Type) g_array_free(record->member, TRUE);
    RECORD_TABLES(TABLE)
#undef TABLE
    g_string_chunk_free(record->texts);
    g_free(record);
}

/* Replace a borrowed text by the record's own copy. */
static void keep(Record *record, const char **text) {
    if (*text != NULL)
        *text = g_string_chunk_insert_const(record->texts, *text);
}

static uint32_t add(GArray *table, const void *row) {
    BUG_IF(table->len == RECORD_NONE - 1, "a table of the record is full");
    g_array_append_vals(table, row, 1);
    return table->len - 1;
}

void record_set_manifest(Record *record, RecordManifest manifest) {
    keep(record, &manifest.version);
    keep(record, &manifest.inputs_sha256);
    keep(record, &manifest.model_sha256);
    keep(record, &manifest.event_digest);
    record->manifest = manifest;
}

void record_set_title(Record *record, RecordTitle title) {
    keep(record, &title.pattern);
    keep(record, &title.scenario);
    keep(record, &title.about);
    keep(record, &title.claim);
    keep(record, &title.provider);
    record->title = title;
}

void record_set_run(Record *record, RecordRun run) { record->run = run; }

uint32_t record_add_input(Record *record, RecordInput row) {
    keep(record, &row.name);
    keep(record, &row.text);
    return add(record->inputs, &row);
}

uint32_t record_add_change(Record *record, RecordChange row) {
    keep(record, &row.option);
    keep(record, &row.text);
    return add(record->changes, &row);
}

uint32_t record_add_place(Record *record, RecordPlace row) {
    keep(record, &row.name);
    keep(record, &row.network);
    keep(record, &row.cidr);
    keep(record, &row.internet);
    return add(record->places, &row);
}

uint32_t record_add_component(Record *record, RecordComponent row) {
    keep(record, &row.name);
    keep(record, &row.label);
    keep(record, &row.kind);
    keep(record, &row.summary);
    keep(record, &row.stack);
    keep(record, &row.copy);
    keep(record, &row.listens);
    keep(record, &row.symbol);
    return add(record->components, &row);
}

uint32_t record_add_fact(Record *record, RecordFact row) {
    keep(record, &row.label);
    keep(record, &row.value);
    return add(record->facts, &row);
}

uint32_t record_add_unit(Record *record, RecordUnit row) { return add(record->units, &row); }

uint32_t record_add_flow(Record *record, RecordFlow row) {
    keep(record, &row.name);
    return add(record->flows, &row);
}

uint32_t record_add_step(Record *record, RecordStep row) { return add(record->steps, &row); }

uint32_t record_add_link(Record *record, RecordLink row) {
    keep(record, &row.ports);
    return add(record->links, &row);
}

uint32_t record_add_link_via(Record *record, RecordLinkVia row) { return add(record->link_vias, &row); }

uint32_t record_add_fault(Record *record, RecordFault row) {
    keep(record, &row.text);
    return add(record->faults, &row);
}

uint32_t record_add_fault_target(Record *record, RecordFaultTarget row) { return add(record->fault_targets, &row); }

uint32_t record_add_assumed(Record *record, RecordAssumed row) {
    keep(record, &row.owner);
    keep(record, &row.key);
    keep(record, &row.value);
    keep(record, &row.source);
    return add(record->assumed, &row);
}

uint32_t record_add_moment(Record *record, RecordMoment row) {
    keep(record, &row.name);
    keep(record, &row.caption);
    return add(record->moments, &row);
}

uint32_t record_add_place_state(Record *record, RecordPlaceState row) { return add(record->place_states, &row); }

uint32_t record_add_component_state(Record *record, RecordComponentState row) {
    keep(record, &row.note);
    return add(record->component_states, &row);
}

uint32_t record_add_zone_state(Record *record, RecordZoneState row) { return add(record->zone_states, &row); }

uint32_t record_add_link_state(Record *record, RecordLinkState row) {
    keep(record, &row.verdict);
    keep(record, &row.rule);
    return add(record->link_states, &row);
}

uint32_t record_add_link_part(Record *record, RecordLinkPart row) { return add(record->link_parts, &row); }

uint32_t record_add_reach(Record *record, RecordReach row) {
    keep(record, &row.from);
    keep(record, &row.to);
    keep(record, &row.port);
    keep(record, &row.before);
    keep(record, &row.during);
    keep(record, &row.after);
    keep(record, &row.rule);
    return add(record->reach, &row);
}

uint32_t record_add_hold(Record *record, RecordHold row) {
    keep(record, &row.hold);
    keep(record, &row.actions);
    keep(record, &row.closes);
    keep(record, &row.opens);
    return add(record->holds, &row);
}

uint32_t record_add_hold_step(Record *record, RecordHoldStep row) {
    keep(record, &row.text);
    return add(record->hold_steps, &row);
}

uint32_t record_add_event(Record *record, RecordEvent row) {
    keep(record, &row.kind);
    keep(record, &row.what);
    return add(record->timeline, &row);
}

uint32_t record_add_series(Record *record, RecordSeries row) {
    keep(record, &row.name);
    keep(record, &row.of);
    keep(record, &row.unit);
    int64_t *values = g_new(int64_t, row.count);
    if (row.count != 0)
        memcpy(values, row.values, row.count * sizeof *values);
    row.values = values;
    return add(record->series, &row);
}

uint32_t record_add_measure(Record *record, RecordMeasure row) {
    keep(record, &row.name);
    keep(record, &row.of);
    keep(record, &row.unit);
    keep(record, &row.denominator);
    keep(record, &row.window);
    return add(record->measures, &row);
}

uint32_t record_add_phase(Record *record, RecordPhase row) {
    keep(record, &row.phase);
    return add(record->phases, &row);
}

uint32_t record_add_ledger(Record *record, RecordLedger row) {
    keep(record, &row.population);
    return add(record->ledger, &row);
}

uint32_t record_add_broken(Record *record, RecordBroken row) {
    keep(record, &row.cause);
    return add(record->broken, &row);
}

uint32_t record_add_cost(Record *record, RecordCost row) {
    keep(record, &row.item);
    keep(record, &row.unit);
    keep(record, &row.source);
    return add(record->cost, &row);
}

uint32_t record_add_expectation(Record *record, RecordExpectation row) {
    keep(record, &row.id);
    keep(record, &row.text);
    keep(record, &row.because);
    keep(record, &row.verdict);
    keep(record, &row.measured);
    keep(record, &row.bound);
    keep(record, &row.counterexample);
    keep(record, &row.but_text);
    keep(record, &row.but_verdict);
    keep(record, &row.excused);
    return add(record->expectations, &row);
}
