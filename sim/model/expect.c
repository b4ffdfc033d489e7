/* expect.c - what a scenario says must hold: bounds of metrics, and who can reach whom. */
#include <string.h>

#include "model/build.h"

/* --- bounds ------------------------------------------------------------------------------------------------------- */

/* Longer signs first: "<=" begins with "<". */
const char *comparison_read(const char *text, Comparison *comparison) {
    static const struct {
        const char *sign;
        Comparison comparison;
    } signs[] = {{"<=", COMPARE_LESS_EQUAL}, {">=", COMPARE_GREATER_EQUAL}, {"==", COMPARE_EQUAL},
                 {"<", COMPARE_LESS},        {">", COMPARE_GREATER},        {"=", COMPARE_EQUAL}};
    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
        size_t length = strlen(signs[i].sign);
        if (strncmp(text, signs[i].sign, length) == 0) {
            *comparison = signs[i].comparison;
            return text + length + strspn(text + length, " ");
        }
    }
    return NULL;
}

/* The unit that the text itself has. */
static bool value_read(const char *text, Unit *unit, int64_t *value) {
    *unit = UNIT_TIME;
    *value = INT64_MAX;
    if (strcmp(text, "never") == 0)
        return true;
    static const Unit units[] = {UNIT_NONE, UNIT_TIME, UNIT_SHARE, UNIT_RATE, UNIT_BYTES, UNIT_MONEY, UNIT_BITRATE};
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        char *why = NULL;
        bool good = quantity_parse(text, units[i], value, &why);
        g_free(why);
        *unit = units[i];
        if (good)
            return true;
    }
    return false;
}

/* For mends: what a bound of that unit looks like. */
static const char *unit_word(Unit unit) {
    static const char *const words[] = {"a whole number",
                                        "a time, such as 3 min",
                                        "a number of bytes, such as 2 MB",
                                        "a share, such as 2 %",
                                        "a rate, such as 20/s",
                                        "a bit rate, such as 10 Mbit/s",
                                        "an amount of money, such as $0.05"};
    return words[unit];
}

/* A ratio has no unit of its own: `0.02`, `2 %` and `2` are all parts of one. */
static void ratio_scale(Expect *expect) {
    if (expect->bound_unit != UNIT_NONE)
        return;
    expect->bound_unit = UNIT_SHARE;
    if (__builtin_mul_overflow(expect->bound, WHOLE, &expect->bound))
        expect->bound = INT64_MAX - 1;
}

/* A bound must say which side it is on: "3 min" could be the most or the least. */
static bool bound_read(Build *build, const Node *node, const MetricRow *metric, Expect *expect) {
    const char *text = scalar_of(build, node, "a bound");
    if (text == NULL)
        return false;
    const char *value = comparison_read(text, &expect->comparison);
    expect->bound_text = text;
    if (value == NULL) {
        complain(build, node->mark, keep(build, "write \"<= %s\"", text),
                 "'%s' does not say whether it is the most or the least", text);
        return false;
    }
    if (!value_read(value, &expect->bound_unit, &expect->bound)) {
        complain(build, node->mark, "write it like \"<= 3 min\", \"< 2 %\" or \">= 100\"", "'%s' is no quantity",
                 value);
        return false;
    }
    if (expect->denominator != NULL) {
        ratio_scale(expect);
    } else if (metric != NULL && metric->unit != expect->bound_unit) { /* 0.02 reads as a share, 0 as a count */
        char *why = NULL;
        bool fits = quantity_parse(value, metric->unit, &expect->bound, &why);
        g_free(why);
        if (!fits) {
            complain(build, node->mark, keep(build, "write %s", unit_word(metric->unit)),
                     "'%s' does not have the unit of %s", value, metric->name);
            return false;
        }
        expect->bound_unit = metric->unit;
    }
    return true;
}

/* --- statistics --------------------------------------------------------------------------------------------------- */

/* Beside expect_statistics. */
static void statistic_set(uint32_t index, Expect *expect) {
    static const Statistic statistics[EXPECT_STATISTICS] = {STATISTIC_MEAN,     STATISTIC_QUANTILE, STATISTIC_QUANTILE,
                                                            STATISTIC_QUANTILE, STATISTIC_QUANTILE, STATISTIC_QUANTILE,
                                                            STATISTIC_MIN,      STATISTIC_MAX,      STATISTIC_EVERY};
    static const int64_t quantiles[EXPECT_STATISTICS] = {0,         500000000, 900000000, 950000000, 990000000,
                                                         999000000, 0,         0,         0};
    expect->statistic = statistics[index];
    expect->quantile = quantiles[index];
    expect->statistic_text = expect_statistics[index];
}

