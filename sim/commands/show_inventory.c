/* show_inventory.c - what stands where, what may talk to what, what arrives and what happens, on one page.
 *
 * Copies of a stack are alike: they are told apart where they stand and told once where they are described. */
#include <inttypes.h>
#include <string.h>

#include "commands/print.h"
#include "commands/show.h"

/* The first copy of a component speaks for all. */
static bool speaks(const Model *model, uint32_t id) { return model->components[id].peers[0] == id; }

/* "site.web": a component without its copy. Allocated. */
static char *plain_name(const Component *component) {
    return component->stack != NULL ? g_strdup_printf("%s.%s", component->stack, component->label)
                                    : g_strdup(component->label);
}

/* --- title -------------------------------------------------------------------------------------------------------- */

static void title(GString *out, const Model *model, int width) {
    char *head = model->scenario != NULL
                     ? g_strdup_printf("%s (pattern %s on %s)", model->scenario, model->pattern, model->provider)
                     : g_strdup_printf("%s on %s", model->pattern, model->provider);
    print_words(out, head, 0, 0, width);
    const char *about = model->claim != NULL ? model->claim : model->about;
    if (about != NULL)
        print_words(out, about, 0, 2, width);
    g_free(head);
}

/* --- places ------------------------------------------------------------------------------------------------------- */

/* Components with units in this subnet: "web 2 of 4", or "lb" where there is one. */
static char *residents(const Model *model, PlaceId subnet) {
    GString *text = g_string_new(NULL);
    for (uint32_t c = 0; c < model->component_count; c++) {
        const Component *component = &model->components[c];
        uint32_t here = 0;
        for (uint32_t u = 0; u < component->unit_count; u++)
            here += model->units[component->first_unit + u].subnet == subnet;
        if (here > 0)
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", component->label);
        if (component->unit_count > component->zone_count && here > 0)
            g_string_append_printf(text, " (up to %" PRIu32 ")", here);
    }
    return g_string_free(text, FALSE);
}

/* Components that stand in the place itself, not in a subnet. */
static char *managed_residents(const Model *model, PlaceId place) {
    GString *text = g_string_new(NULL);
    for (uint32_t c = 0; c < model->component_count; c++) {
        const Component *component = &model->components[c];
        bool in_subnets = component->unit_count > 0 && model->units[component->first_unit].subnet != NO_PLACE;
        if (component->place == place && !in_subnets)
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", component->label);
    }
    return g_string_free(text, FALSE);
}

/* A line of its own: it is too long to stand beside the other range. */
static void range6_row(GString *out, const Prefix *range, const char *what, int width) {
    if (range->family == 0)
        return;
    char *text = prefix_text(range);
    const char *cells[] = {"", text, what};
    int starts[] = {2, 30, 48};
    print_row(out, cells, starts, 3, width);
    g_free(text);
}

static void networks_of(GString *out, const Model *model, PlaceId region, int indent, int width) {
    static const char *const none = "";
    for (uint32_t n = 0; n < model->network_count; n++) {
        const Network *network = &model->networks[n];
        if (network->region != region)
            continue;
        char *range = prefix_text(&network->cidr), *name = g_strdup_printf("network of %s", network->stack);
        const char *cells[] = {name, range, network->internet_gateway ? "internet gateway" : none};
        int starts[] = {indent, 30, 48};
        print_row(out, cells, starts, 3, width);
        range6_row(out, &network->cidr6, network->egress_only ? "egress-only gateway" : none, width);
        g_free(name);
        g_free(range);
    }
}

/* "site.app": the subnet without its copy and zone, which the page shows around it. */
static char *subnet_label(const Model *model, PlaceId id) {
    const Place *place = &model->places[id];
    const char *end = strchr(place->name, ']');
    char *label = g_strdup(end != NULL && end[1] == '.' ? end + 2 : place->name);
    char *dot = strchr(label, '.');
    if (dot != NULL)
        *dot = '\0';
    char *whole = g_strdup_printf("%s.%s", place->stack, label);
    g_free(label);
    return whole;
}

static void place_row(GString *out, const Model *model, PlaceId id, int depth, int width) {
    const Place *place = &model->places[id];
    bool is_subnet = place->level == PLACE_SUBNET;
    char *range = place->cidr.family != 0 ? prefix_text(&place->cidr) : NULL;
    char *name = is_subnet ? subnet_label(model, id) : g_strdup(place->name);
    char *who = is_subnet ? residents(model, id) : managed_residents(model, id);
    const char *cells[] = {name, range, who};
    int starts[] = {2 + 2 * depth, 30, 48};
    print_row(out, cells, starts, 3, width);
    range6_row(out, &place->cidr6, "", width);
    if (place->level == PLACE_REGION)
        networks_of(out, model, id, starts[0] + 2, width);
    g_free(who);
    g_free(name);
    g_free(range);
}

