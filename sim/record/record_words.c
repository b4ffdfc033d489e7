/* record_words.c - the words by which the document names the closed lists of record.h. */
#include "base/bug.h"
#include "record/record.h"

static const char *word(const char *const *words, size_t count, size_t i) {
    BUG_IF(i >= count, "a value of a closed list of the record is not on the list");
    return words[i];
}

const char *record_level_name(RecordLevel level) {
    static const char *const words[] = {"outside", "provider", "account", "region", "zone", "subnet"};
    return word(words, G_N_ELEMENTS(words), level);
}

const char *record_role_name(RecordRole role) {
    static const char *const words[] = {"population", "name",  "edge",    "balancer",
                                        "compute",    "store", "gateway", "service"};
    return word(words, G_N_ELEMENTS(words), role);
}

const char *record_link_kind_name(RecordLinkKind kind) {
    static const char *const words[] = {"request", "lookup", "replica", "image", "trigger"};
    return word(words, G_N_ELEMENTS(words), kind);
}

const char *record_trouble_name(RecordPlaceTrouble trouble) {
    static const char *const words[] = {"down", "slow", "cut", "no control"};
    return word(words, G_N_ELEMENTS(words), trouble);
}

const char *record_state_name(RecordState state) {
    static const char *const words[] = {"healthy", "degraded", "failed",  "overloaded",
                                        "idle",    "owned",    "exposed", "at risk"};
    return word(words, G_N_ELEMENTS(words), state);
}
