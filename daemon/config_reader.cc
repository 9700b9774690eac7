#include "daemon/config_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "daemon/auth_reader.h"
#include "daemon/endpoint.h"
#include "daemon/posix.h"
#include "reconciler/core/duration.h"
#include "reconciler/core/text.h"

namespace reconciler::daemon {
namespace {

/// The text of a member; nullptr if it is absent or no text.
const std::string* TextOf(const Value& parent, std::string_view name) {
  const Value* value = parent.Find(name);
  return value != nullptr && value->IsString() ? &value->AsString() : nullptr;
}

void ReadText(const Value& parent, std::string_view name, std::string& target) {
  if (const std::string* text = TextOf(parent, name); text != nullptr) target = *text;
}

void ReadSeconds(const Value& parent, std::string_view name, std::chrono::seconds& target) {
  if (const std::string* text = TextOf(parent, name); text != nullptr) {
    target = ParseShortDuration(*text).value_or(target);
  }
}

/// The texts of a list, with commas between.
std::string JoinTexts(const Value* list) {
  std::string joined;
  if (list == nullptr || !list->IsArray()) return joined;
  for (const Value& item : list->AsArray()) {
    if (!item.IsString()) continue;
    if (!joined.empty()) joined += ',';
    joined += item.AsString();
  }
  return joined;
}

class ConfigReader {
 public:
  ConfigReader(spec::ConfigDocument& document, const spec::Source& source,
               const std::string& folder, KeyReading keys, Config& config)
      : document_(document), source_(source), folder_(folder), keys_(keys), config_(config) {}

  void Read() {
    const Value& root = document_.value;
    ReadText(root, "owner", config_.owner);
    ReadSource(root.Find("source"));
    ReadText(root, "state", config_.state);
    config_.state = ResolvePath(folder_, config_.state);
    ReadSeconds(root, "interval", config_.interval);
    ReadStatus(root.Find("status"));
    if (const Value* http = root.Find("http"); http != nullptr) ReadHttp(*http);
    ReadSecrets(root);
    const Value* accounts = root.Find("accounts");
    if (accounts == nullptr || !accounts->IsArray()) return;
    for (std::size_t i = 0; i < accounts->AsArray().size(); ++i) {
      ReadAccount(accounts->AsArray()[i], fmt::format("accounts[{}]", i));
    }
  }

 private:
  /// Whether the schema has said something about this member already.
  bool IsReported(std::string_view path) const {
    return std::any_of(document_.findings.begin(), document_.findings.end(),
                       [&](const Finding& finding) { return finding.path == path; });
  }

  void Report(Finding::Level level, const std::string& path, std::string message) {
    if (IsReported(path)) return;
    Finding finding;
    finding.level = level;
    finding.position = document_.PositionOf(path);
    finding.path = path;
    finding.message = std::move(message);
    spec::QuoteLine(source_, finding);
    document_.findings.push_back(std::move(finding));
  }
  void ReportError(const std::string& path, std::string message) {
    Report(Finding::Level::kError, path, std::move(message));
  }

  void ReadSource(const Value* source) {
    if (source == nullptr) return;
    ReadText(*source, "id", config_.source_id);
    if (const std::string* path = TextOf(*source, "path"); path != nullptr) {
      config_.specs = ResolvePath(folder_, *path);
    }
  }

  void ReadStatus(const Value* status) {
    if (status == nullptr) return;
    if (const std::string* socket = TextOf(*status, "socket"); socket != nullptr) {
      config_.status_socket = ResolvePath(folder_, *socket);
    }
    ReadText(*status, "group", config_.status_group);
  }

  void ReadHttp(const Value& http) {
    if (const std::string* written = TextOf(http, "proxy"); written != nullptr) {
      auto proxy = ParseProxy(*written);
      if (!proxy) ReportError("http.proxy", "http.proxy " + proxy.error().message);
      if (proxy) config_.http.proxy = std::move(proxy).value();
    }
    config_.http.no_proxy = JoinTexts(http.Find("noProxy"));
    if (const std::string* file = TextOf(http, "caFile"); file != nullptr && !file->empty()) {
      config_.http.ca_file = ResolvePath(folder_, *file);
      const Status status = CheckCaFile(config_.http.ca_file);
      if (!status) ReportError("http.caFile", "http.caFile: " + status.error().message);
    }
    ReadSeconds(http, "connectTimeout", config_.http.connect_timeout);
    ReadSeconds(http, "timeout", config_.http.timeout);
    if (config_.http.connect_timeout > config_.http.timeout && !IsReported("http.timeout")) {
      ReportError("http.connectTimeout",
                  "http.connectTimeout is longer than http.timeout, which "
                  "it is a part of");
    }
  }

  /// nullopt: nothing usable is written; the schema has said so.
  std::optional<SecretLocation> ReadLocation(const Value* value) const {
    if (value == nullptr) return std::nullopt;
    const std::string* file = TextOf(*value, "file");
    const std::string* credential = TextOf(*value, "credential");
    if ((file == nullptr) == (credential == nullptr)) return std::nullopt;
    SecretLocation location;
    if (file != nullptr && !file->empty()) location.file = ResolvePath(folder_, *file);
    if (credential != nullptr) location.credential = *credential;
    if (location.file.empty() && location.credential.empty()) return std::nullopt;
    return location;
  }
  /// The member that names the secret: what a message about it points at.
  static std::string PathOf(const std::string& source, const SecretLocation& location) {
    return source + (location.credential.empty() ? ".file" : ".credential");
  }

