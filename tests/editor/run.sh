#!/usr/bin/env bash
# Proves the schemas with yaml-language-server, the one that editors run: what a hover shows, what is
# offered, what is underlined. Installs what is missing; what is not a Debian package lands in
# build/editor/. Prints one line, and what is wrong.
#
#   tests/editor/run.sh [POOLKEEPER]      build/release/bin/poolkeeper unless told
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
[[ ${1:-} != -h && ${1:-} != --help ]] || { sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0; }

program=$(realpath -m "${1:-$root/build/release/bin/poolkeeper}")
[[ -x $program ]] || { echo "editor: $program is not a program; build it, or name another one" >&2; exit 64; }
installed=$root/build/editor

"$root/deploy/packages.sh" interop >/dev/null
if ! cmp -s "$here/package-lock.json" "$installed/package-lock.json"; then
  rm -rf "$installed" && mkdir -p "$installed" && cp "$here/package.json" "$installed/"
  cp "$here/package-lock.json" "$installed/"
  if ! npm ci --prefix "$installed" --no-audit --no-fund >"$installed/log" 2>&1 </dev/null; then
    tail -n 20 "$installed/log" >&2
    rm "$installed/package-lock.json"
    echo "editor: 'npm ci' failed; the language server comes from npm, which has to be reachable" >&2
    exit 1
  fi
fi
NODE_PATH=$installed/node_modules exec timeout 300 node "$here/check.js" "$program" "$root"
