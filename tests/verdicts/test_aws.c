/* test_aws.c - worked cases of who reaches whom in AWS, each with the element that decides.
 *
 * A case is a small network (build.h), some changes to its state, and questions. "from -> to port" may be followed by
 * "from-port N" (the client's) and "by-public". The answer is written as the verdict, "(reply)" if decided on the way
 * back, the code, the place and the deciding element. Ids B-nn are those of the cases in the domain's verdict list. */
#include <glib.h>
#include <string.h>

#include "tests/verdicts/build.h"

typedef struct {
    const char *ask, *answer;
} Question;

typedef struct {
    const char *id, *network, *state;
    Question questions[10];
} Case;

#define TWO_IN_ONE                                                                                                     \
    "network v us-east-1 10.0.0.0/16\n"                                                                                \
    "subnet v.a us-east-1a 10.0.1.0/24\n"
#define TWO_SUBNETS                                                                                                    \
    "network v us-east-1 10.0.0.0/16\n"                                                                                \
    "subnet v.a us-east-1a 10.0.1.0/24\n"                                                                              \
    "subnet v.b us-east-1b 10.0.2.0/24\n"                                                                              \
    "group v open\n"                                                                                                   \
    "rule open in any any\n"                                                                                           \
    "host A v.a open any\n"                                                                                            \
    "host B v.b open any\n"
#define PUBLIC_HOST                                                                                                    \
    "network v us-east-1 10.0.0.0/16 gateway\n"                                                                        \
    "subnet v.a us-east-1a 10.0.1.0/24\n"                                                                              \
    "route v.a 0.0.0.0/0 gateway\n"                                                                                    \
    "group v web\n"                                                                                                    \
    "rule web in tcp/80 any\n"
#define WITH_NAT                                                                                                       \
    "network v us-east-1 10.0.0.0/16 gateway\n"                                                                        \
    "subnet v.pub us-east-1a 10.0.0.0/24\n"                                                                            \
    "subnet v.a us-east-1a 10.0.1.0/24\n"                                                                              \
    "subnet v.b us-east-1b 10.0.2.0/24\n"                                                                              \
    "nat n v.pub\n"                                                                                                    \
    "route v.pub 0.0.0.0/0 gateway\n"                                                                                  \
    "route v.a 0.0.0.0/0 nat n\n"                                                                                      \
    "route v.b 0.0.0.0/0 nat n\n"                                                                                      \
    "group v new\n"                                                                                                    \
    "host I v.a new any\n"                                                                                             \
    "host J v.b new any\n"
#define PEERED                                                                                                         \
    "network a us-east-1 10.0.0.0/16 gateway\n"                                                                        \
    "network b us-east-1 10.1.0.0/16\n"                                                                                \
    "network c us-east-1 10.2.0.0/16\n"                                                                                \
    "subnet a.x us-east-1a 10.0.1.0/24\n"                                                                              \
    "subnet b.x us-east-1a 10.1.1.0/24\n"                                                                              \
    "subnet c.x us-east-1a 10.2.1.0/24\n"                                                                              \
    "peering ab a b\n"                                                                                                 \
    "peering ac a c\n"                                                                                                 \
    "group a ga\ngroup b gb\ngroup c gc\n"                                                                             \
    "rule ga in any any\nrule gb in any any\nrule gc in any any\n"                                                     \
    "host A a.x ga any public\nhost B b.x gb any\nhost C c.x gc any\n"                                                 \
    "route a.x 0.0.0.0/0 gateway\n"                                                                                    \
    "route a.x 10.1.0.0/16 peering ab\n"                                                                               \
    "route a.x 10.2.0.0/16 peering ac\n"                                                                               \
    "route b.x 10.0.0.0/16 peering ab\n"                                                                               \
    "route c.x 10.0.0.0/16 peering ac\n"
#define TWO_REGIONS                                                                                                    \
    "network e us-east-1 10.0.0.0/16 gateway\n"                                                                        \
    "network w us-west-2 10.1.0.0/16 gateway\n"                                                                        \
    "subnet e.a us-east-1a 10.0.1.0/24\n"                                                                              \
    "subnet w.a us-west-2a 10.1.1.0/24\n"                                                                              \
    "route e.a 0.0.0.0/0 gateway\n"                                                                                    \
    "route w.a 0.0.0.0/0 gateway\n"                                                                                    \
    "group e ge\ngroup w gw\n"                                                                                         \
    "rule ge in tcp/5432 internet\nrule gw in tcp/5432 internet\n"

