/* until.c - a stop rule: text to metric, statistic and share; and whether an interval is narrow enough. */
#include "study/until.h"

#include <glib.h>
#include <math.h>
#include <string.h>

struct Until {
    char *metric, *denominator;
    int64_t within; /* ppb of the estimate */
    Expect expect;  /* what is asked of the measures; its bound does not matter */
};

void until_free(Until *until) {
    if (!until)
        return;
    g_free(until->metric);
    g_free(until->denominator);
    g_free(until);
}

/* A quantile in front of the metric; returns what follows it. */
static char *statistic_read(char *text, Expect *expect) {
    static const struct {
        const char *word;
        Statistic statistic;
        int64_t quantile;
    } words[] = {{"mean ", STATISTIC_MEAN, 0},
                 {"p50 ", STATISTIC_QUANTILE, 500000000},
                 {"p90 ", STATISTIC_QUANTILE, 900000000},
                 {"p95 ", STATISTIC_QUANTILE, 950000000},
                 {"p99 ", STATISTIC_QUANTILE, 990000000},
                 {"p99.9 ", STATISTIC_QUANTILE, 999000000}};
    expect->statistic = STATISTIC_MEAN;
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_str_has_prefix(text, words[i].word)) {
            expect->statistic = words[i].statistic;
            expect->quantile = words[i].quantile;
            return text + strlen(words[i].word);
        }
    return text;
}

static bool metric_read(Until *until, char *text, char **why) {
    uint64_t needed;
    text = statistic_read(text, &until->expect);
    char **sides = g_strsplit(text, "/", 2);
    until->metric = g_strdup(g_strstrip(sides[0] ? sides[0] : text));
    until->denominator = sides[0] && sides[1] ? g_strdup(g_strstrip(sides[1])) : NULL;
    g_strfreev(sides);
    until->expect.metric = until->metric;
    until->expect.denominator = until->denominator;
    return expectation_decidable(&until->expect, UINT64_MAX, why, &needed);
}

Until *until_parse(const char *text, char **why) {
    *why = NULL;
    const char *word = strstr(text, " within ");
    if (!word) {
        *why = g_strdup("say how close: \"lost_sessions within 5 %\"");
        return NULL;
    }
    Until *until = g_new0(Until, 1);
    until->expect.kind = EXPECT_MEASURE;
    until->expect.comparison = COMPARE_GREATER_EQUAL;
    char *metric = g_strstrip(g_strndup(text, (gsize)(word - text)));
    char *share = g_strstrip(g_strdup(word + strlen(" within ")));
    bool good = quantity_parse(share, UNIT_SHARE, &until->within, why) && metric_read(until, metric, why);
    if (good && until->within <= 0)
        *why = g_strdup("no interval is narrower than nothing");
    g_free(metric);
    g_free(share);
    if (good && !*why)
        return until;
    until_free(until);
    return NULL;
}

/* Where all values are equal there is nothing to be unsure of, also when they are zero. */
bool until_met(const Until *until, const MeasureSet *measures, char **measured) {
    Judgement judgement = expectation_judge(&until->expect, measures, NULL, NULL);
    bool finite = judgement.has_interval && isfinite(judgement.low) && isfinite(judgement.high);
    double half = finite ? (judgement.high - judgement.low) / 2 : 0, value = fabs(judgement.value);
    bool met = finite && half <= value * ((double)until->within / 1e9);
    char *share = finite && value > 0 ? value_text(half / value * 1e9, UNIT_SHARE) : NULL;
    *measured = g_strdup_printf("%s%s%s", judgement.measured ? judgement.measured : "nothing measured",
                                share ? ", within " : "", share ? share : "");
    g_free(share);
    judgement_clear(&judgement);
    return met;
}

uint64_t until_next(uint64_t n) {
    uint64_t at = 20;
    while (at <= n)
        at += (at + 3) / 4;
    return at;
}
