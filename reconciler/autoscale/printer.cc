#include "reconciler/autoscale/printer.h"

#include <fmt/format.h>

#include <iterator>

#include "reconciler/autoscale/parser.h"

namespace reconciler::autoscale {
namespace {

// Beside those of the operators, 1 to 6.
constexpr int kChoice = 0;
constexpr int kSigned = 7;
constexpr int kPostfix = 8;

class Printer {
 public:
  explicit Printer(const Formula& formula) : formula_(formula) {}

  std::string Run() {
    for (const Statement& statement : formula_.statements) {
      if (!statement.target.empty()) Write(statement.target + " = ");
      Show(statement.expression, kChoice);
      Write(";\n");
    }
    return std::move(text_);
  }

  void operator()(const Number& number) { fmt::format_to(Out(), "{}", number.value); }
  void operator()(const Text& text) { fmt::format_to(Out(), "\"{}\"", text.value); }
  void operator()(const Name& name) { Write(name.value); }
  void operator()(const Call& call) {
    Write(call.name);
    ShowArguments(call.arguments);
  }
  void operator()(const Member& member) {
    Show(member.object, kPostfix);
    Write("." + member.name);
  }
  void operator()(const Method& method) {
    Show(method.object, kPostfix);
    Write("." + method.name);
    ShowArguments(method.arguments);
  }
  void operator()(const Signed& node) {
    Write(node.sign == Sign::kNegate ? "-" : "!");
    Show(node.operand, kSigned);
  }
  void operator()(const Chain& chain) {
    const int inner = Precedence(chain.terms.front().op) + 1;
    Show(chain.first, inner);
    for (const Term& term : chain.terms) {
      fmt::format_to(Out(), " {} ", Spelling(term.op));
      Show(term.operand, inner);
    }
  }
  void operator()(const Choice& choice) {
    Show(choice.condition, kChoice + 1);
    Write(" ? ");
    Show(choice.yes, kChoice);
    Write(" : ");
    Show(choice.no, kChoice);
  }

 private:
  static int PrecedenceOf(const Node& node) {
    if (std::holds_alternative<Choice>(node.what)) return kChoice;
    if (std::holds_alternative<Signed>(node.what)) return kSigned;
    const Chain* const chain = std::get_if<Chain>(&node.what);
    return chain != nullptr ? Precedence(chain->terms.front().op) : kPostfix;
  }

  std::back_insert_iterator<std::string> Out() { return std::back_inserter(text_); }
  void Write(std::string_view text) { text_ += text; }
  void Show(NodeId id, int least) {
    const Node& node = formula_.nodes[id];
    const bool enclosed = PrecedenceOf(node) < least;
    if (enclosed) Write("(");
    std::visit(*this, node.what);
    if (enclosed) Write(")");
  }
  void ShowArguments(const std::vector<NodeId>& arguments) {
    Write("(");
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (i > 0) Write(", ");
      Show(arguments[i], kChoice);
    }
    Write(")");
  }

  const Formula& formula_;
  std::string text_;
};

}  // namespace

std::string Print(const Formula& formula) { return Printer(formula).Run(); }

}  // namespace reconciler::autoscale
