/* dns_filter.c - the name service of a network, when it gives out no name that is not on its list.
 *
 * No security group and no ACL can hold up questions for names (semantics P-19), so what hides in them is stopped here
 * or nowhere. Whoever calls a bare address asks for no name, and passes. Names of the provider and of the pattern's own
 * components are always given out. Left out on purpose: lists that somebody sells, which only say `allowlist` longer.
 */
#include "contract/kind.h"

static const Field dns_filter_fields[] = {FIELD_END};

static void dns_filter_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_COMPONENT_HOUR, "dns_filter_hour");
}

const Kind kind_dns_filter = {
    .name = "dns_filter",
    .summary = "the name service of a network, giving out only the names of what is on its allowlist",
    .role = ROLE_LINK,
    .symbol = "inspection",
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_FILTERS, .attachment = ATTACH_NETWORK},
    .fields = dns_filter_fields,
    .spec_size = sizeof(char),
    .managed = true,
    .price = dns_filter_price,
};
