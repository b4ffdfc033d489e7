#!/bin/bash
# reach.t - `faultline reach`: one question, all of them, differences, and what it says to mistakes.
set -u
. tests/cli/tap.sh
web=patterns/multi-region-web.yaml one=patterns/single-region-web.yaml
wrong=scenarios/reachability/wrong-security-group.yaml

check 'one question' 0 "$program" reach $one --from site.web --to site.db
holds 'has a verdict' says out 'site[us-east-1].db'
holds 'names the rule that decided and where it was written' says out 'single-region-web.yaml:37:23'
holds 'tells the way back, too' says out 'and back'
holds 'and what would close it' says out 'to close it remove'
check 'a closed way' 0 "$program" reach $one --from site.lb --to site.db
holds 'says what would open it' says out 'to open it  add to security group site[us-east-1].db, inbound'
check 'one question as JSON' 0 "$program" reach $one --from site.lb --to site.db --format json
check 'is JSON' 0 \
    python3 -c 'import json, sys; json.load(open(sys.argv[1]))["answers"][0]["forward"]' "$scratch/before"
check 'the matrix' 0 "$program" reach $web
holds 'counts what no flow means' says out 'excess         2'
holds 'says what is meant' says out 'waf -> site[us-east-1].lb tcp/443'
awk 'length($0) > 80' "$scratch/out" >"$scratch/long"
check 'in 80 columns' 1 test -s "$scratch/long"
check 'the matrix as CSV' 0 "$program" reach $web --format csv
check 'has one width' 0 python3 -c '
import csv, sys
assert len({len(r) for r in csv.reader(open(sys.argv[1]))}) == 1' "$scratch/before"
check 'the matrix as JSON' 0 "$program" reach $web --format json
check 'is JSON, too' 0 \
    python3 -c 'import json, sys; json.load(open(sys.argv[1]))["findings"][0]["where"]' "$scratch/before"
check 'before the rule is gone' 0 "$program" reach $wrong --from site.web --to site.db --at '5 min'
holds 'it holds' says out 'REACH'
check 'while it is gone' 0 "$program" reach $wrong --from site.web --to site.db --at '12 min'
holds 'it does not' says out 'ENI_SG_RULES_MISMATCH'
check 'two instants differ' 1 "$program" reach $wrong --against-at '12 min'
holds 'in one connection' says out '0 opened, 1 closed'
check 'an instant does not differ from itself' 0 "$program" reach $wrong --at '12 min' --against-at '12 min'
check 'two patterns differ' 1 "$program" reach $one --against $web --format csv
holds 'and what is new is opened' says out 'opened,site[eu-west-1].web -> site[eu-west-1].db tcp/5432'
check 'two values of a parameter differ' 1 "$program" reach $web --against-set 'regions=[us-east-1]' --format json
check 'in JSON' 0 \
    python3 -c 'import json, sys; json.load(open(sys.argv[1]))["differences"][0]["before"]' "$scratch/before"

check 'the structure' 0 "$program" reach $web --structure
holds 'names what all depends on' says out 'dns/0'
holds 'and the chains that lead there' says out 'internet -> site[eu-west-1].lb -> site[eu-west-1].web'
check 'the structure as JSON' 0 "$program" reach $web --structure --format json
check 'is JSON as well' 0 python3 -c \
    'import json, sys; json.load(open(sys.argv[1]))["structure"][0]["choke_points"]' "$scratch/before"
check 'a page too many' 2 "$program" reach $web --structure --from internet --to waf

check 'a name that nobody has' 2 "$program" reach $one --from site.we --to site.db
holds 'has a near one' says err "did you mean 'site.web'"
check 'half a question' 2 "$program" reach $one --from site.web
check 'a range of ports' 2 "$program" reach $one --from site.web --to site.db --port 22-23
check 'a port that is none' 2 "$program" reach $one --from site.web --to site.db --port ssh
check 'an instant after the end' 2 "$program" reach $wrong --at '9 h'
holds 'names the end' says err 'the run ends after'
check 'an instant without a unit' 2 "$program" reach $wrong --at 9
check 'a client port that is none' 2 "$program" reach $one --from site.web --to site.db --from-port 70000
check 'an unknown format' 2 "$program" reach $one --format xml
check 'no file' 2 "$program" reach
check 'a full disk' 3 bash -c "'$program' reach $one >/dev/full"
echo "1..$tests"
