#!/bin/bash
# sweep.t - `faultline sweep` and `faultline worst`: every cell and the front; every failure, ranked, and as a scenario.
set -u
. tests/cli/tap.sh
lost=scenarios/outage/zone-loss.yaml one=patterns/single-region-web.yaml

check 'a grid' 0 "$program" sweep $lost --set dns_ttl=10s,60s,300s --set zones=2,3 -n 2 --format json \
    -m lost_sessions -m cost_per_hour -m success_rate
check 'has every cell, and a front that nobody beats' 0 python3 -c '
import json, sys
swept = json.load(open(sys.argv[1]))
cells = swept["cells"]
assert [(c["set"]["dns_ttl"], c["set"]["zones"]) for c in cells] == \
    [(t, z) for t in ("10s", "60s", "300s") for z in ("2", "3")]
def bad(c):
    m = c["metrics"]
    return m["lost_sessions"]["mean"], m["cost_per_hour"]["mean"], -m["success_rate"]["mean"]
def beats(a, b):
    return all(x <= y for x, y in zip(bad(a), bad(b))) and bad(a) != bad(b)
assert any(c["front"] for c in cells)
for c in cells:
    assert c["front"] == (not any(beats(other, c) for other in cells)), c
for effect in swept["effects"]:
    for axis in ("dns_ttl", "zones"):
        means = {}
        for c in cells:
            means.setdefault(c["set"][axis], []).append(c["metrics"][effect["metric"]]["mean"])
        means = [sum(v) / len(v) for v in means.values()]
        assert abs(effect[axis] - (max(means) - min(means))) <= 1e-9 * max(1, max(map(abs, means))), effect' \
    "$scratch/before"
check 'a list is one value' 0 "$program" sweep patterns/multi-region-web.yaml -n 1 --format csv -m sessions \
    --set 'regions=[us-east-1],[us-east-1, eu-west-1]' --event '{at: 20 min, fail: zone us-east-1a, for: 5 min}'
holds 'so there are two rows' says out '"[us-east-1, eu-west-1]"'
check 'as text' 0 "$program" sweep $lost --set zones=2,3 -n 1
holds 'it says what moves what' says out 'is moved most by zones'
check 'nothing to vary' 2 "$program" sweep $lost
check 'a value that cannot be' 2 "$program" sweep $lost --set dns_ttl=10s,60
check 'no value' 2 "$program" sweep $lost --set dns_ttl=
check 'too large a grid' 2 "$program" sweep $lost \
    --set "dns_ttl=$(seq -s s, 1 200)s" --set "check_every=$(seq -s s, 5 104)s"
holds 'is refused' says err 'more than 10000 cells'
check 'a metric that is none' 2 "$program" sweep $lost --set zones=2,3 -m lost

check 'the worst failures' 0 "$program" worst $one -n 2 --format json -o "$scratch/worst.yaml"
check 'are ranked, each tried once' 0 python3 -c '
import json, sys
tried = json.load(open(sys.argv[1]))
means = [f["mean"] for f in tried["singles"]]
names = [f["fails"] for f in tried["singles"]]
assert means == sorted(means, reverse=True)
assert len(set(names)) == len(names) and tried["pairs"] == []
for name in ("zone us-east-1a", "region us-east-1", "control_plane us-east-1", "link us-east-1a <-> us-east-1b",
             "site[us-east-1].db", "dns", "waf"):
    assert name in names, name
assert means[0] > tried["without"] == 0' "$scratch/before"
check 'and the worst is a scenario that holds' 0 "$program" test --patterns patterns "$scratch/worst.yaml"
check 'by a metric of which much is wanted' 0 "$program" worst $one -n 1 -m success_rate --format csv
check 'the least comes first' 0 python3 -c '
import csv, sys
means = [float(r["mean"]) for r in csv.DictReader(open(sys.argv[1]))]
assert means == sorted(means)' "$scratch/before"
check 'a time without a unit' 2 "$program" worst $one --at 20
check 'an unwritable file' 3 "$program" worst $one -n 1 -o /proc/nowhere.yaml
echo "1..$tests"
