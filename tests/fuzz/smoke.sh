#!/usr/bin/env bash
# Runs every fuzz target for a few seconds from its seeds, as many at a time as there are
# processors; about 20 s with two.
#
#   tests/fuzz/smoke.sh BIN [SECONDS]     BIN: the folder of the programs, e.g. build/asan/bin;
#                                         SECONDS of each target (default 5)
#
# A finding ends it with code 1: what the target said, and the input in base64.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

if [[ $# -lt 1 || ! -x $1/spec_fuzz ]]; then
  echo "smoke.sh: expected the folder that holds spec_fuzz and the others (target fuzzers)" >&2
  exit 64
fi
bin=$(cd "$1" && pwd)
seconds=${2:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Target, folder of seeds, dictionary.
targets() {
  cat <<'LIST'
spec_fuzz ../spec/bad
formula_fuzz formulas
answer_fuzz answers
request_fuzz requests emulator.dict
body_fuzz bodies emulator.dict
odata_fuzz queries emulator.dict
token_fuzz tokens emulator.dict
LIST
}

run() {  # run TARGET SEEDS [DICTIONARY]
  local target=$1 seeds=$here/$2 folder=$work/$1 begun=$SECONDS
  mkdir "$folder" "$folder/grown"
  if ! "$bin/$target" -seed=1 -max_total_time="$seconds" -max_len=4096 -timeout=60 \
    ${3:+-dict="$here/$3"} -artifact_prefix="$folder/" "$folder/grown" "$seeds" \
    >"$folder/log" 2>&1 </dev/null; then
    {
      tail -n 60 "$folder/log"
      echo "smoke.sh: $target has a finding; its input:"
      find "$folder" -maxdepth 1 -type f ! -name log -exec base64 {} +
    } >&2
    return 1
  fi
  printf '%-14s %8d runs in %2d s\n' "$target" \
    "$(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$folder/log")" $((SECONDS - begun))
}

export bin seconds work here
export -f run
# shellcheck disable=SC2016
targets | xargs -P "$(nproc)" -L 1 bash -c 'run "$@" || exit 255' run || exit 1
