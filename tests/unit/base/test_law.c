/* test_law.c - laws are read, refused, printed and scaled; their samples have the means and quantiles they should. */
#include <glib.h>
#include <math.h>
#include <stdlib.h>

#include "base/law.h"

static Law parsed(const char *text) {
    Law law;
    char *why = NULL;
    if (!law_parse(text, &law, &why))
        g_error("%s: %s", text, why);
    return law;
}

/* What is printed for what was written; reading it again gives the same. */
static void test_texts(void) {
    static const char *const texts[][2] = {
        {"45 s", "45 s"},
        {"constant(45s)", "45 s"},
        {"exponential(180 s)", "exponential(3 min)"},
        {"exponential(0 s)", "exponential(0 s)"},
        {"uniform(60 s to 120 s)", "uniform(1 min to 2 min)"},
        {"lognormal(median 45 s p95 90 s)", "lognormal(median 45 s p95 90 s)"},
        {"lognormal(median 97 s p95 97 s)", "lognormal(median 97 s p95 97 s)"},
        {"erlang(2 of 10 s)", "erlang(2 of 10 s)"},
        {"hyperexponential(2 s 30 % or 10 s)", "hyperexponential(2 s 30 % or 10 s)"},
        {"hyperexponential(2s 0.3 or 10s)", "hyperexponential(2 s 30 % or 10 s)"},
        {"discrete(1 s 20 % or 5 s)", "discrete(1 s 20 % or 5 s)"},
        {"discrete(0 s 99.9% or 1.5 h)", "discrete(0 s 99.9 % or 1.5 h)"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        Law law = parsed(texts[i][0]);
        char *text = law_text(&law);
        g_assert_cmpstr(text, ==, texts[i][1]);
        Law back = parsed(text);
        char *again = law_text(&back);
        g_assert_cmpstr(again, ==, text);
        g_assert_cmpfloat(back.sigma, ==, law.sigma);
        g_free(again);
        g_free(text);
    }
}

static void test_bad(void) {
    static const char *const bad[][2] = {
        {"", "\"\" is not a quantity like 30 s: it does not begin with a number"},
        {"45", "\"45\" has no unit: use ns, us, ms, s, min, h, d or y"},
        {"exponential", "\"exponential\" needs its numbers: write it like exponential(180 s)"},
        {"exponental(180 s)", "unknown law \"exponental\": did you mean exponential?"},
        {"weibull(3 s)",
         "unknown law \"weibull\": use constant, exponential, uniform, lognormal, erlang, hyperexponential, discrete"},
        {"exponential(180 s", "the parenthesis is not closed at the end: write it like exponential(180 s)"},
        {"exponential(180 s) ", "the parenthesis is not closed at the end: write it like exponential(180 s)"},
        {"exponential()",
         "\"\" is not a quantity like 30 s: it does not begin with a number: write it like exponential(180 s)"},
        {"exponential(-1 s)",
         "\"-1 s\" is not a quantity like 30 s: a sign is not allowed: write it like exponential(180 s)"},
        {"exponential((1 s))",
         "\"(1 s)\" is not a quantity like 30 s: it does not begin with a number: write it like exponential(180 s)"},
        {"uniform(60 s, 120 s)", "a comma is not allowed: write it like uniform(60 s to 120 s)"},
        {"uniform(60 s)", "the two ends are joined by \"to\": write it like uniform(60 s to 120 s)"},
        {"uniform(120 s to 60 s)", "the second end lies before the first: write it like uniform(60 s to 120 s)"},
        {"uniform(60 to 120 s)",
         "\"60\" has no unit: use ns, us, ms, s, min, h, d or y: write it like uniform(60 s to 120 s)"},
        {"lognormal(45 s p95 90 s)", "it begins with \"median\": write it like lognormal(median 45 s p95 90 s)"},
        {"lognormal(median 45 s)",
         "\"p95\" and the 95th percentile follow the median: write it like lognormal(median 45 s p95 90 s)"},
        {"lognormal(median 45 s p95 40 s)",
         "the 95th percentile lies below the median: write it like lognormal(median 45 s p95 90 s)"},
        {"lognormal(median 0 s p95 40 s)", "the median is zero: write it like lognormal(median 45 s p95 90 s)"},
        {"erlang(2 10 s)",
         "the number of stages and their total mean are joined by \"of\": write it like erlang(2 of 10 s)"},
        {"erlang(0 of 10 s)", "an erlang law has 1 to 1000 stages: write it like erlang(2 of 10 s)"},
        {"erlang(1001 of 10 s)", "an erlang law has 1 to 1000 stages: write it like erlang(2 of 10 s)"},
        {"erlang(1.5 of 10 s)", "\"1.5\" is not a whole number: write it like erlang(2 of 10 s)"},
        {"discrete(1 s or 5 s)",
         "\"1 s\" is not a duration and its share, like 2 s 30 %: write it like discrete(1 s 20 % or 5 s)"},
        {"discrete(1 s 20 %)", "the two cases are joined by \"or\": write it like discrete(1 s 20 % or 5 s)"},
        {"discrete(1 s 120 % or 5 s)", "the share is more than 100 %: write it like discrete(1 s 20 % or 5 s)"},
        {"discrete(1 s 20 or 5 s)", "\"20\" has no unit, and a ratio lies between 0 and 1: write 20 %: write it like "
                                    "discrete(1 s 20 % or 5 s)"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        Law law = law_constant(SIMTIME_NS(77));
        char *why = NULL;
        g_assert_false(law_parse(bad[i][0], &law, &why));
        g_assert_cmpstr(why, ==, bad[i][1]);
        g_assert_cmpint(law.a.ns, ==, 77);
        g_free(why);
    }
}

static int compare_samples(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

typedef struct {
    const char *text;
    double mean, deviation, median, p95; /* in seconds; deviation of one sample */
} Shape;

/* Textbook values; a quantile is only asked where the law is continuous there. */
static const Shape shapes[] = {
    {"exponential(180 s)", 180, 180, 124.766, 539.232},
    {"uniform(60 s to 120 s)", 90, 17.3205, 90, 117},
    {"lognormal(median 45 s p95 90 s)", 49.1783, 21.68, 45, 90},
    {"erlang(2 of 10 s)", 10, 7.0711, 8.39173, 23.7193},
    {"hyperexponential(2 s 30 % or 10 s)", 7.6, 9.2, 4.14854, 26.3907},
    {"discrete(1 s 20 % or 5 s)", 4.2, 1.6, 0, 0},
    {"45 s", 45, 0, 45, 45},
};

enum { SAMPLES = 200000 };

/* Tolerances: 3.5 standard errors; of a quantile sqrt(q(1-q)/n)/density, taken generously as 1.5 %. */
static void check_shape(const Shape *shape, int64_t *samples) {
    Law law = parsed(shape->text);
    Stream stream = luck_stream((Luck){1, 0}, "law", shape->text);
    double sum = 0;
    for (uint64_t i = 0; i < SAMPLES; i++) {
        Draw draw = stream_draw(&stream, i);
        samples[i] = law_sample(&law, &draw).ns;
        g_assert_cmpint(samples[i], >=, 0);
        sum += (double)samples[i] * 1e-9;
    }
    g_assert_cmpfloat_with_epsilon(sum / SAMPLES, shape->mean, 3.5 * shape->deviation / sqrt(SAMPLES) + 1e-6);
    g_assert_cmpfloat_with_epsilon((double)law_mean(&law).ns * 1e-9, shape->mean, shape->mean * 1e-3);
    if (shape->median <= 0)
        return;
    qsort(samples, SAMPLES, sizeof *samples, compare_samples);
    g_assert_cmpfloat_with_epsilon((double)samples[SAMPLES / 2] * 1e-9, shape->median, 0.015 * shape->median);
    g_assert_cmpfloat_with_epsilon((double)samples[SAMPLES / 20 * 19] * 1e-9, shape->p95, 0.015 * shape->p95);
}

static void test_shapes(void) {
    int64_t *samples = g_new(int64_t, SAMPLES);
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_test_message("%s", shapes[i].text);
        check_shape(&shapes[i], samples);
    }
    g_free(samples);
}

static void test_exact(void) {
    Stream stream = luck_stream((Luck){1, 0}, "law", "exact");
    bool seen[3] = {false};
    for (uint64_t i = 0; i < 10000; i++) {
        Draw draw = stream_draw(&stream, i);
        Law law = parsed("uniform(3 ns to 5 ns)");
        int64_t sample = law_sample(&law, &draw).ns;
        g_assert_true(sample >= 3 && sample <= 5);
        seen[sample - 3] = true;
        law = parsed("discrete(1 s 20 % or 5 s)");
        sample = law_sample(&law, &draw).ns;
        g_assert_true(sample == SIMTIME_S(1).ns || sample == SIMTIME_S(5).ns);
        law = parsed("exponential(0 s)");
        g_assert_cmpint(law_sample(&law, &draw).ns, ==, 0);
        law = parsed("lognormal(median 7 s p95 7 s)");
        g_assert_cmpint(law_sample(&law, &draw).ns, ==, SIMTIME_S(7).ns);
    }
    g_assert_true(seen[0] && seen[1] && seen[2]); /* both ends belong to it */
    Law law = parsed("hyperexponential(2 s 30 % or 10 s)");
    g_assert_cmpint(law_mean(&law).ns, ==, SIMTIME_MS(7600).ns);
    law = parsed("uniform(1 ns to 2 ns)");
    g_assert_cmpint(law_mean(&law).ns, ==, 2);
    law = law_constant(SIMTIME_NEVER);
    g_assert_true(simtime_is_never(law_mean(&law)));
}

/* A scaled law's samples are the scaled samples, to the nanosecond (erlang and the others alike). */
static void test_scaled(void) {
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        Law law = parsed(shapes[i].text), slow = law_scaled(&law, 2500000000);
        Stream stream = luck_stream((Luck){1, 0}, "law", "scaled");
        for (uint64_t number = 0; number < 1000; number++) {
            Draw one = stream_draw(&stream, number), other = one;
            double expected = (double)law_sample(&law, &one).ns * 2.5, sample = (double)law_sample(&slow, &other).ns;
            g_assert_cmpfloat_with_epsilon(sample, expected, 3);
            g_assert_cmpuint(one.step, ==, other.step);
        }
    }
    Law never = law_constant(SIMTIME_NEVER), huge = law_exponential(SIMTIME_NS(INT64_MAX / 2));
    g_assert_true(simtime_is_never(law_scaled(&never, 1).a));
    g_assert_true(simtime_is_never(law_scaled(&huge, 3000000000).a));
}

/* Samples that would lie beyond the last instant are never, not garbage. */
static void test_saturates(void) {
    Law law = law_exponential(SIMTIME_NS(INT64_MAX - 1));
    Stream stream = luck_stream((Luck){1, 0}, "law", "saturates");
    int nevers = 0;
    for (uint64_t i = 0; i < 10000; i++) {
        Draw draw = stream_draw(&stream, i);
        SimTime sample = law_sample(&law, &draw);
        g_assert_cmpint(sample.ns, >=, 0);
        nevers += simtime_is_never(sample);
    }
    g_assert_cmpfloat_with_epsilon(nevers / 10000.0, exp(-1), 0.02);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/law/texts", test_texts);
    g_test_add_func("/base/law/bad", test_bad);
    g_test_add_func("/base/law/shapes", test_shapes);
    g_test_add_func("/base/law/exact", test_exact);
    g_test_add_func("/base/law/scaled", test_scaled);
    g_test_add_func("/base/law/saturates", test_saturates);
    return g_test_run();
}
