/* claims_access.c - what `that:` may say of policies and of a compromise: allowed(...), blast_radius(...) within {...}.
 */
#include <string.h>

#include "model/build.h"

/* The text between `open` and the next `close`, trimmed, and *text behind it; NULL: there is none. g_free. */
static char *between(const char **text, const char *open, char close) {
    size_t length = strlen(open);
    const char *end = strncmp(*text, open, length) == 0 ? strchr(*text + length, close) : NULL;
    if (end == NULL)
        return NULL;
    char *inside = g_strstrip(g_strndup(*text + length, (gsize)(end - *text) - length));
    *text = end + 1;
    return inside;
}

/* --- allowed ------------------------------------------------------------------------------------------------------ */

static bool action_known(Build *build, const char *action, Mark mark, const Expect *expect) {
    for (uint32_t i = 0; i < expect->to_count; i++) {
        const Component *service = expect->to[i] != NO_COMPONENT ? &build->model->components[expect->to[i]] : NULL;
        if (service == NULL || service->kind->actions == NULL) {
            complain(build, mark, "name a bucket, a queue or another service",
                     "nothing can be allowed with '%s', which has no API", service ? service->label : "internet");
            return false;
        }
        GPtrArray *names = g_ptr_array_new();
        for (const KindAction *each = service->kind->actions; each->name != NULL; each++)
            g_ptr_array_add(names, (char *)each->name);
        if (kind_action(service->kind, action) < 0) {
            complain_name(build, mark, action, names, keep(build, "actions of a %s", service->kind->name),
                          "there is no action '%s'", action);
            return false;
        }
        g_ptr_array_free(names, TRUE);
    }
    return true;
}

/* "a -> b put" */
static bool allowed_read(Build *build, const char *inside, Mark mark, Expect *expect) {
    char **ends = g_strsplit(inside, "->", 2);
    char **words = ends[0] != NULL && ends[1] != NULL ? g_strsplit(g_strstrip(ends[1]), " ", 2) : NULL;
    bool good = words != NULL && words[0] != NULL && words[1] != NULL;
    expect->kind = EXPECT_ALLOWED;
    if (!good) {
        complain(build, mark, "write allowed(site.web -> site.data put)", "'%s' does not say who, what and on what",
                 inside);
    } else {
        Scope outside = {NULL, NULL};
        expect->action = tree_string(build->tree, g_strstrip(words[1]));
        expect->from_count =
            names_find(build, outside, g_strstrip(ends[0]), NAME_USERS | NAME_INTERNET, mark, &expect->from);
        expect->to_count = names_find(build, outside, words[0], 0, mark, &expect->to);
        good = expect->from_count > 0 && expect->to_count > 0 && action_known(build, expect->action, mark, expect);
    }
    g_strfreev(ends);
    g_strfreev(words);
    return good;
}

/* --- blast radius ------------------------------------------------------------------------------------------------- */

/* "{a, b}", "{}" */
static bool set_read(Build *build, const char *text, Mark mark, Expect *expect) {
    char *inside = between(&text, "{", '}');
    if (inside == NULL || *text != '\0') {
        g_free(inside);
        complain(build, mark, "write blast_radius(site.web) within {site.jobs, site.news}",
                 "'within' needs names in braces");
        return false;
    }
    char **names = g_strsplit(inside, ",", -1);
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(ComponentId));
    bool good = true;
    for (char **name = names; *name != NULL && inside[0] != '\0'; name++) {
        ComponentId *found;
        uint32_t count = names_find(build, (Scope){NULL, NULL}, g_strstrip(*name), 0, mark, &found);
        if (count > 0)
            g_array_append_vals(ids, found, count);
        good = good && count > 0;
    }
    g_array_sort(ids, compare_ids);
    expect->to = keep_array(build, ids, &expect->to_count);
    g_strfreev(names);
    g_free(inside);
    return good;
}

static bool radius_read(Build *build, const char *name, const char *rest, Mark mark, Expect *expect) {
    rest += strspn(rest, " ");
    expect->from_count = names_find(build, (Scope){NULL, NULL}, name, 0, mark, &expect->from);
    return set_read(build, g_str_has_prefix(rest, "within ") ? rest + 7 + strspn(rest + 7, " ") : "", mark, expect) &&
           expect->from_count > 0;
}

/* --- all ---------------------------------------------------------------------------------------------------------- */

bool access_claim_read(Build *build, const char *text, Mark mark, Expect *expect, bool *good) {
    const char *rest = text;
    char *inside = between(&rest, "allowed(", ')');
    bool known = inside != NULL && *rest == '\0';
    if (known)
        *good = allowed_read(build, inside, mark, expect);
    g_free(inside);
    static const struct {
        const char *open;
        ExpectKind kind;
    } radii[] = {{"blast_radius(", EXPECT_BLAST_RADIUS}, {"exposed(", EXPECT_EXPOSED}};
    for (size_t i = 0; !known && !expect->negated && i < G_N_ELEMENTS(radii); i++) {
        inside = between(&rest, radii[i].open, ')');
        known = inside != NULL;
        expect->kind = known ? radii[i].kind : expect->kind;
        if (known)
            *good = radius_read(build, inside, rest, mark, expect);
        g_free(inside);
    }
    return known;
}
