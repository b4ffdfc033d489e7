/* setup.c - populations, faults, names and prices of a model as rows for the measures. */
#include "study/setup.h"

#include <glib.h>

#include "world/world.h"

typedef struct {
    const Model *model;
    ComponentId component;
    GArray *rows; /* MeasurePrice */
} PriceList;

static const Price *price_named(const Model *model, const char *name) {
    for (uint32_t p = 0; p < model->price_count; p++)
        if (g_str_equal(model->prices[p].name, name))
            return &model->prices[p];
    return NULL;
}

static int64_t attachments_of(const Model *model, ComponentId hub) {
    int64_t count = 0;
    for (uint32_t j = 0; j < model->join_count; j++)
        count += model->joins[j].component == hub ? model->joins[j].attachment_count : 0;
    return count;
}

static void add_price(void *user, CostBasis basis, const char *name) {
    PriceList *list = user;
    const Price *price = price_named(list->model, name);
    MeasurePrice row = {.component = list->component, .basis = basis, .item = name, .price = price ? price->price : 0};
    if (basis == COST_ATTACHMENT_HOUR)
        row.each = attachments_of(list->model, list->component);
    if (price)
        g_array_append_val(list->rows, row);
}

static void add_sized(void *user, CostBasis basis, const char *name, int64_t held, int64_t each) {
    GArray *rows = ((PriceList *)user)->rows;
    guint before = rows->len;
    add_price(user, basis, name);
    if (rows->len > before) {
        g_array_index(rows, MeasurePrice, before).held = held;
        g_array_index(rows, MeasurePrice, before).each = each;
    }
}

static void set_prices(MeasureSetup *setup, const Model *model) {
    PriceList list = {model, 0, g_array_new(FALSE, FALSE, sizeof(MeasurePrice))};
    CostSheet sheet = {&list, add_price, add_sized};
    for (ComponentId c = 0; c < model->component_count; c++) {
        list.component = c;
        if (model->components[c].kind->price)
            model->components[c].kind->price(model->components[c].spec, &sheet);
    }
    setup->price_count = list.rows->len;
    setup->prices = (MeasurePrice *)(void *)g_array_free(list.rows, FALSE);
}

static bool delivers(const Model *model) {
    bool any = false;
    for (ComponentId c = 0; c < model->component_count; c++)
        any = any || model->components[c].kind->delivers;
    return any;
}

static void set_transfers(MeasureSetup *setup, const Model *model) {
    static const struct {
        const char *name;
        LinkScope scope;
    } billed[] = {{"cross_zone_gb", SCOPE_ZONES},
                  {"inter_region_gb", SCOPE_REGIONS},
                  {"internet_egress_cdn_gb", SCOPE_CDN},
                  {"internet_egress_gb", SCOPE_INTERNET_OUT}};
    MeasureTransfer *rows = g_new0(MeasureTransfer, G_N_ELEMENTS(billed));
    for (size_t i = 0; i < G_N_ELEMENTS(billed); i++) {
        const Price *price = price_named(model, billed[i].name);
        if (price && (billed[i].scope != SCOPE_CDN || delivers(model)))
            rows[setup->transfer_count++] = (MeasureTransfer){billed[i].name, billed[i].scope, price->price};
    }
    setup->transfers = rows;
}

static void set_names(MeasureSetup *setup, const Model *model) {
    const char **components = g_new0(const char *, model->component_count + 1);
    const char **elements = g_new0(const char *, model->element_count + 1);
    ComponentId *owners = g_new0(ComponentId, model->unit_count + 1);
    MeasurePopulation *populations = g_new0(MeasurePopulation, model->component_count + 1);
    for (ComponentId c = 0; c < model->component_count; c++) {
        components[c] = model->components[c].name;
        if (model->components[c].kind->role == ROLE_POPULATION)
            populations[setup->population_count++] = (MeasurePopulation){components[c], c};
    }
    for (uint32_t e = 0; e < model->element_count; e++)
        elements[e] = model->elements[e].text;
    for (UnitId u = 0; u < model->unit_count; u++)
        owners[u] = model->units[u].component;
    setup->components = components;
    setup->component_count = model->component_count;
    setup->elements = elements;
    setup->element_count = model->element_count;
    setup->unit_component = owners;
    setup->unit_count = model->unit_count;
    setup->populations = populations;
}

static bool makes_jobs(const Model *model, uint32_t f) {
    bool makes = false;
    for (uint32_t s = 1; s < model->flows[f].step_count; s++)
        makes = makes || flow_hands_off(model->flows[f].steps[s].connector);
    for (uint32_t l = 0; l < model->load_count; l++)
        makes = makes || (model->loads[l].flow == f &&
                          model->components[model->loads[l].population].kind->role != ROLE_POPULATION);
    return makes;
}

