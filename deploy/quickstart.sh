#!/usr/bin/env bash
# Tries poolkeeper on this machine, against the Batch emulator: installs packages, builds a release,
# starts the emulator, and runs the daemon on specs/ until Ctrl-C.
#
#   deploy/quickstart.sh [--exit] [--demo-drift] [--specs DIR] [--bin DIR]
#
#   --exit        leave with 0 once all pools are Ready, and with the reason otherwise (the exit
#                 codes of poolkeeper), at most 3 minutes after the start of the daemon
#   --demo-drift  once the pools are Ready, somebody resizes a pool behind the daemon's back: the
#                 alert appears and the pool is put back
#   --specs DIR   your own specs, for the account `demo`; they are read only
#   --bin DIR     take the programs in DIR: nothing is installed or built
#
# Needs Debian 12 or alike, and root or sudo if packages are missing. Nothing leaves this machine
# but what apt fetches.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

usage() { sed -n '2,16s/^# \{0,1\}//p' "$0"; }
fail() {  # fail CODE MESSAGE
  echo "quickstart: $2" >&2
  exit "$1"
}
step() { printf '[%d/4] %s\n' "$1" "$2"; }

leave=0 drift=0 specs="$root/specs" bin=""
while [[ $# -gt 0 ]]; do
  case $1 in
    --exit) leave=1 ;;
    --demo-drift) drift=1 ;;
    --specs | --bin)
      [[ $# -gt 1 ]] || fail 64 "$1 needs a folder"
      [[ -d $2 ]] || fail 64 "$1: no folder '$2'"
      if [[ $1 == --specs ]]; then specs=$(cd "$2" && pwd); else bin=$(cd "$2" && pwd); fi
      shift
      ;;
    -h | --help) usage; exit 0 ;;
    *) fail 64 "unknown option '$1'; see --help" ;;
  esac
  shift
done

# --- Whatever happens, no process and no file stays ---------------------------------------------

work=$(mktemp -d -t poolkeeper-quickstart.XXXXXX)
emulator="" daemon="" stopping=""
clean_up() {
  local process
  for process in $daemon $emulator; do kill "$process" 2>/dev/null || true; done
  for process in $daemon $emulator; do wait "$process" 2>/dev/null || true; done
  rm -rf "$work"
}
trap clean_up EXIT
# Both programs run in sessions of their own, so that Ctrl-C reaches the daemon once and by us.
stop() {
  stopping=$1
  [[ -z $daemon ]] || kill -TERM "$daemon" 2>/dev/null || true
}
trap 'stop INT; [[ -n $daemon ]] || exit 130' INT
trap 'stop TERM; [[ -n $daemon ]] || exit 143' TERM HUP

# --- Packages and programs ----------------------------------------------------------------------

# Runs a long command; its last line moves along on a terminal, all of it is shown if it fails.
quietly() {
  local line
  if [[ -t 1 ]]; then
    "$@" 2>&1 </dev/null | tee "$work/log" | while IFS= read -r line; do
      printf '\r\033[K      %.*s' $((${COLUMNS:-80} - 8)) "$line"
    done && printf '\r\033[K'
  else
    "$@" >"$work/log" 2>&1 </dev/null
  fi || { echo; tail -n 40 "$work/log" >&2; fail 1 "'$*' failed"; }
}

if [[ -z $bin ]]; then
  packages=$("$root/deploy/packages.sh" build) || exit 1
  step 1 "packages: $packages"
  started=$SECONDS
  cd "$root"
  quietly cmake --preset release
  quietly cmake --build --preset release --target poolkeeper batch-emulator
  bin=$root/build/release/bin
  step 2 "release built in $((SECONDS - started)) s: build/release/bin/poolkeeper, batch-emulator"
else
  step 1 "packages: left alone (--bin)"
  step 2 "programs of $bin"
fi

# --- The emulator, a key file, a configuration --------------------------------------------------

setsid "$bin/batch-emulator" --port 0 --port-file "$work/port" >"$work/emulator.log" 2>&1 &
emulator=$!
for ((i = 0; i < 100; i++)); do
  [[ -s $work/port ]] && break
  kill -0 "$emulator" 2>/dev/null || break
  sleep 0.1
done
if [[ ! -s $work/port ]]; then
  cat "$work/emulator.log" >&2
  fail 1 "the emulator did not start"
fi
endpoint="http://127.0.0.1:$(<"$work/port")"
step 3 "emulator: $endpoint, account demo"

