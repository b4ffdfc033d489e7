/* formats.c - finds a format by its name. */
#include <stddef.h>
#include <string.h>

#include "report/report.h"

#define FORMAT(name) extern const ReportFormat format_##name;
#include "report/formats.def"
#undef FORMAT

const ReportFormat *const report_formats[] = {
#define FORMAT(name) &format_##name,
#include "report/formats.def"
#undef FORMAT
    NULL,
};

const ReportFormat *report_format(const char *name) {
    for (const ReportFormat *const *format = report_formats; *format; format++)
        if (strcmp((*format)->name, name) == 0)
            return *format;
    return NULL;
}
