/* trial.c - tries what a scenario expects. */
#include "commands/trial.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/version.h"
#include "commands/example.h"
#include "commands/progress.h"
#include "pipeline.h"

enum { MISTAKES_SHOWN = 50 };

/* A changed model that was run: expectations with an equal `but` share it. */
typedef struct {
    Reading reading;
    Pipeline *pipeline;
    uint64_t done; /* replications */
} Changed;

typedef struct {
    TestReport *report;
    const char *path;
    const TrialOptions *options;
    const CommandEnv *env;
    const Model *model;
    Pipeline *pipeline;
    GPtrArray *changed;           /* Changed */
    Baseline *recorded, *records; /* what was read, or NULL; what will be written */
    int status;
} Trial;

static void worsen(Trial *trial, int status) { trial->status = MAX(trial->status, status); }

static void changed_free(gpointer pointer) {
    Changed *changed = pointer;
    pipeline_free(changed->pipeline);
    reading_clear(&changed->reading);
    g_free(changed);
}

static TestPlace place_of(const Mark *mark) {
    return (TestPlace){mark->source ? source_name(mark->source) : NULL, mark->line, mark->column};
}

/* ---- Mistakes of the input --------------------------------------------------------------- */

static void add_mistake(void *user, const Diagnostic *found) {
    Trial *trial = user;
    bool fatal = found->severity == SEVERITY_ERROR;
    test_report_case(trial->report, (TestCase){.kind = TEST_INPUT,
                                               .severity = fatal ? TEST_ERROR : TEST_WARNING,
                                               .outcome = fatal ? TEST_BROKEN : TEST_WARNED,
                                               .text = found->reason,
                                               .why = found->mend,
                                               .place = place_of(&found->mark)});
}

/* One that has no line in a file. */
static void add_trouble(Trial *trial, const char *text) {
    test_report_case(trial->report, (TestCase){.kind = TEST_INPUT, .outcome = TEST_BROKEN, .text = text});
}

static void tell_mistakes(Trial *trial, const Diagnostics *found) {
    diagnostics_print(found, stderr, MISTAKES_SHOWN);
    diagnostics_each(found, MISTAKES_SHOWN, add_mistake, trial);
    if (diagnostics_errors(found))
        worsen(trial, EXIT_INPUT);
}

static void tell_error(Trial *trial, int status, GError *error) {
    char *safe = escape_terminal(error->message);
    fprintf(stderr, "faultline test: %s\n", safe);
    g_free(safe);
    if (status == EXIT_INPUT)
        add_trouble(trial, error->message);
    worsen(trial, status);
    g_error_free(error);
}

/* ---- Running ----------------------------------------------------------------------------- */

/* So many replications more. False: interrupted, or the machine failed. */
static bool run_more(Trial *trial, Pipeline *pipeline, uint64_t count, const char *what) {
    Progress progress = progress_begin(trial->env, what);
    GError *error = NULL;
    StudyPlan plan = {.count = count, .jobs = trial->options->jobs};
    uint64_t done = pipeline_run_plan(pipeline, plan, progress_tell, &progress, &error);
    progress_end(&progress);
    if (error)
        tell_error(trial, EXIT_MACHINE, error);
    else if (done < count)
        worsen(trial, EXIT_INTERRUPTED);
    return done == count;
}

static Changed *changed_find(const Trial *trial, const char *model_digest) {
    for (guint i = 0; i < trial->changed->len; i++) {
        Changed *changed = trial->changed->pdata[i];
        if (g_str_equal(changed->reading.model->model_digest, model_digest))
            return changed;
    }
    return NULL;
}

/* The model under that `but`, not run yet or found again. NULL: it could not be read. */
static Changed *changed_model(Trial *trial, const Node *set) {
    Changed *fresh = g_new0(Changed, 1);
    reading_init(&fresh->reading, trial->path, &trial->options->reading, set, trial->env);
    bool elsewhere = trial->options->everywhere && fresh->reading.inapplicable; /* another pattern will show it */
    if (!elsewhere)
        worsen(trial, fresh->reading.status);
    if (!fresh->reading.model && !elsewhere)
        tell_mistakes(trial, fresh->reading.diagnostics);
    Changed *same = fresh->reading.model ? changed_find(trial, fresh->reading.model->model_digest) : NULL;
    if (!fresh->reading.model || same) {
        changed_free(fresh);
        return same;
    }
    fresh->pipeline = pipeline_new(fresh->reading.model);
    g_ptr_array_add(trial->changed, fresh);
    return fresh;
}

