/* test_filters.c - ACLs, prefix lists, IPv6 ranges and client ports in the model, and in its digest. */
#include <string.h>

#include "fixture.h"

static const Acl *acl_named(const Model *model, const char *name) {
    for (uint32_t i = 0; i < model->acl_count; i++)
        if (strcmp(model->acls[i].name, name) == 0)
            return &model->acls[i];
    g_error("no network ACL %s", name);
}

static const Place *subnet_named(const Model *model, const char *name) {
    for (PlaceId i = 0; i < model->place_count; i++)
        if (model->places[i].level == PLACE_SUBNET && strcmp(model->places[i].name, name) == 0)
            return &model->places[i];
    g_error("no subnet %s", name);
}

static void assert_range(const Prefix *range, const char *wanted) {
    char *text = prefix_text(range);
    g_assert_cmpstr(text, ==, wanted);
    g_free(text);
}

/* The sample with a replacement, without a word of complaint. */
static void read_with(Reading *reading, const char *find, const char *replacement) {
    char *text = text_with(sample_pattern, find, replacement);
    reading_init_good(reading, text, NULL, NULL);
    g_free(text);
}

static const char acls[] = "    acls:\n"
                           "      strict: {inbound: [{rule: 200, allow: any, from: network},\n"
                           "                         {rule: 100, deny: tcp/22, from: 10.0.0.0/8}]}\n"
                           "      default: {outbound: [{rule: 7, allow: any, to: internet}]}\n"
                           "    components:\n";

/* One in each copy, entries by number; what is not written is as the provider makes it. */
static void test_acls(void) {
    Reading reading;
    char *text = text_with(sample_pattern, "    components:\n", acls);
    char *whole = text_with(text, "app: {per: zone}", "app: {per: zone, acl: strict}");
    reading_init_good(&reading, whole, NULL, NULL);
    const Model *model = reading.model;
    g_assert_cmpuint(model->acl_count, ==, 4);
    const Acl *strict = acl_named(model, "site[us-east-1].strict"),
              *usual = acl_named(model, "site[eu-west-1].default");
    g_assert_cmpuint(strict->inbound_count, ==, 2);
    g_assert_cmpuint(strict->inbound[0].number, ==, 100);
    g_assert_false(strict->inbound[0].allow);
    assert_range(&strict->inbound[0].cidr, "10.0.0.0/8");
    assert_range(&strict->inbound[1].cidr, "10.1.0.0/16");
    g_assert_cmpuint(strict->outbound_count, ==, 0);
    g_assert_cmpuint(usual->inbound_count, ==, 1);
    g_assert_cmpuint(usual->inbound[0].number, ==, 100);
    g_assert_true(usual->inbound[0].allow);
    g_assert_cmpuint(usual->outbound[0].number, ==, 7);
    g_assert_cmpstr(model->acls[subnet_named(model, "site[us-east-1].app.a")->acl - 1].name, ==, strict->name);
    g_assert_cmpstr(model->acls[subnet_named(model, "site[eu-west-1].data.b")->acl - 1].name, ==, usual->name);
    g_assert_nonnull(
        strstr(model->elements[strict->inbound[1].element].text, "inbound rule 200 (allow any from network)"));
    reading_clear(&reading);
    g_free(whole);
    g_free(text);
}

/* A /56 for each network, a /64 for each subnet in it, a local route for it. */
static void test_ipv6(void) {
    Reading reading;
    read_with(&reading, "network: {cidr: auto}", "network: {cidr6: {us-east-1: auto, eu-west-1: \"2001:db8::/60\"}}");
    const Model *model = reading.model;
    assert_range(&model->networks[0].cidr6, "2001:db8::/60");
    assert_range(&model->networks[1].cidr6, "2001:db8:0:100::/56");
    assert_range(&model->networks[1].cidr, "10.1.0.0/16");
    assert_range(&subnet_named(model, "site[eu-west-1].app.a")->cidr6, "2001:db8::/64");
    assert_range(&subnet_named(model, "site[eu-west-1].data.a")->cidr6, "2001:db8:0:1::/64");
    assert_range(&subnet_named(model, "site[us-east-1].public.b")->cidr6, "2001:db8:0:105::/64");
    const RouteTable *table = &model->route_tables[subnet_named(model, "site[us-east-1].public.a")->route_table];
    g_assert_cmpuint(table->route_count, ==, 4); /* two local ones, and the internet of both families */
    reading_clear(&reading);
    read_with(&reading, "network: {cidr: auto}", "network: {cidr: auto}");
    g_assert_cmpuint(reading.model->networks[0].cidr6.family, ==, 0);
    reading_clear(&reading);
}

