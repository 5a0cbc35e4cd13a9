#!/usr/bin/env bash
# The guides as a site in site/: every link leads somewhere, every page has a place, nothing is fetched from elsewhere.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ ! -e .venv-docs/.installed ] || [ requirements-docs.txt -nt .venv-docs/.installed ]; then
    .venv/bin/python -m venv .venv-docs
    .venv-docs/bin/pip install -qq --disable-pip-version-check --require-hashes -r requirements-docs.txt
    touch .venv-docs/.installed
fi
.venv/bin/python scripts/graph.py --check
.venv/bin/python scripts/pictures.py --check
NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs build --strict --quiet --clean
echo "make docs: $(find site -name '*.html' | wc -l) pages in site/index.html"