/* A verdict that was missed at one instant of one replication is missed, whatever the others would show. */
static bool is_settled(const Changed *changed, uint32_t e) {
    const Judgement *judgement = pipeline_judge(changed->pipeline, e);
    return changed->reading.model->expects[e].kind != EXPECT_MEASURE && judgement->verdict == FINDING_MISSED &&
           judgement->counterexample != NULL;
}

/* Runs what is missing of the first `count` replications. False: as run_more. */
static bool changed_up_to(Trial *trial, Changed *changed, uint64_t count) {
    uint64_t more = count > changed->done ? count - changed->done : 0;
    changed->done += more;
    return more == 0 || run_more(trial, changed->pipeline, more, "with its `but`");
}

/* Runs it as far as needed to see whether the expectation fails: for a verdict the first replication may do. NULL: it
 * could not be read, or was interrupted. */
static Changed *changed_run(Trial *trial, uint32_t e) {
    const Expect *expect = &trial->model->expects[e];
    Changed *changed = changed_model(trial, node_get(expect->but, "set"));
    bool going = changed != NULL;
    if (going && expect->kind != EXPECT_MEASURE)
        going = changed_up_to(trial, changed, 1);
    if (going && !(changed->done > 0 && is_settled(changed, e)))
        going = changed_up_to(trial, changed, changed->reading.model->run.replications);
    return going ? changed : NULL;
}

/* ---- Cases ------------------------------------------------------------------------------- */

static TestOutcome outcome_of(bool good, const TestCase *row) {
    static const TestOutcome missed[] = {TEST_FAILED, TEST_WARNED, TEST_NOTED};
    if (good)
        return TEST_PASSED;
    return row->waiver.until && !row->waiver.over ? TEST_WAIVED : missed[row->severity];
}

static TestCase case_of(TestKind kind, const Expect *expect, const Judgement *judgement) {
    return (TestCase){.kind = kind,
                      .severity = (TestSeverity)expect->severity,
                      .name = expect->id,
                      .text = expect->text,
                      .bound = expect->bound_text,
                      .measured = judgement->measured,
                      .why = judgement->why,
                      .because = expect->because,
                      .value = drift_value(judgement),
                      .example = {.replication = TEST_NEVER, .at_ns = TEST_NEVER},
                      .place = place_of(&expect->mark)};
}

static TestWaiver waiver_of(const Trial *trial, const Waiver *waiver) {
    if (!waiver->exists)
        return (TestWaiver){NULL, NULL, NULL, false};
    bool over = trial->options->has_today && date_compare(trial->options->today, waiver->until) > 0;
    return (TestWaiver){waiver->until_text, waiver->owner, waiver->because, over};
}

static void add_expect(Trial *trial, const Expect *expect, const Judgement *judgement) {
    TestCase row = case_of(TEST_EXPECT, expect, judgement);
    Example *example = NULL;
    row.verdict = finding_name(judgement->verdict);
    row.waiver = waiver_of(trial, &expect->waiver);
    row.outcome = outcome_of(judgement->verdict == FINDING_HOLDS, &row);
    if (judgement->verdict == FINDING_MISSED && judgement->replication != UINT64_MAX) {
        example = example_new(trial->pipeline, trial->model, expect, judgement);
        row.example = (TestExample){.text = judgement->counterexample,
                                    .replication = (int64_t)judgement->replication,
                                    .at_ns = expect->kind != EXPECT_MEASURE ? judgement->at.ns : TEST_NEVER,
                                    .steps = (const TestStep *)(void *)example->steps->data,
                                    .step_count = example->steps->len};
    }
    test_report_case(trial->report, row);
    example_free(example);
}

/* As it would stand on one line; cut where it gets long, since the file has it in full. */
static void put_value(GString *text, const Node *value, gsize most) {
    const char *ends = value->type == NODE_LIST ? "[]" : "{}";
    if (value->type == NODE_SCALAR) {
        g_string_append(text, value->text);
        return;
    }
    g_string_append_c(text, ends[0]);
    for (size_t i = 0; i < value->count; i++) {
        g_string_append(text, i ? ", " : "");
        if (text->len >= most) {
            g_string_append(text, "...");
            break;
        }
        if (value->type == NODE_MAP)
            g_string_append_printf(text, "%s: ", value->entries[i].key);
        put_value(text, value->type == NODE_MAP ? value->entries[i].value : value->items[i], most);
    }
    g_string_append_c(text, ends[1]);
}