# The emulator's well-known key is public: the bytes 0 to 63 in base64.
key_hex=$(printf '%02x' {0..63})
key_file=$work/demo.key
(
  umask 077
  for ((i = 0; i < 64; i++)); do printf "\\x$(printf '%02x' "$i")"; done | base64 -w 0 >"$key_file"
)
cat >"$work/poolkeeper.yaml" <<YAML
apiVersion: poolkeeper/v1
kind: Config
owner: quickstart
source: {path: "$specs", id: quickstart}
state: state
interval: 10s
accounts:
  - name: demo
    endpoint: $endpoint
    allowCustomEndpoint: true
    mode: manage
    auth: {sharedKey: {file: demo.key}}
YAML

# --- The daemon ---------------------------------------------------------------------------------

poolkeeper() { "$bin/poolkeeper" --config "$work/poolkeeper.yaml" "$@"; }

# Ends the script with the daemon's exit code, once it has ended.
wait_for_daemon() {
  local code=0
  while true; do
    wait "$daemon" && code=0 || code=$?
    kill -0 "$daemon" 2>/dev/null || break
  done
  daemon=""
  exit "$code"
}

start_daemon() {  # start_daemon OPTIONS...
  if [[ $drift == 1 ]]; then
    setsid "$bin/poolkeeper" --config "$work/poolkeeper.yaml" run --show 2> >(tee "$work/daemon.log" >&2) &
  else
    setsid "$bin/poolkeeper" --config "$work/poolkeeper.yaml" run --show "$@" &
  fi
  daemon=$!
}

# until_true SECONDS COMMAND...: asks again each second; 9 when the time is up. Ends the script if
# the daemon ends.
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [[ -z $stopping ]] && kill -0 "$daemon" 2>/dev/null || wait_for_daemon
    ((SECONDS < end)) || return 9
    sleep 1
  done
}
all_ready() { poolkeeper status >/dev/null 2>&1; }

step 4 "poolkeeper run --show, on ${specs#"$root"/}/"
if [[ $leave == 0 ]]; then
  cat <<TEXT
      Ctrl-C ends it. Meanwhile, in another terminal, edit the specs or ask:
      $bin/poolkeeper --config $work/poolkeeper.yaml status
TEXT
fi
echo

if [[ $drift == 0 ]]; then
  if [[ $leave == 1 ]]; then
    start_daemon --exit-when-ready 3m
  else
    start_daemon
  fi
  wait_for_daemon
fi

# --- Drift: a call that the daemon knows nothing of ---------------------------------------------

# call METHOD PATH [BODY]: signed with SharedKey as the Batch REST reference describes it; prints
# the body of the answer. The key is public, else it would have no place in an argument.
call() {
  local method=$1 path=$2 body=${3-} type="" length="" date signature
  date=$(LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S GMT')
  if [[ -n $body ]]; then type="application/json; odata=minimalmetadata" length=${#body}; fi
  signature=$(printf '%s\n\n\n%s\n\n%s\n\n\n\n\n\n\nocp-date:%s\n/demo%s\napi-version:2025-06-01' \
    "$method" "$length" "$type" "$date" "$path" |
    openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key_hex" -binary | base64 -w 0)
  curl -sS --fail-with-body --noproxy '*' --max-time 10 -X "$method" \
    -H "Authorization: SharedKey demo:$signature" -H "ocp-date: $date" \
    ${body:+-H "Content-Type: $type" --data-binary "$body"} \
    "$endpoint$path?api-version=2025-06-01"
}
member() { grep -oE "\"$1\": *[^,}]*" | head -n 1 | sed 's/^[^:]*: *//; s/"//g'; }
say() { printf '\n-- %s\n\n' "$1"; }

alerted() { grep -q "level=warning.*pool=$pool.*PoolChanged" "$work/daemon.log"; }
put_back() {
  local live
  live=$(call GET "/pools/$pool") || return 1
  [[ $(member targetDedicatedNodes <<<"$live") == "$before" &&
    $(member allocationState <<<"$live") == steady ]]
}

pool=first-pool
start_daemon
until_true 170 all_ready || { poolkeeper status || true; fail 9 "not all pools are Ready"; }
before=$(call GET "/pools/$pool" | member targetDedicatedNodes) ||
  fail 1 "--demo-drift needs a pool '$pool' in the specs"
after=$((before + 2))
say "somebody resizes $pool from $before to $after dedicated nodes, behind the daemon's back"
call POST "/pools/$pool/resize" "{\"targetDedicatedNodes\": $after, \"targetLowPriorityNodes\": 0}" ||
  fail 1 "the resize was refused"
until_true 60 alerted || fail 9 "no alert about $pool"
say "the alert is there; waiting for poolkeeper to put $pool back"
until_true 60 put_back || fail 9 "$pool was not put back to $before nodes"
until_true 60 all_ready || fail 9 "$pool is back at $before nodes, yet not Ready"
say "$pool is back at targetDedicatedNodes: $before"
if [[ $leave == 1 ]]; then
  poolkeeper status
  exit 0
fi
wait_for_daemon
