/* differences.c - two documents side by side: matched rows first, then whatever else is not the same. */
#include "commands/differences.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/quantity.h"
#include "study/study.h"

enum { PATHS_MOST = 3 }; /* of a section that no table holds: enough to see what it is about */

static void difference_free(gpointer pointer) {
    Difference *difference = pointer;
    g_free(difference->name);
    g_free(difference->a);
    g_free(difference->b);
    g_free(difference->change);
    g_free(difference);
}

static void add(GPtrArray *out, const char *section, char *name, char *a, char *b, char *change) {
    Difference *difference = g_new(Difference, 1);
    *difference = (Difference){section, name, a, b, change};
    g_ptr_array_add(out, difference);
}

/* ---- Values ------------------------------------------------------------------------------ */

static const char *text_of(const JsonIn *object, const char *key) {
    const JsonIn *value = json_in_get(object, key);
    return json_in_is_string(value) ? json_in_string(value, NULL) : NULL;
}

static double number_of(const JsonIn *object, const char *key) {
    const JsonIn *value = json_in_get(object, key);
    return json_in_is_number(value) ? json_in_double(value, NULL) : (double)NAN;
}

/* A value as it stands in the document, on one line. */
static char *plain(const JsonIn *value) {
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    if (value == NULL || json_in_is_null(value))
        return g_strdup("none");
    if (json_in_is_string(value))
        return g_strdup(json_in_string(value, NULL));
    if (json_in_is_int(value))
        return g_strdup_printf("%" G_GINT64_FORMAT, json_in_int(value, NULL));
    if (json_in_is_number(value))
        return g_strdup(g_ascii_dtostr(digits, sizeof digits, json_in_double(value, NULL)));
    if (json_in_is_bool(value))
        return g_strdup(json_in_bool(value, NULL) ? "yes" : "no");
    return g_strdup_printf("%s of %" G_GSIZE_FORMAT, json_in_is_array(value) ? "a list" : "an object",
                           json_in_count(value));
}

static bool same(const JsonIn *a, const JsonIn *b);

/* All members are the same, but perhaps the one of that key (NULL: none is left out). */
static bool same_besides(const JsonIn *a, const JsonIn *b, const char *besides) {
    bool equal = json_in_count(a) == json_in_count(b);
    for (size_t i = 0; equal && i < json_in_count(a); i++) {
        const char *key = json_in_key(json_in_at(a, i));
        equal = g_strcmp0(key, besides) == 0 || same(json_in_at(a, i), json_in_get(b, key));
    }
    return equal;
}

static bool same(const JsonIn *a, const JsonIn *b) {
    if (json_in_is_object(a) && json_in_is_object(b))
        return same_besides(a, b, NULL);
    if (json_in_is_array(a) && json_in_is_array(b)) {
        bool equal = json_in_count(a) == json_in_count(b);
        for (size_t i = 0; equal && i < json_in_count(a); i++)
            equal = same(json_in_at(a, i), json_in_at(b, i));
        return equal;
    }
    bool both = json_in_is_object(a) || json_in_is_object(b) || json_in_is_array(a) || json_in_is_array(b);
    char *x = plain(a), *y = plain(b);
    bool equal = !both && strcmp(x, y) == 0;
    g_free(x);
    g_free(y);
    return equal;
}

/* A number of a measure in its own unit. */
static char *measured(const JsonIn *measure, const char *key) {
    const char *unit = text_of(measure, "unit");
    double value = number_of(measure, key);
    if (isnan(value))
        return NULL;
    if (g_strcmp0(unit, "ns") == 0)
        return value_text(value, UNIT_TIME);
    if (g_strcmp0(unit, "1") == 0)
        return value_text(value * 1e9, UNIT_SHARE);
    if (g_strcmp0(unit, "microdollars") == 0)
        return value_text(value, UNIT_MONEY);
    return value_text(value, g_strcmp0(unit, "bytes") == 0 ? UNIT_BYTES : UNIT_NONE);
}

static char *change_text(double a, double b) {
    if (isnan(a) || isnan(b) || !(a > 0) || !(b >= 0))
        return NULL;
    double percent = (b / a - 1) * 100;
    if (fabs(percent) < 0.05)
        return NULL;
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(digits, sizeof digits, fabs(percent) < 10 ? "%+.1f" : "%+.0f", percent);
    return g_strconcat(digits, " %", NULL);
}

/* ---- Tables whose rows are known by some of their keys ----------------------------------- */

/* What a row says for people; NULL: nothing worth saying. */
typedef char *(*RowText)(const JsonIn *row);

