#!/bin/bash
# every_pattern.t - scenarios/any hold on every pattern; what a pattern lacks is skipped with a reason, never passed.
set -u
. tests/cli/tap.sh
root=$PWD

# ---- the library: each scenario of scenarios/any on each pattern, by name
check 'every pattern stands what may happen to any' 0 "$program" test scenarios/any --every-pattern
for pattern in patterns/*.yaml; do
    for scenario in scenarios/any/*.yaml; do
        grep -q "^$(basename "$pattern" .yaml)/$(basename "$scenario" .yaml): " "$scratch/out" ||
            echo "$pattern $scenario" >>"$scratch/missing"
    done
done
holds 'each was tried on each' test ! -s "$scratch/missing"
holds 'lines fit 80 columns' bash -c "! grep -qE '^.{81}' '$scratch/out'"

# ---- how it is asked
cd "$scratch" || exit
mkdir patterns any
ln -s "$root/patterns/defaults" patterns/defaults
pattern() { # NAME ZONES LOAD
    cat >"patterns/$1.yaml" <<YAML
pattern: $1
provider: aws
users:
  visitors: {from: europe}
edge:
  dns: {kind: dns, targets: site.web}
stacks:
  site:
    copies: [eu-west-1]
    zones: $2
    subnets: {front: {routes: [{to: internet, via: internet_gateway}]}}
    components:
      web: {kind: instances, subnet: front, public: true, listens: 443, count: {min: 2, start: 2, max: 4}}
    security_groups: {web: {inbound: [{from: internet, port: 443}]}}
flows:
  - visit: users -> dns -> site.web
$3
YAML
}
pattern one-zone 1 'load: {visitors: {rate: 1/s}}'
pattern two-zones 2 ''
scenario() { # FILE EVENT EXPECTATION...
    local file=$1 event=$2
    shift 2
    { printf 'scenario: a trial\nclaim: It holds.\ntimeline:\n  - %s\n' "$event"
      printf 'run: {until: 20 min, warm_up: 2 min, replications: 2, seed: 1}\nexpect:\n'
      printf '  - %s\n' "$@"; } >"$file"
}
all() { "$program" test "$@" --every-pattern; }

scenario any/cut.yaml '{at: 5 min, partition: link busiest zone <-> next zone, for: 5 min}' \
    '{id: mended, that: broken == 0, at: 15 min}'
check 'a pattern without what a target means is skipped' 0 all any/cut.yaml
holds 'and said to be' says out 'one-zone/cut: skipped'
holds 'with the reason' says out 'this pattern has no second zone in a region'
holds 'and counted' says out '1 passed, 0 failed, 1 skipped'
check 'a scenario without a pattern needs the option' 2 "$program" test any/cut.yaml
check 'alone, what is meant by a rule must be there' 2 "$program" check any/cut.yaml --pattern patterns/one-zone.yaml
holds 'and it says where' says err 'any/cut.yaml:4:28: error: this pattern has no second zone in a region'

scenario any/loss.yaml '{at: 5 min, fail: busiest zone, for: 5 min}' \
    '{id: breaks, metric: lost_sessions, min: "> 0", but: {set: {timeline.0.for: 1 ms}}}' \
    '{id: mended, that: broken == 0, at: 15 min, but: {set: {timeline.0.for: 1 h}}}'
check 'where nothing arrives nothing is measured' 0 all any/loss.yaml
holds 'which is said' says out 'no session arrives in this pattern'
holds 'a but is seen once' says out '5 passed'
holds 'a rule is put into names' bash -c "'$program' show any/loss.yaml --pattern patterns/two-zones.yaml |
    grep -q 'zone eu-west-1a'"
scenario any/kind.yaml '{at: 5 min, fail: every instances, for: 5 min}' \
    '{id: down, metric: lost_sessions, min: "> 0"}'
check 'every component of a kind can be meant' 0 all any/kind.yaml
scenario any/none.yaml '{at: 5 min, fail: every queue, for: 5 min}' '{id: mended, that: broken == 0, at: 15 min}'
check 'a kind that no pattern has' 0 all any/none.yaml
holds 'skips all' says out '0 passed, 0 failed, 2 skipped'
scenario any/odd.yaml '{at: 5 min, fail: every qeue, for: 5 min}' '{id: mended, that: broken == 0, at: 15 min}'
check 'a kind that there is not is a mistake' 2 all any/odd.yaml
holds 'and a near one is suggested' says err "did you mean 'queue'?"

# ---- nothing holds for want of being asked
scenario any/kind-but.yaml '{at: 5 min, fail: busiest zone, for: 5 min}' \
    '{id: mended, that: broken == 0, at: 15 min, but: {set: {timeline.0.for: 4 min}}}'
check 'a but under which it holds everywhere' 1 all any/kind-but.yaml
holds 'is told' says out 'on every pattern'
rm patterns/one-zone.yaml
check 'what no pattern can be asked' 1 all any/loss.yaml
holds 'is told as well' says out 'can be asked of no pattern'
check 'baselines are of one pattern' 2 all any/cut.yaml --write
check 'a folder without patterns' 2 all any/cut.yaml --patterns any/nowhere
echo "1..$tests"
