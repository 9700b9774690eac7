#include "tests/emulator/config_account.h"

#include <algorithm>
#include <regex>

#include "tests/emulator/time_text.h"

namespace emulator {

namespace {

/// A name alone, or a mapping.
void ReadApplication(const YAML::Node& node, ApplicationConfig& application) {
  if (node.IsScalar()) {
    application.id = node.Scalar();
    return;
  }
  ReadMap(node, {{"id", Text(application.id)},
                 {"displayName", Text(application.display_name)},
                 {"versions", Texts(application.versions)},
                 {"defaultVersion", Text(application.default_version)}});
  if (application.id.empty()) throw Problem(node, "an application needs an id");
}

Reader ModesReader(AuthenticationModes& modes) {
  return [&modes](const YAML::Node& node) {
    std::vector<std::string> names;
    Texts(names)(node);
    modes = {false, false};
    for (const std::string& name : names) {
      if (name == "SharedKey") {
        modes.shared_key = true;
      } else if (name == "AAD") {
        modes.entra = true;
      } else if (name != "TaskAuthenticationToken") {
        throw Problem(node, fmt::format("expected SharedKey, AAD or TaskAuthenticationToken, found "
                                        "'{}'",
                                        name));
      }
    }
  };
}

/// A date, or days from the start.
Reader EndOfLifeReader(std::string& target) {
  return [&target](const YAML::Node& node) {
    static const std::regex kDays(R"(\+[0-9]{1,4}d)");
    const std::string text = node.IsScalar() ? node.Scalar() : std::string{};
    if (!std::regex_match(text, kDays) && !ParseTime(text + "T00:00:00Z")) {
      throw Unexpected(node, "a date such as 2027-01-31, or +60d");
    }
    target = text;
  };
}

Reader KeysReader(std::vector<std::string>& keys) {
  return [&keys](const YAML::Node& node) {
    if (!node.IsSequence()) throw Problem(node, "expected a list of keys in base64");
    keys.clear();
    for (const auto& entry : node) {
      const std::string key = entry.IsScalar() ? entry.Scalar() : std::string{};
      if (const auto problem = KeyProblem(key)) throw Problem(entry, *problem);
      keys.push_back(key);
    }
  };
}

void ReadName(const YAML::Node& node, std::string& name) {
  Text(name)(node);
  if (const auto problem = AccountNameProblem(name)) throw Problem(node, *problem);
}

void ReadImage(const YAML::Node& node, ImageConfig& image) {
  ReadMap(node, {{"publisher", Text(image.publisher)},
                 {"offer", Text(image.offer)},
                 {"sku", Text(image.sku)},
                 {"nodeAgent", Text(image.node_agent)},
                 {"verified", Flag(image.verified)},
                 {"capabilities", Texts(image.capabilities)},
                 {"endOfLife", EndOfLifeReader(image.end_of_life)},
                 {"listed", Flag(image.listed)}});
  if (image.publisher.empty() || image.offer.empty() || image.sku.empty() ||
      image.node_agent.empty()) {
    throw Problem(node, "an image needs publisher, offer, sku and nodeAgent");
  }
}

/// A number by each name.
Reader Counts(std::map<std::string, std::int64_t>& target) {
  return [&target](const YAML::Node& node) {
    if (!node.IsMap()) throw Unexpected(node, "a mapping");
    target.clear();
    for (const auto& entry : node) Amount(target[entry.first.Scalar()])(entry.second);
  };
}

void ReadAccount(const YAML::Node& node, AccountConfig& account) {
  std::vector<ApplicationConfig> applications;
  ReadMap(node, {{"name", [&](const YAML::Node& name) { ReadName(name, account.name); }},
                 {"keys", KeysReader(account.keys)},
                 {"allowedAuthenticationModes", ModesReader(account.modes)},
                 {"poolQuota", Amount(account.pool_quota)},
                 {"dedicatedCoreQuota", Amount(account.dedicated_core_quota)},
                 {"dedicatedCoreQuotaPerVMFamily", Counts(account.family_core_quotas)},
                 {"spotCoreQuota", Amount(account.spot_core_quota)},
                 {"activeJobQuota", Amount(account.active_job_quota)},
                 {"applications", List(applications, ReadApplication)},
                 {"images", ImagesReader(account.images)},
                 {"serviceImages", Flag(account.service_images)}});
  if (node["applications"]) account.applications = applications;
  if (account.keys.empty() && account.modes.shared_key) {
    throw Problem(node["keys"], "expected a key: allowedAuthenticationModes has SharedKey");
  }
}

}  // namespace

std::optional<std::string> AccountNameProblem(std::string_view name) {
  const bool formed = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
  if (formed && name.size() >= 3 && name.size() <= 24) return std::nullopt;
  return fmt::format(
      "expected the name of an account, 3 to 24 lower-case letters and digits, "
      "found '{}'",
      name);
}

std::optional<std::string> KeyProblem(std::string_view key) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  constexpr const char* kExpected = "expected a key in base64";
  const std::size_t digits = key.find_last_not_of('=') + 1;
  const std::size_t odd = key.substr(0, digits).find_first_not_of(kDigits);
  if (key.empty()) return fmt::format("{}, found nothing", kExpected);
  if (odd != std::string_view::npos) {
    return fmt::format("{}, found '{}' as its character {}", kExpected, key[odd], odd + 1);
  }
  if (key.size() % 4 != 0) {
    return fmt::format("{}, whose length is a multiple of 4, found {} characters", kExpected,
                       key.size());
  }
  if (key.size() - digits > 2)
    return fmt::format("{}, found {} '='", kExpected, key.size() - digits);
  return std::nullopt;
}

Reader ImagesReader(std::vector<ImageConfig>& images) { return List(images, ReadImage); }

Reader AccountsReader(std::vector<AccountConfig>& accounts) {
  return [&accounts](const YAML::Node& node) {
    List(accounts, ReadAccount)(node);
    for (std::size_t i = 0; i < accounts.size(); ++i) {
      for (std::size_t earlier = 0; earlier < i; ++earlier) {
        if (accounts[i].name != accounts[earlier].name) continue;
        throw Problem(node[i], fmt::format("a second account '{}', the first is at {}:{}; an "
                                           "account without a name is '{}'",
                                           accounts[i].name, node[earlier].Mark().line + 1,
                                           node[earlier].Mark().column + 1, kWellKnownAccount));
      }
    }
  };
}

}  // namespace emulator
