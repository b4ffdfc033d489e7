/* language.h - the maps of the YAML language as structs, filled by fields_read from the tables in language.c (private).
 *
 * What stands in a Node here is read further by the file named after the thing. Texts belong to the tree. */
#ifndef FAULTLINE_MODEL_LANGUAGE_H
#define FAULTLINE_MODEL_LANGUAGE_H

#include "model/language_azure.h"
#include "model/language_joins.h"
#include "model/language_policies.h"
#include "model/language_workloads.h"
#include "model/policies.h"
#include "read/fields.h"

typedef struct {
    const char *pattern, *about, *provider;
    const Node *parameters, *accounts, *roles, *places, *network, *edge, *sites, *connections, *users, *stacks, *flows,
        *load, *sensors, *responses, *failures, *run;
    int64_t era; /* 0: the newest that the defaults know */
} PatternKeys;

typedef struct {
    const char *scenario, *about, *claim, *pattern;
    const Node *with, *set, *load, *timeline, *failures, *run, *expect, *covers;
} ScenarioKeys;

typedef struct {
    const char *provider, *about;
    const Node *service_control_policy;
    AccountLimits limits;
} AccountKeys;

typedef struct {
    const char *about, *latitude, *longitude, *cidr;
    const Node *zones;
} PlaceKeys;

typedef struct {
    const char *about, *account;
    const Node *copies, *zones, *network, *subnets, *components, *security_groups, *acls, *prefix_lists;
    AzureStackKeys azure;
    WorkloadStackKeys workloads;
} StackKeys;

typedef struct {
    const Node *cidr, *cidr6, *ingress;
} NetworkKeys;

typedef enum { SUBNET_PER_ZONE, SUBNET_PER_REGION } SubnetPer;
typedef struct {
    const char *about, *acl;
    int per; /* a SubnetPer */
    const Node *routes, *cidr;
    bool route_propagation;
    AzureSubnetKeys azure;
} SubnetKeys;

typedef struct {
    const char *to, *via;
} RouteKeys;

typedef struct {
    const char *kind, *about, *subnet, *account, *at;
    const Node *zones, *listens, *targets, *security_group, *from, *client_ports, *allowlist, *host_firewall;
    int64_t enough, capacity;
    bool public_address;
    const char *role, *image_from; /* policies.c */
    const Node *policy, *allow_from, *keeps;
    bool crown_jewel;
    int agent_in;                                                     /* allowlists.c: an index in agent_words */
    const Node *beside, *authority, *certificates_from, *tokens_from; /* trust.c */
    bool stranger;
    AzureComponentKeys azure;
    WorkloadComponentKeys workloads;
} ComponentKeys;

typedef struct {
    const char *about;
    const Node *inbound, *outbound;
} GroupKeys;

typedef struct {
    const Node *from, *to, *port;
} RuleKeys;

typedef struct {
    const char *about;
    const Node *inbound, *outbound;
} AclKeys;

typedef struct {
    int64_t rule;
    const char *from, *to;
    const Node *allow, *deny;
} AclRuleKeys;

typedef struct {
    const char *name, *path;
} FlowKeys;

typedef struct {
    const char *kind, *enter;
} LoadKeys;

typedef struct {
    SimTime at, lasts, every; /* every: never when it happens once */
    int64_t times;            /* 0: as often as there is time */
    const Node *recovery, *change;
} EventKeys;

typedef struct {
    const char *security_group, *network_security_group, *acl, *route_table;
    const Node *add, *remove, *replace;
    const char *network_policy, *authorization_policy, *mesh, *namespace, *workload;
    const Node *applied, *mtls;
} ChangeKeys;

typedef enum { WITHIN_COMPONENT, WITHIN_ZONE, WITHIN_REGION, WITHIN_ALL } Within;
typedef struct {
    Law every, lasts;
    int64_t common_cause, coverage, crews;
    int within; /* a Within; the usual one when not written */
    const char *does;
} FailureKeys;

enum { EXPECT_STATISTICS = 9 };
typedef struct {
    const char *id, *metric, *of, *that, *because;
    const Node *bounds[EXPECT_STATISTICS]; /* beside expect_statistics */
    const Node *but, *at, *waiver;
    bool some;
    int severity; /* an ExpectSeverity */
} ExpectKeys;

typedef struct {
    const char *until, *owner, *because;
} WaiverKeys;

typedef struct {
    const Node *set;
} ButKeys;

typedef struct {
    SimTime until, warm_up;
    int64_t replications, seed;
} RunKeys;

typedef struct {
    const char *kind;
    const Node *watches;
} SensorKeys;

typedef struct {
    const char *kind, *sensor;
} ResponseKeys;

typedef struct {
    SimTime same_zone, zone_to_zone, last_mile, fixed, connect_timeout;
    int64_t fibre_speed_share, route_factor, zone_link, region_link, internet_link, request_bytes, answer_bytes;
    const Node *round_trips;
    int64_t absorber_threshold, absorber_share;
    SimTime absorber_delay;
} NetworkDefaultKeys;

typedef struct {
    const char *from, *to, *source;
    SimTime round_trip;
} TripKeys;

typedef struct {
    int64_t price;
    const char *unit, *source;
} PriceKeys;

extern const Field pattern_keys[], scenario_keys[], account_keys[], place_keys[], stack_keys[], network_keys[],
    subnet_keys[], route_keys[], component_keys[], population_keys[], group_keys[], rule_keys[], acl_keys[],
    acl_rule_keys[], flow_keys[], load_keys[], event_keys[], change_keys[], failure_keys[], expect_keys[],
    waiver_keys[], but_keys[], run_keys[], sensor_keys[], response_keys[], network_default_keys[], trip_keys[],
    price_keys[];

/* The statistics an expectation may ask for, NULL-terminated: "mean", "p50", ... */
extern const char *const expect_statistics[];
/* Beside ExpectSeverity, NULL-terminated: "error", "warning", "note". */
extern const char *const expect_severities[];

/* The rows of two tables as one, for maps that hold the keys of a thing and of its kind. The struct is head's, padded,
 * and at *tail_at the one of `tail` (which may be NULL). g_free the array. */
Field *language_join(const Field *head, size_t head_size, const Field *tail, size_t *tail_at);

#endif
