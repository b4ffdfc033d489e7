/* fixture.h - a small pattern and a small catalogue to read it with: what every test of the model begins with. */
#ifndef FAULTLINE_TESTS_UNIT_MODEL_FIXTURE_H
#define FAULTLINE_TESTS_UNIT_MODEL_FIXTURE_H

#include <glib.h>

#include "model/model.h"

/* Kinds, faults and the rest with the least that the model asks of them; names as in the real ones. */
extern const Catalogue fake_catalogue;

/* What the fake instances hold. */
typedef struct {
    int64_t count;
    Law boot;
    const char *note;
} FakeInstances;

/* Two regions, two zones each, three tiers, one flow; and a scenario that loses a region. */
extern const char sample_pattern[], sample_scenario[];

typedef struct {
    char *folder; /* temporary; holds patterns/sample.yaml and scenario.yaml */
    ModelInputs *inputs;
    Diagnostics *diagnostics;
    Model *model;
    GError *error;
} Reading;

/* Read texts; scenario NULL: the pattern bare. The request's path, inputs and installed folder are filled in; the rest
 * of it is the caller's (may be NULL). Defaults are the repository's own. */
void reading_init(Reading *reading, const char *pattern, const char *scenario, const ModelRequest *request);
void reading_clear(Reading *reading);
/* The same, and no message of any kind is allowed. */
void reading_init_good(Reading *reading, const char *pattern, const char *scenario, const ModelRequest *request);

/* The text with the only occurrence of `find` replaced; g_free. */
char *text_with(const char *text, const char *find, const char *replacement);
/* All messages, one a line: "s.yaml:12:8 reason | mend" (p for the pattern, s for the scenario); g_free. */
char *messages_of(const Diagnostics *diagnostics);

/* One replacement in the pattern ('p'), in the scenario ('s'), or one --set ('-'), and all that must be said about it.
 */
typedef struct {
    char where;
    const char *find, *replacement, *messages;
} Mistake;
/* Asserts each; `find` NULL ends the list. */
void mistakes_check(const Mistake *mistakes);

/* Ids by name; asserted to be there. */
PlaceId place_id(const Model *model, const char *path);
ComponentId component_id(const Model *model, const char *name);
const Component *component_named(const Model *model, const char *name);
const SecurityGroup *group_named(const Model *model, const char *name);

#endif
