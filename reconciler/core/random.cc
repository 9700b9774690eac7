#include "reconciler/core/random.h"

namespace reconciler {

SeededRandom::SeededRandom(std::uint64_t seed, std::string_view name) : state_(seed) {
  for (const char c : name) {
    state_ ^= static_cast<unsigned char>(c);
    state_ = Next();
  }
}

// SplitMix64: an odd increment and a finaliser that mixes all bits.
std::uint64_t SeededRandom::Next() {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t word = state_;
  word = (word ^ (word >> 30U)) * 0xBF58476D1CE4E5B9U;
  word = (word ^ (word >> 27U)) * 0x94D049BB133111EBU;
  return word ^ (word >> 31U);
}

}  // namespace reconciler
