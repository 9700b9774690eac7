// What this program deletes is overwritten first: texts and trees that held a secret leave none
// behind. Part of the program alone, so that sanitizers see all that tests do.
#include <cstdlib>
#include <new>

#include "reconciler/batch/wiped_memory.h"

namespace {

void* Take(std::size_t size) {
  void* memory = reconciler::batch::WipedAllocate(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void* TakeAligned(std::size_t size, std::align_val_t alignment) {
  const auto step = static_cast<std::size_t>(alignment);
  void* memory = std::aligned_alloc(step, (size + step - 1) / step * step);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

// The library's forms for arrays and for nothrow call these.
void* operator new(std::size_t size) { return Take(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return TakeAligned(size, alignment);
}
void operator delete(void* memory) noexcept { reconciler::batch::WipedFree(memory); }
void operator delete(void* memory, std::size_t) noexcept { reconciler::batch::WipedFree(memory); }
void operator delete(void* memory, std::align_val_t) noexcept {
  reconciler::batch::WipedFree(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  reconciler::batch::WipedFree(memory);
}
