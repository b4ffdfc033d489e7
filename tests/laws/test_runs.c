/* test_runs.c - what holds in every run, whatever happens in it; timelines are drawn by lot (chaos.h).
 *
 * That executed = scheduled - cancelled - pending, and that each population's ledger balances, the world checks itself
 * at the end of every run; here the ledger is checked against the facts. */
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "tests/laws/chaos.h"
#include "tests/theory/play.h"

#define SITE "tests/laws/site.yaml"
enum { LOTS = 12, EVENTS = 12, FROM_S = 300, TO_S = 1500, HEALED_S = 3600 };

/* Laws that draw, so that luck has a part in everything. */
static const char *const drawn[] = {"run.until=70 min",
                                    "service=exponential(30 ms)",
                                    "think=exponential(7 s)",
                                    "lasting=exponential(100 s)",
                                    "boot=lognormal(median 45 s p95 90 s)",
                                    "promotion=uniform(50 s to 100 s)",
                                    "detect=uniform(10 s to 20 s)",
                                    "lag=lognormal(median 500 ms p95 1 s)",
                                    "load={kind: poisson, rate: 2/s, enter: visit}",
                                    NULL};

static Play *play_chaos(uint64_t lot) {
    char **events = chaos_events(lot, EVENTS, FROM_S, TO_S, 1);
    Play *play = play_new(SITE, drawn, (const char *const *)events);
    g_strfreev(events);
    return play;
}

/* ---- the ledger ---- */

typedef enum { UNKNOWN, LIVE, ENDED, REPLACED } Fate;

typedef struct {
    const Model *model;
    GArray *fates; /* of the one population's sessions, by serial */
    GArray *established;
    PopulationLedger ledger;
} Book;

static uint8_t *fate_of(Book *book, uint32_t serial) {
    if (serial >= book->fates->len) {
        g_array_set_size(book->fates, serial + 1);
        g_array_set_size(book->established, serial + 1);
    }
    return &g_array_index(book->fates, uint8_t, serial);
}

static void see_arrival(Book *book, const Fact *fact) {
    uint8_t *fate = fate_of(book, fact->subject);
    g_assert_cmpint(*fate, ==, UNKNOWN);
    *fate = LIVE;
    book->ledger.arrived++;
    if (fact->other == UINT32_MAX)
        return;
    fate = fate_of(book, fact->other); /* replaces one that broke, and only one does */
    g_assert_cmpint(*fate, ==, ENDED);
    *fate = REPLACED;
}

static void see_session(void *user, const Fact *fact) {
    Book *book = user;
    if (fact->kind == FACT_ARRIVED) {
        see_arrival(book, fact);
        return;
    }
    uint8_t *fate = fate_of(book, fact->subject),
            *established = &g_array_index(book->established, uint8_t, fact->subject);
    g_assert_cmpint(*fate, ==, LIVE); /* nothing happens to who is gone */
    if (fact->kind == FACT_ESTABLISHED)
        g_assert_cmpint((*established)++, ==, 0);
    if (fact->kind == FACT_SERVED)
        g_assert_cmpint(*established, ==, 1);
    if (fact->kind == FACT_BROKEN || fact->kind == FACT_FAILED) {
        g_assert_cmpint(fact->cause, !=, CAUSE_NONE);
        g_assert_cmpint((fact->flags & BROKEN_ESTABLISHED) != 0, ==, *established);
    }
    if (fact->kind != FACT_COMPLETED && fact->kind != FACT_BROKEN)
        return;
    *fate = ENDED;
    book->ledger.completed += fact->kind == FACT_COMPLETED;
    book->ledger.broken += fact->kind == FACT_BROKEN;
}

#define SESSION_FACTS                                                                                         \
    (FACT_BIT(FACT_ARRIVED) | FACT_BIT(FACT_ESTABLISHED) | FACT_BIT(FACT_COMPLETED) | FACT_BIT(FACT_BROKEN) | \
     FACT_BIT(FACT_SERVED) | FACT_BIT(FACT_FAILED))

static void test_ledger(void) {
    uint64_t broken = 0;
    for (uint64_t lot = 1; lot <= LOTS; lot++) {
        Play *play = play_chaos(lot);
        Book book = {play->model, g_array_new(FALSE, TRUE, 1), g_array_new(FALSE, TRUE, 1), {0}};
        play_run(play, (Luck){lot, 0}, SESSION_FACTS, see_session, &book);
        PopulationLedger ledger = world_ledger(play->world, play_component(play, "visitors"));
        uint64_t live = 0;
        for (guint i = 0; i < book.fates->len; i++)
            live += g_array_index(book.fates, uint8_t, i) == LIVE;
        g_test_message("lot %d: %d arrived, %d completed, %d broken, %d active", (int)lot, (int)ledger.arrived,
                       (int)ledger.completed, (int)ledger.broken, (int)ledger.active);
        g_assert_cmpuint(ledger.arrived, ==, book.ledger.arrived);
        g_assert_cmpuint(ledger.completed, ==, book.ledger.completed);
        g_assert_cmpuint(ledger.broken, ==, book.ledger.broken);
        g_assert_cmpuint(ledger.active, ==, live);
        broken += ledger.broken;
        g_array_unref(book.fates);
        g_array_unref(book.established);
        play_free(play);
    }
    g_assert_cmpuint(broken, >, 0);
}

