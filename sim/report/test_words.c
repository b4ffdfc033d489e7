/* test_words.c - words for what a test found. */
#include "report/test_words.h"

#include "base/quantity.h"
#include "base/simtime.h"

char *test_claim(const TestCase *row) {
    const char *text = row->text ? row->text : "";
    if (row->kind == TEST_BUT)
        return g_strdup_printf("but with %s", text);
    if (row->kind != TEST_DRIFT)
        return g_strdup(text);
    if (!row->drift.exists)
        return g_strdup_printf("is recorded: %s", text);
    if (row->drift.tolerance)
        return g_strdup_printf("stays within %s of %s: %s", row->drift.tolerance, row->drift.then, text);
    return g_strdup_printf("stays as recorded (%s): %s", row->drift.then, text);
}

char *test_found(const TestCase *row) {
    const char *verdict = row->verdict                  ? row->verdict
                          : row->outcome == TEST_BROKEN ? "cannot be tried"
                                                        : test_outcome_name(row->outcome);
    const char *measured = row->measured;
    if (!measured && row->outcome != TEST_SKIPPED && (row->kind == TEST_EXPECT || row->kind == TEST_BUT))
        measured = "nothing was measured";
    return measured ? g_strdup_printf("%s: %s", verdict, measured) : g_strdup(verdict);
}

char *test_where(const TestPlace *place) {
    if (!place->file)
        return NULL;
    return place->line ? g_strdup_printf("%s:%u:%u", place->file, place->line, place->column) : g_strdup(place->file);
}

char *test_waived(const TestCase *row) {
    const TestWaiver *waiver = &row->waiver;
    if (!waiver->until)
        return NULL;
    const char *state = waiver->over                  ? "over since"
                        : row->outcome == TEST_PASSED ? "not needed any more; until"
                                                      : "until";
    return g_strdup_printf("%s %s (%s): %s", state, waiver->until, waiver->owner, waiver->because);
}

char *test_instant(const TestExample *example, uint32_t step) {
    int64_t first = example->steps[0].at_ns, at = example->steps[step].at_ns;
    char *brief = quantity_brief(step ? at - first : at, UNIT_TIME);
    char *text = step ? g_strconcat("+ ", brief, NULL) : g_strdup(brief);
    g_free(brief);
    return text;
}

char *test_step(const TestStep *step) {
    char *where = test_where(&step->place);
    char *text = where ? g_strdup_printf("%s (%s)", step->what, where) : g_strdup(step->what);
    g_free(where);
    return text;
}

static void add_line(GString *text, const char *label, const char *value) {
    if (value)
        g_string_append_printf(text, "%s%s%s", text->len ? "\n" : "", label, value);
}

char *test_details(const TestCase *row) {
    GString *text = g_string_new(NULL);
    char *waived = test_waived(row), *where = test_where(&row->place);
    add_line(text, "", row->why);
    add_line(text, "because ", row->because);
    add_line(text, "waiver ", waived);
    add_line(text, "for example ", row->example.text);
    for (uint32_t i = 0; i < row->example.step_count; i++) {
        const TestStep *step = &row->example.steps[i];
        char *at = test_instant(&row->example, i), *label = g_strdup_printf("  %s %s: ", at, step->kind);
        char *what = test_step(step);
        add_line(text, label, what);
        g_free(what);
        g_free(label);
        g_free(at);
    }
    add_line(text, "at ", where);
    g_free(waived);
    g_free(where);
    return g_string_free(text, FALSE);
}

char *test_summary(const TestReport *report) {
    static const struct {
        TestOutcome outcome;
        const char *one, *many;
    } rest[] = {{TEST_SKIPPED, "skipped", "skipped"},
                {TEST_WARNED, "warning", "warnings"},
                {TEST_NOTED, "note", "notes"},
                {TEST_WAIVED, "waived", "waived"},
                {TEST_BROKEN, "could not be tried", "could not be tried"}};
    GString *text = g_string_new(NULL);
    g_string_printf(text, "%u passed, %u failed", report->outcomes[TEST_PASSED], report->outcomes[TEST_FAILED]);
    for (size_t i = 0; i < G_N_ELEMENTS(rest); i++) {
        uint32_t count = report->outcomes[rest[i].outcome];
        if (count)
            g_string_append_printf(text, ", %u %s", count, count == 1 ? rest[i].one : rest[i].many);
    }
    if (report->interrupted) /* in the one that was added last */
        g_string_append_printf(text, "; interrupted after %u of %u files", report->files->len - 1, report->planned);
    return g_string_free(text, FALSE);
}

char *test_one_line(const char *text) {
    char *line = g_strdup(text);
    for (char *at = line; *at; at++)
        if (g_ascii_iscntrl(*at))
            *at = ' ';
    return line;
}
