/* parameters.c - puts the values of a pattern's parameters where `${name}` stands. */
#include "read/parameters.h"

#include <glib.h>
#include <string.h>

#include "base/law.h"
#include "base/quantity.h"
#include "read/limits.h"
#include "read/substitute.h"
#include "read/text_check.h"
#include "read/tree_private.h"

typedef struct {
    const Node *otherwise;
    const char *least, *most, *about;
} Declaration;

/* `default` is a word of C, so this row is written out. */
static const Field declaration_fields[] = {
    {"default", FIELD_TYPE_NODE, offsetof(Declaration, otherwise), NULL, NULL, NULL,
     "value when a scenario gives none; without it one must be given", NULL, NULL, NULL},
    FIELD_TEXT(Declaration, least, NULL, "least value, or least number of entries of a list"),
    FIELD_TEXT(Declaration, most, NULL, "largest value, or largest number of entries of a list"),
    FIELD_TEXT(Declaration, about, NULL, "what it is, in a line"),
    FIELD_END,
};

/* --- bounds ------------------------------------------------------------------------------------------------------- */

/* A bound names its own unit: the first one it can be read in. */
static bool bound_parse(const char *text, Unit *unit, int64_t *value) {
    static const Unit units[] = {UNIT_NONE, UNIT_TIME, UNIT_BYTES, UNIT_SHARE, UNIT_RATE, UNIT_BITRATE, UNIT_MONEY};
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        char *why = NULL;
        bool parsed = quantity_parse(text, units[i], value, &why);
        g_free(why);
        *unit = units[i];
        if (parsed)
            return true;
    }
    return false;
}

/* The number that is held against the bounds. */
static bool measure_value(const Node *value, Unit unit, int64_t *measure, char **why) {
    if (value->type == NODE_LIST && unit == UNIT_NONE) {
        *measure = (int64_t)value->count;
        return true;
    }
    if (value->type != NODE_SCALAR) {
        *why = g_strdup_printf("%s has no bounds of that unit", node_type_name(value));
        return false;
    }
    if (quantity_parse(value->text, unit, measure, why))
        return true;
    Law law;
    char *law_why = NULL;
    bool is_law = unit == UNIT_TIME && law_parse(value->text, &law, &law_why);
    g_free(law_why);
    if (!is_law)
        return false;
    g_free(*why);
    *why = NULL;
    *measure = law_mean(&law).ns;
    return true;
}

/* Lists are bounded by their length, and it is their length that is said. */
static void report_bound(const Expansion *expansion, const char *name, const Node *value, const char *bound,
                         bool is_least) {
    bool is_list = value->type == NODE_LIST;
    char *text = is_list ? g_strdup_printf("a list of %zu", value->count) : node_text(value);
    char *mend = g_strdup_printf(is_list ? "give it %s or %s" : "write %s or %s", bound, is_least ? "more" : "less");
    diag_error(expansion->diagnostics, value->mark, mend, "parameter '%s': %s is %s than %s, the %s allowed", name,
               text, is_least ? "less" : "more", bound, is_least ? "least" : "most");
    g_free(mend);
    g_free(text);
}

/* One bound, least or most; `declared` marks the key under which it was written. */
static bool check_bound(const Expansion *expansion, const char *name, const Node *value, const char *bound,
                        bool is_least, Mark declared) {
    if (bound == NULL)
        return true;
    Unit unit;
    int64_t limit = 0, measure = 0;
    char *why = NULL, *brief = text_brief(bound);
    bool good = false;
    if (!bound_parse(bound, &unit, &limit)) {
        diag_error(expansion->diagnostics, declared, "write it like 30 s", "the bound \"%s\" of '%s' is no quantity",
                   brief, name);
    } else if (!measure_value(value, unit, &measure, &why)) {
        diag_error(expansion->diagnostics, value->mark, NULL, "parameter '%s': %s", name, why);
    } else if (is_least ? measure < limit : measure > limit) {
        report_bound(expansion, name, value, bound, is_least);
    } else {
        good = true;
    }
    g_free(brief);
    g_free(why);
    return good;
}

/* --- declarations ------------------------------------------------------------------------------------------------- */

/* References in values would need an order of evaluation, and could grow without end. */
static bool holds_reference(const Node *node) {
    bool holds = node->type == NODE_SCALAR && strstr(node->text, "${") != NULL;
    for (size_t i = 0; i < node->count && !holds; i++) {
        if (node->type == NODE_MAP)
            holds = strstr(node->entries[i].key, "${") != NULL || holds_reference(node->entries[i].value);
        else
            holds = holds_reference(node->items[i]);
    }
    return holds;
}

/* What the scenario gives must be of the default's shape; one name may stand for a list of one. */
static const Node *shape_like(const Expansion *expansion, const char *name, const Node *given, const Node *otherwise) {
    if (otherwise == NULL || given->type == otherwise->type)
        return given;
    if (otherwise->type == NODE_LIST && given->type == NODE_SCALAR && given->text[0] != '\0') {
        Node *list = tree_node(expansion->tree, NODE_LIST, given->mark);
        list->items = tree_alloc(expansion->tree, sizeof *list->items);
        list->items[0] = tree_copy(expansion->tree, given);
        list->count = 1;
        return list;
    }
    diag_error(expansion->diagnostics, given->mark, NULL, "parameter '%s' takes %s like its default, found %s", name,
               node_type_name(otherwise), node_type_name(given));
    return NULL;
}

