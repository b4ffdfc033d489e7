#!/bin/bash
# schemas.t - whatever says JSON fits the schema of its name in docs/schema/.
set -u
. tests/cli/tap.sh
web=patterns/multi-region-web.yaml one=patterns/single-region-web.yaml gap=patterns/paas-air-gap.yaml
fits() { # SCHEMA COMMAND...: its output, and its output bent
    local schema=docs/schema/$1.schema.json what
    what=$(printf '%s ' "${@:3}")
    "$program" "${@:2}" >"$scratch/out" 2>/dev/null
    if python3 -c '
import json, sys
import jsonschema
schema, document = (json.load(open(path)) for path in sys.argv[1:])
jsonschema.Draft7Validator.check_schema(schema)
jsonschema.validate(document, schema)
document["else"] = 1
sys.exit(jsonschema.Draft7Validator(schema).is_valid(document))' "$schema" "$scratch/out" 2>"$scratch/err"; then
        tell 0 "$1: $what"
    else
        tell 1 "$1: $what"
        grep -v '^ ' "$scratch/err" | head -20 | cut -c1-200 | sed 's/^/# /'
    fi
}

fits report run $one -n 2 --format json
cp "$scratch/out" "$scratch/a"
fits report run $gap --format json
fits report run scenarios/outage/region-loss-at-peak.yaml -n 3 --format json
fits report run scenarios/compromise/direct-web-owned.yaml --format json
fits report run scenarios/availability/two-zones.yaml -n 20 --format json
"$program" run $one -n 3 --seed 7 --format json >"$scratch/b" 2>/dev/null
fits diff diff "$scratch/a" "$scratch/b" --format json
fits diff diff "$scratch/a" "$scratch/a" --format json
fits comparison compare $one $web $one --on scenarios/outage/zone-loss.yaml -n 3 --format json
fits sweep sweep $one --set 'dns_ttl=30s,60s' -n 2 --format json
fits worst worst $one -n 2 --format json
for pattern in patterns/*.yaml; do
    fits matrix reach "$pattern" --format json
done
fits structure reach $gap --structure --format json
fits explanation reach $gap --from front.web --to back.app --port tcp/8443 --format json
fits explanation reach $gap --from internet --to front.lb --port tcp/443 --format json
fits reach-difference reach $gap --against patterns/web-app-direct.yaml --format json
echo "1..$tests"
