/* compare_page.c - differences between designs, as text, CSV or JSON. */
#include "commands/compare_page.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/escape.h"
#include "base/json.h"
#include "commands/reach_view.h"

/* --- which rows --------------------------------------------------------------------------------------------------- */

static bool is_named(const ComparePage *page, const Compared *row) {
    for (const char *const *metric = page->metrics; metric != NULL && *metric != NULL; metric++) {
        char *of = NULL;
        const MeasureInfo *info;
        const MeasurePart *part;
        bool good = measure_parse(*metric, &info, &part, &of) && info == row->info && part == row->part &&
                    g_strcmp0(of, row->of) == 0;
        g_free(of);
        if (good)
            return true;
    }
    return page->metrics == NULL;
}

/* Without being asked: whole measures that differ. A ledger adds nothing to its parts. */
static bool is_shown(const ComparePage *page, const Compared *row) {
    if (!is_named(page, row))
        return false;
    bool whole = row->part == NULL && row->of == NULL;
    return page->all || page->metrics != NULL || (whole && row->finding != COMPARED_SAME);
}

/* --- words -------------------------------------------------------------------------------------------------------- */

/* Shares differ by points: "+1.2 %" of a share would be a riddle. */
static char *size_text(double value, Unit unit) {
    char *size = mean_text(value, unit);
    if (unit == UNIT_SHARE && g_str_has_suffix(size, " %")) {
        char *points = g_strdup_printf("%.*s points", (int)(strlen(size) - 2), size);
        g_free(size);
        return points;
    }
    return size;
}

static char *difference_text(double value, Unit unit) {
    char *size = size_text(fabs(value), unit);
    char *text = g_strconcat(value > 0 ? "+" : value < 0 ? "-" : "", size, NULL);
    g_free(size);
    return text;
}

static char *name_text(const Compared *row) {
    return row->of != NULL ? g_strdup_printf("%s[%s]", row->metric, row->of) : g_strdup(row->metric);
}

/* --- text --------------------------------------------------------------------------------------------------------- */

static const int starts[] = {0, 25, 37, 49, 64};

static char *interval_text(const Compared *row) {
    Unit unit = compared_unit(row);
    if (row->pairs == 0)
        return g_strdup("");
    if (!row->interval.exists)
        return g_strdup("one pair only");
    char *width = size_text((row->interval.high - row->interval.low) / 2, unit);
    char *text = g_strdup_printf("+- %s", width);
    g_free(width);
    return text;
}

static void note_print(GString *out, int width, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void note_print(GString *out, int width, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments), *safe = escape_terminal(text);
    va_end(arguments);
    print_words(out, safe, 0, 4, width);
    g_free(text);
    g_free(safe);
}

/* What the numbers alone would hide. */
static void notes_print(GString *out, const Compared *row, int width) {
    uint64_t of = row->pairs + row->only_a + row->only_b;
    if (row->finding == COMPARED_UNRESOLVED)
        note_print(out, width, "not resolved: zero is in the interval, more replications may tell");
    if (row->never_a != row->never_b)
        note_print(out, width,
                   "never: A in %" PRIu64 " replications, B in %" PRIu64 "; the means are of the other %" PRIu64,
                   row->never_a, row->never_b, row->pairs);
    if (row->only_a > 0 || row->only_b > 0)
        note_print(out, width, "measured only in A in %" PRIu64 " replications, only in B in %" PRIu64 ", of %" PRIu64,
                   row->only_a, row->only_b, of);
    if (row->against != UINT64_MAX && row->finding == COMPARED_RESOLVED) {
        char *size = difference_text(row->against_difference, compared_unit(row));
        note_print(out, width, "not in every one: %s in replication %" PRIu64, size, row->against);
        g_free(size);
    }
}

