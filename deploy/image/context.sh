#!/bin/sh
# context.sh TO: copies what .dockerignore lets into an image, for builds without an engine.
set -eu
to="$1"
mkdir -p "$to"
sed -n 's/^!//p' .dockerignore | while read -r path; do
    [ -e "$path" ] || continue
    mkdir -p "$to/$(dirname "$path")"
    git ls-files -z -- "$path" | xargs -0 -r cp --parents -t "$to"
done
