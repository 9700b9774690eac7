// No secret leaves the program but in the request that needs it: every member that takes one has a
// mark in it, and nothing that the program prints, writes or keeps in memory may show one.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>

#include "daemon/exit_code.h"
#include "reconciler/core/json.h"
#include "reconciler/core/property.h"
#include "tests/daemon/process_memory.h"
#include "tests/daemon/secret_stage.h"
#include "tests/entra/test_certificates.h"

namespace reconciler::daemon {
namespace {

void CollectSecretMembers(const PropertyNode& node, std::set<std::string>& paths) {
  if (node.secret != SecretUse::kNone) paths.insert(node.path);
  for (const PropertyNode& member : node.members) CollectSecretMembers(member, paths);
  if (node.item != nullptr) CollectSecretMembers(*node.item, paths);
  if (node.further != nullptr) CollectSecretMembers(*node.further, paths);
}

bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::size_t CountOf(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; ++count) {
    at = text.find(part, at + 1);
  }
  return count;
}

const SecretMark& MarkNamed(std::string_view name) {
  return *std::find_if(SecretMarks().begin(), SecretMarks().end(),
                       [&](const SecretMark& mark) { return mark.name == name; });
}

/// Where this user is root, the group tells whether the kernel has closed the process to others.
std::unique_ptr<Process> StartInAnotherGroup(const Stage& stage,
                                             const std::vector<std::string>& arguments) {
  constexpr gid_t kNoGroup = 65534;
  const gid_t group = ::getegid();
  if (::geteuid() == 0) REQUIRE(::setresgid(kNoGroup, kNoGroup, group) == 0);
  auto process = stage.Start(arguments);
  if (::geteuid() == 0) REQUIRE(::setresgid(group, group, group) == 0);
  return process;
}

TEST_CASE("secret story: each member that takes a secret has a mark") {
  std::set<std::string> members;
  CollectSecretMembers(PoolPropertyTable().Spec(), members);
  std::set<std::string> marked;
  for (const SecretMark& mark : SecretMarks()) marked.insert(mark.path);
  CHECK(members == marked);
}

TEST_CASE("secret story: marks are found in every dress") {
  const std::string mark = MarkOf("any", 0);
  CHECK(ShowsMark("a" + mark.substr(0, 16) + "...", mark));
  CHECK(ShowsMark("xyz" + mark.substr(16), mark));
  CHECK_FALSE(ShowsMark(mark.substr(1, 15) + MarkOf("any", 1), mark));
}

TEST_CASE("secret story: nothing that the verbs print or write shows a secret") {
  SecretStage stage(Wire::kPlain);
  CHECK(stage.Look({"validate", "specs", "--format", "json"}).code == 0);
  CHECK(stage.Look({"fmt", "--check", "specs"}).code <= 2);
  for (const char* format : {"text", "json"}) {
    CHECK(stage.Look({"plan", "--format", format}).code == 2);
    CHECK(stage.Look({"diff", "--all", "--format", format}).code == 2);
  }
  const Outcome applied = stage.Look({"apply", "--wait", "--yes", "--log-level", "debug"});
  REQUIRE_MESSAGE(applied.code == 0, applied.out, applied.err);
  for (const char* format : {"text", "json"}) {
    CHECK(stage.Look({"plan", "--format", format}).code == 0);
    CHECK(stage.Look({"diff", "--all", "--format", format}).code == 0);
    CHECK(stage.Look({"status", "marked", "--fresh", "--unmanaged", "--format", format}).code == 0);
    stage.Look({"images", "--in-use", "--format", format});
    stage.Look({"nodes", "--format", format});
    stage.Look({"check", "--format", format});
  }
  stage.SearchFiles();
}

TEST_CASE("secret story: an import has references where the secrets were") {
  SecretStage stage(Wire::kPlain);
  REQUIRE(stage.Run({"apply", "--wait", "--yes"}).code == 0);
  REQUIRE(std::filesystem::remove(stage.folder() / "specs/marked.yaml"));
  REQUIRE(std::filesystem::remove_all(stage.folder() / "state") > 0);  // as on another machine
  stage.WritePool("other", 0);
  stage.Forget("file-url");  // the service tells a URL up to its query
  const Outcome imported = stage.Look({"import", "--all", "--out", "imported"});
  CHECK(imported.code == 0);
  const std::string spec = stage.folder().Read("imported/marked.yaml");
  // Of two that exclude each other the first is offered, an optional one is a comment.
  const std::map<std::string_view, std::size_t> references{
      {"password: {secretRef: ", 4},
      {"accountKey: {secretRef: ", 3},
      {"value: {secretRef: ", 1},
      {"# protectedSettings: the service does not tell it", 1}};
  for (const auto& [text, times] : references) {
    CAPTURE(text);
    CHECK(CountOf(spec, text) == times);
  }
  CHECK(CountOf(imported.out + imported.err, "{file: /etc/poolkeeper/secrets/") == 8);
  stage.SearchFiles();
}

TEST_CASE("secret story: another secret is a change of its property, at the property's cost") {
  SecretStage stage(Wire::kPlain);
  REQUIRE(stage.Run({"apply", "--wait", "--yes"}).code == 0);
  for (const SecretMark& mark : SecretMarks()) {
    CAPTURE(mark.path);
    const std::string property = mark.path.substr(0, mark.path.find_first_of(".["));
    stage.Plant(mark, 1);
    const auto plan = ParseJson(stage.Look({"plan", "--format", "json"}).out);
    REQUIRE(plan);
    const Value& pool = plan->Find("accounts")->AsArray().at(0).Find("pools")->AsArray().at(0);
    Array changes = pool.Find("changes")->AsArray();
    for (const Value& blocked : pool.Find("blocked")->AsArray()) changes.push_back(blocked);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].StringOr("property") == property);
    // What the service returns is found by comparing; the rest is told by the record.
    const bool returned = PoolPropertyTable().Find(mark.path)->secret == SecretUse::kMaybe &&
                          mark.name != "container-url";
    CHECK(Has(changes[0].StringOr("note"), "the secret changed") != returned);
    const std::string_view path = changes[0].StringOr("path");
    CHECK(path.substr(path.rfind('.')) == mark.path.substr(mark.path.rfind('.')));
    CHECK(changes[0].Find("sensitive")->AsBool());
    const PropertyNode* row = PoolPropertyTable().FindTopLevel(property);
    CHECK(changes[0].StringOr("cost") == CostName(*row->CostFor("2025-06-01")));
    const int applied = stage.Look({"apply", "--yes", "--log-level", "debug"}).code;
    // What needs an empty pool is blocked, so that the old secret is the way back.
    CHECK(applied == (pool.Find("blocked")->AsArray().empty() ? 0 : 5));
    if (applied == 5) stage.Plant(mark, 0);
    CHECK(stage.Look({"plan"}).code == 0);
  }
  stage.SearchFiles();
}

