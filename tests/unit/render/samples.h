/* samples.h - records to draw, made without a simulator: a website in one or more regions that loses the first of them.
 */
#ifndef FAULTLINE_TESTS_RENDER_SAMPLES_H
#define FAULTLINE_TESTS_RENDER_SAMPLES_H

#include "record/record.h"

typedef struct {
    int regions, zones; /* at least 1 each; at most 40 regions and 26 zones */
    int webs;           /* web servers a zone */
    bool hostile;       /* names full of quotes, markup, other scripts, and far too long */
    bool owned;         /* instead of failing, the first region's web servers fall to an attacker */
} SampleShape;

#define SAMPLE_MULTI ((SampleShape){.regions = 2, .zones = 2, .webs = 3})
#define SAMPLE_SINGLE ((SampleShape){.regions = 1, .zones = 3, .webs = 2})
#define SAMPLE_STRESS ((SampleShape){.regions = 12, .zones = 3, .webs = 20})
#define SAMPLE_HUGE ((SampleShape){.regions = 40, .zones = 3, .webs = 2})
#define SAMPLE_HOSTILE ((SampleShape){.regions = 2, .zones = 2, .webs = 3, .hostile = true})
#define SAMPLE_OWNED ((SampleShape){.regions = 2, .zones = 2, .webs = 3, .owned = true})

Record *sample_new(SampleShape shape); /* record_free */
char *sample_json(SampleShape shape);  /* g_free */

#endif
