/* yaml.c - YAML text to a Tree: libyaml's events, an explicit stack, and everything we refuse.
 *
 * The event API only: its document API follows aliases and is quadratic in anchors. Refused, each with its own
 * message: anchors, aliases, merge keys, tags, directives, further documents, duplicate, empty and structured keys, and
 * whatever is beyond limits.h. The only file that knows libyaml. */
#include <string.h>
#include <yaml.h>

#include "read/limits.h"
#include "read/syntax.h"
#include "read/text_check.h"
#include "read/tree_private.h"

/* One map or list being read; its finished parts are the top of Reader.parts, from `first` on. */
typedef struct {
    Node *node;
    guint first;
    bool flow;     /* written with { } or [ ] */
    bool has_key;  /* a map waiting for the value of `key` */
    bool drop;     /* that value is read but forgotten: its key was refused */
    bool in_paren; /* a '(' was opened in flow context and a comma has cut the law in two */
    const char *key;
    Mark key_mark;
} Frame;

typedef struct {
    Tree *tree;
    const Source *source;
    Diagnostics *diagnostics;
    yaml_parser_t parser;
    Frame stack[READ_DEPTH_MOST];
    size_t depth;
    GArray *parts; /* of NodeEntry; list items have no key */
    Node *root;
    uint32_t events, documents, errors_before;
    Mark folded; /* a value that went on over a line end inside { } or [ ], not yet complained about */
} Reader;

/* libyaml counts lines and columns (in characters) from 0. Of a token over several lines only the head is marked. */
static Mark reader_mark(const Reader *reader, yaml_mark_t start, yaml_mark_t end) {
    Mark mark = {reader->source, (uint32_t)start.line + 1, (uint32_t)start.column + 1, 1};
    if (end.line == start.line && end.column > start.column)
        mark.length = (uint32_t)(end.column - start.column);
    return mark;
}

/* A place beyond the text (the parser at its end) becomes the last place inside it. */
static Mark reader_clamp(const Reader *reader, Mark mark) {
    uint64_t length;
    const char *text = source_text(reader->source, &length);
    size_t bytes = 0;
    const char *line = text_line(text, length, mark.line, &bytes);
    while (mark.line > 1 && (line == NULL || (bytes == 0 && line == text + length))) {
        line = text_line(text, length, --mark.line, &bytes);
        mark.column = UINT32_MAX;
    }
    uint32_t characters = line != NULL ? (uint32_t)g_utf8_strlen(line, (gssize)bytes) : 0;
    if (mark.column > characters + 1)
        mark.column = characters + 1;
    return mark;
}

/* --- scalars ------------------------------------------------------------------------------------------------------ */

/* More opened than closed: the rest of a call has been cut off. */
static bool parens_open(const char *text) {
    int open = 0;
    for (; *text != '\0'; text++)
        open += (*text == '(') - (*text == ')');
    return open > 0;
}

/* Closes one that was opened before: the last piece of a cut call. */
static bool parens_close(const char *text) {
    int open = 0;
    for (; *text != '\0' && open >= 0; text++)
        open += (*text == '(') - (*text == ')');
    return open < 0;
}

/* `{boot: lognormal(a, b)}`: libyaml splits at the comma without a word. True when the scalar is a piece of that. */
static bool reader_cut_law(Reader *reader, Frame *frame, const Node *node) {
    if (!frame->flow || node->quoted)
        return false;
    if (frame->in_paren) {
        frame->in_paren = !parens_close(node->text);
        return true;
    }
    if (!parens_open(node->text))
        return false;
    frame->in_paren = true;
    diag_error(reader->diagnostics, node->mark,
               "write laws without commas: lognormal(median 45 s p95 90 s); quote other text",
               "the '(' is not closed before this value ends");
    return true;
}

/* The text as decoded, whatever its style. Where it is refused, the node stays, broken and empty, to keep its place. */
static Node *reader_scalar(Reader *reader, const yaml_event_t *event) {
    const char *text = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    Mark mark = reader_mark(reader, event->start_mark, event->end_mark);
    bool in_flow = reader->depth > 0 && reader->stack[reader->depth - 1].flow;
    bool is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (in_flow && is_plain && event->end_mark.line > event->start_mark.line)
        reader->folded = mark;
    Node *node = tree_node(reader->tree, NODE_SCALAR, mark);
    node->quoted = !is_plain;
    gunichar which = 0;
    if (length > READ_SCALAR_MOST) {
        diag_error(reader->diagnostics, mark, NULL, "a value of %zu bytes is longer than %d, the most that is read",
                   length, READ_SCALAR_MOST);
        node->broken = true;
        return node;
    }
    if (text_has_forbidden(text, length, &which)) {
        /* Raw ones were reported by text_check; here they come out of an escape in double quotes. */
        if (event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE)
            diag_error(reader->diagnostics, mark, "delete the escape",
                       "the value holds a control or invisible character (U+%04X)", which);
        node->broken = true;
        return node;
    }
    node->text = tree_string(reader->tree, text);
    return node;
}

