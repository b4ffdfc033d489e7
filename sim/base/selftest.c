/* selftest.c - known answers of the arithmetic that every result rests on. */
#include "base/selftest.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "base/digest.h"
#include "base/law.h"
#include "base/luck.h"
#include "base/quantity.h"
#include "base/xmath.h"

/* Of 10,000 samples of each law below; changes only when the language of luck itself is changed on purpose, which
 * changes every committed golden result. */
#define SAMPLES_DIGEST "aebcaa221f84db44cc2bbb13ffe678f0"

static bool same_bits(double x, double y) { return memcmp(&x, &y, sizeof x) == 0; }

/* Neither fused multiply-add, nor extended precision, nor flushing of the smallest numbers. */
static bool check_arithmetic(void) {
    volatile double a = 1 + 0x1p-30, b = 1 - 0x1p-30, minus_one = -1, tiny = 0x1p-1060, half = 0.5, one = 1, third = 3;
    return same_bits(a * b + minus_one, 0) && tiny * half > 0 && same_bits(one / third, 0x1.5555555555555p-2);
}

/* The vectors "threefry2x64 13" of Random123's file kat_vectors; a draw gives the first word of each. */
static bool check_threefry(void) {
    static const struct {
        Draw draw;
        uint64_t first;
    } vectors[] = {
        {{{0, 0}, 0, 0}, UINT64_C(0xf167b032c3b480bd)},
        {{{UINT64_MAX, UINT64_MAX}, UINT64_MAX, UINT64_MAX}, UINT64_C(0xccdec5c917a874b1)},
        {{{UINT64_C(0xa4093822299f31d0), UINT64_C(0x082efa98ec4e6c89)},
          UINT64_C(0x243f6a8885a308d3),
          UINT64_C(0x13198a2e03707344)},
         UINT64_C(0xc3aac71561042993)},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(vectors); i++) {
        Draw draw = vectors[i].draw;
        if (draw_bits(&draw) != vectors[i].first)
            return false;
    }
    return true;
}

static bool check_logarithm(void) {
    return same_bits(xmath_log(1), 0) && same_bits(xmath_log(2), 0x1.62e42fefa39efp-1) &&
           same_bits(xmath_log(10), 0x1.26bb1bbb55516p+1) && same_bits(xmath_exp(0), 1) &&
           same_bits(xmath_exp(1), 0x1.5bf0a8b145769p+1) && same_bits(xmath_exp(-20), 0x1.1b48655f37267p-29);
}

static bool check_samples(void) {
    static const char *const laws[] = {
        "45 s",
        "exponential(180 s)",
        "uniform(60 s to 120 s)",
        "lognormal(median 45 s p95 90 s)",
        "erlang(2 of 10 s)",
        "hyperexponential(2 s 30 % or 10 s)",
        "discrete(1 s 20 % or 5 s)",
    };
    Digest digest;
    digest_init(&digest);
    for (size_t i = 0; i < G_N_ELEMENTS(laws); i++) {
        Law law;
        char *why = NULL;
        if (!law_parse(laws[i], &law, &why))
            return false;
        Stream stream = luck_stream((Luck){42, i}, "self test", laws[i]);
        for (uint64_t number = 0; number < 10000; number++) {
            Draw draw = stream_draw(&stream, number);
            digest_word(&digest, (uint64_t)law_sample(&law, &draw).ns);
        }
    }
    char *text = digest_text(&digest);
    bool same = strcmp(text, SAMPLES_DIGEST) == 0;
    g_free(text);
    return same;
}

static bool check_quantities(void) {
    int64_t time = 0, share = 0;
    char *why = NULL;
    bool read = quantity_parse("1.5 h", UNIT_TIME, &time, &why) && quantity_parse("99.95 %", UNIT_SHARE, &share, &why);
    bool refused = !quantity_parse("1e3 s", UNIT_TIME, &time, &why);
    g_free(why);
    return read && refused && time == INT64_C(5400000000000) && share == 999500000;
}

/* Bytes are words in one order, whatever the machine's. */
static bool check_digests(void) {
    Digest digest;
    digest_init(&digest);
    digest_bytes(&digest, "byte order", strlen("byte order"));
    char *running = digest_text(&digest), *sha256 = digest_sha256("abc", 3);
    bool same = strcmp(running, "48ddcb65abea1f0e26bd10c09539b4ec") == 0 &&
                strcmp(sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad") == 0;
    g_free(running);
    g_free(sha256);
    return same;
}

const char *selftest_run(void) {
    static const struct {
        const char *name;
        bool (*check)(void);
    } checks[] = {
        {"floating-point arithmetic", check_arithmetic},
        {"random numbers (Threefry)", check_threefry},
        {"logarithm and exponential", check_logarithm},
        {"samples of the laws", check_samples},
        {"quantities", check_quantities},
        {"digests", check_digests},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(checks); i++) {
        if (!checks[i].check())
            return checks[i].name;
    }
    return NULL;
}
