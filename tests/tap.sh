# tap.sh - what every shell test needs; sourced, from the top of the tree. KEEP=1 keeps its scratch folder.
: "${BUILD:=${FAULTLINE_BUILD:-build}}"
scratch=$(mktemp -d)
trap '[ -n "${KEEP:-}" ] || rm -rf "$scratch"' EXIT
tests=0

# tell STATUS WHAT - one TAP line.
tell() {
    tests=$((tests + 1))
    if [ "$1" = 0 ]; then echo "ok $tests - $2"; else echo "not ok $tests - $2"; fi
}

skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}
