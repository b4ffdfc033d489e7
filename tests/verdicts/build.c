/* build.c - small models from lines of text. */
#include "tests/verdicts/build.h"

#include <glib.h>
#include <string.h>

#include "contract/kind.h"
#include "tests/verdicts/words.h"

static const Kind host_kind = {.name = "host",
                               .role = ROLE_COMPUTE,
                               .spread = SPREAD_ZONES,
                               .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_SUBNETS}};
static const Kind nat_kind = {.name = "nat",
                              .role = ROLE_LINK,
                              .spread = SPREAD_ZONES,
                              .passage = {.mode = PASSAGE_TRANSLATES, .attachment = ATTACH_SUBNETS}};
static const Kind peering_kind = {
    .name = "peering",
    .role = ROLE_LINK,
    .passage = {.mode = PASSAGE_FORWARDS, .attachment = ATTACH_JOIN, .join = JOIN_PEERING}};
static const Kind edge_kind = {
    .name = "edge", .role = ROLE_EDGE, .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_EDGE}};
static const Kind name_kind = {
    .name = "names", .role = ROLE_NAME, .passage = {.mode = PASSAGE_ATTACHES, .attachment = ATTACH_NAME}};
static const Kind user_kind = {
    .name = "users", .role = ROLE_POPULATION, .passage = {.mode = PASSAGE_ORIGINATES, .attachment = ATTACH_OUTSIDE}};

struct Draft {
    Model model;
    GStringChunk *texts;
    GPtrArray *memory; /* what the model points at */
    GArray *places, *networks, *groups, *tables, *elements, *components, *units, *flows, *acls, *joins;
};

/* ---- small helpers -------------------------------------------------------------------------------------------------
 */
static const char *keep_text(Draft *draft, const char *text) { return g_string_chunk_insert(draft->texts, text); }

/* A copy of the old array with one more, so that indices stay and old pointers are never freed too early. */
static void *grown(Draft *draft, const void *old, uint32_t count, size_t size, const void *item) {
    char *bytes = g_malloc0((count + 1) * size);
    if (count > 0)
        memcpy(bytes, old, count * size);
    memcpy(bytes + count * size, item, size);
    g_ptr_array_add(draft->memory, bytes);
    return bytes;
}

static uint32_t element_new(Draft *draft, const char *line) {
    Element element = {.text = keep_text(draft, line)};
    g_array_append_val(draft->elements, element);
    return draft->elements->len - 1;
}

/* ---- finding -------------------------------------------------------------------------------------------------------
 */
static uint32_t find_in(const GArray *table, const char *name) {
    uint32_t found = rows_find(table->data, table->len, g_array_get_element_size((GArray *)(uintptr_t)table), name);
    if (found == UINT32_MAX)
        words_stop("there is no", name);
    return found;
}

static uint32_t known(uint32_t found, const char *name) {
    if (found == UINT32_MAX)
        words_stop("there is no", name);
    return found;
}

PlaceId draft_place(const Model *model, const char *name) {
    return known(rows_find(model->places, model->place_count, sizeof *model->places, name), name);
}

uint32_t draft_group(const Model *model, const char *name) {
    return known(rows_find(model->groups, model->group_count, sizeof *model->groups, name), name);
}

ComponentId draft_component(const Model *model, const char *name) {
    return known(rows_find(model->components, model->component_count, sizeof *model->components, name), name);
}

ClassId draft_class(const Model *model, const Reach *reach, const char *name) {
    const EndpointClass *classes;
    uint32_t count = reach_classes(reach, &classes);
    if (strcmp(name, "internet") == 0)
        return CLASS_INTERNET;
    char **parts = g_strsplit(name, "@", 2);
    ComponentId component = draft_component(model, parts[0]);
    PlaceId subnet = parts[1] != NULL ? draft_place(model, parts[1]) : NO_PLACE;
    ClassId found = 0;
    while (found < count &&
           (classes[found].component != component || (parts[1] != NULL && classes[found].subnet != subnet)))
        found++;
    g_strfreev(parts);
    return known(found < count ? found : UINT32_MAX, name);
}

/* ---- places --------------------------------------------------------------------------------------------------------
 */
static PlaceId place_new(Draft *draft, const char *name, PlaceLevel level, PlaceId parent) {
    uint32_t found = rows_find(draft->places->data, draft->places->len, sizeof(Place), name);
    if (found != UINT32_MAX)
        return found;
    Place place = {.name = keep_text(draft, name), .level = level, .parent = parent};
    place.path = place.name;
    place.element = element_new(draft, name);
    g_array_append_val(draft->places, place);
    return draft->places->len - 1;
}

