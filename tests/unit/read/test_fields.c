/* test_fields.c - rows fill a spec: what the user wrote, else the provider, else the row; and every default is listed.
 */
#include "read/fields.h"

#include <glib.h>
#include <string.h>

#include "tests/unit/read/reading.h"

typedef struct {
    SimTime every;
    int64_t fail_after;
} Probe;

typedef struct {
    SimTime ttl;
    Law boot;
    int64_t serves, writes, count, disk, uplink, price;
    bool sticky;
    int policy;
    const char *about;
    NameList targets;
    const Node *rules;
    Probe probe;
} Spec;

static const char *const policies[] = {"latency", "weighted", "failover", NULL};

static const Field probe_fields[] = {
    FIELD_TIME(Probe, every, "30 s", "time between two probes", "Route 53 guide"),
    FIELD_COUNT(Probe, fail_after, "3", "1", "10", "failures in a row", NULL),
    FIELD_END,
};

static const Field spec_fields[] = {
    FIELD_TIME(Spec, ttl, "60 s", "how long an answer is kept", "RFC 1035"),
    FIELD_LAW(Spec, boot, "uniform(60 s to 120 s)", "from launch to ready", NULL),
    FIELD_RATE(Spec, serves, "50/s", "requests one instance answers", NULL),
    FIELD_SHARE(Spec, writes, "10 %", "share of requests that write", NULL),
    FIELD_COUNT(Spec, count, "2", "1", "100", "instances", NULL),
    FIELD_BYTES(Spec, disk, "10 GB", "room for data", NULL),
    FIELD_BITRATE(Spec, uplink, "10 Gbit/s", "capacity of the link", NULL),
    FIELD_ROW(Spec, price, FIELD_TYPE_MONEY, "$0.1", NULL, NULL, "of an hour", NULL),
    FIELD_BOOL(Spec, sticky, "no", "a session stays with its instance", NULL),
    FIELD_WORD(Spec, policy, policies, "latency", "how an answer is chosen", NULL),
    FIELD_TEXT(Spec, about, NULL, "a line for people"),
    FIELD_NAMES(Spec, targets, FIELD_REQUIRED, "what it points to"),
    FIELD_NODE(Spec, rules, "left to the owner"),
    FIELD_GROUP(Spec, probe, probe_fields, "how targets are probed"),
    FIELD_END,
};

typedef struct {
    Reading reading;
    AssumedList *assumed;
    Spec spec;
    bool good;
} Case;

static void case_init(Case *c, const char *text, const char *const *known) {
    *c = (Case){.assumed = assumed_new()};
    reading_init(&c->reading, text);
    const Node *provider = node_get(c->reading.root, "provider"), *map = node_get(c->reading.root, "dns");
    c->good = fields_read(spec_fields, map, provider, known, c->reading.tree, "edge.dns", &c->spec, c->assumed,
                          c->reading.diagnostics);
}

static void case_clear(Case *c) {
    assumed_free(c->assumed);
    reading_clear(&c->reading);
}

static void test_every_type(void) {
    Case c;
    case_init(&c,
              "dns:\n  ttl: 1.5 min\n  boot: exponential(180 s)\n  serves: 90/min\n  writes: '0.02'\n  count: 7\n"
              "  disk: 4 KiB\n  uplink: 100 Mbit/s\n  price: $0.045\n  sticky: 'on'\n  policy: failover\n"
              "  about: caf\xC3\xA9\n  targets: [a, b]\n  rules: {x: 1}\n  probe: {every: 10 s, fail_after: 2}\n",
              NULL);
    assert_messages(&c.reading, "");
    g_assert_true(c.good);
    g_assert_cmpint(c.spec.ttl.ns, ==, INT64_C(90000000000));
    g_assert_cmpint(c.spec.boot.kind, ==, LAW_EXPONENTIAL);
    g_assert_cmpint(c.spec.boot.a.ns, ==, INT64_C(180000000000));
    g_assert_cmpint(c.spec.serves, ==, INT64_C(1500000000));
    g_assert_cmpint(c.spec.writes, ==, 20000000);
    g_assert_cmpint(c.spec.count, ==, 7);
    g_assert_cmpint(c.spec.disk, ==, 4096);
    g_assert_cmpint(c.spec.uplink, ==, 100000000);
    g_assert_cmpint(c.spec.price, ==, 45000);
    g_assert_true(c.spec.sticky);
    g_assert_cmpint(c.spec.policy, ==, 2);
    g_assert_cmpstr(c.spec.about, ==, "caf\xC3\xA9");
    g_assert_cmpuint(c.spec.targets.count, ==, 2);
    g_assert_cmpstr(c.spec.targets.names[1], ==, "b");
    g_assert_cmpuint(c.spec.targets.marks[1].column, ==, 16);
    g_assert_cmpstr(node_get(c.spec.rules, "x")->text, ==, "1");
    g_assert_cmpint(c.spec.probe.every.ns, ==, INT64_C(10000000000));
    g_assert_cmpint(c.spec.probe.fail_after, ==, 2);
    g_assert_cmpuint(assumed_count(c.assumed), ==, 0);
    case_clear(&c);
}

