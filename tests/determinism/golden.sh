#!/bin/bash
# golden.sh BINARY [SCENARIO...] - print "<sha256>  <scenario>" for what BINARY answers to each scenario, or to some.
#
# The answer is standard output of `BINARY run SCENARIO -n 2 --format json`: two replications have everything that is
# merged, and what all of them come to is what scenarios.t judges. Exit 1 (an expectation missed) is an answer like any
# other; a crash or an error is not, and prints as "exit-N". The environment is empty but for a locale and a time zone,
# which the caller varies by IN_LOCALE, IN_ZONE, LOCPATH. To accept new answers:
#     tests/determinism/golden.sh build/faultline >tests/golden/hashes.txt
set -u
binary=$1
shift
if [ $# = 0 ]; then
    mapfile -t scenarios < <(find scenarios -name '*.yaml' ! -path '*/any/*' | LC_ALL=C sort)
else
    scenarios=("$@")
fi
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

for scenario in "${scenarios[@]}"; do
    env -i PATH="$PATH" LC_ALL="${IN_LOCALE:-C.UTF-8}" TZ="${IN_ZONE:-UTC}" LOCPATH="${LOCPATH:-}" \
        "$binary" run "$scenario" -n 2 --format json >"$answer" 2>/dev/null </dev/null
    code=$?
    if [ $code -le 1 ] && [ -s "$answer" ]; then
        hash=$(sha256sum <"$answer")
        printf '%s  %s\n' "${hash%% *}" "$scenario"
    else
        printf 'exit-%d  %s\n' $code "$scenario"
    fi
done
