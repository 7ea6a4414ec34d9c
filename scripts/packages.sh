#!/bin/sh
# Install what the WHMCS module's tests, the stand-in WHMCS and the catalogues need beside
# Python, from Debian's packages: PHP, Smarty, Illuminate, PHPUnit, the PHP linters,
# Chromium, GNU gettext, and what keeps pictures small.
#   scripts/packages.sh             install what is missing (root on Debian or Ubuntu)
#   scripts/packages.sh --check     only say what is missing
#   scripts/packages.sh --stand-in  only what the stand-in WHMCS needs: no tools for tests
# Silent when nothing is. Ends with 1 when something stays missing: it says then what,
# and what is skipped for it.
set -eu

standin="php-cli php-curl php-mbstring php-sqlite3 smarty4 php-illuminate-database
libjs-jquery libjs-bootstrap libjs-bootstrap4 fonts-font-awesome"
packages="$standin php-xml php-mysql smarty3 phpunit php-codesniffer phpmd chromium
gettext pngquant"
skipped="Without them the tests of the WHMCS module and of its pages are skipped (without
gettext, that of make messages), and make whmcs-demo cannot start."
programs="php phpunit chromium xgettext"
look_for="PHP 8.1 or newer, Smarty 3 and 4, Illuminate Database, PHPUnit 9, Chromium, GNU gettext."
only_check=
for option; do
    case "$option" in
    --check) only_check=1 ;;
    --stand-in)
        packages=$standin programs=php
        look_for="PHP 8.1 or newer, Smarty 4, Illuminate Database, jQuery, Bootstrap 3 and 4."
        skipped="Without them make whmcs-demo cannot start."
        ;;
    esac
done

say() { printf '%s\n' "$*" >&2; }

# dpkg-query is asked once for all: this runs before every test.
missing() {
    # shellcheck disable=SC2086 # a list of names
    installed=$(dpkg-query -W -f '${Package}|${Status}\n' $packages 2>/dev/null |
        sed -n 's/|install ok installed$//p')
    for name in $packages; do
        printf '%s\n' "$installed" | grep -qx "$name" || printf '%s ' "$name"
    done
}

if ! command -v dpkg-query >/dev/null 2>&1; then
    for program in $programs; do
        if ! command -v "$program" >/dev/null 2>&1; then
            say "Not installed: $program. This is no Debian or Ubuntu, so install by hand:"
            say "$look_for"
            say "$skipped"
            exit 1
        fi
    done
    exit 0
fi

wanted=$(missing)
wanted=${wanted% }
[ -n "$wanted" ] || exit 0

if [ -n "$only_check" ] || [ "$(id -u)" != 0 ]; then
    say "Not installed: $wanted"
    say "$skipped As root: apt-get install -y $wanted"
    exit 1
fi

say "Installing Debian packages: $wanted"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install() {
    # shellcheck disable=SC2086 # a list of names
    apt-get -q -y install --no-install-recommends $wanted >"$log" 2>&1
}
# The lists on the machine are often good enough; fetching them takes longer than that.
if ! install && ! { apt-get -q -y update >"$log" 2>&1 && install; }; then
    tail -n 3 "$log" >&2
    say "apt could not install them. $skipped"
    exit 1
fi
