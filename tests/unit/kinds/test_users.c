/* test_users.c - resolvers that cache, users who retry, wait longer, give up and come back. */
#include <string.h>

#include "tests/unit/kinds/fake.h"

extern const Kind kind_users;

/* A name that means what the test says. */
typedef struct {
    NameAnswer answer;
    uint32_t asked;
    bool by_luck; /* the target is drawn from two */
} NameState;

static NameAnswer name_resolve(Ctx *cx, PlaceId from, Draw *luck) {
    NameState *state = cx->state;
    (void)from;
    state->asked++;
    NameAnswer answer = state->answer;
    if (state->by_luck)
        answer.target = (ComponentId)draw_below(luck, 2);
    return answer;
}

static void name_start(Ctx *cx) { ((NameState *)cx->state)->answer = (NameAnswer){true, 7, SIMTIME_S(60)}; }

static const Field no_fields[] = {FIELD_END};
static const Kind name_kind = {.name = "name",
                               .role = ROLE_NAME,
                               .fields = no_fields,
                               .state_size = sizeof(NameState),
                               .start = name_start,
                               .resolve = name_resolve};

typedef struct {
    Fake *fake;
    ComponentId users, name;
    NameState *means;
} Crowd;

static Crowd crowd_of(const Kind *name, const char *keys) {
    Crowd crowd = {.fake = fake_new(11)};
    PlaceId europe = fake_place(crowd.fake, "europe");
    crowd.users = fake_component(crowd.fake, "users", &kind_users, keys, europe);
    fake_unit(crowd.fake, crowd.users, NO_PLACE);
    crowd.name = fake_component(crowd.fake, "name", name, NULL, europe);
    fake_target(crowd.fake, crowd.users, crowd.name);
    fake_start(crowd.fake);
    crowd.means = fake_ctx(crowd.fake, crowd.name)->state;
    return crowd;
}

static Crowd crowd_new(const char *keys) { return crowd_of(&name_kind, keys); }

static Draw luck_of(uint64_t number) {
    Stream stream = luck_stream((Luck){5, 0}, "test", "session");
    return stream_draw(&stream, number);
}

static Session session_at(const Crowd *crowd, uint32_t resolver) {
    return (Session){.resolver = resolver,
                     .entry = NO_COMPONENT,
                     .node = NO_UNIT,
                     .instead_of = UINT32_MAX,
                     .first_try = fake_now(crowd->fake),
                     .ends = SIMTIME_NEVER};
}

/* What this resolver's client is told now. */
static ComponentId told(Crowd *crowd, uint32_t resolver) {
    Session session = session_at(crowd, resolver);
    Draw luck = luck_of(resolver);
    Visit visit = kind_users.resume(fake_ctx(crowd->fake, crowd->users), &session, &luck);
    g_assert_cmpint(visit.kind, ==, VISIT_SEND);
    assert_ns(visit.at, fake_now(crowd->fake));
    g_assert_cmpuint(session.node, ==, NO_UNIT);
    return session.entry;
}

/* ---- Resolvers ---- */

/* A name changes at time zero. Each cache runs out at its own instant, uniform over the TTL. */
static void test_residual_is_uniform(void) {
    Crowd crowd = crowd_new("{resolvers: 12000}");
    crowd.means->answer.target = 8;
    for (int64_t second = 0; second <= 60; second += 10) {
        int stale = 0;
        fake_advance(crowd.fake, SIMTIME_S(second));
        for (uint32_t r = 0; r < 12000; r++)
            stale += told(&crowd, r) == 7;
        g_assert_cmpint(ABS(stale - 12000 * (60 - second) / 60), <, second % 60 ? 230 : 1); /* sd at most 55 */
    }
    g_assert_cmpuint(fake_facts(crowd.fake, FACT_REFRESHED), ==, 12000);
    fake_free(crowd.fake);
}

