#!/bin/bash
# formats.t - faultline test from outside: every format against its schema, severities, waivers, baselines, exits.
set -u
. tests/cli/tap.sh
root=$PWD
fits() { # SCHEMA DOCUMENT
    python3 -c '
import json, sys
import jsonschema
jsonschema.validate(json.load(open(sys.argv[2])), json.load(open(sys.argv[1])))' "$1" "$2"
}
t() { "$program" test "$@"; }

# Small enough for a tenth of a second a replication.
cd "$scratch" || exit
mkdir good bad patterns
ln -s "$root/patterns/defaults" patterns/defaults
cat >patterns/tiny.yaml <<'YAML'
pattern: tiny
provider: aws
users:
  visitors: {from: europe, patience: 30 s}
edge:
  dns: {kind: dns, targets: site.lb}
stacks:
  site:
    copies: [eu-west-1]
    zones: 2
    subnets:
      public: {routes: [{to: internet, via: internet_gateway}]}
      app:
    components:
      lb:  {kind: load_balancer, subnet: public, public: true, listens: 443, targets: web}
      web: {kind: instances, subnet: app, listens: 8080, count: {min: 4, start: 4, max: 8}}
    security_groups:
      lb:  {inbound: [{from: internet, port: 443}]}
      web: {inbound: [{from: lb, port: 8080}]}
flows:
  - visit: users -> dns -> site.lb -> site.web
load:
  visitors: {rate: 5/s}
YAML
scenario() { # FILE EXPECTATIONS...
    local file=$1
    shift
    { cat <<'YAML'
scenario: a zone dies
claim: 'Odd <claims> & "quotes" | `ticks` ::error:: ##[x] %0A'
pattern: tiny
load: {visitors: {rate: 2/s}}
timeline:
  - {at: 8 min, fail: zone eu-west-1a, for: 5 min}
run: {until: 16 min, replications: 3, seed: 42}
expect:
YAML
      printf '  - %s\n' "$@"; } >"$file"
}
scenario good/kept.yaml \
    '{id: it-breaks, metric: lost_sessions, max: ">= 1", but: {set: {timeline.0.at: 15 min, timeline.0.for: 1 ms}}}' \
    '{id: private, that: not reachable(internet -> site.web), because: ADR-7}'
scenario bad/mixed.yaml \
    '{id: at-once, metric: failover_time, max: "<= 1 s", because: "ADR-12 & more"}' \
    '{id: soft, metric: lost_sessions, max: "== 0", severity: warning}' \
    '{id: told, metric: lost_sessions, max: "== 0", severity: note}' \
    '{id: waived, metric: lost_sessions, max: "== 0", waiver: {until: 2026-12-31, owner: Ann, because: mend is due}}' \
    '{id: open, that: reachable(internet -> site.web)}' \
    '{id: too-kind, metric: lost_sessions, min: ">= 0", but: {set: {timeline.0.for: 4 min}}}'
scenario bad/broken.yaml '{id: x, metric: lost_sesions, mean: "< 1"}'

# ---- exits and text
check 'what holds' 0 t good
holds 'is told with what was measured' says out 'private                  not reachable(internet -> site.web)'
holds 'and counted' says out '3 passed, 0 failed'
check 'what does not' 1 t bad/mixed.yaml
holds 'a miss shows its bound, its value' says out 'max of failover_time <= 1 s'
holds '... who wants it' says out 'ADR-12 & more'
holds '... the replication that shows it' says out "replication "
holds '... what caused it' says out 'fail zone eu-west-1a at 8 min for 5 min'
holds '... and where it stands in the file' says out 'bad/mixed.yaml:9:5'
holds 'a but that does not break it fails, too' says out 'still holds'
holds 'everything is counted by its outcome' says out '1 passed, 3 failed, 1 warning, 1 note, 1 waived'
holds 'a waiver says until when, whose and why' says out 'until 2026-12-31 (Ann): mend is due'
holds 'lines fit 80 columns' bash -c "! grep -qE '^.{81}' '$scratch/out'"
check 'a file that cannot be read is worse than a miss' 2 t bad
holds 'the mistake is told with its place' says out 'bad/broken.yaml:9:21'
holds 'and what was meant' says err "did you mean 'lost_sessions'?"
holds 'the others are tried all the same' \
    says out '1 passed, 3 failed, 1 warning, 1 note, 1 waived, 1 could not be tried'
check 'a folder without scenarios' 2 t "$(mktemp -d -p .)"
check 'an unknown format' 2 t good --format xml
holds 'and the known ones are named' says err 'known: text, json, junit, sarif, tap, github, markdown'

check 'a pattern expects nothing' 0 t patterns/tiny.yaml
holds 'which is said' says out 'nothing is expected'

