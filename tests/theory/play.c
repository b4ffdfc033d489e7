/* play.c - reads a YAML file, runs its world, and hands its facts to a test. */
#include "tests/theory/play.h"

#include <glib/gstdio.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "catalogue/catalogue.h"

Play *play_new(const char *path, const char *const *sets, const char *const *events) {
    return play_new_in("patterns", path, sets, events);
}

Play *play_new_in(const char *folder, const char *path, const char *const *sets, const char *const *events) {
    Play *play = g_new0(Play, 1);
    GError *error = NULL;
    play->diagnostics = diagnostics_new();
    play->inputs = model_inputs_new();
    ModelRequest request = {
        .path = path, .patterns_folder = folder, .sets = sets, .events = events, .inputs = play->inputs};
    play->model = model_read(&request, &builtin_catalogue, play->diagnostics, &error);
    if (!play->model) {
        diagnostics_print(play->diagnostics, stderr, false);
        g_error("%s cannot be read: %s", path, error ? error->message : "see above");
    }
    play->reach = reach_new(play->model);
    play->world = world_new(play->model, play->reach);
    return play;
}

Play *play_new_text(const char *text, const char *const *sets, const char *const *events) {
    char *folder = g_dir_make_tmp("faultline-play-XXXXXX", NULL);
    char *path = g_build_filename(folder, "play.yaml", NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    Play *play = play_new(path, sets, events);
    g_unlink(path);
    g_rmdir(folder);
    g_free(path);
    g_free(folder);
    return play;
}

void play_free(Play *play) {
    if (!play)
        return;
    world_free(play->world);
    reach_free(play->reach);
    model_free(play->model);
    diagnostics_free(play->diagnostics);
    model_inputs_free(play->inputs);
    g_free(play);
}

void play_run(Play *play, Luck luck, uint64_t wants, See see, void *user) {
    Observer observer = {wants, see, user};
    world_run(play->world, luck, &observer, 1, NULL, 0);
}

static void keep(void *user, const Fact *fact) { g_array_append_vals(user, fact, 1); }

GArray *play_record(Play *play, Luck luck, uint64_t wants) {
    GArray *facts = g_array_new(FALSE, FALSE, sizeof(Fact));
    play_run(play, luck, wants, keep, facts);
    return facts;
}

ComponentId play_component(const Play *play, const char *name) {
    for (ComponentId c = 0; c < play->model->component_count; c++)
        if (g_str_equal(play->model->components[c].name, name))
            return c;
    g_error("there is no component %s", name);
}

UnitId play_unit(const Play *play, const char *name) {
    for (UnitId u = 0; u < play->model->unit_count; u++) {
        char *own = model_unit_name(play->model, u);
        bool found = g_str_equal(own, name);
        g_free(own);
        if (found)
            return u;
    }
    g_error("there is no unit %s", name);
}

PlaceId play_place(const Play *play, const char *name) {
    for (PlaceId p = 0; p < play->model->place_count; p++)
        if (g_str_equal(play->model->places[p].name, name))
            return p;
    g_error("there is no place %s", name);
}

/* ---- facts as text ---- */

static const char *const fact_names[] = {
    "arrived",     "established",   "completed",     "broken",       "served",  "failed",    "fault began",
    "fault ended", "unit",          "rules",         "noticed",      "decided", "published", "refreshed",
    "promoting",   "promoted",      "writes gone",   "launching",    "serving", "blocked",   "rebalanced",
    "owned",       "alert",         "responded",     "drifted",      "evicted", "lines",     "lines gone",
    "turned back", "failure began", "failure ended", "service",      "exposed", "restarted", "expired",
    "job began",   "job finished",  "job lost",      "kept",         "ready",   "taken",     "worked",
    "stored",      "given up",      "copied",        "objects gone", "read",    "lines kept"};
_Static_assert(sizeof fact_names / sizeof *fact_names == FACTS, "a name for each fact");

/* Facts whose `other` is a component rather than a number. */
#define NAMES_OTHER                                                                                        \
    (FACT_BIT(FACT_NOTICED) | FACT_BIT(FACT_PUBLISHED) | FACT_BIT(FACT_REFRESHED) | FACT_BIT(FACT_OWNED) | \
     FACT_BIT(FACT_WRITES_GONE) | FACT_BIT(FACT_EXPOSED))
/* Facts whose `place` is filled in. */
#define NAMES_PLACE                                                                                           \
    (FACT_BIT(FACT_ARRIVED) | FACT_BIT(FACT_ESTABLISHED) | FACT_BIT(FACT_COMPLETED) | FACT_BIT(FACT_BROKEN) | \
     FACT_BIT(FACT_SERVED) | FACT_BIT(FACT_FAILED) | FACT_BIT(FACT_UNIT))

static const char *component_name(const Model *model, ComponentId c) {
    return c < model->component_count ? model->components[c].name : "-";
}

char *fact_text(const Model *model, const Fact *fact) {
    GString *text = g_string_new(NULL);
    char *unit = fact->unit < model->unit_count ? model_unit_name(model, fact->unit) : g_strdup("-");
    g_string_printf(text, "%" PRId64 " %s of %s unit %s", fact->at.ns, fact_names[fact->kind],
                    component_name(model, fact->component), unit);
    if (FACT_BIT(fact->kind) & NAMES_PLACE)
        g_string_append_printf(text, " in %s",
                               fact->place < model->place_count ? model->places[fact->place].name : "-");
    if (FACT_BIT(fact->kind) & NAMES_OTHER)
        g_string_append_printf(text, " about %s", component_name(model, fact->other));
    else
        g_string_append_printf(text, " other %" PRIu32, fact->other);
    g_string_append_printf(text, " subject %" PRIu32 " %s%s flags %d span %" PRId64 " amount %" PRId64, fact->subject,
                           cause_name(fact->cause), fact->rule ? " by a rule" : "", fact->flags, fact->span.ns,
                           fact->amount);
    g_free(unit);
    return g_string_free(text, FALSE);
}

static bool fact_is_about(const Model *model, const Fact *fact, const char *name) {
    return g_str_equal(component_name(model, fact->component), name) ||
           ((FACT_BIT(fact->kind) & NAMES_OTHER) && g_str_equal(component_name(model, fact->other), name));
}

GPtrArray *fact_lines(const Model *model, const GArray *facts, const char *about) {
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < facts->len; i++) {
        const Fact *fact = &g_array_index(facts, Fact, i);
        if (!about || fact_is_about(model, fact, about))
            g_ptr_array_add(lines, fact_text(model, fact));
    }
    return lines;
}

void assert_same_lines(const GPtrArray *a, const GPtrArray *b) {
    for (guint i = 0; i < MIN(a->len, b->len); i++)
        if (!g_str_equal(a->pdata[i], b->pdata[i])) {
            g_test_message("fact %u was: %s", i, (char *)a->pdata[i]);
            g_test_message("fact %u is:  %s", i, (char *)b->pdata[i]);
            g_assert_cmpstr(a->pdata[i], ==, b->pdata[i]);
            return;
        }
    g_assert_cmpuint(a->len, ==, b->len);
}
