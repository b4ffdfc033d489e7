/* show_acls.c - network ACLs and which subnets have them, for `faultline show`. */
#include <inttypes.h>
#include <string.h>

#include "commands/print.h"
#include "commands/show.h"

static void entries(GString *out, const char *name, const char *way, const AclRule *rules, uint32_t count, int width) {
    static const int starts[] = {2, 21, 26};
    for (uint32_t i = 0; i < count; i++) {
        char *text = acl_rule_text(&rules[i], strcmp(way, "in") == 0);
        const char *cells[] = {i == 0 ? name : "", i == 0 ? way : "", text};
        print_row(out, cells, starts, 3, width);
        g_free(text);
    }
    if (count == 0) {
        const char *cells[] = {name, way, "nothing"};
        print_row(out, cells, starts, 3, width);
    }
}

/* "app, data": the subnets that have it, without copies and zones. */
static char *subnets_of(const Model *model, uint32_t acl) {
    GString *text = g_string_new(NULL);
    const char *before = "";
    for (PlaceId p = 0; p < model->place_count; p++) {
        const Place *place = &model->places[p];
        const char *close = place->level == PLACE_SUBNET && place->acl == acl + 1 ? strchr(place->name, ']') : NULL;
        if (close == NULL)
            continue;
        size_t length = strcspn(close + 2, ".");
        if (strlen(before) == length && strncmp(before, close + 2, length) == 0)
            continue;
        g_string_append_printf(text, "%s%.*s", text->len > 0 ? ", " : "of ", (int)length, close + 2);
        before = text->str + text->len - length;
    }
    return g_string_free(text, FALSE);
}

void show_acls(GString *out, const Model *model, int width) {
    static const int starts[] = {2, 21, 26};
    bool any = false;
    for (uint32_t i = 0; i < model->acl_count; i++) {
        const Acl *acl = &model->acls[i];
        if (!show_network_speaks(model, acl->network))
            continue;
        if (!any)
            print_heading(out, "NETWORK ACLS");
        any = true;
        char *name = show_without_copy(acl->name, model->networks[acl->network].copy), *subnets = subnets_of(model, i);
        entries(out, name, "in", acl->inbound, acl->inbound_count, width);
        entries(out, "", "out", acl->outbound, acl->outbound_count, width);
        const char *cells[] = {"", "", subnets[0] != '\0' ? subnets : "of no subnet"};
        print_row(out, cells, starts, 3, width);
        g_free(subnets);
        g_free(name);
    }
}
