/* test_identity_provider.c - who has a good token while nobody can sign in: not who comes, but who came. */
#include "tests/unit/kinds/fake.h"

extern const Kind kind_identity_provider;

typedef struct {
    Fake *fake;
    ComponentId idp;
    UnitId own;
} Desk;

static Desk desk_new(const char *keys) {
    Desk desk = {.fake = fake_new(3)};
    desk.idp = fake_component(desk.fake, "idp", &kind_identity_provider, keys, fake_place(desk.fake, "edge"));
    desk.own = fake_unit(desk.fake, desk.idp, NO_PLACE);
    fake_start(desk.fake);
    return desk;
}

static SimTime minutes(int64_t m) { return SIMTIME_S(60 * m); }

static Token token(Desk *desk, uint64_t person, int64_t since, int64_t at) {
    Stream stream = luck_stream((Luck){1, 1}, "people", "session");
    Bearer bearer = {stream_draw(&stream, person), minutes(since), minutes(at)};
    return kind_identity_provider.signs_in(fake_ctx(desk->fake, desk->idp), &bearer);
}

/* Down from 60 to 120 min, an hour's token: who came at 30 is out from 90 to 120, and in again after it. */
static void test_outage(void) {
    Desk desk = desk_new("{lifetime: 1 h}");
    fake_advance(desk.fake, minutes(60));
    fake_down(desk.fake, desk.own);
    g_assert_false(token(&desk, 0, 60, 60).good); /* comes now */
    g_assert_true(token(&desk, 0, 59, 118).good); /* came just before */
    g_assert_true(token(&desk, 0, 30, 89).good);
    g_assert_false(token(&desk, 0, 30, 90).good);
    fake_advance(desk.fake, minutes(120));
    fake_up(desk.fake, desk.own);
    g_assert_false(token(&desk, 0, 30, 119).good); /* it was so */
    g_assert_true(token(&desk, 0, 30, 120).good);
    g_assert_true(token(&desk, 0, 70, 121).good); /* tried in vain, and then got in */
    g_assert_true(token(&desk, 0, 0, 600).good);
    fake_free(desk.fake);
}

static void stop_and_expire(bool issues, bool trusted, bool newcomer, bool inside) {
    Desk desk = desk_new("{lifetime: 1 h}");
    fake_advance(desk.fake, minutes(60));
    Condition condition = CONDITION_HEALTHY;
    condition.issues = issues;
    condition.trusted = trusted;
    fake_bend(desk.fake, desk.own, condition);
    g_assert_true(token(&desk, 0, 61, 61).good == newcomer);
    g_assert_true(token(&desk, 0, 50, 61).good == inside);
    fake_free(desk.fake);
}

/* Stopped it lets nobody in; when its own key has run out, nobody's token is worth anything. */
static void test_stopped_and_expired(void) {
    stop_and_expire(true, true, true, true);
    stop_and_expire(false, true, false, true);
    stop_and_expire(true, false, false, false);
}

/* Who holds a token from before can come in an outage, and of those the share falls evenly to none. */
static void test_held(void) {
    Desk desk = desk_new("{lifetime: 1 h, held: 100 %}");
    fake_advance(desk.fake, minutes(60));
    fake_down(desk.fake, desk.own);
    fake_advance(desk.fake, minutes(75));
    int in[3] = {0};
    for (uint64_t p = 0; p < 4000; p++) {
        in[0] += token(&desk, p, 60, 60).good;
        in[1] += token(&desk, p, 60, 75).good;
        in[2] += token(&desk, p, 60, 120).good;
    }
    int late = 0;
    for (uint64_t p = 0; p < 4000; p++)
        late += token(&desk, p, 75, 75).good; /* comes now: what he has was got before the outage */
    g_assert_cmpint(ABS(late - 3000), <, 120);
    g_assert_cmpint(in[0], ==, 4000);
    g_assert_cmpint(ABS(in[1] - 3000), <, 120); /* sd 27 */
    g_assert_cmpint(in[2], ==, 0);
    fake_free(desk.fake);
}

static void test_takes_time(void) {
    Desk desk = desk_new("{sign_in: 700 ms}"), held = desk_new("{sign_in: 700 ms, held: 100 %}");
    assert_ns(token(&desk, 0, 0, 0).took, SIMTIME_MS(700));
    assert_ns(token(&held, 0, 0, 0).took, SIMTIME_ZERO);
    fake_free(desk.fake);
    fake_free(held.fake);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/identity_provider/outage", test_outage);
    g_test_add_func("/identity_provider/stopped-and-expired", test_stopped_and_expired);
    g_test_add_func("/identity_provider/held", test_held);
    g_test_add_func("/identity_provider/takes-time", test_takes_time);
    return g_test_run();
}
