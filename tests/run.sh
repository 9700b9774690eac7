#!/usr/bin/env bash
# Installs what is missing, builds, and runs all tests; ends with the summary of ctest, and why what
# it skipped cannot run here. This is all of the continuous integration.
#
#   tests/run.sh                 everything but what --sanitizers adds
#   tests/run.sh --sanitizers    also the readers' tests under the address sanitizer
#   tests/run.sh --quick         release build and its tests only
#
# The first step that fails ends it, with its output and a code other than 0.
set -euo pipefail
cd "$(dirname "$0")/.."

quick=0 sanitizers=0
for option in "$@"; do
  case $option in
    --quick) quick=1 ;;
    --sanitizers) sanitizers=1 ;;
    -h | --help) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "run.sh: unknown option '$option'" >&2; exit 64 ;;
  esac
done
jobs=$(nproc)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
begun=$SECONDS

# step NAME COMMAND...: the command's output is shown only if it fails. `set -e` is off inside.
step() {
  local name=$1 started=$SECONDS
  shift
  if ! "$@" >"$log" 2>&1 </dev/null; then
    cat "$log"
    printf '%-52s FAILED after %4d s\n' "$name" $((SECONDS - started))
    exit 1
  fi
  printf '%-52s %4d s\n' "$name" $((SECONDS - started))
}

# --- What each step does ------------------------------------------------------------------------

packages() { if [[ $quick == 1 ]]; then deploy/packages.sh build; else deploy/packages.sh build test interop; fi; }

format() {
  find reconciler daemon tests -name '*.cc' -o -name '*.h' | LC_ALL=C sort |
    xargs clang-format-16 --dry-run -Werror
}

build() {  # build PRESET [TARGET...]
  local preset=$1
  shift
  cmake --preset "$preset" || return 1
  cmake --build --preset "$preset" -j "$jobs" ${1:+--target "$@"}
}

# Address randomisation of newer kernels is more than the thread sanitizer of g++ 12 can map.
# In a container that forbids turning it off, it is tried as it is.
threads() {
  local setarch=(setarch "$(uname -m)" -R)
  "${setarch[@]}" true 2>/dev/null || setarch=()
  TSAN_OPTIONS="halt_on_error=1 second_deadlock_stack=1" "${setarch[@]}" build/tsan/bin/batch_tests
}

# Readers of hostile input, under the address and undefined behaviour sanitizers.
memory() {
  local tests
  for tests in core autoscale spec entra; do
    ASAN_OPTIONS="detect_stack_use_after_return=1" UBSAN_OPTIONS="halt_on_error=1 print_stacktrace=1" \
      "build/asan/bin/${tests}_tests" || return 1
  done
}

# --- All of them --------------------------------------------------------------------------------

step "packages" packages
if [[ $quick == 0 ]]; then
  step "clang-format" format
fi
step "build: g++, release" build release
if [[ $quick == 0 ]]; then
  step "clients of others (interop)" tests/interop/run.sh build/release/bin/batch-emulator
  sed 's/^/    /' "$log"
  step "specs in an editor" tests/editor/run.sh build/release/bin/poolkeeper
  sed 's/^/    /' "$log"
  step "build: thread sanitizer, batch" build tsan batch_tests
  step "tests of batch under it" threads
fi
if [[ $quick == 0 ]]; then
  step "build: clang 16, address sanitizer, fuzzers" build asan fuzzers
  step "fuzzers under it, some seconds each" tests/fuzz/smoke.sh build/asan/bin
  sed 's/^/    /' "$log"
fi
if [[ $sanitizers == 1 ]]; then
  step "build: address sanitizer, readers" build asan core_tests autoscale_tests spec_tests entra_tests
  step "tests of the readers under it" memory
fi
printf '%-52s %4d s\n\n' "so far" $((SECONDS - begun))

# The rest, which ctest times one by one: unit tests, simulation, layering, the quick start, the unit.
code=0
ctest --preset release -j "$jobs" --progress || code=$?
grep -h '^[a-z_]*\.sh: skipped, ' build/release/Testing/Temporary/LastTest.log || true
exit "$code"