static void set_jobs(MeasureSetup *setup, const Model *model) {
    const char **flows = g_new0(const char *, model->flow_count + 1);
    for (uint32_t f = 0; f < model->flow_count; f++)
        if (makes_jobs(model, f)) {
            flows[f] = model->flows[f].name;
            setup->flow_count = model->flow_count;
        }
    setup->flows = flows;
}

static void set_faults(MeasureSetup *setup, const Model *model) {
    MeasureFault *faults = g_new0(MeasureFault, model->event_count + 1);
    for (uint32_t e = 0; e < model->event_count; e++)
        if (model->timeline[e].kind != EVENT_THREAT) /* an attack breaks nothing by itself */
            faults[setup->fault_count++] =
                (MeasureFault){model->timeline[e].text, model->timeline[e].at, model->timeline[e].lasts, e};
    setup->faults = faults;
}

/* How a law can fail follows from its shares. */
static void set_failures(MeasureSetup *setup, const Model *model) {
    MeasureFailure *failures = g_new0(MeasureFailure, model->failure_count + 1);
    for (uint32_t l = 0; l < model->failure_count; l++) {
        const FailureLaw *law = &model->failures[l];
        bool own = law->common_cause < WHOLE;
        failures[l].name = law->name;
        failures[l].modes = (own && law->coverage > 0 ? 1u << FAILURE_OWN : 0) |
                            (own && law->coverage < WHOLE ? 1u << FAILURE_UNCOVERED : 0) |
                            (law->common_cause > 0 ? 1u << FAILURE_COMMON : 0);
    }
    setup->failures = failures;
    setup->failure_count = model->failure_count;
}

static void set_quantiles(MeasureSetup *setup, const Model *model) {
    int64_t *quantiles = g_new0(int64_t, model->expect_count + 1);
    for (uint32_t e = 0; e < model->expect_count; e++)
        if (model->expects[e].kind == EXPECT_MEASURE && model->expects[e].statistic == STATISTIC_QUANTILE)
            quantiles[setup->quantile_count++] = model->expects[e].quantile;
    setup->quantiles = quantiles;
}

/* Unless the file says otherwise: nothing where nobody comes; else five mean sessions of the longest-staying
 * population, but no more than half the time to the first event or half the run, so that there is always a "before". */
static SimTime warm_up_of(const Model *model) {
    if (model->run.has_warm_up)
        return model->run.warm_up;
    if (model->load_count == 0)
        return SIMTIME_ZERO;
    SimTime longest = SIMTIME_ZERO, most = model->run.until;
    for (ComponentId c = 0; c < model->component_count; c++)
        if (model->components[c].kind->mean_session)
            longest = simtime_max(longest, model->components[c].kind->mean_session(model->components[c].spec));
    if (model->event_count)
        most = simtime_min(most, model->timeline[0].at);
    return simtime_min(SIMTIME_NS(longest.ns * 5), SIMTIME_NS(most.ns / 2));
}

/* Does anything take what somebody shows away from him? */
static bool has_expiry(const Model *model) {
    bool found = false;
    for (uint32_t e = 0; e < model->event_count && !found; e++) {
        Condition bent = CONDITION_HEALTHY;
        if (model->timeline[e].kind == EVENT_FAULT)
            model->timeline[e].fault->bend(model->timeline[e].spec, &bent);
        found = !bent.trusted;
    }
    return found;
}

MeasureSetup setup_of(const Model *model) {
    MeasureSetup setup = {.warm_up = warm_up_of(model), .until = model->run.until};
    set_names(&setup, model);
    set_faults(&setup, model);
    set_failures(&setup, model);
    set_prices(&setup, model);
    set_transfers(&setup, model);
    set_quantiles(&setup, model);
    setup.trust = model->trust.any || has_expiry(model);
    setup.forgeries = model->forgeries;
    setup.watched = model->sensor_count > 0;
    for (ComponentId c = 0; c < model->component_count; c++)
        setup.meters = setup.meters || model->components[c].kind->meters;
    set_jobs(&setup, model);
    return setup;
}

void setup_clear(MeasureSetup *setup) {
    gconstpointer owned[] = {setup->populations,    setup->faults,  setup->components, setup->elements,
                             setup->unit_component, setup->prices,  setup->transfers,  setup->quantiles,
                             setup->flows,          setup->failures};
    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free((gpointer)(uintptr_t)owned[i]);
    *setup = (MeasureSetup){0};
}
