/* test_audit.c - what a review stops at, and the smallest change that turns a verdict round. */
#include <glib.h>
#include <string.h>

#include "reach/reach.h"
#include "tests/unit/reach/drafted.h"
#include "tests/unit/reach/opened.h"

/* A balancer in the open as meant; a web host that everybody reaches on a port of management; a database that the flow
 * means and no rule lets in; a helper that reaches the web tier although no flow says so. */
static const char site[] = "outside europe\n"
                           "network v us-east-1 10.0.0.0/16 gateway\n"
                           "subnet v.pub us-east-1a 10.0.0.0/24\nsubnet v.app us-east-1a 10.0.2.0/24\n"
                           "route v.pub 0.0.0.0/0 gateway\n"
                           "group v lb\ngroup v web\ngroup v db\ngroup v helper\n"
                           "rule lb in tcp/443 internet\nrule web in tcp/8080 @lb\nrule web in tcp/8080 @helper\n"
                           "rule web in tcp/22 any\n"
                           "host db v.app db tcp/5432\nhost helper v.app helper -\n"
                           "host lb v.pub lb tcp/443 public to=8080\n"
                           "users u europe\n"
                           "host web v.pub web tcp/8080 public\n"
                           "flow visit u lb web db\n";

static void set_up(Drafted *f, gconstpointer text) { drafted_open(f, text, NULL); }

static void tear_down(Drafted *f, gconstpointer text) {
    (void)text;
    drafted_close(f);
}

/* "kind from to port" of every finding, one a line. */
static char *findings_of(const Reach *reach, const NetState *state) {
    uint32_t count, found;
    MatrixRow *rows = reach_matrix(reach, state, &count);
    AuditRow *findings = reach_audit(reach, state, rows, count, &found);
    GString *text = g_string_new(NULL);
    for (uint32_t i = 0; i < found; i++) {
        char *from = reach_class_name(reach, findings[i].row.from), *to = reach_class_name(reach, findings[i].row.to);
        g_string_append_printf(text, "%s %s %s %u\n", audit_name(findings[i].kind), from, to, findings[i].row.port);
        g_free(from);
        g_free(to);
    }
    g_free(findings);
    g_free(rows);
    return g_string_free(text, FALSE);
}

static void test_findings(Drafted *f, gconstpointer text) {
    (void)text;
    char *found = findings_of(f->reach, f->state);
    g_assert_cmpstr(found, ==,
                    "excess helper web 8080\n"
                    "broken web db 5432\n"
                    "public internet lb 443\n"
                    "host internet lb 443\n"
                    "management db web 22\n"
                    "management helper web 22\n"
                    "management lb web 22\n"
                    "management internet web 22\n");
    g_free(found);
}

/* What everybody reaches is no excess of each caller, wherever input endpoints move its ports. */
static const char moved[] =
    "pattern: moved\nprovider: azure\nstacks:\n"
    "  near:\n    copies: [westeurope]\n    zones: 1\n    subnets: {app: }\n    components:\n"
    "      web:\n        kind: instances\n        subnet: app\n        count: {min: 1, start: 1, max: 1}\n"
    "        listens: [8080, 9090]\n"
    "        input_endpoints: [{public: 8080, port: 8080}, {public: 80, port: 9090}]\n"
    "  away:\n    copies: [westeurope]\n    zones: 1\n    subnets: {app: {default_outbound_access: yes}}\n"
    "    components: {client: {kind: instances, subnet: app}}\n";

static void test_moved(void) {
    Opened opened;
    opened_text(&opened, g_strdup(moved), "azure", NULL);
    char *found = findings_of(opened.reach, opened.state);
    g_assert_cmpstr(found, ==,
                    "excess internet near[westeurope].web 80\n"
                    "excess internet near[westeurope].web 8080\n"
                    "public internet near[westeurope].web 80\n"
                    "public internet near[westeurope].web 8080\n"
                    "host internet near[westeurope].web 80\n"
                    "host internet near[westeurope].web 8080\n");
    g_free(found);
    opened_close(&opened);
}

static Query ask(const Drafted *f, const char *from, const char *to, uint16_t port) {
    return (Query){.from = draft_class(f->model, f->reach, from),
                   .to = draft_class(f->model, f->reach, to),
                   .protocol = PROTOCOL_TCP,
                   .port = port};
}

static void assert_flip(const Drafted *f, Query query, bool seen, const char *changes) {
    Flip *flip = reach_flip(f->reach, f->state, query);
    char *joined = g_strjoinv("; ", flip->changes);
    g_assert_cmpstr(joined, ==, changes);
    g_assert_cmpint(flip->seen, ==, seen);
    g_free(joined);
    flip_free(flip);
}

static void test_flip(Drafted *f, gconstpointer text) {
    (void)text;
    assert_flip(f, ask(f, "web", "db", 5432), true, "add to security group db, inbound: {from: web, port: tcp/5432}");
    assert_flip(f, ask(f, "helper", "web", 8080), true, "remove rule web in tcp/8080 @helper");
    assert_flip(f, ask(f, "internet", "lb", 443), true, "remove rule lb in tcp/443 internet");
    assert_flip(f, ask(f, "internet", "lb", 80), false,
                "add to security group lb, inbound: {from: internet, port: tcp/80}; let it listen there: listens:");
    netstate_isolate(f->state, draft_component(f->model, "web"), true);
    assert_flip(f, ask(f, "lb", "web", 8080), true, "end the isolation of web");
}

/* Where several rules let it in, all must go; where both ends refuse, both must be told. */
static void test_flip_several(void) {
    static const char two[] = "network v us-east-1 10.0.0.0/16\nsubnet v.a us-east-1a 10.0.1.0/24\n"
                              "group v A\ngroup v B\ngroup v C closed\n"
                              "rule B in tcp/80 @A\nrule B in tcp/1-1000 10.0.0.0/8\n"
                              "host A v.a A -\nhost B v.a B tcp/80\nhost C v.a C tcp/80\n";
    Drafted f;
    set_up(&f, two);
    assert_flip(&f, ask(&f, "A", "B", 80), true, "remove rule B in tcp/80 @A; remove rule B in tcp/1-1000 10.0.0.0/8");
    tear_down(&f, NULL);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add("/reach/audit/findings", Drafted, site, set_up, test_findings, tear_down);
    g_test_add_func("/reach/audit/moved", test_moved);
    g_test_add("/reach/flip/one", Drafted, site, set_up, test_flip, tear_down);
    g_test_add_func("/reach/flip/several", test_flip_several);
    return g_test_run();
}