static char *set_text(const Node *set) {
    enum { VALUE_MOST = 60 };
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < set->count; i++) {
        g_string_append_printf(text, "%s%s: ", i ? ", " : "", set->entries[i].key);
        put_value(text, set->entries[i].value, text->len + VALUE_MOST);
    }
    return g_string_free(text, FALSE);
}

/* Of several patterns one is enough that shows it; the others say nothing. */
static void add_but(Trial *trial, uint32_t e, Changed *changed) {
    const Expect *expect = &trial->model->expects[e];
    const Judgement *judgement = pipeline_judge(changed->pipeline, e);
    char *text = set_text(node_get(expect->but, "set"));
    bool failed = judgement->verdict == FINDING_MISSED;
    if (trial->options->everywhere)
        everywhere_tried(trial->options->everywhere, expect, text, failed);
    if (trial->options->everywhere && !failed) {
        g_free(text);
        return;
    }
    TestCase row = case_of(TEST_BUT, expect, judgement);
    row.text = text;
    row.verdict = expectation_but_name(judgement->verdict);
    row.outcome = outcome_of(failed, &row);
    row.place = place_of(&expect->but->mark);
    test_report_case(trial->report, row);
    g_free(text);
}

static void add_drift(Trial *trial, const Expect *expect, const Judgement *judgement) {
    Drift drift = drift_of(expect, judgement, trial->recorded, trial->model, FAULTLINE_VERSION, trial->options->drift);
    test_report_case(trial->report, drift.row);
    drift_clear(&drift);
}

/* ---- Baselines --------------------------------------------------------------------------- */

static void read_baseline(Trial *trial) {
    GError *error = NULL;
    char *path = baseline_path(trial->path);
    if (trial->options->write || trial->options->drift != DRIFT_IGNORE)
        trial->recorded = baseline_read(path, &error);
    if (error)
        tell_error(trial, EXIT_INPUT, error);
    g_free(path);
}

/* A tolerance that somebody chose stays, if it still fits the value. */
static void record(Trial *trial, const Expect *expect, const Judgement *judgement) {
    char *asks = drift_asks(expect), *why = NULL;
    BaselineEntry entry = {expect->id, g_string_chunk_insert(trial->records->texts, asks),
                           finding_name(judgement->verdict), trial->options->tolerance, drift_value(judgement)};
    const BaselineEntry *old = trial->recorded ? baseline_find(trial->recorded, expect->id) : NULL;
    if (old && old->tolerance && tolerance_check(old->tolerance, entry.value.unit, &why))
        entry.tolerance = old->tolerance;
    else if (!tolerance_check(entry.tolerance, entry.value.unit, &why))
        entry.tolerance = BASELINE_TOLERANCE; /* the one given is for values of another unit */
    g_array_append_val(trial->records->entries, entry);
    g_free(why);
    g_free(asks);
}

static void write_baseline(Trial *trial) {
    const Model *model = trial->model;
    GError *error = NULL;
    char *path = baseline_path(trial->path);
    trial->records->version = FAULTLINE_VERSION;
    trial->records->model_sha256 = model->model_digest;
    trial->records->seed = (int64_t)model->run.seed;
    trial->records->replications = (int64_t)model->run.replications;
    if (!baseline_write(trial->records, path, &error)) {
        tell_error(trial, EXIT_MACHINE, error);
    } else {
        char *safe = escape_terminal(path);
        fprintf(stderr, "%s: %u value%s recorded\n", safe, trial->records->entries->len,
                trial->records->entries->len == 1 ? "" : "s");
        g_free(safe);
    }
    g_free(path);
}

/* What was recorded and is expected no more. */
static void add_forgotten(Trial *trial) {
    for (guint i = 0; i < trial->recorded->entries->len; i++) {
        const BaselineEntry *entry = &g_array_index(trial->recorded->entries, BaselineEntry, i);
        bool expected = false;
        for (uint32_t e = 0; e < trial->model->expect_count; e++)
            expected = expected || g_str_equal(trial->model->expects[e].id, entry->id);
        if (!expected)
            test_report_case(trial->report, (TestCase){.kind = TEST_DRIFT,
                                                       .severity = TEST_NOTE,
                                                       .outcome = TEST_NOTED,
                                                       .name = entry->id,
                                                       .text = entry->asks,
                                                       .verdict = "recorded, but expected no more"});
    }
}

/* ---- All --------------------------------------------------------------------------------- */

