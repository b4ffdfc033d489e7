#!/bin/bash
# exits.t - what the program answers to whom: exit statuses, where words go, and that nothing half-made is left behind.
set -u
. tests/cli/tap.sh
scenario=scenarios/outage/zone-loss.yaml

check 'no command is a mistake' 2 "$program"
check 'an unknown command is a mistake' 2 "$program" rnu
holds 'and a near one is suggested' says err "did you mean 'run'"
check 'help is help' 0 "$program" help
check 'the version' 0 "$program" --version
check 'the limits' 0 "$program" --limits
check 'a file that is not there' 2 "$program" run nowhere.yaml
check 'an unknown format' 2 "$program" run $scenario --format xml
holds 'and the known ones are named' says err 'known: text'
check 'a bad number of replications' 2 "$program" run $scenario -n 0
check 'a bad parameter value' 2 "$program" run patterns/multi-region-web.yaml --set dns_ttl=60
holds 'and it says what to write' says err 'has no unit'
check 'an expectation that two replications cannot decide' 1 "$program" run $scenario -n 2
check 'a pattern as it stands' 0 "$program" run patterns/single-region-web.yaml --format csv
check 'every scenario reads' 0 "$program" check patterns/*.yaml $(ls scenarios/*/*.yaml | grep -v /any/)
check 'a scenario for any pattern reads with one' 0 "$program" check \
    scenarios/any/{zone,region,control-plane}-loss.yaml scenarios/any/one-way-*.yaml \
    --pattern patterns/multi-region-web.yaml
check '... that has what it speaks of' 2 "$program" check scenarios/any/rotation-stopped.yaml \
    --pattern patterns/multi-region-web.yaml
check 'an unwritable folder' 3 "$program" run patterns/single-region-web.yaml -o /proc/nowhere
check 'a full disk' 3 bash -c "'$program' run patterns/single-region-web.yaml >/dev/full"
check 'a run into a folder' 1 "$program" run $scenario -n 1 -o "$scratch/made"
holds 'leaves report, record and six drawings' test "$(ls "$scratch/made" | tr '\n' ' ')" = \
    'after.dot after.svg before.dot before.svg during.dot during.svg record.json report.txt '
holds 'the record fits its schema' python3 -c '
import json, sys
try: import jsonschema
except ImportError: sys.exit(0)
jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))' "$scratch/made/record.json" \
    docs/schema/record.schema.json
cp "$scratch/made/record.json" "$scratch/again.json"
check 'and again' 1 "$program" run $scenario -n 1 -o "$scratch/made"
holds 'gives the same bytes' cmp -s "$scratch/made/record.json" "$scratch/again.json"
check 'a record can be drawn again' 0 "$program" render "$scratch/again.json" -o "$scratch/drawn"
holds 'to the same picture' cmp -s "$scratch/made/during.svg" "$scratch/drawn/during.svg"
check 'another seed' 1 "$program" run $scenario -n 1 --seed 7 -o "$scratch/made"
holds 'gives other luck' bash -c "! cmp -s '$scratch/made/record.json' '$scratch/again.json'"
echo "1..$tests"