/* --- maps and lists ----------------------------------------------------------------------------------------------- */

/* True, with an error unless one was added before, when this cannot be a key. */
static bool key_refused(Reader *reader, const Node *node) {
    Diagnostics *diagnostics = reader->diagnostics;
    if (node->broken)
        return true;
    if (node->type != NODE_SCALAR)
        diag_error(diagnostics, node->mark, "quote text that starts with { or [", "a key must be text, not %s",
                   node_type_name(node));
    else if (node->text[0] == '\0')
        diag_error(diagnostics, node->mark, "write key: value", "a key is empty");
    else if (strcmp(node->text, "<<") == 0)
        diag_error(diagnostics, node->mark, "write the keys out, or use a pattern's parameters",
                   "merge keys (<<) are not allowed");
    else if (strlen(node->text) > READ_KEY_MOST)
        diag_error(diagnostics, node->mark, NULL, "a key of %zu bytes is longer than %d, the most that is read",
                   strlen(node->text), READ_KEY_MOST);
    else
        return false;
    return true;
}

/* `{min:4}` reads as one key with the text "min:4" and no value. */
static bool key_lacks_space(Reader *reader, const Frame *frame, const Node *value) {
    if (!frame->flow || value->type != NODE_SCALAR || value->quoted || value->text[0] != '\0')
        return false;
    const char *colon = strchr(frame->key, ':');
    if (colon == NULL)
        return false;
    diag_error(reader->diagnostics, frame->key_mark, "write a space after ':'", "'%s' has no value", frame->key);
    return true;
}

/* Keys and values alternate. A refused key takes its value with it. */
static void reader_add_to_map(Reader *reader, Frame *frame, Node *node) {
    if (!frame->has_key) {
        bool cut = node->type == NODE_SCALAR && reader_cut_law(reader, frame, node);
        frame->has_key = true;
        frame->drop = cut || key_refused(reader, node);
        frame->key = node->text;
        frame->key_mark = node->mark;
        if (frame->node->count++ == 0 && !frame->flow)
            frame->node->mark.length = node->mark.length; /* a block map is marked by its first key */
        return;
    }
    frame->has_key = false;
    if (frame->drop || key_lacks_space(reader, frame, node))
        return;
    if (node->type == NODE_SCALAR && reader_cut_law(reader, frame, node))
        node->broken = true;
    NodeEntry entry = {frame->key, frame->key_mark, node};
    g_array_append_val(reader->parts, entry);
}

/* Hand a finished node to the map or list around it; without one it is the root. */
static void reader_add(Reader *reader, Node *node) {
    if (reader->depth == 0) {
        reader->root = node;
        return;
    }
    Frame *frame = &reader->stack[reader->depth - 1];
    if (frame->node->type == NODE_MAP) {
        reader_add_to_map(reader, frame, node);
        return;
    }
    bool going_on = frame->in_paren;
    if (node->type == NODE_SCALAR && reader_cut_law(reader, frame, node)) {
        if (going_on)
            return;
        node->broken = true;
    }
    NodeEntry entry = {NULL, node->mark, node};
    g_array_append_val(reader->parts, entry);
}

/* A map or list begins. False when it is one too deep: reading on would only cost time. */
static bool reader_open(Reader *reader, NodeType type, bool flow, const yaml_event_t *event) {
    Mark mark = reader_mark(reader, event->start_mark, event->start_mark);
    if (reader->depth == READ_DEPTH_MOST) {
        diag_error(reader->diagnostics, mark, NULL, "more than %d maps and lists stand inside each other",
                   READ_DEPTH_MOST);
        return false;
    }
    reader->stack[reader->depth++] =
        (Frame){.node = tree_node(reader->tree, type, mark), .first = reader->parts->len, .flow = flow};
    return true;
}

typedef struct {
    const NodeEntry *entry;
    size_t order;
} KeyRank;

