/* field_value.c - "50 ms" to a SimTime, by the row that asks for it: type, bounds, and what to write instead. */
#include "read/field_value.h"

#include <glib.h>
#include <string.h>

#include "base/bug.h"
#include "read/limits.h"
#include "read/text_check.h"

/* A quantity or law longer than this is no quantity; it also keeps messages short. */
enum { QUANTITY_TEXT_MOST = 120 };

typedef struct {
    Unit unit;
    const char *example;   /* when the row has no default to show */
    const char *unit_text; /* what is missing behind a bare number */
} TypeInfo;

static const TypeInfo type_info[] = {
    [FIELD_TYPE_TIME] = {UNIT_TIME, "30 s", "ms"},
    [FIELD_TYPE_LAW] = {UNIT_TIME, "exponential(180 s)", "s"},
    [FIELD_TYPE_RATE] = {UNIT_RATE, "20/s", "/s"},
    [FIELD_TYPE_SHARE] = {UNIT_SHARE, "5 %", "%"},
    [FIELD_TYPE_COUNT] = {UNIT_NONE, "3", ""},
    [FIELD_TYPE_BYTES] = {UNIT_BYTES, "10 MB", "MB"},
    [FIELD_TYPE_BITRATE] = {UNIT_BITRATE, "10 Gbit/s", "Mbit/s"},
    [FIELD_TYPE_MONEY] = {UNIT_MONEY, "$0.045", "$"},
    [FIELD_TYPE_BOOL] = {UNIT_NONE, "yes", ""},
    [FIELD_TYPE_WORD] = {UNIT_NONE, "", ""},
    [FIELD_TYPE_TEXT] = {UNIT_NONE, "", ""},
    [FIELD_TYPE_NAMES] = {UNIT_NONE, "[a, b]", ""},
    [FIELD_TYPE_NODE] = {UNIT_NONE, "", ""},
    [FIELD_TYPE_GROUP] = {UNIT_NONE, "{key: value}", ""},
};

Unit field_unit(const Field *row) { return type_info[row->type].unit; }

bool field_is_quantity(const Field *row) {
    switch (row->type) {
    case FIELD_TYPE_TIME:
    case FIELD_TYPE_RATE:
    case FIELD_TYPE_SHARE:
    case FIELD_TYPE_COUNT:
    case FIELD_TYPE_BYTES:
    case FIELD_TYPE_BITRATE:
    case FIELD_TYPE_MONEY: return true;
    default: return false;
    }
}

/* What a right value looks like here: best the default, which also has the right size. */
static const char *example_of(const Field *row) {
    bool has_default = row->otherwise != NULL && row->otherwise != FIELD_REQUIRED && row->otherwise[0] != '\0';
    return has_default ? row->otherwise : type_info[row->type].example;
}

/* --- numbers ------------------------------------------------------------------------------------------------------ */

/* Digits, or digits and decimals, and nothing else. */
static bool is_bare_number(const char *text) {
    size_t digits = strspn(text, "0123456789");
    if (digits > 0 && text[digits] == '.')
        digits += 1 + strspn(text + digits + 1, "0123456789");
    return digits > 0 && text[digits] == '\0';
}

/* The number with the unit of the row's default, so that the proposal is of the right size; else the usual unit. */
static char *with_unit(const Field *row, const char *number) {
    const char *unit = type_info[row->type].unit_text;
    if (row->type == FIELD_TYPE_MONEY)
        return g_strconcat("$", number, NULL);
    if (row->otherwise != NULL && row->otherwise != FIELD_REQUIRED && row->type != FIELD_TYPE_LAW) {
        const char *behind = row->otherwise + strspn(row->otherwise, "0123456789. ");
        if (*behind != '\0')
            unit = behind;
    }
    return g_strconcat(number, unit[0] == '/' ? "" : " ", unit, NULL);
}

/* Why a bare number is refused, or NULL when it may stand: counts, and shares between 0 and 1. */
static char *refuse_bare(const Field *row, const char *text, char **mend) {
    Unit unit = field_unit(row);
    int64_t ignored;
    char *why = NULL;
    if (unit == UNIT_NONE || !is_bare_number(text))
        return NULL;
    if (unit == UNIT_SHARE && quantity_parse(text, unit, &ignored, &why))
        return NULL;
    g_free(why);
    char *better = with_unit(row, text);
    *mend = g_strdup_printf("write %s, not %s", better, text);
    g_free(better);
    return g_strdup_printf("\"%s\" has no unit", text);
}

/* A bound of a table; one that cannot be read is our mistake, like a wrong default. */
static int64_t parse_bound(const Field *row, const char *text) {
    int64_t value = 0;
    char *why = NULL;
    BUG_IF(!quantity_parse(text, field_unit(row), &value, &why), text);
    return value;
}

