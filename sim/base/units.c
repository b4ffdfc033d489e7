/* units.c - the tables of units, and the slips that people make with them. */
#include "base/units.h"

#include <glib.h>
#include <string.h>

#define NS_PER_S INT64_C(1000000000)

/* Smallest first; each list ends with a row without a name. */
static const Scale scale_none[] = {{"", 1, 1}, {NULL, 0, 0}};
static const Scale scale_time[] = {
    {"ns", 1, 1},
    {"us", 1000, 1},
    {"ms", 1000000, 1},
    {"s", NS_PER_S, 1},
    {"min", 60 * NS_PER_S, 1},
    {"h", 3600 * NS_PER_S, 1},
    {"d", 86400 * NS_PER_S, 1},
    {"y", 365 * 86400 * NS_PER_S, 1},
    {NULL, 0, 0},
};
static const Scale scale_bytes[] = {
    {"B", 1, 1},
    {"kB", 1000, 1},
    {"KiB", INT64_C(1) << 10, 1},
    {"MB", 1000000, 1},
    {"MiB", INT64_C(1) << 20, 1},
    {"GB", 1000000000, 1},
    {"GiB", INT64_C(1) << 30, 1},
    {"TB", INT64_C(1000000000000), 1},
    {"TiB", INT64_C(1) << 40, 1},
    {NULL, 0, 0},
};
static const Scale scale_share[] = {{"%", 10000000, 1}, {NULL, 0, 0}};
/* A rate counts events in 1e9 s, so one an hour is 1e9/3600 of them. */
static const Scale scale_rate[] = {
    {"/y", NS_PER_S, 365 * 86400}, {"/d", NS_PER_S, 86400}, {"/h", NS_PER_S, 3600},
    {"/min", NS_PER_S, 60},        {"/s", NS_PER_S, 1},     {NULL, 0, 0},
};
static const Scale scale_bitrate[] = {
    {"bit/s", 1, 1}, {"kbit/s", 1000, 1}, {"Mbit/s", 1000000, 1}, {"Gbit/s", 1000000000, 1}, {NULL, 0, 0},
};
static const Scale scale_money[] = {{"$", 1000000, 1}, {NULL, 0, 0}};

static const UnitInfo info[] = {
    [UNIT_NONE] = {scale_none, "0", "no unit", "3"},
    [UNIT_TIME] = {scale_time, "0 s", "ns, us, ms, s, min, h, d or y", "30 s"},
    [UNIT_BYTES] = {scale_bytes, "0 B", "B, kB, MB, GB, TB, KiB, MiB, GiB or TiB", "4 KiB"},
    [UNIT_SHARE] = {scale_share, "0 %", "%", "2 %"},
    [UNIT_RATE] = {scale_rate, "0/s", "/s, /min, /h, /d or /y", "20/s"},
    [UNIT_BITRATE] = {scale_bitrate, "0 bit/s", "bit/s, kbit/s, Mbit/s or Gbit/s", "10 Gbit/s"},
    [UNIT_MONEY] = {scale_money, "$0", "$", "$0.045"},
};

const UnitInfo *unit_info(Unit unit) { return &info[unit]; }

/* What people write who mean one of ours. */
const char *unit_hint(Unit unit, const char *name) {
    static const struct {
        Unit unit;
        const char *wrong, *right;
    } hints[] = {
        {UNIT_TIME, "m", "min or ms"},    {UNIT_TIME, "sec", "s"},          {UNIT_TIME, "secs", "s"},
        {UNIT_TIME, "second", "s"},       {UNIT_TIME, "seconds", "s"},      {UNIT_TIME, "S", "s"},
        {UNIT_TIME, "mins", "min"},       {UNIT_TIME, "minute", "min"},     {UNIT_TIME, "minutes", "min"},
        {UNIT_TIME, "M", "min"},          {UNIT_TIME, "hr", "h"},           {UNIT_TIME, "hrs", "h"},
        {UNIT_TIME, "hour", "h"},         {UNIT_TIME, "hours", "h"},        {UNIT_TIME, "H", "h"},
        {UNIT_TIME, "day", "d"},          {UNIT_TIME, "days", "d"},         {UNIT_TIME, "D", "d"},
        {UNIT_TIME, "year", "y"},         {UNIT_TIME, "years", "y"},        {UNIT_TIME, "msec", "ms"},
        {UNIT_TIME, "\xc2\xb5s", "us"},   {UNIT_TIME, "\xce\xbcs", "us"},   {UNIT_TIME, "w", "7 d for a week"},
        {UNIT_BYTES, "b", "B"},           {UNIT_BYTES, "KB", "kB or KiB"},  {UNIT_BYTES, "K", "kB or KiB"},
        {UNIT_BYTES, "k", "kB or KiB"},   {UNIT_BYTES, "M", "MB or MiB"},   {UNIT_BYTES, "G", "GB or GiB"},
        {UNIT_BYTES, "T", "TB or TiB"},   {UNIT_BYTES, "mb", "MB or MiB"},  {UNIT_BYTES, "gb", "GB or GiB"},
        {UNIT_BYTES, "tb", "TB or TiB"},  {UNIT_BYTES, "kb", "kB or KiB"},  {UNIT_SHARE, "percent", "%"},
        {UNIT_RATE, "/sec", "/s"},        {UNIT_RATE, "/second", "/s"},     {UNIT_RATE, "/m", "/min"},
        {UNIT_RATE, "/hour", "/h"},       {UNIT_RATE, "/day", "/d"},        {UNIT_RATE, "per s", "/s"},
        {UNIT_RATE, "Hz", "/s"},          {UNIT_BITRATE, "bps", "bit/s"},   {UNIT_BITRATE, "kbps", "kbit/s"},
        {UNIT_BITRATE, "Mbps", "Mbit/s"}, {UNIT_BITRATE, "Gbps", "Gbit/s"}, {UNIT_BITRATE, "Gb/s", "Gbit/s"},
        {UNIT_BITRATE, "Mb/s", "Mbit/s"}, {UNIT_MONEY, "USD", "$"},         {UNIT_MONEY, "usd", "$"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(hints); i++) {
        if (hints[i].unit == unit && strcmp(hints[i].wrong, name) == 0)
            return hints[i].right;
    }
    return NULL;
}

/* The largest intermediate has 19 + 18 digits, which fit 128 bits. */
bool decimal_scale(const Decimal *decimal, const Scale *scale, int64_t *value) {
    Int128 whole = (Int128)decimal->whole * scale->num;
    Int128 part = (Int128)decimal->decimals * scale->num;
    /* (whole + part/one)/den = (whole*one + part)/(one*den); whole/den is split off first, to stay within 128 bits. */
    Int128 quotient = whole / scale->den, rest = whole % scale->den;
    Int128 numerator = rest * decimal->one + part, denominator = (Int128)decimal->one * scale->den;
    quotient += (2 * numerator + denominator) / (2 * denominator);
    if (quotient >= INT64_MAX)
        return false;
    *value = (int64_t)quotient;
    return true;
}