typedef struct {
    const char *section;
    const char *places[2]; /* where it stands in a record, and in a report */
    const char *keys[4];   /* of which a row is known; NULL ends them */
    RowText text, more;    /* `more`: where `text` is the same of both; NULL: nothing more to say */
    const char *number;    /* whose change is told in percent; NULL: none */
    const char *counts;    /* the replications behind a row, which differ where the manifests say so; NULL: nothing */
} Table;

static char *measure_text(const JsonIn *row) {
    char *mean = measured(row, "mean");
    return mean ? mean : g_strdup("no value");
}

/* "2.35 min (2.31 min to 2.4 min), 3 never": where the mean alone is the same. */
static char *measure_long_text(const JsonIn *row) {
    char *mean = measure_text(row), *low = measured(row, "low"), *high = measured(row, "high");
    double never = number_of(row, "never");
    GString *text = g_string_new(mean);
    if (low && high)
        g_string_append_printf(text, " (%s to %s)", low, high);
    if (never > 0)
        g_string_append_printf(text, ", %.0f never", never);
    g_free(mean);
    g_free(low);
    g_free(high);
    return g_string_free(text, FALSE);
}

static char *expectation_text(const JsonIn *row) {
    const char *verdict = text_of(row, "verdict"), *value = text_of(row, "measured");
    return g_strdup_printf("%s%s%s", verdict ? verdict : "none", value ? ": " : "", value ? value : "");
}

/* Verdicts at the three moments, once where they agree. */
static char *reach_text(const JsonIn *row) {
    const char *before = text_of(row, "before"), *during = text_of(row, "during"), *after = text_of(row, "after");
    before = before ? before : "not asked";
    during = during ? during : "not asked";
    after = after ? after : "not asked";
    if (strcmp(before, during) == 0 && strcmp(before, after) == 0)
        return g_strdup(before);
    return g_strdup_printf("%s, then %s, then %s", before, during, after);
}

static char *cost_text(const JsonIn *row) {
    return quantity_brief((int64_t)number_of(row, "per_h_microdollars"), UNIT_MONEY);
}

static char *phase_text(const JsonIn *row) { return quantity_brief((int64_t)number_of(row, "mean_ns"), UNIT_TIME); }

static const Table tables[] = {
    {"expectations", {"expectations", NULL}, {"id"}, expectation_text, NULL, NULL, NULL},
    {"measures", {"measures", NULL}, {"name", "of"}, measure_text, measure_long_text, "mean", "count"},
    {"phases", {"phases", NULL}, {"fault", "phase"}, phase_text, NULL, "mean_ns", NULL},
    {"reachability", {"reach", "reachability"}, {"from", "to", "port"}, reach_text, NULL, NULL, NULL},
    {"cost per hour", {"cost", "cost_per_hour"}, {"item"}, cost_text, NULL, "per_h_microdollars", NULL},
};

static const JsonIn *table_at(const Table *table, const JsonIn *root) {
    const JsonIn *found = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(table->places) && !found; i++)
        found = table->places[i] ? json_in_get(root, table->places[i]) : NULL;
    return found;
}

/* "failover_time[visitors]", "internet -> site.db tcp/5432": the keys of a row, joined as one writes them. */
static char *row_name(const Table *table, const JsonIn *row) {
    char *parts[3] = {NULL};
    for (size_t i = 0; i < G_N_ELEMENTS(parts) && table->keys[i]; i++)
        parts[i] = json_in_get(row, table->keys[i]) ? plain(json_in_get(row, table->keys[i])) : NULL;
    char *name = parts[2] ? g_strdup_printf("%s -> %s %s", parts[0], parts[1], parts[2])
                 : parts[1]
                     ? g_strdup_printf(strcmp(table->section, "phases") ? "%s[%s]" : "fault %s: %s", parts[0], parts[1])
                     : g_strdup(parts[0] ? parts[0] : "?");
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        g_free(parts[i]);
    return name;
}

typedef struct {
    char *name;
    const JsonIn *a, *b;
    size_t order;
} Pair;

static int by_name(gconstpointer x, gconstpointer y) {
    const Pair *a = x, *b = y;
    int order = strcmp(a->name, b->name);
    return order ? order : (a->b != NULL) - (b->b != NULL);
}

static int by_order(gconstpointer x, gconstpointer y) {
    const Pair *a = x, *b = y;
    return (a->order > b->order) - (a->order < b->order);
}

