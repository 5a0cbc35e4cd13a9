#!/bin/sh
# install.sh PYTHON VENV LOCK: a virtual environment with exactly what LOCK names, checked by hash, without pip's leavings.
set -eu
python="$1" venv="$2" lock="$3"
"$python" -m venv "$venv"
"$venv/bin/python" -m pip install --disable-pip-version-check --no-cache-dir --no-compile --require-hashes --only-binary :all: --quiet --quiet -r "$lock"
# Tests of libraries and the installers themselves have no place in an image.
find "$venv" -type d -name tests -path '*/site-packages/*' -prune -exec rm -rf {} +
"$venv/bin/python" -m pip uninstall --yes --quiet setuptools pip
