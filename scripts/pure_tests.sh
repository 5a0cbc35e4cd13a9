#!/usr/bin/env bash
# The test directories and files that need no server, one a line.
set -euo pipefail
cd "$(dirname "$0")/.."
find tests -type d \( -name engine -o -name architecture -o -name oracle -o -name common \) -not -path '*/__pycache__*'
