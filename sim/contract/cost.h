/* cost.h - what a kind bills. Prices come from patterns/defaults/prices.yaml by name, with their source; a kind only
 * names items and amounts. Rates are per hour of one running unit, per GB, or per million requests. */
#ifndef FAULTLINE_CONTRACT_COST_H
#define FAULTLINE_CONTRACT_COST_H

typedef enum { COST_UNIT_HOUR, COST_COMPONENT_HOUR, COST_PER_MILLION } CostBasis;

typedef struct CostSheet {
    void *user;
    void (*item)(void *user, CostBasis basis, const char *price_name);
} CostSheet;

#endif
