/* draw.c - the whole picture: title, frames, arrows, boxes, labels, legend. */
#include "render/draw.h"

#include <math.h>
#include <string.h>

#include "render/draw_parts.h"
#include "render/layout_dot.h"
#include "render/metrics.h"
#include "render/words.h"

enum { MARGIN = 20, LEAST_WIDTH = 900, LEGEND_ROW = 24 };

/* ---- Frames ---------------------------------------------------------------------------------- */

typedef struct {
    const char *fill, *stroke, *dash;
    double width, radius, size; /* of the line, the corners, the text */
    bool bold;
} FramePaint;

/* From the outside in frames get lighter and finer: what is deep inside must not shout. Zones are dashed, because they
 * are the ones that fail apart. */
static const FramePaint *frame_paint(Level level) {
    static const FramePaint paints[] = {
        [LEVEL_OUTSIDE] = {"#fbf8f2", "#a8926b", NULL, 1.4, 10, 13, true},
        [LEVEL_PROVIDER] = {PAPER, "#9aa5b1", NULL, 1.2, 12, 13, true},
        [LEVEL_ACCOUNT] = {"#fbfcfd", "#9aa5b1", "2 3", 1.2, 12, 12, true},
        [LEVEL_REGION] = {"#eef3f8", "#7f93a8", NULL, 1.4, 10, 13.5, true},
        [LEVEL_ZONE] = {"#f8fafc", "#9fb0c1", "6 4", 1.1, 8, 10.5, true},
        [LEVEL_NETWORK] = {"#e3ebf4", "#5b7fa6", NULL, 1.3, 9, 11.5, true},
        [LEVEL_SUBNET] = {PAPER, "#cbd6e0", NULL, 1, 6, 9, false},
    };
    return &paints[level];
}

/* Its name within its region: "front" of "front[us-east-1]". Allocated. */
static char *network_label(const char *network) {
    const char *bracket = strchr(network, '[');
    return bracket != NULL ? g_strndup(network, (gsize)(bracket - network)) : g_strdup(network);
}

static bool stands_before(const Document *document, int place, int region) {
    for (int i = 0; i < place; i++)
        if (document->places[i].network != NULL && document_place_at(document, i, LEVEL_REGION) == region &&
            strcmp(document->places[i].network, document->places[place].network) == 0)
            return true;
    return false;
}

/* The networks of a region's subnets, each once, in order. Allocated; "" for other places. */
static char *networks_of(const Document *document, int region) {
    GString *names = g_string_new(NULL);
    for (int i = 0; document->places[region].level == LEVEL_REGION && i < document->place_count; i++) {
        const Place *subnet = &document->places[i];
        if (subnet->network == NULL || document_place_at(document, i, LEVEL_REGION) != region ||
            stands_before(document, i, region))
            continue;
        char *label = network_label(subnet->network);
        g_string_append_printf(names, "%s%s", names->len == 0 ? "network " : ", ", label);
        g_free(label);
    }
    return g_string_free(names, FALSE);
}

/* A subnet within the region whose head names its network already. */
static const char *short_name(const Place *place) {
    size_t length = place->network != NULL ? strlen(place->network) : 0;
    bool inside = length > 0 && strncmp(place->name, place->network, length) == 0 && place->name[length] == '.';
    return inside && place->name[length + 1] != '\0' ? place->name + length + 1 : place->name;
}

static bool has_networks(const Diagram *diagram, int region) {
    for (int i = 0; i < diagram->cluster_count; i++)
        if (diagram->clusters[i].level == LEVEL_NETWORK && diagram->clusters[i].place == region)
            return true;
    return false;
}

/* What the frame is, behind its name. Allocated. */
static char *more_of(const Diagram *diagram, const Cluster *cluster) {
    const Document *document = diagram->document;
    const Place *place = &document->places[cluster->place];
    const char *word = level_word(cluster->level), *cidr = place->cidr != NULL ? place->cidr : "";
    if (cluster->level == LEVEL_SUBNET)
        return g_strdup(cidr);
    if (cluster->level == LEVEL_OUTSIDE)
        return *cidr != '\0' ? g_strconcat("on premises ", cidr, NULL) : g_strdup("outside"); /* others run it */
    if (cluster->level == LEVEL_ACCOUNT && cluster->parent == NO_ID && document->provider != NULL)
        return g_strconcat(document->provider, " ", word, NULL);
    if (cluster->level != LEVEL_REGION || has_networks(diagram, cluster->place))
        return g_strdup(word);
    char *networks = networks_of(document, cluster->place);
    char *more = *networks != '\0' ? g_strconcat(word, ", ", networks, NULL) : g_strdup(word);
    g_free(networks);
    return more;
}

