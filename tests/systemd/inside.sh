#!/usr/bin/env bash
# Runs inside of the container, as root, under its systemd: what an administrator does with the unit,
# and what must come of it. One line a check goes to /test/result.
set -uo pipefail
exec >/test/log 2>&1
set -x

failures=0
check() {  # check NAME COMMAND...
  local name=$1
  shift
  if "$@"; then
    echo "ok      $name" >>/test/result
  else
    echo "FAILED  $name" >>/test/result
    failures=$((failures + 1))
  fi
}
wait_for() {  # wait_for SECONDS COMMAND...
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.2
  done
}
show() { systemctl show -P "$1" poolkeeper; }
shows() { [[ $(show "$1") == $2 ]]; }  # shows PROPERTY PATTERN

unit=$(show FragmentPath)

# --- The unit by itself -------------------------------------------------------------------------

verify() {
  local said
  said=$(systemd-analyze verify "$unit" 2>&1) && [[ -z $said ]] || { echo "$said"; return 1; }
}
safe() {
  systemd-analyze security --offline=true --threshold=15 "$unit" | tail -n 1
  systemd-analyze security --offline=true --threshold=15 "$unit" >/dev/null
}
check "systemd-analyze verify accepts the installed unit" verify
check "systemd-analyze security rates it at 1.5 or better" safe

# --- Started ------------------------------------------------------------------------------------

systemctl start emulator.service
check "systemctl start returns once it is ready" systemctl start poolkeeper
check "it is active" systemctl is-active poolkeeper
if [[ $(show MainPID) == 0 ]]; then  # what follows would say nothing
  journalctl -u poolkeeper --no-pager -o short-precise >/test/journal
  echo "$failures" >/test/done
  exit
fi
check "its status line tells of the last cycle" wait_for 40 shows StatusText '2 of 2 pools Ready; looked at *'
check "poolkeeper status comes from it" grep -q "^From the daemon (process $(show MainPID), " \
  <(poolkeeper status)

uid=$(stat -c %u "/proc/$(show MainPID)")
as() { setpriv --reuid="$1" --regid="$1" --clear-groups "${@:2}"; }
own_user() { [[ $uid -ge 61184 && $uid -le 65519 ]]; }  # the range of DynamicUser
cannot_read() { ! as "$1" cat "$2" >/dev/null 2>&1; }
check "it runs as a dynamic user" own_user
check "its user cannot read the key file" cannot_read "$uid" /etc/poolkeeper/demo.key
check "nobody else can read the credential" cannot_read 65534 /run/credentials/poolkeeper.service/demo
check "the key is in neither arguments nor environment" \
  bash -c '! grep -qa AAECAwQFBgcI /proc/$1/cmdline /proc/$1/environ' _ "$(show MainPID)"
may_not_ask() { ! as 65534 poolkeeper status --config /test/no-key.yaml | grep -q '^From the daemon'; }
check "who is not in the group does not get the status" may_not_ask

# --- Drift, in the journal ----------------------------------------------------------------------

/test/resize first 3
drift_line() {
  journalctl -u poolkeeper -o json --no-pager |
    grep '"PRIORITY":"4"' | grep 'pool differs from its spec' | grep -q 'cause=PoolChanged'
}
no_time_of_its_own() { ! journalctl -u poolkeeper -o cat --no-pager | grep -q '^ts='; }
check "drift is a line of priority 4 (warning)" wait_for 30 drift_line
check "lines in the journal have no time of their own" no_time_of_its_own

# --- Reload -------------------------------------------------------------------------------------

pause_is() {  # seconds between the last look and the next
  local json looked next
  json=$(poolkeeper status --format json) || true
  looked=$(date +%s -d "$(grep -m1 '"looked"' <<<"$json" | cut -d'"' -f4)")
  next=$(date +%s -d "$(grep -m1 '"nextLook"' <<<"$json" | cut -d'"' -f4)")
  ((next - looked >= $1 && next - looked <= $2))
}
wait_for 30 shows StatusText '2 of 2 pools Ready; looked at *'
check "it looks each second, as the configuration says" wait_for 10 pause_is 1 3
sed -i 's/^interval: 1s/interval: 40s/' /etc/poolkeeper/poolkeeper.yaml
check "systemctl reload works" systemctl reload poolkeeper
check "the new interval holds" wait_for 20 pause_is 35 45
check "a reload is no restart" shows NRestarts 0
check "it is active after it" systemctl is-active poolkeeper

# --- Watchdog -----------------------------------------------------------------------------------

sleep 5  # longer than its WatchdogSec here: an idle daemon lives
check "waiting for the next cycle is no hang" shows NRestarts 0
/test/hang-thread "$(show MainPID)" "acct demo" &
hang=$!
by_watchdog() { journalctl -u poolkeeper --no-pager | grep -qi 'watchdog timeout'; }
check "an account's thread that hangs starves the watchdog" wait_for 30 by_watchdog
kill -9 "$hang"  # a thread that is being traced would survive the signal of systemd, too
check "systemd starts it again" wait_for 30 shows NRestarts 1
check "it works again after that" wait_for 30 systemctl is-active poolkeeper

# --- A configuration that no restart mends; the end ---------------------------------------------

wait_for 30 shows StatusText '2 of 2 pools Ready; looked at *'
begun=$(date +%s%N)
systemctl stop poolkeeper
took=$((($(date +%s%N) - begun) / 1000000))
echo "systemctl stop took $took ms"
check "systemctl stop is done within 2 s (it took $took ms)" test "$took" -lt 2000
check "it ended well" shows Result success
check "its socket went with it" test ! -e /run/poolkeeper/status.sock

echo 'rubbish: true' >>/etc/poolkeeper/poolkeeper.yaml
check "a wrong configuration fails the start" bash -c '! systemctl start poolkeeper'
check "with exit code 65" shows ExecMainStatus 65
sleep 6  # longer than RestartSec
check "and is not tried again and again" shows SubState failed

journalctl -u poolkeeper -u emulator --no-pager -o short-precise >/test/journal
echo "$failures" >/test/done
