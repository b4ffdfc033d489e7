/* embedded.c - from a JSON document with inputs back to the sealed model. */
#include "commands/embedded.h"

#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/version.h"

enum { EMBEDDED_MOST = 100000000 }; /* replications: more than anybody runs */

/* Texts are borrowed from the document; the arrays are ours. */
typedef struct {
    ModelText *texts;
    uint32_t text_count;
    GPtrArray *sets, *events;
    const char *version, *model_digest, *byte_digest;
    int64_t seed, replications;
} Embedded;

static void embedded_parse(Embedded *embedded, const JsonIn *root, GError **error) {
    const JsonIn *manifest = json_in_object(json_in_need(root, "manifest", error), error);
    embedded->version = json_in_string(json_in_need(manifest, "version", error), error);
    embedded->seed = json_in_int(json_in_need(manifest, "seed", error), error);
    const JsonIn *replications = json_in_get(manifest, "replications"); /* a file of parts says so elsewhere */
    embedded->replications = replications ? json_in_int(replications, error) : 0;
    embedded->model_digest = json_in_string(json_in_need(manifest, "model_sha256", error), error);
    embedded->byte_digest = json_in_string(json_in_need(manifest, "inputs_sha256", error), error);
    const JsonIn *inputs = json_in_array(json_in_need(root, "inputs", error), error);
    embedded->texts = g_new0(ModelText, json_in_count(inputs) + 1);
    for (size_t i = 0; i < json_in_count(inputs); i++) {
        const JsonIn *input = json_in_at(inputs, i);
        embedded->texts[i].label = json_in_string(json_in_need(input, "name", error), error);
        embedded->texts[i].text = json_in_string(json_in_need(input, "text", error), error);
    }
    embedded->text_count = (uint32_t)json_in_count(inputs);
    const JsonIn *changes = json_in_array(json_in_need(root, "changes", error), error);
    for (size_t i = 0; i < json_in_count(changes); i++) {
        const JsonIn *change = json_in_at(changes, i);
        const char *option = json_in_string(json_in_need(change, "option", error), error);
        const char *text = json_in_string(json_in_need(change, "text", error), error);
        g_ptr_array_add(strcmp(option, "set") == 0 ? embedded->sets : embedded->events, (gpointer)(uintptr_t)text);
    }
    g_ptr_array_add(embedded->sets, NULL);
    g_ptr_array_add(embedded->events, NULL);
}

static void complain(const char *command, const char *name, const char *why) {
    char *safe = escape_terminal(name), *reason = escape_terminal(why);
    fprintf(stderr, "faultline %s: %s: %s\n", command, safe, reason);
    g_free(safe);
    g_free(reason);
}

/* The digests tell whether it is the model that it says: texts may have been edited since. */
static const char *embedded_doubt(const Embedded *embedded, const Model *model) {
    if (strcmp(embedded->byte_digest, model->byte_digest) != 0)
        return "its inputs are not those that its manifest names: somebody has changed them";
    if (strcmp(embedded->model_digest, model->model_digest) != 0)
        return "its inputs do not mean what its manifest says: it was made with other options or another program";
    return NULL;
}

/* What must be right before it is worth reading; NULL: all is. Allocated. */
static char *embedded_refuse(const Embedded *embedded, const GError *error) {
    if (error)
        return g_strdup(error->message);
    if (strcmp(embedded->version, FAULTLINE_VERSION) != 0)
        return g_strdup_printf("made by version %s; this is " FAULTLINE_VERSION ", whose numbers may differ",
                               embedded->version);
    bool sound = embedded->seed >= 0 && embedded->replications >= 0 && embedded->replications <= EMBEDDED_MOST;
    return sound ? NULL : g_strdup("its seed or number of replications is none");
}

bool embedded_read(Reading *reading, const JsonIn *root, const char *name, const char *command, const CommandEnv *env,
                   int *status) {
    Embedded embedded = {.sets = g_ptr_array_new(), .events = g_ptr_array_new()};
    GError *error = NULL;
    *reading = (Reading){.status = EXIT_INPUT};
    *status = EXIT_INPUT;
    embedded_parse(&embedded, root, &error);
    char *refused = embedded_refuse(&embedded, error);
    if (refused) {
        complain(command, name, refused);
    } else {
        reading_init_texts(reading, embedded.texts, embedded.text_count,
                           (const char *const *)(gconstpointer)embedded.sets->pdata,
                           (const char *const *)(gconstpointer)embedded.events->pdata, env);
        *status = reading_tell(reading);
    }
    const char *doubt = reading->model ? embedded_doubt(&embedded, reading->model) : NULL;
    if (doubt) {
        complain(command, name, doubt);
        *status = EXIT_INPUT;
    } else if (reading->model) {
        reading->model->run.seed = (uint64_t)embedded.seed;
        if (embedded.replications > 0)
            reading->model->run.replications = (uint32_t)embedded.replications;
    }
    g_clear_error(&error);
    g_free(refused);
    g_free(embedded.texts);
    g_ptr_array_free(embedded.sets, TRUE);
    g_ptr_array_free(embedded.events, TRUE);
    return reading->model && !doubt;
}
