#!/bin/bash
# patterns.t - every pattern runs bare with a report worth reading, connects what it means, can be drawn, and is short.
set -u
. tests/cli/tap.sh
lines_most=130
wrong=()
not() { "$@" || return 0; wrong+=("$*"); } # nothing of what follows may hold
want() { "$@" || wrong+=("$*"); }
has() { grep -q -- "$1" "$scratch/out"; }

done_with() { # WHAT
    [ ${#wrong[@]} = 0 ]
    tell $? "$1"
    if [ ${#wrong[@]} != 0 ]; then
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
    done_with "$name says what it is, briefly"

    want run run "$file"
    want has "^$name on "
    want has ' connections\? meant, '
    want has '^COST AN HOUR'
    if grep -q '^load:' "$file"; then
        want has '^SESSIONS\|^JOBS'
        ! has '^SESSIONS' || want has '^WHAT USERS SAW'
    fi
    not grep -qE '^.{81}' "$scratch/out"
    not grep -qv '^no scenario given: ' "$scratch/err"
    done_with "$name runs as it stands"

    want run reach "$file"
    want has '^broken  *0 '
    done_with "$name connects all that its flows mean"

    want run render "$file" -o "$scratch/$name"
    want test -s "$scratch/$name/before.svg"
    done_with "$name can be drawn"
done
echo "1..$tests"
