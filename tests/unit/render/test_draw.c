/* test_draw.c - pictures and the page: well formed, harmless whatever the names, complete, and always the same bytes.
 */
#include <stdio.h>
#include <string.h>

#include "render/dot.h"
#include "render/draw.h"
#include "render/page.h"
#include "tests/unit/render/fixture.h"

typedef struct {
    Fixture fixture;
    Diagram *diagram;
    Layout *layout;
} Scene;

static Scene scene_new(SampleShape shape) {
    GError *error = NULL;
    Scene scene = {.fixture = fixture_new(shape)};
    scene.diagram = diagram_new(scene.fixture.document);
    scene.layout = layout_new(scene.diagram, LAYOUT_TIMEOUT_S, &error);
    g_assert_no_error(error);
    return scene;
}

static void scene_clear(Scene *scene) {
    layout_free(scene->layout);
    diagram_free(scene->diagram);
    fixture_clear(&scene->fixture);
}

static char *page_of(const Scene *scene, GError **error) {
    char *pictures[4] = {NULL};
    for (int m = 0; m < 3; m++)
        pictures[m] = draw_moment(scene->diagram, scene->layout, m, false);
    char *page = page_write(scene->fixture.document, pictures, error);
    for (int m = 0; m < 3; m++)
        g_free(pictures[m]);
    return page;
}

/* ---- Well formed
 * ----------------------------------------------------------------------------------------------------- */

/* Counts elements and collects all text of a picture. */
typedef struct {
    int scripts, elements;
    GString *text;
} Seen;

static void see_start(GMarkupParseContext *context, const char *name, const char **keys, const char **values,
                      void *user, GError **error) {
    (void)context, (void)error;
    Seen *seen = user;
    seen->elements++;
    seen->scripts += strcmp(name, "script") == 0 || strcmp(name, "img") == 0 || strcmp(name, "b") == 0;
    for (; *keys != NULL; keys++, values++) {
        g_assert_false(g_str_has_prefix(*keys, "on"));
        g_assert_false(strcmp(*keys, "href") == 0 || strcmp(*keys, "style") == 0);
        g_assert_null(strstr(*values, "nan"));
        g_assert_null(strstr(*values, "inf"));
    }
}

static void see_text(GMarkupParseContext *context, const char *text, gsize length, void *user, GError **error) {
    (void)context, (void)error;
    g_string_append_len(((Seen *)user)->text, text, (gssize)length);
}

static Seen parse(const char *svg) {
    const GMarkupParser parser = {see_start, NULL, see_text, NULL, NULL};
    Seen seen = {.text = g_string_new(NULL)};
    GError *error = NULL;
    GMarkupParseContext *context = g_markup_parse_context_new(&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &seen, NULL);
    g_markup_parse_context_parse(context, svg, (gssize)strlen(svg), &error);
    g_assert_no_error(error);
    g_markup_parse_context_end_parse(context, &error);
    g_assert_no_error(error);
    g_markup_parse_context_free(context);
    return seen;
}

static void test_well_formed(void) {
    const SampleShape shapes[] = {SAMPLE_MULTI, SAMPLE_SINGLE, SAMPLE_HOSTILE,
                                  SAMPLE_OWNED, SAMPLE_STRESS, SAMPLE_HUGE};
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        Scene scene = scene_new(shapes[i]);
        for (int m = 0; m < 3; m++) {
            char *svg = draw_moment(scene.diagram, scene.layout, m, true);
            Seen seen = parse(svg);
            g_assert_cmpint(seen.scripts, ==, 0);
            g_assert_cmpint(seen.elements, >, 3 * scene.diagram->box_count + scene.diagram->edge_count);
            g_string_free(seen.text, TRUE);
            g_free(svg);
        }
        scene_clear(&scene);
    }
}

static int occurrences(const char *text, const char *part) {
    int count = 0;
    for (; (text = strstr(text, part)) != NULL; text += strlen(part))
        count++;
    return count;
}