/* A network's own is that of its region, which says so itself. */
static Trouble frame_trouble(const Drawing *drawing, const Cluster *cluster) {
    return cluster->level == LEVEL_NETWORK ? TROUBLE_NONE : drawing->moment->places[cluster->place];
}

/* A globe: filled where a gateway leads to the internet, hollow where something stands between. */
static void draw_way_out(Svg *svg, const char *internet, Point at) {
    bool direct = strcmp(internet, "internet gateway") == 0;
    char *tooltip = g_strdup_printf("reaches the internet by %s", internet);
    svg_group(svg, tooltip);
    svg_circle(svg, at, 6.5, (Paint){.fill = direct ? GOOD : PAPER, .stroke = GOOD, .width = 1});
    svg_icon(svg, palette_icon(ROLE_NAME, NULL), at.x - 5.4, at.y - 5.4, 0.45,
             (Paint){.stroke = direct ? PAPER : GOOD, .width = 1.8});
    svg_group_end(svg);
    g_free(tooltip);
}

static void frame_title(Drawing *drawing, int id, Rect r) {
    const Cluster *cluster = &drawing->diagram->clusters[id];
    const Document *document = drawing->diagram->document;
    const Place *place = &document->places[cluster->place];
    const FramePaint *paint = frame_paint(cluster->level);
    Trouble trouble = frame_trouble(drawing, cluster);
    double base = r.y0 + layout_label_height(cluster->level) * 0.5 + paint->size * 0.36 + 2, x = r.x0 + 10,
           right = r.x1 - 10;
    if (trouble != TROUBLE_NONE) {
        char *word = g_ascii_strup(trouble == TROUBLE_NO_CONTROL ? "no control plane" : trouble_word(trouble), -1);
        right = draw_tag(drawing->svg, word, right, base - 4, trouble == TROUBLE_DOWN ? BAD : "#9a5b00") - 6;
        g_free(word);
    }
    const char *ink = trouble == TROUBLE_DOWN ? "#9b1313" : cluster->level == LEVEL_SUBNET ? INK_SOFT : INK;
    char *name = cluster->network != NULL ? network_label(cluster->network) : g_strdup(short_name(place));
    x += 8 + svg_text(drawing->svg, (Point){x, base}, name,
                      (TextStyle){.size = paint->size, .fill = ink, .bold = paint->bold, .room = right - x});
    char *more = more_of(drawing->diagram, cluster);
    if (place->internet != NULL && cluster->level == LEVEL_SUBNET) {
        draw_way_out(drawing->svg, place->internet, (Point){right - 4, base - 3});
        right -= 16;
    }
    if (right - x > 30)
        x += svg_text(drawing->svg, (Point){x, base}, more,
                      (TextStyle){.size = 9, .fill = INK_FAINT, .room = right - x});
    Rect taken = {r.x0, r.y0, MIN(x, r.x1), base + 4};
    g_array_append_val(drawing->taken, taken);
    g_free(more);
    g_free(name);
}

void draw_frames(Drawing *drawing) {
    for (int i = 0; i < drawing->diagram->cluster_count; i++) {
        const Cluster *cluster = &drawing->diagram->clusters[i];
        const FramePaint *paint = frame_paint(cluster->level);
        Rect r = drawing->layout->clusters[i];
        bool down = frame_trouble(drawing, cluster) == TROUBLE_DOWN;
        svg_rect(drawing->svg, r, paint->radius,
                 (Paint){down ? "#fdf1f1" : paint->fill, down ? BAD : paint->stroke, paint->width, paint->dash, 0});
        if (down)
            svg_rect(drawing->svg, r, paint->radius, (Paint){.fill = svg_hatch(drawing->svg), .opacity = 0.5});
        frame_title(drawing, i, r);
    }
}

/* ---- Title ----------------------------------------------------------------------------------- */

/* What the picture is about; a page has said so already. Returns where its last line stands. Without svg it only
 * measures. */
