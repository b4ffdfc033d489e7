/* comments.c - finds what the comments of pattern files ask and expect, and asks all files of a folder. */
#include "tests/verdicts/comments.h"

#include <stdlib.h>
#include <string.h>

const char *comment_after(const char *line, const char *word) {
    size_t length = strlen(word);
    return g_str_has_prefix(line, "# ") && g_str_has_prefix(line + 2, word) && strncmp(line + 2 + length, ": ", 2) == 0
               ? line + length + 4
               : NULL;
}

static char *messages_of(const Diagnostics *diagnostics) {
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    diagnostics_print(diagnostics, file, 0);
    fclose(file);
    return text;
}

/* "12: text" against "path:12:8: error: a text with more". */
static bool message_fits(const char *message, const char *severity, const char *wanted) {
    char *position = g_strdup_printf(":%.*s:", (int)strcspn(wanted, ":"), wanted);
    bool fits = strstr(message, position) == strchr(message, ':') && strchr(message, ':') != NULL &&
                strstr(message, severity) != NULL && strstr(message, wanted + strcspn(wanted, ":") + 2) != NULL;
    g_free(position);
    return fits;
}

void comments_check_messages(const char *path, char **lines, const Diagnostics *diagnostics) {
    char *text = messages_of(diagnostics);
    char **messages = g_strsplit(text, "\n", -1);
    uint32_t expected = 0;
    bool missed = false;
    for (char **line = lines; *line != NULL; line++) {
        const char *error = comment_after(*line, "error"), *warning = comment_after(*line, "warning");
        const char *wanted = error != NULL ? error : warning;
        bool met = wanted == NULL;
        for (char **message = messages; *message != NULL && !met; message++)
            met = message_fits(*message, error != NULL ? ": error: " : ": warning: ", wanted);
        if (!met)
            g_test_message("%s: nobody said '%s'", path, wanted);
        missed = missed || !met;
        expected += wanted != NULL;
    }
    if (missed || diagnostics_count(diagnostics) != expected) {
        g_test_message("%s: %u messages were expected, not:\n%s", path, expected, text);
        g_test_fail();
    }
    g_strfreev(messages);
    free(text);
}

static int compare_names(gconstpointer a, gconstpointer b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int comments_run(int argc, char **argv, const char *group, const char *folder, GTestDataFunc ask) {
    g_test_init(&argc, &argv, NULL);
    GDir *dir = g_dir_open(folder, 0, NULL);
    if (dir == NULL)
        g_error("run at the root of the tree: there is no %s here", folder);
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;)
        if (g_str_has_suffix(name, ".yaml"))
            g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    g_dir_close(dir);
    g_ptr_array_sort(paths, compare_names);
    for (guint i = 0; i < paths->len; i++) {
        char *name = g_path_get_basename(paths->pdata[i]);
        char *test = g_strdup_printf("/%s/%.*s", group, (int)(strlen(name) - strlen(".yaml")), name);
        g_test_add_data_func(test, paths->pdata[i], ask);
        g_free(test);
        g_free(name);
    }
    int status = g_test_run();
    g_ptr_array_free(paths, TRUE);
    return status;
}