/* What failed is named as failed, in words. */
static void test_says_what_is(void) {
    Scene scene = scene_new(SAMPLE_MULTI);
    char *before = draw_moment(scene.diagram, scene.layout, 0, true);
    char *during = draw_moment(scene.diagram, scene.layout, 1, true);
    g_assert_cmpint(occurrences(before, ">FAILED<"), ==, 0);
    g_assert_cmpint(occurrences(during, ">FAILED<"), ==, 6);
    g_assert_cmpint(occurrences(during, ">OVERLOADED<"), ==, 2);
    g_assert_cmpint(occurrences(during, ">DOWN<"), ==, 1);
    g_assert_nonnull(strstr(during, ">2 serving, 1 booting<"));
    g_assert_nonnull(strstr(during, "NO-PATH @us-east-1, decided by region us-east-1: outage"));
    g_assert_nonnull(strstr(during, ">DURING<"));
    g_assert_nonnull(strstr(during, ">SINGLE POINT<"));
    g_free(before);
    g_free(during);
    scene_clear(&scene);
}

/* ---- Harmless
 * -------------------------------------------------------------------------------------------------------- */

static void test_names_stay_text(void) {
    Scene scene = scene_new(SAMPLE_HOSTILE);
    char *svg = draw_moment(scene.diagram, scene.layout, 1, true);
    g_assert_null(strstr(svg, "<script"));
    g_assert_null(strstr(svg, "<b>"));
    g_assert_null(strstr(svg, "\xE2\x80\xAE")); /* turns the text after it around */
    Seen seen = parse(svg);
    g_assert_nonnull(strstr(seen.text->str, "\"><script>alert("));
    g_assert_nonnull(strstr(seen.text->str, "us-\"east\"<1>&"));
    g_assert_nonnull(strstr(seen.text->str, "\xE2\x80\xA6")); /* the long name was cut */
    g_string_free(seen.text, TRUE);
    g_free(svg);
    scene_clear(&scene);
}

static void test_page_is_harmless(void) {
    Scene scene = scene_new(SAMPLE_HOSTILE);
    GError *error = NULL;
    char *page = page_of(&scene, &error);
    g_assert_no_error(error);
    g_assert_cmpint(occurrences(page, "<script"), ==, 1); /* our own */
    g_assert_cmpint(occurrences(page, "</script"), ==, 1);
    g_assert_cmpint(occurrences(page, "<img"), ==, 0);
    g_assert_cmpint(occurrences(page, "src="), ==, 1); /* inside the text of a cause of loss */
    g_assert_nonnull(strstr(page, "&lt;img src=x onerror=alert(1)&gt;"));
    g_assert_cmpint(occurrences(page, "http://"), ==, occurrences(page, "xmlns=\"http://www.w3.org/2000/svg\""));
    g_assert_cmpint(occurrences(page, "https://"), ==, 0);
    g_free(page);
    scene_clear(&scene);
}

/* The policy allows our script by its hash and nothing else. */
static void test_policy_fits_script(void) {
    Scene scene = scene_new(SAMPLE_MULTI);
    char *page = page_of(&scene, NULL);
    char *script = strstr(page, "<script>") + strlen("<script>"), *end = strstr(script, "</script>");
    guint8 digest[32];
    gsize length = sizeof digest;
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)script, end - script);
    g_checksum_get_digest(sum, digest, &length);
    char *base64 = g_base64_encode(digest, length);
    char *policy = g_strdup_printf("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-%s'", base64);
    g_assert_nonnull(strstr(page, policy));
    g_assert_cmpint(end - script, <, 1200);
    g_checksum_free(sum);
    g_free(base64);
    g_free(policy);
    g_free(page);
    scene_clear(&scene);
}