TEST_CASE("secret story: a service that repeats what it was sent does not get it into the log") {
  SecretStage stage(Wire::kPlain);
  REQUIRE(stage.Run({"apply", "--wait", "--yes"}).code == 0);
  const SecretMark& mark = MarkNamed("environment");
  int edition = 0;
  const auto fail = [&](const std::string& fault, int code) {
    CAPTURE(fault);
    stage.Plant(mark, ++edition);
    std::string rule = fault;
    for (std::size_t at; (at = rule.find('@')) != std::string::npos;) {
      rule.replace(at, 1, MarkOf(mark.name, edition));
    }
    stage.SetFaults("{operation: patchPool, " + rule + "}");
    const Outcome outcome = stage.Look({"apply", "--yes", "--log-level", "debug"});
    CHECK(outcome.code == code);
    stage.Look({"status", "marked", "--fresh"});
    stage.SetFaults("");
  };
  const auto refusal = [](const std::string& words, const std::string& key,
                          const std::string& value) {
    return R"(status: 400, headers: {Content-Type: application/json}, text: '{"code": "Refused", )"
           R"("message": {"value": ")" +
           words + R"("}, "values": [{"key": ")" + key + R"(", "value": ")" + value + R"("}]}')";
  };
  fail(refusal("refused", "PropertyValue", "a b/@+&"), kExitRefused);
  fail(refusal("the value a b/@+& is refused", "PropertyName", "value"), kExitRefused);
  fail(refusal("refused", "Reason", "it ends with @"), kExitRefused);
  fail("status: 400, code: a@", kExitRefused);
  fail("status: 400, reason: 'no @'", kExitRefused);
  fail("status: 500, applied: true", kExitRemains);
  fail("body: truncated", kExitDone);
  fail("connection: reset, applied: true", kExitRemains);
  stage.SearchFiles();
}

