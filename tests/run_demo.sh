#!/bin/sh
# run_demo.sh BUILD OUT - lose a region under a website, and say where the answers lie.
set -eu
build=$1 out=$2

"$build/faultline" run scenarios/outage/region-loss-at-peak.yaml -o "$out"
printf '\nWritten to %s/:\n' "$out"
for file in "$out"/*; do
    printf '  %s\n' "$file"
done
echo "Look at the .svg files in a browser; $build/faultline --help tells what else it does."
