#!/usr/bin/env bash
# Run the tests marked "databases" on PostgreSQL and on MariaDB.
#
# A server that answers on the local standard port or socket is used; where none does,
# a throw-away one is started from the installed packages, with its own data, port and
# socket under a temporary folder. Where neither is possible, it says what was skipped
# and why. Own servers: HOUSEMAIL_TEST_POSTGRESQL_URL, HOUSEMAIL_TEST_MARIADB_URL; their
# user must be allowed to create databases.
set -uo pipefail
cd "$(dirname "$0")/.."

python=.venv/bin/python
work=$(mktemp -d "${TMPDIR:-/tmp}/housemail-databases.XXXXXX")
chmod 755 "$work"
started=()
skipped=()
failed=()

end() {
    for stop in "${started[@]:-}"; do
        [ -n "$stop" ] && eval "$stop"
    done
    rm -rf "$work"
}
trap end EXIT

say() { printf '\n== %s\n' "$*"; }

# Say whether Django can log in there; the answer's last line goes to $work/why.
answers() {
    HOUSEMAIL_DATABASE_URL=$1 DJANGO_SETTINGS_MODULE=tests.settings \
        $python - >"$work/why" 2>&1 <<'PY'
import django
django.setup()
from django.db import connection
connection.ensure_connection()
PY
}

free_port() {
    $python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Servers refuse to run as root: then they run as the packages' own user.
as_user() {
    local user=$1
    shift
    if [ "$(id -u)" = 0 ] && id "$user" >/dev/null 2>&1; then
        setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups "$@"
    else
        "$@"
    fi
}

own_folder() {
    mkdir -p "$2"
    if [ "$(id -u)" = 0 ] && id "$1" >/dev/null 2>&1; then chown "$1" "$2"; fi
}

wait_for() {
    for _ in $(seq 60); do
        answers "$1" && return 0
        sleep 0.5
    done
    return 1
}

find_postgresql() {
    local url bin port data=$work/postgresql
    for url in "${HOUSEMAIL_TEST_POSTGRESQL_URL:-}" \
        postgresql://root@127.0.0.1:5432/test \
        "postgresql://${USER:-root}@127.0.0.1:5432/postgres" \
        postgresql://postgres@127.0.0.1:5432/postgres; do
        [ -n "$url" ] && answers "$url" && found=$url && return 0
    done
    bin=$(find /usr/lib/postgresql -name initdb -path '*/bin/*' 2>/dev/null | sort -V | tail -1)
    [ -n "$bin" ] || bin=$(command -v initdb) || {
        why="none answers on 127.0.0.1:5432 and none is installed (apt install postgresql)"
        return 1
    }
    bin=$(dirname "$bin")
    port=$(free_port)
    own_folder postgres "$data"
    as_user postgres "$bin/initdb" -D "$data/db" -U housemail -A trust -E UTF8 >"$work/log" 2>&1 &&
        as_user postgres "$bin/pg_ctl" -D "$data/db" -w -l "$data/log" \
            -o "-p $port -k $data -c listen_addresses=127.0.0.1 -c fsync=off" \
            start >>"$work/log" 2>&1 || {
        why="the installed one does not start: $(tail -1 "$work/log")"
        return 1
    }
    started+=("as_user postgres '$bin/pg_ctl' -D '$data/db' -m immediate stop >/dev/null 2>&1")
    found=postgresql://housemail@127.0.0.1:$port/postgres
    wait_for "$found" || { why="the started one does not answer: $(tail -1 "$work/why")"; return 1; }
}

find_mariadb() {
    local url server port data=$work/mariadb
    for url in "${HOUSEMAIL_TEST_MARIADB_URL:-}" \
        mysql://root@127.0.0.1:3306/test mysql://root@localhost/test; do
        [ -n "$url" ] && answers "$url" && found=$url && return 0
    done
    server=$(command -v mariadbd || command -v mysqld || ls /usr/sbin/mariadbd 2>/dev/null)
    if [ -z "$server" ] || ! command -v mariadb-install-db >/dev/null; then
        why="none answers on 127.0.0.1:3306 and none is installed (apt install mariadb-server)"
        return 1
    fi
    port=$(free_port)
    own_folder mysql "$data"
    as_user mysql mariadb-install-db --no-defaults --datadir="$data/db" \
        --auth-root-authentication-method=normal >"$work/log" 2>&1 || {
        why="the installed one makes no database: $(tail -1 "$work/log")"
        return 1
    }
    as_user mysql "$server" --no-defaults --datadir="$data/db" --port="$port" \
        --bind-address=127.0.0.1 --socket="$data/socket" --pid-file="$data/pid" \
        --innodb-flush-log-at-trx-commit=0 >>"$work/log" 2>&1 &
    # The server's own number: ours is only that of the shell that changed the user.
    started+=("kill \$(cat '$data/pid') 2>/dev/null; wait $! 2>/dev/null")
    found=mysql://root@127.0.0.1:$port/mysql
    wait_for "$found" || { why="the started one does not answer: $(tail -1 "$work/why")"; return 1; }
}

run_on() {
    local name=$1
    shift
    found='' why=''
    if ! "find_$name"; then
        say "$name: SKIPPED: $why"
        skipped+=("$name")
        return
    fi
    say "$name: ${found%%\?*}"
    # Two processes: races take up to 64 connections each, and a server has about 150.
    HOUSEMAIL_DATABASE_URL=$found $python -m pytest -m databases --numprocesses=2 "$@"
    [ $? -eq 0 ] || failed+=("$name")
}

run_on postgresql "$@"
run_on mariadb "$@"

say "Databases: failed: ${failed[*]:-none}; skipped: ${skipped[*]:-none}"
[ ${#failed[@]} -eq 0 ]
