/* claims.c - what `that:` may say of the network: reachable(...), every path ... passes ..., excess == 0. */
#include <string.h>

#include "base/bug.h"
#include "model/build.h"

/* --- what is counted ---------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *about;
} words[AUDIT_KINDS] = {
    [AUDIT_EXCESS] = {"excess", "reachable, but no flow means it"},
    [AUDIT_BROKEN] = {"broken", "meant by a flow, but not reachable"},
    [AUDIT_PUBLIC] = {"public", "open to the internet"},
    [AUDIT_HOST] = {"host", "a host of yours, not a service of the provider, in the open"},
    [AUDIT_MANAGEMENT] = {"management", "a port of management gets through to a host of yours"},
};

const char *audit_name(AuditKind kind) {
    BUG_IF((unsigned)kind >= AUDIT_KINDS, "no such kind of finding");
    return words[kind].name;
}

const char *audit_about(AuditKind kind) {
    BUG_IF((unsigned)kind >= AUDIT_KINDS, "no such kind of finding");
    return words[kind].about;
}

/* --- parts of a sentence ------------------------------------------------------------------------------------------ */

/* The word before `stop`, trimmed, and *text behind it; NULL: no such thing in it. g_free. */
static char *part_before(const char **text, const char *stop) {
    const char *at = strstr(*text, stop);
    if (at == NULL)
        return NULL;
    char *part = g_strstrip(g_strndup(*text, (gsize)(at - *text)));
    *text = at + strlen(stop);
    return part;
}

static bool begins(const char **text, const char *word) {
    size_t length = strlen(word);
    bool good = strncmp(*text, word, length) == 0;
    *text += good ? length : 0;
    return good;
}

typedef struct {
    char *from, *to, *ports, *via;
} Parts;

static void parts_clear(Parts *parts) {
    g_free(parts->from);
    g_free(parts->to);
    g_free(parts->ports);
    g_free(parts->via);
}

/* "b tcp/443" into b and its port. */
static void target_split(const char *text, Parts *parts) {
    char *whole = g_strstrip(g_strdup(text));
    size_t word = strcspn(whole, " ");
    parts->to = g_strndup(whole, word);
    parts->ports = g_strdup(g_strchug(whole + word));
    g_free(whole);
}

/* "WORD(a -> b tcp/443 LINK via)", without LINK or without a port: `opening` is the word with its bracket, `link` has
 * blanks. */
static bool pair_split(const char *text, const char *opening, const char *link, Parts *parts) {
    if (!begins(&text, opening) || !g_str_has_suffix(text, ")"))
        return false;
    parts->from = part_before(&text, "->");
    if (parts->from == NULL)
        return false;
    char *rest = g_strndup(text, strlen(text) - 1);
    const char *behind = rest;
    char *to = part_before(&behind, link);
    parts->via = to != NULL ? g_strstrip(g_strdup(behind)) : NULL;
    target_split(to != NULL ? to : rest, parts);
    g_free(to);
    g_free(rest);
    return true;
}

/* --- reachable ---------------------------------------------------------------------------------------------------- */

/* What follows the ports: "GET /admin", either of which may be left out. They leave the text. */
static void request_read(Build *build, Parts *parts, Expect *expect) {
    char **parted = g_strsplit(parts->ports, " ", -1);
    GString *ports = g_string_new(NULL);
    for (char **word = parted; *word != NULL; word++) {
        if (**word == '/')
            expect->request_path = keep(build, "%s", *word);
        else if (g_ascii_isupper(**word))
            expect->method = keep(build, "%s", *word);
        else
            g_string_append_printf(ports, "%s%s", ports->len > 0 ? " " : "", *word);
    }
    g_strfreev(parted);
    g_free(parts->ports);
    parts->ports = g_string_free(ports, FALSE);
}

/* Without a port it means where the target listens; a target that listens nowhere needs one. */
static bool target_ports(Build *build, const Parts *parts, Mark mark, Expect *expect) {
    char *why = NULL;
    bool good = true;
    if (parts->ports[0] != '\0' && !ports_parse(parts->ports, &expect->ports, &why)) {
        complain(build, mark, "write a port after the target: tcp/443", "'%s': %s", parts->ports, why);
        good = false;
    }
    for (uint32_t i = 0; good && parts->ports[0] == '\0' && i < expect->to_count; i++) {
        if (expect->to[i] != NO_COMPONENT && build->model->components[expect->to[i]].listens.count > 0)
            continue;
        bool path = expect->kind == EXPECT_EVERY_PATH;
        complain(build, mark,
                 keep(build,
                      path ? "say the port: every path %s -> %s tcp/443" : "say the port: reachable(%s -> %s tcp/443)",
                      parts->from, parts->to),
                 "'%s' listens on no port that could be meant", parts->to);
        good = false;
    }
    g_free(why);
    return good;
}

static bool ends_find(Build *build, const Parts *parts, Mark mark, Expect *expect) {
    Scope outside = {NULL, NULL};
    expect->from_count = names_find(build, outside, parts->from, NAME_USERS | NAME_INTERNET, mark, &expect->from);
    expect->to_count = names_find(build, outside, parts->to, NAME_INTERNET, mark, &expect->to);
    return expect->from_count > 0 && expect->to_count > 0 && target_ports(build, parts, mark, expect);
}

