/* test_access.c - who may do what with services, on random estates: by which door a request comes is worked out from
 * what was written, the way by the slow twin, and the rights by a plain reading of policies. */
#include <glib.h>
#include <string.h>

#include "reach/access.h"
#include "tests/unit/reach/plain_policy.h"
#include "tests/unit/reach/rights.h"
#include "tests/unit/reach/twin.h"

enum { ESTATES = 250, ASKED = 60 };
#define NOTHING UINT32_MAX

static const Prefix somewhere = {.family = 4};

/* ---- the door ------------------------------------------------------------------------------------------------------
 */
/* How a request gets to a service, and who is seen there. */
typedef struct {
    ComponentId endpoint, seen;
    uint32_t network, site;
    const Prefix *address, *behind;
} Door;

static PlaceId subnet_of(const Model *model, const EndpointClass *class) {
    return class->subnet != NO_PLACE && model->places[class->subnet].level == PLACE_SUBNET ? class->subnet : NO_PLACE;
}

static bool leads_to(const Opened *r, PlaceId subnet, RouteTarget target, const char *via) {
    const RouteTable *table = &r->model->route_tables[r->model->places[subnet].route_table];
    for (uint32_t i = 0; i < table->route_count; i++) {
        const Route *route = &table->routes[i];
        if (route->target == target &&
            (via == NULL || (target == ROUTE_INTERFACE && route->via == opened_component(r, via)) ||
             (target == ROUTE_ENDPOINT && r->model->endpoints[route->via].component == opened_component(r, via))))
            return true;
    }
    return false;
}

static bool serves(const Model *model, ComponentId endpoint, ComponentId service) {
    for (uint32_t i = 0; i < model->endpoint_count; i++)
        for (uint32_t s = 0; s < model->endpoints[i].service_count; s++)
            if (model->endpoints[i].component == endpoint && model->endpoints[i].services[s] == service)
                return model->endpoints[i].by_route || model->endpoints[i].facts.names != NAMES_NOBODY;
    return false;
}

static Door door_of(const Opened *r, ClassId from, ComponentId service) {
    const Model *model = r->model;
    const EndpointClass *classes;
    Door door = {.endpoint = NO_COMPONENT, .seen = NO_COMPONENT, .network = NOTHING, .site = NOTHING};
    door.address = &somewhere;
    uint32_t class_count = reach_classes(r->reach, &classes);
    if (from == CLASS_INTERNET)
        return door;
    const EndpointClass *class = &classes[from];
    const Component *caller = &model->components[class->component];
    PlaceId subnet = subnet_of(model, class);
    door.seen = class->component;
    if (strcmp(caller->name, "hq.erp") == 0) { /* leaves by its site's own address */
        door.seen = NO_COMPONENT;
        door.site = model->sites[0].network;
    } else if (subnet != NO_PLACE) {
        ComponentId s3 = opened_component(r, "site.s3"), sqs = opened_component(r, "site.sqs");
        bool inside = caller->stack != NULL && strcmp(caller->stack, "site") == 0;
        bool by_name = inside && serves(model, sqs, service), own = leads_to(r, subnet, ROUTE_ENDPOINT, "site.s3");
        bool translated =
            !by_name && !(own && serves(model, s3, service)) && leads_to(r, subnet, ROUTE_INTERFACE, "site.nat");
        if (translated) { /* and goes on from there by the routes of the gateway's own subnet */
            door.seen = opened_component(r, "site.nat");
            for (ClassId i = 0; i < class_count; i++)
                subnet = classes[i].component == door.seen ? classes[i].subnet : subnet;
        }
        bool by_route = inside && serves(model, s3, service) && leads_to(r, subnet, ROUTE_ENDPOINT, "site.s3");
        if (by_name || by_route) {
            door.endpoint = by_name ? sqs : s3;
            door.network = model->places[subnet].network;
            door.behind = &model->places[subnet].cidr;
            door.address = NULL;
        }
    } else if (caller->place != NO_PLACE && model->places[caller->place].cidr.family == 4) {
        door.address = &model->places[caller->place].cidr;
    }
    return door;
}

/* ---- one question --------------------------------------------------------------------------------------------------
 */
static uint32_t role_of(const Opened *r, const AccessQuery *query) {
    const EndpointClass *classes;
    reach_classes(r->reach, &classes);
    if (query->role != ROLE_OWN)
        return query->role;
    return query->from == CLASS_INTERNET ? NO_ROLE : r->model->policies.role_of[classes[query->from].component];
}