static void test_law_takes_a_time(void) {
    Case c;
    case_init(&c, "dns: {targets: a, boot: 45 s}\n", NULL);
    g_assert_true(c.good);
    g_assert_cmpint(c.spec.boot.kind, ==, LAW_CONSTANT);
    g_assert_cmpint(c.spec.boot.a.ns, ==, INT64_C(45000000000));
    g_assert_cmpuint(c.spec.targets.count, ==, 1);
    case_clear(&c);
}

static void test_bool_words(void) {
    static const char *const words[] = {"no", "yes", "false", "true", "off", "on"};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        Case c;
        char *text = g_strdup_printf("dns: {targets: a, sticky: %s}\n", words[i]);
        case_init(&c, text, NULL);
        g_assert_true(c.good);
        g_assert_true(c.spec.sticky == (i % 2 == 1));
        case_clear(&c);
        g_free(text);
    }
}

/* Bounds are inclusive, and a share ends at 100 % though its row names no bounds. */
static void test_bounds(void) {
    static const Field share = {.name = "part", .type = FIELD_TYPE_SHARE};
    Case c;
    case_init(&c, "dns: {targets: a, count: 100, writes: 100 %, probe: {fail_after: 1}}\n", NULL);
    assert_messages(&c.reading, "");
    case_clear(&c);
    Reading reading;
    reading_init(&reading, "[100 %, 100.1 %]\n");
    int64_t part = 0;
    g_assert_true(field_value(&share, reading.root->items[0], reading.tree, &part, reading.diagnostics));
    g_assert_cmpint(part, ==, 1000000000);
    g_assert_false(field_value(&share, reading.root->items[1], reading.tree, &part, reading.diagnostics));
    assert_messages(&reading, "1:9: error: 'part': 100.1 % is more than 100 %, the most allowed");
    reading_clear(&reading);
}

static void test_name_twice(void) {
    Case c;
    case_init(&c, "dns: {targets: [a, b, a]}\n", NULL);
    assert_messages(&c.reading, "1:23: error: 'targets': \"a\" stands twice");
    g_assert_false(c.good);
    g_assert_cmpuint(c.spec.targets.count, ==, 0);
    case_clear(&c);
}

static void assert_assumed(const AssumedList *list, const char *wanted) {
    GString *all = g_string_new(NULL);
    for (size_t i = 0; i < assumed_count(list); i++) {
        const Assumed *row = assumed_at(list, i);
        g_string_append_printf(all, "%s %s = %s (%s)\n", row->owner, row->key, row->value, row->source);
    }
    g_assert_cmpstr(all->str, ==, wanted);
    g_string_free(all, TRUE);
    g_assert_null(assumed_at(list, assumed_count(list)));
}

/* User over provider over row; dotted keys for groups; absent rows without a default are not listed. */
static void test_defaults(void) {
    Case c;
    case_init(&c,
              "dns: {targets: a, count: 5}\n"
              "provider:\n  ttl: {value: 30 s, source: the provider's page}\n  count: 9\n  disk: 20 GB\n"
              "  probe: {every: {value: 5 s, source: probes page}}\n",
              NULL);
    assert_messages(&c.reading, "");
    g_assert_true(c.good);
    g_assert_cmpint(c.spec.ttl.ns, ==, INT64_C(30000000000));
    g_assert_cmpint(c.spec.count, ==, 5);
    g_assert_cmpint(c.spec.probe.every.ns, ==, INT64_C(5000000000));
    g_assert_cmpint(c.spec.probe.fail_after, ==, 3);
    g_assert_null(c.spec.about);
    g_assert_null(c.spec.rules);
    assert_assumed(c.assumed, "edge.dns ttl = 30 s (the provider's page)\n"
                              "edge.dns boot = uniform(60 s to 120 s) (assumption)\n"
                              "edge.dns serves = 50/s (assumption)\n"
                              "edge.dns writes = 10 % (assumption)\n"
                              "edge.dns disk = 20 GB (provider default)\n"
                              "edge.dns uplink = 10 Gbit/s (assumption)\n"
                              "edge.dns price = $0.1 (assumption)\n"
                              "edge.dns sticky = no (assumption)\n"
                              "edge.dns policy = latency (assumption)\n"
                              "edge.dns probe.every = 5 s (probes page)\n"
                              "edge.dns probe.fail_after = 3 (assumption)\n");
    case_clear(&c);
}

