/* opened.c - reads a pattern for a test of reach/. */
#include "tests/unit/reach/opened.h"

#include <glib.h>

#include "catalogue/catalogue.h"

static void open_model(Opened *opened, ModelRequest request) {
    GError *error = NULL;
    opened->inputs = request.inputs = model_inputs_new();
    opened->diagnostics = diagnostics_new();
    opened->model = model_read(&request, &builtin_catalogue, opened->diagnostics, &error);
    g_assert_no_error(error);
    if (opened->model == NULL) {
        g_test_message("%s", opened->text != NULL ? opened->text : request.path);
        diagnostics_print(opened->diagnostics, stderr, 20);
    }
    g_assert_nonnull(opened->model);
    opened->reach = reach_new(opened->model);
    opened->state = netstate_new(opened->model);
}

void opened_file(Opened *opened, const char *path) {
    *opened = (Opened){0};
    open_model(opened, (ModelRequest){.path = path, .patterns_folder = "patterns"});
}

void opened_text(Opened *opened, char *text, const char *provider, const char *places) {
    char *label = g_strdup_printf("patterns/defaults/%s.yaml", provider), *own, *everywhere = NULL;
    g_assert_true(g_file_get_contents(label, &own, NULL, NULL));
    if (places == NULL)
        g_assert_true(g_file_get_contents("patterns/defaults/places.yaml", &everywhere, NULL, NULL));
    ModelText texts[] = {{"patterns/opened.yaml", text},
                         {label, own},
                         {"patterns/defaults/places.yaml", places != NULL ? places : everywhere},
                         {"patterns/defaults/network.yaml", "defaults: network\n"},
                         {"patterns/defaults/prices.yaml", "defaults: prices\nprices: {}\n"}};
    *opened = (Opened){.text = text};
    open_model(opened, (ModelRequest){.path = texts[0].label, .texts = texts, .text_count = G_N_ELEMENTS(texts)});
    g_free(label);
    g_free(own);
    g_free(everywhere);
}

void opened_close(Opened *opened) {
    netstate_free(opened->state);
    reach_free(opened->reach);
    model_free(opened->model);
    diagnostics_free(opened->diagnostics);
    model_inputs_free(opened->inputs);
    g_free(opened->text);
}

ComponentId opened_component(const Opened *opened, const char *name) {
    ComponentId *found;
    g_assert_cmpuint(model_find(opened->model, name, &found), ==, 1);
    ComponentId id = found[0];
    g_free(found);
    return id;
}
