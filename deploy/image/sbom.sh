#!/bin/sh
# sbom.sh PYTHON TOOL_LOCK LOCK TO: a CycloneDX list of what LOCK installs; the same input gives the same bytes.
set -eu
python="$1" tool_lock="$2" lock="$3" to="$4"
venv="$(mktemp -d)"
trap 'rm -rf "$venv"' EXIT
"$python" -m venv "$venv"
"$venv/bin/python" -m pip install --disable-pip-version-check --no-cache-dir --require-hashes --quiet --quiet -r "$tool_lock"
"$venv/bin/cyclonedx-py" requirements --output-reproducible --mc-type application --short-PURLs -o "$to" "$lock"
