/* fake.h - a small stand-in for the world, behind the same Ctx, so that a kind can be tested alone.
 *
 * Build components on places, start, bend conditions, let time pass, look at the facts. The fake decides nothing by
 * itself: a probe sees the unit's condition unless a test says otherwise, distances are what the test set (zero
 * before). Like the world it tells every kind of every change until all is quiet, and never tells the same thing twice.
 * All names are borrowed. A mistake in a test's own set-up fails an assertion. */
#ifndef FAULTLINE_TESTS_UNIT_KINDS_FAKE_H
#define FAULTLINE_TESTS_UNIT_KINDS_FAKE_H

#include <glib.h>

#include "contract/kind.h"

typedef struct Fake Fake;

Fake *fake_new(uint64_t seed);
void fake_free(Fake *fake); /* ends the run of what was started */

/* ---- Building, before fake_start ---- */
PlaceId fake_place(Fake *fake, const char *name);
void fake_distance(Fake *fake, PlaceId a, PlaceId b, SimTime one_way); /* both ways */
/* A component whose spec is read from its kind's own fields: `keys` is YAML in flow form, NULL for all defaults. Units
 * follow, one fake_unit each. */
ComponentId fake_component(Fake *fake, const char *name, const Kind *kind, const char *keys, PlaceId place);
UnitId fake_unit(Fake *fake, ComponentId component, PlaceId zone);
void fake_target(Fake *fake, ComponentId from, ComponentId to);
void fake_copies(Fake *fake, const ComponentId *copies, uint32_t count);
/* A unit of a kind that stands beside others stands beside `host`; and `unit` shows certificates of that authority. */
void fake_beside(Fake *fake, UnitId own, UnitId host);
void fake_holder(Fake *fake, ComponentId authority, UnitId unit);
/* Something that only is there: serves, does nothing; its states are set by the test. */
extern const Kind fake_plain, fake_edge;

/* What a kind's check hook says of these keys: "" for nothing; allocated. */
char *fake_check(const Kind *kind, const char *keys);
/* An allocated spec (g_free) read from keys with any table of fields; and what reading has to say of them ("":
 * nothing). */
void *fake_spec(Fake *fake, const Field *fields, size_t size, const char *keys);
char *fake_complaints(const Field *fields, size_t size, const char *keys);

/* ---- Running ---- */
void fake_start(Fake *fake);
/* Let time pass: every timer up to and at `until` fires, in order of time, then of setting. */
void fake_advance(Fake *fake, SimTime until);
/* Truth changes now, and everybody is told; before fake_start: that is how things stand. */
void fake_bend(Fake *fake, UnitId unit, Condition condition);
void fake_down(Fake *fake, UnitId unit); /* silent */
void fake_up(Fake *fake, UnitId unit);
void fake_zone(Fake *fake, PlaceId zone, bool up); /* every unit there */
void fake_control(Fake *fake, PlaceId place, bool answers);
void fake_state(Fake *fake, UnitId unit, UnitState state);
/* Probes of this unit see `result` whatever its condition; -1: its condition again. */
void fake_probes_see(Fake *fake, UnitId unit, int result);

/* Nothing crosses from the one place to the other any more, or again; everybody is told. The first eight places only.
 */
void fake_cut(Fake *fake, PlaceId from, PlaceId to, bool cut);
/* Something was done with an object at this unit now. */
void fake_touch(Fake *fake, UnitId unit, uint32_t session, Touch touch);
/* What the meter of a component shows from now on. */
void fake_met(Fake *fake, ComponentId component, uint64_t requests);
/* Told now; everybody is told what changes. */
void fake_order(Fake *fake, ComponentId component, Order order);
/* Somebody gives the region up now. */
void fake_declare(Fake *fake, PlaceId region);
bool fake_declared(const Fake *fake, PlaceId region);

/* ---- Asking ---- */
SimTime fake_now(const Fake *fake);
Ctx *fake_ctx(Fake *fake, ComponentId component); /* with its clock set */
UnitState fake_state_of(const Fake *fake, UnitId unit);
/* Units in that state; NO_PLACE: in any zone. */
uint32_t fake_count_in(const Fake *fake, ComponentId component, PlaceId zone, UnitState state);
static inline uint32_t fake_count(const Fake *fake, ComponentId component, UnitState state) {
    return fake_count_in(fake, component, NO_PLACE, state);
}
bool fake_unnoticed(const Fake *fake, UnitId unit); /* of a line: down, and packets are still sent into it */
NameAnswer fake_resolve(Fake *fake, ComponentId name, PlaceId from, uint64_t number);
/* Hand a request to a unit now; jobs of kinds that replan are kept until they are ready. */
Outcome fake_request(Fake *fake, UnitId unit, Request request);
/* A request of session number `session`, now. */
Request fake_request_of(const Fake *fake, uint32_t session);
uint32_t fake_jobs(const Fake *fake, UnitId unit,
                   const Job **jobs);   /* given there, in order; replanned ones with their new times */
uint32_t fake_timers(const Fake *fake); /* that are still to fire */

/* Facts in order. */
uint32_t fake_facts(const Fake *fake, FactKind kind);
const Fact *fake_fact(const Fake *fake, FactKind kind, uint32_t nth); /* from 0; fails when there is none */
const Fact *fake_last(const Fake *fake, FactKind kind);
void fake_forget(Fake *fake); /* facts so far */

#define assert_ns(time, wanted) g_assert_cmpint((time).ns, ==, (wanted).ns)

#endif
