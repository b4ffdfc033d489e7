/* reach_view.h - one design at one instant, and the pages of `faultline reach` about it (private to commands/). */
#ifndef FAULTLINE_COMMANDS_REACH_VIEW_H
#define FAULTLINE_COMMANDS_REACH_VIEW_H

#include "base/json.h"
#include "commands/print.h"
#include "commands/reading.h"
#include "reach/reach.h"

/* A model and what differs from it at the instant that was asked for. */
typedef struct {
    Reading reading;
    Reach *reach; /* NULL: the model could not be read, or has no such instant */
    NetState *state;
    char *title; /* "multi-region-web", "region-loss-at-peak at 11 min" */
} ReachView;

/* `at` (NULL: as declared, before anything happens) is an instant of replication 0. Mistakes are told. */
int reach_view_init(ReachView *view, const char *path, const ReadingOptions *options, const char *at,
                    const CommandEnv *env);
void reach_view_clear(ReachView *view);

/* What the user asks of one pair. */
typedef struct {
    const char *from, *to, *port; /* port NULL: the one that is meant between them */
    uint16_t client_port;         /* 0: any ordinary one */
    bool by_public_address;
    uint8_t family;            /* 4, 6; 0: whichever works */
    const char *method, *path; /* of the request, in a mesh; NULL: any */
} ReachAsk;

/* The pages, appended to `out`. Each returns an exit status: a name that nobody has, or a port that is none, is told
 * and ends in EXIT_INPUT. */
int reach_page_explain(GString *out, const ReachView *view, const ReachAsk *ask, TableFormat format, int width);
int reach_page_matrix(GString *out, const ReachView *view, bool all, TableFormat format, int width);
/* Of a question: what each proxy or bastion that the client reaches would make of it; nothing where there is none. */
void reach_through_print(GString *out, const ReachView *view, Query query, int width);
void reach_through_json(JsonWriter *json, const ReachView *view, Query query);
/* The part of it about policies: who may do what with services; nothing where there are none. */
void reach_rights_print(GString *out, const ReachView *view, bool all, int width);
void reach_rights_json(JsonWriter *json, const ReachView *view);
/* No CSV. */
int reach_page_structure(GString *out, const ReachView *view, TableFormat format, int width);
/* EXIT_MISSED when anything differs. */
int reach_page_diff(GString *out, const ReachView *a, const ReachView *b, TableFormat format, int width);

/* One line a question between two components, or, where their classes disagree, between classes. What is outside every
 * network is not asked about itself. `rows` is sorted on the way. The GArray owns its texts. */
typedef struct {
    MatrixRow row; /* of the first of them */
    char *from, *to, *port;
} ReachLine;
GArray *reach_lines(const ReachView *view, MatrixRow *rows, uint32_t count);
char *reach_party_name(const ReachView *view, ClassId id, bool whole); /* whole: of the component; allocated */

/* How many connections b has that a has not, and the other way round. */
void reach_diff_count(const ReachView *a, const ReachView *b, uint32_t *opened, uint32_t *closed);

/* Rows for the pages: "tcp/443"; where an element was written, "patterns/x.yaml:12:5" (NULL: nowhere). Allocated. */
char *reach_port_text(Protocol protocol, uint16_t port);
char *reach_place_text(const Model *model, uint32_t element);
const char *reach_element_text(const Model *model, uint32_t element); /* NULL for none; the model's */
/* "REACH", "DENY (reply) ENI_SG_RULES_MISMATCH"; allocated. */
char *reach_verdict_text(const Verdict *verdict);

#endif
