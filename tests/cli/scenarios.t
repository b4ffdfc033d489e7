#!/bin/bash
# scenarios.t - every expectation of every scenario holds, and fails under its `but`.
set -u
program=${FAULTLINE:-build/faultline}
mapfile -t files < <(find scenarios -name '*.yaml' ! -path '*/any/*' | LC_ALL=C sort)
echo "1..${#files[@]}"
number=0
for file in "${files[@]}"; do
    number=$((number + 1))
    if told=$("$program" test "$file" 2>&1); then
        echo "ok $number - $file"
    else
        echo "not ok $number - $file"
        echo "$told" | sed 's/^/# /'
    fi
done