/* Children by name; the tree is as deep as places nest. */
static void place_tree(GString *out, const Model *model, PlaceId parent, int depth, int width) {
    for (PlaceId i = 0; i < model->place_count; i++) {
        if (model->places[i].parent != parent || model->places[i].level == PLACE_OUTSIDE)
            continue;
        place_row(out, model, i, depth, width);
        place_tree(out, model, i, depth + 1, width);
    }
}

/* --- components --------------------------------------------------------------------------------------------------- */

static char *units_text(const Component *component) {
    if (component->peer_count > 1)
        return g_strdup_printf("%" PRIu32 " x %" PRIu32, component->peer_count, component->unit_count);
    return g_strdup_printf("%" PRIu32, component->unit_count);
}

static char *targets_text(const Model *model, const Component *component) {
    GString *text = g_string_new(NULL);
    for (uint32_t i = 0; i < component->target_count; i++) {
        const Component *target = &model->components[component->targets[i]];
        if (i > 0 && target->stack != NULL && target->peers[0] != component->targets[i] && component->target_count > 1)
            continue; /* another copy of one that is named already */
        char *name = plain_name(target);
        g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", name);
        g_free(name);
    }
    return g_string_free(text, FALSE);
}

static char *listens_text(const Component *component) {
    char *ports = component->listens.count > 0 ? ports_text(&component->listens) : g_strdup("-");
    char *text = component->public_address ? g_strdup_printf("%s public", ports) : g_strdup(ports);
    g_free(ports);
    return text;
}

static void components(GString *out, const Model *model, int width) {
    static const int starts[] = {2, 20, 39, 46, 62};
    static const char *const head[] = {"name", "kind", "units", "listens", "targets"};
    print_heading(out, "COMPONENTS (copies x units in each)");
    print_row(out, head, starts, 5, width);
    for (uint32_t i = 0; i < model->component_count; i++) {
        const Component *component = &model->components[i];
        if (!speaks(model, i) || component->kind->role == ROLE_POPULATION)
            continue;
        char *name = component->stack != NULL ? plain_name(component) : g_strdup(component->name);
        char *units = units_text(component), *listens = listens_text(component),
             *targets = targets_text(model, component);
        const char *cells[] = {name, component->kind->name, units, listens, targets};
        print_row(out, cells, starts, 5, width);
        g_free(name);
        g_free(units);
        g_free(listens);
        g_free(targets);
    }
}

/* --- controls ----------------------------------------------------------------------------------------------------- */

static const char *copy_of(const Model *model, uint32_t network) { return model->networks[network].copy; }

static void rules(GString *out, const Model *model, const SecurityGroup *group, bool inbound, const char *label,
                  int width) {
    static const int starts[] = {2, 21, 26};
    const Rule *list = inbound ? group->inbound : group->outbound;
    uint32_t count = inbound ? group->inbound_count : group->outbound_count;
    for (uint32_t i = 0; i < MAX(count, 1); i++) {
        char *text = count > 0 ? rule_text(model, &list[i], inbound) : g_strdup("nothing");
        char *plain = show_without_copy(text, copy_of(model, group->network));
        const char *cells[] = {i == 0 ? label : NULL, i == 0 ? (inbound ? "in" : "out") : NULL, plain};
        print_row(out, cells, starts, 3, width);
        g_free(plain);
        g_free(text);
    }
}

static void groups(GString *out, const Model *model, int width) {
    if (model->group_count > 0)
        print_heading(out, "SECURITY GROUPS");
    for (uint32_t i = 0; i < model->group_count; i++) {
        const SecurityGroup *group = &model->groups[i];
        if (!show_network_speaks(model, group->network))
            continue;
        char *name = show_without_copy(group->name, copy_of(model, group->network));
        rules(out, model, group, true, name, width);
        rules(out, model, group, false, NULL, width);
        g_free(name);
    }
}

/* --- what goes on ------------------------------------------------------------------------------------------------- */

static void flows(GString *out, const Model *model, int width) {
    static const int starts[] = {2, 21};
    if (model->flow_count > 0)
        print_heading(out, "FLOWS");
    for (uint32_t i = 0; i < model->flow_count; i++) {
        GString *path = g_string_new(NULL);
        for (uint32_t s = 0; s < model->flows[i].step_count; s++)
            g_string_append_printf(path, "%s%s%s%s", s > 0 ? " " : "",
                                   s > 0 ? connector_text(model->flows[i].steps[s].connector) : "", s > 0 ? " " : "",
                                   model->flows[i].steps[s].text);
        const char *cells[] = {model->flows[i].name, path->str};
        print_row(out, cells, starts, 2, width);
        g_string_free(path, TRUE);
    }
}

static void append_value(const char *name, const char *value, void *user) {
    g_string_append_printf(user, ", %s %s", name, value);
}

static const LoadSpec *load_of(const Model *model, ComponentId population) {
    for (uint32_t i = 0; i < model->load_count; i++) {
        if (model->loads[i].population == population)
            return &model->loads[i];
    }
    return NULL;
}

