/* test_jobs.c - jobs against closed forms: a queue in front of workers that crash, and functions that may only ramp up.
 *
 * A worker takes s for a job and dies half-way with chance p; the queue hides a message for V. With room for everybody
 * a job takes s + V K, K geometric: mean s + V p / (1 - p), and after n deliveries it is a dead letter with chance p^n.
 * Without the queue it is lost with chance p. Of a functions' demand D, B run at once and r more each minute: the last
 * begins ceil((D - B) / r) minutes later. Five jobs on machines of their own take as long as one. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "tests/theory/play.h"

#define HEAD                                                                                                 \
    "pattern: p\nabout: jobs\nprovider: aws\nnetwork: {fixed: 0 s, zone_to_zone: 0 s, same_zone: 0 s}\n"     \
    "stacks:\n  s:\n    copies: [eu-west-1]\n    zones: 2\n    network: {cidr: 10.0.0.0/16}\n    subnets:\n" \
    "      app: {routes: [{to: internet, via: internet_gateway}]}\n    components:\n"                        \
    "      source: {kind: function, service: 0 s, cold_start: 0 s, retries: 0, "                             \
    "concurrency: {limit: 100000, burst: 100000}}\n"

#define QUEUED                                                                                                \
    HEAD "      jobs: {kind: queue, accept: 0 s, visibility: 30 s, deliveries: 3}\n"                          \
         "      app: {kind: instances, subnet: app, public: yes, listens: 8080, service: 10 s, crash: 30 %, " \
         "workers: 1000, scaling: {enabled: no}, count: {min: 2, start: 2, max: 2}}\n"                        \
         "flows:\n  - work: s.source -> s.jobs <- s.app\nload:\n  s.source: {kind: steady, rate: 2/s}\n"      \
         "run: {until: 3 h}\n"

#define DIRECT                                                                                                \
    HEAD "      app: {kind: job_instances, subnet: app, service: 10 s, boot: 45 s, crash: 30 %, most: 500}\n" \
         "flows:\n  - work: s.source => s.app\nload:\n  s.source: {kind: steady, rate: 2/s}\nrun: {until: 1 h}\n"

#define BATCH                                                                                              \
    HEAD "      app: {kind: job_instances, subnet: app, service: 10 min, boot: 45 s, most: MOST}\n"        \
         "flows:\n  - work: s.source => s.app\nload:\n  s.source: {kind: jobs, count: COUNT, at: 1 min}\n" \
         "run: {until: 1 h}\n"

#define RAMP                                                                                                   \
    HEAD "      slow: {kind: function, service: 30 min, cold_start: 0 s, concurrency: {limit: 30, burst: 10, " \
         "ramp: 5}}\nflows:\n  - work: s.source => s.slow\nload:\n"                                            \
         "  s.source: {kind: jobs, count: 24, at: 1 min}\nrun: {until: 1 h}\n"

typedef struct {
    uint64_t begun, finished, lost;
    double sum, squares;
    SimTime last_taken, last_finished;
} Seen;

static void see(void *user, const Fact *fact) {
    Seen *seen = user;
    seen->begun += fact->kind == FACT_JOB_BEGAN;
    seen->lost += fact->kind == FACT_JOB_ABANDONED;
    if (fact->kind == FACT_JOB_FINISHED) {
        seen->finished++;
        seen->sum += (double)fact->span.ns / 1e9;
        seen->squares += (double)fact->span.ns / 1e9 * (double)fact->span.ns / 1e9;
        seen->last_finished = fact->at;
    }
    if (fact->kind == FACT_TAKEN) {
        seen->last_taken = fact->at;
    }
}

static Seen seen_of(const char *text, uint64_t seed) {
    Seen seen = {0};
    Play *play = play_new_text(text, NULL, NULL);
    play_run(play, (Luck){seed, 0}, ALL_FACTS, see, &seen);
    play_free(play);
    return seen;
}

/* Within four standard errors of what is exact. */
static void assert_share(const char *name, uint64_t hits, uint64_t all, double exact) {
    double share = (double)hits / (double)all, error = sqrt(exact * (1 - exact) / (double)all);
    g_test_message("%s: %.5f, exact %.5f, standard error %.5f", name, share, exact, error);
    g_assert_cmpfloat(fabs(share - exact), <, 4 * error);
}

