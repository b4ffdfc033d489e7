/* quantity_text.c - 5400000000000 to "1.5 h": exactly for machines, briefly for people. */
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "base/quantity.h"
#include "base/units.h"

/* whole.decimals without trailing zeros; decimals are counted in 10^-places. */
static char *decimal_text(uint64_t whole, uint64_t decimals, unsigned places) {
    for (; places > 0 && decimals % 10 == 0; places--)
        decimals /= 10;
    if (places == 0)
        return g_strdup_printf("%" PRIu64, whole);
    return g_strdup_printf("%" PRIu64 ".%0*" PRIu64, whole, (int)places, decimals);
}

/* The shortest decimal whose product with the scale rounds to magnitude; NULL when 18 decimals do not reach it. */
static char *exact_decimal(uint64_t magnitude, const Scale *scale) {
    Int128 scaled = (Int128)magnitude * scale->den;
    uint64_t whole = (uint64_t)(scaled / scale->num), one = 1;
    Int128 rest = scaled % scale->num;
    for (unsigned places = 0; places <= MOST_DECIMALS; places++, one *= 10) {
        Int128 tenths = (2 * rest * one + scale->num) / (2 * (Int128)scale->num);
        Decimal decimal = {whole + (uint64_t)(tenths / one), (uint64_t)(tenths % one), one, places};
        int64_t back;
        if (decimal_scale(&decimal, scale, &back) && (uint64_t)back == magnitude)
            return decimal_text(decimal.whole, decimal.decimals, places);
    }
    return NULL;
}

static char *join(Unit unit, const char *sign, const char *number, const char *name) {
    if (unit == UNIT_MONEY)
        return g_strconcat(sign, "$", number, NULL);
    bool spaced = *name != '\0' && *name != '/';
    return g_strconcat(sign, number, spaced ? " " : "", name, NULL);
}

/* Length as it is compared: "min" counts as two letters, so that 60 s is 1 min and 90 s stays. */
static size_t written_length(const char *number, const Scale *scale) {
    return strlen(number) + strlen(scale->name) - (strstr(scale->name, "min") != NULL);
}

char *quantity_text(int64_t value, Unit unit) {
    if (value == 0)
        return g_strdup(unit_info(unit)->zero);
    if (unit == UNIT_TIME && value == INT64_MAX)
        return g_strdup("never");
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    const Scale *best = NULL;
    char *best_number = NULL;
    for (const Scale *scale = unit_info(unit)->scales; scale->name != NULL; scale++) {
        bool below_one = (Int128)magnitude * scale->den < scale->num;
        if (best != NULL && below_one)
            continue;
        char *number = exact_decimal(magnitude, scale);
        if (number != NULL && (best == NULL || written_length(number, scale) <= written_length(best_number, best))) {
            g_free(best_number);
            best_number = number;
            best = scale;
        } else {
            g_free(number);
        }
    }
    if (best == NULL) /* only at the very ends of the range, which nothing parses to */
        return g_strdup_printf("%" PRId64 " %s", value, unit_info(unit)->scales[0].name);
    char *text = join(unit, value < 0 ? "-" : "", best_number, best->name);
    g_free(best_number);
    return text;
}

/* A value in tenths, hundredths ... of a unit. */
typedef struct {
    Int128 parts;
    uint64_t one; /* parts in a unit */
    unsigned places;
} Rounded;

/* magnitude/scale rounded to `digits` significant digits, but no further than to whole ones. */
static Rounded round_digits(uint64_t magnitude, const Scale *scale, int digits) {
    Int128 scaled = (Int128)magnitude * scale->den;
    int whole_digits = 0;
    for (Int128 left = scaled / scale->num; left > 0; left /= 10)
        whole_digits++;
    for (Int128 tenfold = 10 * scaled; whole_digits <= 0 && tenfold < scale->num; tenfold *= 10)
        whole_digits--; /* zeros behind the point */
    Rounded rounded = {.one = 1, .places = whole_digits >= digits ? 0 : (unsigned)(digits - whole_digits)};
    for (unsigned i = 0; i < rounded.places; i++)
        rounded.one *= 10;
    rounded.parts = (2 * scaled * rounded.one + scale->num) / (2 * (Int128)scale->num);
    return rounded;
}

/* Does the rounded number of units `from` come to at least one unit `to`? (999.7 ms is 1 s.) */
static bool reaches(const Rounded *rounded, const Scale *from, const Scale *to) {
    return rounded->parts * from->num * to->den >= (Int128)rounded->one * to->num * from->den;
}

/* Binary units are left out: 1.07 GB and 1 GiB side by side would only confuse. */
static bool is_for_people(const Scale *scale) { return strstr(scale->name, "iB") == NULL; }

/* Between 99 % and 100 % the interesting digits are those of what is missing. */
static int digits_of_share(uint64_t magnitude, int digits) {
    if (magnitude < 990000000 || magnitude >= 1000000000)
        return digits;
    uint64_t missing = 1000000000 - magnitude;
    for (digits = 4; missing < 1000000 && digits < 9; missing *= 10)
        digits++;
    return digits;
}

char *quantity_brief(int64_t value, Unit unit) {
    if (value == 0 || unit == UNIT_NONE || (unit == UNIT_TIME && value == INT64_MAX))
        return quantity_text(value, unit);
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    int digits = unit == UNIT_SHARE ? digits_of_share(magnitude, 3) : 3;
    const Scale *best = unit_info(unit)->scales;
    Rounded rounded = round_digits(magnitude, best, digits);
    for (const Scale *scale = best + 1; scale->name != NULL; scale++) {
        if (!is_for_people(scale) || !reaches(&rounded, best, scale))
            continue;
        best = scale;
        bool below_one = (Int128)magnitude * scale->den < scale->num; /* it was rounded up to one */
        rounded = below_one ? (Rounded){.parts = 1, .one = 1} : round_digits(magnitude, best, digits);
    }
    char *number =
        decimal_text((uint64_t)(rounded.parts / rounded.one), (uint64_t)(rounded.parts % rounded.one), rounded.places);
    char *text = join(unit, value < 0 ? "-" : "", number, best->name);
    g_free(number);
    return text;
}
