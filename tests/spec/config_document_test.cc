#include "reconciler/spec/config_document.h"

#include <doctest/doctest.h>

namespace reconciler::spec {
namespace {

const std::string kGood =
    "apiVersion: poolkeeper/v1\n"
    "kind: Config\n"
    "owner: contoso-batch\n"
    "source: {path: /srv/pools, id: pools-main}\n"
    "interval: 60s\n"
    "secrets:\n"
    "  registry: {credential: registry-password}\n"
    "accounts:\n"
    "  - name: contoso\n"
    "    endpoint: https://contoso.westeurope.batch.azure.com\n"
    "    mode: manage\n"
    "    auth: {sharedKey: {file: ./contoso.key}}\n";

std::string Replaced(std::string_view from, std::string_view to) {
  std::string text = kGood;
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string FindingsOf(const std::string& text) {
  const ConfigDocument config = ReadConfigDocument("poolkeeper.yaml", text);
  std::string found;
  for (const Finding& finding : config.findings) {
    found += FormatPosition(finding.position) + ": " + finding.message + "\n";
  }
  CHECK(config.IsGood() == found.empty());
  return found;
}

TEST_CASE("config: a good one has its value and the positions of its members") {
  const ConfigDocument config = ReadConfigDocument("poolkeeper.yaml", kGood);
  CHECK(config.findings.empty());
  CHECK(config.IsGood());
  CHECK(config.value.StringOr("owner") == "contoso-batch");
  CHECK(FormatPosition(config.PositionOf("accounts[0].auth.sharedKey.file")) ==
        "poolkeeper.yaml:12:24");
  CHECK(FormatPosition(config.PositionOf("accounts[0].maxNodes")) == "poolkeeper.yaml:9:5");
  CHECK(FormatPosition(config.PositionOf("state")) == "poolkeeper.yaml:1:1");
}

TEST_CASE("config: what its schema forbids is reported with position") {
  CHECK(FindingsOf(Replaced("interval: 60s", "interval: 25h")) ==
        "poolkeeper.yaml:5:11: interval: 25h is too long, the most is 24h\n");
  CHECK(FindingsOf(Replaced("interval: 60s", "interval: 60")) ==
        "poolkeeper.yaml:5:11: interval: expected a string, found integer 60; write 60s\n");
  CHECK(FindingsOf(Replaced("interval: 60s", "interval: 1 min")) ==
        "poolkeeper.yaml:5:11: interval: expected a duration such as 60s or 5m, found '1 min'\n");
  CHECK(
      FindingsOf(Replaced("    mode: manage\n", "")) ==
      "poolkeeper.yaml:9:5: accounts[0].mode is missing: manage acts on differences, observe only "
      "reports them\n");
  CHECK(FindingsOf(Replaced("owner: contoso-batch", "ownr: x")) ==
        "poolkeeper.yaml:1:1: owner is missing: name of the fleet, stamped on each pool that is "
        "managed\n"
        "poolkeeper.yaml:3:1: unknown key 'ownr' (did you mean 'owner'?)\n");
  CHECK(FindingsOf(Replaced("{file: ./contoso.key}", "{file: a, credential: b}")) ==
        "poolkeeper.yaml:12:33: accounts[0].auth.sharedKey: 'file' and 'credential' exclude each "
        "other; keep one\n");
}

TEST_CASE("config: a secret in clear is refused and never shown") {
  const auto print = [](const std::string& text) {
    std::string printed;
    for (const Finding& finding : ReadConfigDocument("c.yaml", text).findings) {
      printed += FormatFinding(finding) + "\n";
    }
    return printed;
  };
  CHECK(print(Replaced("{file: ./contoso.key}", "c2VjcmV0")) ==
        "c.yaml:12:23: accounts[0].auth.sharedKey: expected an object, found string; write {file: "
        "PATH} or {credential: NAME}, never the secret itself\n");
  CHECK(print(Replaced("{credential: registry-password}", "hunter2")) ==
        "c.yaml:7:13: secrets.registry: expected an object, found string; write {file: PATH} or "
        "{credential: NAME}, never the secret itself\n");
}

TEST_CASE("config: anything but one document of kind Config is an error") {
  const std::string empty =
      "poolkeeper.yaml:1:1: the configuration is empty; write apiVersion: poolkeeper/v1, kind: "
      "Config, owner, source (where the specs are) and accounts, as poolkeeper.example.yaml has "
      "them\n";
  CHECK(FindingsOf("") == empty);
  CHECK(FindingsOf("# nothing\n") == empty);
  CHECK(FindingsOf(kGood + "---\n" + kGood) ==
        "poolkeeper.yaml:13:1: a configuration is one document, this file has 2\n");
  CHECK(FindingsOf(Replaced("Config", "Pool")) ==
        "poolkeeper.yaml:2:7: kind: expected Config, found 'Pool'\n");
  CHECK(FindingsOf("- a\n") ==
        "poolkeeper.yaml:1:1: the document: expected an object, found list\n");
  CHECK(FindingsOf(Replaced("owner: ", "owner: [")).starts_with("poolkeeper.yaml:3:8: not YAML"));
}

}  // namespace
}  // namespace reconciler::spec