/* Three deliveries at most: K is geometric, cut at 2. */
static void test_queue(void) {
    const double p = 0.3, V = 30, s = 10;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        Seen seen = seen_of(QUEUED, seed);
        double done = 1 - p * p * p, mean_k = (p * (1 - p) + 2 * p * p * (1 - p)) / done;
        double mean = seen.sum / (double)seen.finished;
        double variance = seen.squares / (double)seen.finished - mean * mean;
        double error = sqrt(variance / (double)seen.finished), exact = s + V * mean_k;
        g_test_message("mean time of a job: %.3f s, exact %.3f s, standard error %.3f s", mean, exact, error);
        g_assert_cmpfloat(fabs(mean - exact), <, 4 * error + 0.05); /* the ways to and fro */
        assert_share("dead letters", seen.lost, seen.finished + seen.lost, p * p * p);
    }
}

static void test_no_queue(void) {
    for (uint64_t seed = 1; seed <= 3; seed++) {
        Seen seen = seen_of(DIRECT, seed);
        assert_share("lost without a queue", seen.lost, seen.finished + seen.lost, 0.3);
    }
}

static Seen batch_of(const char *count, const char *most) {
    char **parts = g_strsplit(BATCH, "COUNT", 2), *some = g_strjoinv(count, parts);
    char **others = g_strsplit(some, "MOST", 2), *text = g_strjoinv(most, others);
    Seen seen = seen_of(text, 1);
    g_strfreev(parts);
    g_strfreev(others);
    g_free(some);
    g_free(text);
    return seen;
}

static void test_batch(void) {
    Seen one = batch_of("1", "20"), five = batch_of("5", "20"), two = batch_of("5", "2");
    g_assert_cmpuint(five.finished, ==, 5);
    g_assert_cmpint(five.last_finished.ns, ==, one.last_finished.ns);
    /* three rounds of boot and work instead of one */
    SimTime more = simtime_sub(two.last_finished, one.last_finished);
    g_assert_cmpint(more.ns, ==, 2 * (SIMTIME_S(45).ns + SIMTIME_S(600).ns));
}

static void test_ramp(void) {
    Seen seen = seen_of(RAMP, 1);
    g_assert_cmpuint(seen.finished, ==, 24);
    /* ceil((24 - 10) / 5) = 3 min */
    g_assert_cmpint(seen.last_taken.ns, ==, SIMTIME_S(60 + 180).ns);
}

/* A worker slower than the queue's patience does the work twice, and nothing is lost; seen from the ledger. */
static void test_slow_worker(void) {
    static const char text[] =
        HEAD "      jobs: {kind: queue, accept: 0 s, visibility: 30 s}\n"
             "      app: {kind: instances, subnet: app, public: yes, listens: 8080, service: 40 s, workers: 10, "
             "scaling: {enabled: no}, count: {min: 2, start: 2, max: 2}}\n"
             "flows:\n  - work: s.source -> s.jobs <- s.app\nload:\n  s.source: {kind: jobs, count: 4, at: 1 min}\n"
             "run: {until: 1 h}\n";
    Play *play = play_new_text(text, NULL, NULL);
    GArray *facts = play_record(play, (Luck){1, 0}, FACT_BIT(FACT_WORKED) | FACT_BIT(FACT_JOB_FINISHED));
    uint32_t again = 0, finished = 0;
    for (guint i = 0; i < facts->len; i++) {
        const Fact *fact = &g_array_index(facts, Fact, i);
        again += fact->kind == FACT_WORKED && fact->amount == 1 && fact->cause == CAUSE_NONE;
        finished += fact->kind == FACT_JOB_FINISHED;
    }
    g_assert_cmpuint(finished, ==, 4);
    g_assert_cmpuint(again, ==, 4);
    g_array_unref(facts);
    play_free(play);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/jobs/queue", test_queue);
    g_test_add_func("/jobs/no-queue", test_no_queue);
    g_test_add_func("/jobs/five-at-once", test_batch);
    g_test_add_func("/jobs/function-ramp", test_ramp);
    g_test_add_func("/jobs/slow-worker", test_slow_worker);
    return g_test_run();
}
