/* law_text.c - the written form of the laws: read, refused with a reason, and printed. */
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "base/diag.h"
#include "base/law.h"
#include "base/quantity.h"
#include "base/xmath.h"

/* The standard normal exceeds this with probability 5 %. */
static const double NORMAL_P95 = 1.6448536269514722;

/* What stands between the parentheses, and where the reason goes. A copy: parts are cut off with NUL characters. */
typedef struct {
    char *inside;
    char **why;
} Reading;

typedef struct {
    const char *name, *form;
    LawKind kind;
    bool (*read)(Reading reading, Law *law);
} LawForm;

static bool read_time(const char *text, SimTime *t, char **why) { return quantity_parse(text, UNIT_TIME, &t->ns, why); }

/* Cut `text` at the first `word`; the part behind it, or NULL when the word is not there. */
static char *cut_at(char *text, const char *word) {
    char *found = strstr(text, word);
    if (found == NULL)
        return NULL;
    *found = '\0';
    return found + strlen(word);
}

static bool refuse(Reading reading, const char *reason) {
    *reading.why = g_strdup(reason);
    return false;
}

/* constant(T), exponential(T) */
static bool read_one(Reading reading, Law *law) { return read_time(reading.inside, &law->a, reading.why); }

/* uniform(A to B) */
static bool read_uniform(Reading reading, Law *law) {
    char *second = cut_at(reading.inside, " to ");
    if (second == NULL)
        return refuse(reading, "the two ends are joined by \"to\"");
    if (!read_time(reading.inside, &law->a, reading.why) || !read_time(second, &law->b, reading.why))
        return false;
    if (simtime_before(law->b, law->a))
        return refuse(reading, "the second end lies before the first");
    return true;
}

/* lognormal(median A p95 B) */
static bool read_lognormal(Reading reading, Law *law) {
    if (!g_str_has_prefix(reading.inside, "median "))
        return refuse(reading, "it begins with \"median\"");
    char *p95 = cut_at(reading.inside, " p95 ");
    if (p95 == NULL)
        return refuse(reading, "\"p95\" and the 95th percentile follow the median");
    if (!read_time(reading.inside + strlen("median "), &law->a, reading.why) || !read_time(p95, &law->b, reading.why))
        return false;
    if (law->a.ns == 0)
        return refuse(reading, "the median is zero");
    if (simtime_before(law->b, law->a))
        return refuse(reading, "the 95th percentile lies below the median");
    law->sigma = xmath_log((double)law->b.ns / (double)law->a.ns) / NORMAL_P95;
    return true;
}

/* erlang(K of T) */
static bool read_erlang(Reading reading, Law *law) {
    char *mean = cut_at(reading.inside, " of ");
    int64_t stages;
    if (mean == NULL)
        return refuse(reading, "the number of stages and their total mean are joined by \"of\"");
    if (!quantity_parse(reading.inside, UNIT_NONE, &stages, reading.why) || !read_time(mean, &law->a, reading.why))
        return false;
    if (stages < 1 || stages > LAW_MOST_STAGES)
        return refuse(reading, "an erlang law has 1 to 1000 stages");
    law->stages = (uint32_t)stages;
    return true;
}

/* "2 s 30 %": a duration and its share. Either may hold a blank, so each blank is tried as the border. */
static bool read_weighted(char *text, SimTime *t, int64_t *p, char **why) {
    for (char *blank = strchr(text, ' '); blank != NULL; blank = strchr(blank + 1, ' ')) {
        char *ignored = NULL;
        *blank = '\0';
        if (read_time(text, t, &ignored))
            return quantity_parse(blank + 1, UNIT_SHARE, p, why);
        g_free(ignored);
        *blank = ' ';
    }
    *why = g_strdup_printf("\"%s\" is not a duration and its share, like 2 s 30 %%", text);
    return false;
}

/* hyperexponential(A P or B), discrete(A P or B) */
static bool read_mixture(Reading reading, Law *law) {
    char *otherwise = cut_at(reading.inside, " or ");
    if (otherwise == NULL)
        return refuse(reading, "the two cases are joined by \"or\"");
    if (!read_weighted(reading.inside, &law->a, &law->p, reading.why) || !read_time(otherwise, &law->b, reading.why))
        return false;
    if (law->p > 1000000000)
        return refuse(reading, "the share is more than 100 %");
    return true;
}

