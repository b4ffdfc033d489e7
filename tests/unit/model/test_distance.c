/* test_distance.c - great circles against libm, and the round trips of the table. */
#include <math.h>

#include "fixture.h"
#include "model/distance.h"

static double reference(double a, double b, double c, double d) {
    const double radian = acos(-1) / 180;
    double north = sin((c - a) * radian / 2), east = sin((d - b) * radian / 2);
    return 2 * 6371008.8 * asin(sqrt(fmin(1, north * north + cos(a * radian) * cos(c * radian) * east * east)));
}

static void test_metres(void) {
    GRand *luck = g_rand_new_with_seed(1);
    for (int i = 0; i < 20000; i++) {
        double a = g_rand_double_range(luck, -90, 90), b = g_rand_double_range(luck, -180, 180);
        double c = g_rand_double_range(luck, -90, 90), d = g_rand_double_range(luck, -180, 180);
        double metres = distance_metres(a, b, c, d);
        g_assert_cmpfloat_with_epsilon(metres, reference(a, b, c, d), 1e-3);
        g_assert_true(metres == distance_metres(c, d, a, b)); /* to the bit */
    }
    g_rand_free(luck);
    g_assert_true(distance_metres(12.5, 7.25, 12.5, 7.25) == 0);
    g_assert_cmpfloat_with_epsilon(distance_metres(90, 0, -90, 0), acos(-1) * 6371008.8, 1e-3);
    g_assert_cmpfloat_with_epsilon(distance_metres(0, 179.5, 0, -179.5), acos(-1) / 180 * 6371008.8, 1e-3);
}

static int64_t micros(const Model *model, const char *a, const char *b) {
    PlaceId x = place_id(model, a), y = place_id(model, b);
    SimTime there = model_one_way(model, x, y);
    g_assert_cmpint(there.ns, ==, model_one_way(model, y, x).ns);
    return 2 * there.ns / 1000; /* round trip */
}

static void test_table(void) {
    char *text =
        text_with(sample_pattern, "[us-east-1, eu-west-1]", "[us-east-1, eu-west-1, us-west-2, ap-southeast-2]");
    Reading reading;
    reading_init_good(&reading, text, NULL, NULL);
    const Model *model = reading.model;
    g_assert_cmpint(micros(model, "aws/main/us-east-1", "aws/main/us-west-2"), ==, 62000);
    g_assert_cmpint(micros(model, "aws/main/us-east-1", "aws/main/eu-west-1"), ==, 70000);
    g_assert_cmpint(micros(model, "aws/main/us-east-1", "aws/main/ap-southeast-2"), ==, 200000);
    g_assert_cmpint(micros(model, "aws/main/us-east-1/us-east-1a", "aws/main/us-east-1/us-east-1a"), ==, 200);
    g_assert_cmpint(micros(model, "aws/main/us-east-1/us-east-1a", "aws/main/us-east-1/us-east-1b"), ==, 1000);
    /* A subnet is in its zone; zones are where their region is. */
    g_assert_cmpint(micros(model, "aws/main/us-east-1/us-east-1a/site[us-east-1].app.a",
                           "aws/main/us-west-2/us-west-2b/site[us-west-2].data.b"),
                    ==, 62000);
    /* Great circle / (2/3 c) x 2 x 1.5 + 2 ms, and the last mile for users. */
    double metres = reference(53.35, -6.26, 45.84, -119.70);
    int64_t formula = (int64_t)(metres * 2 * 1.5 / (299792458.0 * 0.666666667) * 1e6 + 2000 + 0.5);
    g_assert_cmpint(ABS(micros(model, "aws/main/eu-west-1", "aws/main/us-west-2") - formula), <=, 1);
    metres = reference(50.11, 8.68, 53.35, -6.26);
    formula = (int64_t)(metres * 2 * 1.5 / (299792458.0 * 0.666666667) * 1e6 + 12000 + 0.5);
    g_assert_cmpint(ABS(micros(model, "europe", "aws/main/eu-west-1") - formula), <=, 1);
    /* The provider's edge is near everybody. */
    g_assert_cmpint(micros(model, "europe", "aws"), ==, 10000);
    g_assert_cmpint(micros(model, "aws", "aws/main/eu-west-1"), ==, 0);
    reading_clear(&reading);
    g_free(text);
}

static void test_overrides(void) {
    char *text = g_strconcat(
        sample_pattern,
        "network: {zone_to_zone: 3 ms, round_trips: [{from: us-east-1, to: eu-west-1, round_trip: 99 ms}]}\n", NULL);
    Reading reading;
    reading_init_good(&reading, text, NULL, NULL);
    g_assert_cmpuint(reading.model->network.trip_count, ==, 1);
    g_assert_cmpint(micros(reading.model, "aws/main/us-east-1", "aws/main/eu-west-1"), ==, 99000);
    g_assert_cmpint(micros(reading.model, "aws/main/us-east-1/us-east-1a", "aws/main/us-east-1/us-east-1b"), ==, 3000);
    reading_clear(&reading);
    g_free(text);
}

/* Coordinates move only what is computed from them. */
static void test_own_place(void) {
    char *own = text_with(sample_pattern, "from: europe", "from: hq");
    char *text = g_strconcat(own, "places: {hq: {latitude: 53.35, longitude: -6.26}}\n", NULL);
    Reading reading;
    reading_init_good(&reading, text, NULL, NULL);
    g_assert_cmpint(micros(reading.model, "hq", "aws/main/eu-west-1"), ==, 12000);
    reading_clear(&reading);
    g_free(text);
    g_free(own);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/distance/metres", test_metres);
    g_test_add_func("/model/distance/table", test_table);
    g_test_add_func("/model/distance/overrides", test_overrides);
    g_test_add_func("/model/distance/own-place", test_own_place);
    return g_test_run();
}
