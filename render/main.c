/* main.c - faultline-render: draws a record. Exit: 0 done, 2 the arguments or the record are wrong, 3 the machine's
 * fault. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/outfile.h"
#include "render/child.h"
#include "render/dot.h"
#include "render/draw.h"
#include "render/page.h"

enum { EXIT_DONE = 0, EXIT_INPUT = 2, EXIT_MACHINE = 3 };
enum { RECORD_MOST = 256 * 1024 * 1024 };

typedef struct {
    const char *record, *folder, *moment; /* moment: NULL for all */
    bool dot, svg, html;
    int seconds;
} Options;

static const char usage[] = "Usage: faultline-render RECORD.json -o DIR [OPTION VALUE]...\n"
                            "\n"
                            "Draws a record of faultline (- is standard input) into the folder DIR:\n"
                            "  before.svg, during.svg, after.svg  the network at each moment of the record\n"
                            "  before.dot, during.dot, after.dot  the same for Graphviz\n"
                            "  report.html                        pictures, curves and tables on one page\n"
                            "                                     that needs nothing but itself\n"
                            "\n"
                            "  -o, --output DIR   where to write; made when it is not there\n"
                            "  --format LIST      of dot, svg, html; default dot,svg. For PNG convert an SVG,\n"
                            "                     for instance with rsvg-convert\n"
                            "  --moment NAME      draw one moment only; default all. The page always has all\n"
                            "  --timeout S        seconds that one layout may take, 1 to 3600; default 20.\n"
                            "                     Taking longer is an error\n"
                            "\n"
                            "Exit status: 0 done; 2 wrong arguments, or not a record; 3 cannot write, or the\n"
                            "layout failed.\n";

/* ---- Arguments ------------------------------------------------------------------------------- */

static bool complain(const char *format, const char *what) {
    char *safe = escape_terminal(what);
    fputs("faultline-render: ", stderr);
    fprintf(stderr, format, safe);
    fputs("\nTry faultline-render --help.\n", stderr);
    g_free(safe);
    return false;
}

static bool read_formats(const char *list, Options *options) {
    char **words = g_strsplit(list, ",", -1);
    bool good = *words != NULL;
    options->dot = options->svg = options->html = false;
    for (gsize i = 0; words[i] != NULL && good; i++) {
        if (strcmp(words[i], "dot") == 0)
            options->dot = true;
        else if (strcmp(words[i], "svg") == 0)
            options->svg = true;
        else if (strcmp(words[i], "html") == 0)
            options->html = true;
        else
            good = false;
    }
    g_strfreev(words);
    return good || complain("--format takes dot, svg and html, not '%s' (for PNG convert an SVG)", list);
}

static bool read_seconds(const char *text, Options *options) {
    gint64 seconds;
    if (!g_ascii_string_to_signed(text, 10, 1, 3600, &seconds, NULL))
        return complain("--timeout takes whole seconds from 1 to 3600, not '%s'", text);
    options->seconds = (int)seconds;
    return true;
}

/* One option with its value. */
static bool read_option(const char *name, const char *value, Options *options) {
    if (value == NULL)
        return complain("%s needs a value", name);
    if (strcmp(name, "-o") == 0 || strcmp(name, "--output") == 0)
        options->folder = value;
    else if (strcmp(name, "--format") == 0)
        return read_formats(value, options);
    else if (strcmp(name, "--moment") == 0)
        options->moment = strcmp(value, "all") == 0 ? NULL : value;
    else if (strcmp(name, "--timeout") == 0)
        return read_seconds(value, options);
    else
        return complain("there is no option %s", name);
    return true;
}

static bool read_arguments(int count, char **arguments, Options *options) {
    *options = (Options){.dot = true, .svg = true, .seconds = LAYOUT_TIMEOUT_S};
    for (int i = 1; i < count; i++) {
        const char *word = arguments[i];
        if (word[0] == '-' && word[1] != '\0') {
            if (!read_option(word, i + 1 < count ? arguments[i + 1] : NULL, options))
                return false;
            i++;
        } else if (options->record != NULL) {
            return complain("one record at a time; '%s' is a second one", word);
        } else {
            options->record = word;
        }
    }
    if (options->record == NULL)
        return complain("%s", "which record?");
    return options->folder != NULL || complain("%s", "-o DIR says where to write");
}

/* ---- Reading --------------------------------------------------------------------------------- */

static int fail(const char *about, GError *error, int status) {
    char *name = escape_terminal(about), *reason = escape_terminal(error->message);
    fprintf(stderr, "faultline-render: %s: %s\n", name, reason);
    g_free(name);
    g_free(reason);
    g_error_free(error);
    return status;
}