/* The list outlives tables and trees. */
static void test_assumed_owns_its_texts(void) {
    AssumedList *list = assumed_new();
    char *text = g_strdup("gone soon");
    assumed_add(list, text, text, text, text);
    memset(text, 'x', strlen(text));
    g_free(text);
    assert_assumed(list, "gone soon gone soon = gone soon (gone soon)\n");
    assumed_free(list);
    assumed_free(NULL);
}

static void test_known_keys(void) {
    static const char *const known[] = {"kind", "subnet", NULL};
    Case c;
    case_init(&c, "dns: {targets: a, kind: dns, subnet: x, subnets: y}\n", known);
    assert_messages(&c.reading, "1:41: error: unknown key 'subnets' in edge.dns");
    char *printed = reading_printed(c.reading.diagnostics);
    g_assert_nonnull(strstr(printed, "mend: did you mean 'subnet'?"));
    g_free(printed);
    g_assert_false(c.good);
    case_clear(&c);
}

/* One wrong row does not hide the next, and what was right is filled in. */
static void test_goes_on(void) {
    Case c;
    case_init(&c, "dns: {ttl: 50, tll: 1, count: 5.0, probe: {every: x, fail_after: 11}, disk: 1 MB}\n", NULL);
    assert_messages(&c.reading, "1:6: error: 'targets' is missing in edge.dns\n"
                                "1:12: error: 'ttl': \"50\" has no unit\n"
                                "1:16: error: unknown key 'tll' in edge.dns\n"
                                "1:31: error: 'count': \"5.0\" is not a whole number\n"
                                "1:51: error: 'probe.every': \"x\" is not a quantity like 30 s: it does not begin with "
                                "a number\n"
                                "1:66: error: 'probe.fail_after': 11 is more than 10, the most allowed");
    g_assert_false(c.good);
    g_assert_cmpint(c.spec.disk, ==, 1000000);
    case_clear(&c);
}

/* What the reader has complained about already is not complained about again. */
static void test_broken_is_silent(void) {
    Case c;
    case_init(&c, "dns: {targets: a, ttl: *x, boot: lognormal(1 s, 2 s)}\n", NULL);
    assert_messages(&c.reading, "1:24: error: aliases (*x) are not allowed\n"
                                "1:34: error: the '(' is not closed before this value ends");
    g_assert_false(c.good);
    case_clear(&c);
}

static void test_nothing_written(void) {
    Case c;
    case_init(&c, "other: 1\n", NULL); /* no map at all */
    assert_messages(&c.reading, "error: 'targets' is missing in edge.dns");
    case_clear(&c);
    case_init(&c, "dns:\n  targets: a\n  probe:\n", NULL); /* a key with nothing under it */
    assert_messages(&c.reading, "");
    g_assert_cmpint(c.spec.probe.fail_after, ==, 3);
    case_clear(&c);
    case_init(&c, "dns: {targets: []}\n", NULL);
    assert_messages(&c.reading, "");
    g_assert_cmpuint(c.spec.targets.count, ==, 0);
    case_clear(&c);
}

/* The limit on complaints keeps a map full of strangers from taking seconds. */
static void test_many_strangers(void) {
    GString *text = g_string_new("dns:\n  targets: a\n");
    for (int i = 0; i < 5000; i++)
        g_string_append_printf(text, "  stranger%d: 1\n", i);
    Case c;
    case_init(&c, text->str, NULL);
    g_assert_cmpuint(diagnostics_errors(c.reading.diagnostics), ==, 100);
    case_clear(&c);
    g_string_free(text, TRUE);
}

static void test_check_provider(void) {
    Reading reading;
    reading_init(&reading, "ttl: {value: 30 s, source: x}\ncount: 500\nprobe: {evry: 3 s, every: [1]}\nzone: 1\n");
    g_assert_false(fields_check_provider(spec_fields, reading.root, reading.tree, reading.diagnostics));
    assert_messages(&reading, "2:8: error: 'count': 500 is more than 100, the most allowed\n"
                              "3:9: error: unknown key 'evry' in probe\n"
                              "3:27: error: 'probe.every' takes a single value (time), found a list\n"
                              "4:1: error: unknown key 'zone' in a provider's defaults");
    reading_clear(&reading);
    reading_init(&reading, "ttl: {value: 30 s, source: x}\nprobe: {every: 3 s}\ntargets: a\nboot: 3 s\n");
    g_assert_true(fields_check_provider(spec_fields, reading.root, reading.tree, reading.diagnostics));
    assert_messages(&reading, "");
    g_assert_true(fields_check_provider(spec_fields, NULL, reading.tree, reading.diagnostics));
    reading_clear(&reading);
}