static const Case cases[] = {
    /* ---- security groups ---- */
    {"B-01 a new group lets nothing in", TWO_IN_ONE "group v new\nhost A v.a new any\nhost B v.a new any", NULL,
     {{"A -> B tcp/22", "DENY ENI_SG_RULES_MISMATCH at v.a by group v new"},
      {"B -> A udp/53", "DENY ENI_SG_RULES_MISMATCH at v.a by group v new"}}},
    {"B-02 a referenced group; the answer passes closed outbound rules",
     TWO_IN_ONE "group v ga\ngroup v gb shut\nrule gb in tcp/22 @ga\nhost A v.a ga any\nhost B v.a gb any", NULL,
     {{"A -> B tcp/22", "REACH by rule gb in tcp/22 @ga"},
      {"A -> B tcp/23", "DENY ENI_SG_RULES_MISMATCH at v.a by group v gb shut"},
      {"B -> A tcp/22", "DENY ENI_SG_RULES_MISMATCH at v.a by group v gb shut"}}},
    {"B-03 the default group lets its own members in",
     TWO_IN_ONE "group v default\nrule default in any @default\nhost A v.a default any\nhost B v.a default any", NULL,
     {{"A -> B any", "REACH by rule default in any @default"}, {"B -> A tcp/1", "REACH by rule default in any @default"}}},
    {"B-07 a reference means private addresses only",
     PUBLIC_HOST "group v ga\nrule web in tcp/80,tcp/81 @ga\nhost A v.a ga any public\ngroup v gb\n"
                 "rule gb in tcp/80 @ga\nhost B v.a gb any public", NULL,
     {{"A -> B tcp/80 by-public", "DENY ENI_SG_RULES_MISMATCH at v.a by group v gb"},
      {"A -> B tcp/80", "REACH by rule gb in tcp/80 @ga"}}},
    {"all groups of an interface are united",
     TWO_IN_ONE "group v ga\ngroup v gb\ngroup v gc\nrule gb in tcp/80 @ga\nrule gc in tcp/81 10.0.0.0/16\n"
                "host A v.a ga any\nhost B v.a gc,gb any", NULL,
     {{"A -> B tcp/80", "REACH by rule gb in tcp/80 @ga"},
      {"A -> B tcp/81", "REACH by rule gc in tcp/81 10.0.0.0/16"},
      {"A -> B tcp/82", "DENY ENI_SG_RULES_MISMATCH at v.a by group v gc"}}},
    {"outbound rules name groups and ranges too",
     TWO_IN_ONE "group v gb\nrule gb in any any\ngroup v ga shut\nrule ga out tcp/80 @gb\nrule ga out tcp/443 10.0.1.0/24\n"
                "rule ga out tcp/444 10.0.2.0/24\nhost A v.a ga any\nhost B v.a gb any", NULL,
     {{"A -> B tcp/80", "REACH by rule gb in any any"},
      {"A -> B tcp/443", "REACH by rule gb in any any"},
      {"A -> B tcp/444", "DENY ENI_SG_RULES_MISMATCH at v.a by group v ga shut"},
      {"A -> A tcp/80", "DENY ENI_SG_RULES_MISMATCH at v.a by group v ga shut"}}},
    {"0.0.0.0/0 covers private addresses, a range only what is wholly in it",
     TWO_IN_ONE "group v g\nrule g in tcp/1 internet\nrule g in tcp/2 0.0.0.0/0\nrule g in tcp/3 10.0.1.0/25\n"
                "rule g in tcp/4 ::/0\nhost A v.a g any\nhost B v.a g any", NULL,
     {{"A -> B tcp/1", "REACH by rule g in tcp/1 internet"},
      {"A -> B tcp/2", "REACH by rule g in tcp/2 0.0.0.0/0"},
      {"A -> B tcp/3", "DENY ENI_SG_RULES_MISMATCH at v.a by group v g"},
      {"A -> B tcp/4", "DENY ENI_SG_RULES_MISMATCH at v.a by group v g"}}},
    {"B-09 a reference across a peering: same region, other region",
     PEERED "group b gr\nrule gr in tcp/9 @ga\nhost R b.x gr any\n"
            "network o us-west-2 10.3.0.0/16\nsubnet o.x us-west-2a 10.3.1.0/24\npeering ao a o\ngroup o go\n"
            "rule go in tcp/9 @ga\nhost O o.x go any\nroute a.x 10.3.0.0/16 peering ao\nroute o.x 10.0.0.0/16 peering ao",
     NULL,
     {{"A -> R tcp/9", "REACH by rule gr in tcp/9 @ga"},
      {"A -> O tcp/9", "DENY ENI_SG_RULES_MISMATCH at o.x by group o go"}}},
    {"nothing listens, and protocols",
     TWO_IN_ONE "group v g\nrule g in any any\nhost A v.a g -\nhost B v.a g tcp/80,icmp", NULL,
     {{"A -> B tcp/81", "DENY LISTENER_MISSING at v.a by host B v.a g tcp/80,icmp"},
      {"A -> B udp/80", "DENY LISTENER_MISSING at v.a by host B v.a g tcp/80,icmp"},
      {"A -> B icmp", "REACH by rule g in any any"},
      {"B -> A tcp/80", "DENY LISTENER_MISSING at v.a by host A v.a g -"}}},
    {"no group at all is no filter", TWO_IN_ONE "host A v.a - any\nhost B v.a - any", NULL, {{"A -> B tcp/1", "REACH"}}},

    /* ---- network ACLs ---- */
    {"B-10 the default ACL lets everything pass", TWO_SUBNETS, NULL, {{"A -> B tcp/80", "REACH by rule open in any any"}}},
    {"B-11 a new custom ACL lets nothing pass", TWO_SUBNETS "acl v strict\nuses v.b strict", NULL,
     {{"A -> B tcp/80", "DENY SUBNET_ACL_RESTRICTION at v.b by acl v strict"},
      {"B -> A tcp/80", "DENY SUBNET_ACL_RESTRICTION at v.b by acl v strict"}}},
    {"B-12 the answer needs a rule of its own",
     TWO_SUBNETS "acl v strict\nentry strict in 100 allow tcp/80 10.0.1.0/24\nuses v.b strict", NULL,
     {{"A -> B tcp/80 from-port 40000", "DENY(reply) SUBNET_ACL_RESTRICTION at v.b by acl v strict"},
      {"A -> B tcp/81", "DENY SUBNET_ACL_RESTRICTION at v.b by acl v strict"}}},
    {"B-13 and has it",
     TWO_SUBNETS "acl v strict\nentry strict in 100 allow tcp/80 10.0.1.0/24\n"
                 "entry strict out 100 allow tcp/1024-65535 10.0.1.0/24\nuses v.b strict", NULL,
     {{"A -> B tcp/80 from-port 40000", "REACH by rule open in any any"},
      {"A -> B tcp/80", "REACH by rule open in any any"},
      {"A -> B tcp/80 from-port 1023", "DENY(reply) SUBNET_ACL_RESTRICTION at v.b by acl v strict"}}},
    {"B-14 the lowest number decides",
     TWO_SUBNETS "acl v strict\nentry strict in 100 allow tcp/80 any\nentry strict in 90 deny tcp/80 10.0.1.0/24\n"
                 "entry strict out 100 allow any any\nuses v.b strict", NULL,
     {{"A -> B tcp/80", "DENY SUBNET_ACL_RESTRICTION at v.b by entry strict in 90 deny tcp/80 10.0.1.0/24"}}},
    {"B-16 within a subnet no ACL is asked",
     TWO_SUBNETS "acl v strict\nuses v.a strict\nhost C v.a open any", NULL,
     {{"A -> C tcp/80", "REACH by rule open in any any"},
      {"A -> B tcp/80", "DENY SUBNET_ACL_RESTRICTION at v.a by acl v strict"}}},
    {"the client's own subnet may stop the answer, at some of its ports",
     TWO_SUBNETS "acl v strict\nentry strict out 100 allow any any\nentry strict in 100 deny tcp/40000-50000 any\n"
                 "entry strict in 110 allow tcp/32768-60999 any\nuses v.a strict", NULL,
     {{"A -> B tcp/80",
       "DENY(reply) SUBNET_ACL_RESTRICTION at v.a by entry strict in 100 deny tcp/40000-50000 any"},
      {"A -> B tcp/80 from-port 39999", "REACH by rule open in any any"},
      {"A -> B tcp/80 from-port 50001", "REACH by rule open in any any"},
      {"A -> B tcp/80 from-port 61000", "DENY(reply) SUBNET_ACL_RESTRICTION at v.a by acl v strict"}}},
    {"all ephemeral ports may be allowed piece by piece",
     TWO_SUBNETS "acl v strict\nentry strict out 100 allow any any\nentry strict in 100 allow tcp/32768-40000 any\n"
                 "entry strict in 110 deny tcp/30000-40000 any\nentry strict in 120 allow tcp/40001-60999 any\n"
                 "uses v.a strict", NULL,
     {{"A -> B tcp/80", "REACH by rule open in any any"}}},
    {"all traffic needs a rule for all of it",
     TWO_SUBNETS "acl v strict\nentry strict out 100 allow any any\nentry strict in 100 deny udp/53 any\n"
                 "entry strict in 110 allow any any\nuses v.b strict", NULL,
     {{"A -> B any", "DENY SUBNET_ACL_RESTRICTION at v.b by entry strict in 100 deny udp/53 any"},
      {"A -> B tcp/53", "REACH by rule open in any any"}}},

    /* ---- internet gateways ---- */
    {"B-20 route, gateway, public address and rule", PUBLIC_HOST "host I v.a web any public", NULL,
     {{"internet -> I tcp/80", "REACH by rule web in tcp/80 any"},
      {"internet -> I tcp/22", "DENY ENI_SG_RULES_MISMATCH at v.a by group v web"},
      {"I -> internet tcp/443", "REACH"}}},
    {"B-21 no public address", PUBLIC_HOST "host I v.a web any", NULL,
     {{"internet -> I tcp/80", "NO-ROUTE IGW_PUBLIC_IP_ASSOCIATION_FOR_INGRESS at us-east-1 by network v us-east-1 "
                               "10.0.0.0/16 gateway"},
      {"I -> internet tcp/443", "NO-ROUTE IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS at us-east-1 by network v us-east-1 "
                                "10.0.0.0/16 gateway"}}},
    {"a public address without a route",
     "network v us-east-1 10.0.0.0/16 gateway\nsubnet v.a us-east-1a 10.0.1.0/24\ngroup v web\nrule web in tcp/80 any\n"
     "host I v.a web any public", NULL,
     {{"internet -> I tcp/80", "NO-ROUTE(reply) NO_ROUTE_TO_DESTINATION at v.a by subnet v.a us-east-1a 10.0.1.0/24"},
      {"I -> internet tcp/80", "NO-ROUTE NO_ROUTE_TO_DESTINATION at v.a by subnet v.a us-east-1a 10.0.1.0/24"}}},
    {"a route to a gateway that is not attached",
     "network v us-east-1 10.0.0.0/16\nsubnet v.a us-east-1a 10.0.1.0/24\nroute v.a 0.0.0.0/0 gateway\n"
     "group v web\nrule web in tcp/80 any\nhost I v.a web any public", NULL,
     {{"internet -> I tcp/80", "NO-ROUTE NO_ROUTE_TO_DESTINATION at us-east-1 by network v us-east-1 10.0.0.0/16"},
      {"I -> internet tcp/80", "BLACKHOLE BAD_STATE_ROUTE at v.a by route v.a 0.0.0.0/0 gateway"}}},
    {"the provider's edge comes in from the internet and answers everybody",
     PUBLIC_HOST "edge waf -\nedge cdn tcp/443\nnames dns\noutside europe 203.0.113.0/24\nusers u europe\n"
                 "host lb v.a web tcp/80 public\ngroup v gu\nrule gu in tcp/80 203.0.113.0/24\n"
                 "host only v.a gu tcp/80 public\nflow visit u dns waf lb", NULL,
     {{"waf -> lb tcp/80", "REACH by rule web in tcp/80 any"},
      {"u -> waf tcp/80", "REACH"},
      {"u -> cdn tcp/80", "DENY LISTENER_MISSING at aws by edge cdn tcp/443"},
      {"lb -> waf tcp/443", "REACH"},
      {"internet -> waf tcp/443", "REACH"},
      {"u -> only tcp/80", "REACH by rule gu in tcp/80 203.0.113.0/24"},
      {"internet -> only tcp/80", "DENY ENI_SG_RULES_MISMATCH at v.a by group v gu"},
      {"waf -> only tcp/80", "DENY ENI_SG_RULES_MISMATCH at v.a by group v gu"}}},
    {"names cannot be blocked", TWO_IN_ONE "group v g shut\nhost A v.a g -\nnames dns\noutside europe\nusers u europe", NULL,
     {{"A -> dns udp/53", "REACH"}, {"u -> dns udp/53", "REACH"}, {"dns -> u tcp/1", "DENY LISTENER_MISSING at europe by users u europe"}}},
    {"two networks that are not joined meet on the internet, both with public addresses",
     TWO_REGIONS "host D e.a ge tcp/5432 public\nhost R w.a gw tcp/5432 public\nhost P w.a gw tcp/5432", NULL,
     {{"D -> R tcp/5432", "REACH by rule gw in tcp/5432 internet"},
      {"R -> D tcp/5432", "REACH by rule ge in tcp/5432 internet"},
      {"D -> P tcp/5432", "NO-ROUTE IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS at us-east-1 by network e us-east-1 "
                          "10.0.0.0/16 gateway"},
      {"P -> D tcp/5432", "NO-ROUTE IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS at us-west-2 by network w us-west-2 "
                          "10.1.0.0/16 gateway"}}},
    {"a host in no subnet", TWO_IN_ONE "lost L\nhost A v.a - any", NULL,
     {{"A -> L tcp/1", "NO-ROUTE UNASSOCIATED_COMPONENT at us-east-1 by lost L"},
      {"L -> A tcp/1", "NO-ROUTE UNASSOCIATED_COMPONENT at us-east-1 by lost L"}}},

    /* ---- NAT gateways ---- */
    {"B-23 out through a NAT gateway, not in", WITH_NAT, NULL,
     {{"I -> internet tcp/443", "REACH"},
      {"I -> internet udp/53", "REACH"},
      {"internet -> I tcp/443", "DENY NAT_NO_SESSION at v.pub by nat n v.pub"},
      {"I -> internet any", "DENY PROTOCOL_RESTRICTION at v.pub by nat n v.pub"}}},
    {"B-25 a NAT gateway dies with its zone", WITH_NAT, "down us-east-1a",
     {{"J -> internet tcp/443", "NO-PATH BAD_STATE at us-east-1a by us-east-1a"},
      {"I -> internet tcp/443", "NO-PATH BAD_STATE at us-east-1a by us-east-1a"}}},
    {"and not with another", WITH_NAT, "down us-east-1b",
     {{"I -> internet tcp/443", "REACH"}, {"J -> internet tcp/443", "NO-PATH BAD_STATE at us-east-1b by us-east-1b"}}},
    {"B-79 a function in a public subnet, and behind a NAT gateway",
     WITH_NAT "host F v.pub new -\nhost G v.a new -", NULL,
     {{"F -> internet tcp/443", "NO-ROUTE IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS at us-east-1 by network v us-east-1 "
                                "10.0.0.0/16 gateway"},
      {"G -> internet tcp/443", "REACH"}}},
    {"the ACL of the NAT gateway's subnet sees both halves, with its own port range",
     WITH_NAT "acl v strict\nentry strict in 100 allow tcp/443 10.0.1.0/24\nentry strict in 110 allow tcp/32768-60999 any\n"
              "entry strict out 100 allow any any\nuses v.pub strict", NULL,
     {{"I -> internet tcp/443", "DENY(reply) SUBNET_ACL_RESTRICTION at v.pub by acl v strict"},
      {"J -> internet tcp/443", "DENY SUBNET_ACL_RESTRICTION at v.pub by acl v strict"}}},
    {"and lets the answers out to the client's port",
     WITH_NAT "acl v strict\nentry strict in 100 allow any any\nentry strict out 100 allow any 0.0.0.0/0\n"
              "entry strict out 90 deny tcp/40000 10.0.1.0/24\nuses v.pub strict", NULL,
     {{"I -> internet tcp/443 from-port 39999", "REACH"},
      {"I -> internet tcp/443 from-port 40000",
       "DENY(reply) SUBNET_ACL_RESTRICTION at v.pub by entry strict out 90 deny tcp/40000 10.0.1.0/24"},
      {"J -> internet tcp/443", "REACH"}}},
    {"a NAT gateway whose own subnet leads to it, and one without a way on",
     "network v us-east-1 10.0.0.0/16 gateway\nsubnet v.a us-east-1a 10.0.1.0/24\nsubnet v.b us-east-1a 10.0.2.0/24\n"
     "nat n v.a\nroute v.a 0.0.0.0/0 nat n\nroute v.b 0.0.0.0/0 nat n\nhost I v.b - any\nhost K v.a - any", NULL,
     {{"I -> internet tcp/443", "BLACKHOLE BAD_STATE_ROUTE at v.a by route v.a 0.0.0.0/0 nat n"},
      {"K -> internet tcp/443", "BLACKHOLE BAD_STATE_ROUTE at v.a by route v.a 0.0.0.0/0 nat n"}}},
    {"a server with a public address must not answer through a NAT gateway",
     WITH_NAT "group v g\nrule g in any any\nhost S v.a g tcp/80 public", NULL,
     {{"internet -> S tcp/80", "DENY(reply) NAT_NO_SESSION at v.pub by nat n v.pub"}}},
    {"two private networks, each behind its own NAT gateway, to a public server",
     WITH_NAT "network w us-west-2 10.9.0.0/16 gateway\nsubnet w.a us-west-2a 10.9.1.0/24\nroute w.a 0.0.0.0/0 gateway\n"
              "group w gw\nrule gw in tcp/443 0.0.0.0/0\nrule gw in tcp/444 10.0.0.0/16\nhost S w.a gw any public", NULL,
     {{"I -> S tcp/443", "REACH by rule gw in tcp/443 0.0.0.0/0"},
      {"I -> S tcp/444", "DENY ENI_SG_RULES_MISMATCH at w.a by group w gw"}}},

    /* ---- peering ---- */
    {"B-54 peering is not transitive, nor a way to a gateway",
     PEERED "route b.x 10.2.0.0/16 peering ab\nroute c.x 10.1.0.0/16 peering ac\nroute b.x 0.0.0.0/0 peering ab", NULL,
     {{"B -> C tcp/1", "NO-ROUTE PCX_REQUIRES_ADDRESS_IN_VPC_CIDR at us-east-1 by peering ab a b"},
      {"B -> A tcp/1", "REACH by rule ga in any any"},
      {"A -> C tcp/1", "REACH by rule gc in any any"},
      {"B -> internet tcp/1", "NO-ROUTE PCX_REQUIRES_ADDRESS_IN_VPC_CIDR at us-east-1 by peering ab a b"},
      {"A -> internet tcp/1", "REACH"}}},
    {"an answer needs a route back",
     "network a us-east-1 10.0.0.0/16\nnetwork b us-east-1 10.1.0.0/16\nsubnet a.x us-east-1a 10.0.1.0/24\n"
     "subnet b.x us-east-1a 10.1.1.0/24\npeering ab a b\nhost A a.x - any\nhost B b.x - any\n"
     "route a.x 10.1.0.0/16 peering ab", NULL,
     {{"A -> B tcp/1", "NO-ROUTE(reply) NO_ROUTE_TO_DESTINATION at b.x by subnet b.x us-east-1a 10.1.1.0/24"},
      {"B -> A tcp/1", "NO-ROUTE NO_ROUTE_TO_DESTINATION at b.x by subnet b.x us-east-1a 10.1.1.0/24"}}},

    /* ---- routes ---- */
    {"B-27 the longest prefix wins", PEERED "host D a.x ga any", NULL,
     {{"A -> B tcp/1", "REACH by rule gb in any any"}, {"A -> D tcp/1", "REACH by rule ga in any any"}, {"A -> internet tcp/1", "REACH"}}},
    {"a blackhole", PEERED "route a.x 10.1.1.0/24 blackhole", NULL,
     {{"A -> B tcp/1", "BLACKHOLE BAD_STATE_ROUTE at a.x by route a.x 10.1.1.0/24 blackhole"},
      {"B -> A tcp/1", "BLACKHOLE(reply) BAD_STATE_ROUTE at a.x by route a.x 10.1.1.0/24 blackhole"}}},
    {"B-28 a written route beats a learnt one of the same length, local beats any learnt one",
     TWO_SUBNETS "network w us-east-1 10.1.0.0/16\nsubnet w.x us-east-1a 10.1.1.0/24\npeering vw v w\n"
                 "group w gw\nrule gw in any any\nhost W w.x gw any\nroute v.a 10.1.0.0/16 blackhole propagated\n"
                 "route v.a 10.1.0.0/16 peering vw\nroute w.x 10.0.0.0/16 peering vw\n"
                 "route v.a 10.0.2.0/24 blackhole propagated", NULL,
     {{"A -> W tcp/1", "REACH by rule gw in any any"}, {"A -> B tcp/1", "REACH by rule open in any any"}}},
    {"but a longer learnt one beats a written one, and a longer written one beats local",
     TWO_SUBNETS "network w us-east-1 10.1.0.0/16\nsubnet w.x us-east-1a 10.1.1.0/24\npeering vw v w\n"
                 "host W w.x - any\nroute v.a 10.1.0.0/16 peering vw\nroute v.a 10.1.1.0/24 blackhole propagated\n"
                 "route w.x 10.0.0.0/16 peering vw\nroute v.a 10.0.2.0/24 blackhole", NULL,
     {{"A -> W tcp/1", "BLACKHOLE BAD_STATE_ROUTE at v.a by route v.a 10.1.1.0/24 blackhole propagated"},
      {"A -> B tcp/1", "BLACKHOLE BAD_STATE_ROUTE at v.a by route v.a 10.0.2.0/24 blackhole"}}},

    /* ---- what is so only now ---- */
    {"a region is down", TWO_REGIONS "host D e.a ge tcp/5432 public\nhost R w.a gw tcp/5432 public", "down us-west-2",
     {{"D -> R tcp/5432", "NO-PATH BAD_STATE at us-west-2 by us-west-2"},
      {"R -> D tcp/5432", "NO-PATH BAD_STATE at us-west-2 by us-west-2"},
      {"internet -> D tcp/5432", "REACH by rule ge in tcp/5432 internet"}}},
    {"a zone in a region that is down too: the outermost is named", TWO_SUBNETS, "down us-east-1a\ndown us-east-1",
     {{"A -> B tcp/1", "NO-PATH BAD_STATE at us-east-1 by us-east-1"}}},
    {"and is up again", TWO_SUBNETS, "down us-east-1a\ndown us-east-1\nup us-east-1\nup us-east-1a",
     {{"A -> B tcp/1", "REACH by rule open in any any"}}},
    {"one way cut", TWO_SUBNETS, "cut us-east-1a us-east-1b",
     {{"A -> B tcp/1", "NO-PATH LINK_CUT at v.b"},
      {"B -> A tcp/1", "NO-PATH(reply) LINK_CUT at v.b"},
      {"A -> A tcp/1", "REACH by rule open in any any"}}},
    {"cut between regions and from outside",
     TWO_REGIONS "host D e.a ge tcp/5432 public\nhost R w.a gw tcp/5432 public\noutside europe\nusers u europe\nnames dns",
     "cut us-east-1 us-west-2\ncut europe us-east-1\ncut europe aws",
     {{"D -> R tcp/5432", "NO-PATH LINK_CUT at w.a"},
      {"R -> D tcp/5432", "NO-PATH(reply) LINK_CUT at w.a"},
      {"u -> D tcp/5432", "NO-PATH LINK_CUT at e.a"},
      {"internet -> D tcp/5432", "REACH by rule ge in tcp/5432 internet"},
      {"u -> dns udp/53", "NO-PATH LINK_CUT at aws"}}},
    {"the way to the NAT gateway's zone is cut", WITH_NAT, "cut us-east-1b us-east-1a",
     {{"J -> internet tcp/443", "NO-PATH LINK_CUT at v.pub"}, {"I -> internet tcp/443", "REACH"}}},
    {"and the way back from it", WITH_NAT, "cut us-east-1a us-east-1b",
     {{"J -> internet tcp/443", "NO-PATH(reply) LINK_CUT at v.b"}}},
    {"isolated", TWO_SUBNETS "names dns", "isolate B",
     {{"A -> B tcp/1", "DENY ISOLATED at v.b by host B v.b open any"},
      {"B -> A tcp/1", "DENY ISOLATED at v.b by host B v.b open any"},
      {"B -> dns udp/53", "DENY ISOLATED at v.b by host B v.b open any"},
      {"A -> A tcp/1", "REACH by rule open in any any"}}},
    {"and released", TWO_SUBNETS, "isolate B\nrelease B", {{"A -> B tcp/1", "REACH by rule open in any any"}}},
    {"rules come and go", TWO_SUBNETS, "remove open in any any",
     {{"A -> B tcp/1", "DENY ENI_SG_RULES_MISMATCH at v.b by group v open"}}},
    {"a rule added twice is removed twice", TWO_SUBNETS,
     "add open in tcp/1 @open\nadd open in tcp/1 @open\nremove open in any any\nremove open in tcp/1 @open",
     {{"A -> B tcp/1", "REACH"}, {"A -> B tcp/2", "DENY ENI_SG_RULES_MISMATCH at v.b by group v open"}}},
    {"an answer passes rules that are gone: connections are new here", TWO_SUBNETS, "remove open out any any",
     {{"A -> B tcp/1", "DENY ENI_SG_RULES_MISMATCH at v.a by group v open"}}},
};

