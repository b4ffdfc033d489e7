/* draw_box.c - one component (or region) as a box: what it is, how it is, and its units one by one. */
#include <math.h>

#include "render/draw_parts.h"
#include "render/metrics.h"
#include "render/words.h"

enum { TILE = 30, PAD = 9, TEXT_LEFT = PAD + TILE + 8, PIP = 6, PIP_STEP = 8, FACT_SIZE = 9 };

/* ---- Shapes ---------------------------------------------------------------------------------- */

static void corners_path(Svg *svg, const Point *corners, size_t count, Paint paint) {
    GString *path = g_string_new(NULL);
    for (size_t i = 0; i < count; i++)
        (i == 0 ? path_move : path_line)(path, corners[i]);
    g_string_append_c(path, 'Z');
    svg_path(svg, path->str, paint);
    g_string_free(path, TRUE);
}

/* Pointed to the right: what comes in goes on. */
static void forwarding_shape(Svg *svg, Rect r, double cut, Paint paint) {
    double y = (r.y0 + r.y1) / 2;
    Point corners[] = {{r.x0, r.y0}, {r.x1 - cut, r.y0}, {r.x1, y}, {r.x1 - cut, r.y1}, {r.x0, r.y1}};
    corners_path(svg, corners, G_N_ELEMENTS(corners), paint);
}

static void octagon(Svg *svg, Rect r, double cut, Paint paint) {
    Point corners[] = {{r.x0 + cut, r.y0}, {r.x1 - cut, r.y0}, {r.x1, r.y0 + cut}, {r.x1, r.y1 - cut},
                       {r.x1 - cut, r.y1}, {r.x0 + cut, r.y1}, {r.x0, r.y1 - cut}, {r.x0, r.y0 + cut}};
    corners_path(svg, corners, G_N_ELEMENTS(corners), paint);
}

static void hexagon(Svg *svg, Rect r, double cut, Paint paint) {
    double y = (r.y0 + r.y1) / 2;
    Point corners[] = {{r.x0 + cut, r.y0}, {r.x1 - cut, r.y0}, {r.x1, y},
                       {r.x1 - cut, r.y1}, {r.x0 + cut, r.y1}, {r.x0, y}};
    corners_path(svg, corners, G_N_ELEMENTS(corners), paint);
}

static void cylinder(Svg *svg, Rect r, double bow, Paint paint) {
    GString *path = g_string_new(NULL);
    path_move(path, (Point){r.x0, r.y0 + bow});
    path_curve(path, (Point){r.x0, r.y0 - bow / 3}, (Point){r.x1, r.y0 - bow / 3}, (Point){r.x1, r.y0 + bow});
    path_line(path, (Point){r.x1, r.y1 - bow});
    path_curve(path, (Point){r.x1, r.y1 + bow / 3}, (Point){r.x0, r.y1 + bow / 3}, (Point){r.x0, r.y1 - bow});
    g_string_append_c(path, 'Z');
    path_move(path, (Point){r.x0, r.y0 + bow});
    path_curve(path, (Point){r.x0, r.y0 + bow * 7 / 3}, (Point){r.x1, r.y0 + bow * 7 / 3}, (Point){r.x1, r.y0 + bow});
    svg_path(svg, path->str, paint);
    g_string_free(path, TRUE);
}

/* A box with a bar at each side: something behind an API. */
static void service_shape(Svg *svg, Rect r, double bar, Paint paint) {
    svg_rect(svg, r, 2, paint);
    paint.fill = NULL;
    svg_line(svg, (Point){r.x0 + bar, r.y0}, (Point){r.x0 + bar, r.y1}, paint);
    svg_line(svg, (Point){r.x1 - bar, r.y0}, (Point){r.x1 - bar, r.y1}, paint);
}

void draw_role_shape(Svg *svg, Role role, Rect rect, Paint paint) {
    double height = rect.y1 - rect.y0;
    switch (role) {
    case ROLE_POPULATION: svg_rect(svg, rect, height / 2, paint); break;
    case ROLE_NAME: hexagon(svg, rect, height / 6, paint); break;
    case ROLE_EDGE: octagon(svg, rect, height / 6, paint); break;
    case ROLE_BALANCER: forwarding_shape(svg, rect, height / 6, paint); break;
    case ROLE_STORE: cylinder(svg, rect, height / 18, paint); break;
    case ROLE_GATEWAY: svg_rect(svg, rect, height / 4, paint); break;
    case ROLE_SERVICE: service_shape(svg, rect, height / 13, paint); break;
    case ROLE_COMPUTE:
    case ROLE_COUNT: svg_rect(svg, rect, height / 13, paint); break;
    }
}