static double draw_subject(Svg *svg, const Document *document, double width) {
    double y = MARGIN + 10, room = width - 2 * MARGIN;
    const char *claim = document->claim != NULL ? document->claim : document->about;
    if (svg != NULL) {
        double used = svg_text(svg, (Point){MARGIN, y}, words_title(document),
                               (TextStyle){.size = 20, .fill = INK, .bold = true, .room = room * 0.75});
        if (document->scenario != NULL)
            svg_text(svg, (Point){MARGIN + used + 14, y}, document->pattern,
                     (TextStyle){.size = 12, .fill = INK_FAINT, .room = room - used - 14});
    }
    char **lines = metrics_wrap(claim != NULL ? claim : "", 12.5, false, room, 3);
    for (int i = 0; lines[i] != NULL; i++) {
        y += i == 0 ? 20 : 16;
        if (svg != NULL)
            svg_text(svg, (Point){MARGIN, y}, lines[i], (TextStyle){.size = 12.5, .fill = INK_SOFT});
    }
    g_strfreev(lines);
    return y + 28;
}

/* Which moment this is, so that a picture taken out of its page still says so. */
static void draw_when(Svg *svg, const Moment *moment, double y, double width) {
    char *at = words_time(moment->at_ns), *name = g_ascii_strup(moment->name, -1);
    char *words = g_strdup_printf("at %s: %s", at, moment->caption);
    double pill = metrics_width(name, 11, true) + 20;
    svg_rect(svg, (Rect){MARGIN, y - 15, MARGIN + pill, y + 5}, 10, (Paint){.fill = INK});
    svg_text(svg, (Point){MARGIN + pill / 2, y - 1}, name,
             (TextStyle){.size = 11, .fill = PAPER, .bold = true, .anchor = ANCHOR_MIDDLE});
    svg_text(svg, (Point){MARGIN + pill + 10, y - 1}, words,
             (TextStyle){.size = 12.5, .fill = INK, .room = width - 2 * MARGIN - pill - 10});
    g_free(words);
    g_free(name);
    g_free(at);
}

/* Returns the height that it takes. */
static double draw_title(Svg *svg, const Document *document, const Moment *moment, double width, bool standalone) {
    double y = standalone ? draw_subject(svg, document, width) : MARGIN;
    if (svg != NULL)
        draw_when(svg, moment, y, width);
    return y + 20;
}

/* ---- Legend ---------------------------------------------------------------------------------- */

/* Writes entries from left to right and begins new rows; without svg it only counts rows. */
typedef struct {
    Svg *svg;
    double x, y, left, right;
} Legend;

/* Room for a sample of `sample` pixels and its words; returns where the sample stands. */
static Point legend_entry(Legend *legend, double sample, const char *words) {
    double width = sample + 6 + metrics_width(words, 10, false) + 18;
    if (legend->x + width > legend->right && legend->x > legend->left) {
        legend->x = legend->left;
        legend->y += LEGEND_ROW;
    }
    Point at = {legend->x, legend->y};
    if (legend->svg != NULL)
        svg_text(legend->svg, (Point){at.x + sample + 6, at.y + 3.5}, words, (TextStyle){.size = 10, .fill = INK_SOFT});
    legend->x += width;
    return at;
}

/* Only what is in the picture, but at any of its moments: the legend stays the same while one steps through them. */
static void legend_roles(Legend *legend, const Diagram *diagram) {
    for (Role role = 0; role < ROLE_COUNT; role++) {
        bool used = false;
        for (int i = 0; i < diagram->box_count; i++)
            used |= diagram->boxes[i].role == role && diagram->boxes[i].component != NO_ID;
        if (!used)
            continue;
        Point at = legend_entry(legend, 42, palette_role_name(role));
        if (legend->svg == NULL)
            continue;
        draw_role_shape(legend->svg, role, (Rect){at.x, at.y - 9, at.x + 42, at.y + 9},
                        (Paint){.fill = PAPER, .stroke = "#52606d"});
        draw_role_tile(legend->svg, role, NULL, (Rect){at.x + 14, at.y - 7, at.x + 28, at.y + 7},
                       palette_role_colour(role));
    }
}

/* How subnets reach the internet. */
static void legend_ways_out(Legend *legend, const Diagram *diagram) {
    static const char *const ways[] = {"way to the internet", "the same, through something else"};
    bool used[2] = {false, false};
    for (int i = 0; i < diagram->cluster_count; i++) {
        const char *internet = diagram->document->places[diagram->clusters[i].place].internet;
        if (internet != NULL && diagram->clusters[i].level == LEVEL_SUBNET)
            used[strcmp(internet, "internet gateway") != 0] = true;
    }
    for (int w = 0; w < 2; w++) {
        if (!used[w])
            continue;
        Point at = legend_entry(legend, 14, ways[w]);
        if (legend->svg != NULL)
            draw_way_out(legend->svg, w == 0 ? "internet gateway" : "something else", (Point){at.x + 7, at.y});
    }
}