/* An answer is kept for exactly its time to live, also when nobody asks in between. */
static void test_ttl(void) {
    Crowd crowd = crowd_new("{resolvers: 1}");
    fake_advance(crowd.fake, SIMTIME_S(100));
    g_assert_cmpuint(told(&crowd, 0), ==, 7);
    crowd.means->answer.target = 8;
    fake_advance(crowd.fake, SIMTIME_NS(160000000000 - 1));
    g_assert_cmpuint(told(&crowd, 0), ==, 7);
    g_assert_cmpuint(fake_facts(crowd.fake, FACT_REFRESHED), ==, 0); /* same meaning: nothing to report */
    fake_advance(crowd.fake, SIMTIME_S(160));
    g_assert_cmpuint(told(&crowd, 0), ==, 8);
    const Fact *fact = fake_fact(crowd.fake, FACT_REFRESHED, 0);
    assert_ns(fact->at, SIMTIME_S(160));
    g_assert_cmpuint(fact->other, ==, 8);
    g_assert_cmpint(fact->amount, ==, 0);
    fake_free(crowd.fake);
}

static void forever_start(Ctx *cx) { ((NameState *)cx->state)->answer = (NameAnswer){true, 7, SIMTIME_NEVER}; }

/* A component that is no name means itself, for ever; nobody has to ask twice. */
static void test_endless_ttl(void) {
    Kind forever = name_kind;
    forever.start = forever_start;
    Crowd crowd = crowd_of(&forever, "{resolvers: 100}");
    fake_advance(crowd.fake, SIMTIME_S(9000000000));
    for (uint32_t r = 0; r < 100; r++)
        g_assert_cmpuint(told(&crowd, r), ==, 7);
    g_assert_cmpuint(crowd.means->asked, ==, 100); /* as the run began */
    fake_free(crowd.fake);
}

/* No answer is not kept: each try asks again, and waits in between. */
static void test_no_answer(void) {
    Crowd crowd = crowd_new("{resolvers: 1}");
    fake_advance(crowd.fake, SIMTIME_S(100));
    crowd.means->answer.any = false;
    Session session = session_at(&crowd, 0);
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t asked = crowd.means->asked;
        Draw luck = luck_of(i);
        Visit visit = kind_users.resume(fake_ctx(crowd.fake, crowd.users), &session, &luck);
        g_assert_cmpint(visit.kind, ==, VISIT_WAIT);
        g_assert_cmpint(visit.cause, ==, CAUSE_NO_TARGET);
        g_assert_cmpuint(session.entry, ==, NO_COMPONENT);
        g_assert_cmpuint(crowd.means->asked, ==, asked + 1);
    }
    crowd.means->answer.any = true;
    g_assert_cmpuint(told(&crowd, 0), ==, 7);
    fake_free(crowd.fake);
}

/* What one resolver is told does not depend on whether others ask, too; and no two have the same luck. */
static void test_resolvers_apart(void) {
    ComponentId alone[40];
    for (uint32_t others = 0; others < 2; others++) {
        Crowd crowd = crowd_new("{resolvers: 10}");
        crowd.means->by_luck = true;
        uint32_t ones = 0, different = 0;
        for (int64_t i = 0; i < 40; i++) {
            ComponentId others_first = 0;
            fake_advance(crowd.fake, SIMTIME_S(100 * (i + 1)));
            if (others)
                others_first = told(&crowd, 0);
            for (uint32_t r = 1; others && r < 5; r++)
                told(&crowd, r);
            ComponentId target = told(&crowd, 5);
            if (others)
                g_assert_cmpuint(target, ==, alone[i]);
            alone[i] = target;
            ones += target;
            different += target != others_first;
        }
        g_assert_true(ones > 8 && ones < 32); /* each question is a new draw */
        g_assert_true(different > 8 && different < 32);
        fake_free(crowd.fake);
    }
}

static void test_no_name_at_all(void) {
    Fake *fake = fake_new(1);
    ComponentId users = fake_component(fake, "users", &kind_users, "{retries: 0}", fake_place(fake, "here"));
    fake_unit(fake, users, NO_PLACE);
    fake_start(fake);
    Session session = {.instead_of = UINT32_MAX, .entry = NO_COMPONENT, .node = NO_UNIT};
    Draw luck = luck_of(0);
    Visit visit = kind_users.first(fake_ctx(fake, users), &session, &luck);
    g_assert_cmpint(visit.kind, ==, VISIT_BREAK);
    g_assert_cmpint(visit.cause, ==, CAUSE_NO_TARGET);
    fake_free(fake);
}

