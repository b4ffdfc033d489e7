/* language.c - every key of the pattern and scenario language, one row each. */
#include "model/language.h"

#include <string.h>

#include "model/model.h"

/* A row whose key is not the member's name (`for`, `public`), or that shares a struct with others. */
#define KEY(S, key, member, type, otherwise, help) \
    { key, type, offsetof(S, member), otherwise, NULL, NULL, help, NULL, NULL, NULL }
#define KEY_TIME(S, key, member, otherwise, help) \
    { key, FIELD_TYPE_TIME, offsetof(S, member), otherwise, "0 s", NULL, help, NULL, NULL, NULL }

static const char NETWORK_SOURCE[] = "assumption";

const Field pattern_keys[] = {
    FIELD_TEXT(PatternKeys, pattern, FIELD_REQUIRED, "the pattern's name; scenarios find it by this"),
    FIELD_TEXT(PatternKeys, about, NULL, "what it is, in a sentence"),
    FIELD_TEXT(PatternKeys, provider, FIELD_REQUIRED, "whose defaults hold: the name of a file in patterns/defaults"),
    FIELD_COUNT(PatternKeys, era, NULL, "2010", "2100",
                "the year whose providers are meant; otherwise the newest that the defaults know", NULL),
    FIELD_NODE(PatternKeys, parameters, "values that a scenario may set: name: {default, least, most, about}"),
    FIELD_NODE(PatternKeys, accounts, "accounts by name, where they need more than a name"),
    FIELD_NODE(PatternKeys, roles, "who may do what, by name; components act under them"),
    FIELD_NODE(PatternKeys, places, "further places outside the provider: name: {latitude, longitude}"),
    FIELD_NODE(PatternKeys, network, "latencies and capacities other than the defaults"),
    FIELD_NODE(PatternKeys, edge, "components outside regions, by name"),
    FIELD_NODE(PatternKeys, sites, "places on premises, by name"),
    FIELD_NODE(PatternKeys, connections, "what joins networks and sites: peering, vpn, ..., by name"),
    FIELD_NODE(PatternKeys, users, "populations, by name"),
    FIELD_NODE(PatternKeys, stacks, "what is copied to regions, by name"),
    FIELD_NODE(PatternKeys, flows, "what is meant to talk to what: - name: users -> dns -> site.lb"),
    FIELD_NODE(PatternKeys, load, "what arrives when no scenario says otherwise: population: {kind, enter, ...}"),
    FIELD_NODE(PatternKeys, sensors, "what can notice, by name"),
    FIELD_NODE(PatternKeys, responses, "what is done about an alert, by name"),
    FIELD_NODE(PatternKeys, failures, "what fails by itself: zone, instance, ... or a target: {every, lasts, ...}"),
    FIELD_NODE(PatternKeys, run, "how long to run it bare, and with which seed"),
    FIELD_END,
};

const Field scenario_keys[] = {
    FIELD_TEXT(ScenarioKeys, scenario, FIELD_REQUIRED, "the scenario's name"),
    FIELD_TEXT(ScenarioKeys, about, NULL, "what it shows, in a sentence"),
    FIELD_TEXT(ScenarioKeys, claim, NULL, "what it claims; `expect` asserts it"),
    FIELD_TEXT(ScenarioKeys, pattern, NULL, "name of the pattern; left out, it must be said: --pattern FILE"),
    FIELD_NODE(ScenarioKeys, with, "values of the pattern's parameters"),
    FIELD_NODE(ScenarioKeys, set, "further changes: parameter, or dotted path into the pattern: value"),
    FIELD_NODE(ScenarioKeys, load, "replaces the pattern's load, population by population; none: nobody comes"),
    FIELD_NODE(ScenarioKeys, timeline, "what happens when: a list of faults, attacks and changes"),
    FIELD_NODE(ScenarioKeys, failures, "replaces the pattern's failures, law by law; none: nothing fails by itself"),
    FIELD_NODE(ScenarioKeys, run, "how long, how often, with which seed"),
    FIELD_NODE(ScenarioKeys, expect, "what must hold: a list"),
    FIELD_NODE(ScenarioKeys, covers, "ids of what it shows; free text"),
    FIELD_END,
};

