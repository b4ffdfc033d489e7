/* reachable.c - asks reach/ at every change of the network whether the scenario's reachability expectations hold. */
#include "study/reachable.h"

#include <glib.h>

#include "base/quantity.h"
#include "study/attackable.h"
#include "study/recorded.h"

typedef struct {
    bool met; /* anything asked at all */
    bool missed;
    char *counterexample;
    uint64_t replication; /* of the counterexample, and the instant there */
    SimTime at;
    uint32_t element; /* that decided it; 0: none did alone */
} Judgement;

/* A look for one expectation, or for all that name no instant. */
typedef struct {
    Reachable *reachable;
    uint32_t expect; /* UINT32_MAX: all */
} LookSubject;

struct Reachable {
    const Model *model;
    const Reach *reach;
    World *world;
    uint64_t replication;
    Judgement *judgements; /* by expectation */
    Look *looks;
    LookSubject *subjects;
    uint32_t look_count;
};

/* Classes of a component, or the internet. The caller frees. */
static GArray *classes_of(const Reachable *r, const ComponentId *components, uint32_t count) {
    GArray *found = g_array_new(FALSE, FALSE, sizeof(ClassId));
    const EndpointClass *classes;
    uint32_t class_count = reach_classes(r->reach, &classes);
    for (uint32_t c = 0; c < count; c++) {
        ClassId internet = CLASS_INTERNET;
        if (components[c] == NO_COMPONENT)
            g_array_append_val(found, internet);
        for (ClassId id = 0; id < class_count; id++)
            if (classes[id].component == components[c])
                g_array_append_val(found, id);
    }
    return found;
}

/* Any of what may connect for the client will do. */
static Verdict ask_through(const Reachable *r, const NetState *net, const Expect *expect, Query query) {
    Verdict first = {.kind = VERDICT_NO_ROUTE, .code = "", .at = NO_PLACE};
    for (uint32_t i = 0; i < expect->via_count; i++) {
        Query leg;
        Verdict verdict = reach_through(r->reach, net, query, expect->via[i], &leg);
        if (i == 0 || verdict.kind == VERDICT_REACH)
            first = verdict;
    }
    return first;
}

static Query query_of(const Reachable *r, ClassId from, ClassId to, const Expect *expect) {
    const PortSet *ports = &expect->ports;
    ComponentId server = reach_class_component(r->reach, to);
    const PortSet *asked = ports->count || server == NO_COMPONENT ? ports : &r->model->components[server].listens;
    Query query = {
        .from = from, .to = to, .protocol = PROTOCOL_TCP, .method = expect->method, .path = expect->request_path};
    if (asked->count) {
        query.protocol = asked->range[0].protocol == PROTOCOL_ANY ? PROTOCOL_TCP : (Protocol)asked->range[0].protocol;
        query.port = asked->range[0].first;
    }
    return query;
}

static Verdict ask(const Reachable *r, const NetState *net, const Query *query, const Expect *expect) {
    bool through = expect->kind == EXPECT_REACHABLE && expect->via_count > 0;
    return through ? ask_through(r, net, expect, *query) : reach_verdict(r->reach, net, *query);
}

/* Takes `what`; the first counterexample stays. */
static void miss(Reachable *r, uint32_t e, char *what, uint32_t element) {
    Judgement *judgement = &r->judgements[e];
    if (!judgement->missed) {
        judgement->missed = true;
        judgement->replication = r->replication;
        judgement->element = element;
        judgement->at = world_now(r->world);
        char *at = quantity_brief(judgement->at.ns, UNIT_TIME);
        judgement->counterexample =
            g_strdup_printf("%s at %s in replication %" G_GUINT64_FORMAT, what, at, r->replication);
        g_free(at);
    }
    g_free(what);
}

static char *pair_text(const Reachable *r, ClassId from, ClassId to, const Verdict *verdict) {
    char *a = reach_class_name(r->reach, from), *b = reach_class_name(r->reach, to);
    char *text =
        g_strdup_printf("%s -> %s: %s%s%s", a, b, verdict_name(verdict->kind), verdict->element ? ", decided by " : "",
                        verdict->element ? r->model->elements[verdict->element].text : "");
    g_free(a);
    g_free(b);
    return text;
}

