#include "reconciler/batch/wiped_memory.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <string>

using namespace reconciler::batch;

namespace {

/// What lies there now, allocated or not: the kernel looks without touching.
std::string BytesAt(std::uintptr_t address, std::size_t size) {
  std::string bytes(size, '?');
  const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  const ssize_t count = ::pread(memory, bytes.data(), size, static_cast<off_t>(address));
  ::close(memory);
  REQUIRE(count == static_cast<ssize_t>(size));
  return bytes;
}

void* Filled(std::size_t size) {
  void* memory = WipedAllocate(size);
  std::memset(memory, 'k', size);
  return memory;
}

}  // namespace

TEST_CASE("memory that is given back holds nothing of what was in it") {
  for (const std::size_t size : {24U, 500U, 5'000U, 60'000U}) {
    CAPTURE(size);
    void* memory = Filled(size);
    const auto address = reinterpret_cast<std::uintptr_t>(memory);
    CHECK(BytesAt(address, size) == std::string(size, 'k'));
    WipedFree(memory);
    CHECK(BytesAt(address, size).find("kk") == std::string::npos);
  }
  WipedFree(nullptr);
}

TEST_CASE("memory that moves takes its bytes along and leaves none behind") {
  void* memory = Filled(100);
  void* const fence = WipedAllocate(100);  // so that the block cannot grow where it is
  const auto address = reinterpret_cast<std::uintptr_t>(memory);
  memory = WipedReallocate(memory, 5'000);
  CHECK(std::string(static_cast<char*>(memory), 100) == std::string(100, 'k'));
  CHECK(BytesAt(address, 100).find("kk") == std::string::npos);
  memory = WipedReallocate(memory, 10);
  CHECK(std::string(static_cast<char*>(memory), 10) == "kkkkkkkkkk");
  CHECK(WipedReallocate(memory, 0) == nullptr);
  WipedFree(fence);
  WipedFree(WipedReallocate(nullptr, 10));
}
