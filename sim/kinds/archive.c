/* archive.c - a provider's cold store of objects: cheap to keep, hours away.
 *
 * Left out on purpose: retrieval tiers. The law of `read` is the one that was paid for. */
#include "base/law.h"
#include "contract/kind.h"

typedef struct {
    Law read, write;
    int64_t size, holds;
} ArchiveSpec;

static const Field archive_fields[] = {
    FIELD_LAW(ArchiveSpec, read, "uniform(3 h to 5 h)", "until an object can be read",
              "AWS S3 user guide, restoring-objects-retrieval-options: standard retrieval, 3 to 5 hours"),
    FIELD_LAW(ArchiveSpec, write, "lognormal(median 50 ms p95 150 ms)", "until an object is kept", NULL),
    FIELD_ROW(ArchiveSpec, size, FIELD_TYPE_BYTES, "1 MB", "1 B", NULL, "size of an object", NULL),
    FIELD_BYTES(ArchiveSpec, holds, "0 B", "what lies in it from the start", NULL),
    FIELD_END,
};

static Outcome archive_on_request(Ctx *cx, Request *rq) {
    const ArchiveSpec *spec = cx->spec;
    return outcome_answer(simtime_add(rq->now, law_sample(rq->write ? &spec->write : &spec->read, &rq->luck)));
}

static void archive_price(const void *spec, const CostSheet *sheet) {
    const ArchiveSpec *archive = spec;
    sheet->sized(sheet->user, COST_PER_GB_MONTH, "archive_gb_month", archive->holds, archive->size);
}

static const KindAction archive_actions[] = {
    {"get", ACTION_READS}, {"put", ACTION_WRITES}, {"list", 0}, {"delete", ACTION_REMOVES}, {NULL, 0}};

const Kind kind_archive = {
    .name = "archive",
    .summary = "a provider's cold store of objects: cheap, and hours away",
    .role = ROLE_STORE,
    .symbol = "archive",
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_SERVICE},
    .fields = archive_fields,
    .spec_size = sizeof(ArchiveSpec),
    .state_size = 0,
    .managed = true,
    .actions = archive_actions,
    .on_request = archive_on_request,
    .price = archive_price,
};
