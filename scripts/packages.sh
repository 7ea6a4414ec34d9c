#!/bin/sh
# Install what the WHMCS module's tests and its stand-in need beside Python: PHP, Smarty,
# Illuminate, PHPUnit and Chromium, from Debian's packages.
#   scripts/packages.sh          install what is missing (root on Debian or Ubuntu)
#   scripts/packages.sh --check  only say what is missing; 1 when something is
# Where it cannot install, it says what is missing and which tests are skipped for it.
set -eu

packages="php-cli php-curl php-mbstring php-xml php-sqlite3 php-mysql smarty3 smarty4
php-illuminate-database phpunit php-codesniffer phpmd chromium libjs-jquery libjs-bootstrap
libjs-bootstrap4 fonts-font-awesome"

say() { printf '%s\n' "$*" >&2; }

missing() {
    for name in $packages; do
        state=$(dpkg-query -W -f '${Status}' "$name" 2>/dev/null || true)
        [ "$state" = "install ok installed" ] || printf '%s ' "$name"
    done
}

if ! command -v dpkg-query >/dev/null 2>&1; then
    say "This is no Debian or Ubuntu: the tests of the WHMCS module and of its pages are"
    say "skipped. They need PHP 8.1+, Smarty 3 and 4, Illuminate Database 8, PHPUnit 9 and Chromium."
    exit 1
fi

wanted=$(missing)
[ -n "$wanted" ] || exit 0

if [ "${1:-}" = --check ] || [ "$(id -u)" != 0 ]; then
    say "Not installed: $wanted"
    say "Without them the tests of the WHMCS module and of its pages are skipped, and"
    say "make whmcs-demo cannot start. As root: apt-get install -y $wanted"
    exit 1
fi

say "Installing Debian packages: $wanted"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # a list of names
if ! { apt-get -q -y update && apt-get -q -y install --no-install-recommends $wanted; } >&2; then
    say "apt could not install them; the tests that need them are skipped."
    exit 1
fi
