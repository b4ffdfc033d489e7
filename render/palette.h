/* palette.h - one language of colour: cool hues say what a thing is, warm ones and purple how it is.
 *
 * Chosen so that the kinds of colour blindness tell them apart, and never alone: a state is also a word and a hatching,
 * an arrow that carries nothing good is also dashed. All texts keep a contrast of at least 4.5 to 1 on their ground. */
#ifndef FAULTLINE_RENDER_PALETTE_H
#define FAULTLINE_RENDER_PALETTE_H

#include "render/document.h"

#define INK "#1f2933"
#define INK_SOFT "#52606d"
#define INK_FAINT "#6b7785"
#define RULE "#cbd2d9"
#define PAPER "#ffffff"
#define GOOD "#1768ac"     /* at least 99 % of what was asked is answered well */
#define MIDDLING "#b26a00" /* at least 90 % */
#define BAD "#c81e1e"
#define UNKNOWN "#7b8794" /* no requests, or nobody counted */
#define INTRUDER "#6b21a8"

typedef struct {
    const char *fill, *stroke, *dash;
    double width;
    const char *ink; /* of the counts */
    const char *tag; /* ground of the word at the corner; NULL: a state that needs no word */
    bool hatched;
} StatePaint;

const StatePaint *palette_state(State state);

/* Colour and icon of a role: path data in a square of 24. */
const char *palette_role_colour(Role role);
const char *palette_icon(Role role, const char *symbol); /* of an unknown symbol, and of NULL: the role's */
const char *palette_role_name(Role role);                /* for the legend: "load balancer" */

/* An arrow's colour by the share of good answers; negative: unknown. */
const char *palette_share(double good_share);

#endif