static const Field limit_keys[] = {
    FIELD_COUNT(AccountLimits, instances, NULL, "1", "1000000",
                "machines that may run in each region at a time; no more are launched. Otherwise any number", NULL),
    FIELD_END,
};

const Field account_keys[] = {
    FIELD_TEXT(AccountKeys, provider, NULL, "its provider; otherwise the pattern's"),
    FIELD_TEXT(AccountKeys, about, NULL, "what it is for"),
    FIELD_NODE(AccountKeys, service_control_policy,
               "the most that its roles may do: a list of {allow or deny, on, when}"),
    FIELD_GROUP(AccountKeys, limits, limit_keys, "how much its provider grants it"),
    FIELD_END,
};

const Field place_keys[] = {
    FIELD_TEXT(PlaceKeys, about, NULL, "where it is, in words"),
    FIELD_TEXT(PlaceKeys, latitude, FIELD_REQUIRED, "degrees north, -90 to 90"),
    FIELD_TEXT(PlaceKeys, longitude, FIELD_REQUIRED, "degrees east, -180 to 180"),
    FIELD_TEXT(PlaceKeys, cidr, NULL, "the range of addresses that those who are there come from; otherwise any"),
    FIELD_NODE(PlaceKeys, zones, "regions: what follows the region's name in the names of its zones"),
    FIELD_END,
};

const Field stack_keys[] = {
    FIELD_TEXT(StackKeys, about, NULL, "what it is"),
    FIELD_NODE(StackKeys, copies, "the regions it is copied to; their names are the names of the copies"),
    FIELD_TEXT(StackKeys, account, "main", "the account it belongs to"),
    FIELD_NODE(StackKeys, zones, "how many zones of each region it uses, or which: 2, [a, c]"),
    FIELD_NODE(StackKeys, network,
               "its network in each copy: {cidr: auto}, {cidr: 10.1.0.0/16}, {cidr: {us-east-1: ...}}"),
    FIELD_NODE(StackKeys, subnets, "subnets by name, laid out in each zone"),
    FIELD_NODE(StackKeys, components, "components by name"),
    FIELD_NODE(StackKeys, security_groups, "security groups by name"),
    AZURE_STACK_ROWS(StackKeys),
    WORKLOAD_STACK_ROWS(StackKeys),
    FIELD_NODE(StackKeys, acls, "network ACLs by name; `default` is the one of subnets that name none"),
    FIELD_NODE(StackKeys, prefix_lists, "lists of ranges by name, for rules and routes: name: [203.0.113.0/24, ...]"),
    FIELD_END,
};

const Field network_keys[] = {
    FIELD_NODE(NetworkKeys, cidr, "auto, a range, or a range for each copy"),
    FIELD_NODE(NetworkKeys, cidr6, "IPv6 beside IPv4: auto, a range, or a range for each copy; otherwise none"),
    FIELD_NODE(NetworkKeys, ingress, "routes for what comes in through its gateways: a list of {to, via}"),
    FIELD_END,
};

static const char *const per_words[] = {"zone", "region", NULL};
const Field subnet_keys[] = {
    FIELD_TEXT(SubnetKeys, about, NULL, "what stands in it"),
    FIELD_WORD(SubnetKeys, per, per_words, "zone", "one in each zone, or one for the region", NULL),
    FIELD_NODE(SubnetKeys, routes, "routes beside the local one: a list of {to, via}"),
    FIELD_BOOL(SubnetKeys, route_propagation, NULL, "its table also holds what the private gateway has learnt", NULL),
    FIELD_NODE(SubnetKeys, cidr, "auto, or a range for each zone: [10.0.0.0/24, 10.0.1.0/24]"),
    FIELD_TEXT(SubnetKeys, acl, NULL, "its network ACL; otherwise the network's default one"),
    AZURE_SUBNET_ROWS(SubnetKeys),
    FIELD_END,
};

