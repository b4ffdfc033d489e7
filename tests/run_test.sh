#!/bin/bash
# run_test.sh TEST - run one test in a plain environment and print TAP.
#
# TEST is a script (run as it is) or a tests/**/X.c, whose program BUILD/tests/**/X is run. Two mends of what GLib
# prints: a failed assertion ends that program only ("Bail out!" would make prove stop all others), and a program that
# could not be built is a failure, not a blank. Nothing outside decides a result: one locale, one time zone, one seed.
set -u -o pipefail
test=$1
: "${BUILD:=build}" "${LONG:=}"

case $test in
*.c)
    program=$BUILD/${test%.c}
    run=("$program" --tap -k --seed R02S00000000000000000000000000000001)
    [ -z "$LONG" ] || run+=(-m slow)
    ;;
*)
    program=$test
    run=("$test")
    ;;
esac
if ! [ -x "$program" ]; then
    printf '1..1\nnot ok 1 - %s was built\n' "$program"
    exit 1
fi

# Leaks inside Graphviz are known and contained in a short-lived process; those of the simulator are ours.
leaks=1
[[ $test != tests/unit/render/* ]] || leaks=0

exec 3>&2 2>/dev/null # what the test says is heard; what this shell says of a test that died is not news
env -i PATH="$PATH" HOME="${HOME:-/}" TMPDIR="${TMPDIR:-/tmp}" LC_ALL=C.UTF-8 TZ=UTC GSETTINGS_BACKEND=memory \
    ASAN_OPTIONS=detect_leaks=$leaks UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1 \
    FAULTLINE="$BUILD/faultline" FAULTLINE_RENDER="$BUILD/faultline-render" FAULTLINE_TESTS=tests \
    FAULTLINE_BUILD="$BUILD" FAULTLINE_LONG="$LONG" \
    timeout --kill-after=10 "${TEST_LIMIT:-600}" "${run[@]}" </dev/null 2>&3 | sed -u 's/^Bail out!/not ok - stopped:/'
status=${PIPESTATUS[0]}
[ "$status" != 124 ] || echo "not ok - $test took longer than ${TEST_LIMIT:-600} s and was stopped"
exit "$status"
