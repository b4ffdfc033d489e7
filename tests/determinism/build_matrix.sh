#!/bin/bash
# build_matrix.sh - gcc and clang, -O0 and -O3, two locales, two time zones: one set of bytes.
set -u
. tests/determinism/common.sh
[ -s "$golden" ] || skip_all "no accepted answers yet"
make_locale
tell $? "a German locale"

for compiler in gcc clang; do
    for level in -O0 -O3; do
        build=$BUILD-$compiler$level
        mkdir -p "$build"
        make --no-print-directory BUILD="$build" CC=$compiler OPT=$level all >"$build/check.log" 2>&1
        status=$?
        tell $status "$compiler $level builds"
        [ $status = 0 ] || sed 's/^/# /' "$build/check.log" >&2
        for locale in C.UTF-8 de_DE.UTF-8; do
            for zone in UTC FAR-13:45; do
                IN_LOCALE=$locale IN_ZONE=$zone same_answers "$compiler $level $locale $zone" "$build/faultline"
            done
        done
    done
done
echo "1..$tests"
