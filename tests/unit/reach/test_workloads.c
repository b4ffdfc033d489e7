/* test_workloads.c - on random clusters reach/ agrees with the book in every verdict, and policies do what they may. */
#include <stdio.h>
#include <string.h>

#include "catalogue/catalogue.h"
#include "reach/reach.h"
#include "tests/unit/reach/cluster.h"
#include "tests/unit/reach/opened.h"

enum { CLUSTERS = 400, QUESTIONS = 150, PAIRS_OF_PROPERTIES = 120 };

/* ---- a cluster as reach/ sees it -----------------------------------------------------------------------------------
 */
typedef struct {
    Opened opened;
    ClassId ends[CLUSTER_ENDS];
} Estate;

/* As much of the world as the patterns need: reading all of it for each would take most of the time. */
static const char places[] = "defaults: places\nsource: \"assumption: the city of the region\"\n"
                             "outside: {europe: {latitude: 50.11, longitude: 8.68}}\n"
                             "aws: {us-east-1: {latitude: 38.95, longitude: -77.45, zones: [a]}}\n";

static void estate_open(Estate *estate, char *text) {
    opened_text(&estate->opened, text, "aws", places);
    const EndpointClass *classes;
    uint32_t count = reach_classes(estate->opened.reach, &classes);
    for (uint32_t i = 0; i < count; i++) {
        const char *label = estate->opened.model->components[classes[i].component].label;
        estate->ends[label[0] == 'p' ? label[1] - '0' : CLUSTER_DNS] = i;
    }
    estate->ends[CLUSTER_INTERNET] = CLASS_INTERNET;
}

static Verdict estate_ask(const Estate *estate, const ClusterQuestion *question) {
    return reach_verdict(estate->opened.reach, estate->opened.state,
                         (Query){.from = estate->ends[question->from],
                                 .to = estate->ends[question->to],
                                 .protocol = question->udp ? PROTOCOL_UDP : PROTOCOL_TCP,
                                 .port = (uint16_t)question->port,
                                 .method = question->method,
                                 .path = question->path});
}

static void tell(const Estate *estate, const ClusterQuestion *question, const char *got, const char *expected) {
    g_test_message("%s\np%d -> p%d %s/%d %s %s (%d: internet, %d: names)\nreach: %s\nbook: %s", estate->opened.text,
                   question->from, question->to, question->udp ? "udp" : "tcp", question->port,
                   question->method != NULL ? question->method : "any", question->path != NULL ? question->path : "any",
                   CLUSTER_INTERNET, CLUSTER_DNS, got, expected);
    g_test_fail();
}

/* ---- the book ------------------------------------------------------------------------------------------------------
 */
static const char *const codes[] = {"",
                                    "NETWORK_POLICY_EGRESS",
                                    "NETWORK_POLICY_INGRESS",
                                    "MTLS_REQUIRED",
                                    "AUTHORIZATION_POLICY_CUSTOM",
                                    "AUTHORIZATION_POLICY_DENY",
                                    "AUTHORIZATION_POLICY_NO_ALLOW",
                                    "IGW_PUBLIC_IP_ASSOCIATION_FOR_INGRESS",
                                    "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"};

static uint32_t code_number(const char *code) {
    for (uint32_t i = 0; i < G_N_ELEMENTS(codes); i++)
        if (strcmp(codes[i], code) == 0)
            return i;
    g_error("a code that nobody expects: %s", code);
}

/* When no request passes, any policy may be told that stops one. */
static bool agrees(const char *got, const char *expected) {
    return strcmp(got, expected) == 0 ||
           (strcmp(expected, "NONE_PASSES") == 0 && g_str_has_prefix(got, "AUTHORIZATION_POLICY_"));
}

