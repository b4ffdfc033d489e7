/* test_quantity.c - numbers with units are read exactly, refused with a reason, and printed so that they read back. */
#include <glib.h>
#include <string.h>

#include "base/luck.h"
#include "base/quantity.h"

typedef struct {
    Unit unit;
    const char *text;
    int64_t value;
} Good;

#define S INT64_C(1000000000)

static const Good good[] = {
    {UNIT_TIME, "0 s", 0},
    {UNIT_TIME, "5 s", 5 * S},
    {UNIT_TIME, "5s", 5 * S},
    {UNIT_TIME, "1.5 h", 5400 * S},
    {UNIT_TIME, "1 d", 86400 * S},
    {UNIT_TIME, "1 y", 365 * 86400 * S},
    {UNIT_TIME, "250 us", 250000},
    {UNIT_TIME, "0.5 ns", 1},
    {UNIT_TIME, "0.499999999999999999 ns", 0},
    {UNIT_TIME, "0.000000001 s", 1},
    {UNIT_TIME, "2 min", 120 * S},
    {UNIT_TIME, "9223372036854775806 ns", INT64_MAX - 1},
    {UNIT_TIME, "0.333333333333333333 s", 333333333},
    {UNIT_TIME, "292 y", INT64_C(292) * 365 * 86400 * S},
    {UNIT_BYTES, "1.2 GB", 1200000000},
    {UNIT_BYTES, "4 KiB", 4096},
    {UNIT_BYTES, "1 TiB", INT64_C(1) << 40},
    {UNIT_BYTES, "7 B", 7},
    {UNIT_SHARE, "99.95 %", 999500000},
    {UNIT_SHARE, "2%", 20000000},
    {UNIT_SHARE, "0.02", 20000000},
    {UNIT_SHARE, "1", 1000000000},
    {UNIT_SHARE, "1.0", 1000000000},
    {UNIT_SHARE, "0", 0},
    {UNIT_SHARE, "150 %", 1500000000},
    {UNIT_RATE, "20/s", 20 * S},
    {UNIT_RATE, "20 /s", 20 * S},
    {UNIT_RATE, "1/min", 16666667},
    {UNIT_RATE, "1/h", 277778},
    {UNIT_RATE, "60/min", S},
    {UNIT_RATE, "1/y", 32},
    {UNIT_BITRATE, "10 Gbit/s", 10 * S},
    {UNIT_BITRATE, "56 kbit/s", 56000},
    {UNIT_MONEY, "$0.045", 45000},
    {UNIT_MONEY, "0.045 $", 45000},
    {UNIT_MONEY, "$12", 12000000},
    {UNIT_NONE, "0", 0},
    {UNIT_NONE, "400", 400},
};

static void test_good(void) {
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        int64_t value = -1;
        char *why = NULL;
        bool parsed = quantity_parse(good[i].text, good[i].unit, &value, &why);
        if (!parsed)
            g_test_message("%s: %s", good[i].text, why);
        g_assert_true(parsed);
        g_assert_cmpint(value, ==, good[i].value);
    }
}

typedef struct {
    Unit unit;
    const char *text, *why;
} Bad;

