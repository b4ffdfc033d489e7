#!/bin/bash
# ladder.t - the four rungs of disaster recovery, side by side: each costs more than the one below, and is back sooner.
set -u
. tests/cli/tap.sh
rungs=(patterns/backup-and-restore.yaml patterns/pilot-light.yaml patterns/warm-standby.yaml
    patterns/active-active.yaml)
compare() {
    "$program" compare "${rungs[@]}" --on scenarios/recovery/region-dies.yaml --format json >"$scratch/ladder"
}
check 'compares' 0 compare

# The first rung against each other one: "a" is the same in all, so "b" orders them.
in_order() { # METRIC SENSE
    python3 -c '
import json, sys
metric, sense = sys.argv[2], int(sys.argv[3])
values = []
for pair in json.load(open(sys.argv[1]))["comparisons"]:
    row = next(r for r in pair["rows"] if r["metric"] == metric and not r.get("of"))
    values = values or [row["a"]]
    values.append(row["b"])
assert len(values) == 4, values
assert all(sense * a < sense * b for a, b in zip(values, values[1:])), values' "$scratch/ladder" "$1" "$2"
}
check 'each rung costs more than the one below' 0 in_order cost_per_hour 1
check 'each is back sooner' 0 in_order failover_time -1
check 'each loses fewer sessions' 0 in_order lost_sessions -1
check 'with backups alone most of what was written is gone' 0 python3 -c '
import json, sys
pairs = json.load(open(sys.argv[1]))["comparisons"]
rows = [next(r for r in p["rows"] if r["metric"] == "data_loss") for p in pairs]
assert all(r["a"] > 100 * r["b"] for r in rows), rows' "$scratch/ladder"

# Orders: what cannot be told is said with its line.
order() { # ENTRY TEXT
    "$program" check patterns/blue-green.yaml --event "$1" >/dev/null 2>"$scratch/said"
    [ $? = 2 ] && grep -qF -- "$2" "$scratch/said"
}
check 'a database cannot be refreshed' 0 order '{at: 1 min, refresh: site.db}' 'nothing that can be told to refresh'
check 'a switch needs two' 0 order '{at: 1 min, switch: site.blue}' 'is about two components'
check 'and somebody who sends to both' 0 order '{at: 1 min, switch: site.blue -> site.db}' 'nothing sends to both'
check 'an order ends by itself' 0 order '{at: 1 min, refresh: site.blue, for: 5 min}' 'an order ends by itself'
echo "1..$tests"
