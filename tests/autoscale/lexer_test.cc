#include "reconciler/autoscale/lexer.h"

#include <doctest/doctest.h>

namespace reconciler::autoscale {
namespace {

std::string Tokens(std::string_view source) {
  std::vector<Problem> problems;
  std::string text;
  for (const Token& token : Lex(source, problems)) {
    text += token.kind == Token::Kind::kText ? "\"" + std::string(token.text) + "\"" : token.text;
    text += "@" + std::to_string(token.place.line) + ":" + std::to_string(token.place.column) + " ";
  }
  for (const Problem& problem : problems) text += ProblemText(problem);
  return text;
}

double NumberIn(std::string_view source) {
  std::vector<Problem> problems;
  return Lex(source, problems).front().number;
}

TEST_CASE("tokens know their line and column") {
  CHECK(Tokens("$a = 1;\n  b==c") == "$a@1:1 =@1:4 1@1:6 ;@1:7 b@2:3 ==@2:4 c@2:6 @2:7 ");
  CHECK(Tokens("a\r\n\tb") == "a@1:1 b@2:2 @2:3 ");
}

TEST_CASE("columns count characters, not bytes") {
  CHECK(Tokens("\"\xc3\xa9\xe2\x82\xac\" x") == "\"\xc3\xa9\xe2\x82\xac\"@1:1 x@1:6 @1:7 ");
}

TEST_CASE("comments go to the end of their line") {
  CHECK(Tokens("// all\na // b ; c\n/d//") == "a@2:1 /@3:1 d@3:2 @3:3 ");
}

TEST_CASE("numbers have fractions and exponents, and end where a member begins") {
  CHECK(NumberIn("12.5") == 12.5);
  CHECK(NumberIn("1e3") == 1000);
  CHECK(NumberIn("25E-2x") == 0.25);
  CHECK(Tokens("5.year 1e") == "5@1:1 .@1:2 year@1:3 1@1:8 e@1:9 @1:10 ");
}

TEST_CASE("what is no token is told and left out") {
  CHECK(Tokens("a % b") == "a@1:1 b@1:5 @1:6 Line 1, Col 3: Unexpected character: '%'");
  CHECK(Tokens("a & b") == "a@1:1 b@1:5 @1:6 Line 1, Col 3: Unexpected character: '&'");
  CHECK(Tokens("$") == "@1:2 Line 1, Col 1: Unexpected character: '$'");
  CHECK(Tokens("\xe2\x80\x9c") == "@1:2 Line 1, Col 1: Unexpected character: '\\xe2\\x80\\x9c'");
  CHECK(Tokens("\x1b") == "@1:2 Line 1, Col 1: Unexpected character: '\\x1b'");
  CHECK(Tokens(" \"a\n") == "\"a\"@1:2 @1:4 Line 1, Col 2: Unterminated string");
  CHECK(Tokens("1e999") == "1e999@1:1 @1:6 Line 1, Col 1: Number out of range: 1e999");
}

}  // namespace
}  // namespace reconciler::autoscale