/* ---- Sessions ---- */

static Visit first(Crowd *crowd, Session *session, uint64_t number) {
    Draw luck = luck_of(number);
    return kind_users.first(fake_ctx(crowd->fake, crowd->users), session, &luck);
}

static void test_first(void) {
    Crowd crowd = crowd_new("{resolvers: 4, lasting: exponential(100 s)}");
    int counts[4] = {0};
    double sum = 0;
    fake_advance(crowd.fake, SIMTIME_S(50));
    for (uint32_t s = 0; s < 40000; s++) {
        Session session = session_at(&crowd, 99);
        session.first_try = SIMTIME_ZERO;
        Visit visit = first(&crowd, &session, s);
        g_assert_cmpint(visit.kind, ==, VISIT_SEND);
        assert_ns(visit.at, SIMTIME_S(50));
        assert_ns(session.first_try, SIMTIME_S(50));
        g_assert_cmpuint(session.entry, ==, 7);
        counts[session.resolver]++;
        sum += (double)(session.ends.ns - 50000000000) / 1e9;
    }
    for (int r = 0; r < 4; r++)
        g_assert_cmpint(ABS(counts[r] - 10000), <, 400); /* sd 87 */
    g_assert_cmpfloat(ABS(sum / 40000 - 100), <, 2);     /* sd 0.5 */
    fake_free(crowd.fake);
}

/* Who comes back keeps his resolver and what was left of his time; with none left, he still asks once. */
static void test_comes_back_as_himself(void) {
    Crowd crowd = crowd_new("{resolvers: 40}");
    fake_advance(crowd.fake, SIMTIME_S(50));
    for (int late = 0; late < 2; late++) {
        Session session = session_at(&crowd, 33);
        session.instead_of = 5;
        session.ends = SIMTIME_S(late ? 20 : 80);
        g_assert_cmpint(first(&crowd, &session, 0).kind, ==, VISIT_SEND);
        g_assert_cmpuint(session.resolver, ==, 33);
        assert_ns(session.ends, SIMTIME_S(late ? 50 : 80));
    }
    fake_free(crowd.fake);
}

static Visit next(Crowd *crowd, Session *session, Cause cause, uint64_t number) {
    Answer answer = {cause == CAUSE_NONE, cause, fake_now(crowd->fake), 0, 0, 0};
    Draw luck = luck_of(number);
    return kind_users.next(fake_ctx(crowd->fake, crowd->users), session, &answer, &luck);
}

/* After a good answer: a pause, then the next request to the same address; or the end, when that comes first. */
static void test_goes_on_and_leaves(void) {
    Crowd crowd = crowd_new("{think: 10 s}");
    fake_advance(crowd.fake, SIMTIME_S(50));
    Session session = session_at(&crowd, 0);
    session.entry = 7;
    session.node = 3;
    session.attempt = 2;
    session.ends = SIMTIME_NS(60000000001);
    Visit visit = next(&crowd, &session, CAUSE_NONE, 0);
    g_assert_cmpint(visit.kind, ==, VISIT_SEND);
    assert_ns(visit.at, SIMTIME_S(60));
    assert_ns(session.first_try, SIMTIME_S(60));
    g_assert_cmpuint(session.attempt, ==, 0);
    g_assert_cmpuint(session.entry, ==, 7);
    g_assert_cmpuint(session.node, ==, 3);
    session.ends = SIMTIME_S(60); /* not before its end */
    visit = next(&crowd, &session, CAUSE_NONE, 0);
    g_assert_cmpint(visit.kind, ==, VISIT_LEAVE);
    assert_ns(visit.at, SIMTIME_S(60));
    session.ends = SIMTIME_S(40); /* the answer came after his time was over */
    visit = next(&crowd, &session, CAUSE_NONE, 0);
    g_assert_cmpint(visit.kind, ==, VISIT_LEAVE);
    assert_ns(visit.at, SIMTIME_S(50));
    fake_free(crowd.fake);
}

