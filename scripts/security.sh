#!/usr/bin/env bash
# Static analysis, known vulnerabilities, secrets in tracked files, and Django's own deployment check.
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

production_check() {
    DJANGO_SETTINGS_MODULE=opinion_market.settings.prod DEBUG=false ALLOWED_HOSTS=market.example.org \
        SECRET_KEY="$($bin/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
        DATABASE_URL=postgresql://app@localhost/opinion_market REDIS_URL=redis://localhost:6379/0 \
        $bin/python -W ignore manage.py check --deploy --fail-level WARNING
}

run "bandit" $bin/bandit -q -r --severity-level medium -c pyproject.toml accounts alerting analytics common demo markets monitoring opinion_market trading manage.py
run "ruff S" $bin/ruff check --select S --extend-ignore S101,S311 .
run "known vulnerabilities" $bin/python scripts/audit.py
run "secrets" $bin/python scripts/find_secrets.py
run "check --deploy" production_check

if [ ${#failed[@]} -gt 0 ]; then
    echo "FAILED: ${failed[*]}"
    exit 1
fi
echo "make security: all passed"
