/* bench_reach.c - one answer, one explanation, all pairs of large estates, and one changed rule, against their bars.
 *
 * Processor time of this process, medians of five. The smallest estate is answered one by one, too, and both must say
 * the same. Exit 1 when a bar is missed. */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue/catalogue.h"
#include "tests/bench/yard.h"
#include "tests/unit/reach/estate.h"

enum { ROUNDS = 5 };

static int double_order(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *seconds) {
    qsort(seconds, ROUNDS, sizeof *seconds, double_order);
    return seconds[ROUNDS / 2];
}

static bool told(const char *what, double seconds, double bar, const char *unit, double scale) {
    printf("  %-44s %9.3f %s, bar %g: %s\n", what, seconds * scale, unit, bar * scale,
           seconds <= bar ? "met" : "MISSED");
    return seconds <= bar;
}

typedef struct {
    Draft *draft;
    const Model *model;
    Reach *reach;
    NetState *state;
} Estate;

static Estate estate_of(uint32_t networks, uint32_t components, uint32_t units, bool acls) {
    Estate e = {.draft = estate_new(networks, components, units, acls)};
    e.model = draft_model(e.draft);
    e.reach = reach_new(e.model);
    e.state = netstate_new(e.model);
    return e;
}

static void estate_clear(Estate *e) {
    netstate_free(e->state);
    reach_free(e->reach);
    draft_free(e->draft);
}

static double all_pairs(const Estate *e) {
    double seconds[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        double begin = yard_cpu_seconds();
        reach_bits_free(reach_bits_new(e->reach, e->state, estate_services, ESTATE_SERVICES));
        seconds[i] = yard_cpu_seconds() - begin;
    }
    return median(seconds);
}

/* One rule comes and goes; what depends on it is worked out anew each time. */
static double group_change(const Estate *e, ReachBits *bits) {
    double seconds[ROUNDS];
    Rule rule = draft_rule(e->model, "tcp/8080 10.0.0.0/16");
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t group = (uint32_t)(i * 7) % e->model->group_count;
        double begin = yard_cpu_seconds();
        netstate_rule_add(e->state, group, true, &rule);
        reach_bits_follow(bits, group);
        netstate_rule_remove(e->state, group, true, &rule);
        reach_bits_follow(bits, group);
        seconds[i] = (yard_cpu_seconds() - begin) / 2;
    }
    return median(seconds);
}

static double route_change(const Estate *e, ReachBits *bits) {
    double seconds[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t table = (uint32_t)(i * 5) % e->model->route_table_count;
        Route route = {.to = {.base = (Address)203 << 24, .length = 24, .family = 4}, .target = ROUTE_BLACKHOLE};
        double begin = yard_cpu_seconds();
        netstate_route_add(e->state, table, &route);
        reach_bits_follow_table(bits, table);
        netstate_route_remove(e->state, table, &route);
        reach_bits_follow_table(bits, table);
        seconds[i] = (yard_cpu_seconds() - begin) / 2;
    }
    return median(seconds);
}

/* An ACL stands around a quarter of its network's subnets. */
static double acl_change(const Estate *e, ReachBits *bits, PortRange ports) {
    double seconds[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t acl = (uint32_t)i % e->model->acl_count;
        AclRule rule = {.number = 1};
        ports_add(&rule.ports, ports);
        double begin = yard_cpu_seconds();
        netstate_acl_add(e->state, acl, true, &rule);
        reach_bits_follow_acl(bits, acl);
        netstate_acl_remove(e->state, acl, true, &rule);
        reach_bits_follow_acl(bits, acl);
        seconds[i] = (yard_cpu_seconds() - begin) / 2;
    }
    return median(seconds);
}

static bool changes_run(const Estate *e, double full) {
    ReachBits *bits = reach_bits_new(e->reach, e->state, estate_services, ESTATE_SERVICES);
    bool met = told("one changed rule of a group", group_change(e, bits), 0.05 * full, "ms", 1e3);
    met &= told("one changed route", route_change(e, bits), 0.05 * full, "ms", 1e3);
    if (e->model->acl_count > 0) {
        double port = acl_change(e, bits, (PortRange){PROTOCOL_TCP, 5432, 5432});
        double all = acl_change(e, bits, (PortRange){PROTOCOL_ANY, 0, UINT16_MAX});
        met &= told("one changed entry of an ACL, for a port", port, 0.05 * full, "ms", 1e3);
        met &= told("one changed entry of an ACL, for everything", all, 0.05 * full, "ms", 1e3);
    }
    reach_bits_free(bits);
    return met;
}