void draw_role_tile(Svg *svg, Role role, const char *symbol, Rect rect, const char *colour) {
    double size = rect.x1 - rect.x0;
    svg_rect(svg, rect, size / 5, (Paint){.fill = colour});
    svg_icon(svg, palette_icon(role, symbol), rect.x0 + size * 0.14, rect.y0 + size * 0.14, size * 0.72 / 24,
             (Paint){.stroke = PAPER, .width = 1.8});
}

double draw_tag(Svg *svg, const char *word, double right, double middle, const char *ground) {
    double width = metrics_width(word, 8.5, true) + 10;
    svg_rect(svg, (Rect){right - width, middle - 7, right, middle + 7}, 7, (Paint){.fill = ground, .stroke = PAPER});
    svg_text(svg, (Point){right - width / 2, middle + 3}, word,
             (TextStyle){.size = 8.5, .fill = PAPER, .bold = true, .anchor = ANCHOR_MIDDLE});
    return right - width;
}

/* ---- Units ----------------------------------------------------------------------------------- */

/* One unit: 0 serves, 1 boots, 2 is down. Filled, hollow and crossed differ without colour. */
static void draw_pip(Svg *svg, double x, double y, int what) {
    Rect pip = {x, y, x + PIP, y + PIP};
    if (what == 0) {
        svg_rect(svg, pip, 1.5, (Paint){.fill = "#0e7490"});
    } else if (what == 1) {
        svg_rect(svg, (Rect){x + 0.5, y + 0.5, x + PIP - 0.5, y + PIP - 0.5}, 1.5,
                 (Paint){.fill = PAPER, .stroke = "#9a5b00", .width = 1.2, .dash = "2 1"});
    } else {
        svg_line(svg, (Point){x + 0.5, y + 0.5}, (Point){x + PIP - 0.5, y + PIP - 0.5},
                 (Paint){.stroke = BAD, .width = 1.6});
        svg_line(svg, (Point){x + 0.5, y + PIP - 0.5}, (Point){x + PIP - 0.5, y + 0.5},
                 (Paint){.stroke = BAD, .width = 1.6});
    }
}

/* Too many to count by eye: a bar in proportion. */
static void draw_bar(Svg *svg, double x, double y, double room, const BoxLook *look) {
    double all = (double)(look->serving + look->booting + look->down);
    double serving = floor(room * (double)look->serving / all + 0.5);
    double up = floor(room * (double)(look->serving + look->booting) / all + 0.5);
    svg_rect(svg, (Rect){x, y, x + room, y + PIP}, 1.5,
             (Paint){.fill = PAPER, .stroke = look->down > 0 ? BAD : "#0e7490"});
    if (up > serving)
        svg_rect(svg, (Rect){x, y, x + up, y + PIP}, 1.5, (Paint){.fill = PAPER, .stroke = "#9a5b00", .width = 1});
    if (serving > 0)
        svg_rect(svg, (Rect){x, y, x + serving, y + PIP}, 1.5, (Paint){.fill = "#0e7490"});
}

/* A single unit is told by the words above. */
static void draw_units(Svg *svg, double x, double y, double room, const BoxLook *look) {
    gint64 all = look->serving + look->booting + look->down;
    if (all < 2)
        return;
    if ((double)all * PIP_STEP > room) {
        draw_bar(svg, x, y, room, look);
        return;
    }
    for (gint64 i = 0; i < all; i++)
        draw_pip(svg, x + (double)i * PIP_STEP, y, i < look->serving ? 0 : i < look->serving + look->booting ? 1 : 2);
}

/* ---- Texts ----------------------------------------------------------------------------------- */

static int members_of(const Document *document, int region) {
    int count = 0;
    for (int i = 0; i < document->component_count; i++)
        count += document_place_at(document, document->components[i].place, LEVEL_REGION) == region;
    return count;
}

/* "tcp/443, 3389" of "tcp/443 tcp/3389". Allocated. */
static char *short_ports(const char *ports) {
    char **parts = g_strsplit(ports, g_str_has_prefix(ports, "tcp/") ? " tcp/" : " ", -1);
    char *joined = g_strjoinv(", ", parts);
    g_strfreev(parts);
    return joined;
}

