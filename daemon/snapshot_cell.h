// The newest specs, handed from the thread that reads them to those that act on them.
#pragma once

#include <memory>
#include <mutex>

#include "reconciler/core/pool.h"

namespace reconciler::daemon {

class SnapshotCell {
 public:
  std::shared_ptr<const SpecSnapshot> Get() const {
    const std::lock_guard lock(mutex_);
    return snapshot_;
  }
  void Set(std::shared_ptr<const SpecSnapshot> snapshot) {
    const std::lock_guard lock(mutex_);
    snapshot_ = std::move(snapshot);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const SpecSnapshot> snapshot_;
};

}  // namespace reconciler::daemon