/* Each reason in full: it is what the user reads. */
static const Bad bad[] = {
    {UNIT_TIME, "", "\"\" is not a quantity like 30 s: it does not begin with a number"},
    {UNIT_TIME, " ", "\" \" is not a quantity like 30 s: it does not begin with a number"},
    {UNIT_TIME, "s", "\"s\" is not a quantity like 30 s: it does not begin with a number"},
    {UNIT_TIME, "5", "\"5\" has no unit: use ns, us, ms, s, min, h, d or y"},
    {UNIT_TIME, "1e3", "\"1e3\" is not a quantity like 30 s: an exponent is not allowed"},
    {UNIT_TIME, "1E+3 s", "\"1E+3 s\" is not a quantity like 30 s: an exponent is not allowed"},
    {UNIT_TIME, "0x10", "\"0x10\" is not a quantity like 30 s: hexadecimal is not allowed"},
    {UNIT_TIME, "nan", "\"nan\" is not a quantity like 30 s: it does not begin with a number"},
    {UNIT_TIME, "inf", "\"inf\" is not a quantity like 30 s: it does not begin with a number"},
    {UNIT_TIME, "never", "\"never\" is not a quantity like 30 s: it does not begin with a number"},
    {UNIT_TIME, "-1 s", "\"-1 s\" is not a quantity like 30 s: a sign is not allowed"},
    {UNIT_TIME, "+1 s", "\"+1 s\" is not a quantity like 30 s: a sign is not allowed"},
    {UNIT_TIME, "1m", "unknown unit \"m\": write min or ms"},
    {UNIT_TIME, "1 m", "unknown unit \"m\": write min or ms"},
    {UNIT_TIME, "1 seconds", "unknown unit \"seconds\": write s"},
    {UNIT_TIME, "1 \xc2\xb5s", "unknown unit \"\xc2\xb5s\": write us"},
    {UNIT_TIME, "1 parsec", "unknown unit \"parsec\": use ns, us, ms, s, min, h, d or y"},
    {UNIT_TIME, "5  s", "\"5  s\" has white space other than one blank before the unit"},
    {UNIT_TIME, "5\ts", "\"5\ts\" has white space other than one blank before the unit"},
    {UNIT_TIME, "5 ", "\"5 \" has white space other than one blank before the unit"},
    {UNIT_TIME, "5 s ", "unknown unit \"s \": use ns, us, ms, s, min, h, d or y"},
    {UNIT_TIME, " 5 s", "\" 5 s\" is not a quantity like 30 s: it does not begin with a number"},
    {UNIT_TIME, "\"5 s\"", "\"\"5 s\"\" is not a quantity like 30 s: it does not begin with a number"},
    {UNIT_TIME, "1,5 s", "\"1,5 s\" is not a quantity like 30 s: a comma is not allowed (decimals follow a point)"},
    {UNIT_TIME, ".5 s", "\".5 s\" is not a quantity like 30 s: a digit must stand before the point"},
    {UNIT_TIME, "5. s", "\"5. s\" is not a quantity like 30 s: a digit must follow the point"},
    {UNIT_TIME, "1.2.3 s", "unknown unit \".3 s\": use ns, us, ms, s, min, h, d or y"},
    {UNIT_TIME, "010 s", "\"010 s\" is not a quantity like 30 s: a leading zero is not allowed"},
    {UNIT_TIME, "1_000 s", "unknown unit \"_000 s\": use ns, us, ms, s, min, h, d or y"},
    {UNIT_TIME, "999999999999 y", "\"999999999999 y\" is too large"},
    {UNIT_TIME, "293 y", "\"293 y\" is too large"},
    {UNIT_TIME, "9223372036854775807 ns", "\"9223372036854775807 ns\" is too large"},
    {UNIT_TIME, "99999999999999999999 ns", "\"99999999999999999999 ns\" is not a quantity like 30 s: it is too large"},
    {UNIT_TIME, "0.0000000000000000001 s",
     "\"0.0000000000000000001 s\" is not a quantity like 30 s: it has more than 18 decimals"},
    {UNIT_TIME, "5 s s", "unknown unit \"s s\": use ns, us, ms, s, min, h, d or y"},
    {UNIT_TIME, "20 %", "unknown unit \"%\": use ns, us, ms, s, min, h, d or y"},
    {UNIT_TIME, "\xd9\xa5 s", "\"\xd9\xa5 s\" is not a quantity like 30 s: it does not begin with a number"},
    {UNIT_BYTES, "1 KB", "unknown unit \"KB\": write kB or KiB"},
    {UNIT_BYTES, "1 b", "unknown unit \"b\": write B"},
    {UNIT_BYTES, "9 EB", "unknown unit \"EB\": use B, kB, MB, GB, TB, KiB, MiB, GiB or TiB"},
    {UNIT_BYTES, "9999999 TiB", "\"9999999 TiB\" is too large"},
    {UNIT_SHARE, "2", "\"2\" has no unit, and a ratio lies between 0 and 1: write 2 %"},
    {UNIT_SHARE, "1.01", "\"1.01\" has no unit, and a ratio lies between 0 and 1: write 1.01 %"},
    {UNIT_SHARE, "2 percent", "unknown unit \"percent\": write %"},
    {UNIT_RATE, "20", "\"20\" has no unit: use /s, /min, /h, /d or /y"},
    {UNIT_RATE, "20/m", "unknown unit \"/m\": write /min"},
    {UNIT_RATE, "20 per s", "unknown unit \"per s\": write /s"},
    {UNIT_BITRATE, "1 Gbps", "unknown unit \"Gbps\": write Gbit/s"},
    {UNIT_MONEY, "5", "\"5\" has no unit: use $"},
    {UNIT_MONEY, "$ 5", "\"$ 5\" is not a quantity like $0.045: it does not begin with a number"},
    {UNIT_MONEY, "$5 $", "\"$5 $\" has something behind the amount: write $0.045"},
    {UNIT_MONEY, "$-5", "\"$-5\" is not a quantity like $0.045: a sign is not allowed"},
    {UNIT_MONEY, "5 USD", "unknown unit \"USD\": write $"},
    {UNIT_NONE, "1.5", "\"1.5\" is not a whole number"},
    {UNIT_NONE, "1.0", "\"1.0\" is not a whole number"},
    {UNIT_NONE, "3 s", "\"3 s\" has white space other than one blank before the unit"},
    {UNIT_NONE, "3s", "\"s\" follows the number: this is a whole number without a unit"},
    {UNIT_NONE, "-3", "\"-3\" is not a quantity like 3: a sign is not allowed"},
};

