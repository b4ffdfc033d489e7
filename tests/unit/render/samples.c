/* samples.c - fills records by hand, the way a run would. */
#include "tests/unit/render/samples.h"

#include <math.h>

#define S INT64_C(1000000000)
#define MIN_NS (60 * S)

enum { BEFORE, DURING, AFTER };
enum { LB, WEB, DB, TIERS };

static const char *const tier_names[] = {"lb", "web", "db"};
static const char *const subnet_names[] = {"public", "app", "data"};
enum { REGIONS_MOST = 64, ZONES_MOST = 26 };

static const char *const region_names[REGIONS_MOST] = {
    "us-east-1",    "eu-west-1",  "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ca-central-1",
    "eu-central-1", "eu-north-1", "sa-east-1",      "us-east-2",  "us-west-1",      "us-west-2",
    "af-south-1",   "ap-east-1",  "ap-northeast-2", "eu-south-1", "eu-west-2",      "eu-west-3",
    "me-south-1",   "r-20",       "r-21",           "r-22",       "r-23",           "r-24",
    "r-25",         "r-26",       "r-27",           "r-28",       "r-29",           "r-30",
    "r-31",         "r-32",       "r-33",           "r-34",       "r-35",           "r-36",
    "r-37",         "r-38",       "r-39",           "r-40"};

/* Ids of what was added. */
typedef struct {
    Record *record;
    SampleShape shape;
    uint32_t europe, account;
    uint32_t region[REGIONS_MOST], zone[REGIONS_MOST][ZONES_MOST], subnet[REGIONS_MOST][ZONES_MOST][TIERS];
    uint32_t dns, tier[REGIONS_MOST][TIERS], users, waf;
    uint32_t ask, visit, to_lb[REGIONS_MOST], to_web[REGIONS_MOST], to_db[REGIONS_MOST], copy[REGIONS_MOST],
        sync[REGIONS_MOST];
} Sample;

static const char *dressed(const Sample *s, const char *plain, const char *hostile) {
    return s->shape.hostile ? hostile : plain;
}

/* ---- Places, components, links --------------------------------------------------------------- */

static void add_region_places(Sample *s, int r) {
    Record *record = s->record;
    const char *name = r == 0 ? dressed(s, region_names[0], "us-\"east\"<1>&\xE2\x80\xAEtxet") : region_names[r];
    s->region[r] = record_add_place(record, (RecordPlace){name, RECORD_REGION, s->account, NULL, NULL, NULL});
    for (int z = 0; z < s->shape.zones; z++) {
        char *zone = g_strdup_printf("%s%c", region_names[r], 'a' + z);
        s->zone[r][z] = record_add_place(record, (RecordPlace){zone, RECORD_ZONE, s->region[r], NULL, NULL, NULL});
        char *network = g_strdup_printf("site[%s]", region_names[r]);
        for (int t = 0; t < TIERS; t++) {
            char *cidr = g_strdup_printf("10.%d.%d.0/24", r, 10 * t + z);
            s->subnet[r][z][t] = record_add_place(
                record, (RecordPlace){subnet_names[t], RECORD_SUBNET, s->zone[r][z], network, cidr, NULL});
            g_free(cidr);
        }
        g_free(network);
        g_free(zone);
    }
}

static void add_places(Sample *s) {
    s->europe = record_add_place(s->record, (RecordPlace){"europe", RECORD_OUTSIDE, RECORD_NONE, NULL, NULL, NULL});
    uint32_t aws = record_add_place(s->record, (RecordPlace){"aws", RECORD_PROVIDER, RECORD_NONE, NULL, NULL, NULL});
    s->account = record_add_place(s->record, (RecordPlace){"main", RECORD_ACCOUNT, aws, NULL, NULL, NULL});
    for (int r = 0; r < s->shape.regions; r++)
        add_region_places(s, r);
}

static int units_of(const Sample *s, int tier) { return tier == WEB ? s->shape.webs : 1; }

