#include "reconciler/plan/prepared.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/plan/json_literal.h"

namespace reconciler::plan {
namespace {

PoolSpec Spec(std::string_view body) {
  PoolSpec spec;
  spec.id = "p";
  spec.body = Json(body);
  return spec;
}

SecretBook Book() {
  SecretBook book;
  book.key_id = "key1";
  book.digests = {{"a", "digest-of-a"}, {"b", "digest-of-b"}};
  book.problems = {{"bad", "the file is empty"}};
  return book;
}

PreparedProperty Only(const PoolSpec& spec, const SecretBook& book = Book()) {
  PreparedSpec prepared = Prepare(spec, book, PoolPropertyTable());
  REQUIRE(prepared.properties.size() == 1);
  return prepared.properties[0];
}

std::string NamesOf(const PreparedSpec& prepared) {
  std::string names;
  for (const PreparedProperty& property : prepared.properties) names += property.name + " ";
  return names;
}

TEST_CASE("prepare: owned is what the spec names, outside the scale group, items last") {
  const PoolSpec spec = Spec(
      R"({"metadata":[{"name":"team","value":"a"},{"name":"cost;center","value":"7"},
                      {"name":"team","value":"b"},{"name":"poolkeeper.owner","value":"x"}],
          "targetDedicatedNodes":2,"resizeTimeout":"PT15M","startTask":null,
          "vmSize":"standard_d2_v3"})");
  const PreparedSpec prepared = Prepare(spec, {}, PoolPropertyTable());
  CHECK(NamesOf(prepared) == "vmSize startTask metadata.team metadata.cost;center ");
  CHECK(prepared.spec == &spec);
  CHECK(prepared.properties[0].node == PoolPropertyTable().FindTopLevel("vmSize"));
  CHECK(prepared.properties[0].desired == spec.body.Find("vmSize"));
  CHECK(prepared.properties[1].desired == nullptr);
  CHECK(prepared.properties[1].digest == RawDigest(Value()));
  CHECK(prepared.properties[2].node == nullptr);
  CHECK(*prepared.properties[2].desired == Value("a"));
  CHECK(prepared.properties[2].digest == RawDigest("a"));
}

TEST_CASE("digest: over the value, not over how its members are ordered") {
  CHECK(RawDigest(Json(R"({"a":1,"b":[1,2]})")) == RawDigest(Json(R"({"b":[1,2],"a":1})")));
  CHECK(RawDigest(Json(R"({"a":[1,2]})")) != RawDigest(Json(R"({"a":[2,1]})")));
  CHECK(RawDigest("standard_d2_v3") != RawDigest("Standard_D2_V3"));
  CHECK(RawDigest(Value()).size() == 8);
  CHECK(RawDigest(Value()) == "dCNOmK_n");  // SHA-256 of "null", base64url
}

constexpr std::string_view kWithSecret =
    R"({"startTask":{"commandLine":"x","environmentSettings":[{"name":"T","value":)";

PoolSpec WithSecret(const std::string& value) {
  return Spec(std::string(kWithSecret) + value + "}]}}");
}

TEST_CASE("secrets: neither name nor key of a secret is in the digest of the value") {
  const PoolSpec a = WithSecret(R"({"secretRef":"a"})");
  const PoolSpec b = WithSecret(R"({"secretRef":"b"})");
  const PreparedProperty first = Only(a);
  const PreparedProperty second = Only(b);
  CHECK(first.digest == second.digest);
  CHECK(first.secret_digest != second.secret_digest);
  CHECK(first.secret_key_id == "key1");
  CHECK(first.secret_digest.size() == 8);
  SecretBook renamed = Book();
  renamed.digests["b"] = "digest-of-a";
  CHECK(Only(b, renamed).secret_digest == first.secret_digest);
  const PoolSpec plain = WithSecret(R"("digest-of-a")");
  CHECK(Only(plain).digest != first.digest);
  CHECK(Only(plain).secret_key_id.empty());
}

TEST_CASE("secrets: where a secret stands counts") {
  const auto two = [](const std::string& first, const std::string& second) {
    return Spec(R"({"userAccounts":[{"name":"a","password":{"secretRef":")" + first +
                R"("}},{"name":"b","password":{"secretRef":")" + second + R"("}}]})");
  };
  const PoolSpec straight = two("a", "b");
  const PoolSpec crossed = two("b", "a");
  CHECK(Only(straight).secret_digest != Only(crossed).secret_digest);
  const PoolSpec turned = Spec(R"({"userAccounts":[{"password":{"secretRef":"a"},"name":"a"},)"
                               R"({"password":{"secretRef":"b"},"name":"b"}]})");
  CHECK(Only(straight).secret_digest == Only(turned).secret_digest);
}

TEST_CASE("secrets: one that cannot be read is a problem and never counts as changed") {
  const PoolSpec bad = WithSecret(R"({"secretRef":"bad"})");
  CHECK(Only(bad).secret_problem == "secret 'bad': the file is empty");
  CHECK(Only(bad).secret_key_id == kNoSecretKey);
  const PoolSpec missing = WithSecret(R"({"secretRef":"nowhere"})");
  CHECK(Only(missing).secret_problem ==
        "secret 'nowhere': it is not under `secrets` of the configuration");
  CHECK(Only(missing, {}).secret_problem ==
        "secret 'nowhere': the configuration has no secretDigestKey");
}

