/* spans.c - spans of time by some index, and of all together. */
#include "measure/spans.h"

#include <glib.h>

void spans_start(Spans *spans, uint32_t count) {
    spans->count = count;
    spans->of = g_new0(Histogram *, count + 1);
}

void spans_begin(Spans *spans) {
    for (uint32_t i = 0; i <= spans->count; i++)
        g_clear_pointer(&spans->of[i], histogram_free);
}

void spans_clear(Spans *spans) {
    spans_begin(spans);
    g_free(spans->of);
}

static void add_at(Spans *spans, uint32_t index, SimTime span) {
    if (!spans->of[index])
        spans->of[index] = histogram_new();
    histogram_add(spans->of[index], span.ns);
}

void spans_add(Spans *spans, uint32_t index, SimTime span) {
    add_at(spans, index, span);
    add_at(spans, spans->count, span);
}

void spans_put(const Spans *spans, Sheet *sheet, const char *const *names) {
    Histogram *none = histogram_new();
    for (uint32_t i = 0; i < spans->count; i++)
        if (spans->of[i])
            sheet_pool(sheet, NULL, names[i], spans->of[i]);
    sheet_pool(sheet, NULL, NULL, spans->of[spans->count] ? spans->of[spans->count] : none);
    histogram_free(none);
}
