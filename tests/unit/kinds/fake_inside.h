/* fake_inside.h - what the fake world is made of, for the two files that make it: fake.c and fake_ops.c. */
#ifndef FAULTLINE_TESTS_UNIT_KINDS_FAKE_INSIDE_H
#define FAULTLINE_TESTS_UNIT_KINDS_FAKE_INSIDE_H

#include "read/tree.h"
#include "tests/unit/kinds/fake.h"

enum { PLACES_MOST = 32 };

typedef struct {
    const char *name;
    const Kind *kind;
    PlaceId place;
    UnitId first;
    uint32_t count;
    uint64_t met;             /* what its meter shows */
    GArray *targets, *copies; /* ComponentId */
    GArray *holders;          /* UnitId */
    Ctx cx;
} Component;

typedef struct {
    SimTime at;
    uint64_t serial;
    ComponentId component;
    uint32_t what, subject;
} Timer;

struct Fake {
    Luck luck;
    Tree *tree;
    SimTime now;
    const char *places[PLACES_MOST];
    bool control[PLACES_MOST], declared[PLACES_MOST];
    SimTime distance[PLACES_MOST][PLACES_MOST];
    uint32_t place_count;
    GArray *components; /* Component */
    GArray *units;      /* UnitView */
    GArray *probes;     /* int by unit: what probes see, or -1 */
    GArray *beside;     /* UnitId by unit: beside which it stands, or itself */
    GPtrArray *jobs;    /* GArray of Job by unit */
    GArray *timers;     /* Timer, in order of setting */
    GArray *facts;      /* Fact */
    uint64_t serial;
    uint64_t cut;       /* bits: 8 from + to, of the first eight places: nothing crosses */
    uint64_t unnoticed; /* bits: units of lines that are down, and nobody knows */
    bool started, dirty;
};

/* What a kind may ask of the world; cx->world is a Fake. */
extern const CtxOps fake_ops;

/* Valid until the next one is added. */
static inline Component *component_of(const Fake *fake, ComponentId id) {
    g_assert_cmpuint(id, <, fake->components->len);
    return &g_array_index(fake->components, Component, id);
}

static inline UnitView *unit_of(const Fake *fake, UnitId id) {
    g_assert_cmpuint(id, <, fake->units->len);
    return &g_array_index(fake->units, UnitView, id);
}

#endif
