#!/usr/bin/env bash
# Proves a batch-emulator with clients that others wrote; installs what is missing of them.
#
#   tests/interop/run.sh [EMULATOR [CLIENT...]]
#
# EMULATOR is the program, build/release/bin/batch-emulator unless told. Without CLIENT all of
# python3-azure, azure-batch, azure-batch-token, npm, azure-cli and walk run, side by side; walk
# compares three of them, see walk/walk.py. One line a client, and the output of those that failed.
# What this installs beside Debian packages lands in build/interop/.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
[[ ${1:-} != -h && ${1:-} != --help ]] || { sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 0; }

emulator=$(realpath -m "${1:-$root/build/release/bin/batch-emulator}")
[[ -x $emulator ]] || { echo "interop: $emulator is not a program; build it, or name another one" >&2; exit 64; }
clients=("${@:2}")
[[ ${#clients[@]} != 0 ]] || clients=(python3-azure azure-batch azure-batch-token npm azure-cli walk)
installed=$root/build/interop
python=/usr/bin/python3  # the one that Debian's packages are for
export PYTHONDONTWRITEBYTECODE=1

# --- Clients ------------------------------------------------------------------------------------

# once NAME FILE COMMAND...: COMMAND installs what FILE asks for, unless it already did.
once() {
  local mark=$installed/$1.done file=$2
  shift 2
  cmp -s "$file" "$mark" && return
  mkdir -p "$installed"
  if ! "$@" >"$installed/log" 2>&1 </dev/null; then
    tail -n 20 "$installed/log" >&2
    echo "interop: '$*' failed; the clients come from Debian, PyPI and npm, which have to be reachable" >&2
    exit 1
  fi
  cp "$file" "$mark"
}

python_packages() {
  "$python" -m venv --clear "$installed/venv" &&
    "$installed/venv/bin/pip" install --disable-pip-version-check -r "$here/requirements.txt"
}

npm_packages() {
  mkdir -p "$installed/npm" && cp "$here"/package*.json "$installed/npm/" &&
    npm ci --prefix "$installed/npm" --no-audit --no-fund
}

# --- Runs ---------------------------------------------------------------------------------------

client() {  # client NAME
  local harness=(timeout 600 "$python" "$here/emulator.py" "$emulator")
  case $1 in
    python3-azure) "${harness[@]}" -- "$python" "$here/python3_azure.py" ;;
    azure-batch) "${harness[@]}" --tls -- "$installed/venv/bin/python" "$here/azure_batch.py" key ;;
    azure-batch-token) "${harness[@]}" --tls -- "$installed/venv/bin/python" "$here/azure_batch.py" token ;;
    npm) NODE_PATH=$installed/npm/node_modules "${harness[@]}" --tls -- node "$here/npm_batch.js" ;;
    azure-cli) "${harness[@]}" --tls -- "$python" "$here/azure_cli.py" ;;
    walk) NODE_PATH=$installed/npm/node_modules timeout 600 "$python" "$here/walk/walk.py" "$emulator" ;;
    *) echo "interop: unknown client '$1'" >&2; return 64 ;;
  esac
}

timed_client() {
  local started=$SECONDS code=0
  client "$1" >"$logs/$1" 2>&1 </dev/null || code=$?
  if [[ $code == 0 ]]; then
    printf '%-20s %-90s %4d s\n' "$1" "$(tail -n 1 "$logs/$1")" $((SECONDS - started))
  else
    printf '%-20s FAILED with code %d after %d s:\n%s\n' "$1" "$code" $((SECONDS - started)) "$(<"$logs/$1")"
  fi
  return "$code"
}

started=$SECONDS
"$root/deploy/packages.sh" interop
once python "$here/requirements.txt" python_packages
once npm "$here/package-lock.json" npm_packages
printf '%-111s %4d s\n' "installed" $((SECONDS - started))

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
declare -A running
for name in "${clients[@]}"; do
  timed_client "$name" &
  running[$name]=$!
done
failed=()
for name in "${clients[@]}"; do
  wait "${running[$name]}" || failed+=("$name")
done
[[ ${#failed[@]} == 0 ]] || { echo "interop: failed: ${failed[*]}" >&2; exit 1; }
