/* overlay.c - a network of one's own over those of others: an agent on each machine keeps a tunnel open to a node that
 * carries.
 *
 * What passes it is encrypted from agent to agent, so no route table has an entry for it and no filter on the way sees
 * more of it than tunnels at one port. Those have to be let through. Left out on purpose: the time that its nodes take
 * to pass things on, addresses of its own, and how long an agent takes to find another node when its own has died. */
#include <glib.h>

#include "contract/kind.h"
#include "net/ports.h"

typedef struct {
    const char *port;
} OverlaySpec;

static const Field overlay_fields[] = {
    FIELD_ROW(OverlaySpec, port, FIELD_TYPE_TEXT, "udp/51820", NULL, NULL,
              "what its tunnels look like from outside: where its nodes answer",
              "WireGuard: UDP, 51820 in its own examples; IPsec through NAT: udp/4500 (RFC 3948); OpenVPN: udp/1194"),
    FIELD_END,
};

/* False: not one protocol and one port. */
static bool overlay_port(const OverlaySpec *spec, PortRange *port) {
    PortSet ports = {0};
    char *why = NULL;
    bool good = ports_parse(spec->port, &ports, &why) && ports.count == 1 &&
                ports.range[0].first == ports.range[0].last &&
                (ports.range[0].protocol == PROTOCOL_TCP || ports.range[0].protocol == PROTOCOL_UDP);
    g_free(why);
    *port = good ? ports.range[0] : (PortRange){0};
    return good;
}

static void overlay_check(const void *spec, const char *name, Mark mark, Diagnostics *diagnostics) {
    PortRange port;
    const OverlaySpec *overlay = spec;
    if (!overlay_port(overlay, &port))
        diag_error(diagnostics, mark, "write port: udp/51820", "overlay '%s' needs one port of UDP or TCP, not '%s'",
                   name, overlay->port);
}

static PassageFacts overlay_passes(const void *spec) {
    PortRange port;
    overlay_port(spec, &port);
    return (PassageFacts){.carrier_protocol = port.protocol, .carrier_port = port.first};
}

static const char *const overlay_shows[] = {"port", NULL};

const Kind kind_overlay = {
    .name = "overlay",
    .summary =
        "joins machines on which its agent runs, through nodes of one's own, whatever the networks beneath route",
    .role = ROLE_LINK,
    .symbol = "overlay",
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_FORWARDS, .attachment = ATTACH_JOIN, .groups = GROUPS_NEVER, .join = JOIN_OVERLAY},
    .fields = overlay_fields,
    .shows = overlay_shows,
    .spec_size = sizeof(OverlaySpec),
    .check = overlay_check,
    .passes = overlay_passes,
};
