// A small, fast, seedable generator: equal seeds give equal words on every platform.
#pragma once

#include <cstdint>
#include <string_view>

#include "reconciler/core/ports.h"

namespace reconciler {

class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  /// A stream of its own for each name, so that one account's draws do not move another's.
  SeededRandom(std::uint64_t seed, std::string_view name);
  std::uint64_t Next() override;

 private:
  std::uint64_t state_;
};

}  // namespace reconciler
