// import: files of other tools, pinned, and live pools from the service to an empty plan.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "reconciler/core/json.h"
#include "tests/daemon/stage.h"

namespace reconciler::daemon {
namespace {

namespace fs = std::filesystem;

const std::string kFolder = POOLKEEPER_SOURCE_DIR "/tests/daemon/import";

std::string ReadText(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("import: each file of another tool gives exactly what is pinned beside it") {
  const TempFolder folder;
  const bool update = std::getenv("POOLKEEPER_UPDATE_EXPECTED") != nullptr;
  std::size_t cases = 0;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() != ".json") continue;
    CAPTURE(entry.path().filename().string());
    const Outcome outcome = RunProgram({"import", "--from", entry.path().string()});
    const std::string text =
        fmt::format("{}=== remarks, exit code {}\n{}", outcome.out, outcome.code, outcome.err);
    const fs::path expected = fs::path(entry.path()).replace_extension(".expected");
    if (update) std::ofstream(expected, std::ios::binary) << text;
    CHECK(text == ReadText(expected));
    CHECK_FALSE(Has(text, "hunter2"));
    const Outcome valid = RunProgram({"validate", folder.Write("pool.yaml", outcome.out)});
    CAPTURE(valid.err);
    CHECK(valid.code == outcome.code);
    ++cases;
  }
  CHECK(cases >= 5);
}

TEST_CASE("import: what is no pool of any tool is said so") {
  const TempFolder folder;
  const Outcome none = RunProgram({"import", "--from", folder.Write("a.json", "{\"a\": 1}")});
  CHECK(none.code == 65);
  CHECK(
      Has(none.err, "a.json: expected a pool as `az batch pool show` prints it, an ARM template"));
  const Outcome empty =
      RunProgram({"import", "--from",
                  folder.Write("b.json", R"({"terraform_version": "1.9.5", "resources": []})")});
  CHECK(empty.code == 65);
  CHECK(Has(empty.err, "b.json: there is no pool in it"));
  const Outcome bicep = RunProgram({"import", "--from", folder.Write("c.bicep", "resource a 'b'")});
  CHECK(bicep.code == 65);
  CHECK(Has(bicep.err, "compile Bicep with `az bicep build`"));
  CHECK(RunProgram({"import", "--from", folder.path() + "/none.json"}).code == 65);
  CHECK(RunProgram({"import"}).code == 64);
  CHECK(RunProgram({"import", "--all", "p"}).code == 64);
}

TEST_CASE("import: templates may have comments; what is UTF-16 is told so; - is standard input") {
  const TempFolder folder;
  const std::string pool = R"({"id": "p", /* size */ "vmSize": "http://a" // that
                               , "displayName": "\"//"})";
  const Outcome commented = RunProgram({"import", "--from", folder.Write("a.json", pool)});
  CHECK(Has(commented.out, "displayName: \"\\\"//\"\n  vmSize: http://a\n"));
  const std::string wide("\xFF\xFE{\0}\0", 6);
  const Outcome utf16 = RunProgram({"import", "--from", folder.Write("b.json", wide)});
  CHECK(utf16.code == 65);
  CHECK(Has(utf16.err, "b.json: is UTF-16, as PowerShell's > writes it; write it as UTF-8"));
  const Outcome in = RunProgram({"import", "--from", "-"});
  CHECK(in.code == 65);
  CHECK(Has(in.err, "standard input: no JSON"));
}

TEST_CASE("import: an example without a pool is told apart from what is no pool at all") {
  const TempFolder folder;
  const std::string text = R"({"parameters": {"jobId": "a"}, "responses": {"200": {"body": 1}}})";
  const Outcome job = RunProgram({"import", "--from", folder.Write("a.json", text)});
  CHECK(job.code == 65);
  CHECK(Has(job.err, "a.json: there is no pool in it"));
}

TEST_CASE("import: a spec that has errors is written, and they are told with their lines") {
  const TempFolder folder;
  const std::string file = folder.Write("a.json", R"({"id": "p", "vmSize": "small"})");
  const Outcome outcome = RunProgram({"import", "--from", file, "--out", folder.path()});
  CHECK(outcome.code == 65);
  CHECK(outcome.out == folder.path() + "/p.yaml\n");
  CHECK(Has(ReadText(folder.path() + "/p.yaml"), "vmSize: small"));
  CHECK(Has(outcome.err, "pool p: the spec is not complete yet; mend this before you apply it:\n" +
                             folder.path() + "/p.yaml:4:1: spec.virtualMachineConfiguration"));
}

TEST_CASE("import: no name of a pool leads out of the folder") {
  const TempFolder folder;
  fs::create_directory(folder.path() + "/in");
  const std::string file = folder.Write("a.json", R"({"id": "../p", "vmSize": "small"})");
  const Outcome outcome = RunProgram({"import", "--from", file, "--out", folder.path() + "/in"});
  CHECK(outcome.code == 1);
  CHECK(Has(outcome.err, "pool '../p': no file can have its name"));
  CHECK_FALSE(fs::exists(folder.path() + "/p.yaml"));
}

