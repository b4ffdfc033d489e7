#!/bin/bash
# clang.t - the other compiler, with nothing optimised: takes every file of the programs (LONG=1: and of the tests)
# without a warning and gives the same bytes, of every fourth scenario (LONG=1: of every one).
set -u
. tests/determinism/common.sh
other=$BUILD-clang
mkdir -p "$other"
make --no-print-directory -k BUILD="$other" CC=clang OPT=-O0 all ${FAULTLINE_LONG:+test-objects} \
    >"$other/check.log" 2>&1
status=$?
tell $status "clang -O0 compiles everything without a warning"
[ $status = 0 ] || grep -E '(error|warning|undefined reference):?' "$other/check.log" | sed 's/^/# /' >&2

if [ -z "${FAULTLINE_LONG:-}" ]; then
    awk 'NR % 4 == 1' "$golden" >"$other/hashes.txt"
    golden=$other/hashes.txt
fi
[ ! -s "$golden" ] || same_answers "clang -O0" "$other/faultline"
echo "1..$tests"
