/* partheader.c - which study a part belongs to, as JSON that the study can be read again from. */
#include "study/partheader.h"

#include <string.h>

#include "base/json.h"
#include "base/version.h"
#include "read/json_in.h"

char *part_header_of(const Model *model, size_t *length) {
    JsonWriter *json = json_new();
    uint64_t text_length;
    json_begin_object(json, NULL);
    json_string(json, "format", PART_FILE_FORMAT);
    json_begin_object(json, "manifest");
    json_string(json, "version", FAULTLINE_VERSION);
    json_int(json, "seed", (int64_t)model->run.seed);
    json_string(json, "inputs_sha256", model->byte_digest);
    json_string(json, "model_sha256", model->model_digest);
    json_end(json);
    json_begin_array(json, "changes");
    for (uint32_t c = 0; c < model->change_count; c++) {
        json_begin_object_inline(json, NULL);
        json_string(json, "option", model->changes[c].option);
        json_string(json, "text", model->changes[c].text);
        json_end(json);
    }
    json_end(json);
    json_begin_array(json, "inputs");
    for (uint32_t s = 0; s < model->source_count; s++) {
        json_begin_object(json, NULL);
        json_string(json, "name", model->source_labels[s]);
        json_string(json, "text", source_text(model->sources[s], &text_length));
        json_end(json);
    }
    json_end(json);
    json_end(json);
    return json_finish(json, length);
}

/* ---- Telling two apart ------------------------------------------------------------------- */

static char *value_of(const JsonIn *value) {
    if (json_in_is_int(value))
        return g_strdup_printf("%" G_GINT64_FORMAT, json_in_int(value, NULL));
    return g_strdup(json_in_is_string(value) ? json_in_string(value, NULL) : "nothing");
}

/* In the order in which they explain each other. */
static char *manifest_difference(const JsonIn *is, const JsonIn *wanted) {
    static const char *const keys[][2] = {
        {"version", "version"}, {"seed", "seed"}, {"model_sha256", "model"}, {"inputs_sha256", "text of the inputs"}};
    char *text = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(keys) && !text; i++) {
        char *a = value_of(json_in_get(is, keys[i][0])), *b = value_of(json_in_get(wanted, keys[i][0]));
        bool digest = g_str_has_suffix(keys[i][0], "_sha256");
        if (strcmp(a, b) != 0)
            text =
                digest ? g_strdup_printf("another %s", keys[i][1]) : g_strdup_printf("%s %s, not %s", keys[i][1], a, b);
        g_free(a);
        g_free(b);
    }
    return text;
}

char *part_header_difference(const char *header, size_t length, const char *wanted, size_t wanted_length) {
    if (length == wanted_length && memcmp(header, wanted, length) == 0)
        return NULL;
    JsonDoc *a = json_in_read(header, length, NULL), *b = json_in_read(wanted, wanted_length, NULL);
    char *text = NULL;
    if (a && b)
        text = manifest_difference(json_in_get(json_in_root(a), "manifest"), json_in_get(json_in_root(b), "manifest"));
    json_in_free(a);
    json_in_free(b);
    return text ? text : g_strdup("other inputs");
}
