// The admin calls under /_emulator/, for whoever drives the emulator; no part of Batch.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/emulator/faulty_service.h"
#include "tests/emulator/state_file.h"

namespace emulator {

struct AdminDoors {
  Service& service;
  FaultyService& faulty;
  std::vector<std::string> accounts;
  Service::Clock now;
  /// Moves the clock; null: it runs by itself.
  std::function<void(Duration)> advance;
  /// Lets the clock go on from where a state was saved; null: it stays.
  std::function<void(Instant)> go_on_from{};
  /// Presents a new certificate to new connections, with one of TlsFaults() or none; null: no TLS.
  std::function<void(const std::string& fault)> present_certificate{};
  /// Null: the state is kept nowhere.
  StateFile* state_file = nullptr;
};

/// What happens to the upload of a request of which the head is there; nothing to an admin call.
std::string UploadFault(const Request& head, const AdminDoors& doors);

/// Nothing when the path is no admin call's. deploy/emulator.md lists the calls.
std::optional<Response> AnswerAdmin(const Request& request, const AdminDoors& doors);

}  // namespace emulator
