#!/bin/sh
# Collect what is to be translated, and compile what was:
#   scripts/messages.sh            new and changed sentences to housemail/locale/*/*.po
#   scripts/messages.sh --compile  .po to .mo only (no GNU gettext is needed)
# The .mo files are committed: a host that runs Housemail needs neither of the two.
# A second run changes nothing. docs/languages.md tells the rest.
set -eu
cd "$(dirname "$0")/.."

python=.venv/bin/python

if [ "${1:-}" != --compile ]; then
    command -v xgettext >/dev/null 2>&1 || {
        echo "GNU gettext is not installed (Debian, Ubuntu: apt install gettext)." >&2
        exit 2
    }
    mkdir -p housemail/locale
    set --
    for language in de fr es pt_BR id; do set -- "$@" "--locale=$language"; done
    # Without line numbers, a catalogue changes only when a sentence does.
    (cd housemail && DJANGO_SETTINGS_MODULE=tests.settings PYTHONPATH=.. \
        ../$python -m django makemessages "$@" --add-location=file --no-obsolete -v 0)
fi
$python scripts/compile_messages.py