const Field route_keys[] = {
    FIELD_TEXT(RouteKeys, to, FIELD_REQUIRED,
               "internet, a range, a subnet or prefix list of the stack, a stack, a site, or a service's kind"),
    FIELD_TEXT(RouteKeys, via, FIELD_REQUIRED, "internet_gateway, blackhole, or the name of a gateway or connection"),
    FIELD_END,
};

static const char *const agent_words[] = {"all_images", "next_image", NULL};

#define COMPONENT_ROWS                                                                                                 \
    FIELD_TEXT(ComponentKeys, about, NULL, "what it does here"),                                                       \
        FIELD_TEXT(ComponentKeys, subnet, NULL, "the subnet its interfaces are in"),                                   \
        FIELD_NODE(ComponentKeys, zones, "how many of the stack's zones it uses, or which; otherwise all"),            \
        FIELD_NODE(ComponentKeys, listens, "ports it listens on: 443, tcp/443, [80, 443]"),                            \
        FIELD_NODE(ComponentKeys, targets, "what it sends to: component, component:port, or a list; flows imply it"),  \
        FIELD_NODE(ComponentKeys, security_group, "its security groups; otherwise the one of its own name"),           \
        FIELD_NODE(ComponentKeys, client_ports, "ports that it connects from, 49152-65535; otherwise its kind's"),     \
        FIELD_COUNT(ComponentKeys, enough, NULL, "1", "10000",                                                         \
                    "how many of its units must work for it to serve; otherwise one", NULL),                           \
        FIELD_ROW(ComponentKeys, capacity, FIELD_TYPE_RATE, NULL, "0/s", NULL,                                         \
                  "requests that each of its units can take up; more are dropped at random; otherwise any", NULL),     \
        KEY(ComponentKeys, "public", public_address, FIELD_TYPE_BOOL, NULL, "its interfaces have public addresses"),   \
        FIELD_TEXT(ComponentKeys, account, NULL, "edge only: the account it belongs to"),                              \
        FIELD_TEXT(ComponentKeys, at, NULL, "of what others run: the place where it is"),                              \
        FIELD_NODE(ComponentKeys, allowlist, "all that it may connect to: components, ranges, internet, with ports"),  \
        FIELD_NODE(ComponentKeys, host_firewall, "all that the machine itself lets in: peers, with ports or without"), \
        FIELD_WORD(ComponentKeys, agent_in, agent_words, NULL,                                                         \
                   "the agent that enforces both lists is in all_images, or only from the next_image on", NULL),       \
        FIELD_TEXT(ComponentKeys, role, NULL, "the role it acts under"),                                               \
        FIELD_NODE(ComponentKeys, policy, "of a service or endpoint: who may do what; a list of statements"),          \
        FIELD_NODE(ComponentKeys, allow_from, "of a service: components whose role may do everything with it"),        \
        FIELD_NODE(ComponentKeys, keeps, "roles whose credentials lie in it"),                                         \
        FIELD_TEXT(ComponentKeys, image_from, NULL, "the component that its image comes from"),                        \
        FIELD_BOOL(ComponentKeys, crown_jewel, NULL, "what an attacker is after", NULL),                               \
        FIELD_NODE(ComponentKeys, beside, "of a sidecar: beside whose units it stands; otherwise of all in the mesh"), \
        FIELD_NODE(ComponentKeys, authority, "the certificate_authority whose certificates it shows, each unit one"),  \
        FIELD_NODE(ComponentKeys, certificates_from, "the authority whose certificate each caller has to show"),       \
        FIELD_NODE(ComponentKeys, tokens_from, "the identity_provider whose token each request's user has to show")

