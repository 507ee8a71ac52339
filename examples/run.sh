#!/usr/bin/env bash
# Runs every example against a running service: examples/run.sh [URL]. Skips those whose interpreter is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
service=${1:-http://localhost:8080}
photo=docs/images/dog.jpg

run() {
    if ! command -v "$1" > /dev/null; then
        echo "SKIPPED $2: $1 is not installed"
        return
    fi
    echo "RUN $2"
    "$1" "$2" "$service" "$photo"
}

run java examples/CaptionPhoto.java
run python3 examples/caption.py
run node examples/caption.mjs
