/* outages.h - when newcomers would not have been served, and what had broken then (private to measure/).
 *
 * Folds FACT_SERVICE, and the beginnings and ends of failures and faults, into exact sums of nanoseconds. An outage is
 * charged as a whole to its last straw: of what held when it began, what had begun last (what came before it had been
 * survived); if nothing held, what had ended last. So the causes add up to the whole, to the nanosecond. */
#ifndef FAULTLINE_MEASURE_OUTAGES_H
#define FAULTLINE_MEASURE_OUTAGES_H

#include <glib.h>

#include "measure/plugin.h"

/* Of one population, or of all: down while any of them is. Times lie in the window [warm_up, until]. */
typedef struct {
    bool told, down;
    uint32_t cause; /* of the outage that goes on */
    SimTime since;  /* when it began, not before warm_up */
    SimTime total, longest;
    int64_t count;     /* outages that were seen in the window, also if they began before it */
    SimTime *by_cause; /* by number of cause */
} OutageLine;

typedef struct {
    const MeasureSetup *setup;
    char **causes; /* what to call them; the last one: nothing that was listed */
    uint32_t cause_count;
    uint32_t *first_cause; /* by law of failure: cause + mode */
    OutageLine *lines;     /* by population; the last one: all of them */
    GArray *holding;       /* what has begun and has not ended, in that order */
    uint32_t ended;        /* cause that ended last */
} Outages;

#define OUTAGE_FACTS                                                                        \
    (FACT_BIT(FACT_SERVICE) | FACT_BIT(FACT_FAILURE_BEGAN) | FACT_BIT(FACT_FAILURE_ENDED) | \
     FACT_BIT(FACT_FAULT_BEGAN) | FACT_BIT(FACT_FAULT_ENDED))

void outages_start(Outages *outages, const MeasureSetup *setup);
void outages_begin(Outages *outages);
void outages_see(Outages *outages, const Fact *fact);
/* Closes what goes on; false: nobody was asked in this run. Call once, at the end. */
bool outages_end(Outages *outages);
void outages_clear(Outages *outages);

/* Line i has a column of its own: all of them, and each population where there are several. *of: its name or NULL. */
bool outages_shows(const Outages *outages, uint32_t i, const char **of);

#endif