static PlaceId region_new(Draft *draft, const char *name) {
    PlaceId provider = place_new(draft, "aws", PLACE_PROVIDER, NO_PLACE);
    return place_new(draft, name, PLACE_REGION, place_new(draft, "main", PLACE_ACCOUNT, provider));
}

static void line_outside(Draft *draft, char **words, const char *line) {
    (void)line;
    PlaceId place = place_new(draft, words_at(words, 1), PLACE_OUTSIDE, NO_PLACE);
    if (words[2] != NULL)
        g_array_index(draft->places, Place, place).cidr = words_prefix(words[2]);
}

/* The IPv6 range among the words, if any. */
static Prefix prefix6_of(char **words) {
    Prefix prefix = {0};
    for (char **word = words; *word != NULL; word++)
        if (strchr(*word, ':') != NULL)
            prefix = words_prefix(*word);
    return prefix;
}

static void line_network(Draft *draft, char **words, const char *line) {
    Network network = {.name = keep_text(draft, words_at(words, 1)),
                       .region = region_new(draft, words_at(words, 2)),
                       .cidr = words_prefix(words_at(words, 3)),
                       .provider = "aws",
                       .ingress_table = NO_TABLE,
                       .site = NO_SITE,
                       .internet_gateway = words_have(words, "gateway"),
                       .egress_only = words_have(words, "egress"),
                       .element = element_new(draft, line)};
    network.cidr6 = prefix6_of(words);
    g_array_append_val(draft->networks, network);
}

static void route_add(Draft *draft, uint32_t table, Route route) {
    RouteTable *owner = &g_array_index(draft->tables, RouteTable, table);
    owner->routes = grown(draft, owner->routes, owner->route_count++, sizeof route, &route);
}

static void line_subnet(Draft *draft, char **words, const char *line) {
    char **parts = g_strsplit(words_at(words, 1), ".", 2);
    uint32_t network = find_in(draft->networks, parts[0]);
    g_strfreev(parts);
    const Network *owner = &g_array_index(draft->networks, Network, network);
    RouteTable table = {.name = keep_text(draft, line), .network = network, .element = element_new(draft, line)};
    g_array_append_val(draft->tables, table);
    route_add(draft, draft->tables->len - 1,
              (Route){.to = owner->cidr, .target = ROUTE_LOCAL, .element = element_new(draft, "local")});
    if (owner->cidr6.family == 6)
        route_add(draft, draft->tables->len - 1,
                  (Route){.to = owner->cidr6, .target = ROUTE_LOCAL, .element = element_new(draft, "local")});
    PlaceId zone = place_new(draft, words_at(words, 2), PLACE_ZONE, owner->region);
    PlaceId subnet = place_new(draft, words_at(words, 1), PLACE_SUBNET, zone);
    Place *place = &g_array_index(draft->places, Place, subnet);
    place->network = network;
    place->cidr = words_prefix(words_at(words, 3));
    place->cidr6 = prefix6_of(words);
    place->route_table = draft->tables->len - 1;
}

/* ---- controls ------------------------------------------------------------------------------------------------------
 */
static uint32_t join_of(const Draft *draft, const char *name) {
    ComponentId component = find_in(draft->components, name);
    uint32_t i = 0;
    while (i < draft->joins->len && g_array_index(draft->joins, Join, i).component != component)
        i++;
    return known(i < draft->joins->len ? i : UINT32_MAX, name);
}

static void line_route(Draft *draft, char **words, const char *line) {
    const Place *place = &g_array_index(draft->places, Place, find_in(draft->places, words_at(words, 1)));
    const char *target = words_at(words, 3);
    Route route = {.to = words_prefix(words_at(words, 2)),
                   .element = element_new(draft, line),
                   .propagated = words_have(words, "propagated"),
                   .from_list = words_have(words, "listed")};
    if (strcmp(target, "gateway") == 0) {
        route.target = ROUTE_INTERNET_GATEWAY;
    } else if (strcmp(target, "egress") == 0) {
        route.target = ROUTE_EGRESS_ONLY;
    } else if (strcmp(target, "nat") == 0) {
        route.target = ROUTE_INTERFACE;
        route.via = find_in(draft->components, words_at(words, 4));
    } else if (strcmp(target, "peering") == 0) {
        route.target = ROUTE_JOIN;
        route.via = join_of(draft, words_at(words, 4));
    } else {
        g_assert_cmpstr(target, ==, "blackhole");
        route.target = ROUTE_BLACKHOLE;
    }
    route_add(draft, place->route_table, route);
}

