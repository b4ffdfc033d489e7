#!/bin/sh
# run_packages.sh PACKAGE... - see to it that Debian packages are installed.
#
# Installs the missing ones as root, or with sudo if it asks for no password or there is a person to type it. Otherwise
# prints exactly what to install and stops with 2. Says nothing when nothing is missing.
set -eu

if ! command -v dpkg-query >/dev/null; then
    echo "This is not a Debian system. On Debian 12 it takes these packages: $*" >&2
    pkg-config --exists glib-2.0 igraph yaml-0.1 jansson libcgraph libgvc || exit 2
    exit 0
fi

missing=
for package; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=none
    [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    root=
elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    root=sudo
else
    printf 'Missing packages, and no right to install them. As root:\n\n  apt-get install --no-install-recommends%s\n' \
        "$missing" >&2
    exit 2
fi

echo "Installing$missing"
# A source that does not answer need not be the one that has them: let the installation decide.
$root apt-get update -qq || true
$root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
    -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 $missing >/dev/null