/* Every pair, one by one: as long as the bits must not take, and as they must answer. */
static bool same_as_single(const Estate *e) {
    ReachBits *bits = reach_bits_new(e->reach, e->state, estate_services, ESTATE_SERVICES);
    const EndpointClass *classes;
    uint32_t count = reach_classes(e->reach, &classes), differ = 0;
    uint64_t asked = 0;
    double begin = yard_cpu_seconds();
    for (uint32_t s = 0; s < ESTATE_SERVICES; s++) {
        for (ClassId a = 0; a < count; a++) {
            for (ClassId b = 0; b < count; b++, asked++) {
                Query query = {
                    .from = a, .to = b, .protocol = estate_services[s].protocol, .port = estate_services[s].port};
                bool reaches = reach_verdict(e->reach, e->state, query).kind == VERDICT_REACH;
                differ += reaches != reach_bits_connect(bits, s, a, b);
            }
        }
    }
    double seconds = yard_cpu_seconds() - begin;
    printf("  %" G_GUINT64_FORMAT " answers one by one, %u differ\n", asked, differ);
    bool met = told("one answer", seconds / (double)asked, 1e-6, "us", 1e6);
    reach_bits_free(bits);
    return met && differ == 0;
}

static bool explain_run(const Estate *e) {
    const EndpointClass *classes;
    uint32_t count = reach_classes(e->reach, &classes), asked = 0;
    double begin = yard_cpu_seconds();
    for (ClassId a = 0; a < count; a += 7)
        for (ClassId b = 0; b < count && asked < 2000; b += 11, asked++)
            explanation_free(
                reach_explain(e->reach, e->state, (Query){.from = a, .to = b, .protocol = PROTOCOL_TCP, .port = 443}));
    return told("one explanation", (yard_cpu_seconds() - begin) / asked, 1e-3, "ms", 1e3);
}

/* ---- Azure ---------------------------------------------------------------------------------------------------------
 */
static Model *azure_read(ModelInputs *inputs, const char *pattern) {
    static const char *const labels[] = {"estate.yaml", "patterns/defaults/azure.yaml", "patterns/defaults/places.yaml",
                                         "patterns/defaults/network.yaml", "patterns/defaults/prices.yaml"};
    ModelText texts[G_N_ELEMENTS(labels)] = {{labels[0], pattern}};
    char *read[G_N_ELEMENTS(labels)] = {NULL};
    for (size_t i = 1; i < G_N_ELEMENTS(labels); i++) {
        if (!g_file_get_contents(labels[i], &read[i], NULL, NULL))
            g_error("run at the root of the tree: there is no %s", labels[i]);
        texts[i] = (ModelText){labels[i], read[i]};
    }
    ModelRequest request = {.path = labels[0], .inputs = inputs, .texts = texts, .text_count = G_N_ELEMENTS(labels)};
    Diagnostics *diagnostics = diagnostics_new();
    Model *model = model_read(&request, &builtin_catalogue, diagnostics, NULL);
    if (model == NULL)
        diagnostics_print(diagnostics, stdout, 0);
    diagnostics_free(diagnostics);
    for (size_t i = 1; i < G_N_ELEMENTS(labels); i++)
        g_free(read[i]);
    return model;
}

static bool azure_run(uint32_t networks, uint32_t components, uint32_t units, bool singly, double bar) {
    ModelInputs *inputs = model_inputs_new();
    char *text = estate_azure(networks, components, units);
    Model *model = azure_read(inputs, text);
    if (model == NULL)
        return false;
    Estate e = {.model = model, .reach = reach_new(model), .state = netstate_new(model)};
    const EndpointClass *classes;
    printf("Azure: %u units in %u classes, %u networks, %d services\n", model->unit_count,
           reach_classes(e.reach, &classes), model->network_count, ESTATE_SERVICES);
    bool met = told("all pairs, both ways", all_pairs(&e), bar, "ms", 1e3);
    if (singly)
        met &= same_as_single(&e);
    netstate_free(e.state);
    reach_free(e.reach);
    model_free(model);
    model_inputs_free(inputs);
    g_free(text);
    return met;
}

typedef struct {
    const char *name;
    uint32_t networks, components, units;
    bool acls;
    double bar; /* seconds for all pairs; 0: none */
} Row;

static bool row_run(const Row *row) {
    Estate e = estate_of(row->networks, row->components, row->units, row->acls);
    const EndpointClass *classes;
    printf("%s: %u units in %u classes, %u networks, %d services\n", row->name, e.model->unit_count,
           reach_classes(e.reach, &classes), e.model->network_count, ESTATE_SERVICES);
    double full = all_pairs(&e);
    bool met = told("all pairs, both ways", full, row->bar > 0 ? row->bar : 1, "ms", 1e3);
    if (row->bar > 0)
        met &= changes_run(&e, full);
    else
        met &= same_as_single(&e) && explain_run(&e);
    estate_clear(&e);
    return met;
}

int main(void) {
    const Row rows[] = {{"small", 5, 24, 3, true, 0},
                        {"large", 5, 80, 8, false, 0.020},
                        {"large, with ACLs", 5, 80, 8, true, 0.020},
                        {"very large", 50, 80, 8, false, 0.3}};
    bool met = true;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        met &= row_run(&rows[i]);
    met &= azure_run(5, 24, 3, true, 1);
    met &= azure_run(5, 80, 8, false, 0.2);
    return met ? 0 : 1;
}
