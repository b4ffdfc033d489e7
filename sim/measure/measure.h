/* measure.h - from timestamped facts to numbers with a name, a unit, a denominator and a window.
 *
 * A MeasureSet runs every measure of measures.def over the facts of one replication after another. What it keeps is a
 * set of columns; a column holds one exact integer per replication (failover_time of replication 17), and a pooled
 * column also a histogram of single observations (the latency of every request). Integers, replication numbers and
 * histograms merge exactly: any split of the replications, merged in any order, gives the same bytes as the whole.
 *
 * A name is `measure`, `measure.part` or either with `[of]`: "lost_sessions.new", "sessions[visitors]". Times are
 * nanoseconds with SIMTIME_NEVER.ns for "never", shares parts per billion, money micro-dollars, counts plain.
 *
 * Windows. Unless measures.def says "whole run", a fact counts when it happens at or after `warm_up`; a session that
 * arrived before and breaks after it is counted as broken. See measures.def for each measure. */
#ifndef FAULTLINE_MEASURE_MEASURE_H
#define FAULTLINE_MEASURE_MEASURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/histogram.h"
#include "base/pack.h"
#include "base/quantity.h"
#include "base/simtime.h"
#include "contract/cost.h"
#include "contract/observe.h"

/* ---- What there is to measure ------------------------------------------------------------ */

/* A value inside a measure: "new" in lost_sessions.new. */
typedef struct {
    const char *name;  /* NULL ends a list */
    Unit unit;         /* UNIT_NONE, UNIT_TIME, UNIT_SHARE, UNIT_BYTES, UNIT_MONEY */
    const char *noun;  /* what is counted, for UNIT_NONE: "sessions" */
    const char *label; /* for people: "stale DNS answer" */
} MeasurePart;

typedef struct {
    const char *name;
    Unit unit;
    const char *noun;
    const char *denominator, *window;
    const struct MeasureKind *kind; /* private */
} MeasureInfo;

uint32_t measure_count(void);
const MeasureInfo *measure_info(uint32_t i);               /* in order of name */
const char *measure_help(const MeasureInfo *info);         /* the definition, one paragraph */
const MeasurePart *measure_parts(const MeasureInfo *info); /* never NULL, maybe empty */
bool measure_is_pooled(const MeasureInfo *info);           /* many observations a replication, not one value */
bool measure_is_series(const MeasureInfo *info);           /* only series, no values */
bool measure_more_is_better(const MeasureInfo *info);      /* else less is, as of what is lost, late or paid */

/* What a name stands for. *part is NULL for the measure itself; *of is allocated (g_free), NULL without brackets.
 * False: there is no such name. Any out pointer may be NULL. O(measures). */
bool measure_parse(const char *name, const MeasureInfo **info, const MeasurePart **part, char **of);
/* The known name nearest to a wrong one, allocated, or NULL. */
char *measure_suggest(const char *name);

/* ---- Setting up: plain rows about the model, borrowed; they must outlive the set --------- */

typedef struct {
    const char *name;
    ComponentId component;
} MeasurePopulation;

/* Something done to the system: a fault or a change of the timeline. Those of one instant are one group, named by the
 * texts joined with " + ". */
typedef struct {
    const char *text;
    SimTime at, lasts; /* as written */
    uint32_t event;    /* subject of its FACT_FAULT_BEGAN and FACT_FAULT_ENDED */
} MeasureFault;

/* A law by which things fail by themselves; its index is the subject of its FACT_FAILURE_BEGAN. `modes`: bits, by
 * FailureMode, of how it can. */
typedef struct {
    const char *name;
    uint32_t modes;
} MeasureFailure;

/* A component bills `item` for each of its units and hours, for itself and hours, by the million of requests it meets,
 * or by what it is given or keeps: objects or lines of `each` bytes, and what it `held` from the start. By attachments
 * and hours: it has `each` of them. */
typedef struct {
    ComponentId component;
    CostBasis basis;
    const char *item;
    int64_t price; /* micro-dollars per the basis' unit */
    int64_t held, each;
} MeasurePrice;

/* Bytes that cross one kind of boundary cost this much a GB (10^9 bytes); `scope` indexes MeasureTotals.bytes. */
typedef struct {
    const char *item;
    uint32_t scope;
    int64_t price; /* micro-dollars */
} MeasureTransfer;

typedef struct {
    const MeasurePopulation *populations; /* sorted by name */
    uint32_t population_count;
    const MeasureFault *faults; /* by time */
    uint32_t fault_count;
    const MeasureFailure *failures;
    uint32_t failure_count;
    const char *const *components; /* names by ComponentId */
    uint32_t component_count;
    const ComponentId *unit_component; /* by UnitId */
    uint32_t unit_count;
    const char *const *elements; /* texts by number; 0 is "nothing" */
    uint32_t element_count;
    const MeasurePrice *prices;
    uint32_t price_count;
    const MeasureTransfer *transfers; /* items not among those of `prices` */
    uint32_t transfer_count;
    const int64_t *quantiles; /* ppb: asked of pooled measures beside 50, 90, 95, 99 and 99.9 % */
    uint32_t quantile_count;
    SimTime warm_up, until;
    bool meters;              /* something turns away callers that it does not know or that come too often */
    bool trust;               /* certificates or tokens have a say in what is served */
    bool forgeries;           /* somebody forges a name */
    bool watched;             /* there are sensors */
    const char *const *flows; /* names by number, NULL where a flow makes no jobs; NULL: none does */
    uint32_t flow_count;
} MeasureSetup;

