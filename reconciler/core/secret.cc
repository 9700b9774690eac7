#include "reconciler/core/secret.h"

#include <openssl/crypto.h>

#include <cstring>
#include <new>
#include <utility>

namespace reconciler {

Secret::Secret(std::string_view bytes) : size_(bytes.size()) {
  if (size_ == 0) return;
  data_ = static_cast<unsigned char*>(OPENSSL_malloc(size_));
  if (data_ == nullptr) throw std::bad_alloc();
  std::memcpy(data_, bytes.data(), size_);
}

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

Secret::~Secret() { OPENSSL_clear_free(data_, size_); }

std::string_view Secret::RevealText() const {
  if (size_ == 0) return {};
  return {static_cast<const char*>(static_cast<const void*>(data_)), size_};
}

}  // namespace reconciler
