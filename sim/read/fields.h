/* fields.h - a key is a row: the one table from which parsing, defaults, bounds, `explain`, the JSON Schema and the
 * reference in docs/kinds.md are made.
 *
 * A plug-in declares a static const Field array that ends with FIELD_END; fields_read fills its spec struct. The value
 * of a key is the first of: what the user wrote; the provider's default (patterns/defaults/<provider>.yaml, kind.key);
 * the row's own default. Everything not written by the user is appended to `assumed` with its source. */
#ifndef FAULTLINE_READ_FIELDS_H
#define FAULTLINE_READ_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/json.h"
#include "base/law.h"
#include "base/simtime.h"
#include "read/tree.h"

typedef enum {
    FIELD_TYPE_TIME,    /* SimTime */
    FIELD_TYPE_LAW,     /* Law */
    FIELD_TYPE_RATE,    /* int64_t, events per 1e9 s */
    FIELD_TYPE_SHARE,   /* int64_t, parts per billion, 0 % to 100 % unless bounds say otherwise */
    FIELD_TYPE_COUNT,   /* int64_t */
    FIELD_TYPE_BYTES,   /* int64_t */
    FIELD_TYPE_BITRATE, /* int64_t */
    FIELD_TYPE_MONEY,   /* int64_t, micro-dollars */
    FIELD_TYPE_BOOL,    /* bool: true false yes no on off */
    FIELD_TYPE_WORD,    /* int: index in words[] */
    FIELD_TYPE_TEXT,    /* const char *, owned by the tree or static; NULL when absent */
    FIELD_TYPE_NAMES,   /* NameList: one name or a list of names */
    FIELD_TYPE_NODE,    /* const Node *: left to the owner to read (NULL when absent) */
    FIELD_TYPE_GROUP,   /* a nested struct read with its own table `group` */
    FIELD_TYPE_END
} FieldType;

typedef struct {
    const char **names; /* owned by the tree's memory */
    const Mark *marks;
    size_t count;
} NameList;

typedef struct Field {
    const char *name;
    FieldType type;
    size_t offset;
    const char *otherwise;     /* default in the same language; FIELD_REQUIRED; NULL = absent (zero), not assumed */
    const char *least, *most;  /* inclusive bounds in the same language; NULL = none */
    const char *help;          /* one line, ends without a full stop */
    const char *source;        /* where the default comes from; NULL = "assumption" */
    const char *const *words;  /* FIELD_TYPE_WORD: NULL-terminated */
    const struct Field *group; /* FIELD_TYPE_GROUP */
} Field;

extern const char FIELD_REQUIRED[];

