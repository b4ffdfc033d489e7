#!/bin/bash
# pairing.t - the same luck makes a difference of lost sessions at least three times narrower than other luck would.
set -u
. tests/tap.sh
program=${FAULTLINE:-build/faultline}
narrows() { # WHAT ARGUMENTS...: prints by how much
    local what=$1
    shift
    "$program" compare "$@" -m lost_sessions --format json >"$scratch/out"
    python3 -c '
import json, sys
rows = json.load(open(sys.argv[1]))["comparisons"][0]["rows"]
row = next(r for r in rows if r["metric"] == "lost_sessions" and r["of"] is None)
times = row["unpaired_half_width"] * 2 / (row["high"] - row["low"])
print("# difference %.1f, %.1f times narrower" % (row["difference"], times))
sys.exit(not (row["finding"] == "resolved" and times >= 3))' "$scratch/out"
    tell $? "$what"
}

# Few caches would make luck of their own: each resolver's phase at the failure, which no pairing takes away.
many=(--set users.visitors-america.resolvers=1000 --set users.visitors-europe.resolvers=1000)
dies=scenarios/outage/region-loss-at-peak.yaml
for seed in 1 2; do
    narrows "a TTL of 30 s against 60 s when a region dies, seed $seed" \
        "$dies:dns_ttl=30 s" "$dies:dns_ttl=60 s" "${many[@]}" -n 12 --seed $seed
    # Who is at the other region is hurt by a zone in one design only: that is a difference, not luck.
    narrows "one region against two when a zone dies, seed $seed" \
        patterns/single-region-web.yaml patterns/multi-region-web.yaml --on scenarios/outage/zone-loss.yaml \
        --set 'load.visitors-europe.rate=1/s' -n 24 --seed $seed
done
echo "1..$tests"
