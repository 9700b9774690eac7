// The syntax tree of a formula.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "reconciler/autoscale/problem.h"

namespace reconciler::autoscale {

enum class Operator : std::uint8_t {
  kOr,
  kAnd,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
};
enum class Sign : std::uint8_t { kNegate, kNot };

/// Index into Formula::nodes. Children stand before their parents.
using NodeId = std::uint32_t;

struct Number {
  double value = 0;
};
struct Text {
  std::string value;
};
struct Name {
  std::string value;  // with its '$'
};
struct Call {
  std::string name;
  std::vector<NodeId> arguments;
};
struct Member {
  NodeId object = 0;
  std::string name;
};
struct Method {
  NodeId object = 0;
  std::string name;
  std::vector<NodeId> arguments;
  Place parenthesis;  // where the service says that samples are missing
};
struct Signed {
  Sign sign = Sign::kNegate;
  NodeId operand = 0;
};
struct Term {
  Operator op = Operator::kAdd;
  NodeId operand = 0;
  Place place;  // of the operator
};
/// Operators of one precedence from left to right: a - b + c. One node, so that a long sum is not
/// a deep tree.
struct Chain {
  NodeId first = 0;
  std::vector<Term> terms;
};
struct Choice {
  NodeId condition = 0;
  NodeId yes = 0;
  NodeId no = 0;
};

struct Node {
  Place place;
  std::variant<Number, Text, Name, Call, Member, Method, Signed, Chain, Choice> what;
};

struct Statement {
  Place place;
  std::string target;  // empty: an expression alone
  NodeId expression = 0;
};

struct Formula {
  std::vector<Node> nodes;
  std::vector<Statement> statements;
};

}  // namespace reconciler::autoscale
