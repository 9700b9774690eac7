#include "daemon/config.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/daemon/temp_folder.h"

namespace reconciler::daemon {
namespace {

namespace fs = std::filesystem;

const std::string kFolder = POOLKEEPER_SOURCE_DIR "/tests/daemon/bad_config";
constexpr std::string_view kKey = "AAECAwQFBgcICQoLDA0ODw==\n";

constexpr std::string_view kGood = R"(apiVersion: poolkeeper/v1
kind: Config
owner: contoso-batch
source: {path: specs, id: pools-main}
state: state
interval: 5m
secretDigestKey: {file: digest.key}
secrets:
  registry: {file: none.key}
  token: {credential: token}
accounts:
  - name: contoso
    endpoint: https://contoso.westeurope.batch.azure.com
    batchApiVersion: 2024-07-01.20.0
    mode: observe
    maxNodes: 2000
    requestsInFlight: 4
    auth: {sharedKey: {file: good.key}}
  - name: demo
    endpoint: http://127.0.0.1:9400/
    allowCustomEndpoint: true
    mode: manage
    auth: {sharedKey: {file: ./good.key}}
)";

/// Key files in every state of repair.
void WriteKeys(const TempFolder& folder) {
  folder.Write("good.key", kKey);
  folder.Write("digest.key", "0123456789abcdef\n");
  folder.Write("open.key", kKey, 0644);
  folder.Write("group.key", kKey, 0640);
  folder.Write("empty.key", "");
  folder.Write("text.key", "this is no key!\n");
  folder.Write("large.key", std::string(70'000, 'A'));
  fs::create_directory(folder / "folder.key");
  REQUIRE(::mkfifo((folder / "fifo.key").c_str(), 0600) == 0);
}

std::string Without(std::string text, const std::string& part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part)) {
    text.erase(at, part.size());
  }
  return text;
}

std::string FindingsOf(const TempFolder& folder, std::string_view yaml) {
  const LoadedConfig loaded = LoadConfig(folder.Write("poolkeeper.yaml", yaml));
  CHECK(loaded.config.has_value() == loaded.findings.empty());
  std::string text;
  for (const Finding& finding : loaded.findings) text += FormatFinding(finding) + "\n";
  return Without(text, folder.path() + "/");
}

std::string ReadText(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

TEST_CASE("config: each broken file gives exactly the messages that are pinned beside it") {
  ::unsetenv("CREDENTIALS_DIRECTORY");
  const TempFolder folder;
  WriteKeys(folder);
  const bool update = std::getenv("POOLKEEPER_UPDATE_EXPECTED") != nullptr;
  std::size_t cases = 0;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() != ".yaml") continue;
    CAPTURE(entry.path().filename().string());
    const std::string findings = FindingsOf(folder, ReadText(entry.path()));
    const fs::path expected = fs::path(entry.path()).replace_extension(".expected");
    if (update) std::ofstream(expected, std::ios::binary) << findings;
    CHECK_FALSE(findings.empty());
    CHECK(findings == ReadText(expected));
    CHECK(findings.find("p4ssw0rd") == std::string::npos);
    CHECK(findings.find("AAECAwQF") == std::string::npos);
    // What is wrong with a file is wrong somewhere in it.
    CHECK(findings.rfind("poolkeeper.yaml:", 0) == 0);
    ++cases;
  }
  CHECK(cases >= 70);
}

