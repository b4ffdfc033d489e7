/* test_joined_random.c - random estates of networks, sites and everything that joins them: whatever is asked is
 * answered, and alike by the single verdict, the explanation and the bits. */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "base/luck.h"
#include "catalogue/catalogue.h"
#include "reach/reach.h"

enum { ESTATES = 300, STATES = 3 };

typedef struct {
    GString *text;
    Draw *luck;
    uint32_t stacks;
    bool hub, peered, line, second_line;
} Maker;

static bool chance(Maker *m, uint32_t percent) { return draw_below(m->luck, 100) < percent; }

static void say(Maker *m, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void say(Maker *m, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    g_string_append_vprintf(m->text, format, arguments);
    va_end(arguments);
}

/* ---- an estate -----------------------------------------------------------------------------------------------------
 */
static void make_site(Maker *m) {
    say(m, "sites:\n  hq:\n    at: europe\n    cidr: 192.168.0.0/16\n");
    if (chance(m, 50))
        say(m, "    internet: true\n");
    if (chance(m, 30))
        say(m, "    firewall: {inbound: [{from: 10.0.0.0/8, port: 80}]}\n");
    if (chance(m, 30))
        say(m, "    routes: [{to: 10.0.0.0/8, via: vpn}%s]\n", chance(m, 50) ? ", {to: internet, via: vpn}" : "");
    say(m, "    components: {erp: {kind: data_centre, listens: [80, 443]%s}}\n", chance(m, 20) ? ", public: true" : "");
}

static void make_connections(Maker *m) {
    m->hub = chance(m, 60);
    m->peered = chance(m, 60);
    m->line = !m->hub || chance(m, 50);
    say(m, "connections:\n  vpn: {kind: vpn, from: %s, to: hq, routing: %s, dead_peer_detection: %s%s}\n",
        m->line ? "s0" : "hub", chance(m, 50) ? "bgp" : "static", chance(m, 50) ? "clear" : "none",
        chance(m, 25) ? ", advertises: [internet]" : "");
    m->second_line = chance(m, 40);
    if (m->second_line)
        say(m, "  dx: {kind: direct_connect, from: s0, to: hq}\n");
    if (m->peered)
        say(m, "  pcx: {kind: peering, between: [s0, s1]}\n");
    if (!m->hub)
        return;
    bool tables = chance(m, 60);
    say(m, "  hub:\n    kind: transit_gateway\n");
    if (tables)
        say(m, "    tables: {one: {routes: [{to: internet, via: %s}]}, two: }\n", chance(m, 70) ? "s1" : "blackhole");
    say(m, "    attachments:\n");
    for (uint32_t s = 0; s < m->stacks; s++) {
        say(m, "      s%u: {subnet: app%s%s", s, chance(m, 30) ? ", appliance_mode: true" : "",
            chance(m, 20) ? ", zones: [a]" : "");
        if (tables)
            say(m, ", table: %s, propagates_to: [%s]", chance(m, 60) ? "one" : "two",
                chance(m, 60) ? "one, two" : "two");
        say(m, "}\n");
    }
}

static const char *some_via(Maker *m, uint32_t s) {
    const char *ways[8] = {"internet_gateway", "nat", "fw", "blackhole"};
    uint32_t count = 4;
    if (m->hub)
        ways[count++] = "hub";
    if (s == 0 && (m->line || m->second_line))
        ways[count++] = "private_gateway";
    return ways[draw_below(m->luck, count)];
}

static void make_routes(Maker *m, uint32_t s, const char *subnet) {
    say(m, "      %s: {route_propagation: %s, routes: [", subnet, s == 0 && chance(m, 50) ? "yes" : "no");
    const char *between = "";
    if (chance(m, 70)) {
        say(m, "{to: internet, via: %s}", some_via(m, s));
        between = ", ";
    }
    for (uint32_t other = 0; other < m->stacks; other++) {
        bool by_peering = m->peered && s + other == 1;
        if (other == s || !(m->hub || by_peering) || !chance(m, 70))
            continue;
        say(m, "%s{to: s%u, via: %s}", between, other, by_peering && (!m->hub || chance(m, 50)) ? "pcx" : "hub");
        between = ", ";
    }
    if (chance(m, 30)) {
        say(m, "%s{to: bucket, via: s3}", between);
        between = ", ";
    }
    if (strcmp(subnet, "app") == 0 && chance(m, 40))
        say(m, "%s{to: data, via: fw}", between);
    if (strcmp(subnet, "data") == 0 && chance(m, 40))
        say(m, "%s{to: app, via: fw}", between);
    say(m, "]}\n");
}

static void make_stack(Maker *m, uint32_t s) {
    static const char *const rules[] = {"{from: anyone, port: any}", "{from: 10.0.0.0/8, port: 80}",
                                        "{from: web, port: 80}", "{from: internet, port: [80, 443]}"};
    say(m, "  s%u:\n    copies: [us-east-1]\n    zones: [a, b]\n", s);
    if (chance(m, 25))
        say(m, "    network: {ingress: [{to: app, via: fw}]}\n");
    say(m, "    subnets:\n");
    make_routes(m, s, "app");
    make_routes(m, s, "data");
    make_routes(m, s, "edge");
    say(m, "    components:\n      nat: {kind: nat_gateway, subnet: edge%s}\n", chance(m, 50) ? ", zones: 1" : "");
    say(m, "      fw: {kind: appliance, subnet: edge, stateful: %s, bypass: %s%s%s}\n", chance(m, 60) ? "yes" : "no",
        chance(m, 30) ? "yes" : "no", chance(m, 50) ? ", zones: 1" : "", chance(m, 30) ? ", security_group: web" : "");
    say(m, "      s3: {kind: gateway_endpoint, service: bucket}\n      store: {kind: bucket}\n      jobs: {kind: "
           "queue}\n");
    if (chance(m, 50))
        say(m, "      sqs: {kind: interface_endpoint, service: queue, subnet: data, private_names: %s}\n",
            chance(m, 50) ? "joined" : "network");
    say(m, "      web: {kind: instances, subnet: app, listens: [80, 443]%s}\n", chance(m, 50) ? ", public: true" : "");
    say(m, "      db: {kind: instances, subnet: data, listens: 80%s}\n", chance(m, 30) ? ", public: true" : "");
    say(m, "    security_groups:\n      web: {inbound: [%s]}\n", rules[draw_below(m->luck, G_N_ELEMENTS(rules))]);
    say(m, "      db: {inbound: [%s]}\n", rules[draw_below(m->luck, G_N_ELEMENTS(rules))]);
}

static GString *estate_text(Draw *luck) {
    Maker m = {.text = g_string_new("pattern: estate\nprovider: aws\n"), .luck = luck};
    m.stacks = 2 + (uint32_t)draw_below(luck, 2);
    make_site(&m);
    make_connections(&m);
    say(&m, "stacks:\n");
    for (uint32_t s = 0; s < m.stacks; s++)
        make_stack(&m, s);
    return m.text;
}

/* ---- questions -----------------------------------------------------------------------------------------------------
 */
typedef struct {
    const GString *text;
    const Reach *reach;
    const NetState *state;
    uint32_t *kinds; /* how often each verdict was given */
} Sheet;

static void check_explained(const Sheet *sheet, Query query, Verdict verdict) {
    Explanation *told = reach_explain(sheet->reach, sheet->state, query);
    g_assert_cmpint(told->verdict.kind, ==, verdict.kind);
    g_assert_cmpint(told->verdict.reply, ==, verdict.reply);
    g_assert_cmpuint(told->verdict.element, ==, verdict.element);
    g_assert_cmpstr(told->verdict.code, ==, verdict.code);
    for (uint32_t i = 0; i < told->forward_count; i++)
        g_assert_cmpstr(told->forward[i].text, !=, "");
    for (uint32_t i = 0; i < told->back_count; i++)
        g_assert_cmpstr(told->back[i].text, !=, "");
    explanation_free(told);
}

static void check_all(const Sheet *sheet, Draw *luck) {
    static const Service services[] = {{PROTOCOL_TCP, 80}, {PROTOCOL_TCP, 443}, {PROTOCOL_UDP, 53}};
    const EndpointClass *classes;
    uint32_t count = reach_classes(sheet->reach, &classes);
    ReachBits *bits = reach_bits_new(sheet->reach, sheet->state, services, G_N_ELEMENTS(services));
    for (uint32_t s = 0; s < G_N_ELEMENTS(services); s++) {
        for (uint32_t pair = 0; pair < (count + 1) * (count + 1); pair++) {
            uint32_t a = pair / (count + 1), b = pair % (count + 1);
            Query query = {.from = a < count ? a : CLASS_INTERNET,
                           .to = b < count ? b : CLASS_INTERNET,
                           .protocol = services[s].protocol,
                           .port = services[s].port};
            Verdict verdict = reach_verdict(sheet->reach, sheet->state, query);
            sheet->kinds[verdict.kind]++;
            if (reach_bits_connect(bits, s, query.from, query.to) != (verdict.kind == VERDICT_REACH)) {
                char *x = reach_class_name(sheet->reach, query.from), *y = reach_class_name(sheet->reach, query.to);
                g_test_message("%s\nbits differ: %s -> %s port %u: %s %s", sheet->text->str, x, y, query.port,
                               verdict_name(verdict.kind), verdict.code);
                g_assert_not_reached();
            }
            if (draw_below(luck, 40) == 0)
                check_explained(sheet, query, verdict);
        }
    }
    reach_bits_free(bits);
}

/* Places and units of gateways come and go. */
static void state_change(const Model *model, NetState *state, Draw *luck) {
    for (int i = 0; i < 2; i++)
        netstate_unit_down(state, (UnitId)draw_below(luck, model->unit_count), draw_below(luck, 3) > 0);
    UnitId unit = (UnitId)draw_below(luck, model->unit_count);
    netstate_unit_unnoticed(state, unit, draw_below(luck, 2) == 0);
    netstate_place_down(state, (PlaceId)draw_below(luck, model->place_count), draw_below(luck, 8) == 0);
    netstate_isolate(state, (ComponentId)draw_below(luck, model->component_count), draw_below(luck, 4) == 0);
}

static void estate_check(const GString *text, Draw *luck, uint32_t *kinds) {
    ModelInputs *inputs = model_inputs_new();
    Diagnostics *diagnostics = diagnostics_new();
    static const char *const files[] = {"patterns/defaults/aws.yaml", "patterns/defaults/network.yaml",
                                        "patterns/defaults/places.yaml", "patterns/defaults/prices.yaml"};
    ModelText texts[1 + G_N_ELEMENTS(files)] = {{"patterns/estate.yaml", text->str}};
    char *defaults[G_N_ELEMENTS(files)];
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_assert_true(g_file_get_contents(files[i], &defaults[i], NULL, NULL));
        texts[1 + i] = (ModelText){files[i], defaults[i]};
    }
    ModelRequest request = {
        .path = "patterns/estate.yaml", .inputs = inputs, .texts = texts, .text_count = G_N_ELEMENTS(texts)};
    Model *model = model_read(&request, &builtin_catalogue, diagnostics, NULL);
    if (model == NULL) {
        g_test_message("%s", text->str);
        diagnostics_print(diagnostics, stderr, 20);
    }
    g_assert_nonnull(model);
    Reach *reach = reach_new(model);
    NetState *state = netstate_new(model);
    Sheet sheet = {text, reach, state, kinds};
    for (int i = 0; i < STATES; i++) {
        check_all(&sheet, luck);
        state_change(model, state, luck);
    }
    netstate_free(state);
    reach_free(reach);
    model_free(model);
    diagnostics_free(diagnostics);
    model_inputs_free(inputs);
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        g_free(defaults[i]);
}

static void test_estates(void) {
    Stream stream = luck_stream((Luck){11, 0}, "test_joined_random", "estates");
    uint32_t kinds[5] = {0};
    for (uint64_t i = 0; i < ESTATES; i++) {
        Draw luck = stream_draw(&stream, i);
        GString *text = estate_text(&luck);
        estate_check(text, &luck, kinds);
        g_string_free(text, TRUE);
    }
    for (int kind = 0; kind < 5; kind++) {
        g_test_message("%s: %u", verdict_name((VerdictKind)kind), kinds[kind]);
        g_assert_cmpuint(kinds[kind], >, 1000);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/joined/random", test_estates);
    return g_test_run();
}
