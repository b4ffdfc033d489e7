/* cost.h - what a kind bills. Prices come from patterns/defaults/prices.yaml by name, with their source; a kind only
 * names items and amounts. Rates are per hour of one running unit or attachment, per GB, per million requests, or per
 * GB that is kept for a month of 730 hours. */
#ifndef FAULTLINE_CONTRACT_COST_H
#define FAULTLINE_CONTRACT_COST_H

#include <stdint.h>

typedef enum {
    COST_UNIT_HOUR,
    COST_COMPONENT_HOUR,
    COST_ATTACHMENT_HOUR, /* of what is attached to it */
    COST_PER_MILLION,
    COST_PER_GB,       /* that passes it */
    COST_PER_GB_TAKEN, /* that is put into it */
    COST_PER_GB_MONTH  /* that it keeps */
} CostBasis;

/* What bytes cross, by which they are billed and told apart: the boundary between two places, or the provider's
 * delivery network, by which an answer leaves instead of by the region's way out. */
typedef enum {
    SCOPE_SAME_ZONE,
    SCOPE_ZONES,
    SCOPE_REGIONS,
    SCOPE_INTERNET_IN,
    SCOPE_INTERNET_OUT,
    SCOPE_CDN,
    SCOPES
} LinkScope;

typedef struct CostSheet {
    void *user;
    void (*item)(void *user, CostBasis basis, const char *price_name);
    /* Of the last two bases: `each` object or line has so many bytes, and `held` were there from the start. */
    void (*sized)(void *user, CostBasis basis, const char *price_name, int64_t held, int64_t each);
} CostSheet;

#endif
