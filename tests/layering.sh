#!/usr/bin/env bash
# Fails on an include, a link or a path that crosses a wall of the house, and on code that reaches
# the outside world by another way than the doors of reconciler/core/ports.h.
#
#   tests/layering.sh [ROOT]       checks the tree (default: this one)
#   tests/layering.sh --self-test  plants violations in a copy, one at a time, and expects each to
#                                  be found
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

check() {  # check ROOT
  cd "$1"
  local -a files
  mapfile -t files < <(find reconciler daemon tests -path tests/fuzz/corpus -prune -o -type f \
    \( -name '*.cc' -o -name '*.h' -o -name '*.cc.in' -o -name CMakeLists.txt -o -name '*.cmake' \) \
    -print | LC_ALL=C sort)
  local links
  links=$(find reconciler daemon tests schemas -type l)
  if [[ -n $links ]]; then
    echo "$links: a link may lead through a wall"
    return 1
  fi
  local yaml_headers
  yaml_headers=$(grep -lE 'include *<yaml-cpp/' reconciler/spec/*.h | tr '\n' ' ') || true
  LC_ALL=C awk -v yaml_headers=" $yaml_headers" -f "$here/layering.awk" "${files[@]}" || return 1
  # Data of the emulator that is no code.
  if LC_ALL=C grep -rnE 'schemas/|\.schema\.json' tests/emulator --include='*.txt'; then
    echo "tests/emulator: the emulator knows the service from its own data, not from schemas/"
    return 1
  fi
  echo "layering: ${#files[@]} files, no wall crossed"
}

# File, then the line that is added to it. Each must be found by the rule that it is meant for.
violations() {
  cat <<'LIST'
reconciler/core/x.h|#include "reconciler/plan/plan.h"|room core must not include plan
reconciler/core/x.h|#include "reconciler/spec/load.h"|room core must not include spec
reconciler/core/x.h|#include "reconciler/autoscale/parser.h"|room core must not include autoscale
reconciler/autoscale/x.cc|#include "reconciler/spec/load.h"|room autoscale must not include spec
reconciler/autoscale/x.cc|#include "reconciler/plan/plan.h"|room autoscale must not include plan
reconciler/autoscale/x.cc|#include "tests/emulator/service.h"|room autoscale must not include emulator
reconciler/batch/x.cc|#include "reconciler/autoscale/parser.h"|room batch must not include autoscale
reconciler/batch/x.cc|#include "reconciler/entra/identity.h"|room batch must not include entra
reconciler/entra/x.cc|#include "reconciler/batch/client.h"|room entra must not include batch
reconciler/cycle/x.cc|#include "reconciler/entra/identity.h"|room cycle must not include entra
reconciler/spec/x.cc|#include "reconciler/batch/client.h"|room spec must not include batch
reconciler/spec/x.cc|#include "reconciler/plan/plan.h"|room spec must not include plan
reconciler/batch/x.cc|#include "reconciler/plan/plan.h"|room batch must not include plan
reconciler/batch/x.cc|#include <reconciler/spec/load.h>|room batch must not include spec
reconciler/plan/x.cc|#include "reconciler/batch/client.h"|room plan must not include batch
reconciler/plan/x.cc|  #  include "reconciler/cycle/account.h"|room plan must not include cycle
reconciler/cycle/x.cc|#include "daemon/config.h"|room cycle must not include daemon
reconciler/cycle/x.cc|#include "tests/emulator/service.h"|room cycle must not include emulator
daemon/x.cc|#include "tests/emulator/service.h"|room daemon must not include emulator
daemon/x.cc|#include "tests/doors/clock.h"|room daemon must not include tests
daemon/x.cc|#include "../reconciler/core/value.h"|an include with ..
daemon/x.cc|#include "config.h"|path from the root
daemon/x.cc|#include <rapidjson/document.h>|only reconciler/core/json.cc includes RapidJSON
reconciler/core/x.cc|#include <rapidjson/document.h>|only reconciler/core/json.cc includes RapidJSON
tests/plan/x.cc|#include <rapidjson/document.h>|only reconciler/core/json.cc includes RapidJSON
daemon/x.cc|#include <yaml-cpp/yaml.h>|only reconciler/spec/ includes yaml-cpp
tests/spec/x.cc|#include <yaml-cpp/yaml.h>|only reconciler/spec/ includes yaml-cpp
reconciler/core/x.h|#include <yaml-cpp/yaml.h>|only reconciler/spec/ includes yaml-cpp
daemon/x.cc|#include "reconciler/spec/tree_builder.h"|must stay inside of spec
reconciler/batch/client.cc|#include <curl/curl.h>|only reconciler/batch/curl_transport* includes libcurl
daemon/x.cc|#include <curl/curl.h>|only reconciler/batch/curl_transport* includes libcurl
daemon/x.cc|#include <boost/asio.hpp>|Boost serves the emulator only
reconciler/core/x.cc|#include <fstream>|an IO header in a pure room
reconciler/core/x.cc|#include <iostream>|an IO header in a pure room
reconciler/autoscale/x.cc|#include <fstream>|an IO header in a pure room
reconciler/autoscale/x.cc|#include <time.h>|a C or system header in a pure room
reconciler/autoscale/x.cc|const auto now = std::time(nullptr);|through the door Clock
reconciler/autoscale/x.cc|const int drawn = rand();|through the door Random
reconciler/plan/x.cc|#include <filesystem>|an IO header in a pure room
reconciler/plan/x.cc|#include <thread>|an IO header in a pure room
reconciler/plan/x.cc|#include <unistd.h>|a C or system header in a pure room
reconciler/core/x.cc|#include <sys/socket.h>|a C or system header in a pure room
reconciler/plan/x.cc|#include <openssl/evp.h>|plan hashes through core/digest.h
reconciler/plan/x.cc|auto now = std::chrono::system_clock::now();|through the door Clock
reconciler/cycle/x.cc|const auto t = steady_clock::now();|through the door Clock
reconciler/batch/curl_transport_x.cc|auto t = std::time(nullptr);|through the door Clock
reconciler/cycle/x.cc|auto t = time(nullptr);|through the door Clock
reconciler/cycle/x.cc|::gettimeofday(&tv, nullptr);|through the door Clock
reconciler/cycle/x.cc|std::random_device device;|through the door Random
reconciler/cycle/x.cc|int r = rand();|through the door Random
reconciler/batch/x.cc|const char* proxy = std::getenv("https_proxy");|the environment is read by the program only
reconciler/spec/x.cc|std::ifstream file(path);|through the doors FileTree and StateStore
reconciler/cycle/x.cc|std::jthread thread{Main};|no thread is started in reconciler/
reconciler/batch/client.cc|std::thread thread{Main};|no thread is started in reconciler/
reconciler/cycle/x.cc|std::this_thread::sleep_for(delay);|through the door Clock
reconciler/plan/x.cc|fmt::print("{}", plan);|the rooms print nothing
reconciler/spec/x.cc|std::cerr << text;|the rooms print nothing
tests/emulator/x.cc|#include "reconciler/core/value.h"|room emulator must not include core
tests/emulator/x.cc|#include "daemon/config.h"|room emulator must not include daemon
tests/emulator/x.cc|#include "tests/doors/clock.h"|room emulator must not include tests
tests/emulator/x.cc|// see schemas/pool.schema.json|not from schemas/
tests/emulator/data/images.txt|# from schemas/pool.schema.json|not from schemas/
tests/emulator/CMakeLists.txt|target_link_libraries(batch-emulator PRIVATE reconciler_core)|must not link or name core
tests/emulator/CMakeLists.txt|file(READ ${PROJECT_SOURCE_DIR}/schemas/pool.schema.json X)|not from schemas/
tests/emulator/CMakeLists.txt|target_sources(emulator_core PRIVATE ${PROJECT_SOURCE_DIR}/reconciler/core/json.cc)|must not name reconciler/core
reconciler/autoscale/CMakeLists.txt|target_link_libraries(reconciler_autoscale PUBLIC reconciler_spec)|must not link or name spec
reconciler/plan/CMakeLists.txt|target_link_libraries(reconciler_plan PRIVATE reconciler_batch)|must not link or name batch
reconciler/plan/CMakeLists.txt|target_sources(reconciler_plan PRIVATE ../batch/client.cc)|a path out of the room
reconciler/plan/CMakeLists.txt|target_link_libraries(reconciler_plan PRIVATE yaml-cpp)|only spec links yaml-cpp
reconciler/cycle/CMakeLists.txt|target_link_libraries(reconciler_cycle PRIVATE CURL::libcurl)|only batch links libcurl
daemon/CMakeLists.txt|target_link_libraries(poolkeeper_daemon PRIVATE emulator_core)|must not link or name emulator
daemon/CMakeLists.txt|target_include_directories(poolkeeper_daemon PRIVATE ${RAPIDJSON_INCLUDE_DIRS})|only core uses RapidJSON
LIST
}

# Lines that look like violations and are none.
innocents() {
  cat <<'LIST'
reconciler/cycle/x.cc|const Tick due = clock.Now() + run_time(spec) + spec.time(3) + downtime();
reconciler/cycle/x.cc|// std::thread and system_clock::now() are for the program
reconciler/batch/curl_transport_x.cc|std::thread thread_;
reconciler/plan/x.cc|#include <algorithm>
reconciler/spec/x.cc|#include "reconciler/autoscale/checker.h"
tests/emulator/x.cc|#include "reconciler/autoscale/evaluator.h"
reconciler/plan/x.cc|#include <fmt/format.h>
reconciler/cycle/x.cc|std::snprintf(text, sizeof text, "%d", node_time);
daemon/x.cc|const auto now = std::chrono::steady_clock::now();
tests/bench/x.cc|#include <curl/curl.h>
LIST
}

self_test() {
  local found=0 failed=0 file text expected output
  copy=$(mktemp -d)
  trap 'rm -rf "$copy"' EXIT
  cp -a --parents -t "$copy" reconciler daemon tests schemas
  if ! output=$(check "$copy"); then
    echo "$output"
    echo "layering self-test: the tree as it stands must pass first"
    return 1
  fi
  plant() {  # plant FILE TEXT: runs the check with the line added, then takes it away
    local target="$copy/$1" before=""
    mkdir -p "$(dirname "$target")"
    [[ -e $target ]] && before=$(mktemp -p "$copy") && cp "$target" "$before"
    printf '\n%s\n' "$2" >>"$target"
    local status=0
    output=$(check "$copy") || status=$?
    if [[ -n $before ]]; then mv "$before" "$target"; else rm "$target"; fi
    return "$status"
  }
  while IFS='|' read -r file text expected; do
    if plant "$file" "$text" || [[ $output != *"$expected"* || $output != *"${file%%/*}"* ]]; then
      echo "not found: $file: $text (expected: $expected)"
      echo "$output"
      failed=1
    fi
    found=$((found + 1))
  done < <(violations)
  while IFS='|' read -r file text; do
    if ! plant "$file" "$text"; then
      echo "wrongly found: $output"
      failed=1
    fi
  done < <(innocents)
  ln -s ../../reconciler/core/json.cc "$copy/tests/emulator/borrowed.cc"
  if (check "$copy" >/dev/null); then
    echo "not found: a link from the emulator into the product"
    failed=1
  fi
  [[ $failed == 0 ]] && echo "layering self-test: $((found + 1)) planted violations found"
  return "$failed"
}

cd "$here/.."
case "${1:-}" in
  --self-test) self_test ;;
  -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0" ;;
  -*) echo "layering.sh: unknown option $1" >&2; exit 64 ;;
  *) (check "${1:-.}") ;;
esac
