#include "tests/emulator/odata_filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "tests/emulator/http_text.h"

namespace emulator {

struct Filter::Node {
  std::string op;  // and or eq ne gt ge lt le startswith
  std::string property;
  FilterValue literal;
  std::shared_ptr<const Node> left, right;
};

namespace {

using NodePointer = std::shared_ptr<const Filter::Node>;

std::string_view LiteralOf(FilterType type) {
  switch (type) {
    case FilterType::kFlag:
      return "true or false";
    case FilterType::kNumber:
      return "a number";
    case FilterType::kTime:
      return "a time such as DateTime'2025-01-01T00:00:00Z'";
    default:
      return "a text in single quotes";
  }
}

class Parser {
 public:
  Parser(std::string_view text, const std::vector<FilterProperty>& allowed)
      : text_(text), allowed_(allowed) {}

  NodePointer Run() {
    NodePointer root = Or();
    Skip();
    if (root != nullptr && at_ != text_.size()) return Error("unexpected text");
    return root;
  }
  const std::string& error() const { return error_; }

 private:
  NodePointer Error(std::string_view what) {
    if (error_.empty()) error_ = fmt::format("{} at position {}", what, at_);
    return nullptr;
  }
  void Skip() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  std::string Word() {
    Skip();
    const std::size_t begin = at_;
    while (at_ < text_.size() &&
           std::string_view{" (),'"}.find(text_[at_]) == std::string_view::npos) {
      ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }
  bool Take(char c) {
    Skip();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool TakeWord(std::string_view word) {
    const std::size_t begin = at_;
    if (Word() == word) return true;
    at_ = begin;
    return false;
  }
  NodePointer Join(std::string op, NodePointer left, NodePointer right) {
    if (left == nullptr || right == nullptr) return nullptr;
    return std::make_shared<Filter::Node>(
        Filter::Node{std::move(op), {}, {}, std::move(left), std::move(right)});
  }
  NodePointer Or() {
    if (++depth_ > 50) return Error("too deep");
    NodePointer left = And();
    while (left != nullptr && TakeWord("or")) left = Join("or", left, And());
    --depth_;
    return left;
  }
  NodePointer And() {
    NodePointer left = Term();
    while (left != nullptr && TakeWord("and")) left = Join("and", left, Term());
    return left;
  }
  NodePointer Term() {
    if (Take('(')) {
      NodePointer inner = Or();
      if (inner != nullptr && !Take(')')) return Error("expected ')'");
      return inner;
    }
    const std::string name = Word();
    if (name == "startswith") return StartsWith();
    const std::string op = Word();
    return Comparison(name, op);
  }
  NodePointer StartsWith() {
    if (!Take('(')) return Error("expected '('");
    const std::string name = Word();
    if (!Take(',')) return Error("expected ','");
    NodePointer node = Comparison(name, "startswith");
    if (node != nullptr && !Take(')')) return Error("expected ')'");
    return node;
  }
  NodePointer Comparison(const std::string& name, const std::string& op) {
    const auto property = std::find_if(allowed_.begin(), allowed_.end(),
                                       [&](const FilterProperty& p) { return p.name == name; });
    if (property == allowed_.end())
      return Error(fmt::format("property '{}' cannot be filtered by", name));
    const auto operators = Split(property->operators, ' ');
    if (std::find(operators.begin(), operators.end(), op) == operators.end()) {
      return Error(fmt::format("operator '{}' is not supported for '{}'", op, name));
    }
    auto literal = Literal();
    if (!literal) return Error("expected a literal");
    if (literal->index() != static_cast<std::size_t>(property->type)) {
      return Error(fmt::format("'{}' is compared with {}", name, LiteralOf(property->type)));
    }
    return std::make_shared<Filter::Node>(Filter::Node{op, name, std::move(*literal), {}, {}});
  }
  std::optional<std::string> Quoted() {
    if (!Take('\'')) return std::nullopt;
    std::string out;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c != '\'') {
        out += c;
      } else if (at_ < text_.size() && text_[at_] == '\'') {
        out += text_[at_++];
      } else {
        return out;
      }
    }
    return std::nullopt;
  }
  std::optional<FilterValue> Literal() {
    Skip();
    if (at_ < text_.size() && text_[at_] == '\'') {
      if (auto text = Quoted()) return FilterValue{std::move(*text)};
      return std::nullopt;
    }
    const std::string word = Word();
    if (word == "true" || word == "false") return FilterValue{word == "true"};
    if (EqualsIgnoringCase(word, "datetime")) {
      const auto text = Quoted();
      const auto time = text ? ParseTime(*text) : std::nullopt;
      return time ? std::optional<FilterValue>{*time} : std::nullopt;
    }
    if (const auto time = ParseTime(word)) return FilterValue{*time};
    std::int64_t number = 0;
    const auto parsed = std::from_chars(word.data(), word.data() + word.size(), number);
    if (word.empty() || parsed.ec != std::errc{} || parsed.ptr != word.data() + word.size()) {
      return std::nullopt;
    }
    return FilterValue{number};
  }

  std::string_view text_;
  const std::vector<FilterProperty>& allowed_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::string error_;
};

bool Evaluate(const Filter::Node& node, const FilterLookup& lookup) {
  if (node.op == "and") return Evaluate(*node.left, lookup) && Evaluate(*node.right, lookup);
  if (node.op == "or") return Evaluate(*node.left, lookup) || Evaluate(*node.right, lookup);
  FilterValue value = lookup(node.property);
  FilterValue literal = node.literal;
  if (value.index() != literal.index()) return node.op == "ne";
  if (auto* text = std::get_if<std::string>(&value)) {
    *text = Lower(*text);
    literal = Lower(std::get<std::string>(literal));
    if (node.op == "startswith") return text->rfind(std::get<std::string>(literal), 0) == 0;
  }
  if (node.op == "eq") return value == literal;
  if (node.op == "ne") return value != literal;
  if (node.op == "gt") return value > literal;
  if (node.op == "ge") return value >= literal;
  if (node.op == "lt") return value < literal;
  return node.op == "le" && value <= literal;
}

}  // namespace

std::variant<Filter, std::string> Filter::Parse(std::string_view text,
                                                const std::vector<FilterProperty>& allowed) {
  Filter filter;
  if (Trim(text).empty()) return filter;
  Parser parser(text, allowed);
  filter.root_ = parser.Run();
  if (filter.root_ == nullptr) return parser.error();
  return filter;
}

bool Filter::Matches(const FilterLookup& lookup) const {
  return root_ == nullptr || Evaluate(*root_, lookup);
}

}  // namespace emulator
