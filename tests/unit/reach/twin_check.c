/* twin_check.c - random estates, each read as a pattern file and asked by reach/ and by a slow twin. */
#include "tests/unit/reach/twin_check.h"

#include <stdio.h>
#include <string.h>

#include "catalogue/catalogue.h"

enum { STATES = 2, QUESTIONS = 28, DEFAULTS = 4 };

const uint16_t twin_client_ports[] = {1024, 32768, 40001, 49152, 60999, 61000};

/* ---- writing -------------------------------------------------------------------------------------------------------
 */
bool twin_chance(TwinText *t, uint32_t percent) { return draw_below(t->luck, 100) < percent; }
uint32_t twin_below(TwinText *t, uint32_t bound) { return (uint32_t)draw_below(t->luck, bound); }
const char *twin_pick(TwinText *t, const char *const *from, size_t count) { return from[draw_below(t->luck, count)]; }

void twin_say(TwinText *t, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    g_string_append_vprintf(t->text, format, arguments);
    va_end(arguments);
}

/* ---- one estate ----------------------------------------------------------------------------------------------------
 */
typedef struct {
    const TwinTrial *trial;
    const ModelText *defaults;
    GHashTable *counts; /* code -> how often */
    uint64_t network, asked, reached, replies;
    bool failed;
} Tally;

typedef struct {
    const char *text;
    const Model *model;
    Reach *reach;
    NetState *state, *before;
    bool *down, *unit_down, *unheeded, *isolated;
    GArray *from, *to; /* of ClassId */
} Estate;

static const char *codes_name(const Verdict *verdict) { return verdict->code[0] != '\0' ? verdict->code : "REACH"; }

static void ends_choose(Estate *estate) {
    const EndpointClass *classes;
    uint32_t count = reach_classes(estate->reach, &classes);
    for (ClassId i = 0; i <= count; i++) {
        ClassId id = i < count ? i : CLASS_INTERNET;
        if (i == count) {
            g_array_append_val(estate->from, id);
            g_array_append_val(estate->to, id);
            continue;
        }
        const Component *component = &estate->model->components[classes[i].component];
        Attachment attachment = component->kind->passage.attachment;
        PassageMode mode = component->kind->passage.mode;
        if (attachment == ATTACH_JOIN || attachment == ATTACH_NETWORK || attachment == ATTACH_NAME ||
            mode == PASSAGE_FORWARDS || mode == PASSAGE_FILTERS || mode == PASSAGE_ATTACHES)
            continue;
        bool azure = estate->model->azure.networks != NULL; /* what is behind a service there is not asked */
        if (mode == PASSAGE_TRANSLATES && azure)
            continue;
        if (mode != PASSAGE_TRANSLATES && !(azure && attachment == ATTACH_SERVICE))
            g_array_append_val(estate->from, id);
        if (mode != PASSAGE_ORIGINATES)
            g_array_append_val(estate->to, id);
    }
}

static bool is_gateway(const Component *component) {
    PassageMode mode = component->kind->passage.mode;
    return component->kind->passage.attachment == ATTACH_JOIN ||
           component->kind->passage.attachment == ATTACH_NETWORK || mode == PASSAGE_FORWARDS ||
           mode == PASSAGE_TRANSLATES || mode == PASSAGE_STANDS_FOR;
}

static void unit_change(Estate *estate, Draw *luck, UnitId unit) {
    if (!is_gateway(&estate->model->components[estate->model->units[unit].component]))
        return;
    estate->unit_down[unit] = draw_below(luck, 100) < 12;
    estate->unheeded[unit] = estate->unit_down[unit] && draw_below(luck, 100) < 30;
    netstate_unit_down(estate->state, unit, estate->unit_down[unit]);
    netstate_unit_unnoticed(estate->state, unit, estate->unheeded[unit]);
}

/* Gateways, tunnels, zones and components come and go. */
static void state_change(Estate *estate, Draw *luck) {
    const Model *model = estate->model;
    for (UnitId u = 0; u < model->unit_count; u++)
        unit_change(estate, luck, u);
    for (PlaceId p = 0; p < model->place_count; p++) {
        PlaceLevel level = model->places[p].level;
        estate->down[p] = (level == PLACE_ZONE || level == PLACE_OUTSIDE) && draw_below(luck, 100) < 2;
        netstate_place_down(estate->state, p, estate->down[p]);
    }
    for (ComponentId c = 0; c < model->component_count; c++) {
        estate->isolated[c] = model->components[c].kind->passage.attachment != ATTACH_JOIN && draw_below(luck, 100) < 2;
        netstate_isolate(estate->state, c, estate->isolated[c]);
    }
}

