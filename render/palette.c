/* palette.c - the colours, and the icons of the roles. */
#include "render/palette.h"

const StatePaint *palette_state(State state) {
    static const StatePaint paints[STATE_COUNT] = {
        [STATE_HEALTHY] = {PAPER, "#52606d", NULL, 1.2, INK_SOFT, NULL, false},
        [STATE_DEGRADED] = {"#fff7e0", "#b26a00", NULL, 1.8, "#7a4900", "#9a5b00", false},
        [STATE_FAILED] = {"#fdeaea", "#c81e1e", NULL, 2, "#9b1313", "#c81e1e", true},
        [STATE_OVERLOADED] = {"#ffdf9b", "#9a5b00", NULL, 2.2, "#653c00", "#7a4900", false},
        [STATE_IDLE] = {"#eef1f4", "#9aa5b1", "3 3", 1.2, INK_SOFT, "#6b7785", false},
        [STATE_OWNED] = {"#eddcfa", INTRUDER, NULL, 2.6, INTRUDER, INTRUDER, false},
        [STATE_EXPOSED] = {"#f9f3fe", INTRUDER, "6 3", 1.6, INTRUDER, "#8b3fc7", false},
    };
    return &paints[state];
}

const char *palette_role_colour(Role role) {
    static const char *const colours[ROLE_COUNT] = {"#52606d", "#0f766e", "#1e3a8a", "#1768ac", "#0e7490", "#334e68"};
    return colours[role];
}

const char *palette_role_name(Role role) {
    static const char *const names[ROLE_COUNT] = {"users", "name service", "edge", "load balancer", "compute", "store"};
    return names[role];
}

const char *palette_role_icon(Role role) {
    static const char *const icons[ROLE_COUNT] = {
        /* head and shoulders */
        "M12 4a4 4 0 1 1 0 8a4 4 0 1 1 0 -8M4 21c0 -4.5 3.5 -7 8 -7s8 2.5 8 7",
        /* a globe */
        "M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0 -18M3 12H21M12 3c-5 5 -5 13 0 18M12 3c5 5 5 13 0 18",
        /* a shield */
        "M12 3l8 3v5c0 5 -3.4 8.4 -8 10c-4.6 -1.6 -8 -5 -8 -10V6z",
        /* one into three */
        "M3 12H9M9 12C14 12 12 5 20 5M9 12H20M9 12C14 12 12 19 20 19M17.5 3l3 2l-3 2M17.5 10l3 2l-3 2M17.5 17l3 2l-3 2",
        /* two servers in a rack */
        "M4 4H20V11H4zM4 13H20V20H4zM7.5 7.5H8M7.5 16.5H8M12 7.5H17M12 16.5H17",
        /* a cylinder */
        "M4 6c0 -4 16 -4 16 0s-16 4 -16 0V18c0 4 16 4 16 0V6M4 12c0 4 16 4 16 0",
    };
    return icons[role];
}

const char *palette_share(double good_share) {
    if (good_share < 0)
        return UNKNOWN;
    return good_share >= 0.99 ? GOOD : good_share >= 0.9 ? MIDDLING : BAD;
}
