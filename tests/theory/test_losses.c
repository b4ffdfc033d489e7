/* test_losses.c - which sessions an outage costs: those in flight, those that still came, those sent to a dead zone.
 *
 * In flight (regions.yaml). Sessions are Poisson with rate l, and each asks a name that draws one of N regions anew
 * (TTL 0), so a region gets an independent Poisson share f = 1/N. Requests are sent every P = think + d, where d is a
 * round trip, while less than the session's length L has gone by: n of them. A session is lost exactly when its region
 * dies between its arrival and its last answer, W = (n - 1) P + d. So the number in flight is Poisson(f l E[W]),
 * whatever the law of L. Users who try again elsewhere are saved unless their state is gone: they had had an answer,
 * and more to ask.
 *
 * New (failover.yaml). Sessions of one request, all to the region that dies and refuses, until the name gives the other
 * one: l E[F], F as in test_failover.c without the last wait; or l E[min(D, R)] when the region is back after R.
 * Variance, besides the Poisson part: (l I)^2 / 12 from the detection and Q r^2 Var(rest of the TTL) from Q caches with
 * r questions a second each, which behind busy ones is (l T)^2 / (12 Q).
 *
 * Zone (zones.yaml). Half of a balancer's requests go to the machine in the dead zone until its checks notice: f l
 * E[D], and those that were in its service, f l E[S], where S lasts from the balancer's choice to the answer at the
 * client. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "tests/theory/judge.h"
#include "tests/theory/play.h"

enum { REGIONS = 16, ROWS = JUDGE_SEEDS * 10 };

/* Counts by region or by name, and what is exact about each of them. */
typedef struct {
    uint32_t n;
    double mean[REGIONS], variance[REGIONS];
} Exact;

/* few: what a Poisson law of mean 3 leaves to chance besides its mean. */
typedef struct {
    Moments ratios, squares, few;
} Sample;

enum { FEW = 4 };

/* One replication's counts: how large against the mean, how far from it against the deviation, how many are few. */
static void sample_take(Sample *sample, const Exact *exact, const uint32_t *counts) {
    double ratio = 0, square = 0, few = 0;
    for (uint32_t i = 0; i < exact->n; i++) {
        ratio += counts[i] / exact->mean[i];
        square += (counts[i] - exact->mean[i]) * (counts[i] - exact->mean[i]) / exact->variance[i];
        few += counts[i] <= FEW;
    }
    moments_add(&sample->ratios, ratio / exact->n);
    moments_add(&sample->squares, square / exact->n);
    moments_add(&sample->few, few / exact->n);
}

/* Relative to what is exact, so that regions at different distances can be judged together. */
static void sample_judge(const Sample *sample, const char *name, uint64_t seed, bool deviation) {
    judge_row(name, "mean / exact", seed, &sample->ratios, 1, ROWS);
    if (deviation)
        judge_deviation(name, "deviation / exact", seed, &sample->squares, 1, ROWS);
}

/* ---- in flight ---- */

typedef struct {
    const char *name, *lasting;
    double least, most; /* of the session's length, uniform */
    const char *retries;
    bool saved_if_new;        /* others try again until they are served */
    uint32_t regions, killed; /* all at once */
    int dies, ends;           /* s; longer than any session before that, and until all know after it */
    uint32_t replications;
} Flight;

enum { THINK_S = 3 };

static const Flight flights[] = {
    {"in flight, all alike", "lasting=4 s", 4, 4, "retries=0", false, 16, 16, 5, 9, 4000},
    {"in flight, uniform", "lasting=uniform(0 s to 8 s)", 0, 8, "retries=0", false, 16, 16, 9, 13, 4700},
    {"in flight, with retries", "lasting=4 s", 4, 4, "retries=20", true, 6, 4, 5, 12, 16500},
};

/* Mean number of requests after the first. */
static double requests_after(const Flight *f, double period) {
    double sum = 0;
    for (int k = 1; k * period < f->most; k++)
        sum += f->most > f->least ? (f->most - MAX(k * period, f->least)) / (f->most - f->least) : 1;
    return sum;
}

