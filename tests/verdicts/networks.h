/* networks.h - small networks that worked cases begin with; a case adds lines of its own. */
#ifndef FAULTLINE_TESTS_VERDICTS_NETWORKS_H
#define FAULTLINE_TESTS_VERDICTS_NETWORKS_H

#define TWO_IN_ONE                      \
    "network v us-east-1 10.0.0.0/16\n" \
    "subnet v.a us-east-1a 10.0.1.0/24\n"
#define TWO_SUBNETS                       \
    "network v us-east-1 10.0.0.0/16\n"   \
    "subnet v.a us-east-1a 10.0.1.0/24\n" \
    "subnet v.b us-east-1b 10.0.2.0/24\n" \
    "group v open\n"                      \
    "rule open in any any\n"              \
    "host A v.a open any\n"               \
    "host B v.b open any\n"
#define PUBLIC_HOST                             \
    "network v us-east-1 10.0.0.0/16 gateway\n" \
    "subnet v.a us-east-1a 10.0.1.0/24\n"       \
    "route v.a 0.0.0.0/0 gateway\n"             \
    "group v web\n"                             \
    "rule web in tcp/80 any\n"
#define PEERED                                                         \
    "network a us-east-1 10.0.0.0/16 gateway\n"                        \
    "network b us-east-1 10.1.0.0/16\n"                                \
    "network c us-east-1 10.2.0.0/16\n"                                \
    "subnet a.x us-east-1a 10.0.1.0/24\n"                              \
    "subnet b.x us-east-1a 10.1.1.0/24\n"                              \
    "subnet c.x us-east-1a 10.2.1.0/24\n"                              \
    "peering ab a b\n"                                                 \
    "peering ac a c\n"                                                 \
    "group a ga\ngroup b gb\ngroup c gc\n"                             \
    "rule ga in any any\nrule gb in any any\nrule gc in any any\n"     \
    "host A a.x ga any public\nhost B b.x gb any\nhost C c.x gc any\n" \
    "route a.x 0.0.0.0/0 gateway\n"                                    \
    "route a.x 10.1.0.0/16 peering ab\n"                               \
    "route a.x 10.2.0.0/16 peering ac\n"                               \
    "route b.x 10.0.0.0/16 peering ab\n"                               \
    "route c.x 10.0.0.0/16 peering ac\n"

#endif
