/* test_aws_filters.c - worked cases: security groups and network ACLs of AWS.
 *
 * Ids B-nn are those of the cases in the domain's list of verdicts. */
#include <glib.h>

#include "tests/verdicts/cases.h"
#include "tests/verdicts/networks.h"

static const Case cases[] = {
    /* ---- security groups ---- */
    {"B-01 a new group lets nothing in",
     TWO_IN_ONE "group v new\nhost A v.a new any\nhost B v.a new any",
     NULL,
     {{"A -> B tcp/22", "DENY ENI_SG_RULES_MISMATCH at v.a by group v new"},
      {"B -> A udp/53", "DENY ENI_SG_RULES_MISMATCH at v.a by group v new"}}},
    {"B-02 a referenced group; the answer passes closed outbound rules",
     TWO_IN_ONE "group v ga\ngroup v gb shut\nrule gb in tcp/22 @ga\nhost A v.a ga any\nhost B v.a gb any",
     NULL,
     {{"A -> B tcp/22", "REACH by rule gb in tcp/22 @ga"},
      {"A -> B tcp/23", "DENY ENI_SG_RULES_MISMATCH at v.a by group v gb shut"},
      {"B -> A tcp/22", "DENY ENI_SG_RULES_MISMATCH at v.a by group v gb shut"}}},
    {"B-03 the default group lets its own members in",
     TWO_IN_ONE "group v default\nrule default in any @default\nhost A v.a default any\nhost B v.a default any",
     NULL,
     {{"A -> B any", "REACH by rule default in any @default"},
      {"B -> A tcp/1", "REACH by rule default in any @default"}}},
    {"B-07 a reference means private addresses only",
     PUBLIC_HOST "group v ga\nrule web in tcp/80,tcp/81 @ga\nhost A v.a ga any public\ngroup v gb\n"
                 "rule gb in tcp/80 @ga\nhost B v.a gb any public",
     NULL,
     {{"A -> B tcp/80 by-public", "DENY ENI_SG_RULES_MISMATCH at v.a by group v gb"},
      {"A -> B tcp/80", "REACH by rule gb in tcp/80 @ga"}}},
    {"all groups of an interface are united",
     TWO_IN_ONE "group v ga\ngroup v gb\ngroup v gc\nrule gb in tcp/80 @ga\nrule gc in tcp/81 10.0.0.0/16\n"
                "host A v.a ga any\nhost B v.a gc,gb any",
     NULL,
     {{"A -> B tcp/80", "REACH by rule gb in tcp/80 @ga"},
      {"A -> B tcp/81", "REACH by rule gc in tcp/81 10.0.0.0/16"},
      {"A -> B tcp/82", "DENY ENI_SG_RULES_MISMATCH at v.a by group v gc"}}},
    {"a rule may name several groups",
     TWO_IN_ONE "group v ga\ngroup v gc\ngroup v gb\nrule gb in tcp/22 @ga,gc\nhost A v.a ga any\nhost B v.a gb any\n"
                "host C v.a gb,gc any\nhost D v.a gb any",
     NULL,
     {{"A -> B tcp/22", "REACH by rule gb in tcp/22 @ga,gc"},
      {"C -> B tcp/22", "REACH by rule gb in tcp/22 @ga,gc"},
      {"D -> B tcp/22", "DENY ENI_SG_RULES_MISMATCH at v.a by group v gb"}}},
    {"outbound rules name groups and ranges too",
     TWO_IN_ONE
     "group v gb\nrule gb in any any\ngroup v ga shut\nrule ga out tcp/80 @gb\nrule ga out tcp/443 10.0.1.0/24\n"
     "rule ga out tcp/444 10.0.2.0/24\nhost A v.a ga any\nhost B v.a gb any",
     NULL,
     {{"A -> B tcp/80", "REACH by rule gb in any any"},
      {"A -> B tcp/443", "REACH by rule gb in any any"},
      {"A -> B tcp/444", "DENY ENI_SG_RULES_MISMATCH at v.a by group v ga shut"},
      {"A -> A tcp/80", "DENY ENI_SG_RULES_MISMATCH at v.a by group v ga shut"}}},
    {"0.0.0.0/0 covers private addresses, a range only what is wholly in it",
     TWO_IN_ONE "group v g\nrule g in tcp/1 internet\nrule g in tcp/2 0.0.0.0/0\nrule g in tcp/3 10.0.1.0/25\n"
                "rule g in tcp/4 ::/0\nhost A v.a g any\nhost B v.a g any",
     NULL,
     {{"A -> B tcp/1", "REACH by rule g in tcp/1 internet"},
      {"A -> B tcp/2", "REACH by rule g in tcp/2 0.0.0.0/0"},
      {"A -> B tcp/3", "DENY ENI_SG_RULES_MISMATCH at v.a by group v g"},
      {"A -> B tcp/4", "DENY ENI_SG_RULES_MISMATCH at v.a by group v g"}}},
    {"B-09 a reference across a peering: same region, other region",
     PEERED
     "group b gr\nrule gr in tcp/9 @ga\nhost R b.x gr any\n"
     "network o us-west-2 10.3.0.0/16\nsubnet o.x us-west-2a 10.3.1.0/24\npeering ao a o\ngroup o go\n"
     "rule go in tcp/9 @ga\nhost O o.x go any\nroute a.x 10.3.0.0/16 peering ao\nroute o.x 10.0.0.0/16 peering ao",
     NULL,
     {{"A -> R tcp/9", "REACH by rule gr in tcp/9 @ga"},
      {"A -> O tcp/9", "DENY ENI_SG_RULES_MISMATCH at o.x by group o go"}}},
    {"nothing listens, and protocols",
     TWO_IN_ONE "group v g\nrule g in any any\nhost A v.a g -\nhost B v.a g tcp/80,icmp",
     NULL,
     {{"A -> B tcp/81", "DENY LISTENER_MISSING at v.a by host B v.a g tcp/80,icmp"},
      {"A -> B udp/80", "DENY LISTENER_MISSING at v.a by host B v.a g tcp/80,icmp"},
      {"A -> B icmp", "REACH by rule g in any any"},
      {"B -> A tcp/80", "DENY LISTENER_MISSING at v.a by host A v.a g -"}}},
    {"no group at all is no filter",
     TWO_IN_ONE "host A v.a - any\nhost B v.a - any",
     NULL,
     {{"A -> B tcp/1", "REACH"}}},

    /* ---- network ACLs ---- */
    {"B-10 the default ACL lets everything pass",
     TWO_SUBNETS,
     NULL,
     {{"A -> B tcp/80", "REACH by rule open in any any"}}},
    {"B-11 a new custom ACL lets nothing pass",
     TWO_SUBNETS "acl v strict\nuses v.b strict",
     NULL,
     {{"A -> B tcp/80", "DENY SUBNET_ACL_RESTRICTION at v.b by acl v strict"},
      {"B -> A tcp/80", "DENY SUBNET_ACL_RESTRICTION at v.b by acl v strict"}}},
    {"B-12 the answer needs a rule of its own",
     TWO_SUBNETS "acl v strict\nentry strict in 100 allow tcp/80 10.0.1.0/24\nuses v.b strict",
     NULL,
     {{"A -> B tcp/80 from-port 40000", "DENY(reply) SUBNET_ACL_RESTRICTION at v.b by acl v strict"},
      {"A -> B tcp/81", "DENY SUBNET_ACL_RESTRICTION at v.b by acl v strict"}}},
    {"B-13 and has it",
     TWO_SUBNETS "acl v strict\nentry strict in 100 allow tcp/80 10.0.1.0/24\n"
                 "entry strict out 100 allow tcp/1024-65535 10.0.1.0/24\nuses v.b strict",
     NULL,
     {{"A -> B tcp/80 from-port 40000", "REACH by rule open in any any"},
      {"A -> B tcp/80", "REACH by rule open in any any"},
      {"A -> B tcp/80 from-port 1023", "DENY(reply) SUBNET_ACL_RESTRICTION at v.b by acl v strict"}}},
    {"B-14 the lowest number decides",
     TWO_SUBNETS "acl v strict\nentry strict in 100 allow tcp/80 any\nentry strict in 90 deny tcp/80 10.0.1.0/24\n"
                 "entry strict out 100 allow any any\nuses v.b strict",
     NULL,
     {{"A -> B tcp/80", "DENY SUBNET_ACL_RESTRICTION at v.b by entry strict in 90 deny tcp/80 10.0.1.0/24"}}},
    {"B-16 within a subnet no ACL is asked",
     TWO_SUBNETS "acl v strict\nuses v.a strict\nhost C v.a open any",
     NULL,
     {{"A -> C tcp/80", "REACH by rule open in any any"},
      {"A -> B tcp/80", "DENY SUBNET_ACL_RESTRICTION at v.a by acl v strict"}}},
    {"the client's own subnet may stop the answer, at some of its ports",
     TWO_SUBNETS "acl v strict\nentry strict out 100 allow any any\nentry strict in 100 deny tcp/40000-50000 any\n"
                 "entry strict in 110 allow tcp/32768-60999 any\nuses v.a strict",
     NULL,
     {{"A -> B tcp/80", "DENY(reply) SUBNET_ACL_RESTRICTION at v.a by entry strict in 100 deny tcp/40000-50000 any"},
      {"A -> B tcp/80 from-port 39999", "REACH by rule open in any any"},
      {"A -> B tcp/80 from-port 50001", "REACH by rule open in any any"},
      {"A -> B tcp/80 from-port 61000", "DENY(reply) SUBNET_ACL_RESTRICTION at v.a by acl v strict"}}},
    {"all ephemeral ports may be allowed piece by piece",
     TWO_SUBNETS "acl v strict\nentry strict out 100 allow any any\nentry strict in 100 allow tcp/32768-40000 any\n"
                 "entry strict in 110 deny tcp/30000-40000 any\nentry strict in 120 allow tcp/40001-60999 any\n"
                 "uses v.a strict",
     NULL,
     {{"A -> B tcp/80", "REACH by rule open in any any"}}},
    {"an entry may have several ranges",
     TWO_SUBNETS
     "acl v strict\nentry strict out 100 allow any any\nentry strict in 100 allow tcp/1024-40000,tcp/40002-65535 any\n"
     "entry strict in 110 allow udp any\nuses v.a strict",
     NULL,
     {{"A -> B tcp/80", "DENY(reply) SUBNET_ACL_RESTRICTION at v.a by acl v strict"},
      {"A -> B tcp/80 from-port 40000", "REACH by rule open in any any"},
      {"A -> B tcp/80 from-port 40001", "DENY(reply) SUBNET_ACL_RESTRICTION at v.a by acl v strict"},
      {"A -> B tcp/80 from-port 40002", "REACH by rule open in any any"},
      {"A -> B udp/80", "REACH by rule open in any any"}}},
    {"all traffic needs a rule for all of it",
     TWO_SUBNETS "acl v strict\nentry strict out 100 allow any any\nentry strict in 100 deny udp/53 any\n"
                 "entry strict in 110 allow any any\nuses v.b strict",
     NULL,
     {{"A -> B any", "DENY SUBNET_ACL_RESTRICTION at v.b by entry strict in 100 deny udp/53 any"},
      {"A -> B tcp/53", "REACH by rule open in any any"}}},
};

int main(int argc, char **argv) { return cases_run(argc, argv, "aws/filters", cases, G_N_ELEMENTS(cases)); }
