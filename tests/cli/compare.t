#!/bin/bash
# compare.t - `faultline compare`: the same luck, exact opposites, exactly nothing between a design and itself.
set -u
. tests/cli/tap.sh
web=patterns/multi-region-web.yaml one=patterns/single-region-web.yaml lost=scenarios/outage/zone-loss.yaml

check 'a design and itself' 0 "$program" compare $lost $lost -n 3 --format json
check 'differ by exactly nothing' 0 python3 -c '
import json, sys
rows = json.load(open(sys.argv[1]))["comparisons"][0]["rows"]
assert len(rows) > 20
for row in rows:
    assert row["finding"] == "the same", row
    assert row.get("difference", 0) == 0, row' "$scratch/before"
check 'two patterns through one scenario' 0 "$program" compare $web $one --on $lost -n 3 --format json
cp "$scratch/out" "$scratch/ab"
check 'and the other way round' 0 "$program" compare $one $web --on $lost -n 3 --format json
check 'are exact opposites' 0 python3 -c '
import json, sys
ab, ba = [json.load(open(f))["comparisons"][0]["rows"] for f in sys.argv[1:]]
assert [r["metric"] for r in ab] == [r["metric"] for r in ba]
moved = 0
for x, y in zip(ab, ba):
    assert x.get("difference", 0) == -y.get("difference", 0), (x, y)
    if "low" in x: assert x["low"] == -y["high"], (x, y)
    moved += x.get("difference", 0) != 0
assert moved > 10' "$scratch/ab" "$scratch/before"
check 'more processes' 0 "$program" compare $web $one --on $lost -n 3 --format json --jobs 2
check 'give the same bytes' 0 cmp "$scratch/ab" "$scratch/before"
check 'values of one design' 0 "$program" compare $lost $lost:dns_ttl=30s,zones=3 -n 3 -m lost_sessions -m failover_time
holds 'are named' says out 'zone-loss.yaml with dns_ttl=30s,zones=3'
holds 'beside the difference' says out 'B - A'
awk 'length($0) > 80' "$scratch/out" >"$scratch/long"
check 'in 80 columns' 1 test -s "$scratch/long"
check 'three designs as CSV' 0 "$program" compare $lost $lost:dns_ttl=30s $lost:dns_ttl=2min -n 2 --format csv
check 'have one width' 0 python3 -c '
import csv, sys
rows = list(csv.reader(open(sys.argv[1])))
assert len({len(r) for r in rows}) == 1 and len({r[2] for r in rows}) == 3' "$scratch/before"
check 'one design alone' 2 "$program" compare $lost
check 'a metric that is none' 2 "$program" compare $lost $lost -m lost_session
holds 'has a near one' says err "did you mean 'lost_sessions'"
check 'a value that is none' 2 "$program" compare $lost $lost:dns_tl=30s
holds 'has a near one, too' says err 'dns_ttl'
check 'a scenario is no pattern' 2 "$program" compare $lost $lost --on $lost
check 'a full disk' 3 bash -c "'$program' compare $lost $lost -n 1 >/dev/full"
echo "1..$tests"
