#!/usr/bin/env bash
# Installs a build into a temporary folder, under a prefix other than the configured one, and looks
# whether all is there and fits together.
#
#   tests/install.sh BUILD_FOLDER
set -euo pipefail
build=$(cd "$1" && pwd)
folder=$(mktemp -d -t poolkeeper-install.XXXXXX)
trap 'rm -rf "$folder"' EXIT

prefix=/opt/elsewhere
DESTDIR=$folder cmake --install "$build" --prefix "$prefix" >/dev/null
missing=0
for file in bin/poolkeeper lib/systemd/system/poolkeeper.service share/doc/poolkeeper/README.md \
  share/doc/poolkeeper/poolkeeper.example.yaml share/doc/poolkeeper/pool-reference.md share/poolkeeper/schemas/pool.schema.json \
  share/man/man1/poolkeeper.1 share/bash-completion/completions/poolkeeper \
  share/zsh/site-functions/_poolkeeper; do
  [[ -s $folder$prefix/$file ]] || { echo "install.sh: $file is missing"; missing=1; }
done
unit=$folder$prefix/lib/systemd/system/poolkeeper.service
program=$(sed -n 's/^ExecStart=\([^ ]*\) .*/\1/p' "$unit")
if [[ $program != "$prefix/bin/poolkeeper" || ! -x $folder$program ]]; then
  echo "install.sh: the unit starts '$program', which is not what was installed"
  missing=1
fi
hint=$("$folder$prefix/bin/poolkeeper" --config /none plan 2>&1 || true)
if [[ $hint != *"$folder$prefix/share/doc/poolkeeper/poolkeeper.example.yaml is an example"* ]]; then
  echo "install.sh: the program does not find its example: $hint"
  missing=1
fi
! grep -n '@' "$unit" | grep -v SystemCallFilter || { echo "install.sh: the unit is not filled in"; missing=1; }
if [[ -e $folder$prefix/bin/batch-emulator ]]; then
  echo "install.sh: the emulator is installed though nobody asked for it"
  missing=1
fi
DESTDIR=$folder cmake --install "$build" --prefix "$prefix" --component emulator >/dev/null
for file in bin/batch-emulator share/doc/poolkeeper/emulator.md; do
  [[ -s $folder$prefix/$file ]] || { echo "install.sh: $file is missing"; missing=1; }
done
exit "$missing"