static void test_book(void) {
    uint32_t seen[G_N_ELEMENTS(codes)] = {0}, asked = 0;
    for (uint64_t n = 0; n < CLUSTERS && !g_test_failed(); n++) {
        Stream stream = luck_stream((Luck){4711, n}, "cluster", "book");
        Draw luck = stream_draw(&stream, 0);
        Cluster cluster = cluster_draw(&luck);
        Estate estate;
        estate_open(&estate, cluster_write(&cluster, false));
        for (int q = 0; q < QUESTIONS && !g_test_failed(); q++) {
            ClusterQuestion question = cluster_ask(&luck);
            if (question.from == CLUSTER_INTERNET && question.to >= PODS)
                continue;
            Verdict verdict = estate_ask(&estate, &question);
            const char *expected = cluster_answer(&cluster, &question);
            if (!agrees(verdict.code, expected))
                tell(&estate, &question, verdict.code, expected);
            if (question.to >= PODS && verdict.kind == VERDICT_REACH)
                g_assert_cmpuint(verdict.element, ==, 0); /* nobody out there has let it in by a rule of ours */
            seen[code_number(verdict.code)]++;
            asked++;
        }
        const EndpointClass *classes;
        reach_classes(estate.opened.reach, &classes);
        for (int pod = 0; pod < PODS; pod++)
            g_assert_cmpint(reach_disables_mtls(estate.opened.state, classes[estate.ends[pod]].component), ==,
                            cluster_disables_mtls(&cluster, pod));
        opened_close(&estate.opened);
    }
    for (uint32_t i = 0; i < G_N_ELEMENTS(codes) && !g_test_failed(); i++) {
        g_test_message("%-40s %u", codes[i][0] != '\0' ? codes[i] : "REACH", seen[i]);
        g_assert_cmpuint(seen[i], >=, 300);
    }
    g_test_message("%u asked", asked);
}

/* ---- what a further policy may do ----------------------------------------------------------------------------------
 */
/* Every question that the generator could ask of two clusters alike. */
static void compare(const Cluster *before, const Cluster *after, bool reversed, bool may_open, bool may_close) {
    Estate a, b;
    estate_open(&a, cluster_write(before, false));
    estate_open(&b, cluster_write(after, reversed));
    for (int from = 0; from <= PODS; from++) {
        for (int to = 0; to < CLUSTER_ENDS && !g_test_failed(); to++) {
            static const int ports[] = {80, 81, 53};
            if (from == PODS && to >= PODS)
                continue;
            for (size_t i = 0; i < G_N_ELEMENTS(ports) * G_N_ELEMENTS(cluster_paths); i++) {
                ClusterQuestion question = {.from = from,
                                            .to = to,
                                            .port = ports[i % G_N_ELEMENTS(ports)],
                                            .method = cluster_methods[i % G_N_ELEMENTS(cluster_methods)],
                                            .path = cluster_paths[i / G_N_ELEMENTS(ports)]};
                bool first = estate_ask(&a, &question).kind == VERDICT_REACH,
                     second = estate_ask(&b, &question).kind == VERDICT_REACH;
                if ((first && !second && !may_close) || (!first && second && !may_open))
                    tell(&b, &question, second ? "opened" : "closed", "otherwise before");
            }
        }
    }
    opened_close(&a.opened);
    opened_close(&b.opened);
}

static Cluster cluster_number(uint64_t n, const char *purpose, Draw *luck) {
    Stream stream = luck_stream((Luck){815, n}, "cluster", purpose);
    *luck = stream_draw(&stream, 0);
    return cluster_draw(luck);
}

/* Names and repetitions mean nothing: there is no order among policies of one sort. */
static void test_order(void) {
    for (uint64_t n = 0; n < PAIRS_OF_PROPERTIES && !g_test_failed(); n++) {
        Draw luck;
        Cluster cluster = cluster_number(n, "order", &luck);
        compare(&cluster, &cluster, true, false, false);
    }
}

/* One more DENY policy opens nothing. */
static void test_deny(void) {
    for (uint64_t n = 0; n < PAIRS_OF_PROPERTIES && !g_test_failed(); n++) {
        Draw luck;
        Cluster cluster = cluster_number(n, "deny", &luck), more = cluster;
        ClusterAuthorization *fresh = &more.authorizations[more.authorization_count++];
        fresh->action = CLUSTER_DENY;
        fresh->applied = true;
        compare(&cluster, &more, false, false, true);
    }
}

