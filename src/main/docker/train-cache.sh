#!/usr/bin/env bash
# Starts the service, has it caption a picture and stops it, so that Java writes what it loaded and learnt into the cache
# that is named by the first argument; the others are Java's. It runs on the loopback device only. A cache whose name ends in
# .jsa is an archive of classes, for Java below 25.
set -euo pipefail
cache=$1
shift
# Unlikely to be taken where a builder has no network of its own, and below the ports that systems give to clients: a client
# that is given the very port it asks for is connected to itself.
export CAPTIONER_DEVICE=cpu SERVER_ADDRESS=127.0.0.1 SERVER_PORT=27080 MANAGEMENT_SERVER_ADDRESS=127.0.0.1 MANAGEMENT_SERVER_PORT=27081
export TF_CPP_MIN_LOG_LEVEL=2

# ask REQUEST-LINE [HEADER...] < body: prints the status
ask() {
    exec 3<>/dev/tcp/127.0.0.1/$SERVER_PORT
    printf '%s\r\n' "$@" 'Host: localhost' 'Connection: close' '' >&3
    cat >&3
    local status
    read -r _ status _ <&3
    cat <&3 >/dev/null
    exec 3>&-
    echo "$status"
}

# Another service would be asked instead of this one.
if [ -n "$(ask 'GET /readyz HTTP/1.1' </dev/null 2>/dev/null)" ]; then
    echo "port $SERVER_PORT of $SERVER_ADDRESS is in use: stop what uses it, and try again" >&2
    exit 1
fi
case $cache in
    *.jsa) output=-XX:ArchiveClassesAtExit=$cache ;;
    *) output=-XX:AOTCacheOutput=$cache ;;
esac
java "$output" "$@" &
service=$!
until [ "$(ask 'GET /readyz HTTP/1.1' </dev/null 2>/dev/null)" = 200 ]; do
    kill -0 $service
    sleep 0.2
done
# A bitmap of one white pixel.
status=$(printf 'BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\1\0\0\0\1\0\0\0\1\0\x18\0\0\0\0\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\0' |
    ask 'POST /captions HTTP/1.1' 'Content-Type: image/bmp' 'Content-Length: 58')
test "$status" = 200
kill -TERM $service
wait $service || test $? = 143
chmod a+r "$cache"
test -s "$cache"
