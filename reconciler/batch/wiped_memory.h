// Memory that is overwritten before it is given back, so that no secret outlives its last use.
#pragma once

#include <cstddef>

namespace reconciler::batch {

/// As malloc, calloc, strdup, realloc and free, whose memory they take, too. What is given back,
/// and the old place of what moves, holds zeros. For libraries that take such functions; C++ goes
/// through the operators of daemon/wiped_operators.cc.
void* WipedAllocate(std::size_t size) noexcept;
void* WipedAllocateZeroed(std::size_t count, std::size_t size) noexcept;
char* WipedDuplicate(const char* text) noexcept;
void* WipedReallocate(void* memory, std::size_t size) noexcept;
void WipedFree(void* memory) noexcept;

/// From now on libcrypto takes such memory; false if it has already taken other: call it first.
bool WipeMemoryOfOpenSsl();

}  // namespace reconciler::batch
