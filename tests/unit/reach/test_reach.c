/* test_reach.c - classes and their names, the matrix against single verdicts and intent, explanations word by word,
 * single points of failure. */
#include "reach/reach.h"

#include <glib.h>
#include <string.h>

#include "tests/unit/reach/drafted.h"

/* A website: users ask a name, come through the edge to a balancer in two zones, web servers, a database in one zone.
 */
static const char site[] = "outside europe\n"
                           "network v us-east-1 10.0.0.0/16 gateway\n"
                           "subnet v.pub-a us-east-1a 10.0.0.0/24\nsubnet v.pub-b us-east-1b 10.0.1.0/24\n"
                           "subnet v.app-a us-east-1a 10.0.2.0/24\nsubnet v.app-b us-east-1b 10.0.3.0/24\n"
                           "subnet v.data us-east-1a 10.0.4.0/24\n"
                           "route v.pub-a 0.0.0.0/0 gateway\nroute v.pub-b 0.0.0.0/0 gateway\n"
                           "group v lb\ngroup v web\ngroup v db\n"
                           "rule lb in tcp/443 internet\nrule web in tcp/8080 @lb\nrule db in tcp/5432 @web\n"
                           "rule db in tcp/22 any\n"
                           "host db v.data db tcp/5432\n"
                           "names dns\n"
                           "host lb v.pub-a,v.pub-b lb tcp/443 public to=8080\n"
                           "users u europe\n"
                           "edge waf -\n"
                           "host web v.app-a,v.app-b web tcp/8080 units=2\n"
                           "flow visit u dns waf lb web db\n";

static const char crowd[] = "network v us-east-1 10.0.0.0/16\n"
                            "subnet v.a us-east-1a 10.0.1.0/24\nsubnet v.b us-east-1a 10.0.2.0/24\n"
                            "subnet v.c us-east-1b 10.0.3.0/24\n"
                            "host A v.a,v.b,v.c - any\nhost B v.a - any\n";

static void set_up(Drafted *f, gconstpointer text) { drafted_open(f, text, NULL); }

static void tear_down(Drafted *f, gconstpointer text) {
    (void)text;
    drafted_close(f);
}

/* ---- classes -------------------------------------------------------------------------------------------------------
 */
static void test_classes(Drafted *f, gconstpointer text) {
    static const char *const names[] = {"db", "dns", "lb in us-east-1a",  "lb in us-east-1b",
                                        "u",  "waf", "web in us-east-1a", "web in us-east-1b"};
    const EndpointClass *classes;
    (void)text;
    g_assert_cmpuint(reach_classes(f->reach, &classes), ==, G_N_ELEMENTS(names));
    for (uint32_t i = 0; i < G_N_ELEMENTS(names); i++) {
        char *name = reach_class_name(f->reach, i);
        g_assert_cmpstr(name, ==, names[i]);
        g_free(name);
    }
    for (UnitId unit = 0; unit < f->model->unit_count; unit++) {
        const EndpointClass *class = &classes[reach_class_of_unit(f->reach, unit)];
        g_assert_cmpuint(class->component, ==, f->model->units[unit].component);
        g_assert_cmpuint(class->subnet, ==, f->model->units[unit].subnet);
    }
    char *internet = reach_class_name(f->reach, CLASS_INTERNET);
    g_assert_cmpstr(internet, ==, "internet");
    g_free(internet);
}

/* Where the zone does not tell classes apart, the subnet does. */
static void test_names(Drafted *f, gconstpointer text) {
    static const char *const names[] = {"A in v.a", "A in v.b", "A in us-east-1b", "B"};
    (void)text;
    for (uint32_t i = 0; i < G_N_ELEMENTS(names); i++) {
        char *name = reach_class_name(f->reach, i);
        g_assert_cmpstr(name, ==, names[i]);
        g_free(name);
    }
}

/* ---- the matrix ----------------------------------------------------------------------------------------------------
 */
