#!/bin/bash
# mesh.t - clusters and meshes on the command line: requests by method and path, what differs between two environments,
# what would turn an answer round, and what is wrong with a file.
set -u
. tests/cli/tap.sh
core=patterns/service-mesh-core.yaml

asks() { # OPTIONS...
    "$program" reach "$core" --from cluster.orders --to cluster.payments "$@" >"$scratch/out" 2>&1
}
asks
holds 'without a method any request will do' tells 'tcp/8443: REACH'
asks --method POST --path /pay
holds 'one with both is named in the answer' tells 'tcp/8443 POST /pay: REACH'
holds 'the rule that allows decides' tells 'decided by authorization policy cluster[eu-west-1].payments rule 1'
holds 'the caller shows its identity' tells 'mutual TLS: cluster[eu-west-1].orders shows its identity shop/orders'
asks --method GET --path /pay
holds 'another method is refused' tells 'DENY AUTHORIZATION_POLICY_NO_ALLOW'
holds 'and what would allow it is said' \
    tells 'nobody-in-bank, rules: {principals: shop/orders, ports: tcp/8443}'
asks --path /refund
holds 'a denial cannot be overridden' tells 'nothing overrides a denial'
"$program" reach "$core" --method GET >"$scratch/out" 2>&1
result 'a method needs a question' "$([ $? = 2 ] && tells '--method and --path belong to --from and --to' && echo yes)"

"$program" reach "$core" --from cluster.reports --to cluster.ledger >"$scratch/out" 2>&1
holds 'what is not in the mesh is told what comes first' \
    tells 'ingress: {from: [{pod_selector: reports, namespace_selector: legacy}], ports: tcp/5432}'
holds 'and what comes then' tells 'give the caller a sidecar'

# Two environments: the same file with one policy less.
"$program" reach "$core" --against-set 'stacks.cluster.network_policies.ledger.ingress=[{}]' >"$scratch/out" 2>&1
holds 'sidecars still refuse what the network would let through' \
    tells '0 opened, 0 closed, 2 closed for another reason'
holds 'and that is drift, too' tells 'after DENY MTLS_REQUIRED, by mutual TLS of mesh cluster'
"$program" reach "$core" --set mtls=permissive --set 'stacks.cluster.authorization_policies={}' \
    --against-set 'stacks.cluster.network_policies.ledger.ingress=[{}]' >"$scratch/out" 2>&1
result 'drift between environments is a failure' "$([ $? = 1 ] && echo yes)"
holds 'and each connection that differs is listed' tells 'cluster[eu-west-1].reports -> cluster[eu-west-1].ledger'

wrong() { # WHAT SET MESSAGE
    "$program" check "$core" --set "$2" >"$scratch/out" 2>&1
    result "$1" "$([ $? = 2 ] && tells "$3" && echo yes)"
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
holds 'a change of a policy that is not there' tells "there is no network policy 'cluster.shpo'"
holds 'policies have no mtls' tells 'write applied: yes, or applied: no'
holds 'one thing at a time' tells 'a change says what it changes, one thing at a time'
holds 'what has no sidecar demands nothing' tells "there is no workload 'cluster.reports'"
echo "1..$tests"
