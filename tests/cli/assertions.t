#!/bin/bash
# assertions.t - what `that:` may say: each sentence is judged, at each change of the network, or rejected.
set -u
. tests/cli/tap.sh
cat >"$scratch/web.yaml" <<'YAML'
scenario: assertions
pattern: multi-region-web
run: {until: 1 min}
load: {}
timeline:
  - {at: 10 s, change: {security_group: site.web, add: {inbound: {from: db, port: 8080}}}, for: 20 s}
expect:
  - {id: waf-can-be-passed-by, that: "every path users -> site.web passes waf"}
  - {id: lb-is-passed, that: "every path internet -> site.web passes site.lb"}
  - {id: lb-is-passed-at, that: "every path site.db -> site.web passes site.lb", at: 15 s}
  - {id: some-excess, that: "excess == 0"}
  - {id: before, that: "excess <= 2", at: 5 s}
  - {id: between, that: "excess <= 3"}
  - {id: no-host, that: "host == 0"}
  - {id: no-login, that: "management = 0"}
  - {id: nothing-broken, that: "broken < 1"}
YAML
"$program" test "$scratch/web.yaml" --patterns patterns >"$scratch/out" 2>&1
result 'a missed assertion is a failure' "$([ $? = 1 ] && echo yes)"
for good in lb-is-passed before no-host no-login nothing-broken; do
    result "$good holds" "$(grep -qE "^  ok +$good " "$scratch/out" && echo yes)"
done
for bad in waf-can-be-passed-by lb-is-passed-at some-excess between; do
    result "$bad is missed" "$(grep -qE "^  FAIL +$bad " "$scratch/out" && echo yes)"
done
result 'a way around is named' "$(tr -s ' \n' ' ' <"$scratch/out" | grep -qF \
    'visitors-america -> site[eu-west-1].lb -> site[eu-west-1].web at 0 s' && echo yes)"
result 'the first that is too many is named' "$(tr -s ' \n' ' ' <"$scratch/out" | grep -qF \
    '4 found, first site[eu-west-1].db in eu-west-1a' && echo yes)"

rejected() { # SENTENCE REASON
    printf 'scenario: x\npattern: multi-region-web\nexpect:\n  - {id: a, that: "%s"%s}\n' "$1" "${3:-}" \
        >"$scratch/bad.yaml"
    "$program" check "$scratch/bad.yaml" --patterns patterns >"$scratch/out" 2>&1
    result "rejected: $1${3:-}" "$([ $? = 2 ] && grep -qF -- "$2" "$scratch/out" && echo yes)"
}
rejected 'exces == 0' 'cannot be understood'
rejected 'excess' 'cannot be understood'
rejected 'excess == many' 'cannot be understood'
rejected 'not excess == 0' 'cannot be understood'
rejected 'every path users -> site.web' 'cannot be understood'
rejected 'every path users -> site.web passes wfa' "'waf'"
rejected 'every path users -> internet passes waf' 'say the port'
rejected 'reachable(users -> site.web' 'cannot be understood'
rejected 'excess == 0' 'only reachable() can hold for some pairs' ', some: yes'
echo "1..$tests"
