/* story.h - a small system whose facts a test makes by hand, and all that a MeasureSet knows, as one text. */
#ifndef FAULTLINE_TESTS_STORY_H
#define FAULTLINE_TESTS_STORY_H

#include <glib.h>

#include "contract/ctx.h"
#include "measure/measure.h"

/* Components and units of the story; a unit has the number of its component times ten, and up to nine more. */
enum { AMERICA, EUROPE, DNS, LB_A, WEB_A, DB_A, LB_B, WEB_B, DB_B, STORY_COMPONENTS };
enum { RULE_NONE, RULE_WEB, RULE_DB, STORY_ELEMENTS };

typedef struct {
    MeasureSetup setup;
    MeasureFault faults[4];
    MeasurePrice prices[4];
    MeasureTransfer transfers[1];
    ComponentId unit_component[STORY_COMPONENTS * 10];
    MeasureSet *set;
} Story;

/* 600 s, warm-up 10 s, no faults, no prices; both populations. story_open makes the set: change the setup before it. */
Story *story_new(void);
void story_fault(Story *story, const char *text, double at, double lasts);
void story_open(Story *story);
void story_free(Story *story);

SimTime at_s(double seconds);

/* One fact, at `at` seconds; the other fields as given. */
void tell(Story *story, double at, Fact fact);
void arrive(Story *story, double at, ComponentId population, uint32_t serial, int64_t resolver);
void come_back(Story *story, double at, ComponentId population, uint32_t serial, uint32_t instead_of);
void establish(Story *story, double at, ComponentId population, uint32_t serial, double since_arrival,
               int64_t resolver);
void complete(Story *story, double at, ComponentId population, uint32_t serial);
/* Broken by `cause`, flags as given, its last attempt sent `sent_ago` seconds before. */
void break_off(Story *story, double at, ComponentId population, uint32_t serial, Cause cause, int flags,
               double sent_ago);
void begin_fault(Story *story, double at, uint32_t event);
void end_fault(Story *story, double at, uint32_t event);

/* The value of a column in a replication; fails the test when there is none. */
int64_t value_of(const MeasureSet *set, const char *name, uint64_t replication);
bool has_value(const MeasureSet *set, const char *name, uint64_t replication);
#define assert_value(story, name, expected) g_assert_cmpint(value_of((story)->set, name, 0), ==, expected)
#define assert_seconds(story, name, expected) g_assert_cmpint(value_of((story)->set, name, 0), ==, at_s(expected).ns)

/* Every column, sample, pool, histogram bucket and series, in canonical order. */
char *set_text(const MeasureSet *set);

#endif
