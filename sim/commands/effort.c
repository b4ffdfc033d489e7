/* effort.c - runs replications as the options of a command say: how many, by how many, kept where. */
#include "commands/effort.h"

#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "commands/progress.h"

enum { UNTIL_MOST = 10000, JOBS_MOST = 1024, REPLICATIONS_MOST = 100000000 };

void effort_options_clear(EffortOptions *options) {
    char *owned[] = {options->seed,   options->replications, options->jobs, options->save,
                     options->resume, options->shard,        options->until};
    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
}

void effort_clear(Effort *effort) {
    g_free(effort->path);
    until_free(effort->until);
}

/* ---- Reading the options ----------------------------------------------------------------- */

static bool complain(const char *command, const char *option, const char *text, const char *why) {
    char *safe = escape_terminal(text ? text : ""), *reason = escape_terminal(why);
    fprintf(stderr, "faultline %s: --%s%s%s: %s\n", command, option, text ? " " : "", safe, reason);
    g_free(safe);
    g_free(reason);
    return false;
}

static bool number_option(const char *text, const char *command, const char *name, int64_t least, int64_t most,
                          int64_t *value) {
    char *why = NULL;
    if (!text)
        return true;
    bool good = quantity_parse(text, UNIT_NONE, value, &why);
    if (!good || *value < least || *value > most)
        good = complain(command, name, text, why ? why : *value < least ? "too small" : "too large");
    g_free(why);
    return good;
}

bool effort_jobs(const char *text, const char *command, uint32_t *jobs) {
    int64_t number = text && strcmp(text, "auto") == 0 ? (int64_t)g_get_num_processors() : 1;
    bool good = (text && strcmp(text, "auto") == 0) || number_option(text, command, "jobs", 1, JOBS_MOST, &number);
    *jobs = (uint32_t)number;
    return good;
}

/* The file's number of replications says nothing to somebody who asks for a width. */
static bool model_bend(const EffortOptions *options, Model *model, const char *command) {
    int64_t seed = (int64_t)model->run.seed, most = options->until ? UNTIL_MOST : model->run.replications;
    if (!number_option(options->seed, command, "seed", 0, INT64_MAX, &seed) ||
        !number_option(options->replications, command, "replications", 1, REPLICATIONS_MOST, &most))
        return false;
    model->run.seed = (uint64_t)seed;
    model->run.replications = (uint32_t)most;
    return true;
}

static bool until_option(Effort *effort, const EffortOptions *options, const char *command) {
    char *why = NULL;
    effort->until = options->until ? until_parse(options->until, &why) : NULL;
    bool good = !options->until || effort->until || complain(command, "until", options->until, why);
    g_free(why);
    return good;
}

static bool shard_option(Effort *effort, const EffortOptions *options, const char *command) {
    char *why = NULL;
    if (!options->shard)
        return true;
    if (options->until)
        return complain(command, "shard", NULL, "whoever has a part only cannot tell when the whole is sure enough");
    if (!effort->path)
        return complain(command, "shard", NULL, "say where the part goes: --save FILE or --resume FILE");
    bool good = shard_parse(options->shard, &effort->shard, &why) || complain(command, "shard", options->shard, why);
    g_free(why);
    if (good) {
        char *path = shard_path(effort->path, effort->shard);
        g_free(effort->path);
        effort->path = path;
    }
    return good;
}

bool effort_init(Effort *effort, const EffortOptions *options, Model *model, const char *command) {
    *effort = (Effort){.resume = options->resume != NULL};
    if (options->save && options->resume)
        return complain(command, "save", NULL, "--resume FILE both goes on and saves: one of the two is enough");
    effort->path = g_strdup(options->save ? options->save : options->resume);
    return model_bend(options, model, command) && effort_jobs(options->jobs, command, &effort->jobs) &&
           until_option(effort, options, command) && shard_option(effort, options, command);
}

/* ---- Running ----------------------------------------------------------------------------- */

/* Whose fault it is, the domain tells. */
static int tell_error(GError *error, const char *command) {
    char *message = escape_terminal(error->message);
    int status = error->domain == PART_FILE_ERROR ? EXIT_INPUT : EXIT_MACHINE;
    fprintf(stderr, "faultline %s: %s\n", command, message);
    g_free(message);
    g_error_free(error);
    return status;
}

