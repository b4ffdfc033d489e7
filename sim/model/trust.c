/* trust.c - the keys `beside`, `authority`, `certificates_from`, `tokens_from` and `stranger`: who is meant, and which
 * unit stands beside which. */
#include <inttypes.h>
#include <string.h>

#include "model/build.h"

/* --- names -------------------------------------------------------------------------------------------------------- */

/* The one component that is meant from here; NO_COMPONENT after a complaint, or when nothing is written. */
static ComponentId one_named(Build *build, ComponentId id, const Node *written, const char *key) {
    const Component *component = &build->model->components[id];
    const char *text = written != NULL ? scalar_of(build, written, key) : NULL;
    ComponentId *found;
    if (text == NULL)
        return NO_COMPONENT;
    uint32_t count = names_find(build, (Scope){component->stack, component->copy}, text, 0, written->mark, &found);
    if (count > 1)
        complain(build, written->mark, keep(build, "write %s", build->model->components[found[0]].name),
                 "'%s' is in %u copies: name one", text, count);
    return count == 1 ? found[0] : NO_COMPONENT;
}

static ComponentId issuer_named(Build *build, ComponentId id, const Node *written, const char *key) {
    bool tokens = strcmp(key, "tokens_from") == 0;
    ComponentId issuer = one_named(build, id, written, key);
    if (issuer == NO_COMPONENT)
        return NO_COMPONENT;
    const Component *named = &build->model->components[issuer];
    if (tokens ? named->kind->signs_in != NULL : named->kind->certifies != NULL)
        return issuer;
    complain(build, written->mark, tokens ? "name an identity_provider" : "name a certificate_authority",
             "'%s' is of kind %s, which hands out no %s", named->label, named->kind->name,
             tokens ? "tokens" : "certificates");
    return NO_COMPONENT;
}

/* --- beside ------------------------------------------------------------------------------------------------------- */

static void stand_beside(Build *build, ComponentId sidecar, ComponentId host, Mark mark) {
    const Component *beside = &build->model->components[host];
    TrustBook *trust = &build->model->trust;
    if (beside->kind->passage.mode != PASSAGE_TERMINATES || beside->kind->spread == SPREAD_BESIDE)
        complain(build, mark, "name what ends connections: instances, a load_balancer, ...",
                 "nothing can stand beside '%s': it is of kind %s", beside->label, beside->kind->name);
    else if (trust->sidecar[host] != NO_COMPONENT)
        complain(build, mark, "let one of them stand there", "'%s' has '%s' beside it already", beside->label,
                 build->model->components[trust->sidecar[host]].label);
    else
        trust->sidecar[host] = sidecar;
}

/* Left out, it is beside all of its copy that belong to the mesh. */
static bool beside_mesh(Build *build, ComponentId id) {
    const Model *model = build->model;
    const Component *own = &model->components[id];
    bool found = false;
    for (ComponentId h = 0; model->book.workloads != NULL && own->stack != NULL && h < model->component_count; h++) {
        const Component *host = &model->components[h];
        bool here = host->stack != NULL && strcmp(host->stack, own->stack) == 0 && strcmp(host->copy, own->copy) == 0;
        if (!here || !model->book.workloads[h].sidecar)
            continue;
        stand_beside(build, id, h, own->mark);
        found = true;
    }
    return found;
}

static void beside_named(Build *build, ComponentId id, const Node *item) {
    const Component *own = &build->model->components[id];
    const char *name = scalar_of(build, item, "beside");
    ComponentId *hosts;
    if (name == NULL)
        return;
    uint32_t count = names_find(build, (Scope){own->stack, own->copy}, name, 0, item->mark, &hosts);
    for (uint32_t h = 0; h < count; h++)
        stand_beside(build, id, hosts[h], item->mark);
}

static void beside_read(Build *build, ComponentId id) {
    const Component *component = &build->model->components[id];
    const Node *written = build->drafts[id].keys->beside;
    uint32_t count;
    const Node *const *items = items_of(build, written, "beside", &count);
    if (component->kind->spread != SPREAD_BESIDE) {
        if (written != NULL)
            complain(build, written->mark, "leave it out", "'%s' is of kind %s, which stands by itself",
                     component->label, component->kind->name);
        return;
    }
    for (uint32_t i = 0; i < count; i++)
        beside_named(build, id, items[i]);
    if (count == 0 && !beside_mesh(build, id))
        complain(build, component->mark, "add beside: web", "'%s' does not say beside what it stands",
                 component->label);
}

/* --- components --------------------------------------------------------------------------------------------------- */

