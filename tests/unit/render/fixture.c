/* fixture.c - sample records as documents. */
#include "tests/unit/render/fixture.h"

#include <string.h>

static Fixture read_text(char *text, GError **error) {
    Fixture fixture = {.text = text, .json = json_in_read(text, strlen(text), error)};
    if (fixture.json != NULL)
        fixture.document = document_new(fixture.json, error);
    return fixture;
}

Fixture fixture_new(SampleShape shape) {
    GError *error = NULL;
    Fixture fixture = read_text(sample_json(shape), &error);
    g_assert_no_error(error);
    return fixture;
}

Fixture fixture_spoiled(SampleShape shape, const char *from, const char *to, GError **error) {
    char *text = sample_json(shape), *found = strstr(text, from);
    g_assert_nonnull(found);
    GString *spoiled = g_string_new_len(text, found - text);
    g_string_append(spoiled, to);
    g_string_append(spoiled, found + strlen(from));
    g_free(text);
    return read_text(g_string_free(spoiled, FALSE), error);
}

void fixture_clear(Fixture *fixture) {
    document_free(fixture->document);
    json_in_free(fixture->json);
    g_free(fixture->text);
}

int fixture_box(const Diagram *diagram, const char *component, const char *zone) {
    for (int i = 0; i < diagram->box_count; i++) {
        const Box *box = &diagram->boxes[i];
        if (box->component == NO_ID || strcmp(diagram->document->components[box->component].name, component) != 0)
            continue;
        if (zone == NULL || (box->zone != NO_ID && strcmp(diagram->document->places[box->zone].name, zone) == 0))
            return i;
    }
    g_test_message("no box of %s in %s", component, zone != NULL ? zone : "any zone");
    g_assert_not_reached();
}
