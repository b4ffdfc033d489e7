/* flip.c - the smallest change that would turn a verdict round, found by trying it.
 *
 * A closed way is opened step by step: whoever decides is given what it lacks, and the question is asked again, so each
 * change on the list is needed. Where several routes lead on, each is followed to its end. An open way is closed by the
 * one rule that lets it in, or, when several would, by all of them. */
#include <string.h>

#include "reach/azure_flip.h"
#include "reach/flip_steps.h"
#include "reach/workloads.h"

enum { CHANGES_MOST = 8 }; /* a way that needs more is no small change */

typedef struct {
    char *text;
    uint32_t element;
    bool adds; /* an entry of a table, which a wider one that is found later may make needless */
    FlipAddition addition;
} Change;

typedef struct {
    const Reach *reach;
    NetState *state; /* a copy, in which the changes hold */
    Query query;
    GArray *changes;  /* of Change */
    GPtrArray *peers; /* of rules in the state; shared */
} Flipper;

static Verdict ask(const Flipper *flipper) { return reach_verdict(flipper->reach, flipper->state, flipper->query); }

static void note(Flipper *flipper, uint32_t element, char *text) {
    g_array_append_vals(flipper->changes, &(Change){.text = text, .element = element}, 1);
}

/* Its text is the change's then. */
static void add(Flipper *flipper, const FlipAddition *addition) {
    flip_add(flipper->state, addition);
    Change change = {.text = addition->text, .element = addition->element, .adds = true, .addition = *addition};
    g_array_append_val(flipper->changes, change);
}

static Flipper flipper_copy(const Flipper *flipper) {
    Flipper copy = *flipper;
    copy.state = netstate_copy(flipper->state);
    copy.changes = g_array_copy(flipper->changes);
    for (guint i = 0; i < copy.changes->len; i++)
        g_array_index(copy.changes, Change, i).text = g_strdup(g_array_index(flipper->changes, Change, i).text);
    return copy;
}

static void flipper_clear(Flipper *flipper) {
    netstate_free(flipper->state);
    for (guint i = 0; i < flipper->changes->len; i++)
        g_free(g_array_index(flipper->changes, Change, i).text);
    g_array_free(flipper->changes, TRUE);
}

static const char *element_text(const Flipper *flipper, uint32_t element) {
    return flipper->reach->model->elements[element].text;
}

/* ---- closing -------------------------------------------------------------------------------------------------------
 */
/* Every rule of that element, in whichever group: all peers of one line of the user's. */
static bool rules_remove(Flipper *flipper, uint32_t element) {
    bool any = false;
    for (uint32_t group = 0; group < flipper->reach->model->group_count; group++) {
        for (int inbound = 0; inbound < 2; inbound++) {
            for (uint32_t i = 0; i < netstate_rules(flipper->state, group, inbound)->count;) {
                Rule rule = netstate_rules(flipper->state, group, inbound)->rules[i];
                bool gone = rule.element == element && netstate_rule_remove(flipper->state, group, inbound, &rule);
                any = any || gone;
                i += gone ? 0 : 1;
            }
        }
    }
    return any;
}

/* The rules that let the packet out of its host or into the other, the latter last. */
static GArray *deciders(const Flipper *flipper) {
    GArray *hops = g_array_new(FALSE, FALSE, sizeof(HopRecord)), *found = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    walk_query(flipper->reach, flipper->state, &flipper->query, hops, NULL);
    for (guint i = 0; i < hops->len; i++) {
        const HopRecord *hop = &g_array_index(hops, HopRecord, i);
        bool filters = hop->kind == HOP_RULE_OUT || hop->kind == HOP_RULE_IN || hop->kind == HOP_POLICY_OUT ||
                       hop->kind == HOP_POLICY_IN || hop->kind == HOP_AUTHORIZED;
        if (filters && hop->element != 0)
            g_array_append_val(found, hop->element);
    }
    g_array_free(hops, TRUE);
    return found;
}

/* A group of numbered rules: one more, right before the one that decides. */
static bool nsg_turn(Flipper *flipper, uint32_t element, bool allow) {
    char *text = azure_flip(flipper->reach, flipper->state, &flipper->query, &element, allow, flipper->peers);
    if (text != NULL)
        note(flipper, element, text);
    return text != NULL;
}

/* Rules in the way of one another: the one at the server goes first; where it is one of several, the next. */
static void close_way(Flipper *flipper) {
    while (flipper->changes->len < CHANGES_MOST && ask(flipper).kind == VERDICT_REACH) {
        GArray *rules = deciders(flipper);
        uint32_t last = rules->len > 0 ? g_array_index(rules, uint32_t, rules->len - 1) : 0;
        g_array_free(rules, TRUE);
        if (nsg_turn(flipper, last, false))
            continue;
        if (!rules_remove(flipper, last) && !workloads_close(flipper->reach, flipper->state, last))
            return; /* also where no rule has a say: no rule is element 0 */
        note(flipper, last, g_strdup_printf("remove %s", element_text(flipper, last)));
    }
}

/* ---- opening -------------------------------------------------------------------------------------------------------
 */