/* Shares are 0 % to 100 % unless the row says otherwise; the unit parser itself refuses negative numbers. */
static bool check_bounds(const Field *row, const char *text, int64_t value, char **why, char **mend) {
    const char *most = row->most != NULL ? row->most : row->type == FIELD_TYPE_SHARE ? "100 %" : NULL;
    const char *what = row->type == FIELD_TYPE_LAW ? "the mean of " : "";
    if (row->least != NULL && value < parse_bound(row, row->least)) {
        *why = g_strdup_printf("%s%s is less than %s, the least allowed", what, text, row->least);
        *mend = g_strdup_printf("write %s or more", row->least);
        return false;
    }
    if (most != NULL && value > parse_bound(row, most)) {
        *why = g_strdup_printf("%s%s is more than %s, the most allowed", what, text, most);
        *mend = g_strdup_printf("write %s or less", most);
        return false;
    }
    return true;
}

/* Most reasons already say what to write; an example would only repeat it. */
static char *propose_example(const Field *row, const char *why) {
    return strstr(why, "write ") != NULL ? NULL : g_strdup_printf("write it like %s", example_of(row));
}

/* Times are a type of their own; all other numbers are stored as they are counted. */
static bool read_quantity(const Field *row, const char *text, void *member, char **why, char **mend) {
    int64_t value = 0;
    if ((*why = refuse_bare(row, text, mend)) != NULL)
        return false;
    if (!quantity_parse(text, field_unit(row), &value, why)) {
        *mend = propose_example(row, *why);
        return false;
    }
    if (!check_bounds(row, text, value, why, mend))
        return false;
    if (row->type == FIELD_TYPE_TIME)
        *(SimTime *)member = SIMTIME_NS(value);
    else
        *(int64_t *)member = value;
    return true;
}

/* A plain duration is a law, too: law_parse takes it as a constant. Bounds, where a row has them, hold for the mean. */
static bool read_law(const Field *row, const char *text, void *member, char **why, char **mend) {
    Law law;
    if ((*why = refuse_bare(row, text, mend)) != NULL)
        return false;
    if (!law_parse(text, &law, why)) {
        *mend = propose_example(row, *why);
        return false;
    }
    if ((row->least != NULL || row->most != NULL) && !check_bounds(row, text, law_mean(&law).ns, why, mend))
        return false;
    *(Law *)member = law;
    return true;
}

/* --- words -------------------------------------------------------------------------------------------------------- */

/* The nearest word, or the whole list when none is near. */
static char *suggestion(const char *text, const char *const *words) {
    const char *near = suggest_nearest(text, words);
    if (near != NULL)
        return g_strdup_printf("did you mean '%s'?", near);
    char *all = g_strjoinv(", ", (char **)words);
    char *mend = g_strdup_printf("write one of: %s", all);
    g_free(all);
    return mend;
}

/* The member becomes the index of the word, which the table's enum mirrors. Upper and lower case differ. */
static bool read_word(const Field *row, const char *text, void *member, char **why, char **mend) {
    for (int i = 0; row->words[i] != NULL; i++) {
        if (strcmp(row->words[i], text) == 0) {
            *(int *)member = i;
            return true;
        }
    }
    char *brief = text_brief(text);
    *why = g_strdup_printf("\"%s\" is not a word known here", brief);
    *mend = suggestion(text, row->words);
    g_free(brief);
    return false;
}

/* The six words of YAML 1.1, lower case; as text, so that a quoted "yes" means the same. */
static bool read_bool(const char *text, void *member, char **why, char **mend) {
    static const char *const words[] = {"false", "true", "no", "yes", "off", "on", NULL};
    for (int i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], text) == 0) {
            *(bool *)member = i % 2 == 1;
            return true;
        }
    }
    char *brief = text_brief(text);
    *why = g_strdup_printf("\"%s\" is neither yes nor no", brief);
    *mend = g_strdup("write yes or no");
    g_free(brief);
    return false;
}

bool field_from_text(const Field *row, const char *text, Tree *tree, void *member, char **why, char **mend) {
    bool counted = field_is_quantity(row) || row->type == FIELD_TYPE_LAW;
    if (row->type == FIELD_TYPE_TEXT) {
        *(const char **)member = tree_string(tree, text);
        return true;
    }
    if (text[0] == '\0') {
        *why = g_strdup("there is no value");
        *mend = row->type == FIELD_TYPE_WORD ? suggestion(text, row->words)
                                             : g_strdup_printf("write it like %s", example_of(row));
        return false;
    }
    if (counted && strlen(text) > QUANTITY_TEXT_MOST) {
        *why = g_strdup_printf("%zu bytes are too long for a number with a unit", strlen(text));
        *mend = g_strdup_printf("write it like %s", example_of(row));
        return false;
    }
    if (row->type == FIELD_TYPE_LAW)
        return read_law(row, text, member, why, mend);
    if (row->type == FIELD_TYPE_WORD)
        return read_word(row, text, member, why, mend);
    if (row->type == FIELD_TYPE_BOOL)
        return read_bool(text, member, why, mend);
    BUG_IF(!counted, "the row is no text");
    return read_quantity(row, text, member, why, mend);
}

