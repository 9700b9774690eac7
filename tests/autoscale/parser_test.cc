#include "reconciler/autoscale/parser.h"

#include <string>

#include "reconciler/autoscale/printer.h"
#include "tests/autoscale/run.h"

namespace reconciler::autoscale {
namespace {

/// As printed, or the first problem.
std::string Read(std::string_view text) {
  const Parsed parsed = Parse(text);
  return parsed.problems.empty() ? Print(parsed.formula) : ProblemText(parsed.problems.front());
}

std::string Repeat(std::string_view piece, std::size_t times) {
  std::string text;
  while (times-- > 0) text += piece;
  return text;
}

TEST_CASE("statements are separated by semicolons, empty ones do not count") {
  CHECK(Read("a=1;;b = 2 ; ") == "a = 1;\nb = 2;\n");
  CHECK(Read("stop()") == "stop();\n");
}

TEST_CASE("operators bind as in C, and from the left") {
  CHECK(Read("x=a||b&&c==d<e+f*-g") == "x = a || b && c == d < e + f * -g;\n");
  CHECK(Read("x=(a-b)-c") == "x = (a - b) - c;\n");
  CHECK(Read("x=a-(b-c)") == "x = a - (b - c);\n");
  CHECK(Read("x=((a+b))*(c)") == "x = (a + b) * c;\n");
  CHECK(Read("x=!(a&&!b)") == "x = !(a && !b);\n");
  CHECK(Read("x=a?b:c?d:e") == "x = a ? b : c ? d : e;\n");
  CHECK(Read("x=(a?b:c)?d:e") == "x = (a ? b : c) ? d : e;\n");
}

TEST_CASE("calls, members and methods follow each other") {
  CHECK(Read("x=max(1,min(2,y)).a.b(c , d).e()") == "x = max(1, min(2, y)).a.b(c, d).e();\n");
  CHECK(Read("x=time(\"\").hour") == "x = time(\"\").hour;\n");
  CHECK(Read("x=(-1).a") == "x = (-1).a;\n");
}

TEST_CASE("syntax errors say what was expected, and what is there") {
  CHECK(Read("") == "Line 1, Col 1: Expected a statement, found the end of the formula");
  CHECK(Read(" ;\n") == "Line 1, Col 3: Expected a statement, found the end of the formula");
  CHECK(Read("$a=") == "Line 1, Col 4: Expected an expression, found the end of the formula");
  CHECK(Read("$a=(1") == "Line 1, Col 6: Expected ')', found the end of the formula");
  CHECK(Read("$a=1\n $b=2") == "Line 2, Col 2: Expected ';', found '$b'");
  CHECK(Read("a=b=c") == "Line 1, Col 4: Expected ';', found '=' (did you mean '=='?)");
  CHECK(Read("a=b ? c") == "Line 1, Col 8: Expected ':', found the end of the formula");
  CHECK(Read("a=max(1 2)") == "Line 1, Col 9: Expected ',' or ')', found '2'");
  CHECK(Read("a=max(1,)") == "Line 1, Col 9: Expected an expression, found ')'");
  CHECK(Read("a=b.1") == "Line 1, Col 5: Expected a member's name, found '1'");
  CHECK(Read("a=1 \"b\"") == "Line 1, Col 5: Expected ';', found a string");
}

TEST_CASE("each statement tells its first problem") {
  CHECK(Problems("a = ;\nb = 1;\nc = (2;\n% d = 3") ==
        "Line 1, Col 5: Expected an expression, found ';'\n"
        "Line 3, Col 7: Expected ')', found ';'\n"
        "Line 4, Col 1: Unexpected character: '%'");
}

TEST_CASE("nesting has a limit, and no depth of it harms") {
  CHECK(Parse("a=" + Repeat("(", 99) + "1" + Repeat(")", 99)).problems.empty());
  const char* const too_deep = "Line 1, Col 103: Nested too deeply: at most 100 levels";
  CHECK(Read("a=" + Repeat("(", 8000)) == too_deep);
  CHECK(Read("a=" + Repeat("-", 8000) + "1") ==
        "Line 1, Col 102: Nested too deeply: at most 100 levels");
  CHECK(Read("a=" + Repeat("!(", 4000)).ends_with("Nested too deeply: at most 100 levels"));
  CHECK(Read("a=" + Repeat("f(", 4000)).ends_with("Nested too deeply: at most 100 levels"));
  CHECK(Read("a=" + Repeat("1?", 4000)).ends_with("Nested too deeply: at most 100 levels"));
  CHECK(Read("a=b" + Repeat(".c", 4000)) == "Line 1, Col 205: Too many members of members");
}

TEST_CASE("a long sum is not deep") { CHECK(Compute("1" + Repeat("+1", 4000)) == "4001"); }

TEST_CASE("a formula has at most 8192 characters") {
  CHECK(Read("a=1;//" + std::string(8186, 'x')) == "a = 1;\n");
  CHECK(Read("a=1;//" + Repeat("\xc3\xa9", 8186)) == "a = 1;\n");
  CHECK(Read("a=1;//" + std::string(8187, 'x')) ==
        "Line 1, Col 1: Formula too long: 8193 characters, at most 8192");
  CHECK(Read(std::string(1 << 20, '\x80')) ==
        "Line 1, Col 1: Formula too long: 262144 characters, at most 8192");
}

}  // namespace
}  // namespace reconciler::autoscale
