#!/bin/bash
# show.t - `faultline show`: every pattern within 80 columns; sites, connections, routes, roles and policies are told.
set -u
. tests/cli/tap.sh
told() { holds "says '$1'" tells "$1"; }

for file in patterns/*.yaml; do
    "$program" show "$file" >"$scratch/out" && ! grep -q '.\{81\}' "$scratch/out"
    tell $? "$file within 80 columns"
done

"$program" show patterns/lambda-analytics-loop.yaml >"$scratch/out"
told 'launcher account main; held by analysis.launch allow archive:put on analysis.cold'
told 'analyst account main; held by analysis.worker no policy of its own'
told 'analysis.input allow bucket:put to uploader when source_ip hq'
told 'deny any to anyone when encrypted no'
told 'analysis.s3 allow bucket:get, bucket:put to analyst on analysis.input, analysis.results'
told 'hq 192.168.0.0/16 own way to the internet; lets in nothing'
grep -q '^USERS' "$scratch/out"
tell $((1 - $?)) 'no heading without users'

"$program" show patterns/paas-air-gap.yaml >"$scratch/out"
told 'front.sqs allow queue:send to web on front.jobs'
told 'vpn vpn hub - hq'
told 'spokes 10.1.0.0/16 via inspection[us-east-1]'
told 'front.sqs interface_endpoint 2'

"$program" show patterns/lambda-analytics-loop.yaml \
    --set "accounts.main.service_control_policy=[{deny: 'bucket:*', on: anything}]" \
    --set 'roles.launcher.permissions_boundary=[{allow: any, on: anything}]' >"$scratch/out"
told 'SERVICE CONTROL POLICIES OF ACCOUNTS main deny bucket:* on anything'
told 'within the boundary allow any on anything'
echo "1..$tests"
