/* sheet_state.c - the lines of a worked case that change the state: what is down, cut, isolated or changed. */
#include "tests/verdicts/comments.h"
#include "tests/verdicts/sheet.h"

void sheet_check_bits(Sheet *sheet) {
    const EndpointClass *classes;
    uint32_t count = reach_classes(sheet->reach, &classes);
    uint32_t questions = sheet->questions->len;
    Service *services = g_new(Service, questions + 1);
    for (uint32_t i = 0; i < questions; i++)
        services[i] = (Service){g_array_index(sheet->questions, Query, i).protocol,
                                g_array_index(sheet->questions, Query, i).port};
    ReachBits *bits = questions > 0 ? reach_bits_new(sheet->reach, sheet->state, services, questions) : NULL;
    for (uint32_t i = 0; i < questions; i++) {
        Query query = g_array_index(sheet->questions, Query, i);
        for (uint32_t a = 0; a <= count; a++) {
            for (uint32_t b = 0; b <= count; b++) {
                query.from = a < count ? a : CLASS_INTERNET;
                query.to = b < count ? b : CLASS_INTERNET;
                bool reaches = reach_verdict(sheet->reach, sheet->state, query).kind == VERDICT_REACH;
                if (reach_bits_connect(bits, i, query.from, query.to) != reaches) {
                    char *x = reach_class_name(sheet->reach, query.from), *y = reach_class_name(sheet->reach, query.to);
                    sheet_fail(sheet, "bits differ: %s -> %s port %u", x, y, query.port);
                    g_free(x);
                    g_free(y);
                }
            }
        }
    }
    reach_bits_free(bits);
    g_free(services);
    g_array_set_size(sheet->questions, 0);
}

static void isolate(const Sheet *sheet, const char *name, bool on) {
    GArray *ids = sheet_components(sheet, name);
    for (guint i = 0; i < ids->len; i++)
        netstate_isolate(sheet->state, g_array_index(ids, ComponentId, i), on);
    g_array_free(ids, TRUE);
}

static void cut(Sheet *sheet, const char *text) {
    char **ends = g_strsplit(text, " -> ", 2);
    netstate_link_cut(sheet->state, sheet_place(sheet, ends[0]), sheet_place(sheet, ends[1]), true);
    g_strfreev(ends);
}

static void change(Sheet *sheet, const char *unused) {
    (void)unused;
    int64_t at = (int64_t)++sheet->changes * 1000000000;
    for (uint32_t e = 0; e < sheet->model->event_count; e++)
        if (sheet->model->timeline[e].at.ns == at)
            netstate_change(sheet->state, &sheet->model->timeline[e], false);
}

static void opened_now(Sheet *sheet, const char *unused) {
    (void)unused;
    netstate_free(sheet->opened);
    sheet->opened = netstate_copy(sheet->state);
}

static void down(Sheet *sheet, const char *name) { netstate_place_down(sheet->state, sheet_place(sheet, name), true); }
static void up(Sheet *sheet, const char *name) { netstate_place_down(sheet->state, sheet_place(sheet, name), false); }
static void isolated(Sheet *sheet, const char *name) { isolate(sheet, name, true); }
static void released(Sheet *sheet, const char *name) { isolate(sheet, name, false); }
static void unit_down(Sheet *sheet, const char *name) {
    netstate_unit_down(sheet->state, sheet_unit(sheet, name), true);
}
static void unit_up(Sheet *sheet, const char *name) {
    netstate_unit_down(sheet->state, sheet_unit(sheet, name), false);
}

bool sheet_state_line(Sheet *sheet, const char *line) {
    static const struct {
        const char *word;
        void (*apply)(Sheet *sheet, const char *text);
    } words[] = {{"down", down},        {"up", up},         {"cut", cut},           {"isolate", isolated},
                 {"release", released}, {"change", change}, {"opened", opened_now}, {"unit-down", unit_down},
                 {"unit-up", unit_up}};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        const char *text = comment_after(line, words[i].word);
        if (text == NULL)
            continue;
        sheet_check_bits(sheet);
        words[i].apply(sheet, text);
        return true;
    }
    return false;
}
