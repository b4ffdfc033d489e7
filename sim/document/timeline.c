/* timeline.c - the facts of one run that a reader wants to see, as short lines with their instants. */
#include <stdarg.h>

#include "document/document.h"

struct DocumentLog {
    const Model *model;
    GArray *facts; /* Fact */
};

DocumentLog *document_log_new(const Model *model) {
    DocumentLog *log = g_new0(DocumentLog, 1);
    log->model = model;
    log->facts = g_array_new(FALSE, FALSE, sizeof(Fact));
    return log;
}

void document_log_free(DocumentLog *log) {
    if (!log)
        return;
    g_array_free(log->facts, TRUE);
    g_free(log);
}

uint64_t document_log_wants(void) {
    return FACT_BIT(FACT_FAULT_BEGAN) | FACT_BIT(FACT_FAULT_ENDED) | FACT_BIT(FACT_RULES) | FACT_BIT(FACT_NOTICED) |
           FACT_BIT(FACT_DECIDED) | FACT_BIT(FACT_PUBLISHED) | FACT_BIT(FACT_PROMOTING) | FACT_BIT(FACT_PROMOTED) |
           FACT_BIT(FACT_WRITES_GONE) | FACT_BIT(FACT_LAUNCHING) | FACT_BIT(FACT_SERVING) |
           FACT_BIT(FACT_BLOCKED_ACTION) | FACT_BIT(FACT_REBALANCED) | FACT_BIT(FACT_OWNED) | FACT_BIT(FACT_EXPOSED) |
           FACT_BIT(FACT_ALERT) | FACT_BIT(FACT_TURNED_BACK) | FACT_BIT(FACT_RESPONDED) | FACT_BIT(FACT_FAILURE_BEGAN) |
           FACT_BIT(FACT_FAILURE_ENDED) | FACT_BIT(FACT_SERVICE) | FACT_BIT(FACT_EVICTED);
}

void document_log_see(void *log, const Fact *fact) { g_array_append_val(((DocumentLog *)log)->facts, *fact); }

static const char *name_of(const DocumentLog *log, ComponentId component) {
    return component < log->model->component_count ? log->model->components[component].name : "somebody";
}

/* About whom a notice is: a unit's zone tells more than its number when many go at once, so lines are made per
 * component and zone. */
static char *about(const DocumentLog *log, const Fact *fact) {
    const Model *model = log->model;
    if (fact->unit == NO_UNIT)
        return g_strdup(name_of(log, fact->other));
    const ModelUnit *unit = &model->units[fact->unit];
    const char *component = model->components[unit->component].name;
    return unit->zone == NO_PLACE ? g_strdup(component)
                                  : g_strdup_printf("%s in %s", component, model->places[unit->zone].name);
}

static char *action_of(const Fact *fact) {
    static const char *const actions[] = {"launch machines",     "retire machines", "promote",
                                          "register targets",    "edit a name",     "give the region up",
                                          "replace all machines"};
    return g_strdup(actions[fact->amount]);
}

/* What was learned or decided. NULL: another sort of fact. */
static char *line_of_knowledge(const Fact *fact, const char *self, const char *whom, const char **kind) {
    char *what = fact->kind == FACT_DECIDED || fact->kind == FACT_BLOCKED_ACTION ? action_of(fact) : NULL, *text = NULL;
    if (fact->kind == FACT_NOTICED) {
        *kind = "notice";
        text = g_strdup_printf("%s sees %s %s", self, whom, fact->amount ? "up" : "down");
    } else if (fact->kind == FACT_DECIDED) {
        *kind = "decide";
        text = g_strdup_printf("%s decides: %s", self, what);
    } else if (fact->kind == FACT_BLOCKED_ACTION) {
        *kind = "decide";
        text = g_strdup_printf("%s cannot %s: no control plane", self, what);
    } else if (fact->kind == FACT_PUBLISHED && fact->unit == NO_UNIT) {
        *kind = "publish";
        text = g_strdup_printf("%s answers with %" G_GINT64_FORMAT " target%s now", self, fact->amount,
                               fact->amount == 1 ? "" : "s");
    } else if (fact->kind == FACT_PUBLISHED) {
        *kind = "publish";
        text = g_strdup_printf("%s is known by %" G_GINT64_FORMAT " address%s now", self, fact->amount,
                               fact->amount == 1 ? "" : "es");
    }
    g_free(what);
    return text;
}

/* What machines and databases did. */
static char *line_of_deed(const Fact *fact, const char *self, const char *whom, const char **kind) {
    switch (fact->kind) {
    case FACT_PROMOTING: *kind = "promote"; return g_strdup_printf("promotion of %s begins", whom);
    case FACT_PROMOTED: *kind = "promote"; return g_strdup_printf("%s takes writes", whom);
    case FACT_WRITES_GONE:
        *kind = "data";
        return g_strdup_printf("%" G_GINT64_FORMAT " acknowledged write%s gone", fact->amount,
                               fact->amount == 1 ? " is" : "s are");
    case FACT_LAUNCHING: *kind = "launch"; return g_strdup_printf("launch of %s", whom);
    case FACT_SERVING: *kind = "serve"; return g_strdup_printf("%s serves", whom);
    case FACT_REBALANCED: *kind = "serve"; return g_strdup_printf("%s has all it wants", self);
    default: return NULL;
    }
}

