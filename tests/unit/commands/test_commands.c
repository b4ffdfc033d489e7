/* test_commands.c - the reading commands as users type them: exit statuses, pages that fit 80 columns, generated files.
 */
#include <glib.h>
#include <stdarg.h>
#include <string.h>

typedef struct {
    int status;
    char *out, *err;
} Run;

/* The program with these arguments (NULL-terminated), from the repository's root. */
static Run run(const char *first, ...) {
    const char *program = g_getenv("FAULTLINE");
    GPtrArray *arguments = g_ptr_array_new();
    g_ptr_array_add(arguments, (char *)(program != NULL ? program : "build/faultline"));
    va_list list;
    va_start(list, first);
    for (const char *argument = first; argument != NULL; argument = va_arg(list, const char *))
        g_ptr_array_add(arguments, (char *)argument);
    va_end(list);
    g_ptr_array_add(arguments, NULL);
    Run result = {0};
    int status = 0;
    GError *error = NULL;
    g_spawn_sync(NULL, (char **)arguments->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &result.out, &result.err, &status,
                 &error);
    g_assert_no_error(error);
    g_ptr_array_free(arguments, TRUE);
    if (!g_spawn_check_wait_status(status, &error)) {
        g_assert_true(g_error_matches(error, G_SPAWN_EXIT_ERROR, error->code));
        result.status = error->code;
        g_error_free(error);
    }
    return result;
}

static void run_clear(Run *result) {
    g_free(result->out);
    g_free(result->err);
}

static void assert_says(Run result, int status, const char *out, const char *err) {
    g_assert_cmpint(result.status, ==, status);
    g_test_message("%s%s", result.out, result.err);
    g_assert_nonnull(strstr(result.out, out));
    g_assert_nonnull(strstr(result.err, err));
    run_clear(&result);
}

static void assert_fits(Run result) {
    g_assert_cmpint(result.status, ==, 0);
    g_assert_cmpstr(result.err, ==, "");
    char **lines = g_strsplit(result.out, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), >, 3);
    for (char **line = lines; *line != NULL; line++) {
        g_test_message("%s", *line);
        g_assert_cmpint(g_utf8_strlen(*line, -1), <=, 80);
        g_assert_false(g_str_has_suffix(*line, " "));
    }
    g_strfreev(lines);
    run_clear(&result);
}

static void test_check(void) {
    assert_says(run("check", "patterns/multi-region-web.yaml", NULL), 0, ": ok: pattern multi-region-web", "");
    assert_says(run("check", "patterns/nothing.yaml", NULL), 2, "", "nothing.yaml");
    assert_says(run("check", NULL), 2, "", "name a pattern");
    assert_says(run("check", "--sett", "a=b", NULL), 2, "", "--sett");
    assert_says(run("check", "--help", NULL), 0, "NAME=VALUE", "");
    assert_says(run("check", "--set", "dns_tll=3 s", "patterns/multi-region-web.yaml", NULL), 2, "",
                "did you mean 'dns_ttl'?");
}

static void test_show(void) {
    assert_fits(run("show", "patterns/multi-region-web.yaml", NULL));
    assert_fits(run("show", "--assumed", "patterns/multi-region-web.yaml", NULL));
    assert_fits(run("show", "scenarios/outage/region-loss-at-peak.yaml", NULL));
    assert_says(run("show", NULL), 2, "", "name one");
    assert_says(run("show", "--set", "zones=3", "patterns/multi-region-web.yaml", NULL), 0, "us-east-1c", "");
}

static void test_explain(void) {
    static const char *const names[] = {"load_balancer", "fail", "outage", "poisson", "stack", "failover_time"};
    assert_fits(run("explain", NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        assert_fits(run("explain", names[i], NULL));
    assert_says(run("explain", "load_blancer", NULL), 2, "", "did you mean 'load_balancer'?");
}

static void test_list(void) {
    static const char *const names[] = {"scenarios", "kinds", "faults", "measures", "maps", "patterns"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        assert_fits(run("list", names[i], NULL));
    assert_says(run("list", "kind", NULL), 2, "", "did you mean 'kinds'?");
}

/* What is generated and kept is what the program would generate. */
static void assert_kept(Run result, const char *path) {
    char *kept = NULL;
    g_assert_cmpint(result.status, ==, 0);
    g_assert_true(g_file_get_contents(path, &kept, NULL, NULL));
    if (strcmp(kept, result.out) != 0)
        g_test_fail_printf("%s is out of date: make docs", path);
    g_free(kept);
    run_clear(&result);
}

static void test_generated(void) {
    assert_kept(run("schema", "pattern", NULL), "docs/schema/pattern.schema.json");
    assert_kept(run("schema", "scenario", NULL), "docs/schema/scenario.schema.json");
    assert_kept(run("explain", "--markdown", NULL), "docs/kinds.md");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/commands/check", test_check);
    g_test_add_func("/commands/show", test_show);
    g_test_add_func("/commands/explain", test_explain);
    g_test_add_func("/commands/list", test_list);
    g_test_add_func("/commands/generated", test_generated);
    return g_test_run();
}
