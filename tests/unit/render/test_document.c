/* test_document.c - a record is read whole or refused with the path of what is wrong. */
#include <string.h>

#include "tests/unit/render/fixture.h"

static void test_reads_everything(void) {
    Fixture f = fixture_new(SAMPLE_MULTI);
    const Document *d = f.document;
    g_assert_cmpstr(d->pattern, ==, "multi-region-web");
    g_assert_cmpint(d->seed, ==, 42);
    g_assert_cmpint(d->place_count, ==, 3 + 2 * (1 + 2 * 4));
    g_assert_cmpint(d->component_count, ==, 3 + 2 * 3);
    g_assert_cmpint(d->moment_count, ==, 3);
    g_assert_cmpint(d->fault_count, ==, 1);
    g_assert_cmpint(d->faults[0].to_ns, ==, 3000 * G_GINT64_CONSTANT(1000000000));
    const Component *web = &d->components[2];
    g_assert_cmpstr(web->name, ==, "site[us-east-1].web");
    g_assert_cmpint(web->role, ==, ROLE_COMPUTE);
    g_assert_cmpint(web->unit_count, ==, 6);
    g_assert_cmpint(web->fact_count, ==, 2);
    g_assert_cmpint(d->moments[1].components[2].state, ==, STATE_FAILED);
    g_assert_cmpint(d->moments[1].components[2].down, ==, 6);
    g_assert_cmpint(d->moments[1].places[3], ==, TROUBLE_DOWN);
    g_assert_cmpint(d->moments[0].places[3], ==, TROUBLE_NONE);
    fixture_clear(&f);
}

static void test_places(void) {
    Fixture f = fixture_new(SAMPLE_MULTI);
    int subnet = f.document->components[2].units[0].subnet;
    int region = document_place_at(f.document, subnet, LEVEL_REGION);
    g_assert_cmpstr(f.document->places[region].name, ==, "us-east-1");
    g_assert_cmpint(document_place_at(f.document, region, LEVEL_ZONE), ==, NO_ID);
    g_assert_cmpint(document_place_at(f.document, NO_ID, LEVEL_ZONE), ==, NO_ID);
    fixture_clear(&f);
}

/* Keys that a reader does not know, and members that may be missing. */
static void test_lenient(void) {
    GError *error = NULL;
    Fixture f = fixture_spoiled(SAMPLE_MULTI, "\"claim\":", "\"new key\": {\"a\": [1]}, \"claim\":", &error);
    g_assert_no_error(error);
    fixture_clear(&f);
    f = fixture_spoiled(SAMPLE_MULTI, "\"series\": [", "\"other\": [", &error);
    g_assert_no_error(error);
    fixture_clear(&f);
}

static const struct {
    const char *from, *to, *complaint; /* complaint: how it begins */
} spoils[] = {
    {"faultline-record/1", "faultline-record/2", "$.format: this program reads faultline-record/1"},
    {"\"pattern\": \"multi", "\"patern\": \"multi", "$.title: 'pattern' is missing"},
    {"\"pattern\": \"multi-region-web\"", "\"pattern\": 7", "$.title.pattern: expected text, found"},
    {"\"level\": \"region\"", "\"level\": \"continent\"", "$.places[3].level: must be one of: outside, provider"},
    {"\"parent\": 2", "\"parent\": 3", "$.places[3].parent: a place must stand after"},
    {"\"parent\": 2", "\"parent\": 9000", "$.places[3].parent: there is no number 9000"},
    {"\"parent\": 2", "\"parent\": -1", "$.places[3].parent: there is no number -1"},
    {"\"role\": \"store\"", "\"role\": \"shop\"", "$.components[3].role: must be one of"},
    {"[\"ttl\", \"60 s\"]", "[\"ttl\"]", "$.components[0].facts[0]: expected [label, value]"},
    {"\"from\": 7, \"to\": 0", "\"from\": 7, \"to\": 99", "$.links[0].to: there is no number 99"},
    {"\"from\": 7, \"to\": 0", "\"from\": 7", "$.links[0]: 'to' is missing"},
    {"\"name\": \"before\"", "\"name\": \"../../etc\"", "$.moments[0].name: 1 to 32 of"},
    {"\"name\": \"before\"", "\"name\": \"\"", "$.moments[0].name: 1 to 32 of"},
    {"\"name\": \"before\"", "\"name\": \"during\"", "$.moments[1].name: an earlier moment"},
    {"\"state\": \"healthy\"", "\"state\": \"fine\"", "$.moments[0].components[0].state: must be one of"},
    {"\"serving\": 1", "\"serving\": -1", "$.moments[0].components[0].serving: must not be negative"},
    {"\"serving\": 1", "\"serving\": 1.5", "$.moments[0].components[0].serving: expected a whole number"},
    {"{\"id\": 1, \"serving\"", "{\"id\": 0, \"serving\"", "$.moments[0].components[1]: number 0 has a second row"},
    {"\"good_share\": 1,", "\"good_share\": 1.1,", "$.moments[0].links[0].good_share: a share must not be above 1"},
    {"\"verdict\": \"REACH\"", "\"verdict\": null", "$.moments[0].links[0]: 'verdict' is missing"},
    {"\"trouble\": \"down\"", "\"trouble\": \"sad\"", "$.moments[1].places[0].trouble: must be one of"},
    {"\"from_ns\": 1200000000000, \"to_ns\": 3000", "\"from_ns\": -5, \"to_ns\": 3000",
     "$.faults[0].from_ns: must not"},
    {"\"links\": [", "\"links\": 3, \"x\": [", "$.links: expected an array"},
    {"{", "[", "line "},
};

static void test_refused(void) {
    for (size_t i = 0; i < G_N_ELEMENTS(spoils); i++) {
        GError *error = NULL;
        Fixture f = fixture_spoiled(SAMPLE_MULTI, spoils[i].from, spoils[i].to, &error);
        g_assert_null(f.document);
        g_assert_nonnull(error);
        error->message[MIN(strlen(error->message), strlen(spoils[i].complaint))] = '\0';
        g_assert_cmpstr(error->message, ==, spoils[i].complaint);
        g_clear_error(&error);
        fixture_clear(&f);
    }
}

/* A moment must tell of everything. */
static void test_row_missing(void) {
    GError *error = NULL;
    Fixture whole = fixture_new(SAMPLE_SINGLE);
    char *row = strstr(strstr(whole.text, "\"moments\""), "        {\"id\": 0, \"serving\"");
    char *line = g_strndup(row, (gsize)(strchr(row, '\n') + 1 - row));
    Fixture f = fixture_spoiled(SAMPLE_SINGLE, line, "", &error);
    g_assert_null(f.document);
    g_assert_cmpstr(error->message, ==, "$.moments[0].components: component number 0 has no row in this moment");
    g_clear_error(&error);
    g_free(line);
    fixture_clear(&f);
    fixture_clear(&whole);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/render/document/reads_everything", test_reads_everything);
    g_test_add_func("/render/document/places", test_places);
    g_test_add_func("/render/document/lenient", test_lenient);
    g_test_add_func("/render/document/refused", test_refused);
    g_test_add_func("/render/document/row_missing", test_row_missing);
    return g_test_run();
}
