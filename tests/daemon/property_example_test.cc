// Examples are made from the table, and are legal.
#include "daemon/property_example.h"

#include <doctest/doctest.h>

#include <vector>

#include "reconciler/spec/assemble.h"
#include "reconciler/spec/yaml_text.h"
#include "reconciler/spec/yaml_tree.h"

namespace reconciler::daemon {
namespace {

void AddIfAbsent(Object& members, const std::string& name, Value value) {
  const Value* found = Value(members).Find(name);
  if (found == nullptr) members.push_back({name, std::move(value)});
}

Value ReadBack(const std::string& yaml) {
  const spec::Source source = spec::MakeSource("example.yaml", yaml);
  spec::FindingSink sink;
  const std::vector<spec::Document> documents = spec::ReadYaml(source, sink);
  REQUIRE(documents.size() == 1);
  return spec::ToValue(documents.front().root);
}

/// The example as it is printed, and of what every pool needs only that which it lacks.
std::string Completed(const std::string& printed) {
  Object document{{"apiVersion", "poolkeeper/v1"}, {"kind", "Pool"}};
  const Value example = ReadBack(printed);
  for (const Member& member : example.AsObject()) {
    if (member.name != "apiVersion" && member.name != "kind") document.push_back(member);
  }
  AddIfAbsent(document, "metadata", Object{{"name", "p"}});
  AddIfAbsent(document, "spec", Object{});
  for (Member& member : document) {
    if (member.name != "spec") continue;
    Object& spec = member.value.AsObject();
    AddIfAbsent(spec, "vmSize", "standard_d8s_v3");
    AddIfAbsent(spec, "virtualMachineConfiguration", Object{});
    AddIfAbsent(member.value.Find("virtualMachineConfiguration")->AsObject(), "imageReference",
                ExampleOf(*PoolPropertyTable().Find("virtualMachineConfiguration.imageReference")));
  }
  return spec::WriteYaml(document, PoolPropertyTable().Root());
}

TEST_CASE("example: that of each member, as printed, lacks only what every pool needs") {
  for (const PropertyPlace& place : AllBelow(DocumentPlace("Pool"))) {
    if (place.path.empty() || place.path == "spec") continue;
    spec::LoadOptions options{{"contoso"}};
    options.api_version_of = [&place](std::string_view) {
      return place.until.empty() ? std::string("2025-06-01") : place.until;
    };
    options.uses_shared_key = [](std::string_view) { return false; };
    const std::string text = Completed(ExampleYaml("Pool", place));
    for (const Finding& finding : spec::ValidateFiles({{"a.yaml", text}}, options)) {
      CHECK_MESSAGE(false, place.path, "\n", FormatFinding(finding));
    }
  }
}

TEST_CASE("example: no text of a spec is without one of its own") {
  for (const PropertyPlace& place : AllBelow(DocumentPlace("Pool"))) {
    if (!place.in_spec || place.row->type != ValueType::kString) continue;
    if (place.row->secret == SecretUse::kAlways || place.row->name == "*") continue;
    CHECK_MESSAGE(ExampleOf(*place.row) != Value("text"), place.path);
  }
}

TEST_CASE("example: what a member needs stands beside it") {
  const PropertyPlace place = FindProperty("Pool", "startTask.resourceFiles.httpUrl").found.front();
  CHECK(ExampleYaml("Pool", place) ==
        "spec:\n"
        "  startTask:\n"
        "    commandLine: /bin/bash -c 'apt-get update'\n"
        "    resourceFiles:\n"
        "      - filePath: setup.sh\n"
        "        httpUrl: https://contoso.blob.core.windows.net/tools/setup.sh\n");
}

}  // namespace
}  // namespace reconciler::daemon
