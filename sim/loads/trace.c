/* trace.c - sessions arrive when a file says: what was seen once, played again.
 *
 * The file stands beside the YAML and becomes part of the record. Its lines are times since the start of the run, in
 * ascending order, as first or only column: `12.5 s`; or bare numbers under a header that says their unit. */
#include <glib.h>
#include <string.h>

#include "contract/load.h"

typedef struct {
    const char *file;
    SimTime *times;
    uint64_t count;
} TraceSpec;

static const Field trace_fields[] = {
    FIELD_TEXT(TraceSpec, file, FIELD_REQUIRED,
               "a CSV file beside this one: a time a line (12.5 s), or a header seconds or milliseconds and numbers"),
    FIELD_END,
};

static const char *trace_file(const void *spec) { return ((const TraceSpec *)spec)->file; }

/* What stands behind the numbers: a unit of the header, or "" when each line says its own. NULL: it is no header. */
static const char *unit_of_header(const char *cell) {
    static const struct {
        const char *header, *unit;
    } known[] = {{"at", ""}, {"time", ""}, {"seconds", " s"}, {"milliseconds", " ms"}};
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (g_ascii_strcasecmp(cell, known[i].header) == 0)
            return known[i].unit;
    return NULL;
}

/* The first column of a line, without blanks around it. g_free. */
static char *first_cell(const char *line, size_t length) {
    const char *comma = memchr(line, ',', length);
    return g_strstrip(g_strndup(line, comma != NULL ? (size_t)(comma - line) : length));
}

static bool time_read(const char *cell, const char *unit, Mark mark, SimTime last, Tree *tree, SimTime *at,
                      Diagnostics *diagnostics) {
    static const Field row = {.name = "time", .type = FIELD_TYPE_TIME, .least = "0 s"};
    char *text = g_strconcat(cell, unit, NULL);
    bool good = field_value(&row, tree_scalar(tree, text, mark), tree, at, diagnostics);
    g_free(text);
    if (good && simtime_before(*at, last)) {
        diag_error(diagnostics, mark, "sort the lines by time", "this comes before the line above");
        good = false;
    }
    return good;
}

/* Stops at the first mistake: the rest of a file of another form would only repeat it. */
static bool trace_take(void *spec, const Source *source, Tree *tree, Diagnostics *diagnostics) {
    TraceSpec *trace = spec;
    uint64_t length;
    const char *text = source_text(source, &length), *end = text + length, *unit = "";
    GArray *times = g_array_new(FALSE, FALSE, sizeof(SimTime));
    SimTime last = SIMTIME_ZERO, at = SIMTIME_ZERO;
    bool good = true;
    for (uint32_t line = 1; text < end && good; line++) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        stop = stop ? stop : end;
        char *cell = first_cell(text, (size_t)(stop - text));
        Mark mark = {source, line, 1, (uint32_t)strlen(cell)};
        const char *header = line == 1 ? unit_of_header(cell) : NULL;
        if (header != NULL)
            unit = header;
        else if (cell[0] != '\0' && (good = time_read(cell, unit, mark, last, tree, &at, diagnostics))) {
            g_array_append_val(times, at);
            last = at;
        }
        g_free(cell);
        text = stop + 1;
    }
    if (good && times->len == 0)
        diag_error(diagnostics, (Mark){source, 1, 1, 0}, "write a time a line: 12.5 s", "the trace has no times");
    trace->count = times->len;
    trace->times = tree_alloc(tree, (times->len + 1) * sizeof(SimTime));
    memcpy(trace->times, times->data, times->len * sizeof(SimTime));
    g_array_free(times, TRUE);
    return good && trace->count > 0;
}

static SimTime trace_next(const void *spec, SimTime last, uint64_t number, Draw *luck) {
    const TraceSpec *trace = spec;
    (void)last;
    (void)luck;
    return number < trace->count ? trace->times[number] : SIMTIME_NEVER;
}

static int64_t trace_rate(const void *spec) {
    const TraceSpec *trace = spec;
    int64_t lasts = trace->count ? trace->times[trace->count - 1].ns : 0;
    return lasts > 0 ? (int64_t)((double)trace->count * 1e18 / (double)lasts) : 0;
}

const LoadKind load_trace = {
    .name = "trace",
    .summary = "sessions arrive when a file says",
    .fields = trace_fields,
    .spec_size = sizeof(TraceSpec),
    .file = trace_file,
    .take = trace_take,
    .next = trace_next,
    .mean_rate = trace_rate,
};
