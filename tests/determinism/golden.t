#!/bin/bash
# golden.t - every scenario still gives the bytes that were accepted, and every third one (LONG=1: every one) in another
# locale and time zone, too.
set -u
. tests/determinism/common.sh
[ -s "$golden" ] || skip_all "no accepted answers yet"

# What is accepted and what there is are the same scenarios.
diff <(sed 's/^[^ ]*  //' "$golden") <(find scenarios -name '*.yaml' ! -path '*/any/*' | LC_ALL=C sort) >&2
tell $? "every scenario has an accepted answer, and no other"

same_answers "C, UTC" "$BUILD/faultline"
make_locale
tell $? "a German locale"
if [ -z "${FAULTLINE_LONG:-}" ]; then
    awk 'NR % 3 == 2' "$golden" >"$scratch/hashes.txt"
    golden=$scratch/hashes.txt
fi
IN_LOCALE=de_DE.UTF-8 IN_ZONE=FAR-13:45 same_answers "German, 13:45 east" "$BUILD/faultline"
echo "1..$tests"
