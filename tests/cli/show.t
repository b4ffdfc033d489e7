#!/bin/bash
# show.t - `faultline show`: every pattern within 80 columns; sites, connections, routes, roles and policies are told.
set -u
program=${FAULTLINE:-build/faultline}
told=$(mktemp)
trap 'rm -f "$told"' EXIT
number=0
check() { # WHAT STATUS
    number=$((number + 1))
    if [ "$2" = 0 ]; then echo "ok $number - $1"; else echo "not ok $number - $1"; fi
}
says() { # TEXT, lines joined and blanks squeezed
    tr -s ' \n' ' ' <"$told" | grep -qF -- "$1"
    check "says '$1'" $?
}

for file in patterns/*.yaml; do
    "$program" show "$file" >"$told" && ! grep -q '.\{81\}' "$told"
    check "$file within 80 columns" $?
done

"$program" show patterns/lambda-analytics-loop.yaml >"$told"
says 'launcher account main; held by analysis.launch allow archive:put on analysis.cold'
says 'analyst account main; held by analysis.worker no policy of its own'
says 'analysis.input allow bucket:put to uploader when source_ip hq'
says 'deny any to anyone when encrypted no'
says 'analysis.s3 allow bucket:get, bucket:put to analyst on analysis.input, analysis.results'
says 'hq 192.168.0.0/16 own way to the internet; lets in nothing'
grep -q '^USERS' "$told"
check 'no heading without users' $((1 - $?))

"$program" show patterns/paas-air-gap.yaml >"$told"
says 'front.sqs allow queue:send to web on front.jobs'
says 'vpn vpn hub - hq'
says 'spokes 10.1.0.0/16 via inspection[us-east-1]'
says 'front.sqs interface_endpoint 2'

"$program" show patterns/lambda-analytics-loop.yaml \
    --set "accounts.main.service_control_policy=[{deny: 'bucket:*', on: anything}]" \
    --set 'roles.launcher.permissions_boundary=[{allow: any, on: anything}]' >"$told"
says 'SERVICE CONTROL POLICIES OF ACCOUNTS main deny bucket:* on anything'
says 'within the boundary allow any on anything'
echo "1..$number"
