#include "reconciler/core/json_list.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

namespace reconciler {
namespace {

Error NotAList(std::size_t at, std::string_view why) {
  return Error{ErrorKind::kTransient,
               "not JSON at byte " + std::to_string(at) + ": " + std::string(why)};
}

constexpr std::string_view kCut = "the text ends too early";

/// What the scanner has to stop at; everything else is passed over.
enum class Mark : unsigned char { kNone, kQuote, kOpen, kClose, kEnd };

constexpr std::array<Mark, 256> MakeMarks() {
  std::array<Mark, 256> marks{};
  marks['"'] = Mark::kQuote;
  marks['{'] = marks['['] = Mark::kOpen;
  marks['}'] = marks[']'] = Mark::kClose;
  marks[','] = Mark::kEnd;
  return marks;
}
constexpr std::array<Mark, 256> kMarks = MakeMarks();

/// Whether one of eight bytes is a quote or a backslash; strings are most of a page, and this is
/// eight times fewer looks at them.
bool HasQuoteOrEscape(const char* bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHighs = 0x8080808080808080U;
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  const auto has_zero = [](std::uint64_t x) { return ((x - kOnes) & ~x & kHighs) != 0; };
  return has_zero(word ^ (kOnes * '"')) || has_zero(word ^ (kOnes * '\\'));
}

class Scanner {
 public:
  Scanner(std::string_view text, int depth_max) : text_(text), depth_max_(depth_max) {}

  std::size_t at() const { return at_; }
  std::string_view From(std::size_t first) const { return text_.substr(first, at_ - first); }

  void SkipBlank() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }
  /// The next character after blanks; NUL at the end.
  char Peek() {
    SkipBlank();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool Take(char wanted) {
    if (Peek() != wanted) return false;
    ++at_;
    return true;
  }
  /// Passes over a string; false if it does not end.
  bool SkipString() {
    for (++at_; at_ < text_.size(); ++at_) {
      while (at_ + 8 <= text_.size() && !HasQuoteOrEscape(text_.data() + at_)) at_ += 8;
      if (at_ >= text_.size()) return false;
      if (text_[at_] == '"') {
        ++at_;
        return true;
      }
      if (text_[at_] == '\\') ++at_;
    }
    return false;
  }
  /// Passes over one value of any kind; false if it does not end or nests too deep.
  bool SkipValue();

 private:
  std::string_view text_;
  int depth_max_;
  std::size_t at_ = 0;
};

bool Scanner::SkipValue() {
  SkipBlank();
  int depth = 0;
  while (at_ < text_.size()) {
    switch (kMarks[static_cast<unsigned char>(text_[at_])]) {
      case Mark::kNone:
        ++at_;
        break;
      case Mark::kQuote:
        if (!SkipString()) return false;
        break;
      case Mark::kOpen:
        if (++depth > depth_max_) return false;
        ++at_;
        break;
      case Mark::kClose:
        if (depth == 0) return true;  // of what is around the value
        --depth;
        ++at_;
        if (depth == 0) return true;
        break;
      case Mark::kEnd:
        if (depth == 0) return true;
        ++at_;
        break;
    }
  }
  return false;
}

/// The items between '[' and ']'.
Status SplitItems(Scanner& scanner, std::vector<std::string_view>& items) {
  scanner.Take('[');
  if (scanner.Take(']')) return Ok{};
  while (true) {
    scanner.SkipBlank();
    const std::size_t first = scanner.at();
    if (!scanner.SkipValue()) return NotAList(first, "an item of the list does not end");
    if (scanner.at() == first) return NotAList(first, "an item of the list is missing");
    items.push_back(scanner.From(first));
    if (scanner.Take(',')) continue;
    if (scanner.Take(']')) return Ok{};
    return NotAList(scanner.at(), kCut);
  }
}

/// One member of the answer: the list, the link to the next page, or something else.
Status ReadMember(Scanner& scanner, std::vector<std::string_view>& items, JsonListTail& tail,
                  bool& has_value) {
  if (scanner.Peek() != '"') return NotAList(scanner.at(), "a name of a member is missing");
  const std::size_t name_first = scanner.at();
  if (!scanner.SkipString()) return NotAList(name_first, kCut);
  const std::string name(scanner.From(name_first));
  if (!scanner.Take(':')) return NotAList(scanner.at(), "a colon is missing");
  if (name == "\"value\"" && scanner.Peek() == '[') {
    if (has_value) return NotAList(name_first, "'value' comes twice");
    has_value = true;
    return SplitItems(scanner, items);
  }
  scanner.SkipBlank();
  const std::size_t first = scanner.at();
  if (!scanner.SkipValue()) return NotAList(first, kCut);
  const Result<Value> value = ParseJson(scanner.From(first));
  if (!value) return NotAList(first, value.error().message);
  if (name != "\"odata.nextLink\"") return Ok{};
  if (!value->IsString()) return NotAList(first, "'odata.nextLink' of a list answer is no string");
  tail.next_link = value->AsString();
  return Ok{};
}

}  // namespace

Result<JsonListTail> SplitJsonList(std::string_view body,
                                   const std::function<Status(std::string_view item)>& visit,
                                   const JsonLimits& limits) {
  if (body.size() > limits.size_bytes_max) {
    return Error{ErrorKind::kTransient, "JSON of " + std::to_string(body.size()) +
                                            " bytes, at most " +
                                            std::to_string(limits.size_bytes_max) + " are read"};
  }
  Scanner scanner(body, limits.depth_max);
  if (!scanner.Take('{')) {
    const Result<Value> parsed = ParseJson(body);
    return Error{ErrorKind::kTransient,
                 parsed ? "a list answer is no JSON object" : parsed.error().message};
  }
  std::vector<std::string_view> items;
  JsonListTail tail;
  bool has_value = false;
  while (!scanner.Take('}')) {
    if (Status read = ReadMember(scanner, items, tail, has_value); !read) {
      return std::move(read).error();
    }
    if (scanner.Peek() != '}' && !scanner.Take(',')) return NotAList(scanner.at(), kCut);
  }
  if (scanner.Peek() != '\0' || scanner.at() < body.size()) {
    return NotAList(scanner.at(), "text after the end");
  }
  if (!has_value) return Error{ErrorKind::kTransient, "a list answer has no list 'value'"};
  // Only now, so that nothing of a damaged page is taken.
  for (const std::string_view item : items) {
    if (Status visited = visit(item); !visited) return std::move(visited).error();
  }
  tail.items = items.size();
  return tail;
}

}  // namespace reconciler
