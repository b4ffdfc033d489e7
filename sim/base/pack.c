/* pack.c - numbers by sevens of bits, texts by their length. */
#include "base/pack.h"

#include <string.h>

enum { SEVEN = 7, MORE = 0x80 };

void pack_uint(GByteArray *out, uint64_t value) {
    uint8_t bytes[10];
    guint length = 0;
    for (; value >= MORE; value >>= SEVEN)
        bytes[length++] = (uint8_t)(value | MORE);
    bytes[length++] = (uint8_t)value;
    g_byte_array_append(out, bytes, length);
}

void pack_int(GByteArray *out, int64_t value) { pack_uint(out, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0)); }

/* 0 is NULL, n + 1 a text of n bytes. */
void pack_text(GByteArray *out, const char *text) {
    size_t length = text ? strlen(text) : 0;
    pack_uint(out, text ? length + 1 : 0);
    g_byte_array_append(out, (const guint8 *)text, (guint)length);
}

uint64_t unpack_uint(Unpack *from) {
    uint64_t value = 0;
    for (unsigned shift = 0; !from->failed; shift += SEVEN) {
        if (from->at == from->end || shift > 63 || (shift == 63 && *from->at > 1))
            break;
        value |= (uint64_t)(*from->at & (MORE - 1)) << shift;
        if (!(*from->at++ & MORE))
            return value;
    }
    from->failed = true;
    return 0;
}

int64_t unpack_int(Unpack *from) {
    uint64_t folded = unpack_uint(from);
    return (int64_t)(folded >> 1 ^ (folded & 1 ? UINT64_MAX : 0));
}

char *unpack_text(Unpack *from) {
    uint64_t length = unpack_uint(from);
    if (length == 0)
        return NULL;
    if (length - 1 > (uint64_t)(from->end - from->at)) {
        from->failed = true;
        return NULL;
    }
    char *text = g_strndup((const char *)from->at, length - 1);
    from->at += length - 1;
    return text;
}

bool unpack_done(const Unpack *from) { return !from->failed && from->at == from->end; }