static ClassId some_end(const Estate *estate, const GArray *ends, Draw *luck) {
    const EndpointClass *classes;
    ClassId id = CLASS_INTERNET;
    bool dull = true;
    reach_classes(estate->reach, &classes);
    for (int tries = 0; tries < 3 && dull; tries++) { /* gateways are asked about less often */
        id = g_array_index(ends, ClassId, draw_below(luck, ends->len));
        dull = id != CLASS_INTERNET && is_gateway(&estate->model->components[classes[id].component]);
    }
    return id;
}

static Query question(const Estate *estate, Draw *luck) {
    static const uint16_t services[] = {443, 443, 443, 443, 443, 443, 80, 22};
    static const Protocol protocols[] = {PROTOCOL_UDP, PROTOCOL_ICMP, PROTOCOL_ANY};
    Query query = {.from = some_end(estate, estate->from, luck),
                   .to = some_end(estate, estate->to, luck),
                   .protocol = draw_below(luck, 100) < 85 ? PROTOCOL_TCP : protocols[draw_below(luck, 3)],
                   .port = services[draw_below(luck, G_N_ELEMENTS(services))]};
    bool azure = estate->model->azure.networks != NULL;
    query.by_public_address = draw_below(luck, 100) < 8;
    query.family = azure || draw_below(luck, 100) < 80 ? 4 : draw_below(luck, 3) == 0 ? 6 : 0;
    query.probe = draw_below(luck, 100) < 10;
    if (draw_below(luck, 100) < 25)
        query.client_port = twin_client_ports[draw_below(luck, TWIN_CLIENT_PORTS)];
    if (query.protocol == PROTOCOL_ICMP || query.protocol == PROTOCOL_ANY)
        query.port = 0;
    return query;
}

static TwinEnd end_of(const Reach *reach, ClassId id) {
    const EndpointClass *classes;
    reach_classes(reach, &classes);
    if (id == CLASS_INTERNET)
        return (TwinEnd){NO_COMPONENT, NO_PLACE};
    return (TwinEnd){classes[id].component, classes[id].subnet};
}

static void state_tell(const Estate *estate, GString *text) {
    const Model *model = estate->model;
    for (UnitId u = 0; u < model->unit_count; u++)
        if (estate->unit_down[u])
            g_string_append_printf(text, "# unit-down: %s/%u%s\n", model->components[model->units[u].component].name,
                                   model->units[u].ordinal, estate->unheeded[u] ? " (unheeded)" : "");
    for (PlaceId p = 0; p < model->place_count; p++)
        if (estate->down[p])
            g_string_append_printf(text, "# down: %s\n", model->places[p].path);
    for (ComponentId c = 0; c < model->component_count; c++)
        if (estate->isolated[c])
            g_string_append_printf(text, "# isolate: %s\n", model->components[c].name);
}

static void answers_tell(const Estate *estate, GString *text, const Query *query, const Verdict *both) {
    char *from = reach_class_name(estate->reach, query->from), *to = reach_class_name(estate->reach, query->to);
    const Model *model = estate->model;
    g_string_append_printf(text, "# ask: %s -> %s %u/%u from %u family %u%s%s\n", from, to, query->protocol,
                           query->port, query->client_port, query->family, query->by_public_address ? " by-public" : "",
                           query->probe ? " probe" : "");
    for (int i = 0; i < 2; i++)
        g_string_append_printf(text, "%s: %s%s %s at %s by %s\n", i == 0 ? "reach" : "twin", verdict_name(both[i].kind),
                               both[i].reply ? "(reply)" : "", both[i].code,
                               both[i].at == NO_PLACE ? "-" : model->places[both[i].at].name,
                               model->elements[both[i].element].text);
    g_free(from);
    g_free(to);
}

/* Which of several routes of a circle is to blame is nobody's business, nor how far somebody gets who wants to speak to
 * an interface that has no address for him; and which part of all traffic is refused first. */
static bool same(const Query *query, const Verdict *got, const Verdict *expected) {
    if (strcmp(expected->code, twin_addressless) == 0)
        return got->kind != VERDICT_REACH && expected->kind != VERDICT_REACH;
    if (got->kind != expected->kind || got->reply != expected->reply)
        return false;
    if (query->protocol == PROTOCOL_ANY && got->kind == VERDICT_DENY)
        return true;
    if (strcmp(got->code, expected->code) != 0)
        return false;
    return got->kind == VERDICT_REACH || strcmp(got->code, "ROUTING_LOOP") == 0 || got->element == expected->element;
}