TEST_CASE("secret story: a secret that cannot be read is named, and no other is shown") {
  SecretStage stage(Wire::kPlain);
  REQUIRE(stage.Run({"apply", "--wait", "--yes"}).code == 0);
  const std::string file = stage.folder() / "secrets/environment";
  stage.folder().Write("secrets/environment", SecretOf(SecretMarks().front(), 5));
  REQUIRE(::chmod(file.c_str(), 0644) == 0);
  CHECK(Has(stage.Look({"plan"}).out, "chmod 600"));
  REQUIRE(::unlink(file.c_str()) == 0);
  CHECK(Has(stage.Look({"plan"}).out, "no such file"));
  stage.folder().Write("secrets/extension", "{\"broken\": \"" + MarkOf("extension", 0) + "\"");
  stage.Look({"apply", "--yes", "--log-level", "debug"});
  stage.SearchFiles();
}

TEST_CASE("secret story: a daemon keeps none in memory, and nobody gets a core of it") {
  SecretStage stage(Wire::kTls);
  const auto daemon = StartInAnotherGroup(stage, {"run", "--show", "--log-level", "debug"});
  REQUIRE(daemon->WaitForLog("reason=InSync"));
  CHECK(IsClosedToOthers(daemon->pid()));
  CHECK(CoreLimitOf(daemon->pid()) == 0);
  // A change of a secret, sent by the daemon itself, and refused once.
  stage.SetFaults("{operation: patchPool, status: 400, times: 1}");
  stage.Plant(MarkNamed("environment"), 1);
  daemon->Signal(SIGHUP);
  REQUIRE(daemon->WaitForLog("reason=ServiceRefused"));
  stage.Look({"status", "--format", "json"});
  stage.Plant(MarkNamed("environment"), 2);
  daemon->Signal(SIGHUP);
  REQUIRE(daemon->WaitForLog("action accepted"));
  stage.SearchMemory(*daemon);
  stage.Look({"status", "--format", "json"});
  daemon->Signal(SIGTERM);
  CHECK(daemon->Wait() == 0);
  stage.Search("output of the daemon", daemon->out());
  stage.Search("log of the daemon", daemon->err());
  stage.SearchFiles();
}

TEST_CASE("secret story: what signs in for a token is forgotten once there is one") {
  const entra::TestKey key = entra::MakeRsaKey();
  const std::string certificate = entra::PemOfCertificate(
      key.get(), std::chrono::time_point_cast<Instant::duration>(std::chrono::system_clock::now() +
                                                                 std::chrono::hours(12)));
  std::string emulator =
      "issuer:\n  applications:\n    - clientId: app\n      secret: " + MarkOf("app-secret", 0) +
      "\n      certificate: |\n";
  std::istringstream lines(certificate);
  for (std::string line; std::getline(lines, line);) emulator += "        " + line + "\n";
  SecretStage stage(Wire::kTls, emulator);
  stage.PlantOwn("app-secret");
  stage.PlantOwn("app-password");
  stage.folder().Write("secrets/app.pfx",
                       entra::Pkcs12Of(key.get(), certificate, MarkOf("app-password", 0)));
  const std::string app =
      "{tenant: 11111111-1111-4111-8111-111111111111, clientId: app, "
      "authority: \"" +
      stage.endpoint() + "\", ";
  for (const std::string& auth :
       {"clientSecret: " + app + "secret: {file: secrets/app-secret}}",
        "clientCertificate: " + app +
            "certificate: {file: secrets/app.pfx}, password: {file: secrets/app-password}}"}) {
    CAPTURE(auth);
    stage.SignInWith(auth);
    const auto daemon = stage.Start({"run", "--log-level", "debug"});
    REQUIRE(daemon->WaitForLog(" ready=1 "));
    stage.SearchMemory(*daemon);
    daemon->Signal(SIGTERM);
    CHECK(daemon->Wait() == 0);
    stage.Search("log of the daemon", daemon->err());
    CHECK_FALSE(Has(daemon->err(), "Bearer"));
    CHECK(stage.Look({"check"}).code == 0);
  }
}

}  // namespace
}  // namespace reconciler::daemon
