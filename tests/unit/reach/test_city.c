/* test_city.c - what is asked of whole estates, worked out a second time from the words of reach.h: the matrix and what
 * flows mean, the findings of a review, single points of failure and least cuts, ways around and through relays. */
#include <glib.h>
#include <string.h>

#include "reach/reach.h"
#include "tests/unit/reach/city_flows.h"

enum { CITIES = 90, MANAGEMENT = 4 };

static Attachment attachment(const Component *component) { return component->kind->passage.attachment; }

/* ---- the matrix ----------------------------------------------------------------------------------------------------
 */
static bool begins(const City *c, ClassId from) {
    const Component *client = city_component(c, from);
    return client == NULL ||
           !(city_is(client, "dns") || city_is(client, "outside_service") || city_is(client, "nat_gateway") ||
             city_is(client, "interface_endpoint") || city_is(client, "vpn"));
}

static bool is_asked(const City *c, ClassId from, ClassId to) {
    const Component *client = city_component(c, from), *server = city_component(c, to);
    bool outside = client == NULL || (attachment(client) != ATTACH_SUBNETS && attachment(client) != ATTACH_SITE);
    return begins(c, from) && (from != to || client->unit_count > 1) &&
           !(outside && attachment(server) == ATTACH_OUTSIDE);
}

static uint32_t rows_seen, meant_seen, found_seen[AUDIT_KINDS];

static void check_matrix(const City *c, const MatrixRow *rows, uint32_t row_count) {
    uint32_t at = 0;
    for (uint32_t i = 0; i <= c->count; i++)
        for (ClassId to = 0; to < c->count; to++) {
            ClassId from = city_source(c, i);
            if (!is_asked(c, from, to))
                continue;
            Ports asked = city_answers_on(c, c->classes[to].component),
                  intent = city_meant(c, from, c->classes[to].component);
            for (uint32_t k = 0; k < intent.count; k++)
                ports_put(&asked, intent.at[k]);
            for (uint32_t k = 0; k < asked.count; k++, at++) {
                g_assert_cmpuint(at, <, row_count);
                const MatrixRow *row = &rows[at];
                Protocol protocol = (Protocol)(asked.at[k] >> 16);
                Verdict verdict = city_ask(c, from, to, protocol, (uint16_t)asked.at[k]);
                g_assert_true(row->from == from && row->to == to && row->protocol == protocol &&
                              row->port == (uint16_t)asked.at[k]);
                g_assert_true(row->verdict.kind == verdict.kind && row->verdict.element == verdict.element);
                g_assert_cmpint(row->intended, ==, ports_have(&intent, asked.at[k]));
                meant_seen += row->intended;
            }
        }
    g_assert_cmpuint(at, ==, row_count);
    rows_seen += at;
}

/* ---- a review ------------------------------------------------------------------------------------------------------
 */
static bool is_host(const City *c, ClassId id) {
    static const char *const run_by_customers[] = {"instances", "bastion", "egress_proxy", "data_centre", "cache"};
    const Component *component = city_component(c, id);
    for (size_t i = 0; i < G_N_ELEMENTS(run_by_customers); i++)
        if (city_is(component, run_by_customers[i]))
            return true;
    return false;
}

typedef struct {
    GHashTable *rows; /* "kind from to protocol port" */
} Findings;

static void find(const City *c, Findings *findings, AuditKind kind, ClassId from, ClassId to, Protocol protocol,
                 uint16_t port) {
    const Component *client = city_component(c, from);
    g_hash_table_add(findings->rows, g_strdup_printf("%d %s %s %d %u", kind, client != NULL ? client->name : "internet",
                                                     city_component(c, to)->name, protocol, port));
}

static void find_in_row(const City *c, Findings *findings, const MatrixRow *row) {
    bool open = row->verdict.kind == VERDICT_REACH, all = row->from == CLASS_INTERNET;
    bool open_to_all = is_asked(c, CLASS_INTERNET, row->to) &&
                       city_ask(c, CLASS_INTERNET, row->to, row->protocol, row->port).kind == VERDICT_REACH;
    if (open && !row->intended && (all || !open_to_all))
        find(c, findings, AUDIT_EXCESS, row->from, row->to, row->protocol, row->port);
    if (!open && row->intended)
        find(c, findings, AUDIT_BROKEN, row->from, row->to, row->protocol, row->port);
    if (open && all)
        find(c, findings, AUDIT_PUBLIC, row->from, row->to, row->protocol, row->port);
    if (open && all && is_host(c, row->to) && attachment(city_component(c, row->to)) == ATTACH_SUBNETS)
        find(c, findings, AUDIT_HOST, row->from, row->to, row->protocol, row->port);
}