static bool has_allow(const Cluster *cluster, int pod) {
    for (int i = 0; i < cluster->authorization_count; i++) {
        const ClusterAuthorization *policy = &cluster->authorizations[i];
        if (policy->applied && policy->action == CLUSTER_ALLOW && cluster_protects(cluster, policy, pod))
            return true;
    }
    return false;
}

/* The first ALLOW policy at a workload may close it; a further one closes nothing. */
static void test_allow(void) {
    uint32_t tried = 0;
    for (uint64_t n = 0; n < 4 * PAIRS_OF_PROPERTIES && !g_test_failed(); n++) {
        Draw luck;
        Cluster cluster = cluster_number(n, "allow", &luck), more = cluster;
        ClusterAuthorization *fresh = &more.authorizations[more.authorization_count++];
        fresh->action = CLUSTER_ALLOW;
        fresh->applied = true;
        bool first = false;
        for (int p = 0; p < PODS; p++)
            first = first || (cluster_protects(&more, fresh, p) && !has_allow(&cluster, p));
        if (!first)
            compare(&cluster, &more, false, true, false);
        tried += !first;
    }
    g_assert_cmpuint(tried, >, 20);
}

/* A network policy that isolates nobody anew closes nothing; one that allows nothing opens nothing. */
static void test_isolation(void) {
    uint32_t tried = 0;
    for (uint64_t n = 0; n < 3 * PAIRS_OF_PROPERTIES && !g_test_failed(); n++) {
        Draw luck;
        Cluster cluster = cluster_number(n, "isolation", &luck), more = cluster;
        ClusterPolicy *fresh = &more.policies[more.policy_count++];
        fresh->applied = true;
        bool first = false, empty = n % 2 == 0;
        for (int p = 0; p < PODS; p++)
            for (int in = 0; in < 2; in++)
                first = first || cluster_isolates(&more, p, in) != cluster_isolates(&cluster, p, in);
        for (int way = 0; way < 2 && empty; way++)
            fresh->rule_count[way] = MIN(fresh->rule_count[way], 0);
        if (empty || !first)
            compare(&cluster, &more, false, !empty, empty || first);
        tried += !first;
    }
    g_assert_cmpuint(tried, >, 20);
}

/* ---- changes that overlap ------------------------------------------------------------------------------------------
 */
/* Of several changes of one thing the last holds, whichever ends first; a copy has them, and a reset forgets them. */
static void test_changes(void) {
    Estate estate;
    estate_open(&estate, g_strdup("pattern: estate\nprovider: aws\nstacks:\n  site:\n    copies: [us-east-1]\n"
                                  "    zones: 1\n    subnets: {s: }\n    namespaces: {na: {sidecars: yes}}\n"
                                  "    network_policies: {shut: {namespace: na, applied: no}}\n    components:\n"
                                  "      p0: {kind: instances, subnet: s, security_group: cluster, listens: any}\n"
                                  "      p1: {kind: instances, subnet: s, namespace: na, listens: any}\n"));
    const ClusterQuestion question = {.from = 0, .to = 1, .port = 80};
    const WorkloadsChange shut = {WORKLOADS_POLICY, 0, 1}, strict = {WORKLOADS_NAMESPACE, 1, MTLS_STRICT},
                          soft = {WORKLOADS_NAMESPACE, 1, MTLS_PERMISSIVE};
    g_assert_cmpstr(estate.opened.model->book.namespaces[1].label, ==, "na"); /* before it: default, of the machine */
    const struct {
        const WorkloadsChange *change;
        bool undo;
        const char *code;
    } steps[] = {{&strict, false, "MTLS_REQUIRED"},
                 {&soft, false, ""},
                 {&strict, true, ""},
                 {&soft, true, ""},
                 {&shut, false, "NETWORK_POLICY_INGRESS"},
                 {&shut, false, "NETWORK_POLICY_INGRESS"},
                 {&shut, true, "NETWORK_POLICY_INGRESS"},
                 {&shut, true, ""},
                 {&strict, false, "MTLS_REQUIRED"},
                 {&shut, false, "NETWORK_POLICY_INGRESS"}};
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        const TimelineEvent event = {.kind = EVENT_CHANGE, .change = CHANGE_WORKLOADS, .workloads = *steps[i].change};
        uint64_t epoch = netstate_epoch(estate.opened.state);
        netstate_change(estate.opened.state, &event, steps[i].undo);
        g_assert_cmpuint(netstate_epoch(estate.opened.state), >, epoch);
        g_assert_cmpstr(estate_ask(&estate, &question).code, ==, steps[i].code);
    }
    NetState *first = estate.opened.state;
    estate.opened.state = netstate_copy(first);
    g_assert_cmpstr(estate_ask(&estate, &question).code, ==, "NETWORK_POLICY_INGRESS");
    netstate_reset(first);
    g_assert_cmpstr(estate_ask(&estate, &question).code, ==, "NETWORK_POLICY_INGRESS");
    netstate_free(estate.opened.state);
    estate.opened.state = first;
    g_assert_cmpstr(estate_ask(&estate, &question).code, ==, "");
    opened_close(&estate.opened);
}

