/* svg.c - writes SVG; nothing else in render/ puts a text of the input into markup of a picture. */
#include "render/svg.h"

#include <math.h>
#include <string.h>

#include "base/escape.h"
#include "render/metrics.h"

static const char fonts[] = "Helvetica Neue, Helvetica, Arial, Liberation Sans, Noto Sans, sans-serif";

void path_number(GString *path, double x) {
    gint64 hundredths = (gint64)floor(x * 100 + 0.5);
    gint64 whole = ABS(hundredths) / 100, rest = ABS(hundredths) % 100;
    g_string_append_printf(path, "%s%" G_GINT64_FORMAT, hundredths < 0 ? "-" : "", whole);
    if (rest % 10 != 0)
        g_string_append_printf(path, ".%02d", (int)rest);
    else if (rest != 0)
        g_string_append_printf(path, ".%d", (int)rest / 10);
}

static void path_point(GString *path, Point at) {
    path_number(path, at.x);
    g_string_append_c(path, ' ');
    path_number(path, at.y);
}

void path_move(GString *path, Point to) {
    g_string_append_c(path, 'M');
    path_point(path, to);
}

void path_line(GString *path, Point to) {
    g_string_append_c(path, 'L');
    path_point(path, to);
}

void path_curve(GString *path, Point a, Point b, Point to) {
    g_string_append_c(path, 'C');
    path_point(path, a);
    g_string_append_c(path, ' ');
    path_point(path, b);
    g_string_append_c(path, ' ');
    path_point(path, to);
}

static void number(Svg *svg, const char *name, double x) {
    g_string_append_printf(svg->out, " %s=\"", name);
    path_number(svg->out, x);
    g_string_append_c(svg->out, '"');
}

static void word(Svg *svg, const char *name, const char *value) {
    g_string_append_printf(svg->out, " %s=\"%s\"", name, value);
}

/* Attributes, not a style sheet: drawing programs and slides understand them. */
static void put_paint(Svg *svg, Paint paint) {
    word(svg, "fill", paint.fill != NULL ? paint.fill : "none");
    if (paint.stroke != NULL)
        word(svg, "stroke", paint.stroke);
    if (paint.stroke != NULL && paint.width > 0 && paint.width != 1)
        number(svg, "stroke-width", paint.width);
    if (paint.stroke != NULL && paint.dash != NULL)
        word(svg, "stroke-dasharray", paint.dash);
    if (paint.opacity > 0 && paint.opacity < 1)
        number(svg, "opacity", paint.opacity);
}

static void put_escaped(Svg *svg, const char *text) {
    char *safe = escape_xml(text);
    g_string_append(svg->out, safe);
    g_free(safe);
}

/* The font is whatever sans-serif is there; metrics.h left room for the widest. */
Svg svg_begin(double width, double height, const char *name, const char *title) {
    Svg svg = {g_string_new("<svg xmlns=\"http://www.w3.org/2000/svg\""), g_strdup_printf("url(#%s-hatch)", name)};
    number(&svg, "width", width);
    number(&svg, "height", height);
    g_string_append(svg.out, " viewBox=\"0 0 ");
    path_point(svg.out, (Point){width, height});
    g_string_append_printf(svg.out, "\" role=\"img\" font-family=\"%s\">\n<title>", fonts);
    put_escaped(&svg, title);
    g_string_append_printf(
        svg.out,
        "</title>\n<defs><pattern id=\"%s-hatch\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" "
        "patternTransform=\"rotate(45)\"><path d=\"M0 0V7\" stroke=\"#c81e1e\" stroke-width=\"2\" "
        "stroke-opacity=\"0.28\"/></pattern></defs>\n",
        name);
    return svg;
}

char *svg_end(Svg *svg, bool standalone) {
    g_string_append(svg->out, "</svg>\n");
    if (standalone)
        g_string_prepend(svg->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    g_free(svg->hatch);
    return g_string_free(svg->out, FALSE);
}

const char *svg_hatch(Svg *svg) { return svg->hatch; }

void svg_group(Svg *svg, const char *tooltip) {
    g_string_append(svg->out, "<g>");
    if (tooltip != NULL) {
        g_string_append(svg->out, "<title>");
        put_escaped(svg, tooltip);
        g_string_append(svg->out, "</title>");
    }
    g_string_append_c(svg->out, '\n');
}

void svg_group_at(Svg *svg, Point origin) {
    g_string_append(svg->out, "<g transform=\"translate(");
    path_point(svg->out, origin);
    g_string_append(svg->out, ")\">\n");
}

void svg_group_end(Svg *svg) { g_string_append(svg->out, "</g>\n"); }

void svg_rect(Svg *svg, Rect rect, double radius, Paint paint) {
    g_string_append(svg->out, "<rect");
    number(svg, "x", rect.x0);
    number(svg, "y", rect.y0);
    number(svg, "width", rect.x1 - rect.x0);
    number(svg, "height", rect.y1 - rect.y0);
    if (radius > 0)
        number(svg, "rx", radius);
    put_paint(svg, paint);
    g_string_append(svg->out, "/>\n");
}

void svg_circle(Svg *svg, Point centre, double radius, Paint paint) {
    g_string_append(svg->out, "<circle");
    number(svg, "cx", centre.x);
    number(svg, "cy", centre.y);
    number(svg, "r", radius);
    put_paint(svg, paint);
    g_string_append(svg->out, "/>\n");
}

void svg_line(Svg *svg, Point from, Point to, Paint paint) {
    GString *path = g_string_new(NULL);
    path_move(path, from);
    path_line(path, to);
    svg_path(svg, path->str, paint);
    g_string_free(path, TRUE);
}

void svg_path(Svg *svg, const char *data, Paint paint) {
    g_string_append_printf(svg->out, "<path d=\"%s\"", data);
    put_paint(svg, paint);
    g_string_append(svg->out, "/>\n");
}

void svg_icon(Svg *svg, const char *data, double x, double y, double scale, Paint paint) {
    g_string_append_printf(svg->out, "<path d=\"%s\" transform=\"translate(", data);
    path_point(svg->out, (Point){x, y});
    g_string_append(svg->out, ") scale(");
    path_number(svg->out, scale);
    g_string_append(svg->out, ")\" stroke-linecap=\"round\" stroke-linejoin=\"round\"");
    put_paint(svg, paint);
    g_string_append(svg->out, "/>\n");
}

double svg_text(Svg *svg, Point at, const char *text, TextStyle style) {
    static const char *const anchors[] = {NULL, "middle", "end"};
    char *line = metrics_fit(text, style.size, style.bold, style.room > 0 ? style.room : 1e9);
    g_string_append(svg->out, "<text");
    number(svg, "x", at.x);
    number(svg, "y", at.y);
    number(svg, "font-size", style.size);
    word(svg, "fill", style.fill);
    if (style.bold)
        word(svg, "font-weight", "700");
    if (style.italic)
        word(svg, "font-style", "italic");
    if (anchors[style.anchor] != NULL)
        word(svg, "text-anchor", anchors[style.anchor]);
    g_string_append_c(svg->out, '>');
    put_escaped(svg, line);
    g_string_append(svg->out, "</text>\n");
    double width = metrics_width(line, style.size, style.bold);
    g_free(line);
    return width;
}
