/* test_digest.c - every changed word changes the digest, and so does their order. */
#include <glib.h>
#include <string.h>

#include "base/digest.h"

static void check_differ(const Digest *a, const Digest *b) {
    char *x = digest_text(a), *y = digest_text(b);
    g_assert_cmpuint(strlen(x), ==, 32);
    g_assert_cmpstr(x, !=, y);
    g_assert_cmpint(strncmp(x, y, 16), !=, 0); /* each lane by itself */
    g_assert_cmpint(strncmp(x + 16, y + 16, 16), !=, 0);
    g_free(x);
    g_free(y);
}

static Digest of_words(uint64_t a, uint64_t b, int count) {
    Digest digest;
    digest_init(&digest);
    if (count > 0)
        digest_word(&digest, a);
    if (count > 1)
        digest_word(&digest, b);
    return digest;
}

static void test_words(void) {
    Digest none = of_words(0, 0, 0), zero = of_words(0, 0, 1), zeros = of_words(0, 0, 2);
    check_differ(&none, &zero);
    check_differ(&zero, &zeros);
    Digest ab = of_words(1, 2, 2), ba = of_words(2, 1, 2);
    check_differ(&ab, &ba);
    for (int bit = 0; bit < 64; bit++) {
        Digest flipped = of_words(UINT64_C(1) << bit, 0, 2), later = of_words(0, UINT64_C(1) << bit, 2);
        check_differ(&zeros, &flipped);
        check_differ(&zeros, &later);
        check_differ(&flipped, &later);
    }
}

/* Reading the digest does not disturb it. */
static void test_running(void) {
    Digest a = of_words(1, 0, 1), b = of_words(1, 2, 2);
    g_free(digest_text(&a));
    digest_word(&a, 2);
    char *x = digest_text(&a), *y = digest_text(&b);
    g_assert_cmpstr(x, ==, y);
    g_free(x);
    g_free(y);
}

static Digest of_text(const char *text, size_t length) {
    Digest digest;
    digest_init(&digest);
    digest_bytes(&digest, text, length);
    return digest;
}

static void test_bytes(void) {
    Digest a = of_text("12345678", 8), b = of_text("12345678\0", 9), c = of_text("", 0), d = of_text("\0", 1);
    check_differ(&a, &b);
    check_differ(&c, &d);
    char *text = digest_text(&a);
    g_assert_cmpstr(text, ==, "b2eb89fc63dd75cbe3d3c8dbeefd875a");
    g_free(text);
}

/* FIPS 180-4's examples. */
static void test_sha256(void) {
    char *hex = digest_sha256("abc", 3);
    g_assert_cmpstr(hex, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    g_free(hex);
    hex = digest_sha256(NULL, 0);
    g_assert_cmpstr(hex, ==, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    g_free(hex);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/digest/words", test_words);
    g_test_add_func("/base/digest/running", test_running);
    g_test_add_func("/base/digest/bytes", test_bytes);
    g_test_add_func("/base/digest/sha256", test_sha256);
    return g_test_run();
}