/* With retries only what had its first answer and more to ask is lost: from that answer to the last one. */
static Exact flight_exact(const Flight *f, const Play *play, const ComponentId *regions) {
    Exact exact = {.n = f->killed};
    PlaceId here = play_place(play, "europe");
    for (uint32_t i = 0; i < f->killed; i++) {
        UnitId machine = play->model->components[regions[i]].first_unit;
        SimTime way = model_one_way(play->model, here, play->model->units[machine].zone);
        double trip = 2e-9 * (double)way.ns;
        double open = requests_after(f, THINK_S + trip) * (THINK_S + trip) + (f->saved_if_new ? 0 : trip);
        exact.mean[i] = exact.variance[i] = open; /* one session a second and region */
    }
    return exact;
}

typedef struct {
    const Flight *flight;
    const Play *play;
    const ComponentId *regions;
    uint32_t counts[REGIONS];
} Flown;

/* Where a session lived: its home once it had an answer, else where it was bound for. */
static void see_broken(void *user, const Fact *fact) {
    Flown *flown = user;
    const Model *model = flown->play->model;
    bool established = fact->flags & BROKEN_ESTABLISHED;
    bool came_before = simtime_before(simtime_sub(fact->at, fact->span), SIMTIME_S(flown->flight->dies));
    if (!came_before || (flown->flight->saved_if_new && !established))
        return;
    PlaceId region = established ? fact->place : model->units[fact->unit].region;
    for (uint32_t i = 0; i < flown->flight->killed; i++)
        flown->counts[i] += model->components[flown->regions[i]].place == region;
}

/* One outage hits all of them, or one each the first ones in order of name. */
static void flight_events(const Flight *f, const Model *model, const ComponentId *regions, char *events[]) {
    if (f->killed == f->regions) {
        events[0] = g_strdup_printf("{at: %d s, fail: site.web, as: refuse}", f->dies);
        return;
    }
    for (uint32_t i = 0; i < f->killed; i++)
        events[i] =
            g_strdup_printf("{at: %d s, fail: \"%s\", as: refuse}", f->dies, model->components[regions[i]].name);
}

#define SIX "regions=[us-east-1, us-west-2, eu-west-1, eu-central-1, ap-south-1, sa-east-1]"

static Play *flight_play(const Flight *f, ComponentId regions[REGIONS]) {
    char *until = g_strdup_printf("run.until=%d s", f->ends), *rate = g_strdup_printf("rate=%d/s", (int)f->regions);
    bool all = f->regions == REGIONS;
    const char *const sets[] = {f->lasting, f->retries, "think=3 s",      "ttl=0 s", "resolvers=1",
                                until,      rate,       all ? NULL : SIX, NULL};
    Play *plain = play_new("tests/theory/regions.yaml", sets, NULL);
    ComponentId *found;
    g_assert_cmpuint(model_find(plain->model, "site.web", &found), ==, f->regions);
    memcpy(regions, found, f->regions * sizeof *found);
    char *events[REGIONS + 1] = {NULL};
    flight_events(f, plain->model, regions, events);
    Play *play = play_new("tests/theory/regions.yaml", sets, (const char *const *)events);
    for (int i = 0; events[i]; i++)
        g_free(events[i]);
    g_free(until);
    g_free(rate);
    g_free(found);
    play_free(plain);
    return play;
}

static double few_exact(const Exact *exact) {
    double sum = 0;
    for (uint32_t i = 0; i < exact->n; i++) {
        double term = exp(-exact->mean[i]);
        for (int k = 0; k <= FEW; term *= exact->mean[i] / ++k)
            sum += term;
    }
    return sum / exact->n;
}