const Field component_keys[] = {
    FIELD_TEXT(ComponentKeys, kind, FIELD_REQUIRED, "what it is; see `faultline list kinds`"),
    COMPONENT_ROWS,
    AZURE_COMPONENT_ROWS(ComponentKeys),
    WORKLOAD_COMPONENT_ROWS(ComponentKeys),
    FIELD_END,
};

const Field population_keys[] = {
    FIELD_TEXT(ComponentKeys, kind, NULL, "what it is; otherwise users"),
    FIELD_TEXT(ComponentKeys, about, NULL, "who they are"),
    FIELD_NODE(ComponentKeys, from, "where they are: one place or a list; each place is a population of its own"),
    FIELD_TEXT(ComponentKeys, role, NULL, "the role they act under"),
    FIELD_NODE(ComponentKeys, authority, "the certificate_authority whose certificate they show"),
    FIELD_BOOL(ComponentKeys, stranger, NULL, "no identity provider knows them: they cannot sign in", NULL),
    FIELD_END,
};

const Field group_keys[] = {
    FIELD_TEXT(GroupKeys, about, NULL, "what it is for"),
    FIELD_NODE(GroupKeys, inbound, "rules for who may connect: a list of {from, port}"),
    FIELD_NODE(GroupKeys, outbound, "rules for what it may connect to: a list of {to, port}"),
    FIELD_END,
};

const Field rule_keys[] = {
    FIELD_NODE(RuleKeys, from, "inbound: a group, a range, internet, network, self or anyone; or a list"),
    FIELD_NODE(RuleKeys, to, "outbound: the same"),
    FIELD_NODE(RuleKeys, port, "443, tcp/443, udp/53, tcp/1024-65535, icmp, any; or a list"),
    FIELD_END,
};

const Field acl_keys[] = {
    FIELD_TEXT(AclKeys, about, NULL, "what it is for"),
    FIELD_NODE(AclKeys, inbound, "entries for what enters the subnet: a list of {rule, allow or deny, from}"),
    FIELD_NODE(AclKeys, outbound, "entries for what leaves it: a list of {rule, allow or deny, to}"),
    FIELD_END,
};

const Field acl_rule_keys[] = {
    FIELD_COUNT(AclRuleKeys, rule, FIELD_REQUIRED, "1", "32766", "its number; the lowest that matches decides", NULL),
    FIELD_NODE(AclRuleKeys, allow, "ports of the packet's destination: 443, tcp/1024-65535, icmp, any; or a list"),
    FIELD_NODE(AclRuleKeys, deny, "the same"),
    FIELD_TEXT(AclRuleKeys, from, NULL, "inbound: a range, internet, anyone or network"),
    FIELD_TEXT(AclRuleKeys, to, NULL, "outbound: the same"),
    FIELD_END,
};

const Field flow_keys[] = {
    FIELD_TEXT(FlowKeys, name, FIELD_REQUIRED, "the flow's name"),
    FIELD_TEXT(FlowKeys, path, FIELD_REQUIRED, "its steps: users -> dns -> site.lb"),
    FIELD_END,
};

const Field load_keys[] = {
    FIELD_TEXT(LoadKeys, kind, NULL, "the law of arrivals, otherwise poisson; see `faultline list loads`"),
    FIELD_TEXT(LoadKeys, enter, NULL, "the flow they enter; needed when several start at the population"),
    FIELD_END,
};

const Field event_keys[] = {
    KEY_TIME(EventKeys, "at", at, FIELD_REQUIRED, "when it begins"),
    KEY_TIME(EventKeys, "for", lasts, NULL, "how long it holds; otherwise to the end"),
    FIELD_ROW(EventKeys, every, FIELD_TYPE_TIME, NULL, "1 s", NULL, "it happens again, so long after it last began",
              NULL),
    FIELD_COUNT(EventKeys, times, NULL, "1", "1000", "how often in all; otherwise as often as there is time", NULL),
    FIELD_NODE(EventKeys, recovery, "a law of time, drawn for each unit: how long it needs after the end"),
    FIELD_NODE(EventKeys, change, "a change of the model: {security_group, acl or route_table, add or remove}"),
    FIELD_END,
};

