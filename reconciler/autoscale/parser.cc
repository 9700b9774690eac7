#include "reconciler/autoscale/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "reconciler/autoscale/lexer.h"

namespace reconciler::autoscale {
namespace {

struct OperatorRow {
  Operator op;
  std::string_view spelling;
  int precedence;
};
constexpr OperatorRow kOperators[] = {
    {Operator::kOr, "||", 1},      {Operator::kAnd, "&&", 2},
    {Operator::kEqual, "==", 3},   {Operator::kNotEqual, "!=", 3},
    {Operator::kLess, "<", 4},     {Operator::kLessEqual, "<=", 4},
    {Operator::kGreater, ">", 4},  {Operator::kGreaterEqual, ">=", 4},
    {Operator::kAdd, "+", 5},      {Operator::kSubtract, "-", 5},
    {Operator::kMultiply, "*", 6}, {Operator::kDivide, "/", 6},
};
constexpr int kPrecedenceMax = 6;

/// Recursive descent. After a problem everything returns at once (`failed_`), up to the statement,
/// which goes on behind the next semicolon.
class Parser {
 public:
  Parser(std::vector<Token> tokens, Parsed& parsed)
      : tokens_(std::move(tokens)), nodes_(parsed.formula.nodes), parsed_(parsed) {}

  void Run() {
    while (Current().kind != Token::Kind::kEnd) {
      if (Take(";")) continue;
      ParseStatement();
      if (!failed_ && Current().kind != Token::Kind::kEnd && !Is(";")) Expected("';'");
      if (std::exchange(failed_, false)) SkipStatement();
    }
    if (parsed_.formula.statements.empty() && parsed_.problems.empty()) Expected("a statement");
  }

 private:
  const Token& Current() const { return tokens_[at_]; }
  void Advance() { at_ = std::min(at_ + 1, tokens_.size() - 1); }
  bool Is(std::string_view symbol) const {
    return Current().kind == Token::Kind::kSymbol && Current().text == symbol;
  }
  bool Take(std::string_view symbol) {
    if (!Is(symbol)) return false;
    Advance();
    return true;
  }
  void Need(std::string_view symbol) {
    if (!failed_ && !Take(symbol)) Expected(fmt::format("'{}'", symbol));
  }
  void SkipStatement() {
    depth_ = 0;
    while (Current().kind != Token::Kind::kEnd && !Is(";")) Advance();
  }

  void Fail(std::string text) {
    if (!failed_) parsed_.problems.push_back({.place = Current().place, .text = std::move(text)});
    failed_ = true;
  }
  void Expected(std::string_view what) {
    const bool end = Current().kind == Token::Kind::kEnd;
    const bool text = Current().kind == Token::Kind::kText;
    const std::string found = end    ? "the end of the formula"
                              : text ? "a string"
                                     : fmt::format("'{:.40}'", Current().text);
    Fail(fmt::format("Expected {}, found {}{}", what, found,
                     Is("=") ? " (did you mean '=='?)" : ""));
  }

  template <class What>
  NodeId Add(const Place& place, What what) {
    nodes_.push_back({place, std::move(what)});
    return static_cast<NodeId>(nodes_.size() - 1);
  }
  /// Enters a level of nesting; leaving is `--depth_`.
  bool Deeper() {
    if (++depth_ > kNestingMax) {
      Fail(fmt::format("Nested too deeply: at most {} levels", kNestingMax));
    }
    return !failed_;
  }

  void ParseStatement() {
    Statement statement{.place = Current().place, .target = {}};
    const Token& next = tokens_[std::min(at_ + 1, tokens_.size() - 1)];
    if (Current().kind == Token::Kind::kName && next.kind == Token::Kind::kSymbol &&
        next.text == "=") {
      statement.target = std::string(Current().text);
      Advance();
      Advance();
    }
    statement.expression = ParseExpression();
    if (!failed_) parsed_.formula.statements.push_back(std::move(statement));
  }

