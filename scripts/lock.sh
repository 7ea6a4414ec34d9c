#!/bin/sh
# Write both lock files again. They hold hashes and no registry address, so that they
# install the same from any mirror.
set -eu

if ! command -v "${UV:=uv}" >/dev/null 2>&1; then
    echo "make lock needs uv (pip install uv); installing from the lock files does not." >&2
    exit 2
fi

compile() {
    "$UV" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header --no-annotate pyproject.toml "$@"
}
compile -o requirements.txt
compile --all-extras --group dev -o requirements-dev.txt
echo "requirements.txt and requirements-dev.txt are written."
