/* picture.c - finds and starts faultline-render. */
#include "commands/picture.h"

#include <sys/wait.h>

static char *find_renderer(const CommandEnv *env) {
    const char *const places[] = {".", "../libexec/faultline"};
    for (size_t i = 0; env->program_folder && i < G_N_ELEMENTS(places); i++) {
        char *path = g_build_filename(env->program_folder, places[i], "faultline-render", NULL);
        if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
            return path;
        g_free(path);
    }
    return g_find_program_in_path("faultline-render");
}

int picture_draw(const char *record_file, const char *folder, const char *formats, const CommandEnv *env,
                 GError **error) {
    char *renderer = find_renderer(env);
    if (!renderer) {
        g_set_error(error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT,
                    "the program faultline-render is not there: build it, or put it on PATH");
        return EXIT_MACHINE;
    }
    char *argv[] = {renderer,
                    (char *)(uintptr_t)record_file,
                    (char *)(uintptr_t) "-o",
                    (char *)(uintptr_t)folder,
                    (char *)(uintptr_t) "--format",
                    (char *)(uintptr_t)formats,
                    NULL};
    int status = 0;
    bool ran = g_spawn_sync(NULL, argv, NULL, G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL, NULL, NULL, &status, error);
    g_free(renderer);
    if (!ran)
        return EXIT_MACHINE;
    return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_MACHINE;
}
