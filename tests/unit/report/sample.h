/* sample.h - a record as a study of a region loss would fill it, for tests of reports. */
#ifndef FAULTLINE_TESTS_SAMPLE_H
#define FAULTLINE_TESTS_SAMPLE_H

#include "record/record.h"

Record *sample_record(void);
/* A pattern that ran bare, with nothing to tell. */
Record *sample_empty(void);

#endif
