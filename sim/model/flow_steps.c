/* flow_steps.c - a flow as written, `users -> web -> jobs <- app then db`: its steps, and how each is connected.
 *
 * A flow is handed off at <- and =>; what stands between two hand-offs is a leg, whose first step works and calls the
 * others. `then` goes back to that first step, which calls once more. */
#include <string.h>

#include "model/build.h"

enum { FLOW_STEPS_MOST = 64 };

static const struct {
    const char *text;
    Connector connector;
} connectors[] = {
    {"->", CONNECTOR_CALLS}, {"<-", CONNECTOR_TAKES}, {"=>", CONNECTOR_TRIGGERS}, {"then", CONNECTOR_THEN}};

const char *connector_text(Connector connector) {
    for (size_t i = 0; i < G_N_ELEMENTS(connectors); i++)
        if (connectors[i].connector == connector)
            return connectors[i].text;
    return "";
}

/* --- from step to step -------------------------------------------------------------------------------------------- */

uint32_t flow_leg_begin(const Flow *flow, uint32_t s) {
    while (s > 0 && !flow_hands_off(flow->steps[s].connector))
        s--;
    return s;
}

uint32_t flow_leg_end(const Flow *flow, uint32_t s) {
    do
        s++;
    while (s < flow->step_count && !flow_hands_off(flow->steps[s].connector));
    return s;
}

bool flow_connection(const Flow *flow, uint32_t s, uint32_t *from, uint32_t *to) {
    *from = s - 1;
    *to = s;
    switch (flow->steps[s].connector) {
    case CONNECTOR_CALLS: return true;
    case CONNECTOR_THEN: *from = flow_leg_begin(flow, s); return true;
    case CONNECTOR_TAKES:
        *from = s;
        *to = s - 1;
        return true;
    case CONNECTOR_TRIGGERS: break;
    }
    return false;
}

/* --- words -------------------------------------------------------------------------------------------------------- */

/* The connector at `text`, and its length; 0: there is none. `then` is a word of its own. */
static size_t connector_at(const char *text, bool after_space, Connector *connector) {
    for (size_t i = 0; i < G_N_ELEMENTS(connectors); i++) {
        size_t length = strlen(connectors[i].text);
        bool word = g_ascii_isalpha(connectors[i].text[0]);
        if (strncmp(text, connectors[i].text, length) != 0 || (word && !(after_space && g_ascii_isspace(text[length]))))
            continue;
        *connector = connectors[i].connector;
        return length;
    }
    return 0;
}

typedef struct {
    GPtrArray *texts;   /* of the steps, trimmed; owned */
    GArray *connectors; /* Connector, before each of them */
} Words;

static void word_add(Words *words, const char *from, const char *end, Connector connector) {
    g_ptr_array_add(words->texts, g_strstrip(g_strndup(from, (gsize)(end - from))));
    g_array_append_val(words->connectors, connector);
}

static Words words_of(const char *path) {
    Words words = {g_ptr_array_new_with_free_func(g_free), g_array_new(FALSE, FALSE, sizeof(Connector))};
    Connector connector = CONNECTOR_CALLS, next;
    const char *from = path, *at = path;
    while (*at != '\0') {
        size_t length = connector_at(at, at == path || g_ascii_isspace(at[-1]), &next);
        if (length == 0) {
            at++;
            continue;
        }
        word_add(&words, from, at, connector);
        connector = next;
        at += length;
        from = at;
    }
    word_add(&words, from, at, connector);
    return words;
}

static void words_clear(Words *words) {
    g_ptr_array_free(words->texts, TRUE);
    g_array_free(words->connectors, TRUE);
}

/* --- one step ----------------------------------------------------------------------------------------------------- */

static const Kind *kind_of_step(const Build *build, const FlowStep *step) {
    return build->model->components[step->by_copy[0]].kind;
}

/* What begins a flow beside users: its load is jobs; without one the flow says only what is meant (app -> queue). */
static bool may_begin(const Kind *kind) {
    return kind->role == ROLE_COMPUTE || kind->role == ROLE_STORE || kind->role == ROLE_BALANCER;
}

/* "results put": the word behind the name is what is asked of the service. */
static bool action_read(Build *build, const char *word, Mark mark, FlowStep *step) {
    const Kind *kind = kind_of_step(build, step);
    for (const KindAction *action = kind->actions; action != NULL && action->name != NULL; action++) {
        if (strcmp(action->name, word) != 0)
            continue;
        step->writes = (action->means & ACTION_WRITES) != 0;
        step->removes = (action->means & ACTION_REMOVES) != 0;
        return true;
    }
    GPtrArray *names = g_ptr_array_new();
    for (const KindAction *action = kind->actions; action != NULL && action->name != NULL; action++)
        g_ptr_array_add(names, (char *)action->name);
    complain_name(build, mark, word, names, "actions", "a %s has no action '%s'", kind->name, word);
    return false;
}

