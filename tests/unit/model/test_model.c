/* test_model.c - what a pattern expands to: places, ranges, components, units, groups, flows, targets. */
#include <string.h>

#include "fixture.h"

static void assert_prefix(const Prefix *prefix, const char *text) {
    char *shown = prefix_text(prefix);
    g_assert_cmpstr(shown, ==, text);
    g_free(shown);
}

static void assert_ports(const PortSet *ports, const char *text) {
    char *shown = ports_text(ports);
    g_assert_cmpstr(shown, ==, text);
    g_free(shown);
}

static Reading sample_with(const char *find, const char *replacement) {
    Reading reading;
    char *text = text_with(sample_pattern, find, replacement);
    reading_init_good(&reading, text, NULL, NULL);
    g_free(text);
    return reading;
}

/* --- places ------------------------------------------------------------------------------------------------------- */

static void test_places(void) {
    Reading reading;
    reading_init_good(&reading, sample_pattern, NULL, NULL);
    const Model *model = reading.model;
    /* provider, account, 2 regions, 4 zones, 12 subnets, europe; sorted by path, each under its parent. */
    g_assert_cmpuint(model->place_count, ==, 1 + 1 + 2 + 4 + 12 + 1);
    for (PlaceId i = 0; i < model->place_count; i++) {
        const Place *place = &model->places[i];
        if (i > 0)
            g_assert_cmpstr(model->places[i - 1].path, <, place->path);
        if (place->parent == NO_PLACE) {
            g_assert_true(place->level == PLACE_OUTSIDE || place->level == PLACE_PROVIDER);
            g_assert_cmpstr(place->path, ==, place->name);
        } else {
            char *path = g_strdup_printf("%s/%s", model->places[place->parent].path, place->name);
            g_assert_cmpstr(place->path, ==, path);
            g_free(path);
        }
    }
    PlaceId subnet = place_id(model, "aws/main/us-east-1/us-east-1b/site[us-east-1].app.b");
    g_assert_cmpuint(model_enclosing(model, subnet, PLACE_REGION), ==, place_id(model, "aws/main/us-east-1"));
    g_assert_cmpuint(model_enclosing(model, subnet, PLACE_SUBNET), ==, subnet);
    g_assert_cmpuint(model_enclosing(model, place_id(model, "europe"), PLACE_REGION), ==, NO_PLACE);
    reading_clear(&reading);
}

static void test_zones(void) {
    /* Tokyo has a, c and d: the first two are taken. */
    Reading reading = sample_with("[us-east-1, eu-west-1]", "[ap-northeast-1]");
    place_id(reading.model, "aws/main/ap-northeast-1/ap-northeast-1c");
    reading_clear(&reading);
}

static void test_zones_by_name(void) {
    /* Whole or short names; in order, however they are listed. */
    char *one = text_with(sample_pattern, "[us-east-1, eu-west-1]", "us-east-1");
    char *text = text_with(one, "zones: 2", "zones: [us-east-1f, b]");
    Reading reading;
    reading_init_good(&reading, text, NULL, NULL);
    const Component *lb = component_named(reading.model, "site[us-east-1].lb");
    g_assert_cmpuint(lb->zone_count, ==, 2);
    g_assert_cmpstr(reading.model->places[lb->zones[0]].name, ==, "us-east-1b");
    g_assert_cmpstr(reading.model->places[lb->zones[1]].name, ==, "us-east-1f");
    reading_clear(&reading);
    g_free(text);
    g_free(one);
}