  NodeId ParseExpression() {
    if (!Deeper()) return 0;
    const Place place = Current().place;
    NodeId result = ParseChain(1);
    if (!failed_ && Take("?")) {
      const NodeId yes = ParseExpression();
      Need(":");
      const NodeId no = failed_ ? 0 : ParseExpression();
      if (!failed_) result = Add(place, Choice{result, yes, no});
    }
    --depth_;
    return result;
  }

  std::optional<Operator> TakeOperator(int precedence) {
    for (const OperatorRow& row : kOperators) {
      if (row.precedence == precedence && Take(row.spelling)) return row.op;
    }
    return std::nullopt;
  }

  NodeId ParseChain(int precedence) {
    if (precedence > kPrecedenceMax) return ParseSigned();
    const Place place = Current().place;
    Chain chain{.first = ParseChain(precedence + 1), .terms = {}};
    while (!failed_) {
      const Place sign_place = Current().place;
      const auto op = TakeOperator(precedence);
      if (!op) break;
      chain.terms.push_back({*op, ParseChain(precedence + 1), sign_place});
    }
    if (failed_ || chain.terms.empty()) return chain.first;
    return Add(place, std::move(chain));
  }

  NodeId ParseSigned() {
    if (!Is("-") && !Is("!")) return ParsePostfix();
    if (!Deeper()) return 0;
    const Place place = Current().place;
    const Sign sign = Is("-") ? Sign::kNegate : Sign::kNot;
    Advance();
    const NodeId operand = ParseSigned();
    --depth_;
    return failed_ ? 0 : Add(place, Signed{sign, operand});
  }

  NodeId ParsePostfix() {
    NodeId object = ParsePrimary();
    for (int members = 0; !failed_ && Take("."); ++members) {
      if (members == kNestingMax) Fail("Too many members of members");
      if (Current().kind != Token::Kind::kName) Expected("a member's name");
      if (failed_) return 0;
      const Place place = Current().place;
      std::string name(Current().text);
      Advance();
      const Place parenthesis = Current().place;
      if (Take("(")) {
        object = Add(place, Method{object, std::move(name), ParseArguments(), parenthesis});
      } else {
        object = Add(place, Member{object, std::move(name)});
      }
    }
    return object;
  }

  /// Behind the "(" up to and with the ")".
  std::vector<NodeId> ParseArguments() {
    std::vector<NodeId> arguments;
    if (Take(")")) return arguments;
    do {
      arguments.push_back(ParseExpression());
    } while (!failed_ && Take(","));
    if (!failed_ && !Take(")")) Expected("',' or ')'");
    return arguments;
  }

  NodeId ParsePrimary() {
    const Token token = Current();
    if (token.kind == Token::Kind::kNumber) {
      Advance();
      return Add(token.place, Number{token.number});
    }
    if (token.kind == Token::Kind::kText) {
      Advance();
      return Add(token.place, Text{std::string(token.text)});
    }
    if (token.kind == Token::Kind::kName) {
      Advance();
      std::string name(token.text);
      if (!Take("(")) return Add(token.place, Name{std::move(name)});
      std::vector<NodeId> arguments = ParseArguments();
      return Add(token.place, Call{std::move(name), std::move(arguments)});
    }
    if (Take("(")) {
      const NodeId inner = ParseExpression();
      Need(")");
      return inner;
    }
    Expected("an expression");
    return 0;
  }

  std::vector<Token> tokens_;
  std::vector<Node>& nodes_;
  Parsed& parsed_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool failed_ = false;
};

std::size_t Characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

}  // namespace

Parsed Parse(std::string_view source) {
  Parsed parsed;
  const std::size_t length = std::max(Characters(source), source.size() / 4);
  if (length > kFormulaLengthMax) {
    parsed.problems.push_back({.place = {},
                               .text = fmt::format("Formula too long: {} characters, at most {}",
                                                   length, kFormulaLengthMax)});
    return parsed;
  }
  Parser(Lex(source, parsed.problems), parsed).Run();
  SortByPlace(parsed.problems);
  return parsed;
}

std::string_view Spelling(Operator op) { return kOperators[static_cast<std::size_t>(op)].spelling; }

int Precedence(Operator op) { return kOperators[static_cast<std::size_t>(op)].precedence; }

}  // namespace reconciler::autoscale