TEST_CASE("config: a good file is read whole, paths are relative to it") {
  const TempFolder folder;
  WriteKeys(folder);
  LoadedConfig loaded = LoadConfig(folder.Write("etc/../poolkeeper.yaml", kGood));
  REQUIRE(loaded.config);
  CHECK(loaded.findings.empty());
  const Config& config = *loaded.config;
  CHECK(config.owner == "contoso-batch");
  CHECK(config.source_id == "pools-main");
  CHECK(config.specs == folder / "specs");
  CHECK(config.state == folder / "state");
  CHECK(config.interval == std::chrono::minutes(5));
  CHECK(config.secrets.secrets.at("registry").file == folder / "none.key");
  CHECK(config.secrets.secrets.at("token").credential == "token");
  REQUIRE(config.accounts.size() == 2);
  const cycle::AccountConfig& contoso = config.accounts[0].account;
  CHECK(contoso.name == "contoso");
  CHECK(contoso.endpoint.host == "contoso.westeurope.batch.azure.com");
  CHECK(contoso.endpoint.port == 443);
  CHECK(contoso.api_version == "2024-07-01.20.0");
  CHECK(contoso.mode == Mode::kObserve);
  CHECK(contoso.nodes_max == 2000);
  CHECK(contoso.requests_in_flight == 4);
  CHECK(contoso.interval == std::chrono::minutes(5));
  CHECK(contoso.identity.owner == "contoso-batch");
  CHECK(contoso.identity.source == "pools-main");
  CHECK(config.accounts[0].auth.key.size() == 16);
  const cycle::AccountConfig& demo = config.accounts[1].account;
  CHECK(demo.endpoint.scheme == "http");
  CHECK(demo.endpoint.port == 9400);
  CHECK(demo.api_version == "2025-06-01");
  CHECK(demo.mode == Mode::kManage);
  CHECK_FALSE(demo.nodes_max.has_value());
  CHECK(demo.requests_in_flight == 8);
}

TEST_CASE("config: http is read, and what it does not say has its default") {
  const TempFolder folder;
  WriteKeys(folder);
  const auto read = [&](const std::string& http) {
    const LoadedConfig loaded =
        LoadConfig(folder.Write("poolkeeper.yaml", std::string(kGood) + http));
    REQUIRE(loaded.config);
    return loaded.config->http;
  };
  const HttpSettings absent = read("");
  CHECK(absent.proxy.empty());
  CHECK(absent.ca_file.empty());
  CHECK(absent.connect_timeout == std::chrono::seconds(5));
  CHECK(absent.timeout == std::chrono::seconds(40));

  fs::copy_file(POOLKEEPER_SOURCE_DIR "/tests/daemon/corp-root.pem", folder / "corp-root.pem");
  const HttpSettings whole = read(
      "http:\n"
      "  proxy: HTTP://Proxy.Corp.example:3128/\n"
      "  noProxy: [intern.corp.example, 10.0.0.0/8]\n"
      "  caFile: corp-root.pem\n"
      "  connectTimeout: 10s\n"
      "  timeout: 1m\n");
  CHECK(whole.proxy == "http://proxy.corp.example:3128");
  CHECK(whole.no_proxy == "intern.corp.example,10.0.0.0/8");
  CHECK(whole.ca_file == folder / "corp-root.pem");
  CHECK(whole.connect_timeout == std::chrono::seconds(10));
  CHECK(whole.timeout == std::chrono::minutes(1));
}

TEST_CASE("config: a file that cannot be read says why, and never hangs") {
  const TempFolder folder;
  const auto why = [&](const std::string& name) {
    const LoadedConfig loaded = LoadConfig(folder / name);
    CHECK_FALSE(loaded.config);
    REQUIRE(loaded.findings.size() == 1);
    return Without(FormatFinding(loaded.findings[0]), folder.path() + "/");
  };
  CHECK(why("none.yaml") == "cannot open none.yaml: no such file or directory");
  REQUIRE(::mkfifo((folder / "fifo.yaml").c_str(), 0600) == 0);
  CHECK(why("fifo.yaml") == "fifo.yaml is a FIFO, expected a regular file");
  fs::create_directory(folder / "folder.yaml");
  CHECK(why("folder.yaml") == "folder.yaml is a folder, expected a regular file");
  folder.Write("large.yaml", std::string((1 << 20) + 1, '#'));
  CHECK(why("large.yaml") == "large.yaml has more than the limit of 1048576 bytes");
}

