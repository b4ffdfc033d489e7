#!/bin/bash
# workers.t - every fourth scenario (LONG=1: every one): two workers give the bytes of one process, and `verify` finds
# them again.
#
# Whatever a study finds must travel from worker to parent; what somebody forgot to pack shows here.
set -u
program=${FAULTLINE:-build/faultline}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mapfile -t files < <(find scenarios -name '*.yaml' ! -path '*/any/*' | LC_ALL=C sort)
if [ -z "${FAULTLINE_LONG:-}" ]; then
    all=("${files[@]}") files=()
    for ((i = 0; i < ${#all[@]}; i += 4)); do files+=("${all[i]}"); done
fi
echo "1..${#files[@]}"
number=0
for file in "${files[@]}"; do
    number=$((number + 1))
    "$program" run "$file" -n 2 --format json >"$scratch/one" 2>/dev/null
    "$program" run "$file" -n 2 --jobs 2 --format json >"$scratch/two" 2>/dev/null
    told=$("$program" verify "$scratch/two" 2>&1) && [ -s "$scratch/one" ] && cmp -s "$scratch/one" "$scratch/two"
    if [ $? = 0 ]; then echo "ok $number - $file"; else printf 'not ok %d - %s\n# %s\n' $number "$file" "$told"; fi
done
