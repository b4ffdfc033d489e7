/* audit.c - what a review of the network stops at: excess, broken, public, hosts in the open, management ports. */
#include <string.h>

#include "base/bug.h"
#include "reach/reach.h"
#include "reach/reach_private.h"

/* ---- collecting: one row a question between components --------------------------------------------------------------
 */
typedef struct {
    const Reach *reach;
    GArray *rows; /* of AuditRow */
} Audit;

static int compare(const Reach *reach, const AuditRow *a, const AuditRow *b) {
    uint64_t x[] = {a->kind, reach_class_component(reach, a->row.from), reach_class_component(reach, a->row.to),
                    a->row.protocol, a->row.port};
    uint64_t y[] = {b->kind, reach_class_component(reach, b->row.from), reach_class_component(reach, b->row.to),
                    b->row.protocol, b->row.port};
    for (size_t i = 0; i < G_N_ELEMENTS(x); i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

static gint compare_rows(gconstpointer a, gconstpointer b, gpointer reach) { return compare(reach, a, b); }

static void note(Audit *audit, AuditKind kind, const MatrixRow *row) {
    AuditRow found = {kind, *row};
    g_array_append_val(audit->rows, found);
}

/* ---- the matrix ----------------------------------------------------------------------------------------------------
 */
typedef struct {
    ClassId to;
    Protocol protocol;
    uint16_t port;
} Public;

static int compare_public(gconstpointer a, gconstpointer b) {
    const Public *x = a, *y = b;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    if (x->protocol != y->protocol)
        return x->protocol < y->protocol ? -1 : 1;
    return x->port < y->port ? -1 : x->port > y->port;
}

/* The internet is the last source of a matrix, and its rows are in order of their targets. */
static GArray *publics_of(const MatrixRow *rows, uint32_t count) {
    GArray *publics = g_array_new(FALSE, FALSE, sizeof(Public));
    for (uint32_t i = 0; i < count; i++) {
        Public open = {rows[i].to, rows[i].protocol, rows[i].port};
        if (rows[i].from == CLASS_INTERNET && rows[i].verdict.kind == VERDICT_REACH)
            g_array_append_val(publics, open);
    }
    g_array_sort(publics, compare_public);
    return publics;
}

static bool is_public(const GArray *publics, const MatrixRow *row) {
    Public key = {row->to, row->protocol, row->port};
    return publics->len > 0 && bsearch(&key, publics->data, publics->len, sizeof key,
                                       (int (*)(const void *, const void *))compare_public) != NULL;
}

/* Run by the customer: somebody could log in. */
static bool is_host(const Reach *reach, ClassId id) {
    const Component *component = &reach->model->components[reach->classes[id].component];
    return component->kind->passage.attachment == ATTACH_SUBNETS && !component_is_managed(component);
}

static void audit_row(Audit *audit, const GArray *publics, const MatrixRow *row) {
    bool open = row->verdict.kind == VERDICT_REACH, from_all = row->from == CLASS_INTERNET;
    if (open && !row->intended && (from_all || !is_public(publics, row)))
        note(audit, AUDIT_EXCESS, row);
    if (!open && row->intended)
        note(audit, AUDIT_BROKEN, row);
    if (open && from_all)
        note(audit, AUDIT_PUBLIC, row);
    if (open && from_all && is_host(audit->reach, row->to))
        note(audit, AUDIT_HOST, row);
}

/* ---- management ----------------------------------------------------------------------------------------------------
 */
static bool gets_through(const Verdict *verdict) {
    return verdict->kind == VERDICT_REACH || strcmp(verdict->code, "LISTENER_MISSING") == 0;
}

/* What a bastion is there for: to be connected to where it listens, and to connect to the others. */
static bool is_meant_for_it(const Reach *reach, ClassId from, ClassId to, uint16_t port) {
    const Component *server = reach->parties[to].component;
    bool by_bastion = from != CLASS_INTERNET && reach->parties[from].component->kind->passage.manages;
    return by_bastion || (server->kind->passage.manages && ports_contain(&server->listens, PROTOCOL_TCP, port));
}

static void audit_management(Audit *audit, const NetState *state, ClassId from, ClassId to) {
    static const uint16_t ports[] = {22, 3389, 5985, 5986}; /* SSH, RDP, WinRM */
    for (size_t i = 0; i < G_N_ELEMENTS(ports); i++) {
        PortSet inside = {.range = {{PROTOCOL_TCP, ports[i], ports[i]}}, .count = 1};
        uint16_t port = ports_found_at(audit->reach, from, to, &inside).range[0].first;
        Query query = {.from = from, .to = to, .protocol = PROTOCOL_TCP, .port = port};
        MatrixRow row = {.from = from, .to = to, .protocol = PROTOCOL_TCP, .port = port};
        if (is_meant_for_it(audit->reach, from, to, ports[i]))
            continue;
        row.verdict = reach_verdict(audit->reach, state, query);
        if (gets_through(&row.verdict))
            note(audit, AUDIT_MANAGEMENT, &row);
    }
}

/* From the internet and from every host and site; populations are part of the internet. */
static bool manages(const Reach *reach, ClassId from) {
    const Component *component = reach->parties[from].component;
    return component->kind->passage.mode != PASSAGE_ATTACHES && component->kind->role != ROLE_POPULATION &&
           !component_is_managed(component);
}

AuditRow *reach_audit(const Reach *reach, const NetState *state, const MatrixRow *rows, uint32_t row_count,
                      uint32_t *count) {
    Audit audit = {reach, g_array_new(FALSE, FALSE, sizeof(AuditRow))};
    GArray *publics = publics_of(rows, row_count);
    for (uint32_t i = 0; i < row_count; i++)
        audit_row(&audit, publics, &rows[i]);
    for (ClassId to = 0; to < reach->class_count; to++) {
        if (!is_host(reach, to))
            continue;
        for (ClassId from = 0; from < reach->class_count; from++)
            if (from != to && manages(reach, from))
                audit_management(&audit, state, from, to);
        audit_management(&audit, state, CLASS_INTERNET, to);
    }
    g_array_free(publics, TRUE);
    g_array_sort_with_data(audit.rows, compare_rows, (gpointer)(uintptr_t)reach);
    AuditRow *all = (AuditRow *)(void *)audit.rows->data;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < audit.rows->len; i++)
        if (kept == 0 || compare(reach, &all[kept - 1], &all[i]) != 0)
            all[kept++] = all[i];
    *count = kept;
    return (AuditRow *)(void *)g_array_free(audit.rows, FALSE);
}
