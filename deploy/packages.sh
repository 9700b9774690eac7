#!/usr/bin/env bash
# Installs the Debian packages that poolkeeper is built, tried and tested with; only what is missing.
#
#   deploy/packages.sh build        compiler, libraries, and what the quick start calls
#   deploy/packages.sh build test   also what tests/run.sh checks with
#   deploy/packages.sh interop      clients of others that tests/interop/ runs
#
# Takes apt, as root or through sudo. Prints one line; apt's own output only if it fails.
set -euo pipefail

build=(g++ cmake ninja-build libyaml-cpp-dev libcurl4-openssl-dev rapidjson-dev libssl-dev
  libfmt-dev libcli11-dev libsystemd-dev pkg-config libboost-dev doctest-dev ca-certificates curl openssl)
test=(clang-16 clang-format-16 libclang-rt-16-dev git groff openssh-client openssh-server debootstrap
  systemd-container procps zsh)
interop=(python3 python3-venv python3-azure azure-cli)
command -v npm >/dev/null || interop+=(nodejs npm)  # that of others brings its own npm

wanted=()
for group in "$@"; do
  case $group in
    build) wanted+=("${build[@]}") ;;
    test) wanted+=("${test[@]}") ;;
    interop) wanted+=("${interop[@]}") ;;
    *) echo "packages.sh: expected build, test or interop, found '$group'" >&2; exit 64 ;;
  esac
done

missing=()
for package in "${wanted[@]}"; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=""
  [[ $state == installed ]] || missing+=("$package")
done
if [[ ${#missing[@]} == 0 ]]; then
  echo "all ${#wanted[@]} packages are installed"
  exit 0
fi

as_root=(env DEBIAN_FRONTEND=noninteractive)
if [[ $(id -u) != 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "packages.sh: installing needs root or sudo; missing: ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo "${as_root[@]}")
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
started=$SECONDS
quiet_apt() {
  if ! "${as_root[@]}" apt-get -q -y -o DPkg::Lock::Timeout=120 "$@" >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    echo "packages.sh: 'apt-get $1' failed; wanted: ${missing[*]}" >&2
    exit 1
  fi
}
quiet_apt update
quiet_apt install --no-install-recommends "${missing[@]}"
echo "installed ${missing[*]} in $((SECONDS - started)) s"
