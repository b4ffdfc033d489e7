/* sample.c - fills records by hand. */
#include "tests/unit/report/sample.h"

#include <math.h>

#define S INT64_C(1000000000)

static void add_expectations(Record *record) {
    record_add_expectation(record, (RecordExpectation){.id = "new-sessions-recover",
                                                       .text = "p99 of failover_time <= 3 min",
                                                       .because = "ADR-12",
                                                       .verdict = "holds",
                                                       .measured = "2.71 min (2.66 min to 2.75 min)",
                                                       .bound = "<= 3 min"});
    record_add_expectation(record, (RecordExpectation){.id = "few-lost",
                                                       .text = "mean of lost_sessions.new / sessions < 2 %",
                                                       .verdict = "missed",
                                                       .measured = "3.21 % (3.1 % to 3.3 %)",
                                                       .bound = "< 2 %",
                                                       .counterexample = "replication 0: 3.4 %",
                                                       .but_text = "dns_ttl: 600 s",
                                                       .but_verdict = "fails as it should"});
    record_add_expectation(record, (RecordExpectation){.id = "db-stays-private",
                                                       .text = "not reachable(internet -> site.db)",
                                                       .verdict = "undecided",
                                                       .counterexample = "reachability was not looked at",
                                                       .but_text = "stacks.site.components.db.public: yes",
                                                       .but_verdict = "still holds"});
}

static void add_measure(Record *record, const char *name, const char *unit, double mean, double spread, int64_t count) {
    record_add_measure(record, (RecordMeasure){name, NULL, unit, "none", "warm-up to end", count, 0, mean,
                                               mean - spread / 10, mean + spread / 10, mean - spread, mean,
                                               mean + spread / 2, mean + spread, mean + 2 * spread});
}

static void add_measures(Record *record) {
    add_measure(record, "availability", "1", 0.955, 0.01, 400);
    add_measure(record, "client_failover_time", "ns", 41e9, 30e9, 40000);
    add_measure(record, "data_loss", "writes", 3.4, 2, 400);
    add_measure(record, "data_loss.lag", "ns", 1.2e9, 0.3e9, 400);
    add_measure(record, "detection_time", "ns", 12.4e9, 5e9, 400);
    add_measure(record, "failover_time", "ns", 132.6e9, 15e9, 400);
    add_measure(record, "failover_time.detect", "ns", 72.6e9, 5e9, 400);
    add_measure(record, "failover_time.publish", "ns", 0, 0, 400);
    add_measure(record, "failover_time.client_cache", "ns", 50.2e9, 5e9, 400);
    add_measure(record, "failover_time.rebalance", "ns", 9.8e9, 1e9, 400);
    add_measure(record, "overload_time", "ns", 14e9, 3e9, 400);
    add_measure(record, "reestablish_time", "ns", 21.5e9, 10e9, 300000);
    add_measure(record, "request_latency", "ns", 0.21e9, 0.1e9, 34000000);
    add_measure(record, "success_rate", "1", 0.99213, 0.001, 400);
    add_measure(record, "success_rate.new", "1", 0.9682, 0.001, 400);
}

static void add_series(Record *record) {
    int64_t good[120], broken[120];
    for (int i = 0; i < 120; i++) {
        bool bad = i >= 40 && i < 45;
        good[i] = bad ? 300 : 600;
        broken[i] = bad ? 300 : 0;
    }
    record_add_series(record, (RecordSeries){"good", NULL, "sessions", 30 * S, good, 120});
    record_add_series(record, (RecordSeries){"broken", NULL, "sessions", 30 * S, broken, 120});
    int64_t steady[120], growing[120];
    for (int i = 0; i < 120; i++) {
        steady[i] = 2;
        growing[i] = i < 44 ? 4 : i < 60 ? 11 : 7;
    }
    record_add_series(record, (RecordSeries){"serving", "site[eu-west-1].db", "units", 30 * S, steady, 120});
    record_add_series(record, (RecordSeries){"serving", "site[eu-west-1].web", "units", 30 * S, growing, 120});
}

static void add_sessions(Record *record) {
    uint32_t america =
        record_add_ledger(record, (RecordLedger){"visitors-america", 14400000, 13900000, 240000, 200000});
    record_add_broken(record, (RecordBroken){america, "in flight in a place that died", 250000});
    record_add_broken(record, (RecordBroken){america, "sent there by a stale DNS answer", 10000});
    uint32_t europe = record_add_ledger(record, (RecordLedger){"visitors-europe", 14400000, 14160000, 240000, 0});
    (void)europe;
}

static void add_design(Record *record) {
    record_add_reach(record, (RecordReach){"internet", "site[us-east-1].lb", "tcp/443", true, false, true, "REACH",
                                           "NO-PATH", "REACH", "region us-east-1"});
    record_add_reach(record, (RecordReach){"site[us-east-1].web", "site[us-east-1].db", "tcp/5432", true, false, false,
                                           "REACH", "REACH", "REACH", NULL});
    record_add_reach(record, (RecordReach){"site[eu-west-1].a-component-with-a-rather-long-name", "site[eu-west-1].db",
                                           "tcp/5432", false, true, false, "REACH", "REACH", "REACH",
                                           "security group site[eu-west-1].db inbound rule 2"});
    record_add_cost(record, (RecordCost){"instance_hour", "instance-hour", "assumption", 9.25, 85000, 786250});
    record_add_cost(record, (RecordCost){"inter_region_gb", "GB", "assumption", 1.5, 20000, 30000});
}

Record *sample_record(void) {
    Record *record = record_new();
    record_set_manifest(record, (RecordManifest){"0.1.0", 42, 400, "3f2a9c01d27788990011", "81bd33aa021122334455",
                                                 "77aa10f2b9aabbccddee"});
    record_set_title(record,
                     (RecordTitle){"multi-region-web", "a region dies at peak", "One stack copied to several regions.",
                                   "Losing a region costs the sessions in it and at most three minutes of new ones.",
                                   "aws"});
    record_set_run(record, (RecordRun){3600 * S, 900 * S, 0});
    record_add_fault(record, (RecordFault){"fail region us-east-1 at 20 min for 30 min", 1200 * S, 3000 * S});
    add_expectations(record);
    add_measures(record);
    record_add_phase(record, (RecordPhase){0, "detect", 72600000000, true});
    record_add_phase(record, (RecordPhase){0, "client cache", 50200000000, false});
    add_series(record);
    add_sessions(record);
    add_design(record);
    return record;
}

Record *sample_empty(void) {
    Record *record = record_new();
    record_set_manifest(record, (RecordManifest){"0.1.0", 1, 1, NULL, NULL, NULL});
    record_set_title(record, (RecordTitle){.pattern = "bare"});
    return record;
}
