/* compare_page.h - what `faultline compare` prints (private to commands/). */
#ifndef FAULTLINE_COMMANDS_COMPARE_PAGE_H
#define FAULTLINE_COMMANDS_COMPARE_PAGE_H

#include "commands/design.h"
#include "commands/print.h"

typedef struct {
    GString *out;
    const char *scenario;  /* its name; NULL: each design as it stands */
    const Design *designs; /* each after the first is compared with it */
    uint32_t count;
    const char *const *metrics; /* NULL-terminated; NULL: all that there are */
    bool all;                   /* parts, too, and what is the same */
    int width;
} ComparePage;

/* One page a scenario; begin and end put around them what the format needs. */
void compare_begin(GString *out, TableFormat format);
void compare_page(const ComparePage *page, TableFormat format);
void compare_end(GString *out, TableFormat format);

#endif
