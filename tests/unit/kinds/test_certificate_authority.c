/* test_certificate_authority.c - how old certificates are, when they are renewed, and what a stopped renewal leaves. */
#include "tests/unit/kinds/fake.h"

extern const Kind kind_certificate_authority;

enum { HOLDERS = 400 };

typedef struct {
    Fake *fake;
    ComponentId authority;
    UnitId own, first; /* of the authority; of the holders */
} Town;

/* Holders that were there from the start, an hour's certificate, renewed at half of it. */
static Town town_new(uint64_t seed, const char *keys) {
    Town town = {.fake = fake_new(seed)};
    PlaceId zone = fake_place(town.fake, "us-east-1a");
    town.authority = fake_component(town.fake, "ca", &kind_certificate_authority, keys, zone);
    town.own = fake_unit(town.fake, town.authority, zone);
    ComponentId web = fake_component(town.fake, "web", &fake_plain, NULL, zone);
    for (uint32_t h = 0; h < HOLDERS; h++) {
        UnitId unit = fake_unit(town.fake, web, zone);
        town.first = h == 0 ? unit : town.first;
        fake_holder(town.fake, town.authority, unit);
    }
    fake_start(town.fake);
    return town;
}

#define HOUR "{lifetime: 1 h, renew_at: 50 %, jitter: 0 %, retry: 60 s}"

static SimTime minutes(double m) { return SIMTIME_NS((int64_t)(m * 60e9)); }

static SimTime good_until(Town *town, uint32_t holder, SimTime at) {
    return kind_certificate_authority.certifies(fake_ctx(town->fake, town->authority), town->first + holder, at);
}

static uint32_t expired(Town *town, SimTime at) {
    uint32_t count = 0;
    for (uint32_t h = 0; h < HOLDERS; h++)
        count += !simtime_before(at, good_until(town, h, at));
    return count;
}

static void stop(Town *town, bool stops) {
    Condition condition = CONDITION_HEALTHY;
    condition.issues = !stops;
    fake_bend(town->fake, town->own, condition);
}

/* While it works nothing runs out, however long one waits; each is always good for 30 to 60 minutes. */
static void test_renewed(void) {
    Town town = town_new(1, HOUR);
    for (int hour = 0; hour < 50; hour++) {
        SimTime at = minutes(60 * hour + 7);
        g_assert_cmpuint(expired(&town, at), ==, 0);
        for (uint32_t h = 0; h < HOLDERS; h++) {
            int64_t left = good_until(&town, h, at).ns - at.ns;
            g_assert_cmpint(left, >, minutes(30).ns - 10);
            g_assert_cmpint(left, <=, minutes(60).ns);
        }
    }
    g_assert_cmpuint(fake_timers(town.fake), ==, 0); /* and no event was needed */
    fake_free(town.fake);
}

/* Stopped at an hour and a half: none has run out half an hour later, all an hour later, and evenly in between. */
static void test_stopped(void) {
    Town town = town_new(2, HOUR);
    fake_advance(town.fake, minutes(90));
    stop(&town, true);
    g_assert_cmpuint(expired(&town, minutes(119.9)), ==, 0);
    g_assert_cmpuint(expired(&town, minutes(150)), ==, HOLDERS);
    for (int m = 3; m < 30; m += 3) {
        double share = (double)expired(&town, minutes(120 + m)) / HOLDERS, exact = m / 30.0;
        g_assert_cmpfloat(ABS(share - exact), <, 0.1); /* four standard deviations */
    }
    fake_free(town.fake);
}

/* Two thirds: from a third of the lifetime on. */
static void test_renewed_later(void) {
    Town town = town_new(3, "{lifetime: 1 h, renew_at: 66.6 %, jitter: 0 %}");
    stop(&town, true);
    g_assert_cmpuint(expired(&town, minutes(20)), ==, 0);
    double share = (double)expired(&town, minutes(40)) / HOLDERS;
    g_assert_cmpfloat(ABS(share - 0.5), <, 0.1);
    fake_free(town.fake);
}

/* A stop that ends before anything has run out is not felt, but who was overdue is renewed in a herd from then on; one
 * that lasts is over a minute after it ended. */