static const Party *party_at(const Flipper *flipper, bool server) {
    return &flipper->reach->parties[party_of_class(flipper->reach, server ? flipper->query.to : flipper->query.from)];
}

/* The other side as it is seen there: its group where groups are recognised, its range otherwise. */
static Peer peer_of(const Walk *walk, uint32_t network, Host other, uint32_t *group, char **text) {
    const Party *party = walk_party(walk, other.party);
    if (other.public_side) {
        *text = g_strdup("internet");
        return (Peer){.kind = PEER_INTERNET};
    }
    if (!walk->middlebox && networks_peered(walk->reach, network, party->network) && party->component != NULL &&
        party->component->group_count > 0) {
        *group = party->component->groups[0];
        *text = g_strdup(walk->reach->model->groups[*group].name);
        return (Peer){.kind = PEER_GROUP, .groups = group, .group_count = 1};
    }
    const Prefix *range = walk_address(walk, other);
    *text = prefix_text(range);
    return (Peer){.kind = PEER_CIDR, .cidr = *range};
}

/* A rule for exactly this packet in the group at which the walk has stopped. */
static void rule_give(Flipper *flipper, const Walk *walk, uint32_t group, bool inbound) {
    uint32_t peer_group;
    char *peer = NULL;
    const SecurityGroup *to = &flipper->reach->model->groups[group];
    Host other = inbound ? walk->packet.from : walk->packet.to;
    Rule rule = {.peer = peer_of(walk, to->network, other, &peer_group, &peer), .element = to->element};
    ports_add(&rule.ports, (PortRange){walk->packet.protocol, walk->port, walk->port});
    netstate_rule_add(flipper->state, group, inbound, &rule);
    char *ports = ports_text(&rule.ports);
    note(flipper, to->element,
         g_strdup_printf("add to security group %s, %s: {%s: %s, port: %s}", to->name, inbound ? "inbound" : "outbound",
                         inbound ? "from" : "to", peer, ports));
    g_free(ports);
    g_free(peer);
}

/* False, and nothing is changed: it stops there as before. */
static bool rules_try(Flipper *flipper, const Walk *walk, uint32_t group, bool inbound, bool outbound) {
    Flipper trial = flipper_copy(flipper);
    if (inbound)
        rule_give(&trial, walk, group, true);
    if (outbound)
        rule_give(&trial, walk, group, false);
    Verdict after = ask(&trial);
    bool helps = after.at != walk->verdict.at || after.element != walk->verdict.element; /* who arrives stops nowhere */
    Flipper useless = helps ? *flipper : trial;
    if (helps)
        *flipper = trial;
    flipper_clear(&useless);
    return helps;
}

/* An appliance asks its groups both ways. */
static bool groups_give(Flipper *flipper) {
    Walk walk;
    uint32_t element = walk_ended(flipper->reach, flipper->state, &flipper->query, &walk).element, group = 0;
    while (flipper->reach->model->groups[group].element != element)
        group++;
    return rules_try(flipper, &walk, group, true, false) || rules_try(flipper, &walk, group, false, true) ||
           rules_try(flipper, &walk, group, true, true);
}

static bool isolation_lift(Flipper *flipper) {
    for (int server = 0; server < 2; server++) {
        const Party *party = party_at(flipper, server);
        if (party->component == NULL || !flipper->state->isolated[party->id])
            continue;
        netstate_isolate(flipper->state, party->id, false);
        note(flipper, party->element, g_strdup_printf("end the isolation of %s", party->name));
        return true;
    }
    return false;
}

/* The unit of a gateway that stopped the walk because it is down, or NO_UNIT: the place is. */
static UnitId unit_down(const Flipper *flipper, const Verdict *verdict) {
    const Model *model = flipper->reach->model;
    for (UnitId u = 0; u < model->unit_count; u++)
        if (model->components[model->units[u].component].element == verdict->element &&
            (model->units[u].subnet == NO_PLACE || model->units[u].subnet == verdict->at))
            return u;
    return NO_UNIT;
}

static bool mend(Flipper *flipper, const Verdict *verdict) {
    UnitId unit = unit_down(flipper, verdict);
    char *name;
    if (unit != NO_UNIT) {
        netstate_unit_down(flipper->state, unit, false);
        name = model_unit_name(flipper->reach->model, unit);
    } else {
        netstate_place_down(flipper->state, verdict->at, false);
        name = g_strdup(flipper->reach->model->places[verdict->at].name);
    }
    note(flipper, verdict->element, g_strdup_printf("bring %s back", name));
    g_free(name);
    return true;
}

static void open_way(Flipper *flipper);

/* Arrives, or gets farther, or needs less. */
static bool is_better(const Flipper *a, const Flipper *b) {
    uint32_t far_a = flip_progress(a->reach, a->state, &a->query), far_b = flip_progress(b->reach, b->state, &b->query);
    return far_a != far_b ? far_a > far_b : a->changes->len < b->changes->len;
}

