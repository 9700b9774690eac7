// The admin calls under /_emulator/, for whoever drives the emulator; no part of Batch.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/emulator/faulty_service.h"

namespace emulator {

struct AdminDoors {
  Service& service;
  FaultyService& faulty;
  std::vector<std::string> accounts;
  Service::Clock now;
  /// Moves the clock; null: it runs by itself.
  std::function<void(Duration)> advance;
};

/// Nothing when the path is no admin call's. README.md lists the calls.
std::optional<Response> AnswerAdmin(const Request& request, const AdminDoors& doors);

}  // namespace emulator
