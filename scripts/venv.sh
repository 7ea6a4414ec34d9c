#!/bin/sh
# Make the virtual environment and install a lock file into it:
#   scripts/venv.sh PYTHON VENV UV LOCKFILE      (UV empty: plain pip)
# pip and uv check every package against the hashes of the lock file. It names all that
# is needed, so that nothing is resolved anew: pip would take a version that is newer
# than the lock for a dependency that asks for an extra, and then refuse it.
set -eu

python=$1 venv=$2 uv=$3 lock=$4

say() { printf '%s\n' "$*" >&2; }

if ! command -v "$python" >/dev/null 2>&1; then
    say "Housemail needs Python 3.11 or newer, and \"$python\" is not installed."
    say "Install it (Debian, Ubuntu: apt install python3 python3-venv), or name another: make PYTHON=python3.12 …"
    exit 2
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    say "Housemail needs Python 3.11 or newer; \"$python\" is $("$python" -V 2>&1)."
    say "Name a newer one: make PYTHON=python3.12 …"
    exit 2
fi

if [ ! -x "$venv/bin/python" ]; then
    say "Making $venv …"
    if ! { [ -n "$uv" ] && "$uv" venv --quiet --python "$python" "$venv"; } &&
        ! "$python" -m venv "$venv"; then
        rm -rf "$venv"
        say "\"$python\" cannot make a virtual environment here: its venv module is missing or the disk is full."
        say "On Debian and Ubuntu: apt install python3-venv."
        exit 2
    fi
fi

say "Installing $lock …"
if [ -n "$uv" ]; then
    VIRTUAL_ENV=$PWD/$venv "$uv" pip install --quiet --no-deps --require-hashes -r "$lock"
elif "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --no-deps --require-hashes -r "$lock"
else
    say "There is no pip in $venv. Remove it (make clean) and run the same command again."
    exit 2
fi
