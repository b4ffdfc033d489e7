/* metrics.c - a table of character widths, and cutting text to a width. */
#include "render/metrics.h"

#include <string.h>

#include "base/escape.h"

/* Advance widths of U+0020 to U+007E in thousandths of an em, rounded up. Source: the hmtx tables of DejaVu Sans 2.37.
 */
static const short regular[95] = {318,  401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361, 318, 337,
                                  637,  637, 637, 637, 637, 637, 637, 637, 637, 637, 337, 337, 838, 838, 838, 531,
                                  1000, 685, 687, 699, 771, 632, 576, 775, 752, 295, 295, 656, 558, 863, 749, 788,
                                  604,  788, 695, 635, 611, 732, 685, 989, 686, 611, 686, 391, 337, 391, 838, 500,
                                  500,  613, 635, 550, 635, 616, 353, 635, 634, 278, 278, 580, 278, 975, 634, 612,
                                  635,  635, 412, 521, 393, 634, 592, 818, 592, 592, 525, 637, 337, 637, 838};
static const short bold_face[95] = {349,  457, 521, 838, 696, 1002, 873, 307,  458, 458, 523, 838, 380, 416,  380, 366,
                                    696,  696, 696, 696, 696, 696,  696, 696,  696, 696, 400, 400, 838, 838,  838, 581,
                                    1000, 774, 763, 734, 831, 684,  684, 821,  837, 373, 373, 775, 638, 996,  837, 851,
                                    733,  851, 771, 721, 683, 813,  774, 1104, 771, 725, 726, 458, 366, 458,  838, 500,
                                    500,  675, 716, 593, 716, 679,  436, 716,  712, 343, 343, 666, 343, 1042, 712, 688,
                                    716,  716, 494, 596, 479, 712,  652, 924,  646, 652, 583, 712, 366, 712,  838};

static const char ellipsis[] = "\xE2\x80\xA6";

/* Letters outside the table: East Asian ones are an em wide, marks have no width, the rest is a little wider than "m"
 * at the most in the scripts that people name things in. */
static double advance(gunichar c, bool bold) {
    if (c >= 0x20 && c < 0x7f)
        return (bold ? bold_face : regular)[c - 0x20];
    if (c == (gunichar)-1 || !g_unichar_isprint(c))
        return 638;
    if (g_unichar_iszerowidth(c))
        return 0;
    if (c >= 0x2000 && c < 0x2e00)
        return 1000; /* dashes, arrows, signs */
    if (g_unichar_iswide(c) || c == 0xfffd)
        return 1060;
    if (c < 0x250) /* Latin with accents is as wide as without, ligatures apart */
        return g_unichar_isupper(c) ? (bold ? 870 : 790) : (bold ? 720 : 640);
    return g_unichar_isupper(c) ? 1080 : bold ? 950 : 850;
}

double metrics_width(const char *text, double size, bool bold) {
    double width = 0;
    size_t left = strlen(text), bytes;
    for (; left > 0; text += bytes, left -= bytes)
        width += advance(escape_next(text, left, &bytes), bold);
    return width * size / 1000;
}

/* The bytes of `text` that fit, at a character's end; marks stay with their base. */
static size_t fitting(const char *text, double size, bool bold, double room) {
    size_t left = strlen(text), bytes, at = 0;
    for (double width = 0; left > 0; at += bytes, left -= bytes) {
        width += advance(escape_next(text + at, left, &bytes), bold) * size / 1000;
        if (width > room)
            break;
    }
    return at;
}

bool metrics_is_turning(gunichar c) {
    return c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static char *one_line(const char *text) {
    GString *line = g_string_new(NULL);
    size_t left = strlen(text), bytes;
    for (; left > 0; text += bytes, left -= bytes) {
        gunichar c = escape_next(text, left, &bytes);
        if (c == (gunichar)-1 || metrics_is_turning(c))
            c = 0xfffd;
        g_string_append_unichar(line, c < 0x20 || c == 0x7f ? ' ' : c);
    }
    return g_string_free(line, FALSE);
}

char *metrics_fit(const char *text, double size, bool bold, double room) {
    char *line = one_line(text);
    if (metrics_width(line, size, bold) <= room)
        return line;
    size_t keep = fitting(line, size, bold, room - metrics_width(ellipsis, size, bold));
    while (keep > 0 && line[keep - 1] == ' ')
        keep--;
    line[keep] = '\0';
    char *cut = g_strconcat(line, ellipsis, NULL);
    g_free(line);
    return cut;
}

char **metrics_wrap(const char *text, double size, bool bold, double room, size_t most) {
    GPtrArray *lines = g_ptr_array_new();
    char *all = one_line(text);
    const char *rest = g_strstrip(all);
    while (*rest != '\0' && lines->len + 1 < most) {
        size_t keep = fitting(rest, size, bold, room);
        if (rest[keep] == '\0')
            break;
        size_t blank = keep;
        while (blank > 0 && rest[blank] != ' ')
            blank--;
        if (blank > 0)
            keep = blank;
        if (keep == 0)
            break;
        g_ptr_array_add(lines, g_strchomp(g_strndup(rest, keep)));
        rest += keep;
        while (*rest == ' ')
            rest++;
    }
    if (*rest != '\0')
        g_ptr_array_add(lines, metrics_fit(rest, size, bold, room));
    g_ptr_array_add(lines, NULL);
    g_free(all);
    return (char **)g_ptr_array_free(lines, FALSE);
}