static Peer peer_of(Draft *draft, const void *groups, uint32_t count, const char *text) {
    Peer peer = {.kind = PEER_CIDR};
    if (strcmp(text, "internet") == 0) {
        peer.kind = PEER_INTERNET;
    } else if (strcmp(text, "any") == 0) {
        peer.kind = PEER_ANY;
    } else if (text[0] != '@') {
        peer.cidr = words_prefix(text);
    } else {
        char **names = g_strsplit(text + 1, ",", -1);
        peer.kind = PEER_GROUP;
        peer.group_count = g_strv_length(names);
        peer.groups = g_new(uint32_t, peer.group_count);
        for (uint32_t i = 0; i < peer.group_count; i++)
            peer.groups[i] = known(rows_find(groups, count, sizeof(SecurityGroup), names[i]), names[i]);
        if (draft != NULL)
            g_ptr_array_add(draft->memory, peer.groups);
        g_strfreev(names);
    }
    return peer;
}

static void rule_add(Draft *draft, uint32_t group, bool inbound, Rule rule) {
    SecurityGroup *owner = &g_array_index(draft->groups, SecurityGroup, group);
    Rule **rules = inbound ? &owner->inbound : &owner->outbound;
    uint32_t *count = inbound ? &owner->inbound_count : &owner->outbound_count;
    *rules = grown(draft, *rules, (*count)++, sizeof rule, &rule);
}

static void line_group(Draft *draft, char **words, const char *line) {
    SecurityGroup group = {.name = keep_text(draft, words_at(words, 2)),
                           .network = find_in(draft->networks, words_at(words, 1)),
                           .element = element_new(draft, line)};
    g_array_append_val(draft->groups, group);
    if (!words_have(words, "shut"))
        rule_add(
            draft, draft->groups->len - 1, false,
            (Rule){.peer = {.kind = PEER_ANY}, .ports = words_ports("any"), .element = element_new(draft, "all out")});
}

static void line_rule(Draft *draft, char **words, const char *line) {
    Rule rule = {.ports = words_ports(words_at(words, 3)), .element = element_new(draft, line)};
    rule.peer = peer_of(draft, draft->groups->data, draft->groups->len, words_at(words, 4));
    rule_add(draft, find_in(draft->groups, words_at(words, 1)), strcmp(words[2], "in") == 0, rule);
}

Rule draft_rule(const Model *model, const char *text) {
    char **words = g_strsplit(text, " ", -1);
    Rule rule = {.ports = words_ports(words_at(words, 0))};
    rule.peer = peer_of(NULL, model->groups, model->group_count, words_at(words, 1));
    g_strfreev(words);
    return rule;
}

static void line_acl(Draft *draft, char **words, const char *line) {
    Acl acl = {.name = keep_text(draft, words_at(words, 2)),
               .network = find_in(draft->networks, words_at(words, 1)),
               .element = element_new(draft, line)};
    g_array_append_val(draft->acls, acl);
}

static void line_entry(Draft *draft, char **words, const char *line) {
    Acl *acl = &g_array_index(draft->acls, Acl, find_in(draft->acls, words_at(words, 1)));
    bool inbound = strcmp(words_at(words, 2), "in") == 0;
    AclRule rule = {.number = (uint32_t)g_ascii_strtoull(words_at(words, 3), NULL, 10),
                    .allow = strcmp(words_at(words, 4), "allow") == 0,
                    .ports = words_ports(words_at(words, 5)),
                    .element = element_new(draft, line)};
    if (strcmp(words_at(words, 6), "any") != 0)
        rule.cidr = words_prefix(words[6]);
    AclRule **rules = inbound ? &acl->inbound : &acl->outbound;
    uint32_t *count = inbound ? &acl->inbound_count : &acl->outbound_count;
    *rules = grown(draft, *rules, (*count)++, sizeof rule, &rule);
    for (uint32_t i = *count - 1; i > 0 && (*rules)[i].number < (*rules)[i - 1].number; i--) {
        AclRule swap = (*rules)[i];
        (*rules)[i] = (*rules)[i - 1];
        (*rules)[i - 1] = swap;
    }
}

static void line_uses(Draft *draft, char **words, const char *line) {
    (void)line;
    g_array_index(draft->places, Place, find_in(draft->places, words_at(words, 1))).acl =
        1 + find_in(draft->acls, words_at(words, 2));
}