TEST_CASE("config: the ways of Entra ID, each with its server and what it is for") {
  const TempFolder folder;
  WriteKeys(folder);
  const auto identity = [&](const std::string& auth, const std::string& host) {
    folder.Write("poolkeeper.yaml",
                 "apiVersion: poolkeeper/v1\nkind: Config\nowner: o\nsource: {path: ., id: s}\n"
                 "state: state\naccounts:\n  - {name: contoso, endpoint: 'https://contoso." +
                     host + "', mode: manage, auth: {" + auth + "}}\n");
    const LoadedConfig loaded = LoadConfig(folder / "poolkeeper.yaml", KeyReading::kSkip);
    REQUIRE(loaded.config);
    REQUIRE(loaded.config->accounts[0].auth.identity);
    return *loaded.config->accounts[0].auth.identity;
  };
  const entra::Identity secret =
      identity("clientSecret: {tenant: t, clientId: c, secret: {file: good.key}}",
               "westeurope.batch.azure.com");
  CHECK(secret.flow == entra::Flow::kClientSecret);
  CHECK(secret.server.host == "login.microsoftonline.com");
  CHECK(secret.resource == "https://batch.core.windows.net/");
  CHECK(secret.tenant == "t");
  CHECK(secret.client_id == "c");
  const entra::Identity certificate = identity(
      "clientCertificate: {tenant: t, clientId: c, certificate: {file: a.pem}, algorithm: RS256, "
      "authority: 'https://login.example.org:444'}",
      "usgovvirginia.batch.usgovcloudapi.net");
  CHECK(certificate.flow == entra::Flow::kClientCertificate);
  CHECK(certificate.algorithm == entra::AssertionAlgorithm::kRs256);
  CHECK(certificate.server.host == "login.example.org");
  CHECK(certificate.server.port == 444);
  CHECK(certificate.resource == "https://batch.core.usgovcloudapi.net/");
  const entra::Identity workload =
      identity("workloadIdentity: {tenant: t, clientId: c, token: {file: later.jwt}}",
               "chinaeast.batch.chinacloudapi.cn");
  CHECK(workload.server.host == "login.chinacloudapi.cn");
  const entra::Identity machine =
      identity("managedIdentity: {objectId: o}", "westeurope.batch.azure.com");
  CHECK(machine.server.host == "169.254.169.254");
  CHECK(machine.server.scheme == "http");
  CHECK(machine.object_id == "o");
}

TEST_CASE("config: an endpoint of another account is a warning, not an error") {
  const TempFolder folder;
  WriteKeys(folder);
  std::string yaml(kGood);
  yaml.replace(yaml.find("https://contoso."), 16, "https://fabrikam.");
  const LoadedConfig loaded = LoadConfig(folder.Write("poolkeeper.yaml", yaml));
  REQUIRE(loaded.config);
  REQUIRE(loaded.findings.size() == 1);
  CHECK(loaded.findings[0].message ==
        "endpoint 'https://fabrikam.westeurope.batch.azure.com' is that of account 'fabrikam', "
        "this one is named 'contoso'");
}

TEST_CASE("config: a key of somebody else is refused") {
  if (::geteuid() != 0) return;  // only root can give a file away
  const TempFolder folder;
  WriteKeys(folder);
  REQUIRE(::chown((folder / "good.key").c_str(), 65534, 65534) == 0);
  std::string yaml(kGood);
  const LoadedConfig loaded = LoadConfig(folder.Write("poolkeeper.yaml", yaml));
  CHECK_FALSE(loaded.config);
  REQUIRE(loaded.findings.size() == 2);
  CHECK(Without(loaded.findings[0].message, folder.path() + "/") ==
        "key of account 'contoso': good.key belongs to user 65534, expected root or user 0: chown "
        "it to the user of the service");
}

}  // namespace
}  // namespace reconciler::daemon
