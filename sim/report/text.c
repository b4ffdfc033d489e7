/* text.c - the report for people: first whether the claim holds, then what happened, then the numbers. */
#include <string.h>

#include "report/find.h"
#include "report/report.h"
#include "report/text_sections.h"

enum { USUAL_WIDTH = 80, LEAST_WIDTH = 60, DIGEST_SHOWN = 12 };

static char *short_digest(const char *digest) { return digest ? g_strndup(digest, DIGEST_SHOWN) : g_strdup("-"); }

/* Enough of each digest to tell reports apart; the record has all of it. */
void text_manifest(Paper *paper, const Record *record) {
    const RecordManifest *m = &record->manifest;
    char *inputs = short_digest(m->inputs_sha256), *model = short_digest(m->model_sha256);
    char *events = short_digest(m->event_digest), *runs = word_plural(m->replications, "replication", "replications");
    paper_putf(paper, INK_DIM, "faultline %s  seed %" G_GINT64_FORMAT "  %s", m->version ? m->version : "", m->seed,
               runs);
    paper_line(paper);
    paper_putf(paper, INK_DIM, "inputs %s  model %s  events %s", inputs, model, events);
    paper_line(paper);
    g_free(inputs);
    g_free(model);
    g_free(events);
    g_free(runs);
}

void text_title(Paper *paper, const Record *record) {
    const RecordTitle *t = &record->title;
    char *where = t->provider ? g_strdup_printf("%s on %s", t->pattern, t->provider) : g_strdup(t->pattern);
    paper_line(paper);
    if (t->scenario) {
        paper_wrap(paper, INK_BOLD, 0, t->scenario);
        paper_wrap(paper, INK_DIM, 0, where);
    } else {
        paper_wrap(paper, INK_BOLD, 0, where);
    }
    const char *says = t->claim ? t->claim : t->about;
    if (says)
        paper_wrap(paper, INK_PLAIN, 0, says);
    g_free(where);
}

/* ---- Expectations ------------------------------------------------------------------------ */

static Ink verdict_ink(const char *verdict) {
    return strcmp(verdict, "holds") == 0 ? INK_GOOD : strcmp(verdict, "missed") == 0 ? INK_BAD : INK_WARN;
}

static void text_but(Paper *paper, const RecordExpectation *e) {
    if (e->but_text == NULL)
        return;
    bool as_it_should = e->but_verdict && strcmp(e->but_verdict, "fails as it should") == 0;
    char *line = g_strdup_printf("but with %s: %s", e->but_text, e->but_verdict ? e->but_verdict : "not tried");
    paper_to(paper, 13);
    paper_wrap(paper, as_it_should || !e->but_verdict ? INK_DIM : INK_BAD, 13, line);
    g_free(line);
}

/* What holds is told quietly. */
static void text_expectation(Paper *paper, const RecordExpectation *e) {
    char *verdict = strcmp(e->verdict, "holds") == 0 ? g_strdup(e->verdict) : g_ascii_strup(e->verdict, -1);
    paper_to(paper, 2);
    paper_fit(paper, verdict_ink(e->verdict), verdict, 11, false);
    paper_put(paper, INK_BOLD, e->id);
    if (e->because)
        paper_right(paper, INK_DIM, e->because);
    else
        paper_line(paper);
    char *line = e->measured ? g_strdup_printf("%s: %s", e->text, e->measured) : g_strdup(e->text);
    paper_to(paper, 13);
    paper_wrap(paper, INK_PLAIN, 13, line);
    if (e->counterexample && strcmp(e->verdict, "holds") != 0) {
        paper_to(paper, 13);
        paper_wrap(paper, INK_WARN, 13, e->counterexample);
    }
    if (e->excused && strcmp(e->verdict, "holds") != 0) {
        paper_to(paper, 13);
        paper_wrap(paper, INK_DIM, 13, e->excused);
    }
    text_but(paper, e);
    g_free(line);
    g_free(verdict);
}

void text_expectations(Paper *paper, const Record *record) {
    if (record->expectations->len == 0)
        return;
    guint held = 0, all = record->expectations->len;
    for (guint i = 0; i < all; i++)
        held += strcmp(g_array_index(record->expectations, RecordExpectation, i).verdict, "holds") == 0;
    paper_head(paper, "WHAT WAS EXPECTED");
    paper_putf(paper, held == all ? INK_GOOD : INK_BAD, held == all ? "  all %u hold" : "  %u of %u hold", held, all);
    paper_line(paper);
    for (guint i = 0; i < all; i++)
        text_expectation(paper, &g_array_index(record->expectations, RecordExpectation, i));
}

/* ---- Faults ------------------------------------------------------------------------------ */

/* A fault's text without the instant, which has a column of its own; allocated. */
static char *fault_line(const RecordFault *fault, const char *at) {
    char *instant = g_strdup_printf(" at %s", at), *line = g_strdup(fault->text), *found = strstr(line, instant);
    size_t length = strlen(instant);
    if (found && (found[length] == '\0' || found[length] == ' '))
        memmove(found, found + length, strlen(found + length) + 1);
    g_free(instant);
    return line;
}

void text_faults(Paper *paper, const Record *record) {
    if (record->faults->len == 0)
        return;
    paper_head(paper, "WHAT HAPPENED");
    for (guint i = 0; i < record->faults->len; i++) {
        const RecordFault *fault = &g_array_index(record->faults, RecordFault, i);
        char *at = word_time(fault->from_ns), *line = fault_line(fault, at);
        paper_to(paper, 2);
        paper_fit(paper, INK_PLAIN, at, 9, true);
        paper_to(paper, 13);
        paper_wrap(paper, INK_PLAIN, 13, line);
        g_free(line);
        g_free(at);
    }
}

/* ---- The whole --------------------------------------------------------------------------- */

char *report_text(const ReportInput *input) {
    static void (*const sections[])(Paper *, const Record *) = {
        text_manifest, text_title,    text_expectations, text_availability, text_faults,  text_attack,
        text_curve,    text_recovery, text_capacity,     text_sessions,     text_service, text_jobs,
        text_objects,  text_reach,    text_traffic,      text_cost,
    };
    Paper paper;
    paper_init(&paper, input->colour, MAX(input->width ? input->width : USUAL_WIDTH, LEAST_WIDTH));
    for (size_t i = 0; i < G_N_ELEMENTS(sections); i++)
        sections[i](&paper, input->record);
    return paper_finish(&paper);
}

const ReportFormat format_text = {
    .name = "text",
    .summary = "for people, as wide as the terminal",
    .suffix = "txt",
    .write = report_text,
};