/* Names of a whole stack on both sides mean each copy with itself: site.web -> site.db. */
static bool pairs_copies(const Reachable *r, const Expect *expect) {
    if (expect->from_count < 2 || expect->to_count < 2 || expect->from[0] == NO_COMPONENT ||
        expect->to[0] == NO_COMPONENT)
        return false;
    const Component *a = &r->model->components[expect->from[0]], *b = &r->model->components[expect->to[0]];
    return a->stack && b->stack && g_str_equal(a->stack, b->stack);
}

static bool same_copy(const Reachable *r, ClassId a, ClassId b) {
    const char *x = r->model->components[reach_class_component(r->reach, a)].copy,
               *y = r->model->components[reach_class_component(r->reach, b)].copy;
    return g_strcmp0(x, y) == 0;
}

/* Units of one class that are two ask each other; one does not ask itself. */
static bool has_neighbours(const Reachable *r, ClassId id) {
    if (id == CLASS_INTERNET)
        return true;
    const Component *component = &r->model->components[reach_class_component(r->reach, id)];
    uint32_t units = 0;
    for (uint32_t u = 0; u < component->unit_count; u++)
        units += reach_class_of_unit(r->reach, component->first_unit + u) == id;
    return units > 1;
}

/* What was found of one pair. */
typedef struct {
    Query query;
    Verdict verdict;
    bool holds;
} Asked;

static void ask_one(const Reachable *r, const Expect *expect, Asked *asked) {
    const NetState *net = world_netstate(r->world);
    asked->verdict = ask(r, net, &asked->query, expect);
    bool reaches = asked->verdict.kind == VERDICT_REACH;
    if (expect->kind == EXPECT_RECORDED) /* what does not connect leaves nothing to record or to miss */
        asked->holds = reaches && recorded(r->model, r->reach, net, &asked->query, expect) != expect->negated;
    else
        asked->holds = reaches != expect->negated;
}

/* Machines of one class are alike, but for the agent that some images bring: the first that does not hold is told. */
static Asked ask_pair(const Reachable *r, const Expect *expect, ClassId from, ClassId to, bool *any_good) {
    Asked found = {.holds = true};
    for (int variant = 0; variant < 4; variant++) {
        bool seized = variant & 1, bare = variant & 2;
        if (!world_runs(r->world, from, seized) || !world_runs(r->world, to, bare))
            continue;
        Asked asked = {.query = query_of(r, from, to, expect)};
        asked.query.seized = seized;
        asked.query.unguarded = bare;
        ask_one(r, expect, &asked);
        *any_good = *any_good || asked.holds;
        if (found.holds)
            found = asked;
    }
    return found;
}

static char *asked_text(const Reachable *r, const Expect *expect, const Asked *asked) {
    char *pair = pair_text(r, asked->query.from, asked->query.to, &asked->verdict);
    if (expect->kind != EXPECT_RECORDED || asked->verdict.kind != VERDICT_REACH)
        return pair;
    char *who = recorders_text(r->model, r->reach, world_netstate(r->world), &asked->query);
    char *text = g_strdup_printf("%s, recorded by %s", pair, who);
    g_free(who);
    g_free(pair);
    return text;
}

static void judge_pairs(Reachable *r, uint32_t e) {
    const Expect *expect = &r->model->expects[e];
    GArray *from = classes_of(r, expect->from, expect->from_count), *to = classes_of(r, expect->to, expect->to_count);
    bool any_good = false, paired = pairs_copies(r, expect);
    Asked bad = {.holds = true};
    for (guint i = 0; i < from->len; i++)
        for (guint j = 0; j < to->len; j++) {
            ClassId a = g_array_index(from, ClassId, i), b = g_array_index(to, ClassId, j);
            if ((a == b && !has_neighbours(r, a)) || (paired && !same_copy(r, a, b)))
                continue;
            Asked asked = ask_pair(r, expect, a, b, &any_good);
            if (bad.holds)
                bad = asked;
        }
    if (!bad.holds && !(expect->some && any_good))
        miss(r, e, asked_text(r, expect, &bad), bad.verdict.element);
    g_array_free(from, TRUE);
    g_array_free(to, TRUE);
}

/* ---- every path ---- */

