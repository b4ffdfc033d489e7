/* design.c - reads a file with something changed, and runs it under somebody's luck. */
#include "commands/design.h"

#include <stdio.h>

#include "commands/print.h"

static void texts_add(GPtrArray *all, const char *const *texts) {
    for (; texts != NULL && *texts != NULL; texts++)
        g_ptr_array_add(all, (char *)*texts);
}

int design_init(Design *design, const DesignSource *source, const CommandEnv *env) {
    GPtrArray *sets = g_ptr_array_new(), *events = g_ptr_array_new();
    texts_add(sets, (const char *const *)source->options->sets);
    texts_add(sets, source->sets);
    texts_add(events, (const char *const *)source->options->events);
    texts_add(events, source->events);
    g_ptr_array_add(sets, NULL);
    g_ptr_array_add(events, NULL);
    ReadingOptions options = *source->options;
    options.sets = (char **)sets->pdata;
    options.events = (char **)events->pdata;
    if (source->scenario != NULL)
        options.pattern = (char *)(uintptr_t)source->path;
    *design = (Design){.pipeline = NULL};
    reading_init(&design->reading, source->scenario != NULL ? source->scenario : source->path, &options, NULL, env);
    g_ptr_array_free(sets, TRUE);
    g_ptr_array_free(events, TRUE);
    return reading_tell(&design->reading);
}

void design_clear(Design *design) {
    pipeline_free(design->pipeline);
    reading_clear(&design->reading);
    g_free(design->title);
}

int design_run(Design *design, const Design *first, const EffortOptions *options, const char *command,
               const CommandEnv *env) {
    Effort effort;
    Model *model = design->reading.model;
    if (design != first) {
        model->run.seed = first->reading.model->run.seed;
        model->run.replications = first->reading.model->run.replications;
    }
    int status = EXIT_INPUT;
    if (effort_init(&effort, options, model, command)) {
        design->pipeline = pipeline_new(model);
        status = effort_run(&effort, design->pipeline, command, env);
    }
    effort_clear(&effort);
    return status;
}

Unit metric_unit(const char *metric) {
    const MeasureInfo *info;
    const MeasurePart *part;
    measure_parse(metric, &info, &part, NULL);
    return part != NULL ? part->unit : info->unit;
}

char *summary_text(const MetricSummary *summary, Unit unit) {
    char *mean = mean_text(summary->mean, unit);
    if (!summary->interval.exists)
        return mean;
    char *width = mean_text((summary->interval.high - summary->interval.low) / 2, unit);
    char *text = g_strdup_printf("%s +- %s", mean, width);
    g_free(mean);
    g_free(width);
    return text;
}

bool metrics_known(char *const *metrics, const char *command) {
    bool good = true;
    for (; metrics != NULL && *metrics != NULL; metrics++) {
        if (measure_parse(*metrics, NULL, NULL, NULL))
            continue;
        char *near = measure_suggest(*metrics);
        fprintf(stderr, "faultline %s: there is no metric '%s'%s%s%s\n", command, *metrics,
                near ? "; did you mean '" : "", near ? near : "; `faultline list measures` names them",
                near ? "'?" : "");
        g_free(near);
        good = false;
    }
    return good;
}
