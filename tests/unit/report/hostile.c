/* hostile.c - fills test reports by hand. */
#include "tests/unit/report/hostile.h"

#include <math.h>

#define S INT64_C(1000000000)

static const TestStep steps[] = {{1200 * S, "fault", "fail zone us-east-1a", {"scenarios/one.yaml", 9, 5}},
                                 {1215 * S, "notice", HOSTILE, {NULL, 0, 0}}};

static TestCase missed(const char *name, TestOutcome outcome, TestSeverity severity, const char *text) {
    return (TestCase){
        .kind = TEST_EXPECT,
        .severity = severity,
        .outcome = outcome,
        .name = name,
        .text = text,
        .verdict = "missed",
        .bound = "<= 3 min",
        .measured = "4 min (3.5 min to 4.5 min)",
        .because = text,
        .value = {true, true, 240e9, 210e9, (double)INFINITY, "ns"},
        .example = {.text = text, .replication = 17, .at_ns = TEST_NEVER, .steps = steps, .step_count = 2},
        .place = {"scenarios/one.yaml", 12, 5}};
}

/* Eight cases: both verdicts of an expectation, of a but and of a drift, a warning, a note and a waiver. */
static void add_cases(TestReport *report, const char *text) {
    TestCase row = missed("held", TEST_PASSED, TEST_ERROR, text);
    row.verdict = "holds";
    row.example = (TestExample){.replication = TEST_NEVER, .at_ns = TEST_NEVER};
    test_report_case(report, row);
    row.kind = TEST_BUT;
    row.verdict = "still holds";
    row.outcome = TEST_FAILED;
    test_report_case(report, row);
    test_report_case(report, missed("failed", TEST_FAILED, TEST_ERROR, text));
    test_report_case(report, missed("warned", TEST_WARNED, TEST_WARNING, text));
    test_report_case(report, missed("noted", TEST_NOTED, TEST_NOTE, text));
    row = missed("waived", TEST_WAIVED, TEST_ERROR, text);
    row.waiver = (TestWaiver){"2026-12-31", text, text, false};
    test_report_case(report, row);
    row = (TestCase){.kind = TEST_DRIFT,
                     .severity = TEST_WARNING,
                     .outcome = TEST_WARNED,
                     .name = "failed",
                     .text = text,
                     .verdict = "drifted",
                     .measured = "4 min, 30 % more",
                     .value = {true, false, 240e9, 0, 0, "ns"},
                     .drift = {true, "3 min", "4 min", "5 %", {true, false, 180e9, 0, 0, "ns"}},
                     .place = {text, 1, 1}};
    test_report_case(report, row);
    row.name = "held";
    row.outcome = TEST_PASSED;
    row.verdict = "as recorded";
    test_report_case(report, row);
}

static TestReport *report_of(const char *const paths[3], const char *text) {
    TestReport *report = test_report_new("1.2.3", "2026-11-22");
    test_report_plan(report, paths, 3);
    test_report_file(
        report,
        (TestFile){
            .pattern = "web", .scenario = text, .claim = text, .seed = 42, .replications = 40, .model_sha256 = "00ff"});
    add_cases(report, text);
    test_report_file(report, (TestFile){.seed = TEST_NEVER, .replications = TEST_NEVER});
    test_report_case(
        report,
        (TestCase){.kind = TEST_INPUT, .outcome = TEST_BROKEN, .text = text, .why = text, .place = {paths[1], 3, 7}});
    test_report_case(report, (TestCase){.kind = TEST_INPUT, .outcome = TEST_BROKEN, .text = "another mistake"});
    test_report_file(report, (TestFile){.pattern = "web", .seed = 1, .replications = 1});
    test_report_case(report, (TestCase){.name = "late", .text = "late", .verdict = "holds", .place = {paths[2], 9, 5}});
    return report;
}

TestReport *hostile_report(void) {
    return report_of((const char *const[]){HOSTILE "/one.yaml", "::error::two.yaml", "three.yaml"}, HOSTILE);
}

TestReport *tame_report(void) {
    return report_of((const char *const[]){"scenarios/one.yaml", "scenarios/two.yaml", "scenarios/three.yaml"},
                     "p99 of failover_time <= 3 min");
}
