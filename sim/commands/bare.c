/* bare.c - tries each zone of a pattern that has no scenario, and keeps the loss that hurts most. */
#include "commands/bare.h"

#include <stdio.h>

#include "base/escape.h"
#include "study/study.h"

/* After the warm-up, and long enough to see detection, replacement and recovery. */
#define DIES "{at: 20 min, fail: zone %s, for: 20 min}"

static uint64_t sessions_broken(const Model *model) {
    Study *study = study_new(model);
    uint64_t broken = 0;
    study_watch(study, 0, NULL, 0, NULL, 0);
    for (ComponentId c = 0; c < model->component_count; c++)
        broken += study_ledger(study, c).broken;
    study_free(study);
    return broken;
}

static void read_with_event(Reading *reading, const char *path, const ReadingOptions *options, const char *zone,
                            const CommandEnv *env) {
    char *event = g_strdup_printf(DIES, zone);
    char *events[] = {event, NULL};
    ReadingOptions with = *options;
    with.events = events;
    reading_init(reading, path, &with, NULL, env);
    g_free(event);
}

void bare_lose_worst_zone(Reading *reading, const char *path, const ReadingOptions *options, const CommandEnv *env) {
    if (reading->model->load_count == 0 || reading->model->failure_count > 0)
        return; /* nobody to break anything for, or enough that breaks by itself */
    Reading worst = {0};
    const char *name = NULL;
    uint64_t most = 0;
    for (PlaceId p = 0; p < reading->model->place_count; p++) {
        const Place *place = &reading->model->places[p];
        if (place->level != PLACE_ZONE)
            continue;
        Reading tried;
        read_with_event(&tried, path, options, place->name, env);
        uint64_t broken = tried.model ? sessions_broken(tried.model) : 0;
        if (tried.model && (!name || broken > most)) {
            if (name)
                reading_clear(&worst);
            worst = tried;
            name = place->name;
            most = broken;
        } else {
            reading_clear(&tried);
        }
    }
    if (!name)
        return;
    char *safe = escape_terminal(name);
    if (most > 0)
        fprintf(stderr,
                "no scenario given: each zone dies once; losing %s breaks most sessions (%" G_GUINT64_FORMAT ")\n",
                safe, most);
    else
        fprintf(stderr, "no scenario given: each zone dies once, and none breaks a session; this is without %s\n",
                safe);
    g_free(safe);
    reading_clear(reading);
    *reading = worst;
}
