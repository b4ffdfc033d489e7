/* palette.c - the colours, and the icons of the roles. */
#include "render/palette.h"

#include <string.h>

const StatePaint *palette_state(State state) {
    static const StatePaint paints[STATE_COUNT] = {
        [STATE_HEALTHY] = {PAPER, "#52606d", NULL, 1.2, INK_SOFT, NULL, false},
        [STATE_DEGRADED] = {"#fff7e0", "#b26a00", NULL, 1.8, "#7a4900", "#9a5b00", false},
        [STATE_FAILED] = {"#fdeaea", "#c81e1e", NULL, 2, "#9b1313", "#c81e1e", true},
        [STATE_OVERLOADED] = {"#ffdf9b", "#9a5b00", NULL, 2.2, "#653c00", "#7a4900", false},
        [STATE_IDLE] = {"#eef1f4", "#9aa5b1", "3 3", 1.2, INK_SOFT, "#6b7785", false},
        [STATE_OWNED] = {"#eddcfa", INTRUDER, NULL, 2.6, INTRUDER, INTRUDER, false},
        [STATE_EXPOSED] = {"#f9f3fe", INTRUDER, "6 3", 1.6, INTRUDER, "#8b3fc7", false},
        [STATE_AT_RISK] = {PAPER, "#8b3fc7", "2 4", 1.4, INK_SOFT, "#a779cf", false},
    };
    return &paints[state];
}

const char *palette_role_colour(Role role) {
    static const char *const colours[ROLE_COUNT] = {"#52606d", "#0f766e", "#1e3a8a", "#1768ac",
                                                    "#0e7490", "#334e68", "#7a5c2e", "#4a5d23"};
    return colours[role];
}

const char *palette_role_name(Role role) {
    static const char *const names[ROLE_COUNT] = {"users",   "name service", "edge",    "load balancer",
                                                  "compute", "store",        "gateway", "provider's service"};
    return names[role];
}

static const char *role_icon(Role role) {
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
        /* there and back */
        "M4 9H19M15 5l4 4l-4 4M20 16H5M9 12l-4 4l4 4",
        /* a cloud */
        "M7 18a4 4 0 0 1 0 -8a5.5 5.5 0 0 1 10.5 -1a4.5 4.5 0 0 1 -.5 9z",
    };
    return icons[role];
}

const char *palette_icon(Role role, const char *symbol) {
    static const char *const symbols[][2] = {
        /* a box with a lid */
        {"archive", "M3 5H21V9H3zM5 9V20H19V9M10 13H14"},
        /* a pail */
        {"bucket", "M4 6c0 -2.5 16 -2.5 16 0s-16 2.5 -16 0L6.5 20c1 1.5 10 1.5 11 0L20 6"},
        /* a house of windows */
        {"building", "M5 21V3H19V21zM9 7H10M14 7H15M9 11H10M14 11H15M9 15H10M14 15H15"},
        /* a seal with ribbons */
        {"certificate", "M12 3a6 6 0 1 1 0 12a6 6 0 1 1 0 -12M8.5 14L7 21L12 18.5L17 21L15.5 14"},
        /* a plug */
        {"endpoint", "M8 3V8M16 3V8M6 8H18V12a6 6 0 0 1 -12 0zM12 18V22"},
        /* a lambda */
        {"function", "M7 4H10L17 20M12 9L6.5 20"},
        /* a wheel */
        {"hub",
         "M12 9a3 3 0 1 1 0 6a3 3 0 1 1 0 -6M12 9V3M12 15V21M9.4 10.5L4 7.5M14.6 13.5L20 16.5M14.6 10.5L20 7.5M9.4 "
         "13.5L4 16.5"},
        /* a face on a card */
        {"identity",
         "M3 5H21V19H3zM8.5 8a2.2 2.2 0 1 1 0 4.4a2.2 2.2 0 1 1 0 -4.4M5 16.5a3.6 3.6 0 0 1 7 0M15 9.5H19M15 13H19"},
        /* a looking glass */
        {"inspection", "M10.5 4a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0 -13M15.2 15.2L21 21"},
        /* a cable between two plugs */
        {"line", "M3 8V16M6 8V16M18 8V16M21 8V16M6 12H18"},
        /* one for many */
        {"nat", "M3 5L11 12M3 12H20M3 19L11 12M16 8l4 4l-4 4"},
        /* an arch over two machines */
        {"overlay",
         "M5 15a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0 -5M19 15a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0 -5M5 15C6 3 18 3 19 15"},
        /* two rings */
        {"peering", "M9 6.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0 -11M15 6.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0 -11"},
        /* messages in a row */
        {"queue", "M3 7H7V17H3zM10 7H14V17H10zM17 7H21V17H17z"},
        /* a small box beside a large one */
        {"sidecar", "M3 5H14V19H3zM17 9H21V15H17zM14 12H17"},
        /* from one to all */
        {"topic",
         "M12 10.5a1.5 1.5 0 1 1 0 3a1.5 1.5 0 1 1 0 -3M8 8a5.7 5.7 0 0 0 0 8M16 8a5.7 5.7 0 0 1 0 8M5 5a10 10 0 "
         "0 0 0 14M19 5a10 10 0 0 1 0 14"},
        /* a lock */
        {"tunnel", "M5 11H19V20H5zM8 11V8a4 4 0 0 1 8 0V11M12 15V16"},
    };
    for (size_t i = 0; symbol != NULL && i < G_N_ELEMENTS(symbols); i++)
        if (strcmp(symbols[i][0], symbol) == 0)
            return symbols[i][1];
    return role_icon(role);
}

const char *palette_share(double good_share) {
    if (good_share < 0)
        return UNKNOWN;
    return good_share >= 0.99 ? GOOD : good_share >= 0.9 ? MIDDLING : BAD;
}