const Field change_keys[] = {
    FIELD_TEXT(ChangeKeys, security_group, NULL, "the group; a bare stack.group means all copies"),
    FIELD_TEXT(ChangeKeys, network_security_group, NULL, "or the network security group, likewise"),
    FIELD_TEXT(ChangeKeys, acl, NULL, "or the network ACL, likewise"),
    FIELD_TEXT(ChangeKeys, route_table, NULL, "or the route table, named as its subnet: stack.subnet"),
    FIELD_TEXT(ChangeKeys, network_policy, NULL, "or the network policy that is applied or taken away"),
    FIELD_TEXT(ChangeKeys, authorization_policy, NULL, "or the authorisation policy, likewise"),
    FIELD_TEXT(ChangeKeys, mesh, NULL, "or the mesh (the name of its stack) whose mtls changes"),
    FIELD_TEXT(ChangeKeys, namespace, NULL, "or the namespace, likewise: stack.namespace"),
    FIELD_TEXT(ChangeKeys, workload, NULL, "or the component with a sidecar, likewise"),
    FIELD_NODE(ChangeKeys, add, "{inbound: RULE} or {outbound: RULE}; of a route table: {to, via}"),
    FIELD_NODE(ChangeKeys, remove, "the same, which must be there; of an ACL: {inbound: NUMBER}; of a table: {to}"),
    FIELD_NODE(ChangeKeys, replace, "route tables: {to, via} in the place of the route to the same"),
    FIELD_NODE(ChangeKeys, applied, "policies: yes or no"),
    FIELD_NODE(ChangeKeys, mtls, "meshes, namespaces and workloads: strict, permissive or disable"),
    FIELD_END,
};

static const char *const within_words[] = {"component", "zone", "region", "all", NULL};
const Field failure_keys[] = {
    FIELD_LAW(FailureKeys, every, NULL, "how long one of them works until it fails", NULL),
    FIELD_LAW(FailureKeys, lasts, NULL, "how long it is down; with crews: how long its repair takes", NULL),
    FIELD_SHARE(FailureKeys, common_cause, "0 %", "share of its failures that take all `within` at once (beta factor)",
                NULL),
    FIELD_SHARE(FailureKeys, coverage, "100 %", "share of its own failures that the others survive", NULL),
    FIELD_WORD(FailureKeys, within, within_words, NULL,
               "what falls together: otherwise those of a region, or all where places or links fail", NULL),
    FIELD_COUNT(FailureKeys, crews, NULL, "1", "10000", "how many can be repaired at a time, first come first served",
                NULL),
    FIELD_TEXT(FailureKeys, does, NULL,
               "the verb of a fault, whose keys may follow: fail (the default), slow, drop, ..."),
    FIELD_END,
};

const char *const expect_statistics[] = {"mean", "p50", "p90", "p95", "p99", "p99.9", "min", "max", "every", NULL};
_Static_assert(sizeof expect_statistics / sizeof *expect_statistics == EXPECT_STATISTICS + 1, "one bound a statistic");
#define BOUND(i, key, help) KEY(ExpectKeys, key, bounds[i], FIELD_TYPE_NODE, NULL, help)