/* --- metrics ------------------------------------------------------------------------------------------------------ */

/* Without a list of metrics every name is taken: whoever measures will know. */
static const MetricRow *metric_find(Build *build, const char *name, Mark mark, bool *good) {
    GPtrArray *names = g_ptr_array_new();
    const MetricRow *found = NULL;
    for (const MetricRow *row = build->request->metrics; row != NULL && row->name != NULL && found == NULL; row++) {
        g_ptr_array_add(names, (char *)row->name);
        size_t length = strlen(row->name); /* `lost_sessions.new` is a part of `lost_sessions` */
        found = strncmp(row->name, name, length) == 0 && (name[length] == '\0' || name[length] == '.') ? row : NULL;
    }
    *good = *good && (found != NULL || build->request->metrics == NULL);
    if (found == NULL && build->request->metrics != NULL)
        complain_name(build, mark, name, names, "metrics known", "there is no metric '%s'", name);
    else
        g_ptr_array_free(names, TRUE);
    return found;
}

/* Exactly one bound an expectation, so that each has one verdict. */
static bool measure_read(Build *build, const ExpectKeys *keys, const Node *node, Expect *expect) {
    uint32_t found = 0, index = 0;
    for (uint32_t i = 0; i < EXPECT_STATISTICS; i++) {
        if (keys->bounds[i] != NULL && found++ == 0)
            index = i;
    }
    if (found > 1) {
        complain(build, node->mark, "write two expectations", "expectation '%s' says several bounds", expect->id);
        return false;
    }
    if (found == 0) {
        complain(build, node->mark, "add one of mean, p50, p90, p95, p99, p99.9, min, max or every: \"<= 3 min\"",
                 "expectation '%s' says no bound", expect->id);
        return false;
    }
    bool good = true;
    char **sides = g_strsplit(keys->metric[0] != '\0' ? keys->metric : " ", "/", 3); /* never no part at all */
    Mark mark = node_get(node, "metric")->mark;
    expect->metric = tree_string(build->tree, g_strstrip(sides[0]));
    expect->denominator = sides[1] != NULL ? tree_string(build->tree, g_strstrip(sides[1])) : NULL;
    const MetricRow *metric = NULL;
    if (expect->metric[0] == '\0' || (sides[1] != NULL && (expect->denominator[0] == '\0' || sides[2] != NULL))) {
        complain(build, mark, "write metric, or metric / metric", "'%s' is no metric and no ratio of two",
                 keys->metric);
        good = false;
    } else {
        metric = metric_find(build, expect->metric, mark, &good);
        if (expect->denominator != NULL)
            metric_find(build, expect->denominator, mark, &good);
    }
    g_strfreev(sides);
    statistic_set(index, expect);
    good = bound_read(build, keys->bounds[index], metric, expect) && good;
    const char *of = keys->of != NULL ? keep(build, "[%s]", keys->of) : "";
    expect->text =
        good ? keep(build, "%s of %s%s %s", expect->statistic_text, keys->metric, of, expect->bound_text) : "";
    return good;
}

/* --- at ----------------------------------------------------------------------------------------------------------- */

static bool at_read(Build *build, const ExpectKeys *keys, Expect *expect) {
    static const Field row = {.name = "at", .type = FIELD_TYPE_TIME};
    expect->has_at = keys->at != NULL;
    if (!expect->has_at)
        return true;
    if (!field_value(&row, keys->at, build->tree, &expect->at, build->diagnostics))
        return false;
    if (expect->at.ns > build->model->run.until.ns) {
        complain(build, keys->at->mark, "choose an earlier instant", "the run ends before '%s'", keys->at->text);
        return false;
    }
    return true;
}

/* --- waivers ------------------------------------------------------------------------------------------------------ */

static bool not_blank(Build *build, const Node *map, const char *key, const char *value) {
    bool good = value[strspn(value, " ")] != '\0';
    if (!good)
        complain(build, node_get(map, key)->mark, "say it, for those who read this later", "'%s' of a waiver is empty",
                 key);
    return good;
}

