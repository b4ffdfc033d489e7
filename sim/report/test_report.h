/* test_report.h - what `faultline test` found, as plain rows, and the formats in which it is told.
 *
 * A TestReport does not know how it is printed: everybody gets the same rows. A case is one thing that passed or did
 * not: an expectation, the `but` under which it must fail, its drift from a recorded value, or a file that could not be
 * tried. Its id is the file's name without folder and ending, the expectation's id, and what it is of it:
 * "zone-loss/service-recovers", ".../but", ".../drift". Where two files of a run have one name, as much of their
 * folders as tells them apart stands before it.
 *
 * All texts are kept by the report. There is no clock in it: a waiver is compared with the day that the caller gives.
 */
#ifndef FAULTLINE_REPORT_TEST_REPORT_H
#define FAULTLINE_REPORT_TEST_REPORT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define TEST_NEVER INT64_MAX /* an instant or a replication that there is not */

typedef enum { TEST_EXPECT, TEST_BUT, TEST_DRIFT, TEST_INPUT } TestKind;
typedef enum { TEST_ERROR, TEST_WARNING, TEST_NOTE } TestSeverity; /* what it is if it does not pass */

/* From good to bad. Only failed and broken ones make the run fail. */
typedef enum {
    TEST_PASSED,
    TEST_SKIPPED, /* cannot be asked of this pattern: `why` says what it lacks */
    TEST_NOTED,   /* did not pass, and is a note */
    TEST_WARNED,  /* did not pass, and is a warning */
    TEST_WAIVED,  /* did not pass, and somebody answers for it until a day that has not passed */
    TEST_FAILED,
    TEST_BROKEN, /* could not be tried */
    TEST_OUTCOMES
} TestOutcome;

const char *test_kind_name(TestKind kind);             /* "expectation", "but", "drift", "input" */
const char *test_severity_name(TestSeverity severity); /* "error", "warning", "note" */
const char *
test_outcome_name(TestOutcome outcome); /* "passed", "skipped", "noted", "warned", "waived", "failed", "broken" */

/* A number that was measured, in the unit's base: "ns", "1" (a share), "microdollars" or "" (a count). Infinite: it
 * never happened. */
typedef struct {
    bool exists, interval; /* interval: low and high are its 95 % interval */
    double value, low, high;
    const char *unit;
} TestValue;

typedef struct {
    const char *file; /* NULL: no place in particular */
    uint32_t line, column;
} TestPlace;

/* A step of the way from a cause to what was missed. */
typedef struct {
    int64_t at_ns;
    const char *kind; /* "fault", "rule", "notice", "publish", "sessions", ... */
    const char *what;
    TestPlace place; /* of the entry or rule that it speaks of, if any */
} TestStep;

/* The first case that shows the miss; it can be looked at by running that replication alone. */
typedef struct {
    const char *text;           /* "replication 17: 3.2 min"; NULL: there is none */
    int64_t replication, at_ns; /* TEST_NEVER: none in particular */
    const TestStep *steps;      /* kept by the report */
    uint32_t step_count;
} TestExample;

typedef struct {
    const char *until, *owner, *because; /* until NULL: there is none */
    bool over;                           /* the day given is after `until` */
} TestWaiver;

/* Against what was recorded. */
typedef struct {
    bool exists;
    const char *then, *now, *tolerance; /* as texts: "1.85 min", "5 %" */
    TestValue then_value;
} TestDrift;

typedef struct {
    TestKind kind;
    TestSeverity severity;
    TestOutcome outcome;
    const char *id;       /* made by the report */
    const char *name;     /* the expectation's own id */
    const char *text;     /* what is claimed, or changed, or wrong */
    const char *verdict;  /* "holds", "missed", "undecided"; "fails as it should", "still holds"; "as recorded", ... */
    const char *bound;    /* "<= 3 min", or NULL */
    const char *measured; /* "1.85 min (1.77 min to 1.94 min)", or NULL */
    const char *why;      /* what is lacking, or what to write instead; or NULL */
    const char *because;  /* who wants it; or NULL */
    TestValue value;
    TestExample example;
    TestWaiver waiver;
    TestDrift drift;
    TestPlace place;
} TestCase;

typedef struct {
    const char *path, *name;          /* name: made by the report, the head of its cases' ids */
    const char *pattern, *scenario;   /* or NULL, when it could not be read */
    const char *claim, *model_sha256; /* or NULL */
    int64_t seed, replications;
    uint32_t first, count; /* its cases: first, first + 1, ... of the report's */
} TestFile;

typedef struct {
    const char *version;
    const char *today; /* the day that waivers were compared with, or NULL */
    bool interrupted;
    bool by_name;          /* files are known by their names: one scenario is tried on several patterns */
    GArray *files, *cases; /* TestFile, TestCase; in order */
    uint32_t outcomes[TEST_OUTCOMES];
    const char **plan_paths, **plan_names; /* by file */
    uint32_t planned;
    GStringChunk *texts;
    GPtrArray *blocks; /* steps */
} TestReport;

TestReport *test_report_new(const char *version, const char *today);
void test_report_free(TestReport *report);

/* All files that will be tried, so that their names are known before the first one is. To be called first, once. */
void test_report_plan(TestReport *report, const char *const *paths, uint32_t count);
/* The same with names that the caller chose, since one path is tried several times. */
void test_report_plan_named(TestReport *report, const char *const *paths, const char *const *names, uint32_t count);
/* The next file of the plan. Its path, name and cases are set here; texts are copied. */
void test_report_file(TestReport *report, TestFile file);
/* A case of the file that was added last; its id is made here, texts and steps are copied. */
void test_report_case(TestReport *report, TestCase row);

static inline const TestFile *test_file_at(const TestReport *report, uint32_t i) {
    return &g_array_index(report->files, TestFile, i);
}
static inline const TestCase *test_case_at(const TestReport *report, uint32_t i) {
    return &g_array_index(report->cases, TestCase, i);
}
bool test_report_good(const TestReport *report); /* nothing failed or could not be tried */

/* ---- Formats: one file and one line in test_formats.def ---------------------------------- */

typedef struct {
    bool colour; /* text: ANSI colours */
    int width;   /* text: columns; 0 = 80 */
} TestLook;

typedef struct {
    const char *name, *summary, *suffix;
    /* What is told of a file as soon as it is done, or NULL; then what is told at the end: the rest, or everything.
     * Allocated texts. */
    char *(*file)(const TestReport *report, const TestFile *file, const TestLook *look);
    char *(*end)(const TestReport *report, const TestLook *look);
} TestFormat;

/* In the order of test_formats.def, the default first; NULL-terminated. */
extern const TestFormat *const test_formats[];
const TestFormat *test_format(const char *name); /* NULL: there is no such format */
/* Both parts in one text; allocated. */
char *test_report_write(const TestReport *report, const TestFormat *format, const TestLook *look);

#endif
