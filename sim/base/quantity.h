/* quantity.h - numbers with units: the one exact parser and printer.
 *
 * Decimal text, one optional space, a mandatory unit -> a whole count of the base unit. Rounds to nearest (a half away
 * from zero) where the decimal does not divide; refuses overflow, signs, exponents, hex, leading zeros, more than 18
 * decimals, nan, inf and a bare number. `m` is refused ("write min or ms"). Printing takes the shortest text that is
 * exact (`90 s`, `1.5 h`, `50 ms`), of equally long ones that with the larger unit, always with the space
 * (rates: `20/s`, money: `$0.045`). */
#ifndef FAULTLINE_BASE_QUANTITY_H
#define FAULTLINE_BASE_QUANTITY_H

#include <stdbool.h>
#include <stdint.h>

typedef enum {
    UNIT_NONE,    /* a plain whole number: base 1 (no unit allowed) */
    UNIT_TIME,    /* ns us ms s min h d y            base: ns (d = 24 h, y = 365 d) */
    UNIT_BYTES,   /* B kB MB GB TB KiB MiB GiB TiB   base: byte */
    UNIT_SHARE,   /* %  (also a ratio like 0.02)     base: parts per billion */
    UNIT_RATE,    /* /s /min /h /d /y                base: events per 1e9 seconds */
    UNIT_BITRATE, /* bit/s kbit/s Mbit/s Gbit/s    base: bit per second */
    UNIT_MONEY    /* $                               base: micro-dollar; "$0.045" or "0.045 $" */
} Unit;

/* False and an allocated *why (g_free) when text is not a quantity of that unit. A bare share lies between 0 and 1
 * (2 may be meant as 2 %, so it is refused). The largest value is INT64_MAX - 1: INT64_MAX ns means never. */
bool quantity_parse(const char *text, Unit unit, int64_t *value, char **why);
/* Allocated text (g_free) that parses back to the same value; but a negative one has a sign, and the time INT64_MAX
 * is "never", which nobody may write. */
char *quantity_text(int64_t value, Unit unit);
/* For people: three significant digits and a fitting unit (`2.35 min`, `1.21 GB`), allocated. Times: infinite =
 * "never". Shares near 100 % keep two digits of what is missing (`99.95 %`); whole numbers are written out. */
char *quantity_brief(int64_t value, Unit unit);

#endif
