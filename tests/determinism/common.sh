# common.sh - what the determinism scripts share; sourced, from the top of the tree.
. tests/tap.sh
golden=tests/golden/hashes.txt

# A locale that writes numbers with a comma and sorts in its own way, made here, so that none need be set up.
make_locale() {
    localedef -i de_DE -f UTF-8 "$scratch/de_DE.UTF-8" || return
    export LOCPATH=$scratch
}

# same_answers NAME BINARY - one TAP line a scenario: the answer has its golden hash, here and now.
same_answers() {
    local name=$1 binary=$2 expected got scenario
    awk '{ print $2 }' "$golden" | xargs tests/determinism/golden.sh "$binary" >"$scratch/got"
    while read -r expected scenario; do
        got=$(awk -v s="$scenario" '$2 == s { print $1 }' "$scratch/got")
        [ "$got" = "$expected" ]
        tell $? "$name: $scenario"
        [ "$got" = "$expected" ] || echo "# $scenario: expected $expected, got ${got:-nothing}" >&2
    done <"$golden"
}