const char *const expect_severities[] = {"error", "warning", "note", NULL};
const Field expect_keys[] = {
    FIELD_TEXT(ExpectKeys, id, FIELD_REQUIRED, "a name for reports"),
    FIELD_TEXT(ExpectKeys, metric, NULL, "what is measured: a metric, or the ratio of two: lost_sessions / sessions"),
    FIELD_TEXT(ExpectKeys, of, NULL, "the population or fault that is meant; otherwise all"),
    BOUND(0, "mean", "bound of the mean: \"<= 3 min\", \"< 2 %\""),
    BOUND(1, "p50", "bound of the median"),
    BOUND(2, "p90", "bound of the 90th percentile"),
    BOUND(3, "p95", "bound of the 95th percentile"),
    BOUND(4, "p99", "bound of the 99th percentile"),
    BOUND(5, "p99.9", "bound of the 99.9th percentile"),
    BOUND(6, "min", "bound of the least value"),
    BOUND(7, "max", "bound of the greatest value"),
    BOUND(8, "every", "bound of every single value"),
    FIELD_TEXT(ExpectKeys, that, NULL, "[not] reachable(a -> b tcp/443)"),
    FIELD_TEXT(ExpectKeys, because, NULL, "who wants it, and why"),
    FIELD_WORD(ExpectKeys, severity, expect_severities, "error",
               "what a miss is: an error fails the test; a warning or a note is told", NULL),
    FIELD_NODE(ExpectKeys, waiver, "a miss that is put up with for a while: {until, owner, because}"),
    FIELD_NODE(ExpectKeys, but, "the smallest change under which it fails: {set: {...}}"),
    FIELD_NODE(ExpectKeys, at, "with that: at this instant only"),
    FIELD_BOOL(ExpectKeys, some, NULL, "with that: one pair is enough", NULL),
    FIELD_END,
};

const Field waiver_keys[] = {
    FIELD_TEXT(WaiverKeys, until, FIELD_REQUIRED, "its last day: 2026-12-31"),
    FIELD_TEXT(WaiverKeys, owner, FIELD_REQUIRED, "who answers for it"),
    FIELD_TEXT(WaiverKeys, because, FIELD_REQUIRED, "why, and what will end it"),
    FIELD_END,
};

const Field but_keys[] = {
    FIELD_NODE(ButKeys, set, "parameter, dotted path into the pattern, or timeline path: value"),
    FIELD_END,
};

const Field run_keys[] = {
    FIELD_TIME(RunKeys, until, "1 h", "simulated time", NULL),
    FIELD_TIME(RunKeys, warm_up, NULL, "left out of means; otherwise five mean sessions", NULL),
    FIELD_COUNT(RunKeys, replications, "1", "1", "1000000", "how many runs, each with its own luck", NULL),
    FIELD_COUNT(RunKeys, seed, "1", "0", NULL, "where all luck comes from", NULL),
    FIELD_END,
};

const Field sensor_keys[] = {
    FIELD_TEXT(SensorKeys, kind, FIELD_REQUIRED, "what it is; see `faultline list sensors`"),
    FIELD_NODE(SensorKeys, watches, "components it watches; otherwise all"),
    FIELD_END,
};

const Field response_keys[] = {
    FIELD_TEXT(ResponseKeys, kind, FIELD_REQUIRED, "what it is; see `faultline list responses`"),
    FIELD_TEXT(ResponseKeys, sensor, FIELD_REQUIRED, "the sensor whose alerts it answers"),
    FIELD_END,
};