TEST_CASE("secrets: names are found anywhere, sorted, once each") {
  CHECK(SecretNames(Json(R"({"x":[{"y":{"secretRef":"b"}},{"secretRef":"a"}],
                             "z":{"secretRef":"b"},"n":{"secretRef":1},
                             "m":{"secretRef":"q","more":1}})")) ==
        std::vector<std::string>{"a", "b"});
}

ScaleSpec Scale(std::string_view body) { return ReadScale(Json(body)); }

TEST_CASE("scale: kinds follow what is named") {
  CHECK(Scale("{}").kind == ScaleKind::kExternal);
  CHECK(!Scale("{}").keeps_auto_scale_off);
  const ScaleSpec off = Scale(R"({"enableAutoScale":false})");
  CHECK(off.kind == ScaleKind::kExternal);
  CHECK(off.keeps_auto_scale_off);
  CHECK(Scale(R"({"enableAutoScale":null})").keeps_auto_scale_off);
  const ScaleSpec fixed = Scale(R"({"enableAutoScale":false,"targetLowPriorityNodes":3})");
  CHECK(fixed.kind == ScaleKind::kFixed);
  CHECK(!fixed.dedicated.has_value());
  CHECK(fixed.low_priority == 3);
  CHECK(!fixed.keeps_auto_scale_off);
  CHECK(Scale(R"({"targetDedicatedNodes":null})").dedicated == 0);
  const ScaleSpec auto_scale = Scale(
      R"({"enableAutoScale":true,"autoScaleFormula":"f","autoScaleEvaluationInterval":"PT60M"})");
  CHECK(auto_scale.kind == ScaleKind::kAuto);
  CHECK(auto_scale.formula == "f");
  CHECK(auto_scale.interval == "PT1H");
  CHECK(Scale(R"({"enableAutoScale":true,"autoScaleFormula":"f"})").interval == "PT15M");
}

TEST_CASE("scale: the digest is over what is wanted, not over how to get there") {
  const std::string two = R"({"targetDedicatedNodes":2)";
  CHECK(Scale(two + "}").digest == Scale(two + R"(,"resizeTimeout":"PT1H"})").digest);
  CHECK(Scale(two + R"(,"resizeTimeout":"PT1H"})").resize_timeout == "PT1H");
  CHECK(Scale(two + "}").digest != Scale(two + R"(,"targetLowPriorityNodes":0})").digest);
  CHECK(Scale("{}").digest != Scale(R"({"enableAutoScale":false})").digest);
  CHECK(Scale(R"({"enableAutoScale":true,"autoScaleFormula":"a"})").digest !=
        Scale(R"({"enableAutoScale":true,"autoScaleFormula":"b"})").digest);
}

std::string Constant(std::string_view formula) {
  const auto targets = ConstantFormula(formula);
  if (!targets) return "not constant";
  const auto text = [](const std::optional<int>& target) {
    return target ? std::to_string(*target) : std::string("-");
  };
  return text(targets->dedicated) + " " + text(targets->low_priority);
}

TEST_CASE("formula: numbers assigned to targets are constant") {
  CHECK(Constant("$TargetDedicatedNodes = 5;") == "5 -");
  CHECK(Constant("$TargetDedicatedNodes=5;$TargetLowPriorityNodes=2") == "5 2");
  CHECK(Constant("// start\n$TargetDedicated = 2 * (3 + 4) / 2 - -1; // end") == "8 -");
  CHECK(Constant("$TargetLowPriority=1.9;") == "- 1");
  CHECK(Constant("$TargetDedicatedNodes=1-3;") == "0 -");
  CHECK(Constant("$TargetDedicatedNodes=1;$TargetDedicatedNodes=4;") == "4 -");
  CHECK(Constant("$TargetDedicatedNodes=1;$NodeDeallocationOption=taskcompletion;") == "1 -");
}

TEST_CASE("formula: the full name wins over its alias, whichever comes last") {
  CHECK(Constant("$TargetDedicatedNodes=1;$TargetDedicated=2;") == "1 -");
  CHECK(Constant("$TargetDedicated=2;$TargetDedicatedNodes=1;") == "1 -");
}

TEST_CASE("formula: anything else is not constant") {
  for (const char* formula :
       {"", ";", "// nothing", "$NodeDeallocationOption=requeue;", "$TargetDedicatedNodes=n;",
        "n=5;$TargetDedicatedNodes=5;", "$TargetDedicatedNodes=max(1,2);",
        "$TargetDedicatedNodes=$CurrentDedicatedNodes;", "$TargetDedicatedNodes=1",
        "$TargetDedicatedNodes==1;", "$TargetDedicatedNodes=1 2;", "$TargetDedicatedNodes=;",
        "$TargetDedicatedNodes=(1;", "$TargetDedicatedNodes=1/0;", "$TargetDedicatedNodes=0/0;",
        "$TargetDedicatedNodes=99999999999;", "$targetDedicatedNodes=1;", "stop();",
        "$TargetDedicatedNodes=1?2:3;"}) {
    CAPTURE(formula);
    const bool ends_open = std::string_view(formula) == "$TargetDedicatedNodes=1";
    CHECK(Constant(formula) == (ends_open ? "1 -" : "not constant"));
  }
  CHECK(Constant("$TargetDedicatedNodes=" + std::string(10'000, '(')) == "not constant");
  CHECK(Constant("$TargetDedicatedNodes=" + std::string(10'000, '-') + "1") == "not constant");
}

}  // namespace
}  // namespace reconciler::plan