static int compare_ranks(const void *a, const void *b) {
    const KeyRank *x = a, *y = b;
    int order = strcmp(x->entry->key, y->entry->key);
    return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

/* Sorted, not hashed: keys from the input can be made to collide. The first of equal keys is kept. O(n log n). */
static void reader_check_duplicates(Reader *reader, Node *map) {
    KeyRank *ranks = g_new(KeyRank, map->count);
    bool *again = g_new0(bool, map->count);
    for (size_t i = 0; i < map->count; i++)
        ranks[i] = (KeyRank){&map->entries[i], i};
    qsort(ranks, map->count, sizeof *ranks, compare_ranks);
    for (size_t i = 1, first = 0; i < map->count; i++) {
        if (strcmp(ranks[i].entry->key, ranks[first].entry->key) != 0) {
            first = i;
            continue;
        }
        again[ranks[i].order] = true;
        if (diagnostics_errors(reader->diagnostics) - reader->errors_before < READ_ERRORS_MOST)
            diag_error(reader->diagnostics, ranks[i].entry->mark, "delete one of the two",
                       "the key '%s' stands twice, first on line %u", ranks[i].entry->key,
                       ranks[first].entry->mark.line);
    }
    size_t kept = 0;
    for (size_t i = 0; i < map->count; i++) {
        if (!again[i])
            map->entries[kept++] = map->entries[i];
    }
    map->count = kept;
    g_free(again);
    g_free(ranks);
}

/* A map or list ends: its parts move from the shared stack into the tree's memory. */
static void reader_close(Reader *reader) {
    Frame *frame = &reader->stack[--reader->depth];
    Node *node = frame->node;
    const NodeEntry *parts = &g_array_index(reader->parts, NodeEntry, frame->first);
    node->count = reader->parts->len - frame->first;
    if (node->type == NODE_MAP && node->count > 0) {
        node->entries = tree_alloc(reader->tree, node->count * sizeof *node->entries);
        memcpy(node->entries, parts, node->count * sizeof *parts);
        reader_check_duplicates(reader, node);
    } else if (node->count > 0) {
        node->items = tree_alloc(reader->tree, node->count * sizeof *node->items);
        for (size_t i = 0; i < node->count; i++)
            node->items[i] = parts[i].value;
    }
    g_array_set_size(reader->parts, frame->first);
    reader_add(reader, node);
}

/* --- events ------------------------------------------------------------------------------------------------------- */

/* Anchors and tags are refused, but the node that carries them is read on. */
static void refuse_properties(Reader *reader, Mark mark, const yaml_char_t *anchor, const yaml_char_t *tag) {
    if (anchor != NULL)
        diag_error(reader->diagnostics, mark, "write the value out where it is used, or use a pattern's parameters",
                   "anchors (&%s) are not allowed", (const char *)anchor);
    if (tag != NULL) {
        static const char standard[] = "tag:yaml.org,2002:"; /* what libyaml makes of "!!" */
        const char *name = (const char *)tag;
        bool is_standard = g_str_has_prefix(name, standard);
        diag_error(reader->diagnostics, mark, "delete the tag; quote text that starts with '!'",
                   "tags (%s%s) are not allowed", is_standard ? "!!" : "",
                   is_standard ? name + strlen(standard) : name);
    }
}

/* What it pointed to is unknown here; an empty, broken node keeps the place. */
static void read_alias(Reader *reader, const yaml_event_t *event) {
    Mark mark = reader_mark(reader, event->start_mark, event->end_mark);
    diag_error(reader->diagnostics, mark, "write the value out, or `anyone` for everybody",
               "aliases (*%s) are not allowed", (const char *)event->data.alias.anchor);
    Node *node = tree_node(reader->tree, NODE_SCALAR, mark);
    node->broken = true;
    reader_add(reader, node);
}

static bool read_document_start(Reader *reader, const yaml_event_t *event) {
    if (reader->documents++ == 0)
        return true;
    diag_error(reader->diagnostics, reader_mark(reader, event->start_mark, event->end_mark),
               "one file is one document: delete the '---' or split the file", "the file holds a second document");
    return false;
}

/* `[a,` and on the next lines `b` and `c]`: YAML makes "b c" of it without a word. Said only when the parser gets past
 * it: where the comma's absence is a syntax error, that error is enough. */
static void report_folded(Reader *reader) {
    if (reader->folded.line > 0)
        diag_error(reader->diagnostics, reader->folded, "end the line with ',', or quote the text",
                   "this value goes on over the next line inside { } or [ ]");
    reader->folded = MARK_NONE;
}

/* False when reading must stop. */
static bool read_event(Reader *reader, const yaml_event_t *event) {
    report_folded(reader);
    Mark mark = reader_mark(reader, event->start_mark, event->end_mark);
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT: return read_document_start(reader, event);
    case YAML_ALIAS_EVENT: read_alias(reader, event); return true;
    case YAML_SCALAR_EVENT:
        refuse_properties(reader, mark, event->data.scalar.anchor, event->data.scalar.tag);
        reader_add(reader, reader_scalar(reader, event));
        return true;
    case YAML_SEQUENCE_START_EVENT:
        refuse_properties(reader, mark, event->data.sequence_start.anchor, event->data.sequence_start.tag);
        return reader_open(reader, NODE_LIST, event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE, event);
    case YAML_MAPPING_START_EVENT:
        refuse_properties(reader, mark, event->data.mapping_start.anchor, event->data.mapping_start.tag);
        return reader_open(reader, NODE_MAP, event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: reader_close(reader); return true;
    default: return true;
    }
}

/* libyaml's own complaint, said by syntax.c. It ends the reading: the parser cannot go on. */
static void report_parser(Reader *reader) {
    const yaml_parser_t *parser = &reader->parser;
    if (reader->depth > 0 && reader->stack[reader->depth - 1].in_paren)
        return; /* the cut law before it says what is wrong */
    Mark at = reader_clamp(reader, reader_mark(reader, parser->problem_mark, parser->problem_mark));
    Mark from = parser->context != NULL
                    ? reader_clamp(reader, reader_mark(reader, parser->context_mark, parser->context_mark))
                    : at;
    SyntaxError error = {parser->problem, at, from};
    syntax_report(&error, reader->diagnostics);
}

/* False, with an error, when the file is beyond what is read. */
static bool within_limits(Reader *reader, const yaml_event_t *event) {
    bool too_many_errors = diagnostics_errors(reader->diagnostics) - reader->errors_before >= READ_ERRORS_MOST;
    if (++reader->events <= READ_EVENTS_MOST && !too_many_errors)
        return true;
    Mark mark = reader_clamp(reader, reader_mark(reader, event->start_mark, event->end_mark));
    if (too_many_errors)
        diag_error(reader->diagnostics, mark, NULL, "too many errors: reading stops here");
    else
        diag_error(reader->diagnostics, mark, NULL,
                   "the file holds more than %d keys, values and lists, the most that is read", READ_EVENTS_MOST);
    return false;
}

/* False when the text was not read to its end; then an error says why. */
static bool reader_run(Reader *reader) {
    for (bool going = true, ended = false; going && !ended;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&reader->parser, &event)) {
            report_parser(reader);
            return false;
        }
        ended = event.type == YAML_STREAM_END_EVENT;
        going = within_limits(reader, &event) && read_event(reader, &event);
        yaml_event_delete(&event);
        if (!going)
            return false;
    }
    return true;
}