/* Values and sources stand in patterns/defaults/network.yaml; the rows' own are what a missing file leaves. */
const Field network_default_keys[] = {
    FIELD_TIME(NetworkDefaultKeys, same_zone, "0.2 ms", "round trip inside a zone", NETWORK_SOURCE),
    FIELD_TIME(NetworkDefaultKeys, zone_to_zone, "1 ms", "round trip between zones of a region", NETWORK_SOURCE),
    FIELD_TIME(NetworkDefaultKeys, last_mile, "10 ms", "round trip from a user to the nearest exchange",
               NETWORK_SOURCE),
    FIELD_ROW(NetworkDefaultKeys, fibre_speed_share, FIELD_TYPE_SHARE, "66.6666667 %", "1 %", "100 %",
              "speed of light in fibre, of that in a vacuum", NETWORK_SOURCE),
    FIELD_ROW(NetworkDefaultKeys, route_factor, FIELD_TYPE_SHARE, "150 %", "100 %", "1000 %",
              "length of a cable, of the great circle", NETWORK_SOURCE),
    FIELD_TIME(NetworkDefaultKeys, fixed, "2 ms", "added to each long round trip", NETWORK_SOURCE),
    FIELD_BITRATE(NetworkDefaultKeys, zone_link, "100 Gbit/s", "capacity between two zones", NETWORK_SOURCE),
    FIELD_BITRATE(NetworkDefaultKeys, region_link, "50 Gbit/s", "capacity between two regions", NETWORK_SOURCE),
    FIELD_BITRATE(NetworkDefaultKeys, internet_link, "100 Gbit/s", "capacity between a place and a region",
                  NETWORK_SOURCE),
    FIELD_TIME(NetworkDefaultKeys, connect_timeout, "4 s", "how long a server waits for a silent peer", NETWORK_SOURCE),
    FIELD_BYTES(NetworkDefaultKeys, request_bytes, "2 kB", "size of a request", NETWORK_SOURCE),
    FIELD_BYTES(NetworkDefaultKeys, answer_bytes, "20 kB", "size of an answer", NETWORK_SOURCE),
    FIELD_RATE(NetworkDefaultKeys, absorber_threshold, "1000/s",
               "floods from outside up to this volume never get past the provider's perimeter", NETWORK_SOURCE),
    FIELD_TIME(NetworkDefaultKeys, absorber_delay, "60 s", "how long a larger one comes through until it is mitigated",
               NETWORK_SOURCE),
    FIELD_SHARE(NetworkDefaultKeys, absorber_share, "95 %", "share of it that is dropped from then on", NETWORK_SOURCE),
    FIELD_NODE(NetworkDefaultKeys, round_trips, "known round trips between regions: a list of {from, to, round_trip}"),
    FIELD_END,
};

const Field trip_keys[] = {
    FIELD_TEXT(TripKeys, from, FIELD_REQUIRED, "a region"),
    FIELD_TEXT(TripKeys, to, FIELD_REQUIRED, "another"),
    FIELD_TIME(TripKeys, round_trip, FIELD_REQUIRED, "there and back", NULL),
    FIELD_TEXT(TripKeys, source, NULL, "where the value comes from"),
    FIELD_END,
};

const Field price_keys[] = {
    FIELD_ROW(PriceKeys, price, FIELD_TYPE_MONEY, FIELD_REQUIRED, NULL, NULL, "price of one", NULL),
    FIELD_TEXT(PriceKeys, unit, FIELD_REQUIRED, "what it is the price of"),
    FIELD_TEXT(PriceKeys, source, "assumption", "where the price comes from"),
    FIELD_END,
};

/* The tail's struct follows the head's, padded to 16 bytes, which suits any type. */
Field *language_join(const Field *head, size_t head_size, const Field *tail, size_t *tail_at) {
    size_t heads = 0, tails = 0;
    for (; head[heads].name != NULL; heads++)
        ;
    for (; tail != NULL && tail[tails].name != NULL; tails++)
        ;
    *tail_at = (head_size + 15) / 16 * 16;
    Field *joined = g_new(Field, heads + tails + 1);
    memcpy(joined, head, heads * sizeof *joined);
    for (size_t i = 0; i < tails; i++) {
        joined[heads + i] = tail[i];
        joined[heads + i].offset += *tail_at;
    }
    joined[heads + tails] = (Field)FIELD_END;
    return joined;
}

/* For those who print tables, not for reading. */
Field *language_rows(const char *map, const Field *own) {
    size_t unused;
    for (const LanguageMap *row = language_maps; row->name != NULL; row++) {
        if (strcmp(row->name, map) == 0)
            return language_join(row->fields, 0, own, &unused);
    }
    return NULL;
}

