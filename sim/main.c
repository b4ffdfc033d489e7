/* main.c - arguments to a command; the only exit. */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/selftest.h"
#include "base/version.h"
#include "catalogue/catalogue.h"
#include "commands/commands.h"
#include "read/limits.h"

#ifndef FAULTLINE_PATTERNS
#define FAULTLINE_PATTERNS "share/faultline/patterns"
#endif

static void print_help(FILE *out) {
    fputs("faultline - try a cloud network design before you build it\n\nusage: faultline COMMAND "
          "[ARGUMENTS]\n\ncommands:\n",
          out);
    for (const Command *const *command = commands; *command; command++)
        fprintf(out, "  %-9s %-21s %s\n", (*command)->name, (*command)->arguments, (*command)->summary);
    fputs("\nfaultline COMMAND --help tells more about one; --version and --limits about the program.\n", out);
}

static void print_limits(void) {
    for (const ReadLimit *limit = read_limits; limit->name; limit++)
        printf("%-18s %11" G_GINT64_FORMAT " %-8s %s\n", limit->name, (gint64)limit->most, limit->unit, limit->about);
}

/* The folder that holds the running program, so that a built or moved tree finds its patterns; NULL when it cannot be
 * told. */
static char *program_folder(void) {
    char *program = g_file_read_link("/proc/self/exe", NULL);
    char *folder = program ? g_path_get_dirname(program) : NULL;
    g_free(program);
    return folder;
}

/* Where the patterns came to when the program was installed, or stand in the tree in which it was built. */
static char *patterns_folder(const char *program) {
    const char *const places[] = {FAULTLINE_PATTERNS, "patterns"};
    for (size_t i = 0; program && i < G_N_ELEMENTS(places); i++) {
        char *folder = g_build_filename(program, "..", places[i], NULL);
        if (g_file_test(folder, G_FILE_TEST_IS_DIR))
            return folder;
        g_free(folder);
    }
    return NULL;
}

static int terminal_width(void) {
    struct winsize size;
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
        return MIN(size.ws_col, 100);
    return 80;
}

static int unknown_command(const char *name) {
    const char *names[32] = {NULL};
    for (size_t i = 0; commands[i] && i + 1 < G_N_ELEMENTS(names); i++)
        names[i] = commands[i]->name;
    const char *near = suggest_nearest(name, names);
    fprintf(stderr, "faultline: there is no command '%s'%s%s%s; `faultline help` lists them\n", name,
            near ? " (did you mean '" : "", near ? near : "", near ? "'?)" : "");
    return EXIT_INPUT;
}

static int dispatch(int argc, char **argv) {
    if (argc < 2 || !strcmp(argv[1], "help") || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
        print_help(argc < 2 ? stderr : stdout);
        return argc < 2 ? EXIT_INPUT : EXIT_DONE;
    }
    if (!strcmp(argv[1], "--version")) {
        puts("faultline " FAULTLINE_VERSION);
        return EXIT_DONE;
    }
    if (!strcmp(argv[1], "--limits")) {
        print_limits();
        return EXIT_DONE;
    }
    char *folder = program_folder();
    char *patterns = patterns_folder(folder);
    CommandEnv env = {
        .catalogue = &builtin_catalogue,
        .program_folder = folder,
        .patterns_folder = patterns,
        .colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR"),
        .progress = isatty(STDERR_FILENO),
        .width = terminal_width(),
    };
    int status = -1;
    for (const Command *const *command = commands; *command && status < 0; command++)
        if (!strcmp((*command)->name, argv[1]))
            status = (*command)->run(argc - 1, argv + 1, &env);
    if (status < 0)
        status = unknown_command(argv[1]);
    g_free(patterns);
    g_free(folder);
    return status;
}

int main(int argc, char **argv) {
    g_log_writer_default_set_use_stderr(TRUE);
    const char *failed = selftest_run();
    if (failed) {
        fprintf(stderr, "faultline: self-test failed: %s; this build computes wrongly on this machine\n", failed);
        exit(EXIT_OURS);
    }
    int status = dispatch(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("faultline: cannot write standard output");
        status = status == EXIT_DONE || status == EXIT_MISSED ? EXIT_MACHINE : status;
    }
    exit(status);
}
