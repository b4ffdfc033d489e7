/* dot.c - builds a readable graph with cgraph and lets cgraph write it (in a child process, see child.h). */
#include "render/dot.h"

#include <string.h>

#include "base/escape.h"
#include "render/cgraph_ids.h"
#include "render/child.h"
#include "render/metrics.h"
#include "render/palette.h"
#include "render/words.h"

typedef struct {
    const Diagram *diagram;
    int moment;
} Task;

/* Text inside quotes: what DOT would take for an escape or a reference stands for itself, a line end is the escape for
 * one. The quote itself is cgraph's business. */
static char *literal(const char *text, bool is_label) {
    GString *out = g_string_new(NULL);
    size_t left = strlen(text), bytes;
    for (; left > 0; text += bytes, left -= bytes) {
        gunichar c = escape_next(text, left, &bytes);
        if (c == '\\')
            g_string_append(out, "\\\\");
        else if (c == '\n')
            g_string_append(out, "\\n");
        else if (c == '&' && is_label)
            g_string_append(out, "&amp;");
        else if (c == (gunichar)-1 || metrics_is_turning(c))
            g_string_append_unichar(out, 0xfffd);
        else if (c >= 0x20 && c != 0x7f)
            g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

static void set_text(void *object, const char *name, const char *text) {
    char *escaped = literal(text, true);
    cgraph_set(object, name, escaped);
    g_free(escaped);
}

/* ---- Frames and nodes ------------------------------------------------------------------------ */

static Agraph_t **make_frames(const Task *task, Agraph_t *graph) {
    const Diagram *diagram = task->diagram;
    Agraph_t **frames = g_new0(Agraph_t *, (gsize)diagram->cluster_count + 1);
    for (int i = 0; i < diagram->cluster_count; i++) {
        const Cluster *cluster = &diagram->clusters[i];
        const Place *place = &diagram->document->places[cluster->place];
        Trouble trouble = diagram->document->moments[task->moment].places[cluster->place];
        char *name = g_strdup_printf("cluster_%d", i);
        frames[i] = agsubg(cluster->parent == NO_ID ? graph : frames[cluster->parent], name, TRUE);
        const char *its = cluster->network != NULL ? cluster->network : place->name;
        char *label = g_strdup_printf("%s %s%s%s%s%s", level_word(cluster->level), its, place->cidr != NULL ? " " : "",
                                      place->cidr != NULL ? place->cidr : "", trouble != TROUBLE_NONE ? ": " : "",
                                      trouble_word(trouble));
        set_text(frames[i], "label", label);
        set_text(frames[i], "style", cluster->level == LEVEL_ZONE ? "rounded,dashed" : "rounded");
        set_text(frames[i], "color", trouble == TROUBLE_DOWN ? BAD : "#7f93a8");
        g_free(label);
        g_free(name);
    }
    return frames;
}

static const char *shape_of(Role role) {
    static const char *const shapes[ROLE_COUNT] = {"oval", "hexagon",  "octagon",   "cds",
                                                   "box",  "cylinder", "component", "box3d"};
    return shapes[role];
}

/* The component's name, and where: "site[eu-west-1].web / eu-west-1a / app". */
static char *name_of(const Diagram *diagram, const Box *box) {
    const Document *document = diagram->document;
    if (box->component == NO_ID)
        return g_strdup(document->places[box->place].name);
    GString *name = g_string_new(document->components[box->component].name);
    if (box->zone != NO_ID)
        g_string_append_printf(name, " / %s", document->places[box->zone].name);
    if (box->subnet != NO_ID)
        g_string_append_printf(name, " / %s", document->places[box->subnet].name);
    return g_string_free(name, FALSE);
}

/* A name of its own: cgraph takes equal names for one node. */
static Agnode_t *make_node(Agraph_t *frame, const char *wanted, int number) {
    char *name = literal(wanted, false);
    if (*name == '\0' || agnode(agroot(frame), name, FALSE) != NULL) {
        char *numbered = g_strdup_printf("#%d %s", number, name);
        g_free(name);
        name = numbered;
    }
    Agnode_t *node = agnode(frame, name, TRUE);
    g_free(name);
    return node;
}

static char *label_of(const Diagram *diagram, const Box *box, const BoxLook *look) {
    const Document *document = diagram->document;
    bool region = box->component == NO_ID;
    char *counts = words_counts(look);
    char *label =
        g_strjoin("\n", region ? document->places[box->place].name : document->components[box->component].label,
                  region ? "region" : document->components[box->component].kind, state_word(look->state), counts, NULL);
    g_free(counts);
    return label;
}

static Agnode_t **make_nodes(const Task *task, Agraph_t *graph, Agraph_t **frames) {
    const Diagram *diagram = task->diagram;
    Agnode_t **nodes = g_new0(Agnode_t *, (gsize)diagram->box_count + 1);
    for (int i = 0; i < diagram->box_count; i++) {
        const Box *box = &diagram->boxes[i];
        const BoxLook *look = &diagram->looks[task->moment].boxes[i];
        const StatePaint *paint = palette_state(look->state);
        char *name = name_of(diagram, box), *label = label_of(diagram, box, look);
        nodes[i] = make_node(box->cluster == NO_ID ? graph : frames[box->cluster], name, i);
        set_text(nodes[i], "label", label);
        set_text(nodes[i], "shape", shape_of(box->role));
        set_text(nodes[i], "fillcolor", paint->fill);
        set_text(nodes[i], "color", paint->stroke);
        set_text(nodes[i], "style", paint->dash != NULL ? "filled,dashed" : "filled");
        set_text(nodes[i], "tooltip", look->note != NULL ? look->note : state_word(look->state));
        g_free(name);
        g_free(label);
    }
    return nodes;
}

/* ---- Edges ----------------------------------------------------------------------------------- */

static char *edge_tooltip(const EdgeLook *look) {
    GString *tip = g_string_new(look->verdict);
    if (look->rule != NULL)
        g_string_append_printf(tip, ", decided by %s", look->rule);
    if (look->requests_per_s >= 0) {
        char *rate = words_rate(look->requests_per_s);
        g_string_append_printf(tip, ", %s%s", rate, look->shared ? " over all zones" : "");
        g_free(rate);
    }
    return g_string_free(tip, FALSE);
}

/* Copies of data must not push their ends apart. They have no label: Graphviz crashes on labelled edges
 * with constraint=false. */
static void make_edges(const Task *task, Agraph_t *graph, Agnode_t **nodes) {
    const Diagram *diagram = task->diagram;
    for (int i = 0; i < diagram->edge_count; i++) {
        const Edge *edge = &diagram->edges[i];
        const EdgeLook *look = &diagram->looks[task->moment].edges[i];
        char *name = g_strdup_printf("e%d", i), *tip = edge_tooltip(look);
        Agedge_t *its = agedge(graph, nodes[edge->from], nodes[edge->to], name, TRUE);
        set_text(its, "tooltip", tip);
        set_text(its, "color",
                 !look->reaches               ? BAD
                 : edge->kind != LINK_REQUEST ? INK_SOFT
                                              : palette_share(look->good_share));
        set_text(its, "style", !look->reaches ? "dashed" : edge->kind != LINK_REQUEST ? "dotted" : "solid");
        if (edge->both)
            set_text(its, "dir", "both");
        if (edge->kind == LINK_REPLICA)
            set_text(its, "constraint", "false");
        g_free(name);
        g_free(tip);
    }
}

static bool write_graph(const void *what, FILE *out) {
    const Task *task = what;
    const Document *document = task->diagram->document;
    const Moment *moment = &document->moments[task->moment];
    Agraph_t *graph = cgraph_new();
    char *title = g_strdup_printf("%s\n%s: %s", words_title(document), moment->name, moment->caption);
    set_text(graph, "rankdir", "LR");
    set_text(graph, "label", title);
    set_text(graph, "labelloc", "t");
    set_text(graph, "fontname", "Helvetica");
    g_free(title);
    Agraph_t **frames = make_frames(task, graph);
    Agnode_t **nodes = make_nodes(task, graph, frames);
    make_edges(task, graph, nodes);
    return agwrite(graph, out) == 0;
}

char *dot_write(const Diagram *diagram, int moment, int seconds, GError **error) {
    Task task = {diagram, moment};
    GByteArray *bytes = child_run("writing DOT", write_graph, &task, seconds, error);
    if (bytes == NULL)
        return NULL;
    char *text = g_strndup((const char *)bytes->data, bytes->len);
    g_byte_array_free(bytes, TRUE);
    return text;
}
