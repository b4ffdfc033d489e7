#!/bin/bash
# cli.t - faultline-render as people meet it: files, messages, exit codes; an output is whole or not there.
set -u
: "${FAULTLINE_RENDER:=build/faultline-render}" "${FAULTLINE_TESTS:=tests}"
program=$(realpath "$FAULTLINE_RENDER")
record=$(realpath "$FAULTLINE_TESTS/unit/record/golden.json")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1

number=0
ok() { # ok STATUS NAME
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else
        echo "not ok $number - $2"
        sed 's/^/# /' said 2>/dev/null
    fi
}
ends() { # ends STATUS PATTERN NAME ARGUMENT...: exit status, and what stderr says
    local status=$1 pattern=$2 name=$3
    shift 3
    "$program" "$@" >out 2>said </dev/null
    [ $? = "$status" ] && grep -q -- "$pattern" said
    ok $? "$name"
}

"$program" "$record" -o pictures --format dot,svg,html >said 2>&1
ok $? "draws a record"
[ "$(ls pictures)" = "$(printf 'before.dot\nbefore.svg\nreport.html')" ] && ! [ -s said ]
ok $? "writes what was asked for and says nothing"
mkdir again && "$program" - -o again --format svg <"$record" && cmp -s again/before.svg pictures/before.svg
ok $? "reads standard input, and draws the same bytes"
[ "$(ls again)" = before.svg ]
ok $? "writes nothing else"

"$program" --help >said 2>&1 && grep -q '^Usage: faultline-render' said && ! grep -q '.\{81\}' said
ok $? "--help fits a terminal"

ends 2 'which record' 'a record is needed' -o x
ends 2 '-o DIR says' 'a folder is needed' "$record"
ends 2 'there is no option --colour' 'an unknown option' "$record" --colour red
ends 2 "needs a value" 'an option without its value' "$record" -o
ends 2 "not 'gif'" 'an unknown format' "$record" -o x --format gif
ends 2 "from 1 to 3600, not '0'" 'a time limit of nothing' "$record" -o x --timeout 0
ends 2 "from 1 to 3600, not '5s'" 'a time limit that is no number' "$record" -o x --timeout 5s
ends 2 "no moment 'never'" 'an unknown moment' "$record" -o x --moment never
ends 2 'a second one' 'two records' "$record" "$record" -o x
ends 2 'cannot be read: No such file' 'a record that is not there' missing.json -o x
ends 2 'cannot be read: Is a directory' 'a folder for a record' . -o x

printf '{"format": "faultline-record/1"' >cut.json
ends 2 'cut.json: line 1' 'half a record' cut.json -o x
sed 's/"store"/"sto\\u001b[31mre"/' "$record" >odd.json
ends 2 'odd.json: \$.components\[1\].role: must be one of' 'a wrong word, by its path' odd.json -o x
! grep -q $'\e' said
ok $? "what the input says does not steer the terminal"
sed 's/"sessions": 3/"sessions": "3"/' "$record" >page.json
ends 2 'ledger\[0\].broken\[0\].sessions: expected a whole number' 'a wrong member that only the page needs' \
    page.json -o page --format svg,html
[ ! -e page ]
ok $? "then nothing is written"
[ ! -e x ]
ok $? "a refused record leaves no folder behind"

{ # ninety components, each connected to all: more than a layout can do in a second
    printf '{"format": "faultline-record/1", "manifest": {"version": "1", "seed": 1, "replications": 1},'
    printf '"title": {"pattern": "mesh"}, "run": {"until_ns": 1}, "components": ['
    for i in $(seq 90); do
        printf '%s{"name": "c%d", "label": "c", "kind": "k", "role": "compute"}' "$([ "$i" = 1 ] || echo ,)" "$i"
    done
    printf '], "links": ['
    for i in $(seq 0 89); do
        for j in $(seq 0 89); do printf '{"from": %d, "to": %d},' "$i" "$j"; done
    done
    printf '{"from": 0, "to": 1}], "moments": [{"name": "before", "caption": "", "at_ns": 0, "components": ['
    for i in $(seq 0 89); do
        printf '{"id": %d, "serving": 0, "booting": 0, "down": 0, "state": "idle"}%s' "$i" "$([ "$i" = 89 ] || echo ,)"
    done
    printf '], "links": ['
    for i in $(seq 0 8100); do
        printf '{"id": %d, "verdict": "REACH"}%s' "$i" "$([ "$i" = 8100 ] || echo ,)"
    done
    printf ']}]}'
} >mesh.json
ends 3 'the layout took more than 1 s' 'a layout that takes too long is an error' mesh.json -o x --timeout 1
[ ! -e x ]
ok $? "and leaves nothing"

touch file
ends 3 'file' 'a file where the folder should be' "$record" -o file/inside
if [ "$(id -u)" != 0 ]; then
    mkdir locked && chmod 500 locked
    ends 3 'locked' 'a folder that may not be written' "$record" -o locked
fi
"$program" --help >/dev/full 2>said
[ $? = 3 ] && grep -q 'No space' said
ok $? "a full standard output is an error"
echo "1..$number"
