/* date.c - reads dates, and reads what was meant out of those that are written in another way. */
#include "base/date.h"

#include <glib.h>
#include <string.h>

static int days_of(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool exists(Date date) {
    return date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12 && date.day >= 1 &&
           date.day <= days_of(date.year, date.month);
}

static bool shape_fits(const char *text) {
    static const char shape[] = "dddd-dd-dd";
    size_t i = 0;
    for (; shape[i] != '\0'; i++)
        if (shape[i] == 'd' ? !g_ascii_isdigit(text[i]) : text[i] != shape[i])
            return false;
    return text[i] == '\0';
}

static int number_at(const char *text, size_t length) {
    int number = 0;
    for (size_t i = 0; i < length; i++)
        number = number * 10 + (text[i] - '0');
    return number;
}

/* Three numbers with anything between them: the one with four digits is the year, and of the others the month is the
 * second when they are written day first or year first. 12/31/2026 has its month first, as no 31st month exists. */
static bool date_guess(const char *text, Date *date) {
    int numbers[3], count = 0, year = -1;
    for (const char *at = text; *at != '\0';) {
        size_t digits = strspn(at, "0123456789");
        if (digits == 0) {
            at++;
            continue;
        }
        if (count == 3 || digits > 4)
            return false;
        if (digits == 4 && year < 0)
            year = count;
        numbers[count++] = number_at(at, digits);
        at += digits;
    }
    if (count != 3 || (year != 0 && year != 2))
        return false;
    *date = (Date){numbers[year], numbers[1], numbers[2 - year]};
    if (!exists(*date))
        *date = (Date){numbers[year], numbers[2 - year], numbers[1]};
    return exists(*date);
}

bool date_parse(const char *text, Date *date, char **why, char **mend) {
    *why = *mend = NULL;
    *date = (Date){0, 0, 0};
    bool shaped = shape_fits(text);
    if (shaped) {
        Date read = {number_at(text, 4), number_at(text + 5, 2), number_at(text + 8, 2)};
        if (exists(read)) {
            *date = read;
            return true;
        }
    }
    Date meant;
    *why = g_strdup_printf(shaped ? "there is no day \"%s\"" : "\"%s\" is no date", text);
    *mend = date_guess(text, &meant) ? g_strdup_printf("write %04d-%02d-%02d", meant.year, meant.month, meant.day)
                                     : g_strdup("write it like 2026-12-31");
    return false;
}

int date_compare(Date a, Date b) {
    if (a.year != b.year)
        return a.year < b.year ? -1 : 1;
    if (a.month != b.month)
        return a.month < b.month ? -1 : 1;
    return (a.day > b.day) - (a.day < b.day);
}
