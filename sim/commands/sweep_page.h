/* sweep_page.h - the cells of a sweep, what they tell, and how that is printed (private to commands/). */
#ifndef FAULTLINE_COMMANDS_SWEEP_PAGE_H
#define FAULTLINE_COMMANDS_SWEEP_PAGE_H

#include "commands/design.h"
#include "commands/print.h"

typedef struct {
    char *name;
    GPtrArray *values; /* owned texts */
} SweepAxis;

typedef const char *(*SweepCellValue)(const GArray *axes, uint32_t cell, guint axis);

typedef struct {
    const char *path;
    const char *const *metrics;
    uint32_t metric_count;
    GArray *axes;   /* of SweepAxis */
    GArray *values; /* of MetricSummary: metric_count for each cell */
    SweepCellValue cell_value;
    uint64_t replications;
} Sweep;

/* path and metrics are borrowed. */
void sweep_init(Sweep *sweep, const char *path, const char *const *metrics, SweepCellValue cell_value);
void sweep_clear(Sweep *sweep);
/* The next cell. */
void sweep_cell_add(Sweep *sweep, const MeasureSet *measures);

void sweep_print(GString *out, const Sweep *sweep, TableFormat format, int width);

/* ---- sweep_front.c ---- */
/* front[cell]: no other cell is at least as good in every metric and better in one. Cells without a finite mean in
 * every metric are never in it. Returns the cell at the knee, UINT32_MAX when there are not two metrics or fewer than
 * three cells in the front: the one farthest from the line between the front's two ends, both metrics scaled to their
 * span. */
uint32_t sweep_front(const Sweep *sweep, bool *front);
/* How far the mean of a metric over all other axes moves between the values of an axis; 0 without finite means. */
double sweep_effect(const Sweep *sweep, guint axis, uint32_t metric);

#endif
