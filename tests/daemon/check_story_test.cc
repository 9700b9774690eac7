// The verb `check` against the emulator of the service, and against what is no service.
#include <doctest/doctest.h>

#include <string>

#include "reconciler/core/json.h"
#include "tests/daemon/output_schema.h"
#include "tests/daemon/stage.h"

namespace reconciler::daemon {
namespace {

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// "ok", "failed", ... of the line of a subject in the JSON of a check that fits its schema.
struct Checked {
  explicit Checked(const Stage& stage) : outcome(stage.Run({"check", "--format", "json"})) {
    auto parsed = ParseJson(outcome.out);
    REQUIRE_MESSAGE(parsed, (outcome.out + outcome.err));
    json = std::move(parsed).value();
    CHECK(SchemaProblem("check.output.schema.json", json) == "");
  }
  std::string operator[](const std::string& subject) const {
    for (const Value& line : json.Find("lines")->AsArray()) {
      if (line.StringOr("subject") == subject) return std::string(line.StringOr("outcome"));
    }
    return "no line";
  }
  Outcome outcome;
  Value json;
};

TEST_CASE("check story: all is well, and the key is never shown") {
  const Stage stage;
  stage.WritePool("alpha", 1);
  REQUIRE(stage.Run({"apply"}).code != 65);
  const Outcome check = stage.Run({"check"});
  CAPTURE(check.out);
  CHECK(check.code == 0);
  CHECK(check.err.empty());
  CHECK(check.out.rfind("configuration   ok         poolkeeper.yaml, 1 account\n", 0) == 0);
  CHECK(Has(check.out, "\nstate folder    ok         state can be written, "));
  CHECK(Has(check.out, "\nspec tree       ok         specs, 1 file, 1 pool\n"));
  CHECK(Has(check.out, "\ndaemon          ok         none runs here, only `apply` acts ("));
  CHECK(Has(check.out, "\n\naccount demo   http://127.0.0.1:"));
  CHECK(Has(check.out, "\nkey             ok         demo.key\n"));
  CHECK(Has(check.out, "\nname            ok         127.0.0.1 is an address\n"));
  CHECK(Has(check.out, "\nauthentication  ok         the key is one of account 'demo'\n"));
  CHECK(Has(check.out, " 0 failed, 0 not tried.\n"));
  CHECK_FALSE(Has(check.out, "AAECAw"));
  CHECK(stage.Run({"check", "--account", "dmo"}).code == 64);
}

TEST_CASE("check story: over TLS, with the service's authority and without") {
  const Stage stage("", Wire::kTls);
  stage.WritePool("alpha", 1);
  const Checked unknown(stage);
  CHECK(unknown.outcome.code == 1);
  CHECK(unknown["connection"] == "ok");
  CHECK(unknown["tls"] == "failed");
  CHECK(unknown["authentication"] == "notTried");
  CHECK(Has(unknown.outcome.out, "the certificate of '127.0.0.1' is signed by none of"));
  CHECK(Has(stage.Run({"plan"}).err, "not sent: the certificate of '127.0.0.1' is signed by"));

  stage.WriteConfig("http: {caFile: ca.pem}\n");
  const Checked known(stage);
  CHECK(known.outcome.code == 0);
  CHECK(known["tls"] == "ok");
  CHECK(known["apiVersion"] == "ok");
  CHECK(stage.Run({"apply", "--wait", "--timeout", "30s"}).code == 0);
}

TEST_CASE("check story: a key that is not the account's, and one that others may read") {
  const Stage stage;
  stage.WritePool("alpha", 1);
  stage.folder().Write("demo.key", "AAAA\n");
  const Checked wrong(stage);
  CHECK(wrong.outcome.code == 3);
  CHECK(wrong["service"] == "ok");
  CHECK(wrong["authentication"] == "failed");
  CHECK(wrong["permission"] == "notTried");

  stage.folder().Write("demo.key", "AAAA\n", 0644);
  const Checked open(stage);
  CHECK(open.outcome.code == 65);
  CHECK(open["key"] == "failed");
  CHECK(open["connection"] == "ok");
  CHECK(open["service"] == "ok");
  CHECK(open["authentication"] == "notTried");
}

TEST_CASE("check story: a broken configuration is shown, and the rest is not tried") {
  const Stage stage;
  stage.WriteConfig("intervall: 1s\n");
  const Outcome text = stage.Run({"check"});
  CHECK(text.code == 65);
  CHECK(text.out.rfind("poolkeeper.yaml:", 0) == 0);
  CHECK(Has(text.out, "did you mean 'interval'?"));
  CHECK(Has(text.out, "\nstate folder    not tried  configuration failed\n"));
  const Checked json(stage);
  CHECK(json.json.Find("findings")->AsArray().size() == 1);
  CHECK(json["stateFolder"] == "notTried");
  CHECK(json["key"] == "no line");
}

TEST_CASE("check story: a spec with an error, a freeze file, and nobody at the port") {
  const Stage stage;
  stage.WritePool("alpha", 1, "  interNode: yes\n");
  stage.folder().Write("state/freeze", "");
  const Checked spec(stage);
  CHECK(spec.outcome.code == 65);
  CHECK(spec["specTree"] == "failed");
  CHECK(spec["freeze"] == "warning");
  CHECK(spec["permission"] == "ok");
  stage.WritePool("alpha", 1);
  std::string config = stage.folder().Read("poolkeeper.yaml");
  const std::size_t at = config.find("127.0.0.1:");
  config.replace(at, config.find('\n', at) - at, "127.0.0.1:1");
  stage.folder().Write("poolkeeper.yaml", config);
  const Checked nobody(stage);
  CHECK(nobody.outcome.code == 1);
  CHECK(nobody["name"] == "ok");
  CHECK(nobody["connection"] == "failed");
  CHECK(nobody["tls"] == "notTried");
}

}  // namespace
}  // namespace reconciler::daemon