static void test_back(void) {
    Town town = town_new(4, HOUR);
    fake_advance(town.fake, minutes(90));
    stop(&town, true);
    fake_advance(town.fake, minutes(110));
    stop(&town, false);
    for (int m = 110; m < 300; m++)
        g_assert_cmpuint(expired(&town, minutes(m)), ==, 0);
    fake_advance(town.fake, minutes(300));
    stop(&town, true);
    fake_advance(town.fake, minutes(352));
    uint32_t before = expired(&town, minutes(352));
    stop(&town, false);
    g_assert_cmpuint(before, >, HOLDERS / 2);
    g_assert_cmpuint(expired(&town, minutes(352.5)), <, before);
    g_assert_cmpuint(expired(&town, minutes(352.5)), >, 0);
    g_assert_cmpuint(expired(&town, minutes(353)), ==, 0);
    g_assert_cmpuint(expired(&town, minutes(500)), ==, 0);
    fake_free(town.fake);
}

/* Down is stopped, too; and whoever has certificates renewed by a job of his own can lose that alone. */
static void test_down_and_own_job(void) {
    Town town = town_new(5, HOUR);
    fake_down(town.fake, town.own);
    g_assert_cmpuint(expired(&town, minutes(60)), ==, HOLDERS);
    fake_up(town.fake, town.own);
    Condition own = CONDITION_HEALTHY;
    own.issues = false;
    fake_bend(town.fake, town.first + 7, own);
    g_assert_cmpuint(expired(&town, minutes(70)), ==, 1);
    fake_free(town.fake);
}

/* Machines that start get one at once; those that start while nothing is issued have none until it is again. */
static void test_newcomers(void) {
    Town town = town_new(6, HOUR);
    fake_state(town.fake, town.first, UNIT_ABSENT);
    fake_state(town.fake, town.first + 1, UNIT_ABSENT);
    fake_advance(town.fake, minutes(10));
    fake_state(town.fake, town.first, UNIT_BOOTING);
    g_assert_cmpint(good_until(&town, 0, minutes(10)).ns, ==, minutes(70).ns);
    stop(&town, true);
    fake_state(town.fake, town.first + 1, UNIT_SERVING);
    g_assert_cmpuint(expired(&town, minutes(11)), ==, 1);
    stop(&town, false);
    g_assert_cmpuint(expired(&town, minutes(12)), ==, 0);
    fake_free(town.fake);
}

/* The root runs out: all at once, and good again when it is. */
static void test_root(void) {
    Town town = town_new(7, HOUR);
    Condition gone = CONDITION_HEALTHY;
    gone.trusted = false;
    fake_bend(town.fake, town.own, gone);
    g_assert_cmpuint(expired(&town, minutes(1)), ==, HOLDERS);
    fake_up(town.fake, town.own);
    g_assert_cmpuint(expired(&town, minutes(1)), ==, 0);
    fake_free(town.fake);
}

/* Jitter moves each renewal, never beyond its bounds, and the same for equal luck. */
static void test_jitter(void) {
    Town a = town_new(8, "{lifetime: 1 h, jitter: 5 %}"), b = town_new(8, "{lifetime: 1 h, jitter: 5 %}");
    bool differs = false;
    for (int m = 1; m < 600; m += 13)
        for (uint32_t h = 0; h < HOLDERS; h += 17) {
            SimTime until = good_until(&a, h, minutes(m));
            differs = differs || (until.ns - good_until(&a, h, minutes(1)).ns) % minutes(30).ns != 0;
            g_assert_cmpint(until.ns, ==, good_until(&b, h, minutes(m)).ns);
            g_assert_cmpint(until.ns - minutes(m).ns, >=, minutes(27).ns - 10);
            g_assert_cmpint(until.ns - minutes(m).ns, <=, minutes(60).ns);
        }
    g_assert_true(differs);
    fake_free(a.fake);
    fake_free(b.fake);
}

static void test_check(void) {
    char *said = fake_check(&kind_certificate_authority, "{renew_at: 95 %, jitter: 5 %}");
    g_assert_nonnull(strstr(said, "before it runs out"));
    g_free(said);
    said = fake_check(&kind_certificate_authority, "{renew_at: 95 %, jitter: 4 %}");
    g_assert_cmpstr(said, ==, "");
    g_free(said);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/certificate_authority/renewed", test_renewed);
    g_test_add_func("/certificate_authority/stopped", test_stopped);
    g_test_add_func("/certificate_authority/renewed-later", test_renewed_later);
    g_test_add_func("/certificate_authority/back", test_back);
    g_test_add_func("/certificate_authority/down-and-own-job", test_down_and_own_job);
    g_test_add_func("/certificate_authority/newcomers", test_newcomers);
    g_test_add_func("/certificate_authority/root", test_root);
    g_test_add_func("/certificate_authority/jitter", test_jitter);
    g_test_add_func("/certificate_authority/check", test_check);
    return g_test_run();
}
