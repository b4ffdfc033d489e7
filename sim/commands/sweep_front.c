/* sweep_front.c - which cells of a sweep nobody beats, where the front bends, and which axis moves a metric most. */
#include <math.h>
#include <string.h>

#include "commands/sweep_page.h"

static uint32_t cell_count(const Sweep *sweep) { return sweep->values->len / sweep->metric_count; }

static const MetricSummary *value_at(const Sweep *sweep, uint32_t cell, uint32_t metric) {
    return &g_array_index(sweep->values, MetricSummary, cell * sweep->metric_count + metric);
}

/* Smaller is better in all of them: what is wanted much of is turned round. A replication without an end counts more
 * than any mean of those with one, so cells with more of these are worse. */
static double badness(const Sweep *sweep, uint32_t cell, uint32_t metric) {
    const MeasureInfo *info;
    measure_parse(sweep->metrics[metric], &info, NULL, NULL);
    double mean = value_at(sweep, cell, metric)->mean;
    return measure_more_is_better(info) ? -mean : mean;
}

static bool is_measured(const Sweep *sweep, uint32_t cell) {
    for (uint32_t m = 0; m < sweep->metric_count; m++)
        if (value_at(sweep, cell, m)->n == 0 || value_at(sweep, cell, m)->never > 0)
            return false;
    return true;
}

static bool beats(const Sweep *sweep, uint32_t a, uint32_t b) {
    bool better = false;
    for (uint32_t m = 0; m < sweep->metric_count; m++) {
        if (badness(sweep, a, m) > badness(sweep, b, m))
            return false;
        better = better || badness(sweep, a, m) < badness(sweep, b, m);
    }
    return better;
}

/* The distance of a cell from the line between two others, in the scaled plane, up to a constant factor. */
static double bend(const Sweep *sweep, uint32_t cell, const uint32_t ends[2]) {
    double x[3], y[3];
    const uint32_t cells[3] = {ends[0], ends[1], cell};
    double width = fabs(badness(sweep, ends[1], 0) - badness(sweep, ends[0], 0));
    double height = fabs(badness(sweep, ends[1], 1) - badness(sweep, ends[0], 1));
    for (int i = 0; i < 3; i++) {
        x[i] = badness(sweep, cells[i], 0) / width;
        y[i] = badness(sweep, cells[i], 1) / height;
    }
    return fabs((x[1] - x[0]) * (y[0] - y[2]) - (x[0] - x[2]) * (y[1] - y[0]));
}

static uint32_t knee_of(const Sweep *sweep, const bool *front) {
    uint32_t ends[2] = {UINT32_MAX, UINT32_MAX}, knee = UINT32_MAX;
    for (uint32_t cell = 0; cell < cell_count(sweep); cell++) {
        if (!front[cell])
            continue;
        if (ends[0] == UINT32_MAX || badness(sweep, cell, 0) < badness(sweep, ends[0], 0))
            ends[0] = cell;
        if (ends[1] == UINT32_MAX || badness(sweep, cell, 1) < badness(sweep, ends[1], 1))
            ends[1] = cell;
    }
    if (ends[0] == ends[1])
        return UINT32_MAX;
    double most = 0;
    for (uint32_t cell = 0; cell < cell_count(sweep); cell++) {
        double far = front[cell] && cell != ends[0] && cell != ends[1] ? bend(sweep, cell, ends) : 0;
        if (far > most) {
            most = far;
            knee = cell;
        }
    }
    return knee;
}

uint32_t sweep_front(const Sweep *sweep, bool *front) {
    for (uint32_t cell = 0; cell < cell_count(sweep); cell++) {
        front[cell] = is_measured(sweep, cell);
        for (uint32_t other = 0; other < cell_count(sweep) && front[cell]; other++)
            front[cell] = !is_measured(sweep, other) || !beats(sweep, other, cell);
    }
    return sweep->metric_count == 2 ? knee_of(sweep, front) : UINT32_MAX;
}

double sweep_effect(const Sweep *sweep, guint axis, uint32_t metric) {
    const GPtrArray *values = g_array_index(sweep->axes, SweepAxis, axis).values;
    double least = (double)INFINITY, most = -(double)INFINITY;
    for (guint v = 0; v < values->len; v++) {
        double sum = 0;
        uint32_t count = 0;
        for (uint32_t cell = 0; cell < cell_count(sweep); cell++) {
            const MetricSummary *value = value_at(sweep, cell, metric);
            if (value->n == 0 || sweep->cell_value(sweep->axes, cell, axis) != values->pdata[v])
                continue;
            sum += value->mean;
            count++;
        }
        if (count == 0)
            continue;
        least = fmin(least, sum / count);
        most = fmax(most, sum / count);
    }
    return most > least ? most - least : 0;
}