static void test_accounts(void) {
    Reading reading;
    char *text = g_strconcat(sample_pattern, "accounts: {main: {}, log: {provider: azure}}\n", NULL);
    char *more =
        text_with(text, "flows:\n",
                  "  logs:\n    copies: westeurope\n    account: log\n    zones: 3\n    subnets: {all: {per: region}}\n"
                  "    components:\n      store: {kind: instances, subnet: all, listens: 9000, count: 4}\nflows:\n");
    reading_init_good(&reading, more, NULL, NULL);
    const Model *model = reading.model;
    PlaceId region = place_id(model, "azure/log/westeurope");
    PlaceId subnet = place_id(model, "azure/log/westeurope/logs[westeurope].all");
    g_assert_cmpuint(model->places[subnet].parent, ==, region);
    const Component *store = component_named(model, "logs[westeurope].store");
    for (uint32_t i = 0; i < 4; i++) {
        const ModelUnit *unit = &model->units[store->first_unit + i];
        g_assert_cmpuint(unit->subnet, ==, subnet);
        g_assert_cmpuint(unit->zone, ==, store->zones[i % 3]);
    }
    /* Its provider has groups of another kind, and no component needs one. */
    g_assert_cmpuint(store->group_count, ==, 0);
    g_assert_cmpint(model->azure.networks[model->places[subnet].network].style, ==, STYLE_NETWORK_SECURITY_GROUPS);
    const Component *web = component_named(model, "site[us-east-1].web");
    g_assert_cmpuint(web->group_count, ==, 1);
    reading_clear(&reading);
    g_free(more);
    g_free(text);
}

/* --- addresses ---------------------------------------------------------------------------------------------------- */

static const Prefix *cidr_of(const Model *model, const char *path) {
    return &model->places[place_id(model, path)].cidr;
}

static void test_ranges(void) {
    Reading reading;
    reading_init_good(&reading, sample_pattern, NULL, NULL);
    const Model *model = reading.model;
    g_assert_cmpuint(model->network_count, ==, 2);
    g_assert_cmpstr(model->networks[0].name, ==, "site[eu-west-1]");
    assert_prefix(&model->networks[0].cidr, "10.0.0.0/16");
    assert_prefix(&model->networks[1].cidr, "10.1.0.0/16");
    g_assert_true(model->networks[0].internet_gateway);
    /* By subnet name, then zone. */
    assert_prefix(cidr_of(model, "aws/main/eu-west-1/eu-west-1a/site[eu-west-1].app.a"), "10.0.0.0/20");
    assert_prefix(cidr_of(model, "aws/main/eu-west-1/eu-west-1b/site[eu-west-1].app.b"), "10.0.16.0/20");
    assert_prefix(cidr_of(model, "aws/main/us-east-1/us-east-1a/site[us-east-1].data.a"), "10.1.32.0/20");
    assert_prefix(cidr_of(model, "aws/main/us-east-1/us-east-1b/site[us-east-1].public.b"), "10.1.80.0/20");
    reading_clear(&reading);
}

static void test_ranges_written(void) {
    /* What is written is stepped over. */
    Reading reading = sample_with("cidr: auto", "cidr: {us-east-1: 10.0.0.0/16, eu-west-1: auto}");
    assert_prefix(&reading.model->networks[0].cidr, "10.1.0.0/16");
    assert_prefix(&reading.model->networks[1].cidr, "10.0.0.0/16");
    reading_clear(&reading);
    char *one = text_with(sample_pattern, "[us-east-1, eu-west-1]", "us-east-1");
    char *text = text_with(one, "app: {per: zone}", "app: {per: zone, cidr: [10.0.0.0/24, 10.0.64.0/20]}");
    reading_init_good(&reading, text, NULL, NULL);
    const char *a = "aws/main/us-east-1/us-east-1a/site[us-east-1]",
               *b = "aws/main/us-east-1/us-east-1b/site[us-east-1]";
    char *paths[] = {g_strconcat(a, ".app.a", NULL),    g_strconcat(b, ".app.b", NULL),
                     g_strconcat(a, ".data.a", NULL),   g_strconcat(b, ".data.b", NULL),
                     g_strconcat(a, ".public.a", NULL), g_strconcat(b, ".public.b", NULL)};
    const char *ranges[] = {"10.0.0.0/24",  "10.0.64.0/20", "10.0.16.0/20",
                            "10.0.32.0/20", "10.0.48.0/20", "10.0.80.0/20"};
    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        assert_prefix(cidr_of(reading.model, paths[i]), ranges[i]);
        g_free(paths[i]);
    }
    reading_clear(&reading);
    g_free(text);
    g_free(one);
}

