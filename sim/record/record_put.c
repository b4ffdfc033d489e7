/* record_put.c - owned rows and missing values, as all parts of the document write them. */
#include "record/record_put.h"

#include <math.h>
#include <string.h>

#include "base/bug.h"

/* ---- Rows that belong to an owner ------------------------------------------------------------ */

/* All owned rows begin with their owner's id; those of moments go on with the id of a component or link. */
_Static_assert(offsetof(RecordFact, component) == 0 && offsetof(RecordUnit, component) == 0 &&
                   offsetof(RecordStep, flow) == 0 && offsetof(RecordFaultTarget, fault) == 0 &&
                   offsetof(RecordBroken, ledger) == 0 && offsetof(RecordPlaceState, moment) == 0 &&
                   offsetof(RecordComponentState, moment) == 0 && offsetof(RecordZoneState, moment) == 0 &&
                   offsetof(RecordLinkState, moment) == 0 && offsetof(RecordLinkPart, moment) == 0,
               "an owned row begins with its owner");
_Static_assert(offsetof(RecordComponentState, component) == 4 && offsetof(RecordZoneState, component) == 4 &&
                   offsetof(RecordLinkState, link) == 4 && offsetof(RecordLinkPart, link) == 4,
               "a moment's row goes on with whom it is about");

static const void *row_at(const RecordCursor *cursor) {
    return cursor->table->data + (size_t)cursor->at * g_array_get_element_size((GArray *)(uintptr_t)cursor->table);
}

const void *record_next_of(RecordCursor *cursor, uint32_t owner) {
    if (cursor->at == cursor->table->len)
        return NULL;
    const void *row = row_at(cursor);
    uint32_t its;
    memcpy(&its, row, sizeof its);
    BUG_IF(its < owner, "rows of the record are not in the order of their owners");
    if (its != owner)
        return NULL;
    cursor->at++;
    return row;
}

const void *record_next_about(RecordCursor *cursor, uint32_t moment, uint32_t whom) {
    if (cursor->at == cursor->table->len)
        return NULL;
    uint32_t its[2];
    memcpy(its, row_at(cursor), sizeof its);
    BUG_IF(its[0] < moment || (its[0] == moment && its[1] < whom), "rows of a moment are not in order");
    return its[1] == whom ? record_next_of(cursor, moment) : NULL;
}

void record_cursor_end(const RecordCursor *cursor) {
    BUG_IF(cursor->at != cursor->table->len, "a row of the record belongs to nobody");
}

/* ---- Values that may be missing -------------------------------------------------------------- */

void record_put_id(JsonWriter *json, const char *key, uint32_t id, const GArray *table) {
    BUG_IF(id != RECORD_NONE && id >= table->len, "an id of the record is beyond its table");
    if (id == RECORD_NONE)
        json_null(json, key);
    else
        json_int(json, key, id);
}

void record_put_time(JsonWriter *json, const char *key, int64_t ns) {
    if (ns == RECORD_NEVER)
        json_null(json, key);
    else
        json_int(json, key, ns);
}

/* Rates and shares: negative = unknown. */
void record_put_amount(JsonWriter *json, const char *key, double amount) {
    if (!(amount >= 0))
        json_null(json, key);
    else
        json_double(json, key, amount);
}

/* A statistic; whole numbers are written as such, so that times stay readable and exact. */
void record_put_statistic(JsonWriter *json, const char *key, double value) {
    if (isnan(value) || value >= (double)RECORD_NEVER)
        json_null(json, key);
    else if (fabs(value) < 9e15 && value == (double)(int64_t)value)
        json_int(json, key, (int64_t)value);
    else
        json_double(json, key, value);
}
