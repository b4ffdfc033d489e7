/* test_pack.c - numbers and texts survive as bytes, and bytes that are none are found out. */
#include <string.h>

#include "base/histogram.h"
#include "base/pack.h"

static const uint64_t numbers[] = {0, 1, 127, 128, 16383, 16384, UINT64_C(1) << 62, UINT64_MAX - 1, UINT64_MAX};
static const int64_t signed_numbers[] = {0, -1, 1, 63, -64, 64, INT64_MAX, INT64_MIN, INT64_MIN + 1};
static const char *const texts[] = {NULL, "", "a", "failover", "ä \n \"quoted\""};

static GByteArray *packed(void) {
    GByteArray *out = g_byte_array_new();
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        pack_uint(out, numbers[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(signed_numbers); i++)
        pack_int(out, signed_numbers[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        pack_text(out, texts[i]);
    return out;
}

/* How many values came back as they were, when only `length` bytes are there. */
static size_t read_back(const GByteArray *bytes, guint length, bool *done) {
    Unpack from = {bytes->data, bytes->data + length, false};
    size_t good = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        good += unpack_uint(&from) == numbers[i] && !from.failed;
    for (size_t i = 0; i < G_N_ELEMENTS(signed_numbers); i++)
        good += unpack_int(&from) == signed_numbers[i] && !from.failed;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        char *text = unpack_text(&from);
        good += g_strcmp0(text, texts[i]) == 0 && (text == NULL) == (texts[i] == NULL) && !from.failed;
        g_free(text);
    }
    *done = unpack_done(&from);
    return good;
}

static void test_there_and_back(void) {
    GByteArray *bytes = packed();
    bool done;
    g_assert_cmpuint(read_back(bytes, bytes->len, &done), ==,
                     G_N_ELEMENTS(numbers) + G_N_ELEMENTS(signed_numbers) + G_N_ELEMENTS(texts));
    g_assert_true(done);
    g_byte_array_free(bytes, TRUE);
}

/* Cut anywhere, in memory of just that size: a tool that watches memory would see one byte read too many. */
static void test_cut_short(void) {
    GByteArray *bytes = packed();
    for (guint length = 0; length < bytes->len; length++) {
        GByteArray *some = g_byte_array_new_take(g_memdup2(bytes->data, length), length);
        bool done;
        g_assert_cmpuint(read_back(some, length, &done), <,
                         G_N_ELEMENTS(numbers) + G_N_ELEMENTS(signed_numbers) + G_N_ELEMENTS(texts));
        g_assert_false(done);
        g_byte_array_free(some, TRUE);
    }
    g_byte_array_free(bytes, TRUE);
}

static void test_too_long(void) {
    static const uint8_t eleven[] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1};
    static const uint8_t beyond[] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 2};
    Unpack from = {eleven, eleven + sizeof eleven, false};
    g_assert_cmpuint(unpack_uint(&from), ==, 0);
    g_assert_true(from.failed);
    from = (Unpack){beyond, beyond + sizeof beyond, false};
    unpack_uint(&from);
    g_assert_true(from.failed);
}

static Histogram *observations(guint32 seed, int count) {
    Histogram *histogram = histogram_new();
    GRand *luck = g_rand_new_with_seed(seed);
    for (int i = 0; i < count; i++) {
        int64_t value = (int64_t)g_rand_int(luck) << g_rand_int_range(luck, 0, 31);
        histogram_add_many(histogram, i % 50 ? value : INT64_MAX, (uint64_t)(1 + i % 3));
    }
    g_rand_free(luck);
    return histogram;
}

static void test_histogram(void) {
    for (int count = 0; count < 2000; count = count * 3 + 1) {
        Histogram *was = observations((guint32)count, count), *is = histogram_new();
        GByteArray *bytes = g_byte_array_new();
        histogram_pack(was, bytes);
        Unpack from = {bytes->data, bytes->data + bytes->len, false};
        g_assert_true(histogram_unpack(is, &from));
        g_assert_true(unpack_done(&from));
        g_assert_true(histogram_equal(was, is));
        from = (Unpack){bytes->data, bytes->data + bytes->len, false};
        g_assert_true(histogram_unpack(is, &from)); /* reading adds */
        histogram_merge(was, was);
        g_assert_true(histogram_equal(was, is));
        g_byte_array_free(bytes, TRUE);
        histogram_free(was);
        histogram_free(is);
    }
}

/* Whatever the bytes: no crash, and no bucket that does not exist. */
static void test_no_histogram(void) {
    GRand *luck = g_rand_new_with_seed(5);
    for (int i = 0; i < 20000; i++) {
        uint8_t bytes[40];
        for (size_t b = 0; b < sizeof bytes; b++)
            bytes[b] = (uint8_t)g_rand_int_range(luck, 0, 256);
        Histogram *histogram = histogram_new();
        Unpack from = {bytes, bytes + g_rand_int_range(luck, 0, sizeof bytes), false};
        histogram_unpack(histogram, &from);
        histogram_free(histogram);
    }
    g_rand_free(luck);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pack/there and back", test_there_and_back);
    g_test_add_func("/pack/cut short", test_cut_short);
    g_test_add_func("/pack/too long for a number", test_too_long);
    g_test_add_func("/pack/histogram", test_histogram);
    g_test_add_func("/pack/no histogram", test_no_histogram);
    return g_test_run();
}
