#!/bin/sh
# Check the PHP of the WHMCS module, its stand-in and its tests: syntax, style, size.
# What is not installed is skipped, and it says so; scripts/packages.sh installs it.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*"; }
have() {
    command -v "$1" >/dev/null 2>&1 && return 0
    say "php: $2 SKIPPED: $1 is not installed (scripts/packages.sh)"
    return 1
}

if have php "php -l"; then
    find whmcs housemail -name '*.php' -type f -print0 |
        xargs -0 -n 1 -P 2 php -d display_errors=stderr -l >/dev/null
    say "php: every file parses"
fi
bad=0
if have phpcs style; then
    phpcs -q --standard=whmcs/phpcs.xml && say "php: style is good" || bad=1
fi
if have phpmd size; then
    phpmd whmcs/modules,whmcs/standin text whmcs/phpmd.xml && say "php: sizes are good" || bad=1
fi
exit "$bad"
