#!/usr/bin/env bash
# clang-tidy 16 over the sources, or over the files that are named. Takes minutes a file, so it is
# no part of run.sh.
#
#   tests/tidy.sh [FILE.cc...]
set -euo pipefail
cd "$(dirname "$0")/.."
command -v clang-tidy-16 >/dev/null || { echo "tidy.sh: needs the package clang-tidy-16" >&2; exit 1; }

# A check that clang-tidy does not know would be skipped without a word.
known=$(clang-tidy-16 --list-checks -checks='*')
while IFS= read -r check; do
  pattern="^ *${check//\*/.*}\$"
  grep -qE "$pattern" <<<"$known" || { echo ".clang-tidy: no check '$check'" >&2; exit 1; }
done < <(sed -n '/^Checks:/,/^[A-Z][A-Za-z]*: */p' .clang-tidy |
  grep -oE '^ +-?[a-z][a-z0-9*-]+' | sed 's/^ *-\{0,1\}//')
clang-tidy-16 --verify-config | grep -q 'No config errors' ||
  { clang-tidy-16 --verify-config; exit 1; }
[[ ${1-} != --checks-only ]] || exit 0

cmake --preset clang >/dev/null
files=("$@")
[[ $# -gt 0 ]] || mapfile -t files < <(git ls-files 'reconciler/*.cc' 'daemon/*.cc' 'tests/emulator/*.cc')
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" clang-tidy-16 -p build/clang --quiet