/* ---- Failures ---- */

/* Waits of 1, 2, 4 s, each drawn from half to all of it; then no more. */
static void test_retries(void) {
    Crowd crowd = crowd_new("{retries: 3, backoff: 1 s, patience: 1 h}");
    double sum[3] = {0}, least[3] = {9, 9, 9}, most[3] = {0};
    for (uint64_t s = 0; s < 10000; s++) {
        Session session = session_at(&crowd, 0);
        for (uint64_t k = 0; k < 3; k++) {
            Visit visit = next(&crowd, &session, CAUSE_SILENT, 4 * s + k);
            g_assert_cmpint(visit.kind, ==, VISIT_WAIT);
            g_assert_cmpint(visit.cause, ==, CAUSE_SILENT);
            g_assert_cmpuint(session.attempt, ==, k + 1);
            double wait = (double)visit.at.ns / 1e9 / (double)(1 << k);
            sum[k] += wait;
            least[k] = MIN(least[k], wait);
            most[k] = MAX(most[k], wait);
        }
        g_assert_cmpint(next(&crowd, &session, CAUSE_SILENT, 4 * s + 3).kind, ==, VISIT_BREAK);
    }
    for (int k = 0; k < 3; k++) {
        g_assert_cmpfloat(ABS(sum[k] / 10000 - 0.75), <, 0.006); /* sd 0.0014 */
        g_assert_cmpfloat(least[k], >=, 0.5);
        g_assert_cmpfloat(least[k], <, 0.502);
        g_assert_cmpfloat(most[k], >, 0.998);
        g_assert_cmpfloat(most[k], <=, 1.0);
    }
    fake_free(crowd.fake);
}

/* A failed request asks the resolver again, and takes whatever address that gives. */
static void test_retry_asks_again(void) {
    Crowd crowd = crowd_new("{resolvers: 1}");
    Session session = session_at(&crowd, 0);
    first(&crowd, &session, 0);
    session.node = 3;
    crowd.means->answer.target = 8;
    fake_advance(crowd.fake, SIMTIME_S(100));
    session.first_try = SIMTIME_S(99);
    g_assert_cmpint(next(&crowd, &session, CAUSE_REFUSED, 0).kind, ==, VISIT_WAIT);
    g_assert_cmpuint(session.entry, ==, 7);
    Draw luck = luck_of(0);
    kind_users.resume(fake_ctx(crowd.fake, crowd.users), &session, &luck);
    g_assert_cmpuint(session.entry, ==, 8);
    g_assert_cmpuint(session.node, ==, NO_UNIT);
    fake_free(crowd.fake);
}

/* Patience counts from the first attempt of the request to the start of the next: here a wait of 0.5 to 1 s at 9.4 s.
 */
static void test_patience(void) {
    Crowd crowd = crowd_new("{retries: 20, backoff: 1 s, patience: 10 s}");
    uint32_t gave_up = 0;
    fake_advance(crowd.fake, SIMTIME_MS(109400));
    for (uint64_t s = 0; s < 10000; s++) {
        Session session = session_at(&crowd, 0);
        session.first_try = SIMTIME_S(100);
        Visit visit = next(&crowd, &session, CAUSE_SLOW, s);
        gave_up += visit.kind == VISIT_BREAK;
        if (visit.kind == VISIT_BREAK)
            assert_ns(visit.at, SIMTIME_MS(109400)); /* not at the end of his patience: he knows it now */
        else
            g_assert_cmpint(visit.at.ns, <=, 110000000000);
    }
    g_assert_cmpint(ABS((int)gave_up - 8000), <, 160); /* 0.6 s and less are in time; sd 40 */
    fake_free(crowd.fake);
}

