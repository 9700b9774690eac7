// A state folder in memory; it survives the keeper that a test kills.
#pragma once

#include <map>
#include <string>

#include "reconciler/core/ports.h"

namespace doors {

class SimState final : public reconciler::StateStore {
 public:
  reconciler::Result<std::optional<std::string>> Get(std::string_view key) override {
    if (broken) return reconciler::Error{reconciler::ErrorKind::kTransient, "state folder is gone"};
    const auto found = blobs.find(key);
    if (found == blobs.end()) return std::optional<std::string>();
    return std::optional<std::string>(found->second);
  }
  reconciler::Status Put(std::string_view key, std::string_view value) override {
    if (broken || full) {
      return reconciler::Error{reconciler::ErrorKind::kTransient, "no space left on device"};
    }
    blobs[std::string(key)] = value;
    return reconciler::Ok{};
  }
  reconciler::Status Erase(std::string_view key) override {
    blobs.erase(std::string(key));
    return reconciler::Ok{};
  }
  bool Frozen() override { return frozen; }
  reconciler::Status WithLock(std::string_view,
                              const std::function<reconciler::Status()>& body) override {
    return body();
  }

  std::map<std::string, std::string, std::less<>> blobs;
  bool frozen = false;
  bool broken = false;  // nothing can be read or written
  bool full = false;    // nothing can be written
};

}  // namespace doors
