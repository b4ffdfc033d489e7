/* misroute.c - a wrong route gets into every route table of a network: a bad propagation, or a slip of the pen.
 *
 * It counts as any route does: the longest prefix wins, so what it does not cover goes on as before. Where a table has
 * a route to just that prefix, the wrong one takes its place while it lasts. */
#include "contract/fault.h"

typedef struct {
    const char *to, *via;
} MisrouteSpec;

static const Field misroute_fields[] = {
    FIELD_TEXT(MisrouteSpec, to, FIELD_REQUIRED, "what it leads to: a range, a stack, a site, internet"),
    FIELD_TEXT(MisrouteSpec, via, "blackhole", "by which way: blackhole, or a gateway or connection"),
    FIELD_END,
};

/* Everything works on; only the way is wrong. */
static void misroute_bend(const void *spec, Condition *condition) {
    (void)spec;
    (void)condition;
}

static WrongRoute misroute_routes(const void *spec) {
    const MisrouteSpec *misroute = spec;
    return (WrongRoute){misroute->to, misroute->via};
}

const FaultKind fault_misroute = {
    .name = "misroute",
    .verb = "misroute",
    .summary = "a wrong route gets into every route table of a stack's network",
    .fields = misroute_fields,
    .spec_size = sizeof(MisrouteSpec),
    .bend = misroute_bend,
    .routes = misroute_routes,
};