/* ---- the machinery ------------------------------------------------------------------------------------------------- */
static void state_line(const Model *model, NetState *state, const char *line) {
    char **words = g_strsplit(line, " ", 4);
    if (strcmp(words[0], "down") == 0 || strcmp(words[0], "up") == 0) {
        netstate_place_down(state, draft_place(model, words[1]), words[0][0] == 'd');
    } else if (strcmp(words[0], "cut") == 0) {
        netstate_link_cut(state, draft_place(model, words[1]), draft_place(model, words[2]), true);
    } else if (strcmp(words[0], "isolate") == 0 || strcmp(words[0], "release") == 0) {
        netstate_isolate(state, draft_component(model, words[1]), words[0][0] == 'i');
    } else {
        Rule rule = draft_rule(model, words[3]);
        bool inbound = strcmp(words[2], "in") == 0;
        if (strcmp(words[0], "add") == 0)
            netstate_rule_add(state, draft_group(model, words[1]), inbound, &rule);
        else
            g_assert_true(netstate_rule_remove(state, draft_group(model, words[1]), inbound, &rule));
        g_free(rule.peer.groups);
    }
    g_strfreev(words);
}

static Query query_of(const Model *model, const Reach *reach, const char *ask) {
    char **words = g_strsplit(ask, " ", -1), *why = NULL;
    Query query = {.from = draft_class(model, reach, words[0]), .to = draft_class(model, reach, words[2])};
    PortSet ports;
    g_assert_true(ports_parse(words[3], &ports, &why));
    query.protocol = (Protocol)ports.range[0].protocol;
    query.port = ports.range[0].first;
    for (char **w = words + 4; *w != NULL; w++) {
        if (strcmp(*w, "from-port") == 0)
            query.client_port = (uint16_t)g_ascii_strtoull(w[1], NULL, 10);
        query.by_public_address = query.by_public_address || strcmp(*w, "by-public") == 0;
    }
    g_strfreev(words);
    return query;
}

