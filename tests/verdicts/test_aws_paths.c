/* test_aws_paths.c - worked cases: gateways, routes, peerings of AWS, and what is so only now.
 *
 * Ids B-nn are those of the cases in the domain's list of verdicts. */
#include <glib.h>

#include "tests/verdicts/cases.h"
#include "tests/verdicts/networks.h"

#define WITH_NAT                                \
    "network v us-east-1 10.0.0.0/16 gateway\n" \
    "subnet v.pub us-east-1a 10.0.0.0/24\n"     \
    "subnet v.a us-east-1a 10.0.1.0/24\n"       \
    "subnet v.b us-east-1b 10.0.2.0/24\n"       \
    "nat n v.pub\n"                             \
    "route v.pub 0.0.0.0/0 gateway\n"           \
    "route v.a 0.0.0.0/0 nat n\n"               \
    "route v.b 0.0.0.0/0 nat n\n"               \
    "group v new\n"                             \
    "host I v.a new any\n"                      \
    "host J v.b new any\n"
#define TWO_REGIONS                             \
    "network e us-east-1 10.0.0.0/16 gateway\n" \
    "network w us-west-2 10.1.0.0/16 gateway\n" \
    "subnet e.a us-east-1a 10.0.1.0/24\n"       \
    "subnet w.a us-west-2a 10.1.1.0/24\n"       \
    "route e.a 0.0.0.0/0 gateway\n"             \
    "route w.a 0.0.0.0/0 gateway\n"             \
    "group e ge\ngroup w gw\n"                  \
    "rule ge in tcp/5432 internet\nrule gw in tcp/5432 internet\n"

