/* test_luck.c - draws are known answers of Threefry, streams do not touch each other, and the laws' shapes are right.
 */
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/luck.h"
#include "base/luck_inline.h"

/* Of 100,000 draws of each sort. The same under every compiler and every level of optimisation; see test_golden. */
static const char golden[] = "c117e9b4439d0a4c49c9c2fb2de3bebb";

static void test_known_answers(void) {
    /* Random123's kat_vectors, threefry2x64 with 13 rounds: counter, key, first word of the result. */
    static const uint64_t vectors[][5] = {
        {0, 0, 0, 0, UINT64_C(0xf167b032c3b480bd)},
        {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_C(0xccdec5c917a874b1)},
        {UINT64_C(0x243f6a8885a308d3), UINT64_C(0x13198a2e03707344), UINT64_C(0xa4093822299f31d0),
         UINT64_C(0x082efa98ec4e6c89), UINT64_C(0xc3aac71561042993)},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(vectors); i++) {
        Draw draw = {{vectors[i][2], vectors[i][3]}, vectors[i][0], vectors[i][1]};
        g_assert_cmpuint(draw_bits(&draw), ==, vectors[i][4]);
        g_assert_cmpuint(draw.step, ==, vectors[i][1] + 1);
    }
}

static void check_streams_differ(Stream a, Stream b) { g_assert_true(a.key[0] != b.key[0] && a.key[1] != b.key[1]); }

static void test_names(void) {
    Luck luck = {42, 7};
    Stream web = luck_stream(luck, "site[us-east-1].web", "service");
    Stream again = luck_stream(luck, "site[us-east-1].web", "service");
    g_assert_cmpint(memcmp(&web, &again, sizeof web), ==, 0);
    check_streams_differ(web, luck_stream(luck, "site[us-east-1].web", "boot"));
    check_streams_differ(web, luck_stream(luck, "site[us-east-2].web", "service"));
    check_streams_differ(web, luck_stream((Luck){42, 8}, "site[us-east-1].web", "service"));
    check_streams_differ(web, luck_stream((Luck){43, 7}, "site[us-east-1].web", "service"));
    check_streams_differ(luck_stream(luck, "ab", "c"), luck_stream(luck, "a", "bc"));
    check_streams_differ(luck_stream(luck, "", "x"), luck_stream(luck, "x", ""));
    check_streams_differ(luck_stream(luck, "eightlet", "x"), luck_stream(luck, "eightlet\x01", "x"));
    check_streams_differ(luck_stream(luck, "sixteen letters.", "x"), luck_stream(luck, "sixteen letters.x", ""));
}

/* A draw is a function of its number alone: any order, any company. */
static void test_draws_are_apart(void) {
    Stream stream = luck_stream((Luck){1, 0}, "web", "service");
    uint64_t forwards[100];
    for (uint64_t i = 0; i < 100; i++) {
        Draw draw = stream_draw(&stream, i);
        forwards[i] = draw_bits(&draw);
    }
    for (uint64_t i = 100; i-- > 0;) {
        Draw draw = stream_draw(&stream, i);
        g_assert_cmpuint(draw_bits(&draw), ==, forwards[i]);
        draw_normal(&draw);
    }
}

static void test_inline_is_the_same(void) {
    Stream stream = luck_stream((Luck){1, 0}, "web", "inline");
    Draw called = stream_draw(&stream, 0), inlined = called;
    for (int i = 0; i < 10000; i++) {
        double x = draw_exponential(&called), y = draw_exponential_inline(&inlined);
        g_assert_cmpint(memcmp(&x, &y, sizeof x), ==, 0);
    }
    g_assert_cmpuint(draw_bits(&called), ==, draw_bits_inline(&inlined));
}

static void test_below(void) {
    Stream stream = luck_stream((Luck){1, 0}, "luck", "below");
    Draw draw = stream_draw(&stream, 0);
    enum { SIDES = 6, THROWS = 600000 };
    uint64_t counts[SIDES] = {0};
    for (int i = 0; i < THROWS; i++)
        counts[draw_below(&draw, SIDES)]++;
    double chi_square = 0;
    for (int side = 0; side < SIDES; side++)
        chi_square += pow((double)counts[side] - (double)THROWS / SIDES, 2) / ((double)THROWS / SIDES);
    g_assert_cmpfloat(chi_square, <, 20.5); /* 99.9 % of chi-square with 5 degrees */
    for (int i = 0; i < 1000; i++)
        g_assert_cmpuint(draw_below(&draw, 1), ==, 0);
    /* Three quarters of the range: without rejection every third result would be twice as likely as the others. */
    uint64_t bound = UINT64_C(3) << 62, thirds[3] = {0};
    for (int i = 0; i < 30000; i++) {
        uint64_t result = draw_below(&draw, bound);
        g_assert_cmpuint(result, <, bound);
        thirds[result % 3]++;
    }
    for (int i = 0; i < 3; i++)
        g_assert_cmpfloat_with_epsilon((double)thirds[i], 10000, 3.3 * sqrt(30000 * 2.0 / 9));
}

