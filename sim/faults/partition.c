/* partition.c - nothing crosses a link, in one direction (`A -> B`) or both (`A <-> B`); both ends work on. */
#include "contract/fault.h"

static const Field partition_fields[] = {FIELD_END};

static bool partition_severs(const void *spec) {
    (void)spec;
    return true;
}

static void partition_bend(const void *spec, Condition *condition) {
    (void)spec;
    condition->loss = WHOLE;
}

const FaultKind fault_partition = {
    .name = "partition",
    .verb = "partition",
    .summary = "nothing crosses the link; both ends work on",
    .fields = partition_fields,
    .spec_size = sizeof(char),
    .hits = FAULT_HITS_LINKS,
    .is_link_severed = partition_severs,
    .bend = partition_bend,
};