static void test_bad(void) {
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        int64_t value = 77;
        char *why = NULL;
        g_assert_false(quantity_parse(bad[i].text, bad[i].unit, &value, &why));
        g_assert_cmpstr(why, ==, bad[i].why);
        g_assert_cmpint(value, ==, 77);
        g_free(why);
    }
}

static void check_text(int64_t value, Unit unit, const char *exact, const char *brief) {
    char *text = quantity_text(value, unit);
    g_assert_cmpstr(text, ==, exact);
    g_free(text);
    text = quantity_brief(value, unit);
    g_assert_cmpstr(text, ==, brief);
    g_free(text);
}

static void test_texts(void) {
    check_text(0, UNIT_TIME, "0 s", "0 s");
    check_text(90 * S, UNIT_TIME, "90 s", "1.5 min");
    check_text(60 * S, UNIT_TIME, "1 min", "1 min");
    check_text(600 * S, UNIT_TIME, "10 min", "10 min");
    check_text(1800 * S, UNIT_TIME, "30 min", "30 min");
    check_text(5400 * S, UNIT_TIME, "1.5 h", "1.5 h");
    check_text(141 * S, UNIT_TIME, "141 s", "2.35 min");
    check_text(50000000, UNIT_TIME, "50 ms", "50 ms");
    check_text(123456789, UNIT_TIME, "123456789 ns", "123 ms");
    check_text(999700000, UNIT_TIME, "999.7 ms", "1 s");
    check_text(59960000000, UNIT_TIME, "59.96 s", "1 min");
    check_text(59940000000, UNIT_TIME, "59.94 s", "59.9 s");
    check_text(86400 * S, UNIT_TIME, "1 d", "1 d");
    check_text(365 * 86400 * S, UNIT_TIME, "1 y", "1 y");
    check_text(-90 * S, UNIT_TIME, "-90 s", "-1.5 min");
    check_text(INT64_MAX, UNIT_TIME, "never", "never");
    check_text(1207000000, UNIT_BYTES, "1207 MB", "1.21 GB");
    check_text(4096, UNIT_BYTES, "4 KiB", "4.1 kB");
    check_text(1000, UNIT_BYTES, "1 kB", "1 kB");
    check_text(999500000, UNIT_SHARE, "99.95 %", "99.95 %");
    check_text(999996600, UNIT_SHARE, "99.99966 %", "99.99966 %");
    check_text(999999999, UNIT_SHARE, "99.9999999 %", "99.9999999 %");
    check_text(16666667, UNIT_SHARE, "1.6666667 %", "1.67 %");
    check_text(1234, UNIT_SHARE, "0.0001234 %", "0.000123 %");
    check_text(1000000000, UNIT_SHARE, "100 %", "100 %");
    check_text(20 * S, UNIT_RATE, "20/s", "20/s");
    check_text(16666667, UNIT_RATE, "1/min", "1/min");
    check_text(1, UNIT_RATE, "0.03/y", "0.0315/y");
    check_text(45000, UNIT_MONEY, "$0.045", "$0.045");
    check_text(-1234560000, UNIT_MONEY, "-$1234.56", "-$1235");
    check_text(10 * S, UNIT_BITRATE, "10 Gbit/s", "10 Gbit/s");
    check_text(1234567, UNIT_NONE, "1234567", "1234567");
}

/* Whatever is printed exactly is read back to the same number: at random, over all magnitudes. */
static void test_round_trip(void) {
    Stream stream = luck_stream((Luck){1, 0}, "quantity", "round trip");
    Draw draw = stream_draw(&stream, 0);
    for (int i = 0; i < 20000; i++) {
        int64_t value = (int64_t)(draw_bits(&draw) >> (1 + draw_below(&draw, 63)));
        if (i % 3 == 0)
            value = value / 1000000 * 1000000;
        for (Unit unit = UNIT_NONE; unit <= UNIT_MONEY; unit++) {
            if (value == INT64_MAX)
                continue;
            int64_t back;
            char *why = NULL, *text = quantity_text(value, unit);
            g_assert_true(quantity_parse(text, unit, &back, &why));
            g_assert_cmpint(back, ==, value);
            g_free(text);
            g_free(quantity_brief(value, unit));
        }
    }
}

/* The same number in two units is the same value. */
static void test_equal_units(void) {
    const char *pairs[][2] = {{"1 s", "1000 ms"}, {"1 h", "60 min"}, {"1 d", "24 h"}, {"0.5 min", "30 s"}};
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        int64_t a, b;
        char *why;
        g_assert_true(quantity_parse(pairs[i][0], UNIT_TIME, &a, &why));
        g_assert_true(quantity_parse(pairs[i][1], UNIT_TIME, &b, &why));
        g_assert_cmpint(a, ==, b);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/quantity/good", test_good);
    g_test_add_func("/base/quantity/bad", test_bad);
    g_test_add_func("/base/quantity/texts", test_texts);
    g_test_add_func("/base/quantity/round-trip", test_round_trip);
    g_test_add_func("/base/quantity/equal-units", test_equal_units);
    return g_test_run();
}
