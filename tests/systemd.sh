#!/usr/bin/env bash
# Installs poolkeeper into a fresh Debian 12, boots it with systemd-nspawn, and watches the unit do
# what an administrator expects: tests/systemd/inside.sh has the checks.
#
#   tests/systemd.sh BUILD_FOLDER [--keep]
#
# Needs root, debootstrap, systemd-nspawn and a mirror (that of this machine's apt). Leaves with 77,
# and says why, where that cannot be had. The bare system is kept in ~/.cache/poolkeeper.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

build="" keep=0
for argument in "$@"; do
  case $argument in
    --keep) keep=1 ;;
    -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) echo "systemd.sh: unknown option '$argument'" >&2; exit 64 ;;
    *) build=$argument ;;
  esac
done
[[ -n $build ]] || { echo "systemd.sh: name the build folder" >&2; exit 64; }
build=$(cd "$build" && pwd)

skip() { echo "systemd.sh: skipped, the unit was not tried here: $1"; exit 77; }
[[ $(id -u) == 0 ]] || skip "needs root"
for program in debootstrap systemd-nspawn; do
  command -v "$program" >/dev/null || skip "needs $program"
done
[[ $(. /etc/os-release && echo "$ID $VERSION_ID") == "debian 12" ]] || skip "needs a build made on Debian 12"
why=$(unshare --mount --pid --uts --ipc --fork true 2>&1) || skip "needs namespaces: $why"

# --- A bare system, made once -------------------------------------------------------------------

packages=systemd,systemd-sysv,dbus,libyaml-cpp0.7,libcurl4,libssl3,libfmt9,libsystemd0,ca-certificates,curl,openssl
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/poolkeeper
bare=$cache/bookworm-$(cksum <<<"$packages" | cut -d' ' -f1)
if [[ ! -d $bare ]]; then
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
    awk '$2 == "bookworm" {print $1; exit}')
  [[ -n $mirror ]] || skip "apt has no source of bookworm"
  mkdir -p "$cache"
  making=$(mktemp -d "$cache/making.XXXXXX")
  chmod 755 "$making"
  if ! timeout 300 debootstrap --variant=minbase --include="$packages" bookworm "$making" "$mirror" >"$making.log" 2>&1; then
    tail -n 5 "$making.log"
    rm -rf --one-file-system "$making" "$making.log"
    skip "debootstrap failed"
  fi
  rm -rf "$making/var/cache/apt/archives" "$making.log"
  mv -T "$making" "$bare" 2>/dev/null || rm -rf --one-file-system "$making"  # another run was quicker
fi

# --- The machine --------------------------------------------------------------------------------

machine=$(mktemp -d -t poolkeeper-systemd.XXXXXX)
container=""
clean_up() {
  if [[ -n $container ]]; then
    # The init of the machine outlives a killed nspawn; with it all of the machine's processes end.
    pkill -KILL -P "$container" 2>/dev/null || true
    kill -KILL "$container" 2>/dev/null || true
    wait "$container" 2>/dev/null || true
  fi
  if [[ $keep == 1 ]]; then
    echo "systemd.sh: kept $machine"
  else
    rm -rf --one-file-system "$machine"
  fi
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cp -a --reflink=auto "$bare/." "$machine"
chmod 755 "$machine"

DESTDIR=$machine cmake --install "$build" --prefix /usr >/dev/null
mkdir "$machine/test" "$machine/srv/pools"
cp "$build/bin/batch-emulator" "$build/bin/hang-thread" "$here/systemd/inside.sh" \
  "$here/systemd/resize" "$machine/test/"

# --- What the README tells an administrator to do -----------------------------------------------

mkdir -p "$machine/etc/poolkeeper"
key=$(for ((i = 0; i < 64; i++)); do printf "\\x$(printf '%02x' "$i")"; done | base64 -w 0)
(umask 077 && echo "$key" >"$machine/etc/poolkeeper/demo.key")  # the emulator's: it is public
config() {  # config AUTH
  cat <<YAML
apiVersion: poolkeeper/v1
kind: Config
owner: test
source: {path: /srv/pools, id: test}
interval: 1s
accounts:
  - name: demo
    endpoint: http://127.0.0.1:9400
    allowCustomEndpoint: true
    mode: manage
    auth: {sharedKey: $1}
YAML
}
config '{credential: demo}' >"$machine/etc/poolkeeper/poolkeeper.yaml"
config '{file: /no/key}' >"$machine/test/no-key.yaml"
for pool in first second; do
  cat >"$machine/srv/pools/$pool.yaml" <<YAML
apiVersion: poolkeeper/v1
kind: Pool
metadata: {name: $pool}
spec:
  vmSize: standard_d2_v3
  virtualMachineConfiguration:
    imageReference: {publisher: canonical, offer: 0001-com-ubuntu-server-jammy, sku: 22_04-lts}
  targetDedicatedNodes: 1
YAML
done

units=$machine/etc/systemd/system
mkdir -p "$units/poolkeeper.service.d" "$units/multi-user.target.wants"
# A short watchdog, so that the test need not wait for minutes.
cat >"$units/poolkeeper.service.d/test.conf" <<'UNIT'
[Service]
LoadCredential=demo:/etc/poolkeeper/demo.key
WatchdogSec=3s
RestartSec=1s
UNIT
cat >"$units/emulator.service" <<'UNIT'
[Service]
ExecStart=/test/batch-emulator --port 9400 --time-scale 20
UNIT
cat >"$units/inside.service" <<'UNIT'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/bash /test/inside.sh
UNIT
ln -s ../inside.service "$units/multi-user.target.wants/inside.service"

# --- Boot, and wait for the checks --------------------------------------------------------------

systemd-nspawn --quiet --register=no --keep-unit --boot --directory "$machine" \
  </dev/null >"$machine.console" 2>&1 &
container=$!
for ((i = 0; i < 1800; i++)); do
  [[ ! -e $machine/test/done ]] || break
  kill -0 "$container" 2>/dev/null || break
  sleep 0.1
done
console=$(tail -n 20 "$machine.console")
rm -f "$machine.console"
if [[ ! -e $machine/test/log ]]; then
  echo "$console"
  skip "systemd-nspawn does not boot here"
fi
cat "$machine/test/result"
if [[ ! -e $machine/test/done ]]; then
  tail -n 30 "$machine/test/log"
  echo "systemd.sh: FAILED, the checks did not come to their end within 180 s"
  exit 1
fi
if [[ $(<"$machine/test/done") != 0 ]]; then
  tail -n 200 "$machine/test/log"
  cat "$machine/test/journal"
  echo "systemd.sh: FAILED"
  exit 1
fi
echo "systemd.sh: all checks passed"
