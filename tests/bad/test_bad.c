/* test_bad.c - every wrong or hostile file of this folder is refused with exactly the message written beside it.
 *
 * NN-name.yaml is read; what is printed must equal NN-name.expected. A first line `# kind-fields: sample` reads the
 * root through the table below as well, `# parameters` applies its parameters (with `with:` of the same file).
 * FAULTLINE_TESTS names the folder of tests (default: tests); with FAULTLINE_BLESS set, the .expected files are written
 * anew.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "read/fields.h"
#include "read/input.h"
#include "read/parameters.h"

typedef struct {
    SimTime every, timeout;
    int64_t fail_after;
} HealthCheck;

typedef struct {
    SimTime ttl;
    Law boot;
    int64_t arrivals, writes, count, disk, uplink, price;
    bool sticky;
    int policy;
    const char *about;
    NameList targets;
    const Node *rules;
    HealthCheck health_check;
} Sample;

static const char *const policies[] = {"latency", "weighted", "failover", NULL};

static const Field health_check_fields[] = {
    FIELD_TIME(HealthCheck, every, "30 s", "time between two probes", NULL),
    FIELD_TIME(HealthCheck, timeout, "4 s", "an answer later than this is a failure", NULL),
    FIELD_COUNT(HealthCheck, fail_after, "3", "1", "10", "failures in a row", NULL),
    FIELD_END,
};

static const Field sample_fields[] = {
    FIELD_TIME(Sample, ttl, "60 s", "how long an answer is kept", NULL),
    FIELD_LAW(Sample, boot, "lognormal(median 45 s p95 90 s)", "from launch to ready", NULL),
    FIELD_RATE(Sample, arrivals, "20/s", "new sessions", NULL),
    FIELD_SHARE(Sample, writes, "10 %", "share of requests that write", NULL),
    FIELD_COUNT(Sample, count, "2", "1", "100", "instances", NULL),
    FIELD_BYTES(Sample, disk, "10 GB", "room for data", NULL),
    FIELD_BITRATE(Sample, uplink, "10 Gbit/s", "capacity of the link", NULL),
    FIELD_ROW(Sample, price, FIELD_TYPE_MONEY, "$0.1", NULL, NULL, "of an hour", NULL),
    FIELD_BOOL(Sample, sticky, "no", "a session stays with its instance", NULL),
    FIELD_WORD(Sample, policy, policies, "latency", "how an answer is chosen", NULL),
    FIELD_TEXT(Sample, about, NULL, "a line for people"),
    FIELD_NAMES(Sample, targets, FIELD_REQUIRED, "what it points to"),
    FIELD_NODE(Sample, rules, "left to the owner"),
    FIELD_GROUP(Sample, health_check, health_check_fields, "how targets are probed"),
    FIELD_END,
};

static void read_tree_of(const Source *source, Diagnostics *diagnostics) {
    uint64_t length;
    const char *text = source_text(source, &length);
    Tree *tree = tree_read(source, diagnostics);
    AssumedList *assumed = assumed_new();
    Sample sample = {0};
    if (tree_root(tree) != NULL && g_str_has_prefix(text, "# kind-fields: sample"))
        fields_read(sample_fields, tree_root(tree), NULL, NULL, tree, "sample", &sample, assumed, diagnostics);
    if (tree_root(tree) != NULL && g_str_has_prefix(text, "# parameters"))
        parameters_apply(tree, tree_edit(tree), node_get(tree_root(tree), "with"), assumed, diagnostics);
    assumed_free(assumed);
    tree_free(tree);
}

/* Everything that reading the file prints; allocated. */
static char *messages_of(const char *path) {
    char *printed = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&printed, &length);
    Diagnostics *diagnostics = diagnostics_new();
    GError *error = NULL;
    Source *source = input_read(path, diagnostics, &error);
    g_assert_no_error(error);
    if (source != NULL)
        read_tree_of(source, diagnostics);
    g_assert_cmpuint(diagnostics_count(diagnostics), >, 0);
    diagnostics_print(diagnostics, out, 0);
    fclose(out);
    diagnostics_free(diagnostics);
    source_free(source);
    return printed;
}

static void check_file(gconstpointer data) {
    const char *path = data;
    char *printed = messages_of(path), *wanted = NULL;
    char *stem = g_strndup(path, strlen(path) - strlen(".yaml")), *expected = g_strconcat(stem, ".expected", NULL);
    if (g_getenv("FAULTLINE_BLESS") != NULL)
        g_assert_true(g_file_set_contents(expected, printed, -1, NULL));
    g_assert_true(g_file_get_contents(expected, &wanted, NULL, NULL));
    g_assert_cmpstr(printed, ==, wanted);
    g_free(wanted);
    g_free(expected);
    g_free(stem);
    free(printed);
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The .yaml files of the current folder, sorted. */
static GPtrArray *bad_files(void) {
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    GDir *dir = g_dir_open(".", 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        if (g_str_has_suffix(name, ".yaml"))
            g_ptr_array_add(files, g_strdup(name));
    }
    if (dir != NULL)
        g_dir_close(dir);
    g_ptr_array_sort(files, compare_names);
    return files;
}

/* The discovery itself is a test: an empty folder must not look like success. */
static void check_found(gconstpointer data) {
    const GPtrArray *files = data;
    g_assert_cmpuint(files->len, >=, 36);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    const char *tests = g_getenv("FAULTLINE_TESTS");
    char *folder = g_build_filename(tests != NULL ? tests : "tests", "bad", NULL);
    bool entered = g_chdir(folder) == 0;
    g_free(folder);
    if (!entered) {
        g_printerr("cannot enter the folder of bad files: set FAULTLINE_TESTS\n");
        return 1;
    }
    GPtrArray *files = bad_files();
    g_test_add_data_func("/bad/found", files, check_found);
    for (guint i = 0; i < files->len; i++) {
        char *name = g_strconcat("/bad/", (const char *)files->pdata[i], NULL);
        g_test_add_data_func(name, files->pdata[i], check_file);
        g_free(name);
    }
    int failed = g_test_run();
    g_ptr_array_free(files, TRUE);
    return failed;
}
