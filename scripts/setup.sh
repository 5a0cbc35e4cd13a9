#!/usr/bin/env bash
# Makes .venv and installs exactly what requirements*.txt lock. Needs Python 3.11 or later, nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."

is_new_enough() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local candidate
    for candidate in ${PYTHON:+"$PYTHON"} python3.13 python3.12 python3.11 python3.14 python3 python; do
        if command -v "$candidate" >/dev/null && is_new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    echo "No Python 3.11 or later with venv was found. Install one (Debian: apt install python3 python3-venv) or name it: make setup PYTHON=/path/to/python3" >&2
    return 1
}

if ! [ -x .venv/bin/python ] || ! is_new_enough .venv/bin/python; then
    python="$(find_python)"
    echo "Making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
fi
echo "Installing the locked packages"
total=$(cat requirements.txt requirements-dev.txt | grep -c '^[A-Za-z0-9]')
.venv/bin/python -m pip install --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-dev.txt |
    awk -v total="$total" '/^ *Collecting/ { printf "\r  %d of %d", ++count, total; fflush() } END { if (count) print "" }'
touch .venv/.installed
echo "Ready."
