/* test_language_page.c - every whole file on docs/language.md reads without a word of complaint, with the real
 * plug-ins. */
#include <glib/gstdio.h>
#include <string.h>

#include "catalogue/catalogue.h"
#include "fixture.h"

/* The YAML blocks of the page, in order; g_strfreev. */
static char **blocks_of(const char *page) {
    GPtrArray *blocks = g_ptr_array_new();
    const char *at = page;
    while ((at = strstr(at, "```yaml\n")) != NULL) {
        at += strlen("```yaml\n");
        const char *end = strstr(at, "```\n");
        g_assert_nonnull(end);
        g_ptr_array_add(blocks, g_strndup(at, (gsize)(end - at)));
        at = end + strlen("```\n");
    }
    g_ptr_array_add(blocks, NULL);
    return (char **)g_ptr_array_free(blocks, FALSE);
}

static char *block_write(const char *folder, const char *block) {
    const char *name = strchr(block, ' ') + 1;
    char *title = g_strndup(name, strcspn(name, "\n"));
    char *file = g_str_has_prefix(block, "pattern: ") ? g_strdup_printf("%s.yaml", title) : g_strdup("scenario.yaml");
    char *path = g_build_filename(folder, file, NULL);
    g_assert_true(g_file_set_contents(path, block, -1, NULL));
    g_free(file);
    g_free(title);
    return path;
}

static void assert_reads(const char *folder, const char *path) {
    ModelInputs *inputs = model_inputs_new();
    Diagnostics *diagnostics = diagnostics_new();
    ModelRequest request = {.path = path, .patterns_folder = folder, .inputs = inputs, .installed_folder = "patterns"};
    Model *model = model_read(&request, &builtin_catalogue, diagnostics, NULL);
    char *messages = messages_of(diagnostics);
    g_test_message("%s", path);
    g_assert_cmpstr(messages, ==, "");
    g_assert_nonnull(model);
    for (uint32_t i = 0; i < model->expect_count; i++) { /* every `but` can be applied, and changes something */
        if (model->expects[i].but == NULL)
            continue;
        request.but = node_get(model->expects[i].but, "set");
        Model *other = model_read(&request, &builtin_catalogue, diagnostics, NULL);
        g_assert_nonnull(other);
        g_assert_cmpstr(other->model_digest, !=, model->model_digest);
        model_free(other);
    }
    g_free(messages);
    model_free(model);
    diagnostics_free(diagnostics);
    model_inputs_free(inputs);
}

static void test_page(void) {
    char *page = NULL;
    g_assert_true(g_file_get_contents("docs/language.md", &page, NULL, NULL));
    char *folder = g_dir_make_tmp("faultline-XXXXXX", NULL);
    char **blocks = blocks_of(page);
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    g_assert_cmpuint(g_strv_length(blocks), >=, 5);
    for (char **block = blocks; *block != NULL; block++)
        g_ptr_array_add(paths, block_write(folder, *block));
    for (guint i = 0; i < paths->len; i++)
        assert_reads(folder, paths->pdata[i]);
    for (guint i = 0; i < paths->len; i++)
        g_remove(paths->pdata[i]);
    g_rmdir(folder);
    g_ptr_array_free(paths, TRUE);
    g_strfreev(blocks);
    g_free(folder);
    g_free(page);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/language-page", test_page);
    return g_test_run();
}
