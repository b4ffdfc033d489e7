/* language.h - the maps of the YAML language as structs, filled by fields_read from the tables in language.c (private).
 *
 * What stands in a Node here is read further by the file named after the thing. Texts belong to the tree. */
#ifndef FAULTLINE_MODEL_LANGUAGE_H
#define FAULTLINE_MODEL_LANGUAGE_H

#include "read/fields.h"

typedef struct {
    const char *pattern, *about, *provider;
    const Node *parameters, *accounts, *places, *network, *edge, *users, *stacks, *flows, *load, *sensors, *responses,
        *run;
} PatternKeys;

typedef struct {
    const char *scenario, *about, *claim, *pattern;
    const Node *with, *set, *load, *timeline, *run, *expect, *covers;
} ScenarioKeys;

typedef struct {
    const char *provider, *about;
} AccountKeys;

typedef struct {
    const char *about, *latitude, *longitude;
    const Node *zones;
} PlaceKeys;

typedef struct {
    const char *about, *account;
    const Node *copies, *zones, *network, *subnets, *components, *security_groups;
} StackKeys;

typedef struct {
    const Node *cidr;
} NetworkKeys;

typedef enum { SUBNET_PER_ZONE, SUBNET_PER_REGION } SubnetPer;
typedef struct {
    const char *about;
    int per; /* a SubnetPer */
    const Node *routes, *cidr;
} SubnetKeys;

typedef struct {
    const char *to, *via;
} RouteKeys;

typedef struct {
    const char *kind, *about, *subnet, *account;
    const Node *zones, *listens, *targets, *security_group, *from;
    bool public_address;
} ComponentKeys;

typedef struct {
    const char *about;
    const Node *inbound, *outbound;
} GroupKeys;

typedef struct {
    const Node *from, *to, *port;
} RuleKeys;

typedef struct {
    const char *name, *path;
} FlowKeys;

typedef struct {
    const char *kind, *enter;
} LoadKeys;

typedef struct {
    SimTime at, lasts;
    const Node *recovery, *change;
} EventKeys;

typedef struct {
    const char *security_group;
    const Node *add, *remove;
} ChangeKeys;

enum { EXPECT_STATISTICS = 9 };
typedef struct {
    const char *id, *metric, *of, *that, *because;
    const Node *bounds[EXPECT_STATISTICS]; /* beside expect_statistics */
    const Node *but, *at;
    bool some;
} ExpectKeys;

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
    subnet_keys[], route_keys[], component_keys[], population_keys[], group_keys[], rule_keys[], flow_keys[],
    load_keys[], event_keys[], change_keys[], expect_keys[], but_keys[], run_keys[], sensor_keys[], response_keys[],
    network_default_keys[], trip_keys[], price_keys[];

/* The statistics an expectation may ask for, NULL-terminated: "mean", "p50", ... */
extern const char *const expect_statistics[];

/* The rows of two tables as one, for maps that hold the keys of a thing and of its kind. The struct is head's, padded,
 * and at *tail_at the one of `tail` (which may be NULL). g_free the array. */
Field *language_join(const Field *head, size_t head_size, const Field *tail, size_t *tail_at);

#endif
