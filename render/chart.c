/* chart.c - panels of curves under one time axis, with faults as bands and moments as lines. */
#include "render/chart.h"

#include <math.h>
#include <string.h>

#include "render/metrics.h"
#include "render/palette.h"
#include "render/svg.h"
#include "render/words.h"

enum { WIDTH = 1240, LEFT = 74, RIGHT = 130, PANEL = 132, GAP = 30, TOP = 66, LANE = 26, LANES = 3, MARKS = 12 };

/* The chart while it is drawn. */
typedef struct {
    Svg svg;
    const Document *document;
    const History *history;
    double top, bottom; /* of the panels */
} Chart;

/* One panel: series of the same unit and owner, and the value at its upper rim. */
typedef struct {
    const Series *first;
    double most;
    double y0, y1;
} Panel;

/* ---- Axes ------------------------------------------------------------------------------------ */

/* Times beyond the run are drawn at its rim. */
static double x_of(const Chart *chart, gint64 ns) {
    gint64 until = MAX(chart->document->until_ns, 1);
    return LEFT + (WIDTH - LEFT - RIGHT) * (double)CLAMP(ns, 0, until) / (double)until;
}

static double y_of(const Panel *panel, double value) {
    return panel->y1 - (panel->y1 - panel->y0) * value / panel->most;
}

/* The smallest of 1, 2, 5 times a power of ten of which five reach `most`. */
static double nice_step(double most) {
    for (double decade = 1e-6; decade < 1e18; decade *= 10)
        for (int i = 0; i < 3; i++) {
            double step = decade * (i == 0 ? 1 : i == 1 ? 2 : 5);
            if (step * 5 >= most)
                return step;
        }
    return most;
}

/* Steps that people count time in, about a dozen in the run. */
static gint64 time_step(gint64 until) {
    static const gint64 seconds[] = {1,   2,   5,    10,   15,   30,    60,    120,   300,
                                     600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400};
    for (size_t i = 0; i < G_N_ELEMENTS(seconds); i++)
        if (until / (seconds[i] * G_GINT64_CONSTANT(1000000000)) <= MARKS)
            return seconds[i] * G_GINT64_CONSTANT(1000000000);
    return until / MARKS / G_GINT64_CONSTANT(86400000000000) * G_GINT64_CONSTANT(86400000000000) +
           G_GINT64_CONSTANT(86400000000000);
}

static void draw_time_axis(Chart *chart) {
    gint64 step = time_step(chart->document->until_ns);
    for (gint64 at = 0; at <= chart->document->until_ns; at += step) {
        double x = x_of(chart, at);
        svg_line(&chart->svg, (Point){x, chart->top}, (Point){x, chart->bottom + 4}, (Paint){.stroke = "#e4e9ee"});
        char *words = at == 0 ? g_strdup("0") : words_time(at);
        svg_text(&chart->svg, (Point){x, chart->bottom + 17}, words,
                 (TextStyle){.size = 10, .fill = INK_SOFT, .anchor = ANCHOR_MIDDLE});
        g_free(words);
    }
}

/* Nobody has half a server: what is counted in small numbers is not divided. */
static double step_of(const Panel *panel) {
    return panel->most >= 1 ? MAX(nice_step(panel->most), 1) : nice_step(panel->most);
}

static void draw_value_axis(Chart *chart, const Panel *panel) {
    double step = step_of(panel);
    for (double value = 0; value <= panel->most * 1.0001; value += step) {
        double y = y_of(panel, value);
        svg_line(&chart->svg, (Point){LEFT, y}, (Point){WIDTH - RIGHT, y},
                 (Paint){.stroke = value > 0 ? "#e4e9ee" : "#9aa5b1"});
        char *words = words_value(value, ""), *trimmed = g_strchomp(words);
        svg_text(&chart->svg, (Point){LEFT - 7, y + 3.5}, trimmed,
                 (TextStyle){.size = 10, .fill = INK_SOFT, .anchor = ANCHOR_END});
        g_free(words);
    }
}