/* Rows of both under their names; those that only b has come last. O(rows log rows). */
static GArray *pairs_of(const Table *table, const JsonIn *a, const JsonIn *b) {
    GArray *pairs = g_array_new(FALSE, FALSE, sizeof(Pair));
    size_t from_a = json_in_count(a);
    for (size_t i = 0; i < from_a + json_in_count(b); i++) {
        const JsonIn *row = i < from_a ? json_in_at(a, i) : json_in_at(b, i - from_a);
        Pair pair = {row_name(table, row), i < from_a ? row : NULL, i < from_a ? NULL : row, i};
        g_array_append_val(pairs, pair);
    }
    g_array_sort(pairs, by_name);
    guint kept = 0;
    for (guint i = 0; i < pairs->len; i++) {
        Pair *pair = &g_array_index(pairs, Pair, i);
        Pair *last = kept ? &g_array_index(pairs, Pair, kept - 1) : NULL;
        if (last && !last->b && pair->b && strcmp(last->name, pair->name) == 0) {
            last->b = pair->b;
            g_free(pair->name);
        } else {
            g_array_index(pairs, Pair, kept++) = *pair;
        }
    }
    g_array_set_size(pairs, kept);
    g_array_sort(pairs, by_order);
    return pairs;
}

static void add_pair(GPtrArray *out, const Table *table, const Pair *pair) {
    char *a = pair->a ? table->text(pair->a) : NULL, *b = pair->b ? table->text(pair->b) : NULL, *change = NULL;
    if (a && b && table->number)
        change = change_text(number_of(pair->a, table->number), number_of(pair->b, table->number));
    if (a && b && table->more && strcmp(a, b) == 0) {
        g_free(a);
        g_free(b);
        a = table->more(pair->a);
        b = table->more(pair->b);
    }
    add(out, table->section, pair->name, a, b, change);
}

static bool as_many(const JsonIn *a, const JsonIn *b) {
    const JsonIn *x = json_in_get(a, "manifest"), *y = json_in_get(b, "manifest");
    return same(json_in_get(x, "replications"), json_in_get(y, "replications"));
}

static void add_table(GPtrArray *out, const Table *table, const JsonIn *a, const JsonIn *b) {
    const char *besides = as_many(a, b) ? NULL : table->counts;
    GArray *pairs = pairs_of(table, table_at(table, a), table_at(table, b));
    for (guint i = 0; i < pairs->len; i++) {
        Pair *pair = &g_array_index(pairs, Pair, i);
        if (pair->a && pair->b && same_besides(pair->a, pair->b, besides)) {
            g_free(pair->name);
            continue;
        }
        add_pair(out, table, pair);
    }
    g_array_free(pairs, TRUE);
}

/* ---- The ledger: one row for each account and cause ------------------------------------- */

static const Table causes = {"ledger", {NULL}, {"cause"}, NULL, NULL, NULL, NULL};
static const Table populations = {"ledger", {"ledger", NULL}, {"population"}, NULL, NULL, NULL, NULL};

static void add_count(GPtrArray *out, const char *population, const char *what, const JsonIn *a, const JsonIn *b) {
    char *x = a ? plain(a) : NULL, *y = b ? plain(b) : NULL;
    double from = json_in_is_number(a) ? json_in_double(a, NULL) : (double)NAN;
    double to = json_in_is_number(b) ? json_in_double(b, NULL) : (double)NAN;
    if (g_strcmp0(x, y) != 0) {
        add(out, "ledger", g_strdup_printf("%s: %s", population, what), x, y, change_text(from, to));
        return;
    }
    g_free(x);
    g_free(y);
}

static void add_population(GPtrArray *out, const char *name, const JsonIn *a, const JsonIn *b) {
    static const char *const accounts[] = {"arrived", "completed", "active", "reestablished"};
    for (size_t i = 0; i < G_N_ELEMENTS(accounts); i++)
        add_count(out, name, accounts[i], json_in_get(a, accounts[i]), json_in_get(b, accounts[i]));
    GArray *pairs = pairs_of(&causes, json_in_get(a, "broken"), json_in_get(b, "broken"));
    for (guint i = 0; i < pairs->len; i++) {
        Pair *pair = &g_array_index(pairs, Pair, i);
        add_count(out, name, pair->name, json_in_get(pair->a, "sessions"), json_in_get(pair->b, "sessions"));
        g_free(pair->name);
    }
    g_array_free(pairs, TRUE);
}

static void add_ledger(GPtrArray *out, const JsonIn *a, const JsonIn *b) {
    GArray *pairs = pairs_of(&populations, json_in_get(a, "ledger"), json_in_get(b, "ledger"));
    for (guint i = 0; i < pairs->len; i++) {
        Pair *pair = &g_array_index(pairs, Pair, i);
        add_population(out, pair->name, pair->a, pair->b);
        g_free(pair->name);
    }
    g_array_free(pairs, TRUE);
}