static void test_flight(gconstpointer data) {
    const Flight *f = data;
    ComponentId regions[REGIONS];
    Play *play = flight_play(f, regions);
    Exact exact = flight_exact(f, play, regions);
    for (uint64_t seed = 1; seed <= judge_seeds(); seed++) {
        Sample sample = {0};
        for (uint64_t r = 0; r < f->replications; r++) {
            Flown flown = {f, play, regions, {0}};
            play_run(play, (Luck){seed, r}, FACT_BIT(FACT_BROKEN), see_broken, &flown);
            sample_take(&sample, &exact, flown.counts);
        }
        sample_judge(&sample, f->name, seed, false);
        if (f->killed == f->regions)
            judge_row(f->name, "P(at most 4)", seed, &sample.few, few_exact(&exact), ROWS);
    }
    play_free(play);
}

/* ---- new sessions ---- */

typedef struct {
    const char *name, *ttl, *rate, *resolvers, *outage;
    double t, r, q, back; /* TTL, questions a resolver and second, resolvers; how long the outage lasts */
    int cycles;           /* s before the fault: six times TTL for the caches */
    bool deviation;
    uint32_t replications;
} News;

enum { NAMES = 8, DETECTED_S = 10, INTERVAL_S = 10 }; /* D uniform on [10 s, 20 s) */

static const News news[] = {
    {"new, no cache", "ttl=0 s", "rate=1/s", "resolvers=1", "1 h", 0, 1, 1, INFINITY, 2, true, 12000},
    {"new, cached", "ttl=10 s", "rate=0.8/s", "resolvers=4", "1 h", 10, 0.2, 4, INFINITY, 60, false, 2700},
    {"new, back after 14 s", "ttl=0 s", "rate=1/s", "resolvers=1", "14 s", 0, 1, 1, 14, 2, false, 2300},
};

static Exact news_exact(const News *n) {
    double rate = n->r * n->q, low = DETECTED_S, high = DETECTED_S + INTERVAL_S;
    double hit = n->r * n->t / (1 + n->r * n->t), rest = hit * n->t / 2;
    double until = n->back >= high
                       ? (low + high) / 2
                       : (n->back * n->back - low * low) / 2 / INTERVAL_S + n->back * (high - n->back) / INTERVAL_S;
    Exact exact = {.n = NAMES};
    for (int i = 0; i < NAMES; i++) {
        exact.mean[i] = rate * (until + rest);
        exact.variance[i] = exact.mean[i] + rate * rate * INTERVAL_S * INTERVAL_S / 12 +
                            n->q * n->r * n->r * (hit * n->t * n->t / 3 - rest * rest);
    }
    return exact;
}

typedef struct {
    const ComponentId *users;
    uint32_t counts[NAMES];
} Missed;

static void see_missed(void *user, const Fact *fact) {
    Missed *missed = user;
    for (int n = 0; n < NAMES; n++)
        missed->counts[n] += missed->users[n] == fact->component;
}

static Play *news_play(const News *n, ComponentId users[NAMES]) {
    int ends = n->cycles + DETECTED_S + INTERVAL_S + (int)n->t + 1;
    char *until = g_strdup_printf("run.until=%d s", ends);
    char *fault =
        g_strdup_printf("{at: %d s, fail: \"site[us-east-1].lb\", as: refuse, for: %s}", n->cycles, n->outage);
    const char *const sets[] = {"check={every: 10 s, fail_after: 2, timeout: 1 s, from_response: no, checkers: 1}",
                                n->ttl,
                                n->rate,
                                n->resolvers,
                                until,
                                NULL};
    const char *const events[] = {fault, NULL};
    Play *play = play_new("tests/theory/failover.yaml", sets, events);
    for (int i = 0; i < NAMES; i++) {
        char *name = g_strdup_printf("users-%d", i + 1);
        users[i] = play_component(play, name);
        g_free(name);
    }
    g_free(until);
    g_free(fault);
    return play;
}

