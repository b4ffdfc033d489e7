/* stock.c - integrates the number of objects or lines that each component keeps. */
#include "measure/stock.h"

#include <glib.h>

void stock_start(Stock *stock, const MeasureSetup *setup) {
    stock->setup = setup;
    stock->there = g_new(int64_t, setup->component_count + 1);
    stock->taken = g_new(int64_t, setup->component_count + 1);
    stock->since = g_new(SimTime, setup->component_count + 1);
    stock->total = g_new(Int128, setup->component_count + 1);
}

void stock_begin(Stock *stock) {
    for (uint32_t i = 0; i < stock->setup->component_count; i++) {
        stock->there[i] = stock->taken[i] = 0;
        stock->total[i] = 0;
        stock->since[i] = SIMTIME_ZERO;
    }
}

void stock_clear(Stock *stock) {
    gpointer owned[] = {stock->there, stock->taken, stock->since, stock->total};
    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
}

/* What is taken out of a store may have been there before anybody counted: nothing is kept below zero. */
void stock_see(Stock *stock, const Fact *fact) {
    ComponentId c = fact->kind == FACT_COPIED ? fact->other : fact->component;
    stock->total[c] += (Int128)stock->there[c] * (fact->at.ns - stock->since[c].ns);
    stock->since[c] = fact->at;
    stock->there[c] = MAX(stock->there[c] + fact->amount, 0);
    stock->taken[c] += MAX(fact->amount, 0);
}

Int128 stock_total(const Stock *stock, ComponentId component, SimTime until) {
    return stock->total[component] + (Int128)stock->there[component] * (until.ns - stock->since[component].ns);
}