/* The whole of reading, into a tree that may hold other values already. NULL with an error. */
static Node *read_into(Tree *tree, const Source *source, Diagnostics *diagnostics) {
    uint32_t errors_before = diagnostics_errors(diagnostics);
    if (!text_check(source, diagnostics))
        return NULL;
    uint64_t length;
    const char *text = source_text(source, &length);
    size_t skipped = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0; /* a byte order mark */
    Reader *reader = g_new0(Reader, 1);
    *reader = (Reader){.tree = tree, .source = source, .diagnostics = diagnostics, .errors_before = errors_before};
    reader->parts = g_array_new(FALSE, FALSE, sizeof(NodeEntry));
    yaml_parser_initialize(&reader->parser);
    yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader->parser, (const unsigned char *)text + skipped, length - skipped);
    bool whole = reader_run(reader);
    Node *root = whole ? reader->root : NULL;
    if (whole && root == NULL)
        diag_error(diagnostics, (Mark){source, 1, 1, 1}, NULL, "the file is empty");
    yaml_parser_delete(&reader->parser);
    g_array_free(reader->parts, TRUE);
    g_free(reader);
    return root;
}

Tree *tree_read(const Source *source, Diagnostics *diagnostics) {
    Tree *tree = tree_empty();
    tree->root = read_into(tree, source, diagnostics);
    return tree;
}

Node *tree_value(Tree *tree, const char *origin, const char *text, Diagnostics *diagnostics) {
    Source *source = source_new(origin, text, strlen(text));
    g_ptr_array_add(tree->sources, source);
    return read_into(tree, source, diagnostics);
}
