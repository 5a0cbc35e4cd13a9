#!/usr/bin/env bash
# Rules, dashboards and /metrics under a real Prometheus, alerts through a real Alertmanager. A missing tool is a failure: who runs this wants to know.
set -euo pipefail
cd "$(dirname "$0")/.."

for name in prometheus promtool prometheus-alertmanager amtool; do
    if ! command -v "$name" >/dev/null; then
        echo "$name is missing. Install it (Debian: apt install prometheus prometheus-alertmanager) or put it on the PATH." >&2
        exit 1
    fi
done
prometheus --version 2>&1 | head -1
# As docs/observability.md installs it. OpenTelemetry is an extra: beside the product's own packages, not among them, as the product runs without it.
if ! [ .venv-otel/.installed -nt requirements-otel.txt ]; then
    rm -rf .venv-otel
    .venv/bin/python -m pip install --disable-pip-version-check -q --require-hashes --target .venv-otel -r requirements-otel.txt
    touch .venv-otel/.installed
fi
export PYTHONPATH="$PWD/.venv-otel${PYTHONPATH:+:$PYTHONPATH}"
# One product serves all of them; it starts servers of its own.
exec .venv/bin/python -m pytest -m prometheus -p no:randomly -n 0 --no-servers -o timeout=900 tests/deploy "$@"
