/* parts.h - what one replication found, as bytes, and how a sheet takes it in (private to measure/; measure.h has the
 * functions for all).
 *
 * The bytes say what the replication put on its sheet: values, observations as histograms, series. What is worked out
 * from those (quantiles of the observations, zeros of counts) is worked out again by the sheet that takes them, by the
 * code that did so the first time; so a sheet filled from bytes is the sheet that would have seen the facts. */
#ifndef FAULTLINE_MEASURE_PARTS_H
#define FAULTLINE_MEASURE_PARTS_H

#include "base/pack.h"
#include "measure/sheet.h"

/* The sheet must be of one replication. */
void parts_pack(const Sheet *sheet, bool series, GByteArray *out);
/* False: no such bytes were ever packed here, or the replication is there already. The sheet is then of no use. */
bool parts_unpack(Sheet *sheet, Unpack *from);

#endif