static void test_single_value(void) {
    static const Field row = {.name = "at", .type = FIELD_TYPE_TIME, .least = "1 s", .most = "1 h"};
    static const Field nameless = {.type = FIELD_TYPE_COUNT};
    Reading reading;
    reading_init(&reading, "[20 min, 2 h, '3', {a: b}, 1 ms]\n");
    SimTime at = SIMTIME_ZERO;
    int64_t count = 0;
    g_assert_true(field_value(&row, reading.root->items[0], reading.tree, &at, reading.diagnostics));
    g_assert_cmpint(at.ns, ==, INT64_C(1200000000000));
    g_assert_false(field_value(&row, reading.root->items[1], reading.tree, &at, reading.diagnostics));
    g_assert_true(field_value(&nameless, reading.root->items[2], reading.tree, &count, reading.diagnostics));
    g_assert_cmpint(count, ==, 3);
    g_assert_false(field_value(&nameless, reading.root->items[3], reading.tree, &count, reading.diagnostics));
    g_assert_false(field_value(&row, reading.root->items[4], reading.tree, &at, reading.diagnostics));
    assert_messages(&reading, "1:10: error: 'at': 2 h is more than 1 h, the most allowed\n"
                              "1:20: error: 'value' takes a single value (count), found a map\n"
                              "1:28: error: 'at': 1 ms is less than 1 s, the least allowed");
    reading_clear(&reading);
}

/* Printed values read back to the same. */
static void test_text(void) {
    static const struct {
        const char *name, *wanted;
    } cases[] = {
        {"ttl", "90 s"},
        {"boot", "exponential(3 min)"},
        {"serves", "1.5/s"},
        {"writes", "2 %"},
        {"count", "7"},
        {"disk", "4 KiB"},
        {"sticky", "yes"},
        {"policy", "failover"},
        {"about", "a: b"},
        {"probe.every", "10 s"},
        {"probe.fail_after", "3"},
        {"targets", NULL},
        {"none", NULL},
        {"probe.none", NULL},
        {"ttlx", NULL},
        {"probe", NULL},
    };
    Case c;
    case_init(
        &c,
        "dns: {targets: a, ttl: 90 s, boot: exponential(180 s), serves: 1.5/s, writes: 0.02, count: 7, disk: 4096 B,"
        " sticky: on, policy: failover, about: 'a: b', probe: {every: 10 s}}\n",
        NULL);
    assert_messages(&c.reading, "");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *text = fields_text(spec_fields, &c.spec, cases[i].name);
        g_assert_cmpstr(text, ==, cases[i].wanted);
        g_free(text);
    }
    case_clear(&c);
}

static void append_row(const Field *row, const char *dotted_name, void *user) {
    g_string_append_printf(user, "%s: %s\n", dotted_name, field_type_name(row));
}

static void test_each(void) {
    GString *all = g_string_new(NULL);
    fields_each(spec_fields, append_row, all);
    g_assert_cmpstr(all->str, ==,
                    "ttl: time\nboot: law of time\nserves: rate\nwrites: share\ncount: count\ndisk: size\n"
                    "uplink: bit rate\nprice: money\nsticky: yes or no\npolicy: word\nabout: text\ntargets: names\n"
                    "rules: anything\nprobe: group\nprobe.every: time\nprobe.fail_after: count\n");
    g_string_free(all, TRUE);
}

/* A wrong default in a table is our mistake, found when the row is first read. */
static void test_wrong_table(void) {
    if (g_test_subprocess()) {
        static const Field wrong[] = {FIELD_TIME(Probe, every, "30", "lacks its unit", NULL), FIELD_END};
        Probe probe = {0};
        Tree *tree = tree_new();
        fields_read(wrong, NULL, NULL, NULL, tree, "x", &probe, NULL, diagnostics_new());
        return;
    }
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*every*");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/read/fields/every-type", test_every_type);
    g_test_add_func("/read/fields/law-takes-a-time", test_law_takes_a_time);
    g_test_add_func("/read/fields/bool-words", test_bool_words);
    g_test_add_func("/read/fields/bounds", test_bounds);
    g_test_add_func("/read/fields/name-twice", test_name_twice);
    g_test_add_func("/read/fields/defaults", test_defaults);
    g_test_add_func("/read/fields/assumed-owns-its-texts", test_assumed_owns_its_texts);
    g_test_add_func("/read/fields/known-keys", test_known_keys);
    g_test_add_func("/read/fields/goes-on", test_goes_on);
    g_test_add_func("/read/fields/broken-is-silent", test_broken_is_silent);
    g_test_add_func("/read/fields/nothing-written", test_nothing_written);
    g_test_add_func("/read/fields/many-strangers", test_many_strangers);
    g_test_add_func("/read/fields/check-provider", test_check_provider);
    g_test_add_func("/read/fields/single-value", test_single_value);
    g_test_add_func("/read/fields/text", test_text);
    g_test_add_func("/read/fields/each", test_each);
    g_test_add_func("/read/fields/wrong-table", test_wrong_table);
    return g_test_run();
}