static void users(GString *out, const Model *model, int width) {
    static const int starts[] = {2, 28, 48};
    bool any = false;
    for (ComponentId i = 0; i < model->component_count; i++) {
        const Component *component = &model->components[i];
        if (component->kind->role != ROLE_POPULATION)
            continue;
        if (!any)
            print_heading(out, "USERS");
        any = true;
        const LoadSpec *load = load_of(model, i);
        GString *text = g_string_new(load != NULL ? load->kind->name : "no load");
        if (load != NULL) {
            spec_each(load->kind->fields, load->spec, append_value, text);
            g_string_append_printf(text, ", enters %s", model->flows[load->flow].name);
        }
        const char *cells[] = {component->name, model->places[component->place].name, text->str};
        print_row(out, cells, starts, 3, width);
        g_string_free(text, TRUE);
    }
}

static void watch(GString *out, const Model *model, int width) {
    static const int starts[] = {2, 21};
    if (model->sensor_count > 0)
        print_heading(out, "SENSORS AND RESPONSES");
    for (uint32_t i = 0; i < model->sensor_count; i++) {
        const char *cells[] = {model->sensors[i].name, model->sensors[i].kind->summary};
        print_row(out, cells, starts, 2, width);
    }
    for (uint32_t i = 0; i < model->response_count; i++) {
        const ResponseSpec *response = &model->responses[i];
        char *text = g_strdup_printf("on %s: %s", model->sensors[response->sensor].name, response->kind->summary);
        const char *cells[] = {response->name, text};
        print_row(out, cells, starts, 2, width);
        g_free(text);
    }
}

static void timeline(GString *out, const Model *model, int width) {
    static const int starts[] = {2, 21};
    char *until = quantity_text(model->run.until.ns, UNIT_TIME);
    char *head = g_strdup_printf("TIMELINE (to %s)", until);
    if (model->event_count > 0)
        print_heading(out, head);
    for (uint32_t i = 0; i < model->event_count; i++) {
        char *at = quantity_text(model->timeline[i].at.ns, UNIT_TIME);
        char *tail = g_strdup_printf(" at %s", at);
        char **parts = g_strsplit(model->timeline[i].text, tail, 2); /* the time has its own column */
        char *text = g_strjoinv("", parts);
        const char *cells[] = {at, text};
        print_row(out, cells, starts, 2, width);
        g_strfreev(parts);
        g_free(text);
        g_free(tail);
        g_free(at);
    }
    g_free(head);
    g_free(until);
}

/* What the law says, without the shares that change nothing. */
static char *failure_text(const FailureLaw *law) {
    char *every = law_text(&law->every), *lasts = law_text(&law->lasts);
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "%s: each every %s, lasts %s", law->fault->verb, every, lasts);
    if (law->common_cause > 0 || law->coverage < WHOLE) {
        char *common = quantity_text(law->common_cause, UNIT_SHARE),
             *coverage = quantity_text(law->coverage, UNIT_SHARE);
        g_string_append_printf(text, "; %s common to a group, coverage %s", common, coverage);
        g_free(common);
        g_free(coverage);
    }
    if (law->crews > 0)
        g_string_append_printf(text, "; %u repaired at a time", law->crews);
    g_free(every);
    g_free(lasts);
    return g_string_free(text, FALSE);
}

static void failures(GString *out, const Model *model, int width) {
    static const int starts[] = {2, 28, 38};
    if (model->failure_count > 0)
        print_heading(out, "FAILURES BY THEMSELVES");
    for (uint32_t i = 0; i < model->failure_count; i++) {
        const FailureLaw *law = &model->failures[i];
        char *text = failure_text(law);
        char *parts = g_strdup_printf("%u part%s", law->part_count, law->part_count == 1 ? "" : "s");
        const char *cells[] = {law->name, parts, text};
        print_row(out, cells, starts, 3, width);
        g_free(parts);
        g_free(text);
    }
}

static void expects(GString *out, const Model *model, int width) {
    static const int starts[] = {2, 28};
    if (model->expect_count > 0)
        print_heading(out, "EXPECTATIONS");
    for (uint32_t i = 0; i < model->expect_count; i++) {
        const char *cells[] = {model->expects[i].id, model->expects[i].text};
        print_row(out, cells, starts, 2, width);
    }
}

void show_inventory(GString *out, const Model *model, int width) {
    title(out, model, width);
    print_heading(out, "PLACES");
    place_tree(out, model, NO_PLACE, 0, width);
    users(out, model, width);
    components(out, model, width);
    groups(out, model, width);
    show_network_security_groups(out, model, width);
    show_acls(out, model, width);
    show_workloads(out, model, width);
    show_ways(out, model, width);
    show_rights(out, model, width);
    flows(out, model, width);
    watch(out, model, width);
    timeline(out, model, width);
    failures(out, model, width);
    expects(out, model, width);
}
