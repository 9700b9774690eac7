#include "reconciler/batch/wiped_memory.h"

#include <malloc.h>
#include <openssl/crypto.h>
#include <string.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace reconciler::batch {

void* WipedAllocate(std::size_t size) noexcept { return std::malloc(size); }

void* WipedAllocateZeroed(std::size_t count, std::size_t size) noexcept {
  return std::calloc(count, size);
}

char* WipedDuplicate(const char* text) noexcept { return ::strdup(text); }

// Never std::realloc: it leaves the bytes where they were when the block moves.
void* WipedReallocate(void* memory, std::size_t size) noexcept {
  if (memory == nullptr) return std::malloc(size);
  const std::size_t usable = ::malloc_usable_size(memory);
  if (size != 0 && size <= usable && size > usable / 2) return memory;
  void* moved = size == 0 ? nullptr : std::malloc(size);
  if (moved == nullptr && size != 0) return nullptr;  // the old block stays valid, as with realloc
  if (moved != nullptr) std::memcpy(moved, memory, std::min(size, usable));
  WipedFree(memory);
  return moved;
}

void WipedFree(void* memory) noexcept {
  if (memory == nullptr) return;
  ::explicit_bzero(memory, ::malloc_usable_size(memory));
  std::free(memory);
}

bool WipeMemoryOfOpenSsl() {
  return CRYPTO_set_mem_functions(
             [](std::size_t size, const char*, int) { return WipedAllocate(size); },
             [](void* memory, std::size_t size, const char*, int) {
               return WipedReallocate(memory, size);
             },
             [](void* memory, const char*, int) { WipedFree(memory); }) == 1;
}

}  // namespace reconciler::batch