static PolicyAnswer expected(const Opened *r, const AccessQuery *query, const Door *door) {
    PolicyRequest request = {.role = role_of(r, query),
                             .service = query->service,
                             .action = query->action,
                             .assume = NO_ROLE,
                             .encrypted = !query->plain,
                             .address = door->address,
                             .seen = door->seen,
                             .site = door->site,
                             .endpoint = door->endpoint,
                             .network = door->network,
                             .behind = door->behind,
                             .without = query->without};
    if (door->endpoint == NO_COMPONENT && query->address.family != 0)
        request.address = &query->address;
    return plain_judge(r->model, &request);
}

static Verdict way(const Opened *r, const AccessQuery *query) {
    static const uint16_t ports[] = {1024, 32768, 49152, 60999};
    const EndpointClass *classes;
    Twin twin = {.model = r->model, .ports = ports, .port_count = G_N_ELEMENTS(ports)};
    bool *none = g_new0(bool, r->model->place_count + r->model->unit_count + r->model->component_count);
    twin.down = twin.unit_down = twin.unheeded = twin.isolated = none;
    reach_classes(r->reach, &classes);
    bool elsewhere = r->model->components[query->service].kind->passage.attachment != ATTACH_SERVICE;
    TwinEnd from = {NO_COMPONENT, NO_PLACE}, to = {query->service, NO_PLACE};
    if (query->from != CLASS_INTERNET)
        from = (TwinEnd){classes[query->from].component, classes[query->from].subnet};
    if (elsewhere) /* a function is called at its public name, wherever its own interfaces are */
        to.component = NO_COMPONENT;
    Query asked = {.from = query->from, .protocol = PROTOCOL_TCP, .port = 443};
    Verdict verdict = {.kind = VERDICT_REACH, .code = ""};
    if (from.component != NO_COMPONENT || to.component != NO_COMPONENT)
        verdict = twin_aws_verdict(&twin, from, to, asked);
    g_free(none);
    return verdict;
}

static uint32_t allowed, through, refused, stopped;

static void check(const Opened *r, const AccessQuery *query, const Access *access) {
    Door door = door_of(r, query->from, query->service);
    Verdict verdict = way(r, query);
    g_assert_cmpint(access->network.kind, ==, verdict.kind);
    g_assert_cmpuint(access->role, ==, role_of(r, query));
    if (verdict.kind != VERDICT_REACH) {
        stopped++;
        g_assert_false(access->allowed);
        g_assert_cmpstr(access->code, ==, verdict.code);
        g_assert_cmpuint(access->element, ==, verdict.element);
        return;
    }
    PolicyAnswer answer = expected(r, query, &door);
    if (access->door != door.endpoint)
        g_test_message("%s\n%s", r->text, access_text(r->reach, query));
    g_assert_cmpuint(access->door, ==, door.endpoint);
    g_assert_cmpint(access->allowed, ==, answer.allowed);
    g_assert_cmpstr(access->code, ==, answer.code);
    g_assert_cmpuint(access->element, ==, answer.element);
    allowed += answer.allowed;
    refused += !answer.allowed;
    through += door.endpoint != NO_COMPONENT;
}

/* ---- many ----------------------------------------------------------------------------------------------------------
 */
/* A function without a subnet calls from the provider's own network, where nothing stops it and nobody is told. */
static bool asks(const Opened *r, const EndpointClass *class) {
    const Component *component = &r->model->components[class->component];
    Attachment at = component->kind->passage.attachment;
    bool loose = component->kind->passage.subnet_optional && subnet_of(r->model, class) == NO_PLACE;
    return (at == ATTACH_SUBNETS || at == ATTACH_OUTSIDE || at == ATTACH_SITE) && !loose &&
           component->kind->passage.mode != PASSAGE_TRANSLATES && component->kind->passage.mode != PASSAGE_STANDS_FOR;
}

static AccessQuery question(const Opened *r, Draw *luck) {
    static const Prefix own = {0xcb007105, 32, 4};
    const EndpointClass *classes;
    uint32_t count = reach_classes(r->reach, &classes), from;
    do
        from = (uint32_t)draw_below(luck, count + 1);
    while (from < count && !asks(r, &classes[from]));
    ComponentId service;
    do
        service = (ComponentId)draw_below(luck, r->model->component_count);
    while (r->model->components[service].kind->actions == NULL);
    uint32_t actions = 0;
    while (r->model->components[service].kind->actions[actions].name != NULL)
        actions++;
    AccessQuery query = {.from = from < count ? from : CLASS_INTERNET,
                         .role = draw_below(luck, 2) == 0 ? ROLE_OWN : (uint32_t)draw_below(luck, 5),
                         .service = service,
                         .action = (int)draw_below(luck, actions),
                         .plain = draw_below(luck, 4) == 0};
    if (query.role == 4)
        query.role = NO_ROLE;
    if (draw_below(luck, 5) == 0)
        query.address = own;
    if (draw_below(luck, 4) == 0)
        query.without = (uint32_t)draw_below(luck, r->model->element_count);
    return query;
}