static void row_print(GString *out, const Compared *row, int width) {
    Unit unit = compared_unit(row);
    char *name = name_text(row), *safe = escape_terminal(name), *interval = interval_text(row);
    bool any = row->pairs > 0;
    char *a = any ? mean_text(row->a, unit) : g_strdup("-"), *b = any ? mean_text(row->b, unit) : g_strdup("-");
    char *difference = any ? difference_text(row->difference, unit) : g_strdup("");
    const char *cells[] = {safe, a, b, difference, interval};
    print_row(out, cells, starts, G_N_ELEMENTS(cells), width);
    notes_print(out, row, width);
    g_free(name);
    g_free(safe);
    g_free(a);
    g_free(b);
    g_free(difference);
    g_free(interval);
}

/* How many connections a design opens or closes against the first; who they are, `faultline reach --against` says. */
static void reach_print(GString *out, const Design *a, const Design *b, int width) {
    ReachView left = {.reading = a->reading, .reach = reach_new(a->reading.model), .title = a->title};
    ReachView right = {.reading = b->reading, .reach = reach_new(b->reading.model), .title = b->title};
    left.state = netstate_new(a->reading.model);
    right.state = netstate_new(b->reading.model);
    uint32_t opened, closed;
    reach_diff_count(&left, &right, &opened, &closed);
    char *text =
        opened + closed == 0
            ? g_strdup("the same connections")
            : g_strdup_printf("%u opened, %u closed; `faultline reach A --against B` names them", opened, closed);
    g_string_append(out, "connections              ");
    print_words(out, text, 25, 25, width);
    g_free(text);
    reach_free(left.reach);
    reach_free(right.reach);
    netstate_free(left.state);
    netstate_free(right.state);
}

static void pair_print(const ComparePage *page, uint32_t other) {
    GString *out = page->out;
    const Design *a = &page->designs[0], *b = &page->designs[other];
    GArray *rows = compare_sets(design_measures(a), design_measures(b));
    char *left = escape_terminal(a->title), *right = escape_terminal(b->title);
    g_string_append_printf(out, "\nA  %s\nB  %s\n\n", left, right);
    const char *heads[] = {"mean of replications", "A", "B", "B - A", "95 %"};
    print_row(out, heads, starts, G_N_ELEMENTS(heads), page->width);
    uint32_t same = 0;
    for (guint i = 0; i < rows->len; i++) {
        const Compared *row = &g_array_index(rows, Compared, i);
        if (is_shown(page, row))
            row_print(out, row, page->width);
        same += row->finding == COMPARED_SAME && row->part == NULL && row->of == NULL;
    }
    if (page->metrics == NULL)
        reach_print(out, a, b, page->width);
    if (!page->all && page->metrics == NULL && same > 0)
        g_string_append_printf(out, "%u further measures are exactly the same\n", same);
    g_free(left);
    g_free(right);
    g_array_free(rows, TRUE);
}

static void page_print(const ComparePage *page) {
    char *name = escape_terminal(page->scenario != NULL ? page->scenario : "each as it stands");
    char *head = g_strdup_printf("%s: %" PRIu64 " replications, the same luck for each", name,
                                 measure_set_replications(design_measures(&page->designs[0])));
    if (page->out->len > 0)
        g_string_append_c(page->out, '\n');
    print_words(page->out, head, 0, 0, page->width);
    for (uint32_t i = 1; i < page->count; i++)
        pair_print(page, i);
    g_free(head);
    g_free(name);
}

/* --- CSV ---------------------------------------------------------------------------------------------------------- */

static void number_put(GString *out, bool there, double value) {
    g_string_append_c(out, ',');
    csv_number(out, there, value);
}

