/* shard.h - which part of a study this process is to compute: `--shard K/N`, or as the engine that started it says
 * (private to commands/). */
#ifndef FAULTLINE_COMMANDS_SHARD_H
#define FAULTLINE_COMMANDS_SHARD_H

#include <stdbool.h>
#include <stdint.h>

/* Shard `number` of `of`, from 1. */
typedef struct {
    uint64_t number, of;
} Shard;

/* "2/8", or "auto": from the environment of Open MPI, a Slurm array, a Kubernetes indexed job or an AWS Batch array.
 * False: *why (g_free) says what is wrong, and which variables were looked for. */
bool shard_parse(const char *text, Shard *shard, char **why);

/* Its replications: equal stretches, the first ones longer by one where it does not divide. */
void shard_stretch(Shard shard, uint64_t replications, uint64_t *first, uint64_t *count);

/* `path` with "{shard}" replaced by the shard's number, with as many digits as the last one has; g_free. */
char *shard_path(const char *path, Shard shard);

#endif