static PartFile *parts_open(const Effort *effort, const Model *model, const char *command, int *status) {
    GError *error = NULL;
    PartFile *parts = part_file_open(effort->path, effort->resume ? PART_FILE_GO_ON : PART_FILE_NEW, model, &error);
    if (!parts) {
        *status = tell_error(error, command);
        return NULL;
    }
    char *path = escape_terminal(effort->path);
    if (part_file_torn(parts))
        fprintf(stderr, "%s: the last part was torn; it is cut off and run again\n", path);
    if (part_file_count(parts))
        fprintf(stderr, "%s: goes on after %" G_GUINT64_FORMAT " replication%s\n", path, part_file_count(parts),
                part_file_count(parts) == 1 ? "" : "s");
    g_free(path);
    return parts;
}

/* What is in the study, and what more is in the file. */
static void tell_interrupted(const Effort *effort, const PartFile *parts, uint64_t done, uint64_t of) {
    fprintf(stderr, "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " replications\n", done, of);
    if (!parts)
        return;
    char *path = escape_terminal(effort->path);
    fprintf(stderr, "%s: holds %" G_GUINT64_FORMAT "; --resume goes on from there\n", path, part_file_count(parts));
    g_free(path);
}

static int run_all(const Effort *effort, Pipeline *pipeline, PartFile *parts, Progress *progress, GError **error) {
    uint64_t of = study_model(pipeline_study(pipeline))->run.replications;
    StudyPlan plan = {.count = of, .jobs = effort->jobs, .parts = parts};
    char *measured = NULL;
    bool met = true;
    uint64_t done = effort->until ? pipeline_run_until(pipeline, plan, effort->until, progress_tell, progress, &met,
                                                       &measured, error)
                                  : pipeline_run_plan(pipeline, plan, progress_tell, progress, error);
    progress_end(progress);
    int status = *error ? EXIT_MACHINE : met && effort->until ? EXIT_DONE : done < of ? EXIT_INTERRUPTED : EXIT_DONE;
    if (status == EXIT_INTERRUPTED)
        tell_interrupted(effort, parts, done, of);
    if (status == EXIT_DONE && effort->until) {
        fprintf(stderr, "%s after %" G_GUINT64_FORMAT " replications: %s\n", met ? "sure enough" : "not sure enough",
                done, measured);
        status = met ? EXIT_DONE : EXIT_MISSED;
    }
    g_free(measured);
    return status;
}

int effort_run(const Effort *effort, Pipeline *pipeline, const char *command, const CommandEnv *env) {
    const Model *model = study_model(pipeline_study(pipeline));
    GError *error = NULL;
    int status = EXIT_DONE;
    PartFile *parts = effort->path ? parts_open(effort, model, command, &status) : NULL;
    if (status != EXIT_DONE)
        return status;
    Progress progress = progress_begin(env, model->scenario ? model->scenario : model->pattern);
    progress.open = effort->until != NULL;
    status = run_all(effort, pipeline, parts, &progress, &error);
    part_file_close(parts, error ? NULL : &error);
    return error ? tell_error(error, command) : status;
}

int effort_run_shard(const Effort *effort, const Model *model, const char *command, const CommandEnv *env) {
    GError *error = NULL;
    int status = EXIT_DONE;
    StudyPlan plan = {.jobs = effort->jobs, .parts = parts_open(effort, model, command, &status)};
    if (!plan.parts)
        return status;
    shard_stretch(effort->shard, model->run.replications, &plan.first, &plan.count);
    Study *study = study_new(model);
    Progress progress = progress_begin(env, model->scenario ? model->scenario : model->pattern);
    uint64_t done = study_run_plan(study, &plan, progress_tell, &progress, &error);
    progress_end(&progress);
    study_free(study);
    uint64_t held = part_file_count(plan.parts);
    part_file_close(plan.parts, error ? NULL : &error);
    if (error)
        return tell_error(error, command);
    char *path = escape_terminal(effort->path);
    fprintf(stderr,
            "%s: shard %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
            " replications%s\n",
            path, effort->shard.number, effort->shard.of, held, plan.count,
            done < plan.count ? ": interrupted; --resume goes on from there" : "");
    g_free(path);
    return done < plan.count ? EXIT_INTERRUPTED : EXIT_DONE;
}
