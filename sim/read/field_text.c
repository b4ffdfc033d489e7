/* field_text.c - prints one value of a filled spec, in the language in which it is written. */
#include <glib.h>
#include <string.h>

#include "base/quantity.h"
#include "read/fields.h"

static char *number_text(const void *member, Unit unit) { return quantity_text(*(const int64_t *)member, unit); }

static char *value_text(const Field *row, const void *member) {
    switch (row->type) {
    case FIELD_TYPE_TIME: return quantity_text(((const SimTime *)member)->ns, UNIT_TIME);
    case FIELD_TYPE_LAW: return law_text(member);
    case FIELD_TYPE_RATE: return number_text(member, UNIT_RATE);
    case FIELD_TYPE_SHARE: return number_text(member, UNIT_SHARE);
    case FIELD_TYPE_COUNT: return number_text(member, UNIT_NONE);
    case FIELD_TYPE_BYTES: return number_text(member, UNIT_BYTES);
    case FIELD_TYPE_BITRATE: return number_text(member, UNIT_BITRATE);
    case FIELD_TYPE_MONEY: return number_text(member, UNIT_MONEY);
    case FIELD_TYPE_BOOL: return g_strdup(*(const bool *)member ? "yes" : "no");
    case FIELD_TYPE_WORD: return g_strdup(row->words[*(const int *)member]);
    case FIELD_TYPE_TEXT: return g_strdup(*(const char *const *)member);
    default: return NULL;
    }
}

char *fields_text(const Field *fields, const void *spec, const char *dotted_name) {
    for (const Field *row = fields; row && row->type != FIELD_TYPE_END; row++) {
        size_t length = strlen(row->name);
        const char *member = (const char *)spec + row->offset;
        if (strncmp(row->name, dotted_name, length) != 0)
            continue;
        if (dotted_name[length] == '.' && row->type == FIELD_TYPE_GROUP)
            return fields_text(row->group, member, dotted_name + length + 1);
        if (dotted_name[length] == '\0')
            return value_text(row, member);
    }
    return NULL;
}