static void check_assume(const Opened *r, Draw *luck) {
    uint32_t role = (uint32_t)draw_below(luck, r->model->policies.role_count + 1),
             target = (uint32_t)draw_below(luck, r->model->policies.role_count),
             without = draw_below(luck, 3) == 0 ? (uint32_t)draw_below(luck, r->model->element_count) : 0;
    role = role == r->model->policies.role_count ? NO_ROLE : role;
    PolicyRequest request = {.role = role,
                             .service = NO_COMPONENT,
                             .assume = target,
                             .encrypted = true,
                             .seen = NO_COMPONENT,
                             .site = NOTHING,
                             .endpoint = NO_COMPONENT,
                             .without = without};
    PolicyAnswer answer = plain_judge(r->model, &request);
    Access access = reach_assume(r->reach, role, target, without);
    g_assert_cmpint(access.allowed, ==, answer.allowed);
    g_assert_cmpstr(access.code, ==, answer.code);
    g_assert_cmpuint(access.element, ==, answer.element);
    g_assert_cmpuint(access.role, ==, role);
    g_assert_cmpint(access.network.kind, ==, VERDICT_REACH);
    g_assert_cmpuint(access.door, ==, NO_COMPONENT);
}

/* The list of everything: who has a role, and the internet, at each action of each service, in order. */
static void check_list(const Opened *r) {
    const EndpointClass *classes;
    uint32_t count, classes_count = reach_classes(r->reach, &classes), at = 0;
    AccessRow *rows = reach_accesses(r->reach, r->state, &count);
    for (uint32_t from = 0; from <= classes_count; from++) {
        if (from < classes_count && r->model->policies.role_of[classes[from].component] == NO_ROLE)
            continue;
        for (ComponentId service = 0; service < r->model->component_count; service++) {
            const KindAction *actions = r->model->components[service].kind->actions;
            for (int action = 0; actions != NULL && actions[action].name != NULL; action++, at++) {
                AccessQuery query = {from < classes_count ? from : CLASS_INTERNET, ROLE_OWN, service, action,
                                     .without = 0};
                Access access = reach_access(r->reach, r->state, query);
                g_assert_cmpuint(at, <, count);
                g_assert_true(rows[at].query.from == query.from && rows[at].query.role == ROLE_OWN &&
                              rows[at].query.service == service && rows[at].query.action == action);
                g_assert_true(rows[at].access.allowed == access.allowed && rows[at].access.element == access.element);
            }
        }
    }
    g_assert_cmpuint(at, ==, count);
    g_free(rows);
}

/* A connection to a service is as good as the best that may be done over it. */
static void check_gate(const Opened *r, const AccessQuery *query) {
    const Component *service = &r->model->components[query->service];
    const EndpointClass *classes;
    uint32_t count = reach_classes(r->reach, &classes), to = 0;
    if (service->kind->passage.attachment != ATTACH_SERVICE || query->from == CLASS_INTERNET)
        return;
    while (to < count && classes[to].component != query->service)
        to++;
    AccessQuery own = {.from = query->from, .role = ROLE_OWN, .service = query->service};
    Verdict verdict = reach_verdict(r->reach, r->state,
                                    (Query){.from = query->from, .to = to, .protocol = PROTOCOL_TCP, .port = 443});
    Access first = reach_access(r->reach, r->state, own), best = first;
    for (; service->kind->actions[own.action].name != NULL && !best.allowed; own.action++)
        best = reach_access(r->reach, r->state, own);
    if (first.network.kind != VERDICT_REACH) {
        g_assert_cmpint(verdict.kind, ==, first.network.kind);
        return;
    }
    g_assert_cmpint(verdict.kind, ==, best.allowed ? VERDICT_REACH : VERDICT_DENY);
    g_assert_cmpstr(verdict.code, ==, best.allowed ? "" : first.code);
    g_assert_cmpuint(verdict.element, ==, best.allowed ? best.element : first.element);
}

static void test_random(void) {
    Stream stream = luck_stream((Luck){13, 0}, "test_access", "estates");
    for (uint64_t n = 0; n < ESTATES; n++) {
        Draw luck = stream_draw(&stream, n);
        Opened r;
        rights_open(&r, &luck);
        for (int i = 0; i < ASKED; i++) {
            AccessQuery query = question(&r, &luck);
            Access access = reach_access(r.reach, r.state, query);
            check(&r, &query, &access);
            check_gate(&r, &query);
            check_assume(&r, &luck);
        }
        check_list(&r);
        opened_close(&r);
    }
    g_test_message("allowed %u, refused %u, stopped on the way %u, through endpoints %u", allowed, refused, stopped,
                   through);
    g_assert_true(allowed > 800 && refused > 5000 && stopped > 500 && through > 2000);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/access/random", test_random);
    return g_test_run();
}
