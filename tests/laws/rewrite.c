/* rewrite.c - the same YAML said in another way. */
#include "tests/laws/rewrite.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/luck.h"
#include "base/quantity.h"
#include "base/source.h"
#include "read/tree.h"

typedef struct {
    const Rewrite *how;
    Draw luck;
    GString *out;
    bool in_expect; /* bounds and `but` belong to the digest as they were written: no other spelling */
} Writer;

static bool chance(Writer *w, int64_t percent) {
    return w->how->shuffle && draw_chance(&w->luck, percent * INT64_C(10000000));
}

/* ---- words and quantities inside a scalar ---- */

static bool is_word(char c) { return g_ascii_isalnum(c) || c == '_' || c == '-'; }

static void put_renamed(const Writer *w, GString *to, const char *word, size_t length) {
    for (const char *const *name = w->how->renames; name && *name; name += 2)
        if (strlen(*name) == length && strncmp(*name, word, length) == 0) {
            g_string_append(to, name[1]);
            return;
        }
    g_string_append_len(to, word, (gssize)length);
}

/* Another spelling of a time: a smaller unit, with or without the blank. */
static void put_time(Writer *w, GString *to, int64_t ns) {
    static const struct {
        const char *name;
        int64_t ns;
    } units[] = {{"h", 3600000000000}, {"min", 60000000000}, {"s", 1000000000},
                 {"ms", 1000000},      {"us", 1000},         {"ns", 1}};
    size_t unit = 0;
    while (ns % units[unit].ns != 0 || (units[unit].ns > 1 && chance(w, 40)))
        unit++;
    g_string_append_printf(to, "%" PRId64 "%s%s", ns / units[unit].ns, chance(w, 50) ? "" : " ", units[unit].name);
}

static bool is_quantity(const char *text, Unit unit, int64_t *value) {
    char *why = NULL;
    bool is = quantity_parse(text, unit, value, &why);
    g_free(why);
    return is;
}

static bool put_quantity(Writer *w, GString *to, const char *text) {
    int64_t value;
    if (w->in_expect)
        return false;
    if (is_quantity(text, UNIT_TIME, &value)) {
        put_time(w, to, value * (w->how->slower ? w->how->slower : 1));
        return true;
    }
    if (!w->how->slower || !is_quantity(text, UNIT_RATE, &value))
        return false;
    char *slow = quantity_text(value / w->how->slower, UNIT_RATE);
    g_string_append(to, slow);
    g_free(slow);
    return true;
}

/* How long the number with its unit is that starts here ("1.5 h", "20/s"); 0: none does. */
static size_t quantity_length(const char *at) {
    size_t digits = strspn(at, "0123456789.");
    if (digits == 0 || at[0] == '.')
        return 0;
    size_t blank = at[digits] == ' ' || at[digits] == '/', unit = 0;
    while (g_ascii_isalpha(at[digits + blank + unit]))
        unit++;
    return unit > 0 && !is_word(at[digits + blank + unit]) ? digits + blank + unit : 0;
}

static char *value_of(Writer *w, const char *text) {
    GString *to = g_string_new(NULL);
    for (const char *at = text; *at;) {
        size_t length = quantity_length(at);
        char *quantity = g_strndup(at, length);
        if (length > 0 && put_quantity(w, to, quantity)) {
            at += length;
        } else if (is_word(*at)) {
            for (length = 0; is_word(at[length]);)
                length++;
            put_renamed(w, to, at, length);
            at += length;
        } else {
            g_string_append_c(to, *at++);
        }
        g_free(quantity);
    }
    return g_string_free(to, FALSE);
}

/* ---- scalars ---- */

static bool can_be_plain(const char *text) {
    size_t length = strlen(text);
    if (length == 0 || text[length - 1] == ' ' || !g_ascii_isalnum(text[0]))
        return false;
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./()% ") == length;
}

static void put_quoted(Writer *w, const char *text, char quote) {
    g_string_append_c(w->out, quote);
    for (; *text; text++) {
        if (*text == '\n')
            g_string_append(w->out, "\\n");
        else if (*text == quote || (quote == '"' && *text == '\\'))
            g_string_append_printf(w->out, "%c%c", quote == '"' ? '\\' : '\'', *text);
        else
            g_string_append_c(w->out, *text);
    }
    g_string_append_c(w->out, quote);
}

static void put_scalar(Writer *w, const char *text) {
    if (can_be_plain(text) && !chance(w, 40))
        g_string_append(w->out, text);
    else
        put_quoted(w, text, strchr(text, '\n') || chance(w, 50) ? '"' : '\'');
}

static void put_value(Writer *w, const char *text) {
    char *value = value_of(w, text);
    put_scalar(w, value);
    g_free(value);
}

static void put_key(Writer *w, const char *key) {
    GString *renamed = g_string_new(NULL);
    put_renamed(w, renamed, key, strlen(key));
    put_scalar(w, renamed->str);
    g_string_free(renamed, TRUE);
}

