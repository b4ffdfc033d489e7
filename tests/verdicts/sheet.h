/* sheet.h - a worked case of who reaches whom while it is being asked; test_yaml_cases.c says what its lines mean. */
#ifndef FAULTLINE_TESTS_VERDICTS_SHEET_H
#define FAULTLINE_TESTS_VERDICTS_SHEET_H

#include <glib.h>

#include "reach/reach.h"

typedef struct {
    const char *path;
    char **lines, **line; /* line: the one that is being asked */
    ModelInputs *inputs;
    Diagnostics *diagnostics;
    Model *model;
    Reach *reach;
    NetState *state, *opened;
    uint32_t changes;  /* `# change:` lines so far */
    GArray *questions; /* of Query, the ordinary ones since the last change of state */
} Sheet;

/* Fails the test, and goes on: a case may have more than one mistake. */
G_GNUC_PRINTF(2, 3) void sheet_fail(const Sheet *sheet, const char *format, ...);

/* By name or path; what is not there ends the test. */
PlaceId sheet_place(const Sheet *sheet, const char *name);
UnitId sheet_unit(const Sheet *sheet, const char *name);
GArray *sheet_components(const Sheet *sheet, const char *name); /* of ComponentId; the caller frees it */
/* All that "site.a", "site.a@us-east-1a" or "internet" means: of ClassId; the caller frees it. */
GArray *sheet_classes(const Sheet *sheet, const char *text);

/* Does what a line says about the state, after sheet_check_bits of how it was. False: it says nothing about it. */
bool sheet_state_line(Sheet *sheet, const char *line);
/* Whatever services were asked about since the state last changed: all pairs by bits, and one by one. */
void sheet_check_bits(Sheet *sheet);

#endif
