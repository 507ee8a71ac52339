#!/usr/bin/env bash
# Pins the bases of the Dockerfile by digest:
#
#   bash src/main/docker/pin-bases.sh [DOCKERFILE]           asks the registry for the digest of each tag, and writes it
#   bash src/main/docker/pin-bases.sh --check [DOCKERFILE]   writes nothing, and fails if a digest is missing or old
#
# A digest is that of the image index, so it holds for every architecture. Asks by docker buildx, or by skopeo.
set -euo pipefail
check=false
if [ "${1:-}" = --check ]; then
    check=true
    shift
fi
file=${1:-Dockerfile}

# digest_of IMAGE: prints the digest of the image's tag
digest_of() {
    if command -v docker >/dev/null; then
        docker buildx imagetools inspect --format '{{json .Manifest.Digest}}' "$1" | tr -d '"'
    elif command -v skopeo >/dev/null; then
        skopeo inspect --raw "docker://$1" | sha256sum | sed 's/^\([0-9a-f]*\).*/sha256:\1/'
    else
        echo "neither docker nor skopeo is on the path: install one of them" >&2
        return 1
    fi
}

stale=0
while read -r name base; do
    image=${base%@*}
    digest=$(digest_of "docker.io/$([[ $image == */* ]] || echo library/)$image")
    if ! [[ $digest =~ ^sha256:[0-9a-f]{64}$ ]]; then
        echo "the registry gave no digest of $image, but '$digest'" >&2
        exit 1
    fi
    if [ "$base" = "$image@$digest" ]; then
        echo "$name: $base"
    elif $check; then
        echo "$name: $base should be $image@$digest: run src/main/docker/pin-bases.sh and commit $file" >&2
        stale=1
    else
        sed -i "s|^ARG $name=.*|ARG $name=$image@$digest|" "$file"
        echo "$name: $image@$digest"
    fi
done < <(sed -n '/^FROM/q; s/^ARG \([A-Z]*\)=/\1 /p' "$file")
exit $stale
