/* telling.c - hands a test's report to its formats. */
#include "commands/telling.h"

#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/outfile.h"

typedef struct {
    const TestFormat *format;
    char *path; /* NULL: standard output */
} Voice;

struct Telling {
    GArray *voices; /* Voice */
    TestLook look;  /* of standard output */
};

char *telling_formats(void) {
    GString *names = g_string_new(NULL);
    for (const TestFormat *const *each = test_formats; *each; each++)
        g_string_append_printf(names, "%s%s", each == test_formats ? "" : ", ", (*each)->name);
    return g_string_free(names, FALSE);
}

static void voice_clear(void *voice) { g_free(((Voice *)voice)->path); }

void telling_free(Telling *telling) {
    if (!telling)
        return;
    g_array_free(telling->voices, TRUE);
    g_free(telling);
}

/* ---- Options ----------------------------------------------------------------------------- */

static bool complain(const char *value, const char *reason) {
    char *safe = escape_terminal(value);
    fprintf(stderr, "faultline test: --format %s: %s\n", safe, reason);
    g_free(safe);
    return false;
}

static bool voice_add(Telling *telling, const char *text, const char *output) {
    const char *sign = strchr(text, '=');
    char *name = sign ? g_strndup(text, (gsize)(sign - text)) : g_strdup(text);
    Voice voice = {test_format(name), g_strdup(sign ? sign + 1 : output)};
    g_free(name);
    if (!voice.format) {
        char *names = telling_formats(), *reason = g_strdup_printf("there is no such format; known: %s", names);
        complain(text, reason);
        g_free(reason);
        g_free(names);
    } else if (sign && sign[1] == '\0') {
        voice.format = NULL;
        complain(text, "name a file after the =");
    }
    if (voice.format)
        g_array_append_val(telling->voices, voice);
    else
        g_free(voice.path);
    return voice.format != NULL;
}

/* Text for whoever watches, where nothing else goes there. */
static bool voices_add(Telling *telling, char *const *formats, const char *output) {
    const char *plain = NULL;
    for (; formats && *formats; formats++) {
        if (!voice_add(telling, *formats, output))
            return false;
        if (strchr(*formats, '='))
            continue;
        if (plain)
            return complain(*formats, "one format may go without a file, and there is one already");
        plain = *formats;
    }
    return plain || voice_add(telling, test_formats[0]->name, output);
}

Telling *telling_new(char *const *formats, const char *output, const CommandEnv *env) {
    Telling *telling = g_new0(Telling, 1);
    telling->look = (TestLook){env->colour, env->width};
    telling->voices = g_array_new(FALSE, FALSE, sizeof(Voice));
    g_array_set_clear_func(telling->voices, voice_clear);
    if (voices_add(telling, formats, output))
        return telling;
    telling_free(telling);
    return NULL;
}

/* ---- Telling ----------------------------------------------------------------------------- */

/* Takes the text. */
static int tell(char *text, const char *path) {
    GError *error = NULL;
    bool told = path ? outfile_write(path, text, strlen(text), &error) : outfile_stdout(text, strlen(text), &error);
    g_free(text);
    if (told)
        return EXIT_DONE;
    fprintf(stderr, "faultline test: %s\n", error->message);
    g_error_free(error);
    return EXIT_MACHINE;
}

int telling_file(const Telling *telling, const TestReport *report, uint32_t file) {
    int status = EXIT_DONE;
    for (guint v = 0; v < telling->voices->len; v++) {
        const Voice *voice = &g_array_index(telling->voices, Voice, v);
        if (!voice->path && voice->format->file)
            status = tell(voice->format->file(report, test_file_at(report, file), &telling->look), NULL);
    }
    return status;
}

int telling_end(const Telling *telling, const TestReport *report) {
    static const TestLook plain = {false, 0};
    int status = EXIT_DONE;
    for (guint v = 0; v < telling->voices->len; v++) {
        const Voice *voice = &g_array_index(telling->voices, Voice, v);
        bool streamed = !voice->path && voice->format->file;
        int told = tell(streamed ? voice->format->end(report, &telling->look)
                                 : test_report_write(report, voice->format, voice->path ? &plain : &telling->look),
                        voice->path);
        status = MAX(status, told);
    }
    return status;
}