static uint32_t add_tier(Sample *s, int r, int t) {
    static const char *const kinds[] = {"load_balancer", "instances", "database"};
    static const RecordRole roles[] = {RECORD_BALANCER, RECORD_COMPUTE, RECORD_STORE};
    static const char *const listens[] = {"tcp/443", "tcp/8080", "tcp/5432"};
    static const RecordFact facts[][2] = {{{0, "checks", "10 s x 3"}, {0, "cross-zone", "yes"}},
                                          {{0, "count", "4 to 24"}, {0, "serves", "50/s"}},
                                          {{0, "zones", "sync"}, {0, "regions", "async"}}};
    char *name = g_strdup_printf("site[%s].%s", region_names[r], tier_names[t]);
    const char *label = t == WEB && r == 0 ? dressed(s, "web", "\"><script>alert('web')</script>") : tier_names[t];
    if (t == DB && r == 0)
        label = dressed(s, "db", "The relational database of record for orders, invoices and everything else");
    if (t == DB && r == 1)
        label = dressed(s, "db",
                        "Datenbank \xC3\x84\xC3\x96\xC3\x9C \xE6\x95\xB0\xE6\x8D\xAE\xE5\xBA\x93 \xD0\x94\xD0\x91");
    uint32_t id = record_add_component(s->record, (RecordComponent){.name = name,
                                                                    .label = label,
                                                                    .kind = kinds[t],
                                                                    .role = roles[t],
                                                                    .summary = "a tier of the site",
                                                                    .stack = "site",
                                                                    .copy = region_names[r],
                                                                    .place = s->region[r],
                                                                    .listens = listens[t],
                                                                    .managed = t != WEB});
    for (size_t f = 0; f < 2; f++)
        record_add_fact(s->record, (RecordFact){id, facts[t][f].label, facts[t][f].value});
    for (int z = 0, ordinal = 0; z < s->shape.zones; z++)
        for (int u = 0; u < units_of(s, t); u++, ordinal++)
            record_add_unit(s->record, (RecordUnit){id, (uint32_t)ordinal, s->subnet[r][z][t], s->zone[r][z]});
    g_free(name);
    return id;
}

static void add_components(Sample *s) {
    Record *record = s->record;
    s->dns = record_add_component(record, (RecordComponent){.name = "dns",
                                                            .label = "dns",
                                                            .kind = "dns",
                                                            .role = RECORD_NAME,
                                                            .summary = "answers names",
                                                            .place = s->account,
                                                            .managed = true,
                                                            .single_point = true});
    record_add_fact(record, (RecordFact){s->dns, "ttl", "60 s"});
    record_add_fact(record, (RecordFact){s->dns, "checks", "30 s x 3"});
    for (int r = 0; r < s->shape.regions; r++)
        for (int t = 0; t < TIERS; t++)
            s->tier[r][t] = add_tier(s, r, t);
    s->users = record_add_component(record, (RecordComponent){.name = "users",
                                                              .label = "users",
                                                              .kind = "users",
                                                              .role = RECORD_POPULATION,
                                                              .summary = "people with browsers",
                                                              .place = s->europe});
    record_add_fact(record, (RecordFact){s->users, "sessions", "20/s"});
    s->waf = record_add_component(record, (RecordComponent){.name = "waf",
                                                            .label = "waf",
                                                            .kind = "waf",
                                                            .role = RECORD_EDGE,
                                                            .summary = "filters requests",
                                                            .place = s->account,
                                                            .listens = "tcp/443",
                                                            .managed = true,
                                                            .single_point = true});
    record_add_fact(record, (RecordFact){s->waf, "adds", "1 ms"});
}

static void add_flow(Sample *s) {
    uint32_t flow = record_add_flow(s->record, (RecordFlow){"visit"});
    record_add_step(s->record, (RecordStep){flow, 0, s->users});
    record_add_step(s->record, (RecordStep){flow, 1, s->dns});
    record_add_step(s->record, (RecordStep){flow, 2, s->waf});
    for (uint32_t t = 0; t < TIERS; t++)
        for (int r = 0; r < s->shape.regions; r++)
            record_add_step(s->record, (RecordStep){flow, 3 + t, s->tier[r][t]});
}

static uint32_t add_link(Sample *s, uint32_t from, uint32_t to, RecordLinkKind kind, const char *ports,
                         int64_t latency_ns) {
    uint32_t flow = kind == RECORD_REPLICA ? RECORD_NONE : 0;
    return record_add_link(s->record, (RecordLink){from, to, flow, kind, ports, true, latency_ns});
}

