/* test_merge.c - the law of merging: any split of the replications, merged in any order, is the whole, byte for byte.
 */
#include <string.h>

#include "measure/timemap.h"
#include "tests/unit/measure/story.h"

enum { REPLICATIONS = 9 };

static MeasureSetup setup_of(Story *story) {
    story_fault(story, "zone a", 100, 200);
    story_fault(story, "zone b", 350, 100);
    return story->setup;
}

typedef struct {
    MeasureSet *set;
    GRand *luck;
    uint32_t serials[2];
} Run;

static bool chance(Run *run, double share) { return g_rand_double(run->luck) < share; }

static void see(Run *run, double at, Fact fact) {
    fact.at = at_s(at);
    measure_set_see(run->set, &fact);
}

/* A session with everything that can happen to it, at one instant: order of time is kept by the caller. */
static void random_session(Run *run, double at) {
    ComponentId population = chance(run, 0.5) ? AMERICA : EUROPE;
    uint32_t serial = run->serials[population]++;
    bool again = serial > 3 && chance(run, 0.2), established = chance(run, 0.7);
    int64_t resolver = g_rand_int_range(run->luck, 0, 5);
    see(run, at,
        (Fact){.kind = FACT_ARRIVED,
               .component = population,
               .subject = serial,
               .amount = resolver,
               .other = again ? serial - 2 : UINT32_MAX});
    if (established)
        see(run, at, (Fact){.kind = FACT_ESTABLISHED, .component = population, .subject = serial, .amount = resolver});
    for (int i = 0; established && i < 3; i++)
        see(run, at,
            (Fact){.kind = FACT_SERVED,
                   .component = population,
                   .subject = serial,
                   .span = SIMTIME_NS(g_rand_int_range(run->luck, 0, 2000000000))});
    Cause cause = (Cause)g_rand_int_range(run->luck, CAUSE_SILENT, CAUSES);
    uint32_t rule = (uint32_t)g_rand_int_range(run->luck, 0, STORY_ELEMENTS);
    uint8_t flags = (uint8_t)((established ? BROKEN_ESTABLISHED : 0) | (chance(run, 0.5) ? BROKEN_UNDER_FAULT : 0));
    if (!established || chance(run, 0.3)) {
        see(run, at,
            (Fact){.kind = FACT_FAILED, .component = population, .subject = serial, .cause = cause, .flags = flags});
        see(run, at,
            (Fact){.kind = FACT_BROKEN,
                   .component = population,
                   .subject = serial,
                   .cause = cause,
                   .rule = rule,
                   .flags = flags});
    } else if (chance(run, 0.8)) {
        see(run, at, (Fact){.kind = FACT_COMPLETED, .component = population, .subject = serial});
    }
}

static void random_replication(MeasureSet *set, uint64_t replication) {
    Run run = {set, g_rand_new_with_seed((guint32)replication + 1), {0, 0}};
    measure_set_begin(set, replication);
    see(&run, 0,
        (Fact){.kind = FACT_UNIT, .component = WEB_A, .unit = 40, .other = UNIT_ABSENT, .amount = UNIT_SERVING});
    double fault_at[] = {100, 350};
    uint32_t faults = 0;
    for (double at = 1; at < 590; at += g_rand_double_range(run.luck, 0.1, 5)) {
        while (faults < 2 && fault_at[faults] <= at) {
            see(&run, at, (Fact){.kind = FACT_FAULT_BEGAN, .subject = faults++});
            see(&run, at, (Fact){.kind = FACT_NOTICED, .component = DNS, .amount = 0});
        }
        random_session(&run, at);
    }
    if (chance(&run, 0.4)) /* columns that only some replications have */
        see(&run, 595, (Fact){.kind = FACT_WRITES_GONE, .component = DB_A, .amount = 3, .span = SIMTIME_S(1)});
    measure_set_end(set, NULL);
    g_rand_free(run.luck);
}

