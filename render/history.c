/* history.c - reads the series and the timeline of a record. */
#include "render/chart.h"

static gint64 whole_not_negative(const JsonIn *row, const char *key, GError **error) {
    const JsonIn *value = json_in_need(row, key, error);
    gint64 n = json_in_int(value, error);
    if (*error == NULL && n < 0) {
        char *path = json_in_path(value);
        g_set_error(error, DOCUMENT_ERROR, 0, "%s: must not be negative", path);
        g_free(path);
    }
    return n;
}

/* Averages of 1, 2, 4 ... neighbours, as many as it takes. */
static void read_values(const JsonIn *values, Series *series, GError **error) {
    int all = (int)json_in_count(values), step = 1;
    while (all / step > CHART_POINTS)
        step *= 2;
    series->count = (all + step - 1) / step;
    series->values = g_new0(double, (gsize)series->count + 1);
    for (int i = 0; i < all && *error == NULL; i++)
        series->values[i / step] += json_in_double(json_in_at(values, (gsize)i), error);
    for (int i = 0; i < series->count; i++)
        series->values[i] /= MIN(step, all - i * step);
    series->bucket_ns *= step;
}

static void read_series(const JsonIn *row, Series *series, GError **error) {
    series->name = json_in_string(json_in_need(row, "name", error), error);
    series->of = json_in_get(row, "of") == NULL ? NULL : json_in_string(json_in_get(row, "of"), error);
    series->unit = json_in_string(json_in_need(row, "unit", error), error);
    series->bucket_ns = whole_not_negative(row, "bucket_ns", error);
    read_values(json_in_array(json_in_need(row, "values", error), error), series, error);
}

static void read_event(const JsonIn *row, Event *event, GError **error) {
    event->at_ns = whole_not_negative(row, "at_ns", error);
    event->kind = json_in_string(json_in_need(row, "kind", error), error);
    event->what = json_in_string(json_in_need(row, "what", error), error);
}

bool history_read(const Document *document, History *history, GError **error) {
    GError *problem = NULL;
    const JsonIn *series = json_in_array(json_in_get(document->root, "series"), &problem);
    const JsonIn *events = json_in_array(json_in_get(document->root, "timeline"), &problem);
    *history = (History){.series_count = (int)json_in_count(series), .event_count = (int)json_in_count(events)};
    history->series = g_new0(Series, (gsize)history->series_count + 1);
    history->events = g_new0(Event, (gsize)history->event_count + 1);
    for (int i = 0; i < history->series_count && problem == NULL; i++)
        read_series(json_in_at(series, (gsize)i), &history->series[i], &problem);
    for (int i = 0; i < history->event_count && problem == NULL; i++)
        read_event(json_in_at(events, (gsize)i), &history->events[i], &problem);
    if (problem == NULL)
        return true;
    history_clear(history);
    g_propagate_error(error, problem);
    return false;
}

void history_clear(History *history) {
    for (int i = 0; i < history->series_count; i++)
        g_free(history->series[i].values);
    g_free(history->series);
    g_free(history->events);
    *history = (History){0};
}