static const Case cases[] = {
    /* ---- internet gateways ---- */
    {"B-20 route, gateway, public address and rule",
     PUBLIC_HOST "host I v.a web any public",
     NULL,
     {{"internet -> I tcp/80", "REACH by rule web in tcp/80 any"},
      {"internet -> I tcp/22", "DENY ENI_SG_RULES_MISMATCH at v.a by group v web"},
      {"I -> internet tcp/443", "REACH"}}},
    {"B-21 no public address",
     PUBLIC_HOST "host I v.a web any",
     NULL,
     {{"internet -> I tcp/80", "NO-ROUTE IGW_PUBLIC_IP_ASSOCIATION_FOR_INGRESS at us-east-1 by network v us-east-1 "
                               "10.0.0.0/16 gateway"},
      {"I -> internet tcp/443", "NO-ROUTE IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS at us-east-1 by network v us-east-1 "
                                "10.0.0.0/16 gateway"}}},
    {"a public address without a route",
     "network v us-east-1 10.0.0.0/16 gateway\nsubnet v.a us-east-1a 10.0.1.0/24\ngroup v web\nrule web in tcp/80 any\n"
     "host I v.a web any public",
     NULL,
     {{"internet -> I tcp/80", "NO-ROUTE(reply) NO_ROUTE_TO_DESTINATION at v.a by subnet v.a us-east-1a 10.0.1.0/24"},
      {"I -> internet tcp/80", "NO-ROUTE NO_ROUTE_TO_DESTINATION at v.a by subnet v.a us-east-1a 10.0.1.0/24"}}},
    {"a route to a gateway that is not attached",
     "network v us-east-1 10.0.0.0/16\nsubnet v.a us-east-1a 10.0.1.0/24\nroute v.a 0.0.0.0/0 gateway\n"
     "group v web\nrule web in tcp/80 any\nhost I v.a web any public",
     NULL,
     {{"internet -> I tcp/80", "NO-ROUTE NO_ROUTE_TO_DESTINATION at us-east-1 by network v us-east-1 10.0.0.0/16"},
      {"I -> internet tcp/80", "BLACKHOLE BAD_STATE_ROUTE at v.a by route v.a 0.0.0.0/0 gateway"}}},
    {"the provider's edge comes in from the internet and answers everybody",
     PUBLIC_HOST "edge waf -\nedge cdn tcp/443\nnames dns\noutside europe 203.0.113.0/24\nusers u europe\n"
                 "host lb v.a web tcp/80 public\ngroup v gu\nrule gu in tcp/80 203.0.113.0/24\n"
                 "host only v.a gu tcp/80 public\nflow visit u dns waf lb",
     NULL,
     {{"waf -> lb tcp/80", "REACH by rule web in tcp/80 any"},
      {"u -> waf tcp/80", "REACH"},
      {"u -> cdn tcp/80", "DENY LISTENER_MISSING at aws by edge cdn tcp/443"},
      {"lb -> waf tcp/443", "REACH"},
      {"internet -> waf tcp/443", "REACH"},
      {"u -> only tcp/80", "REACH by rule gu in tcp/80 203.0.113.0/24"},
      {"internet -> only tcp/80", "DENY ENI_SG_RULES_MISMATCH at v.a by group v gu"},
      {"waf -> only tcp/80", "DENY ENI_SG_RULES_MISMATCH at v.a by group v gu"}}},
    {"names cannot be blocked",
     TWO_IN_ONE "group v g shut\nhost A v.a g -\nnames dns\noutside europe\nusers u europe",
     NULL,
     {{"A -> dns udp/53", "REACH"},
      {"u -> dns udp/53", "REACH"},
      {"dns -> u tcp/1", "DENY LISTENER_MISSING at europe by users u europe"}}},
    {"two networks that are not joined meet on the internet, both with public addresses",
     TWO_REGIONS "host D e.a ge tcp/5432 public\nhost R w.a gw tcp/5432 public\nhost P w.a gw tcp/5432",
     NULL,
     {{"D -> R tcp/5432", "REACH by rule gw in tcp/5432 internet"},
      {"R -> D tcp/5432", "REACH by rule ge in tcp/5432 internet"},
      {"D -> P tcp/5432", "NO-ROUTE IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS at us-east-1 by network e us-east-1 "
                          "10.0.0.0/16 gateway"},
      {"P -> D tcp/5432", "NO-ROUTE IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS at us-west-2 by network w us-west-2 "
                          "10.1.0.0/16 gateway"}}},
    {"a host in no subnet",
     TWO_IN_ONE "lost L\nhost A v.a - any",
     NULL,
     {{"A -> L tcp/1", "NO-ROUTE UNASSOCIATED_COMPONENT at us-east-1 by lost L"},
      {"L -> A tcp/1", "NO-ROUTE UNASSOCIATED_COMPONENT at us-east-1 by lost L"}}},

    /* ---- NAT gateways ---- */
    {"B-23 out through a NAT gateway, not in",
     WITH_NAT,
     NULL,
     {{"I -> internet tcp/443", "REACH"},
      {"I -> internet udp/53", "REACH"},
      {"internet -> I tcp/443", "DENY NAT_NO_SESSION at v.pub by nat n v.pub"},
      {"I -> internet any", "DENY PROTOCOL_RESTRICTION at v.pub by nat n v.pub"}}},
    {"B-25 a NAT gateway dies with its zone",
     WITH_NAT,
     "down us-east-1a",
     {{"J -> internet tcp/443", "NO-PATH BAD_STATE at us-east-1a by us-east-1a"},
      {"I -> internet tcp/443", "NO-PATH BAD_STATE at us-east-1a by us-east-1a"}}},
    {"and not with another",
     WITH_NAT,
     "down us-east-1b",
     {{"I -> internet tcp/443", "REACH"}, {"J -> internet tcp/443", "NO-PATH BAD_STATE at us-east-1b by us-east-1b"}}},
    {"B-79 a function in a public subnet, and behind a NAT gateway",
     WITH_NAT "host F v.pub new -\nhost G v.a new -",
     NULL,
     {{"F -> internet tcp/443", "NO-ROUTE IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS at us-east-1 by network v us-east-1 "
                                "10.0.0.0/16 gateway"},
      {"G -> internet tcp/443", "REACH"}}},
    {"the ACL of the NAT gateway's subnet sees both halves, with its own port range",
     WITH_NAT
     "acl v strict\nentry strict in 100 allow tcp/443 10.0.1.0/24\nentry strict in 110 allow tcp/32768-60999 any\n"
     "entry strict out 100 allow any any\nuses v.pub strict",
     NULL,
     {{"I -> internet tcp/443", "DENY(reply) SUBNET_ACL_RESTRICTION at v.pub by acl v strict"},
      {"J -> internet tcp/443", "DENY SUBNET_ACL_RESTRICTION at v.pub by acl v strict"}}},
    {"the NAT gateway's own ports are all of 1024-65535: one missing below",
     WITH_NAT "acl v strict\nentry strict in 90 allow tcp/443 any\nentry strict in 100 allow tcp/1025-65535 any\n"
              "entry strict out 100 allow any any\nuses v.pub strict",
     NULL,
     {{"I -> internet tcp/443", "DENY(reply) SUBNET_ACL_RESTRICTION at v.pub by acl v strict"}}},
    {"one missing above",
     WITH_NAT "acl v strict\nentry strict in 90 allow tcp/443 any\nentry strict in 100 allow tcp/1024-65534 any\n"
              "entry strict out 100 allow any any\nuses v.pub strict",
     NULL,
     {{"I -> internet tcp/443", "DENY(reply) SUBNET_ACL_RESTRICTION at v.pub by acl v strict"}}},
    {"none missing, and behind it the client's own range is enough",
     WITH_NAT "acl v strict\nentry strict in 90 allow tcp/443 any\nentry strict in 100 allow tcp/1024-65535 any\n"
              "entry strict out 90 allow tcp/443 0.0.0.0/0\nentry strict out 100 allow tcp/32768-60999 10.0.1.0/24\n"
              "uses v.pub strict",
     NULL,
     {{"I -> internet tcp/443", "REACH"},
      {"J -> internet tcp/443", "DENY(reply) SUBNET_ACL_RESTRICTION at v.pub by acl v strict"}}},
    {"and lets the answers out to the client's port",
     WITH_NAT "acl v strict\nentry strict in 100 allow any any\nentry strict out 100 allow any 0.0.0.0/0\n"
              "entry strict out 90 deny tcp/40000 10.0.1.0/24\nuses v.pub strict",
     NULL,
     {{"I -> internet tcp/443 from-port 39999", "REACH"},
      {"I -> internet tcp/443 from-port 40000",
       "DENY(reply) SUBNET_ACL_RESTRICTION at v.pub by entry strict out 90 deny tcp/40000 10.0.1.0/24"},
      {"J -> internet tcp/443", "REACH"}}},
    {"a NAT gateway whose own subnet leads to it, and one without a way on",
     "network v us-east-1 10.0.0.0/16 gateway\nsubnet v.a us-east-1a 10.0.1.0/24\nsubnet v.b us-east-1a 10.0.2.0/24\n"
     "nat n v.a\nroute v.a 0.0.0.0/0 nat n\nroute v.b 0.0.0.0/0 nat n\nhost I v.b - any\nhost K v.a - any",
     NULL,
     {{"I -> internet tcp/443", "BLACKHOLE BAD_STATE_ROUTE at v.a by route v.a 0.0.0.0/0 nat n"},
      {"K -> internet tcp/443", "BLACKHOLE BAD_STATE_ROUTE at v.a by route v.a 0.0.0.0/0 nat n"}}},
    {"a server with a public address must not answer through a NAT gateway",
     WITH_NAT "group v g\nrule g in any any\nhost S v.a g tcp/80 public",
     NULL,
     {{"internet -> S tcp/80", "DENY(reply) NAT_NO_SESSION at v.pub by nat n v.pub"}}},
    {"two private networks, each behind its own NAT gateway, to a public server",
     WITH_NAT
     "network w us-west-2 10.9.0.0/16 gateway\nsubnet w.a us-west-2a 10.9.1.0/24\nroute w.a 0.0.0.0/0 gateway\n"
     "group w gw\nrule gw in tcp/443 0.0.0.0/0\nrule gw in tcp/444 10.0.0.0/16\nhost S w.a gw any public",
     NULL,
     {{"I -> S tcp/443", "REACH by rule gw in tcp/443 0.0.0.0/0"},
      {"I -> S tcp/444", "DENY ENI_SG_RULES_MISMATCH at w.a by group w gw"}}},

    /* ---- peering ---- */
    {"B-54 peering is not transitive, nor a way to a gateway",
     PEERED "route b.x 10.2.0.0/16 peering ab\nroute c.x 10.1.0.0/16 peering ac\nroute b.x 0.0.0.0/0 peering ab",
     NULL,
     {{"B -> C tcp/1", "NO-ROUTE PCX_REQUIRES_ADDRESS_IN_VPC_CIDR at us-east-1 by peering ab a b"},
      {"B -> A tcp/1", "REACH by rule ga in any any"},
      {"A -> C tcp/1", "REACH by rule gc in any any"},
      {"B -> internet tcp/1", "NO-ROUTE PCX_REQUIRES_ADDRESS_IN_VPC_CIDR at us-east-1 by peering ab a b"},
      {"A -> internet tcp/1", "REACH"}}},
    {"a NAT gateway before a peering hides the client from groups and ranges",
     "network a us-east-1 10.0.0.0/16\nnetwork b us-east-1 10.1.0.0/16\nsubnet a.x us-east-1a 10.0.1.0/24\n"
     "subnet a.y us-east-1b 10.0.2.0/24\nsubnet b.x us-east-1a 10.1.1.0/24\npeering ab a b\nnat n a.y\n"
     "route a.x 10.1.0.0/16 nat n\nroute a.y 10.1.0.0/16 peering ab\nroute b.x 10.0.0.0/16 peering ab\n"
     "group a ga\ngroup b gb\nrule gb in tcp/1 @ga\nrule gb in tcp/2 10.0.1.0/24\nrule gb in tcp/3 10.0.2.0/24\n"
     "host A a.x ga any\nhost B b.x gb any",
     NULL,
     {{"A -> B tcp/1", "DENY ENI_SG_RULES_MISMATCH at b.x by group b gb"},
      {"A -> B tcp/2", "DENY ENI_SG_RULES_MISMATCH at b.x by group b gb"},
      {"A -> B tcp/3", "REACH by rule gb in tcp/3 10.0.2.0/24"}}},
    {"a peering between others",
     PEERED "route b.x 10.2.0.0/16 peering ac",
     NULL,
     {{"B -> C tcp/1", "BLACKHOLE BAD_STATE_ROUTE at us-east-1 by peering ac a c"}}},
    {"an address that two networks use is the own network's",
     "network v us-east-1 10.0.0.0/16\nnetwork w us-east-1 10.0.0.0/16\nsubnet v.a us-east-1a 10.0.1.0/24\n"
     "subnet w.a us-east-1b 10.0.2.0/24\nhost A v.a - any\nhost B w.a - any",
     NULL,
     {{"A -> B tcp/1", "NO-ROUTE NO_ROUTE_TO_DESTINATION at v.a by local"}}},
    {"an answer needs a route back",
     "network a us-east-1 10.0.0.0/16\nnetwork b us-east-1 10.1.0.0/16\nsubnet a.x us-east-1a 10.0.1.0/24\n"
     "subnet b.x us-east-1a 10.1.1.0/24\npeering ab a b\nhost A a.x - any\nhost B b.x - any\n"
     "route a.x 10.1.0.0/16 peering ab",
     NULL,
     {{"A -> B tcp/1", "NO-ROUTE(reply) NO_ROUTE_TO_DESTINATION at b.x by subnet b.x us-east-1a 10.1.1.0/24"},
      {"B -> A tcp/1", "NO-ROUTE NO_ROUTE_TO_DESTINATION at b.x by subnet b.x us-east-1a 10.1.1.0/24"}}},

    /* ---- routes ---- */
    {"B-27 the longest prefix wins",
     PEERED "host D a.x ga any",
     NULL,
     {{"A -> B tcp/1", "REACH by rule gb in any any"},
      {"A -> D tcp/1", "REACH by rule ga in any any"},
      {"A -> internet tcp/1", "REACH"}}},
    {"a blackhole",
     PEERED "route a.x 10.1.1.0/24 blackhole",
     NULL,
     {{"A -> B tcp/1", "BLACKHOLE BAD_STATE_ROUTE at a.x by route a.x 10.1.1.0/24 blackhole"},
      {"B -> A tcp/1", "BLACKHOLE(reply) BAD_STATE_ROUTE at a.x by route a.x 10.1.1.0/24 blackhole"}}},
    {"B-28 a written route beats a learnt one of the same length, local beats any learnt one",
     TWO_SUBNETS "network w us-east-1 10.1.0.0/16\nsubnet w.x us-east-1a 10.1.1.0/24\npeering vw v w\n"
                 "group w gw\nrule gw in any any\nhost W w.x gw any\nroute v.a 10.1.0.0/16 blackhole propagated\n"
                 "route v.a 10.1.0.0/16 peering vw\nroute w.x 10.0.0.0/16 peering vw\n"
                 "route v.a 10.0.2.0/24 blackhole propagated",
     NULL,
     {{"A -> W tcp/1", "REACH by rule gw in any any"}, {"A -> B tcp/1", "REACH by rule open in any any"}}},
    {"but a longer learnt one beats a written one, and a longer written one beats local",
     TWO_SUBNETS "network w us-east-1 10.1.0.0/16\nsubnet w.x us-east-1a 10.1.1.0/24\npeering vw v w\n"
                 "host W w.x - any\nroute v.a 10.1.0.0/16 peering vw\nroute v.a 10.1.1.0/24 blackhole propagated\n"
                 "route w.x 10.0.0.0/16 peering vw\nroute v.a 10.0.2.0/24 blackhole",
     NULL,
     {{"A -> W tcp/1", "BLACKHOLE BAD_STATE_ROUTE at v.a by route v.a 10.1.1.0/24 blackhole propagated"},
      {"A -> B tcp/1", "BLACKHOLE BAD_STATE_ROUTE at v.a by route v.a 10.0.2.0/24 blackhole"}}},

    /* ---- what is so only now ---- */
    {"a region is down",
     TWO_REGIONS "host D e.a ge tcp/5432 public\nhost R w.a gw tcp/5432 public",
     "down us-west-2",
     {{"D -> R tcp/5432", "NO-PATH BAD_STATE at us-west-2 by us-west-2"},
      {"R -> D tcp/5432", "NO-PATH BAD_STATE at us-west-2 by us-west-2"},
      {"internet -> D tcp/5432", "REACH by rule ge in tcp/5432 internet"}}},
    {"a zone in a region that is down too: the outermost is named",
     TWO_SUBNETS,
     "down us-east-1a\ndown us-east-1",
     {{"A -> B tcp/1", "NO-PATH BAD_STATE at us-east-1 by us-east-1"}}},
    {"and is up again",
     TWO_SUBNETS,
     "down us-east-1a\ndown us-east-1\nup us-east-1\nup us-east-1a",
     {{"A -> B tcp/1", "REACH by rule open in any any"}}},
    {"one way cut",
     TWO_SUBNETS,
     "cut us-east-1a us-east-1b",
     {{"A -> B tcp/1", "NO-PATH LINK_CUT at v.b"},
      {"B -> A tcp/1", "NO-PATH(reply) LINK_CUT at v.b"},
      {"A -> A tcp/1", "REACH by rule open in any any"}}},
    {"cut between regions and from outside",
     TWO_REGIONS
     "host D e.a ge tcp/5432 public\nhost R w.a gw tcp/5432 public\noutside europe\nusers u europe\nnames dns",
     "cut us-east-1 us-west-2\ncut europe us-east-1\ncut europe aws",
     {{"D -> R tcp/5432", "NO-PATH LINK_CUT at w.a"},
      {"R -> D tcp/5432", "NO-PATH(reply) LINK_CUT at w.a"},
      {"u -> D tcp/5432", "NO-PATH LINK_CUT at e.a"},
      {"internet -> D tcp/5432", "REACH by rule ge in tcp/5432 internet"},
      {"u -> dns udp/53", "NO-PATH LINK_CUT at aws"}}},
    {"the answers of a name server are cut off",
     TWO_REGIONS "outside europe\nusers u europe\nnames dns\nhost D e.a ge tcp/5432 public",
     "cut us-west-2 europe\ncut aws europe",
     {{"u -> dns udp/53", "NO-PATH(reply) LINK_CUT at europe"}, {"D -> dns udp/53", "REACH"}}},
    {"the place of a name server is down",
     TWO_IN_ONE "outside europe\nusers u europe\nnames dns",
     "down aws",
     {{"u -> dns udp/53", "NO-PATH BAD_STATE at aws by aws"}}},
    {"where the asker is, all is down",
     TWO_IN_ONE "outside europe\nusers u europe\nnames dns",
     "down europe",
     {{"u -> dns udp/53", "NO-PATH BAD_STATE at europe by europe"}}},
    {"the way to the NAT gateway's zone is cut",
     WITH_NAT,
     "cut us-east-1b us-east-1a",
     {{"J -> internet tcp/443", "NO-PATH LINK_CUT at v.pub"}, {"I -> internet tcp/443", "REACH"}}},
    {"and the way back from it",
     WITH_NAT,
     "cut us-east-1a us-east-1b",
     {{"J -> internet tcp/443", "NO-PATH(reply) LINK_CUT at v.b"}}},
    {"isolated",
     TWO_SUBNETS "names dns",
     "isolate B",
     {{"A -> B tcp/1", "DENY ISOLATED at v.b by host B v.b open any"},
      {"B -> A tcp/1", "DENY ISOLATED at v.b by host B v.b open any"},
      {"B -> dns udp/53", "DENY ISOLATED at v.b by host B v.b open any"},
      {"A -> A tcp/1", "REACH by rule open in any any"}}},
    {"and released", TWO_SUBNETS, "isolate B\nrelease B", {{"A -> B tcp/1", "REACH by rule open in any any"}}},
    {"rules come and go",
     TWO_SUBNETS,
     "remove open in any any",
     {{"A -> B tcp/1", "DENY ENI_SG_RULES_MISMATCH at v.b by group v open"}}},
    {"a rule added twice is removed twice",
     TWO_SUBNETS,
     "add open in tcp/1 @open\nadd open in tcp/1 @open\nremove open in any any\nremove open in tcp/1 @open",
     {{"A -> B tcp/1", "REACH"}, {"A -> B tcp/2", "DENY ENI_SG_RULES_MISMATCH at v.b by group v open"}}},
    {"an answer passes rules that are gone: connections are new here",
     TWO_SUBNETS,
     "remove open out any any",
     {{"A -> B tcp/1", "DENY ENI_SG_RULES_MISMATCH at v.a by group v open"}}},
};

int main(int argc, char **argv) { return cases_run(argc, argv, "aws/paths", cases, G_N_ELEMENTS(cases)); }
