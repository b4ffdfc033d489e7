/* explain.c - `faultline explain NAME`: what a kind, fault, load, measure or key of the language means, from its own
 * table. */
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "commands/print.h"
#include "commands/reading.h"
#include "commands/topics.h"
#include "measure/measure.h"

typedef struct {
    GString *out;
    int width;
} Page;

static void row_put(const Field *row, const char *name, void *user) {
    static const int starts[] = {2, 28, 42};
    Page *page = user;
    GString *help = g_string_new(row->help);
    if (row->type == FIELD_TYPE_WORD) {
        char *words = g_strjoinv(", ", (char **)(void *)row->words);
        g_string_append_printf(help, "; one of %s", words);
        g_free(words);
    }
    if (row->least != NULL && strcmp(row->least, "0 s") != 0)
        g_string_append_printf(help, "; at least %s", row->least);
    if (row->most != NULL)
        g_string_append_printf(help, "; at most %s", row->most);
    if (row->otherwise == FIELD_REQUIRED)
        g_string_append(help, "; required");
    else if (row->otherwise != NULL)
        g_string_append_printf(help, "; otherwise %s (%s)", row->otherwise,
                               row->source != NULL ? row->source : "assumption");
    const char *cells[] = {name, row->type == FIELD_TYPE_NODE ? "" : field_type_name(row), help->str};
    print_row(page->out, cells, starts, 3, page->width);
    g_string_free(help, TRUE);
}

static void rows_put(GString *out, const char *head, const Field *fields, int width) {
    Page page = {out, width};
    if (fields == NULL || fields[0].name == NULL)
        return;
    print_heading(out, head);
    fields_each(fields, row_put, &page);
}

static void topic_put(GString *out, const Topic *topic, int width) {
    char *head = g_strdup_printf("%s (%s): %s", topic->name, topic->what, topic->summary);
    print_words(out, head, 0, 0, width);
    if (topic->usage != NULL)
        print_words(out, topic->usage, 0, 2, width);
    rows_put(out, "KEYS", topic->fields, width);
    if (topic->common != NULL)
        rows_put(out, topic->common_head, topic->common, width);
    g_free(head);
}

static void measure_put(GString *out, const MeasureInfo *info, int width) {
    char *head = g_strdup_printf("%s (measure): %s", info->name, measure_help(info));
    print_words(out, head, 0, 0, width);
    g_free(head);
    static const int starts[] = {2, 28};
    const char *per[] = {"of", info->denominator}, *window[] = {"window", info->window};
    print_row(out, per, starts, 2, width);
    print_row(out, window, starts, 2, width);
    for (const MeasurePart *part = measure_parts(info); part->name != NULL; part++) {
        char *name = g_strdup_printf("%s.%s", info->name, part->name);
        const char *cells[] = {name, part->label};
        print_row(out, cells, starts, 2, width);
        g_free(name);
    }
}

static void everything_put(GString *out, const GArray *topics, int width) {
    static const int starts[] = {2, 25};
    const char *what = "";
    for (guint i = 0; i < topics->len; i++) {
        const Topic *topic = &g_array_index(topics, Topic, i);
        if (strcmp(what, topic->what) != 0)
            print_heading(out, topic->plural);
        what = topic->what;
        const char *cells[] = {topic->name, topic->summary};
        print_row(out, cells, starts, 2, width);
    }
    print_heading(out, "MEASURES");
    for (uint32_t i = 0; i < measure_count(); i++) {
        char *help = print_sentence(measure_help(measure_info(i)));
        const char *cells[] = {measure_info(i)->name, help};
        print_row(out, cells, starts, 2, width);
        g_free(help);
    }
}

static int explain_name(GString *out, const GArray *topics, const char *name, int width) {
    GPtrArray *names = g_ptr_array_new();
    bool found = false;
    for (guint i = 0; i < topics->len; i++) {
        const Topic *topic = &g_array_index(topics, Topic, i);
        g_ptr_array_add(names, (char *)topic->name);
        if (strcmp(topic->name, name) != 0 && (topic->verb == NULL || strcmp(topic->verb, name) != 0))
            continue;
        if (found)
            g_string_append_c(out, '\n');
        topic_put(out, topic, width);
        found = true;
    }
    for (uint32_t i = 0; i < measure_count(); i++) {
        g_ptr_array_add(names, (char *)measure_info(i)->name);
        if (strcmp(measure_info(i)->name, name) == 0) {
            measure_put(out, measure_info(i), width);
            found = true;
        }
    }
    g_ptr_array_add(names, NULL);
    const char *near = suggest_nearest(name, (const char *const *)names->pdata);
    char *shown = escape_terminal(name);
    if (!found)
        fprintf(stderr, "faultline explain: there is nothing named '%s'%s%s%s; `faultline explain` lists everything\n",
                shown, near != NULL ? " (did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?)" : "");
    g_free(shown);
    g_ptr_array_free(names, TRUE);
    return found ? EXIT_DONE : EXIT_INPUT;
}

static int explain_run(int argc, char **argv, const CommandEnv *env) {
    gboolean markdown = FALSE;
    const GOptionEntry entries[] = {
        {"markdown", 0, 0, G_OPTION_ARG_NONE, &markdown, "the whole reference, as docs/kinds.md", NULL},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
    int status;
    if (!arguments_parse(&argc, &argv, entries, "[NAME]", "what a kind, fault, load, measure or key means", &status))
        return status;
    GArray *topics = topics_collect(env->catalogue);
    GString *out = g_string_new(NULL);
    if (markdown)
        topics_markdown(out, topics);
    else if (argc < 2)
        everything_put(out, topics, env->width);
    for (int i = 1; i < argc && status == EXIT_DONE; i++)
        status = explain_name(out, topics, argv[i], env->width);
    topics_free(topics);
    if (status != EXIT_DONE) {
        g_string_free(out, TRUE);
        return status;
    }
    return print_out(out);
}

const Command command_explain = {
    .name = "explain",
    .arguments = "[NAME]",
    .summary = "what a kind, fault, load, measure or key means",
    .run = explain_run,
};
