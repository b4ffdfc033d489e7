/* matrix.c - every pair of classes at every port that matters. */
#include "reach/reach.h"
#include "reach/reach_private.h"

/* The single ports to ask about: the first of each range. */
static PortSet ports_asked(const Reach *reach, ClassId to, const PortSet *meant) {
    PortSet asked = {0}, listens = service_ports(reach->model, reach->classes[to].component);
    for (int i = 0; i < 2; i++) {
        const PortSet *from = i == 0 ? &listens : meant;
        for (uint32_t k = 0; k < from->count; k++)
            ports_add(&asked, (PortRange){from->range[k].protocol, from->range[k].first, from->range[k].first});
    }
    return asked;
}

static void rows_between(const Reach *reach, const NetState *state, ClassId from, ClassId to, GArray *rows) {
    PortSet meant = intent_ports(reach, from, to), asked = ports_asked(reach, to, &meant);
    for (uint32_t i = 0; i < asked.count; i++) {
        for (uint32_t port = asked.range[i].first; port <= asked.range[i].last; port++) {
            MatrixRow row = {
                .from = from, .to = to, .protocol = (Protocol)asked.range[i].protocol, .port = (uint16_t)port};
            bool portless = row.protocol != PROTOCOL_TCP && row.protocol != PROTOCOL_UDP;
            Query query = {.from = from, .to = to, .protocol = row.protocol, .port = row.port};
            row.verdict = reach_verdict(reach, state, query);
            row.intended = ports_contain(&meant, row.protocol, row.port);
            g_array_append_vals(rows, &row, 1);
            if (portless)
                break;
        }
    }
}

MatrixRow *reach_matrix(const Reach *reach, const NetState *state, uint32_t *count) {
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(MatrixRow));
    for (uint32_t i = 0; i <= reach->class_count; i++) {
        ClassId from = i < reach->class_count ? i : CLASS_INTERNET;
        const Component *client = reach->parties[i].component;
        PartyKind kind = reach->parties[i].kind;
        if ((client != NULL && client->kind->passage.mode == PASSAGE_ATTACHES) || kind == PARTY_NAT ||
            kind == PARTY_ENDPOINT || kind == PARTY_LINK)
            continue; /* begins no connection of its own */
        for (ClassId to = 0; to < reach->class_count; to++)
            if (from != to || client->unit_count > 1) /* nobody connects to himself */
                rows_between(reach, state, from, to, rows);
    }
    *count = rows->len;
    return (MatrixRow *)(void *)g_array_free(rows, FALSE);
}