/* "load balancer, tcp/443"; of a population rather where it is. */
static char *kind_line(const Drawing *drawing, const Box *box) {
    const Document *document = drawing->diagram->document;
    if (box->component == NO_ID)
        return g_strdup_printf("region, %d components", members_of(document, box->place));
    const Component *component = &document->components[box->component];
    if (component->role == ROLE_POPULATION && component->place != NO_ID)
        return g_strdup(document->places[component->place].name);
    char *kind = g_strdelimit(g_strdup(component->kind), "_", ' ');
    char *ports = component->listens != NULL ? short_ports(component->listens) : NULL;
    char *line = ports == NULL ? g_strdup(kind) : g_strconcat(kind, ", ", ports, NULL);
    g_free(ports);
    g_free(kind);
    return line;
}

/* As many facts as fit: half a fact is worse than none. */
static char *fact_line(const Component *component, double room) {
    GString *line = g_string_new(NULL);
    for (int i = 0; i < component->fact_count; i++) {
        gsize before = line->len;
        g_string_append_printf(line, "%s%s %s", before > 0 ? "  \xC2\xB7  " : "", component->facts[i].label,
                               component->facts[i].value);
        if (before > 0 && metrics_width(line->str, FACT_SIZE, false) > room)
            g_string_truncate(line, before);
    }
    return g_string_free(line, FALSE);
}

static const char *title_of(const Drawing *drawing, const Box *box) {
    const Document *document = drawing->diagram->document;
    return box->component == NO_ID ? document->places[box->place].name : document->components[box->component].label;
}

/* All that there was no room for. */
static char *tooltip_of(const Drawing *drawing, const Box *box, const BoxLook *look) {
    const Document *document = drawing->diagram->document;
    GString *tip = g_string_new(box->component == NO_ID ? document->places[box->place].name
                                                        : document->components[box->component].name);
    if (box->zone != NO_ID)
        g_string_append_printf(tip, " in %s", document->places[box->zone].name);
    g_string_append_printf(tip, ": %s", state_word(look->state));
    char *counts = words_counts(look);
    if (counts != NULL)
        g_string_append_printf(tip, " (%s)", counts);
    g_free(counts);
    if (look->note != NULL)
        g_string_append_printf(tip, "\n%s", look->note);
    if (box->component != NO_ID) {
        const Component *component = &document->components[box->component];
        if (component->summary != NULL)
            g_string_append_printf(tip, "\n%s: %s", component->kind, component->summary);
        for (int i = 0; i < component->fact_count; i++)
            g_string_append_printf(tip, "\n%s: %s", component->facts[i].label, component->facts[i].value);
        if (component->single_point)
            g_string_append(tip, "\nsingle point of failure: every path of some population leads through it");
    }
    return g_string_free(tip, FALSE);
}

/* How far the outline of a role comes in at the left and right of the bottom line, and how far the top line lies lower.
 */
typedef struct {
    double left, right, down;
} Inset;

static Inset inset_of(Role role) {
    switch (role) {
    case ROLE_POPULATION: return (Inset){TEXT_LEFT, 30, 0};
    case ROLE_NAME: return (Inset){18, 18, 0};
    case ROLE_EDGE: return (Inset){18, 18, 0};
    case ROLE_BALANCER: return (Inset){PAD + 2, 16, 0};
    case ROLE_STORE: return (Inset){PAD + 2, PAD, 2};
    case ROLE_SERVICE: return (Inset){PAD + 5, PAD + 3, 0};
    default: return (Inset){PAD + 2, PAD, 0};
    }
}

/* What is wrong, when something is; else what is worth knowing. */
static void draw_last_line(const Drawing *drawing, const Box *box, const BoxLook *look, Rect r) {
    Inset inset = inset_of(box->role);
    double room = r.x1 - r.x0 - inset.left - inset.right;
    Point at = {r.x0 + inset.left, r.y1 - 7};
    if (look->note != NULL && look->state != STATE_HEALTHY) {
        svg_text(drawing->svg, at, look->note,
                 (TextStyle){.size = FACT_SIZE, .fill = palette_state(look->state)->ink, .bold = true, .room = room});
        return;
    }
    if (box->component == NO_ID)
        return;
    char *facts = fact_line(&drawing->diagram->document->components[box->component], room);
    if (*facts != '\0')
        svg_text(drawing->svg, at, facts, (TextStyle){.size = FACT_SIZE, .fill = INK_FAINT, .room = room});
    g_free(facts);
}

