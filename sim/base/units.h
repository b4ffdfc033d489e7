/* units.h - the units of each kind of quantity and what they are worth (private to base). */
#ifndef FAULTLINE_BASE_UNITS_H
#define FAULTLINE_BASE_UNITS_H

#include "base/int128.h"
#include "base/quantity.h"

/* One unit is worth num/den of the base unit. */
typedef struct {
    const char *name;
    int64_t num, den;
} Scale;

typedef struct {
    const Scale *scales; /* smallest first; ends with a row without a name */
    const char *zero;    /* how nothing at all is written */
    const char *units;   /* the list for messages */
    const char *example; /* what a right one looks like */
} UnitInfo;

const UnitInfo *unit_info(Unit unit);
/* What to write instead of a unit that is often meant by `name`, or NULL. */
const char *unit_hint(Unit unit, const char *name);

enum { MOST_DECIMALS = 18 };

/* A decimal as it was written: whole and decimals/10^places. */
typedef struct {
    uint64_t whole, decimals, one; /* one = 10^places */
    unsigned places;
} Decimal;

/* value = decimal * num/den, to nearest; false when it reaches INT64_MAX. */
bool decimal_scale(const Decimal *decimal, const Scale *scale, int64_t *value);

#endif