static void test_merge(void) {
    Story *story = story_new();
    MeasureSetup setup = setup_of(story);
    story->setup = setup;
    MeasureSet *whole = measure_set_new(&story->setup);
    for (uint64_t r = 0; r < REPLICATIONS; r++)
        random_replication(whole, r);
    char *expected = set_text(whole);
    g_assert_cmpint((int)strlen(expected), >, 5000);
    GRand *luck = g_rand_new_with_seed(3);
    for (int split = 0; split < 20; split++) {
        enum { PARTS = 4 };
        MeasureSet *parts[PARTS];
        for (int p = 0; p < PARTS; p++)
            parts[p] = measure_set_new(&story->setup);
        for (uint64_t i = 0; i < REPLICATIONS; i++) { /* in any order, too: 2 has no factor in common with 9 */
            uint64_t r = split % 2 ? i : i * 2 % REPLICATIONS;
            random_replication(parts[g_rand_int_range(luck, 0, PARTS)], r);
        }
        int first = g_rand_int_range(luck, 0, PARTS);
        for (int p = 1; p < PARTS; p++)
            measure_set_merge(parts[first], parts[(first + p) % PARTS]);
        char *merged = set_text(parts[first]);
        g_assert_cmpstr(merged, ==, expected);
        g_assert_cmpuint(measure_set_replications(parts[first]), ==, REPLICATIONS);
        g_free(merged);
        for (int p = 0; p < PARTS; p++)
            measure_set_free(parts[p]);
    }
    g_rand_free(luck);
    g_free(expected);
    measure_set_free(whole);
    story_free(story);
}

static GByteArray *packed(const MeasureSetup *setup, uint64_t replication) {
    MeasureSet *alone = measure_set_new(setup);
    GByteArray *bytes = g_byte_array_new();
    random_replication(alone, replication);
    measure_set_pack(alone, replication == 0, bytes);
    measure_set_free(alone);
    return bytes;
}

/* Each replication by itself, as bytes, in any order: the whole. */
static void test_bytes(void) {
    Story *story = story_new();
    MeasureSetup setup = setup_of(story);
    story->setup = setup;
    MeasureSet *whole = measure_set_new(&story->setup), *taken = measure_set_new(&story->setup);
    for (uint64_t i = 0; i < REPLICATIONS; i++) {
        random_replication(whole, i);
        GByteArray *bytes = packed(&story->setup, i * 2 % REPLICATIONS);
        Unpack from = {bytes->data, bytes->data + bytes->len, false};
        g_assert_true(measure_set_unpack(taken, &from));
        g_assert_true(unpack_done(&from));
        from = (Unpack){bytes->data, bytes->data + bytes->len, false};
        g_assert_false(measure_set_unpack(taken, &from)); /* the same twice */
        g_byte_array_free(bytes, TRUE);
    }
    char *expected = set_text(whole), *text = set_text(taken);
    g_assert_cmpstr(text, ==, expected);
    g_free(expected);
    g_free(text);
    measure_set_forget(taken);
    g_assert_cmpuint(measure_set_replications(taken), ==, 0);
    random_replication(taken, 3);
    measure_set_forget(whole);
    random_replication(whole, 3);
    expected = set_text(whole);
    text = set_text(taken);
    g_assert_cmpstr(text, ==, expected);
    g_free(expected);
    g_free(text);
    measure_set_free(whole);
    measure_set_free(taken);
    story_free(story);
}

/* Each replication has its own values, and a count of 0 where it counted nothing. */
static void test_zeros(void) {
    Story *story = story_new();
    MeasureSetup setup = setup_of(story);
    story->setup = setup;
    MeasureSet *whole = measure_set_new(&story->setup);
    for (uint64_t r = 0; r < REPLICATIONS; r++)
        random_replication(whole, r);
    const MeasureColumn *const *columns;
    uint32_t count = measure_set_columns(whole, &columns), zeros = 0;
    for (uint64_t r = 0; r < REPLICATIONS; r++) {
        MeasureSet *alone = measure_set_new(&story->setup);
        random_replication(alone, r);
        for (uint32_t i = 0; i < count; i++) {
            const MeasureColumn *column = columns[i];
            if (column->pool || measure_unit(column) != UNIT_NONE || (column->by && column->by[0] == '#'))
                continue;
            char *name = g_strdup_printf("%s%s%s", column->info->name, column->part ? "." : "",
                                         column->part ? column->part->name : "");
            const MeasureColumn *own = measure_find_by(alone, name, column->of, column->by);
            g_assert_cmpuint(column->count, ==, REPLICATIONS);
            g_assert_cmpint(column->samples[r].value, ==, own ? own->samples[0].value : 0);
            zeros += own == NULL;
            g_free(name);
        }
        measure_set_free(alone);
    }
    g_assert_cmpuint(zeros, >, 0);
    measure_set_free(whole);
    story_free(story);
}