static char *chain_text(const Reachable *r, const ReachChain *chain) {
    GString *text = g_string_new(NULL);
    for (uint32_t i = 0; i < chain->count; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? " -> " : "",
                               chain->steps[i] == NO_COMPONENT ? "internet"
                                                               : r->model->components[chain->steps[i]].name);
    return g_string_free(text, FALSE);
}

static void judge_paths(Reachable *r, uint32_t e) {
    const Expect *expect = &r->model->expects[e];
    for (uint32_t i = 0; i < expect->from_count; i++) {
        for (uint32_t k = 0; k < expect->to_count; k++) {
            const PortSet *ports = expect->ports.count || expect->to[k] == NO_COMPONENT
                                       ? &expect->ports
                                       : &r->model->components[expect->to[k]].listens;
            Query last = {.protocol = (Protocol)ports->range[0].protocol, .port = ports->range[0].first};
            ReachChain chain;
            if (expect->from[i] == expect->to[k] ||
                !reach_chain_beside(r->reach, world_netstate(r->world), expect->from[i], expect->to[k], last,
                                    expect->via, expect->via_count, &chain))
                continue;
            miss(r, e, chain_text(r, &chain), 0);
            g_free(chain.steps);
        }
    }
}

/* ---- counts ---- */

static bool fits(Comparison comparison, int64_t value, int64_t bound) {
    switch (comparison) {
    case COMPARE_LESS: return value < bound;
    case COMPARE_LESS_EQUAL: return value <= bound;
    case COMPARE_EQUAL: return value == bound;
    case COMPARE_GREATER_EQUAL: return value >= bound;
    case COMPARE_GREATER: break;
    }
    return value > bound;
}

static void judge_audit(Reachable *r, uint32_t e) {
    const Expect *expect = &r->model->expects[e];
    const NetState *net = world_netstate(r->world);
    uint32_t row_count, count, found = 0, first = 0;
    MatrixRow *rows = reach_matrix(r->reach, net, &row_count);
    AuditRow *findings = reach_audit(r->reach, net, rows, row_count, &count);
    for (uint32_t i = count; i > 0; i--) {
        found += findings[i - 1].kind == expect->audit;
        first = findings[i - 1].kind == expect->audit ? i - 1 : first;
    }
    if (!fits(expect->comparison, found, expect->bound)) {
        const MatrixRow *row = found > 0 ? &findings[first].row : NULL;
        char *pair = row ? pair_text(r, row->from, row->to, &row->verdict) : g_strdup("none");
        miss(r, e, g_strdup_printf("%u found, first %s", found, pair), row ? row->verdict.element : 0);
        g_free(pair);
    }
    g_free(findings);
    g_free(rows);
}

/* ---- all ---- */

static void judge_attack(Reachable *r, uint32_t e) {
    char *what = attackable_miss(r->model, r->reach, world_netstate(r->world), &r->model->expects[e]);
    if (what)
        miss(r, e, what, 0);
}

static void judge(Reachable *r, uint32_t e) {
    r->judgements[e].met = true;
    switch (r->model->expects[e].kind) {
    case EXPECT_MEASURE: break;
    case EXPECT_RECORDED:
    case EXPECT_REACHABLE: judge_pairs(r, e); break;
    case EXPECT_EVERY_PATH: judge_paths(r, e); break;
    case EXPECT_AUDIT: judge_audit(r, e); break;
    case EXPECT_ALLOWED:
    case EXPECT_BLAST_RADIUS:
    case EXPECT_EXPOSED: judge_attack(r, e); break;
    }
}

static void judge_all(Reachable *r) {
    for (uint32_t e = 0; e < r->model->expect_count; e++)
        if (r->model->expects[e].kind != EXPECT_MEASURE && !r->model->expects[e].has_at)
            judge(r, e);
}

static void look(void *user, const World *world) {
    LookSubject *subject = user;
    (void)world;
    if (subject->expect == UINT32_MAX)
        judge_all(subject->reachable);
    else
        judge(subject->reachable, subject->expect);
}

static void see(void *user, const Fact *fact) {
    (void)fact;
    judge_all(user);
}

