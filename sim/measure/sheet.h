/* sheet.h - the columns of a MeasureSet (private to measure/): where measures put what they found, and how it merges.
 *
 * Columns come into being when something is first put. A column of counts has a value for every replication of the
 * sheet: those that put none count 0. Other columns have none for such replications ("no such thing happened"). */
#ifndef FAULTLINE_MEASURE_SHEET_H
#define FAULTLINE_MEASURE_SHEET_H

#include "measure/measure.h"

typedef struct Sheet Sheet;

/* `quantiles`: of pooled columns, ppb, ascending; copied. */
Sheet *sheet_new(const int64_t *quantiles, uint32_t count);
void sheet_free(Sheet *sheet);
/* As it was when new. */
void sheet_forget(Sheet *sheet);

/* A replication; the next sheet_put calls are about `info` of it. BUG when it is in the sheet already. */
void sheet_begin(Sheet *sheet, uint64_t replication);
void sheet_measure(Sheet *sheet, const MeasureInfo *info);
void sheet_end(Sheet *sheet);

/* One value of the replication. part: NULL for the measure itself; of, by: as in MeasureColumn, copied. */
void sheet_put(Sheet *sheet, const char *part, const char *of, const char *by, int64_t value);
/* The replication's observations of a pooled column. */
void sheet_pool(Sheet *sheet, const char *part, const char *of, const Histogram *observations);
/* A series of the replication; copied; kept only of the replication with the lowest number. */
void sheet_series(Sheet *sheet, const char *name, const char *of, const char *noun, SimTime bucket,
                  const int64_t *values, uint32_t count);

void sheet_merge(Sheet *into, const Sheet *from);

uint64_t sheet_replications(const Sheet *sheet);
bool sheet_holds(const Sheet *sheet, uint64_t replication);
uint64_t sheet_only(const Sheet *sheet); /* the one replication that it is of */
uint32_t sheet_columns(const Sheet *sheet, const MeasureColumn *const **columns);
const MeasureColumn *sheet_find(const Sheet *sheet, const MeasureInfo *info, const MeasurePart *part, const char *of,
                                const char *by);
const MeasureColumn *sheet_quantile(const Sheet *sheet, const MeasureColumn *pooled, int64_t q_ppb);
uint32_t sheet_all_series(const Sheet *sheet, const MeasureSeries **series);

#endif