# ---- severities and waivers
scenario soft.yaml '{id: soft, metric: lost_sessions, max: "== 0", severity: warning}' \
    '{id: told, metric: lost_sessions, max: "== 0", severity: note}'
check 'warnings and notes fail nobody' 0 t soft.yaml
scenario waived.yaml \
    '{id: w, metric: lost_sessions, max: "== 0", waiver: {until: 2026-12-31, owner: Ann, because: soon}}'
check 'a waiver holds when nobody says what day it is' 0 t waived.yaml
check '... and on its last day' 0 t waived.yaml --today 2026-12-31
check '... but not on the day after' 1 t waived.yaml --today 2027-01-01
holds 'which is said' says out 'over since 2026-12-31 (Ann): soon'
check 'a day that is none' 2 t waived.yaml --today 31.12.2026
holds 'and how to write it' says err 'write 2026-12-31'

# ---- every format against its schema; the same bytes again
for format in text json junit sarif tap github markdown; do
    check "$format" 2 t bad good --format $format --today 2026-11-22
    mv out first.$format
    check "$format into a file" 2 t good bad -f $format -o file.$format
    holds "... leaves standard output alone" test ! -s out
    t bad good --format $format --today 2026-11-22 >again 2>err
    holds "$format gives the same bytes again" cmp -s first.$format again
done
holds 'JSON fits its schema' fits "$root/docs/schema/test.schema.json" first.json
holds 'a chain leads from the fault to what was measured, in order of time' python3 -c '
import json
cases = {c["id"]: c for f in json.load(open("first.json"))["files"] for c in f["cases"]}
example = cases["mixed/at-once"]["counterexample"]
chain = example["chain"]
assert example["replication"] >= 0 and example["at_ns"] is None
assert chain[0]["kind"] == "fault" and chain[0]["at_ns"] == 480 * 10**9
assert chain[0]["place"] == {"file": "bad/mixed.yaml", "line": 6, "column": 5}
assert chain[-1]["kind"] == "measured" and "failover_time" in chain[-1]["what"]
assert [s["at_ns"] for s in chain] == sorted(s["at_ns"] for s in chain) and len(chain) <= 9
assert any(s["kind"] == "sessions" for s in cases["mixed/soft"]["counterexample"]["chain"])
assert cases["mixed/open"]["counterexample"]["at_ns"] == 0
assert cases["mixed/too-kind"]["counterexample"] is None'
scenario denied.yaml '{id: a, that: reachable(site.lb -> site.web), at: 9 min}'
removal='{security_group: site.web, remove: {inbound: {from: lb, port: 8080}}}'
sed -i "s/- {at: 8 min.*/- {at: 8 min, change: $removal}/" denied.yaml
check 'what a rule denies' 1 t denied.yaml
holds 'names the change that did it' says out 'denied.yaml:6:5'
holds '... and the group that decided' says out 'patterns/tiny.yaml:19:7'
holds 'SARIF fits its schema' fits "$root/tests/cli/sarif.schema.json" first.sarif
holds 'JUnit fits both of its schemas' xmllint --noout --schema "$root/tests/cli/junit.xsd" first.junit 2>err
holds 'JUnit also without a day' xmllint --noout --schema "$root/tests/cli/junit.xsd" file.junit 2>err
holds 'TAP is read by a harness' \
    bash -c 'prove -e cat first.tap >prove.out; grep -q "Failed tests: *1-2, 6, 8$" prove.out'
holds 'annotations name file and line' \
    grep -q '^::error file=bad/mixed.yaml,line=9,col=5,title=mixed/at-once::' first.github
holds 'a table row a case' test "$(grep -c '^| .*`mixed/' first.markdown)" = 7

t bad good --format json --today 2026-11-22 --jobs 2 >again 2>err
holds 'two workers find the same' cmp -s first.json again

check 'several formats of one run' 2 t bad good --today 2026-11-22 -f junit=a.xml -f sarif=a.sarif -f json
holds '... one of them on standard output' cmp -s first.json out
holds '... the others in files' bash -c 'cmp -s first.junit a.xml && cmp -s first.sarif a.sarif'
check 'only files named' 2 t bad good --today 2026-11-22 -f tap=a.tap
holds 'leaves standard output to people' bash -c 'cmp -s first.text out && cmp -s first.tap a.tap'
check 'two for standard output' 2 t good -f json -f tap
holds 'are one too many' says err 'one format may go without a file'
check 'a file without a name' 2 t good -f json=
check 'one of several that cannot be written' 3 t good -f json=/proc/nowhere -f tap=b.tap
holds '... does not keep the others back' test -s b.tap

