#!/bin/bash
# workers.t - every fourth scenario (LONG=1: every one): two workers give the bytes of one process, and `verify` finds
# them again.
#
# Whatever a study finds must travel from worker to parent; what somebody forgot to pack shows here.
set -u
. tests/tap.sh
program=${FAULTLINE:-build/faultline}
mapfile -t files < <(find scenarios -name '*.yaml' ! -path '*/any/*' | LC_ALL=C sort)
if [ -z "${FAULTLINE_LONG:-}" ]; then
    all=("${files[@]}") files=()
    for ((i = 0; i < ${#all[@]}; i += 4)); do files+=("${all[i]}"); done
fi
for file in "${files[@]}"; do
    "$program" run "$file" -n 2 --format json >"$scratch/one" 2>/dev/null
    "$program" run "$file" -n 2 --jobs 2 --format json >"$scratch/two" 2>/dev/null
    told=$("$program" verify "$scratch/two" 2>&1) && [ -s "$scratch/one" ] && cmp -s "$scratch/one" "$scratch/two"
    status=$?
    tell $status "$file"
    [ $status = 0 ] || echo "# $told"
done
echo "1..$tests"
