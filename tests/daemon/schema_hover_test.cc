// The schemas as an editor shows them; tests/editor proves it with a language server.
#include "tests/daemon/schema_hover.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "reconciler/core/json.h"
#include "reconciler/core/value.h"

namespace reconciler::daemon {
namespace {

struct Described {
  const char* kind;
  const char* file;
};

constexpr Described kSchemas[] = {
    {"Pool", "pool"}, {"Pool", "pool-defaults"}, {"Config", "config"}};

std::string PathOf(const Described& schema) {
  return std::string(POOLKEEPER_SOURCE_DIR) + "/schemas/" + schema.file + ".schema.json";
}

std::string TextOf(const Described& schema) {
  std::ifstream file(PathOf(schema));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string HoverOf(const Described& schema, const std::string& path) {
  const Value tree = ParseJson(TextOf(schema)).value();
  const Value* const hover = tree.FindPath(path + ".markdownDescription");
  return hover == nullptr ? "" : hover->AsString();
}

TEST_CASE("editor: the schemas say what the table says; POOLKEEPER_UPDATE_EXPECTED=1 mends them") {
  for (const Described& schema : kSchemas) {
    CAPTURE(schema.file);
    const std::string wanted = WithHovers(schema.kind, TextOf(schema));
    if (std::getenv("POOLKEEPER_UPDATE_EXPECTED") != nullptr)
      std::ofstream(PathOf(schema)) << wanted;
    const bool is_up_to_date = TextOf(schema) == wanted;
    CHECK(is_up_to_date);
  }
}

TEST_CASE("editor: a member is shown with default, cost of a change and versions") {
  CHECK(HoverOf(kSchemas[0], "$defs.startTask.properties.waitForSuccess") ==
        "Whether a node takes tasks only after its start task has succeeded.\n\n"
        "- Default: `true`\n"
        "- Change: reboot: changed at any time, reaches nodes when they restart");
  CHECK(HoverOf(kSchemas[0], "$defs.identityReference") ==
        "A user-assigned identity of the pool that is used in place of a password or key.\n\n"
        "- Default: nothing\n"
        "- Change: empty: only while the pool has no nodes; this version shows it as blocked\n"
        "- Change: before api-version 2024-07-01.20.0, replace: only on a new pool; this version "
        "shows it as blocked (in `virtualMachineConfiguration`, `mountConfiguration`)\n"
        "- Change: reboot: changed at any time, reaches nodes when they restart (in `startTask`)\n"
        "- Versions: from api-version 2025-06-01 on (in "
        "`virtualMachineConfiguration.diskEncryptionConfiguration.customerManagedKey."
        "identityReference`)");
  CHECK(HoverOf(kSchemas[1], "properties.kind") == "");
}

}  // namespace
}  // namespace reconciler::daemon