static char *answer_text(const Model *model, Verdict verdict) {
    GString *text = g_string_new(verdict_name(verdict.kind));
    g_string_append_printf(text, "%s%s%s", verdict.reply ? "(reply)" : "", verdict.code[0] != '\0' ? " " : "", verdict.code);
    if (verdict.at != NO_PLACE)
        g_string_append_printf(text, " at %s", model->places[verdict.at].name);
    if (verdict.element != 0)
        g_string_append_printf(text, " by %s", model->elements[verdict.element].text);
    return g_string_free(text, FALSE);
}

/* The explanation tells the same verdict, and its last hop says why. */
static void check_explained(const Model *model, const Reach *reach, const NetState *state, Query query, const char *answer) {
    Explanation *told = reach_explain(reach, state, query);
    char *text = answer_text(model, told->verdict);
    g_assert_cmpstr(text, ==, answer);
    const Verdict *verdict = &told->verdict;
    bool there = verdict->kind != VERDICT_REACH && !verdict->reply;
    uint32_t count = there ? told->forward_count : told->back_count;
    const Hop *last = there ? told->forward : told->back;
    if (verdict->kind != VERDICT_REACH) {
        g_assert_cmpuint(count, >, 0);
        g_assert_true(strstr(last[count - 1].text, verdict->code) != NULL);
    }
    if (query.client_port == 0 && query.protocol == PROTOCOL_TCP && verdict->kind == VERDICT_REACH)
        g_assert_true(ports_contain(&told->client_ports, PROTOCOL_TCP, 32768) &&
                      ports_contain(&told->client_ports, PROTOCOL_TCP, 60999));
    g_free(text);
    explanation_free(told);
}

static void test_case(gconstpointer data) {
    const Case *c = data;
    Draft *draft = draft_new();
    draft_text(draft, c->network);
    const Model *model = draft_model(draft);
    Reach *reach = reach_new(model);
    NetState *state = netstate_new(model);
    char **changes = g_strsplit(c->state != NULL ? c->state : "", "\n", -1);
    for (char **line = changes; *line != NULL; line++)
        state_line(model, state, *line);
    for (const Question *q = c->questions; q->ask != NULL; q++) {
        Query query = query_of(model, reach, q->ask);
        char *answer = answer_text(model, reach_verdict(reach, state, query));
        g_test_message("%s", q->ask);
        g_assert_cmpstr(answer, ==, q->answer);
        check_explained(model, reach, state, query, q->answer);
        g_free(answer);
    }
    g_strfreev(changes);
    netstate_free(state);
    reach_free(reach);
    draft_free(draft);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *path = g_strdup_printf("/aws/%s", cases[i].id);
        g_test_add_data_func(path, &cases[i], test_case);
        g_free(path);
    }
    return g_test_run();
}
