/* text_availability.c - how much of the time a newcomer would be served, and what is to blame for the rest. */
#include <math.h>
#include <string.h>

#include "report/find.h"
#include "report/text_sections.h"

/* Enough decimals of a percentage to show two digits of what is missing: 99.9 %, 99.987 %, 99.99952 %. */
static int decimals_of(double share) {
    double missing = (1 - share) * 100;
    int decimals = 0;
    for (double one = 10; decimals < 7 && missing > 0 && missing < one; one /= 10)
        decimals++;
    return decimals;
}

static char *word_nines(double share, int decimals) {
    char digits[G_ASCII_DTOSTR_BUF_SIZE], format[8];
    g_snprintf(format, sizeof format, "%%.%df", decimals);
    return g_strdup(g_ascii_formatd(digits, sizeof digits, format, share * 100));
}

/* "99.987 % of the time; 95 % interval 99.981 to 99.992 %". */
static char *share_line(const RecordMeasure *m) {
    int decimals = decimals_of(m->mean);
    char *mean = word_nines(m->mean, decimals);
    if (isnan(m->low)) {
        char *line = g_strdup_printf("%s %% of the time, in one run", mean);
        g_free(mean);
        return line;
    }
    char *low = word_nines(m->low, decimals), *high = word_nines(m->high, decimals);
    char *line = g_strdup_printf("%s %% of the time; 95 %% interval %s to %s %%", mean, low, high);
    g_free(mean);
    g_free(low);
    g_free(high);
    return line;
}

static bool is_population(const RecordMeasure *m) {
    return strcmp(m->name, "service_availability") == 0 && m->of != NULL;
}

/* Each population, where they differ. */
static void by_population(Paper *paper, const Record *record, double all) {
    bool differ = false;
    for (guint i = 0; i < record->measures->len; i++) {
        const RecordMeasure *m = &g_array_index(record->measures, RecordMeasure, i);
        differ = differ || (is_population(m) && m->mean > all);
    }
    for (guint i = 0; i < record->measures->len && differ; i++) {
        const RecordMeasure *m = &g_array_index(record->measures, RecordMeasure, i);
        if (!is_population(m))
            continue;
        char *line = share_line(m);
        paper_to(paper, 2);
        paper_fit(paper, INK_PLAIN, m->of, 22, false);
        paper_wrap(paper, INK_PLAIN, 24, line);
        g_free(line);
    }
}

static void outages_line(Paper *paper, const Record *record) {
    const RecordMeasure *year = find_measure(record, "service_downtime.per_year", NULL);
    const RecordMeasure *longest = find_measure(record, "service_downtime.longest", NULL);
    const RecordMeasure *count = find_measure(record, "service_outages", NULL);
    if (year == NULL || longest == NULL || count == NULL)
        return;
    char *down = word_value(year->mean, year->unit), *run = word_time(record->run.until_ns);
    char *low = word_value(year->low, year->unit), *high = word_value(year->high, year->unit);
    char *outages = word_count(count->mean), *most = word_value(longest->max, longest->unit);
    GString *line = g_string_new(NULL);
    g_string_append_printf(line, "%s down a year", down);
    if (!isnan(year->low))
        g_string_append_printf(line, " (%s to %s)", low, high);
    g_string_append_printf(line, "; %s outage%s in %s", outages, strcmp(outages, "1") == 0 ? "" : "s", run);
    if (count->max > 0)
        g_string_append_printf(line, ", the longest %s", most);
    paper_to(paper, 2);
    paper_wrap(paper, INK_PLAIN, 2, line->str);
    g_string_free(line, TRUE);
    char *owned[] = {down, run, low, high, outages, most};
    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
}

/* ---- Causes ------------------------------------------------------------------------------ */

static int by_downtime(gconstpointer a, gconstpointer b) {
    const RecordMeasure *x = *(const RecordMeasure *const *)a, *y = *(const RecordMeasure *const *)b;
    return x->mean > y->mean ? -1 : x->mean < y->mean ? 1 : strcmp(x->of, y->of);
}

static void cause_row(Paper *paper, const RecordMeasure *m, double all) {
    char *down = word_value(m->mean, m->unit), *share = word_share(m->mean / all);
    int room = MIN(40, paper->width - 36), rest = paper->width - room - 24;
    paper_to(paper, 2);
    paper_fit(paper, INK_PLAIN, m->of, room - 2, false);
    paper_fit(paper, INK_PLAIN, down, 10, true);
    paper_fit(paper, INK_DIM, share, 10, true);
    paper_put(paper, INK_PLAIN, "  ");
    paper_bar(paper, INK_BAR, 0, m->mean / all, MIN(rest, 14));
    paper_line(paper);
    g_free(down);
    g_free(share);
}

/* The worst first; what was never the last straw is left out. */
static void causes(Paper *paper, const Record *record) {
    GPtrArray *rows = g_ptr_array_new();
    double all = 0;
    for (guint i = 0; i < record->measures->len; i++) {
        RecordMeasure *m = &g_array_index(record->measures, RecordMeasure, i);
        if (strcmp(m->name, "service_downtime.caused") != 0 || m->of == NULL || m->mean <= 0)
            continue;
        g_ptr_array_add(rows, m);
        all += m->mean;
    }
    g_ptr_array_sort(rows, by_downtime);
    if (rows->len > 0) {
        paper_to(paper, 2);
        paper_put(paper, INK_DIM, "of that a year, by the last straw");
        paper_line(paper);
    }
    for (guint i = 0; i < rows->len; i++)
        cause_row(paper, rows->pdata[i], all);
    g_ptr_array_free(rows, TRUE);
}

void text_availability(Paper *paper, const Record *record) {
    const RecordMeasure *share = find_measure(record, "service_availability", NULL);
    if (share == NULL)
        return;
    paper_head(paper, "AVAILABILITY: WOULD A NEWCOMER BE SERVED");
    char *line = share_line(share);
    paper_to(paper, 2);
    paper_wrap(paper, INK_BOLD, 2, line);
    g_free(line);
    by_population(paper, record, share->mean);
    outages_line(paper, record);
    causes(paper, record);
}