/* Each route that leads on, followed to the end; the best becomes the flipper. False: none does. */
static bool routes_try(Flipper *flipper) {
    uint32_t count;
    FlipAddition *routes = flip_routes(flipper->reach, flipper->state, &flipper->query, &count);
    Flipper best = {0};
    for (uint32_t i = 0; i < count; i++) {
        Flipper trial = flipper_copy(flipper);
        add(&trial, &routes[i]);
        open_way(&trial);
        bool better = best.state == NULL || is_better(&trial, &best);
        if (better && best.state != NULL)
            flipper_clear(&best);
        if (better)
            best = trial;
        else
            flipper_clear(&trial);
    }
    g_free(routes);
    if (best.state != NULL) {
        flipper_clear(flipper);
        *flipper = best;
    }
    return best.state != NULL;
}

static bool entry_give(Flipper *flipper) {
    FlipAddition addition;
    bool found = flip_entry(flipper->reach, flipper->state, &flipper->query, &addition);
    if (found)
        add(flipper, &addition);
    return found;
}

/* One change of what decided. */
static bool step_try(Flipper *flipper, const Verdict *verdict) {
    const char *code = verdict->code;
    if (strcmp(code, "ENI_SG_RULES_MISMATCH") == 0)
        return groups_give(flipper);
    if (strcmp(code, "NIC_NSG_RULE") == 0 || strcmp(code, "SUBNET_NSG_RULE") == 0)
        return nsg_turn(flipper, verdict->element, true);
    if (strcmp(code, "ISOLATED") == 0)
        return isolation_lift(flipper);
    if (strcmp(code, "BAD_STATE") == 0)
        return mend(flipper, verdict);
    if (strcmp(code, "SUBNET_ACL_RESTRICTION") == 0)
        return entry_give(flipper);
    char *opened = workloads_open(flipper->reach, flipper->state, &flipper->query, verdict);
    if (opened != NULL)
        note(flipper, verdict->element, opened);
    return opened != NULL;
}

/* False: it has come to its end. */
static bool step_open(Flipper *flipper, const Verdict *verdict) {
    bool astray = strcmp(verdict->code, "NO_ROUTE_TO_DESTINATION") == 0;
    if (astray && routes_try(flipper))
        return false;
    if (step_try(flipper, verdict))
        return true;
    const char *advice =
        astray ? flip_route_advice(flipper->reach, flipper->state, &flipper->query) : flip_advice(verdict->code);
    if (advice != NULL)
        note(flipper, verdict->element, g_strdup(advice));
    return false;
}

static void open_way(Flipper *flipper) {
    for (Verdict verdict = ask(flipper); verdict.kind != VERDICT_REACH; verdict = ask(flipper))
        if (flipper->changes->len == CHANGES_MOST || !step_open(flipper, &verdict))
            return;
}

/* Taken away for good, unless the way is closed without it. */
static bool is_needless(Flipper *flipper, const Change *change) {
    if (!change->adds)
        return false;
    flip_remove(flipper->state, &change->addition);
    if (ask(flipper).kind == VERDICT_REACH)
        return true;
    flip_add(flipper->state, &change->addition);
    return false;
}

/* Without what a later, wider entry has made needless. */
static void needless_drop(Flipper *flipper) {
    for (guint i = 0; i < flipper->changes->len;) {
        Change change = g_array_index(flipper->changes, Change, i);
        if (is_needless(flipper, &change)) {
            g_free(change.text);
            g_array_remove_index(flipper->changes, i);
        } else {
            i++;
        }
    }
}

/* ---- the door ------------------------------------------------------------------------------------------------------
 */
static Flip *flip_of(const Flipper *flipper, bool seen) {
    Flip *flip = g_new0(Flip, 1);
    flip->seen = seen;
    flip->count = flipper->changes->len;
    flip->changes = g_new0(char *, flip->count + 1);
    flip->elements = g_new0(uint32_t, flip->count + 1);
    for (uint32_t i = 0; i < flip->count; i++) {
        Change *change = &g_array_index(flipper->changes, Change, i);
        flip->changes[i] = g_steal_pointer(&change->text);
        flip->elements[i] = change->element;
    }
    return flip;
}

Flip *reach_flip(const Reach *reach, const NetState *state, Query query) {
    Flipper flipper = {reach, netstate_copy(state), query, g_array_new(FALSE, FALSE, sizeof(Change)),
                       azure_flip_peers()};
    GPtrArray *peers = flipper.peers;
    bool open = ask(&flipper).kind == VERDICT_REACH;
    if (open)
        close_way(&flipper);
    else
        open_way(&flipper);
    bool seen = (ask(&flipper).kind == VERDICT_REACH) != open;
    if (seen)
        needless_drop(&flipper);
    Flip *flip = flip_of(&flipper, seen);
    flipper_clear(&flipper);
    g_ptr_array_free(peers, TRUE);
    return flip;
}

void flip_free(Flip *flip) {
    if (flip == NULL)
        return;
    for (uint32_t i = 0; i < flip->count; i++)
        g_free(flip->changes[i]);
    g_free(flip->changes);
    g_free(flip->elements);
    g_free(flip);
}