/* ---- maps and lists ---- */

/* Positions in an order drawn by lot (Fisher and Yates), or as they are. */
static size_t *order_of(Writer *w, size_t count) {
    size_t *order = g_new(size_t, count + 1);
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t i = count; w->how->shuffle && i > 1; i--) {
        size_t other = (size_t)draw_below(&w->luck, i), kept = order[i - 1];
        order[i - 1] = order[other];
        order[other] = kept;
    }
    return order;
}

static void put_flow(Writer *w, const Node *node) {
    if (node->type == NODE_SCALAR) {
        put_value(w, node->text);
        return;
    }
    bool map = node->type == NODE_MAP;
    size_t *order = order_of(w, map ? node->count : 0);
    g_string_append_c(w->out, map ? '{' : '[');
    for (size_t i = 0; i < node->count; i++) {
        g_string_append(w->out, i ? ", " : "");
        if (map) {
            put_key(w, node->entries[order[i]].key);
            g_string_append(w->out, ": ");
        }
        put_flow(w, map ? node->entries[order[i]].value : node->items[i]);
    }
    g_string_append_c(w->out, map ? '}' : ']');
    g_free(order);
}

static void end_line(Writer *w) { g_string_append(w->out, chance(w, 20) ? " # said otherwise\n" : "\n"); }

static void put_block(Writer *w, const Node *node, int indent);

/* What follows `key:`. */
static void put_nested(Writer *w, const Node *node, int indent) {
    if (node->type == NODE_MAP && node->count > 0 && !chance(w, 30)) {
        end_line(w);
        put_block(w, node, indent + 2);
        return;
    }
    g_string_append_c(w->out, ' ');
    put_flow(w, node);
    end_line(w);
}

static void put_block(Writer *w, const Node *node, int indent) {
    size_t *order = order_of(w, node->count);
    for (size_t i = 0; i < node->count; i++) {
        const NodeEntry *entry = &node->entries[order[i]];
        if (chance(w, 20))
            g_string_append_printf(w->out, "%*s# a comment: {[\n\n", indent, "");
        g_string_append_printf(w->out, "%*s", indent, "");
        put_key(w, entry->key);
        g_string_append_c(w->out, ':');
        if (indent == 0)
            w->in_expect = g_str_equal(entry->key, "expect");
        put_nested(w, entry->value, indent);
    }
    g_free(order);
}

char *rewrite_text(const char *yaml, const Rewrite *how) {
    Diagnostics *diagnostics = diagnostics_new();
    Source *source = source_new("rewritten.yaml", yaml, strlen(yaml));
    Tree *tree = tree_read(source, diagnostics);
    if (diagnostics_errors(diagnostics) > 0)
        diagnostics_print(diagnostics, stderr, false);
    g_assert_nonnull(tree_root(tree));
    Stream stream = luck_stream((Luck){how->shuffle, 0}, "rewrite", "lot");
    Writer w = {how, stream_draw(&stream, 0), g_string_new(NULL), false};
    put_block(&w, tree_root(tree), 0);
    tree_free(tree);
    source_free(source);
    diagnostics_free(diagnostics);
    return g_string_free(w.out, FALSE);
}

/* ---- folders ---- */

static void rewrite_file(const char *from, const char *to, const Rewrite *how) {
    char *text;
    g_assert_true(g_file_get_contents(from, &text, NULL, NULL));
    char *anew = rewrite_text(text, how);
    g_assert_true(g_file_set_contents(to, anew, -1, NULL));
    g_free(anew);
    g_free(text);
}

void rewrite_folder(const char *from, const char *to, const Rewrite *how) {
    GDir *folder = g_dir_open(from, 0, NULL);
    g_assert_nonnull(folder);
    g_mkdir_with_parents(to, 0700);
    for (const char *name; (name = g_dir_read_name(folder)) != NULL;) {
        char *source = g_build_filename(from, name, NULL), *target = g_build_filename(to, name, NULL);
        if (g_file_test(source, G_FILE_TEST_IS_DIR))
            rewrite_folder(source, target, how);
        else if (g_str_has_suffix(name, ".yaml"))
            rewrite_file(source, target, how);
        g_free(source);
        g_free(target);
    }
    g_dir_close(folder);
}

char *scratch_new(void) {
    char *folder = g_dir_make_tmp("faultline-laws-XXXXXX", NULL);
    g_assert_nonnull(folder);
    return folder;
}

static void remove_below(const char *path) {
    GDir *folder = g_dir_open(path, 0, NULL);
    for (const char *name; folder && (name = g_dir_read_name(folder)) != NULL;) {
        char *inner = g_build_filename(path, name, NULL);
        remove_below(inner);
        g_free(inner);
    }
    if (folder)
        g_dir_close(folder);
    g_remove(path);
}

void scratch_free(char *folder) {
    remove_below(folder);
    g_free(folder);
}
