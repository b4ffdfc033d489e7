/* log_store.c - where the lines go that others write: shipped in batches, so what was not shipped yet dies with its
 * writer.
 *
 * `targets` names the writers; each request that one of them meets is a line. A batch leaves every `every`, if both
 * ends work then. When all of a writer's units are down, its last lines are gone; while the store is down nobody can
 * read what it holds; and what is older than its retention it has thrown away. So what survives a writer is a store
 * elsewhere, up to the last batch. Left out on purpose: what the lines say. */
#include <glib.h>

#include "contract/kind.h"

typedef struct {
    SimTime every, retention;
    int64_t size;
} LogSpec;

typedef struct {
    ComponentId component;
    uint64_t shipped; /* lines that are here */
    SimTime at;       /* the last batch */
    bool up;
} Writer;

typedef struct {
    SimTime at;
    uint64_t lines;
} Batch;

typedef struct {
    Writer *writers;
    uint32_t count;
    GArray *batches; /* of Batch, oldest first */
    guint kept;      /* the first of them that is kept */
    bool up;
    int64_t told; /* lines that could be read when it was last said */
} LogState;

static const Field log_fields[] = {
    FIELD_ROW(LogSpec, every, FIELD_TYPE_TIME, "5 min", "1 s", NULL, "how often lines are shipped",
              "Amazon VPC guide, flow logs: published within 5 to 10 min"),
    FIELD_ROW(LogSpec, retention, FIELD_TYPE_TIME, "90 d", "1 s", NULL, "how long lines are kept",
              "guide, retention: 30 to 90 days"),
    FIELD_ROW(LogSpec, size, FIELD_TYPE_BYTES, "500 B", "1 B", NULL, "size of a line", NULL),
    FIELD_END,
};

static bool any_works(const Ctx *cx, ComponentId component) {
    UnitId first;
    uint32_t count = ctx_units(cx, component, &first);
    for (uint32_t i = 0; i < count; i++)
        if (unit_works(ctx_unit(cx, first + i)))
            return true;
    return false;
}

static void log_start(Ctx *cx) {
    const LogSpec *spec = cx->spec;
    LogState *state = cx->state;
    const ComponentId *targets;
    state->count = ctx_targets(cx, &targets);
    state->writers = g_new0(Writer, state->count + 1);
    state->batches = g_array_new(FALSE, FALSE, sizeof(Batch));
    state->up = true;
    for (uint32_t i = 0; i < state->count; i++)
        state->writers[i] = (Writer){.component = targets[i], .up = true};
    UnitId self;
    ctx_units(cx, cx->self, &self);
    ctx_set_state(cx, self, UNIT_SERVING);
    if (!ctx_idle(cx))
        ctx_timer(cx, spec->every, 0, 0);
}

static void lines_keep(Ctx *cx, int64_t more) {
    if (more != 0)
        ctx_note(cx, (Fact){.kind = FACT_LINES_KEPT, .unit = NO_UNIT, .amount = more});
}

/* Throws away what is too old. */
static void lines_expire(Ctx *cx) {
    const LogSpec *spec = cx->spec;
    LogState *state = cx->state;
    for (; state->kept < state->batches->len; state->kept++) {
        const Batch *batch = &g_array_index(state->batches, Batch, state->kept);
        if (!simtime_before(simtime_add(batch->at, spec->retention), cx->now))
            return;
        lines_keep(cx, -(int64_t)batch->lines);
    }
}

/* Tells how many lines can be read now, if that is news. */
static void lines_tell(Ctx *cx) {
    LogState *state = cx->state;
    int64_t lines = 0;
    lines_expire(cx);
    for (guint b = state->kept; b < state->batches->len && state->up; b++)
        lines += (int64_t)g_array_index(state->batches, Batch, b).lines;
    if (lines != state->told)
        ctx_note(cx, (Fact){.kind = FACT_LINES, .unit = NO_UNIT, .amount = lines});
    state->told = lines;
}

static void lines_go(Ctx *cx, uint64_t lines, SimTime since, ComponentId writer) {
    if (lines > 0)
        ctx_note(cx, (Fact){.kind = FACT_LINES_GONE,
                            .unit = NO_UNIT,
                            .other = writer,
                            .amount = (int64_t)lines,
                            .span = simtime_sub(cx->now, since)});
}

/* A writer that is down has nothing more to ship: what it met since the last batch is gone. */
static void log_on_change(Ctx *cx) {
    LogState *state = cx->state;
    state->up = any_works(cx, cx->self);
    lines_tell(cx);
    for (uint32_t i = 0; i < state->count; i++) {
        Writer *writer = &state->writers[i];
        bool up = any_works(cx, writer->component);
        uint64_t written = ctx_met(cx, writer->component);
        if (writer->up && !up) {
            lines_go(cx, written - writer->shipped, writer->at, writer->component);
            writer->shipped = written;
        }
        writer->up = up;
    }
}

static uint64_t writer_ship(Ctx *cx, Writer *writer) {
    uint64_t written = ctx_met(cx, writer->component), lines = written - writer->shipped;
    writer->shipped = written;
    writer->at = cx->now;
    return lines;
}

static void log_on_timer(Ctx *cx, uint32_t what, uint32_t subject) {
    (void)what;
    (void)subject;
    LogState *state = cx->state;
    Batch batch = {.at = cx->now};
    for (uint32_t i = 0; i < state->count && state->up; i++)
        if (state->writers[i].up)
            batch.lines += writer_ship(cx, &state->writers[i]);
    g_array_append_val(state->batches, batch);
    lines_keep(cx, (int64_t)batch.lines);
    lines_tell(cx);
    ctx_timer(cx, simtime_add(cx->now, ((const LogSpec *)cx->spec)->every), 0, 0);
}

static void log_end(Ctx *cx) {
    LogState *state = cx->state;
    g_free(state->writers);
    g_array_free(state->batches, TRUE);
}

static void log_price(const void *spec, const CostSheet *sheet) {
    int64_t size = ((const LogSpec *)spec)->size;
    sheet->sized(sheet->user, COST_PER_GB_TAKEN, "log_gb", 0, size);
    sheet->sized(sheet->user, COST_PER_GB_MONTH, "log_storage_gb_month", 0, size);
}

static const KindAction log_actions[] = {{"get", ACTION_READS}, {"put", 0}, {"delete", 0}, {NULL, 0}};

static const char *const log_shows[] = {"every", "retention", NULL};

const Kind kind_log_store = {
    .name = "log_store",
    .summary = "keeps the lines that others write, in batches and for a while",
    .role = ROLE_STORE,
    .symbol = "bucket",
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_SERVICE},
    .fields = log_fields,
    .shows = log_shows,
    .spec_size = sizeof(LogSpec),
    .state_size = sizeof(LogState),
    .managed = true,
    .actions = log_actions,
    .start = log_start,
    .end = log_end,
    .on_change = log_on_change,
    .on_timer = log_on_timer,
    .price = log_price,
};