  void ReadSecrets(const Value& root) {
    config_.secrets.digest_key = ReadLocation(root.Find("secretDigestKey"));
    if (config_.secrets.digest_key && keys_ == KeyReading::kRead) {
      // A key that cannot be read would stop every spec with a secret: better known at the start.
      if (const auto key = ReadSecret(*config_.secrets.digest_key); !key) {
        ReportError(PathOf("secretDigestKey", *config_.secrets.digest_key),
                    "secretDigestKey: " + key.error().message);
      }
    }
    const Value* secrets = root.Find("secrets");
    if (secrets == nullptr || !secrets->IsObject()) return;
    for (const Member& member : secrets->AsObject()) {
      // Whether it can be read is found out when a spec needs it.
      if (auto location = ReadLocation(&member.value)) {
        config_.secrets.secrets[member.name] = std::move(*location);
      }
    }
  }

  void ReadAccount(const Value& value, const std::string& path) {
    if (!value.IsObject()) return;
    AccountSettings settings;
    cycle::AccountConfig& account = settings.account;
    ReadText(value, "name", account.name);
    account.identity = {config_.owner, config_.source_id};
    account.interval = config_.interval;
    ReadText(value, "batchApiVersion", account.api_version);
    account.mode = value.StringOr("mode") == "observe" ? Mode::kObserve : Mode::kManage;
    if (const Value* nodes = value.Find("maxNodes"); nodes != nullptr && nodes->IsInt()) {
      account.nodes_max = nodes->AsInt();
    }
    account.requests_in_flight =
        static_cast<int>(std::clamp<std::int64_t>(value.IntOr("requestsInFlight", 8), 1, 64));
    CheckName(account.name, path + ".name");
    ReadEndpoint(value, path + ".endpoint", settings);
    ReadAuthOf(value, path + ".auth", settings);
    config_.accounts.push_back(std::move(settings));
  }

  /// The schema compares names exactly; two that differ in case would be one account.
  void CheckName(const std::string& name, const std::string& path) {
    if (name.empty()) return;
    const auto [first, fresh] = names_.emplace(FoldCase(name), std::pair(name, path));
    if (fresh || first->second.first == name) return;
    ReportError(path,
                fmt::format("account '{}' differs from '{}' in line {} in case only", name,
                            first->second.first, document_.PositionOf(first->second.second).line));
  }

  void ReadEndpoint(const Value& value, const std::string& path, AccountSettings& settings) {
    const std::string* written = TextOf(value, "endpoint");
    if (written == nullptr) return;
    settings.endpoint_text = *written;
    auto endpoint = ParseEndpoint(*written, value.BoolOr("allowCustomEndpoint", false));
    if (!endpoint) return ReportError(path, "endpoint " + endpoint.error().message);
    settings.account.endpoint = std::move(endpoint).value();
    CheckEndpoint(path, settings);
  }

  void CheckEndpoint(const std::string& path, const AccountSettings& settings) {
    const std::string name_path = path.substr(0, path.rfind('.')) + ".name";
    const Endpoint& endpoint = settings.account.endpoint;
    const int line = document_.PositionOf(path).line;
    const auto [first, fresh] =
        addresses_.emplace(fmt::format("{}:{}", endpoint.host, endpoint.port), line);
    if (!fresh) {
      ReportError(path, fmt::format("endpoint '{}' is that of the account in line {} already, two "
                                    "accounts never share one",
                                    settings.endpoint_text, first->second));
    }
    const std::string_view label = SplitText(endpoint.host, '.').front();
    if (settings.account.name.empty() || IsReported(name_path)) return;
    if (IsBatchDomain(endpoint.host) && !EqualFolded(label, settings.account.name)) {
      Report(Finding::Level::kWarning, path,
             fmt::format("endpoint '{}' is that of account '{}', this one is named '{}'",
                         settings.endpoint_text, label, settings.account.name));
    }
  }

  void ReadAuthOf(const Value& value, const std::string& path, AccountSettings& settings) {
    const Value* auth = value.Find("auth");
    if (auth == nullptr || !auth->IsObject()) return;
    AuthContext context;
    context.account = settings.account.name;
    context.endpoint = settings.account.endpoint;
    context.read_secrets = keys_ == KeyReading::kRead;
    context.locate = [this](const Value* source) { return ReadLocation(source); };
    context.report = [this](const std::string& at, std::string message) {
      ReportError(at, std::move(message));
    };
    settings.auth = ReadAuth(*auth, path, context);
  }

  spec::ConfigDocument& document_;
  const spec::Source& source_;
  const std::string& folder_;
  const KeyReading keys_;
  Config& config_;
  std::map<std::string, std::pair<std::string, std::string>> names_;  // folded -> name, path
  std::map<std::string, int> addresses_;                              // host:port -> line
};

}  // namespace

void ReadConfigTree(spec::ConfigDocument& document, const spec::Source& source,
                    const std::string& folder, KeyReading keys, Config& config) {
  // A document of another kind has one finding, which says so.
  if (document.value.StringOr("kind", "Config") != "Config") return;
  if (document.value.IsObject()) ConfigReader(document, source, folder, keys, config).Read();
}

}  // namespace reconciler::daemon