static void test_chance(void) {
    Stream stream = luck_stream((Luck){1, 0}, "luck", "chance");
    Draw draw = stream_draw(&stream, 0);
    int hits = 0;
    for (int i = 0; i < 1000000; i++) {
        g_assert_false(draw_chance(&draw, 0));
        g_assert_true(draw_chance(&draw, 1000000000));
        hits += draw_chance(&draw, 250000000);
    }
    g_assert_cmpfloat_with_epsilon(hits / 1e6, 0.25, 3.3 * sqrt(0.25 * 0.75 / 1e6));
    g_assert_cmpuint(draw.step, >=, 3000000);
}

static int compare_doubles(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The largest distance between the empirical and the true distribution function, times sqrt(n): 1.95 at 0.1 %. */
static double kolmogorov(double *samples, int n, double (*cdf)(double)) {
    qsort(samples, (size_t)n, sizeof *samples, compare_doubles);
    double largest = 0;
    for (int i = 0; i < n; i++) {
        double truth = cdf(samples[i]);
        largest = fmax(largest, fmax(fabs(truth - (double)i / n), fabs(truth - (double)(i + 1) / n)));
    }
    return largest * sqrt(n);
}

static double unit_cdf(double x) { return x; }

static double exponential_cdf(double x) { return -expm1(-x); }

static double normal_cdf(double x) { return 0.5 * erfc(-x / sqrt(2)); }

static void check_shape(const char *name, double (*sample)(Draw *draw), double (*cdf)(double)) {
    enum { SAMPLES = 1000000 };
    Stream stream = luck_stream((Luck){1, 0}, "luck", name);
    double *samples = g_new(double, SAMPLES);
    for (uint64_t i = 0; i < SAMPLES; i++) {
        Draw draw = stream_draw(&stream, i);
        samples[i] = sample(&draw);
    }
    double distance = kolmogorov(samples, SAMPLES, cdf);
    g_test_message("%s: Kolmogorov distance %.3f", name, distance);
    g_assert_cmpfloat(distance, <, 1.95);
    g_free(samples);
}

static void test_shapes(void) {
    check_shape("unit", draw_unit, unit_cdf);
    check_shape("exponential", draw_exponential, exponential_cdf);
    check_shape("normal", draw_normal, normal_cdf);
}

/* Tails: as many samples beyond a far point as there should be (within 3.3 standard deviations). */
static void test_tails(void) {
    Stream stream = luck_stream((Luck){1, 0}, "luck", "tails");
    Draw draw = stream_draw(&stream, 0);
    enum { SAMPLES = 4000000 };
    int beyond_8 = 0, beyond_4 = 0, below_4 = 0;
    for (int i = 0; i < SAMPLES; i++) {
        beyond_8 += draw_exponential(&draw) > 8;
        double z = draw_normal(&draw);
        beyond_4 += z > 3.8;
        below_4 += z < -3.8;
    }
    double expected = SAMPLES * exp(-8), tail = SAMPLES * normal_cdf(-3.8);
    g_assert_cmpfloat_with_epsilon(beyond_8, expected, 3.3 * sqrt(expected));
    g_assert_cmpfloat_with_epsilon(beyond_4, tail, 3.3 * sqrt(tail));
    g_assert_cmpfloat_with_epsilon(below_4, tail, 3.3 * sqrt(tail));
}

static void add_double(Digest *digest, double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    digest_word(digest, bits);
}

static void test_golden(void) {
    Digest digest;
    digest_init(&digest);
    Stream stream = luck_stream((Luck){42, 0}, "golden", "samples");
    for (uint64_t i = 0; i < 100000; i++) {
        Draw draw = stream_draw(&stream, i);
        digest_word(&digest, draw_bits(&draw));
        add_double(&digest, draw_unit(&draw));
        digest_word(&digest, draw_below(&draw, 1000003));
        digest_word(&digest, draw_chance(&draw, 123456789));
        add_double(&digest, draw_exponential(&draw));
        add_double(&digest, draw_normal(&draw));
    }
    char *text = digest_text(&digest);
    g_assert_cmpstr(text, ==, golden);
    g_free(text);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/luck/known-answers", test_known_answers);
    g_test_add_func("/base/luck/names", test_names);
    g_test_add_func("/base/luck/draws-are-apart", test_draws_are_apart);
    g_test_add_func("/base/luck/inline-is-the-same", test_inline_is_the_same);
    g_test_add_func("/base/luck/below", test_below);
    g_test_add_func("/base/luck/chance", test_chance);
    g_test_add_func("/base/luck/shapes", test_shapes);
    g_test_add_func("/base/luck/tails", test_tails);
    g_test_add_func("/base/luck/golden", test_golden);
    return g_test_run();
}
