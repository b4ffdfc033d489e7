/* language_joins.h - the maps of sites and connections as structs, filled by fields_read (private to model/). */
#ifndef FAULTLINE_MODEL_LANGUAGE_JOINS_H
#define FAULTLINE_MODEL_LANGUAGE_JOINS_H

#include "read/fields.h"

typedef struct {
    const char *about, *at;
    const Node *cidr, *firewall, *routes, *components;
    bool internet;
} SiteKeys;

typedef struct {
    const Node *inbound, *outbound;
} FirewallKeys;

typedef struct {
    const char *kind, *about, *from, *to;
    const Node *between, *advertises, *tables, *attachments, *nodes, *members;
} ConnectionKeys;

typedef struct {
    const Node *routes;
} HubTableKeys;

typedef struct {
    const char *table, *subnet;
    const Node *propagates_to, *zones;
    bool appliance_mode;
} AttachmentKeys;

extern const Field site_keys[], firewall_keys[], connection_keys[], hub_table_keys[], attachment_keys[];

#endif