/* ---- Faults, moments, events ----------------------------------------------------------------- */

/* Bands behind everything; names on two lines in turn, since faults like to overlap. */
static void draw_faults(Chart *chart) {
    const Document *document = chart->document;
    for (int i = 0; i < document->fault_count; i++) {
        const FaultSpan *fault = &document->faults[i];
        double x0 = x_of(chart, fault->from_ns), x1 = MAX(x_of(chart, fault->to_ns), x0 + 2);
        svg_group(&chart->svg, fault->text);
        svg_rect(&chart->svg, (Rect){x0, chart->top - 4, x1, chart->bottom}, 0,
                 (Paint){.fill = "#fbe3e3", .opacity = 0.6});
        svg_rect(&chart->svg, (Rect){x0, chart->top - 4, x1, chart->bottom}, 0,
                 (Paint){.fill = svg_hatch(&chart->svg), .opacity = 0.25});
        svg_text(&chart->svg, (Point){x0 + 4, 14 + 12.0 * (i % 2)}, fault->text,
                 (TextStyle){.size = 10, .fill = "#9b1313", .bold = true, .room = MAX(WIDTH - x0 - 10, 40)});
        svg_group_end(&chart->svg);
    }
}

static void draw_moments(Chart *chart) {
    for (int i = 0; i < chart->document->moment_count; i++) {
        const Moment *moment = &chart->document->moments[i];
        double x = x_of(chart, moment->at_ns);
        svg_group(&chart->svg, moment->caption);
        svg_line(&chart->svg, (Point){x, chart->top - 10}, (Point){x, chart->bottom},
                 (Paint){.stroke = INK, .width = 1.2, .dash = "2 3"});
        double half = metrics_width(moment->name, 9, true) / 2 + 6, middle = CLAMP(x, LEFT + half, WIDTH - half);
        double y = chart->bottom + 30 + 15 * (i % 2);
        svg_rect(&chart->svg, (Rect){middle - half, y - 7, middle + half, y + 7}, 7, (Paint){.fill = INK});
        svg_text(&chart->svg, (Point){middle, y + 3}, moment->name,
                 (TextStyle){.size = 9, .fill = PAPER, .bold = true, .anchor = ANCHOR_MIDDLE});
        svg_group_end(&chart->svg);
    }
}

/* Trouble is red, whoever breaks in purple, what people and checks find out amber, what helps blue. */
static const char *event_colour(const char *kind) {
    static const char *const colours[][2] = {{"fault", BAD},        {"owned", INTRUDER},  {"alert", INTRUDER},
                                             {"respond", INTRUDER}, {"notice", MIDDLING}, {"decide", MIDDLING},
                                             {"publish", GOOD},     {"refresh", GOOD},    {"promote", GOOD},
                                             {"launch", GOOD},      {"serve", GOOD},      {"mend", "#0f766e"}};
    for (size_t i = 0; i < G_N_ELEMENTS(colours); i++)
        if (strcmp(kind, colours[i][0]) == 0)
            return colours[i][1];
    return INK_SOFT;
}

/* Marks above the panels; the words are in the tooltip and in the list beneath. */
static void draw_events(Chart *chart) {
    double last = -1e9;
    int lane = 0;
    for (int i = 0; i < MIN(chart->history->event_count, CHART_EVENTS); i++) {
        const Event *event = &chart->history->events[i];
        double x = x_of(chart, event->at_ns);
        lane = x - last < 9 ? (lane + 1) % LANES : 0; /* marks that would touch climb over each other */
        last = x;
        char *at = words_time(event->at_ns), *tip = g_strdup_printf("%s, %s: %s", at, event->kind, event->what);
        svg_group(&chart->svg, tip);
        svg_circle(&chart->svg, (Point){x, chart->top - 9 - 10.0 * lane}, 4.5,
                   (Paint){.fill = event_colour(event->kind), .stroke = PAPER});
        svg_group_end(&chart->svg);
        g_free(tip);
        g_free(at);
    }
}

