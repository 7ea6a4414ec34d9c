#!/bin/sh
# Check the templates: Django's style, indentation, HTML mistakes.
#   scripts/templates.sh          say what is wrong
#   scripts/templates.sh --fix    write style and indentation their way, then check
set -eu
cd "$(dirname "$0")/.."

bin=.venv/bin
check=--check
[ "${1:-}" != --fix ] || check=
files=$(find housemail -path '*/templates/*' -name '*.html' | sort)

# shellcheck disable=SC2086 # lists of words
{
    $bin/djade --target-version 5.2 $check $files
    $bin/djhtml --tabwidth 2 $check $files
    $bin/djlint --quiet --lint --profile django $files
}