static void test_page_has_everything(void) {
    static const char *const parts[] = {"data-name=\"during\"",
                                        "<h2>Expectations",
                                        "<h2>What happened",
                                        "<h2>Failover",
                                        "<h2>What became of",
                                        "<h2>Measures",
                                        "<h2>Who can reach",
                                        "<h2>Cost",
                                        "<h2>Made from",
                                        "72,000",
                                        "2.35 min",
                                        "stale dns",
                                        "id=\"before-hatch\"",
                                        "id=\"after-hatch\"",
                                        "eu-west-1.db becomes",
                                        "$0.599"};
    Scene scene = scene_new(SAMPLE_MULTI);
    char *page = page_of(&scene, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        if (strstr(page, parts[i]) == NULL) {
            g_test_message("the page lacks %s", parts[i]);
            g_test_fail();
        }
    g_free(page);
    scene_clear(&scene);
}

static void test_page_refuses(void) {
    static const struct {
        const char *from, *to, *complaint;
    } cases[] = {
        {"\"completed\": 69400", "\"completed\": \"many\"",
         "$.ledger[0].completed: expected a whole number, found text"},
        {"\"bucket_ns\": 60", "\"bucket_ns\": -60", "$.series[0].bucket_ns: must not be negative"},
        {"\"fault\": 0", "\"fault\": 5", "$.phases[0]: no such fault, or a negative time"},
        {"\"mean\": 141", "\"mean\": \"x\", \"y\": 1", "$.measures[0].mean: expected a number, found text"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GError *error = NULL;
        Fixture f = fixture_spoiled(SAMPLE_MULTI, cases[i].from, cases[i].to, &error);
        g_assert_no_error(error);
        char *pictures[] = {"", "", "", NULL};
        g_assert_null(page_write(f.document, pictures, &error));
        g_assert_nonnull(error);
        g_assert_cmpstr(error->message, ==, cases[i].complaint);
        g_clear_error(&error);
        fixture_clear(&f);
    }
}

/* ---- The same bytes
 * -------------------------------------------------------------------------------------------------- */

/* Everything that is drawn of two samples, as one digest. */
static char *digest_of_all(void) {
    const SampleShape shapes[] = {SAMPLE_MULTI, SAMPLE_HOSTILE};
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        Scene scene = scene_new(shapes[i]);
        for (int m = 0; m < 3; m++) {
            char *svg = draw_moment(scene.diagram, scene.layout, m, true);
            char *dot = dot_write(scene.diagram, m, LAYOUT_TIMEOUT_S, NULL);
            g_checksum_update(sum, (const guchar *)svg, -1);
            g_checksum_update(sum, (const guchar *)dot, -1);
            g_free(svg);
            g_free(dot);
        }
        char *page = page_of(&scene, NULL);
        g_checksum_update(sum, (const guchar *)page, -1);
        g_free(page);
        scene_clear(&scene);
    }
    char *digest = g_strdup(g_checksum_get_string(sum));
    g_checksum_free(sum);
    return digest;
}

static const char *own_path;

/* Processes begin at other addresses each time; nothing may follow from them. */
static void test_twenty_processes(void) {
    char *expected = digest_of_all();
    for (int i = 0; i < 20; i++) {
        char *arguments[] = {(char *)(guintptr)own_path, "digest", NULL}, *out = NULL;
        GError *error = NULL;
        g_spawn_sync(NULL, arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(out, ==, expected);
        g_free(out);
    }
    g_free(expected);
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "digest") == 0) {
        char *digest = digest_of_all();
        fputs(digest, stdout);
        g_free(digest);
        return 0;
    }
    own_path = argv[0];
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/render/draw/well_formed", test_well_formed);
    g_test_add_func("/render/draw/says_what_is", test_says_what_is);
    g_test_add_func("/render/draw/names_stay_text", test_names_stay_text);
    g_test_add_func("/render/page/is_harmless", test_page_is_harmless);
    g_test_add_func("/render/page/policy_fits_script", test_policy_fits_script);
    g_test_add_func("/render/page/has_everything", test_page_has_everything);
    g_test_add_func("/render/page/refuses", test_page_refuses);
    g_test_add_func("/render/draw/twenty_processes", test_twenty_processes);
    return g_test_run();
}
