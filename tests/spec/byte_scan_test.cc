#include "reconciler/spec/byte_scan.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "reconciler/spec/limits.h"

namespace reconciler::spec {
namespace {

/// "line:column: message" for each finding.
std::string Scan(const std::string& bytes) {
  const Source source = MakeSource("a.yaml", bytes);
  FindingSink sink;
  const bool may_parse = ScanBytes(source, sink);
  std::string text;
  for (const Finding& finding : sink.Take()) {
    text += std::to_string(finding.position.line) + ":" + std::to_string(finding.position.column) +
            ": " + finding.message + "\n";
  }
  CHECK(may_parse == text.empty());
  return text;
}

TEST_CASE("byte scan: text of every script passes") {
  CHECK(Scan("a: Gr\xC3\xBC\xC3\x9F"
             "e \xE6\x97\xA5\xE6\x9C\xAC \xF0\x9F\x98\x80\r\nb: 1\n") == "");
}

TEST_CASE("byte scan: a leading byte order mark passes and shifts no column") {
  CHECK(Scan("\xEF\xBB\xBF"
             "a: 1\n") == "");
  CHECK(Scan("\xEF\xBB\xBF"
             "a: \x01\n") == "1:4: control character U+0001 is not allowed\n");
}

TEST_CASE("byte scan: every byte that is no UTF-8 is found where it stands") {
  for (const std::string bytes :
       {"\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\x80", "\xE2\x82", "\xFE"}) {
    CAPTURE(bytes);
    CHECK(Scan("a: 1\nb: " + bytes).starts_with("2:4: byte 0x"));
  }
}

TEST_CASE("byte scan: tabs are wrong in indentation alone") {
  CHECK(Scan("a:\tx\n") == "");
  CHECK(Scan("a: x\t# comment\n\t\n  \t\nb: 1\n") == "");
  CHECK(Scan("\t# comment\n") == "");
  CHECK(Scan("a:\n\tb: 1\n") == "2:1: tab in indentation; indent with spaces\n");
  CHECK(Scan("a:\n  \tb: 1\n") == "2:3: tab in indentation; indent with spaces\n");
}

TEST_CASE("byte scan: a tab is text inside of a block scalar") {
  CHECK(Scan("a: |\n  all:\n  \techo\nb: 1\n") == "");
  CHECK(Scan("- a: >- # folded\n    x\n    \ty\n") == "");
  CHECK(Scan("a: |\n  x\nb:\n  \tc: 1\n") == "4:3: tab in indentation; indent with spaces\n");
  CHECK(Scan("a: |\n\tx\n") == "2:1: tab in indentation; indent with spaces\n");
}

TEST_CASE("byte scan: a file without bytes or with too many is not read") {
  CHECK(Scan("") == "1:1: file is empty; write a spec, or remove the file\n");
  CHECK(Scan("\xEF\xBB\xBF") == "1:1: file is empty; write a spec, or remove the file\n");
  CHECK(Scan(std::string(kFileBytesMax, '#')) == "");
  CHECK(Scan(std::string(kFileBytesMax + 1, '#')) ==
        "1:1: file is larger than 1 MiB (1048577 bytes); split it\n");
}

TEST_CASE("byte scan: a binary file gives a few findings, not one for each byte") {
  std::string bytes;
  for (int i = 0; i < 10'000; ++i) bytes += "\x01\x02\n";
  const std::string text = Scan(bytes);
  CHECK(std::count(text.begin(), text.end(), '\n') == 20);
}

}  // namespace
}  // namespace reconciler::spec
