/* test_text.c - what a test found, for people: two lines for what is as it should be, the whole story for what is not.
 */
#include <string.h>

#include "report/paper.h"
#include "report/test_report.h"
#include "report/test_words.h"

/* Columns: the word, the name or what was found in a word, and the text. */
enum { WORD = 2, NAME = 9, TEXT = 34, STEP_TIME = 10, STEP_KIND = 20, USUAL_WIDTH = 80, LEAST_WIDTH = 60 };

static const struct {
    const char *word;
    Ink ink;
} outcome_words[TEST_OUTCOMES] = {{"ok", INK_GOOD},     {"skip", INK_DIM}, {"note", INK_DIM}, {"warn", INK_WARN},
                                  {"waived", INK_WARN}, {"FAIL", INK_BAD}, {"FAIL", INK_BAD}};

/* A label, and a text beside it; the text on a line of its own where the label is too long. */
static void put_pair(Paper *paper, Ink ink, const char *label, const char *text) {
    if (!text)
        return;
    paper_to(paper, NAME);
    paper_put(paper, ink, label);
    if (paper->column >= TEXT && paper->column + 1 + text_columns(text) > paper->width)
        paper_line(paper);
    paper_to(paper, TEXT);
    paper_wrap(paper, INK_PLAIN, TEXT, text);
}

static bool same_steps(const TestExample *a, const TestExample *b) {
    bool same = a->step_count == b->step_count && a->replication == b->replication;
    for (uint32_t i = 0; same && i < a->step_count; i++)
        same = a->steps[i].at_ns == b->steps[i].at_ns && strcmp(a->steps[i].what, b->steps[i].what) == 0;
    return same;
}

/* Several misses of one replication mostly come of the same: it is told once a file. */
static const TestCase *told_before(const TestReport *report, const TestFile *file, const TestCase *row) {
    for (const TestCase *old = test_case_at(report, file->first); old < row; old++)
        if (old->outcome != TEST_PASSED && same_steps(&old->example, &row->example))
            return old;
    return NULL;
}

static void put_steps(Paper *paper, const TestExample *example, const TestCase *before) {
    if (example->step_count && before) {
        char *same = g_strdup_printf("by the steps of %s", before->name);
        paper_to(paper, TEXT);
        paper_wrap(paper, INK_PLAIN, TEXT, same);
        g_free(same);
        return;
    }
    for (uint32_t i = 0; i < example->step_count; i++) {
        const TestStep *step = &example->steps[i];
        char *at = test_instant(example, i);
        paper_to(paper, NAME);
        paper_fit(paper, INK_DIM, at, STEP_TIME, true);
        paper_to(paper, STEP_KIND);
        paper_put(paper, INK_DIM, step->kind);
        paper_to(paper, TEXT);
        char *what = test_step(step);
        paper_wrap(paper, INK_PLAIN, TEXT, what);
        g_free(what);
        g_free(at);
    }
}

static void put_story(Paper *paper, const TestCase *row, const TestCase *before) {
    char *where = test_where(&row->place), *waived = test_waived(row);
    put_pair(paper, INK_DIM, "", row->why);
    put_pair(paper, INK_DIM, "because", row->because);
    put_pair(paper, INK_DIM, "waiver", waived);
    put_pair(paper, INK_DIM, "for example", row->example.text);
    put_steps(paper, &row->example, before);
    put_pair(paper, INK_DIM, "at", where);
    g_free(where);
    g_free(waived);
}

static void put_case(Paper *paper, const TestReport *report, const TestFile *file, const TestCase *row) {
    char *claim = test_claim(row);
    const char *name = row->name ? row->name : row->outcome == TEST_SKIPPED ? "" : "cannot be tried";
    paper_to(paper, WORD);
    paper_put(paper, outcome_words[row->outcome].ink, outcome_words[row->outcome].word);
    put_pair(paper, INK_PLAIN, row->kind == TEST_BUT ? "" : name, claim);
    bool tried = row->kind == TEST_EXPECT || row->kind == TEST_BUT;
    if (row->verdict)
        put_pair(paper, INK_PLAIN, row->verdict, row->measured ? row->measured : tried ? "nothing was measured" : "");
    if (row->outcome != TEST_PASSED || (row->waiver.until && row->kind == TEST_EXPECT))
        put_story(paper, row, told_before(report, file, row));
    g_free(claim);
}

/* What did not drift is not worth a line, and warnings of the reader have been told on standard error. */
static bool is_told(const TestCase *row) {
    return !(row->kind == TEST_DRIFT && row->outcome == TEST_PASSED) &&
           !(row->kind == TEST_INPUT && row->outcome != TEST_BROKEN && row->outcome != TEST_SKIPPED);
}

static Paper paper_of(const TestLook *look) {
    Paper paper;
    paper_init(&paper, look->colour, MAX(look->width ? look->width : USUAL_WIDTH, LEAST_WIDTH));
    return paper;
}

static char *text_file(const TestReport *report, const TestFile *file, const TestLook *look) {
    Paper paper = paper_of(look);
    const char *title = file->scenario ? file->scenario : file->pattern ? file->pattern : "cannot be tried";
    paper_put(&paper, INK_BOLD, report->by_name ? file->name : file->path);
    paper_put(&paper, INK_PLAIN, ": ");
    paper_wrap(&paper, INK_PLAIN, 2, title);
    if (file->count == 0 && file->pattern) {
        paper_to(&paper, NAME);
        paper_put(&paper, INK_DIM, "nothing is expected");
        paper_line(&paper);
    }
    for (uint32_t i = 0; i < file->count; i++)
        if (is_told(test_case_at(report, file->first + i)))
            put_case(&paper, report, file, test_case_at(report, file->first + i));
    return paper_finish(&paper);
}

static char *text_end(const TestReport *report, const TestLook *look) {
    Paper paper = paper_of(look);
    char *summary = test_summary(report);
    paper_put(&paper, test_report_good(report) ? INK_GOOD : INK_BAD, summary);
    paper_line(&paper);
    g_free(summary);
    return paper_finish(&paper);
}

const TestFormat test_format_text = {
    .name = "text",
    .summary = "for people, as wide as the terminal",
    .suffix = "txt",
    .file = text_file,
    .end = text_end,
};
