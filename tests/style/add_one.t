#!/bin/bash
# add_one.t - adding a kind, a fault and a measure takes one new file and one line each: does it here, and uses them.
#
# Copies the tree with what is built of it, adds the files of add-one/ and the lines of add-one/lines.txt, builds, and
# runs add-one/scenario.yaml, which uses all three and expects what only they can bring about.
set -u
. tests/tap.sh
here=tests/style/add-one

# Objects come along with their times, so that only what the additions touch is compiled again.
cp -a Makefile sim render tests patterns "$scratch/"
mkdir "$scratch/build"
cp -a "$BUILD/flags" "$BUILD/obj" "$scratch/build/" 2>/dev/null

# What is new may only be new: a file that is there already would be a change.
(cd $here && find sim -type f) | while read -r file; do
    [ ! -e "$scratch/$file" ] || { echo "# $file is there already" >&2; exit 1; }
    cp "$here/$file" "$scratch/$file"
done
tell $? "a file each"

# A sorted list stays sorted; any other gets the line at its end.
while read -r list line; do
    case $list in '#'* | '') continue ;; esac
    if grep '^[A-Z]' "$scratch/$list" | LC_ALL=C sort -c 2>/dev/null; then
        { grep -v '^[A-Z]' "$scratch/$list"; { grep '^[A-Z]' "$scratch/$list"; echo "$line"; } | LC_ALL=C sort; } \
            >"$scratch/list" && mv "$scratch/list" "$scratch/$list"
    else
        echo "$line" >>"$scratch/$list"
    fi || tell 1 "a line in $list"
done <$here/lines.txt
diff -r sim "$scratch/sim" >"$scratch/changes"
added=$(grep -c '^>' "$scratch/changes") removed=$(grep -c '^<' "$scratch/changes")
[ "$added" = "$(grep -c '^[^#]' $here/lines.txt)" ] && [ "$removed" = 0 ]
tell $? "a line each, and nothing else ($added added, $removed removed)"

(cd "$scratch" && make --no-print-directory BUILD=build all) >"$scratch/build.log" 2>&1
status=$?
tell $status "it builds without a warning"
[ $status = 0 ] || grep -E '(error|undefined)' "$scratch/build.log" | sed 's/^/# /' >&2

for check in layers doors confinement purity; do
    tests/style/$check.t --root "$scratch" >"$scratch/check.log" 2>&1
    tell $? "$check still holds"
done

(cd "$scratch" && build/faultline run $here/scenario.yaml) >"$scratch/report" 2>&1
status=$?
tell $status "a scenario uses all three, and its expectations hold"
[ $status = 0 ] || sed 's/^/# /' "$scratch/report" >&2
for what in edge_cache flicker; do
    (cd "$scratch" && build/faultline explain $what) 2>&1 | grep -q "$what"
    tell $? "faultline explain $what"
done
echo "1..$tests"
