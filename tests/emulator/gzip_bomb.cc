// A deflate stream written by hand: one blank, and copies of what came before.
#include <cstdint>

#include "tests/emulator/fault_body.h"

namespace emulator {

namespace {

constexpr std::size_t kCopied = 258;  // bytes of the longest copy

class BitWriter {
 public:
  explicit BitWriter(std::string& out) : out_(out) {}
  /// Least significant bit first.
  void Bits(std::uint32_t value, int count) {
    for (int i = 0; i < count; ++i) Bit((value >> i) & 1U);
  }
  /// A Huffman code: most significant bit first.
  void Code(std::uint32_t code, int count) {
    for (int i = count - 1; i >= 0; --i) Bit((code >> i) & 1U);
  }
  void End() {
    while (used_ != 0) Bit(0);
  }

 private:
  void Bit(std::uint32_t bit) {
    byte_ |= bit << used_;
    if (++used_ < 8) return;
    out_ += static_cast<char>(byte_);
    byte_ = 0;
    used_ = 0;
  }
  std::string& out_;
  std::uint32_t byte_ = 0;
  int used_ = 0;
};

}  // namespace

std::string GzipOfBlanks(std::size_t size) {
  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
  BitWriter writer(out);
  writer.Bits(1, 1);  // the last block
  writer.Bits(1, 2);  // of fixed codes
  writer.Code(0x30 + ' ', 8);
  for (std::size_t done = 1; done < size; done += kCopied) {
    writer.Code(0xc5, 8);  // length 258
    writer.Code(0, 5);     // from one byte before
  }
  writer.Code(0, 7);
  writer.End();
  return out + std::string(8, '\0');
}

}  // namespace emulator