TEST_CASE("import: live pools are adopted as they are, and then there is nothing to do") {
  const Stage stage;
  stage.WritePool("made", 1,
                  "  userAccounts: [{name: alice, password: {secretRef: made-alice-password}}]\n");
  stage.WritePool("kept", 0);
  stage.WriteConfig(
      "secretDigestKey: {file: demo.key}\nsecrets: {made-alice-password: {file: demo.key}}\n");
  REQUIRE(stage.Run({"apply", "--wait", "--timeout", "40s"}).code == 0);
  // As a pool that nobody ever kept.
  stage.PatchBehindOurBack("made", R"({"metadata": [{"name": "team", "value": "render"}]})");
  fs::remove(stage.folder().path() + "/specs/made.yaml");
  fs::remove_all(stage.folder().path() + "/state");

  const Outcome shown = stage.Run({"import", "made"});
  CHECK(shown.code == 0);
  CHECK(Has(shown.out, "metadata: {name: made}\n"));
  CHECK(
      Has(shown.err, "  made-alice-password: {file: /etc/poolkeeper/secrets/made-alice-password}"));
  const Outcome written = stage.Run({"import", "--all", "--out", stage.folder().path() + "/specs"});
  CHECK(written.code == 0);
  CHECK(written.out == stage.folder().path() + "/specs/made.yaml\n");
  CHECK(Has(written.err, "1 pool has a spec already and is left out"));
  const Outcome again = stage.Run({"import", "made", "--out", stage.folder().path() + "/specs"});
  CHECK(again.code == 1);
  CHECK(Has(again.err, "made.yaml: there is a file of this name already"));

  const Outcome plan = stage.Run({"plan"});
  CHECK(plan.code == 2);
  CHECK(Has(plan.out, "1 to adopt, 0 to change"));
  REQUIRE(stage.Run({"apply", "--wait", "--timeout", "40s"}).code == 0);
  CHECK(stage.Run({"plan"}).code == 0);
  CHECK(Has(stage.Run({"import", "mad"}).err, "no pool 'mad' to import (did you mean 'made'?)"));
}

/// A spec of the guide's pool for one of several accounts.
std::string SpecFor(const std::string& account) {
  return "apiVersion: poolkeeper/v1\nkind: Pool\nmetadata: {name: same, account: " + account +
         "}\nspec:\n  vmSize: standard_d2_v3\n  virtualMachineConfiguration:\n    "
         "imageReference: {publisher: canonical, offer: 0001-com-ubuntu-server-jammy, sku: "
         "22_04-lts}\n  targetDedicatedNodes: 0\n";
}

TEST_CASE("import: pools of one name in two accounts get a file each, which names the account") {
  const Stage stage;
  const Stage other("", Wire::kPlain, {"--account", "other"});
  stage.WriteConfig(
      "", "sharedKey: {file: demo.key}}\n  - name: other\n    endpoint: " + other.endpoint() +
              "\n    allowCustomEndpoint: true\n    mode: manage\n    auth: "
              "{sharedKey: {file: demo.key}");
  const std::string specs = stage.folder().path() + "/specs";
  for (const char* account : {"demo", "other"}) {
    stage.folder().Write(std::string("specs/") + account + ".yaml", SpecFor(account));
  }
  REQUIRE(stage.Run({"apply", "--wait", "--timeout", "40s"}).code == 0);
  fs::remove(specs + "/demo.yaml");
  fs::remove(specs + "/other.yaml");
  fs::remove_all(stage.folder().path() + "/state");
  const Outcome written = stage.Run({"import", "--all", "--out", specs});
  CHECK(written.code == 0);
  CHECK(written.out == specs + "/demo-same.yaml\n" + specs + "/other-same.yaml\n");
  CHECK(written.err.empty());
  const Outcome one = stage.Run({"import", "same", "--account", "other"});
  CHECK(Has(one.out, "metadata: {name: same, account: other}\n"));
}

TEST_CASE("import: the pools of others are left out, and told where they are named") {
  const Stage stage;
  stage.WritePool("theirs", 0);
  REQUIRE(stage.Run({"apply", "--wait", "--timeout", "40s"}).code == 0);
  stage.PatchBehindOurBack("theirs",
                           R"({"metadata": [{"name": "poolkeeper.owner", "value": "somebody"}]})");
  fs::remove(stage.folder().path() + "/specs/theirs.yaml");
  fs::remove_all(stage.folder().path() + "/state");
  const Outcome all = stage.Run({"import", "--all"});
  CHECK(all.code == 0);
  CHECK(all.out.empty());
  CHECK(all.err == "warning: 1 pool that another owner or source has stamped is left out\n");
  const Outcome named = stage.Run({"import", "theirs"});
  CHECK(named.code == 5);
  const std::string keeper =
      "belongs to owner 'somebody', and is not adopted while its stamp is on it\n";
  CHECK(named.err == "warning: pool 'theirs' " + keeper);
  CHECK(Has(named.out, "# The pool " + keeper + "policy: {adopt: true}\n"));
  CHECK_FALSE(Has(named.out, "metadata: []"));
}

}  // namespace
}  // namespace reconciler::daemon