/* --- nodes -------------------------------------------------------------------------------------------------------- */

/* One entry of a list of names. What a name may be called beyond its length is for the model to say. */
static bool check_name(const char *label, const Node *node, Diagnostics *diagnostics) {
    if (node->broken)
        return false;
    if (node->type != NODE_SCALAR)
        diag_error(diagnostics, node->mark, "write a name", "'%s': a name must be text, not %s", label,
                   node_type_name(node));
    else if (node->text[0] == '\0')
        diag_error(diagnostics, node->mark, "write a name, or [] for none", "'%s': a name is empty", label);
    else if (strlen(node->text) > READ_NAME_MOST)
        diag_error(diagnostics, node->mark, NULL, "'%s': a name of %zu bytes is longer than %d, the most allowed",
                   label, strlen(node->text), READ_NAME_MOST);
    else
        return true;
    return false;
}

static int compare_names(const void *a, const void *b) {
    return strcmp((*(const Node *const *)a)->text, (*(const Node *const *)b)->text);
}

/* The same name twice is a slip; sorted, because lists from the input may be long. */
static bool check_named_once(const char *label, const Node *list, Diagnostics *diagnostics) {
    const Node **sorted = g_new(const Node *, list->count);
    memcpy(sorted, list->items, list->count * sizeof *sorted);
    qsort(sorted, list->count, sizeof *sorted, compare_names);
    bool good = true;
    for (size_t i = 1; i < list->count && good; i++) {
        const Node *a = sorted[i - 1], *b = sorted[i];
        if (strcmp(a->text, b->text) != 0)
            continue;
        bool a_is_later =
            a->mark.line > b->mark.line || (a->mark.line == b->mark.line && a->mark.column > b->mark.column);
        diag_error(diagnostics, a_is_later ? a->mark : b->mark, "delete one of the two", "'%s': \"%s\" stands twice",
                   label, a->text);
        good = false;
    }
    g_free(sorted);
    return good;
}

/* A single name is a list of one. Texts and marks are copied, since the node may belong to a provider's tree. */
static bool read_names(const char *label, const Node *node, Tree *tree, NameList *names, Diagnostics *diagnostics) {
    const Node *const *items = node->type == NODE_SCALAR ? &node : (const Node *const *)node->items;
    size_t count = node->type == NODE_SCALAR ? 1 : node->count;
    const char **texts = tree_alloc(tree, count * sizeof *texts);
    Mark *marks = tree_alloc(tree, count * sizeof *marks);
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        if (!check_name(label, items[i], diagnostics)) {
            good = false;
            continue;
        }
        texts[i] = tree_string(tree, items[i]->text);
        marks[i] = items[i]->mark;
    }
    if (good && node->type == NODE_LIST && count > 1)
        good = check_named_once(label, node, diagnostics);
    if (good)
        *names = (NameList){texts, marks, count};
    return good;
}

/* A list or map where one value belongs, or a map where names belong. */
static bool refuse_type(const Field *row, const char *label, const Node *node, Diagnostics *diagnostics) {
    const char *example = example_of(row);
    char *mend = row->type == FIELD_TYPE_WORD ? suggestion("", row->words)
                 : example[0] != '\0'         ? g_strdup_printf("write it like %s", example)
                                              : NULL;
    diag_error(diagnostics, node->mark, mend,
               row->type == FIELD_TYPE_NAMES ? "'%s' takes a name or a list (%s), found %s"
                                             : "'%s' takes a single value (%s), found %s",
               label, field_type_name(row), node_type_name(node));
    g_free(mend);
    return false;
}

bool field_from_node(const Field *row, const char *label, const Node *node, Tree *tree, void *member,
                     Diagnostics *diagnostics) {
    if (node->broken)
        return false;
    if (row->type == FIELD_TYPE_NODE) {
        *(const Node **)member = node;
        return true;
    }
    if (row->type == FIELD_TYPE_NAMES && node->type != NODE_MAP)
        return read_names(label, node, tree, member, diagnostics);
    if (row->type == FIELD_TYPE_NAMES || node->type != NODE_SCALAR)
        return refuse_type(row, label, node, diagnostics);
    char *why = NULL, *mend = NULL;
    bool good = field_from_text(row, node->text, tree, member, &why, &mend);
    if (!good)
        diag_error(diagnostics, node->mark, mend, "'%s': %s", label, why);
    g_free(why);
    g_free(mend);
    return good;
}

bool field_value(const Field *row, const Node *node, Tree *tree, void *member, Diagnostics *diagnostics) {
    BUG_IF(row->type == FIELD_TYPE_GROUP, "a group is read with fields_read");
    return field_from_node(row, row->name != NULL ? row->name : "value", node, tree, member, diagnostics);
}