/* ---- Curves ---------------------------------------------------------------------------------- */

static bool same_panel(const Series *a, const Series *b) {
    return strcmp(a->unit, b->unit) == 0 && g_strcmp0(a->of, b->of) == 0;
}

static const Series *find(const History *history, const Series *like, const char *name) {
    for (int i = 0; i < history->series_count; i++)
        if (same_panel(&history->series[i], like) && strcmp(history->series[i].name, name) == 0)
            return &history->series[i];
    return NULL;
}

/* Steps: a value holds for its whole bucket. `base` (may be NULL) is what an area stands on. */
static void append_steps(const Chart *chart, const Panel *panel, const Series *series, const Series *base, bool back,
                         GString *path) {
    for (int k = 0; k < series->count; k++) {
        int i = back ? series->count - 1 - k : k;
        double below = base != NULL && i < base->count ? base->values[i] : 0;
        double y = y_of(panel, back ? below : series->values[i] + below);
        double x0 = x_of(chart, series->bucket_ns * i), x1 = x_of(chart, series->bucket_ns * (i + 1));
        (path->len == 0 ? path_move : path_line)(path, (Point){back ? x1 : x0, y});
        path_line(path, (Point){back ? x0 : x1, y});
    }
}

static void draw_area(Chart *chart, const Panel *panel, const Series *series, const Series *base, const char *colour) {
    GString *path = g_string_new(NULL);
    append_steps(chart, panel, series, base, false, path);
    append_steps(chart, panel, series, base, true, path);
    g_string_append_c(path, 'Z');
    svg_path(&chart->svg, path->str, (Paint){.fill = colour, .opacity = 0.75});
    g_string_free(path, TRUE);
}

static void draw_line(Chart *chart, const Panel *panel, const Series *series, Paint paint) {
    GString *path = g_string_new(NULL);
    append_steps(chart, panel, series, NULL, false, path);
    svg_path(&chart->svg, path->str, paint);
    g_string_free(path, TRUE);
}

/* Names at the right, from the top in the order drawn. A paint with a stroke is a line. */
static void draw_name(Chart *chart, const Panel *panel, int row, const char *name, Paint paint) {
    double y = panel->y0 + 10 + 15 * row, x = WIDTH - RIGHT + 12;
    if (paint.stroke != NULL)
        svg_line(&chart->svg, (Point){x, y}, (Point){x + 14, y}, paint);
    else
        svg_rect(&chart->svg, (Rect){x, y - 5, x + 14, y + 5}, 0, paint);
    svg_text(&chart->svg, (Point){x + 20, y + 3.5}, name, (TextStyle){.size = 10, .fill = INK, .room = RIGHT - 38});
}

/* Good and broken as areas on each other, everything else as lines. What arrived is a line around both. */
static void draw_curves(Chart *chart, const Panel *panel) {
    static const char *const colours[] = {"#1768ac", "#0f766e", "#7a4900", "#6b21a8", "#334e68"};
    static const char *const dashes[] = {NULL, "6 3", "2 2", "8 3 2 3", "1 3"};
    const Series *good = find(chart->history, panel->first, "good"),
                 *broken = find(chart->history, panel->first, "broken");
    int row = 0;
    if (good != NULL) {
        draw_area(chart, panel, good, NULL, GOOD);
        draw_name(chart, panel, row++, "good", (Paint){.fill = GOOD, .opacity = 0.75});
    }
    if (broken != NULL) {
        draw_area(chart, panel, broken, good, BAD);
        draw_name(chart, panel, row++, "broken", (Paint){.fill = BAD, .opacity = 0.75});
    }
    for (int i = 0; i < chart->history->series_count; i++) {
        const Series *series = &chart->history->series[i];
        if (!same_panel(series, panel->first) || series == good || series == broken)
            continue;
        bool outline = good != NULL && strcmp(series->name, "arrived") == 0;
        Paint paint = {
            .stroke = outline ? INK : colours[row % 5], .width = 1.6, .dash = outline ? NULL : dashes[row % 5]};
        draw_line(chart, panel, series, paint);
        draw_name(chart, panel, row++, series->name, paint);
    }
}