const LanguageMap language_maps[] = {
    {"pattern", "A pattern file: one architecture.", pattern_keys},
    {"scenario", "A scenario file: one claim about a pattern.", scenario_keys},
    {"stack", "A stack: what is copied to regions.", stack_keys},
    {"network", "The network of a stack.", network_keys},
    {"subnet", "A subnet of a stack.", subnet_keys},
    {"route", "A route of a subnet, a site or a table of a transit gateway.", route_keys},
    {"site", "A place on premises.", site_keys},
    {"firewall", "The firewall at a site's border.", firewall_keys},
    {"connection", "What joins networks and sites; its kind adds keys of its own.", connection_keys},
    {"hub_table", "A route table of a transit gateway.", hub_table_keys},
    {"attachment", "What is attached to a transit gateway.", attachment_keys},
    {"component", "A component; its kind adds keys of its own.", component_keys},
    {"population", "Users; their kind adds keys of its own.", population_keys},
    {"security_group", "A security group.", group_keys},
    {"rule", "A rule of a security group.", rule_keys},
    {"acl", "A network ACL.", acl_keys},
    {"acl_rule", "An entry of a network ACL.", acl_rule_keys},
    {"network_security_group", "A network security group (azure).", nsg_keys},
    {"network_security_rule", "A rule of a network security group.", nsg_rule_keys},
    {"admin_rule", "A rule of a network manager, asked before every group (azure).", admin_rule_keys},
    {"input_endpoint", "A classic endpoint: a public port that is passed on (azure).", input_endpoint_keys},
    {"endpoint_rule", "A rule of a classic endpoint.", endpoint_rule_keys},
    {"service_firewall", "Whom a managed service lets in at its public door (azure).", service_firewall_keys},
    {"namespace", "A namespace of a Kubernetes cluster.", namespace_keys},
    {"network_policy", "A Kubernetes network policy.", network_policy_keys},
    {"network_policy_rule", "A rule of a network policy.", policy_rule_keys},
    {"network_policy_peer", "Whom a rule of a network policy means.", policy_peer_keys},
    {"ip_block", "A block of addresses in a network policy.", ip_block_keys},
    {"mesh", "The mesh of a stack's sidecars.", mesh_keys},
    {"authorization_policy", "An authorisation policy of a mesh.", authorization_keys},
    {"authorization_rule", "A rule of an authorisation policy: all that is written must hold.", authorize_rule_keys},
    {"flow", "A flow, in its long form.", flow_keys},
    {"load", "What arrives at a population; its kind adds keys of its own.", load_keys},
    {"event", "An entry of a timeline, beside `verb: target` and the verb's own keys.", event_keys},
    {"change", "A change of the model in a timeline.", change_keys},
    {"failure", "A law of failure; its fault adds keys of its own.", failure_keys},
    {"expectation", "An expectation: a metric with one bound, or that.", expect_keys},
    {"but", "The counter-test of an expectation.", but_keys},
    {"waiver", "A miss of an expectation that is put up with for a while.", waiver_keys},
    {"run", "How to run it.", run_keys},
    {"sensor", "A sensor; its kind adds keys of its own.", sensor_keys},
    {"response", "A response; its kind adds keys of its own.", response_keys},
    {"account", "An account.", account_keys},
    {"role", "A role: who may do what.", role_keys},
    {"statement", "A statement of a policy: allow or deny.", statement_keys},
    {"condition", "The conditions of a statement: all must hold.", when_keys},
    {"place", "A place outside the provider.", place_keys},
    {"network_defaults", "Latencies and capacities.", network_default_keys},
    {"round_trip", "A known round trip.", trip_keys},
    {"price", "A price, in patterns/defaults/prices.yaml.", price_keys},
    {NULL, NULL, NULL},
};