/* A cut is refused; wrong bytes are refused or mean something else: never a crash or an endless loop. */
static void test_wrong_bytes(void) {
    Story *story = story_new();
    MeasureSetup setup = setup_of(story);
    story->setup = setup;
    GByteArray *bytes = packed(&story->setup, 0);
    GRand *luck = g_rand_new_with_seed(17);
    for (int i = 0; i < 3000; i++) {
        MeasureSet *set = measure_set_new(&story->setup);
        guint length = i % 2 ? bytes->len : (guint)g_rand_int_range(luck, 0, (gint32)bytes->len);
        uint8_t *copy = g_memdup2(bytes->data, length ? length : 1);
        for (int wrong = 0; length == bytes->len && wrong < 1 + i % 3; wrong++)
            copy[g_rand_int_range(luck, 0, (gint32)length)] = (uint8_t)g_rand_int_range(luck, 0, 256);
        Unpack from = {copy, copy + length, false};
        bool taken = measure_set_unpack(set, &from);
        g_assert_false(taken && length < bytes->len);
        g_free(copy);
        measure_set_free(set);
    }
    g_rand_free(luck);
    g_byte_array_free(bytes, TRUE);
    story_free(story);
}

/* What one replication leaves behind is nothing: running another one before does not change its values. */
static void test_no_memory(void) {
    Story *story = story_new();
    MeasureSetup setup = setup_of(story);
    story->setup = setup;
    MeasureSet *alone = measure_set_new(&story->setup), *after = measure_set_new(&story->setup);
    random_replication(alone, 5);
    random_replication(after, 2);
    random_replication(after, 5);
    const MeasureColumn *const *columns;
    uint32_t count = measure_set_columns(alone, &columns);
    for (uint32_t i = 0; i < count; i++) {
        char *name = measure_column_name(columns[i]);
        const MeasureColumn *other = measure_find_by(after, name, columns[i]->of, columns[i]->by);
        g_assert_nonnull(other);
        if (columns[i]->count)
            g_assert_cmpint(columns[i]->samples[0].value, ==, other->samples[other->count - 1].value);
        g_free(name);
    }
    measure_set_free(alone);
    measure_set_free(after);
    story_free(story);
}

static void test_twice(void) {
    if (g_test_subprocess()) {
        Story *story = story_new();
        story_open(story);
        measure_set_end(story->set, NULL);
        measure_set_begin(story->set, 0);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*same replication twice*");
}

/* A map of sessions against GLib's. */
static void test_timemap(void) {
    TimeMap map = {0};
    GHashTable *model = g_hash_table_new(NULL, NULL);
    GRand *luck = g_rand_new_with_seed(11);
    for (int i = 0; i < 200000; i++) {
        uint64_t key = (uint64_t)g_rand_int_range(luck, 0, 700) << (i % 2 ? 32 : 0);
        SimTime value;
        if (g_rand_boolean(luck)) {
            timemap_put(&map, key, SIMTIME_NS(i));
            g_hash_table_insert(model, GSIZE_TO_POINTER(key + 1), GINT_TO_POINTER(i));
        } else {
            gpointer expected;
            bool there = g_hash_table_lookup_extended(model, GSIZE_TO_POINTER(key + 1), NULL, &expected);
            g_assert_true(timemap_take(&map, key, &value) == there);
            if (there)
                g_assert_cmpint(value.ns, ==, GPOINTER_TO_INT(expected));
            g_hash_table_remove(model, GSIZE_TO_POINTER(key + 1));
        }
        g_assert_cmpint(map.used, ==, g_hash_table_size(model));
    }
    timemap_empty(&map);
    SimTime value;
    g_assert_false(timemap_take(&map, 1, &value));
    timemap_clear(&map);
    g_rand_free(luck);
    g_hash_table_destroy(model);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/merge/any split is the whole", test_merge);
    g_test_add_func("/merge/zeros", test_zeros);
    g_test_add_func("/merge/as bytes", test_bytes);
    g_test_add_func("/merge/wrong bytes", test_wrong_bytes);
    g_test_add_func("/merge/no memory", test_no_memory);
    g_test_add_func("/merge/the same twice", test_twice);
    g_test_add_func("/merge/timemap", test_timemap);
    return g_test_run();
}
