/* sheet.c - what is wrong with a worked case, and what its names mean. */
#include "tests/verdicts/sheet.h"

#include <string.h>

void sheet_fail(const Sheet *sheet, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_test_message("%s: %s", sheet->path, text);
    g_test_fail();
    g_free(text);
}

PlaceId sheet_place(const Sheet *sheet, const char *name) {
    PlaceId found = NO_PLACE;
    for (PlaceId i = 0; i < sheet->model->place_count; i++)
        if (strcmp(sheet->model->places[i].path, name) == 0 || strcmp(sheet->model->places[i].name, name) == 0)
            found = i;
    if (found == NO_PLACE)
        g_error("%s: no place %s", sheet->path, name);
    return found;
}

UnitId sheet_unit(const Sheet *sheet, const char *name) {
    for (UnitId i = 0; i < sheet->model->unit_count; i++) {
        char *own = model_unit_name(sheet->model, i);
        bool found = strcmp(own, name) == 0;
        g_free(own);
        if (found)
            return i;
    }
    g_error("%s: no unit %s", sheet->path, name);
}

GArray *sheet_components(const Sheet *sheet, const char *name) {
    ComponentId *found = NULL;
    uint32_t count = model_find(sheet->model, name, &found);
    if (count == 0)
        g_error("%s: nothing is called %s", sheet->path, name);
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(ComponentId));
    g_array_append_vals(ids, found, count);
    g_free(found);
    return ids;
}

static bool stands_in(const Sheet *sheet, PlaceId place, PlaceId outer) {
    return outer == NO_PLACE || model_enclosing(sheet->model, place, sheet->model->places[outer].level) == outer;
}

GArray *sheet_classes(const Sheet *sheet, const char *text) {
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(ClassId));
    char **parts = g_strsplit(text, "@", 2);
    if (strcmp(parts[0], "internet") == 0) {
        g_array_append_vals(ids, &(ClassId){CLASS_INTERNET}, 1);
    } else {
        const EndpointClass *classes;
        uint32_t count = reach_classes(sheet->reach, &classes);
        PlaceId place = parts[1] != NULL ? sheet_place(sheet, parts[1]) : NO_PLACE;
        GArray *components = sheet_components(sheet, parts[0]);
        for (ClassId i = 0; i < count; i++)
            for (guint c = 0; c < components->len; c++)
                if (g_array_index(components, ComponentId, c) == classes[i].component &&
                    stands_in(sheet, classes[i].subnet, place))
                    g_array_append_val(ids, i);
        g_array_free(components, TRUE);
    }
    if (ids->len == 0)
        g_error("%s: %s has no units there", sheet->path, text);
    g_strfreev(parts);
    return ids;
}