/* What this pattern cannot be asked. */
static bool skip_expect(Trial *trial, const Expect *expect, const Judgement *judgement) {
    Everywhere *everywhere = trial->options->everywhere;
    const char *why =
        everywhere ? everywhere_skips(everywhere, pipeline_study(trial->pipeline), expect, judgement) : NULL;
    if (!why)
        return false;
    TestCase row = {.kind = TEST_EXPECT, .severity = TEST_NOTE, .outcome = TEST_SKIPPED, .why = why};
    row.name = expect->id;
    row.text = expect->text;
    row.example = (TestExample){.replication = TEST_NEVER, .at_ns = TEST_NEVER};
    test_report_case(trial->report, row);
    return true;
}

static bool wants_but(const Trial *trial, const Expect *expect) {
    const Everywhere *everywhere = trial->options->everywhere;
    return expect->but && !trial->options->no_but && (!everywhere || everywhere_wants(everywhere, expect));
}

/* False: it was not finished, and neither will others be. */
static bool try_expect(Trial *trial, uint32_t e) {
    const Expect *expect = &trial->model->expects[e];
    const Judgement *judgement = pipeline_judge(trial->pipeline, e);
    Changed *changed = NULL;
    if (skip_expect(trial, expect, judgement))
        return true;
    if (wants_but(trial, expect))
        changed = changed_run(trial, e);
    if (trial->status == EXIT_INTERRUPTED || trial->status == EXIT_MACHINE)
        return false;
    add_expect(trial, expect, judgement);
    if (changed)
        add_but(trial, e, changed);
    if (trial->options->write)
        record(trial, expect, judgement);
    else if (trial->recorded)
        add_drift(trial, expect, judgement);
    return true;
}

static void try_model(Trial *trial) {
    const Model *model = trial->model;
    Diagnostics *undecidable = diagnostics_new();
    reading_undecidable(model, undecidable);
    tell_mistakes(trial, undecidable);
    read_baseline(trial);
    if (trial->status == EXIT_DONE && model->expect_count) {
        trial->pipeline = pipeline_new(model);
        bool ran = run_more(trial, trial->pipeline, model->run.replications,
                            model->scenario ? model->scenario : model->pattern);
        for (uint32_t e = 0; e < model->expect_count && ran; e++)
            ran = try_expect(trial, e);
        if (trial->recorded && !trial->options->write && ran)
            add_forgotten(trial);
        if (trial->options->write && trial->status == EXIT_DONE)
            write_baseline(trial);
    }
    diagnostics_free(undecidable);
}

static void add_file(Trial *trial, const Model *model) {
    TestFile file = {.seed = TEST_NEVER, .replications = TEST_NEVER};
    if (model)
        file = (TestFile){.pattern = model->pattern,
                          .scenario = model->scenario,
                          .claim = model->claim,
                          .model_sha256 = model->model_digest,
                          .seed = (int64_t)model->run.seed,
                          .replications = (int64_t)model->run.replications};
    test_report_file(trial->report, file);
}

static void skip_file(Trial *trial, const char *why) {
    test_report_file(trial->report, (TestFile){.scenario = "skipped", .seed = TEST_NEVER, .replications = TEST_NEVER});
    test_report_case(trial->report, (TestCase){.kind = TEST_INPUT,
                                               .severity = TEST_NOTE,
                                               .outcome = TEST_SKIPPED,
                                               .text = "does not apply",
                                               .why = why,
                                               .example = {.replication = TEST_NEVER, .at_ns = TEST_NEVER}});
}

static void try_reading(Trial *trial, const Reading *reading) {
    trial->model = reading->model;
    add_file(trial, reading->model);
    tell_mistakes(trial, reading->diagnostics);
    worsen(trial, reading->status);
    if (reading->model)
        try_model(trial);
}

int trial_file(TestReport *report, const char *path, const TrialOptions *options, const CommandEnv *env) {
    Trial trial = {.report = report,
                   .path = path,
                   .options = options,
                   .env = env,
                   .changed = g_ptr_array_new_with_free_func(changed_free),
                   .records = baseline_new()};
    Reading reading;
    reading_init(&reading, path, &options->reading, NULL, env);
    if (options->everywhere && reading.inapplicable)
        skip_file(&trial, reading.inapplicable);
    else
        try_reading(&trial, &reading);
    baseline_free(trial.records);
    baseline_free(trial.recorded);
    g_ptr_array_free(trial.changed, TRUE);
    pipeline_free(trial.pipeline);
    reading_clear(&reading);
    return trial.status;
}