# ---- baselines
check 'values are recorded' 0 t good --write
holds 'beside the scenario' test -s good/kept.baseline.json
check 'a value that is as recorded is no news' 0 t good
holds 'but counted' says out '5 passed, 0 failed'
sed -i 's/rate: 2/rate: 6/' good/kept.yaml
check 'a drift is a warning' 0 t good
holds 'with then and now' says out 'stays within 5 % of'
holds 'and whose doing it may be' says out 'the model has changed since'
check '... or a failure' 1 t good --drift fail
check '... or nothing' 0 t good --drift ignore
holds 'not even a line' mute out 'recorded'
sed -i 's/"tolerance": "5 %"/"tolerance": "1000 %"/' good/kept.baseline.json
check 'tolerances may be edited' 0 t good --drift fail
check 'and stay when it is written anew' 0 t good --write --tolerance '1 %'
holds 'for this one' grep -q '"tolerance": "1000 %"' good/kept.baseline.json
sed -i 's/"1000 %"/"a lot"/' good/kept.baseline.json
check 'a baseline that cannot be read' 2 t good
holds 'is told with its place' says err 'good/kept.baseline.json: $.expectations[0].tolerance:'
rm good/kept.baseline.json
check 'a tolerance that is none' 2 t good --write --tolerance much

t good --write >out 2>err
holds 'a baseline fits its schema' fits "$root/docs/schema/baseline.schema.json" good/kept.baseline.json
holds 'what was recorded is said' says err 'good/kept.baseline.json: 2 values recorded'
rm good/kept.baseline.json

# ---- the machine's failures
check 'a full disk' 3 bash -c "'$program' test good >/dev/full"
check 'a full disk, for a format that comes at the end' 3 \
    bash -c "'$program' test -f json good >/dev/full"
check 'a closed standard output' 3 bash -c "'$program' test good >&-"
check 'a file that cannot be written' 3 t good -o /proc/nowhere
exec 3<good/kept.yaml
check 'a baseline that cannot be written' 3 t --patterns patterns /proc/self/fd/3 --write
holds 'is told' says err '/proc/self/fd/3.baseline.json'
holds 'no half file is left' test "$(ls good)" = kept.yaml

# ---- interrupted: what is finished is told, and that it is not all
scenario slow.yaml '{id: a, metric: lost_sessions, max: ">= 0"}'
sed -i 's/replications: 3/replications: 1000000/' slow.yaml
interrupt() { # FORMAT SECONDS: once the first file is told, at the latest after so long
    : >told
    "$program" test good slow.yaml -f "$1" >told 2>err &
    local pid=$! try
    for try in $(seq "$(($2 * 10))"); do
        if grep -q private told; then break; fi
        sleep 0.1
    done
    kill -INT $pid
    wait $pid
}
check 'interrupted' 130 interrupt text 20
holds 'what was finished is told' grep -q '; interrupted after 1 of 2 files' told
interrupt json 2
holds 'also at the end' grep -q '"interrupted": true' told
holds 'by a whole document' fits "$root/docs/schema/test.schema.json" told

# ---- nothing is ignored
refused() { # WHAT EXPECTATION MESSAGE
    scenario refused.yaml "$2"
    check "$1" 2 t refused.yaml
    holds '... and why' says err "$3"
}
refused 'an unknown key' '{id: a, metric: lost_sessions, mean: "< 1", sevrity: note}' "did you mean 'severity'?"
refused 'an unknown severity' \
    '{id: a, metric: lost_sessions, mean: "< 1", severity: warn}' 'write one of: error, warning, note'
refused 'a quantile of too few' '{id: a, metric: lost_sessions, p99: "< 1"}' 'needs at least 368 replications'
refused 'several bounds' '{id: a, metric: lost_sessions, mean: "< 1", max: "< 2"}' 'several bounds'
refused 'an instant of a metric' '{id: a, metric: lost_sessions, mean: "< 1", at: 1 min}' "belong to 'that'"
refused 'even when it asks for nothing' '{id: a, metric: lost_sessions, mean: "< 1", some: no}' "belong to 'that'"
refused 'a population of a claim' \
    '{id: a, that: not reachable(internet -> site.web), of: visitors}' "belongs to 'metric'"
refused 'a but without a change' '{id: a, metric: lost_sessions, mean: "< 1", but: {}}' 'changes nothing'
refused 'a but that sets nothing' '{id: a, metric: lost_sessions, mean: "< 1", but: {set: {}}}' 'changes nothing'
refused 'a series' '{id: a, metric: success_series, mean: "< 1"}' 'series over time'
refused 'a date that is none' \
    '{id: a, metric: lost_sessions, max: "< 1", waiver: {until: 31.12.2026, owner: A, because: b}}' \
    'write 2026-12-31'
refused 'a waiver of nobody' \
    '{id: a, metric: lost_sessions, max: "< 1", waiver: {until: 2026-12-31, because: b}}' \
    "'owner' is missing"
refused 'an id that would not stay one' '{id: a/but, metric: lost_sessions, max: "< 1"}' 'use letters, digits'
echo "1..$tests"
