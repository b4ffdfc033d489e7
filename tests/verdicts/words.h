/* words.h - words of a line of text, and what they mean; what cannot be read ends the test. */
#ifndef FAULTLINE_TESTS_VERDICTS_WORDS_H
#define FAULTLINE_TESTS_VERDICTS_WORDS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "net/ports.h"
#include "net/prefix.h"

_Noreturn void words_stop(const char *why, const char *what); /* the test itself is wrong */
const char *words_at(char **words, guint i);
bool words_have(char **words, const char *text);
const char *words_option(char **words, const char *name); /* what follows "units="; NULL: no word begins so */
Prefix words_prefix(const char *text);
PortSet words_ports(const char *text); /* "tcp/80,udp/53"; "-": none */
/* The index of the row whose name, its first member, is that; UINT32_MAX: none. */
uint32_t rows_find(const void *rows, uint32_t count, size_t size, const char *name);

#endif