/* The value that holds, or NULL with an error added. */
static const Node *choose_value(const Expansion *expansion, const NodeEntry *entry, const Declaration *declaration,
                                const Node *given, AssumedList *assumed) {
    const Node *value = given != NULL ? given : declaration->otherwise;
    if (value == NULL) {
        diag_error(expansion->diagnostics, entry->mark, "give it a value in 'with:' or with --set, or a default",
                   "parameter '%s' has neither a value nor a default", entry->key);
        return NULL;
    }
    if (value->broken)
        return NULL;
    if (holds_reference(value)) {
        diag_error(expansion->diagnostics, value->mark, "write the value out",
                   "the value of parameter '%s' cannot refer to a parameter", entry->key);
        return NULL;
    }
    if (given != NULL)
        return shape_like(expansion, entry->key, given, declaration->otherwise);
    if (assumed != NULL) {
        char *text = node_text(value);
        assumed_add(assumed, "parameters", entry->key, text, "default of the pattern");
        g_free(text);
    }
    return value;
}

/* One entry of `parameters:`. A wrong one is kept, broken, so that its uses are not unknown on top. */
static void declare(Expansion *expansion, const NodeEntry *entry, const Node *given, AssumedList *assumed) {
    Declaration declaration = {0};
    Parameter parameter = {.name = entry->key, .mark = entry->mark};
    const Node *value = NULL;
    char *owner = g_strdup_printf("parameter '%s'", entry->key);
    if (entry->value->type != NODE_MAP && !entry->value->broken) {
        char *text = node_text(entry->value), *mend = g_strdup_printf("write %s: {default: %s}", entry->key, text);
        diag_error(expansion->diagnostics, entry->value->mark, mend, "%s must be declared as a map", owner);
        g_free(mend);
        g_free(text);
    } else if (fields_read(declaration_fields, entry->value, NULL, NULL, expansion->tree, owner, &declaration, NULL,
                           expansion->diagnostics)) {
        value = choose_value(expansion, entry, &declaration, given, assumed);
        Mark least = node_key_mark(entry->value, "least"), most = node_key_mark(entry->value, "most");
        if (value != NULL && !(check_bound(expansion, entry->key, value, declaration.least, true, least) &&
                               check_bound(expansion, entry->key, value, declaration.most, false, most)))
            value = NULL;
    }
    parameter.value =
        value != NULL ? tree_copy(expansion->tree, value) : tree_node(expansion->tree, NODE_SCALAR, entry->mark);
    parameter.value->broken = value == NULL;
    g_array_append_val(expansion->parameters, parameter);
    g_free(owner);
}

/* Absent, or a key with nothing under it. */
static bool is_nothing(const Node *node) {
    return node == NULL || (node->type == NODE_SCALAR && node->text[0] == '\0');
}

/* All entries; then sorted, because the text may refer to them often. */
static void declare_all(Expansion *expansion, const Node *declared, const Node *with, AssumedList *assumed) {
    if (!is_nothing(declared) && declared->type != NODE_MAP) {
        diag_error(expansion->diagnostics, declared->mark, "write name: {default: value}",
                   "'parameters' must be a map, not %s", node_type_name(declared));
        return;
    }
    for (size_t i = 0; !is_nothing(declared) && i < declared->count; i++)
        declare(expansion, &declared->entries[i], node_get(with, declared->entries[i].key), assumed);
    expansion_sort(expansion);
}

/* A misspelt override would otherwise be a default in silence. */
static void check_given(const Expansion *expansion, const Node *with) {
    if (is_nothing(with))
        return;
    if (with->type != NODE_MAP) {
        diag_error(expansion->diagnostics, with->mark, "write name: value",
                   "'with' must be a map of parameters, not %s", node_type_name(with));
        return;
    }
    int strangers = 0;
    for (size_t i = 0; i < with->count && strangers < READ_ERRORS_MOST; i++) {
        if (expansion_find(expansion, with->entries[i].key) == NULL) {
            expansion_report_unknown(expansion, with->entries[i].mark, with->entries[i].key);
            strangers++;
        }
    }
}

static void warn_unused(const Expansion *expansion) {
    for (guint i = 0; i < expansion->parameters->len; i++) {
        const Parameter *parameter = &g_array_index(expansion->parameters, Parameter, i);
        if (!parameter->used)
            diag_warning(expansion->diagnostics, parameter->mark, "use it as ${name}, or delete it",
                         "parameter '%s' is never used", parameter->name);
    }
}

bool parameters_apply(Tree *tree, Node *root, const Node *with, AssumedList *assumed, Diagnostics *diagnostics) {
    Expansion expansion = {.tree = tree, .diagnostics = diagnostics, .errors_before = diagnostics_errors(diagnostics)};
    expansion.parameters = g_array_new(FALSE, FALSE, sizeof(Parameter));
    declare_all(&expansion, node_get(root, "parameters"), with, assumed);
    check_given(&expansion, with);
    substitute(&expansion, root, "parameters");
    bool good = diagnostics_errors(diagnostics) == expansion.errors_before;
    if (good) /* a misspelt use would make its parameter look unused */
        warn_unused(&expansion);
    g_array_free(expansion.parameters, TRUE);
    return good;
}