static void add_links(Sample *s) {
    s->ask = add_link(s, s->users, s->dns, RECORD_LOOKUP, "udp/53", RECORD_NEVER);
    s->visit = add_link(s, s->users, s->waf, RECORD_REQUEST, "tcp/443", 10 * S / 1000);
    for (int r = 0; r < s->shape.regions; r++) {
        s->to_lb[r] = add_link(s, s->waf, s->tier[r][LB], RECORD_REQUEST, "tcp/443", 35 * S / 1000);
        s->to_web[r] = add_link(s, s->tier[r][LB], s->tier[r][WEB], RECORD_REQUEST, "tcp/8080", S / 2000);
        s->to_db[r] = add_link(s, s->tier[r][WEB], s->tier[r][DB], RECORD_REQUEST, "tcp/5432", S / 2000);
        if (s->shape.zones > 1)
            s->sync[r] = add_link(s, s->tier[r][DB], s->tier[r][DB], RECORD_REPLICA, NULL, S / 1000);
        if (r > 0)
            s->copy[r] = add_link(s, s->tier[0][DB], s->tier[r][DB], RECORD_REPLICA, NULL, 40 * S / 1000);
    }
}

/* ---- Moments --------------------------------------------------------------------------------- */

static bool is_hit(const Sample *s, int moment, int r) { return moment == DURING && r == 0 && !s->shape.owned; }

static RecordState tier_state(const Sample *s, int moment, int r, int t) {
    if (s->shape.owned && moment != BEFORE && r == 0)
        return t == WEB ? RECORD_OWNED : t == DB ? RECORD_EXPOSED : RECORD_HEALTHY;
    if (is_hit(s, moment, r))
        return RECORD_FAILED;
    if (moment == DURING && r == 1 && t == WEB)
        return RECORD_OVERLOADED;
    if (moment == AFTER && r == 0 && t == WEB && !s->shape.owned)
        return RECORD_DEGRADED;
    return RECORD_HEALTHY;
}

static void add_tier_state(Sample *s, uint32_t moment, int r, int t) {
    uint32_t units = (uint32_t)units_of(s, t), all = units * (uint32_t)s->shape.zones;
    RecordComponentState state = {
        .moment = moment, .component = s->tier[r][t], .state = tier_state(s, (int)moment, r, t), .serving = all};
    if (state.state == RECORD_FAILED) {
        state.serving = 0;
        state.down = all;
    } else if (state.state == RECORD_OVERLOADED || state.state == RECORD_DEGRADED) {
        state.booting = 1;
        state.serving = all - 1;
        state.note = state.state == RECORD_OVERLOADED ? "queue full" : NULL;
    }
    record_add_component_state(s->record, state);
    for (int z = 0; z < s->shape.zones; z++) {
        RecordZoneState zone = {moment, s->tier[r][t], s->zone[r][z], s->subnet[r][z][t], units, 0, 0};
        if (state.state == RECORD_FAILED)
            zone = (RecordZoneState){moment, s->tier[r][t], s->zone[r][z], s->subnet[r][z][t], 0, 0, units};
        else if (state.booting > 0 && z == s->shape.zones - 1) {
            zone.booting = 1;
            zone.serving--;
        }
        record_add_zone_state(s->record, zone);
    }
}

static void add_component_states(Sample *s, uint32_t moment) {
    record_add_component_state(s->record, (RecordComponentState){.moment = moment, .component = s->dns, .serving = 1});
    for (int r = 0; r < s->shape.regions; r++)
        for (int t = 0; t < TIERS; t++)
            add_tier_state(s, moment, r, t);
    record_add_component_state(s->record,
                               (RecordComponentState){.moment = moment, .component = s->users, .serving = 1});
    record_add_component_state(s->record, (RecordComponentState){.moment = moment, .component = s->waf, .serving = 1});
}

static void add_link_state(Sample *s, uint32_t moment, uint32_t id, bool reaches, double rate, double good) {
    record_add_link_state(s->record, (RecordLinkState){moment, id, reaches ? "REACH" : "NO-PATH @us-east-1",
                                                       reaches ? NULL : "region us-east-1: outage", rate, good});
}

