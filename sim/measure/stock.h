/* stock.h - how many objects or lines each component keeps: an exact integral over the whole run (private to measure/).
 */
#ifndef FAULTLINE_MEASURE_STOCK_H
#define FAULTLINE_MEASURE_STOCK_H

#include "base/int128.h"
#include "measure/measure.h"

typedef struct {
    const MeasureSetup *setup;
    int64_t *there; /* now, by component, from 0 at the start */
    int64_t *taken; /* put into it in all */
    SimTime *since; /* up to when the integral is complete */
    Int128 *total;  /* object-nanoseconds */
} Stock;

void stock_start(Stock *stock, const MeasureSetup *setup);
void stock_begin(Stock *stock);
void stock_clear(Stock *stock);
void stock_see(Stock *stock, const Fact *fact); /* FACT_STORED, FACT_COPIED, FACT_LINES_KEPT */
/* Object-nanoseconds of the component from the start to `until`. */
Int128 stock_total(const Stock *stock, ComponentId component, SimTime until);

#endif
