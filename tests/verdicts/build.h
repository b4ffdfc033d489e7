/* build.h - small models for tests of reach/, made by hand or from lines of text, without the YAML reader.
 *
 * Lines, one a thing, words separated by blanks; lists inside a word by commas ("tcp/80,tcp/443", "web,db"):
 *   outside europe [203.0.113.0/24]            a place outside every network
 *   network v us-east-1 10.0.0.0/16 [gateway] [egress] [2001:db8:1::/56]
 *   subnet v.a us-east-1a 10.0.1.0/24 [2001:db8:1::/64]   its own route table, with the local route
 *   route v.a 0.0.0.0/0 gateway|egress|blackhole|nat|peering [NAME] [propagated] [listed]
 *   group v web [shut]                         as AWS makes one: nothing in, everything out; shut: nothing out either
 *   rule web in|out PORTS PEER                 PEER: 10.0.0.0/8, internet, any, or @web,db for security groups
 *   acl v strict                               as AWS makes one: nothing in, nothing out
 *   entry strict in|out 100 allow|deny PORTS any|10.0.0.0/8
 *   uses v.a strict                            the ACL of a subnet
 *   nat n v.a
 *   peering p v w
 *   host web v.a,v.b GROUPS|- PORTS|- [public] [units=2] [to=8080] [from=1024-65535]    units: in each subnet
 *   lost web                                   a host in no subnet
 *   edge waf PORTS|-                           at the provider's edge
 *   names dns                                  a name server
 *   users u europe
 *   flow visit users waf lb
 * Elements are named as the line that made them: "rule web in tcp/80 any". */
#ifndef FAULTLINE_TESTS_VERDICTS_BUILD_H
#define FAULTLINE_TESTS_VERDICTS_BUILD_H

#include "model/model.h"
#include "reach/reach.h"

typedef struct Draft Draft;

Draft *draft_new(void);
/* One line; anything not understood ends the test. */
void draft_line(Draft *draft, const char *line);
/* Lines joined by '\n'. */
void draft_text(Draft *draft, const char *text);
/* The model so far; stays the draft's, valid until its next line or its end. */
const Model *draft_model(Draft *draft);
void draft_free(Draft *draft);

/* By name; not found ends the test. */
PlaceId draft_place(const Model *model, const char *name);
uint32_t draft_group(const Model *model, const char *name);
ComponentId draft_component(const Model *model, const char *name);
/* "web", "web@v.a" (its units in that subnet), "internet". */
ClassId draft_class(const Model *model, const Reach *reach, const char *name);
/* The rule written on a line as above, without the words "rule", group and direction: "tcp/80 @web". Free with
 * g_free(peer.groups). */
Rule draft_rule(const Model *model, const char *text);

#endif
