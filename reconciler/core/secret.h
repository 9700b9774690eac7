// Bytes that must not be printed, copied or left behind.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace reconciler {

/// Holds a key, token or password. No copy, no conversion to a string, no operator<<; erased when
/// it dies.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view bytes);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  /// The bytes, for the one call that needs them (a signature, a request body). Never store them.
  std::span<const unsigned char> Reveal() const { return {data_, size_}; }
  std::string_view RevealText() const;
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

 private:
  unsigned char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace reconciler
