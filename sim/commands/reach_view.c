/* reach_view.c - a design at an instant: read, and run once up to there if it is not the beginning. */
#include "commands/reach_view.h"

#include <stdio.h>
#include <string.h>

#include "base/quantity.h"
#include "study/study.h"

/* --- an instant --------------------------------------------------------------------------------------------------- */

static void copy_state(void *user, const World *world) {
    NetState **state = user;
    netstate_free(*state);
    *state = netstate_copy(world_netstate(world));
}

/* Nobody's sessions change who can reach whom, so nobody comes. */
static NetState *state_at(Model *model, SimTime at) {
    NetState *state = NULL;
    model->load_count = 0;
    model->run.until = at;
    Study *study = study_new(model);
    Look look = {at, copy_state, &state};
    study_watch(study, 0, NULL, 0, &look, 1);
    study_free(study);
    return state;
}

static bool instant_read(const char *text, const Model *model, SimTime *at) {
    char *why = NULL;
    bool good = quantity_parse(text, UNIT_TIME, &at->ns, &why) && at->ns >= 0;
    if (!good) {
        fprintf(stderr, "faultline reach: --at %s: %s\n", text, why != NULL ? why : "before the beginning");
    } else if (simtime_before(model->run.until, *at)) {
        char *until = quantity_brief(model->run.until.ns, UNIT_TIME);
        fprintf(stderr, "faultline reach: --at %s: the run ends after %s\n", text, until);
        g_free(until);
        good = false;
    }
    g_free(why);
    return good;
}

/* --- the view ----------------------------------------------------------------------------------------------------- */

int reach_view_init(ReachView *view, const char *path, const ReadingOptions *options, const char *at,
                    const CommandEnv *env) {
    *view = (ReachView){.reach = NULL};
    reading_init(&view->reading, path, options, NULL, env);
    int status = reading_tell(&view->reading);
    Model *model = view->reading.model;
    SimTime instant = SIMTIME_ZERO;
    if (model == NULL)
        return status;
    if (at != NULL && !instant_read(at, model, &instant))
        return EXIT_INPUT;
    view->state = at != NULL ? state_at(model, instant) : netstate_new(model);
    view->reach = reach_new(model);
    char *file = g_path_get_basename(path);
    view->title = at != NULL ? g_strdup_printf("%s at %s", file, at) : g_strdup(file);
    g_free(file);
    return EXIT_DONE;
}

void reach_view_clear(ReachView *view) {
    reach_free(view->reach);
    netstate_free(view->state);
    g_free(view->title);
    reading_clear(&view->reading);
}

/* --- words -------------------------------------------------------------------------------------------------------- */

char *reach_port_text(Protocol protocol, uint16_t port) {
    PortSet set = {0};
    ports_add(&set, (PortRange){(uint8_t)protocol, port, port});
    return ports_text(&set);
}

const char *reach_element_text(const Model *model, uint32_t element) {
    return element != 0 && element < model->element_count ? model->elements[element].text : NULL;
}

/* Labels are free of folders, so that the page is the same wherever the file lies. */
char *reach_place_text(const Model *model, uint32_t element) {
    if (element == 0 || element >= model->element_count || model->elements[element].mark.line == 0)
        return NULL;
    Mark mark = model->elements[element].mark;
    const char *label = source_name(mark.source);
    for (uint32_t i = 0; i < model->source_count; i++)
        if (model->sources[i] == mark.source)
            label = model->source_labels[i];
    return g_strdup_printf("%s:%u:%u", label, mark.line, mark.column);
}

char *reach_verdict_text(const Verdict *verdict) {
    return g_strdup_printf("%s%s%s%s", verdict_name(verdict->kind), verdict->reply ? " (reply)" : "",
                           verdict->code[0] != '\0' ? " " : "", verdict->code);
}
