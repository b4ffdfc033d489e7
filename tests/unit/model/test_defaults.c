/* test_defaults.c - the files that come with the program fit the plug-ins that come with it. */
#include <string.h>

#include "catalogue/catalogue.h"
#include "fixture.h"
#include "read/input.h"

typedef struct {
    Source *source;
    Tree *tree;
    Diagnostics *diagnostics;
} File;

static const Node *file_open(File *file, const char *path) {
    file->diagnostics = diagnostics_new();
    file->source = input_read(path, file->diagnostics, NULL);
    g_assert_nonnull(file->source);
    file->tree = tree_read(file->source, file->diagnostics);
    g_assert_nonnull(tree_root(file->tree));
    return tree_root(file->tree);
}

static void file_close(File *file) {
    char *messages = messages_of(file->diagnostics);
    g_assert_cmpstr(messages, ==, "");
    g_free(messages);
    tree_free(file->tree);
    source_free(file->source);
    diagnostics_free(file->diagnostics);
}

static const Kind *kind_named(const char *name) {
    for (const Kind *const *kind = builtin_catalogue.kinds; *kind != NULL; kind++) {
        if (strcmp((*kind)->name, name) == 0)
            return *kind;
    }
    return NULL;
}

/* Every row of a provider's file is a key of a kind, with a value that the kind takes and a source. */
static void test_providers(void) {
    static const char *const paths[] = {"patterns/defaults/aws.yaml", "patterns/defaults/azure.yaml"};
    for (size_t p = 0; p < G_N_ELEMENTS(paths); p++) {
        File file;
        const Node *kinds = node_get(file_open(&file, paths[p]), "kinds");
        g_assert_nonnull(kinds);
        for (size_t i = 0; i < kinds->count; i++) {
            const Kind *kind = kind_named(kinds->entries[i].key);
            g_test_message("%s: %s", paths[p], kinds->entries[i].key);
            g_assert_nonnull(kind);
            fields_check_provider(kind->fields, kinds->entries[i].value, file.tree, file.diagnostics);
        }
        file_close(&file);
    }
}

static void sourced(const Node *map) {
    for (size_t i = 0; i < map->count; i++) {
        const Node *value = map->entries[i].value;
        g_test_message("%s", map->entries[i].key);
        g_assert_true(value->type == NODE_MAP);
        if (node_get(value, "value") == NULL)
            sourced(value);
        else
            g_assert_cmpuint(strlen(node_get(value, "source")->text), >, 0);
    }
}

static void test_sources(void) {
    File file;
    sourced(node_get(file_open(&file, "patterns/defaults/aws.yaml"), "kinds"));
    file_close(&file);
    sourced(node_get(file_open(&file, "patterns/defaults/azure.yaml"), "kinds"));
    file_close(&file);
    sourced(node_get(file_open(&file, "patterns/defaults/network.yaml"), "network"));
    file_close(&file);
}

/* A model in every region reads its coordinates and its zones. */
static void test_regions(void) {
    static const char *const providers[] = {"aws", "azure"};
    File file;
    const Node *root = file_open(&file, "patterns/defaults/places.yaml");
    for (size_t p = 0; p < G_N_ELEMENTS(providers); p++) {
        const Node *regions = node_get(root, providers[p]);
        g_assert_cmpuint(regions->count, >, 20);
        GString *text = g_string_new(NULL);
        g_string_append_printf(text, "pattern: sample\nprovider: %s\nstacks:\n  s:\n    zones: 3\n    copies: [",
                               providers[p]);
        for (size_t i = 0; i < regions->count; i++)
            g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", regions->entries[i].key);
        g_string_append(text, "]\nusers:\n  u: {from: [");
        const Node *outside = node_get(root, "outside");
        for (size_t i = 0; i < outside->count; i++)
            g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", outside->entries[i].key);
        g_string_append(text, "]}\n");
        Reading reading;
        reading_init_good(&reading, text->str, NULL, NULL);
        for (PlaceId i = 0; i < reading.model->place_count; i++) {
            const Place *place = &reading.model->places[i];
            g_assert_true(place->level != PLACE_REGION || place->latitude != 0 || place->longitude != 0);
        }
        reading_clear(&reading);
        g_string_free(text, TRUE);
    }
    file_close(&file);
}

static void price_known(void *user, CostBasis basis, const char *name) {
    (void)basis;
    const Model *model = user;
    bool found = false;
    for (uint32_t i = 0; i < model->price_count; i++)
        found = found || strcmp(model->prices[i].name, name) == 0;
    g_test_message("%s", name);
    g_assert_true(found);
}

static void sized_known(void *user, CostBasis basis, const char *name, int64_t held, int64_t each) {
    g_assert_true(basis == COST_PER_GB_TAKEN || basis == COST_PER_GB_MONTH);
    g_assert_true(held >= 0 && each >= 0);
    price_known(user, basis, name);
}

/* Whatever a kind bills has a price. */
static void test_prices(void) {
    Reading reading;
    reading_init_good(&reading, sample_pattern, NULL, NULL);
    g_assert_cmpuint(reading.model->price_count, >, 20);
    for (uint32_t i = 1; i < reading.model->price_count; i++)
        g_assert_cmpstr(reading.model->prices[i - 1].name, <, reading.model->prices[i].name);
    for (const Kind *const *kind = builtin_catalogue.kinds; *kind != NULL; kind++) {
        CostSheet sheet = {reading.model, price_known, sized_known};
        char *spec = g_malloc0((*kind)->spec_size + 1);
        if ((*kind)->price != NULL)
            (*kind)->price(spec, &sheet);
        g_free(spec);
    }
    reading_clear(&reading);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/defaults/providers", test_providers);
    g_test_add_func("/model/defaults/sources", test_sources);
    g_test_add_func("/model/defaults/regions", test_regions);
    g_test_add_func("/model/defaults/prices", test_prices);
    return g_test_run();
}