/* Only what opens connections for its callers can stand between. */
static bool reachable_read(Build *build, Parts *parts, Mark mark, Expect *expect) {
    request_read(build, parts, expect);
    bool good = ends_find(build, parts, mark, expect);
    if (parts->via != NULL)
        expect->via_count = names_find(build, (Scope){NULL, NULL}, parts->via, 0, mark, &expect->via);
    for (uint32_t i = 0; i < expect->via_count; i++) {
        const Component *relay = &build->model->components[expect->via[i]];
        if (relay->kind->passage.relays)
            continue;
        complain(build, mark, "name an egress_proxy or a bastion", "'%s' opens no connections for others",
                 relay->label);
        good = false;
    }
    return good && (parts->via == NULL || expect->via_count > 0);
}

/* --- recorded ------------------------------------------------------------------------------------------------- */

static bool recorder_find(Build *build, const char *name, Mark mark, Expect *expect) {
    const Model *model = build->model;
    for (uint32_t i = 0; i < model->sensor_count; i++)
        if (strcmp(model->sensors[i].name, name) == 0)
            expect->sensor = i + 1;
    if (expect->sensor == 0)
        expect->via_count = names_find(build, (Scope){NULL, NULL}, name, 0, mark, &expect->via);
    bool records = expect->sensor > 0 ? model->sensors[expect->sensor - 1].kind->records : expect->via_count > 0;
    for (uint32_t i = 0; i < expect->via_count; i++)
        records = records && model->components[expect->via[i]].kind->inspects != NULL;
    if (!records && (expect->sensor > 0 || expect->via_count > 0))
        complain(build, mark, "name a sensor of kind host_agent or flow_log, or an appliance",
                 "'%s' keeps no record of connections", name);
    return records;
}

static bool recorded_read(Build *build, const Parts *parts, Mark mark, Expect *expect) {
    expect->kind = EXPECT_RECORDED;
    bool good = ends_find(build, parts, mark, expect);
    return good && (parts->via == NULL || recorder_find(build, parts->via, mark, expect));
}

/* --- every path --------------------------------------------------------------------------------------------------- */

/* "every path a -> b tcp/443 passes c" */
static bool path_split(const char *text, Parts *parts) {
    if (!begins(&text, "every path "))
        return false;
    parts->from = part_before(&text, "->");
    char *to = parts->from != NULL ? part_before(&text, " passes ") : NULL;
    if (to == NULL)
        return false;
    target_split(to, parts);
    parts->via = g_strstrip(g_strdup(text));
    g_free(to);
    return true;
}

static bool path_read(Build *build, const Parts *parts, Mark mark, Expect *expect) {
    Scope outside = {NULL, NULL};
    expect->kind = EXPECT_EVERY_PATH;
    expect->via_count = names_find(build, outside, parts->via, 0, mark, &expect->via);
    return ends_find(build, parts, mark, expect) && expect->via_count > 0;
}

/* --- counts ------------------------------------------------------------------------------------------------------- */

/* "excess == 0" */
static bool audit_split(const char *text, Expect *expect) {
    for (AuditKind kind = 0; kind < AUDIT_KINDS; kind++) {
        const char *at = text;
        if (!begins(&at, audit_name(kind)))
            continue;
        const char *value = comparison_read(at + strspn(at, " "), &expect->comparison);
        char *why = NULL;
        bool good = value != NULL && quantity_parse(value, UNIT_NONE, &expect->bound, &why);
        g_free(why);
        expect->kind = EXPECT_AUDIT;
        expect->audit = kind;
        if (good)
            return true;
    }
    return false;
}

/* --- all ---------------------------------------------------------------------------------------------------------- */

static bool sentence_read(Build *build, const char *text, Mark mark, Expect *expect) {
    Parts parts = {0};
    bool good = false, known = true;
    const char *at = text;
    expect->kind = EXPECT_REACHABLE;
    expect->negated = begins(&at, "not ");
    at += strspn(at, " ");
    if (pair_split(at, "reachable(", " through ", &parts))
        good = reachable_read(build, &parts, mark, expect);
    else if (pair_split(at, "recorded(", " by ", &parts))
        good = recorded_read(build, &parts, mark, expect);
    else if (!expect->negated && path_split(at, &parts))
        good = path_read(build, &parts, mark, expect);
    else if (!access_claim_read(build, at, mark, expect, &good))
        good = known = !expect->negated && audit_split(at, expect);
    if (!known)
        complain(build, mark,
                 "write reachable(a -> b tcp/443), not reachable(a -> b), every path a -> b passes c, or excess == 0",
                 "'%s' cannot be understood", text);
    parts_clear(&parts);
    return good;
}

bool claim_read(Build *build, const char *text, Mark mark, Expect *expect) {
    char *trimmed = g_strstrip(g_strdup(text));
    bool good = sentence_read(build, tree_string(build->tree, trimmed), mark, expect);
    if (good && expect->some && expect->kind != EXPECT_REACHABLE) {
        complain(build, mark, "leave `some` out", "only reachable() can hold for some pairs");
        good = false;
    }
    g_free(trimmed);
    return good;
}
