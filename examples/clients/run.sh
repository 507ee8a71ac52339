#!/usr/bin/env bash
# Runs real clients of other protocols against a running service: examples/clients/run.sh [URL] [KEY].
# They are installed in a directory of their own (CAPTIONER_CLIENTS, by default below the system's temporary one), and
# skipped where they cannot be. The service needs --captioner.compat.enabled=ollama,openai,azure,oip,mcp.
set -uo pipefail
cd "$(dirname "$0")"
service=${1:-http://localhost:8080}
export CAPTIONER_KEY=${2:-none}
photo=../../docs/images/dog.jpg
place=${CAPTIONER_CLIENTS:-${TMPDIR:-/tmp}/captioner-clients}
failed=0
mkdir -p "$place"

check() { # name, command…
    name=$1
    shift
    if "$@"; then echo "OK $name"; else
        echo "FAILED $name"
        failed=1
    fi
}

python() { # module, packages…: runs the client of a Python package
    module=$1
    shift
    if ! command -v python3 > /dev/null; then
        echo "SKIPPED python $module: python3 is not installed"
        return
    fi
    [ -x "$place/venv/bin/python" ] || python3 -m venv "$place/venv" || { echo "SKIPPED python $module: no venv"; return; }
    if ! "$place/venv/bin/python" -c "import $module" 2> /dev/null \
        && ! "$place/venv/bin/pip" install --quiet "$@" > "$place/pip.log" 2>&1; then
        echo "SKIPPED python $module: $* cannot be installed"
        return
    fi
    check "python $module" "$place/venv/bin/python" clients.py "$module" "$service" "$photo"
}

npm_client() { # name, packages…: runs the client of npm packages
    name=$1
    shift
    if ! command -v npm > /dev/null; then
        echo "SKIPPED npm $name: npm is not installed"
        return
    fi
    if [ ! -d "$place/node_modules/$1" ] \
        && ! npm install --silent --no-audit --no-fund --prefix "$place" "$@" > "$place/npm.log" 2>&1; then
        echo "SKIPPED npm $name: $* cannot be installed"
        return
    fi
    cp clients.mjs "$place/clients.mjs" # beside its node_modules
    check "npm $name" node "$place/clients.mjs" "$name" "$service" "$photo"
}

python ollama ollama
python openai openai
python azure.ai.vision.imageanalysis azure-ai-vision-imageanalysis
python tritonclient.http 'tritonclient[http]'
python mcp mcp
npm_client ollama ollama
npm_client openai openai
npm_client ai-sdk @ai-sdk/openai-compatible ai
exit $failed
