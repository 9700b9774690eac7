// A small seeded generator; the same seed gives the same numbers on every platform.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

namespace emulator {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  /// 0 to `bound` - 1; `bound` above 0.
  std::uint64_t Below(std::uint64_t bound) { return Next() % bound; }
  /// A GUID of version 4.
  std::string Guid() {
    const std::uint64_t a = Next(), b = Next();
    return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", a >> 32U, (a >> 16U) & 0xffffU,
                       a & 0xfffU, 0x8000U | ((b >> 48U) & 0x3fffU), b & 0xffffffffffffU);
  }
  /// All that the numbers to come depend on.
  std::uint64_t& position() { return state_; }
  std::string Hex64() {
    return fmt::format("{:016x}{:016x}{:016x}{:016x}", Next(), Next(), Next(), Next());
  }

 private:
  std::uint64_t state_;
};

}  // namespace emulator