static void test_routes(void) {
    Reading reading;
    reading_init_good(&reading, sample_pattern, NULL, NULL);
    const Model *model = reading.model;
    g_assert_cmpuint(model->route_table_count, ==, 6);
    const Place *subnet = &model->places[place_id(model, "aws/main/us-east-1/us-east-1a/site[us-east-1].public.a")];
    const RouteTable *table = &model->route_tables[subnet->route_table];
    g_assert_cmpstr(table->name, ==, "site[us-east-1].public");
    g_assert_cmpuint(table->route_count, ==, 2);
    g_assert_true(table->routes[0].target == ROUTE_LOCAL); /* longest prefix first */
    assert_prefix(&table->routes[0].to, "10.1.0.0/16");
    g_assert_true(table->routes[1].target == ROUTE_INTERNET_GATEWAY);
    assert_prefix(&table->routes[1].to, "0.0.0.0/0");
    g_assert_cmpstr(model->elements[table->routes[1].element].text, ==,
                    "route table site[us-east-1].public: internet via internet_gateway");
    g_assert_cmpuint(subnet->network, ==, 1);
    reading_clear(&reading);
}

/* --- components --------------------------------------------------------------------------------------------------- */

static void test_units(void) {
    Reading reading;
    reading_init_good(&reading, sample_pattern, NULL, NULL);
    const Model *model = reading.model;
    uint32_t next = 0;
    for (ComponentId i = 0; i < model->component_count; i++) {
        if (i > 0)
            g_assert_cmpstr(model->components[i - 1].name, <, model->components[i].name);
        g_assert_cmpuint(model->components[i].first_unit, ==, next);
        for (uint32_t k = 0; k < model->components[i].unit_count; k++, next++) {
            g_assert_cmpuint(model->units[next].component, ==, i);
            g_assert_cmpuint(model->units[next].ordinal, ==, k);
        }
    }
    g_assert_cmpuint(next, ==, model->unit_count);
    const Component *web = component_named(model, "site[us-east-1].web");
    g_assert_cmpuint(web->unit_count, ==, 10); /* room for all five in either zone, dealt in turn */
    for (uint32_t k = 0; k < 10; k++)
        g_assert_cmpstr(model->places[model->units[web->first_unit + k].zone].name, ==,
                        k % 2 == 0 ? "us-east-1a" : "us-east-1b");
    g_assert_cmpuint(component_named(model, "site[us-east-1].lb")->unit_count, ==, 2);
    const Component *dns = component_named(model, "dns");
    g_assert_cmpuint(dns->unit_count, ==, 1);
    g_assert_cmpuint(model->units[dns->first_unit].zone, ==, NO_PLACE);
    g_assert_cmpuint(model->units[dns->first_unit].region, ==, NO_PLACE);
    char *name = model_unit_name(model, web->first_unit + 3);
    g_assert_cmpstr(name, ==, "site[us-east-1].web/3");
    g_free(name);
    reading_clear(&reading);
}

static void test_specs(void) {
    /* Specs are read once and shared by the copies; the default that was used is listed once. */
    Reading reading = sample_with("count: 5", "count: 5, note: here");
    const Model *model = reading.model;
    const Component *a = component_named(model, "site[us-east-1].web"),
                    *b = component_named(model, "site[eu-west-1].web");
    g_assert_true(a->spec == b->spec);
    const FakeInstances *spec = a->spec;
    g_assert_cmpint(spec->count, ==, 5);
    g_assert_cmpstr(spec->note, ==, "here");
    g_assert_cmpuint(a->peer_count, ==, 2);
    g_assert_cmpuint(a->peers[0], ==, component_id(model, "site[eu-west-1].web"));
    size_t found = 0;
    for (size_t i = 0; i < assumed_count(model->assumed); i++) {
        const Assumed *row = assumed_at(model->assumed, i);
        if (strcmp(row->owner, "site.web") == 0 && strcmp(row->key, "boot") == 0) {
            /* from patterns/defaults/aws.yaml, not from the table's own "45 s" */
            g_assert_cmpstr(row->value, ==, "lognormal(median 45 s p95 90 s)");
            g_assert_true(g_str_has_prefix(row->source, "assumption after"));
            found++;
        }
    }
    g_assert_cmpuint(found, ==, 1);
    reading_clear(&reading);
}