/* A refusal by a sidecar is heard; a filter says nothing. */
static void test_heard(void) {
    Stream stream = luck_stream((Luck){99, 0}, "cluster", "heard");
    for (uint64_t n = 0; n < 40; n++) {
        Draw luck = stream_draw(&stream, n);
        Cluster cluster = cluster_draw(&luck);
        Estate estate;
        estate_open(&estate, cluster_write(&cluster, false));
        for (int from = 0; from < PODS; from++)
            for (int to = 0; to < PODS; to++) {
                Verdict verdict = estate_ask(&estate, &(ClusterQuestion){.from = from, .to = to, .port = 80});
                bool sidecar =
                    g_str_has_prefix(verdict.code, "AUTHORIZATION") || g_str_has_prefix(verdict.code, "MTLS");
                g_assert_cmpint(verdict.heard, ==, sidecar);
            }
        opened_close(&estate.opened);
    }
}

/* The bits of a whole cluster are its verdicts, one by one. */
static void test_bits(void) {
    static const Service services[] = {{PROTOCOL_TCP, 80}, {PROTOCOL_UDP, 53}};
    Stream stream = luck_stream((Luck){7, 0}, "cluster", "bits");
    for (uint64_t n = 0; n < 100; n++) {
        Draw luck = stream_draw(&stream, n);
        Cluster cluster = cluster_draw(&luck);
        Estate estate;
        estate_open(&estate, cluster_write(&cluster, false));
        ReachBits *bits = reach_bits_new(estate.opened.reach, estate.opened.state, services, G_N_ELEMENTS(services));
        for (uint32_t service = 0; service < G_N_ELEMENTS(services); service++)
            for (int from = 0; from <= PODS; from++)
                for (int to = 0; to < CLUSTER_ENDS - (from == PODS); to++) {
                    ClusterQuestion question = {
                        .from = from, .to = to, .udp = service == 1, .port = services[service].port};
                    g_assert_cmpint(reach_bits_connect(bits, service, estate.ends[from], estate.ends[to]), ==,
                                    estate_ask(&estate, &question).kind == VERDICT_REACH);
                }
        reach_bits_free(bits);
        opened_close(&estate.opened);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reach/workloads/book", test_book);
    g_test_add_func("/reach/workloads/order-and-repetition", test_order);
    g_test_add_func("/reach/workloads/one-more-deny", test_deny);
    g_test_add_func("/reach/workloads/one-more-allow", test_allow);
    g_test_add_func("/reach/workloads/one-more-network-policy", test_isolation);
    g_test_add_func("/reach/workloads/changes", test_changes);
    g_test_add_func("/reach/workloads/heard", test_heard);
    g_test_add_func("/reach/workloads/bits", test_bits);
    return g_test_run();
}
