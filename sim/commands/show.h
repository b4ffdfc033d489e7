/* show.h - the two pages of `faultline show` (private to commands/). */
#ifndef FAULTLINE_COMMANDS_SHOW_H
#define FAULTLINE_COMMANDS_SHOW_H

#include <glib.h>

#include "model/model.h"

void show_inventory(GString *out, const Model *model, int width);
void show_assumed(GString *out, const Model *model, int width);
/* Network security groups; network ACLs; route tables, sites, connections; roles and policies: parts of the inventory.
 */
void show_network_security_groups(GString *out, const Model *model, int width);
void show_acls(GString *out, const Model *model, int width);
void show_workloads(GString *out, const Model *model, int width);
void show_ways(GString *out, const Model *model, int width);
void show_rights(GString *out, const Model *model, int width);

/* Text about one copy without the copy: "tcp/8080 from site[us-east-1].lb" -> "tcp/8080 from site.lb". Allocated. */
char *show_without_copy(const char *text, const char *copy);
/* The first copy of a stack speaks for all. */
bool show_network_speaks(const Model *model, uint32_t network);

#endif
