#!/bin/bash
# table.t - docs/capabilities.md says what the scenarios say of themselves, and every `covers:` is a row of it.
set -u
here=tests/capabilities
echo 1..3
if told=$($here/table.pl --problems); then
    echo 'ok 1 - rows, scenarios and tests fit together'
else
    echo 'not ok 1 - rows, scenarios and tests fit together'
    echo "$told" | sed 's/^/# /'
fi
if told=$(diff <($here/table.pl) docs/capabilities.md); then
    echo 'ok 2 - the page is as it would be made: make docs'
else
    echo 'not ok 2 - the page is as it would be made: make docs'
    echo "$told" | head -20 | sed 's/^/# /'
fi

# The test of the test: a scenario of an unknown row, in a copy.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
mkdir "$copy/tests" "$copy/docs"
cp -r $here "$copy/tests/"
cp docs/capabilities.tsv "$copy/docs/"
cp -r scenarios "$copy/"
printf 'scenario: x\nclaim: y\ncovers: [S-999]\n' >"$copy/scenarios/any/odd.yaml"
if "$copy/$here/table.pl" --problems | grep -q 'scenarios/any/odd.yaml: covers S-999, which is no row'; then
    echo 'ok 3 - a row that there is not is noticed'
else
    echo 'not ok 3 - a row that there is not is noticed'
fi