static void add_link_states(Sample *s, uint32_t moment) {
    int alive = s->shape.regions - is_hit(s, (int)moment, 0);
    double all = 1200, good = moment == DURING && !s->shape.owned ? 0.93 : 0.9998;
    add_link_state(s, moment, s->ask, true, 0.4, 1);
    add_link_state(s, moment, s->visit, true, all, alive == 0 ? 0 : good);
    for (int r = 0; r < s->shape.regions; r++) {
        bool dead = is_hit(s, (int)moment, r);
        double rate = dead ? 0 : all / alive;
        bool strained = moment == DURING && r == 1 && !s->shape.owned;
        add_link_state(s, moment, s->to_lb[r], !dead, dead && alive == 0 ? all : rate, dead ? -1 : strained ? 0.93 : 1);
        add_link_state(s, moment, s->to_web[r], !dead, rate, dead ? -1 : strained ? 0.88 : 1);
        add_link_state(s, moment, s->to_db[r], !dead, rate / 2, dead ? -1 : 1);
        for (int z = 0; z < s->shape.zones && !dead && s->shape.regions < 12; z++)
            record_add_link_part(s->record, (RecordLinkPart){moment, s->to_db[r], s->zone[r][z], s->zone[r][z],
                                                             rate / 2 / s->shape.zones, 1});
        if (s->shape.zones > 1)
            add_link_state(s, moment, s->sync[r], !dead, -1, -1);
        if (r > 0)
            add_link_state(s, moment, s->copy[r], !is_hit(s, (int)moment, 0), -1, -1);
    }
}

static void add_moments(Sample *s) {
    static const RecordMoment rows[] = {
        {"before", 1200 * S - 1, 900 * S, 1200 * S, "a nanosecond before region us-east-1 fails"},
        {"during", 1260 * S, 1200 * S, 1260 * S,
         "the minute with the fewest good sessions while region us-east-1 is down"},
        {"after", 3600 * S, 3300 * S, 3600 * S, "the end of the run"}};
    for (uint32_t m = 0; m < 3; m++) {
        record_add_moment(s->record, rows[m]);
        if (m == DURING && !s->shape.owned)
            record_add_place_state(s->record, (RecordPlaceState){m, s->region[0], RECORD_PLACE_DOWN});
        if (m == AFTER && s->shape.regions > 2)
            record_add_place_state(s->record, (RecordPlaceState){m, s->zone[1][0], RECORD_PLACE_SLOW});
        add_component_states(s, m);
        add_link_states(s, m);
    }
}

/* ---- What was found -------------------------------------------------------------------------- */

static void add_timeline(Sample *s) {
    const RecordEvent rows[] = {
        {1200 * S, "fault", "region us-east-1: outage", RECORD_NONE},
        {1220 * S, "notice", "waf stops sending to us-east-1", s->waf},
        {1290 * S, "notice", "dns: 3 checks failed for us-east-1", s->dns},
        {1290 * S, "publish", "dns answers eu-west-1 only", s->dns},
        {1320 * S, "promote", "eu-west-1.db becomes the primary", s->tier[s->shape.regions - 1][DB]},
        {1335 * S, "refresh", "the last resolver forgot us-east-1", RECORD_NONE},
        {1500 * S, "launch", "6 more web servers serve", s->tier[s->shape.regions - 1][WEB]},
        {3000 * S, "mend", "region us-east-1 is back", RECORD_NONE}};
    record_add_fault(s->record, (RecordFault){"region us-east-1: outage", 1200 * S, 3000 * S});
    record_add_fault_target(s->record, (RecordFaultTarget){0, s->region[0], RECORD_NONE});
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        record_add_event(s->record, rows[i]);
}

