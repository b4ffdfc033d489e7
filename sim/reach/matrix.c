/* matrix.c - every pair of classes at every port that matters. */
#include "reach/reach.h"
#include "reach/reach_private.h"

static void firsts_add(PortSet *asked, const PortSet *ports) {
    for (uint32_t i = 0; i < ports->count; i++)
        ports_add(asked, (PortRange){ports->range[i].protocol, ports->range[i].first, ports->range[i].first});
}

/* The single ports to ask about: the first of each range. */
static PortSet ports_asked(const PortSet *listens, const PortSet *meant) {
    PortSet asked = {0};
    firsts_add(&asked, listens);
    firsts_add(&asked, meant);
    return asked;
}

static void row_add(const Reach *reach, const NetState *state, MatrixRow row, const PortSet *meant, GArray *rows) {
    Query query = {.from = row.from, .to = row.to, .protocol = row.protocol, .port = row.port};
    row.verdict = reach_verdict(reach, state, query);
    row.intended = ports_contain(meant, row.protocol, row.port);
    g_array_append_vals(rows, &row, 1);
}

static void rows_between(const Reach *reach, const NetState *state, ClassId from, ClassId to, GArray *rows) {
    PortSet meant = intent_ports(reach, from, to), listens = service_ports(reach->model, reach->classes[to].component);
    PortSet asked = ports_asked(&listens, &meant);
    PortSet doors = ports_found_at(reach, from, to, &listens);
    bool everything = ports_contain(&asked, PROTOCOL_ANY, 0);
    MatrixRow row = {.from = from, .to = to};
    for (uint32_t i = 0; i < asked.count; i++) {
        row.protocol = (Protocol)asked.range[i].protocol;
        bool portless = row.protocol != PROTOCOL_TCP && row.protocol != PROTOCOL_UDP;
        for (uint32_t port = asked.range[i].first; port <= (portless ? 0 : asked.range[i].last); port++) {
            row.port = (uint16_t)port;
            row_add(reach, state, row, &meant, rows);
        }
    }
    for (uint32_t i = 0; i < doors.count; i++) { /* of what is found at other ports than it listens on */
        row.protocol = (Protocol)doors.range[i].protocol;
        row.port = doors.range[i].first;
        if (row.protocol != PROTOCOL_ANY && (everything || !ports_contain(&asked, row.protocol, row.port)))
            row_add(reach, state, row, &meant, rows);
    }
}

/* What people out there do with each other is nobody's affair. */
static bool is_out_there(const Component *component) { return component->kind->passage.attachment == ATTACH_OUTSIDE; }

/* What those outside every network do with each other is nobody's affair. */
static bool stands_outside(const Party *party) {
    return party->network == NO_NETWORK &&
           (party->component == NULL || party->component->kind->passage.attachment != ATTACH_SUBNETS);
}

/* What others run is called; as a caller it is the internet. */
static bool only_answers(const Component *component) {
    return component != NULL && is_out_there(component) && component->kind->passage.mode == PASSAGE_TERMINATES;
}

MatrixRow *reach_matrix(const Reach *reach, const NetState *state, uint32_t *count) {
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(MatrixRow));
    for (uint32_t i = 0; i <= reach->class_count; i++) {
        ClassId from = i < reach->class_count ? i : CLASS_INTERNET;
        const Component *client = reach->parties[i].component;
        PartyKind kind = reach->parties[i].kind;
        if ((client != NULL && client->kind->passage.mode == PASSAGE_ATTACHES) || only_answers(client) ||
            kind == PARTY_NAT || kind == PARTY_ENDPOINT || kind == PARTY_LINK)
            continue; /* begins no connection of its own */
        for (ClassId to = 0; to < reach->class_count; to++) {
            bool itself = from == to && client->unit_count <= 1;
            if (!itself && !(stands_outside(&reach->parties[i]) && is_out_there(reach->parties[to].component)))
                rows_between(reach, state, from, to, rows);
        }
    }
    *count = rows->len;
    return (MatrixRow *)(void *)g_array_free(rows, FALSE);
}