/* TWIN_ALL=1: tells all of them without their patterns. */
static void differs(const Estate *estate, Tally *tally, const Query *query, const Verdict *both) {
    GString *text = g_string_new(NULL);
    tally->failed = g_getenv("TWIN_ALL") == NULL;
    if (tally->failed) {
        g_string_append(text, estate->text);
        state_tell(estate, text);
    }
    answers_tell(estate, text, query, both);
    g_test_message("network %" G_GUINT64_FORMAT " differs:\n%s", tally->network, text->str);
    g_string_free(text, TRUE);
}

static void count_code(Tally *tally, const Verdict *verdict) {
    uint32_t *count = g_hash_table_lookup(tally->counts, codes_name(verdict));
    if (count == NULL) {
        count = g_new0(uint32_t, 1);
        g_hash_table_insert(tally->counts, g_strdup(codes_name(verdict)), count);
    }
    (*count)++;
}

/* ---- what else must hold of a verdict ------------------------------------------------------------------------------
 */
static bool is_same(const Verdict *a, const Verdict *b) {
    return a->kind == b->kind && a->reply == b->reply && a->element == b->element && a->at == b->at &&
           strcmp(a->code, b->code) == 0;
}

/* The explanation says the same, ends where the verdict says, and knows to which ports answers get back. */
static void check_explained(const Estate *estate, Query query, const Verdict *verdict) {
    Explanation *told = reach_explain(estate->reach, estate->state, query);
    bool turned = verdict->reply || verdict->kind == VERDICT_REACH;
    g_assert_true(is_same(&told->verdict, verdict));
    g_assert_cmpuint(told->forward_count, >, 0);
    g_assert_true(turned == (told->back_count > 0));
    if (verdict->kind != VERDICT_REACH) {
        const Hop *end = turned ? &told->back[told->back_count - 1] : &told->forward[told->forward_count - 1];
        g_assert_cmpuint(end->element, ==, verdict->element);
        g_assert_nonnull(strstr(end->text, verdict->code));
    }
    for (uint32_t i = 0; i < TWIN_CLIENT_PORTS && turned; i++) {
        query.client_port = twin_client_ports[i];
        query.family = told->family;
        bool told_so = ports_contain(&told->client_ports, query.protocol, query.client_port),
             reaches = reach_verdict(estate->reach, estate->state, query).kind == VERDICT_REACH;
        bool ported = query.protocol == PROTOCOL_TCP || query.protocol == PROTOCOL_UDP;
        g_assert_true(ported ? told_so == reaches : !told_so || reaches); /* of all traffic: everything or nothing */
    }
    explanation_free(told);
}

/* No rule has changed: a connection of before lives on at least where a new one could be opened. */
static void check_survival(const Estate *estate, Query query, const Verdict *verdict) {
    Verdict then = reach_verdict(estate->reach, estate->before, query),
            lives = reach_survives(estate->reach, estate->before, estate->state, query);
    if (then.kind != VERDICT_REACH)
        g_assert_true(is_same(&lives, verdict));
    else if (verdict->kind == VERDICT_REACH)
        g_assert_cmpint(lives.kind, ==, VERDICT_REACH);
}

static const Service bit_services[] = {{PROTOCOL_TCP, 443}, {PROTOCOL_ANY, 0}, {PROTOCOL_TCP, 80}, {PROTOCOL_UDP, 443}};

/* Pair by pair, the bits say what the single verdict says. */
static void compare_bits(const Estate *estate, const NetState *state, const ReachBits *bits, Draw *luck) {
    const EndpointClass *classes;
    uint32_t count = reach_classes(estate->reach, &classes);
    for (uint32_t i = 0; i < 3 * (count + 1); i++) {
        uint32_t s = (uint32_t)draw_below(luck, G_N_ELEMENTS(bit_services)), a = (uint32_t)draw_below(luck, count + 1),
                 b = (uint32_t)draw_below(luck, count + 1);
        Query query = {.from = a < count ? a : CLASS_INTERNET,
                       .to = b < count ? b : CLASS_INTERNET,
                       .protocol = bit_services[s].protocol,
                       .port = bit_services[s].port};
        Verdict verdict = reach_verdict(estate->reach, state, query);
        if (reach_bits_connect(bits, s, query.from, query.to) != (verdict.kind == VERDICT_REACH)) {
            GString *text = g_string_new(estate->text);
            state_tell(estate, text);
            answers_tell(estate, text, &query, (Verdict[2]){verdict, verdict});
            g_test_message("the bits differ:\n%s", text->str);
            g_assert_not_reached();
        }
    }
}