static void test_component_zones(void) {
    Reading reading = sample_with("subnet: data, listens", "subnet: data, zones: [b], listens");
    const Component *db = component_named(reading.model, "site[us-east-1].db");
    g_assert_cmpuint(db->unit_count, ==, 1);
    g_assert_cmpstr(reading.model->places[reading.model->units[db->first_unit].zone].name, ==, "us-east-1b");
    reading_clear(&reading);
    reading = sample_with("subnet: data, listens", "subnet: data, zones: 1, listens");
    db = component_named(reading.model, "site[us-east-1].db");
    g_assert_cmpuint(db->unit_count, ==, 1);
    g_assert_cmpstr(reading.model->places[reading.model->units[db->first_unit].zone].name, ==, "us-east-1a");
    reading_clear(&reading);
}

static void test_populations(void) {
    Reading reading = sample_with("from: europe", "from: [europe, asia-east]");
    const Model *model = reading.model;
    const Component *east = component_named(model, "visitors[asia-east]"),
                    *europe = component_named(model, "visitors[europe]");
    g_assert_cmpstr(model->places[east->place].name, ==, "asia-east");
    g_assert_cmpuint(model->load_count, ==, 2); /* each place has the load */
    g_assert_cmpuint(model->flows[0].steps[0].copies, ==, 2);
    ComponentId *found;
    g_assert_cmpuint(model_find(model, "visitors", &found), ==, 2);
    g_free(found);
    g_assert_cmpuint(model_find(model, "visitors[europe]", &found), ==, 1);
    g_assert_true(&model->components[found[0]] == europe);
    g_free(found);
    reading_clear(&reading);
}

static void test_find(void) {
    static const struct {
        const char *name;
        uint32_t count;
    } rows[] = {
        {"site.web", 2}, {"site[eu-west-1].web", 1}, {"dns", 1},   {"users", 1}, {"visitors", 1},       {"web", 0},
        {"site", 0},     {"site[x].web", 0},         {"site.", 0}, {"[a]", 0},   {"site[eu-west-1", 0}, {"", 0}};
    Reading reading;
    reading_init_good(&reading, sample_pattern, NULL, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        ComponentId *found;
        g_assert_cmpuint(model_find(reading.model, rows[i].name, &found), ==, rows[i].count);
        g_free(found);
    }
    reading_clear(&reading);
}

/* --- controls ----------------------------------------------------------------------------------------------------- */

static void test_groups(void) {
    Reading reading;
    reading_init_good(&reading, sample_pattern, NULL, NULL);
    const Model *model = reading.model;
    const SecurityGroup *web = group_named(model, "site[us-east-1].web");
    g_assert_cmpuint(web->network, ==, 1);
    g_assert_cmpuint(web->inbound_count, ==, 1);
    g_assert_cmpuint(web->inbound[0].peer.group_count, ==, 1);
    g_assert_cmpstr(model->groups[web->inbound[0].peer.groups[0]].name, ==,
                    "site[us-east-1].lb"); /* bare: the same copy */
    assert_ports(&web->inbound[0].ports, "tcp/8080");
    g_assert_cmpstr(model->elements[web->inbound[0].element].text, ==,
                    "security group site[us-east-1].web inbound rule 1 (tcp/8080 from lb)");
    g_assert_cmpuint(web->outbound_count, ==, 1); /* AWS: everything out */
    g_assert_true(web->outbound[0].peer.kind == PEER_ANY);
    g_assert_cmpuint(model->element_count, >, 1);
    g_assert_cmpstr(model->elements[0].text, ==, "nothing");
    const Component *component = component_named(model, "site[us-east-1].web");
    g_assert_cmpuint(component->group_count, ==, 1);
    g_assert_true(&model->groups[component->groups[0]] == web);
    reading_clear(&reading);
}

