/* cgraph_ids.c - an id discipline for cgraph that counts. */
#include "render/cgraph_ids.h"

#include <glib.h>

static void *ids_open(Agraph_t *graph, Agdisc_t *discipline) {
    (void)graph, (void)discipline;
    return g_new0(IDTYPE, 1);
}

/* No name has a number of its own; nameless askers get the next one. */
static long ids_map(void *state, int type, char *name, IDTYPE *id, int create) {
    (void)type;
    if (name != NULL || !create)
        return FALSE;
    *id = ++*(IDTYPE *)state;
    return TRUE;
}

static long ids_alloc(void *state, int type, IDTYPE id) {
    (void)state, (void)type, (void)id;
    return FALSE; /* nobody chooses numbers */
}

static void ids_free(void *state, int type, IDTYPE id) { (void)state, (void)type, (void)id; }

static char *ids_print(void *state, int type, IDTYPE id) {
    (void)state, (void)type, (void)id;
    return NULL; /* nameless objects stay nameless */
}

static void ids_register(void *state, int type, void *object) { (void)state, (void)type, (void)object; }

static void ids_close(void *state) { g_free(state); }

Agraph_t *cgraph_new(void) {
    static const Agiddisc_t counting = {ids_open, ids_map, ids_alloc, ids_free, ids_print, ids_close, ids_register};
    Agdisc_t discipline = {&AgMemDisc, (Agiddisc_t *)(guintptr)&counting, &AgIoDisc};
    char name[] = "faultline";
    return agopen(name, Agdirected, &discipline);
}

void cgraph_set(void *object, const char *name, const char *value) {
    char *key = g_strdup(name), *text = g_strdup(value), none[] = "";
    agsafeset(object, key, text, none);
    g_free(key);
    g_free(text);
}
