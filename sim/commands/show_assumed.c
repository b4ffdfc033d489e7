/* show_assumed.c - every default that was used, by who uses it, with its source. Owners that use the same share a
 * heading. */
#include <inttypes.h>
#include <string.h>

#include "commands/print.h"
#include "commands/show.h"

static const int columns[] = {2, 30, 50};

typedef struct {
    const char *owner;
    GString *names;  /* of all owners with these rows */
    GPtrArray *rows; /* of const Assumed * */
} Owner;

static bool same_rows(const Owner *a, const Owner *b) {
    if (a->rows->len != b->rows->len)
        return false;
    for (guint i = 0; i < a->rows->len; i++) {
        const Assumed *x = a->rows->pdata[i], *y = b->rows->pdata[i];
        if (strcmp(x->key, y->key) != 0 || strcmp(x->value, y->value) != 0 || strcmp(x->source, y->source) != 0)
            return false;
    }
    return true;
}

static Owner *owner_of(GArray *owners, const char *name) {
    for (guint i = 0; i < owners->len; i++) {
        Owner *owner = &g_array_index(owners, Owner, i);
        if (strcmp(owner->owner, name) == 0)
            return owner;
    }
    Owner owner = {name, g_string_new(name), g_ptr_array_new()};
    g_array_append_val(owners, owner);
    return &g_array_index(owners, Owner, owners->len - 1);
}

static int compare_rows(gconstpointer a, gconstpointer b) {
    const Assumed *x = *(const Assumed *const *)a, *y = *(const Assumed *const *)b;
    return strcmp(x->key, y->key);
}

static int compare_owners(gconstpointer a, gconstpointer b) {
    return strcmp(((const Owner *)a)->owner, ((const Owner *)b)->owner);
}

/* Owners by name, each with its rows by key; those equal to an earlier one are added to its names and left empty. */
static GArray *owners_collect(const Model *model) {
    GArray *owners = g_array_new(FALSE, FALSE, sizeof(Owner));
    for (size_t i = 0; i < assumed_count(model->assumed); i++) {
        const Assumed *row = assumed_at(model->assumed, i);
        g_ptr_array_add(owner_of(owners, row->owner)->rows, (Assumed *)row);
    }
    g_array_sort(owners, compare_owners);
    for (guint i = 0; i < owners->len; i++)
        g_ptr_array_sort(g_array_index(owners, Owner, i).rows, compare_rows);
    for (guint i = 0; i < owners->len; i++) {
        Owner *owner = &g_array_index(owners, Owner, i);
        for (guint k = 0; k < i && owner->rows->len > 0; k++) {
            Owner *before = &g_array_index(owners, Owner, k);
            if (before->rows->len == 0 || !same_rows(before, owner))
                continue;
            g_string_append_printf(before->names, ", %s", owner->owner);
            g_ptr_array_set_size(owner->rows, 0);
        }
    }
    return owners;
}

static void owners_free(GArray *owners) {
    for (guint i = 0; i < owners->len; i++) {
        g_string_free(g_array_index(owners, Owner, i).names, TRUE);
        g_ptr_array_free(g_array_index(owners, Owner, i).rows, TRUE);
    }
    g_array_free(owners, TRUE);
}

void show_assumed(GString *out, const Model *model, int width) {
    size_t guesses = 0, count = assumed_count(model->assumed);
    for (size_t i = 0; i < count; i++)
        guesses += g_str_has_prefix(assumed_at(model->assumed, i)->source, "assumption") ? 1 : 0;
    char *head =
        g_strdup_printf("%s uses %zu defaults; %zu of them are assumptions, the others have a source. Each can be "
                        "written in the pattern, or changed with --set.",
                        model->scenario != NULL ? model->scenario : model->pattern, count, guesses);
    print_words(out, head, 0, 0, width);
    g_free(head);
    GArray *owners = owners_collect(model);
    for (guint i = 0; i < owners->len; i++) {
        const Owner *owner = &g_array_index(owners, Owner, i);
        if (owner->rows->len == 0)
            continue;
        g_string_append_c(out, '\n');
        print_words(out, owner->names->str, 0, 0, width);
        for (guint k = 0; k < owner->rows->len; k++) {
            const Assumed *row = owner->rows->pdata[k];
            const char *cells[] = {row->key, row->value, row->source};
            print_row(out, cells, columns, 3, width);
        }
    }
    owners_free(owners);
}