static void add_look(Reachable *r, SimTime at, uint32_t expect) {
    r->subjects[r->look_count] = (LookSubject){r, expect};
    r->looks[r->look_count] = (Look){at, look, &r->subjects[r->look_count]};
    r->look_count++;
}

Reachable *reachable_new(const Model *model, const Reach *reach) {
    Reachable *r = g_new0(Reachable, 1);
    uint32_t most = 1 + 2 * model->event_count + model->expect_count;
    r->model = model;
    r->reach = reach;
    r->judgements = g_new0(Judgement, model->expect_count + 1);
    r->looks = g_new0(Look, most);
    r->subjects = g_new0(LookSubject, most);
    bool any = false;
    for (uint32_t e = 0; e < model->expect_count; e++) {
        any = any || model->expects[e].kind != EXPECT_MEASURE;
        if (model->expects[e].kind != EXPECT_MEASURE && model->expects[e].has_at)
            add_look(r, model->expects[e].at, e);
    }
    for (uint32_t e = 0; e < model->event_count && any; e++) {
        add_look(r, model->timeline[e].at, UINT32_MAX);
        SimTime end = simtime_add(model->timeline[e].at, model->timeline[e].lasts);
        if (!simtime_before(model->run.until, end))
            add_look(r, end, UINT32_MAX);
    }
    if (any)
        add_look(r, SIMTIME_ZERO, UINT32_MAX);
    return r;
}

void reachable_forget(Reachable *r) {
    for (uint32_t e = 0; e < r->model->expect_count; e++) {
        g_free(r->judgements[e].counterexample);
        r->judgements[e] = (Judgement){.met = false};
    }
}

void reachable_free(Reachable *r) {
    if (!r)
        return;
    reachable_forget(r);
    g_free(r->judgements);
    g_free(r->looks);
    g_free(r->subjects);
    g_free(r);
}

enum { ASKED = 1, MISSED = 2 };

void reachable_pack(const Reachable *r, GByteArray *out) {
    for (uint32_t e = 0; e < r->model->expect_count; e++) {
        const Judgement *judgement = &r->judgements[e];
        pack_uint(out, (judgement->met ? ASKED : 0) | (judgement->missed ? MISSED : 0));
        if (!judgement->missed)
            continue;
        pack_text(out, judgement->counterexample);
        pack_uint(out, judgement->replication);
        pack_uint(out, (uint64_t)judgement->at.ns);
        pack_uint(out, judgement->element);
    }
}

bool reachable_unpack(Reachable *r, Unpack *from) {
    for (uint32_t e = 0; e < r->model->expect_count; e++) {
        Judgement *judgement = &r->judgements[e];
        uint64_t found = unpack_uint(from);
        char *counterexample = found & MISSED ? unpack_text(from) : NULL;
        uint64_t replication = found & MISSED ? unpack_uint(from) : 0, at = found & MISSED ? unpack_uint(from) : 0;
        uint32_t element = found & MISSED ? (uint32_t)unpack_uint(from) : 0;
        judgement->met = judgement->met || (found & ASKED);
        if ((found & MISSED) && !judgement->missed) {
            judgement->missed = true;
            judgement->counterexample = counterexample;
            judgement->replication = replication;
            judgement->at = SIMTIME_NS((int64_t)at);
            judgement->element = element;
        } else {
            g_free(counterexample);
        }
    }
    return !from->failed;
}

void reachable_begin(Reachable *r, World *world, uint64_t replication) {
    r->world = world;
    r->replication = replication;
}

Observer reachable_observer(Reachable *r) {
    return (Observer){FACT_BIT(FACT_RULES) | FACT_BIT(FACT_RESPONDED), see, r};
}

const Look *reachable_looks(Reachable *r, uint32_t *count) {
    *count = r->look_count;
    return r->looks;
}

bool reachable_holds(const Reachable *r, uint32_t expect, const char **counterexample) {
    const Judgement *judgement = &r->judgements[expect];
    *counterexample = judgement->counterexample;
    return judgement->met && !judgement->missed;
}

bool reachable_missed(const Reachable *r, uint32_t expect, uint64_t *replication, SimTime *at, uint32_t *element) {
    const Judgement *judgement = &r->judgements[expect];
    *replication = judgement->replication;
    *at = judgement->at;
    *element = judgement->element;
    return judgement->missed;
}