static const LawForm forms[] = {
    {"constant", "constant(45 s)", LAW_CONSTANT, read_one},
    {"exponential", "exponential(180 s)", LAW_EXPONENTIAL, read_one},
    {"uniform", "uniform(60 s to 120 s)", LAW_UNIFORM, read_uniform},
    {"lognormal", "lognormal(median 45 s p95 90 s)", LAW_LOGNORMAL, read_lognormal},
    {"erlang", "erlang(2 of 10 s)", LAW_ERLANG, read_erlang},
    {"hyperexponential", "hyperexponential(2 s 30 % or 10 s)", LAW_HYPEREXPONENTIAL, read_mixture},
    {"discrete", "discrete(1 s 20 % or 5 s)", LAW_DISCRETE, read_mixture},
};

static const LawForm *find_form(const char *name, size_t length) {
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        if (strlen(forms[i].name) == length && memcmp(forms[i].name, name, length) == 0)
            return &forms[i];
    }
    return NULL;
}

static char *unknown_law(const char *text, size_t length) {
    const char *names[G_N_ELEMENTS(forms) + 1] = {NULL};
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
        names[i] = forms[i].name;
    char *name = g_strndup(text, length), *list = g_strjoinv(", ", (char **)names);
    const char *nearest = suggest_nearest(name, names);
    char *why = nearest != NULL ? g_strdup_printf("unknown law \"%s\": did you mean %s?", name, nearest)
                                : g_strdup_printf("unknown law \"%s\": use %s", name, list);
    g_free(name);
    g_free(list);
    return why;
}

static bool read_form(const LawForm *form, const char *inside, size_t length, Law *law, char **why) {
    Reading reading = {.inside = g_strndup(inside, length)};
    char *reason = NULL;
    reading.why = &reason;
    *law = (Law){.kind = form->kind};
    bool read =
        strchr(reading.inside, ',') != NULL ? refuse(reading, "a comma is not allowed") : form->read(reading, law);
    if (!read)
        *why = g_strdup_printf("%s: write it like %s", reason, form->form);
    g_free(reason);
    g_free(reading.inside);
    return read;
}

bool law_parse(const char *text, Law *law, char **why) {
    const char *open = strchr(text, '(');
    Law parsed = {.kind = LAW_CONSTANT};
    if (open == NULL) {
        const LawForm *form = find_form(text, strlen(text));
        if (form != NULL) {
            *why = g_strdup_printf("\"%s\" needs its numbers: write it like %s", text, form->form);
            return false;
        }
        if (!read_time(text, &parsed.a, why))
            return false;
        *law = parsed;
        return true;
    }
    const LawForm *form = find_form(text, (size_t)(open - text));
    if (form == NULL) {
        *why = unknown_law(text, (size_t)(open - text));
        return false;
    }
    size_t length = strlen(open);
    if (open[length - 1] != ')') {
        *why = g_strdup_printf("the parenthesis is not closed at the end: write it like %s", form->form);
        return false;
    }
    if (!read_form(form, open + 1, length - 2, &parsed, why))
        return false;
    *law = parsed;
    return true;
}

/* The 95th percentile of a law that was not written, to the nearest ns. */
static int64_t p95_of(const Law *law) {
    if (law->b.ns > 0)
        return law->b.ns;
    double p95 = (double)law->a.ns * xmath_exp(law->sigma * NORMAL_P95);
    return p95 < 0x1p63 ? (int64_t)(p95 + 0.5) : INT64_MAX;
}

char *law_text(const Law *law) {
    char *a = quantity_text(law->a.ns, UNIT_TIME), *p = quantity_text(law->p, UNIT_SHARE), *text = NULL;
    char *b = quantity_text(law->kind == LAW_LOGNORMAL ? p95_of(law) : law->b.ns, UNIT_TIME);
    switch (law->kind) {
    case LAW_CONSTANT: text = g_strdup(a); break;
    case LAW_EXPONENTIAL: text = g_strdup_printf("exponential(%s)", a); break;
    case LAW_UNIFORM: text = g_strdup_printf("uniform(%s to %s)", a, b); break;
    case LAW_LOGNORMAL: text = g_strdup_printf("lognormal(median %s p95 %s)", a, b); break;
    case LAW_ERLANG: text = g_strdup_printf("erlang(%" PRIu32 " of %s)", law->stages, a); break;
    case LAW_HYPEREXPONENTIAL: text = g_strdup_printf("hyperexponential(%s %s or %s)", a, p, b); break;
    case LAW_DISCRETE: text = g_strdup_printf("discrete(%s %s or %s)", a, p, b); break;
    }
    g_free(a);
    g_free(p);
    g_free(b);
    return text;
}
