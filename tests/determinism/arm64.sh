#!/bin/bash
# arm64.sh - base and engine on another processor: their tests, compiled for arm64 and run under qemu, say byte for
# byte what they say here.
#
# arm64 gcc contracts a*b+c unless told not to, char is unsigned there, and its C library has another libm: what is
# equal on both is likely equal anywhere. Nothing of arm64 is installed on this system: GLib's static library comes from
# a private copy of apt's state and is unpacked in a scratch folder.
set -u
. tests/determinism/common.sh

log=$scratch/packages.log
tests/run_packages.sh gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static >"$log" 2>&1 ||
    skip_all "no arm64 compiler or qemu: $(tail -n 1 "$log")"

apt_arm64() {
    apt-get -q -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State="$scratch/apt" \
        -o Dir::State::status="$scratch/apt/status" -o Dir::Cache="$scratch/apt" -o APT::Sandbox::User=root \
        -o APT::Update::Post-Invoke-Success= "$@"
}
mkdir -p "$scratch/apt/lists/partial" "$scratch/apt/archives/partial" "$scratch/debs"
: >"$scratch/apt/status"
{
    apt_arm64 update || true # one source without arm64 is no reason to stop
    (cd "$scratch/debs" && apt_arm64 download libglib2.0-dev libpcre2-dev)
} >"$log" 2>&1 || skip_all "no GLib for arm64: $(tail -n 1 "$log")"
for deb in "$scratch"/debs/*.deb; do
    dpkg-deb -x "$deb" "$scratch/root"
done
ln -s /usr/include/Random123 "$scratch/root/usr/include/" 2>/dev/null # headers only, for every processor

lib=$scratch/root/usr/lib/aarch64-linux-gnu
include=$scratch/root/usr/include
compile=(aarch64-linux-gnu-gcc -std=c17 -D_GNU_SOURCE -O2 -ffp-contract=off -w -Isim -I.
    -isystem "$include/glib-2.0" -isystem "$lib/glib-2.0/include" -isystem "$include")

# All of base and engine, and what their tests share, once.
for source in sim/base/*.c sim/engine/*.c tests/unit/base/*.c tests/unit/engine/*.c; do
    [[ ${source##*/} != test_* ]] && [ -f "$source" ] || continue
    object=$scratch/$(echo "${source%.c}.o" | tr / -)
    "${compile[@]}" -c -o "$object" "$source" 2>"$log" ||
        { tell 1 "$source compiles for arm64" && sed 's/^/# /' "$log" >&2; }
done
ar rcs "$scratch/libarm64.a" "$scratch"/*.o

for test in tests/unit/base/test_*.c tests/unit/engine/test_*.c; do
    name=${test##*/}
    program=$scratch/${name%.c}
    if ! "${compile[@]}" -static -o "$program" "$test" "$scratch/libarm64.a" -L"$lib" -lglib-2.0 -lpcre2-8 -lm \
        2>"$log"; then
        tell 1 "$name builds for arm64"
        grep -m 3 -E 'error|undefined' "$log" | sed 's/^/# /' >&2
        continue
    fi
    arguments=(--tap -k --seed R02S00000000000000000000000000000001)
    "$BUILD/${test%.c}" "${arguments[@]}" >"$scratch/here" 2>/dev/null
    here=$?
    # A test that starts itself again (to see a BUG_IF abort) starts argv[0]: that must be qemu once more.
    printf '#!/bin/sh\nexec qemu-aarch64-static -0 "$0" %s "$@"\n' "$program" >"$program.run"
    chmod +x "$program.run"
    "$program.run" "${arguments[@]}" >"$scratch/there" 2>/dev/null
    there=$?
    [ $here = 0 ] && [ $there = 0 ] && diff "$scratch/here" "$scratch/there" >&2
    tell $? "$name says the same on arm64 (exit $here here, $there there)"
done
[ "$tests" -gt 0 ] || skip_all "no tests of base or engine"
echo "1..$tests"