/* What was done to the system, and against that. */
static char *line_of_trouble(const Model *model, const Fact *fact, const char *self, const char **kind) {
    switch (fact->kind) {
    case FACT_FAULT_BEGAN:
        *kind = model->timeline[fact->subject].kind >= EVENT_CHANGE ? "rule" : "fault";
        return g_strdup(model->timeline[fact->subject].text);
    case FACT_FAULT_ENDED: *kind = "mend"; return g_strdup_printf("over: %s", model->timeline[fact->subject].text);
    case FACT_OWNED: *kind = "owned"; return g_strdup_printf("an attacker owns %s", self);
    case FACT_EVICTED: *kind = "mend"; return g_strdup_printf("nothing of the attacker is left in %s", self);
    case FACT_EXPOSED:
        *kind = "exposed";
        return g_strdup_printf("%s is exposed%s%s", self, fact->rule != 0 ? " by " : "",
                               fact->rule != 0 ? model->elements[fact->rule].text : "");
    case FACT_ALERT:
        *kind = "alert";
        return g_strdup_printf("%s raises an alert about %s", model->sensors[fact->subject].name, self);
    case FACT_TURNED_BACK:
        *kind = "alert";
        return g_strdup_printf("%s is turned back by %s", self, model->elements[fact->rule].text);
    case FACT_RESPONDED:
        *kind = "respond";
        return g_strdup_printf("%s acts on %s", model->responses[fact->subject].name, self);
    default: return NULL;
    }
}

/* What broke by itself, and what that meant for those who came. */
static char *line_of_failure(const Model *model, const Fact *fact, const char *self, const char **kind) {
    static const char *const how[FAILURE_MODES] = {"", ", and takes the others along", ", a common cause"};
    bool began = fact->kind == FACT_FAILURE_BEGAN;
    if (fact->kind == FACT_SERVICE) {
        *kind = fact->amount ? "serve" : "fault";
        if (fact->amount && fact->at.ns == 0)
            return NULL; /* no news */
        return g_strdup_printf("newcomers of %s are %s", self, fact->amount ? "served" : "served no more");
    }
    if (!began && fact->kind != FACT_FAILURE_ENDED)
        return NULL;
    const FailureLaw *law = &model->failures[fact->subject];
    const char *what = failure_name(law, fact->other);
    *kind = began ? "fault" : "mend";
    return began ? g_strdup_printf("%s breaks by itself (%s%s)", what, law->name, how[fact->amount])
                 : g_strdup_printf("%s is repaired (%s)", what, law->name);
}

static char *line(const DocumentLog *log, const Fact *fact, const char **kind) {
    const char *self = name_of(log, fact->component);
    char *whom = about(log, fact);
    char *text = line_of_knowledge(fact, self, whom, kind);
    if (!text)
        text = line_of_deed(fact, self, whom, kind);
    if (!text)
        text = line_of_trouble(log->model, fact, self, kind);
    if (!text)
        text = line_of_failure(log->model, fact, self, kind);
    g_free(whom);
    return text;
}

/* Equal lines within a minute become one with a count: ten machines launched are one piece of news. */
#define SAME_NEWS SIMTIME_S(60)

static void flush(Record *record, const Fact *first, const char *kind, char *text, uint32_t times) {
    char *many = times > 1 ? g_strdup_printf("%s (%u times)", text, times) : g_strdup(text);
    record_add_event(record, (RecordEvent){first->at.ns, kind, many,
                                           first->component == NO_COMPONENT ? RECORD_NONE : first->component});
    g_free(many);
}

typedef struct {
    Fact first;
    const char *kind;
    char *text;
    uint32_t times;
} News;

/* A century of failures is no reading; the measures know of all of it. */
enum { MOST_NEWS = 2000 };

static void flush_rest(Record *record, const News *next, uint32_t count) {
    char *text = g_strdup_printf("%u further lines are left out from here on", count);
    record_add_event(record, (RecordEvent){next->first.at.ns, "notice", text, RECORD_NONE});
    g_free(text);
}

void document_timeline(Record *record, const DocumentLog *log) {
    GArray *news = g_array_new(FALSE, FALSE, sizeof(News));
    for (guint f = 0; f < log->facts->len; f++) {
        const Fact *fact = &g_array_index(log->facts, Fact, f);
        const char *kind = NULL;
        char *text = line(log, fact, &kind);
        bool known = text == NULL;
        for (guint n = news->len; n > 0 && !known; n--) {
            News *old = &g_array_index(news, News, n - 1);
            if (simtime_before(simtime_add(old->first.at, SAME_NEWS), fact->at))
                break;
            known = g_str_equal(old->text, text);
            old->times += known;
        }
        if (!known) {
            News fresh = {*fact, kind, g_strdup(text), 1};
            g_array_append_val(news, fresh);
        }
        g_free(text);
    }
    for (guint n = 0; n < news->len; n++) {
        News *item = &g_array_index(news, News, n);
        if (n < MOST_NEWS)
            flush(record, &item->first, item->kind, item->text, item->times);
        else if (n == MOST_NEWS)
            flush_rest(record, item, news->len - n);
        g_free(item->text);
    }
    g_array_free(news, TRUE);
}
