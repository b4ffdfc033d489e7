/* drafted.c - drafts a network for a test of reach/. */
#include "tests/unit/reach/drafted.h"

void drafted_open(Drafted *drafted, const char *text, const char *more) {
    drafted->draft = draft_new();
    draft_text(drafted->draft, text);
    draft_text(drafted->draft, more != NULL ? more : "");
    drafted->model = draft_model(drafted->draft);
    drafted->reach = reach_new(drafted->model);
    drafted->state = netstate_new(drafted->model);
}

void drafted_close(Drafted *drafted) {
    netstate_free(drafted->state);
    reach_free(drafted->reach);
    draft_free(drafted->draft);
}
