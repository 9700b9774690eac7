#include "daemon/console.h"

#include <doctest/doctest.h>

#include <sstream>

#include "daemon/session.h"

namespace reconciler::daemon {
namespace {

TEST_CASE("console: lines for the journal carry their priority, those for people none") {
  std::ostringstream out;
  std::ostringstream err;
  Console console{out, err};
  std::vector<Finding> findings(2);
  findings[0].level = Finding::Level::kError;
  findings[1].level = Finding::Level::kWarning;
  for (Finding& finding : findings) finding.message = "no";
  const auto all = [&] {
    err.str("");
    PrintFindings(console, findings);
    PrintError(console, "cannot be used");
    PrintWarning(console, "old");
    PrintHint(console, "try this");
    return err.str();
  };
  const std::string plain = all();
  CHECK(plain.find('<') == std::string::npos);
  console.err_journal = true;
  const std::string marked = all();
  CHECK(marked.find("<3>error: cannot be used\n<4>warning: old\n<6>hint: try this\n") !=
        std::string::npos);
  CHECK(marked.starts_with("<3>"));
  CHECK(marked.find("\n<4>") < marked.find("<3>error: cannot"));
  CHECK(marked.size() == plain.size() + 5 * 3);
}

}  // namespace
}  // namespace reconciler::daemon
