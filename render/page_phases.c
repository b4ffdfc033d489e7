/* page_phases.c - failover as a bar of phases, one bar a fault. */
#include <string.h>

#include "render/metrics.h"
#include "render/page_parts.h"
#include "render/palette.h"
#include "render/svg.h"
#include "render/words.h"

enum { WIDTH = 1240, LEFT = 10, ROW = 74, BAR = 26 };

typedef struct {
    int fault;
    const char *phase;
    gint64 mean_ns;
    bool binds;
} Phase;

static GArray *read_phases(Page *page, const JsonIn *rows) {
    GArray *phases = g_array_new(FALSE, FALSE, sizeof(Phase));
    for (gsize i = 0; i < json_in_count(rows) && page->error == NULL; i++) {
        const JsonIn *row = json_in_at(rows, i);
        Phase phase = {(int)CLAMP(page_need_whole(page, row, "fault"), 0, G_MAXINT), page_need_text(page, row, "phase"),
                       json_in_int(json_in_get(row, "mean_ns"), &page->error),
                       json_in_bool(json_in_get(row, "binds"), &page->error)};
        if (page->error == NULL && (phase.fault >= page->document->fault_count || phase.mean_ns < 0)) {
            char *path = json_in_path(row);
            g_set_error(&page->error, DOCUMENT_ERROR, 0, "%s: no such fault, or a negative time", path);
            g_free(path);
        }
        g_array_append_val(phases, phase);
    }
    return phases;
}

/* The longest bar fills the width. */
static double longest(const GArray *phases) {
    double most = 0, sum = 0;
    for (guint i = 0; i < phases->len; i++) {
        const Phase *phase = &g_array_index(phases, Phase, i);
        bool same = i > 0 && g_array_index(phases, Phase, i - 1).fault == phase->fault;
        sum = (same ? sum : 0) + (double)phase->mean_ns;
        most = MAX(most, sum);
    }
    return most;
}

static const char *colour_of(const char *phase) {
    static const char *const colours[][2] = {
        {"detect", "#1768ac"},       {"decide", "#334e68"},    {"publish", "#0e7490"}, {"client cache", "#52606d"},
        {"promote data", "#1e3a8a"}, {"provision", "#0f766e"}, {"warm up", "#3d7a6f"}, {"rebalance", "#5b7083"}};
    for (gsize i = 0; i < G_N_ELEMENTS(colours); i++)
        if (strcmp(phase, colours[i][0]) == 0)
            return colours[i][1];
    return INK_SOFT;
}

/* One stretch; its words stand in it or, when it is too short, under it as far as there is room; else
 * in the tooltip alone. */
static double draw_phase(Svg *svg, const Phase *phase, double x, double y, double width, double *words_end) {
    char *time = words_time(phase->mean_ns), *words = g_strdup_printf("%s %s", phase->phase, time);
    char *tip = g_strdup_printf("%s%s", words, phase->binds ? ": the phase that binds" : "");
    double need = metrics_width(words, 10, true) + 10;
    svg_group(svg, tip);
    svg_rect(
        svg, (Rect){x, y, x + MAX(width, 1), y + BAR}, 0,
        (Paint){.fill = colour_of(phase->phase), .stroke = phase->binds ? BAD : PAPER, .width = phase->binds ? 3 : 1});
    if (need <= width) {
        svg_text(svg, (Point){x + width / 2, y + 17}, words,
                 (TextStyle){.size = 10, .fill = PAPER, .bold = true, .anchor = ANCHOR_MIDDLE});
    } else {
        double at = MAX(MIN(x, WIDTH - LEFT - need), *words_end);
        if (at + need <= WIDTH) {
            svg_text(svg, (Point){at, y + BAR + 14}, words, (TextStyle){.size = 10, .fill = INK_SOFT});
            *words_end = at + need;
        }
    }
    svg_group_end(svg);
    g_free(tip);
    g_free(words);
    g_free(time);
    return x + width;
}

static char *draw_bars(const Document *document, const GArray *phases) {
    int bars = 0;
    for (guint i = 0; i < phases->len; i++)
        bars += i == 0 || g_array_index(phases, Phase, i).fault != g_array_index(phases, Phase, i - 1).fault;
    Svg svg = svg_begin(WIDTH, bars * ROW + 8, "phases", "failover by phase");
    double scale = (WIDTH - 2 * LEFT) / MAX(longest(phases), 1), x = LEFT, y = 0, words_end = LEFT;
    int bar = 0;
    for (guint i = 0; i < phases->len; i++) {
        const Phase *phase = &g_array_index(phases, Phase, i);
        if (i == 0 || phase->fault != g_array_index(phases, Phase, i - 1).fault) {
            x = words_end = LEFT;
            y = 20 + ROW * bar++;
            svg_text(&svg, (Point){LEFT, y - 6}, document->faults[phase->fault].text,
                     (TextStyle){.size = 11, .fill = INK, .bold = true, .room = WIDTH - 20});
        }
        x = draw_phase(&svg, phase, x, y, (double)phase->mean_ns * scale, &words_end);
    }
    return svg_end(&svg, false);
}

void page_phases(Page *page) {
    const JsonIn *rows = page_list(page, "phases");
    if (rows == NULL)
        return;
    GArray *phases = read_phases(page, rows);
    if (page->error == NULL) {
        char *bars = draw_bars(page->document, phases);
        page_raw(page, "<h2>Failover by phase, mean over replications</h2>\n<div class=\"wide\">");
        page_raw(page, bars);
        page_raw(page, "</div>\n<p class=\"soft\">The phase that binds has a red rim: shorten that one first.</p>\n");
        g_free(bars);
    }
    g_array_free(phases, TRUE);
}
