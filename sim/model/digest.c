/* digest.c - two digests of what was read: of the files' bytes, and of what they mean.
 *
 * The model's digest is over a canonical text without positions, comments, key order or defaults' sources: two files
 * that say the same have the same one. The seed and the number of replications are not in it: they say which luck, not
 * which model. */
#include <inttypes.h>
#include <string.h>

#include "base/digest.h"
#include "model/build.h"
#include "model/statements.h"

/* --- bytes -------------------------------------------------------------------------------------------------------- */

/* Labels and lengths stand between the texts, so that no two sets of files look alike. Labels hold no folders. */
static char *digest_inputs(const Build *build) {
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (guint i = 0; i < build->sources->len; i++) {
        uint64_t length;
        const char *text = source_text(build->sources->pdata[i], &length);
        char *head = g_strdup_printf("%s\n%" PRIu64 "\n", (const char *)build->source_labels->pdata[i], length);
        g_checksum_update(sum, (const guchar *)head, -1);
        g_checksum_update(sum, (const guchar *)text, (gssize)length);
        g_free(head);
    }
    char *digest = g_strdup(g_checksum_get_string(sum));
    g_checksum_free(sum);
    return digest;
}

/* --- the model ---------------------------------------------------------------------------------------------------- */

static void line(GString *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void line(GString *out, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    g_string_append_vprintf(out, format, arguments);
    va_end(arguments);
    g_string_append_c(out, '\n');
}

/* Absent is not empty. */
static const char *or_none(const char *text) { return text != NULL ? text : "-"; }

static void spec_line(const char *name, const char *value, void *out) { line(out, " .%s %s", name, value); }

/* Ids stand for names: tables are sorted, so equal names have equal ids. */
static void ids_line(GString *out, const char *what, const uint32_t *ids, uint32_t count) {
    g_string_append_printf(out, " %s", what);
    for (uint32_t i = 0; i < count; i++)
        g_string_append_printf(out, " %" PRIu32, ids[i]);
    g_string_append_c(out, '\n');
}

/* Coordinates in millionths of a degree: no printing of doubles. */
static int64_t millionths(double degrees) { return (int64_t)(degrees * 1e6 + (degrees < 0 ? -0.5 : 0.5)); }

/* Coordinates count: they are where delays come from. */
static void places_text(GString *out, const Model *model) {
    for (uint32_t i = 0; i < model->place_count; i++) {
        const Place *place = &model->places[i];
        char *cidr = place->cidr.family != 0 ? prefix_text(&place->cidr) : g_strdup("-");
        line(out, "place %s level %d at %" PRId64 " %" PRId64 " network %" PRIu32 " table %" PRIu32 " cidr %s",
             place->path, place->level, millionths(place->latitude), millionths(place->longitude), place->network,
             place->route_table, cidr);
        g_free(cidr);
    }
    for (uint32_t i = 0; i < model->network_count; i++) {
        char *cidr = prefix_text(&model->networks[i].cidr);
        line(out, "network %s cidr %s gateway %d", model->networks[i].name, cidr, model->networks[i].internet_gateway);
        g_free(cidr);
    }
}

static void rules_text(GString *out, const Model *model, const Rule *rules, uint32_t count, bool inbound) {
    for (uint32_t i = 0; i < count; i++) {
        char *text = rule_text(model, &rules[i], inbound);
        line(out, " %s", text);
        g_free(text);
    }
}

static void controls_text(GString *out, const Model *model) {
    for (uint32_t i = 0; i < model->group_count; i++) {
        const SecurityGroup *group = &model->groups[i];
        line(out, "group %s network %" PRIu32, group->name, group->network);
        rules_text(out, model, group->inbound, group->inbound_count, true);
        rules_text(out, model, group->outbound, group->outbound_count, false);
    }
    for (uint32_t i = 0; i < model->route_table_count; i++) {
        const RouteTable *table = &model->route_tables[i];
        line(out, "table %s", table->name);
        for (uint32_t r = 0; r < table->route_count; r++) {
            char *to = prefix_text(&table->routes[r].to);
            line(out, " %s %d", to, table->routes[r].target);
            if (table->routes[r].target >= ROUTE_INTERFACE)
                line(out, "  via %" PRIu32 " learnt %d listed %d", table->routes[r].via, table->routes[r].propagated,
                     table->routes[r].from_list);
            g_free(to);
        }
    }
}

static void hub_text(GString *out, const Join *hub) {
    for (uint32_t a = 0; a < hub->attachment_count; a++) {
        const HubAttachment *attachment = &hub->attachments[a];
        line(out, " attachment %" PRIu32 " %" PRIu32 " table %" PRIu32 " appliance %d", attachment->network,
             attachment->line, attachment->table, attachment->appliance_mode);
        ids_line(out, "zones", attachment->zones, attachment->zone_count);
        ids_line(out, "subnets", attachment->subnets, attachment->zone_count);
    }
    for (uint32_t t = 0; t < hub->table_count; t++) {
        line(out, " table %s", hub->tables[t].name);
        for (uint32_t r = 0; r < hub->tables[t].route_count; r++) {
            const HubRoute *route = &hub->tables[t].routes[r];
            char *to = prefix_text(&route->to);
            line(out, "  %s origin %d attachment %" PRIu32, to, route->origin, route->attachment);
            g_free(to);
        }
    }
}

static void joins_text(GString *out, const Model *model) {
    for (uint32_t i = 0; i < model->join_count; i++) {
        const Join *join = &model->joins[i];
        line(out, "join %" PRIu32 " shape %d %" PRIu32 " %" PRIu32 " hubs %" PRIu32 " %" PRIu32, join->component,
             join->shape, join->a, join->b, join->hub_a, join->hub_b);
        for (uint32_t k = 0; k < join->to_b_count; k++) {
            char *to = prefix_text(&join->to_b[k]);
            line(out, " advertises %s", to);
            g_free(to);
        }
        hub_text(out, join);
        if (join->shape == JOIN_OVERLAY) {
            ids_line(out, "nodes", join->nodes, join->node_count);
            ids_line(out, "members", join->members, join->member_count);
        }
    }
    for (uint32_t i = 0; i < model->endpoint_count; i++) {
        line(out, "endpoint %" PRIu32, model->endpoints[i].component);
        ids_line(out, "services", model->endpoints[i].services, model->endpoints[i].service_count);
    }
    for (uint32_t i = 0; i < model->site_count; i++) {
        const Site *site = &model->sites[i];
        line(out, "site %s internet %d filters %d %d", site->name, site->internet, site->filters_inbound,
             site->filters_outbound);
        rules_text(out, model, site->inbound, site->inbound_count, true);
        rules_text(out, model, site->outbound, site->outbound_count, false);
    }
}

/* Specs go in row by row, defaults too: a default that changes is another model. */
static void components_text(GString *out, const Model *model) {
    for (uint32_t i = 0; i < model->component_count; i++) {
        const Component *component = &model->components[i];
        char *ports = ports_text(&component->listens);
        line(out, "component %s kind %s place %" PRIu32 " units %" PRIu32 " listens %s target_port %u public %d",
             component->name, component->kind->name, component->place, component->unit_count, ports,
             component->target_port, component->public_address);
        g_free(ports);
        ids_line(out, "groups", component->groups, component->group_count);
        ids_line(out, "targets", component->targets, component->target_count);
        ids_line(out, "zones", component->zones, component->zone_count);
        spec_each(component->kind->fields, component->spec, spec_line, out);
    }
    for (uint32_t i = 0; i < model->flow_count; i++) {
        line(out, "flow %s", model->flows[i].name);
        for (uint32_t s = 0; s < model->flows[i].step_count; s++) {
            const FlowStep *step = &model->flows[i].steps[s];
            if (step->connector != CONNECTOR_CALLS || step->writes || step->removes)
                line(out, "connector %s%s", connector_text(step->connector),
                     step->writes    ? " writes"
                     : step->removes ? " removes"
                                     : "");
            ids_line(out, "step", step->by_copy, step->copies);
        }
    }
}

/* What a file beside the YAML says is part of the model, its name is in the spec. */
static void file_line(GString *out, const Source *file) {
    uint64_t length;
    const char *text = file != NULL ? source_text(file, &length) : NULL;
    if (text == NULL)
        return;
    char *digest = digest_sha256(text, length);
    line(out, " file %s", digest);
    g_free(digest);
}

static void loads_text(GString *out, const Model *model) {
    for (uint32_t i = 0; i < model->load_count; i++) {
        const LoadSpec *load = &model->loads[i];
        line(out, "load %" PRIu32 " flow %" PRIu32 " kind %s", load->population, load->flow, load->kind->name);
        spec_each(load->kind->fields, load->spec, spec_line, out);
        file_line(out, load->file);
    }
    for (uint32_t i = 0; i < model->sensor_count; i++) {
        line(out, "sensor %s kind %s", model->sensors[i].name, model->sensors[i].kind->name);
        ids_line(out, "watches", model->sensors[i].watches, model->sensors[i].watch_count);
        spec_each(model->sensors[i].kind->fields, model->sensors[i].spec, spec_line, out);
    }
    for (uint32_t i = 0; i < model->response_count; i++) {
        const ResponseSpec *response = &model->responses[i];
        line(out, "response %s kind %s sensor %" PRIu32, response->name, response->kind->name, response->sensor);
        spec_each(response->kind->fields, response->spec, spec_line, out);
    }
}

/* Texts of events are canonical already. */
static void timeline_text(GString *out, const Model *model) {
    for (uint32_t i = 0; i < model->event_count; i++) {
        const TimelineEvent *event = &model->timeline[i];
        line(out, "event %s", event->text);
        if (event->has_recovery) {
            char *law = law_text(&event->recovery);
            line(out, " recovery %s", law);
            g_free(law);
        }
        if (event->kind == EVENT_FAULT)
            spec_each(event->fault->fields, event->spec, spec_line, out);
        if (event->kind == EVENT_THREAT)
            spec_each(event->threat->fields, event->spec, spec_line, out);
        if (event->kind == EVENT_ORDER)
            spec_each(event->order->fields, event->spec, spec_line, out);
    }
    for (uint32_t i = 0; i < model->expect_count; i++) {
        const Expect *expect = &model->expects[i];
        char *but = expect->but != NULL ? node_canonical(expect->but) : g_strdup("-");
        line(out, "expect %s of %s at %" PRId64 " some %d: %s but %s", expect->id, or_none(expect->of),
             expect->has_at ? expect->at.ns : -1, expect->some, expect->text, but);
        g_free(but);
    }
}

static void failures_text(GString *out, const Model *model) {
    for (uint32_t i = 0; i < model->component_count; i++)
        if (model->components[i].capacity > 0)
            line(out, "capacity of %s %" PRId64, model->components[i].name, model->components[i].capacity);
    for (uint32_t i = 0; i < model->component_count; i++)
        if (model->components[i].enough > 1)
            line(out, "enough of %s %" PRIu32, model->components[i].name, model->components[i].enough);
    for (uint32_t i = 0; i < model->failure_count; i++) {
        const FailureLaw *law = &model->failures[i];
        char *every = law_text(&law->every), *lasts = law_text(&law->lasts);
        line(out, "failure %s %s every %s lasts %s common %" PRId64 " coverage %" PRId64 " crews %" PRIu32, law->name,
             law->fault->verb, every, lasts, law->common_cause, law->coverage, law->crews);
        for (uint32_t p = 0; p < law->part_count; p++)
            line(out, " part %s of %s", law->parts[p].name, law->groups[law->parts[p].group]);
        spec_each(law->fault->fields, law->spec, spec_line, out);
        g_free(every);
        g_free(lasts);
    }
}

static void defaults_text(GString *out, const Model *model) {
    const NetworkDefaults *network = &model->network;
    line(out, "run until %" PRId64 " warm_up %" PRId64 " %d", model->run.until.ns, model->run.warm_up.ns,
         model->run.has_warm_up);
    line(out,
         "network %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64
         " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64,
         network->same_zone.ns, network->zone_to_zone.ns, network->last_mile.ns, network->fibre_speed_share,
         network->route_factor, network->fixed.ns, network->zone_link, network->region_link, network->internet_link,
         network->connect_timeout.ns, network->request_bytes, network->answer_bytes);
    line(out, "absorber %" PRId64 " %" PRId64 " %" PRId64, network->absorber_threshold, network->absorber_delay.ns,
         network->absorber_share);
    for (uint32_t i = 0; i < network->trip_count; i++)
        line(out, "trip %s %s %" PRId64, network->trips[i].from, network->trips[i].to, network->trips[i].round_trip.ns);
    for (uint32_t i = 0; i < model->price_count; i++)
        line(out, "price %s %" PRId64 " %s", model->prices[i].name, model->prices[i].price, model->prices[i].unit);
}

void digests_build(Build *build) {
    Model *model = build->model;
    GString *out = g_string_new("faultline model 1\n");
    line(out, "pattern %s scenario %s provider %s", model->pattern, or_none(model->scenario), model->provider);
    places_text(out, model);
    controls_text(out, model);
    filters_digest(out, model);
    joins_text(out, model);
    azure_text(out, model);
    workloads_text(out, model);
    allowlists_text(out, model);
    trust_text(out, model);
    components_text(out, model);
    loads_text(out, model);
    timeline_text(out, model);
    failures_text(out, model);
    policies_digest(out, model);
    defaults_text(out, model);
    model->byte_digest = digest_inputs(build);
    model->model_digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, out->str, (gssize)out->len);
    g_string_free(out, TRUE);
}
