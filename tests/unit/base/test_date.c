/* test_date.c - days that exist, days that do not, and what is proposed for dates written in another way. */
#include <glib.h>

#include "base/date.h"

static void assert_good(const char *text, int year, int month, int day) {
    Date date;
    char *why, *mend;
    g_assert_true(date_parse(text, &date, &why, &mend));
    g_assert_null(why);
    g_assert_null(mend);
    g_assert_cmpint(date.year, ==, year);
    g_assert_cmpint(date.month, ==, month);
    g_assert_cmpint(date.day, ==, day);
}

static void assert_bad(const char *text, const char *reason, const char *proposal) {
    Date date;
    char *why, *mend;
    g_assert_false(date_parse(text, &date, &why, &mend));
    g_assert_cmpstr(why, ==, reason);
    g_assert_cmpstr(mend, ==, proposal);
    g_assert_cmpint(date.year, ==, 0);
    g_free(why);
    g_free(mend);
}

static void test_good(void) {
    assert_good("2026-12-31", 2026, 12, 31);
    assert_good("0001-01-01", 1, 1, 1);
    assert_good("2024-02-29", 2024, 2, 29);
    assert_good("2000-02-29", 2000, 2, 29);
}

static void test_bad(void) {
    assert_bad("2026-02-29", "there is no day \"2026-02-29\"", "write it like 2026-12-31");
    assert_bad("1900-02-29", "there is no day \"1900-02-29\"", "write it like 2026-12-31");
    assert_bad("2026-31-12", "there is no day \"2026-31-12\"", "write 2026-12-31");
    assert_bad("0000-01-01", "there is no day \"0000-01-01\"", "write it like 2026-12-31");
    assert_bad("31.12.2026", "\"31.12.2026\" is no date", "write 2026-12-31");
    assert_bad("12/31/2026", "\"12/31/2026\" is no date", "write 2026-12-31");
    assert_bad("2026/3/9", "\"2026/3/9\" is no date", "write 2026-03-09");
    assert_bad("2026-3-9", "\"2026-3-9\" is no date", "write 2026-03-09");
    assert_bad("20261231", "\"20261231\" is no date", "write it like 2026-12-31");
    assert_bad("2026-12-31T00:00", "\"2026-12-31T00:00\" is no date", "write it like 2026-12-31");
    assert_bad("next year", "\"next year\" is no date", "write it like 2026-12-31");
    assert_bad("", "\"\" is no date", "write it like 2026-12-31");
    assert_bad("2026-12-31 ", "\"2026-12-31 \" is no date", "write 2026-12-31");
}

static void test_order(void) {
    const Date days[] = {{2025, 12, 31}, {2026, 1, 1}, {2026, 1, 2}, {2026, 2, 1}};
    for (int a = 0; a < 4; a++)
        for (int b = 0; b < 4; b++) {
            int order = date_compare(days[a], days[b]);
            g_assert_cmpint((order > 0) - (order < 0), ==, (a > b) - (a < b));
        }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/date/good", test_good);
    g_test_add_func("/date/bad", test_bad);
    g_test_add_func("/date/order", test_order);
    return g_test_run();
}
