/* shard.c - K of N, written or told by an engine. The environment is read here alone, and only with `--shard auto`. */
#include "commands/shard.h"

#include <glib.h>
#include <string.h>

#include "base/quantity.h"

/* How an engine tells its processes who they are. `base`: the variable whose value the first one has; NULL: 0. */
typedef struct {
    const char *name, *index, *base, *step, *count;
} Engine;

static const Engine engines[] = {
    {"Open MPI", "OMPI_COMM_WORLD_RANK", NULL, NULL, "OMPI_COMM_WORLD_SIZE"},
    {"Slurm array", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP", "SLURM_ARRAY_TASK_COUNT"},
    {"Kubernetes indexed job", "JOB_COMPLETION_INDEX", NULL, NULL, "JOB_COMPLETIONS"},
    {"AWS Batch array", "AWS_BATCH_JOB_ARRAY_INDEX", NULL, NULL, "AWS_BATCH_JOB_ARRAY_SIZE"},
};

static bool number_read(const char *text, uint64_t *value) {
    char *why = NULL;
    int64_t number = -1;
    bool good = text && quantity_parse(text, UNIT_NONE, &number, &why) && number >= 0;
    g_free(why);
    *value = good ? (uint64_t)number : 0;
    return good;
}

/* A variable that may be absent has the value that it has where nobody sets it. */
static bool variable_read(const char *name, uint64_t absent, uint64_t *value, char **why) {
    const char *text = name ? g_getenv(name) : NULL;
    *value = absent;
    if (!text || number_read(text, value))
        return true;
    *why = g_strdup_printf("%s is no whole number", name);
    return false;
}

static bool shard_check(Shard shard, char **why) {
    if (shard.of > 0 && shard.number > 0 && shard.number <= shard.of)
        return true;
    *why = g_strdup_printf("there is no shard %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT "; they count from 1",
                           shard.number, shard.of);
    return false;
}

static bool engine_read(const Engine *engine, Shard *shard, char **why) {
    uint64_t index, base, step, count;
    if (!variable_read(engine->index, 0, &index, why) || !variable_read(engine->base, 0, &base, why) ||
        !variable_read(engine->step, 1, &step, why) || !variable_read(engine->count, 0, &count, why))
        return false;
    if (!g_getenv(engine->count)) {
        *why = g_strdup_printf("%s is set, but %s is not: set it to the number of processes", engine->index,
                               engine->count);
        return false;
    }
    if (index < base || step == 0) {
        *why = g_strdup_printf("%s does not fit the rest of what the %s says", engine->index, engine->name);
        return false;
    }
    *shard = (Shard){(index - base) / step + 1, count};
    return shard_check(*shard, why);
}

/* One engine may start another (mpirun in a Slurm array): then only the user knows what is meant. */
static bool shard_auto(Shard *shard, char **why) {
    const Engine *found = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(engines); i++) {
        if (!g_getenv(engines[i].index))
            continue;
        if (found) {
            *why = g_strdup_printf("both %s and %s are set: write --shard K/N", found->index, engines[i].index);
            return false;
        }
        found = &engines[i];
    }
    if (found)
        return engine_read(found, shard, why);
    *why = g_strdup("none of OMPI_COMM_WORLD_RANK, SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX and "
                    "AWS_BATCH_JOB_ARRAY_INDEX is set: write --shard K/N");
    return false;
}

bool shard_parse(const char *text, Shard *shard, char **why) {
    *why = NULL;
    if (strcmp(text, "auto") == 0)
        return shard_auto(shard, why);
    char **sides = g_strsplit(text, "/", 2);
    bool good = sides[0] && sides[1] && number_read(sides[0], &shard->number) && number_read(sides[1], &shard->of);
    g_strfreev(sides);
    if (!good)
        *why = g_strdup("write it like 2/8, or auto");
    return good && shard_check(*shard, why);
}

void shard_stretch(Shard shard, uint64_t replications, uint64_t *first, uint64_t *count) {
    uint64_t each = replications / shard.of, longer = replications % shard.of, before = shard.number - 1;
    *first = before * each + MIN(before, longer);
    *count = each + (before < longer ? 1 : 0);
}

char *shard_path(const char *path, Shard shard) {
    char *last = g_strdup_printf("%" G_GUINT64_FORMAT, shard.of);
    char *number = g_strdup_printf("%0*" G_GUINT64_FORMAT, (int)strlen(last), shard.number);
    char **pieces = g_strsplit(path, "{shard}", -1);
    char *joined = g_strjoinv(number, pieces);
    g_strfreev(pieces);
    g_free(number);
    g_free(last);
    return joined;
}
