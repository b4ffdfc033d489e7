/* show_workloads.c - clusters and meshes of `faultline show`: who is a pod, who has a sidecar, and which policies hold.
 */
#include <string.h>

#include "commands/print.h"
#include "commands/show.h"

/* The first copy speaks for all. */
static bool speaks(const Model *model, ComponentId id) { return model->components[id].peers[0] == id; }

static MtlsMode mode_of(const Model *model, const Workload *workload) {
    const WorkloadBook *book = &model->book;
    MtlsMode space = book->namespaces[workload->namespace].mtls;
    return workload->mtls != MTLS_UNSET ? workload->mtls
           : space != MTLS_UNSET        ? space
                                        : book->meshes[workload->mesh].mtls;
}

static void workload(GString *out, const Model *model, ComponentId id, int width) {
    static const int starts[] = {2, 28};
    const Workload *own = &model->book.workloads[id];
    char *name = show_without_copy(model->components[id].name, model->components[id].copy);
    GString *text = g_string_new(own->pod ? "pods" : "a machine");
    if (own->sidecar)
        g_string_append_printf(text, " with sidecars, as %s, mtls %s", own->identity, mtls_name(mode_of(model, own)));
    for (uint32_t i = 0; own->sidecar && i < own->port_mtls_count; i++) {
        char *ports = ports_text(&own->port_mtls[i].ports);
        g_string_append_printf(text, ", %s at %s", mtls_name(own->port_mtls[i].mode), ports);
        g_free(ports);
    }
    g_string_append_printf(text, "%s in %s", own->sidecar ? ";" : "", model->book.namespaces[own->namespace].label);
    for (uint32_t i = 0; i < own->label_count; i++)
        g_string_append_printf(text, ", %s %s", own->labels[i].key, own->labels[i].value);
    const char *cells[] = {name, text->str};
    print_row(out, cells, starts, 2, width);
    g_string_free(text, TRUE);
    g_free(name);
}

/* What a policy is called, what it does, and of whom; NULL: nobody of a copy that speaks. */
static char *members_text(const Model *model, const Members *members) {
    GString *text = g_string_new(NULL);
    for (uint32_t i = 0; i < members->count; i++) {
        const Component *component = &model->components[members->ids[i]];
        if (speaks(model, members->ids[i]))
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", component->label);
    }
    return g_string_free(text, text->len == 0);
}

static void policy(GString *out, const Model *model, const char *name, const Members *members, const char *does,
                   bool applied, int width) {
    static const int starts[] = {2, 28};
    char *whom = members_text(model, members);
    if (whom == NULL)
        return;
    char *plain = show_without_copy(name, model->components[members->ids[0]].copy);
    char *text = g_strdup_printf("%s %s%s", does, whom, applied ? "" : "; not applied yet");
    const char *cells[] = {plain, text};
    print_row(out, cells, starts, 2, width);
    g_free(text);
    g_free(plain);
    g_free(whom);
}

void show_workloads(GString *out, const Model *model, int width) {
    static const char *const ways[] = {"isolates nobody of",
                                       "isolates for ingress:", "isolates for egress:", "isolates both ways:"};
    static const char *const actions[] = {"asks somebody about calls to", "denies calls to", "allows calls to"};
    const WorkloadBook *book = &model->book;
    if (book->workloads == NULL)
        return;
    print_heading(out, "CLUSTERS AND MESHES");
    for (ComponentId id = 0; id < model->component_count; id++)
        if ((book->workloads[id].pod || book->workloads[id].sidecar) && speaks(model, id))
            workload(out, model, id, width);
    if (book->policy_count > 0)
        print_heading(out, "NETWORK POLICIES");
    for (uint32_t i = 0; i < book->policy_count; i++) {
        const NetworkPolicy *own = &book->policies[i];
        policy(out, model, own->name, &own->selects, ways[own->isolates[1] + 2 * own->isolates[0]], own->applied,
               width);
    }
    if (book->authorization_count > 0)
        print_heading(out, "AUTHORIZATION POLICIES");
    for (uint32_t i = 0; i < book->authorization_count; i++) {
        const AuthorizationPolicy *own = &book->authorizations[i];
        bool nothing = own->action == AUTHORIZE_ALLOW && own->rule_count == 0;
        policy(out, model, own->name, &own->selects, nothing ? "allows nobody to call" : actions[own->action],
               own->applied, width);
    }
}
