#!/bin/bash
# table.t - docs/capabilities.md says what the scenarios say of themselves, and every `covers:` is a row of it.
set -u
. tests/tap.sh
here=tests/capabilities

# holds WHAT SAID STATUS - one TAP line; what was said explains a failure.
holds() {
    tell "$3" "$1"
    [ "$3" = 0 ] || echo "$2" | head -20 | sed 's/^/# /'
}

told=$($here/table.pl --problems)
holds 'rows, scenarios and tests fit together' "$told" $?
told=$(diff <($here/table.pl) docs/capabilities.md)
holds 'the page is as it would be made: make docs' "$told" $?

# The test of the test: a scenario of an unknown row, in a copy.
mkdir "$scratch/tests" "$scratch/docs"
cp -r $here "$scratch/tests/"
cp docs/capabilities.tsv "$scratch/docs/"
cp -r scenarios "$scratch/"
printf 'scenario: x\nclaim: y\ncovers: [S-999]\n' >"$scratch/scenarios/any/odd.yaml"
told=$("$scratch/$here/table.pl" --problems)
[[ $told == *'scenarios/any/odd.yaml: covers S-999, which is no row'* ]]
holds 'a row that there is not is noticed' "$told" $?
echo "1..$tests"
