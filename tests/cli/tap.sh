# tap.sh - what the scripts of this folder share; sourced, from the top of the tree.
. tests/tap.sh
program=$(realpath "${FAULTLINE:-build/faultline}")

# result WHAT GOOD - one TAP line, for what has been found out already: "yes" or anything else.
result() {
    [ "$2" = yes ]
    tell $? "$1"
}

# check WHAT STATUS COMMAND... - that it exits with that status. What it prints stands in out and err, and what the
# check before this one printed in before.
check() {
    local what=$1 want=$2
    shift 2
    [ ! -e "$scratch/out" ] || cp "$scratch/out" "$scratch/before"
    "$@" >"$scratch/out" 2>"$scratch/err"
    local got=$?
    [ $got = "$want" ]
    tell $? "$what: exit $got"
    [ $got = "$want" ] || head -20 "$scratch/err" | sed 's/^/# /'
}

# holds WHAT COMMAND... - that it succeeds.
holds() {
    local what=$1
    shift
    "$@"
    tell $? "$what"
}

# says FILE TEXT, mute FILE TEXT - whether out, err or before has that text, or has it not.
says() { grep -qF -- "$2" "$scratch/$1"; }
mute() { ! says "$@"; }

# tells TEXT - whether out has it, be it on one line or over several.
tells() { tr -s ' \n' ' ' <"$scratch/out" | grep -qF -- "$1"; }
