#!/bin/bash
# run_check.sh TEST... - build everything and run the tests, going on after failures; the last lines are prove's counts.
#
# A TEST is a tests/**/test_*.c (its program is run) or a script; run_test.sh knows how. From the environment: BUILD,
# CC, OPT, MAKE; LONG=1 also runs the slow cases of the C tests; JOBS=N runs N tests at a time.
set -u
: "${BUILD:=build}" "${MAKE:=make}" "${JOBS:=$(nproc)}"
export BUILD LONG="${LONG:-}"
[ -z "$LONG" ] || export TEST_LIMIT="${TEST_LIMIT:-3600}" # seconds
[ $# -gt 0 ] || { echo "no tests" >&2; exit 1; }

# Both programs first, then the tests: -k, so that one broken file costs its own tests only. What the build said is the
# input of tests/style/build.t, which fails when there was an error.
mkdir -p "$BUILD"
make_arguments=(--no-print-directory -k BUILD="$BUILD" ${CC:+CC="$CC"} ${OPT:+OPT="$OPT"} LAX="${LAX:-}" TESTS="$*")
rm -f "$BUILD/check.status"
{
    $MAKE "${make_arguments[@]}" all test-programs 2>&1
    echo $? >"$BUILD/check.status"
} | tee "$BUILD/check.log"
built=$(<"$BUILD/check.status")

# Tests get no jobserver and no make flags of ours: some of them run make themselves.
unset MAKEFLAGS MFLAGS MAKELEVEL
prove --norc --jobs "$JOBS" --exec tests/run_test.sh "$@"
proved=$?

# The counts stay the last lines; a build that failed makes the whole fail even when build.t was not asked for.
[ "$built" = 0 ] || exit 1
exit $proved