/* ---- components ----------------------------------------------------------------------------------------------------
 */
static void unit_add(Draft *draft, Component *component, PlaceId subnet) {
    ModelUnit unit = {.component = draft->components->len,
                      .ordinal = component->unit_count,
                      .subnet = subnet,
                      .zone = NO_PLACE,
                      .region = NO_PLACE};
    if (subnet != NO_PLACE)
        unit.zone = g_array_index(draft->places, Place, subnet).parent;
    if (component->unit_count++ == 0)
        component->first_unit = draft->units->len;
    g_array_append_val(draft->units, unit);
}

static Component component_blank(Draft *draft, const Kind *kind, const char *name, PlaceId place, const char *line) {
    Component component = {
        .name = keep_text(draft, name), .kind = kind, .place = place, .element = element_new(draft, line)};
    component.label = component.name;
    return component;
}

static void line_host(Draft *draft, char **words, const char *line) {
    const char *units = words_option(words, "units="), *port = words_option(words, "to="),
               *from = words_option(words, "from=");
    char **subnets = g_strsplit(words_at(words, 2), ",", -1), **groups = g_strsplit(words_at(words, 3), ",", -1);
    PlaceId first = find_in(draft->places, subnets[0]);
    Component component = component_blank(draft, &host_kind, words_at(words, 1), first, line);
    for (char **s = subnets; *s != NULL; s++)
        for (uint64_t left = units != NULL ? g_ascii_strtoull(units, NULL, 10) : 1; left > 0; left--)
            unit_add(draft, &component, find_in(draft->places, *s));
    for (char **g = groups; *g != NULL && strcmp(*g, "-") != 0; g++) {
        uint32_t group = find_in(draft->groups, *g);
        component.groups = grown(draft, component.groups, component.group_count++, sizeof group, &group);
    }
    component.listens = words_ports(words_at(words, 4));
    component.public_address = words_have(words, "public");
    component.target_port = port != NULL ? (uint16_t)g_ascii_strtoull(port, NULL, 10) : 0;
    if (from != NULL) {
        component.client_first = (uint16_t)g_ascii_strtoull(from, NULL, 10);
        component.client_last = (uint16_t)g_ascii_strtoull(strchr(from, '-') + 1, NULL, 10);
    }
    g_array_append_val(draft->components, component);
    g_strfreev(subnets);
    g_strfreev(groups);
}

static void line_nat(Draft *draft, char **words, const char *line) {
    PlaceId subnet = find_in(draft->places, words_at(words, 2));
    Component component = component_blank(draft, &nat_kind, words_at(words, 1), subnet, line);
    unit_add(draft, &component, subnet);
    g_array_append_val(draft->components, component);
}

static void line_peering(Draft *draft, char **words, const char *line) {
    uint32_t a = find_in(draft->networks, words_at(words, 2)), b = find_in(draft->networks, words_at(words, 3));
    Component component = component_blank(draft, &peering_kind, words_at(words, 1), NO_PLACE, line);
    component.place = g_array_index(draft->networks, Network, a).region;
    unit_add(draft, &component, NO_PLACE);
    Join join = {.component = draft->components->len,
                 .shape = JOIN_PEERING,
                 .element = component.element,
                 .a = a,
                 .b = b,
                 .hub_a = NO_JOIN,
                 .hub_b = NO_JOIN};
    g_array_append_val(draft->components, component);
    g_array_append_val(draft->joins, join);
}

static void simple_add(Draft *draft, const Kind *kind, const char *name, PlaceId place, PortSet listens,
                       const char *line) {
    Component component = component_blank(draft, kind, name, place, line);
    component.listens = listens;
    unit_add(draft, &component, NO_PLACE);
    g_array_append_val(draft->components, component);
}

static void line_lost(Draft *draft, char **words, const char *line) {
    simple_add(draft, &host_kind, words_at(words, 1), region_new(draft, "us-east-1"), words_ports("any"), line);
}

static void line_edge(Draft *draft, char **words, const char *line) {
    PlaceId provider = place_new(draft, "aws", PLACE_PROVIDER, NO_PLACE);
    simple_add(draft, &edge_kind, words_at(words, 1), provider, words_ports(words_at(words, 2)), line);
}

static void line_names(Draft *draft, char **words, const char *line) {
    PlaceId provider = place_new(draft, "aws", PLACE_PROVIDER, NO_PLACE);
    simple_add(draft, &name_kind, words_at(words, 1), provider, (PortSet){0}, line);
}