/* How columns name fault i: `of` of its group, allocated, or NULL where there is but one group. */
char *measure_fault_label(const MeasureSetup *setup, uint32_t fault);
/* Is it the first of its group? */
bool measure_fault_leads(const MeasureSetup *setup, uint32_t fault);

/* ---- Running ----------------------------------------------------------------------------- */

/* What only the runner knows at the end of a replication; NULL members: not known. */
typedef struct {
    const uint64_t *requests;  /* by component: requests met, whole run */
    const uint64_t *active;    /* by population: sessions still going on; the ledger is checked against it */
    const uint64_t *inspected; /* by component: bytes that it looked at, whole run */
    const uint64_t *bytes;     /* by scope of transfers: bytes that crossed, whole run */
} MeasureTotals;

typedef struct MeasureSet MeasureSet;

MeasureSet *measure_set_new(const MeasureSetup *setup);
void measure_set_free(MeasureSet *set);
/* FACT_BITs that any measure wants. */
uint64_t measure_set_wants(const MeasureSet *set);
/* One replication: begin, see its facts in order, end. Its number may be new to the set only. */
void measure_set_begin(MeasureSet *set, uint64_t replication);
void measure_set_see(void *set, const Fact *fact); /* has the shape of an observer */
void measure_set_end(MeasureSet *set, const MeasureTotals *totals);
/* Both sets from equal setups, with different replications; `from` stays as it is. O(size of from). */
void measure_set_merge(MeasureSet *into, const MeasureSet *from);

/* What one replication found, as bytes for another process: the set must hold one replication only. Series are of the
 * replication with the lowest number, so they need not travel with others. Bytes only mean something to the version
 * that wrote them. About 14 kB and 0.3 ms for a small model. */
void measure_set_pack(const MeasureSet *set, bool series, GByteArray *out);
/* Takes such bytes in, as if the set had seen the replication. False: they are not such bytes, or the replication is
 * there already; the set is then of no use any more. */
bool measure_set_unpack(MeasureSet *set, Unpack *from);
/* As it was when new. */
void measure_set_forget(MeasureSet *set);

/* ---- Results ----------------------------------------------------------------------------- */

typedef struct {
    uint64_t replication;
    int64_t value;
} MeasureSample;

/* What one replication contributed to a pooled column; values as in Histogram. */
typedef struct {
    uint64_t replication;
    int64_t count, never; /* observations, and those of them that are never */
    HistogramSum sum;     /* of the finite ones, as min and max */
    int64_t min, max;
} MeasurePool;

typedef struct {
    const MeasureInfo *info;
    const MeasurePart *part; /* NULL: the measure itself */
    const char *of;          /* population, component or group of faults; NULL: all of them */
    const char *by; /* further split that has no name in the language: the deciding rule, the price; mostly NULL */
    const MeasureSample *samples; /* by replication; none in a pooled column */
    uint32_t count;
    const Histogram *pool;    /* pooled columns only, else NULL */
    const MeasurePool *pools; /* by replication, beside `pool` */
    uint32_t pool_count;
} MeasureColumn;

static inline Unit measure_unit(const MeasureColumn *column) {
    return column->part ? column->part->unit : column->info->unit;
}
static inline const char *measure_noun(const MeasureColumn *column) {
    return column->part ? column->part->noun : column->info->noun;
}
/* "lost_sessions.new[visitors]"; allocated. */
char *measure_column_name(const MeasureColumn *column);

uint64_t measure_set_replications(const MeasureSet *set);
/* Every column in canonical order: measures by name, parts as listed, of, by. Borrowed until the set changes. */
uint32_t measure_set_columns(const MeasureSet *set, const MeasureColumn *const **columns);
/* The column of a name, or NULL when nothing was measured under it. */
const MeasureColumn *measure_find(const MeasureSet *set, const char *name);
const MeasureColumn *measure_find_by(const MeasureSet *set, const char *name, const char *of, const char *by);
/* A pooled column's quantile in each replication (samples), for the quantiles of the setup and the usual ones; else
 * NULL. */
const MeasureColumn *measure_pool_quantile(const MeasureSet *set, const MeasureColumn *pooled, int64_t q_ppb);

/* Value i covers [i * bucket, (i + 1) * bucket) of the replication with the lowest number. */
typedef struct {
    const char *name, *of, *noun;
    SimTime bucket;
    const int64_t *values;
    uint32_t count;
} MeasureSeries;
uint32_t measure_set_series(const MeasureSet *set, const MeasureSeries **series);

/* In that replication: the middle of the bucket after the first fault (without one, after the warm-up) in which the
 * smallest share of new sessions was served, the first of equals; SIMTIME_NEVER when none was decided. */
SimTime measure_worst_moment(const MeasureSet *set);

#endif