/* A rule for each range of a list, with one element. */
static void test_prefix_list(void) {
    Reading reading;
    char *text = text_with(sample_pattern, "    components:\n",
                           "    prefix_lists: {offices: [203.0.113.0/24, \"2001:db8:9::/48\", 198.51.100.7]}\n"
                           "    components:\n");
    char *whole = text_with(text, "{from: internet, port: 443}", "{from: [offices, lb], port: 443}");
    reading_init_good(&reading, whole, NULL, NULL);
    const SecurityGroup *group = group_named(reading.model, "site[us-east-1].lb");
    g_assert_cmpuint(group->inbound_count, ==, 4);
    assert_range(&group->inbound[1].peer.cidr, "2001:db8:9::/48");
    assert_range(&group->inbound[2].peer.cidr, "198.51.100.7/32");
    g_assert_cmpint(group->inbound[3].peer.kind, ==, PEER_GROUP);
    for (int i = 1; i < 4; i++)
        g_assert_cmpuint(group->inbound[i].element, ==, group->inbound[0].element);
    reading_clear(&reading);
    g_free(whole);
    g_free(text);
}

static void test_client_ports(void) {
    Reading reading;
    read_with(&reading, "count: 5", "count: 5, client_ports: 49152-65535");
    const Component *web = component_named(reading.model, "site[us-east-1].web"),
                    *db = component_named(reading.model, "site[us-east-1].db");
    g_assert_cmpuint(web->client_first, ==, 49152);
    g_assert_cmpuint(web->client_last, ==, 65535);
    g_assert_cmpuint(db->client_first, ==, CLIENT_PORTS_FIRST);
    g_assert_cmpuint(db->client_last, ==, CLIENT_PORTS_LAST);
    reading_clear(&reading);
}

/* Whatever filters can say, the digest says. */
static void test_digest(void) {
    static const char *const changes[][2] = {
        {"network: {cidr: auto}", "network: {cidr6: auto}"},
        {"count: 5", "count: 5, client_ports: 49152-65535"},
        {"    components:\n", "    acls: {strict: }\n    components:\n"},
        {"    components:\n", "    acls: {default: }\n    components:\n"},
        {"    components:\n", "    acls: {default: {inbound: [{rule: 1, deny: 22, from: anyone}]}}\n    components:\n"},
        {"    components:\n", "    acls: {default: {inbound: [{rule: 1, deny: 23, from: anyone}]}}\n    components:\n"},
        {"    components:\n", "    acls: {default: {inbound: [{rule: 2, deny: 23, from: anyone}]}}\n    components:\n"},
        {"    components:\n",
         "    acls: {default: {inbound: [{rule: 2, allow: 23, from: anyone}]}}\n    components:\n"},
        {"    components:\n", "    acls: {default: {outbound: [{rule: 2, allow: 23, to: anyone}]}}\n    components:\n"},
        {"count: 5", "count: 5"},
    };
    char *digests[G_N_ELEMENTS(changes)];
    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
        Reading reading;
        read_with(&reading, changes[i][0], changes[i][1]);
        digests[i] = g_strdup(reading.model->model_digest);
        reading_clear(&reading);
        for (size_t k = 0; k < i; k++)
            g_assert_cmpstr(digests[i], !=, digests[k]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++)
        g_free(digests[i]);
}

/* Events of changes: what they take away is what is there then. */
static void test_changes(void) {
    static const char timeline[] =
        "scenario: changes\npattern: sample\ntimeline:\n"
        "  - {at: 1 min, change: {acl: site.default, remove: {inbound: 100}}}\n"
        "  - {at: 2 min, change: {acl: \"site[us-east-1].default\", add: {inbound: {rule: 100, deny: any, from: "
        "anyone}}}}\n"
        "  - {at: 3 min, change: {route_table: site.public, replace: {to: internet, via: blackhole}}, for: 1 min}\n"
        "run: {until: 1 h}\n";
    Reading reading;
    char *text = text_with(sample_pattern, "    components:\n", "    acls: {default: }\n    components:\n");
    reading_init_good(&reading, text, timeline, NULL);
    const Model *model = reading.model;
    g_assert_cmpuint(model->event_count, ==, 2 + 1 + 4);
    const TimelineEvent *event = model->timeline;
    g_assert_cmpint(event[0].change, ==, CHANGE_ACL);
    g_assert_true(event[0].removes && event[0].inbound && event[0].acl_rule.allow);
    g_assert_cmpstr(event[2].text, ==,
                    "add to network ACL site[us-east-1].default inbound rule 100 deny any from anyone "
                    "at 2 min");
    g_assert_false(event[2].removes || event[2].acl_rule.allow);
    g_assert_cmpint(event[3].change, ==, CHANGE_ROUTE);
    g_assert_true(event[3].removes && event[3].route.target == ROUTE_INTERNET_GATEWAY);
    g_assert_true(!event[4].removes && event[4].route.target == ROUTE_BLACKHOLE);
    reading_clear(&reading);
    g_free(text);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/filters/acls", test_acls);
    g_test_add_func("/model/filters/ipv6", test_ipv6);
    g_test_add_func("/model/filters/prefix-list", test_prefix_list);
    g_test_add_func("/model/filters/client-ports", test_client_ports);
    g_test_add_func("/model/filters/digest", test_digest);
    g_test_add_func("/model/filters/changes", test_changes);
    return g_test_run();
}