/* Rows. S = spec struct, m = member. */
#define FIELD_ROW(S, m, type_, otherwise_, least_, most_, help_, source_) \
    { #m, type_, offsetof(S, m), otherwise_, least_, most_, help_, source_, NULL, NULL }
#define FIELD_TIME(S, m, otherwise, help, source) FIELD_ROW(S, m, FIELD_TYPE_TIME, otherwise, "0 s", NULL, help, source)
#define FIELD_LAW(S, m, otherwise, help, source) FIELD_ROW(S, m, FIELD_TYPE_LAW, otherwise, NULL, NULL, help, source)
#define FIELD_RATE(S, m, otherwise, help, source) FIELD_ROW(S, m, FIELD_TYPE_RATE, otherwise, NULL, NULL, help, source)
#define FIELD_SHARE(S, m, otherwise, help, source) \
    FIELD_ROW(S, m, FIELD_TYPE_SHARE, otherwise, "0 %", "100 %", help, source)
#define FIELD_COUNT(S, m, otherwise, least, most, help, source) \
    FIELD_ROW(S, m, FIELD_TYPE_COUNT, otherwise, least, most, help, source)
#define FIELD_BYTES(S, m, otherwise, help, source) \
    FIELD_ROW(S, m, FIELD_TYPE_BYTES, otherwise, NULL, NULL, help, source)
#define FIELD_BITRATE(S, m, otherwise, help, source) \
    FIELD_ROW(S, m, FIELD_TYPE_BITRATE, otherwise, NULL, NULL, help, source)
#define FIELD_BOOL(S, m, otherwise, help, source) FIELD_ROW(S, m, FIELD_TYPE_BOOL, otherwise, NULL, NULL, help, source)
#define FIELD_WORD(S, m, words_, otherwise_, help_, source_) \
    { #m, FIELD_TYPE_WORD, offsetof(S, m), otherwise_, NULL, NULL, help_, source_, words_, NULL }
#define FIELD_TEXT(S, m, otherwise, help) FIELD_ROW(S, m, FIELD_TYPE_TEXT, otherwise, NULL, NULL, help, NULL)
#define FIELD_NAMES(S, m, otherwise, help) FIELD_ROW(S, m, FIELD_TYPE_NAMES, otherwise, NULL, NULL, help, NULL)
#define FIELD_NODE(S, m, help) FIELD_ROW(S, m, FIELD_TYPE_NODE, NULL, NULL, NULL, help, NULL)
#define FIELD_GROUP(S, m, table, help_) \
    { #m, FIELD_TYPE_GROUP, offsetof(S, m), NULL, NULL, NULL, help_, NULL, NULL, table }
#define FIELD_END \
    { NULL, FIELD_TYPE_END, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL }

/* One default that was used. The list owns copies of all texts, so they outlive tables and trees. */
typedef struct {
    const char *owner; /* "site[us-east-1].lb" */
    const char *key;   /* "health_check.every" */
    const char *value;
    const char *source; /* never NULL */
} Assumed;
typedef struct AssumedList AssumedList;
AssumedList *assumed_new(void);
void assumed_free(AssumedList *list);
size_t assumed_count(const AssumedList *list);
const Assumed *assumed_at(const AssumedList *list, size_t i);
void assumed_add(AssumedList *list, const char *owner, const char *key, const char *value, const char *source);

/* Read `map` (a NODE_MAP, or NULL for "nothing written") into `spec` (zeroed by the caller).
 * `provider` (may be NULL): map of provider defaults for this kind; each value is a scalar, or {value: V, source: S}.
 * `known`: further keys that the caller reads itself (NULL-terminated, may be NULL); other unknown keys are errors with
 * a suggestion. `tree` owns derived memory. Returns false when an error was added. O(keys x rows). */
bool fields_read(const Field *fields, const Node *map, const Node *provider, const char *const *known, Tree *tree,
                 const char *owner, void *spec, AssumedList *assumed, Diagnostics *diagnostics);

/* Check a provider's defaults against the rows they are for: unknown keys and values that cannot be read are errors. To
 * be called once a file; fields_read itself ignores keys of the provider that no row asks for. */
bool fields_check_provider(const Field *fields, const Node *provider, Tree *tree, Diagnostics *diagnostics);

/* One typed value, outside any table. On error adds a diagnostic at the node's mark. */
bool field_value(const Field *row, const Node *node, Tree *tree, void *member, Diagnostics *diagnostics);

/* Human-readable rows for `explain` and docs: "health_check.every   time   30 s   help (source)". Appends to a GString-
 * like sink: called once a row, nested groups flattened with dots. */
typedef void (*FieldVisit)(const Field *row, const char *dotted_name, void *user);
void fields_each(const Field *fields, FieldVisit visit, void *user);
/* "time", "law of time", "share", ... "word" for FIELD_TYPE_WORD; for messages and docs. */
const char *field_type_name(const Field *row);

/* The value of one row of a filled spec, by its dotted name, as it would be written: "60 s", "latency", "4". Allocated;
 * NULL for an unknown name and for texts that are absent. Lists and nodes: NULL. */
char *fields_text(const Field *fields, const void *spec, const char *dotted_name);

/* The table as a JSON Schema object (draft-07): properties, required, additionalProperties false. */
void fields_schema(const Field *fields, const char *key, JsonWriter *json);
/* One row of it, as a member of `properties`. */
void fields_schema_row(const Field *row, JsonWriter *json);

#endif