static void test_group_defaults(void) {
    /* Not declared: it exists all the same, with nothing in. An empty list means nothing out. */
    char *without = text_with(sample_pattern, "      db: {inbound: [{from: web, port: 5432}]}\n", "");
    char *text = text_with(without, "{from: lb, port: 8080}]}",
                           "{from: [lb, self, 192.0.2.0/24], port: [80, udp/53]}], outbound: []}");
    Reading reading;
    reading_init_good(&reading, text, NULL, NULL);
    const SecurityGroup *db = group_named(reading.model, "site[us-east-1].db"),
                        *web = group_named(reading.model, "site[us-east-1].web");
    g_assert_cmpuint(db->inbound_count, ==, 0);
    g_assert_cmpuint(db->outbound_count, ==, 1);
    g_assert_cmpuint(web->outbound_count, ==, 0);
    g_assert_cmpuint(web->inbound_count, ==, 3); /* one for each peer, the same element */
    g_assert_cmpuint(web->inbound[0].element, ==, web->inbound[2].element);
    g_assert_true(&reading.model->groups[web->inbound[1].peer.groups[0]] == web);
    assert_prefix(&web->inbound[2].peer.cidr, "192.0.2.0/24");
    assert_ports(&web->inbound[0].ports, "tcp/80 udp/53");
    g_assert_true(rule_equal(&web->inbound[0], &web->inbound[0]));
    g_assert_false(rule_equal(&web->inbound[0], &web->inbound[1]));
    char *shown = rule_text(reading.model, &web->inbound[2], true);
    g_assert_cmpstr(shown, ==, "tcp/80 udp/53 from 192.0.2.0/24");
    g_free(shown);
    reading_clear(&reading);
    g_free(text);
    g_free(without);
}

/* --- flows -------------------------------------------------------------------------------------------------------- */

static void test_targets(void) {
    Reading reading;
    reading_init_good(&reading, sample_pattern, NULL, NULL);
    const Model *model = reading.model;
    const Component *dns = component_named(model, "dns"), *lb = component_named(model, "site[us-east-1].lb");
    g_assert_cmpuint(dns->target_count, ==, 2); /* every copy */
    g_assert_cmpuint(lb->target_count, ==, 1);  /* the same copy */
    g_assert_cmpuint(lb->targets[0], ==, component_id(model, "site[us-east-1].web"));
    g_assert_cmpuint(component_named(model, "site[us-east-1].web")->targets[0], ==,
                     component_id(model, "site[us-east-1].db"));
    g_assert_cmpuint(component_named(model, "visitors")->targets[0], ==, component_id(model, "dns"));
    g_assert_cmpuint(component_named(model, "waf")->target_count, ==, 2);
    g_assert_cmpuint(model->flows[0].step_count, ==, 6);
    g_assert_cmpuint(model->flows[0].steps[3].copies, ==, 2);
    reading_clear(&reading);
    /* A name that says no targets means what serves behind the edge. */
    reading = sample_with(", targets: site.lb", "");
    dns = component_named(reading.model, "dns");
    g_assert_cmpuint(dns->target_count, ==, 2);
    g_assert_cmpuint(dns->targets[0], ==, component_id(reading.model, "site[eu-west-1].lb"));
    reading_clear(&reading);
}

static void test_target_port(void) {
    char *silent = text_with(sample_pattern, "listens: 8080, ", "");
    char *text = text_with(silent, "targets: web", "targets: web:8080");
    Reading reading;
    reading_init_good(&reading, text, NULL, NULL);
    g_assert_cmpuint(component_named(reading.model, "site[us-east-1].lb")->target_port, ==, 8080);
    assert_ports(&component_named(reading.model, "site[us-east-1].web")->listens, "tcp/8080");
    reading_clear(&reading);
    g_free(text);
    g_free(silent);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/places", test_places);
    g_test_add_func("/model/zones", test_zones);
    g_test_add_func("/model/zones-by-name", test_zones_by_name);
    g_test_add_func("/model/accounts", test_accounts);
    g_test_add_func("/model/ranges", test_ranges);
    g_test_add_func("/model/ranges-written", test_ranges_written);
    g_test_add_func("/model/routes", test_routes);
    g_test_add_func("/model/units", test_units);
    g_test_add_func("/model/specs", test_specs);
    g_test_add_func("/model/component-zones", test_component_zones);
    g_test_add_func("/model/populations", test_populations);
    g_test_add_func("/model/find", test_find);
    g_test_add_func("/model/groups", test_groups);
    g_test_add_func("/model/group-defaults", test_group_defaults);
    g_test_add_func("/model/targets", test_targets);
    g_test_add_func("/model/target-port", test_target_port);
    return g_test_run();
}
