#!/usr/bin/env bash
# Everything that reads the code without running the product. Goes through all of it, then fails if any part did.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=()

run() {
    local name="$1"
    shift
    echo "== $name"
    "$@" || failed+=("$name")
}

templates() { find templates -name "*.html" -print0 | xargs -0 -r "$bin/djhtml" --check --tabwidth 2; }

run "ruff format" $bin/ruff format --check .
run "ruff" $bin/ruff check .
run "mypy" $bin/mypy
run "import contracts" $bin/lint-imports --no-logo
run "migrations" $bin/python -W ignore manage.py makemigrations --check --dry-run
run "template layout" templates
run "spelling" $bin/codespell $(git ls-files 2>/dev/null || true)
run "architecture" $bin/python -m pytest -q --no-servers -p no:cacheprovider tests/architecture

if [ ${#failed[@]} -gt 0 ]; then
    echo "FAILED: ${failed[*]}"
    exit 1
fi
echo "make check: all passed"
