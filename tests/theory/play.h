/* play.h - reads a YAML file, runs its world, and hands its facts to a test: the whole path, nothing called directly.
 *
 * A play that cannot be read ends the test with the diagnostics printed. Patterns and defaults come from `patterns`, so
 * tests run from the top of the tree. */
#ifndef FAULTLINE_TESTS_THEORY_PLAY_H
#define FAULTLINE_TESTS_THEORY_PLAY_H

#include <glib.h>

#include "model/model.h"
#include "reach/reach.h"
#include "world/world.h"

typedef struct {
    ModelInputs *inputs;
    Diagnostics *diagnostics;
    Model *model;
    Reach *reach;
    World *world;
} Play;

/* A pattern or scenario file. `sets` ("name=value") and `events` (timeline entries) are NULL-terminated, or NULL. */
Play *play_new(const char *path, const char *const *sets, const char *const *events);
/* The same with another folder for patterns and defaults. */
Play *play_new_in(const char *folder, const char *path, const char *const *sets, const char *const *events);
/* From text, which goes through a file of its own under a neutral name. */
Play *play_new_text(const char *text, const char *const *sets, const char *const *events);
void play_free(Play *play);

typedef void (*See)(void *user, const Fact *fact);
/* One replication; `see` gets the facts of `wants` in order. */
void play_run(Play *play, Luck luck, uint64_t wants, See see, void *user);
/* All facts of `wants` of one replication (array of Fact, g_array_unref). */
GArray *play_record(Play *play, Luck luck, uint64_t wants);

/* By name; not found ends the test. "site[us-east-1].web", "site[us-east-1].web/0", "us-east-1a". */
ComponentId play_component(const Play *play, const char *name);
UnitId play_unit(const Play *play, const char *name);
PlaceId play_place(const Play *play, const char *name);

/* A fact with names instead of numbers, so that those of two models can be compared; allocated. The deciding rule is
 * left out: its text holds its number in a list. */
char *fact_text(const Model *model, const Fact *fact);
/* One line a fact, at most one line for each; `about` NULL: all, else only the facts that name this component. */
GPtrArray *fact_lines(const Model *model, const GArray *facts, const char *about);
/* Fails the test at the first line that differs, and shows both. */
void assert_same_lines(const GPtrArray *a, const GPtrArray *b);

#define ALL_FACTS UINT64_MAX

#endif
