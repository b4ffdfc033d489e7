/* chart.h - what happened over time, as SVG: how sessions fared, what served them, and when which fault held. */
#ifndef FAULTLINE_RENDER_CHART_H
#define FAULTLINE_RENDER_CHART_H

#include "render/document.h"

/* Numbers from the record's series, checked. */
typedef struct {
    const char *name, *of, *unit; /* of may be NULL */
    gint64 bucket_ns;
    double *values; /* at most CHART_POINTS: longer series are averaged by twos, fours ... */
    int count;
} Series;

enum { CHART_POINTS = 1200, CHART_EVENTS = 200, CHART_PANELS = 12 };

typedef struct {
    gint64 at_ns;
    const char *kind, *what;
} Event;

typedef struct {
    Series *series;
    Event *events; /* by time */
    int series_count, event_count;
} History;

/* Read `series` and `timeline`; false and an error that names the path. Texts are borrowed from the document. */
bool history_read(const Document *document, History *history, GError **error);
void history_clear(History *history);

/* One panel for each thing that was counted, under a shared axis; allocated (g_free). NULL when there is nothing to
 * show. */
char *chart_history(const Document *document, const History *history);

#endif
