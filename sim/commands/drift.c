/* drift.c - says whether a value is still what it was, and if not, whose doing that may be. */
#include "commands/drift.h"

#include <math.h>

const char *const drift_modes[] = {"warn", "fail", "ignore", NULL};

TestValue drift_value(const Judgement *judgement) {
    TestValue value = {.exists = judgement->has_value, .unit = ""};
    double scale = judgement->unit == UNIT_SHARE ? 1e9 : 1;
    if (judgement->unit == UNIT_TIME || judgement->unit == UNIT_SHARE || judgement->unit == UNIT_MONEY)
        value.unit = judgement->unit == UNIT_TIME ? "ns" : judgement->unit == UNIT_SHARE ? "1" : "microdollars";
    if (!judgement->has_value)
        return value;
    value.interval = judgement->has_interval;
    value.value = judgement->value / scale;
    value.low = judgement->low / scale;
    value.high = judgement->high / scale;
    return value;
}

char *drift_asks(const Expect *expect) {
    if (expect->kind != EXPECT_MEASURE)
        return g_strdup(expect->text);
    return g_strdup_printf("%s of %s%s%s%s%s%s", expect->statistic_text, expect->metric,
                           expect->denominator ? " / " : "", expect->denominator ? expect->denominator : "",
                           expect->of ? " [" : "", expect->of ? expect->of : "", expect->of ? "]" : "");
}

static char *text_of(const TestValue *value, Unit unit) {
    return value_text(unit == UNIT_SHARE ? value->value * 1e9 : value->value, unit);
}

/* Is it worse to have more? Of a bound that says neither, any change is a change. */
static const char *judged(const Expect *expect, double then, double now) {
    bool wants_less = expect->comparison == COMPARE_LESS || expect->comparison == COMPARE_LESS_EQUAL;
    if (expect->comparison == COMPARE_EQUAL)
        return "";
    return (now > then) == wants_less ? ", which is worse" : ", which is better";
}

/* Whose doing is it? */
static char *reason_of(const Baseline *baseline, const Model *model, const char *version) {
    if (!g_str_equal(baseline->model_sha256, model->model_digest))
        return g_strdup("the model has changed since");
    if (baseline->seed != (int64_t)model->run.seed || baseline->replications != (int64_t)model->run.replications)
        return g_strdup("the model is the same; seed or replications are not");
    if (!g_str_equal(baseline->version, version))
        return g_strdup_printf("the model is the same; faultline was %s then and is %s now", baseline->version,
                               version);
    return g_strdup("the model, the seed and the version are the same: another build of the program");
}

static void compare(Drift *drift, const Expect *expect, const Judgement *judgement, const BaselineEntry *entry) {
    TestCase *row = &drift->row;
    bool same = g_str_equal(entry->verdict, finding_name(judgement->verdict));
    row->drift = (TestDrift){.exists = true, .then = entry->verdict, .now = finding_name(judgement->verdict)};
    if (entry->value.exists && row->value.exists && g_str_equal(entry->value.unit, row->value.unit)) {
        char *distance = tolerance_distance(&entry->value, &row->value);
        same = same && tolerance_holds(entry->tolerance, &entry->value, &row->value);
        row->drift.then_value = entry->value;
        row->drift.tolerance = entry->tolerance;
        row->drift.then = drift->texts[1] = text_of(&entry->value, judgement->unit);
        row->drift.now = drift->texts[2] = text_of(&row->value, judgement->unit);
        row->measured = drift->texts[3] = g_strconcat(
            row->drift.now, ", ", distance,
            g_str_equal(distance, "the same") ? "" : judged(expect, entry->value.value, row->value.value), NULL);
        g_free(distance);
    } else {
        same = same && entry->value.exists == row->value.exists;
        row->measured = row->drift.now;
    }
    row->verdict = same ? "as recorded" : "drifted";
    row->outcome = same ? TEST_PASSED : TEST_FAILED;
}

Drift drift_of(const Expect *expect, const Judgement *judgement, const Baseline *baseline, const Model *model,
               const char *version, DriftMode mode) {
    Drift drift = {.row = {.kind = TEST_DRIFT,
                           .name = expect->id,
                           .value = drift_value(judgement),
                           .place = {source_name(expect->mark.source), expect->mark.line, expect->mark.column}}};
    TestCase *row = &drift.row;
    const BaselineEntry *entry = baseline_find(baseline, expect->id);
    row->text = drift.texts[0] = drift_asks(expect);
    if (entry && g_str_equal(entry->asks, row->text)) {
        compare(&drift, expect, judgement, entry);
        row->severity = mode == DRIFT_FAIL ? (TestSeverity)expect->severity : TEST_WARNING;
        if (row->outcome != TEST_PASSED)
            row->why = drift.texts[4] = reason_of(baseline, model, version);
    } else {
        row->severity = TEST_NOTE;
        row->outcome = TEST_FAILED;
        row->verdict = entry ? "asked something else when it was recorded" : "not recorded";
        row->why = "record it with faultline test --write";
    }
    if (row->outcome == TEST_FAILED && row->severity != TEST_ERROR)
        row->outcome = row->severity == TEST_WARNING ? TEST_WARNED : TEST_NOTED;
    return drift;
}

void drift_clear(Drift *drift) {
    for (size_t i = 0; i < G_N_ELEMENTS(drift->texts); i++)
        g_free(drift->texts[i]);
}
