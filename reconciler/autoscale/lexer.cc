#include "reconciler/autoscale/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace reconciler::autoscale {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNamePart(char c) { return IsLetter(c) || IsDigit(c) || c == '_'; }
bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
/// A byte of a character of UTF-8 that is not its first.
bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// The longer ones first.
constexpr std::string_view kSymbols[] = {"==", "!=", "<=", ">=", "&&", "||", "=",
                                         "<",  ">",  "+",  "-",  "*",  "/",  "!",
                                         "?",  ":",  ";",  ",",  ".",  "(",  ")"};

class Lexer {
 public:
  Lexer(std::string_view source, std::vector<Problem>& problems)
      : source_(source), problems_(problems) {}

  std::vector<Token> Run() {
    std::vector<Token> tokens;
    Place end = place_;
    for (SkipBlank(); at_ < source_.size(); SkipBlank()) {
      const Place place = place_;
      Token token = Next();
      token.place = place;
      if (token.kind != Token::Kind::kEnd) tokens.push_back(token);
      end = place_;
    }
    tokens.push_back({.kind = Token::Kind::kEnd, .text = {}, .place = end});
    return tokens;
  }

 private:
  char Peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }

  std::string_view Take(std::size_t length) {
    const std::string_view taken = source_.substr(at_, length);
    for (const char c : taken) {
      if (c == '\n') {
        place_ = {place_.line + 1, 1};
      } else if (!IsContinuation(c)) {
        ++place_.column;
      }
    }
    at_ += taken.size();
    return taken;
  }

  void SkipBlank() {
    for (;;) {
      if (IsBlank(Peek())) {
        Take(1);
      } else if (Peek() == '/' && Peek(1) == '/') {
        Take(std::min(source_.find('\n', at_), source_.size()) - at_);
      } else {
        return;
      }
    }
  }

  /// One token, or kEnd for what is none.
  Token Next() {
    if (IsDigit(Peek())) return Number();
    if (Peek() == '"') return Text();
    if (IsLetter(Peek()) || (Peek() == '$' && IsLetter(Peek(1)))) return Name();
    for (const std::string_view symbol : kSymbols) {
      if (source_.substr(at_, symbol.size()) == symbol) {
        return {.kind = Token::Kind::kSymbol, .text = Take(symbol.size()), .place = {}};
      }
    }
    return Unexpected();
  }

  Token Number() {
    std::size_t length = 0;
    const auto digits = [&] {
      while (IsDigit(Peek(length))) ++length;
    };
    digits();
    if (Peek(length) == '.' && IsDigit(Peek(length + 1))) {
      ++length;
      digits();
    }
    const bool signed_exponent = Peek(length + 1) == '+' || Peek(length + 1) == '-';
    const std::size_t exponent = length + (signed_exponent ? 2 : 1);
    if ((Peek(length) == 'e' || Peek(length) == 'E') && IsDigit(Peek(exponent))) {
      length = exponent;
      digits();
    }
    const Place place = place_;
    Token token{.kind = Token::Kind::kNumber, .text = Take(length), .place = {}};
    const char* const end = token.text.data() + token.text.size();
    if (std::from_chars(token.text.data(), end, token.number).ec != std::errc{}) {
      Report(place, fmt::format("Number out of range: {:.40}", token.text));
    }
    return token;
  }

  Token Text() {
    const Place place = place_;
    Take(1);
    const std::size_t length = std::min(source_.find_first_of("\"\r\n", at_), source_.size()) - at_;
    const Token token{.kind = Token::Kind::kText, .text = Take(length), .place = {}};
    if (Peek() == '"') {
      Take(1);
    } else {
      Report(place, "Unterminated string");
    }
    return token;
  }

  Token Name() {
    std::size_t length = 1;
    while (IsNamePart(Peek(length))) ++length;
    return {.kind = Token::Kind::kName, .text = Take(length), .place = {}};
  }

  Token Unexpected() {
    const Place place = place_;
    std::size_t length = 1;
    while (IsContinuation(Peek(length))) ++length;
    std::string shown;
    for (const char c : Take(length)) {
      const auto byte = static_cast<unsigned char>(c);
      shown += byte > 0x20 && byte < 0x7F ? std::string(1, c) : fmt::format("\\x{:02x}", byte);
      if (shown.size() > 12) break;
    }
    Report(place, fmt::format("Unexpected character: '{}'", shown));
    return {};
  }

  void Report(const Place& place, std::string text) {
    problems_.push_back({.place = place, .text = std::move(text)});
  }

  std::string_view source_;
  std::vector<Problem>& problems_;
  std::size_t at_ = 0;
  Place place_;
};

}  // namespace

std::vector<Token> Lex(std::string_view source, std::vector<Problem>& problems) {
  return Lexer(source, problems).Run();
}

}  // namespace reconciler::autoscale