static void legend_states(Legend *legend, const Diagram *diagram) {
    for (State state = 0; state < STATE_COUNT; state++) {
        bool used = false;
        for (int m = 0; m < diagram->document->moment_count; m++)
            for (int i = 0; i < diagram->box_count; i++)
                used |= diagram->looks[m].boxes[i].state == state;
        if (!used)
            continue;
        Point at = legend_entry(legend, 24, state_word(state));
        if (legend->svg == NULL)
            continue;
        const StatePaint *paint = palette_state(state);
        Rect swatch = {at.x, at.y - 7, at.x + 24, at.y + 7};
        svg_rect(legend->svg, swatch, 3, (Paint){paint->fill, paint->stroke, paint->width, paint->dash, 0});
        if (paint->hatched)
            svg_rect(legend->svg, swatch, 3, (Paint){.fill = svg_hatch(legend->svg)});
    }
}

static void legend_line(Legend *legend, const char *words, const char *colour, double width, const char *dash) {
    Point at = legend_entry(legend, 30, words);
    if (legend->svg != NULL)
        svg_line(legend->svg, at, (Point){at.x + 30, at.y}, (Paint){.stroke = colour, .width = width, .dash = dash});
}

static void legend_pipe(Legend *legend, const char *words) {
    Point at = legend_entry(legend, 30, words);
    if (legend->svg == NULL)
        return;
    svg_line(legend->svg, at, (Point){at.x + 30, at.y}, (Paint){.stroke = UNKNOWN, .width = DRAW_PIPE + 1.3});
    svg_line(legend->svg, at, (Point){at.x + 30, at.y}, (Paint){.stroke = PAPER, .width = DRAW_PIPE - 1.3});
}

static bool has_kind(const Diagram *diagram, LinkKind kind) {
    for (int i = 0; i < diagram->edge_count; i++)
        if (diagram->edges[i].kind == kind)
            return true;
    return false;
}

/* What arrows there are, at any moment. */
typedef struct {
    bool busy, quiet, broken, unintended, shared, pipes;
} Lines;

static Lines lines_of(const Diagram *diagram) {
    Lines lines = {0};
    for (int i = 0; i < diagram->edge_count; i++) {
        lines.unintended |= !diagram->edges[i].intended;
        lines.pipes |= diagram->edges[i].pipe;
        for (int m = 0; m < diagram->document->moment_count; m++) {
            const EdgeLook *look = &diagram->looks[m].edges[i];
            bool busy = look->requests_per_s > 0;
            lines.busy |= busy;
            lines.quiet |= !busy && look->reaches && diagram->edges[i].kind == LINK_REQUEST;
            lines.broken |= !look->reaches;
            lines.shared |= look->shared && busy;
        }
    }
    return lines;
}

static void legend_lines(Legend *legend, const Diagram *diagram) {
    Lines lines = lines_of(diagram);
    if (lines.busy) {
        legend_line(legend, "99 % good or more", GOOD, 3.5, NULL);
        legend_line(legend, "90 % or more", MIDDLING, 3.5, NULL);
        legend_line(legend, "less", BAD, 3.5, NULL);
    }
    if (lines.quiet)
        legend_line(legend, lines.busy ? "no requests" : "can connect", UNKNOWN, 1.3, NULL);
    if (lines.pipes)
        legend_pipe(legend, "connection between networks");
    if (lines.broken)
        legend_line(legend, "cannot connect", BAD, 1.3, "6 4");
    if (has_kind(diagram, LINK_LOOKUP))
        legend_line(legend, "asks for a name", INK_SOFT, 1.3, "1.5 3.5");
    if (has_kind(diagram, LINK_REPLICA))
        legend_line(legend, "copies data", INK_SOFT, 1.3, "8 3 2 3");
    if (has_kind(diagram, LINK_IMAGE))
        legend_line(legend, "machines are made from it", INK_SOFT, 1.3, "5 3");
    if (has_kind(diagram, LINK_TRIGGER))
        legend_line(legend, "sets it off", INK_SOFT, 1.3, "2 2");
    if (lines.unintended)
        legend_line(legend, "open, but nobody asked for it", INTRUDER, 1.3, NULL);
    GString *note = g_string_new(lines.busy ? "Wider arrows carry more requests." : "");
    if (lines.shared)
        g_string_append(note, " \xCE\xA3: zones together.");
    if (diagram->detail == DETAIL_ZONES)
        g_string_append(note, " Arrows across the zones of a region are left out.");
    legend_entry(legend, 0, note->str);
    g_string_free(note, TRUE);
}