static void draw_texts(const Drawing *drawing, const Box *box, const BoxLook *look, Rect r) {
    Inset inset = inset_of(box->role);
    double left = r.x0 + TEXT_LEFT, top = r.y0 + inset.down, room = r.x1 - left - MAX(inset.right - 4, 8);
    char *kind = kind_line(drawing, box), *counts = words_counts(look);
    const char *title = title_of(drawing, box);
    double size = metrics_width(title, 13, true) <= room ? 13 : 11; /* a long name is small before it is cut */
    svg_text(drawing->svg, (Point){left, top + 21}, title,
             (TextStyle){.size = size, .fill = INK, .bold = true, .room = room});
    svg_text(drawing->svg, (Point){left, top + 34}, kind, (TextStyle){.size = 9.5, .fill = INK_SOFT, .room = room});
    if (counts != NULL && box->role != ROLE_POPULATION)
        svg_text(drawing->svg, (Point){left, top + 48}, counts,
                 (TextStyle){.size = 10,
                             .fill = palette_state(look->state)->ink,
                             .bold = look->state != STATE_HEALTHY,
                             .room = room});
    draw_units(drawing->svg, left, top + 53, room, look);
    draw_last_line(drawing, box, look, r);
    g_free(kind);
    g_free(counts);
}

/* ---- The box --------------------------------------------------------------------------------- */

/* The second sign of failure beside hatching, clear on paper and at any size. */
static void draw_cross(Svg *svg, Point at) {
    svg_circle(svg, at, 8, (Paint){.fill = BAD, .stroke = PAPER, .width = 1.5});
    svg_line(svg, (Point){at.x - 3, at.y - 3}, (Point){at.x + 3, at.y + 3}, (Paint){.stroke = PAPER, .width = 2});
    svg_line(svg, (Point){at.x - 3, at.y + 3}, (Point){at.x + 3, at.y - 3}, (Paint){.stroke = PAPER, .width = 2});
}

/* Words on the upper rim, from the right. */
static void draw_tags(const Drawing *drawing, const Box *box, const BoxLook *look, Rect r) {
    double right = r.x1 - (box->role == ROLE_POPULATION ? 36 : 22);
    const char *ground = palette_state(look->state)->tag;
    if (ground != NULL) {
        char *word = g_ascii_strup(state_word(look->state), -1);
        right = draw_tag(drawing->svg, word, right, r.y0, ground) - 3;
        g_free(word);
    }
    if (box->component != NO_ID && drawing->diagram->document->components[box->component].single_point)
        draw_tag(drawing->svg, "SINGLE POINT", right, r.y0, "#334e68");
}

static void draw_box(const Drawing *drawing, int id) {
    const Box *box = &drawing->diagram->boxes[id];
    const BoxLook *look = &drawing->look->boxes[id];
    const StatePaint *paint = palette_state(look->state);
    Svg *svg = drawing->svg;
    Rect r = drawing->layout->boxes[id];
    char *tooltip = tooltip_of(drawing, box, look);
    svg_group(svg, tooltip);
    g_free(tooltip);
    draw_role_shape(svg, box->role, r, (Paint){paint->fill, paint->stroke, paint->width, paint->dash, 0});
    if (paint->hatched)
        draw_role_shape(svg, box->role, r, (Paint){.fill = svg_hatch(svg)});
    bool off = look->state == STATE_FAILED || look->state == STATE_IDLE;
    double top = r.y0 + 14 + inset_of(box->role).down;
    Rect tile = {r.x0 + PAD, top, r.x0 + PAD + TILE, top + TILE};
    const char *symbol = box->component != NO_ID ? drawing->diagram->document->components[box->component].symbol : NULL;
    draw_role_tile(svg, box->role, symbol, tile, off ? "#7b8794" : palette_role_colour(box->role));
    if (look->state == STATE_FAILED)
        draw_cross(svg, (Point){tile.x1 - 2, tile.y1 - 1});
    draw_texts(drawing, box, look, r);
    draw_tags(drawing, box, look, r);
    svg_group_end(svg);
}

void draw_boxes(Drawing *drawing) {
    for (int i = 0; i < drawing->diagram->box_count; i++)
        draw_box(drawing, i);
}
