#!/bin/bash
# mesh.t - clusters and meshes on the command line: requests by method and path, what differs between two environments,
# what would turn an answer round, and what is wrong with a file.
set -u
program=${FAULTLINE:-build/faultline}
core=patterns/service-mesh-core.yaml
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tests=0
result() { # WHAT GOOD
    tests=$((tests + 1))
    if [ "$2" = yes ]; then echo "ok $tests - $1"; else echo "not ok $tests - $1"; fi
}
said() { tr -s ' \n' ' ' <"$scratch/out" | grep -qF -- "$1" && echo yes; }

asks() { # OPTIONS...
    "$program" reach "$core" --from cluster.orders --to cluster.payments "$@" >"$scratch/out" 2>&1
}
asks
result 'without a method any request will do' "$(said 'tcp/8443: REACH')"
asks --method POST --path /pay
result 'one with both is named in the answer' "$(said 'tcp/8443 POST /pay: REACH')"
result 'the rule that allows decides' "$(said 'decided by authorization policy cluster[eu-west-1].payments rule 1')"
result 'the caller shows its identity' "$(said 'mutual TLS: cluster[eu-west-1].orders shows its identity shop/orders')"
asks --method GET --path /pay
result 'another method is refused' "$(said 'DENY AUTHORIZATION_POLICY_NO_ALLOW')"
result 'and what would allow it is said' \
    "$(said 'nobody-in-bank, rules: {principals: shop/orders, ports: tcp/8443}')"
asks --path /refund
result 'a denial cannot be overridden' "$(said 'nothing overrides a denial')"
"$program" reach "$core" --method GET >"$scratch/out" 2>&1
result 'a method needs a question' "$([ $? = 2 ] && said '--method and --path belong to --from and --to')"

"$program" reach "$core" --from cluster.reports --to cluster.ledger >"$scratch/out" 2>&1
result 'what is not in the mesh is told what comes first' \
    "$(said 'ingress: {from: [{pod_selector: reports, namespace_selector: legacy}], ports: tcp/5432}')"
result 'and what comes then' "$(said 'give the caller a sidecar')"

# Two environments: the same file with one policy less.
"$program" reach "$core" --against-set 'stacks.cluster.network_policies.ledger.ingress=[{}]' >"$scratch/out" 2>&1
result 'sidecars still refuse what the network would let through' \
    "$(said '0 opened, 0 closed, 2 closed for another reason')"
result 'and that is drift, too' "$(said 'after DENY MTLS_REQUIRED, by mutual TLS of mesh cluster')"
"$program" reach "$core" --set mtls=permissive --set 'stacks.cluster.authorization_policies={}' \
    --against-set 'stacks.cluster.network_policies.ledger.ingress=[{}]' >"$scratch/out" 2>&1
result 'drift between environments is a failure' "$([ $? = 1 ] && echo yes)"
result 'and each connection that differs is listed' "$(said 'cluster[eu-west-1].reports -> cluster[eu-west-1].ledger')"

wrong() { # WHAT SET MESSAGE
    "$program" check "$core" --set "$2" >"$scratch/out" 2>&1
    result "$1" "$([ $? = 2 ] && said "$3")"
}
wrong 'a mode has a name' 'mtls=mutual' 'write one of: disable, permissive, strict'
wrong 'a namespace that is not declared' 'stacks.cluster.components.web.namespace=shpo' "did you mean 'shop'?"
wrong 'a policy in none of them' 'stacks.cluster.network_policies.web.namespace=shpo' "did you mean 'shop'?"
wrong 'a zone that the stack has not' 'stacks.cluster.authorization_policies.web.zones=[z]' "there is no zone 'z'"
cat >"$scratch/change.yaml" <<'YAML'
scenario: changes
pattern: service-mesh-core
timeline:
  - {at: 1 min, change: {network_policy: cluster.shpo, applied: yes}}
  - {at: 1 min, change: {network_policy: cluster.shop, mtls: strict}}
  - {at: 1 min, change: {mesh: cluster, namespace: cluster.shop, mtls: strict}}
  - {at: 1 min, change: {workload: cluster.reports, mtls: strict}}
YAML
"$program" check "$scratch/change.yaml" --patterns patterns >"$scratch/out" 2>&1
result 'a change of a policy that is not there' "$(said "there is no network policy 'cluster.shpo'")"
result 'policies have no mtls' "$(said 'write applied: yes, or applied: no')"
result 'one thing at a time' "$(said 'a change says what it changes, one thing at a time')"
result 'what has no sidecar demands nothing' "$(said "there is no workload 'cluster.reports'")"
echo "1..$tests"
