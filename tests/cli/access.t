#!/bin/bash
# access.t - policies and compromises as a user meets them: assertions that hold, miss and are rejected; and the report
# of what an attacker has.
set -u
. tests/cli/tap.sh

cat >"$scratch/gap.yaml" <<'YAML'
scenario: assertions about policies
pattern: paas-air-gap
load: none
timeline: [{at: 10 s, compromise: front.web}]
run: {until: 1 min}
expect:
  - {id: may-send, that: "allowed(front.web -> front.jobs send)"}
  - {id: may-receive, that: "allowed(front.web -> front.jobs receive)"}
  - {id: nobody-may, that: "not allowed(internet -> front.jobs send)"}
  - {id: may-not-send, that: "not allowed(front.web -> front.jobs send)"}
  - {id: both, that: "blast_radius(front.web) within {front.jobs, front.news}"}
  - {id: queue-only, that: "exposed(front.web) within {front.jobs}"}
  - {id: nothing, that: "blast_radius(data.db) within {}"}
  - {id: as-a-number, metric: blast_radius, max: "<= 2"}
YAML
"$program" test "$scratch/gap.yaml" --patterns patterns >"$scratch/out" 2>&1
result 'a missed assertion is a failure' "$([ $? = 1 ] && echo yes)"
for good in may-send nobody-may both nothing as-a-number; do
    result "$good holds" "$(grep -qE "^  ok +$good " "$scratch/out" && echo yes)"
done
for bad in may-receive may-not-send queue-only; do
    result "$bad is missed" "$(grep -qE "^  FAIL +$bad " "$scratch/out" && echo yes)"
done
holds 'who may not is told why' tells 'receive of front[us-east-1].jobs: DENY NOT_ALLOWED_BY_ENDPOINT_POLICY'
holds 'who may is told by what' \
    tells 'send of front[us-east-1].jobs: ALLOW, decided by policy of role web statement 1'
holds 'what lies outside is named with the way to it' \
    tells 'front[us-east-1].news is exposed: front[us-east-1].web acts under role web'

"$program" run scenarios/compromise/direct-web-owned.yaml >"$scratch/out" 2>&1
holds 'the report says what the attacker has' \
    tells 'WHAT THE ATTACKER HAS, AT 5 min compromised site[us-east-1].web'
holds 'and how far it goes' tells 'blast radius 4 of 6 components'
holds 'and the way to the crown jewel' tells 'site[us-east-1].db is at risk 1 site[us-east-1].web is compromised 2'
holds 'and what it hangs on' tells '(tcp/5432 from app) that alone holds it open'
"$program" run scenarios/compromise/air-gap-web-owned.yaml >"$scratch/out" 2>&1
holds 'and what is safe' tells 'data[us-east-1].db is safe no single rule would open it'

rejected() { # SENTENCE REASON
    printf 'scenario: x\npattern: paas-air-gap\nexpect:\n  - {id: a, that: "%s"}\n' "$1" >"$scratch/bad.yaml"
    "$program" check "$scratch/bad.yaml" --patterns patterns >"$scratch/out" 2>&1
    result "rejected: $1" "$([ $? = 2 ] && tells "$2" && echo yes)"
}
rejected 'allowed(front.web -> front.jobs)' 'does not say who, what and on what'
rejected 'allowed(front.web -> front.jobs snd)' "did you mean 'send'?"
rejected 'allowed(front.web -> back.app get)' 'which has no API'
rejected 'allowed(front.wbe -> front.jobs send)' "'front.wbe'"
rejected 'blast_radius(front.web)' "'within' needs names in braces"
rejected 'blast_radius(front.web) within front.jobs' "'within' needs names in braces"
rejected 'exposed(front.web) within {front.jbos}' "'front.jbos'"
rejected 'not blast_radius(front.web) within {}' 'cannot be understood'
echo "1..$tests"
