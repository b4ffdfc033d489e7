/* language_joins.c - the keys of sites and connections, one row each. */
#include "model/language_joins.h"

const Field site_keys[] = {
    FIELD_TEXT(SiteKeys, about, NULL, "what it is"),
    FIELD_TEXT(SiteKeys, at, FIELD_REQUIRED, "where: a place of patterns/defaults/places.yaml, or of `places`"),
    FIELD_NODE(SiteKeys, cidr, "its range of addresses"),
    FIELD_BOOL(SiteKeys, internet, NULL, "it has its own way to the internet, behind NAT", NULL),
    FIELD_NODE(SiteKeys, firewall, "at its border; remembers connections: {inbound: [...], outbound: [...]}"),
    FIELD_NODE(SiteKeys, routes, "a list of {to, via}; otherwise what its connections teach"),
    FIELD_NODE(SiteKeys, components, "components by name"),
    FIELD_END,
};

const Field firewall_keys[] = {
    FIELD_NODE(FirewallKeys, inbound, "who may connect: a list of {from, port}; left out: everybody"),
    FIELD_NODE(FirewallKeys, outbound,
               "what its components may connect to: a list of {to, port}; left out: everything"),
    FIELD_END,
};

const Field connection_keys[] = {
    FIELD_TEXT(ConnectionKeys, kind, FIELD_REQUIRED,
               "what it is: peering, vpn, direct_connect, transit_gateway, overlay"),
    FIELD_TEXT(ConnectionKeys, about, NULL, "what it is for"),
    FIELD_NODE(ConnectionKeys, between, "peering: the two stacks, or transit gateways, that it joins"),
    FIELD_TEXT(ConnectionKeys, from, NULL, "lines: the stack, or the transit gateway, where they begin"),
    FIELD_TEXT(ConnectionKeys, to, NULL, "lines: the site where they end"),
    FIELD_NODE(ConnectionKeys, advertises,
               "lines: what is known to lie at the site: ranges, internet; otherwise its range"),
    FIELD_NODE(ConnectionKeys, tables, "transit gateway: its route tables by name; otherwise one for all"),
    FIELD_NODE(ConnectionKeys, attachments, "transit gateway: the stacks and connections attached to it, by name"),
    FIELD_NODE(ConnectionKeys, nodes, "overlay: the machines that carry, the first that can be used before the others"),
    FIELD_NODE(ConnectionKeys, members, "overlay: the machines on which its agent runs, beside the nodes"),
    FIELD_END,
};

const Field hub_table_keys[] = {
    FIELD_NODE(HubTableKeys, routes, "written routes: a list of {to, via}, via an attachment or blackhole"),
    FIELD_END,
};

const Field attachment_keys[] = {
    FIELD_TEXT(AttachmentKeys, table, NULL, "the table that is asked about packets from it; otherwise `default`"),
    FIELD_NODE(AttachmentKeys, propagates_to, "the tables that learn its ranges; otherwise `default`"),
    FIELD_TEXT(AttachmentKeys, subnet, NULL, "stacks: the subnet its interfaces are in, whose routes lead on inwards"),
    FIELD_NODE(AttachmentKeys, zones, "stacks: the zones where it has an interface; otherwise all"),
    FIELD_BOOL(AttachmentKeys, appliance_mode, NULL, "stacks: both ways of a connection use the same zone", NULL),
    FIELD_END,
};
