// What a service has from its start on, as bodies of creates.
#pragma once

#include <string>
#include <vector>

#include "tests/emulator/json.h"

namespace emulator {

struct SeedItem {
  std::string place;  // of messages: "seed.yaml:3:7"
  Json body;
};

struct SeedJob {
  SeedItem job;
  std::vector<SeedItem> tasks;
};

struct SeedAccount {
  std::string place;
  std::string name;  // empty: the first one
  /// Members that only answers have are left out but for `currentDedicatedNodes` and
  /// `currentLowPriorityNodes`: so many nodes the pool has, else as many as it is to have.
  std::vector<SeedItem> pools;
  std::vector<SeedItem> schedules;
  std::vector<SeedJob> jobs;
};

struct Seed {
  std::string api_version = "2025-06-01";
  std::vector<SeedAccount> accounts;
};

}  // namespace emulator
