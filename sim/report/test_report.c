/* test_report.c - keeps the rows of a test, names them, and finds formats. */
#include "report/test_report.h"

#include <string.h>

#include "base/bug.h"

const char *test_kind_name(TestKind kind) {
    static const char *const names[] = {"expectation", "but", "drift", "input"};
    return names[kind];
}

const char *test_severity_name(TestSeverity severity) {
    static const char *const names[] = {"error", "warning", "note"};
    return names[severity];
}

const char *test_outcome_name(TestOutcome outcome) {
    static const char *const names[TEST_OUTCOMES] = {"passed", "skipped", "noted", "warned",
                                                     "waived", "failed",  "broken"};
    return names[outcome];
}

static const char *keep(TestReport *report, const char *text) {
    return text ? g_string_chunk_insert_const(report->texts, text) : NULL;
}

TestReport *test_report_new(const char *version, const char *today) {
    TestReport *report = g_new0(TestReport, 1);
    report->texts = g_string_chunk_new(4096);
    report->files = g_array_new(FALSE, FALSE, sizeof(TestFile));
    report->cases = g_array_new(FALSE, FALSE, sizeof(TestCase));
    report->blocks = g_ptr_array_new_with_free_func(g_free);
    report->version = keep(report, version);
    report->today = keep(report, today);
    return report;
}

void test_report_free(TestReport *report) {
    if (!report)
        return;
    g_array_free(report->files, TRUE);
    g_array_free(report->cases, TRUE);
    g_ptr_array_free(report->blocks, TRUE);
    g_string_chunk_free(report->texts);
    g_free(report->plan_paths);
    g_free(report->plan_names);
    g_free(report);
}

/* ---- Names ------------------------------------------------------------------------------- */

/* The last `parts` parts of a path, without the ending ".yaml"; the whole path where it has fewer. */
static char *tail_of(const char *path, int parts) {
    size_t length = strlen(path);
    length -= g_str_has_suffix(path, ".yaml") ? strlen(".yaml") : 0;
    size_t start = length;
    while (start > 0 && (path[start - 1] != '/' || --parts > 0))
        start--;
    return g_strndup(path + start, length - start);
}

static uint32_t times_named(char *const *names, uint32_t count, const char *name) {
    uint32_t times = 0;
    for (uint32_t i = 0; i < count; i++)
        times += g_str_equal(names[i], name);
    return times;
}

/* A name that is not the only one of its sort gets one folder more, and those with it, until it is or there is none. */
static void tell_apart(char **names, const char *const *paths, uint32_t count) {
    enum { MOST_PARTS = 64 };
    for (int parts = 2; parts < MOST_PARTS; parts++) {
        bool *doubled = g_new0(bool, count + 1), any = false;
        for (uint32_t i = 0; i < count; i++) {
            doubled[i] = times_named(names, count, names[i]) > 1;
            any = any || doubled[i];
        }
        for (uint32_t i = 0; i < count; i++) {
            if (!doubled[i])
                continue;
            g_free(names[i]);
            names[i] = tail_of(paths[i], parts);
        }
        g_free(doubled);
        if (!any)
            return;
    }
}

static void plan(TestReport *report, const char *const *paths, const char *const *names, uint32_t count) {
    BUG_IF(report->planned > 0, "a test is planned once");
    report->planned = count;
    report->plan_paths = g_new0(const char *, count + 1);
    report->plan_names = g_new0(const char *, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        report->plan_paths[i] = keep(report, paths[i]);
        report->plan_names[i] = keep(report, names[i]);
    }
}

void test_report_plan(TestReport *report, const char *const *paths, uint32_t count) {
    char **names = g_new0(char *, count + 1);
    for (uint32_t i = 0; i < count; i++)
        names[i] = tail_of(paths[i], 1);
    tell_apart(names, paths, count);
    plan(report, paths, (const char *const *)names, count);
    g_strfreev(names);
}

void test_report_plan_named(TestReport *report, const char *const *paths, const char *const *names, uint32_t count) {
    report->by_name = true;
    plan(report, paths, names, count);
}

/* ---- Rows -------------------------------------------------------------------------------- */

void test_report_file(TestReport *report, TestFile file) {
    BUG_IF(report->files->len >= report->planned, "a file that nobody planned to test");
    const char **texts[] = {&file.pattern, &file.scenario, &file.claim, &file.model_sha256};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = keep(report, *texts[i]);
    file.path = report->plan_paths[report->files->len];
    file.name = report->plan_names[report->files->len];
    file.first = report->cases->len;
    file.count = 0;
    g_array_append_val(report->files, file);
}

static void keep_steps(TestReport *report, TestExample *example) {
    TestStep *steps = g_new0(TestStep, example->step_count + 1);
    for (uint32_t i = 0; i < example->step_count; i++) {
        const TestStep *step = &example->steps[i];
        steps[i] = *step;
        steps[i].kind = keep(report, step->kind);
        steps[i].what = keep(report, step->what);
        steps[i].place.file = keep(report, step->place.file);
    }
    g_ptr_array_add(report->blocks, steps);
    example->steps = steps;
}

static const char *id_of(TestReport *report, const TestFile *file, const TestCase *row) {
    static const char *const tails[] = {"", "/but", "/drift", ""};
    char *id = row->name ? g_strconcat(file->name, "/", row->name, tails[row->kind], NULL) : g_strdup(file->name);
    const char *kept = keep(report, id);
    g_free(id);
    return kept;
}

void test_report_case(TestReport *report, TestCase row) {
    BUG_IF(report->files->len == 0, "a case of no file");
    TestFile *file = &g_array_index(report->files, TestFile, report->files->len - 1);
    const char **texts[] = {&row.name,         &row.text,         &row.verdict,         &row.bound,
                            &row.measured,     &row.why,          &row.because,         &row.value.unit,
                            &row.example.text, &row.waiver.until, &row.waiver.owner,    &row.waiver.because,
                            &row.drift.then,   &row.drift.now,    &row.drift.tolerance, &row.drift.then_value.unit,
                            &row.place.file};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = keep(report, *texts[i]);
    keep_steps(report, &row.example);
    row.id = id_of(report, file, &row);
    g_array_append_val(report->cases, row);
    report->outcomes[row.outcome]++;
    file->count++;
}

bool test_report_good(const TestReport *report) {
    return report->outcomes[TEST_FAILED] == 0 && report->outcomes[TEST_BROKEN] == 0;
}

/* ---- Formats ----------------------------------------------------------------------------- */

#define TEST_FORMAT(name) extern const TestFormat test_format_##name;
#include "report/test_formats.def"
#undef TEST_FORMAT

const TestFormat *const test_formats[] = {
#define TEST_FORMAT(name) &test_format_##name,
#include "report/test_formats.def"
#undef TEST_FORMAT
    NULL,
};

const TestFormat *test_format(const char *name) {
    for (const TestFormat *const *format = test_formats; *format; format++)
        if (strcmp((*format)->name, name) == 0)
            return *format;
    return NULL;
}

char *test_report_write(const TestReport *report, const TestFormat *format, const TestLook *look) {
    GString *text = g_string_new(NULL);
    for (uint32_t f = 0; format->file && f < report->files->len; f++) {
        char *part = format->file(report, test_file_at(report, f), look);
        g_string_append(text, part);
        g_free(part);
    }
    char *end = format->end(report, look);
    g_string_append(text, end);
    g_free(end);
    return g_string_free(text, FALSE);
}
