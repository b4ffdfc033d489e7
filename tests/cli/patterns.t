#!/bin/bash
# patterns.t - every pattern runs bare with a report worth reading, connects what it means, can be drawn, and is short.
set -u
program=${FAULTLINE:-build/faultline}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
lines_most=130
tests=0
wrong=()
not() { "$@" || return 0; wrong+=("$*"); } # nothing of what follows may hold
want() { "$@" || wrong+=("$*"); }
says() { grep -q -- "$1" "$scratch/out"; }

result() { # WHAT
    tests=$((tests + 1))
    if [ ${#wrong[@]} = 0 ]; then
        echo "ok $tests - $1"
    else
        echo "not ok $tests - $1"
        printf '# wanted: %s\n' "${wrong[@]}"
        head -5 "$scratch/err" | sed 's/^/# /'
    fi
    wrong=()
}
run() { "$program" "$@" >"$scratch/out" 2>"$scratch/err"; }

run list patterns
cp "$scratch/out" "$scratch/listed"
for file in patterns/*.yaml; do
    name=$(basename "$file" .yaml)

    want grep -q "^pattern: $name\$" "$file"
    want grep -q '^# yaml-language-server: .schema=../docs/schema/pattern.schema.json$' "$file"
    want grep -q '^about: ' "$file"
    want test "$(wc -l <"$file")" -le $lines_most
    want grep -q "^$name " "$scratch/listed"
    result "$name says what it is, briefly"

    want run run "$file"
    want says "^$name on "
    want says ' connections\? meant, '
    want says '^COST AN HOUR'
    if grep -q '^load:' "$file"; then
        want says '^SESSIONS\|^JOBS'
        ! says '^SESSIONS' || want says '^WHAT USERS SAW'
    fi
    not grep -qE '^.{81}' "$scratch/out"
    not grep -qv '^no scenario given: ' "$scratch/err"
    result "$name runs as it stands"

    want run reach "$file"
    want says '^broken  *0 '
    result "$name connects all that its flows mean"

    want run render "$file" -o "$scratch/$name"
    want test -s "$scratch/$name/before.svg"
    result "$name can be drawn"
done
echo "1..$tests"