/* ---- the same again ---- */

static GPtrArray *lines_of(Play *play, Luck luck, uint64_t *digest) {
    GArray *facts = play_record(play, luck, ALL_FACTS);
    GPtrArray *lines = fact_lines(play->model, facts, NULL);
    g_array_unref(facts);
    *digest = world_digest(play->world);
    return lines;
}

/* In the same world after another replication, in another world, after another reading; observed or not. */
static void test_again(void) {
    Play *play = play_chaos(3), *other = play_chaos(3);
    uint64_t first, again, elsewhere, unseen;
    GPtrArray *a = lines_of(play, (Luck){5, 2}, &first);
    play_run(play, (Luck){5, 3}, 0, NULL, NULL);
    g_assert_cmphex(world_digest(play->world), !=, first);
    GPtrArray *b = lines_of(play, (Luck){5, 2}, &again), *c = lines_of(other, (Luck){5, 2}, &elsewhere);
    World *bare = world_new(play->model, play->reach);
    world_run(bare, (Luck){5, 2}, NULL, 0, NULL, 0);
    unseen = world_digest(bare);
    world_free(bare);
    assert_same_lines(a, b);
    assert_same_lines(a, c);
    g_assert_cmphex(first, ==, again);
    g_assert_cmphex(first, ==, elsewhere);
    g_assert_cmphex(first, ==, unseen);
    g_ptr_array_unref(a);
    g_ptr_array_unref(b);
    g_ptr_array_unref(c);
    play_free(play);
    play_free(other);
}

/* ---- faults leave no scar ---- */

static GPtrArray *verdicts_of(const Play *play) {
    uint32_t count;
    MatrixRow *rows = reach_matrix(play->reach, world_netstate(play->world), &count);
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    for (uint32_t i = 0; i < count; i++)
        g_ptr_array_add(lines, g_strdup_printf("%u -> %u port %u: %s", rows[i].from, rows[i].to, rows[i].port,
                                               verdict_name(rows[i].verdict.kind)));
    g_free(rows);
    return lines;
}

/* Long after the last fault, and the last repair, nobody fails any more. */
static void see_no_failure(void *user, const Fact *fact) {
    if (simtime_before(fact->at, SIMTIME_S(HEALED_S)))
        return;
    char *text = fact_text(user, fact);
    g_test_message("still %s", text);
    g_free(text);
    g_test_fail();
}

static void test_no_scar(void) {
    for (uint64_t lot = 1; lot <= LOTS; lot++) {
        Play *plain = play_new(SITE, drawn, NULL), *play = play_chaos(lot);
        play_run(plain, (Luck){lot, 0}, 0, NULL, NULL);
        play_run(play, (Luck){lot, 0}, FACT_BIT(FACT_FAILED), see_no_failure, play->model);
        for (UnitId u = 0; u < play->model->unit_count; u++) {
            Condition condition = world_unit(play->world, u)->condition;
            g_assert_true(condition_equal(&condition, &CONDITION_HEALTHY));
        }
        GPtrArray *before = verdicts_of(plain), *after = verdicts_of(play);
        assert_same_lines(before, after);
        g_ptr_array_unref(before);
        g_ptr_array_unref(after);
        play_free(plain);
        play_free(play);
    }
}

/* Conditions do not depend on the order in which faults that begin together were written, and are folded. */
static void look_at_conditions(void *user, const World *world) {
    for (UnitId u = 0; u < world_model(world)->unit_count; u++)
        g_array_append_val((GArray *)user, world_unit(world, u)->condition);
}

static GArray *conditions_over_time(Play *play) {
    GArray *conditions = g_array_new(FALSE, FALSE, sizeof(Condition));
    Look looks[60];
    for (int i = 0; i < 60; i++)
        looks[i] = (Look){SIMTIME_S(FROM_S + i * 25), look_at_conditions, conditions};
    world_run(play->world, (Luck){1, 0}, NULL, 0, looks, 60);
    return conditions;
}

static void test_order_of_faults(void) {
    for (uint64_t lot = 1; lot <= LOTS; lot++) {
        char **events = chaos_events(lot, EVENTS, FROM_S, TO_S, TO_S), *backwards[EVENTS + 1] = {NULL};
        for (int i = 0; i < EVENTS; i++)
            backwards[i] = events[EVENTS - 1 - i];
        Play *play = play_new(SITE, drawn, (const char *const *)events);
        Play *mirror = play_new(SITE, drawn, (const char *const *)backwards);
        GArray *a = conditions_over_time(play), *b = conditions_over_time(mirror);
        uint32_t bent = 0;
        g_assert_cmpuint(a->len, ==, b->len);
        for (guint i = 0; i < a->len; i++) {
            const Condition *x = &g_array_index(a, Condition, i), *y = &g_array_index(b, Condition, i);
            g_assert_true(condition_equal(x, y));
            bent += !condition_equal(x, &CONDITION_HEALTHY);
        }
        g_assert_cmpuint(bent, >, 0);
        g_array_unref(a);
        g_array_unref(b);
        g_strfreev(events);
        play_free(play);
        play_free(mirror);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/laws/ledger", test_ledger);
    g_test_add_func("/laws/again", test_again);
    g_test_add_func("/laws/no-scar", test_no_scar);
    g_test_add_func("/laws/order-of-faults", test_order_of_faults);
    return g_test_run();
}