static void add_series(Sample *s) {
    int64_t arrived[60], good[60], broken[60], serving[60], capacity[60];
    for (int i = 0; i < 60; i++) {
        arrived[i] = 1180 + (i * 37) % 41;
        broken[i] = i >= 20 && i < 25 ? 600 - (i - 20) * 120 : 0;
        good[i] = arrived[i] - broken[i];
        serving[i] = i < 20 ? 12 : i < 25 ? 6 : i < 50 ? 12 : 15;
        capacity[i] = serving[i] * 50;
    }
    const RecordSeries rows[] = {{"arrived", NULL, "sessions", MIN_NS, arrived, 60},
                                 {"good", NULL, "sessions", MIN_NS, good, 60},
                                 {"broken", NULL, "sessions", MIN_NS, broken, 60},
                                 {"serving", "site[*].web", "units", MIN_NS, serving, 60},
                                 {"capacity", "site[*].web", "requests/s", MIN_NS, capacity, 60}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        record_add_series(s->record, rows[i]);
}

static void add_measures(Sample *s) {
    record_add_measure(s->record,
                       (RecordMeasure){"failover_time", "region us-east-1: outage", "ns", "fault", "per fault", 400, 2,
                                       141e9, 138e9, 144e9, 90e9, 140e9, 165e9, 178e9, 181e9});
    record_add_measure(s->record, (RecordMeasure){"lost_sessions", "users", "sessions", "sessions", "run", 400, 0,
                                                  2510.5, 2490.25, 2530.75, 2301, 2509, 2600, 2680, 2711});
    record_add_measure(s->record, (RecordMeasure){"success_rate", "users", "1", "sessions", "run", 400, 0, 0.9652,
                                                  0.9648, 0.9656, 0.9601, 0.9652, 0.967, 0.9681, NAN});
    static const struct {
        const char *name;
        int64_t s;
        bool binds;
    } phases[] = {{"detect", 90, true},
                  {"decide", 0, false},
                  {"publish", 1, false},
                  {"client cache", 30, false},
                  {"promote data", 20, false}};
    for (size_t i = 0; i < G_N_ELEMENTS(phases); i++)
        record_add_phase(s->record, (RecordPhase){0, phases[i].name, phases[i].s * S, phases[i].binds});
}

static void add_verdicts(Sample *s) {
    record_add_reach(s->record, (RecordReach){"internet", "site[us-east-1].lb", "tcp/443", true, false, true, "REACH",
                                              "NO-PATH @us-east-1", "REACH", "region us-east-1: outage"});
    record_add_reach(s->record, (RecordReach){"internet", "site[us-east-1].db", "tcp/5432", false, false, false,
                                              "NO-ROUTE", "NO-PATH @us-east-1", "NO-ROUTE", "route table data"});
    record_add_ledger(s->record, (RecordLedger){"users", 72000, 69400, 90, 2200});
    record_add_broken(s->record, (RecordBroken){0, "in flight in a dead region", 1810});
    record_add_broken(s->record, (RecordBroken){0, "stale dns", 600});
    record_add_broken(s->record, (RecordBroken){0, dressed(s, "overload", "<img src=x onerror=alert(1)>"), 100});
    record_add_cost(s->record,
                    (RecordCost){"site[us-east-1].web", "instance h", "price file 2024-06", 6, 96000, 576000});
    record_add_cost(s->record,
                    (RecordCost){"site[us-east-1].lb", "load balancer h", "price file 2024-06", 1, 22500, 22500});
    record_add_expectation(s->record,
                           (RecordExpectation){"new-sessions-recover", "failover_time p99 <= 3 min", "ADR-12", "holds",
                                               "2.97 min (2.9 to 3)", "<= 3 min", NULL, NULL, NULL, NULL});
    record_add_expectation(s->record, (RecordExpectation){"few-lost", "lost_sessions.new / sessions mean < 2 %",
                                                          "the contract", "missed", "3.48 % (3.44 to 3.52)", "< 2 %",
                                                          "replication 0, session 24113", "dns_ttl: 600 s",
                                                          "fails as it should", "a warning"});
    record_add_assumed(s->record, (RecordAssumed){"dns", "ttl", "60 s", "patterns/defaults/aws.yaml"});
    record_add_input(s->record,
                     (RecordInput){"multi-region-web.yaml", "pattern: multi-region-web\n# </script><script>\n"});
}

Record *sample_new(SampleShape shape) {
    Sample s = {.record = record_new(), .shape = shape};
    record_set_manifest(s.record, (RecordManifest){"0.1.0", 42, 400, "6d1c", "a90f", "77e2"});
    record_set_title(
        s.record,
        (RecordTitle){"multi-region-web", dressed(&s, "a region dies at peak", "<b>a \"region\" & dies</b>"),
                      "One stack copied to several regions behind a cloud WAF and health-checked DNS.",
                      "Losing a region costs the sessions in it and at most three minutes of new ones.", "aws"});
    record_set_run(s.record, (RecordRun){3600 * S, 900 * S, 0});
    add_places(&s);
    add_components(&s);
    add_flow(&s);
    add_links(&s);
    add_moments(&s);
    add_timeline(&s);
    add_series(&s);
    add_measures(&s);
    add_verdicts(&s);
    return s.record;
}

char *sample_json(SampleShape shape) {
    Record *record = sample_new(shape);
    char *json = record_to_json(record, NULL);
    record_free(record);
    return json;
}
