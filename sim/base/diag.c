/* diag.c - keeps findings about the user's input and prints them in the order of the files. */
#include "base/diag.h"

#include <glib.h>
#include <string.h>

#include "base/escape.h"
#include "base/source.h"

/* Characters of a source line that are shown; a longer one is cut around the mark. */
enum { WIDEST = 100, BEFORE_MARK = 60 };

typedef struct {
    Severity severity;
    Mark mark;
    char *reason, *mend;
    uint32_t arrival;
} Finding;

struct Diagnostics {
    GArray *findings; /* of Finding */
    uint32_t errors;
};

static void finding_clear(void *element) {
    Finding *finding = element;
    g_free(finding->reason);
    g_free(finding->mend);
}

Diagnostics *diagnostics_new(void) {
    Diagnostics *diagnostics = g_new0(Diagnostics, 1);
    diagnostics->findings = g_array_new(FALSE, FALSE, sizeof(Finding));
    g_array_set_clear_func(diagnostics->findings, finding_clear);
    return diagnostics;
}

void diagnostics_free(Diagnostics *diagnostics) {
    if (diagnostics == NULL)
        return;
    g_array_free(diagnostics->findings, TRUE);
    g_free(diagnostics);
}

__attribute__((format(printf, 5, 0))) static void append(Diagnostics *diagnostics, Severity severity, Mark mark,
                                                         const char *mend, const char *format, va_list arguments) {
    Finding finding = {.severity = severity,
                       .mark = mark,
                       .reason = g_strdup_vprintf(format, arguments),
                       .mend = g_strdup(mend),
                       .arrival = diagnostics->findings->len};
    g_array_append_val(diagnostics->findings, finding);
    diagnostics->errors += severity == SEVERITY_ERROR;
}

void diag_error(Diagnostics *diagnostics, Mark mark, const char *mend, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    append(diagnostics, SEVERITY_ERROR, mark, mend, format, arguments);
    va_end(arguments);
}

void diag_warning(Diagnostics *diagnostics, Mark mark, const char *mend, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    append(diagnostics, SEVERITY_WARNING, mark, mend, format, arguments);
    va_end(arguments);
}

uint32_t diagnostics_errors(const Diagnostics *diagnostics) { return diagnostics->errors; }

uint32_t diagnostics_count(const Diagnostics *diagnostics) { return diagnostics->findings->len; }

static int compare_numbers(uint32_t a, uint32_t b) { return (a > b) - (a < b); }

/* Findings without a file come first: they speak of the whole. */
static int compare_findings(const void *a, const void *b) {
    const Finding *x = *(Finding *const *)a, *y = *(Finding *const *)b;
    const char *x_name = x->mark.source != NULL ? source_name(x->mark.source) : "";
    const char *y_name = y->mark.source != NULL ? source_name(y->mark.source) : "";
    int order = strcmp(x_name, y_name);
    if (order == 0)
        order = compare_numbers(x->mark.line, y->mark.line);
    if (order == 0)
        order = compare_numbers(x->mark.column, y->mark.column);
    return order != 0 ? order : compare_numbers(x->arrival, y->arrival);
}

/* How many cells of a terminal the escaped text takes. */
static size_t cells_of(const char *text) {
    size_t cells = 0;
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        cells += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
    }
    return cells;
}

/* Append character number `index` of the line as it may be shown; tabs as one blank, so that the caret stands right. */
static void append_shown(GString *out, gunichar c, char byte) {
    if (c == '\t')
        g_string_append_c(out, ' ');
    else if (c == (gunichar)-1)
        g_string_append_printf(out, "\\x%02X", (unsigned)(unsigned char)byte);
    else
        escape_terminal_char(out, c);
}

static void print_repeated(FILE *out, char c, size_t times) {
    for (; times > 0; times--)
        fputc(c, out);
}

/* The source line with the marked characters underlined. */
static void print_excerpt(const Mark *mark, FILE *out) {
    size_t left = 0, size;
    const char *at = source_line(mark->source, mark->line, &left);
    if (at == NULL)
        return;
    uint32_t column = mark->column > 0 ? mark->column : 1, first = column > BEFORE_MARK ? column - BEFORE_MARK : 1;
    GString *before = g_string_new(first > 1 ? "..." : ""), *marked = g_string_new(NULL), *after = g_string_new(NULL);
    uint32_t index = 1;
    for (; left > 0 && index < first + WIDEST; at += size, left -= size, index++) {
        gunichar c = escape_next(at, left, &size);
        if (index < first)
            continue;
        bool is_marked = index >= column && index - column < (mark->length > 0 ? mark->length : 1);
        append_shown(index < column ? before : is_marked ? marked : after, c, *at);
    }
    fprintf(out, "    %s%s%s%s\n    ", before->str, marked->str, after->str, left > 0 ? "..." : "");
    print_repeated(out, ' ', cells_of(before->str));
    fputc('^', out);
    size_t underlined = cells_of(marked->str);
    print_repeated(out, '~', underlined > 1 ? underlined - 1 : 0);
    fputc('\n', out);
    g_string_free(before, TRUE);
    g_string_free(marked, TRUE);
    g_string_free(after, TRUE);
}

static void print_finding(const Finding *finding, FILE *out) {
    const Mark *mark = &finding->mark;
    if (mark->source != NULL) {
        char *name = escape_terminal(source_name(mark->source));
        fprintf(out, "%s:", name);
        if (mark->line > 0)
            fprintf(out, "%u:%u:", mark->line, mark->column);
        fputc(' ', out);
        g_free(name);
    }
    char *reason = escape_terminal(finding->reason);
    fprintf(out, "%s: %s\n", finding->severity == SEVERITY_ERROR ? "error" : "warning", reason);
    g_free(reason);
    if (mark->source != NULL && mark->line > 0)
        print_excerpt(mark, out);
    if (finding->mend != NULL) {
        char *mend = escape_terminal(finding->mend);
        fprintf(out, "  mend: %s\n", mend);
        g_free(mend);
    }
}

static GPtrArray *sorted_findings(const Diagnostics *diagnostics) {
    GPtrArray *sorted = g_ptr_array_new();
    for (guint i = 0; i < diagnostics->findings->len; i++)
        g_ptr_array_add(sorted, &g_array_index(diagnostics->findings, Finding, i));
    g_ptr_array_sort(sorted, compare_findings);
    return sorted;
}

void diagnostics_print(const Diagnostics *diagnostics, FILE *out, uint32_t most) {
    GPtrArray *sorted = sorted_findings(diagnostics);
    guint shown = most > 0 && most < sorted->len ? most : sorted->len;
    for (guint i = 0; i < shown; i++)
        print_finding(sorted->pdata[i], out);
    if (shown < sorted->len)
        fprintf(out, "... and %u more\n", sorted->len - shown);
    g_ptr_array_free(sorted, TRUE);
}

void diagnostics_each(const Diagnostics *diagnostics, uint32_t most,
                      void (*visit)(void *user, const Diagnostic *diagnostic), void *user) {
    GPtrArray *sorted = sorted_findings(diagnostics);
    for (guint i = 0; i < sorted->len && (most == 0 || i < most); i++) {
        const Finding *finding = sorted->pdata[i];
        visit(user, &(Diagnostic){finding->severity, finding->mark, finding->reason, finding->mend});
    }
    g_ptr_array_free(sorted, TRUE);
}