/* Takes a route, a rule or an entry away, and puts it back the next time. */
static void change_something(const Model *model, NetState *state, ReachBits *bits, Draw *luck) {
    uint32_t table = (uint32_t)draw_below(luck, model->route_table_count);
    const RouteTable *routes = &model->route_tables[table];
    if (routes->route_count > 0) {
        const Route *route = &routes->routes[draw_below(luck, routes->route_count)];
        if (route->target != ROUTE_LOCAL && !netstate_route_remove(state, table, route))
            netstate_route_add(state, table, route);
        reach_bits_follow_table(bits, table);
    }
    uint32_t group = (uint32_t)draw_below(luck, model->group_count + 1);
    if (group < model->group_count && model->groups[group].inbound_count > 0) {
        const Rule *rule = &model->groups[group].inbound[draw_below(luck, model->groups[group].inbound_count)];
        if (!netstate_rule_remove(state, group, true, rule))
            netstate_rule_add(state, group, true, rule);
        reach_bits_follow(bits, group);
    }
    uint32_t acl = (uint32_t)draw_below(luck, model->acl_count + 1);
    if (acl < model->acl_count && model->acls[acl].inbound_count > 0) {
        const AclRule *entry = &model->acls[acl].inbound[draw_below(luck, model->acls[acl].inbound_count)];
        if (!netstate_acl_remove(state, acl, true, entry))
            netstate_acl_add(state, acl, true, entry);
        reach_bits_follow_acl(bits, acl);
    }
}

static void check_bits(const Estate *estate, Draw *luck) {
    NetState *state = netstate_copy(estate->state);
    ReachBits *bits = reach_bits_new(estate->reach, state, bit_services, G_N_ELEMENTS(bit_services));
    compare_bits(estate, state, bits, luck);
    for (int i = 0; i < 3; i++) {
        change_something(estate->model, state, bits, luck);
        compare_bits(estate, state, bits, luck);
    }
    reach_bits_free(bits);
    netstate_free(state);
}

static void estate_ask(const Estate *estate, Tally *tally, Draw *luck) {
    Twin twin = {.model = estate->model,
                 .down = estate->down,
                 .unit_down = estate->unit_down,
                 .unheeded = estate->unheeded,
                 .isolated = estate->isolated,
                 .ports = twin_client_ports,
                 .port_count = TWIN_CLIENT_PORTS};
    for (int i = 0; i < QUESTIONS && !tally->failed; i++) {
        Query query = question(estate, luck);
        if (query.by_public_address && query.from == query.to)
            continue; /* two machines of one class, which the twin cannot tell apart */
        Verdict both[2] = {
            reach_verdict(estate->reach, estate->state, query),
            tally->trial->ask(&twin, end_of(estate->reach, query.from), end_of(estate->reach, query.to), query)};
        if (!same(&query, &both[0], &both[1]))
            differs(estate, tally, &query, both);
        if (i == 0 && tally->network % 3 == 0)
            check_explained(estate, query, &both[0]);
        if (i % 7 == 0 && query.family != 0)
            check_survival(estate, query, &both[0]);
        tally->asked++;
        tally->reached += both[0].kind == VERDICT_REACH;
        tally->replies += both[0].reply;
        count_code(tally, &both[0]);
    }
}