static void test_news(gconstpointer data) {
    const News *n = data;
    ComponentId users[NAMES];
    Play *play = news_play(n, users);
    Exact exact = news_exact(n);
    for (uint64_t seed = 1; seed <= judge_seeds(); seed++) {
        Sample sample = {0};
        for (uint64_t r = 0; r < n->replications; r++) {
            Missed missed = {users, {0}};
            play_run(play, (Luck){seed, r}, FACT_BIT(FACT_BROKEN), see_missed, &missed);
            sample_take(&sample, &exact, missed.counts);
        }
        sample_judge(&sample, n->name, seed, n->deviation);
    }
    play_free(play);
}

/* ---- a dead zone behind a balancer ---- */

enum { ZONES = 8, ZONE_DIES_S = 4 };
#define ZONE_RATE 4.0 /* a second, of all regions */

typedef struct {
    const Model *model;
    PlaceId regions[ZONES];
    uint32_t counts[ZONES];
} Turned;

static void see_turned(void *user, const Fact *fact) {
    Turned *turned = user;
    for (int i = 0; i < ZONES; i++)
        turned->counts[i] += turned->model->units[fact->unit].region == turned->regions[i];
}

/* D uniform on [15 s, 25 s): every 10 s, two in a row, 5 s each. */
static Exact zone_exact(const Play *play, const ComponentId *balancers) {
    double rate = ZONE_RATE / ZONES / 2, detected = 20, interval = 10;
    PlaceId here = play_place(play, "europe");
    Exact exact = {.n = ZONES};
    for (int i = 0; i < ZONES; i++) {
        const Component *balancer = &play->model->components[balancers[i]];
        SimTime there = model_one_way(play->model, here, play->model->units[balancer->first_unit].zone);
        SimTime across = play->model->network.zone_to_zone;
        double service = 2 + 1e-3 + 1e-9 * (double)(there.ns + across.ns); /* choice, hop, service, hop, way back */
        exact.mean[i] = rate * (service + detected);
        exact.variance[i] = exact.mean[i] + rate * rate * interval * interval / 12;
    }
    return exact;
}

static void test_zone(void) {
    static const char *const names[ZONES] = {"us-east-1", "us-east-2",    "us-west-2",  "eu-west-1",
                                             "eu-west-2", "eu-central-1", "eu-north-1", "ap-south-1"};
    char *events[ZONES + 1] = {NULL};
    for (int i = 0; i < ZONES; i++)
        events[i] = g_strdup_printf("{at: %d s, fail: zone %sb}", ZONE_DIES_S, names[i]);
    const char *const sets[] = {"run.until=38 s", NULL};
    Play *play = play_new("tests/theory/zones.yaml", sets, (const char *const *)events);
    ComponentId *balancers;
    g_assert_cmpuint(model_find(play->model, "site.lb", &balancers), ==, ZONES);
    Exact exact = zone_exact(play, balancers);
    for (uint64_t seed = 1; seed <= judge_seeds(); seed++) {
        Sample sample = {0};
        for (uint64_t r = 0; r < 5300; r++) {
            Turned turned = {.model = play->model};
            for (int i = 0; i < ZONES; i++)
                turned.regions[i] = play->model->components[balancers[i]].place;
            play_run(play, (Luck){seed, r}, FACT_BIT(FACT_BROKEN), see_turned, &turned);
            sample_take(&sample, &exact, turned.counts);
        }
        sample_judge(&sample, "zone behind a balancer", seed, false);
    }
    for (int i = 0; i < ZONES; i++)
        g_free(events[i]);
    g_free(balancers);
    play_free(play);
}

static void add(const char *group, const char *name, gconstpointer data, GTestDataFunc test) {
    char *path = g_strdup_printf("/losses/%s/%s", group, name);
    g_strdelimit(path, ", ", '-');
    g_test_add_data_func(path, data, test);
    g_free(path);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions(); /* show every row that misses, not only the first */
    for (size_t i = 0; i < G_N_ELEMENTS(flights); i++)
        add("flight", flights[i].name, &flights[i], test_flight);
    for (size_t i = 0; i < G_N_ELEMENTS(news); i++)
        add("new", news[i].name, &news[i], test_news);
    g_test_add_func("/losses/zone", test_zone);
    return g_test_run();
}
