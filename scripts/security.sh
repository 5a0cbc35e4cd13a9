#!/usr/bin/env bash
# Static analysis, rules of our own, known vulnerabilities, secrets now and in the past, licences, and Django's own
# deployment check.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
heavy=.venv-security/bin
apps=(accounts alerting analytics common demo markets monitoring opinion_market trading)
failed=()

run() {
    local name="$1" start=$SECONDS
    shift
    echo "== $name"
    "$@" || failed+=("$name")
    echo "   $((SECONDS - start)) s"
}

# These pin what the product pins otherwise, so they have a folder of their own.
tools() {
    if [ ! -e .venv-security/.installed ] || [ requirements-security.txt -nt .venv-security/.installed ]; then
        $bin/python -m venv .venv-security &&
            $heavy/pip install -qq --disable-pip-version-check --require-hashes -r requirements-security.txt &&
            touch .venv-security/.installed
    fi
}

# Rules of this product, each tried on code that breaks it and on code that doesn't; nothing is asked of the net.
semgrep() {
    PATH="$heavy:$PATH" $heavy/semgrep "$@" --metrics off --disable-version-check
}
rules_tried() {
    local said
    said="$(semgrep --test scripts/semgrep 2>&1 | tail -2)"
    echo "$said"
    grep -q "All tests passed" <<<"$said"
}
rules_kept() { semgrep scan --config ./scripts/semgrep --error --quiet --strict "${apps[@]}" templates manage.py; }

production_check() {
    DJANGO_SETTINGS_MODULE=opinion_market.settings.prod DEBUG=false ALLOWED_HOSTS=market.example.org \
        SECRET_KEY="$($bin/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
        DATABASE_URL=postgresql://app@localhost/opinion_market REDIS_URL=redis://localhost:6379/0 \
        $bin/python -W ignore manage.py check --deploy --fail-level WARNING
}

run "bandit" $bin/bandit -q -r --severity-level medium -c pyproject.toml "${apps[@]}" manage.py
run "ruff S" $bin/ruff check --select S --extend-ignore S101,S311 .
run "tools" tools
run "own rules, tried (semgrep)" rules_tried
run "own rules, kept (semgrep)" rules_kept
run "migrations hold nobody up (squawk)" $bin/python -W ignore scripts/lint_migrations.py
run "licences" $bin/python scripts/licences.py
run "known vulnerabilities" $bin/python scripts/audit.py
run "secrets, now and in every commit" $bin/python scripts/find_secrets.py
run "check --deploy" production_check

if [ ${#failed[@]} -gt 0 ]; then
    echo "FAILED: ${failed[*]}"
    exit 1
fi
echo "make security: all passed"