static void estate_try(Tally *tally, const char *text, Draw *luck) {
    ModelInputs *inputs = model_inputs_new();
    Diagnostics *diagnostics = diagnostics_new();
    ModelText texts[1 + DEFAULTS] = {{"patterns/estate.yaml", text}};
    memcpy(texts + 1, tally->defaults, DEFAULTS * sizeof *texts);
    ModelRequest request = {
        .path = texts[0].label, .inputs = inputs, .texts = texts, .text_count = G_N_ELEMENTS(texts)};
    Model *model = model_read(&request, &builtin_catalogue, diagnostics, NULL);
    if (model == NULL) {
        g_test_message("%s", text);
        diagnostics_print(diagnostics, stderr, 20);
    }
    g_assert_nonnull(model);
    Estate estate = {.text = text,
                     .model = model,
                     .reach = reach_new(model),
                     .state = netstate_new(model),
                     .before = netstate_new(model),
                     .down = g_new0(bool, model->place_count),
                     .unit_down = g_new0(bool, model->unit_count),
                     .unheeded = g_new0(bool, model->unit_count),
                     .isolated = g_new0(bool, model->component_count),
                     .from = g_array_new(FALSE, FALSE, sizeof(ClassId)),
                     .to = g_array_new(FALSE, FALSE, sizeof(ClassId))};
    ends_choose(&estate);
    for (int i = 0; i < STATES && !tally->failed; i++) {
        estate_ask(&estate, tally, luck);
        if (tally->network % 10 == 0)
            check_bits(&estate, luck);
        state_change(&estate, luck);
    }
    netstate_free(estate.state);
    netstate_free(estate.before);
    reach_free(estate.reach);
    g_free(estate.down);
    g_free(estate.unit_down);
    g_free(estate.unheeded);
    g_free(estate.isolated);
    g_array_free(estate.from, TRUE);
    g_array_free(estate.to, TRUE);
    model_free(model);
    diagnostics_free(diagnostics);
    model_inputs_free(inputs);
}

/* ---- many ----------------------------------------------------------------------------------------------------------
 */
static void tell(const Tally *tally, uint64_t least) {
    GList *names = g_list_sort(g_hash_table_get_keys(tally->counts), (GCompareFunc)strcmp);
    for (GList *name = names; name != NULL; name = name->next)
        g_test_message("%-46s %u", (const char *)name->data,
                       *(const uint32_t *)g_hash_table_lookup(tally->counts, name->data));
    g_list_free(names);
    g_test_message("asked %" G_GUINT64_FORMAT ", %.1f %% reach, %" G_GUINT64_FORMAT " decided on the way back",
                   tally->asked, 100.0 * (double)tally->reached / (double)tally->asked, tally->replies);
    for (const char *const *code = tally->trial->codes; *code != NULL; code++) {
        const uint32_t *count = g_hash_table_lookup(tally->counts, *code);
        if (count == NULL || *count < least)
            g_test_message("only %u of %s", count != NULL ? *count : 0, *code);
        g_assert_true(count != NULL && *count >= least);
    }
    g_assert_cmpuint(tally->reached * 10, >, tally->asked * 3);
    g_assert_cmpuint(tally->reached * 10, <, tally->asked * 7);
}

/* As much as the generators need: reading all the world for each network would take most of the time. */
static const char places[] = "defaults: places\nsource: \"assumption: the city of the region\"\n"
                             "outside: {europe: {latitude: 50.11, longitude: 8.68}}\n"
                             "aws: {us-east-1: {latitude: 38.95, longitude: -77.45, zones: [a, b]}}\n"
                             "azure: {westeurope: {latitude: 52.37, longitude: 4.90, zones: [-1]}}\n";

void twin_run(const TwinTrial *trial) {
    const char *only = g_getenv("TWIN_ONLY"), *few = g_getenv("TWIN_NETWORKS");
    bool slow = g_test_slow();
    uint64_t usual = slow ? trial->long_networks : trial->networks;
    uint64_t networks = few != NULL ? g_ascii_strtoull(few, NULL, 10) : usual;
    char *own = g_strdup_printf("patterns/defaults/%s.yaml", trial->provider), *kinds;
    g_assert_true(g_file_get_contents(own, &kinds, NULL, NULL));
    const ModelText defaults[DEFAULTS] = {{own, kinds},
                                          {"patterns/defaults/places.yaml", places},
                                          {"patterns/defaults/network.yaml", "defaults: network\n"},
                                          {"patterns/defaults/prices.yaml", "defaults: prices\nprices: {}\n"}};
    Tally tally = {
        .trial = trial, .defaults = defaults, .counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};
    Stream stream = luck_stream((Luck){1, 0}, "test_twin", trial->name);
    for (uint64_t n = only != NULL ? g_ascii_strtoull(only, NULL, 10) : 0; n < networks && !tally.failed; n++) {
        Draw luck = stream_draw(&stream, n);
        tally.network = n;
        TwinText text = {g_string_new(NULL), &luck};
        trial->write(&text);
        estate_try(&tally, text.text->str, &luck);
        g_string_free(text.text, TRUE);
    }
    if (tally.failed)
        g_test_fail();
    else
        tell(&tally, slow ? 500 : networks >= usual);
    g_hash_table_destroy(tally.counts);
    g_free(kinds);
    g_free(own);
}