/* The component that a step means. */
static bool step_find(Build *build, const char *text, Mark mark, FlowStep *step) {
    gchar **parts = g_strsplit_set(text, " \t", 2);
    step->copies = names_find(build, (Scope){NULL, NULL}, parts[0], NAME_USERS, mark, &step->by_copy);
    bool good = step->copies > 0;
    step->text = tree_string(build->tree, parts[0]);
    if (good && parts[1] != NULL)
        good = action_read(build, g_strstrip(parts[1]), mark, step);
    g_strfreev(parts);
    return good;
}

/* Populations begin flows and stand nowhere else. */
static bool step_read(Build *build, const char *text, Mark mark, bool first, FlowStep *step) {
    if (text[0] == '\0') {
        complain(build, mark, "write it like users -> dns -> site.lb", "the flow has an empty step");
        return false;
    }
    if (!step_find(build, text, mark, step))
        return false;
    const Kind *kind = kind_of_step(build, step);
    bool people = kind->role == ROLE_POPULATION;
    if (first && may_begin(kind))
        return true;
    if (first && !people)
        complain(build, mark, "begin with users, or the name of a population",
                 "a flow starts at a population, and '%s' is none", step->text);
    if (kind->role == ROLE_LINK) {
        complain(build, mark, "leave it out: routes find the way",
                 "'%s' carries packets between others, so no step of a flow leads to it", step->text);
        return false;
    }
    if (!first && people)
        complain(build, mark, "populations stand only at the start", "a flow cannot lead to a population ('%s')",
                 step->text);
    return first == people;
}

/* --- hand-offs ---------------------------------------------------------------------------------------------------- */

static int can_of(const Build *build, const FlowStep *step) {
    const MessageRules *rules = kind_of_step(build, step)->messages;
    return rules != NULL ? rules->can : 0;
}

static bool handing_check(Build *build, const Flow *flow, uint32_t s, Mark mark) {
    const FlowStep *keeper = &flow->steps[s - 1], *worker = &flow->steps[s];
    bool takes = worker->connector == CONNECTOR_TAKES;
    bool keeps = (can_of(build, keeper) & (takes ? MESSAGES_HOLDS : MESSAGES_TRIGGERS)) != 0;
    bool works = (can_of(build, worker) & MESSAGES_WORKS) != 0;
    if (!keeps)
        complain(build, mark, takes ? "take from a queue" : "let a bucket, a topic or a function trigger it",
                 takes ? "flow '%s': nothing can be taken from '%s', a %s" : "flow '%s': '%s', a %s, triggers nothing",
                 flow->name, keeper->text, kind_of_step(build, keeper)->name);
    if (!works)
        complain(build, mark, "instances, functions, queues, topics and data centres can",
                 "flow '%s': '%s', a %s, cannot go on from a hand-off", flow->name, worker->text,
                 kind_of_step(build, worker)->name);
    return keeps && works;
}

static bool connectors_check(Build *build, const Flow *flow, Mark mark) {
    bool good = true;
    for (uint32_t s = 1; s < flow->step_count; s++) {
        const FlowStep *step = &flow->steps[s];
        bool called = s > 1 && !flow_hands_off(flow->steps[s - 1].connector);
        if (flow_hands_off(step->connector))
            good = handing_check(build, flow, s, mark) && good;
        if (step->connector == CONNECTOR_THEN &&
            (!called || kind_of_step(build, &flow->steps[flow_leg_begin(flow, s)])->role == ROLE_POPULATION)) {
            complain(build, mark, "write worker -> input then results",
                     "flow '%s': nothing was called before 'then %s'", flow->name, step->text);
            good = false;
        }
    }
    return good;
}

/* All steps are read, so that each wrong name is told. */
bool flow_steps_read(Build *build, Flow *flow, const Node *path) {
    Words words = words_of(path->text);
    uint32_t count = words.texts->len;
    bool good = count >= 2 && count <= FLOW_STEPS_MOST;
    if (!good)
        complain(build, path->mark, "write it like users -> dns -> site.lb",
                 "flow '%s' must have 2 to %d steps joined by ->", flow->name, FLOW_STEPS_MOST);
    flow->steps = tree_alloc(build->tree, (count + 1) * sizeof *flow->steps);
    for (uint32_t i = 0; count <= FLOW_STEPS_MOST && i < count; i++) {
        flow->steps[i].connector = g_array_index(words.connectors, Connector, i);
        good = step_read(build, words.texts->pdata[i], path->mark, i == 0, &flow->steps[i]) && good;
    }
    words_clear(&words);
    flow->step_count = good ? count : 0;
    return good && connectors_check(build, flow, path->mark);
}
