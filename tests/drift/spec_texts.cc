#include "tests/drift/spec_texts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <map>
#include <vector>

#include "reconciler/core/duration.h"

namespace drift {

using reconciler::Compare;
using reconciler::PropertyNode;
using reconciler::SeededRandom;
using reconciler::Value;

namespace {

constexpr std::string_view kSubscription =
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/";

std::string Word(SeededRandom& random) {
  constexpr std::string_view kWords[] = {"a", "render", "Team-1", "x_y", "data.v2", "Z"};
  return std::string(OneOf(random, kWords)) + std::to_string(random.Below(100));
}

std::string Prose(SeededRandom& random) {
  constexpr std::string_view kTexts[] = {"plain",
                                         "two words",
                                         " blanks around ",
                                         "quotes \" ' `",
                                         "a: b # c",
                                         "- no list",
                                         "null",
                                         "0123",
                                         "true",
                                         "\xC3\xBC\xE2\x82\xAC\xF0\x9F\x90\xA7",
                                         "%41 & <x>",
                                         "{not: a map}",
                                         "line\nand line",
                                         "tab\there",
                                         "back\\slash",
                                         ""};
  return std::string(OneOf(random, kTexts));
}

std::string Url(SeededRandom& random) {
  constexpr std::string_view kQueries[] = {"", "?sv=2024&sig=abc%3D", "?a=1"};
  return "https://store.blob.core.windows.net/" + Word(random) +
         std::string(OneOf(random, kQueries));
}

std::string ArmId(SeededRandom& random, std::string_view kind) {
  return fmt::format("{}{}/{}", kSubscription, kind, Word(random));
}

/// Members whose texts have a form of their own, by the end of their path.
using Maker = std::string (*)(SeededRandom&);
const std::map<std::string, Maker, std::less<>>& Makers() {
  static const std::map<std::string, Maker, std::less<>> makers = {
      {"subnetId",
       [](SeededRandom& r) { return ArmId(r, "Microsoft.Network/virtualNetworks/net/subnets"); }},
      {"ipAddressIds[]",
       [](SeededRandom& r) { return ArmId(r, "Microsoft.Network/publicIPAddresses"); }},
      {"identityReference.resourceId",
       [](SeededRandom& r) {
         return ArmId(r, "Microsoft.ManagedIdentity/userAssignedIdentities");
       }},
      {"applicationId",
       [](SeededRandom& r) { return ArmId(r, "Microsoft.Batch/batchAccounts/demo/applications"); }},
      {"serviceArtifactReference.id",
       [](SeededRandom& r) {
         return ArmId(r, "Microsoft.Compute/galleries/g/serviceArtifacts/s/vmArtifactsProfiles");
       }},
      {"virtualMachineImageId",
       [](SeededRandom& r) { return ArmId(r, "Microsoft.Compute/galleries/g/images"); }},
      {"azureFileUrl",
       [](SeededRandom& r) { return "https://store.file.core.windows.net/" + Word(r); }},
      {"accountName", [](SeededRandom& r) { return "store" + std::to_string(r.Below(100)); }},
      {"commandLine", [](SeededRandom& r) { return "run " + Prose(r); }},
      {"fileMode", [](SeededRandom& r) { return fmt::format("0{:03o}", r.Below(512)); }},
      {"filePath", [](SeededRandom& r) { return "files/" + Word(r); }},
      {"relativeMountPath", [](SeededRandom& r) { return "mnt/" + Word(r); }},
      {"containerImageNames[]", [](SeededRandom& r) { return Word(r) + ":latest"; }},
      {"registryServer", [](SeededRandom& r) { return Word(r) + ".azurecr.io"; }},
      {"thumbprint", [](SeededRandom& r) { return fmt::format("{:040X}", r.Next()); }},
      {"licenseType", [](SeededRandom&) { return std::string("Windows_Server"); }},
      {"displayName", Prose},
      {"metadata[].value", Prose},
      {"environmentSettings[].value", Prose},
      {"mountOptions", Prose},
      {"blobfuseOptions", Prose},
      {"blobPrefix", Prose},
      {"containerRunOptions", Prose}};
  return makers;
}

std::string Cut(std::string text, const PropertyNode& row) {
  if (row.length_max && text.size() > *row.length_max) text.resize(*row.length_max);
  if (row.length_min && text.size() < *row.length_min) text += "x";
  return text;
}

}  // namespace

bool Chance(SeededRandom& random, unsigned percent) { return random.Below(100) < percent; }

std::string AnyCase(SeededRandom& random, std::string text) {
  const std::uint64_t way = random.Below(4);
  for (char& c : text) {
    const auto letter = static_cast<unsigned char>(c);
    const bool upper = way == 1 || (way == 2 && Chance(random, 50));
    if (way != 0) c = static_cast<char>(upper ? std::toupper(letter) : std::tolower(letter));
  }
  return text;
}

std::string SpellDuration(SeededRandom& random, std::int64_t seconds) {
  const std::int64_t minutes = seconds / 60, hours = seconds / 3600, days = seconds / 86400;
  switch (random.Below(4)) {
    case 0:
      return fmt::format("PT{}S", seconds);
    case 1:
      return seconds % 60 == 0 ? fmt::format("PT{}M", minutes)
                               : fmt::format("PT{}M{}S", minutes, seconds % 60);
    case 2:
      return fmt::format("PT{}H{}M{}S", hours, minutes % 60, seconds % 60);
    default:
      return fmt::format("P{}DT{}H{}M{}S", days, hours % 24, minutes % 60, seconds % 60);
  }
}

std::string DrawText(SeededRandom& random, const PropertyNode& row) {
  if (row.compare == Compare::kUrl) return Url(random);
  for (const auto& [end, make] : Makers()) {
    if (row.path.ends_with(end)) return Cut(make(random), row);
  }
  return Cut(Word(random), row);
}

Value DrawAllowed(SeededRandom& random, const PropertyNode& row, std::string_view api_version) {
  std::vector<Value> there;
  for (const Value& value : row.allowed) {
    if (!value.IsString() || row.ValueExistsIn(value.AsString(), api_version)) {
      there.push_back(value);
    }
  }
  const Value& chosen = OneOf(random, there);
  if (row.compare != Compare::kCaseFold || !chosen.IsString()) return chosen;
  return AnyCase(random, chosen.AsString());
}

std::int64_t DrawInteger(SeededRandom& random, const PropertyNode& row) {
  const std::int64_t least = row.minimum.value_or(0);
  const std::int64_t most = std::min<std::int64_t>(row.maximum.value_or(1'000), 100'000);
  if (Chance(random, 10)) return least;
  if (Chance(random, 10)) return most;
  const std::int64_t span = std::min<std::int64_t>(most - least + 1, 200);
  return least + static_cast<std::int64_t>(random.Below(static_cast<std::uint64_t>(span)));
}

std::string DrawDuration(SeededRandom& random, const PropertyNode& row) {
  const auto bound = [](const std::string& text, std::int64_t fallback) {
    const auto ticks = reconciler::ParseIsoDuration(text);
    return ticks ? ticks->count() / reconciler::Ticks::period::den : fallback;
  };
  const std::int64_t least = bound(row.range_min, 0);
  const std::int64_t most = bound(row.range_max, 10'000);
  if (Chance(random, 10)) return SpellDuration(random, least);
  if (Chance(random, 10)) return SpellDuration(random, most);
  const auto span = static_cast<std::uint64_t>(most - least + 1);
  return SpellDuration(random, least + static_cast<std::int64_t>(random.Below(span)));
}

}  // namespace drift