static void line_users(Draft *draft, char **words, const char *line) {
    simple_add(draft, &user_kind, words_at(words, 1), find_in(draft->places, words_at(words, 2)), (PortSet){0}, line);
}

static void line_flow(Draft *draft, char **words, const char *line) {
    Flow flow = {.name = keep_text(draft, words_at(words, 1))};
    (void)line;
    for (char **w = words + 2; *w != NULL; w++) {
        ComponentId id = find_in(draft->components, *w);
        FlowStep step = {.by_copy = grown(draft, NULL, 0, sizeof id, &id), .copies = 1, .text = keep_text(draft, *w)};
        if (flow.step_count > 0) {
            Component *before =
                &g_array_index(draft->components, Component, flow.steps[flow.step_count - 1].by_copy[0]);
            before->targets = grown(draft, before->targets, before->target_count++, sizeof id, &id);
        }
        flow.steps = grown(draft, flow.steps, flow.step_count++, sizeof step, &step);
    }
    g_array_append_val(draft->flows, flow);
}

/* ---- the door ------------------------------------------------------------------------------------------------------
 */
typedef struct {
    const char *word;
    void (*read)(Draft *draft, char **words, const char *line);
} LineKind;

static const LineKind line_kinds[] = {
    {"outside", line_outside}, {"network", line_network}, {"subnet", line_subnet},   {"route", line_route},
    {"group", line_group},     {"rule", line_rule},       {"acl", line_acl},         {"entry", line_entry},
    {"uses", line_uses},       {"nat", line_nat},         {"peering", line_peering}, {"host", line_host},
    {"lost", line_lost},       {"edge", line_edge},       {"names", line_names},     {"users", line_users},
    {"flow", line_flow},
};

void draft_line(Draft *draft, const char *line) {
    char **words = g_strsplit(line, " ", -1);
    size_t kind = 0;
    while (kind < G_N_ELEMENTS(line_kinds) && strcmp(line_kinds[kind].word, words[0]) != 0)
        kind++;
    if (kind == G_N_ELEMENTS(line_kinds))
        words_stop("no such line", line);
    line_kinds[kind].read(draft, words, line);
    g_strfreev(words);
}

void draft_text(Draft *draft, const char *text) {
    char **lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++)
        if (**line != '\0')
            draft_line(draft, *line);
    g_strfreev(lines);
}

Draft *draft_new(void) {
    Draft *draft = g_new0(Draft, 1);
    draft->texts = g_string_chunk_new(4096);
    draft->memory = g_ptr_array_new_with_free_func(g_free);
    draft->places = g_array_new(FALSE, TRUE, sizeof(Place));
    draft->networks = g_array_new(FALSE, TRUE, sizeof(Network));
    draft->groups = g_array_new(FALSE, TRUE, sizeof(SecurityGroup));
    draft->tables = g_array_new(FALSE, TRUE, sizeof(RouteTable));
    draft->elements = g_array_new(FALSE, TRUE, sizeof(Element));
    draft->components = g_array_new(FALSE, TRUE, sizeof(Component));
    draft->units = g_array_new(FALSE, TRUE, sizeof(ModelUnit));
    draft->flows = g_array_new(FALSE, TRUE, sizeof(Flow));
    draft->acls = g_array_new(FALSE, TRUE, sizeof(Acl));
    draft->joins = g_array_new(FALSE, TRUE, sizeof(Join));
    element_new(draft, "nothing");
    return draft;
}

#define ROWS(member, count, array)              \
    model->member = (void *)draft->array->data; \
    model->count = draft->array->len

const Model *draft_model(Draft *draft) {
    Model *model = &draft->model;
    model->provider = "aws";
    ROWS(places, place_count, places);
    ROWS(networks, network_count, networks);
    ROWS(groups, group_count, groups);
    ROWS(route_tables, route_table_count, tables);
    ROWS(elements, element_count, elements);
    ROWS(components, component_count, components);
    ROWS(units, unit_count, units);
    ROWS(flows, flow_count, flows);
    ROWS(acls, acl_count, acls);
    ROWS(joins, join_count, joins);
    return model;
}

void draft_free(Draft *draft) {
    GArray *tables[] = {draft->places,     draft->networks, draft->groups, draft->tables, draft->elements,
                        draft->components, draft->units,    draft->flows,  draft->acls,   draft->joins};
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
        g_array_free(tables[i], TRUE);
    g_ptr_array_free(draft->memory, TRUE);
    g_string_chunk_free(draft->texts);
    g_free(draft);
}