static char *row_text(const Drafted *f, const MatrixRow *row) {
    char *from = reach_class_name(f->reach, row->from), *to = reach_class_name(f->reach, row->to);
    char *text = g_strdup_printf("%s -> %s %u/%u", from, to, row->protocol, row->port);
    g_free(from);
    g_free(to);
    return text;
}

static int row_order(const MatrixRow *a, const MatrixRow *b) {
    const uint32_t x[] = {a->from, a->to, a->protocol, a->port}, y[] = {b->from, b->to, b->protocol, b->port};
    for (int i = 0; i < 4; i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

static void test_matrix(Drafted *f, gconstpointer text) {
    uint32_t count, reach = 0, intended = 0, excess = 0, broken = 0;
    MatrixRow *rows = reach_matrix(f->reach, f->state, &count);
    (void)text;
    for (uint32_t i = 0; i < count; i++) {
        Query query = {.from = rows[i].from, .to = rows[i].to, .protocol = rows[i].protocol, .port = rows[i].port};
        Verdict verdict = reach_verdict(f->reach, f->state, query);
        bool open = rows[i].verdict.kind == VERDICT_REACH;
        g_assert_cmpint(verdict.kind, ==, rows[i].verdict.kind);
        g_assert_cmpstr(verdict.code, ==, rows[i].verdict.code);
        g_assert_true(i == 0 || row_order(&rows[i - 1], &rows[i]) < 0);
        reach += open;
        intended += rows[i].intended;
        excess += open && !rows[i].intended;
        broken += !open && rows[i].intended;
    }
    /* 8 sources (7 classes that send, and the internet); targets: db, lb twice, waf, web twice: one port each. The db
     * and the waf are one unit each, and nobody connects to himself. */
    g_assert_cmpuint(count, ==, 8 * 6 - 2);
    /* users -> waf, internet -> waf, waf -> lb twice, lb -> web four times, web -> db twice. */
    g_assert_cmpuint(intended, ==, 10);
    g_assert_cmpuint(broken, ==, 0);
    g_assert_cmpuint(excess, ==, reach - intended);
    g_assert_cmpuint(excess, >, 0); /* everybody may pass by the edge */
    g_free(rows);
}

/* A flow whose port nobody listens on is broken, and seen to be. */
static void test_matrix_broken(Drafted *f, gconstpointer text) {
    uint32_t count, broken = 0;
    (void)text;
    netstate_place_down(f->state, draft_place(f->model, "v.data"), true);
    MatrixRow *rows = reach_matrix(f->reach, f->state, &count);
    for (uint32_t i = 0; i < count; i++) {
        char *row = row_text(f, &rows[i]);
        if (rows[i].intended && rows[i].verdict.kind != VERDICT_REACH) {
            g_assert_true(strstr(row, "-> db 6/5432") != NULL || strcmp(row, "odd -> db 6/9999") == 0);
            broken++;
        }
        g_free(row);
    }
    g_assert_cmpuint(broken, ==, 3); /* web -> db twice; odd -> db at a port that it does not listen on */
    g_free(rows);
}

/* ---- explanations --------------------------------------------------------------------------------------------------
 */
static void assert_hops(const Hop *hops, uint32_t count, const char *expected) {
    GString *text = g_string_new(NULL);
    for (uint32_t i = 0; i < count; i++)
        g_string_append_printf(text, "%s\n", hops[i].text);
    g_assert_cmpstr(text->str, ==, expected);
    g_string_free(text, TRUE);
}

static Explanation *explain(const Drafted *f, const char *from, const char *to, uint16_t port) {
    Query query = {.from = draft_class(f->model, f->reach, from),
                   .to = draft_class(f->model, f->reach, to),
                   .protocol = PROTOCOL_TCP,
                   .port = port};
    return reach_explain(f->reach, f->state, query);
}

static void test_explain(Drafted *f, gconstpointer text) {
    (void)text;
    Explanation *told = explain(f, "waf", "lb@v.pub-a", 443);
    assert_hops(told->forward, told->forward_count,
                "leaves waf at aws\n"
                "the internet\n"
                "network v us-east-1 10.0.0.0/16 gateway: public target address becomes the private one\n"
                "default network ACL: allows entering the subnet\n"
                "rule lb in tcp/443 internet: allows\n"
                "lb takes it at tcp/443\n");
    assert_hops(told->back, told->back_count,
                "lb: everyone may, both ways, so its filters need not remember\n"
                "default network ACL: allows leaving the subnet\n"
                "route v.pub-a 0.0.0.0/0 gateway\n"
                "network v us-east-1 10.0.0.0/16 gateway: private source address becomes the public one\n"
                "the internet\n"
                "the answer is back at waf\n");
    explanation_free(told);

    told = explain(f, "lb@v.pub-a", "db", 5432);
    assert_hops(told->forward, told->forward_count,
                "leaves lb at v.pub-a, us-east-1a\n"
                "all out: allows\n"
                "default network ACL: allows leaving the subnet\n"
                "local\n"
                "default network ACL: allows entering the subnet\n"
                "DENY at v.data, us-east-1a: ENI_SG_RULES_MISMATCH (group v db)\n");
    g_assert_cmpuint(told->back_count, ==, 0);
    g_assert_cmpuint(told->client_ports.count, ==, 0);
    explanation_free(told);
    explanation_free(NULL);
}

static const char pieces[] =
    "network v us-east-1 10.0.0.0/16\n"
    "subnet v.a us-east-1a 10.0.1.0/24\nsubnet v.b us-east-1b 10.0.2.0/24\n"
    "acl v strict\nentry strict out 1 allow any any\nentry strict in 1 deny tcp/40000-40009 any\n"
    "entry strict in 2 allow tcp/1024-65535 any\nuses v.a strict\n"
    "host A v.a - any\nhost B v.b - any\n";

/* Entries of an ACL that let it pass are named. */
static void test_explain_acl(Drafted *f, gconstpointer text) {
    (void)text;
    Explanation *told = explain(f, "B", "A", 2000);
    assert_hops(told->forward, told->forward_count,
                "leaves B at v.b, us-east-1b\n"
                "no security group here\n"
                "default network ACL: allows leaving the subnet\n"
                "local\n"
                "entry strict in 2 allow tcp/1024-65535 any: allows\n"
                "no security group here\n"
                "A takes it at tcp/2000\n");
    assert_hops(told->back, told->back_count,
                "A: known connection, its filters are not asked again\n"
                "entry strict out 1 allow any any: allows\n"
                "local\n"
                "default network ACL: allows entering the subnet\n"
                "B: known connection, its filters are not asked again\n"
                "the answer is back at B\n");
    explanation_free(told);
}

/* Part of the client's ports gets its answers. */
static void test_partial(Drafted *f, gconstpointer text) {
    (void)text;
    Explanation *told = explain(f, "A", "B", 80);
    g_assert_cmpint(told->verdict.kind, ==, VERDICT_DENY);
    g_assert_true(told->verdict.reply);
    char *ports = ports_text(&told->client_ports);
    g_assert_cmpstr(ports, ==, "tcp/1024-39999 tcp/40010-65535");
    g_free(ports);
    explanation_free(told);
    told = explain(f, "B", "A", 40000);
    g_assert_cmpuint(told->client_ports.count, ==, 0);
    explanation_free(told);
    told = explain(f, "B", "A", 80);
    g_assert_cmpuint(told->client_ports.count, ==, 0);
    explanation_free(told);
    told = explain(f, "B", "A", 1024);
    ports = ports_text(&told->client_ports);
    g_assert_cmpstr(ports, ==, "tcp/1-65535");
    g_free(ports);
    explanation_free(told);
}

/* ---- what is usually asked -----------------------------------------------------------------------------------------
 */
static void test_usual(Drafted *f, gconstpointer text) {
    static const struct {
        const char *from, *to;
        uint16_t port;
    } usual[] = {{"u", "waf", 443},
                 {"waf", "lb@v.pub-a", 443},
                 {"lb@v.pub-a", "web@v.app-b", 8080},
                 {"web@v.app-a", "db", 5432},
                 {"internet", "db", 5432},
                 {"db", "internet", 443},
                 {"u", "dns", 443}};
    (void)text;
    for (size_t i = 0; i < G_N_ELEMENTS(usual); i++) {
        Query query = reach_usual(f->reach, draft_class(f->model, f->reach, usual[i].from),
                                  draft_class(f->model, f->reach, usual[i].to));
        g_assert_cmpint(query.protocol, ==, PROTOCOL_TCP);
        g_assert_cmpuint(query.port, ==, usual[i].port);
    }
}

/* ---- single points of failure --------------------------------------------------------------------------------------
 */
static char *points(const Drafted *f, const char *target) {
    uint32_t *units, count = reach_single_points(f->reach, f->state, draft_component(f->model, target), &units);
    GString *text = g_string_new(NULL);
    for (uint32_t i = 0; i < count; i++) {
        const ModelUnit *unit = &f->model->units[units[i]];
        g_assert_true(i == 0 || units[i - 1] < units[i]);
        g_string_append_printf(text, " %s/%u", f->model->components[unit->component].name, unit->ordinal);
    }
    g_assert_true((units == NULL) == (count == 0));
    g_free(units);
    return g_string_free(text, FALSE);
}

static void assert_points(const Drafted *f, const char *target, const char *expected) {
    char *text = points(f, target);
    g_assert_cmpstr(text, ==, expected);
    g_free(text);
}

static void test_points(Drafted *f, gconstpointer text) {
    (void)text;
    assert_points(f, "db", " db/0 dns/0 waf/0");
    assert_points(f, "web", " dns/0 waf/0");
    assert_points(f, "dns", " dns/0");
    ComponentId both[] = {draft_component(f->model, "web"), draft_component(f->model, "waf")};
    uint32_t *units;
    g_assert_cmpuint(reach_single_points_of(f->reach, f->state, both, 2, &units), ==,
                     2); /* dns and the nearer of them */
    g_free(units);
    netstate_place_down(f->state, draft_place(f->model, "v.pub-b"), true);
    assert_points(f, "db", " db/0 dns/0 lb/0 waf/0");
    assert_points(f, "u", "");
    netstate_place_down(f->state, draft_place(f->model, "v.pub-a"), true);
    assert_points(f, "db", ""); /* no way at all: nothing is on every way */
}

int main(int argc, char **argv) {
    static char broken[sizeof site + 128];
    g_snprintf(broken, sizeof broken, "%shost odd v.app-a web - to=9999\nflow odd odd db\n", site);
    g_test_init(&argc, &argv, NULL);
    g_test_add("/reach/classes", Drafted, site, set_up, test_classes, tear_down);
    g_test_add("/reach/names", Drafted, crowd, set_up, test_names, tear_down);
    g_test_add("/reach/matrix", Drafted, site, set_up, test_matrix, tear_down);
    g_test_add("/reach/matrix/broken", Drafted, broken, set_up, test_matrix_broken, tear_down);
    g_test_add("/reach/explain", Drafted, site, set_up, test_explain, tear_down);
    g_test_add("/reach/explain/acl", Drafted, pieces, set_up, test_explain_acl, tear_down);
    g_test_add("/reach/partial", Drafted, pieces, set_up, test_partial, tear_down);
    g_test_add("/reach/usual", Drafted, site, set_up, test_usual, tear_down);
    g_test_add("/reach/points", Drafted, site, set_up, test_points, tear_down);
    return g_test_run();
}