static void row_csv(GString *out, const ComparePage *page, uint32_t other, const Compared *row) {
    const char *texts[] = {page->scenario, page->designs[0].title,     page->designs[other].title, row->metric,
                           row->of,        compared_name(row->finding)};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        char *safe = escape_csv(texts[i] != NULL ? texts[i] : "");
        g_string_append_printf(out, "%s%s", i > 0 ? "," : "", safe);
        g_free(safe);
    }
    bool any = row->pairs > 0;
    g_string_append_printf(out, ",%" PRIu64, row->pairs);
    number_put(out, any, row->a);
    number_put(out, any, row->b);
    number_put(out, any, row->difference);
    number_put(out, row->interval.exists, row->interval.low);
    number_put(out, row->interval.exists, row->interval.high);
    number_put(out, row->interval.exists, row->apart);
    g_string_append_printf(out, ",%" PRIu64 ",%" PRIu64 "\n", row->never_a, row->never_b);
}

/* --- JSON --------------------------------------------------------------------------------------------------------- */

static void row_json(JsonWriter *json, const Compared *row) {
    json_begin_object_inline(json, NULL);
    json_string(json, "metric", row->metric);
    json_string(json, "of", row->of);
    json_string(json, "finding", compared_name(row->finding));
    json_int(json, "pairs", (int64_t)row->pairs);
    if (row->pairs > 0) {
        json_double(json, "a", row->a);
        json_double(json, "b", row->b);
        json_double(json, "difference", row->difference);
    }
    if (row->interval.exists) {
        json_double(json, "low", row->interval.low);
        json_double(json, "high", row->interval.high);
        json_double(json, "unpaired_half_width", row->apart);
    }
    json_int(json, "never_a", (int64_t)row->never_a);
    json_int(json, "never_b", (int64_t)row->never_b);
    json_int(json, "only_a", (int64_t)row->only_a);
    json_int(json, "only_b", (int64_t)row->only_b);
    if (row->against != UINT64_MAX) {
        json_int(json, "against_replication", (int64_t)row->against);
        json_double(json, "against_difference", row->against_difference);
    }
    json_end(json);
}

/* --- pages -------------------------------------------------------------------------------------------------------- */

static const char csv_head[] = "scenario,a,b,metric,of,finding,pairs,mean_a,mean_b,difference,low,high,"
                               "unpaired_half_width,never_a,never_b\n";

void compare_begin(GString *out, TableFormat format) {
    if (format == TABLE_CSV)
        g_string_append(out, csv_head);
    else if (format == TABLE_JSON)
        g_string_append(out, "{\n\"format\": \"faultline-comparison/1\",\n\"comparisons\": [\n");
}

static void rows_put(const ComparePage *page, uint32_t other, JsonWriter *json) {
    GArray *rows = compare_sets(design_measures(&page->designs[0]), design_measures(&page->designs[other]));
    for (guint i = 0; i < rows->len; i++) {
        const Compared *row = &g_array_index(rows, Compared, i);
        if (!is_named(page, row))
            continue;
        if (json != NULL)
            row_json(json, row);
        else
            row_csv(page->out, page, other, row);
    }
    g_array_free(rows, TRUE);
}

static void page_json(const ComparePage *page) {
    for (uint32_t i = 1; i < page->count; i++) {
        JsonWriter *json = json_new();
        json_begin_object(json, NULL);
        json_string(json, "scenario", page->scenario);
        json_string(json, "a", page->designs[0].title);
        json_string(json, "b", page->designs[i].title);
        json_begin_array(json, "rows");
        rows_put(page, i, json);
        json_end(json);
        json_end(json);
        char *text = json_finish(json, NULL);
        g_string_append_printf(page->out, "%s%s", page->out->str[page->out->len - 2] == '[' ? "" : ",\n",
                               g_strchomp(text));
        g_free(text);
    }
}

void compare_page(const ComparePage *page, TableFormat format) {
    if (format == TABLE_TEXT)
        page_print(page);
    else if (format == TABLE_JSON)
        page_json(page);
    else
        for (uint32_t i = 1; i < page->count; i++)
            rows_put(page, i, NULL);
}

void compare_end(GString *out, TableFormat format) {
    if (format == TABLE_JSON)
        g_string_append(out, "]\n}\n");
}