static bool is_written(const Build *build) {
    for (ComponentId id = 0; id < build->model->component_count; id++) {
        const ComponentKeys *keys = build->drafts[id].keys;
        if (keys != NULL && (keys->beside != NULL || keys->authority != NULL || keys->certificates_from != NULL ||
                             keys->tokens_from != NULL))
            return true;
        if (build->model->components[id].kind->spread == SPREAD_BESIDE)
            return true;
    }
    return false;
}

static ComponentId *table(Build *build, uint32_t count) {
    ComponentId *ids = tree_alloc(build->tree, (count + 1) * sizeof *ids);
    for (uint32_t i = 0; i < count; i++)
        ids[i] = NO_COMPONENT;
    return ids;
}

void trust_build(Build *build) {
    Model *model = build->model;
    TrustBook *trust = &model->trust;
    trust->any = is_written(build);
    if (!trust->any)
        return;
    trust->sidecar = table(build, model->component_count);
    trust->authority = table(build, model->component_count);
    trust->certificates_from = table(build, model->component_count);
    trust->tokens_from = table(build, model->component_count);
    trust->stranger = tree_alloc(build->tree, (model->component_count + 1) * sizeof *trust->stranger);
    for (ComponentId id = 0; id < model->component_count; id++) {
        const ComponentKeys *keys = build->drafts[id].keys;
        if (keys == NULL)
            continue;
        beside_read(build, id);
        trust->authority[id] = issuer_named(build, id, keys->authority, "authority");
        trust->certificates_from[id] = issuer_named(build, id, keys->certificates_from, "certificates_from");
        trust->tokens_from[id] = issuer_named(build, id, keys->tokens_from, "tokens_from");
        trust->stranger[id] = keys->stranger;
    }
}

bool component_is_certified(const Build *build, ComponentId id) {
    return build->model->trust.any && build->model->trust.authority[id] != NO_COMPONENT;
}

/* --- units -------------------------------------------------------------------------------------------------------- */

/* What stands beside others has as many units as they have together. */
uint32_t trust_units(const Build *build, ComponentId sidecar) {
    const Model *model = build->model;
    uint32_t count = 0;
    for (ComponentId host = 0; model->trust.any && host < model->component_count; host++)
        if (model->trust.sidecar[host] == sidecar)
            count += model->components[host].unit_count;
    return count;
}

/* In order of the hosts' names, and of their units. */
static void escorts_place(const Model *model, ComponentId sidecar, UnitId *escort, UnitId *beside) {
    UnitId next = model->components[sidecar].first_unit;
    for (ComponentId h = 0; h < model->component_count; h++) {
        const Component *host = &model->components[h];
        for (uint32_t u = 0; model->trust.sidecar[h] == sidecar && u < host->unit_count; u++, next++) {
            const ModelUnit *unit = &model->units[host->first_unit + u];
            escort[host->first_unit + u] = next;
            beside[next] = host->first_unit + u;
            model->units[next].zone = unit->zone;
            model->units[next].region = unit->region;
        }
    }
}

static void holders_collect(Build *build, ComponentId authority) {
    Model *model = build->model;
    GArray *units = g_array_new(FALSE, FALSE, sizeof(UnitId));
    for (UnitId u = 0; u < model->unit_count; u++)
        if (model->trust.authority[model->units[u].component] == authority)
            g_array_append_val(units, u);
    model->trust.holders[authority] = keep_array(build, units, &model->trust.holder_count[authority]);
}

void trust_pair(Build *build) {
    Model *model = build->model;
    TrustBook *trust = &model->trust;
    if (!trust->any)
        return;
    trust->escort = table(build, model->unit_count); /* NO_UNIT is NO_COMPONENT */
    trust->beside = table(build, model->unit_count);
    for (UnitId u = 0; u < model->unit_count; u++)
        trust->beside[u] = u;
    trust->holders = tree_alloc(build->tree, (model->component_count + 1) * sizeof *trust->holders);
    trust->holder_count = tree_alloc(build->tree, (model->component_count + 1) * sizeof *trust->holder_count);
    for (ComponentId id = 0; id < model->component_count; id++) {
        if (model->components[id].kind->spread == SPREAD_BESIDE)
            escorts_place(model, id, trust->escort, trust->beside);
        if (model->components[id].kind->certifies != NULL)
            holders_collect(build, id);
    }
}

/* --- digest ------------------------------------------------------------------------------------------------------- */

void trust_text(GString *out, const Model *model) {
    for (ComponentId id = 0; model->trust.any && id < model->component_count; id++)
        g_string_append_printf(
            out, "trust %s beside %" PRIu32 " authority %" PRIu32 " from %" PRIu32 " %" PRIu32 " stranger %d\n",
            model->components[id].name, model->trust.sidecar[id], model->trust.authority[id],
            model->trust.certificates_from[id], model->trust.tokens_from[id], model->trust.stranger[id]);
}