/* From the internet and from what the customer runs, but for what is there for it: a bastion. */
static void find_management(const City *c, Findings *findings, ClassId from, ClassId to) {
    static const uint16_t ports[MANAGEMENT] = {22, 3389, 5985, 5986};
    const Component *client = city_component(c, from), *server = city_component(c, to);
    if (from == to || !is_host(c, to) || attachment(server) != ATTACH_SUBNETS || (client != NULL && !is_host(c, from)))
        return;
    for (int i = 0; i < MANAGEMENT; i++) {
        Verdict verdict = city_ask(c, from, to, PROTOCOL_TCP, ports[i]);
        bool through = verdict.kind == VERDICT_REACH || strcmp(verdict.code, "LISTENER_MISSING") == 0;
        bool meant_for_it = (client != NULL && city_is(client, "bastion")) ||
                            (city_is(server, "bastion") && ports_contain(&server->listens, PROTOCOL_TCP, ports[i]));
        if (through && !meant_for_it)
            find(c, findings, AUDIT_MANAGEMENT, from, to, PROTOCOL_TCP, ports[i]);
    }
}

static void check_audit(const City *c, const MatrixRow *rows, uint32_t row_count) {
    Findings findings = {g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    uint32_t count;
    AuditRow *found = reach_audit(c->r->reach, c->r->state, rows, row_count, &count);
    for (uint32_t i = 0; i < row_count; i++)
        find_in_row(c, &findings, &rows[i]);
    for (uint32_t i = 0; i <= c->count; i++)
        for (ClassId to = 0; to < c->count; to++)
            find_management(c, &findings, city_source(c, i), to);
    for (uint32_t i = 0; i < count; i++) {
        const MatrixRow *row = &found[i].row;
        const Component *client = city_component(c, row->from);
        char *key = g_strdup_printf("%d %s %s %d %u", found[i].kind, client != NULL ? client->name : "internet",
                                    city_component(c, row->to)->name, row->protocol, row->port);
        if (!g_hash_table_contains(findings.rows, key))
            g_test_message("%s\nno finding: %s", c->r->text, key);
        g_assert_true(g_hash_table_remove(findings.rows, key)); /* each of them once */
        g_assert_cmpint(row->verdict.kind, ==, city_ask(c, row->from, row->to, row->protocol, row->port).kind);
        g_assert_true(i == 0 || found[i - 1].kind <= found[i].kind);
        found_seen[found[i].kind]++;
        g_free(key);
    }
    GHashTableIter iter;
    gpointer key;
    for (g_hash_table_iter_init(&iter, findings.rows); g_hash_table_iter_next(&iter, &key, NULL);)
        g_test_message("%s\nnot found: %s", c->r->text, (const char *)key);
    g_assert_cmpuint(g_hash_table_size(findings.rows), ==, 0);
    g_hash_table_destroy(findings.rows);
    g_free(found);
}

/* ---- names and usual questions -------------------------------------------------------------------------------------
 */
static void check_names(const City *c) {
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (uint32_t i = 0; i <= c->count; i++) {
        char *name = reach_class_name(c->r->reach, city_source(c, i));
        uint32_t alike = 0;
        for (ClassId k = 0; i < c->count && k < c->count; k++)
            alike += c->classes[k].component == c->classes[i].component;
        if (i < c->count)
            g_assert_cmpint(strcmp(name, city_component(c, i)->name) == 0, ==, alike == 1);
        if (alike > 1) {
            const Place *subnet = &c->model->places[c->classes[i].subnet];
            char *expected =
                g_strdup_printf("%s in %s", city_component(c, i)->name, c->model->places[subnet->parent].name);
            g_assert_cmpstr(name, ==, expected); /* one subnet in each zone */
            g_free(expected);
        }
        g_assert_true(g_hash_table_add(names, name));
    }
    g_hash_table_destroy(names);
}

static void check_usual(const City *c, ClassId from, ClassId to) {
    Query query = reach_usual(c->r->reach, from, to);
    Ports ports = {0};
    if (to != CLASS_INTERNET)
        ports = from == CLASS_INTERNET ? city_answers_on(c, c->classes[to].component)
                                       : city_ports_between(c, c->classes[from].component, c->classes[to].component);
    uint32_t expected = ports.count > 0 ? ports.at[0] : (uint32_t)PROTOCOL_TCP << 16 | 443;
    g_assert_cmpuint((uint32_t)query.protocol << 16 | query.port, ==, expected);
    g_assert_true(query.from == from && query.to == to);
}

/* ---- through a relay -----------------------------------------------------------------------------------------------
 */
static uint32_t relayed, turned_away;

static void check_through(const City *c, Query query, ComponentId relay) {
    Query leg;
    Verdict verdict = reach_through(c->r->reach, c->r->state, query, relay, &leg);
    const PortSet *listens = &c->model->components[relay].listens;
    bool open = false, arrives = false, any = false;
    ClassId told = CLASS_INTERNET; /* the first node, when none will do */
    for (ClassId node = 0; node < c->count; node++) {
        if (c->classes[node].component != relay || node == query.from || node == query.to)
            continue;
        bool first =
            city_ask(c, query.from, node, (Protocol)listens->range[0].protocol, listens->range[0].first).kind ==
            VERDICT_REACH;
        told = any ? told : node;
        any = true;
        arrives = arrives || first;
        open = open || (first && city_ask(c, node, query.to, query.protocol, query.port).kind == VERDICT_REACH);
    }
    g_assert_cmpint(verdict.kind == VERDICT_REACH, ==, open);
    g_assert_true(open || !any || leg.from == told || leg.to == told);
    if (!any) {
        g_assert_true(verdict.kind == VERDICT_NO_ROUTE && strcmp(verdict.code, "UNASSOCIATED_COMPONENT") == 0);
        return;
    }
    if (leg.from != query.from || leg.to == query.to) /* the second one */
        g_assert_true(leg.to == query.to && leg.port == query.port);
    Verdict decided = reach_verdict(c->r->reach, c->r->state, leg);
    g_assert_true(decided.kind == verdict.kind && strcmp(decided.code, verdict.code) == 0);
    if (!arrives)
        g_assert_true(leg.from == query.from && c->classes[leg.to].component == relay);
    relayed += open;
    turned_away += !open;
}

/* ---- many ----------------------------------------------------------------------------------------------------------
 */
static void check_bits(const City *c, Draw *luck) {
    static const Service services[] = {
        {PROTOCOL_TCP, 443}, {PROTOCOL_TCP, 8080}, {PROTOCOL_TCP, 22}, {PROTOCOL_TCP, 5432}, {PROTOCOL_UDP, 53}};
    ReachBits *bits = reach_bits_new(c->r->reach, c->r->state, services, G_N_ELEMENTS(services));
    for (uint32_t s = 0; s < G_N_ELEMENTS(services); s++)
        for (uint32_t i = 0; i < 6 * c->count; i++) {
            ClassId from = city_source(c, (uint32_t)draw_below(luck, c->count + 1)),
                    to = city_source(c, (uint32_t)draw_below(luck, c->count + 1));
            g_assert_cmpint(reach_bits_connect(bits, s, from, to), ==,
                            city_ask(c, from, to, services[s].protocol, services[s].port).kind == VERDICT_REACH);
        }
    reach_bits_free(bits);
}

static void check_pairs(const City *c, Draw *luck) {
    for (int i = 0; i < 40; i++) {
        ClassId from = city_source(c, (uint32_t)draw_below(luck, c->count + 1)),
                to = city_source(c, (uint32_t)draw_below(luck, c->count + 1));
        check_usual(c, from, to);
        for (ComponentId relay = 0; relay < c->model->component_count; relay++) {
            bool relays = city_is(&c->model->components[relay], "bastion") ||
                          city_is(&c->model->components[relay], "egress_proxy");
            g_assert_cmpint(reach_relays(c->model, relay), ==, relays);
            Query query = {.from = from, .to = to, .protocol = PROTOCOL_TCP, .port = i % 2 ? 443 : 22};
            if (relays && from != to)
                check_through(c, query, relay);
        }
    }
}

static void test_city(void) {
    Stream stream = luck_stream((Luck){15, 0}, "test_city", "cities");
    for (uint64_t n = 0; n < CITIES; n++) {
        Draw luck = stream_draw(&stream, n);
        Opened r;
        City c = city_open(&r, &luck);
        if (n % 3 == 1)
            netstate_isolate(r.state, (ComponentId)draw_below(&luck, r.model->component_count), true);
        if (n % 3 == 2)
            netstate_place_down(r.state, (PlaceId)draw_below(&luck, r.model->place_count), true);
        uint32_t count;
        MatrixRow *rows = reach_matrix(r.reach, r.state, &count);
        check_matrix(&c, rows, count);
        check_audit(&c, rows, count);
        check_names(&c);
        check_pairs(&c, &luck);
        check_bits(&c, &luck);
        g_free(rows);
        opened_close(&r);
    }
    g_test_message("rows %u, meant %u, relayed %u, turned away %u", rows_seen, meant_seen, relayed, turned_away);
    for (int kind = 0; kind < AUDIT_KINDS; kind++) {
        g_test_message("%s: %u", audit_name((AuditKind)kind), found_seen[kind]);
        g_assert_cmpuint(found_seen[kind], >, 40);
    }
    g_assert_true(meant_seen > 500 && relayed > 50 && turned_away > 100);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/city/whole", test_city);
    return g_test_run();
}
