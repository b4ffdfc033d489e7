/* quantity.c - "1.5 h" to 5400000000000, in whole numbers only. */
#include "base/quantity.h"

#include <glib.h>
#include <string.h>

#include "base/units.h"

enum { MOST_DIGITS = 19 };

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Read the digits of a number at *at; on failure returns the reason. */
static const char *read_decimal(const char **at, Decimal *decimal) {
    const char *p = *at;
    *decimal = (Decimal){.one = 1};
    if (*p == '-' || *p == '+')
        return "a sign is not allowed";
    if (*p == '.')
        return "a digit must stand before the point";
    if (!is_digit(*p))
        return "it does not begin with a number";
    if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
        return "hexadecimal is not allowed";
    if (p[0] == '0' && is_digit(p[1]))
        return "a leading zero is not allowed";
    for (; is_digit(*p); p++) {
        if (p - *at >= MOST_DIGITS)
            return "it is too large";
        decimal->whole = decimal->whole * 10 + (uint64_t)(*p - '0');
    }
    if (*p == ',')
        return "a comma is not allowed (decimals follow a point)";
    if (*p == '.') {
        if (!is_digit(*++p))
            return "a digit must follow the point";
        for (; is_digit(*p); p++, decimal->places++) {
            if (decimal->places == MOST_DECIMALS)
                return "it has more than 18 decimals";
            decimal->decimals = decimal->decimals * 10 + (uint64_t)(*p - '0');
            decimal->one *= 10;
        }
    }
    if ((*p == 'e' || *p == 'E') && (is_digit(p[1]) || p[1] == '-' || p[1] == '+'))
        return "an exponent is not allowed";
    *at = p;
    return NULL;
}

static char *unknown_unit(Unit unit, const char *name) {
    if (unit == UNIT_NONE)
        return g_strdup_printf("\"%s\" follows the number: this is a whole number without a unit", name);
    const char *right = unit_hint(unit, name);
    if (right != NULL)
        return g_strdup_printf("unknown unit \"%s\": write %s", name, right);
    return g_strdup_printf("unknown unit \"%s\": use %s", name, unit_info(unit)->units);
}

static const Scale *find_scale(Unit unit, const char *name) {
    for (const Scale *scale = unit_info(unit)->scales; scale->name != NULL; scale++) {
        if (strcmp(scale->name, name) == 0)
            return scale;
    }
    return NULL;
}

/* A number without a unit: right for a count, and for a share between 0 and 1. */
static const Scale *bare_scale(Unit unit, const Decimal *decimal, const char *text, char **why) {
    static const Scale ratio = {"", 1000000000, 1};
    if (unit == UNIT_NONE)
        return &unit_info(UNIT_NONE)->scales[0];
    if (unit != UNIT_SHARE) {
        *why = g_strdup_printf("\"%s\" has no unit: use %s", text, unit_info(unit)->units);
        return NULL;
    }
    if (decimal->whole > 1 || (decimal->whole == 1 && decimal->decimals > 0)) {
        *why = g_strdup_printf("\"%s\" has no unit, and a ratio lies between 0 and 1: write %s %%", text, text);
        return NULL;
    }
    return &ratio;
}

static const Scale *read_scale(const char *at, Unit unit, const Decimal *decimal, const char *text, char **why) {
    if (*at == '\0')
        return bare_scale(unit, decimal, text, why);
    if (*at == ' ' && at[1] != '\0' && at[1] != ' ' && unit != UNIT_NONE)
        at++;
    if (*at == ' ' || *at == '\t') {
        *why = g_strdup_printf("\"%s\" has white space other than one blank before the unit", text);
        return NULL;
    }
    const Scale *scale = find_scale(unit, at);
    if (scale == NULL)
        *why = unknown_unit(unit, at);
    return scale;
}

/* Money may carry its unit in front. */
static const Scale *read_dollars_first(const char *at, const char *text, char **why) {
    if (*at == '\0')
        return &unit_info(UNIT_MONEY)->scales[0];
    *why = g_strdup_printf("\"%s\" has something behind the amount: write $0.045", text);
    return NULL;
}

bool quantity_parse(const char *text, Unit unit, int64_t *value, char **why) {
    bool dollars_first = unit == UNIT_MONEY && text[0] == '$';
    const char *at = dollars_first ? text + 1 : text;
    Decimal decimal;
    const char *reason = read_decimal(&at, &decimal);
    if (reason != NULL) {
        *why = g_strdup_printf("\"%s\" is not a quantity like %s: %s", text, unit_info(unit)->example, reason);
        return false;
    }
    const Scale *scale = dollars_first ? read_dollars_first(at, text, why) : read_scale(at, unit, &decimal, text, why);
    if (scale == NULL)
        return false;
    if (unit == UNIT_NONE && decimal.places > 0) {
        *why = g_strdup_printf("\"%s\" is not a whole number", text);
        return false;
    }
    if (!decimal_scale(&decimal, scale, value)) {
        *why = g_strdup_printf("\"%s\" is too large", text);
        return false;
    }
    return true;
}
