/* text_attack.c - what an attacker has: who is compromised, exposed, at risk and safe, how it came to that, and which
 * single control it hangs on. */
#include <string.h>

#include "report/find.h"
#include "report/text_sections.h"

enum { LABEL = 2, TEXT = 16, MOST_NAMES = 12 };

static bool is_hold(const RecordHold *h, const char *hold) { return strcmp(h->hold, hold) == 0; }

static const char *name_of(const Record *record, const RecordHold *h) {
    return g_array_index(record->components, RecordComponent, h->component).name;
}

static guint count_of(const Record *record, uint32_t moment, const char *hold) {
    guint count = 0;
    for (guint i = 0; i < record->holds->len; i++) {
        const RecordHold *h = &g_array_index(record->holds, RecordHold, i);
        count += h->moment == moment && (hold == NULL || is_hold(h, hold));
    }
    return count;
}

/* The moment in which least was safe, the first of equals: there the attack had come furthest. */
static uint32_t worst_moment(const Record *record) {
    uint32_t worst = g_array_index(record->holds, RecordHold, 0).moment;
    for (uint32_t m = worst + 1; m < record->moments->len; m++)
        if (count_of(record, m, NULL) > 0 && count_of(record, m, "safe") < count_of(record, worst, "safe"))
            worst = m;
    return worst;
}

static void attack_line(Paper *paper, Ink ink, int from, int indent, const char *text) {
    paper_to(paper, from);
    paper_wrap(paper, ink, indent, text);
}

/* The last step says how; those before it are the ways of others on the list. */
static const char *last_step(const Record *record, guint hold) {
    const char *text = NULL;
    for (guint i = 0; i < record->hold_steps->len; i++) {
        const RecordHoldStep *step = &g_array_index(record->hold_steps, RecordHoldStep, i);
        text = step->hold == hold ? step->text : text;
    }
    return text;
}

/* The control that it hangs on is mostly the one that the last step names. */
static char *closing_line(const char *step, const char *closes) {
    return step != NULL && strstr(step, closes) != NULL ? g_strdup("that alone holds it open")
                                                        : g_strconcat("closed without ", closes, NULL);
}

static void attack_row(Paper *paper, const Record *record, guint id, bool first) {
    const RecordHold *h = &g_array_index(record->holds, RecordHold, id);
    paper_to(paper, LABEL);
    paper_fit(paper, is_hold(h, "at risk") ? INK_WARN : INK_BAD, first ? h->hold : "", TEXT - LABEL, false);
    char *line = g_strdup_printf("%s%s%s%s", name_of(record, h), h->crown_jewel ? ", a crown jewel" : "",
                                 h->actions ? ": " : "", h->actions ? h->actions : "");
    paper_wrap(paper, INK_BOLD, TEXT, line);
    g_free(line);
    if (!is_hold(h, "compromised") || h->closes)
        attack_line(paper, INK_PLAIN, TEXT + 2, TEXT + 2, last_step(record, id));
    if (h->closes) {
        char *closes = closing_line(last_step(record, id), h->closes);
        attack_line(paper, INK_DIM, TEXT + 2, TEXT + 2, closes);
        g_free(closes);
    }
}

static void attack_holds(Paper *paper, const Record *record, uint32_t moment, const char *hold) {
    bool first = true;
    for (guint i = 0; i < record->holds->len; i++) {
        const RecordHold *h = &g_array_index(record->holds, RecordHold, i);
        if (h->moment != moment || !is_hold(h, hold))
            continue;
        attack_row(paper, record, i, first);
        first = false;
    }
}

static void attack_safe(Paper *paper, const Record *record, uint32_t moment) {
    guint all = count_of(record, moment, "safe"), shown = 0;
    GString *names = g_string_new(all == 0 ? "nothing" : NULL);
    for (guint i = 0; i < record->holds->len && shown < MOST_NAMES; i++) {
        const RecordHold *h = &g_array_index(record->holds, RecordHold, i);
        if (h->moment == moment && is_hold(h, "safe"))
            g_string_append_printf(names, "%s%s", shown++ > 0 ? ", " : "", name_of(record, h));
    }
    if (all > shown)
        g_string_append_printf(names, " and %u more", all - shown);
    paper_to(paper, LABEL);
    paper_fit(paper, INK_GOOD, "safe", TEXT - LABEL, false);
    paper_wrap(paper, INK_PLAIN, TEXT, names->str);
    g_string_free(names, TRUE);
}

static void attack_radius(Paper *paper, const Record *record, uint32_t moment) {
    guint all = count_of(record, moment, NULL), exposed = count_of(record, moment, "exposed");
    guint risk = count_of(record, moment, "at risk"), radius = exposed + risk;
    char *share = word_value((double)radius / (double)all, "1");
    char *line = g_strdup_printf("%u of %u components (%s): %u exposed, %u at risk once exposed machines fall", radius,
                                 all, share, exposed, risk);
    paper_to(paper, LABEL);
    paper_fit(paper, INK_PLAIN, "blast radius", TEXT - LABEL, false);
    paper_wrap(paper, INK_BOLD, TEXT, line);
    g_free(line);
    g_free(share);
}

/* ---- crown jewels ------------------------------------------------------------------------ */

static void jewel_path(Paper *paper, const Record *record, guint hold) {
    guint number = 0;
    for (guint i = 0; i < record->hold_steps->len; i++) {
        const RecordHoldStep *step = &g_array_index(record->hold_steps, RecordHoldStep, i);
        if (step->hold != hold)
            continue;
        paper_to(paper, 4);
        paper_putf(paper, INK_DIM, "%2u  ", ++number);
        paper_wrap(paper, INK_PLAIN, 8, step->text);
    }
}

static void jewel_row(Paper *paper, const Record *record, guint id) {
    const RecordHold *h = &g_array_index(record->holds, RecordHold, id);
    bool safe = is_hold(h, "safe");
    char *line = g_strdup_printf("%s is %s", name_of(record, h), h->hold);
    attack_line(paper, safe ? INK_GOOD : INK_BAD, LABEL, LABEL, line);
    jewel_path(paper, record, id);
    g_free(line);
    line = h->closes  ? closing_line(last_step(record, id), h->closes)
           : h->opens ? g_strconcat("opened by: ", h->opens, NULL)
           : safe     ? g_strdup("no single rule would open it")
                      : g_strdup("no single control would close it");
    attack_line(paper, INK_DIM, 4, 4, line);
    g_free(line);
}

static void attack_jewels(Paper *paper, const Record *record, uint32_t moment) {
    bool first = true;
    for (guint i = 0; i < record->holds->len; i++) {
        const RecordHold *h = &g_array_index(record->holds, RecordHold, i);
        if (h->moment != moment || !h->crown_jewel)
            continue;
        if (first)
            paper_head(paper, "THE WAY TO THE CROWN JEWELS");
        jewel_row(paper, record, i);
        first = false;
    }
}

void text_attack(Paper *paper, const Record *record) {
    static const char *const holds[] = {"compromised", "exposed", "at risk"};
    if (record->holds->len == 0)
        return;
    uint32_t moment = worst_moment(record);
    char *at = word_time(g_array_index(record->moments, RecordMoment, moment).at_ns);
    char *head = g_strdup_printf("WHAT THE ATTACKER HAS, AT %s", at);
    paper_head(paper, head);
    for (size_t i = 0; i < G_N_ELEMENTS(holds); i++)
        attack_holds(paper, record, moment, holds[i]);
    attack_safe(paper, record, moment);
    attack_radius(paper, record, moment);
    attack_jewels(paper, record, moment);
    g_free(head);
    g_free(at);
}