static void test_state_gone(void) {
    Crowd crowd = crowd_new("{retries: 20}");
    Session session = session_at(&crowd, 0);
    Visit visit = next(&crowd, &session, CAUSE_STATE_GONE, 0);
    g_assert_cmpint(visit.kind, ==, VISIT_BREAK);
    g_assert_cmpint(visit.cause, ==, CAUSE_STATE_GONE);
    fake_free(crowd.fake);
}

static void test_chance_to_come_back(void) {
    static const char *const keys[] = {"{retries: 0, comes_back: 0 %}", "{retries: 0, comes_back: 30 %}",
                                       "{retries: 0}"};
    static const int wanted[] = {0, 3000, 10000};
    for (int i = 0; i < 3; i++) {
        Crowd crowd = crowd_new(keys[i]);
        int again = 0;
        for (uint64_t s = 0; s < 10000; s++) {
            Session session = session_at(&crowd, 0);
            Visit visit = next(&crowd, &session, CAUSE_FULL, s);
            g_assert_cmpint(visit.kind, ==, VISIT_BREAK);
            g_assert_cmpint(visit.cause, ==, CAUSE_FULL);
            again += visit.again;
        }
        g_assert_cmpint(ABS(again - wanted[i]), <=, i == 1 ? 190 : 0); /* sd 46 */
        fake_free(crowd.fake);
    }
}

/* Twenty doublings of a long wait are longer than time itself: the user gives up, and nothing wraps around. */
static void test_endless_backoff(void) {
    Crowd crowd = crowd_new("{retries: 20, backoff: 20 d, patience: 200 y}");
    Session session = session_at(&crowd, 0);
    SimTime last = SIMTIME_ZERO;
    for (uint64_t k = 0;; k++) {
        Visit visit = next(&crowd, &session, CAUSE_SILENT, k);
        if (visit.kind == VISIT_BREAK)
            break;
        g_assert_cmpint(visit.at.ns, >, last.ns);
        last = visit.at;
    }
    g_assert_cmpuint(session.attempt, >, 10);
    fake_free(crowd.fake);
}

/* ---- Facts about the kind ---- */

static void test_hooks(void) {
    Fake *fake = fake_new(1);
    void *spec = fake_spec(fake, kind_users.fields, kind_users.spec_size,
                           "{timeout: 3 s, write_share: 20 %, hostile_share: 5 %, comes_back_after: 7 s}");
    assert_ns(kind_users.timeout(spec), SIMTIME_S(3));
    g_assert_cmpint(kind_users.write_share(spec), ==, 200000000);
    g_assert_cmpint(kind_users.hostile_share(spec), ==, 50000000);
    assert_ns(kind_users.returns_after(spec), SIMTIME_S(7));
    g_free(spec);
    fake_free(fake);
    char *text = fake_check(&kind_users, "{patience: 3 s, timeout: 4 s}");
    g_assert_nonnull(strstr(text, "patience is shorter than one timeout"));
    g_free(text);
    text = fake_check(&kind_users, NULL);
    g_assert_cmpstr(text, ==, "");
    g_free(text);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/users/residual-is-uniform", test_residual_is_uniform);
    g_test_add_func("/users/ttl", test_ttl);
    g_test_add_func("/users/endless-ttl", test_endless_ttl);
    g_test_add_func("/users/no-answer", test_no_answer);
    g_test_add_func("/users/resolvers-apart", test_resolvers_apart);
    g_test_add_func("/users/no-name-at-all", test_no_name_at_all);
    g_test_add_func("/users/first", test_first);
    g_test_add_func("/users/comes-back-as-himself", test_comes_back_as_himself);
    g_test_add_func("/users/goes-on-and-leaves", test_goes_on_and_leaves);
    g_test_add_func("/users/retries", test_retries);
    g_test_add_func("/users/retry-asks-again", test_retry_asks_again);
    g_test_add_func("/users/patience", test_patience);
    g_test_add_func("/users/state-gone", test_state_gone);
    g_test_add_func("/users/chance-to-come-back", test_chance_to_come_back);
    g_test_add_func("/users/endless-backoff", test_endless_backoff);
    g_test_add_func("/users/hooks", test_hooks);
    return g_test_run();
}