/* "sessions of users, each 1 min". */
static void draw_panel_title(Chart *chart, const Panel *panel) {
    char *bucket = words_time(panel->first->bucket_ns);
    const char *of = panel->first->of;
    char *title =
        g_strdup_printf("%s%s%s, per %s", panel->first->unit, of != NULL ? " of " : "", of != NULL ? of : "", bucket);
    svg_text(&chart->svg, (Point){LEFT, panel->y0 - 6}, title,
             (TextStyle){.size = 11, .fill = INK, .bold = true, .room = WIDTH - LEFT - RIGHT});
    g_free(title);
    g_free(bucket);
}

/* ---- The whole ------------------------------------------------------------------------------- */

/* The upper rim: a whole number of steps that holds the largest value, or stack of values. */
static double most_of(const History *history, const Series *like) {
    double most = 0;
    const Series *good = find(history, like, "good"), *broken = find(history, like, "broken");
    for (int i = 0; i < history->series_count; i++)
        for (int k = 0; same_panel(&history->series[i], like) && k < history->series[i].count; k++)
            most = MAX(most, history->series[i].values[k]);
    for (int k = 0; good != NULL && broken != NULL && k < MIN(good->count, broken->count); k++)
        most = MAX(most, good->values[k] + broken->values[k]);
    double step = nice_step(most > 0 ? most : 1);
    return ceil(MAX(most, step) / step - 1e-9) * step;
}

static bool is_constant(const History *history, const Series *like) {
    for (int i = 0; i < history->series_count; i++)
        for (int k = 1; same_panel(&history->series[i], like) && k < history->series[i].count; k++)
            if (history->series[i].values[k] != history->series[i].values[0])
                return false;
    return true;
}

/* Adds the panels of one rank: sessions first, whose fate is the question; then what served them, where it changed.
 * Counts what is left out. */
static int add_panels(const History *history, bool sessions, Panel panels[CHART_PANELS], int count, int *left_out) {
    for (int i = 0; i < history->series_count; i++) {
        const Series *series = &history->series[i];
        bool known = series->count == 0 || (find(history, series, "good") != NULL) != sessions;
        for (int k = 0; k < i && !known; k++)
            known = same_panel(series, &history->series[k]);
        if (known)
            continue;
        if (count == CHART_PANELS || (!sessions && is_constant(history, series))) {
            (*left_out)++;
            continue;
        }
        double y0 = TOP + LANE + count * (PANEL + GAP);
        panels[count++] = (Panel){series, most_of(history, series), y0, y0 + PANEL};
    }
    return count;
}

static void draw_left_out(Chart *chart, int left_out) {
    if (left_out == 0)
        return;
    char *words = g_strdup_printf("%d more panel%s left out: nothing changed there, or there is no room.", left_out,
                                  left_out > 1 ? "s are" : " is");
    svg_text(&chart->svg, (Point){LEFT, chart->bottom + 68}, words, (TextStyle){.size = 10, .fill = INK_FAINT});
    g_free(words);
}

char *chart_history(const Document *document, const History *history) {
    Panel panels[CHART_PANELS];
    int left_out = 0, count = add_panels(history, true, panels, 0, &left_out);
    count = add_panels(history, false, panels, count, &left_out);
    if (count == 0)
        return NULL;
    double bottom = panels[count - 1].y1;
    Chart chart = {svg_begin(WIDTH, bottom + (left_out > 0 ? 78 : 60), "history", "what happened over time"), document,
                   history, TOP, bottom};
    draw_time_axis(&chart);
    draw_faults(&chart);
    for (int i = 0; i < count; i++) {
        draw_value_axis(&chart, &panels[i]);
        draw_curves(&chart, &panels[i]);
        draw_panel_title(&chart, &panels[i]);
    }
    draw_moments(&chart);
    draw_events(&chart);
    draw_left_out(&chart, left_out);
    return svg_end(&chart.svg, false);
}
