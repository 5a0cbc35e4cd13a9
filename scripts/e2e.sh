#!/usr/bin/env bash
# Browser journeys: finds Chromium, then runs the tests marked e2e.
set -euo pipefail
cd "$(dirname "$0")/.."

for candidate in ${CHROMIUM:+"$CHROMIUM"} chromium chromium-browser google-chrome; do
    if found="$(command -v "$candidate")"; then
        export CHROMIUM="$found"
        echo "Browser: $found"
        # One site serves all journeys, so they run in the order in which they are written.
        exec .venv/bin/python -m pytest -m e2e -p no:randomly "$@"
    fi
done
echo "No Chromium was found. Install one (Debian: apt install chromium) or name it: make e2e CHROMIUM=/path/to/chromium" >&2
exit 1
