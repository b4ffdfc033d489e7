/* record_put.h - what the writers of the document share (private to record/). */
#ifndef FAULTLINE_RECORD_RECORD_PUT_H
#define FAULTLINE_RECORD_RECORD_PUT_H

#include "base/json.h"
#include "record/record.h"

#define EACH(row, Type, table_)                                                                          \
    for (const Type *row = (const Type *)(const void *)(table_)->data, *row##_end = row + (table_)->len; \
         row != row##_end; row++)

/* Walks a table of owned rows once, in step with their owners. */
typedef struct {
    const GArray *table;
    uint32_t at; /* the next row */
} RecordCursor;

/* The next row when it belongs to `owner`, else NULL. A row whose owner was passed already is a bug. */
const void *record_next_of(RecordCursor *cursor, uint32_t owner);
/* The same for rows of a moment that are about `whom`, a component or a link. */
const void *record_next_about(RecordCursor *cursor, uint32_t moment, uint32_t whom);
/* Every row was met. */
void record_cursor_end(const RecordCursor *cursor);

/* Values that may be missing: RECORD_NONE, RECORD_NEVER, negative amounts and NaN are written as null. */
void record_put_id(JsonWriter *json, const char *key, uint32_t id, const GArray *table);
void record_put_time(JsonWriter *json, const char *key, int64_t ns);
void record_put_amount(JsonWriter *json, const char *key, double amount);
void record_put_statistic(JsonWriter *json, const char *key, double value);

/* The parts of the document, in its order; each adds members to the open object. */
void record_put_model(JsonWriter *json, const Record *record);
void record_put_moments(JsonWriter *json, const Record *record);
void record_put_found(JsonWriter *json, const Record *record);

#endif
