#include "tests/emulator/seed_file.h"

#include "tests/emulator/api_versions.h"
#include "tests/emulator/config_reader.h"
#include "tests/emulator/yaml_json.h"

namespace emulator {

namespace {

using ReadItem = std::function<void(const YAML::Node&, SeedItem&)>;

std::string PlaceOf(const YAML::Node& node, const std::string& file_name) {
  return fmt::format("{}:{}:{}", file_name, node.Mark().line + 1, node.Mark().column + 1);
}

ReadItem ItemReader(const std::string& file_name) {
  return [&file_name](const YAML::Node& node, SeedItem& item) {
    if (!node.IsMap()) throw Problem(node, "expected the body of a create");
    item = {PlaceOf(node, file_name), JsonOf(node)};
  };
}

Reader VersionReader(std::string& target) {
  return OneOf(target, {kApiVersions.begin(), kApiVersions.end()});
}

/// A job's tasks stand within it.
auto JobReader(const ReadItem& read_item) {
  return [read_item](const YAML::Node& node, SeedJob& job) {
    read_item(node, job.job);
    job.job.body.Remove("tasks");
    if (const YAML::Node tasks = node["tasks"]) List(job.tasks, read_item)(tasks);
  };
}

Readers AccountReaders(SeedAccount& account, const ReadItem& read_item) {
  return {{"pools", List(account.pools, read_item)},
          {"jobSchedules", List(account.schedules, read_item)},
          {"jobs", List(account.jobs, JobReader(read_item))}};
}

void ReadAccounts(const YAML::Node& node, Seed& seed, const ReadItem& read_item,
                  const std::string& file_name) {
  if (!node.IsMap()) throw Problem(node, "expected accounts by their names");
  for (const auto& entry : node) {
    SeedAccount account;
    account.name = entry.first.Scalar();
    account.place = PlaceOf(entry.first, file_name);
    ReadMap(entry.second, AccountReaders(account, read_item));
    seed.accounts.push_back(std::move(account));
  }
}

}  // namespace

std::variant<Seed, ConfigError> ReadSeed(const std::string& text, const std::string& file_name) {
  Seed seed;
  SeedAccount first;
  const ReadItem read_item = ItemReader(file_name);
  bool says_something = false;
  const auto problem = ReadDocument(text, file_name, [&](const YAML::Node& root) {
    says_something = !root.IsMap() || root.size() > 0;
    Readers readers = AccountReaders(first, read_item);
    readers["apiVersion"] = VersionReader(seed.api_version);
    readers["value"] = List(first.pools, read_item);
    readers["odata.metadata"] = [](const YAML::Node&) {};
    readers["odata.nextLink"] = [](const YAML::Node& node) {
      throw Problem(node, "this is the first page of a list; get the others and leave this out");
    };
    readers["accounts"] = [&](const YAML::Node& node) {
      ReadAccounts(node, seed, read_item, file_name);
    };
    ReadMap(root, readers);
  });
  if (problem) return *problem;
  if (!says_something) {
    return ConfigError{fmt::format(
        "{}:1:1: expected a state or a seed, found nothing; `pools: []` empties a service",
        file_name)};
  }
  first.place = file_name;
  seed.accounts.insert(seed.accounts.begin(), std::move(first));
  return seed;
}

}  // namespace emulator