/* The whole file by counted reads: its size is never trusted, a pipe has none. */
static GString *read_file(const char *path, GError **error) {
    GString *text = g_string_new(NULL);
    char block[65536];
    gsize got;
    errno = 0;
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    while (file != NULL && text->len <= RECORD_MOST && (got = fread(block, 1, sizeof block, file)) > 0)
        g_string_append_len(text, block, (gssize)got);
    if (file == NULL || ferror(file))
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "cannot be read: %s", g_strerror(errno));
    else if (text->len > RECORD_MOST)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "larger than %d bytes, the most that is read",
                    RECORD_MOST);
    if (file != NULL && file != stdin)
        fclose(file);
    return text;
}

/* ---- Writing --------------------------------------------------------------------------------- */

static bool save(const Options *options, const char *name, const char *extension, char *text, GError **error) {
    if (text == NULL)
        return false;
    char *file = g_strconcat(name, extension, NULL), *path = g_build_filename(options->folder, file, NULL);
    bool done = outfile_write(path, text, strlen(text), error);
    g_free(path);
    g_free(file);
    g_free(text);
    return done;
}

static bool write_moments(const Options *options, const Diagram *diagram, const Layout *layout, GError **error) {
    for (int m = 0; m < diagram->document->moment_count; m++) {
        const char *name = diagram->document->moments[m].name;
        if (options->moment != NULL && strcmp(options->moment, name) != 0)
            continue;
        if (options->dot && !save(options, name, ".dot", dot_write(diagram, m, options->seconds, error), error))
            return false;
        if (options->svg && !save(options, name, ".svg", draw_moment(diagram, layout, m, true), error))
            return false;
    }
    return true;
}

static char *make_page(const Diagram *diagram, const Layout *layout, GError **error) {
    int count = diagram->document->moment_count;
    char **pictures = g_new0(char *, (gsize)count + 1);
    for (int m = 0; m < count; m++)
        pictures[m] = draw_moment(diagram, layout, m, false);
    char *page = page_write(diagram->document, pictures, error);
    g_strfreev(pictures);
    return page;
}

/* The page is made before anything is written: it reads more of the record than the pictures do, and may refuse it. */
static bool write_all(const Options *options, const Diagram *diagram, GError **error) {
    Layout *layout = layout_new(diagram, options->seconds, error);
    if (layout == NULL)
        return false;
    char *page = options->html ? make_page(diagram, layout, error) : NULL;
    bool done = (page != NULL || !options->html) && outfile_folder(options->folder, error) &&
                write_moments(options, diagram, layout, error);
    if (done && page != NULL)
        done = save(options, "report", ".html", page, error);
    else
        g_free(page);
    layout_free(layout);
    return done;
}

static bool has_moment(const Document *document, const char *name) {
    for (int m = 0; m < document->moment_count; m++)
        if (name == NULL || strcmp(document->moments[m].name, name) == 0)
            return true;
    return false;
}

static int draw_document(const Options *options, const Document *document) {
    GError *error = NULL;
    if (!has_moment(document, options->moment)) {
        complain("the record has no moment '%s'", options->moment != NULL ? options->moment : "at all");
        return EXIT_INPUT;
    }
    Diagram *diagram = diagram_new(document);
    bool done = write_all(options, diagram, &error);
    diagram_free(diagram);
    if (done)
        return EXIT_DONE;
    bool input = error->domain == DOCUMENT_ERROR || error->domain == JSON_IN_ERROR;
    return fail(input ? options->record : options->folder, error, input ? EXIT_INPUT : EXIT_MACHINE);
}

static int draw_record(const Options *options) {
    GError *error = NULL;
    GString *text = read_file(options->record, &error);
    JsonDoc *json = error == NULL ? json_in_read(text->str, text->len, &error) : NULL;
    g_string_free(text, TRUE);
    Document *document = json != NULL ? document_new(json, &error) : NULL;
    int status = document != NULL ? draw_document(options, document) : fail(options->record, error, EXIT_INPUT);
    document_free(document);
    json_in_free(json);
    return status;
}

int main(int count, char **arguments) {
    Options options;
    g_log_writer_default_set_use_stderr(TRUE);
    for (int i = 1; i < count; i++)
        if (strcmp(arguments[i], "--help") == 0 || strcmp(arguments[i], "-h") == 0) {
            GError *error = NULL;
            return outfile_stdout(usage, strlen(usage), &error) ? EXIT_DONE : fail("help", error, EXIT_MACHINE);
        }
    return read_arguments(count, arguments, &options) ? draw_record(&options) : EXIT_INPUT;
}