/* What it takes to make the same picture again, at the end of the last row or on one of its own. */
static void draw_origin(Legend *legend, const Document *document) {
    char *origin = g_strdup_printf(
        "faultline %s, seed %" G_GINT64_FORMAT ", replication %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT,
        document->version, document->seed, document->shown_replication, document->replications);
    double room = legend->right - legend->left, width = MIN(metrics_width(origin, 9, false), room);
    if (legend->x + width > legend->right)
        legend->y += LEGEND_ROW;
    if (legend->svg != NULL)
        svg_text(legend->svg, (Point){legend->right, legend->y + 3.5}, origin,
                 (TextStyle){.size = 9, .fill = INK_FAINT, .anchor = ANCHOR_END, .room = room});
    g_free(origin);
}

/* Returns the height that it takes. */
static double draw_legend(Svg *svg, const Diagram *diagram, double y, double width) {
    Legend legend = {svg, MARGIN, y + 24, MARGIN, width - MARGIN};
    if (svg != NULL)
        svg_line(svg, (Point){MARGIN, y + 6}, (Point){width - MARGIN, y + 6}, (Paint){.stroke = RULE});
    legend_roles(&legend, diagram);
    legend_ways_out(&legend, diagram);
    legend_states(&legend, diagram);
    legend.x = legend.left;
    legend.y += LEGEND_ROW;
    legend_lines(&legend, diagram);
    draw_origin(&legend, diagram->document);
    return legend.y + 20 - y;
}

/* ---- The whole ------------------------------------------------------------------------------- */

/* Over all moments, so that an arrow of one width means the same everywhere. */
static double most_requests(const Diagram *diagram) {
    double most = 0;
    for (int m = 0; m < diagram->document->moment_count; m++)
        for (int i = 0; i < diagram->edge_count; i++)
            most = MAX(most, diagram->looks[m].edges[i].requests_per_s);
    return most;
}

static void draw_inside(Svg *svg, const Diagram *diagram, const Layout *layout, int moment, const GArray *notes) {
    Drawing drawing = {.svg = svg,
                       .diagram = diagram,
                       .layout = layout,
                       .moment = &diagram->document->moments[moment],
                       .look = &diagram->looks[moment],
                       .most_requests = most_requests(diagram),
                       .taken = g_array_new(FALSE, FALSE, sizeof(Rect)),
                       .notes = notes};
    g_array_append_vals(drawing.taken, layout->boxes, (guint)diagram->box_count);
    draw_frames(&drawing);
    draw_edges(&drawing);
    draw_boxes(&drawing);
    draw_edge_labels(&drawing);
    g_array_free(drawing.taken, TRUE);
}

char *draw_moment(const Diagram *diagram, const Layout *layout, int moment, bool standalone) {
    const Document *document = diagram->document;
    const Moment *now = &document->moments[moment];
    GArray *notes = draw_notes_of(diagram, &diagram->looks[moment]);
    double width = ceil(MAX(layout->width + 2 * MARGIN, LEAST_WIDTH));
    double top = floor(draw_title(NULL, document, now, width, standalone)), below = draw_notes_height(notes);
    double height = ceil(top + layout->height + below + draw_legend(NULL, diagram, 0, width) + 8);
    char *title = g_strdup_printf("%s, %s", words_title(document), now->name);
    Svg svg = svg_begin(width, height, now->name, title);
    svg_rect(&svg, (Rect){0, 0, width, height}, 0, (Paint){.fill = PAPER});
    draw_title(&svg, document, now, width, standalone);
    svg_group_at(&svg, (Point){floor((width - layout->width) / 2), top});
    draw_inside(&svg, diagram, layout, moment, notes);
    svg_group_end(&svg);
    draw_notes(&svg, diagram, notes, (Point){MARGIN, top + layout->height + 4}, width - 2 * MARGIN);
    draw_legend(&svg, diagram, top + layout->height + below + 4, width);
    g_array_free(notes, TRUE);
    g_free(title);
    return svg_end(&svg, standalone);
}