static bool waiver_read(Build *build, const Node *node, const char *id, Waiver *waiver) {
    WaiverKeys keys = {0};
    if (!read_quietly(build, waiver_keys, node, keep(build, "waiver of '%s'", id), &keys))
        return false;
    *waiver = (Waiver){true, {0}, keys.until, keys.owner, keys.because, node->mark};
    char *why, *mend;
    bool good = date_parse(keys.until, &waiver->until, &why, &mend);
    if (!good)
        complain(build, node_get(node, "until")->mark, mend, "'until': %s", why);
    g_free(why);
    g_free(mend);
    good = not_blank(build, node, "owner", keys.owner) && good;
    return not_blank(build, node, "because", keys.because) && good;
}

/* --- all ---------------------------------------------------------------------------------------------------------- */

/* The two forms share no keys but id, because, but, severity and waiver. */
static bool form_check(Build *build, const ExpectKeys *keys, const Node *node) {
    if ((keys->metric != NULL) == (keys->that != NULL)) {
        complain(build, node->mark, "metric: and a bound, or that: \"reachable(a -> b)\"",
                 "expectation '%s' must have either metric or that", keys->id);
        return false;
    }
    for (uint32_t i = 0; keys->that != NULL && i < EXPECT_STATISTICS; i++) {
        if (keys->bounds[i] != NULL) {
            complain(build, node_key_mark(node, expect_statistics[i]), "leave it out", "'that' has no %s",
                     expect_statistics[i]);
            return false;
        }
    }
    if (keys->that != NULL && keys->of != NULL) {
        complain(build, node_key_mark(node, "of"), "leave it out", "'of' belongs to 'metric'");
        return false;
    }
    if (keys->metric != NULL && (keys->at != NULL || node_get(node, "some") != NULL)) {
        complain(build, node_key_mark(node, keys->at != NULL ? "at" : "some"), "leave it out",
                 "'at' and 'some' belong to 'that'");
        return false;
    }
    return true;
}

/* A change that changes nothing would be a test that tests nothing. */
static bool but_read(Build *build, const Node *node, const char *id) {
    ButKeys keys = {0};
    if (!read_quietly(build, but_keys, node, keep(build, "but of '%s'", id), &keys))
        return false;
    bool good = keys.set != NULL && keys.set->type == NODE_MAP && keys.set->count > 0;
    if (!good && (keys.set == NULL || !keys.set->broken))
        complain(build, keys.set != NULL ? keys.set->mark : node->mark, "write but: {set: {dns_ttl: 600 s}}",
                 "the but of '%s' changes nothing", id);
    return good;
}

static bool expect_read(Build *build, const Node *node, Expect *expect) {
    ExpectKeys keys = {0};
    *expect = (Expect){.mark = node->mark};
    if (!read_quietly(build, expect_keys, node, "an expectation", &keys) || !form_check(build, &keys, node))
        return false;
    expect->id = keys.id;
    expect->because = keys.because;
    expect->of = keys.of;
    expect->some = keys.some;
    expect->but = keys.but;
    expect->severity = (ExpectSeverity)keys.severity;
    bool good = name_is_good(build, keys.id, node_get(node, "id")->mark, "an expectation");
    good = (keys.waiver == NULL || waiver_read(build, keys.waiver, keys.id, &expect->waiver)) && good;
    good = (keys.but == NULL || but_read(build, keys.but, keys.id)) && good;
    expect->kind = EXPECT_MEASURE;
    if (keys.metric != NULL)
        return measure_read(build, &keys, node, expect) && good;
    expect->text = keys.that;
    good = claim_read(build, keys.that, node_get(node, "that")->mark, expect) && good;
    return at_read(build, &keys, expect) && good;
}

void expects_build(Build *build) {
    GArray *expects = g_array_new(FALSE, FALSE, sizeof(Expect));
    uint32_t count;
    const Node *const *items = list_of(build, build->scenario.expect, "expect",
                                       "write - {id: a, metric: failover_time, p99: \"<= 3 min\"}", &count);
    for (uint32_t i = 0; i < count; i++) {
        Expect expect;
        if (items[i]->broken || !expect_read(build, items[i], &expect))
            continue;
        for (guint k = 0; k < expects->len; k++) {
            if (strcmp(g_array_index(expects, Expect, k).id, expect.id) == 0)
                complain(build, expect.mark, "choose another id", "there is an expectation '%s' already", expect.id);
        }
        g_array_append_val(expects, expect);
    }
    build->model->expects = keep_array(build, expects, &build->model->expect_count);
}