/* ---- Everything else --------------------------------------------------------------------- */

/* Digests are for machines: their beginning tells people enough. */
static char *short_plain(const char *key, const JsonIn *value) {
    enum { DIGITS = 12 };
    char *text = plain(value);
    bool digest = g_str_has_suffix(key, "_sha256") || g_str_has_suffix(key, "_digest");
    if (digest && strlen(text) > DIGITS)
        text[DIGITS] = '\0';
    return text;
}

static void add_object(GPtrArray *out, const char *section, const JsonIn *a, const JsonIn *b) {
    for (size_t i = 0; i < json_in_count(a); i++) {
        const JsonIn *x = json_in_at(a, i), *y = json_in_get(b, json_in_key(x));
        if (!same(x, y))
            add(out, section, g_strdup(json_in_key(x)), short_plain(json_in_key(x), x), short_plain(json_in_key(x), y),
                NULL);
    }
    for (size_t i = 0; i < json_in_count(b); i++)
        if (!json_in_get(a, json_in_key(json_in_at(b, i))) && !json_in_is_null(json_in_at(b, i)))
            add(out, section, g_strdup(json_in_key(json_in_at(b, i))), g_strdup("none"), plain(json_in_at(b, i)), NULL);
}

static bool has_table(const char *key) {
    bool found = strcmp(key, "manifest") == 0 || strcmp(key, "title") == 0 || strcmp(key, "ledger") == 0;
    for (size_t t = 0; t < G_N_ELEMENTS(tables); t++)
        for (size_t i = 0; i < G_N_ELEMENTS(tables[t].places); i++)
            found = found || g_strcmp0(tables[t].places[i], key) == 0;
    return found;
}

/* Member i of the object, then of the other; NULL where it lacks the other's key. *twin: the same of the other. */
static const JsonIn *member_of(const JsonIn *object, const JsonIn *other, size_t i, const JsonIn **twin) {
    size_t count = json_in_count(object);
    const JsonIn *member = i < count ? json_in_at(object, i) : json_in_at(other, i - count);
    const char *key = json_in_key(member);
    *twin = i < count ? json_in_get(other, key) : member;
    return i < count ? member : json_in_get(object, key);
}

/* Leaves that differ, in order; `left` counts down, and below zero only counts. A missing one is NULL. */
static void walk(GPtrArray *out, const char *section, const JsonIn *a, const JsonIn *b, int *left) {
    bool objects = json_in_is_object(a) && json_in_is_object(b), lists = json_in_is_array(a) && json_in_is_array(b);
    if (same(a, b))
        return;
    if (objects) {
        for (size_t i = 0; i < json_in_count(a) + json_in_count(b); i++) {
            const JsonIn *y, *x = member_of(a, b, i, &y);
            if (i < json_in_count(a) || !x) /* those of b that a has, too, have had their turn */
                walk(out, section, x, y, left);
        }
    } else if (lists && json_in_count(a) == json_in_count(b)) {
        for (size_t i = 0; i < json_in_count(a); i++)
            walk(out, section, json_in_at(a, i), json_in_at(b, i), left);
    } else if ((*left)-- > 0) {
        add(out, section, json_in_path(a ? a : b), plain(a), plain(b), NULL);
    }
}

static void add_rest(GPtrArray *out, const JsonIn *a, const JsonIn *b) {
    for (size_t i = 0; i < json_in_count(a) + json_in_count(b); i++) {
        const JsonIn *y, *x = member_of(a, b, i, &y);
        const char *key = json_in_key(x ? x : y);
        int left = PATHS_MOST;
        if (has_table(key) || (i >= json_in_count(a) && x))
            continue;
        walk(out, key, x, y, &left);
        if (left < 0)
            add(out, key, g_strdup_printf("and %d more", -left), NULL, NULL, NULL);
    }
}

GPtrArray *differences_of(const JsonIn *a, const JsonIn *b) {
    GPtrArray *out = g_ptr_array_new_with_free_func(difference_free);
    add_object(out, "manifest", json_in_get(a, "manifest"), json_in_get(b, "manifest"));
    add_object(out, "title", json_in_get(a, "title"), json_in_get(b, "title"));
    for (size_t t = 0; t < G_N_ELEMENTS(tables); t++)
        add_table(out, &tables[t], a, b);
    add_ledger(out, a, b);
    add_rest(out, a, b);
    return out;
}
