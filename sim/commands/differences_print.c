/* differences_print.c - differences as a table for people, and as JSON for programs. */
#include <string.h>

#include "base/escape.h"
#include "base/json.h"
#include "commands/differences.h"
#include "commands/print.h"

static char *cell(const char *text) { return escape_terminal(text ? text : "-"); }

void differences_print(GString *out, const GPtrArray *differences, int width) {
    const char *section = NULL;
    int starts[] = {2, width * 45 / 100, width * 68 / 100, width - 8};
    for (guint i = 0; i < differences->len; i++) {
        const Difference *d = differences->pdata[i];
        if (!section || strcmp(section, d->section) != 0) {
            char *heading = g_ascii_strup(d->section, -1);
            print_heading(out, heading);
            g_free(heading);
        }
        section = d->section;
        char *name = cell(d->name), *a = cell(d->a), *b = cell(d->b), *change = cell(d->change ? d->change : "");
        bool more = !d->a && !d->b;
        const char *cells[] = {name, more ? "" : a, more ? "" : b, change};
        print_row(out, cells, starts, d->change ? 4 : more ? 1 : 3, width);
        g_free(name);
        g_free(a);
        g_free(b);
        g_free(change);
    }
}

char *differences_json(const GPtrArray *differences, size_t *length) {
    JsonWriter *json = json_document("faultline-diff/1");
    json_bool(json, "same", differences->len == 0);
    json_begin_array(json, "differences");
    for (guint i = 0; i < differences->len; i++) {
        const Difference *d = differences->pdata[i];
        json_begin_object_inline(json, NULL);
        json_string(json, "section", d->section);
        json_string(json, "name", d->name);
        json_string(json, "a", d->a);
        json_string(json, "b", d->b);
        json_string(json, "change", d->change);
        json_end(json);
    }
    json_end(json);
    json_end(json);
    return json_finish(json, length);
}
