#!/bin/bash
# schemas.t - whatever says JSON fits the schema of its name in docs/schema/.
set -u
. tests/cli/tap.sh
web=patterns/multi-region-web.yaml one=patterns/single-region-web.yaml gap=patterns/paas-air-gap.yaml
asked=0
fits() { # SCHEMA COMMAND...: noted, to be judged with all others at the end
    asked=$((asked + 1))
    "$program" "${@:2}" >"$scratch/$asked" 2>/dev/null
    printf '%s\t%s\n' "$1" "$(printf '%s ' "${@:3}")" >>"$scratch/asked"
}

fits report run $one -n 2 --format json
cp "$scratch/1" "$scratch/a"
fits report run $gap --format json
fits report run scenarios/outage/region-loss-at-peak.yaml -n 3 --format json
fits report run scenarios/compromise/direct-web-owned.yaml --format json
fits report run scenarios/availability/two-zones.yaml -n 20 --format json
"$program" run $one -n 3 --seed 7 --format json >"$scratch/b" 2>/dev/null
fits diff diff "$scratch/a" "$scratch/b" --format json
fits diff diff "$scratch/a" "$scratch/a" --format json
fits comparison compare $one $web $one --on scenarios/outage/zone-loss.yaml -n 3 --format json
fits sweep sweep $one --set 'dns_ttl=30s,60s' -n 2 --format json
fits worst worst $one -n 1 --format json
for pattern in patterns/*.yaml; do
    fits matrix reach "$pattern" --format json
done
fits structure reach $gap --structure --format json
fits explanation reach $gap --from front.web --to back.app --port tcp/8443 --format json
fits explanation reach $gap --from internet --to front.lb --port tcp/443 --format json
fits reach-difference reach $gap --against patterns/web-app-direct.yaml --format json

# Each fits its schema, and does no more when it is bent. One process for all: loading the validator takes longer than
# judging.
python3 - "$scratch" <<'PYTHON'
import json, sys
import jsonschema
scratch = sys.argv[1]
asked = [line.rstrip("\n").split("\t") for line in open(scratch + "/asked")]
for number, (name, what) in enumerate(asked, 1):
    try:
        schema = json.load(open("docs/schema/%s.schema.json" % name))
        jsonschema.Draft7Validator.check_schema(schema)
        judge = jsonschema.Draft7Validator(schema)
        document = json.load(open("%s/%d" % (scratch, number)))
        judge.validate(document)
        document["else"] = 1
        print("not ok" if judge.is_valid(document) else "ok", number, "-", name + ":", what)
    except Exception as wrong:
        print("not ok", number, "-", name + ":", what)
        for line in str(wrong).split("\n")[:20]:
            print("#", line[:200])
PYTHON
echo "1..$asked"
