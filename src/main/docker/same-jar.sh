#!/usr/bin/env bash
# Builds the jar twice, from a clean tree each time, and fails if the two differ. Arguments go to Maven.
set -euo pipefail
# build: prints the digest of the jar
build() {
    ./mvnw --batch-mode --no-transfer-progress --quiet -P '!static-analysis' "$@" -Dmaven.test.skip=true clean package >&2 || return
    sha256sum target/captioner.jar | cut -d' ' -f1
}
first=$(build "$@")
second=$(build "$@")
if [ "$first" != "$second" ]; then
    echo "target/captioner.jar differs from build to build: $first, then $second" >&2
    exit 1
fi
echo "target/captioner.jar is the same in two builds: sha256:$first"
