#!/bin/bash
# run_fresh.sh - prove README's two commands inside a bare Debian 12: no compiler, no library, no git, only apt.
#
# Makes a minimal system with debootstrap in a scratch folder, unpacks the last commit there, and runs `make demo` and
# `make check` by chroot. Packages come from where this machine's own apt gets Debian 12, or from FRESH_MIRROR=URL.
# Mounts live in a namespace of their own, so that they end with this script however it ends, and removing the folder
# can hit nothing else. KEEP=1 leaves the folder for a look.
set -euo pipefail
[ "$(id -u)" = 0 ] || { echo "make check-fresh must run as root (debootstrap, chroot)" >&2; exit 2; }

# "URL suite component" of every Debian 12 source that apt knows here.
sources() {
    if [ -n "${FRESH_MIRROR:-}" ]; then
        echo "$FRESH_MIRROR bookworm main"
        return
    fi
    # shellcheck disable=SC2016 # these are apt's own variables
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)' 'Identifier: Packages' |
        awk '$2 ~ /^bookworm/ && $4 == "Debian" { print $1, $2, $3 }' | sort -u
}
mirror=$(sources | awk '$2 == "bookworm" && $3 == "main" { print $1; exit }')
[ -n "$mirror" ] || { echo "apt has no source of Debian 12 here; set FRESH_MIRROR=URL" >&2; exit 2; }

# How apt reaches its sources here (proxies, retries, checks of dates) holds inside as well.
apt_settings() { apt-config dump | grep -E '^Acquire::(http|https|Check-|Retries|ForceIPv)' || true; }

# prepare ROOT - the bare system and the project in it.
prepare() {
    local root=$1 include=()
    case $(sources) in *https://*) include=(--include=ca-certificates) ;; esac
    debootstrap --variant=minbase "${include[@]}" bookworm "$root" "$mirror" >"$root.log" 2>&1 ||
        { tail -n 20 "$root.log" >&2; return 1; }
    sources | sed 's/^/deb /' >"$root/etc/apt/sources.list"
    apt_settings >"$root/etc/apt/apt.conf.d/90here"
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
    [ ! -d /etc/apt/auth.conf.d ] || cp -r /etc/apt/auth.conf.d "$root/etc/apt/"
    [ ! -d /etc/ssl/certs ] || [ ${#include[@]} = 0 ] || cp -rL /etc/ssl/certs "$root/etc/ssl/"
    mkdir "$root/faultline"
    git archive HEAD | tar -x -C "$root/faultline"
}

# enter ROOT COMMAND - run a shell command inside, as a login on a new machine would.
enter() {
    # shellcheck disable=SC2016 # $1 and $2 are the inner shell's
    unshare --mount --propagation private --pid --fork --kill-child bash -euc '
        mount -t proc proc "$1/proc"
        mount --rbind /dev "$1/dev"
        exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb CI=true \
            ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
            chroot "$1" /bin/sh -euc "cd /faultline; $2"' enter "$1" "$2"
}

scratch=$(mktemp -d "${TMPDIR:-/var/tmp}/faultline-fresh.XXXXXX")
[ -n "${KEEP:-}" ] || trap 'rm -rf --one-file-system "$scratch"' EXIT
root=$scratch/root
mkdir "$root"

step() { printf '\n== %s (%s s)\n' "$1" $SECONDS; }
step "a bare Debian 12"
prepare "$root"
step "apt-get install make"
enter "$root" 'apt-get update -qq && apt-get install -qq -y --no-install-recommends make >/dev/null'
step "make demo"
enter "$root" 'make demo && ls out/*.svg out/*.json >/dev/null'
step "make check"
enter "$root" 'make check'
step "both commands work on a bare Debian 12"
