/* fixture.h - a sample record, read the way the program reads one. */
#ifndef FAULTLINE_TESTS_RENDER_FIXTURE_H
#define FAULTLINE_TESTS_RENDER_FIXTURE_H

#include "render/diagram.h"
#include "tests/unit/render/samples.h"

typedef struct {
    char *text;
    JsonDoc *json;
    Document *document;
} Fixture;

Fixture fixture_new(SampleShape shape);
/* The same with `from` replaced by `to`, once, in the document's text; `from` must be there. Then document may be NULL
 * and *error set. */
Fixture fixture_spoiled(SampleShape shape, const char *from, const char *to, GError **error);
void fixture_clear(Fixture *fixture);

/* The box of a component in a zone; zone NULL: its first. Fails the test when there is none. */
int fixture_box(const Diagram *diagram, const char *component, const char *zone);

#endif
